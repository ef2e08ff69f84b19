"""Questions about boards, places, people and days."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum
from django.utils import timezone

from scheduling.board_sentences import group_name, say
from scheduling.choices import FIXED_DAYS, BoardState, BookingState, ShootDayState
from scheduling.models import (
    BoardDay,
    Booking,
    Casting,
    FilmBase,
    Location,
    PlannedScene,
    Set,
    ShootDay,
    Strip,
    Stripboard,
    Unavailability,
)
from scripts_app.choices import SceneState
from scripts_app.models import Character, Scene, SceneCharacter
from studio.access import Access
from studio.choices import Department
from studio.models import Engagement, Person, Production
from studio.values import format_pages

# --- boards -------------------------------------------------------------------------------------------------------


def boards_of(production: Production) -> QuerySet[Stripboard]:
    """The locked one first, then drafts, newest first; with what their list shows."""
    return (
        Stripboard.objects.filter(production=production)
        .annotate(
            days_count=Count("days", distinct=True),
            strips_count=Count("strips", distinct=True),
            left_count=Count("strips", filter=Q(strips__day=None), distinct=True),
        )
        .select_related("locked_by")
        .order_by("-id")
    )


def board_in_front(production: Production) -> Stripboard | None:
    """The newest draft, else the locked board."""
    rows = Stripboard.objects.filter(production=production).select_related("production__studio")
    return rows.filter(state=BoardState.DRAFT).first() or rows.filter(state=BoardState.LOCKED).first()


@dataclasses.dataclass(frozen=True)
class StripView:
    """A strip as it is drawn."""

    scene_id: int
    number: str
    episode: int
    set_name: str
    sub_place: str
    int_ext: str
    time_of_day: str
    cast: tuple[CastMark, ...]
    pages: str
    page_parts: int
    minutes: int
    start_minute: int | None
    end_minute: int | None
    synopsis: str
    pinned: bool
    flashback: bool
    faulty: bool


@dataclasses.dataclass(frozen=True)
class CastMark:
    """A role on a strip: its number on the cast list and its name."""

    character_id: int
    number: int
    name: str


@dataclasses.dataclass(frozen=True)
class Banner:
    """A line between strips: a meal or a move to another base."""

    kind: str
    text: str
    start_minute: int
    end_minute: int


@dataclasses.dataclass(frozen=True)
class DayView:
    """A day column: banners and strips in the order of the clock."""

    id: int
    number: int
    date: dt.date
    unit: str
    call_minute: int
    wrap_minute: int | None
    limit_minutes: int
    used_minutes: int
    pages: str
    scenes_count: int
    cost_minor: int | None
    rows: tuple[StripView | Banner, ...]
    bases: tuple[str, ...]
    warnings_count: int
    called: bool

    @property
    def strips(self) -> tuple[StripView, ...]:
        return tuple(row for row in self.rows if isinstance(row, StripView))

    @property
    def full_percent(self) -> int:
        return min(100, self.used_minutes * 100 // self.limit_minutes) if self.limit_minutes else 0

    @property
    def over(self) -> bool:
        return self.used_minutes > self.limit_minutes


@dataclasses.dataclass(frozen=True)
class Line:
    code: str
    text: str
    amount: int


@dataclasses.dataclass(frozen=True)
class CostGroup:
    name: str
    amount: int
    lines: tuple[Line, ...]


@dataclasses.dataclass(frozen=True)
class Warning_:
    code: str
    text: str
    day: int | None
    scene: str
    hard: bool


@dataclasses.dataclass(frozen=True)
class BoardView:
    """All a board's page draws, in words of the reader's language."""

    board: Stripboard
    days: tuple[DayView, ...]
    boneyard: tuple[StripView, ...]
    cost_groups: tuple[CostGroup, ...]
    warnings: tuple[Warning_, ...]
    scenes_count: int
    placed_count: int
    pages: str
    gap_percent: int | None
    can_undo: bool
    can_redo: bool
    sets: tuple[str, ...]
    roles: tuple[CastMark, ...]
    episodes: tuple[int, ...]


def board_view(board: Stripboard) -> BoardView:
    """The board as its page draws it: a constant number of queries."""
    production = board.production
    unit = production.studio.page_unit
    days = list(board.days.order_by("date", "unit"))
    strips = list(board.strips.select_related("scene__episode").order_by("position", "scene__sort_key", "id"))
    marks, roles = _cast_marks(production.pk, {strip.scene_id for strip in strips})
    warnings = warnings_of(board)
    faulty = {warning.scene for warning in warnings if warning.hard and warning.scene}
    called = set(ShootDay.objects.filter(production=production, state__in=FIXED_DAYS).values_list("date", "unit"))
    by_day: dict[int | None, list[StripView]] = defaultdict(list)
    for strip in strips:
        by_day[strip.day_id].append(_strip_view(strip, marks.get(strip.scene_id, ()), unit, faulty))
    columns = []
    for number, day in enumerate(days, 1):
        own = by_day.get(day.pk, [])
        columns.append(
            DayView(
                id=day.pk,
                number=number,
                date=day.date,
                unit=day.unit,
                call_minute=day.call_minute,
                wrap_minute=day.wrap_minute,
                limit_minutes=day.limit_minutes,
                used_minutes=max(0, (day.wrap_minute or day.call_minute) - day.call_minute),
                pages=format_pages(sum(strip.page_parts for strip in own), unit),
                scenes_count=len(own),
                cost_minor=day.cost_minor,
                rows=_rows(day, own),
                bases=tuple(dict.fromkeys(visit[1] for visit in day.timeline.get("visits", []))),
                warnings_count=sum(warning.day == number and warning.hard for warning in warnings),
                called=(day.date, day.unit) in called,
            )
        )
    laid = sum(column.scenes_count for column in columns)
    undone = set(board.moves.values_list("undone", flat=True).distinct().order_by())
    gap = None
    if board.total_minor and board.bound_minor is not None and laid == len(strips):
        gap = max(0, (board.total_minor - board.bound_minor) * 100 // board.total_minor)
    return BoardView(
        board=board,
        days=tuple(columns),
        boneyard=tuple(sorted(by_day.get(None, []), key=_reading_order(strips))),
        cost_groups=cost_groups(board.cost_lines),
        warnings=warnings,
        scenes_count=len(strips),
        placed_count=laid,
        pages=format_pages(sum(strip.scene.page_parts for strip in strips), unit),
        gap_percent=gap,
        can_undo=False in undone,
        can_redo=True in undone,
        sets=tuple(sorted({strip.scene.set_name for strip in strips if strip.scene.set_name})),
        roles=roles,
        episodes=tuple(sorted({strip.scene.episode.number for strip in strips})),
    )


def _reading_order(strips: list[Strip]) -> Any:
    keys = {strip.scene_id: (strip.scene.sort_key, strip.scene_id) for strip in strips}
    return lambda view: keys[view.scene_id]


def _cast_marks(production_id: int, scenes: set[int]) -> tuple[dict[int, tuple[CastMark, ...]], tuple[CastMark, ...]]:
    """Roles per scene; numbered as cast lists are, who is in most scenes first."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    names: dict[int, str] = {}
    count: dict[int, int] = defaultdict(int)
    for scene, character, name in (
        SceneCharacter.objects.filter(scene__production=production_id, character__is_crowd=False)
        .order_by("id")
        .values_list("scene_id", "character_id", "character__name")
    ):
        if scene in scenes:
            found[scene].append((character, name))
            names[character] = name
            count[character] += 1
    order = sorted(names, key=lambda character: (-count[character], character))
    marks = {character: CastMark(character, number, names[character]) for number, character in enumerate(order, 1)}
    per_scene = {
        scene: tuple(sorted({marks[character] for character, _name in roles}, key=lambda mark: mark.number))
        for scene, roles in found.items()
    }
    return per_scene, tuple(marks[character] for character in order)


