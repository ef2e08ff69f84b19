"""Where the shoot stands."""

from __future__ import annotations

import datetime as dt
from typing import Any

from scheduling import call_sheets
from scripts_app.models import Scene
from shooting import actions, queries
from shooting.hours import grouped, hours_and_rest, hours_if_wrapped
from shooting.jobs import COMPARE
from shooting.models import DailyReport
from studio.clockwork import turn
from studio.models import Notice
from studio.notices import render
from tests.shooting.world import World

TIMES = {"call_minute": 360, "first_shot_minute": 420, "meal_minute": 720, "wrap_minute": 1200}


def shoot(world: World, index: int, owner: Any, *results: str, approve: bool = True, **times: Any) -> DailyReport:
    """Log a day of the world with one result a planned scene."""
    day = world.days[index]
    planned = list(day.planned_scenes.order_by("position").values_list("scene", flat=True))
    report = actions.log_and_wrap(
        shoot_day=day, version=0, wrap=True, by=owner, **{**TIMES, **times},
        scenes=[{"scene_id": pk, "result": result} for pk, result in zip(planned, results, strict=True)],
    )  # fmt: skip
    return actions.approve_daily_report(report=report, by=owner) if approve else report


def numbers(world: World) -> list[int]:
    return list(queries.complete_episodes(world.production).values_list("number", flat=True))


def test_an_episode_is_complete_when_all_its_scenes_are_approved_as_shot(world: World, owner: Any) -> None:
    # A second scene in episode 2, still unplanned.
    first = world.scenes[1]
    Scene.objects.create(
        production=world.production, episode=first.episode, number="2-2", sort_key="2-2", set_name="客厅",
        first_revision=first.first_revision,
    )  # fmt: skip
    report = shoot(world, 0, owner, "shot", "shot", approve=False)
    assert numbers(world) == []
    actions.approve_daily_report(report=report, by=owner)
    assert numbers(world) == [1]
    Scene.objects.filter(number="2-2").update(state="omitted")
    assert numbers(world) == [1, 2]
    shoot(world, 1, owner, "part", "owed")
    assert numbers(world) == [1, 2]


def test_status_takes_the_best_of_the_submitted_reports(world: World, owner: Any) -> None:
    actions.open_report(shoot_day=world.days[1], by=owner)
    shoot(world, 0, owner, "part", "owed")
    ids = [scene.pk for scene in world.scenes]
    assert queries.scene_status(world.production) == dict(
        zip(ids, ["part", "owed", "not_shot", "not_shot"], strict=True)
    )
    world.days[1].planned_scenes.create(scene=world.scenes[0], position=8)
    report = actions.open_report(shoot_day=world.days[1], by=owner)
    actions.log_shoot_day(report=report, version=1, by=owner, **TIMES, scenes=[{"scene_id": ids[0], "result": "shot"}])
    actions.wrap_shoot_day(report=report, by=owner)
    assert list(queries.scene_status(world.production).values()) == ["shot", "owed", "owed", "owed"]


def test_progress_runs_over_the_days(world: World, owner: Any, django_assert_num_queries: Any) -> None:
    shoot(world, 0, owner, "shot", "part")
    with django_assert_num_queries(2):
        first, second = queries.shoot_progress(world.production)
    # What was part shot is owed too, here as on every page.
    assert (first.planned, first.shot, first.owed, first.planned_parts, first.shot_parts) == (2, 1, 1, 3, 1)
    assert (first.planned_sum, first.shot_sum, first.reported) == (2, 1, True)
    assert (second.planned_sum, second.shot_sum, second.reported) == (4, 1, False)


def test_a_scene_shot_on_two_days_counts_once(world: World, owner: Any) -> None:
    world.days[1].planned_scenes.create(scene=world.scenes[0], position=8)
    shoot(world, 0, owner, "shot", "owed")
    shoot(world, 1, owner, "shot", "shot", "shot")
    assert [line.shot_sum for line in queries.shoot_progress(world.production)] == [1, 3]


