"""What a draft makes stale in post: episodes at work whose scenes changed, came, went or moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from postproduction.models import EpisodePost
from scripts_app.matching import UNCHANGED
from scripts_app.queries.comparing import SceneChange
from scripts_app.staleness import DraftChange, Stale, finder, numbers
from studio.notices import sentence

sentence(
    "postproduction.stale_episode",
    _("Episode %(number)s is in post, and the draft changed its scenes: %(scenes)s. Look which steps are to be done again."),
)  # fmt: skip


@finder("postproduction")
def find(change: DraftChange) -> Iterator[Stale]:
    touched: dict[int, list[SceneChange]] = defaultdict(list)
    for each in change.scenes:
        if each.kind != UNCHANGED:
            for episode in each.episodes:
                touched[episode].append(each)
    for number in (
        EpisodePost.objects.filter(episode__production=change.production, episode__number__in=touched)
        .order_by("episode__number")
        .values_list("episode__number", flat=True)
    ):
        yield Stale(
            "postproduction.stale_episode", f"episode:{number}", "post.manage",
            reverse("post_episode", args=[change.production.pk, number]),
            {"number": number, "scenes": numbers(touched[number])},
        )  # fmt: skip
