"""A board's rows as the solver's problem.

The solver's ids are what people read in its sentences: scene numbers, names of sets and people, the number of the day.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from scheduling.choices import BookingState, HireBy
from scheduling.daylight import daylight
from scheduling.models import BoardDay, Booking, Casting, Location, Set, Strip, Stripboard, Unavailability
from scheduling.solver import (
    Base,
    Costs,
    Day,
    FilmSet,
    OpenWindow,
    Person,
    Problem,
    Rules,
    Scene,
    Weights,
)
from scripts_app.choices import SceneState
from scripts_app.models import SceneCharacter
from studio.choices import Department
from studio.models import Engagement

NOWHERE = "—"
"""The base of sets that have no location yet."""
LATEST = 2880


@dataclasses.dataclass(frozen=True)
class BoardProblem:
    """A problem with the way back from the solver's names to rows."""

    problem: Problem
    scene_pks: dict[str, int]
    day_pks: dict[int, int]
    placing: dict[str, tuple[int, int]]
    """Where each strip stands now: scene id -> (day number, position)."""
    cast_of: dict[int, tuple[str, ...]]
    rates: dict[str, int]
    notes: tuple[dict[str, Any], ...]
    """What the rows lack, as {"code", "params"}."""


def read_problem(board: Stripboard) -> BoardProblem:
    """Read all rows a board hangs on: a constant number of queries."""
    production = board.production
    zone = production.studio.zone
    days = list(board.days.order_by("date", "unit"))
    strips = list(
        board.strips.filter(scene__state=SceneState.ACTIVE)
        .select_related("scene__episode")
        .order_by("scene__sort_key", "scene_id"),
    )
    numbers = {day.pk: number for number, day in enumerate(days, 1)}
    sets = {row.name: row for row in Set.objects.filter(production=production).select_related("location__base")}
    film_sets, set_ids, unplaced = _film_sets(strips, sets, days, numbers, production.pk, zone)
    people, cast, rates, uncast = _people(production.pk, strips, days, numbers)
    light_of = {day.pk: daylight(day.date, *_coordinates(sets.values()), zone) for day in days}
    scenes = []
    for strip in strips:
        scene = strip.scene
        scenes.append(
            Scene(
                id=scene.number,
                episode=scene.episode.number,
                minutes=scene.shoot_minutes,
                set=set_ids[scene.set_name],
                int_ext=scene.int_ext or "int",
                time_of_day=scene.time_of_day or "day",
                cast=cast.people.get(scene.pk, ()),
                extras=cast.extras.get(scene.pk, 0),
                locked_day=numbers[strip.day_id] if strip.pinned and strip.day_id else None,
            )
        )
    bases = sorted({film_set.base for film_set in film_sets})
    crew = list(
        Engagement.objects.filter(production=production)
        .exclude(department__in=[Department.CAST, Department.POST, Department.WRITING])
        .values_list("day_rate_minor", "overtime_hour_minor")
    )
    problem = Problem(
        scenes=tuple(scenes),
        sets=tuple(film_sets),
        bases=tuple(Base(name) for name in bases),
        people=tuple(people),
        days=tuple(
            Day(
                index=numbers[day.pk],
                date=day.date,
                call_minutes=day.call_minute,
                wrap_limit_minutes=min(LATEST, day.call_minute + day.limit_minutes),
                daylight_start_minutes=light_of[day.pk][0],
                daylight_end_minutes=light_of[day.pk][1],
            )
            for day in days
        ),
        rules=Rules(
            max_scenes_a_day=board.most_scenes,
            rest_minutes=production.studio.rest_minutes,
            meal_after_minutes=production.studio.meal_after_minutes,
            meal_minutes=board.meal_minutes,
            night_exteriors="any" if board.night_exteriors_any_time else "dark",
            set_change_minutes=board.set_change_minutes,
            base_move_minutes=board.base_move_minutes,
            overtime_after_minutes=board.overtime_after_minutes,
        ),
        costs=Costs(
            crew_day=sum(rate for rate, _hour in crew),
            overtime_per_hour=sum(hour for _rate, hour in crew),
            base_move=board.base_move_minor,
            extra_day=board.extra_day_minor,
        ),
        weights=Weights(early_episodes=board.early_episodes_minor, set_change=board.set_change_minor),
    )
    notes: list[dict[str, Any]] = []
    if uncast:
        notes.append({"code": "board.roles_uncast", "params": {"roles": uncast}})
    if unplaced:
        notes.append({"code": "board.sets_unplaced", "params": {"sets": unplaced}})
    return BoardProblem(
        problem=problem,
        scene_pks={strip.scene.number: strip.scene_id for strip in strips},
        day_pks={number: pk for pk, number in numbers.items()},
        placing=_placing(strips, numbers),
        cast_of={strip.scene_id: cast.people.get(strip.scene_id, ()) for strip in strips},
        rates=rates,
        notes=tuple(notes),
    )


