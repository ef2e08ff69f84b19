"""Findings on one episode's file."""

import pytest

from delivery.checks import EpisodeFacts, Spec, check_episode, default_specs, passes

WORKING = default_specs()[0]
MEDIA = {
    "container": "mov,mp4,m4a,3gp,3g2,mj2",
    "duration_ms": 90_000,
    "size_bytes": 9_000_000,
    "sha256": "ab" * 32,
    "video_codec": "h264",
    "width": 1080,
    "height": 1920,
    "fps": "25",
    "frames": 2250,
    "audio_codec": "aac",
    "audio_rate": 48_000,
    "audio_channels": 2,
    "loudness_lufs_x10": -140,
    "black": [],
}


def found(spec, name="开机 - 第3集.mp4", subtitles=(), **media):
    facts = EpisodeFacts(3, name, {**MEDIA, **media}, tuple(subtitles))
    return [(one.code, one.severity, one.rule, one.message) for one in check_episode(spec, facts, "开机")]


def spec(**rules):
    return Spec("x", "X", **rules)


def test_a_proper_file_has_no_findings():
    assert found(WORKING) == []


@pytest.mark.parametrize(
    ("rules", "media", "finding"),
    [
        ({"containers": ("mp4", "mov")}, {"name": "a.avi"}, ("container_not_taken", "containers", "Episode 3 comes as avi; taken are: mp4, mov.")),
        ({"containers": ("mp4",)}, {"name": "a"}, ("container_not_taken", "containers", "Episode 3 comes as ?; taken are: mp4.")),
        ({"containers": ("mp4",)}, {"container": "matroska,webm"}, ("container_mismatch", "containers", "Episode 3 is named mp4 but is another kind of file inside.")),
        ({"video_codecs": ("h264",)}, {"video_codec": "hevc"}, ("video_codec", "video_codecs", "Episode 3 has hevc picture; taken is: h264.")),
        ({}, {"video_codec": None}, ("picture_missing", "video_codecs", "Episode 3 has no picture.")),
        ({"audio_codecs": ("aac",)}, {"audio_codec": "mp3"}, ("audio_codec", "audio_codecs", "Episode 3 has mp3 sound; taken is: aac.")),
        ({}, {"audio_codec": None}, ("sound_missing", "audio_codecs", "Episode 3 has no sound.")),
        ({"sizes": ((1080, 1920), (720, 1280))}, {"width": 1920, "height": 1080}, ("size", "sizes", "Episode 3 is 1920x1080; taken is: 1080x1920, 720x1280.")),
        ({"aspect": "9:16"}, {"width": 1080, "height": 1440}, ("aspect", "aspect", "Episode 3 is 1080x1440, which is not 9:16.")),
        ({"fps": ("25", "30")}, {"fps": "30000/1001"}, ("fps", "fps", "Episode 3 runs at 30000/1001 frames a second; taken is: 25, 30.")),
        ({"fps": ("25",)}, {"fps": None}, ("fps", "fps", "Episode 3 runs at ? frames a second; taken is: 25.")),
        ({"audio_rates": (48_000,)}, {"audio_rate": 44_100}, ("audio_rate", "audio_rates", "Episode 3 has sound at 44100 Hz; taken is: 48000.")),
        ({"audio_channels": (2,)}, {"audio_channels": 1}, ("audio_channels", "audio_channels", "Episode 3 has 1 sound channels; taken is: 2.")),
        ({"loudness_min_x10": -155}, {"loudness_lufs_x10": -156}, ("too_quiet", "loudness", "Episode 3 measures -15.6 LUFS, quieter than -15.5.")),
        ({"loudness_max_x10": -125}, {"loudness_lufs_x10": -4}, ("too_loud", "loudness", "Episode 3 measures -0.4 LUFS, louder than -12.5.")),
        ({"loudness_max_x10": -125}, {"loudness_lufs_x10": None}, ("loudness_unknown", "loudness", "Episode 3 has silent sound, so no loudness.")),
        ({"duration_min_ms": 60_000}, {"duration_ms": 59_960}, ("too_short", "duration", "Episode 3 lasts 59.96 s, shorter than 60 s.")),
        ({"duration_max_ms": 180_000}, {"duration_ms": 180_001}, ("too_long", "duration", "Episode 3 lasts 180.001 s, longer than 180 s.")),
        ({"size_max_bytes": 100}, {"size_bytes": 101}, ("file_too_large", "file_size", "Episode 3 has 101 bytes, more than 100.")),
        ({"black_max_ms": 2000}, {"black": [[0, 2000], [8000, 10_001]]}, ("black", "black", "Episode 3 is black for 2.001 s from 8 s.")),
        ({"naming": "{title} - 第{episode}集"}, {"name": "开机 - 第03集.mp4"}, ("name", "naming", "Episode 3 is named 开机 - 第03集; asked is 开机 - 第3集.")),
        ({"subtitles_required": True}, {}, ("subtitles_missing", "subtitles", "Episode 3 has no subtitles.")),
        ({"subtitle_languages": ("en", "es")}, {"subtitles": ["en"]}, ("subtitle_language_missing", "subtitles", "Episode 3 lacks subtitles in es.")),
    ],
)  # fmt: skip
def test_each_rule_alone(rules, media, finding):
    code, rule, message = finding
    assert found(spec(**rules), **media) == [(code, "error", rule, message)]
    [warned] = found(spec(**rules, warnings=(rule,)), **media)
    assert warned[1] == "warning"


@pytest.mark.parametrize(
    ("rules", "media"),
    [
        ({"duration_min_ms": 90_000, "duration_max_ms": 90_000}, {}),
        ({"size_max_bytes": 9_000_000}, {}),
        ({"loudness_min_x10": -140, "loudness_max_x10": -140}, {}),
        ({"black_max_ms": 2000}, {"black": [[0, 2000]]}),
        ({"fps": ("30000/1001",)}, {"fps": "30000/1001"}),
        ({"fps": ("50/2",)}, {}),
        ({"subtitle_languages": ("en",)}, {"subtitles": ["en", "es"]}),
        ({"containers": ("mp4",)}, {"name": "A.MP4"}),
    ],
)
def test_bounds_belong_to_what_is_taken(rules, media):
    assert found(spec(**rules), **media) == []


def test_a_file_not_examined_cannot_pass():
    findings = check_episode(spec(), EpisodeFacts(3, "a.mp4", None), "开机")
    assert [one.to_json() for one in findings] == [
        {
            "code": "media_missing",
            "severity": "error",
            "params": {"episode": 3},
            "message": "Episode 3 has no examined file.",
            "rule": "containers",
            "episode": 3,
        }
    ]
    assert not passes(findings)


def test_warnings_pass():
    findings = check_episode(WORKING, EpisodeFacts(3, "开机 - 第3集.mp4", {**MEDIA, "duration_ms": 2000}), "开机")
    assert [(one.code, one.severity) for one in findings] == [("too_short", "warning")]
    assert passes(findings)


def test_name_composed_otherwise_is_the_same_name():
    e_acute, composed = "Cafe\u0301 - 第3集.mp4", "Caf\u00e9"
    facts = EpisodeFacts(3, e_acute, MEDIA)
    assert check_episode(spec(naming="{title} - 第{episode}集"), facts, composed) == []
