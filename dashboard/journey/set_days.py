"""The set on the journey: call sheets out, days logged, one scene owed and picked up, reports approved."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dashboard.journey.walk import Walk
from scheduling import actions as scheduling
from scheduling import call_sheets
from scheduling.choices import ShootDayState
from scheduling.models import CallSheet, CallSheetRecipient, PlannedScene, ShootDay
from shooting import actions as shooting
from shooting.choices import SceneResult


def shoot(walk: Walk, *, days: int | None, leave_owed: bool) -> None:
    """Shoot the planned days (or the first few), then what is owed on a pick-up day."""
    planned = list(
        ShootDay.objects.filter(production=walk.production, state=ShootDayState.PLANNED).order_by("date", "unit")
    )
    part = planned if days is None else planned[:days]
    walk.step("call sheets", lambda: _call(walk, part if days is None else planned[: days + 1]))
    owed = 1 if leave_owed and len(part) > 0 else 0
    walk.step("daily reports", lambda: _report(walk, part, owed))
    if days is None and owed:
        walk.step("pick-up day", lambda: _pick_up(walk, planned[-1].date))


def _call(walk: Walk, days: list[ShootDay]) -> dict[str, int | str]:
    by = walk.user("assistant_director")
    for day in days:
        call_sheets.issue_call_sheet(
            shoot_day=day,
            by=by,
            notes="请提前十分钟到场；拍摄期间手机静音。",
            at=walk.at(day.date - dt.timedelta(days=1), 1080),
        )
    walk.waiter.settle(walk.studio.pk)
    calls = CallSheetRecipient.objects.filter(call_sheet__shoot_day__in=days)
    sheets = CallSheet.objects.filter(shoot_day__in=days)
    return {"call_sheets": sheets.count(), "calls": calls.count(), "pdfs": sheets.exclude(pdf="").count()}


def _report(walk: Walk, days: list[ShootDay], owed: int) -> dict[str, int | str]:
    """Log each day as it went: the last `owed` scenes of the first day are not shot."""
    by, producer = walk.user("assistant_director"), walk.user("producer")
    shot = left = 0
    for place, day in enumerate(days):
        report = shooting.open_report(shoot_day=day, by=by)
        planned = list(PlannedScene.objects.filter(shoot_day=day).order_by("position"))
        cut = len(planned) - (owed if place == 0 else 0)
        scenes: list[dict[str, Any]] = [
            {
                "scene_id": row.scene_id,
                "result": SceneResult.SHOT if index < cut else SceneResult.OWED,
                "minutes": ((row.end_minute or 0) - (row.start_minute or 0)) or None if index < cut else None,
                "setups": 3 if index < cut else None,
                "note": "" if index < cut else "天光不够，改天补拍",
            }
            for index, row in enumerate(planned)
        ]
        # The first day runs an hour over, as first days do.
        wrap = day.wrap_minute + (60 if place == 0 and owed else 0)
        length = wrap - day.call_minute
        report = shooting.log_shoot_day(
            report=report, version=report.version, call_minute=day.call_minute,
            first_shot_minute=day.call_minute + min(60, length // 2),
            meal_minute=day.call_minute + 330 if length > 360 else None, wrap_minute=wrap,
            weather="clear", notes="", scenes=scenes, by=by,
        )  # fmt: skip
        report = shooting.wrap_shoot_day(report=report, by=by, at=walk.at(day.date, wrap))
        shooting.approve_daily_report(report=report, by=producer, at=walk.at(day.date + dt.timedelta(days=1), 540))
        shot += cut
        left += len(planned) - cut
    return {"days": len(days), "shot": shot, "owed": left}


def _pick_up(walk: Walk, last: dt.date) -> dict[str, int | str]:
    """Plan what is owed on one more day, and shoot it."""
    by = walk.user("assistant_director")
    date = last + dt.timedelta(days=1)
    board = scheduling.draft_board(production=walk.production, dates=[date], name="补拍", by=by)
    day = board.days.get()
    scenes = list(board.strips.order_by("scene__sort_key").values_list("scene", flat=True))
    scheduling.move_strips(board=board, version=board.version, scene_ids=scenes, day_id=day.pk, position=0, by=by)
    board.refresh_from_db()
    scheduling.lock_board(board=board, version=board.version, by=by, override_reason="补拍一场，按现场天光")
    shoot_day = ShootDay.objects.get(production=walk.production, date=date)
    _call(walk, [shoot_day])
    done = _report(walk, [shoot_day], 0)
    return {"date": date.isoformat(), "scenes": len(scenes), **done}
