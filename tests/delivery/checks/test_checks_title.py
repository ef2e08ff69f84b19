"""Findings on a title as a whole."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.checks import Actor, EpisodeFacts, Spec, TitleFacts, check, check_title, default_specs, passes

WECHAT = default_specs()[1]
ON = dt.date(2026, 9, 1)
GOOD = TitleFacts(
    name="开机",
    work_kind="live",
    episodes=(1, 2, 3),
    planned_episodes=3,
    synopsis="一句梗概",
    tagline="一句推荐语",
    covers=((1080, 1440),),
    cast=(Actor("甲", "林叶", "新人", True), Actor("乙", "沈乐", "", True)),
    number="(沪)网剧审字(2023)第001号",
)


def codes(title, spec=WECHAT, on=ON):
    return [finding.code for finding in check_title(spec, title, on)]


def test_a_proper_title_has_no_findings():
    assert codes(GOOD) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"episodes": ()}, [("episodes_missing", None, "The package holds no episodes.")]),
        ({"episodes": (1, 3)}, [("episode_missing", 2, "Episode 2 is missing.")]),
        ({"episodes": (1, 2)}, [("episode_missing", 3, "Episode 3 is missing.")]),
        ({"episodes": (1, 2, 2, 3)}, [("episode_twice", 2, "Episode 2 is there twice.")]),
        ({"synopsis": " "}, [("synopsis_missing", None, "The synopsis is empty.")]),
        ({"synopsis": "字" * 201}, [("synopsis_too_long", None, "The synopsis has 201 characters, more than 200.")]),
        ({"tagline": ""}, [("tagline_missing", None, "The tagline is empty.")]),
        ({"tagline": "字" * 31}, [("tagline_too_long", None, "The tagline has 31 characters, more than 30.")]),
        ({"covers": ()}, [("covers_too_few", None, "There are 0 covers; at least 1 are asked.")]),
        ({"cast": GOOD.cast[:1]}, [("cast_too_few", None, "The cast list names 1; at least 2 are asked.")]),
        ({"cast": GOOD.cast * 3}, [("cast_too_many", None, "The cast list names 6; at most 5 are taken.")]),
        (
            {"cast": (GOOD.cast[0], Actor("丙", "字" * 31, "字" * 101, False))},
            [
                ("cast_role_too_long", None, "The role of 丙 has 31 characters, more than 30."),
                ("cast_profile_too_long", None, "The profile of 丙 has 101 characters, more than 100."),
                ("cast_photo_missing", None, "丙 has no photo."),
            ],
        ),
        ({"number": " "}, [("number_missing", None, "The title has no licence or record number.")]),
        ({"number_platform": "hongguo"}, [("number_elsewhere", None, "The number was issued by hongguo and holds there only.")]),
        ({"number": "", "cost_fen": 1_000_000_00, "has_cost_report": True}, [("cost_too_high", None, "Without a number, the cost must lie below 1000000 yuan.")]),
        ({"number": "", "cost_fen": 999_999_99}, [("cost_report_missing", None, "Without a number, a cost report is asked.")]),
        (
            {"uses_ai": True},
            [
                ("ai_label_missing", None, "The title uses AI and does not say so."),
                ("ai_proof_missing", None, "The title uses AI and has no proof of rights."),
            ],
        ),
    ],
)  # fmt: skip
def test_each_rule_alone(change, found):
    findings = check_title(WECHAT, replace(GOOD, **change), ON)
    assert [(one.code, one.episode, one.message) for one in findings] == found
    assert not passes(findings)


@pytest.mark.parametrize(
    "change",
    [
        {"synopsis": "字" * 200, "tagline": "字" * 30},
        {"number_platform": "wechat"},
        {"number": "", "cost_fen": 999_999_99, "has_cost_report": True},
        {"work_kind": "manju", "cast": ()},
        {"uses_ai": True, "ai_labelled": True, "ai_proof": True},
        {"planned_episodes": None},
    ],
)
def test_what_is_just_taken(change):
    assert codes(replace(GOOD, **change)) == []


def test_ai_is_asked_from_its_date():
    title = replace(GOOD, uses_ai=True)
    assert codes(title, on=dt.date(2026, 7, 27)) == []
    assert codes(title, on=dt.date(2026, 7, 28)) == ["ai_label_missing", "ai_proof_missing"]


def test_cover_ratio_names_the_cover():
    spec = Spec("x", "X", cover_ratios=("3:4", "1:1"), covers_max=2)
    title = replace(GOOD, covers=((900, 1200), (1000, 1000), (1600, 900)))
    assert [finding.message for finding in check_title(spec, title, ON)] == [
        "There are 3 covers; at most 2 are taken.",
        "Cover 3 is 1600x900; taken is: 3:4, 1:1.",
    ]


def test_a_spec_that_asks_nothing_finds_nothing():
    assert codes(TitleFacts("开机", "live", (5, 9)), spec=Spec("x", "X")) == []


@given(st.lists(st.integers(1, 30), min_size=1, max_size=40), st.integers(0, 35))
def test_numbering_is_whole_exactly_when_every_number_is_there_once(numbers, planned):
    title = TitleFacts("开机", "live", tuple(numbers), planned_episodes=planned or None)
    findings = check_title(Spec("x", "X", numbering_continuous=True), title, ON)
    last = max(planned, *numbers)
    missing = {one.episode for one in findings if one.code == "episode_missing"}
    twice = {one.episode for one in findings if one.code == "episode_twice"}
    assert missing == set(range(1, last + 1)) - set(numbers)
    assert twice == {number for number in numbers if numbers.count(number) > 1}


def test_title_first_then_episodes_by_number_and_copies_are_seen():
    def media(digest):
        return {
            "container": "mov,mp4,m4a", "duration_ms": 1, "size_bytes": 1, "sha256": digest, "video_codec": "h264",
            "width": 2, "height": 2, "fps": "25", "audio_codec": "aac", "audio_rate": 1, "audio_channels": 1,
            "loudness_lufs_x10": None, "black": [],
        }  # fmt: skip

    episodes = [
        EpisodeFacts(3, "c.mp4", media("one")),
        EpisodeFacts(1, "a.mp4", media("one")),
        EpisodeFacts(2, "b.mp4", media("two")),
        EpisodeFacts(4, "d.mp4", None),
        EpisodeFacts(5, "e.mp4", None),
    ]
    findings = check(Spec("x", "X", subtitles_required=True), replace(GOOD, episodes=()), episodes, ON)
    assert [(one.code, one.episode) for one in findings] == [
        ("episodes_missing", None),
        ("same_file", None),
        ("subtitles_missing", 1),
        ("subtitles_missing", 2),
        ("subtitles_missing", 3),
        ("media_missing", 4),
        ("subtitles_missing", 4),
        ("media_missing", 5),
        ("subtitles_missing", 5),
    ]
    assert findings[1].params == {"first": 1, "second": 3}
