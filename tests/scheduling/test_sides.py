"""Sides: each performer's scenes of a shoot day, for the desk and for the performer alone."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
from django.urls import reverse

from scheduling import call_sheets
from scheduling.models import CallSheet, ShootDay
from scripts_app.models import Revision, SceneText
from studio.models import Person, User
from tests.shooting.world import World, build_world


@pytest.fixture
def world(production: Any, time_machine: Any) -> World:
    """顾城 (高远) is in the even scenes, 林叶 (沈宁) in all; the first day has 1-1 and 2-1."""
    time_machine.move_to("2026-11-30T12:00:00+08:00")
    made = build_world(production)
    revision = Revision.objects.get()
    for scene in made.scenes:
        SceneText.objects.create(
            scene=scene, revision=revision, digest="x", number=scene.number, episode_number=scene.page_parts, head={"set_name": "客厅", "int_ext": "int", "line": scene.page_parts},
            elements=[
                {"kind": "action", "text": f"动作{scene.number}", "line": 2},
                {"kind": "dialogue", "speaker": "林叶", "text": f"林叶说{scene.number}", "line": 3},
            ],
        )  # fmt: skip
    return made


@pytest.fixture
def actor(world: World) -> User:
    user = User.objects.create_user("gaoyuan", "", "correct horse", display_name="高远")
    Person.objects.filter(name="高远").update(user=user)
    return user


def issue(world: World, owner: Any, day: int = 0) -> CallSheet:
    return call_sheets.issue_call_sheet(shoot_day=world.days[day], by=owner)


def read(data: bytes) -> str:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    return re.sub(r"[\s\u200b]", "", "".join(page.extract_text() for page in reader.pages))


def row_of(sheet: CallSheet, name: str) -> Any:
    return sheet.recipients.get(person__name=name)


def test_a_performer_takes_the_own_scenes_of_the_day_and_no_other(
    world: World, owner: Any, actor: User, client_of: Any
) -> None:
    sheet = issue(world, owner)
    mine = row_of(sheet, "高远")
    url = reverse("my_day_sides", args=[mine.pk])
    client = client_of(actor)
    assert url in client.get(reverse("my_day", args=[mine.pk])).content.decode()
    text = read(client.get(url).content)
    assert "动作2-1" in text
    for other in ("动作1-1", "动作3-1", "动作4-1"):
        assert other not in text
    assert "高远·2026-11-30" in text  # whom it is for and when it was drawn
    assert "Shootday1·2026-12-01" in text
    # Somebody else's call is not there.
    assert client.get(reverse("my_day_sides", args=[row_of(sheet, "沈宁").pk])).status_code == 404
    assert client.get(reverse("call_sides", args=[mine.pk])).status_code == 403


def test_sides_end_with_the_sheet_they_are_of(world: World, owner: Any, actor: User, client_of: Any) -> None:
    first = issue(world, owner)
    old = row_of(first, "高远")
    world.days[0].refresh_from_db()
    second = call_sheets.issue_call_sheet(shoot_day=world.days[0], by=owner, notes="带伞")
    assert second.pk != first.pk
    client = client_of(actor)
    assert client.get(reverse("my_day_sides", args=[old.pk])).status_code == 404
    new = reverse("my_day_sides", args=[row_of(second, "高远").pk])
    assert client.get(new).status_code == 200
    ShootDay.objects.filter(pk=world.days[0].pk).update(state="cancelled")
    assert client.get(new).status_code == 404


def test_sides_follow_a_scene_that_a_later_draft_numbers_anew(
    world: World, owner: Any, actor: User, client_of: Any
) -> None:
    from scripts_app.models import Scene

    row = row_of(issue(world, owner), "高远")
    old = Revision.objects.get()
    new = Revision.objects.create(
        script=old.script, number=2, source_name="b.txt", source_file="b.txt", source_sha256="b"
    )
    for number, scene in (("2-1", world.scenes[2]), ("3-1", world.scenes[1])):
        Scene.objects.filter(pk=scene.pk).update(number=f"{number}x")
    for number, scene in (("2-1", world.scenes[2]), ("3-1", world.scenes[1])):
        Scene.objects.filter(pk=scene.pk).update(number=number)
        SceneText.objects.create(
            scene=scene, revision=new, digest="y", number=number, episode_number=int(number[0]), head={"line": 1},
            elements=[{"kind": "action", "text": f"新稿{scene.synopsis}", "line": 2}],
        )  # fmt: skip
    text = read(client_of(actor).get(reverse("my_day_sides", args=[row.pk])).content)
    assert ("新稿第2场" in text, "新稿第3场" in text, "3-1" in text) == (True, False, True)


def test_crew_who_play_nobody_get_no_sides(world: World, owner: Any, client_of: Any) -> None:
    sheet = issue(world, owner)
    user = User.objects.create_user("wushe", "", "correct horse")
    Person.objects.filter(name="吴摄").update(user=user)
    row = row_of(sheet, "吴摄")
    client = client_of(user)
    assert "sides/" not in client.get(reverse("my_day", args=[row.pk])).content.decode()
    assert client.get(reverse("my_day_sides", args=[row.pk])).status_code == 404


def test_the_desk_takes_everybodys_in_one_pack(world: World, owner: Any, client_of: Any, make_member: Any) -> None:
    sheet = issue(world, owner)
    client = client_of(owner)
    page = client.get(reverse("call_sheet", args=[sheet.pk])).content.decode()
    assert reverse("call_sheet_sides", args=[sheet.pk]) in page
    assert page.count("/sides/") == 3  # the pack, and two performers
    packed = zipfile.ZipFile(io.BytesIO(client.get(reverse("call_sheet_sides", args=[sheet.pk])).content))
    names = packed.namelist()
    assert [name.rsplit("-", 1)[1] for name in names] == ["沈宁.pdf", "高远.pdf"]
    first, second = (read(packed.read(name)) for name in names)
    assert ("动作1-1" in first, "动作2-1" in first, "沈宁" in first, "高远" in first) == (True, True, True, False)
    assert ("动作1-1" in second, "动作2-1" in second) == (False, True)
    # Money people see the sheet, not the script.
    finance = client_of(make_member(world.production.studio, "finance"))
    assert "/sides/" not in finance.get(reverse("call_sheet", args=[sheet.pk])).content.decode()
    assert finance.get(reverse("call_sheet_sides", args=[sheet.pk])).status_code == 403


def test_the_people_page_offers_the_whole_part(world: World, owner: Any, client_of: Any) -> None:
    client = client_of(owner)
    engagement = world.engagements["高远"]
    url = reverse("performer_sides", args=[world.production.pk, engagement.pk])
    assert url in client.get(reverse("production_people", args=[world.production.pk])).content.decode()
    text = read(client.get(url).content)
    assert ("动作2-1" in text, "动作4-1" in text, "动作1-1" in text) == (True, True, False)
    nobody = reverse("performer_sides", args=[world.production.pk, world.engagements["吴摄"].pk])
    assert client.get(nobody).status_code == 404


@pytest.mark.parametrize("actors", [1, 3])
def test_a_pack_costs_the_same_queries_for_one_performer_and_three(
    actors: int, world: World, owner: Any, django_assert_num_queries: Any
) -> None:
    from scheduling.models import Casting
    from scheduling.sides import script_in_force, sides_of_calls
    from scripts_app.models import Character, SceneCharacter
    from scripts_app.script_papers import Copy
    from studio.models import Engagement

    for number in range(actors - 1):
        person = Person.objects.create(studio=world.production.studio, name=f"演员{number}")
        role = Character.objects.create(production=world.production, name=f"配角{number}")
        SceneCharacter.objects.create(scene=world.scenes[0], character=role)
        engagement = Engagement.objects.create(
            production=world.production, person=person, department="cast", job_title="演员"
        )
        Casting.objects.create(character=role, engagement=engagement)
    sheet = issue(world, owner)
    calls = list(sheet.recipients.select_related("person", "call_sheet"))
    with django_assert_num_queries(4):
        found = sides_of_calls(world.production.pk, calls)
        revision = script_in_force(world.production)
        assert revision is not None
        Copy.of(revision)
    assert len(found) == actors + 1
