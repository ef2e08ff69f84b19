"""What a draft makes stale with the authorities: a planning filing states title, outline and number of episodes."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from compliance.choices import FilingKind, FilingState
from compliance.models import Filing
from scripts_app.staleness import DraftChange, Stale, finder
from studio.notices import sentence

sentence(
    "compliance.stale_outline",
    _("The planning filing was made on another title or outline. Ask whether it has to be changed."),
)
sentence(
    "compliance.stale_episodes",
    _("The planning filing was made for %(before)s episodes; the draft has %(after)s. Ask whether it has to be changed."),
)  # fmt: skip


@finder("compliance")
def find(change: DraftChange) -> Iterator[Stale]:
    filing = (
        Filing.objects.filter(production=change.production, kind=FilingKind.PLANNING)
        .exclude(state=FilingState.RETURNED)
        .first()
    )
    if filing is None:
        return
    url = reverse("filing", args=[change.production.pk])
    if {"title", "outline"} & set(change.front):
        yield Stale("compliance.stale_outline", f"filing:{filing.pk}:outline", "compliance.edit", url)
    before, after = change.episode_counts
    if before != after:
        yield Stale(
            "compliance.stale_episodes", f"filing:{filing.pk}:episodes", "compliance.edit", url,
            {"before": before, "after": after},
        )  # fmt: skip
