"""Consents and declarations of AI through their page: recorded, withdrawn, holding a gate, seen by whom."""

import datetime as dt
import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from compliance.actions import classify_production
from compliance.models import AiDeclaration, Consent, ConsentRule
from compliance.queries import gate_shoot, may_deliver
from studio.actions import engage
from studio.models import Event, Production

PDF = b"%PDF-1.4 signed"


@pytest.fixture
def client(owner, client_of):
    return client_of(owner)


@pytest.fixture
def actor(production, make_person, owner):
    person = make_person(production.studio, "林叶", birth_date=dt.date(1999, 5, 1))
    engage(production=production, person=person, department="cast", job_title="女主", by=owner)
    return person


@pytest.fixture
def child(production, make_person, owner):
    born = timezone.localdate() - dt.timedelta(days=12 * 365)
    person = make_person(production.studio, "小雨", birth_date=born)
    engage(production=production, person=person, department="cast", job_title="女儿", by=owner)
    return person


def record(client, production, somebody, *, data=PDF, name="同意书.pdf", **words):
    filled = {"person": somebody.pk, "kind": "likeness", "scope": "本剧全部集数", "from_date": "2026-01-01"} | words
    return client.post(
        reverse("record_consent", args=[production.pk]),
        filled | {"paper": SimpleUploadedFile(name, data)},
    )


def page(client, production, **query):
    return client.get(reverse("title_consents", args=[production.pk]), query)


def states(client, production):
    return [
        (row["need"].name, row["need"].kind, row["need"].state)
        for row in page(client, production).context["rows"]
    ]  # fmt: skip


def test_a_paper_answers_what_is_asked(client, production, actor, child):
    assert states(client, production) == [
        ("林叶", "likeness", "missing"), ("小雨", "guardian", "missing"), ("小雨", "likeness", "missing"),
    ]  # fmt: skip
    assert record(client, production, actor).status_code == 302
    guardian = {"kind": "guardian", "given_by": "雨妈妈", "relation": "母亲"}
    assert record(client, production, child, data=b"\xff\xd8\xff photo", name="a.jpg", **guardian).status_code == 302
    assert states(client, production) == [
        ("林叶", "likeness", "given"), ("小雨", "guardian", "given"), ("小雨", "likeness", "missing"),
    ]  # fmt: skip
    row = Consent.objects.get(person=actor)
    assert (row.sha256, row.file_name) == (hashlib.sha256(PDF).hexdigest(), "同意书.pdf")
    paper = client.get(reverse("consent_paper", args=[production.pk, row.pk]))
    assert b"".join(paper.streaming_content) == PDF
    assert Event.objects.filter(name="ConsentRecorded").count() == 2
    listed = page(client, production, format="csv").content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in listed] == ["Name", "林叶", "小雨", "小雨"]
    assert [row["need"].name for row in page(client, production, state="missing").context["rows"]] == ["小雨"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"data": b"MZ\x90 program", "name": "consent.pdf"}, "Hand in a PDF, or a photo as JPEG or PNG."),
        ({"data": b""}, "Hand in a PDF, or a photo as JPEG or PNG."),
        ({"scope": "  "}, "This field is required."),
        ({"until_date": "2025-01-01"}, "A consent cannot end before it begins."),
        ({"from_date": "1926-01-01"}, "This date is too far away. Check the year."),
        ({"kind": "guardian"}, "Name the guardian who signed, and how they are related."),
        ({"person": 999_999}, "Select a valid choice."),
    ],
)
def test_what_does_not_hold_is_refused_and_nothing_is_kept(client, production, actor, words, sentence):
    answer = record(client, production, actor, **words)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Consent.objects.exists()