def test_hours_raise_alarms_in_words(world: World, owner: Any, django_assert_num_queries: Any) -> None:
    for day in world.days:
        call_sheets.issue_call_sheet(shoot_day=day, by=owner)
    shoot(world, 0, owner, "shot", "shot", wrap_minute=1500, meal_minute=780)
    report = shoot(world, 1, owner, "shot", "shot", meal_minute=None)
    first = DailyReport.objects.select_related("shoot_day__production__studio").get(shoot_day=world.days[0])
    found = hours_and_rest(first)
    assert "沈宁 worked 19 h; the studio's longest day is 14 h." in [a.message for a in found]
    assert [a.code for a in found] == ["late_meal", *["long_hours"] * 4]
    # Each kind once, its people from the longest day on.
    assert [(group.message, group.lines) for group in grouped(found)] == [
        ("The meal came 7 h after the call; it is due within 6 h.", ()),
        (
            "4 people worked longer than 14 h (longest 吴摄, 19 h).",
            ("吴摄 19 h", "沈宁 19 h", "周导 19 h", "高远 18 h"),
        ),
    ]
    second = DailyReport.objects.select_related("shoot_day__production__studio").get(pk=report.pk)
    with django_assert_num_queries(2):
        alarms = hours_and_rest(second)
    # 高远 is called at 07:00, six hours after a wrap at 01:00; the others an hour earlier.
    assert [(a.code, a.params.get("name"), a.params.get("rest_minutes")) for a in alarms] == [
        ("no_meal", None, None), ("short_rest", "吴摄", 300), ("short_rest", "沈宁", 300),
        ("short_rest", "高远", 360), ("short_rest", "周导", 300),
    ]  # fmt: skip
    assert [group.message for group in grouped(alarms)] == [
        "No meal is on the report of a day of 14 h.",
        "4 people had less rest since the last wrap than their terms say (least 吴摄, 5 h of 10 h).",
    ]


def test_what_wrapping_would_say_is_what_wrapping_says(world: World, owner: Any) -> None:
    call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner)
    day = world.days[0].__class__.objects.select_related("production__studio").get(pk=world.days[0].pk)
    before = hours_if_wrapped(day, None, call=360, meals=[(780, None)], wrap=1500)
    report = shoot(world, 0, owner, "shot", "shot", wrap_minute=1500, meal_minute=780, approve=False)
    wrapped = DailyReport.objects.select_related("shoot_day__production__studio").get(pk=report.pk)
    assert [(a.code, a.params) for a in before] == [(a.code, a.params) for a in hours_and_rest(wrapped)]
    assert len(before) == 5


def test_the_evening_tells_each_day_once(world: World, owner: Any, drain: Any) -> None:
    shoot(world, 0, owner, "shot", "owed")
    zone = world.production.studio.zone
    evening = dt.datetime.combine(world.days[1].date, dt.time(22, 5), zone)
    turn(evening - dt.timedelta(hours=1))
    drain()
    assert not Notice.objects.filter(kind__startswith="shooting.").exists()
    for now in (evening, evening + dt.timedelta(days=1)):
        turn(now)
        drain()
    said = [
        render(row.kind, row.params)
        for row in Notice.objects.filter(user=owner, kind__startswith="shooting.").order_by("id")
    ]
    assert COMPARE == "shooting.compare_plan"
    assert said == [
        "初光, shoot day 2 on 2026-12-02 has no report yet. Log the day.",
        "初光, shoot day 1: 1 of 2 scenes shot, 1 are owed.",
    ]


def test_a_day_that_is_planned_into_the_night_is_asked_about_tomorrow(world: World, owner: Any, drain: Any) -> None:
    world.days[0].wrap_minute = 1530
    world.days[0].save()
    zone = world.production.studio.zone
    evening = dt.datetime.combine(world.days[0].date, dt.time(23), zone)
    turn(evening)
    drain()
    assert not Notice.objects.filter(kind__startswith="shooting.").exists()
    turn(evening + dt.timedelta(days=1))
    drain()
    assert Notice.objects.filter(kind="shooting.report_missing").count() == 2
