"""What people do to the breakdown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scripts_app.actions.revisions import must_be_current
from scripts_app.actions.steps import Steps
from scripts_app.choices import BreakdownState, Category, Origin, SceneState
from scripts_app.events import BreakdownApproved
from scripts_app.linking import link_elements
from scripts_app.models import Breakdown, DictionaryWord, Element, Refusal, Scene, Tag
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
    steps = Steps(production.studio_id, production)
    element = named_element(steps, production, category, name)
    tagged = [scene for scene in scenes if put_tag(steps, element, scene, by)]
    learn(steps, production, element, element.name, by)
    steps.keep("add", by=by, name=element.name, scenes=[scene.number for scene in tagged][:20])
    settle(production, [scene.pk for scene in tagged])
    return element


@transaction.atomic
def tag_element(*, element: Element, scene: Scene, by: User | None) -> Element:
    """Say that a scene needs a thing; a suggested one is confirmed by it."""
    production = element.production
    steps = Steps(production.studio_id, production)
    put_tag(steps, element, scene, by)
    _confirm(steps, element)
    learn(steps, production, element, element.name, by)
    steps.keep("tag", by=by, name=element.name, scenes=[scene.number])
    settle(production, [scene.pk])
    return element


@transaction.atomic
def untag_element(*, element: Element, scene: Scene, by: User | None) -> Element:
    """Say that a scene does not need a thing. No rule, suggestion or draft brings it back there."""
    production = element.production
    steps = Steps(production.studio_id, production)
    tag = Tag.objects.filter(element=element, scene=scene).first()
    if tag is None:
        return element
    if tag.origin == Origin.LINKED:
        tag.delete()
    else:
        steps.drop(tag)
    steps.get_or_make(
        Refusal, production_id=production.pk, scene=scene, category=element.category, name=element.name,
        defaults={"refused_by": by},
    )  # fmt: skip
    steps.keep("untag", by=by, name=element.name, scenes=[scene.number])
    settle(production, [scene.pk])
    return element


@transaction.atomic
def remove_element(*, element: Element, by: User | None) -> None:
    """Take a thing off the breakdown, with its tags; nothing brings it back to this title but a person."""
    production = element.production
    steps = Steps(production.studio_id, production)
    steps.get_or_make(
        Refusal, production_id=production.pk, scene=None, category=element.category, name=element.name,
        defaults={"refused_by": by},
    )  # fmt: skip
    steps.drop(element)
    steps.keep("remove", by=by, name=element.name)
    settle(production)


# --- what the actions on tags share ---------------------------------------------------------------------------------


def plain_name(category: str, name: str) -> str:
    """A name as it is kept; refuses a kind that is none, no name, or one that is too long."""
    name = " ".join(name.split())
    if category not in Category.values:
        raise Refused("unknown_category", _("Choose what kind of thing it is."), field="category")
    if not name:
        raise Refused("name_missing", _("Name the thing."), field="name")
    if len(name) > 80:
        raise Refused("too_long", _("At most %(most)s characters."), field="name", params={"most": 80})
    return name


def named_element(steps: Steps, production: Production, category: str, name: str) -> Element:
    name = plain_name(category, name)
    element: Element = steps.get_or_make(Element, production=production, category=category, name=name)
    _confirm(steps, element)
    # Wanted by somebody, so wanted again anywhere in the title.
    for refusal in Refusal.objects.filter(production=production, scene=None, category=category, name=name):
        steps.drop(refusal)
    return element


def put_tag(steps: Steps, element: Element, scene: Scene, by: User | None) -> Tag:
    """The tag of a scene by hand; a linked one becomes it, a refusal of the scene ends."""
    if scene.production_id != element.production_id:
        raise Refused("other_production", _("This scene belongs to another title."), field="scene")
    Tag.objects.filter(element=element, scene=scene, origin=Origin.LINKED).delete()
    tag: Tag = steps.get_or_make(Tag, element=element, scene=scene, defaults={"tagged_by": by})
    for refusal in Refusal.objects.filter(scene=scene, category=element.category, name=element.name):
        steps.drop(refusal)
    return tag


def learn(steps: Steps, production: Production, element: Element, word: str, by: User | None) -> None:
    """What somebody tags, the studio knows next time. Names of children are of one story and are not kept."""
    if element.category == Category.MINORS:
        return
    steps.get_or_make(
        DictionaryWord, studio_id=production.studio_id, category=element.category, word=word,
        defaults={"name": element.name, "added_by": by},
    )  # fmt: skip


def settle(production: Production, scenes: list[int] | None = None) -> None:
    """After tags changed: linked tags of the scenes (of all of them where not told), then the counter of changes."""
    if scenes is None or scenes:
        link_elements(production, scenes)
    bump_production(production.pk)


def _confirm(steps: Steps, element: Element) -> None:
    steps.change(element, suggested=False, linked=False)
