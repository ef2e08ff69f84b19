from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from finance.accruals import day_pay, minutes_pay
from finance.actions import accrue_booking, accrue_daily_report, accrue_post_task, record_script_fee, take_back_booking
from finance.models import Entry, EntryLine
from finance.queries import check_books, cost_report, owed_to
from scheduling.choices import BookingState
from scheduling.models import Booking, FilmBase, Location, ShootDay
from shooting.models import DailyReport, TimeSheet
from studio import jobs
from studio.actions import engage
from studio.facts import publish
from studio.models import Engagement
from studio.refusals import Refused

DATE = dt.date(2026, 12, 2)


@pytest.mark.parametrize(
    ("minutes", "overtime"), [(0, 0), (720, 0), (721, 501), (750, 501), (751, 1_001), (780, 1_001), (781, 1_502)]
)
def test_overtime_by_started_half_hours(minutes: int, overtime: int) -> None:
    terms = Engagement(day_rate_minor=30_000, day_minutes=720, overtime_hour_minor=1_001)
    assert day_pay(terms, minutes) == (30_000, overtime)


@pytest.mark.parametrize(("minutes", "pay"), [(0, 0), (1, 42), (60, 2_500), (719, 29_958), (720, 30_000)])
def test_minutes_at_the_day_rate(minutes: int, pay: int) -> None:
    assert minutes_pay(Engagement(day_rate_minor=30_000, day_minutes=720), minutes) == pay


@pytest.fixture
def crew(production: Any, studio: Any, make_person: Any, owner: Any) -> dict[str, Any]:
    terms = {
        "lead": ("cast", 100_000, 6_000), "gaffer": ("lighting", 50_000, 4_000), "extra": ("cast", 0, 0),
        "cutter": ("post", 72_000, 0),
    }  # fmt: skip
    return {
        name: engage(
            production=production, person=make_person(studio, name), department=department, job_title=name, by=owner,
            day_rate_minor=rate, overtime_hour_minor=overtime,
        )
        for name, (department, rate, overtime) in terms.items()
    }  # fmt: skip


@pytest.fixture
def report(production: Any, crew: Any) -> DailyReport:
    day = ShootDay.objects.create(production=production, number=1, date=DATE)
    report = DailyReport.objects.create(
        shoot_day=day, state="approved", call_minute=360, wrap_minute=1200, approved_at=timezone.now()
    )
    for name, wrap in (("lead", 1080), ("gaffer", 1100), ("extra", 1080)):
        TimeSheet.objects.create(report=report, engagement=crew[name], call_minute=360, wrap_minute=wrap)
    return report


def test_a_shoot_day_becomes_costs_once(report: Any, production: Any, crew: Any, owner: Any) -> None:
    entries = accrue_daily_report(report=report, by=owner)
    assert [entry.pk for entry in accrue_daily_report(report=report, by=owner)] == [entry.pk for entry in entries]
    assert [(entry.source, entry.on_date) for entry in entries] == [
        (f"daily_report:{report.pk}:{crew[name].pk}", DATE) for name in ("lead", "gaffer")
    ]
    rows = {row.account: row.posted_minor for row in cost_report(production).rows}
    # 740 minutes of 720: a started half hour.
    assert rows == {"cast": 100_000, "crew": 52_000}
    assert [(row.production, row.currency, row.amount_minor) for row in owed_to(crew["gaffer"].person)] == [
        (production, "CNY", 52_000)
    ]
    assert check_books(production) == []


def test_a_report_not_approved_costs_nothing_yet(report: Any, owner: Any) -> None:
    DailyReport.objects.update(state="submitted", approved_at=None)
    report.refresh_from_db()
    with pytest.raises(Refused) as refused:
        accrue_daily_report(report=report, by=owner)
    assert (refused.value.code, Entry.objects.count()) == ("report_not_approved", 0)


def test_a_report_approved_again_corrects_its_costs(report: Any, production: Any, crew: Any, owner: Any) -> None:
    accrue_daily_report(report=report, by=owner)
    TimeSheet.objects.filter(engagement=crew["gaffer"]).update(wrap_minute=1140)
    TimeSheet.objects.filter(engagement=crew["lead"]).delete()
    assert [row.code for row in check_books(production)] == ["shoot_days_differ"]
    accrue_daily_report(report=report, by=owner)
    rows = {row.account: row.posted_minor for row in cost_report(production).rows}
    assert rows == {"crew": 54_000}
    assert check_books(production) == []
    TimeSheet.objects.filter(engagement=crew["gaffer"]).update(wrap_minute=1100)
    accrue_daily_report(report=report, by=owner)
    accrue_daily_report(report=report, by=owner)
    sources = Entry.objects.filter(source__startswith="daily_report:", reversed_by=None).values_list(
        "source", flat=True
    )
    assert list(sources) == [f"daily_report:{report.pk}:{crew['gaffer'].pk}:3"]
    assert check_books(production) == []


@pytest.fixture
def booking(production: Any, studio: Any) -> Booking:
    base = FilmBase.objects.create(studio=studio, name="西安基地")
    start = dt.datetime(2026, 12, 1, 17, 0, tzinfo=dt.UTC)
    return Booking.objects.create(
        production=production, location=Location.objects.create(base=base, name="客厅"), start_at=start,
        end_at=start + dt.timedelta(hours=8), price_minor=300_000,
    )  # fmt: skip


