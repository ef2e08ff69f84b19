"""Page counts in eighths and tenths."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.values import format_pages, pages_from_lines

UNITS = {"eighths": 8, "tenths": 10}


@given(st.integers(0, 100_000), st.sampled_from(sorted(UNITS)), st.integers(1, 200))
def test_count_is_the_smallest_that_holds_the_lines(lines, unit, per_page):
    parts = pages_from_lines(lines, unit, per_page)
    assert parts >= 1
    assert parts * per_page >= lines * UNITS[unit]
    assert parts == 1 or (parts - 1) * per_page < lines * UNITS[unit]


@given(st.integers(0, 10_000))
def test_eighths_read_back(parts):
    match = re.fullmatch(r"(?:(\d+)(?: |$))?(?:([1-7])/8)?", format_pages(parts, "eighths"))
    assert int(match[1] or 0) * 8 + int(match[2] or 0) == parts


@given(st.integers(0, 10_000))
def test_tenths_read_back(parts):
    whole, tenth = format_pages(parts, "tenths").split(".")
    assert int(whole) * 10 + int(tenth) == parts


@pytest.mark.parametrize(
    ("lines", "unit", "parts"),
    [
        (0, "eighths", 1),
        (54, "eighths", 8),
        (55, "eighths", 9),
        (4, "tenths", 1),
        (5, "tenths", 2),
        (40, "tenths", 10),
    ],
)
def test_known_counts(lines, unit, parts):
    assert pages_from_lines(lines, unit) == parts


@pytest.mark.parametrize(
    ("parts", "unit", "text"),
    [
        (13, "eighths", "1 5/8"),
        (16, "eighths", "2"),
        (3, "eighths", "3/8"),
        (0, "eighths", "0"),
        (13, "tenths", "1.3"),
    ],
)
def test_known_forms(parts, unit, text):
    assert format_pages(parts, unit) == text


@pytest.mark.parametrize(
    "act",
    [
        lambda: pages_from_lines(-1, "eighths"),
        lambda: pages_from_lines(1, "eighths", 0),
        lambda: pages_from_lines(1, "thirds"),
        lambda: format_pages(-1, "tenths"),
        lambda: format_pages(1, "thirds"),
    ],
)
def test_refusals(act):
    with pytest.raises(ValueError):
        act()
