from __future__ import annotations

from typing import Any

import pytest

from finance.actions import accept_statement, hold_statement, import_statement
from finance.choices import StatementState
from finance.models import Entry, Statement, StatementLine
from finance.sentences import finding_sentence
from studio.refusals import Refused

from .conftest import sheet


@pytest.fixture
def bring(production: Any, platform: Any, owner: Any) -> Any:
    from studio.actions import ensure_episodes

    ensure_episodes(production=production, numbers=[1, 2])

    def make(data: bytes, period: str = "2026-01", **changes: Any) -> Statement:
        fields = {
            "platform": platform, "production": production, "period": period, "data": data, "file_name": "账单.csv",
            "by": owner,
        }  # fmt: skip
        return import_statement(**{**fields, **changes})

    return make


def test_one_that_adds_up_is_ready(bring: Any) -> None:
    row = bring(sheet(("1", "600.10"), ("2", "399.90"), total="1000.00"))
    assert (row.state, row.counted_minor, row.declared_minor, row.currency) == ("ready", 100_000, 100_000, "CNY")
    assert list(row.lines.values_list("row", "episode_number", "kind", "amount_minor")) == [
        (2, 1, "share", 60_010), (3, 2, "share", 39_990),
    ]  # fmt: skip
    assert row.file.read() == sheet(("1", "600.10"), ("2", "399.90"), total="1000.00")


def test_the_same_file_twice_is_one_row(bring: Any) -> None:
    data = sheet(("1", "5"))
    assert bring(data).pk == bring(data).pk
    assert (Statement.objects.count(), StatementLine.objects.count()) == (1, 1)
    with pytest.raises(Refused) as refused:
        bring(data, "2026-02")
    assert refused.value.code == "file_of_other_month"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (sheet(("1", "600"), ("2", "400"), total="999"), "does_not_sum"),
        (sheet(("1", "600"), ("2", "-400")), "negative"),
        (sheet(("1", "600"), ("9", "400")), "unknown_episode"),
        ("剧名,集数,分成金额\n别人的剧,1,5\n".encode(), "wrong_title"),
        ("账期,集数,分成金额\n2026-02,1,5\n".encode(), "other_month"),
        ("币种,集数,分成金额\nCNY,1,5\nUSD,2,5\n".encode(), "two_currencies"),
    ],
)
def test_one_that_is_wrong_is_held_with_its_lines(bring: Any, data: bytes, code: str) -> None:
    row = bring(data)
    assert (row.state, code in {finding["code"] for finding in row.findings}) == (StatementState.HELD, True)
    assert row.lines.count() >= 1
    assert [finding_sentence(finding) for finding in row.findings if "{" in finding_sentence(finding)] == []


def test_its_own_title_and_month_are_right(bring: Any) -> None:
    row = bring("剧名,账期,集数,分成金额\n《初光》,2026-01-05,1,5\nCG01,2026-01,2,5\n".encode())
    assert (row.state, row.findings) == (StatementState.READY, [])


@pytest.mark.parametrize(
    ("data", "changes", "code"),
    [
        (b"", {}, "unreadable"),
        (b"\x00\x01\x02\xff" * 50, {}, "unreadable"),
        (b"PK\x03\x04broken", {}, "unreadable"),
        ("只有一句话".encode(), {}, "unreadable"),
        (sheet(("1", "5")), {"period": "2026-13"}, "not_a_month"),
        (sheet(("1", "5")), {"currency": "XXX"}, "unknown_currency"),
        (b"x" * (20 * 1024 * 1024 + 1), {}, "too_large"),
    ],
)
def test_what_cannot_be_read_leaves_nothing(
    bring: Any, settings: Any, data: bytes, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        bring(data, **changes)
    assert (refused.value.code, Statement.objects.count(), StatementLine.objects.count()) == (code, 0, 0)
    assert str(refused.value)
    assert not settings.MEDIA_ROOT.exists()


def test_another_studios_platform_is_refused(bring: Any, other_production: Any) -> None:
    with pytest.raises(Refused) as refused:
        bring(sheet(("1", "5")), production=other_production)
    assert refused.value.code == "other_studio"


def test_accepting_posts_once(bring: Any, owner: Any) -> None:
    row = bring(sheet(("1", "5")))
    accept_statement(statement=row, by=owner)
    accept_statement(statement=row, by=owner)
    entry = Entry.objects.get()
    assert list(entry.lines.order_by("id").values_list("account", "amount_minor")) == [
        ("receivable", 500), ("receipts", -500),
    ]  # fmt: skip


def test_a_held_one_needs_a_reason(bring: Any, owner: Any) -> None:
    row = bring(sheet(("1", "600"), total="601"))
    with pytest.raises(Refused) as refused:
        accept_statement(statement=row, by=owner, reason=" ")
    assert (refused.value.code, Entry.objects.count()) == ("reason_missing", 0)
    assert accept_statement(statement=row, by=owner, reason="平台四舍五入").state == StatementState.ACCEPTED


def test_one_statement_in_force_per_month(bring: Any, owner: Any) -> None:
    first, second = bring(sheet(("1", "5"))), bring(sheet(("1", "6")))
    accept_statement(statement=first, by=owner)
    with pytest.raises(Refused) as refused:
        accept_statement(statement=second, by=owner)
    assert (refused.value.code, Entry.objects.count()) == ("month_taken", 1)
    hold_statement(statement=first, reason="平台更正", by=owner)
    assert accept_statement(statement=second, by=owner).state == StatementState.ACCEPTED


def test_every_law_behind_a_tax_is_named_for_readers() -> None:
    from finance.sentences import TAX_SOURCES
    from finance.settlement.tax import TABLES

    assert set(TAX_SOURCES) == {table.source for table in TABLES}
