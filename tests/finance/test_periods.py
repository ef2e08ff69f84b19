"""Closed months, exchange rates, and months that nobody stated."""

from __future__ import annotations

import datetime as dt
import io
from fractions import Fraction
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from finance.actions import accept_statement, hold_statement, import_statement, post_cost, run_settlement
from finance.batches import start_batch
from finance.closing import close_period, reopen_period
from finance.models import ClosedPeriod, Entry, ExchangeRate, Settlement, Statement
from finance.periods import open_date
from finance.queries.periods import gaps, months
from finance.rates import note_rate
from finance.statements import exchanged, parse_rate, plain_rate, rounded
from studio.models import Event
from studio.refusals import Refused

from .conftest import sheet

NOW = dt.datetime(2026, 3, 10, 4, tzinfo=dt.UTC)


def close(studio: Any, owner: Any, period: str = "2026-01", **kwargs: Any) -> ClosedPeriod:
    return close_period(studio=studio, period=period, by=owner, at=NOW, **kwargs)


def refusal(call: Any, **kwargs: Any) -> str:
    with pytest.raises(Refused) as refused:
        call(**kwargs)
    assert "%(" not in refused.value.message
    return refused.value.code


def test_nothing_of_a_closed_month_moves(
    studio: Any, production: Any, platform: Any, contract: Any, stated: Any, owner: Any
) -> None:
    accepted = stated("2026-01", ("1", "1000"))
    ready = stated("2026-01", ("1", "7"), accept=False)
    assert refusal(close_period, studio=studio, period="2026-01", by=owner, at=NOW) == "period_has_open_work"
    row = close(studio, owner, reason="年审要求")
    assert (row.reason, row.left_open, row.closed_by) == ("年审要求", {"ready": 1, "unsettled": 1}, owner)
    assert close(studio, owner).pk == row.pk
    before = list(Statement.objects.order_by("pk").values_list("pk", "state"))
    common = {"platform": platform, "period": "2026-01", "by": owner}
    assert {
        refusal(import_statement, production=production, data=sheet(("1", "8")), file_name="x.csv", **common),
        refusal(start_batch, stream=io.BytesIO("剧名,分成金额\n初光,5\n".encode()), file_name="y.csv", **common),
        refusal(accept_statement, statement=ready, by=owner),
        refusal(hold_statement, statement=accepted, reason="错", by=owner),
        refusal(run_settlement, statement=accepted, by=owner),
    } == {"period_closed"}
    assert list(Statement.objects.order_by("pk").values_list("pk", "state")) == before
    assert Settlement.objects.count() == 0
    assert stated("2026-02", ("1", "5")).state == "accepted"


def test_a_draft_that_a_worker_was_about_to_write_is_refused(
    studio: Any, contract: Any, stated: Any, owner: Any, drain: Any
) -> None:
    run_settlement(statement=stated("2026-01", ("1", "1000")), by=owner)
    close(studio, owner, reason="先关账")
    drain()
    assert Settlement.objects.count() == 0


def test_what_comes_late_is_dated_on_the_first_open_day_and_keeps_its_own(
    studio: Any, production: Any, owner: Any
) -> None:
    for period in ("2026-01", "2026-02"):
        close(studio, owner, period)

    def cost(source: str, day: dt.date) -> Entry:
        return post_cost(
            production=production, account="crew", amount_minor=100, on_date=day, source=source, narrative="x", by=owner,
            params={"minutes": 3},
        )  # fmt: skip

    late, own = cost("hand:1", dt.date(2026, 1, 20)), cost("hand:2", dt.date(2026, 3, 2))
    assert (late.on_date, late.params) == (dt.date(2026, 3, 1), {"minutes": 3, "own_date": "2026-01-20"})
    assert (own.on_date, own.params) == (dt.date(2026, 3, 2), {"minutes": 3})
    assert open_date(production, dt.date(2025, 12, 31)) == dt.date(2025, 12, 31)
    # The reversal has a day of its own.
    from finance.actions import reverse_entry

    back = reverse_entry(entry=late, on_date=dt.date(2026, 3, 5), by=owner)
    assert (back.on_date, back.params) == (dt.date(2026, 3, 5), {"minutes": 3})


def test_another_studios_month_is_its_own(studio: Any, other_production: Any, owner: Any) -> None:
    close(studio, owner)
    assert open_date(other_production, dt.date(2026, 1, 5)) == dt.date(2026, 1, 5)


