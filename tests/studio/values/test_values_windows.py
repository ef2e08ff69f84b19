"""Half-open windows against sets of whole numbers."""

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.values import Window, gaps, merge, overlapping_pairs

WINDOWS = st.tuples(st.integers(-20, 20), st.integers(1, 12)).map(lambda pair: Window(pair[0], pair[0] + pair[1]))


def points(*windows):
    return {point for window in windows for point in range(window.start, window.end)}


@given(WINDOWS, WINDOWS)
def test_algebra_of_two(a, b):
    both = points(a) & points(b)
    assert a.overlaps(b) == bool(both)
    assert a.covers(b) == (points(b) <= points(a))
    assert points(*filter(None, [a.intersection(b)])) == both
    assert (a.intersection(b) is None) == (not both)
    assert points(*a.minus(b)) == points(a) - points(b)
    assert sum(len(points(piece)) for piece in a.minus(b)) == len(points(a) - points(b))
    assert {point for point in range(-25, 40) if point in a} == points(a)


@given(st.lists(WINDOWS, max_size=12))
def test_merge_covers_the_same_points_with_the_fewest_windows(windows):
    merged = merge(windows)
    assert points(*merged) == points(*windows)
    assert all(left.end < right.start for left, right in itertools.pairwise(merged))


@given(WINDOWS, st.lists(WINDOWS, max_size=8))
def test_gaps_are_what_no_window_covers(within, windows):
    free = gaps(within, windows)
    assert points(*free) == points(within) - points(*windows)
    assert all(left.end <= right.start for left, right in itertools.pairwise(free))


@given(st.lists(WINDOWS, max_size=12))
def test_overlapping_pairs_are_those_of_every_pair_compared(windows):
    compared = [
        (i, j)
        for i in range(len(windows))
        for j in range(i + 1, len(windows))
        if points(windows[i]) & points(windows[j])
    ]
    assert overlapping_pairs(windows) == compared


@pytest.mark.parametrize(("start", "end"), [(1, 1), (2, 1)])
def test_empty_window_is_refused(start, end):
    with pytest.raises(ValueError, match="ends after it starts"):
        Window(start, end)


def test_times_meet_without_overlapping():
    nine, noon, evening = (dt.datetime(2026, 3, 1, hour) for hour in (9, 12, 18))
    assert not Window(nine, noon).overlaps(Window(noon, evening))
    assert merge([Window(noon, evening), Window(nine, noon)]) == [Window(nine, evening)]
