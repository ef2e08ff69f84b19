"""Linked things brought up to date: what rules and ages ask for, scene by scene, no more and no less."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from scripts_app.choices import Category, LinkWhen, Origin, SceneState
from scripts_app.models import Element, LinkRule, Refusal, Scene, SceneCharacter, Tag
from scripts_app.tagging import Reason, Rule, SceneFacts, is_minor, linked
from studio.models import Production, Studio

GUARDIAN = "guardian"
_BATCH = 300
_Thing = tuple[str, str]


def ensure_default_rules(studio: Studio) -> None:
    """The rules every studio begins with: a minor needs a guardian. One switched off stays off."""
    LinkRule.objects.get_or_create(
        studio=studio, code=GUARDIAN, production=None,
        defaults={
            "when": LinkWhen.CATEGORY, "when_category": Category.MINORS, "then_category": Category.MINORS,
            "then_name": gettext("Guardian"),
        },
    )  # fmt: skip


def rules_for(production: Production) -> list[Rule]:
    """The rules in use for a title: its studio's and its own."""
    rows = LinkRule.objects.filter(
        Q(production=None) | Q(production=production), studio=production.studio_id, active=True
    ).order_by("pk")
    return [
        Rule(row.pk, row.when, row.when_category, row.when_name, (row.then_category, row.then_name)) for row in rows
    ]


def link_elements(production: Production, scenes: Collection[int] | None = None) -> int:
    """Make the linked tags of a title (or of these scenes) what rules and ages ask for; returns how many changed.

    Call it inside a transaction, after what is in the scenes changed. Scenes left out of the script keep what they
    have. Seven queries for any number of scenes, and those that write.
    """
    rows = Scene.objects.filter(production=production, state=SceneState.ACTIVE)
    if scenes is not None:
        rows = rows.filter(pk__in=scenes)
    sets = dict(rows.values_list("pk", "set_name"))
    wanted = _wanted(production, sets, rules_for(production))
    held = {
        (tag.scene_id, (tag.element.category, tag.element.name)): tag
        for tag in Tag.objects.filter(scene__in=rows, origin=Origin.LINKED).select_related("element")
    }
    gone = [tag.pk for key, tag in held.items() if key not in wanted]
    Tag.objects.filter(pk__in=gone).delete()
    moved = []
    for key, reason in wanted.items():
        tag = held.get(key)
        if tag is not None and (tag.rule_id, tag.because) != (reason.rule or None, reason.because):
            tag.rule_id, tag.because, tag.updated_at = reason.rule or None, reason.because, timezone.now()
            moved.append(tag)
    Tag.objects.bulk_update(moved, ["rule", "because", "updated_at"], batch_size=_BATCH)
    new = {key: reason for key, reason in wanted.items() if key not in held}
    if new:
        _add(production, new)
    # Also after a rule was deleted, which takes its tags along but not the things.
    orphans = list(production.elements.filter(linked=True, tags=None).values_list("pk", flat=True))
    if orphans:
        Element.objects.filter(pk__in=orphans).delete()
    return len(gone) + len(moved) + len(new) + len(orphans)


def _wanted(production: Production, sets: dict[int, str], rules: list[Rule]) -> dict[tuple[int, _Thing], Reason]:
    roles: dict[int, set[str]] = defaultdict(set)
    minors: dict[int, dict[_Thing, str]] = defaultdict(dict)
    for scene, name, age in SceneCharacter.objects.filter(scene__production=production).values_list(
        "scene_id", "character__name", "character__age"
    ):
        roles[scene].add(name)
        if age and is_minor(age):
            minors[scene][str(Category.MINORS), name] = f"{name} ({age})"
    things: dict[int, set[_Thing]] = defaultdict(set)
    for scene, category, name in (
        Tag.objects.filter(element__production=production)
        .exclude(origin=Origin.LINKED)
        .values_list("scene_id", "element__category", "element__name")
    ):
        things[scene].add((category, name))
    refused: dict[int | None, set[_Thing]] = defaultdict(set)
    for at, category, name in Refusal.objects.filter(production=production).values_list("scene_id", "category", "name"):
        refused[at].add((category, name))
    wanted: dict[tuple[int, _Thing], Reason] = {}
    for scene, set_name in sets.items():
        unwanted = refused[None] | refused[scene]
        aged = {
            thing: why for thing, why in minors[scene].items() if thing not in unwanted and thing not in things[scene]
        }
        wanted |= {(scene, thing): Reason(0, why) for thing, why in aged.items()}
        facts = SceneFacts(
            set_name, frozenset(roles[scene]), frozenset(things[scene] | aged.keys()), frozenset(unwanted)
        )
        wanted |= {(scene, thing): reason for thing, reason in linked(facts, rules).items()}
    return wanted


def _add(production: Production, new: dict[tuple[int, _Thing], Reason]) -> None:
    names = {thing for _scene, thing in new}
    there = set(production.elements.values_list("category", "name"))
    Element.objects.bulk_create(
        [
            Element(production=production, category=category, name=name, linked=True)
            for category, name in sorted(names - there)
        ],
        batch_size=_BATCH,
    )  # fmt: skip
    rows: dict[Any, int] = {(row.category, row.name): row.pk for row in production.elements.all()}
    Tag.objects.bulk_create(
        [
            Tag(
                element_id=rows[thing], scene_id=scene, origin=Origin.LINKED, rule_id=reason.rule or None,
                because=reason.because[:160],
            )
            for (scene, thing), reason in new.items()
        ],
        batch_size=_BATCH,
    )  # fmt: skip
