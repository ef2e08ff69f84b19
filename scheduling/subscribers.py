"""What this room does when it hears a fact: sets and drafts follow the script, drafts follow places and people."""

from __future__ import annotations

from scheduling import (
    actions,
    call_sheet_jobs,  # noqa: F401 - registers the jobs of call sheets
    jobs,  # noqa: F401 - registers the kinds of work in every process
    staleness,  # noqa: F401 - registers what a draft makes stale
)
from scheduling.events import PersonUnavailable, RoleCast, SetPlaced
from scripts_app.events import SceneEdited, ScriptImported
from studio.facts import Fact, subscriber
from studio.jobs import Run
from studio.models import Production


def _refresh(fact: Fact) -> None:
    production = Production.objects.select_related("studio").get(pk=fact.production_id)
    actions.refresh_drafts(production=production)


def _follow_script(fact: Fact) -> None:
    actions.sync_sets(production=Production.objects.get(pk=fact.production_id))
    _refresh(fact)


@subscriber(ScriptImported, kind="scheduling.follow_script")
def follow_script(run: Run, fact: ScriptImported) -> None:
    _follow_script(fact)


@subscriber(SceneEdited, kind="scheduling.follow_scene")
def follow_scene(run: Run, fact: SceneEdited) -> None:
    _follow_script(fact)


@subscriber(SetPlaced, kind="scheduling.follow_place")
def follow_place(run: Run, fact: SetPlaced) -> None:
    _refresh(fact)


@subscriber(RoleCast, kind="scheduling.follow_casting")
def follow_casting(run: Run, fact: RoleCast) -> None:
    _refresh(fact)


@subscriber(PersonUnavailable, kind="scheduling.follow_absence")
def follow_absence(run: Run, fact: PersonUnavailable) -> None:
    for production in (
        Production.objects.filter(characters__casting__engagement__person=fact.person_id, stripboards__isnull=False)
        .select_related("studio")
        .distinct()
    ):
        actions.refresh_drafts(production=production)
