"""A title with scenes, sets, places and cast, made by rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import START


@pytest.fixture
def make_scenes(db: None) -> Callable[..., list[Any]]:
    """make_scenes(production, count=6) -> scenes over two sets, day and night, with two roles."""
    from scripts_app.models import Character, Revision, Scene, SceneCharacter, Script
    from studio.actions import ensure_episodes
    from studio.values import SceneNumber

    def make(production: Any, count: int = 6, minutes: int = 60) -> list[Scene]:
        script, _new = Script.objects.get_or_create(production=production)
        revision = Revision.objects.create(
            script=script, number=script.revisions.count() + 1, source_name="a.txt", source_file="a.txt",
            source_sha256=f"{production.pk}-{script.revisions.count()}",
        )  # fmt: skip
        lead, _n = Character.objects.get_or_create(production=production, name="林叶")
        friend, _n = Character.objects.get_or_create(production=production, name="顾城")
        crowd, _n = Character.objects.get_or_create(production=production, name="路人", is_crowd=True)
        episodes = ensure_episodes(production=production, numbers=range(1, count + 1))
        scenes = []
        for number in range(1, count + 1):
            scene = Scene.objects.create(
                production=production, episode=episodes[number], number=f"{number}-1",
                sort_key=SceneNumber.parse(f"{number}-1").sort_key, int_ext="ext" if number % 3 == 0 else "int",
                time_of_day="night" if number % 4 == 0 else "day", set_name="客厅" if number % 2 else "街口",
                page_parts=number, seconds=60, shoot_minutes=minutes, first_revision=revision,
            )  # fmt: skip
            SceneCharacter.objects.create(scene=scene, character=lead, speaks=True)
            if number % 2 == 0:
                SceneCharacter.objects.create(scene=scene, character=friend)
            if number == 3:
                SceneCharacter.objects.create(scene=scene, character=crowd, count=4)
            scenes.append(scene)
        return scenes

    return make


@pytest.fixture
def make_cast(db: None, make_person: Callable[..., Any]) -> Callable[..., Any]:
    """make_cast(production, "林叶", "沈宁", rate) -> the engagement that plays the role."""
    from scheduling.actions import cast_role
    from scripts_app.models import Character
    from studio.actions import engage

    def make(production: Any, role: str, name: str, rate: int = 100_000, **terms: Any) -> Any:
        person = make_person(production.studio, name)
        engagement = engage(
            production=production,
            person=person,
            department="cast",
            job_title=role,
            by=None,
            day_rate_minor=rate,
            **terms,
        )
        cast_role(character=Character.objects.get(production=production, name=role), engagement=engagement, by=None)
        return engagement

    return make


@pytest.fixture
def place(db: None) -> Callable[..., Any]:
    """place(production, "客厅", price) -> the location the set is shot at."""
    from scheduling.actions import add_film_base, add_location, place_set, sync_sets
    from scheduling.models import FilmBase, Set

    def make(production: Any, set_name: str, price: int = 300_000, base: str = "西影基地", **fields: Any) -> Any:
        sync_sets(production=production)
        home = FilmBase.objects.filter(studio=production.studio, name=base).first() or add_film_base(
            studio=production.studio, name=base, by=None
        )
        location = add_location(base=home, name=f"{set_name}棚", by=None, price_minor=price, **fields)
        place_set(set_=Set.objects.get(production=production, name=set_name), location=location, by=None)
        return location

    return make


@pytest.fixture
def board(production: Any, owner: Any, make_scenes: Callable[..., Any]) -> Any:
    """A draft of six scenes and two days, all in the boneyard."""
    from scheduling.actions import draft_board

    make_scenes(production)
    return draft_board(production=production, dates=[START, START + dt.timedelta(days=1)], name="初排", by=owner)


@pytest.fixture
def laid(board: Any, owner: Any) -> Any:
    """The same with scenes 1 to 3 on the first day and 4 to 6 on the second; its version is 3."""
    from scheduling.actions import move_strips

    first, second = board.days.order_by("date")
    scenes = list(board.production.scenes.order_by("sort_key").values_list("pk", flat=True))
    move_strips(board=board, version=1, scene_ids=scenes[:3], day_id=first.pk, position=0, by=owner)
    return move_strips(board=board, version=2, scene_ids=scenes[3:], day_id=second.pk, position=0, by=owner).board
