"""The world that the walk over the routes looks at, built once for each file of tests."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from studio import middleware
from tests.house.world import World, build


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Path]]:
    """Built once and rolled back at the end; so is whatever a call changes."""
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=str(media)):
            made = build()
        yield made, media
        transaction.set_rollback(True)


@pytest.fixture
def standing(world: tuple[World, Path], settings: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    settings.MEDIA_ROOT = world[1]
    # Each refusal would be a line, and there are thousands.
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)
    # Who has which role does not change during the walk; reading it anew each time would be half of the work.
    monkeypatch.setattr(middleware, "access_of", world[0].access_of)
    monkeypatch.setattr(middleware, "current_studio", world[0].studio_in_front)
    return world[0]
