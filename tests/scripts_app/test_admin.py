"""The script room in the admin."""

import pytest
from django.urls import reverse

from scripts_app.actions import import_script

MODELS = ["script", "revision", "scene", "character", "element", "breakdown", "reviewround"]


@pytest.fixture
def imported(production, owner, first):
    return import_script(production=production, data=first, filename="a.txt", by=owner)


@pytest.mark.parametrize("model", MODELS)
def test_lists_open_for_readers_and_hide_other_studios(
    model, production, imported, owner, other_owner, make_member, client_of
):
    url = reverse(f"admin:scripts_app_{model}_changelist")
    assert client_of(owner).get(url).status_code == 200
    assert production.title not in client_of(other_owner).get(url).content.decode()
    assert client_of(make_member(production.studio, "finance")).get(url).status_code == 403


def test_revisions_are_read_only_and_scenes_are_mended(production, imported, owner, client_of):
    client = client_of(owner)
    page = client.get(reverse("admin:scripts_app_revision_change", args=[imported.pk])).content.decode()
    assert 'name="_save"' not in page
    assert "media/" not in page
    scene = production.scenes.get(number="1-1")
    url = reverse("admin:scripts_app_scene_change", args=[scene.pk])
    assert 'name="_save"' in client.get(url).content.decode()
    rows = list(scene.cast.order_by("pk"))
    words = {
        "state": "active", "int_ext": "int", "time_of_day": "day", "time_written": "日", "set_name": "书房", "sub_place": "",
        "synopsis": "x", "shoot_minutes": "33", "cast-TOTAL_FORMS": str(len(rows)), "cast-INITIAL_FORMS": str(len(rows)),
    }  # fmt: skip
    for index, row in enumerate(rows):
        for name in ("id", "scene", "character", "count", "note"):
            words[f"cast-{index}-{name}"] = str(getattr(row, f"{name}_id", getattr(row, name)))
    assert client.post(url, words).status_code == 302
    scene.refresh_from_db()
    assert (scene.set_name, scene.shoot_minutes) == ("书房", 33)
