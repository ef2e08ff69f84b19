"""Reports: opened, logged, wrapped, approved, opened again."""

from __future__ import annotations

from typing import Any

import pytest

from scheduling import call_sheets
from scheduling.choices import CallSheetState, ShootDayState
from scheduling.models import PlannedScene
from shooting import actions
from shooting.choices import ReportState
from shooting.models import DailyReport, SceneReport, TimeSheet
from studio.models import Event, Notice
from studio.refusals import Refused
from tests.shooting.world import World

TIMES = {"call_minute": 360, "first_shot_minute": 420, "meal_minute": 720, "wrap_minute": 1200}


def rows(world: World, *results: str) -> list[dict[str, Any]]:
    return [
        {"scene_id": scene.pk, "result": result, "minutes": 50, "setups": 4, "note": ""}
        for scene, result in zip(world.scenes, results, strict=False)
    ]


def facts(name: str) -> list[dict[str, Any]]:
    return list(Event.objects.filter(name=name).order_by("id").values_list("payload", flat=True))


@pytest.fixture
def report(world: World, owner: Any) -> DailyReport:
    call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner)
    return actions.open_report(shoot_day=world.days[0], by=owner)


def test_a_report_opens_with_the_plan_as_owed_once(world: World, owner: Any) -> None:
    first = actions.open_report(shoot_day=world.days[0], by=owner)
    PlannedScene.objects.create(shoot_day=world.days[0], scene=world.scenes[3], position=9)
    again = actions.open_report(shoot_day=world.days[0], by=owner)
    assert (first.pk, first.call_minute, first.state) == (again.pk, 360, ReportState.DRAFT)
    assert list(again.scenes.values_list("scene__number", "result")) == [
        ("1-1", "owed"), ("2-1", "owed"), ("4-1", "owed"),
    ]  # fmt: skip


def test_a_cancelled_day_has_no_report(world: World, owner: Any) -> None:
    world.days[0].state = ShootDayState.CANCELLED
    world.days[0].save()
    with pytest.raises(Refused) as refused:
        actions.open_report(shoot_day=world.days[0], by=owner)
    assert (refused.value.code, DailyReport.objects.count()) == ("day_cancelled", 0)


def test_what_is_logged_is_kept(world: World, report: DailyReport, owner: Any) -> None:
    saved = actions.log_shoot_day(
        report=report, version=1, by=owner, **TIMES, weather="rain", notes=" 停电半小时 ",
        scenes=rows(world, "shot", "part"),
    )  # fmt: skip
    assert (saved.version, saved.weather, saved.notes, saved.wrap_minute) == (2, "rain", "停电半小时", 1200)
    assert list(saved.scenes.values_list("scene__number", "result", "minutes", "setups")) == [
        ("1-1", "shot", 50, 4), ("2-1", "part", 50, 4),
    ]  # fmt: skip
    assert facts("DailyReportLogged")[0]["report_id"] == saved.pk


def test_a_scene_that_was_not_planned_can_be_shot(world: World, report: DailyReport, owner: Any) -> None:
    extra = [{"scene_id": world.scenes[3].pk, "result": "shot"}]
    actions.log_shoot_day(report=report, version=1, by=owner, **TIMES, scenes=extra)
    assert list(report.scenes.values_list("scene__number", "result")) == [
        ("1-1", "owed"), ("2-1", "owed"), ("4-1", "shot"),
    ]  # fmt: skip


def test_the_same_sent_twice_is_saved_once_and_anything_else_is_a_conflict(
    world: World, report: DailyReport, owner: Any
) -> None:
    asked = {**TIMES, "scenes": rows(world, "shot", "shot")}
    first = actions.log_shoot_day(report=report, version=1, by=owner, **asked)
    second = actions.log_shoot_day(report=report, version=1, by=owner, **asked)
    assert (first.version, second.version, len(facts("DailyReportLogged"))) == (2, 2, 1)
    with pytest.raises(Refused) as refused:
        actions.log_shoot_day(report=report, version=1, by=owner, **{**asked, "weather": "fog"})
    assert (refused.value.code, refused.value.conflict) == ("report_changed", True)
    report.refresh_from_db()
    assert (report.weather, report.version) == ("", 2)


