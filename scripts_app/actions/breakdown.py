"""What people do to the breakdown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scripts_app.actions.revisions import must_be_current
from scripts_app.choices import (
    BreakdownState,
    Category,
    SceneState,
)
from scripts_app.events import BreakdownApproved
from scripts_app.models import Breakdown, Element, Scene
from studio.actions import move_stage
from studio.choices import Stage
from studio.facts import publish
from studio.models import Production, User
from studio.refusals import Refused
from studio.versions import bump_production


@transaction.atomic
def approve_breakdown(*, breakdown: Breakdown, by: User | None, at: dt.datetime | None = None) -> Breakdown:
    """Stand for a breakdown: its title moves to prep. Twice is once; only the latest revision's can be approved."""
    revision = breakdown.revision
    must_be_current(revision, _("Revision %(number)s is not the latest one. Approve the breakdown of the latest."))
    production = revision.script.production
    scenes = production.scenes.filter(state=SceneState.ACTIVE).count()
    if not scenes:
        raise Refused("no_scenes", _("There is no scene to stand for. Import a script first."))
    now = at or timezone.now()
    approved = Breakdown.objects.filter(pk=breakdown.pk, state=BreakdownState.DRAFT).update(
        state=BreakdownState.APPROVED, approved_by=by, approved_at=now, updated_at=now
    )
    breakdown.refresh_from_db()
    if approved:
        move_stage(production_id=production.pk, to=Stage.PREP, by=by, at=at)
        publish(
            BreakdownApproved(
                studio_id=production.studio_id, production_id=production.pk, breakdown_id=breakdown.pk,
                revision_id=revision.pk, scenes=scenes,
            ),
            by=by, at=at,
        )  # fmt: skip
    return breakdown


@transaction.atomic
def add_element(
    *, production: Production, category: str, name: str, by: User | None, scenes: Iterable[Scene] = ()
) -> Element:
    """Something scenes need, tagged in `scenes`; one there is by that name is taken, not made again."""
    name = " ".join(name.split())
    if category not in Category.values:
        raise Refused("unknown_category", _("Choose what kind of thing it is."), field="category")
    if not name:
        raise Refused("name_missing", _("Name the thing."), field="name")
    if len(name) > 80:
        raise Refused("too_long", _("At most %(most)s characters."), field="name", params={"most": 80})
    element, _new = Element.objects.get_or_create(production=production, category=category, name=name)
    for scene in scenes:
        _tag(element, scene)
    _confirm(element)
    bump_production(production.pk)
    return element


@transaction.atomic
def tag_element(*, element: Element, scene: Scene, by: User | None) -> Element:
    """Say that a scene needs a thing; a suggested one is confirmed by it."""
    _tag(element, scene)
    _confirm(element)
    bump_production(element.production_id)
    return element


@transaction.atomic
def untag_element(*, element: Element, scene: Scene, by: User | None) -> Element:
    element.scenes.remove(scene)
    bump_production(element.production_id)
    return element


@transaction.atomic
def remove_element(*, element: Element, by: User | None) -> None:
    """Take a thing off the breakdown, with its tags."""
    production_id = element.production_id
    element.delete()
    bump_production(production_id)


def _tag(element: Element, scene: Scene) -> None:
    if scene.production_id != element.production_id:
        raise Refused("other_production", _("This scene belongs to another title."), field="scene")
    element.scenes.add(scene)


def _confirm(element: Element) -> None:
    if element.suggested:
        element.suggested = False
        element.save(update_fields=["suggested", "updated_at"])
