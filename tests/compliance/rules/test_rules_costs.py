"""The parts of a cost against their caps."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.rules import CostCap, RuleFault, compose, default_caps, share_bp

CAPS = default_caps()
DAY = dt.date(2026, 11, 21)


def over(total, cast, leads, on=DAY, caps=CAPS):
    return [part.over for part in compose(total=total, cast=cast, leads=leads, caps=caps, on=on)]


@pytest.mark.parametrize(
    ("total", "cast", "leads", "expected"),
    [
        (1_000_000, 400_000, 280_000, [False, False]),
        (1_000_000, 400_001, 280_000, [True, False]),
        (1_000_000, 400_000, 280_001, [False, True]),
        (999_999, 400_000, 0, [True, False]),
        (0, 0, 0, [False, False]),
    ],
)
def test_a_cap_is_reached_but_not_passed(total, cast, leads, expected):
    assert over(total, cast, leads) == expected


def test_the_cap_of_the_day_counts_and_none_before_the_first():
    later = [*CAPS, CostCap(dt.date(2027, 1, 1), "cast", 3000, "next")]
    assert over(100, 35, 0, DAY, later) == [False, False]
    assert over(100, 35, 0, dt.date(2027, 1, 1), later) == [True, False]
    parts = compose(total=100, cast=90, leads=90, caps=CAPS, on=dt.date(2017, 9, 21))
    assert [(part.cap, part.over, part.room) for part in parts] == [(None, False, 0)] * 2


def test_the_published_caps_say_that_they_are_unverified():
    assert [(cap.measure, cap.most_bp, cap.binding) for cap in CAPS] == [("cast", 4000, False), ("leads", 7000, False)]
    assert all("2017-09-22" in cap.source for cap in CAPS)


@given(st.integers(1, 10**13), st.integers(0, 10**13))
def test_room_is_what_may_still_be_spent(total, cast):
    part = compose(total=total, cast=cast, leads=0, caps=CAPS, on=DAY)[0]
    assert over(total, cast + part.room, 0) == [False, False]
    assert over(total, cast + part.room + 1, 0)[0]


@pytest.mark.parametrize(("part", "whole", "bp"), [(1, 3, 3333), (2, 3, 6667), (1, 0, None), (0, 5, 0), (1, 20_000, 1)])
def test_shares_are_rounded_half_up_for_showing(part, whole, bp):
    assert share_bp(part, whole) == bp


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda: compose(total=1.5, cast=0, leads=0, caps=CAPS, on=DAY), "cost_not_whole"),
        (lambda: CostCap(DAY, "cast", 0), "cap_impossible"),
        (lambda: CostCap(DAY, "cast", 10_001), "cap_impossible"),
        (lambda: CostCap(DAY, "crew", 100), "cap_impossible"),
    ],
)
def test_impossible_amounts_and_caps(act, code):
    with pytest.raises(RuleFault) as caught:
        act()
    assert caught.value.code == code
