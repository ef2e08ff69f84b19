"""A world ready to shoot."""

from __future__ import annotations

from typing import Any

import pytest

from tests.shooting.world import World, build_world


@pytest.fixture
def world(production: Any) -> World:
    return build_world(production)
