"""Timecode at the rates the trade delivers in."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.values import Rate, Timecode

RATES = {
    "23.976": Rate(24000, 1001),
    "24": Rate(24),
    "25": Rate(25),
    "30": Rate(30),
    "29.97DF": Rate(30000, 1001, drop=True),
    "59.94DF": Rate(60000, 1001, drop=True),
    "120": Rate(120),
}


@given(st.integers(0, 24 * 3600 * 120), st.sampled_from(sorted(RATES)))
def test_text_reads_back(frames, name):
    timecode = Timecode(frames, RATES[name])
    assert Timecode.parse(str(timecode), RATES[name]) == timecode


@given(st.integers(0, 10**7), st.sampled_from(sorted(RATES)))
def test_next_frame_has_the_next_number(frames, name):
    fields = [
        [int(part) for part in re.split("[:;]", str(Timecode(count, RATES[name])))] for count in (frames, frames + 1)
    ]
    assert fields[0] < fields[1]


@given(st.integers(0, 10**7), st.sampled_from(sorted(RATES)))
def test_seconds_read_back(frames, name):
    timecode = Timecode(frames, RATES[name])
    assert Timecode.from_seconds(timecode.seconds, RATES[name]) == timecode
    assert timecode.seconds == Fraction(frames) / RATES[name].fps


@pytest.mark.parametrize("name", ["29.97DF", "59.94DF"])
def test_drop_frame_skips_numbers_each_minute_but_the_tenth(name):
    rate = RATES[name]
    dropped = rate.nominal // 15
    minute = 60 * rate.nominal
    assert str(Timecode(minute - 1, rate)) == f"00:00:59;{rate.nominal - 1}"
    assert str(Timecode(minute, rate)) == f"00:01:00;{dropped:02d}"
    ten_minutes = minute * 10 - dropped * 9
    assert str(Timecode(ten_minutes - 1, rate)) == f"00:09:59;{rate.nominal - 1}"
    assert str(Timecode(ten_minutes, rate)) == "00:10:00;00"


@pytest.mark.parametrize(
    ("text", "name", "frames"),
    [
        ("00:00:00:00", "25", 0),
        ("01:00:00:00", "25", 90_000),
        ("01:00:00:00", "24", 86_400),
        ("10:00:00:12", "30", 1_080_012),
        # ST 12-1: an hour of 29.97 drop-frame is 107,892 frames, a day 2,589,408; twice that at 59.94.
        ("01:00:00;00", "29.97DF", 107_892),
        ("24:00:00;00", "29.97DF", 2_589_408),
        ("00:01:00;02", "29.97DF", 1800),
        ("01:00:00;00", "59.94DF", 215_784),
        ("00:01:00;04", "59.94DF", 3600),
    ],
)
def test_known_values(text, name, frames):
    assert Timecode.parse(text, RATES[name]).frames == frames
    assert str(Timecode(frames, RATES[name])) == text


@pytest.mark.parametrize(
    ("text", "name", "reason"),
    [
        ("00:01:00;00", "29.97DF", "drop-frame skips"),
        ("00:01:00;03", "59.94DF", "drop-frame skips"),
        ("00:00:00:25", "25", "no frame 25"),
        ("00:00:00;00", "25", "way of counting"),
        ("00:00:00:00", "29.97DF", "way of counting"),
        ("00:60:00:00", "25", "not a timecode"),
        ("noon", "25", "not a timecode"),
    ],
)
def test_numbers_that_do_not_exist(text, name, reason):
    with pytest.raises(ValueError, match=reason):
        Timecode.parse(text, RATES[name])


@pytest.mark.parametrize(
    "act",
    [
        lambda: Rate(0),
        lambda: Rate(25, 0),
        lambda: Rate(25, drop=True),
        lambda: Rate(24000, 1001, drop=True),
        lambda: Rate(29_500, 1001, drop=True),
        lambda: Timecode(-1, Rate(25)),
    ],
)
def test_impossible_rates_and_counts(act):
    with pytest.raises(ValueError):
        act()


def test_frame_on_screen_at_a_second():
    assert Timecode.from_seconds(Fraction(1, 26), Rate(25)).frames == 0
    assert Timecode.from_seconds(Fraction(1, 25), Rate(25)).frames == 1
    assert Timecode.from_seconds(1, RATES["29.97DF"]).frames == 29
