"""Writers: named on the script's page, see their own title and no other, hand in drafts."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from scripts_app import actions, queries
from scripts_app.importing import import_script
from scripts_app.models import ReviewRound, Revision, ScriptWriter
from studio.access import access_of
from studio.actions import open_production
from studio.models import Event, Membership, Notice
from studio.refusals import Refused


@pytest.fixture
def script(production: Any, owner: Any, first: bytes) -> Revision:
    return import_script(production=production, data=first, filename="a.txt", by=owner)


@pytest.fixture
def second_title(studio: Any, owner: Any, first: bytes) -> Any:
    title = open_production(studio=studio, title="隔壁的戏", code="CG02", by=owner)
    import_script(production=title, data=first + "△后来。".encode(), filename="b.txt", by=owner)
    return title


@pytest.fixture
def writer(studio: Any, production: Any, owner: Any, make_member: Any, make_person: Any) -> Any:
    """Somebody with the role in the whole studio, named on one title."""
    user = make_member(studio, "writer")
    person = make_person(studio, "江迟", user=user)
    actions.name_writer(production=production, person=person, by=owner)
    return user


def _names(production: Any) -> list[str]:
    return [row.person.name for row in queries.writers_of(production)]


# --- naming ---------------------------------------------------------------------------------------------------------


def test_writers_are_named_in_order_with_their_credit_and_announced(
    production: Any, studio: Any, owner: Any, make_person: Any
) -> None:
    for name, credit in (("甲", "head"), ("乙", "writer"), ("丙", "co_writer")):
        actions.name_writer(production=production, person=make_person(studio, name), credit=credit, by=owner)
    rows = queries.writers_of(production)
    assert [(row.person.name, row.credit, row.position) for row in rows] == [
        ("甲", "head", 1), ("乙", "writer", 2), ("丙", "co_writer", 3),
    ]  # fmt: skip
    actions.move_writer(writer=rows[2], up=True, by=owner)
    assert _names(production) == ["甲", "丙", "乙"]
    actions.move_writer(writer=rows[0], up=True, by=owner)
    assert _names(production) == ["甲", "丙", "乙"]
    actions.move_writer(writer=rows[0], up=False, by=owner)
    assert _names(production) == ["丙", "甲", "乙"]
    actions.remove_writer(writer=rows[1], by=owner)
    actions.remove_writer(writer=rows[1], by=owner)
    assert _names(production) == ["丙", "甲"]
    facts = list(Event.objects.filter(name__startswith="Writer").order_by("pk").values_list("name", flat=True))
    assert facts == ["WriterNamed"] * 3 + ["WriterRemoved"]


def test_naming_twice_is_once_with_the_credit_given_last(
    production: Any, studio: Any, owner: Any, make_person: Any
) -> None:
    person = make_person(studio, "甲")
    first = actions.name_writer(production=production, person=person, by=owner)
    again = actions.name_writer(production=production, person=person, credit="story", by=owner)
    assert first.pk == again.pk
    assert ScriptWriter.objects.get().credit == "story"


def test_a_stranger_an_unknown_credit_and_too_many_are_refused(
    production: Any, studio: Any, other_studio: Any, owner: Any, make_person: Any
) -> None:
    def code(**fields: Any) -> str:
        with pytest.raises(Refused) as refusal:
            actions.name_writer(production=production, by=owner, **fields)
        return refusal.value.code

    assert code(person=make_person(other_studio, "外人")) == "other_studio"
    assert code(person=make_person(studio, "甲"), credit="boss") == "unknown_credit"
    for number in range(actions.MOST_WRITERS):
        actions.name_writer(production=production, person=make_person(studio, f"编{number}"), by=owner)
    assert code(person=make_person(studio, "多")) == "too_many_writers"
    assert ScriptWriter.objects.count() == actions.MOST_WRITERS


def test_the_database_refuses_a_writer_twice_and_an_unknown_credit(
    production: Any, studio: Any, owner: Any, make_person: Any
) -> None:
    row = actions.name_writer(production=production, person=make_person(studio, "甲"), by=owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        ScriptWriter.objects.create(script=row.script, person=row.person)
    with pytest.raises(IntegrityError), transaction.atomic():
        ScriptWriter.objects.create(script=row.script, person=make_person(studio, "乙"), credit="boss")


def test_the_script_page_names_moves_and_removes_writers(
    client_of: Any, owner: Any, production: Any, studio: Any, other_studio: Any, make_person: Any
) -> None:
    make_person(studio, "甲")
    make_person(studio, "乙")
    make_person(other_studio, "外人")
    client, url = client_of(owner), f"/productions/{production.pk}/script/writers/"
    client.post(url, {"name": " 甲 ", "credit": "head"})
    client.post(url, {"name": "乙", "credit": "co_writer"})
    page = client.post(url, {"name": "外人", "credit": "writer"}, follow=True).content.decode()
    assert "Nobody of this name" in page
    assert "外人" not in page
    assert page.index("<b>甲</b>") < page.index("<b>乙</b>")
    last = ScriptWriter.objects.get(person__name="乙")
    client.post(url, {"writer": last.pk, "up": "1"})
    assert _names(production) == ["乙", "甲"]
    client.post(url, {"writer": last.pk, "remove": "1"})
    assert _names(production) == ["甲"]
    for bad in ("0", "x", "9" * 30, str(last.pk)):
        assert client.post(url, {"writer": bad, "remove": "1"}).status_code == 404


def test_two_people_of_one_name_are_not_guessed(
    client_of: Any, owner: Any, production: Any, studio: Any, make_person: Any
) -> None:
    make_person(studio, "甲")
    make_person(studio, "甲")
    url = f"/productions/{production.pk}/script/writers/"
    page = client_of(owner).post(url, {"name": "甲", "credit": "writer"}, follow=True).content.decode()
    assert "Two people have this name" in page
    assert _names(production) == []


def test_a_guest_of_one_title_names_only_those_who_are_on_it(
    client_of: Any, make_member: Any, production: Any, studio: Any, make_person: Any
) -> None:
    make_person(studio, "不在此剧")
    guest = client_of(make_member(studio, "script_editor", production=production))
    url = f"/productions/{production.pk}/script/writers/"
    page = guest.post(url, {"name": "不在此剧", "credit": "writer"}, follow=True).content.decode()
    assert "Nobody of this name" in page
    assert "不在此剧" not in page


def test_the_list_of_scripts_names_the_first_writer_and_how_many_more(
    client_of: Any, owner: Any, production: Any, studio: Any, make_person: Any
) -> None:
    for name in ("甲编", "乙编", "丙编"):
        actions.name_writer(production=production, person=make_person(studio, name), by=owner)
    page = client_of(owner).get("/scripts/list/").content.decode()
    assert "甲编" in page
    assert "+2" in page
    assert "乙编" not in page


# --- seeing ---------------------------------------------------------------------------------------------------------


def test_a_writer_sees_the_own_title_and_another_of_the_studio_is_not_there(
    client_of: Any, writer: Any, production: Any, script: Revision, second_title: Any
) -> None:
    client = client_of(writer)
    page = client.get(f"/my/scripts/{production.pk}/").content.decode()
    assert "林叶推门而入" in page
    assert client.get(f"/my/scripts/{second_title.pk}/").status_code == 404
    assert client.post(f"/my/scripts/{second_title.pk}/", {"text": "第1集"}).status_code == 404
    home = client.get("/my/scripts/").content.decode()
    assert "初光" in home
    assert "隔壁的戏" not in home


def test_both_the_role_and_the_credit_are_needed(
    client_of: Any, writer: Any, production: Any, script: Revision, make_member: Any, studio: Any, make_person: Any
) -> None:
    url = f"/my/scripts/{production.pk}/"
    assert client_of(make_member(studio, "writer")).get(url).status_code == 404  # the role alone
    client = client_of(writer)
    credit = ScriptWriter.objects.get()
    ScriptWriter.objects.filter(pk=credit.pk).delete()
    assert client.get(url).status_code == 404
    credit.save(force_insert=True)
    assert client.get(url).status_code == 200
    Membership.objects.filter(user=writer).delete()
    assert client.get(url).status_code == 403  # the credit alone


def test_a_role_on_another_title_does_not_open_the_title_of_the_credit(
    client_of: Any, make_member: Any, make_person: Any, studio: Any, production: Any, second_title: Any, owner: Any
) -> None:
    user = make_member(studio, "writer", production=second_title)
    actions.name_writer(production=production, person=make_person(studio, "甲", user=user), by=owner)
    assert client_of(user).get(f"/my/scripts/{production.pk}/").status_code == 404


def test_a_writer_of_two_studios_sees_each_only_where_the_role_is(
    client_of: Any, writer: Any, other_production: Any, other_studio: Any, other_owner: Any, make_person: Any
) -> None:
    actions.name_writer(
        production=other_production, person=make_person(other_studio, "江迟", user=writer), by=other_owner
    )
    assert client_of(writer).get(f"/my/scripts/{other_production.pk}/").status_code == 404
    Membership.objects.create(user=writer, studio=other_studio, role="writer")
    assert client_of(writer).get(f"/my/scripts/{other_production.pk}/").status_code == 200


def test_no_page_of_the_desk_opens_for_a_writer(client_of: Any, writer: Any, production: Any, script: Revision) -> None:
    client = client_of(writer)
    for path in (
        "/scripts/",
        f"/productions/{production.pk}/script/",
        f"/productions/{production.pk}/",
        "/productions/",
    ):
        assert client.get(path).status_code == 403, path
    assert client.get("/").headers["Location"] == "/my/scripts/"
    assert client.get("/admin/scripts_app/script/").status_code in {302, 403}


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_title_and_three(
    count: int, studio: Any, owner: Any, make_member: Any, make_person: Any, first: bytes,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    user = make_member(studio, "writer")
    person = make_person(studio, "江迟", user=user)
    for number in range(count):
        title = open_production(studio=studio, title=f"戏{number}", code=f"X{number}", by=owner)
        actions.name_writer(production=title, person=person, by=owner)
        revision = import_script(production=title, data=first, filename="a.txt", by=owner)
        for kind in ("editorial", "platform"):
            actions.review_revision(revision=revision, kind=kind, verdict="return", notes="弱", by=owner)
    access = access_of(user)
    with django_assert_num_queries(4):
        found = queries.own_titles(access, user)
        assert [len(title.rounds) for title in found] == [2] * count
        assert {title.credit.script.production.studio.name for title in found} == {"青禾影视"}


# --- what to do next ------------------------------------------------------------------------------------------------


def _step(user: Any) -> str:
    return str(queries.own_titles(access_of(user), user)[0].step)


def test_the_next_step_follows_the_script(
    writer: Any, production: Any, owner: Any, first: bytes, second: bytes
) -> None:
    assert _step(writer) == "first_draft"
    revision = import_script(production=production, data=first, filename="a.txt", by=owner)
    assert _step(writer) == "waiting"
    actions.review_revision(revision=revision, kind="editorial", verdict="pass", notes="", by=owner)
    assert _step(writer) == "passed"
    actions.review_revision(revision=revision, kind="platform", verdict="return", notes="钩子弱", by=owner)
    assert _step(writer) == "next_draft"
    revision = import_script(production=production, data=second, filename="b.txt", by=owner)
    assert _step(writer) == "waiting"
    actions.lock_revision(revision=revision, by=owner)
    assert _step(writer) == "locked"


def test_a_writer_is_told_of_the_naming_and_of_a_verdict(
    writer: Any, production: Any, script: Revision, owner: Any, drain: Any
) -> None:
    actions.review_revision(revision=script, kind="editorial", verdict="return", notes="钩子弱", by=owner)
    drain()
    rows = Notice.objects.filter(user=writer).order_by("pk")
    assert [(row.kind, row.url) for row in rows] == [
        ("scripts_app.writer_named", f"/my/scripts/{production.pk}/"),
        ("scripts_app.own_return", f"/my/scripts/{production.pk}/"),
    ]
    page = client_page(writer)
    assert "Revision 1 of “初光” was returned" in page


def client_page(user: Any) -> str:
    from django.test import Client

    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client.get("/notices/").content.decode()


def test_notes_and_returned_episodes_are_read_once_the_round_is_over(
    client_of: Any, writer: Any, production: Any, script: Revision, owner: Any
) -> None:
    round = actions.open_round(revision=script, kind="editorial", by=owner)
    line = script.texts.order_by("pk").first().elements[0]["line"]
    note = actions.add_note(round=round, line=line, body="她为什么推门？", by=owner)
    actions.judge_episode(
        round=round, episode=production.episodes.get(number=2), verdict="return", reason="没有钩子", by=owner
    )
    client, url = client_of(writer), f"/my/scripts/{production.pk}/"
    answer = reverse("my_note", args=[production.pk, note.pk])
    text = client.get(url).content.decode()
    assert ("她为什么推门？" in text, "没有钩子" in text) == (False, False)
    assert client.post(answer, {"body": "因为门没锁"}).status_code == 404
    actions.close_round(round=round, verdict="return", notes="", by=owner)
    text = client.get(url).content.decode()
    assert ("她为什么推门？" in text, "没有钩子" in text) == (True, True)
    assert "1 open note" in client.get("/my/scripts/").content.decode()
    client.post(answer, {"body": "因为门没锁"})
    assert "因为门没锁" in client.get(url).content.decode()
    assert "open note" not in client.get("/my/scripts/").content.decode()


def test_a_note_of_another_title_is_not_there(
    client_of: Any, writer: Any, production: Any, script: Revision, second_title: Any, owner: Any
) -> None:
    other = Revision.objects.get(script__production=second_title)
    round = actions.open_round(revision=other, kind="editorial", by=owner)
    line = other.texts.order_by("pk").first().elements[0]["line"]
    note = actions.add_note(round=round, line=line, body="别的戏", by=owner)
    actions.close_round(round=round, verdict="pass", notes="", by=owner)
    client = client_of(writer)
    assert client.post(reverse("my_note", args=[production.pk, note.pk]), {"body": "x"}).status_code == 404
    assert client.post(reverse("my_note", args=[second_title.pk, note.pk]), {"body": "x"}).status_code == 404


# --- handing in -----------------------------------------------------------------------------------------------------


def test_a_writer_hands_in_the_next_draft(
    client_of: Any, writer: Any, production: Any, script: Revision, second: bytes, drain: Any
) -> None:
    client, url = client_of(writer), f"/my/scripts/{production.pk}/"
    answer = client.post(url, {"file": SimpleUploadedFile("b.txt", second)}, follow=True)
    assert "Your draft is in" in answer.content.decode()
    drain()
    assert Revision.objects.get(number=2).imported_by == writer
    assert "林叶推门而入" in client.get(url).content.decode()


def test_a_bad_file_is_refused_on_the_own_page(client_of: Any, writer: Any, production: Any) -> None:
    answer = client_of(writer).post(f"/my/scripts/{production.pk}/", {})
    assert answer.status_code == 422
    assert "Choose a file or paste the script." in answer.content.decode()


def test_a_locked_script_and_a_studio_that_takes_no_drafts_refuse(
    client_of: Any, writer: Any, production: Any, script: Revision, owner: Any, second: bytes, studio: Any
) -> None:
    client, url = client_of(writer), f"/my/scripts/{production.pk}/"
    studio.writers_hand_in = False
    studio.save()
    answer = client.post(url, {"file": SimpleUploadedFile("b.txt", second)})
    assert (answer.status_code, "script desk hands in drafts" in answer.content.decode()) == (422, True)
    studio.writers_hand_in = True
    studio.save()
    actions.lock_revision(revision=script, by=owner)
    answer = client.post(url, {"file": SimpleUploadedFile("b.txt", second)})
    assert (answer.status_code, "Revision 1 is locked" in answer.content.decode()) == (422, True)
    assert Revision.objects.count() == 1
    assert ReviewRound.objects.count() == 0
