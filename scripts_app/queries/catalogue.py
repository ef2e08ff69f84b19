"""The studio's things over all its titles, one row for each name. Never writes."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from scripts_app.choices import Category, SceneState
from scripts_app.models import Element, Tag
from studio.access import Access
from studio.models import Studio

SORTS = {
    "name": ("name", "category"), "category": ("category", "name"), "titles": ("-titles", "name", "category"),
    "scenes": ("-scene_count", "name", "category"),
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class CatalogueFilter:
    """What the catalogue is narrowed to; values that no choice knows narrow nothing."""

    category: str = ""
    q: str = ""
    sort: str = "name"

    @classmethod
    def read(cls, params: Any) -> CatalogueFilter:
        category, sort = params.get("category", ""), params.get("sort", "")
        return cls(
            category if category in Category.values else "", params.get("q", "").strip()[:80].replace("\x00", ""),
            sort if sort in SORTS else "name",
        )  # fmt: skip

    @property
    def active(self) -> bool:
        return bool(self.category or self.q)


def visible_elements(access: Access, studio: Studio | None) -> QuerySet[Element]:
    rows = access.scope(Element.objects.all(), "script.view")
    return rows.filter(production__studio=studio) if studio is not None else rows


def catalogue_rows(elements: QuerySet[Element], narrowed: CatalogueFilter) -> Any:
    """`category`, `name`, `titles`, `scene_count`, `first_episode`, `last_episode`: one query for any page of them.

    Scenes that are out of the script do not count.
    """
    active = Q(tags__scene__state=SceneState.ACTIVE)
    if narrowed.category:
        elements = elements.filter(category=narrowed.category)
    if narrowed.q:
        elements = elements.filter(name__icontains=narrowed.q)
    return (
        elements.order_by()
        .values("category", "name")
        .annotate(
            titles=Count("production", distinct=True),
            scene_count=Count("tags", filter=active, distinct=True),
            first_episode=Min("tags__scene__episode__number", filter=active),
            last_episode=Max("tags__scene__episode__number", filter=active),
        )
        .order_by(*SORTS[narrowed.sort])
    )


@dataclasses.dataclass(frozen=True)
class TitleOfThing:
    """A title that needs a thing: in which scenes, from which episode to which."""

    element: Element
    tags: list[Tag]

    @property
    def first_episode(self) -> int | None:
        return min((tag.scene.episode.number for tag in self.tags), default=None)

    @property
    def last_episode(self) -> int | None:
        return max((tag.scene.episode.number for tag in self.tags), default=None)


def titles_of_thing(elements: QuerySet[Element], category: str, name: str) -> list[TitleOfThing]:
    """Two queries."""
    rows = list(elements.filter(category=category, name=name).select_related("production").order_by("-production"))
    tags: dict[int, list[Tag]] = {row.pk: [] for row in rows}
    for tag in (
        Tag.objects.filter(element__in=rows, scene__state=SceneState.ACTIVE)
        .select_related("scene__episode")
        .order_by("scene__sort_key")
    ):
        tags[tag.element_id].append(tag)
    return [TitleOfThing(row, tags[row.pk]) for row in rows]
