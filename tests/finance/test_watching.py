from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from finance.actions import add_budget_line, add_party, draft_contract, post_cost, sign_contract
from finance.choices import AlarmMeasure
from finance.models import AlarmRule, EstimateFigure, MarginPoint, MoneyAlarm
from finance.queries.estimates import title_estimate
from finance.queries.hot_costs import title_costs
from finance.queries.margins import title_margin
from finance.watching import give_figure, give_forecast, see_alarm, set_threshold, watch_title
from shooting.actions import reopen_report
from studio.clockwork import turn
from studio.models import Notice
from studio.refusals import Refused

from .shoot_world import DAY_1, DAY_2, PLANNED_1, PLANNED_2

MINUTES = {"lead": 740, "gaffer": 781, "director": 800}
RESULTS = {"1-1": "shot", "2-1": "part"}
MADE_1 = 103_000 + 56_000 + 80_000 + 280_000
EXPECTED = 20_000_000


@pytest.fixture
def budget(shoot: Any, owner: Any) -> Any:
    for account, amount in (("cast", 500_000), ("post", 300_000)):
        add_budget_line(production=shoot.production, account=account, name=account, rate_minor=amount, by=owner)
    return shoot


def rows_of(shoot: Any) -> dict[str, Any]:
    return {row.account: row for row in title_estimate(title_costs(shoot.production)).estimate.rows}


def points(shoot: Any) -> list[MarginPoint]:
    return list(MarginPoint.objects.filter(production=shoot.production).order_by("number"))


def causes(point: MarginPoint) -> dict[str, int]:
    return dict(point.causes.values_list("key", "amount_minor"))


# --- estimate -----------------------------------------------------------------------------------------------------


def test_days_ahead_are_committed_and_what_days_do_not_decide_is_to_come(budget: Any) -> None:
    rows = rows_of(budget)
    assert {name: (row.committed, row.rest, row.at_completion) for name, row in rows.items() if row.at_completion} == {
        "cast": (335_000, 0, 335_000), "crew": (100_000, 0, 100_000), "key_crew": (160_000, 0, 160_000),
        "sets": (580_000, 0, 580_000), "post": (0, 300_000, 300_000),
    }  # fmt: skip
    assert rows["cast"].variance == 165_000
    total = title_estimate(title_costs(budget.production)).estimate
    assert total.at_completion == PLANNED_1 + PLANNED_2 + 300_000


def test_a_wrapped_day_is_reported_then_posted_and_an_owed_scene_is_counted(budget: Any, drain: Any) -> None:
    report = budget.wrap(1, minutes=MINUTES, results=RESULTS)
    cast = rows_of(budget)["cast"]
    assert (cast.posted, cast.reported, cast.committed, cast.owed) == (0, 103_000, 100_000, 0)
    budget.approve(report)
    drain()
    cast = rows_of(budget)["cast"]
    # Scene 2-1 is owed: the one scene shot so far has cost 1,030.00 of cast.
    assert (cast.posted, cast.reported, cast.committed, cast.owed) == (103_000, 0, 100_000, 103_000)
    assert cast.at_completion == 306_000


def test_a_report_opened_again_is_not_spent_twice(budget: Any, drain: Any) -> None:
    report = budget.wrap(1, minutes=MINUTES, results={"1-1": "shot", "2-1": "shot"}, approve=True)
    drain()
    reopen_report(report=report, by=budget.by, reason="改")
    crew = rows_of(budget)["crew"]
    # The plan again, of which the ledger still holds 560.00.
    assert (crew.posted, crew.committed, crew.at_completion) == (56_000, 50_000 - 56_000 + 50_000, 100_000)


