"""Sunrise and sunset against published tables (NOAA Solar Calculator), within two minutes."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest

from scheduling.daylight import USUAL, daylight

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("date", "latitude", "longitude", "sunrise", "sunset"),
    [
        (dt.date(2026, 6, 21), 34.26, 108.94, (5, 33), (19, 58)),
        (dt.date(2026, 12, 21), 34.26, 108.94, (7, 46), (17, 38)),
        (dt.date(2026, 3, 20), 39.90, 116.40, (6, 19), (18, 26)),
    ],
)
def test_it_rises_and_sets(
    date: dt.date, latitude: float, longitude: float, sunrise: tuple[int, int], sunset: tuple[int, int]
) -> None:
    rises, sets = daylight(date, latitude, longitude, SHANGHAI)
    assert abs(rises - (sunrise[0] * 60 + sunrise[1])) <= 2
    assert abs(sets - (sunset[0] * 60 + sunset[1])) <= 2


def test_without_a_place_or_a_sunset_it_is_the_usual_day() -> None:
    assert daylight(dt.date(2026, 6, 21), None, None, SHANGHAI) == USUAL
    assert daylight(dt.date(2026, 6, 21), 78.2, 15.6, zoneinfo.ZoneInfo("Arctic/Longyearbyen")) == USUAL