def _placing(strips: Iterable[Strip], numbers: Mapping[int, int]) -> dict[str, tuple[int, int]]:
    by_day: dict[int, list[Strip]] = defaultdict(list)
    for strip in strips:
        if strip.day_id is not None:
            by_day[strip.day_id].append(strip)
    return {
        strip.scene.number: (numbers[day], place)
        for day, found in by_day.items()
        for place, strip in enumerate(sorted(found, key=lambda row: (row.position, row.pk)))
    }


def _coordinates(sets: Iterable[Set]) -> tuple[float | None, float | None]:
    """Of the first base that has them: bases of one shoot lie under the same sun."""
    for row in sets:
        if row.location is not None and row.location.base.latitude is not None:
            base = row.location.base
            return float(base.latitude), float(base.longitude) if base.longitude is not None else None  # type: ignore[arg-type]
    return None, None


def _film_sets(
    strips: list[Strip],
    sets: dict[str, Set],
    days: list[BoardDay],
    numbers: dict[int, int],
    production_id: int,
    zone: dt.tzinfo,
) -> tuple[list[FilmSet], dict[str, str], list[str]]:
    """Film sets, set name of a scene -> film set, and the names without a location.

    Sets of the story that share a location are one place to hire, else its price would be counted for each of them.
    """
    names = list(dict.fromkeys(strip.scene.set_name for strip in strips))
    at: dict[int, list[str]] = defaultdict(list)
    locations: dict[int, Location] = {}
    for name in names:
        row = sets.get(name)
        if row is not None and row.location is not None:
            at[row.location.pk].append(name)
            locations[row.location.pk] = row.location
    taken = _taken(list(at), days, production_id)
    found, ids, unplaced = [], {}, []
    used: set[str] = set()
    for name in names:
        row = sets.get(name)
        if row is None or row.location is None:
            label = _once(name or NOWHERE, used)
            ids[name] = label
            unplaced.append(name or NOWHERE)
            found.append(FilmSet(id=label, base=NOWHERE))
            continue
        location = row.location
        shared = at[location.pk]
        if name != shared[0]:
            continue
        label = _once(name if len(shared) == 1 else location.name, used)
        ids.update(dict.fromkeys(shared, label))
        hourly = location.hire_by == HireBy.HOUR
        found.append(
            FilmSet(
                id=label,
                base=location.base.name,
                price_per_hour=location.price_minor if hourly else 0,
                price_per_day=0 if hourly else location.price_minor,
                dressing_minutes=location.dressing_minutes,
                open=_open(location, taken.get(location.pk, []), days, numbers, zone),
            )
        )
    return found, ids, unplaced


def _once(label: str, used: set[str]) -> str:
    name, count = label, 2
    while name in used:
        name, count = f"{label} ({count})", count + 1
    used.add(name)
    return name


def _taken(
    locations: list[int], days: list[BoardDay], production_id: int
) -> dict[int, list[tuple[dt.datetime, dt.datetime]]]:
    """When other titles have these locations."""
    taken: dict[int, list[tuple[dt.datetime, dt.datetime]]] = defaultdict(list)
    if not days or not locations:
        return taken
    for location, start, end in (
        Booking.objects.filter(location__in=locations)
        .exclude(state=BookingState.CANCELLED)
        .exclude(production=production_id)
        .order_by("start_at")
        .values_list("location_id", "start_at", "end_at")
    ):
        taken[location].append((start, end))
    return taken


