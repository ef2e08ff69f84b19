"""Boards as their pages draw them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from django.db.models import Count, Q, QuerySet

from scheduling.board_sentences import group_name, say
from scheduling.choices import FIXED_DAYS, BoardState
from scheduling.models import (
    BoardDay,
    ShootDay,
    Strip,
    Stripboard,
)
from scripts_app.choices import SceneState
from scripts_app.models import SceneCharacter
from studio.models import Production
from studio.values import format_pages

_IN_THE_SCRIPT = Q(strips__scene__state=SceneState.ACTIVE)


def boards_of(production: Production) -> QuerySet[Stripboard]:
    """The locked one first, then drafts, newest first; with what their list shows."""
    return (
        Stripboard.objects.filter(production=production)
        .annotate(
            days_count=Count("days", distinct=True),
            strips_count=Count("strips", filter=_IN_THE_SCRIPT, distinct=True),
            left_count=Count("strips", filter=_IN_THE_SCRIPT & Q(strips__day=None), distinct=True),
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
    omitted: bool


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
    omitted: tuple[str, ...]
    """Numbers of scenes that stand on a day though the script has them no more; only a locked board has such."""


def board_view(board: Stripboard) -> BoardView:
    """The board as its page draws it: a constant number of queries."""
    production = board.production
    unit = production.studio.page_unit
    days = list(board.days.order_by("date", "unit"))
    strips = list(board.strips.select_related("scene__episode").order_by("position", "scene__sort_key", "id"))
    marks, roles = cast_marks(production.pk, {strip.scene_id for strip in strips})
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
    in_script = [strip for strip in strips if strip.scene.state == SceneState.ACTIVE]
    laid = sum(strip.day_id is not None for strip in in_script)
    undone = set(board.moves.values_list("undone", flat=True).distinct().order_by())
    gap = None
    if board.total_minor and board.bound_minor is not None and laid == len(in_script):
        gap = max(0, (board.total_minor - board.bound_minor) * 100 // board.total_minor)
    return BoardView(
        board=board,
        days=tuple(columns),
        boneyard=tuple(sorted(by_day.get(None, []), key=_reading_order(strips))),
        cost_groups=cost_groups(board.cost_lines),
        warnings=warnings,
        scenes_count=len(in_script),
        placed_count=laid,
        pages=format_pages(sum(strip.scene.page_parts for strip in in_script), unit),
        gap_percent=gap,
        can_undo=False in undone,
        can_redo=True in undone,
        sets=tuple(sorted({strip.scene.set_name for strip in strips if strip.scene.set_name})),
        roles=roles,
        episodes=tuple(sorted({strip.scene.episode.number for strip in strips})),
        omitted=tuple(row.number for column in columns for row in column.strips if row.omitted),
    )


def _reading_order(strips: list[Strip]) -> Any:
    keys = {strip.scene_id: (strip.scene.sort_key, strip.scene_id) for strip in strips}
    return lambda view: keys[view.scene_id]


def cast_marks(production_id: int, scenes: set[int]) -> tuple[dict[int, tuple[CastMark, ...]], tuple[CastMark, ...]]:
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
        omitted=scene.state == SceneState.OMITTED,
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

    @property
    def differs(self) -> bool:
        return len(set(self.amounts)) > 1


def compare(boards: Iterable[Stripboard]) -> list[Comparison]:
    """Costs of boards by heading, dearest heading first."""
    rows = list(boards)
    sums: dict[str, list[int]] = defaultdict(lambda: [0] * len(rows))
    for place, board in enumerate(rows):
        for line in board.cost_lines:
            sums[line["code"].partition(".")[0]][place] += line["amount"]
    found = [Comparison(group_name(code), tuple(amounts)) for code, amounts in sums.items()]
    return sorted(found, key=lambda row: (-max(row.amounts), row.name))
