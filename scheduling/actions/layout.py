"""How a board lies: days in order, scenes on each in order; read, changed in memory, written back whole."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Any

from scheduling.board_figures import Figures, reckon
from scheduling.board_problem import BoardProblem
from scheduling.choices import BoardMoveKind
from scheduling.models import BoardDay, BoardMove, Strip, Stripboard
from scripts_app.choices import SceneState
from studio.models import User

MOST_MOVES = 200
"""Changes kept per board; older ones can no longer be undone."""


@dataclasses.dataclass
class LayoutDay:
    date: str
    unit: str
    call: int
    limit: int
    scenes: list[int]

    @property
    def key(self) -> tuple[str, str]:
        return (self.date, self.unit)


@dataclasses.dataclass
class Layout:
    """Scenes that no day names are in the boneyard."""

    days: list[LayoutDay]
    pinned: set[int]

    def to_json(self) -> dict[str, Any]:
        return {"days": [dataclasses.asdict(day) for day in self.days], "pinned": sorted(self.pinned)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Layout:
        return cls([LayoutDay(**day) for day in data["days"]], set(data["pinned"]))

    def move(self, scenes: list[int], to: tuple[str, str] | None, position: int) -> None:
        """Take scenes from where they are and put them, in the order given, at `position` among those that stay."""
        moving = set(scenes)
        for day in self.days:
            day.scenes = [scene for scene in day.scenes if scene not in moving]
        if to is None:
            self.pinned -= moving
            return
        for day in self.days:
            if day.key == to:
                place = max(0, min(position, len(day.scenes)))
                day.scenes[place:place] = scenes

    def sort_days(self) -> None:
        self.days.sort(key=lambda day: day.key)


def read_layout(board: Stripboard) -> Layout:
    days = {
        day.pk: LayoutDay(day.date.isoformat(), day.unit, day.call_minute, day.limit_minutes, [])
        for day in board.days.order_by("date", "unit")
    }
    pinned = set()
    for scene, day, is_pinned in board.strips.order_by("position", "id").values_list("scene_id", "day_id", "pinned"):
        if is_pinned:
            pinned.add(scene)
        if day is not None:
            days[day].scenes.append(scene)
    return Layout(list(days.values()), pinned)


def write_layout(board: Stripboard, layout: Layout) -> dict[tuple[str, str], int]:
    """Make the rows as the layout says; returns the day rows' ids. Scenes without a strip are left out.

    An omitted scene stays in the boneyard, also when the layout is of a time when it had a day.
    """
    known = {(day.date.isoformat(), day.unit): day for day in board.days.all()}
    wanted = {day.key: day for day in layout.days}
    gone = [day.pk for key, day in known.items() if key not in wanted]
    if gone:
        BoardDay.objects.filter(pk__in=gone).delete()
    BoardDay.objects.bulk_create(
        [
            BoardDay(
                board=board, date=dt.date.fromisoformat(day.date), unit=day.unit, call_minute=day.call,
                limit_minutes=day.limit,
            )
            for key, day in wanted.items()
            if key not in known
        ]
    )  # fmt: skip
    for key, day in wanted.items():
        row = known.get(key)
        if row is not None and (row.call_minute, row.limit_minutes) != (day.call, day.limit):
            BoardDay.objects.filter(pk=row.pk).update(call_minute=day.call, limit_minutes=day.limit)
    ids = {(date.isoformat(), unit): pk for pk, date, unit in board.days.values_list("pk", "date", "unit")}
    place = {scene: (ids[day.key], position) for day in layout.days for position, scene in enumerate(day.scenes)}
    changed = []
    for strip in board.strips.select_related("scene"):
        gone = strip.scene.state == SceneState.OMITTED
        day_id, position = (None, 0) if gone else place.get(strip.scene_id, (None, 0))
        pinned = strip.scene_id in layout.pinned and day_id is not None
        if (strip.day_id, strip.position, strip.pinned) != (day_id, position, pinned):
            strip.day_id, strip.position, strip.pinned = day_id, position, pinned
            changed.append(strip)
    Strip.objects.bulk_update(changed, ["day", "position", "pinned"], batch_size=200)
    return ids


def store_figures(board: Stripboard, read: BoardProblem, figures: Figures) -> None:
    """Write clock times, day figures, cost lines and warnings; only what differs."""
    strips = []
    for strip in board.strips.all():
        start, end = figures.clock.get(strip.scene_id, (None, None))
        if (strip.start_minute, strip.end_minute) != (start, end):
            strip.start_minute, strip.end_minute = start, end
            strips.append(strip)
    Strip.objects.bulk_update(strips, ["start_minute", "end_minute"], batch_size=200)
    days = []
    for day in board.days.all():
        own = figures.days[day.pk]
        if (day.wrap_minute, day.cost_minor, day.timeline) != (own.wrap_minute, own.cost_minor, own.timeline):
            day.wrap_minute, day.cost_minor, day.timeline = own.wrap_minute, own.cost_minor, own.timeline
            days.append(day)
    BoardDay.objects.bulk_update(days, ["wrap_minute", "cost_minor", "timeline"])
    board.total_minor, board.bound_minor = figures.total_minor, figures.bound_minor
    board.cost_lines, board.warnings = figures.cost_lines, figures.warnings
    board.save(update_fields=["total_minor", "bound_minor", "cost_lines", "warnings", "updated_at"])


def reckon_board(board: Stripboard) -> Figures:
    """Work out the board as its rows lie now and store what comes out."""
    from scheduling.board_problem import read_problem

    read = read_problem(board)
    figures = reckon(read)
    store_figures(board, read, figures)
    return figures


def record(
    board: Stripboard, kind: BoardMoveKind, before: Layout, after: Layout, by: User | None, at: dt.datetime
) -> None:
    """Remember a change. What was undone before it can no longer be redone."""
    BoardMove.objects.filter(board=board, undone=True).delete()
    last = BoardMove.objects.filter(board=board).order_by("-number").values_list("number", flat=True).first() or 0
    BoardMove.objects.create(
        board=board, number=last + 1, kind=kind, before=before.to_json(), after=after.to_json(), made_by=by, made_at=at
    )
    BoardMove.objects.filter(board=board, number__lte=last + 1 - MOST_MOVES).delete()


def touched(before: Layout, after: Layout) -> tuple[set[tuple[str, str]], bool]:
    """Keys of the days that differ, and whether the days themselves do."""
    old = {day.key: day for day in before.days}
    new = {day.key: day for day in after.days}
    if set(old) != set(new):
        return set(new), True
    pins = before.pinned ^ after.pinned
    keys = {key for key, day in new.items() if day != old[key] or pins & set(day.scenes)}
    return keys, False


def first_free_name(names: Iterable[str], wanted: str) -> str:
    """`wanted`, or `wanted 2` and so on when it is taken."""
    taken, name, count = set(names), wanted, 2
    while name in taken:
        name, count = f"{wanted[:70]} {count}", count + 1
    return name
