"""Locks, reviews, breakdowns, scenes and things."""

import pytest

from scripts_app.actions import (
    add_element,
    approve_breakdown,
    edit_scene,
    import_script,
    lock_revision,
    review_revision,
    tag_element,
    untag_element,
)
from scripts_app.models import Element, ReviewRound
from studio.models import Event, Notice
from studio.refusals import Refused


@pytest.fixture
def imported(production, owner, first):
    return import_script(production=production, data=first, filename="a.txt", by=owner)


@pytest.fixture
def scene(production, imported):
    return production.scenes.get(number="1-1")


def code(call, **words):
    with pytest.raises(Refused) as refused:
        call(**words)
    assert refused.value.message
    return refused.value.code


def test_lock_twice_is_once(imported, owner):
    first = lock_revision(revision=imported, by=owner).locked_at
    assert lock_revision(revision=imported, by=None).locked_at == first
    assert imported.locked_by == owner
    assert Event.objects.filter(name="RevisionLocked").count() == 1


def test_only_the_latest_is_locked_or_approved(production, imported, owner, second):
    import_script(production=production, data=second, filename="b.txt", by=owner)
    assert code(lock_revision, revision=imported, by=owner) == "not_the_latest"
    assert code(approve_breakdown, breakdown=imported.breakdown, by=owner) == "not_the_latest"
    production.refresh_from_db()
    assert production.stage == "script"


def test_approving_moves_to_prep_once_and_tells(production, imported, owner, make_member, drain):
    director = make_member(production.studio, "assistant_director")
    make_member(production.studio, "script_editor")
    approve_breakdown(breakdown=imported.breakdown, by=owner)
    stamp = imported.breakdown.approved_at
    approve_breakdown(breakdown=imported.breakdown, by=director)
    production.refresh_from_db()
    assert (production.stage, imported.breakdown.state, imported.breakdown.approved_by) == ("prep", "approved", owner)
    assert imported.breakdown.approved_at == stamp
    assert [event.payload["scenes"] for event in Event.objects.filter(name="BreakdownApproved")] == [3]
    drain()
    assert list(Notice.objects.filter(kind="scripts_app.breakdown").values_list("user", flat=True)) == [director.pk]


def test_a_review_that_returns_says_why(imported, owner):
    assert code(review_revision, revision=imported, kind="editorial", verdict="return", notes=" ", by=owner) == (
        "notes_missing"
    )
    assert code(review_revision, revision=imported, kind="nobody", verdict="pass", notes="", by=owner) == "unknown_kind"
    assert (
        code(review_revision, revision=imported, kind="platform", verdict="x", notes="", by=owner) == "unknown_verdict"
    )
    assert ReviewRound.objects.count() == 0


def test_the_same_review_sent_twice_is_one(imported, owner, make_member, production):
    words = {"revision": imported, "kind": "editorial", "verdict": "return", "notes": "第一集太慢"}
    assert review_revision(by=owner, **words) == review_revision(by=owner, **words)
    review_revision(by=make_member(production.studio, "producer"), **words)
    review_revision(by=owner, **{**words, "verdict": "pass", "notes": ""})
    assert [(row.verdict, row.notes) for row in imported.rounds.all()] == [
        ("return", "第一集太慢"), ("return", "第一集太慢"), ("pass", ""),
    ]  # fmt: skip
    assert Event.objects.filter(name="RevisionReviewed").count() == 3


def test_edit_scene_keeps_what_is_not_given(scene, owner, production):
    version = type(production).objects.get(pk=production.pk).version
    edit_scene(scene=scene, by=owner, set_name=" 叶家大宅 ", shoot_minutes=45)
    scene.refresh_from_db()
    assert (scene.set_name, scene.shoot_minutes, scene.int_ext, scene.synopsis) == (
        "叶家大宅", 45, "int", "林叶推门而入，愣住。",
    )  # fmt: skip
    event = Event.objects.get(name="SceneEdited")
    assert event.subject == f"scripts_app.scene:{scene.pk}"
    assert (event.payload["before"], event.payload["after"]) == (
        {"set_name": "叶家客厅", "shoot_minutes": 10}, {"set_name": "叶家大宅", "shoot_minutes": 45},
    )  # fmt: skip
    assert type(production).objects.get(pk=production.pk).version > version
    edit_scene(scene=scene, by=owner, set_name="叶家大宅")
    assert Event.objects.filter(name="SceneEdited").count() == 1


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"int_ext": "roof"}, "unknown_int_ext"),
        ({"time_of_day": "noon"}, "unknown_time"),
        ({"shoot_minutes": 0}, "minutes_out_of_range"),
        ({"shoot_minutes": 1441}, "minutes_out_of_range"),
        ({"set_name": "长" * 121}, "too_long"),
    ],
)
def test_edit_scene_refuses(scene, owner, words, expected):
    before = scene.updated_at
    assert code(edit_scene, scene=scene, by=owner, **words) == expected
    scene.refresh_from_db()
    assert scene.updated_at == before


def test_a_locked_heading_stays_and_minutes_move(scene, imported, owner):
    lock_revision(revision=imported, by=owner)
    assert code(edit_scene, scene=scene, by=owner, set_name="别处", shoot_minutes=90) == "revision_locked"
    scene.refresh_from_db()
    assert (scene.set_name, scene.shoot_minutes) == ("叶家客厅", 10)
    edit_scene(scene=scene, by=owner, shoot_minutes=90)
    scene.refresh_from_db()
    assert scene.shoot_minutes == 90


def test_elements_are_made_once_and_tagged(production, scene, owner):
    element = add_element(production=production, category="props", name=" 红色  请柬 ", by=owner, scenes=[scene])
    assert element.name == "红色 请柬"
    assert add_element(production=production, category="props", name="红色 请柬", by=owner) == element
    other = production.scenes.get(number="2-1")
    tag_element(element=element, scene=other, by=owner)
    tag_element(element=element, scene=other, by=owner)
    assert [row.number for row in element.scenes.order_by("sort_key")] == ["1-1", "2-1"]
    untag_element(element=element, scene=scene, by=owner)
    assert [row.number for row in element.scenes.all()] == ["2-1"]


def test_tagging_confirms_a_suggestion(production, scene, owner):
    element = Element.objects.get(name="雷声")
    assert element.suggested
    tag_element(element=element, scene=scene, by=owner)
    element.refresh_from_db()
    assert not element.suggested


def test_elements_refuse_other_titles(production, scene, owner, other_production, other_owner):
    element = add_element(production=other_production, category="props", name="剑", by=other_owner)
    assert code(tag_element, element=element, scene=scene, by=owner) == "other_production"
    assert code(add_element, production=production, category="food", name="x", by=owner) == "unknown_category"
    assert code(add_element, production=production, category="props", name="  ", by=owner) == "name_missing"
    assert not scene.needs.filter(name="剑").exists()
