"""Drafts: made, laid by hand, undone, copied."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scheduling.actions.layout import (
    Layout,
    LayoutDay,
    first_free_name,
    read_layout,
    reckon_board,
    record,
    touched,
    write_layout,
)
from scheduling.choices import FIXED_DAYS, BoardMoveKind, BoardState, Unit
from scheduling.events import StripboardDrafted
from scheduling.models import BoardDay, BoardMove, PlannedScene, ShootDay, Strip, Stripboard
from scripts_app.choices import SceneState
from scripts_app.models import Scene
from studio.facts import publish
from studio.models import Production, User
from studio.refusals import Refused
from studio.versions import bump_production

MOST_DAYS = 120

SETTINGS = (
    "most_scenes", "meal_minutes", "set_change_minutes", "base_move_minutes", "overtime_after_minutes",
    "night_exteriors_any_time", "base_move_minor", "extra_day_minor", "early_episodes_minor", "set_change_minor",
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Changed:
    """A board after a change: `day_ids` of the columns that differ; `days_changed` when columns came or went."""

    board: Stripboard
    day_ids: frozenset[int]
    days_changed: bool


def claim(board: Stripboard, version: int) -> Stripboard:
    """Take the board for a change made against `version`, inside a transaction; returns it fresh.

    A locked board is refused; a version that moved on is a conflict.
    """
    taken = Stripboard.objects.filter(pk=board.pk, version=version, state=BoardState.DRAFT).update(
        version=F("version") + 1, updated_at=timezone.now()
    )
    if not taken:
        now = Stripboard.objects.filter(pk=board.pk).first()
        if now is None:
            raise Refused("board_gone", _("This board was deleted."), conflict=True)
        if now.state != BoardState.DRAFT:
            raise Refused(
                "board_not_draft", _("This board is locked. Duplicate it and change the copy."), conflict=True
            )
        raise Refused(
            "board_moved_on",
            _("Somebody else changed this board meanwhile. Nothing of yours was stored: look at it as it is now."),
            conflict=True,
        )
    return Stripboard.objects.select_related("production__studio").get(pk=board.pk)


def fixed_scene_ids(production: Production) -> set[int]:
    """Scenes that were shot or are on a call sheet that is out: no draft plans them again unless they are owed."""
    return set(
        PlannedScene.objects.filter(
            shoot_day__production=production, shoot_day__state__in=FIXED_DAYS, owed_at=None
        ).values_list("scene_id", flat=True)
    )


def _to_plan(production: Production) -> list[int]:
    done = fixed_scene_ids(production)
    return [
        pk
        for pk in Scene.objects.filter(production=production, state=SceneState.ACTIVE)
        .order_by("sort_key", "id")
        .values_list("pk", flat=True)
        if pk not in done
    ]


@transaction.atomic
def draft_board(
    *,
    production: Production,
    dates: Iterable[dt.date],
    name: str,
    by: User | None,
    call_minute: int = 360,
    limit_minutes: int = 840,
    at: dt.datetime | None = None,
) -> Stripboard:
    """A new draft: its days, and every scene still to be shot as a strip in the boneyard."""
    wanted = sorted(set(dates))
    if not wanted:
        raise Refused("dates_missing", _("Choose at least one shoot date."), field="dates")
    if len(wanted) > MOST_DAYS:
        raise Refused(
            "too_many_days", _("A board has at most %(most)s days."), field="dates", params={"most": MOST_DAYS}
        )
    _check_hours(call_minute, limit_minutes)
    scenes = _to_plan(production)
    if not scenes:
        raise Refused(
            "nothing_to_plan", _("There is no scene left to plan. Import a script first, or look at the locked board.")
        )
    called = _called_dates(production) & set(wanted)
    if called:
        raise Refused(
            "day_called", _("The call sheet of %(date)s is out; this day no longer moves."), field="dates",
            params={"date": min(called).isoformat()},
        )  # fmt: skip
    board = _new_board(production, name.strip()[:80] or str(_("Board")))
    BoardDay.objects.bulk_create(
        [
            BoardDay(board=board, date=date, unit=Unit.MAIN, call_minute=call_minute, limit_minutes=limit_minutes)
            for date in wanted
        ]
    )
    Strip.objects.bulk_create([Strip(board=board, scene_id=pk) for pk in scenes])
    return _drafted(board, by, at)


def _new_board(production: Production, name: str, **fields: Any) -> Stripboard:
    names = Stripboard.objects.filter(production=production).values_list("name", flat=True)
    return Stripboard.objects.create(production=production, name=first_free_name(names, name), **fields)


def _drafted(board: Stripboard, by: User | None, at: dt.datetime | None) -> Stripboard:
    reckon_board(board)
    publish(
        StripboardDrafted(
            studio_id=board.production.studio_id, production_id=board.production_id, stripboard_id=board.pk,
            name=board.name,
        ),
        by=by, at=at,
    )  # fmt: skip
    return board


def _check_hours(call_minute: int, limit_minutes: int) -> None:
    if not 0 <= call_minute < 1440:
        raise Refused("call_out_of_range", _("A call is between 00:00 and 23:59."), field="call_minute")
    if not 60 <= limit_minutes <= 1440:
        raise Refused("limit_out_of_range", _("A shoot day lasts 1 to 24 hours."), field="limit_minutes")


def _called_dates(production: Production) -> set[dt.date]:
    return set(
        ShootDay.objects.filter(production=production, unit=Unit.MAIN, state__in=FIXED_DAYS).values_list(
            "date", flat=True
        )
    )


@transaction.atomic
def duplicate_board(*, board: Stripboard, by: User | None, name: str = "", at: dt.datetime | None = None) -> Stripboard:
    """A draft like this board, less what is shot or called; scenes that are owed or new wait in its boneyard."""
    production = board.production
    copy = _new_board(
        production, name.strip()[:80] or f"{board.name[:70]} · 2",
        **{field: getattr(board, field) for field in SETTINGS},
    )  # fmt: skip
    called = _called_dates(production)
    layout = read_layout(board)
    scenes = _to_plan(production)
    still = set(scenes)
    layout.days = [day for day in layout.days if dt.date.fromisoformat(day.date) not in called]
    for day in layout.days:
        day.scenes = [scene for scene in day.scenes if scene in still]
    if not scenes:
        raise Refused("nothing_to_plan", _("There is no scene left to plan: all are shot or called."))
    Strip.objects.bulk_create([Strip(board=copy, scene_id=pk) for pk in scenes])
    write_layout(copy, layout)
    return _drafted(copy, by, at)


@transaction.atomic
def rename_board(*, board: Stripboard, name: str, by: User | None) -> Stripboard:
    if not name.strip():
        raise Refused("name_missing", _("Give the board a name."), field="name")
    board.name = name.strip()[:80]
    board.save(update_fields=["name", "updated_at"])
    bump_production(board.production_id)
    return board


@transaction.atomic
def change_settings(*, board: Stripboard, version: int, by: User | None, **settings: Any) -> Stripboard:
    """Change what the board reckons with; its figures are worked out again."""
    unknown = set(settings) - set(SETTINGS)
    if unknown:
        raise TypeError(f"no such setting: {sorted(unknown)}")
    if any(not isinstance(value, bool) and value < 0 for value in settings.values()):
        raise Refused("negative_amount", _("None of these can be negative."))
    fresh = claim(board, version)
    for field, value in settings.items():
        setattr(fresh, field, value)
    fresh.save(update_fields=[*settings, "updated_at"])
    reckon_board(fresh)
    bump_production(fresh.production_id)
    return fresh


def _change(
    board: Stripboard,
    version: int,
    kind: BoardMoveKind,
    by: User | None,
    at: dt.datetime | None,
    alter: Callable[[Stripboard, Layout], None],
) -> Changed:
    """One change of a draft: claimed, laid, recorded, worked out again. Call it in a transaction."""
    fresh = claim(board, version)
    before, after = read_layout(fresh), read_layout(fresh)
    alter(fresh, after)
    changed = _lay(fresh, before, after)
    record(fresh, kind, before, after, by, at or timezone.now())
    return changed


def _lay(board: Stripboard, before: Layout, after: Layout) -> Changed:
    ids = write_layout(board, after)
    reckon_board(board)
    bump_production(board.production_id)
    keys, days_changed = touched(before, after)
    return Changed(board, frozenset(ids[key] for key in keys), days_changed)


@transaction.atomic
def refresh_drafts(*, production: Production) -> int:
    """Bring drafts up to their rows: strips of new and of omitted scenes in the boneyard, figures worked out.

    For when a script, a scene, a place, a role or an absence changed. Returns the drafts looked at.
    """
    wanted = set(_to_plan(production))
    drafts = list(
        Stripboard.objects.select_for_update(of=("self",))
        .select_related("production__studio")
        .filter(production=production, state=BoardState.DRAFT)
        .order_by("id")
    )
    for draft in drafts:
        strips = dict(draft.strips.values_list("scene_id", "pk"))
        missing = sorted(wanted - set(strips))
        buried = bury_omitted(draft)
        if missing or buried:
            claim(draft, draft.version)
            Strip.objects.bulk_create([Strip(board=draft, scene_id=scene) for scene in missing])
        reckon_board(draft)
    if drafts:
        bump_production(production.pk)
    return len(drafts)


def bury_omitted(board: Stripboard) -> int:
    """Take strips of omitted scenes off their days: they lie in the boneyard until a draft of the script has them back."""
    return board.strips.filter(scene__state=SceneState.OMITTED).exclude(day=None).update(
        day=None, position=0, pinned=False
    )  # fmt: skip


def _strips_of(board: Stripboard, scene_ids: Iterable[int]) -> list[int]:
    """The scenes in the order given, each once; refuses one that is not on the board."""
    wanted = list(dict.fromkeys(scene_ids))
    if not wanted:
        raise Refused("scenes_missing", _("Choose at least one strip."), field="scene_ids")
    found = set(board.strips.filter(scene__in=wanted).values_list("scene_id", flat=True))
    if found != set(wanted):
        raise Refused("strip_unknown", _("One of these scenes is not on this board."), field="scene_ids")
    return wanted


@transaction.atomic
def move_strips(
    *,
    board: Stripboard,
    version: int,
    scene_ids: Iterable[int],
    day_id: int | None,
    position: int,
    by: User | None,
    at: dt.datetime | None = None,
) -> Changed:
    """Put strips on a day at a position among those that stay there, or in the boneyard (`day_id` None).

    A `version` that is not the board's is a conflict and changes nothing. Clock times, costs and warnings follow.
    """

    def alter(fresh: Stripboard, layout: Layout) -> None:
        scenes = _strips_of(fresh, scene_ids)
        to = None
        if day_id is not None:
            day = fresh.days.filter(pk=day_id).first()
            if day is None:
                raise Refused("day_unknown", _("This day is not on this board."), field="day_id")
            gone = Scene.objects.filter(pk__in=scenes, state=SceneState.OMITTED).order_by("sort_key").first()
            if gone is not None:
                raise Refused(
                    "scene_omitted", _("Scene %(number)s is omitted from the script; it stays in the boneyard."),
                    field="scene_ids", params={"number": gone.number},
                )  # fmt: skip
            to = (day.date.isoformat(), day.unit)
        layout.move(scenes, to, position)

    return _change(board, version, BoardMoveKind.MOVED, by, at, alter)


@transaction.atomic
def pin_strips(
    *,
    board: Stripboard,
    version: int,
    scene_ids: Iterable[int],
    pinned: bool,
    by: User | None,
    at: dt.datetime | None = None,
) -> Changed:
    """Keep strips on their day whatever the solver thinks, or free them. Strips in the boneyard stay free."""

    def alter(fresh: Stripboard, layout: Layout) -> None:
        scenes = set(_strips_of(fresh, scene_ids))
        laid = {scene for day in layout.days for scene in day.scenes}
        layout.pinned = (layout.pinned | scenes) & laid if pinned else layout.pinned - scenes

    return _change(board, version, BoardMoveKind.PINNED, by, at, alter)


@transaction.atomic
def add_board_day(
    *,
    board: Stripboard,
    version: int,
    date: dt.date,
    by: User | None,
    call_minute: int = 360,
    limit_minutes: int = 840,
    at: dt.datetime | None = None,
) -> Changed:
    """Add a day column."""
    _check_hours(call_minute, limit_minutes)

    def alter(fresh: Stripboard, layout: Layout) -> None:
        if date in _called_dates(fresh.production):
            raise Refused(
                "day_called", _("The call sheet of %(date)s is out; this day no longer moves."), field="date",
                params={"date": date.isoformat()},
            )  # fmt: skip
        if any(day.key == (date.isoformat(), Unit.MAIN) for day in layout.days):
            raise Refused(
                "day_twice", _("%(date)s is on the board already."), field="date", params={"date": date.isoformat()}
            )
        if len(layout.days) >= MOST_DAYS:
            raise Refused(
                "too_many_days", _("A board has at most %(most)s days."), field="date", params={"most": MOST_DAYS}
            )
        layout.days.append(LayoutDay(date.isoformat(), str(Unit.MAIN), call_minute, limit_minutes, []))
        layout.sort_days()

    return _change(board, version, BoardMoveKind.DAY_ADDED, by, at, alter)


def _day_of(fresh: Stripboard, layout: Layout, day_id: int) -> LayoutDay:
    row = fresh.days.filter(pk=day_id).first()
    if row is None:
        raise Refused("day_unknown", _("This day is not on this board."), field="day_id")
    return next(day for day in layout.days if day.key == (row.date.isoformat(), row.unit))


@transaction.atomic
def remove_board_day(
    *, board: Stripboard, version: int, day_id: int, by: User | None, at: dt.datetime | None = None
) -> Changed:
    """Take a day off the board; its strips go to the boneyard."""

    def alter(fresh: Stripboard, layout: Layout) -> None:
        day = _day_of(fresh, layout, day_id)
        layout.days.remove(day)
        layout.pinned -= set(day.scenes)

    return _change(board, version, BoardMoveKind.DAY_REMOVED, by, at, alter)


@transaction.atomic
def change_board_day(
    *,
    board: Stripboard,
    version: int,
    day_id: int,
    call_minute: int,
    limit_minutes: int,
    by: User | None,
    at: dt.datetime | None = None,
) -> Changed:
    """Change a day's call and how long it may last."""
    _check_hours(call_minute, limit_minutes)

    def alter(fresh: Stripboard, layout: Layout) -> None:
        day = _day_of(fresh, layout, day_id)
        day.call, day.limit = call_minute, limit_minutes

    return _change(board, version, BoardMoveKind.DAY_CHANGED, by, at, alter)


@transaction.atomic
def undo(*, board: Stripboard, version: int, by: User | None) -> Changed:
    """Take back the last change that is not taken back yet."""
    move = board.moves.filter(undone=False).order_by("-number").first()
    if move is None:
        raise Refused("nothing_to_undo", _("There is nothing to undo."))
    return _walk(board, version, move, back=True)


@transaction.atomic
def redo(*, board: Stripboard, version: int, by: User | None) -> Changed:
    """Do again what was undone last."""
    move = board.moves.filter(undone=True).order_by("number").first()
    if move is None:
        raise Refused("nothing_to_redo", _("There is nothing to redo."))
    return _walk(board, version, move, back=False)


def _walk(board: Stripboard, version: int, move: BoardMove, *, back: bool) -> Changed:
    fresh = claim(board, version)
    before = read_layout(fresh)
    after = Layout.from_json(move.before if back else move.after)
    BoardMove.objects.filter(pk=move.pk).update(undone=back)
    return _lay(fresh, before, after)
