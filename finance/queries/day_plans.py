"""What shoot days are planned to cost: cast, crew, extras, bookings and sets, read for all days of a title at once."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from finance.choices import Account
from finance.day_costs import account_of, day_pay
from scheduling.choices import BookingState, CallSheetState, HireBy, ShootDayState
from scheduling.models import Booking, CallSheet, Casting, Location, PlannedScene, Set, ShootDay
from scripts_app.choices import SceneState
from scripts_app.models import Scene, SceneCharacter
from studio.choices import Department
from studio.models import Engagement, Production

# Who is not on set because the title shoots that day.
NOT_CREW = (Department.CAST, Department.POST, Department.WRITING)


@dataclasses.dataclass(frozen=True)
class PlannedPay:
    """A person planned on a day, at the day's planned hours."""

    engagement: Engagement
    account: str
    minutes: int
    base_minor: int
    overtime_minor: int

    @property
    def total_minor(self) -> int:
        return self.base_minor + self.overtime_minor


@dataclasses.dataclass(frozen=True)
class PlannedThing:
    """A hire planned on a day. `kind` is booking, set (a place needed and not booked yet) or extras."""

    kind: str
    account: str
    name: str
    amount_minor: int
    count: int = 0
    booking_id: int | None = None


@dataclasses.dataclass
class DayPlan:
    """What one shoot day is to cost."""

    day: ShootDay
    people: dict[int, PlannedPay] = dataclasses.field(default_factory=dict)
    things: list[PlannedThing] = dataclasses.field(default_factory=list)
    scenes: dict[int, Scene] = dataclasses.field(default_factory=dict)

    @property
    def total_minor(self) -> int:
        return sum(pay.total_minor for pay in self.people.values()) + sum(thing.amount_minor for thing in self.things)

    def by_account(self) -> dict[str, int]:
        sums: dict[str, int] = defaultdict(int)
        for pay in self.people.values():
            sums[pay.account] += pay.total_minor
        for thing in self.things:
            sums[thing.account] += thing.amount_minor
        return dict(sums)


@dataclasses.dataclass(frozen=True)
class BookedDay:
    """A booking with its dates in the studio's zone."""

    booking: Booking
    first: dt.date
    last: dt.date


def shoot_days(production: Production) -> list[ShootDay]:
    """In order; the main unit before the second on one date."""
    return list(
        ShootDay.objects.filter(production=production)
        .exclude(state=ShootDayState.CANCELLED)
        .select_related("board", "report", "base")
        .order_by("date", "unit", "pk")
    )


def bookings_of(production: Production) -> list[BookedDay]:
    """Bookings that stand, with their first and last date."""
    zone = production.studio.zone
    return [
        BookedDay(
            row, timezone.localtime(row.start_at, zone).date(),
            timezone.localtime(row.end_at - dt.timedelta(minutes=1), zone).date(),
        )
        for row in Booking.objects.filter(production=production)
        .exclude(state=BookingState.CANCELLED)
        .select_related("location__base")
        .order_by("start_at", "pk")
    ]  # fmt: skip


def day_plans(production: Production, days: Sequence[ShootDay], booked: Iterable[BookedDay]) -> dict[int, DayPlan]:
    """Shoot day -> its plan; six queries however many days.

    People come by the call sheet that is out, else the cast of the day's scenes and everybody engaged on the crew; each
    for the day's planned hours. A person, a booking and a place count once a date, for its first unit. A place that
    the day's scenes need and nobody has booked is planned at its price.
    """
    plans = {day.pk: DayPlan(day) for day in days}
    planned = list(
        PlannedScene.objects.filter(shoot_day__in=plans, scene__state=SceneState.ACTIVE)
        .select_related("scene__episode")
        .order_by("shoot_day_id", "position")
    )
    for row in planned:
        plans[row.shoot_day_id].scenes[row.scene_id] = row.scene
    _people(production, plans)
    _things(production, plans, list(booked), planned)
    return plans


