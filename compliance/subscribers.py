"""What this room does when it hears a fact: tell those who wait for an authority's answer."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from compliance import jobs as jobs  # registers the kinds in every process
from compliance import staleness  # noqa: F401 - registers what a draft makes stale
from compliance.events import FilingGranted, FilingReturned
from scripts_app.events import BreakdownApproved, ScriptImported
from studio.access import users_with
from studio.actions import tell
from studio.facts import subscriber
from studio.job_names import name_job
from studio.models import Event, Production
from studio.notices import sentence

name_job("compliance.flags_of_draft", _("Look for words of concern in a draft"))
name_job("compliance.flags_of_breakdown", _("Look for words of concern in a breakdown"))
name_job("compliance.tell_of_grant", _("Tell of a granted filing"))
name_job("compliance.tell_of_return", _("Tell of a returned filing"))
sentence("compliance.granted", _("A filing of “%(title)s” is granted: %(number)s."))
sentence("compliance.returned", _("A filing of “%(title)s” was returned: %(note)s"))


def _tell(run: Any, fact: FilingGranted | FilingReturned, kind: str, **params: str) -> None:
    production = Production.objects.get(pk=fact.production_id)
    actor = Event.objects.filter(pk=run.job.event_id).values_list("actor_id", flat=True).first()
    tell(
        users=users_with("compliance.view", production).exclude(pk=actor), studio_id=fact.studio_id,
        production_id=production.pk, kind=kind, dedupe=f"{kind}:{fact.filing_id}",
        url=reverse("filing", args=[production.pk]), params={"title": production.title, **params},
    )  # fmt: skip


@subscriber(ScriptImported, kind="compliance.flags_of_draft")
def flags_of_draft(run: Any, fact: ScriptImported) -> dict[str, Any]:
    return jobs.look_for_flags(run, production=_title_of(fact))


@subscriber(BreakdownApproved, kind="compliance.flags_of_breakdown")
def flags_of_breakdown(run: Any, fact: BreakdownApproved) -> dict[str, Any]:
    return jobs.look_for_flags(run, production=_title_of(fact))


def _title_of(fact: ScriptImported | BreakdownApproved) -> int:
    assert fact.production_id is not None
    return fact.production_id


@subscriber(FilingGranted, kind="compliance.tell_of_grant")
def tell_of_grant(run: Any, fact: FilingGranted) -> None:
    _tell(run, fact, "compliance.granted", number=fact.number)


@subscriber(FilingReturned, kind="compliance.tell_of_return")
def tell_of_return(run: Any, fact: FilingReturned) -> None:
    _tell(run, fact, "compliance.returned", note=fact.note[:200])
