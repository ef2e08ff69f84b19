"""Masters: stored once, measured in a child process, approved only when whole."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from postproduction.actions import approve_master, hand_in_master
from postproduction.models import Master
from studio.models import Event, Job
from studio.refusals import Refused

pytestmark = pytest.mark.django_db


def stored_files() -> list[str]:
    found: list[str] = []

    def walk(folder: str) -> None:
        folders, files = default_storage.listdir(folder)
        found.extend(files)
        for inner in folders:
            walk(f"{folder}/{inner}")

    if default_storage.exists("masters"):
        walk("masters")
    return found


def test_a_video_is_stored_measured_and_approved(episode: Any, owner: Any, clip: Path, drain: Any) -> None:
    master = hand_in_master(episode=episode, file=clip, file_name="初光 第1集.mp4", by=owner)
    assert (master.version, master.state, master.sha256) == (
        1, "checking", hashlib.sha256(clip.read_bytes()).hexdigest(),
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        approve_master(master=master, by=owner)
    assert refused.value.code == "master_not_ready"
    drain()
    master.refresh_from_db()
    assert master.state == "ready"
    assert (master.facts["width"], master.facts["height"], master.facts["fps"]) == (108, 192, "25")
    assert approve_master(master=master, by=owner).state == "approved"
    assert approve_master(master=master, by=owner).approved_by == owner
    assert Event.objects.filter(name="MasterApproved").count() == 1


@pytest.mark.parametrize("kind", ["bytes", "stream", "pipe"])
def test_the_same_file_twice_is_the_same_master(episode: Any, owner: Any, clip: Path, kind: str) -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.rest = io.BytesIO(clip.read_bytes())

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            return self.rest.read(size)

    source: Any = {"bytes": clip.read_bytes(), "stream": io.BytesIO(clip.read_bytes()), "pipe": Pipe()}[kind]
    first = hand_in_master(episode=episode, file=clip, file_name="a.mp4", by=owner)
    assert hand_in_master(episode=episode, file=source, file_name="b.mp4", by=owner) == first
    assert len(stored_files()) == 1
    assert Job.objects.filter(kind="postproduction.measure_master").count() == 1


def test_another_file_is_the_next_version_and_the_approved_one_stays(
    episode: Any, owner: Any, clip: Path, drain: Any
) -> None:
    first = hand_in_master(episode=episode, file=clip, file_name="a.mp4", by=owner)
    drain()
    approve_master(master=first, by=owner)
    # A trailing byte is no part of the film, but another file.
    second = hand_in_master(episode=episode, file=clip.read_bytes() + b"\0" * 8, file_name="a.mp4", by=owner)
    drain()
    approve_master(master=second, by=owner)
    assert list(Master.objects.order_by("version").values_list("version", "state")) == [
        (1, "approved"), (2, "approved"),
    ]  # fmt: skip


def test_a_file_that_is_no_video_is_refused_in_the_readers_language(episode: Any, owner: Any, drain: Any) -> None:
    from django.utils import translation

    master = hand_in_master(episode=episode, file=b"not a film" * 100, file_name="坏.mp4", by=owner)
    drain()
    master.refresh_from_db()
    with translation.override("en"):
        assert (master.state, master.refusal) == ("refused", "坏.mp4 is not a video or sound file that can be read.")
    with pytest.raises(Refused):
        approve_master(master=master, by=owner)
    assert Job.objects.get(kind="postproduction.measure_master").state == "done"


def test_sound_without_picture_is_refused(episode: Any, owner: Any, drain: Any) -> None:
    import wave

    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(b"\0\0" * 4800)
    master = hand_in_master(episode=episode, file=sound.getvalue(), file_name="a.wav", by=owner)
    drain()
    master.refresh_from_db()
    assert (master.state, master.refusal_code) == ("refused", "media_no_picture")


@pytest.mark.parametrize(("content", "name", "code"), [
    (b"", "a.mp4", "file_empty"), (b"x" * 20, "a.mp4", "file_too_large"), (b"x", "", "file_name_missing"),
    (b"x", "..", "file_name_missing"),
])  # fmt: skip
def test_bad_input_leaves_nothing_behind(
    episode: Any, owner: Any, settings: Any, content: bytes, name: str, code: str
) -> None:
    settings.MASTER_UPLOAD_LIMIT = 10
    with pytest.raises(Refused) as refused:
        hand_in_master(episode=episode, file=content, file_name=name, by=owner)
    assert (refused.value.code, refused.value.field) == (code, "file")
    assert (Master.objects.count(), stored_files()) == (0, [])


def test_a_missing_path_is_a_sentence(episode: Any, owner: Any, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        hand_in_master(episode=episode, file=tmp_path / "none.mp4", file_name="none.mp4", by=owner)
    assert refused.value.code == "file_unreadable"


def test_a_path_in_the_name_is_dropped(episode: Any, owner: Any, clip: Path) -> None:
    master = hand_in_master(episode=episode, file=clip, file_name="..\\..\\etc/第1集.mp4", by=owner)
    assert master.file_name == "第1集.mp4"
    assert master.file.name.startswith(f"masters/{episode.production.studio_id}/")