def _strip_view(strip: Strip, cast: tuple[CastMark, ...], unit: str, faulty: set[str]) -> StripView:
    scene = strip.scene
    return StripView(
        scene_id=scene.pk,
        number=scene.number,
        episode=scene.episode.number,
        set_name=scene.set_name,
        sub_place=scene.sub_place,
        int_ext=scene.int_ext,
        time_of_day=scene.time_of_day,
        cast=cast,
        pages=format_pages(scene.page_parts, unit),
        page_parts=scene.page_parts,
        minutes=scene.shoot_minutes,
        start_minute=strip.start_minute,
        end_minute=strip.end_minute,
        synopsis=scene.synopsis,
        pinned=strip.pinned,
        flashback=scene.flashback,
        faulty=scene.number in faulty,
    )


def _rows(day: BoardDay, strips: list[StripView]) -> tuple[StripView | Banner, ...]:
    meals = day.timeline.get("meals", [])
    banners = [Banner("meal", "", start, end) for start, end in meals]
    visits = day.timeline.get("visits", [])
    for before, after in pairwise(visits):
        if before[1] != after[1]:
            # A meal before the move is eaten first.
            leaves = max([before[3], *(end for start, end in meals if before[3] <= start < after[2])])
            banners.append(Banner("move", after[1], leaves, after[2]))
    waiting = sorted(banners, key=lambda banner: (banner.start_minute, banner.end_minute))
    rows: list[StripView | Banner] = []
    for strip in strips:
        while waiting and strip.start_minute is not None and waiting[0].start_minute < strip.start_minute:
            rows.append(waiting.pop(0))
        rows.append(strip)
    return tuple(rows)


