"""Specs as data."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.checks import Spec, SpecFault, default_specs
from delivery.checks.spec import same_ratio

MINIMAL = {"code": "x", "name": "X"}


def test_default_specs():
    specs = {spec.code: spec for spec in default_specs()}
    assert list(specs) == ["working_set", "wechat_mini_program", "overseas_pack"]
    assert all(spec.source for spec in specs.values())
    wechat = specs["wechat_mini_program"]
    assert (wechat.synopsis_max, wechat.tagline_max, wechat.cast_min, wechat.cast_max) == (200, 30, 2, 5)
    assert (wechat.size_max_bytes, wechat.number_free_below_fen) == (100 * 5_000_000, 1_000_000_00)
    assert wechat.ai_label_from == dt.date(2026, 7, 28)
    assert len(wechat.containers) == 14
    working = specs["working_set"]
    assert (working.sizes, working.fps, working.audio_rates) == (((1080, 1920),), ("25", "30"), (48_000,))
    assert (working.video_codecs, working.audio_codecs) == (("h264",), ("aac",))


@pytest.mark.parametrize("spec", default_specs(), ids=lambda spec: spec.code)
def test_json_reads_back(spec):
    assert Spec.from_json(spec.to_json()) == spec


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("{title} - 第{episode}集", "开机 - 第7集"),
        ("{title}_{episode:03}", "开机_007"),
        ("E{episode:02}", "E07"),
        (None, ""),
    ],
)
def test_file_names(pattern, name):
    assert Spec.from_json({**MINIMAL, "naming": pattern}).file_stem("开机", 7) == name


@given(st.integers(1, 400), st.integers(1, 40), st.integers(1, 40))
def test_multiples_of_a_ratio_keep_it(factor, across, down):
    assert same_ratio(across * factor, down * factor, f"{across}:{down}")


@pytest.mark.parametrize(
    ("width", "height", "ratio", "same"),
    [
        (1080, 1920, "9:16", True),
        (1080, 1919, "9:16", True),
        (1080, 1900, "9:16", False),
        (1920, 1080, "9:16", False),
        (1080, 1440, "3:4", True),
        (1080, 1437, "3:4", False),
    ],
)
def test_known_ratios(width, height, ratio, same):
    assert same_ratio(width, height, ratio) == same


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": ""}, "spec_unnamed"),
        ({"colour": "red"}, "spec_field_unknown"),
        ({"containers": "mp4"}, "spec_field"),
        ({"containers": [4]}, "spec_field"),
        ({"sizes": [[1080]]}, "spec_field"),
        ({"sizes": [[1080, 0]]}, "spec_field"),
        ({"sizes": [[1080, "1920"]]}, "spec_field"),
        ({"duration_min_ms": 1.5}, "spec_field"),
        ({"duration_min_ms": True}, "spec_field"),
        ({"subtitles_required": 1}, "spec_field"),
        ({"ai_label_from": "soon"}, "spec_field"),
        ({"number_free_below_yuan": 5}, "spec_field"),
        ({"number_free_below_yuan": "much"}, "spec_field"),
        ({"duration_min_ms": -1}, "spec_negative"),
        ({"duration_min_ms": 2, "duration_max_ms": 1}, "spec_bounds"),
        ({"loudness_min_x10": -120, "loudness_max_x10": -160}, "spec_bounds"),
        ({"aspect": "9x16"}, "spec_ratio"),
        ({"cover_ratios": ["3:0"]}, "spec_ratio"),
        ({"fps": ["25.0"]}, "spec_fps"),
        ({"fps": ["30000/0"]}, "spec_fps"),
        ({"warnings": ["weather"]}, "spec_rule"),
        ({"naming": "{title}"}, "spec_naming"),
        ({"naming": "{episode} {title.__class__}"}, "spec_naming"),
        ({"naming": "{episode} }"}, "spec_naming"),
    ],
)
def test_refusals(change, code):
    with pytest.raises(SpecFault) as caught:
        Spec.from_json({**MINIMAL, **change})
    assert caught.value.code == code
    assert caught.value.message.endswith(".")


def test_what_is_not_an_object():
    with pytest.raises(SpecFault, match="A spec is written as an object"):
        Spec.from_json([])
