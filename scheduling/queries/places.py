"""Bases, sets and bookings."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Prefetch, QuerySet, Sum
from django.utils import timezone

from scheduling.choices import BookingState
from scheduling.models import (
    Booking,
    FilmBase,
    Location,
    Set,
    Stripboard,
)
from scripts_app.choices import SceneState
from scripts_app.models import Scene
from studio.access import Access
from studio.models import Production


def bases(access: Access) -> QuerySet[FilmBase]:
    """Film bases with their locations."""
    return (
        access.scope(FilmBase.objects.all(), "board.view")
        .select_related("studio")
        .prefetch_related(Prefetch("locations", Location.objects.order_by("name")))
        .order_by("name")
    )


def sets_of(production: Production) -> list[Set]:
    """Sets with scene count, parts of pages and minutes to shoot, most scenes first."""
    sums = {
        row["set_name"]: row
        for row in Scene.objects.filter(production=production, state=SceneState.ACTIVE)
        .order_by()
        .values("set_name")
        .annotate(scenes=Count("pk"), parts=Sum("page_parts"), minutes=Sum("shoot_minutes"))
    }
    rows = list(Set.objects.filter(production=production).select_related("location__base"))
    for row in rows:
        own = sums.get(row.name, {"scenes": 0, "parts": 0, "minutes": 0})
        row.scenes_count, row.parts, row.minutes = own["scenes"], own["parts"], own["minutes"]  # type: ignore[attr-defined]
    return sorted(rows, key=lambda row: (-row.scenes_count, row.name))  # type: ignore[attr-defined]


@dataclasses.dataclass(frozen=True)
class Bar:
    """A booking in a chart of days: from the `first` column over `span` columns."""

    booking: Booking
    first: int
    span: int
    lane: int

    @property
    def hue(self) -> int:
        """A title keeps its colour from chart to chart."""
        return self.booking.production_id % 3


@dataclasses.dataclass(frozen=True)
class GanttRow:
    location: Location
    bars: tuple[Bar, ...]
    lanes: int


@dataclasses.dataclass(frozen=True)
class Gantt:
    dates: tuple[dt.date, ...]
    rows: tuple[GanttRow, ...]


def gantt(
    bookings: QuerySet[Booking], locations: Iterable[Location], first_date: dt.date, days: int, zone: dt.tzinfo
) -> Gantt:
    """Bookings by day over the locations given; one query."""
    dates = tuple(first_date + dt.timedelta(days=n) for n in range(days))
    start = dt.datetime.combine(first_date, dt.time(), zone)
    end = start + dt.timedelta(days=days)
    per_location: dict[int, list[Booking]] = defaultdict(list)
    for booking in (
        bookings.exclude(state=BookingState.CANCELLED)
        .filter(start_at__lt=end, end_at__gt=start)
        .select_related("production", "location__base")
        .order_by("start_at", "id")
    ):
        per_location[booking.location_id].append(booking)
    rows = []
    for location in locations:
        bars: list[Bar] = []
        ends: list[int] = []
        for booking in per_location.get(location.pk, []):
            opens = timezone.localtime(booking.start_at, zone).date()
            # A booking up to midnight does not take the next day.
            closes = timezone.localtime(booking.end_at - dt.timedelta(seconds=1), zone).date()
            first = max(0, (opens - first_date).days)
            last = min(days - 1, (closes - first_date).days)
            lane = next((n for n, taken in enumerate(ends) if taken < first), len(ends))
            if lane == len(ends):
                ends.append(last)
            else:
                ends[lane] = last
            bars.append(Bar(booking, first + 1, last - first + 1, lane + 1))
        rows.append(GanttRow(location, tuple(bars), max(1, len(ends))))
    return Gantt(dates, tuple(rows))


@dataclasses.dataclass(frozen=True)
class Need:
    """A stay that the board plans at a location without a booking of it."""

    location: Location
    date: dt.date
    start_at: dt.datetime
    end_at: dt.datetime
    set_names: tuple[str, ...]


def places_to_book(board: Stripboard) -> list[Need]:
    """What a board needs and nobody has booked for this title, by date."""
    production = board.production
    zone = production.studio.zone
    locations = {
        row.name: row.location
        for row in Set.objects.filter(production=production).exclude(location=None).select_related("location__base")
    }
    held: dict[int, list[tuple[dt.datetime, dt.datetime]]] = defaultdict(list)
    for location, start, end in (
        Booking.objects.filter(production=production)
        .exclude(state=BookingState.CANCELLED)
        .values_list("location_id", "start_at", "end_at")
    ):
        held[location].append((start, end))
    stays: dict[tuple[int, dt.date], list[Any]] = {}
    for strip in (
        board.strips.exclude(day=None)
        .exclude(start_minute=None)
        .select_related("day", "scene")
        .order_by("start_minute")
    ):
        location = locations.get(strip.scene.set_name)
        if location is None or strip.day is None or strip.start_minute is None or strip.end_minute is None:
            continue
        key = (location.pk, strip.day.date)
        first = max(0, strip.start_minute - location.dressing_minutes)
        if key not in stays:
            stays[key] = [location, first, strip.end_minute, {strip.scene.set_name}]
        else:
            stays[key][1] = min(stays[key][1], first)
            stays[key][2] = max(stays[key][2], strip.end_minute)
            stays[key][3].add(strip.scene.set_name)
    needs = []
    for (_pk, date), (location, first, last, names) in stays.items():
        midnight = dt.datetime.combine(date, dt.time(), zone)
        start, end = midnight + dt.timedelta(minutes=first), midnight + dt.timedelta(minutes=last)
        if not any(taken <= start and end <= until for taken, until in held[location.pk]):
            needs.append(Need(location, date, start, end, tuple(sorted(names))))
    return sorted(needs, key=lambda need: (need.date, need.start_at, need.location.pk))