def test_a_month_is_opened_again_with_a_reason_that_is_kept(studio: Any, production: Any, owner: Any) -> None:
    row = close(studio, owner)
    assert refusal(reopen_period, closed=row, reason=" ", by=owner) == "reason_missing"
    reopen_period(closed=row, reason="平台更正", by=owner, at=NOW)
    assert open_date(production, dt.date(2026, 1, 5)) == dt.date(2026, 1, 5)
    assert refusal(reopen_period, closed=row, reason="再开", by=owner) == "period_open"
    again = close(studio, owner)
    assert list(ClosedPeriod.objects.order_by("pk").values_list("pk", "reopen_reason")) == [
        (row.pk, "平台更正"), (again.pk, ""),
    ]  # fmt: skip
    assert list(Event.objects.filter(name__startswith="Period").order_by("pk").values_list("name", flat=True)) == [
        "PeriodClosed", "PeriodReopened", "PeriodClosed",
    ]  # fmt: skip


@pytest.mark.parametrize(("period", "code"), [("2026-03", "month_not_over"), ("2026-13", "not_a_month")])
def test_a_month_that_cannot_be_closed(studio: Any, owner: Any, period: str, code: str) -> None:
    assert refusal(close_period, studio=studio, period=period, by=owner, at=NOW) == code


def test_an_unknown_title_keeps_a_month_open(studio: Any, platform: Any, owner: Any, production: Any) -> None:
    start_batch(
        platform=platform, period="2026-01", stream=io.BytesIO("剧名,分成金额\n谁的剧,5\n".encode()), file_name="x.csv",
        by=owner,
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        close_period(studio=studio, period="2026-01", by=owner, at=NOW)
    assert refused.value.params["what"] == "1 unknown title"


# --- gaps ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def on_air(production: Any, platform: Any) -> Any:
    from delivery.models import Package, Spec

    spec = Spec.objects.create(platform=platform, from_date=dt.date(2025, 1, 1), rules={})
    at = dt.datetime(2025, 12, 31, 17, tzinfo=dt.UTC)
    return Package.objects.create(
        production=production, platform=platform, spec=spec, state="live", sent_at=at, live_at=at
    )


def test_a_month_on_air_that_nobody_stated(production: Any, on_air: Any, stated: Any) -> None:
    stated("2026-02", ("1", "5"), accept=False)
    # Live since 01:00 of 1 January in the studio's zone; March is not over.
    assert [gap.period for gap in gaps([production], dt.date(2026, 3, 31))] == ["2026-01"]
    assert [gap.period for gap in gaps([production], dt.date(2026, 4, 1))] == ["2026-01", "2026-03"]
    assert gaps([], dt.date(2026, 4, 1)) == []


def test_a_gap_is_shown_and_told_once(
    studio: Any, production: Any, on_air: Any, owner: Any, client_of: Any, drain: Any
) -> None:
    from studio import jobs
    from studio.models import Notice

    client = client_of(owner)
    assert client.get(reverse("production_money", args=[production.pk])).context["gaps"][0].period == "2026-01"
    for _again in range(2):
        jobs.enqueue("finance.settlements_due", {"studio": studio.pk, "on": "2026-03-05"}, studio_id=studio.pk)
        drain()
    notices = Notice.objects.filter(kind="finance.month_not_stated", user=owner)
    assert [notice.params["period"] for notice in notices] == ["2026-01"]


# --- rates --------------------------------------------------------------------------------------------------------


def note(studio: Any, owner: Any, **changes: Any) -> ExchangeRate:
    fields = {
        "studio": studio, "base": "USD", "quote": "CNY", "on_date": dt.date(2026, 1, 31), "rate": "7.1234",
        "source": "中间价", "by": owner,
    }  # fmt: skip
    return note_rate(**{**fields, **changes})


def bring(platform: Any, owner: Any, text: str, period: str = "2026-01") -> Statement:
    start_batch(platform=platform, period=period, stream=io.BytesIO(text.encode()), file_name="x.csv", by=owner)
    return Statement.objects.get(period=period)


USD = "剧名,币种,分成金额\n初光,USD,70\n"


def test_a_statement_in_another_currency_waits_for_the_rate_of_its_month(
    studio: Any, production: Any, platform: Any, owner: Any
) -> None:
    note(studio, owner, on_date=dt.date(2026, 2, 1))
    row = bring(platform, owner, USD)
    assert (row.state, [finding["code"] for finding in row.findings], row.converted_minor) == (
        "held",
        ["no_rate"],
        None,
    )
    note(studio, owner)
    row.refresh_from_db()
    assert (row.state, row.findings, row.converted_currency, row.converted_minor) == ("ready", [], "CNY", 49_864)
    assert (Fraction(row.rate_numerator, row.rate_denominator), row.rate_source) == (
        Fraction(71234, 10000), "中间价 2026-01-31",
    )  # fmt: skip
    # The lines and the sum stay what the platform stated.
    assert (row.currency, row.counted_minor) == ("USD", 7_000)


def test_the_last_rate_of_the_month_is_taken_and_read_both_ways(
    studio: Any, production: Any, platform: Any, owner: Any
) -> None:
    note(studio, owner, on_date=dt.date(2026, 1, 2), rate="7")
    note(studio, owner, base="CNY", quote="USD", on_date=dt.date(2026, 1, 20), rate="0.125")
    row = bring(platform, owner, USD)
    assert (row.state, row.converted_minor) == ("ready", 49_000)
    row = bring(platform, owner, USD.replace("70", "71").replace("USD", "HKD"), "2026-02")
    assert row.state == "held"


def test_a_rate_that_the_statement_states_goes_first(studio: Any, production: Any, platform: Any, owner: Any) -> None:
    note(studio, owner)
    row = bring(platform, owner, "剧名,币种,分成金额,汇率\n初光,USD,70,7.2\n")
    assert (row.state, row.converted_minor, plain_rate(Fraction(row.rate_numerator, row.rate_denominator))) == (
        "ready", 50_400, "7.2",
    )  # fmt: skip
    row = bring(platform, owner, "剧名,币种,分成金额,汇率\n初光,USD,71,7.2\n初光,USD,1,7.3\n", "2026-02")
    assert (row.state, [finding["code"] for finding in row.findings]) == ("held", ["two_rates"])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"rate": "0"}, "not_a_rate"), ({"rate": "-7"}, "not_a_rate"), ({"rate": "7,1"}, "not_a_rate"),
        ({"quote": "USD"}, "unknown_currency"), ({"base": "XXX"}, "unknown_currency"), ({"source": " "}, "source_missing"),
    ],
)  # fmt: skip
def test_a_rate_that_is_none(studio: Any, owner: Any, changes: dict[str, Any], code: str) -> None:
    assert refusal(note, studio=studio, owner=owner, **changes) == code
    assert ExchangeRate.objects.count() == 0


