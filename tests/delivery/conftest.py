"""A title of three episodes with approved masters, a platform, and a package for it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FACTS = {
    "container": "mov,mp4,m4a,3gp,3g2,mj2", "duration_ms": 90_000, "size_bytes": 5, "sha256": "", "video_codec": "h264",
    "width": 1080, "height": 1920, "fps": "25", "frames": 2250, "audio_codec": "aac", "audio_rate": 48_000,
    "audio_channels": 2, "loudness_lufs_x10": -140, "black": [],
}  # fmt: skip
AT = dt.datetime(2026, 12, 10, 8, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Sentences are compared in the language they are written in."""
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def clearance(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What compliance says; a test changes it. The rule itself is tested in its own room."""
    answer: dict[str, Any] = {"": (True, "")}

    def may_deliver(production: Any, platform_code: str) -> tuple[bool, str]:
        return answer.get(platform_code, answer[""])

    monkeypatch.setattr("delivery.actions.sending.may_deliver", may_deliver)
    return answer


@pytest.fixture
def make_master(db: None) -> Any:
    """make_master(episode, **facts) -> an approved master with these measures, announced as approval does."""
    from django.core.files.base import ContentFile
    from django.utils import timezone

    from postproduction.actions import approve_master
    from postproduction.models import Master

    def make(episode: Any, by: Any = None, **facts: Any) -> Master:
        version = Master.objects.filter(episode=episode).count() + 1
        content = f"{episode.pk}-{version}-{facts}".encode()
        master = Master(
            episode=episode, version=version, file_name="out.mp4", sha256=hashlib.sha256(content).hexdigest(),
            state="ready", facts={**FACTS, **facts},
        )  # fmt: skip
        master.facts["sha256"] = master.sha256
        master.file.save(f"{episode.pk}-{version}.mp4", ContentFile(content), save=False)
        master.save()
        assert timezone.now()
        return approve_master(master=master, by=by)

    return make


def file_number(production: Any, number: str = "网剧审字(2026)第001号") -> None:
    from compliance.models import Filing

    Filing.objects.create(
        production=production, kind="planning", authority="province", state="granted", number=number, decided_at=AT
    )


@pytest.fixture
def platform(studio: Any) -> Any:
    from delivery.actions import install_default_platforms

    return {row.code: row for row in install_default_platforms(studio=studio)}["hongguo"]


@pytest.fixture
def episodes(production: Any) -> list[Any]:
    from studio.actions import ensure_episodes

    return list(ensure_episodes(production=production, numbers=[1, 2, 3]).values())


@pytest.fixture
def package(production: Any, platform: Any, episodes: list[Any], make_master: Any, owner: Any) -> Any:
    from delivery.actions import open_package

    file_number(production)
    for episode in episodes:
        make_master(episode)
    return open_package(production=production, platform=platform, by=owner, synopsis="一束光照进山村。", tagline="开机")


@pytest.fixture
def sent(package: Any, owner: Any, drain: Any) -> Any:
    """The package with all three episodes under review."""
    from delivery.actions import inspect_package, send_package

    inspect_package(package=package, by=owner)
    drain()
    send_package(package=package, by=owner)
    drain()
    package.refresh_from_db()
    return package
