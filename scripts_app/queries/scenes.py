"""Scenes of a title, and what is unclear in them. Never writes; costs the same number of queries however long the script is."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from scripts_app.choices import IntExt, SceneState, TimeOfDay
from scripts_app.models import Element, Scene, SceneCharacter
from studio.models import Production


@dataclasses.dataclass(frozen=True)
class SceneFilter:
    """What a scene list is narrowed to; values that no choice knows narrow nothing."""

    episode: str = ""
    set_name: str = ""
    int_ext: str = ""
    time_of_day: str = ""
    cast: str = ""
    q: str = ""
    omitted: bool = False

    @classmethod
    def read(cls, params: Any) -> SceneFilter:
        def known(name: str, values: Iterable[str]) -> str:
            value = params.get(name, "")
            return value if value in values else ""

        def number(name: str) -> str:
            value = params.get(name, "")
            return value if value.isascii() and value.isdecimal() and len(value) < 16 else ""

        return cls(
            number("episode"), params.get("set_name", "")[:120], known("int_ext", IntExt.values),
            known("time_of_day", TimeOfDay.values), number("cast"), params.get("q", "").strip()[:80].replace("\x00", ""),
            params.get("omitted") == "1",
        )  # fmt: skip

    @property
    def active(self) -> bool:
        return self != SceneFilter()

    def narrow(self, rows: QuerySet[Scene]) -> QuerySet[Scene]:
        if not self.omitted:
            rows = rows.filter(state=SceneState.ACTIVE)
        if self.episode:
            rows = rows.filter(episode__number=int(self.episode))
        if self.set_name:
            rows = rows.filter(set_name=self.set_name)
        if self.int_ext:
            rows = rows.filter(int_ext=self.int_ext)
        if self.time_of_day:
            rows = rows.filter(time_of_day=self.time_of_day)
        if self.cast:
            rows = rows.filter(cast__character=int(self.cast))
        if self.q:
            rows = rows.filter(
                Q(number__icontains=self.q) | Q(set_name__icontains=self.q) | Q(synopsis__icontains=self.q)
            )
        return rows


def scene_rows(rows: QuerySet[Scene]) -> QuerySet[Scene]:
    """Scenes in script order with episode, cast and elements: four queries for any number of them."""
    return (
        rows.select_related("episode", "production__studio")
        .prefetch_related(
            Prefetch("cast", SceneCharacter.objects.select_related("character").order_by("pk")),
            Prefetch("needs", Element.objects.order_by("category", "name")),
        )
        .order_by("sort_key", "pk")
    )


def sets_of(production: Production) -> list[tuple[str, int]]:
    """Sets of the story with how many scenes play there, most used first."""
    counted = (
        production.scenes.filter(state=SceneState.ACTIVE)
        .exclude(set_name="")
        .order_by()
        .values_list("set_name")
        .annotate(n=Count("pk"))
    )
    return sorted(((name, n) for name, n in counted), key=lambda row: (-row[1], row[0]))


def unclear_scenes(production: Production) -> list[Scene]:
    """Active scenes that lack a set, inside/outside or a time of day: nobody can plan them as they are."""
    return list(
        production.scenes.filter(state=SceneState.ACTIVE)
        .filter(Q(set_name="") | Q(int_ext="") | Q(time_of_day=""))
        .order_by("sort_key")
    )