def _open(
    location: Location,
    taken: list[tuple[dt.datetime, dt.datetime]],
    days: list[BoardDay],
    numbers: dict[int, int],
    zone: dt.tzinfo,
) -> tuple[OpenWindow, ...] | None:
    """Its opening hours less what others have booked; None when it is always free."""
    always = location.open_from_minute == 0 and location.open_to_minute >= 1440
    if always and not taken:
        return None
    windows = []
    for day in days:
        midnight = dt.datetime.combine(day.date, dt.time(), zone)
        pieces = [(location.open_from_minute, LATEST if always else location.open_to_minute)]
        for start, end in taken:
            first = int((start - midnight).total_seconds() // 60)
            last = -int((midnight - end).total_seconds() // 60)
            pieces = [
                piece
                for low, high in pieces
                for piece in ((low, min(high, first)), (max(low, last), high))
                if piece[0] < piece[1]
            ] if first < LATEST and last > 0 else pieces  # fmt: skip
        windows += [OpenWindow(numbers[day.pk], low, high) for low, high in sorted(set(pieces))]
    return tuple(windows)


@dataclasses.dataclass(frozen=True)
class _Cast:
    people: dict[int, tuple[str, ...]]
    extras: dict[int, int]


def _people(
    production_id: int, strips: list[Strip], days: list[BoardDay], numbers: dict[int, int]
) -> tuple[list[Person], _Cast, dict[str, int], list[str]]:
    """People on camera, who is in which scene, their day rates, and the roles nobody plays."""
    castings = {
        row.character_id: row.engagement
        for row in Casting.objects.filter(character__production=production_id).select_related("engagement__person")
    }
    away: dict[int, list[tuple[dt.date, dt.date]]] = defaultdict(list)
    for person, first, last in Unavailability.objects.filter(
        person__in={engagement.person_id for engagement in castings.values()}
    ).values_list("person_id", "from_date", "to_date"):
        away[person].append((first, last))
    used: set[str] = set()
    rows: dict[int, Person] = {}
    rates: dict[str, int] = {}
    on_board = {strip.scene_id for strip in strips}
    in_scene: dict[int, list[str]] = defaultdict(list)
    extras: dict[int, int] = defaultdict(int)
    uncast: dict[str, None] = {}
    for scene, character, name, crowd, count in (
        SceneCharacter.objects.filter(scene__production=production_id)
        .order_by("scene_id", "id")
        .values_list("scene_id", "character_id", "character__name", "character__is_crowd", "count")
    ):
        if scene not in on_board:
            continue
        engagement = castings.get(character)
        if engagement is None:
            if crowd:
                extras[scene] += count
            else:
                uncast[name] = None
            continue
        person = rows.get(engagement.person_id)
        if person is None:
            label = _once(engagement.person.name, used)
            person = rows[engagement.person_id] = _person(label, engagement, away[engagement.person_id], days, numbers)
            rates[label] = engagement.day_rate_minor
        if person.id not in in_scene[scene]:
            in_scene[scene].append(person.id)
    cast = _Cast({scene: tuple(names) for scene, names in in_scene.items()}, dict(extras))
    return list(rows.values()), cast, rates, list(uncast)


def _person(
    label: str,
    engagement: Engagement,
    away: list[tuple[dt.date, dt.date]],
    days: list[BoardDay],
    numbers: dict[int, int],
) -> Person:
    free = tuple(
        numbers[day.pk]
        for day in days
        if (engagement.from_date is None or engagement.from_date <= day.date)
        and (engagement.to_date is None or day.date <= engagement.to_date)
        and not any(first <= day.date <= last for first, last in away)
    )
    return Person(
        id=label,
        day_rate=engagement.day_rate_minor,
        hold_percent=engagement.hold_percent,
        min_days=engagement.min_days,
        available=None if len(free) == len(days) else free,
    )