def _people(production: Production, plans: dict[int, DayPlan]) -> None:
    engagements = {
        row.pk: row for row in Engagement.objects.filter(production=production).select_related("person").order_by("pk")
    }
    crew = [row for row in engagements.values() if row.department not in NOT_CREW]
    plays = dict(Casting.objects.filter(character__production=production).values_list("character_id", "engagement_id"))
    cast: dict[int, set[int]] = defaultdict(set)
    crowd: dict[int, int] = defaultdict(int)
    for scene, character, is_crowd, count in SceneCharacter.objects.filter(
        scene__plans__shoot_day__in=plans
    ).distinct().values_list("scene_id", "character_id", "character__is_crowd", "count"):  # fmt: skip
        if character in plays:
            cast[scene].add(plays[character])
        elif is_crowd:
            crowd[scene] += count
    called: dict[int, set[int]] = {}
    for day_id, data in (
        CallSheet.objects.filter(shoot_day__in=plans)
        .exclude(state=CallSheetState.REVISED)
        .values_list("shoot_day_id", "data")
    ):
        called[day_id] = {row["engagement"] for row in [*data.get("cast", []), *data.get("crew", [])]}
    seen: dict[dt.date, set[int]] = defaultdict(set)
    for plan in plans.values():
        day = plan.day
        if day.pk in called:
            wanted = [engagements[pk] for pk in sorted(called[day.pk]) if pk in engagements]
        else:
            on_camera = {pk for scene in plan.scenes for pk in cast[scene]}
            wanted = [
                *(engagements[pk] for pk in sorted(on_camera)),
                *(row for row in crew if _is_there(row, day.date)),
            ]
            wanted = wanted if plan.scenes else []
        minutes = day.wrap_minute - day.call_minute
        for row in wanted:
            if row.pk in seen[day.date]:
                continue
            seen[day.date].add(row.pk)
            base, overtime = day_pay(row, minutes)
            if base + overtime:
                plan.people[row.pk] = PlannedPay(row, str(account_of(row)), minutes, base, overtime)
        most = max((crowd[scene] for scene in plan.scenes), default=0)
        price = day.board.extra_day_minor if day.board is not None else 0
        if most and price:
            plan.things.append(PlannedThing("extras", str(Account.CAST), "", most * price, most))


def _is_there(row: Engagement, date: dt.date) -> bool:
    return (row.from_date is None or row.from_date <= date) and (row.to_date is None or date <= row.to_date)


def _things(
    production: Production, plans: dict[int, DayPlan], booked: list[BookedDay], planned: list[PlannedScene]
) -> None:
    first_of: dict[dt.date, DayPlan] = {}
    for plan in plans.values():
        first_of.setdefault(plan.day.date, plan)
    for row in booked:
        target = first_of.get(row.first)
        if target is not None and row.booking.price_minor:
            target.things.append(
                PlannedThing(
                    "booking", str(Account.SETS), str(row.booking.location), row.booking.price_minor,
                    booking_id=row.booking.pk,
                )
            )  # fmt: skip
    film_sets = Set.objects.filter(production=production, location__isnull=False).select_related("location__base")
    locations = {film_set.name: film_set.location for film_set in film_sets}
    used: dict[tuple[dt.date, int], list[PlannedScene]] = defaultdict(list)
    places: dict[int, Location] = {}
    for scene in planned:
        location = locations.get(scene.scene.set_name)
        if location is not None:
            places[location.pk] = location
            used[plans[scene.shoot_day_id].day.date, location.pk].append(scene)
    for (date, key), scenes in sorted(used.items()):
        location = places[key]
        if any(row.booking.location_id == key and row.first <= date <= row.last for row in booked):
            continue
        amount = location.price_minor * (_hours(scenes) if location.hire_by == HireBy.HOUR else 1)
        if amount:
            first_of[date].things.append(PlannedThing("set", str(Account.SETS), str(location), amount))


def _hours(scenes: list[PlannedScene]) -> int:
    """Started hours from the first scene in a place to the last; the scenes' own minutes where the clock is not laid."""
    starts: list[Any] = [row.start_minute for row in scenes]
    ends: list[Any] = [row.end_minute for row in scenes]
    if None in starts or None in ends:
        minutes = sum(row.scene.shoot_minutes for row in scenes)
    else:
        minutes = max(ends) - min(starts)
    return -(-minutes // 60)
