"""What this room does when it hears a fact: tell those who wait for it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from scripts_app import jobs  # noqa: F401 - registers the room's kinds of work
from scripts_app.events import BreakdownApproved, ScriptImported
from studio.access import users_with
from studio.actions import tell
from studio.facts import subscriber
from studio.job_names import name_job
from studio.models import Event, Production
from studio.notices import sentence

name_job("scripts_app.tell_of_draft", _("Tell of a new draft"))
name_job("scripts_app.tell_of_breakdown", _("Tell of an approved breakdown"))
sentence("scripts_app.draft", _("Revision %(number)s of “%(title)s” is in: %(scenes)s scenes."))
sentence("scripts_app.breakdown", _("The breakdown of “%(title)s” is approved: the board can be made."))


def _others(run: Any, verb: str, production: Production) -> Any:
    actor = Event.objects.filter(pk=run.job.event_id).values_list("actor_id", flat=True).first()
    return users_with(verb, production).exclude(pk=actor)


@subscriber(ScriptImported, kind="scripts_app.tell_of_draft")
def tell_of_draft(run: Any, fact: ScriptImported) -> None:
    production = Production.objects.get(pk=fact.production_id)
    tell(
        users=_others(run, "script.edit", production), studio_id=fact.studio_id, production_id=production.pk,
        kind="scripts_app.draft", dedupe=f"draft:{fact.revision_id}", url=reverse("script", args=[production.pk]),
        params={"number": fact.number, "title": production.title, "scenes": fact.scenes},
    )  # fmt: skip


@subscriber(BreakdownApproved, kind="scripts_app.tell_of_breakdown")
def tell_of_breakdown(run: Any, fact: BreakdownApproved) -> None:
    production = Production.objects.get(pk=fact.production_id)
    tell(
        users=_others(run, "board.edit", production), studio_id=fact.studio_id, production_id=production.pk,
        kind="scripts_app.breakdown", dedupe=f"breakdown:{fact.breakdown_id}",
        url=reverse("breakdown", args=[production.pk]), params={"title": production.title},
    )  # fmt: skip
