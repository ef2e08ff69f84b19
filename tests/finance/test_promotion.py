"""Promotion spend: once per platform, campaign and day, corrected when it is stated anew, against receipts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from delivery.models import Platform
from finance.models import Entry, PromotionSpend
from finance.promotion import SpendRow, Stated, read_spend, state_spend
from finance.queries import check_books, cost_report
from finance.queries.promotion import Return, promotion_returns
from studio.refusals import Refused

DAY = dt.date(2026, 12, 1)
FILE = '日期,计划名称,消耗(元)\n2026-12-01,首投A,"1,000.50"\n2026/12/02,首投A,0\n2026-12-01,首投B,99\n'


def state(production: Any, platform: Any, *rows: tuple[str, int], on: dt.date = DAY) -> Stated:
    spend = [SpendRow(on, campaign, amount) for campaign, amount in rows]
    return state_spend(production=production, platform=platform, rows=spend, by=None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_platforms_file_is_read(encoding: str) -> None:
    assert read_spend(FILE.encode(encoding), "CNY") == [
        SpendRow(DAY, "首投A", 100_050), SpendRow(DAY + dt.timedelta(days=1), "首投A", 0), SpendRow(DAY, "首投B", 9_900),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("", "column_missing", "dates"),
        ("日期,消耗\n2026-12-01,1\n", "column_missing", "计划"),
        ("日期,计划,消耗\n", "rows_out_of_range", "one to"),
        ("日期,计划,消耗\n2026-12-01,A,1\n12月2日,A,1\n", "line_unreadable", "Line 3"),
        ("日期,计划,消耗\n2026-12-01,A,1.005\n", "line_unreadable", "Line 2"),
        ("日期,计划,消耗\n2026-12-01,A,-1\n", "line_unreadable", "Line 2"),
        ("日期,计划,消耗\n2026-12-01,,1\n", "line_unreadable", "Line 2"),
        ("日期,计划,消耗\n2026-12-01,A\n", "line_unreadable", "Line 2"),
        ("日期,计划,消耗\n2026-12-01,A,1\n2026-12-01,A,2\n", "row_twice", "Lines 2 and 3"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(text: str, code: str, told: str) -> None:
    with pytest.raises(Refused) as refused:
        read_spend(text.encode(), "CNY")
    assert refused.value.code == code
    assert told in refused.value.message


def test_the_same_day_is_posted_once_and_corrected_by_reversal(production: Any, platform: Any) -> None:
    assert state(production, platform, ("A", 1_000), ("B", 500)) == Stated(2, 0, 0)
    assert state(production, platform, ("A", 1_000), ("B", 500)) == Stated(0, 0, 2)
    assert Entry.objects.count() == 2
    assert state(production, platform, ("A", 1_200), ("B", 0)) == Stated(0, 2, 0)
    assert state(production, platform, ("A", 1_000)) == Stated(0, 1, 0)
    assert {row.account: row.posted_minor for row in cost_report(production).rows} == {"promotion": 1_000}
    first = PromotionSpend.objects.get(campaign="A")
    standing = Entry.objects.filter(reverses=None, reversed_by=None).values_list("source", flat=True)
    assert list(standing) == [f"promotion:{first.pk}:3"]
    assert check_books(production) == []


def test_spend_taken_back_by_hand_is_told_in_the_books(production: Any, platform: Any) -> None:
    from finance.actions import reverse_entry

    state(production, platform, ("A", 1_000))
    reverse_entry(entry=Entry.objects.get(), on_date=DAY, by=None)
    assert [row.message for row in check_books(production)] == ["Promotion spend makes ¥10.00, the ledger has ¥0.00."]


def test_refused_spend_leaves_nothing(production: Any, platform: Any, other_studio: Any) -> None:
    elsewhere = Platform.objects.create(studio=other_studio, code="x", name="别处")
    for place, rows in ((elsewhere, [("A", 1)]), (platform, [("A", 1), ("B", -1)]), (platform, [("A", 1), (" ", 1)]), (platform, [("A", 1.5)])):  # fmt: skip
        with pytest.raises(Refused):
            state(production, place, *rows)  # type: ignore[arg-type]
    assert (PromotionSpend.objects.count(), Entry.objects.count()) == (0, 0)


def test_spend_against_receipts(production: Any, platform: Any, stated: Any, studio: Any) -> None:
    other = Platform.objects.create(studio=studio, code="hema", name="河马")
    state(production, platform, ("A", 30_000))
    state(production, other, ("A", 10_000))
    stated("2026-12", ("1", "354.99"))
    stated("2027-01", ("1", "1000"), accept=False)
    whole, rows = promotion_returns(production)
    assert rows == [Return("红果", 30_000, 35_499), Return("河马", 10_000, 0)]
    assert [row.roi for row in (*rows, whole)] == ["1.18", "0.00", "0.88"]
    assert Return("", 0, 5).roi == ""


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"amount_minor": -1}, "promotion_spend_not_negative"),
        ({"campaign": ""}, "promotion_spend_of_a_campaign"),
        ({}, ""),
    ],
)
def test_the_database_refuses_what_cannot_be(production: Any, platform: Any, fields: dict[str, Any], name: str) -> None:
    row = {"production": production, "platform": platform, "campaign": "A", "on_date": DAY, "amount_minor": 1}
    PromotionSpend.objects.create(**row)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        PromotionSpend.objects.create(**{**row, **fields})


def test_finance_imports_a_file_and_enters_a_day(production: Any, platform: Any, owner: Any, client_of: Any) -> None:
    client = client_of(owner)
    base = f"/productions/{production.pk}/promotion/"

    def send(text: str) -> int:
        file = SimpleUploadedFile("spend.csv", text.encode(), "text/csv")
        return client.post(f"{base}import/", {"csv-platform": platform.pk, "csv-file": file}).status_code

    assert (send(FILE.replace("99", "many")), PromotionSpend.objects.count()) == (422, 0)
    assert (send(FILE), send(FILE), PromotionSpend.objects.count(), Entry.objects.count()) == (302, 302, 3, 2)
    day = {"platform": platform.pk, "campaign": "首投B", "on_date": "2026-12-01", "amount_minor": "100"}
    assert client.post(f"{base}enter/", {**day, "amount_minor": "x"}).status_code == 422
    assert client.post(f"{base}enter/", day).status_code == 302
    page = client.get(base).content.decode()
    assert "¥1,100.50" in page
    assert "首投B" in client.get(f"{base}?format=csv").content.decode()
    assert [row.campaign for row in client.get(f"{base}?q=B").context["rows"]] == ["首投B"]
    assert check_books(production) == []


def test_the_page_takes_a_constant_number_of_queries(
    production: Any, platform: Any, owner: Any, client_of: Any, django_assert_max_num_queries: Any
) -> None:
    client, address = client_of(owner), f"/productions/{production.pk}/promotion/"
    state(production, platform, ("A", 1))
    client.get(address)
    with django_assert_max_num_queries(80) as few:
        client.get(address)
    state(production, platform, ("B", 1), ("C", 1))
    with django_assert_max_num_queries(len(few)):
        client.get(address)
