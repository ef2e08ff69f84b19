"""Months and rules in force."""

import datetime as dt
import itertools
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.values import in_force, month_of, months_between, parse_month

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 31))


@dataclass(frozen=True)
class Row:
    from_date: dt.date
    name: int


@given(st.lists(DAYS, max_size=10), DAYS)
def test_in_force_is_the_latest_begun(days, on):
    rows = [Row(day, index) for index, day in enumerate(days)]
    begun = [row for row in rows if row.from_date <= on]
    expected = max(begun, key=lambda row: (row.from_date, row.name)) if begun else None
    assert in_force(rows, on) == expected


@given(DAYS)
def test_month_reads_back(day):
    assert parse_month(month_of(day)) == day.replace(day=1)


@given(DAYS, DAYS)
def test_months_between_holds_each_month_once(first, last):
    months = months_between(month_of(first), month_of(last))
    assert months == sorted(set(months))
    if month_of(first) > month_of(last):
        assert months == []
        return
    assert (months[0], months[-1]) == (month_of(first), month_of(last))
    steps = {(parse_month(b) - parse_month(a)).days for a, b in itertools.pairwise(months)}
    assert steps <= {28, 29, 30, 31}


def test_months_over_a_new_year():
    assert months_between("2025-11", "2026-02") == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert months_between("2026-02", "2026-02") == ["2026-02"]


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "2026-1", "26-01", "2026/01", "", "0000-01", "２０２６-01", 202601, None]
)
def test_what_is_not_a_month(text):
    with pytest.raises(ValueError):
        parse_month(text)
