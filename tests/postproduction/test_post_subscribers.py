"""An episode comes into post by itself when its last scene is approved as shot, and only once."""

from __future__ import annotations

from typing import Any

import pytest

from postproduction.actions import open_shot_episodes
from postproduction.models import EpisodePost
from shooting import actions
from studio.models import Event
from tests.shooting.world import World, build_world

pytestmark = pytest.mark.django_db

TIMES = {"call_minute": 360, "first_shot_minute": 420, "meal_minute": 720, "wrap_minute": 1200}


@pytest.fixture
def world(production: Any) -> World:
    return build_world(production)


def in_post() -> list[int]:
    return list(EpisodePost.objects.order_by("episode__number").values_list("episode__number", flat=True))


def shoot(world: World, owner: Any, results: list[str]) -> None:
    day = world.days[0]
    planned = list(day.planned_scenes.order_by("position").values_list("scene", flat=True))
    report = actions.log_and_wrap(
        shoot_day=day, version=0, wrap=True, by=owner, **TIMES,
        scenes=[{"scene_id": pk, "result": result} for pk, result in zip(planned, results, strict=True)],
    )  # fmt: skip
    actions.approve_daily_report(report=report, by=owner)


def test_what_the_report_completes_comes_into_post_once(world: World, owner: Any, drain: Any) -> None:
    shoot(world, owner, ["shot", "part"])
    drain()
    assert in_post() == [1]
    assert open_shot_episodes(production=world.production, by=owner) == []
    assert Event.objects.filter(name="EpisodeOpened").count() == 1


def test_a_day_without_a_finished_episode_opens_none(world: World, owner: Any, drain: Any) -> None:
    shoot(world, owner, ["part", "owed"])
    drain()
    assert in_post() == []