@pytest.mark.parametrize(
    ("times", "field"),
    [
        ({"first_shot_minute": 300}, "first_shot_minute"),
        ({"meal_minute": 359}, "meal_minute"),
        ({"wrap_minute": 400}, "wrap_minute"),
        ({"first_shot_minute": None, "meal_minute": None, "wrap_minute": 360}, "wrap_minute"),
        ({"meal_minute": 1300}, "wrap_minute"),
        ({"wrap_minute": 2880}, "wrap_minute"),
        ({"call_minute": -1}, "call_minute"),
    ],
)
def test_times_that_run_backwards_are_refused(
    world: World, report: DailyReport, owner: Any, times: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        actions.log_shoot_day(report=report, version=1, by=owner, **{**TIMES, **times})
    report.refresh_from_db()
    assert (refused.value.field, report.version, report.wrap_minute) == (field, 1, None)


def test_a_wrap_after_midnight_is_a_minute_past_1440(world: World, report: DailyReport, owner: Any) -> None:
    actions.log_shoot_day(report=report, version=1, by=owner, **{**TIMES, "wrap_minute": 1530})
    assert actions.wrap_shoot_day(report=report, by=owner).wrap_minute == 1530


@pytest.mark.parametrize(
    ("scene", "code"),
    [
        ({"result": "finished"}, "unknown_result"),
        ({"result": "shot", "minutes": 1441}, "number_out_of_range"),
        ({"result": "shot", "setups": -1}, "number_out_of_range"),
        ({"result": "shot", "note": "x" * 301}, "note_too_long"),
    ],
)
def test_scenes_are_checked(world: World, report: DailyReport, owner: Any, scene: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.log_shoot_day(
            report=report, version=1, by=owner, **TIMES, scenes=[{"scene_id": world.scenes[0].pk, **scene}]
        )
    assert (refused.value.code, SceneReport.objects.filter(result="shot").count()) == (code, 0)


def test_a_scene_of_another_title_is_refused(
    world: World, report: DailyReport, owner: Any, other_production: Any
) -> None:
    from tests.shooting.world import build_world

    theirs = build_world(other_production).scenes[0]
    with pytest.raises(Refused) as refused:
        actions.log_shoot_day(report=report, version=1, by=owner, scenes=[{"scene_id": theirs.pk, "result": "shot"}])
    assert (refused.value.code, report.scenes.filter(scene=theirs).count()) == ("unknown_scene", 0)


def test_wrapping_freezes_the_sheet_and_gives_everybody_their_hours(
    world: World, report: DailyReport, owner: Any, make_member: Any
) -> None:
    producer = make_member(world.production.studio, "producer")
    typed = [{"engagement_id": world.engagements["吴摄"].pk, "call_minute": 300, "wrap_minute": 1260}]
    actions.log_shoot_day(
        report=report, version=1, by=owner, **TIMES, scenes=rows(world, "shot", "owed"), time_sheets=typed
    )
    wrapped = actions.wrap_shoot_day(report=report, by=owner)
    again = actions.wrap_shoot_day(report=report, by=owner)
    assert (wrapped.state, again.version) == (ReportState.SUBMITTED, wrapped.version)
    hours = {
        row.engagement.person.name: (row.call_minute, row.wrap_minute)
        for row in TimeSheet.objects.select_related("engagement__person")
    }
    assert hours == {"周导": (360, 1200), "吴摄": (300, 1260), "沈宁": (360, 1200), "高远": (420, 1200)}
    day = world.days[0]
    day.refresh_from_db()
    assert (day.state, day.call_sheets.get().state) == (ShootDayState.WRAPPED, CallSheetState.FROZEN)
    assert facts("DailyReportSubmitted") == [
        {"studio_id": day.production.studio_id, "production_id": day.production_id, "report_id": report.pk,
         "shoot_day_id": day.pk, "call_minute": 360, "wrap_minute": 1200}
    ]  # fmt: skip
    notice = Notice.objects.get(user=producer)
    assert (notice.params["shot"], notice.params["planned"]) == (1, 2)


@pytest.mark.parametrize("missing", ["call_minute", "wrap_minute"])
def test_a_day_does_not_wrap_without_call_and_wrap(world: World, report: DailyReport, owner: Any, missing: str) -> None:
    actions.log_shoot_day(report=report, version=1, by=owner, **{**TIMES, missing: None})
    with pytest.raises(Refused) as refused:
        actions.wrap_shoot_day(report=report, by=owner)
    report.refresh_from_db()
    assert (refused.value.field, report.state, TimeSheet.objects.count()) == (missing, ReportState.DRAFT, 0)


def test_approval_hands_back_what_is_owed_and_says_what_was_shot(world: World, report: DailyReport, owner: Any) -> None:
    actions.log_shoot_day(report=report, version=1, by=owner, **TIMES, scenes=rows(world, "shot", "part"))
    with pytest.raises(Refused) as refused:
        actions.approve_daily_report(report=report, by=owner)
    assert refused.value.code == "report_not_submitted"
    actions.wrap_shoot_day(report=report, by=owner)
    # Planned after the report was opened, so nobody marked it.
    PlannedScene.objects.create(shoot_day=world.days[0], scene=world.scenes[3], position=9)
    approved = actions.approve_daily_report(report=report, by=owner)
    actions.approve_daily_report(report=report, by=owner)
    world.days[0].refresh_from_db()
    world.production.refresh_from_db()
    assert (approved.state, approved.approved_by, world.days[0].state, world.production.stage) == (
        ReportState.APPROVED, owner, ShootDayState.APPROVED, "shoot",
    )  # fmt: skip
    owed = PlannedScene.objects.exclude(owed_at=None).order_by("position").values_list("scene__number", flat=True)
    assert list(owed) == ["2-1", "4-1"]
    (fact,) = facts("DailyReportApproved")
    assert fact["shot_scene_ids"] == [world.scenes[0].pk]


def test_opening_again_thaws_the_sheet_and_hours_follow_the_new_wrap(
    world: World, report: DailyReport, owner: Any
) -> None:
    actions.log_shoot_day(report=report, version=1, by=owner, **TIMES, scenes=rows(world, "shot", "shot"))
    actions.wrap_shoot_day(report=report, by=owner)
    actions.approve_daily_report(report=report, by=owner)
    with pytest.raises(Refused) as refused:
        actions.reopen_report(report=report, by=owner)
    assert refused.value.code == "reason_missing"
    again = actions.reopen_report(report=report, by=owner, reason="漏了补拍")
    day = world.days[0]
    day.refresh_from_db()
    assert (again.state, again.approved_at, day.state, day.call_sheets.get().state) == (
        ReportState.DRAFT, None, ShootDayState.CALLED, CallSheetState.ISSUED,
    )  # fmt: skip
    assert facts("DailyReportReopened")[0]["approved"] is True
    later = {**TIMES, "wrap_minute": 1320}
    actions.log_shoot_day(report=again, version=again.version, by=owner, **later)
    actions.wrap_shoot_day(report=again, by=owner)
    assert set(TimeSheet.objects.values_list("wrap_minute", flat=True)) == {1320}


def test_a_submitted_report_is_not_changed(world: World, report: DailyReport, owner: Any) -> None:
    actions.log_shoot_day(report=report, version=1, by=owner, **TIMES)
    wrapped = actions.wrap_shoot_day(report=report, by=owner)
    with pytest.raises(Refused) as refused:
        actions.log_shoot_day(report=report, version=wrapped.version, by=owner, **{**TIMES, "notes": "改"})
    assert (refused.value.code, refused.value.conflict) == ("report_closed", True)


def test_saving_and_wrapping_in_one_go_is_all_or_nothing(world: World, owner: Any) -> None:
    with pytest.raises(Refused):
        actions.log_and_wrap(shoot_day=world.days[0], version=0, wrap=True, by=owner, **{**TIMES, "wrap_minute": None})
    assert DailyReport.objects.count() == 0
    asked = {**TIMES, "scenes": rows(world, "shot", "shot")}
    first = actions.log_and_wrap(shoot_day=world.days[0], version=0, wrap=True, by=owner, **asked)
    second = actions.log_and_wrap(shoot_day=world.days[0], version=0, wrap=True, by=owner, **asked)
    assert (first.state, second.version, len(facts("DailyReportSubmitted"))) == (
        ReportState.SUBMITTED, first.version, 1,
    )  # fmt: skip
