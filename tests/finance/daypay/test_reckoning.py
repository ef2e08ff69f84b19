"""Penalties, supplements and extras to the fen."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.daypay import Rate, Sheet, extras_part, night_minutes, penalties, rate_at
from studio.values.meals import LateMeal, late_meals

SATURDAY = dt.date(2026, 12, 5)
JANUARY = dt.date(2026, 1, 1)


def rate(kind: str, **fields: Any) -> Rate:
    return Rate(kind, fields.pop("from_date", JANUARY), **fields)


def sheet(**fields: Any) -> Sheet:
    return Sheet(
        **{"on_date": SATURDAY, "call": 360, "wrap": 1080, "day_rate_minor": 72_000, "day_minutes": 720, **fields}
    )


def charges(day: Sheet, *rates: Rate, base: int | None = None) -> list[tuple[str, int, int, int]]:
    return [(part.kind, part.amount_minor, part.minutes, part.cases) for part in penalties(day, rates, base)]


@pytest.mark.parametrize(
    ("meals", "late"),
    [
        ([], [LateMeal(0, 720, None, 360)]),
        ([(720, None)], []),
        ([(721, None)], [LateMeal(0, 720, 721, 1)]),
        # Six hours after the first ended the second is due: at 18:45, after the wrap.
        ([(720, 765)], []),
        ([(600, 640)], [LateMeal(1, 1000, None, 80)]),
        ([(600, 640), (1000, 1040)], []),
        ([(600, 640), (1030, None)], [LateMeal(1, 1000, 1030, 30)]),
        # A meal after the wrap was no meal of the day.
        ([(1080, 1100)], [LateMeal(0, 720, None, 360)]),
        # A meal that ended before the call counts from the call.
        ([(300, 340)], [LateMeal(1, 720, None, 360)]),
    ],
)
def test_meals_are_due_within_so_much_work(meals: Any, late: list[LateMeal]) -> None:
    assert late_meals(360, 1080, meals, 360) == late


def test_short_rest_is_charged_by_started_half_hours_a_flat_sum_and_a_share() -> None:
    day = sheet(rest_minutes=479, rest_needed=600, meals=[(700, None)])
    assert charges(day, rate("forced_call", hour_minor=1_001)) == [("forced_call", 2_503, 121, 1)]
    assert charges(day, rate("forced_call", flat_minor=5_000)) == [("forced_call", 5_000, 121, 1)]
    # A minute of 72,000 fen over 720 minutes is 100 fen.
    assert charges(day, rate("forced_call", percent=50)) == [("forced_call", 6_050, 121, 1)]
    assert charges(day, rate("forced_call", percent=50, flat_minor=1, hour_minor=2)) == [("forced_call", 6_056, 121, 1)]


@pytest.mark.parametrize("rest", [None, 600, 900])
def test_rest_that_is_long_enough_or_not_known_costs_nothing(rest: int | None) -> None:
    assert (
        charges(sheet(rest_minutes=rest, rest_needed=600, meals=[(700, None)]), rate("forced_call", flat_minor=9)) == []
    )


def test_each_late_meal_is_a_case() -> None:
    day = sheet(wrap=1200, meals=[(741, 760)])
    # 21 minutes late and, 360 after 760, 80 minutes without the second: one and three started half hours.
    assert charges(day, rate("meal_penalty", flat_minor=2_000, hour_minor=1_000)) == [("meal_penalty", 6_000, 120, 2)]


@pytest.mark.parametrize(
    ("call", "wrap", "minutes"),
    [
        (360, 1320, 0), (360, 1321, 1), (300, 1000, 60), (1200, 1800, 480), (1200, 2000, 480), (0, 2879, 360 + 480 + 119),
    ],
)  # fmt: skip
def test_the_night_passes_midnight(call: int, wrap: int, minutes: int) -> None:
    assert night_minutes(call, wrap, 1320, 360) == minutes


def test_a_night_within_one_day() -> None:
    assert night_minutes(0, 2880, 0, 300) == 600


def test_nights_and_weekends() -> None:
    day = sheet(call=1200, wrap=1500, meals=[(1300, None)])
    assert charges(day, rate("night", percent=20), rate("weekend", flat_minor=3_000)) == [
        ("night", 3_600, 180, 1), ("weekend", 3_000, 300, 1),
    ]  # fmt: skip
    friday = sheet(on_date=SATURDAY - dt.timedelta(days=1), meals=[(700, None)])
    assert charges(friday, rate("weekend", flat_minor=3_000)) == []
    assert charges(friday, rate("weekend", flat_minor=3_000, weekdays=frozenset({5}))) == [("weekend", 3_000, 720, 1)]


def test_the_rate_of_the_base_comes_before_the_one_for_everywhere() -> None:
    rates = [
        rate("extra", flat_minor=1), rate("extra", flat_minor=2, from_date=dt.date(2026, 6, 1)),
        rate("extra", flat_minor=3, base=7), rate("extra", flat_minor=4, base=7, from_date=dt.date(2027, 1, 1)),
        rate("stunt", flat_minor=5),
    ]  # fmt: skip

    def found(on: str, base: int | None) -> int | None:
        rate = rate_at(rates, "extra", dt.date.fromisoformat(on), base)
        return rate.flat_minor if rate else None

    assert [found("2025-12-31", None), found("2026-05-31", None), found("2026-06-01", 8)] == [None, 1, 2]
    assert [found("2026-12-31", 7), found("2027-01-01", 7)] == [3, 4]


@pytest.mark.parametrize(
    ("wrap", "amount"), [(660, 3 * 6_000), (661, 3 * 10_000), (1080, 30_000), (1081, 3 * 10_501), (1141, 3 * 11_502)]
)
def test_extras_by_half_days_days_and_overtime(wrap: int, amount: int) -> None:
    terms = rate("extra", flat_minor=10_000, half_day_minor=6_000, hour_minor=1_001)
    assert extras_part(terms, heads=3, call=360, wrap=wrap).amount_minor == amount


def test_without_a_half_day_a_short_day_is_a_day() -> None:
    assert extras_part(rate("stunt", flat_minor=50_000), heads=2, call=360, wrap=400).amount_minor == 100_000


@given(call=st.integers(0, 1439), work=st.integers(1, 1440), extra=st.integers(0, 300), flat=st.integers(0, 9_999),
       hour=st.integers(0, 9_999), percent=st.integers(0, 300))  # fmt: skip
def test_a_longer_day_never_costs_less(call: int, work: int, extra: int, flat: int, hour: int, percent: int) -> None:
    rates = [
        rate(kind, flat_minor=flat, hour_minor=hour, percent=percent) for kind in ("meal_penalty", "night", "weekend")
    ]

    def total(wrap: int) -> int:
        return sum(part.amount_minor for part in penalties(sheet(call=call, wrap=wrap), rates))

    assert 0 <= total(call + work) <= total(call + work + extra)


def test_the_door(tmp_path: Path) -> None:
    file = tmp_path / "day.json"
    file.write_text(json.dumps({
        "on": "2026-12-05", "rates": [
            {"kind": "forced_call", "from": "2026-01-01", "flat_minor": 5000},
            {"kind": "extra", "from": "2026-01-01", "flat_minor": 10000, "hour_minor": 1000},
        ],
        "sheets": [{"call": 360, "wrap": 1080, "meals": [[700, None]], "rest": 500, "rest_needed": 600}],
        "extras": [{"kind": "extra", "heads": 20, "call": 360, "wrap": 1110}],
    }))  # fmt: skip

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "finance.daypay", str(file)], capture_output=True, text=True)

    done = run()
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "sheets": [[{"kind": "forced_call", "amount_minor": 5000, "minutes": 100, "cases": 1, "rate_from": "2026-01-01"}]],
        "extras": [{"kind": "extra", "amount_minor": 210000, "minutes": 750, "cases": 20, "rate_from": "2026-01-01"}],
        "total_minor": 215000,
    }  # fmt: skip
    file.write_text(json.dumps({"on": "2026-12-05", "extras": [{"kind": "stunt", "heads": 1, "call": 0, "wrap": 1}]}))
    done = run()
    assert (done.returncode, done.stderr) == (2, "No rate of stunt is in force on 2026-12-05.\n")
