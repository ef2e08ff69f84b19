"""Scenes and script imports over REST."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from scripts_app.actions import import_script, lock_revision
from scripts_app.models import Revision
from studio.models import Job

SCENES = "/api/v1/scenes/"
IMPORTS = "/api/v1/script-imports/"


@pytest.fixture
def imported(production, owner, first):
    return import_script(production=production, data=first, filename="a.txt", by=owner)


def test_scenes_list_filters_and_one(production, imported, owner, api_of):
    api = api_of(owner)
    rows = api.get(SCENES).json()["results"]
    assert [(row["number"], row["episode_number"], row["set_name"]) for row in rows] == [
        ("1-1", 1, "叶家客厅"), ("1-2", 1, "天台"), ("2-1", 2, "叶家客厅"),
    ]  # fmt: skip
    for query, expected in [
        ({"production": production.pk}, 3), ({"production": 0}, None), ({"episode": 2}, 1), ({"state": "omitted"}, 0),
        ({"set_name": "天台"}, 1), ({"time_of_day": "night"}, 1), ({"int_ext": "int"}, 2), ({"int_ext": "roof"}, None),
    ]:  # fmt: skip
        answer = api.get(SCENES, query)
        if expected is None:
            assert answer.status_code == 400, query
        else:
            assert len(answer.json()["results"]) == expected, query
    one = api.get(f"{SCENES}{rows[0]['id']}/").json()
    assert one["shoot_minutes"] == 10
    assert one.keys() == rows[0].keys()


def test_scenes_of_others_do_not_exist(production, imported, other_owner, make_member, api_of):
    scene = production.scenes.first()
    api = api_of(other_owner)
    assert api.get(SCENES).json()["results"] == []
    assert api.get(f"{SCENES}{scene.pk}/").status_code == 404
    assert api.patch(f"{SCENES}{scene.pk}/", {"shoot_minutes": 5}, format="json").status_code == 404
    director = api_of(make_member(production.studio, "post_supervisor"))
    assert director.get(f"{SCENES}{scene.pk}/").status_code == 200
    assert director.patch(f"{SCENES}{scene.pk}/", {"shoot_minutes": 5}, format="json").status_code == 403
    scene.refresh_from_db()
    assert scene.shoot_minutes == 10


def test_a_scene_is_changed_and_its_events_tell(production, imported, owner, api_of):
    api = api_of(owner)
    scene = production.scenes.get(number="1-1")
    tag = api.get(SCENES)["ETag"]
    answer = api.patch(f"{SCENES}{scene.pk}/", {"set_name": "书房"}, format="json")
    assert (answer.status_code, answer.json()["set_name"], answer.json()["shoot_minutes"]) == (200, "书房", 10)
    assert api.get(SCENES)["ETag"] != tag
    events = api.get(f"{SCENES}{scene.pk}/events/").json()["results"]
    assert [event["name"] for event in events] == ["SceneEdited"]
    bad = api.patch(f"{SCENES}{scene.pk}/", {"shoot_minutes": 0}, format="json")
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (400, "shoot_minutes")
    lock_revision(revision=imported, by=owner)
    refused = api.patch(f"{SCENES}{scene.pk}/", {"set_name": "厨房"}, format="json")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "revision_locked")


def test_a_text_is_handed_in_once(production, owner, api_of, first, drain):
    api = api_of(owner)
    words = {"production": production.pk, "text": first.decode()}
    answers = [api.post(IMPORTS, words, format="json") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert answers[0].json()["state"] == "queued"
    drain()
    job = api.get(f"/api/v1/jobs/{answers[0].json()['id']}/").json()
    assert (job["state"], job["result"]["revision"]) == ("done", Revision.objects.get().pk)


def test_a_file_is_handed_in(production, owner, api_of, first, drain):
    file = SimpleUploadedFile("初光.txt", first)
    answer = api_of(owner).post(IMPORTS, {"production": production.pk, "file": file}, format="multipart")
    assert answer.status_code == 202
    drain()
    assert Revision.objects.get().source_name == "初光.txt"


def test_bad_imports_are_problems(production, owner, other_owner, make_member, api_of, first):
    api = api_of(owner)
    for words, field, code in [
        ({"production": production.pk}, "file", "file_or_text"),
        ({"production": production.pk, "text": ""}, "file", "empty_file"),
        ({"production": production.pk, "text": "a\x00b" * 99}, "text", "null_characters_not_allowed"),
        ({"production": 999_999, "text": "x"}, "production", "does_not_exist"),
        ({"production": "x", "text": "x"}, "production", "invalid"),
    ]:
        answer = api.post(IMPORTS, words, format="json")
        problem = answer.json()["errors"][0]
        assert (answer.status_code, problem["field"], problem["code"]) == (400, field, code), words
    empty = api.post(
        IMPORTS, {"production": production.pk, "file": SimpleUploadedFile("a.txt", b"")}, format="multipart"
    )
    assert empty.json()["errors"][0]["code"] == "empty_file"
    theirs = api_of(other_owner).post(IMPORTS, {"production": production.pk, "text": first.decode()}, format="json")
    assert (theirs.status_code, theirs.json()["errors"][0]["code"]) == (400, "does_not_exist")
    director = api_of(make_member(production.studio, "post_supervisor"))
    assert director.post(IMPORTS, {"production": production.pk, "text": "x"}, format="json").status_code == 403
    assert Job.objects.filter(kind="scripts.import_script").count() == 0


def test_the_list_costs_the_same_for_three(production, imported, owner, api_of, django_assert_num_queries):
    api = api_of(owner)
    api.get(SCENES)
    with django_assert_num_queries(1):
        api.get(SCENES, {"limit": 1})
    with django_assert_num_queries(1):
        api.get(SCENES, {"limit": 3})
