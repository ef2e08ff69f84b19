from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from finance.actions import accrue_booking, post_cost
from finance.queries.hot_costs import title_costs
from studio.clockwork import turn
from studio.models import Notice

from .shoot_world import DAY_1, PLANNED_1, PLANNED_2

MINUTES = {"lead": 740, "gaffer": 781, "director": 800}
RESULTS = {"1-1": "shot", "2-1": "part"}
# A started half hour of 60.00; two and a half... three started half hours of 40.00.
LEAD_OVER, GAFFER_OVER = 3_000, 6_000
MADE_1 = 100_000 + LEAD_OVER + 50_000 + GAFFER_OVER + 80_000 + 280_000


def test_the_plan_of_a_day(shoot: Any) -> None:
    first, second = title_costs(shoot.production).days
    assert [(row.account, row.planned_minor, row.actual_minor) for row in first.accounts()] == [
        ("key_crew", 80_000, 0), ("cast", 235_000, 0), ("crew", 50_000, 0), ("sets", 280_000, 280_000),
    ]  # fmt: skip
    assert (first.planned_minor, second.planned_minor) == (PLANNED_1, PLANNED_2)
    assert (first.reported, first.actual_minor, first.running_minor) == (False, 0, 0)


def test_planned_overtime_is_planned_cost(shoot: Any) -> None:
    shoot.days[1].wrap_minute = 1080 + 31
    shoot.days[1].save()
    _first, second = title_costs(shoot.production).days
    # Two started half hours of the lead and of the gaffer.
    assert second.planned_minor == PLANNED_2 + 6_000 + 4_000


def test_a_wrapped_day_is_provisional_to_the_fen(shoot: Any, drain: Any) -> None:
    shoot.wrap(1, minutes=MINUTES, results=RESULTS)
    row = title_costs(shoot.production).days[0]
    assert (row.provisional, row.actual_minor, row.over_minor) == (True, MADE_1, MADE_1 - PLANNED_1)
    assert (row.running_minor, row.pending_minor) == (MADE_1, MADE_1)
    people = {person.job_title: person for person in row.people}
    assert [(people[name].overtime_minutes, people[name].overtime_minor) for name in MINUTES] == [
        (20, LEAD_OVER), (61, GAFFER_OVER), (80, 0),
    ]  # fmt: skip
    assert (row.scenes_planned, row.scenes_shot, row.scenes_owed, row.seconds_shot) == (2, 1, 1, 60)
    assert (row.per_scene_minor, row.per_minute_minor) == (MADE_1, MADE_1)


def test_an_approved_day_is_what_the_ledger_has(shoot: Any, drain: Any) -> None:
    accrue_booking(booking=shoot.booking, by=None)
    shoot.wrap(1, minutes=MINUTES, results=RESULTS, approve=True)
    drain()
    post_cost(
        production=shoot.production, account="living", amount_minor=12_345, on_date=DAY_1, source="hand:L1",
        narrative="盒饭", by=None,
    )  # fmt: skip
    row = title_costs(shoot.production).days[0]
    assert (row.provisional, row.actual_minor, row.pending_minor) == (False, MADE_1 + 12_345, 0)
    assert [(line.account, line.planned_minor, line.actual_minor) for line in row.accounts()] == [
        ("key_crew", 80_000, 80_000), ("cast", 235_000, 103_000), ("crew", 50_000, 56_000), ("sets", 280_000, 280_000),
        ("living", 0, 12_345),
    ]  # fmt: skip
    assert sum(line.actual_minor for line in row.accounts()) == row.actual_minor
    assert row.running_minor == row.actual_minor


def test_a_report_opened_again_counts_once(shoot: Any, drain: Any) -> None:
    from shooting.actions import reopen_report

    report = shoot.wrap(1, minutes=MINUTES, results=RESULTS, approve=True)
    drain()
    before = title_costs(shoot.production).days[0].running_minor
    reopen_report(report=report, by=shoot.by, reason="工时写错")
    # A draft again: the ledger still has what was approved, and the day shows no report.
    assert title_costs(shoot.production).days[1].running_minor == before - 280_000
    shoot.wrap(1, minutes={**MINUTES, "lead": 720}, results=RESULTS)
    row = title_costs(shoot.production).days[0]
    assert (row.provisional, row.actual_minor) == (True, MADE_1 - LEAD_OVER)
    # The booking is not in the ledger, the old pay of the lead is: the difference is what is pending.
    assert (row.running_minor, row.pending_minor) == (MADE_1 - LEAD_OVER, 280_000 - LEAD_OVER)
    shoot.approve(shoot.days[0].report if hasattr(shoot.days[0], "report") else report)
    drain()
    row = title_costs(shoot.production).days[0]
    assert (row.provisional, row.actual_minor, row.running_minor) == (False, MADE_1 - LEAD_OVER, MADE_1 - LEAD_OVER)


