"""A locked revision is changed by nobody: not by a page, the API, the admin, nor around them."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from scripts_app.actions import edit_scene, import_script, lock_revision
from scripts_app.models import Revision, SceneText
from studio.refusals import Refused


@pytest.fixture
def locked(production, owner, first):
    revision = import_script(production=production, data=first, filename="a.txt", by=owner)
    return lock_revision(revision=revision, by=owner)


@pytest.mark.parametrize(
    "change",
    [
        {"number": 7}, {"source_name": "b.txt"}, {"source_sha256": "0" * 64}, {"layout": "fdx"}, {"faults": [1]},
        {"episodes": []}, {"front": {"title": "别的"}}, {"characters_count": 1}, {"locked_at": None},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_the_database_keeps_a_locked_revision(locked, change):
    with pytest.raises(IntegrityError, match="a locked revision is not changed"), transaction.atomic():
        Revision.objects.filter(pk=locked.pk).update(**change)


def test_a_draft_that_is_not_locked_may_still_be_mended(production, owner, first):
    revision = import_script(production=production, data=first, filename="a.txt", by=owner)
    assert Revision.objects.filter(pk=revision.pk).update(source_name="b.txt") == 1


def test_who_locked_may_leave(locked, owner):
    assert Revision.objects.filter(pk=locked.pk).update(locked_by=None) == 1


@pytest.mark.parametrize("change", [{"elements": []}, {"number": "9-9"}, {"digest": "0"}, {"head": {}}])
def test_the_database_keeps_texts_as_they_came(production, owner, first, change):
    import_script(production=production, data=first, filename="a.txt", by=owner)
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
        SceneText.objects.update(**change)


def test_a_title_still_goes_with_all_it_has(locked, production):
    SceneText.objects.filter(revision=locked).delete()
    production.scenes.all().delete()
    locked.delete()
    assert Revision.objects.count() == 0


def test_actions_refuse(locked, production, owner):
    with pytest.raises(Refused) as refused:
        edit_scene(scene=production.scenes.first(), by=owner, set_name="别处")
    assert refused.value.code == "revision_locked"


def test_the_page_refuses_with_the_sentence(locked, production, client_of, owner):
    scene = production.scenes.get(number="1-1")
    data = {"set_name": "别处", "int_ext": "int", "time_of_day": "day", "shoot_minutes": 20, "synopsis": scene.synopsis}
    answer = client_of(owner).post(reverse("scene_row", args=[production.pk, scene.pk]), data)
    assert answer.status_code == 422
    assert "Revision 1 is locked. Import a new draft to change its scenes" in answer.content.decode()
    scene.refresh_from_db()
    assert scene.set_name == "叶家客厅"


def admin_form(scene, **changes):
    inline = {"cast-TOTAL_FORMS": 0, "cast-INITIAL_FORMS": 0}
    return {"int_ext": "int", "time_of_day": "day", "time_written": "日", "set_name": "别处", "sub_place": "",
            "synopsis": "别的", "shoot_minutes": 35, **inline, **changes}  # fmt: skip


def test_the_admin_holds_headings_and_says_why(locked, production, client_of, owner):
    scene = production.scenes.get(number="1-1")
    url = reverse("admin:scripts_app_scene_change", args=[scene.pk])
    client = client_of(owner)
    page = client.get(url).content.decode()
    assert 'name="set_name"' not in page
    assert 'name="shoot_minutes"' in page
    assert "Revision 1 is locked: what it says is changed by a new draft alone." in page
    assert client.post(url, admin_form(scene)).status_code == 302
    scene.refresh_from_db()
    assert (scene.set_name, scene.shoot_minutes) == ("叶家客厅", 35)
    role = production.characters.get(name="林叶")
    assert (
        'name="name"' not in client.get(reverse("admin:scripts_app_character_change", args=[role.pk])).content.decode()
    )


def test_the_admin_lets_headings_be_mended_before(production, owner, first, client_of):
    import_script(production=production, data=first, filename="a.txt", by=owner)
    scene = production.scenes.get(number="1-1")
    url = reverse("admin:scripts_app_scene_change", args=[scene.pk])
    assert client_of(owner).post(url, admin_form(scene)).status_code == 302
    scene.refresh_from_db()
    assert scene.set_name == "别处"


def test_a_new_draft_over_a_locked_one_is_let_in_and_unlocks_nothing(locked, production, owner, second):
    later = import_script(production=production, data=second, filename="b.txt", by=owner)
    locked.refresh_from_db()
    assert (later.number, later.locked_at, locked.locked_at is None) == (2, None, False)
    assert production.scenes.get(number="1-1").time_of_day == "night"