def test_a_persons_figure_counts_until_it_is_passed(budget: Any, owner: Any, drain: Any) -> None:
    production = budget.production
    give_figure(production=production, account="post", amount_minor=200_000, reason="包干", by=owner)
    give_figure(production=production, account="post", amount_minor=250_000, reason="加特效", by=owner)
    assert rows_of(budget)["post"].at_completion == 250_000
    post_cost(
        production=production, account="post", amount_minor=250_001, on_date=DAY_1, source="hand:P1", narrative="后期",
        by=owner,
    )  # fmt: skip
    row = rows_of(budget)["post"]
    assert (row.override, row.override_expired, row.at_completion) == (None, True, 300_000)
    give_figure(production=production, account="post", amount_minor=None, reason="算回来", by=owner)
    assert (rows_of(budget)["post"].override_expired, EstimateFigure.objects.count()) == (False, 3)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"account": "bank"}, "not_a_cost_account"), ({"amount_minor": -1}, "not_whole_fen"),
        ({"amount_minor": 1.5}, "not_whole_fen"), ({"reason": " "}, "reason_missing"),
    ],
)  # fmt: skip
def test_bad_figures_are_refused(budget: Any, owner: Any, fields: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        give_figure(
            **{"production": budget.production, "account": "post", "amount_minor": 1, "reason": "x", "by": owner}
            | fields
        )
    assert (refused.value.code, EstimateFigure.objects.count()) == (code, 0)


# --- margin -------------------------------------------------------------------------------------------------------


@pytest.fixture
def forecast(budget: Any, platform: Any, owner: Any, drain: Any) -> Any:
    give_forecast(
        production=budget.production,
        platform=platform,
        amount_minor=EXPECTED,
        by_month="2027-03",
        reason="同类剧",
        by=owner,
    )
    drain()
    return budget


def test_the_margin_after_each_wrap_and_cost_with_what_moved_it(forecast: Any, drain: Any) -> None:
    (first,) = points(forecast)
    assert (first.margin_minor, first.causes.count()) == (EXPECTED - PLANNED_1 - PLANNED_2 - 300_000, 0)
    report = forecast.wrap(1, minutes=MINUTES, results=RESULTS)
    drain()
    _first, wrap = points(forecast)
    day = forecast.days[0].pk
    assert causes(wrap) == {
        f"overtime:{day}:cast": -3_000,
        f"overtime:{day}:crew": -6_000,
        f"extras:{day}:cast": 135_000,
    }
    forecast.approve(report)
    drain()
    third = points(forecast)[2]
    # Posting changes nothing; the scene owed does, at what the one scene shot has cost.
    assert causes(third) == {
        "owed:cast": -103_000,
        "owed:crew": -56_000,
        "owed:key_crew": -80_000,
        "owed:sets": -280_000,
    }
    for before, after in zip(points(forecast), points(forecast)[1:], strict=False):
        assert sum(causes(after).values()) == after.margin_minor - before.margin_minor
        assert sum(after.amounts.values()) == after.margin_minor


def test_a_new_booking_moves_it_by_its_price(forecast: Any, drain: Any) -> None:
    from scheduling.actions import book_location

    zone = forecast.production.studio.zone
    row = book_location(
        production=forecast.production, location=forecast.booking.location, by=forecast.by, price_minor=320_000,
        start_at=dt.datetime.combine(DAY_2, dt.time(6), zone), end_at=dt.datetime.combine(DAY_2, dt.time(20), zone),
    )  # fmt: skip
    drain()
    # The place was planned unbooked at 3,000.00.
    assert causes(points(forecast)[-1]) == {f"booking:{row.pk}": -320_000, f"set:{forecast.days[1].pk}:sets": 300_000}


def test_once_for_a_cause(forecast: Any) -> None:
    found = watch_title(production=forecast.production, cause="wrap:1:1", by=None)
    again = watch_title(production=forecast.production, cause="wrap:1:1", by=None)
    assert found is not None
    assert again is not None
    assert (found.new, again.new, found.point.pk == again.point.pk) == (True, False, True)
    assert len(points(forecast)) == 2


def test_statements_and_contracts_say_what_is_expected(
    forecast: Any, platform: Any, contract: Any, stated: Any, drain: Any
) -> None:
    drain()
    contracted = points(forecast)[-1]
    # Of the forecast 200,000.00: the agent 20 %, 480.00 to the investors, of the rest 25 % and 1/8 to the others.
    shares = contracted.shares_minor
    assert shares == sum(-amount for key, amount in causes(contracted).items() if key.startswith("shares:"))
    agent, investors = 4_000_000, 48_000
    rest = EXPECTED - agent - investors
    assert shares == agent + investors + rest * 25 // 100 + rest // 8
    stated("2026-01", ("1", "50000"))
    drain()
    point = points(forecast)[-1]
    # What came in was part of the forecast: receipts up, forecast down, and together nothing.
    assert causes(point) == {f"receipts:{platform.pk}": 5_000_000, f"forecast:{platform.pk}": -5_000_000}
    assert (point.expected_minor, point.shares_minor) == (EXPECTED, shares)
    stated("2026-02", ("1", "250000"))
    drain()
    assert points(forecast)[-1].expected_minor == 30_000_000


def test_a_guarantee_is_certain_without_a_forecast(
    budget: Any, platform: Any, studio: Any, owner: Any, drain: Any
) -> None:
    for code, kind in (("house", "studio"), ("hongguo-pays", "company")):
        add_party(studio=studio, code=code, name=code, kind=kind, by=owner)
    terms = {
        "pool_by": ["title"],
        "terms": [
            {"id": "mg", "kind": "guarantee", "meaning": "plus_above", "party": "house", "payer": "hongguo-pays",
             "amount": "80000", "on": "2027-03", "rate": "10%", "threshold": "1000000", "titles": [budget.production.code]},
        ],
    }  # fmt: skip
    row = draft_contract(
        production=budget.production,
        platform=platform,
        from_date=dt.date(2026, 1, 1),
        terms=terms,
        by=owner,
        pay_after_days=30,
    )
    sign_contract(contract=row, by=owner)
    drain()
    found = title_margin(title_estimate(title_costs(budget.production)))
    assert (found.margin.expected, found.margin.shares) == (8_000_000, 0)
    assert points(budget)[-1].expected_minor == 8_000_000


def test_nothing_is_made_up(budget: Any) -> None:
    found = title_margin(title_estimate(title_costs(budget.production)))
    assert (found.margin.expected, found.margin.amount, found.margin.basis_points) == (0, -1_475_000, None)


def test_every_morning_only_what_moved(forecast: Any, drain: Any, studio: Any, owner: Any) -> None:
    post_cost(
        production=forecast.production, account="living", amount_minor=12_300, on_date=DAY_1, source="hand:L1",
        narrative="车费", by=owner,
    )  # fmt: skip
    for day in (DAY_1, DAY_2):
        turn(dt.datetime.combine(day, dt.time(5, 1), studio.zone))
        drain()
    morning = points(forecast)[1:]
    assert [(point.cause, causes(point)) for point in morning] == [(f"day:{DAY_1}", {"hand:living": -12_300})]


# --- alarms -------------------------------------------------------------------------------------------------------


def test_told_once_for_each_crossing(forecast: Any, drain: Any, studio: Any, owner: Any, make_member: Any) -> None:
    producer = make_member(studio, "producer")
    set_threshold(studio=studio, measure=AlarmMeasure.OVERTIME, threshold=120, by=owner)
    report = forecast.wrap(1, minutes=MINUTES, results=RESULTS)
    drain()
    drain()
    (alarm,) = MoneyAlarm.objects.all()
    assert (alarm.subject, alarm.value, alarm.threshold, alarm.cleared_at) == (
        f"day:{forecast.days[0].pk}",
        161,
        120,
        None,
    )
    told = Notice.objects.filter(user=producer, kind="finance.alarm_overtime_day")
    assert [(row.params["value"], row.params["threshold"], row.params["about"]) for row in told.all()] == [
        ("2:41", "2:00", "shoot day 1")
    ]
    watch_title(production=forecast.production, cause="again", by=None)
    assert (told.count(), MoneyAlarm.objects.count()) == (1, 1)
    reopen_report(report=report, by=owner)
    forecast.wrap(1, minutes={**MINUTES, "director": 720}, results=RESULTS)
    drain()
    alarm.refresh_from_db()
    assert alarm.cleared_at is not None
    assert told.count() == 1
    reopen_report(report=report, by=owner)
    forecast.wrap(1, minutes=MINUTES, results=RESULTS)
    drain()
    assert (told.count(), MoneyAlarm.objects.filter(cleared_at=None).count()) == (2, 1)


@pytest.mark.parametrize(
    ("measure", "at", "beyond"),
    [
        # Spent on post: 330,000 of 300,000 is 10 % over.
        ("account_over", 1_000, 999),
        # At completion 1,205,000 + 300,000 rest... over the budget of 800,000: see below.
        ("cash_owed", 330_000, 329_999),
        ("owed_scenes", 0, None),
    ],
)
def test_a_threshold_is_passed_only_beyond_it(
    budget: Any, studio: Any, owner: Any, measure: str, at: int, beyond: int | None
) -> None:
    post_cost(
        production=budget.production, account="post", amount_minor=330_000, on_date=DAY_1, source="hand:P1",
        narrative="后期", by=owner,
    )  # fmt: skip
    set_threshold(studio=studio, measure=measure, threshold=at, by=owner)
    watch_title(production=budget.production, cause="a", by=None)
    assert MoneyAlarm.objects.count() == 0
    if beyond is not None:
        set_threshold(studio=studio, measure=measure, threshold=beyond, by=owner)
        watch_title(production=budget.production, cause="b", by=None)
        assert MoneyAlarm.objects.get().rule.measure == measure


def test_estimate_and_margin_thresholds(forecast: Any, studio: Any, owner: Any) -> None:
    # 1,475,000 against a budget of 800,000 is 84.375 % over; the margin is 18,525,000 of 20,000,000: 92.625 %.
    for measure, quiet, loud in (("estimate_over", 8_438, 8_437), ("margin_below", 9_262, 9_263)):
        set_threshold(studio=studio, measure=measure, threshold=quiet, by=owner)
        watch_title(production=forecast.production, cause=f"{measure} quiet", by=None)
        assert MoneyAlarm.objects.filter(rule__measure=measure).count() == 0
        set_threshold(studio=studio, measure=measure, threshold=loud, by=owner)
        watch_title(production=forecast.production, cause=f"{measure} loud", by=None)
        assert MoneyAlarm.objects.filter(rule__measure=measure, cleared_at=None).count() == 1


def test_a_rule_for_one_account_speaks_for_it(budget: Any, studio: Any, owner: Any) -> None:
    post_cost(
        production=budget.production, account="post", amount_minor=330_000, on_date=DAY_1, source="hand:P1",
        narrative="后期", by=owner,
    )  # fmt: skip
    set_threshold(studio=studio, measure="account_over", threshold=0, by=owner)
    set_threshold(studio=studio, measure="account_over", account="post", threshold=5_000, by=owner)
    watch_title(production=budget.production, cause="a", by=None)
    assert MoneyAlarm.objects.count() == 0


def test_seen_by_a_named_person_and_switched_off(forecast: Any, studio: Any, owner: Any, make_member: Any) -> None:
    rule = set_threshold(studio=studio, measure="estimate_over", threshold=0, by=owner)
    watch_title(production=forecast.production, cause="a", by=None)
    alarm = MoneyAlarm.objects.get()
    see_alarm(alarm=alarm, answer="砍两场夜戏", by=owner)
    see_alarm(alarm=alarm, answer="别人", by=make_member(studio, "producer"))
    alarm.refresh_from_db()
    assert (alarm.seen_by, alarm.seen_name, alarm.answer) == (owner, str(owner), "砍两场夜戏")
    set_threshold(studio=studio, measure="estimate_over", threshold=0, by=owner, active=False)
    alarm.refresh_from_db()
    assert alarm.cleared_at is not None
    watch_title(production=forecast.production, cause="b", by=None)
    assert (MoneyAlarm.objects.count(), AlarmRule.objects.get().pk) == (1, rule.pk)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"measure": "moon"}, "unknown_measure"), ({"threshold": 1.5}, "not_whole"), ({"threshold": -1}, "threshold_out_of_range"),
        ({"measure": "margin_below", "threshold": -10_001}, "threshold_out_of_range"), ({"account": "cast"}, "account_not_watched"),
    ],
)  # fmt: skip
def test_bad_thresholds_are_refused(studio: Any, owner: Any, fields: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        set_threshold(**{"studio": studio, "measure": "owed_scenes", "threshold": 3, "by": owner} | fields)
    assert (refused.value.code, AlarmRule.objects.count()) == (code, 0)


# --- doors --------------------------------------------------------------------------------------------------------


def test_pages_say_and_take_it(
    forecast: Any, client_of: Any, owner: Any, drain: Any, make_member: Any, platform: Any
) -> None:
    client = client_of(owner)
    pk = forecast.production.pk
    page = client.get(reverse("estimate", args=[pk])).content.decode()
    assert "14,750.00" in page or "1.47" in page
    assert "Day pay, shoot day 2 · Cast" in page
    assert (
        client.post(
            reverse("estimate", args=[pk]), {"account": "post", "amount_minor": "2,000", "reason": ""}
        ).status_code
        == 422
    )
    assert (
        client.post(
            reverse("estimate", args=[pk]), {"account": "post", "amount_minor": "2,000", "reason": "包干"}
        ).status_code
        == 302
    )
    drain()
    assert rows_of(forecast)["post"].at_completion == 200_000
    margin = client.get(reverse("margin", args=[pk])).content.decode()
    assert "Figure given by a person · Post-production" in margin
    form = {"platform": platform.pk, "amount_minor": "300000", "by_month": "2027-13", "reason": "x"}
    assert client.post(reverse("margin", args=[pk]), form).status_code == 422
    assert client.post(reverse("margin", args=[pk]), {**form, "by_month": "2027-04"}).status_code == 302
    assert (
        client.post(reverse("thresholds"), {"measure": "estimate_over", "threshold": "abc", "active": "on"}).status_code
        == 422
    )
    assert (
        client.post(
            reverse("thresholds"), {"measure": "estimate_over", "threshold": "5.5%", "active": "on"}
        ).status_code
        == 302
    )
    drain()
    assert (AlarmRule.objects.get().threshold, MoneyAlarm.objects.get().value) == (550, 7_187)
    producer = client_of(make_member(forecast.production.studio, "producer"))
    for url in (reverse("production", args=[pk]), reverse("production_money", args=[pk]), "/"):
        assert "71.87%" in producer.get(url).content.decode(), url
    assert (
        producer.post(reverse("see_alarm", args=[MoneyAlarm.objects.get().pk]), {"answer": "砍戏"}).status_code == 302
    )
    assert "砍戏" in producer.get(reverse("alarms", args=[pk])).content.decode()
    assert "71.87%" not in producer.get("/").content.decode()
    assert producer.post(reverse("thresholds"), {"measure": "owed_scenes", "threshold": "1"}).status_code == 403
    for name in ("estimate", "margin"):
        assert client.get(reverse(name, args=[pk]) + "?format=csv").status_code == 200


def test_queries_do_not_grow(forecast: Any, client_of: Any, owner: Any, drain: Any, studio: Any) -> None:
    client = client_of(owner)
    set_threshold(studio=studio, measure="overtime_day", threshold=10, by=owner)
    forecast.wrap(1, minutes=MINUTES, results=RESULTS)
    drain()
    pages = [reverse(name, args=[forecast.production.pk]) for name in ("estimate", "margin", "alarms")]
    client.get(pages[0])
    counts = []
    for url in pages:
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        counts.append(len(found))
    forecast.wrap(2, minutes=MINUTES, results={"3-1": "shot"}, approve=True)
    drain()
    for url, before in zip(pages, counts, strict=True):
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        assert len(found) == before, url


# --- REST ---------------------------------------------------------------------------------------------------------


def test_programs_read_estimate_margin_and_alarms(
    forecast: Any, drain: Any, studio: Any, owner: Any, other_owner: Any, api_of: Any, make_member: Any
) -> None:
    production = forecast.production
    forecast.wrap(1, minutes=MINUTES, results=RESULTS, approve=True)
    drain()
    set_threshold(studio=studio, measure=AlarmMeasure.OWED_SCENES, threshold=0, by=owner)
    drain()
    api, address = api_of(owner, "money.view"), f"/api/v1/estimates/{production.pk}/"
    assert [row["id"] for row in api.get("/api/v1/estimates/").json()["results"]] == [production.pk]
    body = api.get(address).json()
    found = title_estimate(title_costs(production))
    accounts = {row["account"]: row for row in body["accounts"]}
    cast = accounts["cast"]
    assert (cast["posted_minor"], cast["committed_minor"], cast["owed_minor"], cast["at_completion_minor"]) == (
        103_000, 100_000, 103_000, 306_000,
    )  # fmt: skip
    assert (cast["computed_minor"], cast["given_minor"], cast["over_minor"]) == (306_000, None, 306_000 - 500_000)
    assert sum(row["at_completion_minor"] for row in accounts.values()) == body["at_completion_minor"]
    assert (body["at_completion_minor"], body["spent_minor"], body["owed_scenes"]) == (
        found.estimate.at_completion, 103_000 + 56_000 + 80_000, 1,
    )  # fmt: skip
    margin = body["margin"]
    assert margin["margin_minor"] == title_margin(found).margin.amount
    assert margin["expected_minor"] - margin["shares_minor"] - margin["cost_minor"] == margin["margin_minor"]
    newest, before = body["points"][:2]
    assert (newest["number"], newest["margin_minor"]) == (len(points(forecast)), points(forecast)[-1].margin_minor)
    assert sum(row["amount_minor"] for row in newest["causes"]) == newest["margin_minor"] - before["margin_minor"]
    (alarm,) = api.get("/api/v1/money-alarms/?open=true").json()["results"]
    assert (alarm["production"], alarm["measure"], alarm["value"], alarm["threshold"], alarm["cleared_at"]) == (
        production.pk, "owed_scenes", 1, 0, None,
    )  # fmt: skip
    assert api.get("/api/v1/money-alarms/?open=false").json()["results"] == []
    assert api.get("/api/v1/money-alarms/?measure=cash_owed").json()["results"] == []
    others, crew = api_of(other_owner), api_of(make_member(studio, "crew"))
    for path in (address, f"/api/v1/money-alarms/{alarm['id']}/"):
        assert (others.get(path).status_code, crew.get(path).status_code) == (404, 403)
    assert others.get("/api/v1/money-alarms/").json()["results"] == []