def test_a_booking_costs_until_it_is_given_back(booking: Any, production: Any, owner: Any) -> None:
    entry = accrue_booking(booking=booking, by=owner)
    # 17:00 UTC is already the next day on the set.
    assert (entry.on_date, accrue_booking(booking=booking, by=owner).pk) == (DATE, entry.pk)
    assert check_books(production) == []
    booking.state = BookingState.CANCELLED
    booking.save()
    assert [row.code for row in check_books(production)] == ["bookings_differ"]
    assert take_back_booking(booking=booking, by=owner).pk == take_back_booking(booking=booking, by=owner).pk
    assert (accrue_booking(booking=booking, by=owner), Entry.objects.count()) == (None, 2)
    assert sum(EntryLine.objects.filter(account="sets").values_list("amount_minor", flat=True)) == 0
    assert check_books(production) == []


@pytest.fixture
def task(production: Any, crew: Any, owner: Any) -> Any:
    from postproduction.actions import open_episode
    from postproduction.models import PostTask
    from studio.actions import ensure_episodes

    post = open_episode(episode=ensure_episodes(production=production, numbers=[1])[1], by=owner)
    row = PostTask.objects.filter(episode_post=post, state="ready").first()
    row.assignee = crew["cutter"].person
    row.save()
    return row


def test_post_work_costs_its_minutes_each_round(task: Any, production: Any, owner: Any, drain: Any) -> None:
    from postproduction.actions import finish_task, reopen_task, start_task

    finish_task(task=start_task(task=task, by=owner), by=owner, minutes_worked=90)
    drain()
    entry = Entry.objects.get(source=f"post_task:{task.pk}:1")
    assert list(entry.lines.order_by("id").values_list("account", "amount_minor")) == [
        ("post", 9_000), ("payable", -9_000),
    ]  # fmt: skip
    assert entry.posted_by == owner
    task.refresh_from_db()
    assert accrue_post_task(task=task, by=owner).pk == entry.pk
    reopen_task(task=task, note="字幕", by=owner)
    finish_task(task=start_task(task=task, by=owner), by=owner, minutes_worked=30)
    drain()
    assert sum(EntryLine.objects.filter(account="post").values_list("amount_minor", flat=True)) == 12_000


def test_facts_of_other_rooms_become_costs(report: Any, production: Any, studio: Any, owner: Any, drain: Any) -> None:
    from django.db import transaction

    from scheduling.actions import book_location, cancel_booking
    from shooting.events import DailyReportApproved

    with transaction.atomic():
        publish(
            DailyReportApproved(
                studio_id=studio.pk, production_id=production.pk, report_id=report.pk,
                shoot_day_id=report.shoot_day_id, shot_scene_ids=[],
            ),
            by=owner,
        )  # fmt: skip
    base = FilmBase.objects.create(studio=studio, name="横店")
    location = Location.objects.create(base=base, name="大殿")
    start = dt.datetime(2026, 12, 3, 1, 0, tzinfo=dt.UTC)
    row = book_location(
        production=production, location=location, start_at=start, end_at=start + dt.timedelta(hours=8), by=owner,
        price_minor=1_000_000,
    )  # fmt: skip
    drain()
    assert {row.account: row.posted_minor for row in cost_report(production).rows} == {
        "cast": 100_000, "crew": 52_000, "sets": 1_000_000,
    }  # fmt: skip
    cancel_booking(booking=row, by=owner)
    drain()
    assert {row.account: row.posted_minor for row in cost_report(production).rows} == {"cast": 100_000, "crew": 52_000}


def test_the_clock_posts_what_nobody_heard(
    report: Any, booking: Any, task: Any, production: Any, studio: Any, other_studio: Any, owner: Any, drain: Any
) -> None:
    from postproduction.models import PostTask

    PostTask.objects.filter(pk=task.pk).update(
        state="done", minutes_worked=60, finished_at=timezone.now(), started_at=timezone.now()
    )
    assert sorted(row.code for row in check_books(production)) == [
        "bookings_differ", "cost_missing", "cost_missing", "cost_missing", "shoot_days_differ",
    ]  # fmt: skip
    results = []
    for place in (other_studio, studio, studio):
        job = jobs.enqueue("finance.accrue_missing", {"studio": place.pk, "on": "2026-12-03"}, studio_id=place.pk)
        drain()
        job.refresh_from_db()
        results.append({name: job.result[name] for name in ("reports", "bookings", "given_back", "tasks")})
    nothing = {"reports": 0, "bookings": 0, "given_back": 0, "tasks": 0}
    assert results == [nothing, {"reports": 1, "bookings": 1, "given_back": 0, "tasks": 1}, nothing]
    assert check_books(production) == []


def test_a_script_fee(production: Any, owner: Any) -> None:
    record_script_fee(production=production, amount_minor=5_000_000, on_date=DATE, by=owner)
    record_script_fee(production=production, amount_minor=5_000_000, on_date=DATE, by=owner)
    record_script_fee(production=production, amount_minor=1_000_000, on_date=DATE, by=owner, reference="2")
    assert [(row.account, row.posted_minor) for row in cost_report(production).rows] == [("script", 6_000_000)]
