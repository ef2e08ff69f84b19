"""Probing of real clips, and of files that are none."""

import hashlib
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from postproduction.media import MediaError, MediaFacts, Stretch, make_clip, probe


def write_video(path, lumas, *, fps=Fraction(25), codec="libx264", size=(64, 64), rotation=None):
    """A silent video of one flat picture per luma value."""
    import av
    import numpy as np

    with av.open(str(path), "w") as output:
        stream = output.add_stream(codec, rate=fps)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        for number, luma in enumerate(lumas):
            picture = np.full((size[1] * 3 // 2, size[0]), 128, np.uint8)
            picture[: size[1]] = luma
            frame = av.VideoFrame.from_ndarray(picture, format="yuv420p")
            frame.pts, frame.time_base = number, 1 / fps
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def test_every_fact_of_a_clip(clip):
    assert probe(clip) == MediaFacts(
        container="mov,mp4,m4a,3gp,3g2,mj2",
        duration_ms=2000,
        size_bytes=clip.stat().st_size,
        sha256=hashlib.sha256(clip.read_bytes()).hexdigest(),
        video_codec="h264",
        width=1080,
        height=1920,
        fps="25",
        frames=50,
        audio_codec="aac",
        audio_rate=48_000,
        audio_channels=2,
        loudness_lufs_x10=-140,
        black=(),
    )


def test_facts_read_back_as_json(clip):
    facts = probe(clip)
    assert MediaFacts.from_json(facts.to_json()) == facts


def test_silence_has_no_loudness(tmp_path):
    facts = probe(make_clip(tmp_path / "silent.mp4", seconds=1, width=64, height=64, tone=False))
    assert (facts.loudness_lufs_x10, facts.audio_channels, facts.audio_codec) == (None, 2, "aac")


def test_black_stretches_and_a_broken_rate(tmp_path):
    # 30 bright, 20 black, 40 bright, 10 black (a third of a second: too short), 10 bright, 30 black to the end.
    lumas = [180] * 30 + [16] * 20 + [180] * 40 + [16] * 10 + [180] * 10 + [16] * 30
    facts = probe(write_video(tmp_path / "black.mp4", lumas, fps=Fraction(30000, 1001)))
    assert (facts.fps, facts.frames, facts.duration_ms) == ("30000/1001", 140, 4671)
    assert facts.black == (Stretch(1001, 1668), Stretch(3670, 4671))
    assert (facts.audio_codec, facts.audio_rate, facts.audio_channels, facts.loudness_lufs_x10) == (None,) * 4


@pytest.mark.parametrize(
    ("name", "codec", "container", "video_codec"),
    [
        ("a.mkv", "libx264", "matroska,webm", "h264"),
        ("a.ts", "libx264", "mpegts", "h264"),
        ("a.avi", "mpeg4", "avi", "mpeg4"),
        ("a.mov", "libx265", "mov,mp4,m4a,3gp,3g2,mj2", "hevc"),
    ],
)
def test_other_containers_and_codecs(tmp_path, name, codec, container, video_codec):
    facts = probe(write_video(tmp_path / name, [180] * 25, codec=codec))
    assert (facts.container, facts.video_codec, facts.frames) == (container, video_codec, 25)
    assert (facts.fps, facts.width, facts.height, facts.duration_ms) == ("25", 64, 64, 1000)


def test_sound_alone(tmp_path):
    import wave

    path = tmp_path / "voice.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(44_100)
        file.writeframes(bytes(2 * 44_100))
    facts = probe(path)
    assert (facts.audio_codec, facts.audio_rate, facts.audio_channels) == ("pcm_s16le", 44_100, 1)
    assert (facts.duration_ms, facts.video_codec, facts.width, facts.fps, facts.frames) == (
        1000,
        None,
        None,
        None,
        None,
    )


def refusal(path, **options):
    with pytest.raises(MediaError) as caught:
        probe(path, **options)
    return caught.value.code, caught.value.message


def test_files_that_are_not_there_or_not_files(tmp_path):
    (tmp_path / "empty.mp4").touch()
    assert refusal(tmp_path / "none.mp4") == ("media_missing", "There is no file none.mp4.")
    assert refusal(tmp_path)[0] == "media_not_a_file"
    assert refusal(tmp_path / "empty.mp4") == ("media_empty", "empty.mp4 is empty.")


def test_file_that_may_not_be_read(tmp_path, monkeypatch):
    path = tmp_path / "shut.mp4"
    path.write_bytes(b"x")
    # The superuser may read every file, so the system's answer is given here.
    monkeypatch.setattr(os, "access", lambda asked, mode: (asked, mode) != (path, os.R_OK))
    assert refusal(path) == ("media_unreadable", "shut.mp4 may not be read.")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("noise.mp4", hashlib.shake_256(b"noise").digest(20_000)),
        ("text.mp4", "第1集\n".encode() * 500),
        ("zeros.mp4", bytes(10_000)),
    ],
)
def test_what_is_not_media(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    message = f"{name} is not a video or sound file that can be read."
    assert refusal(tmp_path / name) == ("media_unknown_format", message)


def test_lists_that_point_at_other_files_stay_shut(tmp_path, clip):
    playlist = tmp_path / "list.m3u8"
    playlist.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{clip}\n#EXT-X-ENDLIST\n", "utf-8")
    joined = tmp_path / "joined.txt"
    joined.write_text(f"ffconcat version 1.0\nfile '{clip}'\n", "utf-8")
    assert refusal(playlist)[0] == "media_unknown_format"
    assert refusal(joined)[0] == "media_unknown_format"


def test_file_cut_short_is_damaged(tmp_path, clip):
    content = clip.read_bytes()
    for part in (2, 3, 4):
        path = tmp_path / f"cut{part}.mp4"
        path.write_bytes(content[: len(content) * (part - 1) // part])
        assert refusal(path)[0] == "media_damaged"


def test_scrambled_files_get_an_answer_each(tmp_path, clip):
    """Whatever bytes are wrong, there are facts or one of the sentences, never a crash of the probe's own."""
    import random

    content = clip.read_bytes()
    answers = set()
    for seed in range(12):
        chance, scrambled = random.Random(seed), bytearray(content)
        for _ in range(60):
            scrambled[chance.randrange(len(scrambled))] = chance.randrange(256)
        path = tmp_path / "scrambled.mp4"
        path.write_bytes(scrambled)
        try:
            probe(path)
        except MediaError as error:
            answers.add(error.code)
    assert "media_damaged" in answers
    assert "media_probe_failed" not in answers


def test_probe_gives_up_in_time(clip):
    message = f"{clip.name} could not be examined within 0.01 seconds."
    assert refusal(clip, timeout=0.01) == ("media_too_long", message)


def test_pipe_is_not_waited_on(tmp_path):
    os.mkfifo(tmp_path / "pipe.mp4")
    assert refusal(tmp_path / "pipe.mp4")[0] == "media_not_a_file"


def test_child_works_under_its_limits(clip, monkeypatch):
    """With less memory than the media libraries need to load, the child dies and the caller gets a sentence."""
    monkeypatch.setattr(sys.modules[probe.__module__], "MEMORY_BYTES", 60 * 1024**2)
    assert refusal(clip) == (
        "media_probe_failed",
        f"{clip.name} stopped the probe; the file is probably damaged.",
    )


def test_importing_the_package_loads_no_media_library():
    script = "import sys, postproduction.media\nassert not {'av', 'numpy', 'django'} & sys.modules.keys()"
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