def test_the_same_paper_is_kept_once_and_a_withdrawn_one_does_not_come_back(client, production, actor):
    record(client, production, actor)
    record(client, production, actor)
    row = Consent.objects.get()
    withdraw = reverse("withdraw_consent", args=[production.pk, row.pk])
    client.post(withdraw, {"reason": " "})
    assert states(client, production)[0][2] == "given"
    client.post(withdraw, {"reason": "解约"})
    client.post(withdraw, {"reason": "again"})
    row.refresh_from_db()
    assert (row.withdrawn_reason, Event.objects.filter(name="ConsentWithdrawn").count()) == ("解约", 1)
    assert states(client, production)[0][2] == "missing"
    answer = record(client, production, actor)
    assert answer.status_code == 422
    assert "This very paper was withdrawn. A new consent needs a new paper." in answer.content.decode()


def test_somebody_who_is_not_engaged_gives_none(client, production, actor, make_person):
    stranger = make_person(production.studio, "路人")
    assert record(client, production, stranger).status_code == 422
    assert not Consent.objects.exists()


def test_a_studio_s_rule_holds_the_gates_shut_until_the_paper_is_there(client, production, actor, owner):
    Production.objects.filter(pk=production.pk).update(investment_minor=100)
    production.refresh_from_db()
    classify_production(production=production, by=owner)
    assert gate_shoot(production).ok
    rule = ConsentRule.objects.create(
        studio=production.studio,
        from_date=dt.date(2026, 1, 1),
        kind="likeness",
        whom="cast",
        gate="shoot",
        source="约定",
    )
    assert gate_shoot(production) == (False, "Consents are missing: 林叶.")
    record(client, production, actor)
    assert gate_shoot(production).ok
    ConsentRule.objects.filter(pk=rule.pk).update(gate="delivery")
    Consent.objects.all().delete()
    assert gate_shoot(production).ok
    # What the rules of filing say comes first.
    assert "has not passed it yet" in may_deliver(production, "hongguo").reason


def test_an_unknown_date_of_birth_is_said(client, production, make_person, owner):
    person = make_person(production.studio, "无龄")
    engage(production=production, person=person, department="cast", job_title="男二", by=owner)
    body = page(client, production).content.decode()
    assert "The date of birth of 1 performer is not known" in body
    assert "</summary>无龄</details>" in body


def declare(client, production, **words):
    return client.post(reverse("declare_ai", args=[production.pk]), words)


def test_a_declaration_says_which_labels_are_missing(client, production):
    Production.objects.filter(pk=production.pk).update(work_kind="ai")
    assert "declares nothing yet" in page(client, production).content.decode()
    answer = declare(client, production, uses=["voice"])
    assert (answer.status_code, "Name the tools it is made with." in answer.content.decode()) == (422, True)
    proof = SimpleUploadedFile("licence.pdf", PDF)
    assert declare(client, production, uses=["voice", "face"], tools="某某配音", proof=proof).status_code == 302
    body = page(client, production).content.decode()
    assert "The visible label is missing." in body
    assert "The label in the metadata is missing." in body
    declare(client, production, uses=["voice", "face"], tools="某某配音", visible_label="on", metadata_label="on")
    body = page(client, production).content.decode()
    assert "label is missing" not in body
    assert "1 earlier declaration is kept." in body
    first, second = AiDeclaration.objects.order_by("pk")
    # The proof stays with the next declaration until another one is handed in.
    assert (first.uses, second.sha256, second.file.name) == (["face", "voice"], first.sha256, first.file.name)
    declare(client, production, uses=["voice", "face"], tools="某某配音", visible_label="on", metadata_label="on")
    assert AiDeclaration.objects.count() == 2
    paper = client.get(reverse("ai_proof", args=[production.pk, second.pk]))
    assert b"".join(paper.streaming_content) == PDF


def test_the_page_costs_the_same_for_one_and_many(client, production, make_person, owner):
    def cost():
        with CaptureQueriesContext(connection) as found:
            assert page(client, production).status_code == 200
        return len(found)

    def add(number):
        person = make_person(production.studio, f"演员{number}", birth_date=dt.date(1990, 1, 1))
        engage(production=production, person=person, department="cast", job_title="群演", by=owner)
        record(client, production, person, data=PDF + bytes([number]))

    add(1)
    page(client, production)
    one = cost()
    add(2)
    add(3)
    assert cost() == one
