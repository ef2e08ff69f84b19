from __future__ import annotations

import datetime as dt

import pytest

from finance.estimating import Due, PayRule, due_date

D = dt.date


@pytest.mark.parametrize(
    ("rule", "days", "earned", "end", "due"),
    [
        (PayRule.AFTER_DAY, 0, D(2026, 2, 28), None, D(2026, 2, 28)),
        (PayRule.AFTER_DAY, 7, D(2026, 2, 28), D(2026, 3, 9), D(2026, 3, 7)),
        (PayRule.AFTER_SHOOT, 15, D(2026, 2, 28), D(2026, 3, 9), D(2026, 3, 24)),
        (PayRule.AFTER_SHOOT, 15, D(2026, 4, 1), D(2026, 3, 9), D(2026, 4, 16)),
        (PayRule.AFTER_SHOOT, 15, D(2026, 2, 28), None, None),
        (PayRule.MONTHLY, 10, D(2026, 1, 1), None, D(2026, 2, 10)),
        (PayRule.MONTHLY, 31, D(2026, 1, 31), None, D(2026, 2, 28)),
        (PayRule.MONTHLY, 31, D(2027, 12, 31), None, D(2028, 1, 31)),
        (PayRule.MONTHLY, 30, D(2028, 1, 15), None, D(2028, 2, 29)),
    ],
)
def test_due_dates(rule: PayRule, days: int, earned: D, end: D | None, due: D | None) -> None:
    assert due_date(rule, days, earned, end) == Due(due)


@pytest.mark.parametrize(("rule", "days"), [("after_day", -1), ("monthly", 0), ("monthly", 32), ("after_day", True)])
def test_days_no_rule_takes(rule: str, days: int) -> None:
    with pytest.raises(ValueError):
        due_date(PayRule(rule), days, D(2026, 1, 1), None)


def test_due_is_not_overdue_on_its_day() -> None:
    due = Due(D(2026, 3, 1))
    assert [(due.is_due(day), due.is_overdue(day)) for day in (D(2026, 2, 28), D(2026, 3, 1), D(2026, 3, 2))] == [
        (False, False), (True, False), (True, True),
    ]  # fmt: skip
    assert (Due(None).is_due(D(2030, 1, 1)), Due(None).is_overdue(D(2030, 1, 1))) == (False, False)
