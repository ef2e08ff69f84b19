"""What cannot hold over all titles."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict

from django.db.models import QuerySet
from django.utils import timezone

from scheduling.choices import BookingState, ShootDayState
from scheduling.models import (
    Booking,
    Location,
    PlannedScene,
    Set,
    ShootDay,
    Unavailability,
)
from studio.access import Access


@dataclasses.dataclass(frozen=True)
class Clash:
    """Two plans that want the same person or place on one date.

    `kind` is twice (somebody on two titles), away (somebody planned while away) or place (a location booked by another
    title on a day this one shoots there).
    """

    kind: str
    date: dt.date
    what: str
    productions: tuple[str, ...]
    detail: str = ""


def clashes(access: Access, from_date: dt.date | None = None) -> list[Clash]:
    """What cannot hold over all titles the user sees, from today on; a constant number of queries."""
    first = from_date or timezone.localdate()
    days = access.scope(ShootDay.objects.filter(date__gte=first).exclude(state=ShootDayState.CANCELLED), "board.view")
    plans = PlannedScene.objects.filter(shoot_day__in=days, owed_at=None)
    works: dict[tuple[int, dt.date], dict[int, str]] = defaultdict(dict)
    names: dict[int, str] = {}
    for person, name, date, production, title in (
        plans.filter(scene__cast__character__casting__isnull=False)
        .values_list(
            "scene__cast__character__casting__engagement__person_id",
            "scene__cast__character__casting__engagement__person__name",
            "shoot_day__date", "shoot_day__production_id", "shoot_day__production__title",
        )
        .distinct().order_by()
    ):  # fmt: skip
        works[person, date][production] = title
        names[person] = name
    found = [
        Clash("twice", date, names[person], tuple(sorted(titles.values())))
        for (person, date), titles in works.items()
        if len(titles) > 1
    ]
    away: dict[int, list[Unavailability]] = defaultdict(list)
    for row in Unavailability.objects.filter(person__in=names, to_date__gte=first):
        away[row.person_id].append(row)
    found += [
        Clash("away", date, names[person], tuple(sorted(titles.values())), row.reason)
        for (person, date), titles in works.items()
        for row in away[person]
        if row.from_date <= date <= row.to_date
    ]
    found += _place_clashes(days, plans, first)
    return sorted(found, key=lambda clash: (clash.date, clash.kind, clash.what))


def _place_clashes(days: QuerySet[ShootDay], plans: QuerySet[PlannedScene], first: dt.date) -> list[Clash]:
    at: dict[tuple[int, dt.date], dict[int, str]] = defaultdict(dict)
    places: dict[tuple[int, str], Location] = {}
    productions = set(days.values_list("production_id", flat=True).order_by().distinct())
    for row in Set.objects.filter(production__in=productions).exclude(location=None).select_related("location__base"):
        assert row.location is not None
        places[row.production_id, row.name] = row.location
    labels: dict[int, str] = {}
    for production, title, set_name, date in (
        plans.values_list(
            "shoot_day__production_id", "shoot_day__production__title", "scene__set_name", "shoot_day__date"
        )
        .distinct()
        .order_by()
    ):
        location = places.get((production, set_name))
        if location is not None:
            at[location.pk, date][production] = title
            labels[location.pk] = str(location)
    found = []
    for booking in (
        Booking.objects.filter(location__in=labels, end_at__date__gte=first)
        .exclude(state=BookingState.CANCELLED)
        .select_related("production__studio")
    ):
        zone = booking.production.studio.zone
        opens = timezone.localtime(booking.start_at, zone).date()
        closes = timezone.localtime(booking.end_at - dt.timedelta(seconds=1), zone).date()
        for (location_id, date), titles in at.items():
            others = [title for production, title in titles.items() if production != booking.production_id]
            if location_id == booking.location_id and opens <= date <= closes and others:
                found.append(Clash("place", date, labels[location_id], (*sorted(others), booking.production.title)))
    return found
