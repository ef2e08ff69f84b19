"""Days: who works on which, what was planned, what is owed."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict

from django.db.models import Count, Exists, OuterRef, QuerySet

from scheduling.choices import ShootDayState
from scheduling.models import (
    Casting,
    PlannedScene,
    ShootDay,
    Stripboard,
)
from scheduling.queries.boards import cast_marks
from studio.models import Production


@dataclasses.dataclass(frozen=True)
class DoodRow:
    """One role over the board's days; `codes` has one per day, empty where it is not needed."""

    character_id: int
    number: int
    role: str
    performer: str
    codes: tuple[str, ...]
    work_days: int
    hold_days: int

    @property
    def total_days(self) -> int:
        return self.work_days + self.hold_days


@dataclasses.dataclass(frozen=True)
class DayOutOfDays:
    dates: tuple[dt.date, ...]
    rows: tuple[DoodRow, ...]


def day_out_of_days(board: Stripboard) -> DayOutOfDays:
    """S start, W work, H hold, F finish, and pairs: SW the first day of work, WF the last, SWF the only one.

    Holds are the board's days between the first and the last day of work. Roles without a scene on a day are left out.
    """
    days = list(board.days.order_by("date", "unit").values_list("pk", "date"))
    place = {pk: index for index, (pk, _date) in enumerate(days)}
    day_of = {scene: place[day] for scene, day in board.strips.exclude(day=None).values_list("scene_id", "day_id")}
    marks, roles = cast_marks(board.production_id, set(board.strips.values_list("scene_id", flat=True)))
    performers = dict(
        Casting.objects.filter(character__production=board.production_id).values_list(
            "character_id", "engagement__person__name"
        )
    )
    works: dict[int, set[int]] = defaultdict(set)
    for scene, day in day_of.items():
        for mark in marks.get(scene, ()):
            works[mark.character_id].add(day)
    rows = []
    for role in roles:
        own = works.get(role.character_id)
        if not own:
            continue
        codes = dood_codes(sorted(own), len(days))
        rows.append(
            DoodRow(
                role.character_id, role.number, role.name, performers.get(role.character_id, ""), codes, len(own),
                codes.count("H"),
            )
        )  # fmt: skip
    return DayOutOfDays(tuple(date for _pk, date in days), tuple(rows))


def dood_codes(work: list[int], days: int) -> tuple[str, ...]:
    """Codes of a role that works on these day indices (sorted, at least one)."""
    first, last, on = work[0], work[-1], set(work)
    codes = []
    for day in range(days):
        if not first <= day <= last:
            codes.append("")
        elif day not in on:
            codes.append("H")
        else:
            codes.append(("S" if day == first else "") + "W" + ("F" if day == last else ""))
    return tuple(codes)


def owed_scenes(production: Production) -> QuerySet[PlannedScene]:
    """What was planned, not shot, and is on no later plan: one row per scene, its last."""
    again = PlannedScene.objects.filter(scene=OuterRef("scene"), owed_at=None).exclude(
        shoot_day__state=ShootDayState.CANCELLED
    )
    later = PlannedScene.objects.filter(scene=OuterRef("scene"), owed_at__isnull=False, pk__gt=OuterRef("pk"))
    return (
        PlannedScene.objects.filter(shoot_day__production=production, owed_at__isnull=False)
        .filter(~Exists(again), ~Exists(later))
        .select_related("scene__episode", "shoot_day")
        .order_by("scene__sort_key")
    )


def shoot_days_of(production: Production) -> QuerySet[ShootDay]:
    return (
        ShootDay.objects.filter(production=production)
        .exclude(state=ShootDayState.CANCELLED)
        .select_related("base")
        .annotate(scenes_count=Count("planned_scenes"))
        .order_by("date", "unit")
    )
