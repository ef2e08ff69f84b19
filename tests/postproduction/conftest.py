"""An episode in post, and a small real video."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Sentences are compared in the language they are written in."""
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture
def episode(production: Any) -> Any:
    from studio.actions import ensure_episodes

    return ensure_episodes(production=production, numbers=[1])[1]


@pytest.fixture
def post(episode: Any, owner: Any) -> Any:
    from postproduction.actions import open_episode

    return open_episode(episode=episode, by=owner)


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of small vertical video."""
    from postproduction.media import make_clip

    return make_clip(tmp_path_factory.mktemp("clips") / "clip.mp4", seconds=1, width=108, height=192, text="EP 1")