def test_two_units_on_one_date_count_nothing_twice(shoot: Any, drain: Any) -> None:
    from scheduling.models import PlannedScene, ShootDay

    second = ShootDay.objects.create(
        production=shoot.production, board=shoot.days[0].board, number=3, unit="second", date=DAY_1, call_minute=360,
        wrap_minute=1080,
    )  # fmt: skip
    PlannedScene.objects.create(shoot_day=second, scene=shoot.scenes[2], position=0)
    costs = title_costs(shoot.production)
    by_unit = {row.day.unit: row for row in costs.days if row.day.date == DAY_1}
    # Lead, crew, booking and place are on the main unit's day already.
    assert (by_unit["main"].planned_minor, by_unit["second"].planned_minor) == (PLANNED_1, 0)


def test_queries_do_not_grow(shoot: Any, drain: Any, client_of: Any, owner: Any) -> None:
    client = client_of(owner)
    pages = [reverse("hot_costs", args=[shoot.production.pk]), reverse("hot_cost", args=[shoot.days[0].pk])]
    shoot.wrap(1, minutes={"lead": 740}, results=RESULTS)
    counts = []
    for url in pages:
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(url).status_code == 200
        counts.append(len(found))
    shoot.wrap(2, minutes=MINUTES, results={"3-1": "shot"}, approve=True)
    drain()
    for url, before in zip(pages, counts, strict=True):
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        assert len(found) == before


def test_pages_papers_and_files(shoot: Any, drain: Any, client_of: Any, owner: Any) -> None:
    client = client_of(owner)
    empty = client.get(reverse("hot_cost", args=[shoot.days[0].pk]))
    assert "no submitted report yet" in empty.content.decode()
    shoot.wrap(1, minutes=MINUTES, results=RESULTS)
    page = client.get(reverse("hot_cost", args=[shoot.days[0].pk])).content.decode()
    assert "Provisional" in page
    assert "1:01" in page
    listing = client.get(reverse("hot_costs", args=[shoot.production.pk]))
    assert listing.context["chart"]["series"][0]["data"] == [6450.0, 6450.0 + 5300.0]
    assert listing.context["chart"]["series"][1]["data"] == [MADE_1 / 100]
    rows = client.get(reverse("hot_costs", args=[shoot.production.pk]) + "?format=csv").content.decode().splitlines()
    assert rows[1].split(",")[:5] == [
        "1",
        "2026-12-02",
        "6450.00",
        f"{MADE_1 / 100:.2f}",
        f"{(MADE_1 - PLANNED_1) / 100:.2f}",
    ]
    paper = client.get(reverse("hot_cost_paper", args=[shoot.days[0].pk]))
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")


def test_a_title_without_days_says_what_to_do(production: Any, client_of: Any, owner: Any) -> None:
    page = client_of(owner).get(reverse("hot_costs", args=[production.pk]))
    assert "Lock a stripboard" in page.content.decode()


def test_over_rest(shoot: Any, api_of: Any, owner: Any, other_owner: Any) -> None:
    shoot.wrap(1, minutes=MINUTES, results=RESULTS)
    answer = api_of(owner).get(f"/api/v1/hot-costs/{shoot.days[0].pk}/").json()
    assert (answer["planned_minor"], answer["actual_minor"], answer["provisional"]) == (PLANNED_1, MADE_1, True)
    assert sum(row["actual_minor"] for row in answer["people"]) == MADE_1 - 280_000
    assert api_of(other_owner).get(f"/api/v1/hot-costs/{shoot.days[0].pk}/").status_code == 404


@pytest.mark.parametrize(("hour", "told"), [(6, 0), (7, 1)])
def test_told_at_the_studios_hour_once(shoot: Any, drain: Any, studio: Any, owner: Any, hour: int, told: int) -> None:
    studio.hot_cost_hour = 7
    studio.save()
    shoot.wrap(1, minutes=MINUTES, results=RESULTS)
    drain()
    morning = dt.datetime.combine(DAY_1 + dt.timedelta(days=1), dt.time(hour, 5), studio.zone)
    for _again in range(2):
        turn(morning)
        drain()
    turn(morning + dt.timedelta(days=1))
    notices = Notice.objects.filter(kind="finance.hot_cost", user=owner)
    assert notices.count() == told
    if told:
        drain()
        assert notices.get().params["actual"] == "¥" + f"{MADE_1 / 100:,.2f}"


def test_a_day_of_the_evening_before_is_not_told(shoot: Any, drain: Any, studio: Any, owner: Any) -> None:
    shoot.wrap(1, minutes=MINUTES, results=RESULTS)
    turn(dt.datetime.combine(DAY_1, dt.time(23), studio.zone))
    drain()
    assert not Notice.objects.filter(kind="finance.hot_cost").exists()
