"""A title ready to shoot: scenes with roles, people under terms, a base, shoot days with their plan."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from tests.conftest import START


@dataclasses.dataclass
class World:
    production: Any
    days: list[Any]
    scenes: list[Any]
    people: dict[str, Any]
    engagements: dict[str, Any]


def build_world(production: Any, *, scenes: int = 4, days: int = 2, crew: bool = True, start: dt.date = START) -> World:
    """`scenes` scenes dealt over `days` days from 07:00, an hour each; 林叶 in all, 顾城 in the even ones.

    Crew: director 周导 (key contact) and camera 吴摄; cast: 沈宁 plays 林叶, 高远 plays 顾城.
    """
    from scheduling.models import Casting, FilmBase, Location, PlannedScene, Set, ShootDay
    from scripts_app.models import Character, Revision, Scene, SceneCharacter, Script
    from studio.actions import ensure_episodes
    from studio.models import Engagement, Person
    from studio.values import SceneNumber

    studio = production.studio
    script, _new = Script.objects.get_or_create(production=production)
    revision = Revision.objects.create(
        script=script, number=1, source_name="a.txt", source_file="a.txt", source_sha256=str(production.pk)
    )
    base, _new = FilmBase.objects.get_or_create(
        studio=studio, name="西影基地", defaults={
            "city": "西安", "address": "曲江路1号", "latitude": "34.21000", "longitude": "108.96000", "contact": "老马 029-1",
        },
    )  # fmt: skip
    location, _new = Location.objects.get_or_create(base=base, name="二号棚")
    Set.objects.create(production=production, name="客厅", location=location)
    roles = {name: Character.objects.create(production=production, name=name) for name in ("林叶", "顾城")}
    crowd = Character.objects.create(production=production, name="宾客", is_crowd=True)
    episodes = ensure_episodes(production=production, numbers=range(1, scenes + 1))
    made = []
    for number in range(1, scenes + 1):
        scene = Scene.objects.create(
            production=production, episode=episodes[number], number=f"{number}-1",
            sort_key=SceneNumber.parse(f"{number}-1").sort_key, int_ext="int" if number % 2 else "ext",
            time_of_day="night" if number % 4 == 0 else "day", set_name="客厅", synopsis=f"第{number}场",
            page_parts=number, shoot_minutes=60, first_revision=revision,
        )  # fmt: skip
        SceneCharacter.objects.create(scene=scene, character=roles["林叶"], speaks=True)
        if number % 2 == 0:
            SceneCharacter.objects.create(scene=scene, character=roles["顾城"])
        if number == 1:
            SceneCharacter.objects.create(scene=scene, character=crowd, count=12)
        made.append(scene)
    people: dict[str, Any] = {}
    engagements: dict[str, Any] = {}

    def engaged(name: str, department: str, job: str, **terms: Any) -> Any:
        people[name] = Person.objects.create(
            studio=studio, name=name, phone=f"138{len(people):08d}", email=f"p{len(people)}@example.com"
        )
        engagements[name] = Engagement.objects.create(
            production=production, person=people[name], department=department, job_title=job, **terms
        )
        return engagements[name]

    if crew:
        engaged("周导", "direction", "导演", is_key_contact=True)
        engaged("吴摄", "camera", "掌机")
        engaged("陈剪", "post", "剪辑")
        for role, name in (("林叶", "沈宁"), ("顾城", "高远")):
            Casting.objects.create(character=roles[role], engagement=engaged(name, "cast", role))
    rows = []
    per_day = -(-scenes // days)
    for index in range(days):
        day = ShootDay.objects.create(
            production=production, number=index + 1, date=start + dt.timedelta(days=index), base=base,
            call_minute=360, wrap_minute=1200,
        )  # fmt: skip
        for position, scene in enumerate(made[index * per_day : (index + 1) * per_day]):
            PlannedScene.objects.create(
                shoot_day=day, scene=scene, position=position, start_minute=420 + position * 60,
                end_minute=480 + position * 60,
            )  # fmt: skip
        rows.append(day)
    return World(production, rows, made, people, engagements)