def test_a_rate_is_not_changed_and_not_dated_in_a_closed_month(studio: Any, owner: Any) -> None:
    note(studio, owner)
    assert refusal(note, studio=studio, owner=owner, rate="7.2") == "rate_there"
    close(studio, owner, "2026-02")
    assert refusal(note, studio=studio, owner=owner, on_date=dt.date(2026, 2, 28)) == "period_closed"
    assert ExchangeRate.objects.count() == 1


def test_rates_are_exact() -> None:
    assert (parse_rate("7.1234"), parse_rate("７.5"), parse_rate("1e3"), parse_rate("")) == (
        Fraction(35617, 5000), Fraction(15, 2), None, None,
    )  # fmt: skip
    assert (plain_rate(Fraction(35617, 5000)), plain_rate(Fraction(7)), plain_rate(Fraction(1, 3))) == (
        "7.1234",
        "7",
        "1/3",
    )
    assert exchanged(1_000, "JPY", "CNY", Fraction(48, 1000)) == 4_800
    assert (rounded(Fraction(1, 2)), rounded(Fraction(-1, 2)), rounded(Fraction(49, 100))) == (1, -1, 0)


# --- pages --------------------------------------------------------------------------------------------------------


def test_a_month_is_closed_and_opened_on_its_page(
    studio: Any, production: Any, owner: Any, client_of: Any, stated: Any
) -> None:
    client = client_of(owner)
    last = timezone.localdate().replace(day=1) - dt.timedelta(days=1)
    period = f"{last:%Y-%m}"
    post_cost(
        production=production, account="crew", amount_minor=100, on_date=last, source="hand:1", narrative="x", by=owner
    )
    stated(period, ("1", "5"), accept=False)
    rows = client.get(reverse("months")).context["rows"]
    assert [(row.period, row.work.ready, row.closed) for row in rows][1:] == [(period, 1, None)]
    client.post(reverse("close_month"), {"period": period})
    assert ClosedPeriod.objects.count() == 0
    client.post(reverse("close_month"), {"period": period, "reason": "月结"})
    closed = ClosedPeriod.objects.get()
    assert (closed.period, closed.closed_by, closed.reason) == (period, owner, "月结")
    client.post(reverse("reopen_month", args=[closed.pk]), {"reason": "漏了一张"})
    closed.refresh_from_db()
    assert (closed.reopened_by, closed.reopen_reason) == (owner, "漏了一张")
    page = client.get(reverse("months"))
    assert "漏了一张" in page.content.decode()
    assert client.get(reverse("months") + "?format=csv").content.decode().count(period) == 1
    assert [row.period for row in months(studio)][1] == period


def test_rates_on_their_page(studio: Any, owner: Any, client_of: Any) -> None:
    client = client_of(owner)
    data = {"base": "USD", "rate": "7.1234", "quote": "CNY", "on_date": "2026-01-31", "source": "中间价"}
    assert client.post(reverse("exchange_rates"), data).status_code == 302
    again = client.post(reverse("exchange_rates"), data)
    assert (again.status_code, ExchangeRate.objects.count()) == (422, 1)
    assert "7.1234" in client.get(reverse("exchange_rates")).content.decode()
    assert "2026-01-31,USD,CNY,7.1234" in client.get(reverse("exchange_rates") + "?format=csv").content.decode()