def cost_groups(lines: Iterable[Mapping[str, Any]]) -> tuple[CostGroup, ...]:
    """Cost lines in words under their headings, dearest first within each."""
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        groups[line["code"].partition(".")[0]].append(
            Line(line["code"], say(line["code"], line["params"]), line["amount"])
        )
    return tuple(
        CostGroup(group_name(name), sum(line.amount for line in own), tuple(sorted(own, key=lambda row: -row.amount)))
        for name, own in groups.items()
    )


def warnings_of(board: Stripboard) -> tuple[Warning_, ...]:
    found = []
    for item in board.warnings:
        params = item["params"]
        day = params.get("day")
        found.append(
            Warning_(
                code=item["code"],
                text=say(item["code"], params),
                day=day if isinstance(day, int) else None,
                scene=str(params.get("scene", "")),
                hard=not item["code"].startswith("board."),
            )
        )
    return tuple(found)


@dataclasses.dataclass(frozen=True)
class Comparison:
    """One heading of costs over several boards, in their order; the least of each row stands out."""

    name: str
    amounts: tuple[int, ...]

    @property
    def least(self) -> int:
        return min(self.amounts)


def compare(boards: Iterable[Stripboard]) -> list[Comparison]:
    """Costs of boards by heading, dearest heading first."""
    rows = list(boards)
    sums: dict[str, list[int]] = defaultdict(lambda: [0] * len(rows))
    for place, board in enumerate(rows):
        for line in board.cost_lines:
            sums[line["code"].partition(".")[0]][place] += line["amount"]
    found = [Comparison(group_name(code), tuple(amounts)) for code, amounts in sums.items()]
    return sorted(found, key=lambda row: (-max(row.amounts), row.name))


# --- day out of days ------------------------------------------------------------------------------------------------


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
    marks, roles = _cast_marks(board.production_id, set(board.strips.values_list("scene_id", flat=True)))
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


# --- shoot days -----------------------------------------------------------------------------------------------------


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


# --- places ---------------------------------------------------------------------------------------------------------


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


# --- people ---------------------------------------------------------------------------------------------------------


def people(
    access: Access, *, search: str = "", department: str = "", production_id: int | None = None
) -> QuerySet[Person]:
    """People with their engagements and absences to come."""
    engagements = access.scope(Engagement.objects.select_related("production"), "people.view").order_by("-id")
    rows = access.scope(Person.objects.all(), "people.view").prefetch_related(
        Prefetch("engagements", engagements, to_attr="seen_engagements"),
        Prefetch(
            "unavailabilities", Unavailability.objects.filter(to_date__gte=timezone.localdate()).order_by("from_date"),
            to_attr="away",
        ),
    )  # fmt: skip
    if search:
        rows = rows.filter(
            Q(name__icontains=search) | Q(phone__icontains=search) | Q(engagements__job_title__icontains=search)
        )
    if department in Department.values:
        rows = rows.filter(engagements__department=department)
    if production_id is not None:
        rows = rows.filter(engagements__production=production_id)
    return rows.distinct().order_by("name", "id")


def engagements_of(production: Production) -> QuerySet[Engagement]:
    return (
        Engagement.objects.filter(production=production)
        .select_related("person")
        .prefetch_related(Prefetch("castings", Casting.objects.select_related("character")))
        .order_by("department", "id")
    )


def roles_of(production: Production) -> list[Character]:
    """Roles that need a performer: with scene count and who plays them, most scenes first."""
    rows = list(
        Character.objects.filter(production=production, is_crowd=False)
        .annotate(scenes_count=Count("scenes", filter=Q(scenes__scene__state=SceneState.ACTIVE), distinct=True))
        .order_by("id")
    )
    castings = {
        row.character_id: row
        for row in Casting.objects.filter(character__production=production).select_related("engagement__person")
    }
    for row in rows:
        row.played_by = castings.get(row.pk)  # type: ignore[attr-defined]
    return sorted(rows, key=lambda row: (-row.scenes_count, row.pk))  # type: ignore[attr-defined]


# --- clashes over all titles ----------------------------------------------------------------------------------------


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
