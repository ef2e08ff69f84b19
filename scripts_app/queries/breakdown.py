"""Roles and elements. Never writes; costs the same number of queries however long the script is."""

from __future__ import annotations

import dataclasses
from collections import Counter

from django.db.models import Prefetch

from scripts_app.choices import Category, SceneState
from scripts_app.drafts import speaker_names
from scripts_app.models import Element, Revision, SceneCharacter, SceneText, Tag
from studio.models import Production


@dataclasses.dataclass(frozen=True)
class RoleRow:
    """A role in numbers; `lines` and `characters` are of the current draft, voices from off included."""

    pk: int
    name: str
    age: str
    bio: str
    is_crowd: bool
    scenes: int
    speaking_scenes: int
    episodes: int
    lines: int
    characters: int


def role_rows(production: Production, revision: Revision | None) -> list[RoleRow]:
    """Roles by how much of the story they carry. Three queries."""
    scenes: dict[int, set[int]] = {}
    speaking: Counter[int] = Counter()
    episodes: dict[int, set[int]] = {}
    for role, scene, episode, speaks in SceneCharacter.objects.filter(
        scene__production=production, scene__state=SceneState.ACTIVE
    ).values_list("character_id", "scene_id", "scene__episode_id", "speaks"):
        scenes.setdefault(role, set()).add(scene)
        episodes.setdefault(role, set()).add(episode)
        speaking[role] += bool(speaks)
    lines: Counter[str] = Counter()
    said: Counter[str] = Counter()
    texts = SceneText.objects.filter(revision=revision).values_list("elements", flat=True) if revision else []
    for elements in texts:
        for row in elements:
            for name in speaker_names(row.get("speaker", "")):
                lines[name] += 1
                said[name] += len(row["text"])
    rows = [
        RoleRow(
            role.pk, role.name, role.age, role.bio, role.is_crowd, len(scenes.get(role.pk, ())), speaking[role.pk],
            len(episodes.get(role.pk, ())), lines[role.name], said[role.name],
        )
        for role in production.characters.all()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.is_crowd, -row.scenes, -row.lines, row.pk))


@dataclasses.dataclass(frozen=True)
class CategoryRow:
    code: str
    label: str
    elements: list[Element]


def elements_by_category(production: Production) -> list[CategoryRow]:
    """Every category, also an empty one, with its elements and, as `shown`, their tags in script order. Two queries."""
    rows: dict[str, list[Element]] = {code: [] for code in Category.values}
    active = Tag.objects.filter(scene__state=SceneState.ACTIVE).select_related("scene").order_by("scene__sort_key")
    for element in production.elements.order_by("name").prefetch_related(Prefetch("tags", active, to_attr="shown")):
        rows[element.category].append(element)
    return [CategoryRow(code, str(label), rows[code]) for code, label in Category.choices]
