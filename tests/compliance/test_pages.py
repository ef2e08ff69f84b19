"""The compliance room's pages, REST doors and admin."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from compliance.actions import classify_production, decide_filing, install_default_rules, open_filing, submit_filing
from compliance.models import ClassRule, Filing
from studio.actions import open_production
from studio.models import Production

PLANNING = ["planning_form", "synopsis", "production_licence"]
CASE = {"investment": "2,000,000", "work_kind": "live"}


@pytest.fixture
def ordinary(production, owner):
    Production.objects.filter(pk=production.pk).update(investment_minor=200_000_000)
    production.refresh_from_db()
    classify_production(production=production, by=owner, on=dt.date(2026, 11, 1))
    return production


@pytest.fixture
def filing(ordinary, owner):
    return open_filing(production=ordinary, kind="planning", by=owner)


def test_pages_are_for_those_who_see_filings(filing, ordinary, owner, other_owner, make_member, client_of, client):
    url, board = reverse("filing", args=[ordinary.pk]), reverse("compliance")
    assert client_of(owner).get(url).status_code == 200
    assert client_of(other_owner).get(url).status_code == 404
    assert ordinary.title in client_of(owner).get(board).content.decode()
    assert ordinary.title not in client_of(other_owner).get(board).content.decode()
    director = client_of(make_member(ordinary.studio, "assistant_director"))
    assert (director.get(url).status_code, director.get(board).status_code) == (403, 403)
    assert client.get(url).status_code == 302


def test_writing_needs_the_verb_and_the_studio(filing, ordinary, other_owner, make_member, client_of):
    editor, stranger = client_of(make_member(ordinary.studio, "script_editor")), client_of(other_owner)
    for name, args in [
        ("judge_class", []), ("change_case", []), ("open_filing", []), ("submit_filing", [filing.pk]),
        ("decide_filing", [filing.pk]),
    ]:  # fmt: skip
        url = reverse(name, args=[ordinary.pk, *args])
        assert editor.post(url, CASE).status_code == 403, name
        assert stranger.post(url, CASE).status_code == 404, name
        assert editor.get(url).status_code == 405, name
    page = editor.get(reverse("filing", args=[ordinary.pk])).content.decode()
    assert "<form" not in page[page.index("filing-page") :]


def test_a_filing_of_another_title_is_not_found(filing, ordinary, owner, studio, client_of):
    other = open_production(studio=studio, title="另一部", code="OT", by=owner)
    url = reverse("submit_filing", args=[other.pk, filing.pk])
    assert client_of(owner).post(url, {"papers": PLANNING}).status_code == 404


def test_the_whole_way_by_buttons(production, owner, client_of):
    client = client_of(owner)
    url = reverse("filing", args=[production.pk])
    assert "has not been judged yet" in client.get(url).content.decode()
    answer = client.post(reverse("change_case", args=[production.pk]), CASE, follow=True).content.decode()
    assert "Class: Ordinary." in answer
    assert "Investment of 2,000,000 yuan reaches 1,000,000 yuan, where the ordinary class starts." in answer
    client.post(reverse("open_filing", args=[production.pk]), {"kind": "planning"})
    filing = Filing.objects.get()
    page = client.get(url).content.decode()
    assert "Production and operation licence of the studio" in page
    submit = reverse("submit_filing", args=[production.pk, filing.pk])
    answer = client.post(submit, {"papers": PLANNING[:1]}, follow=True).content.decode()
    assert "Still missing: Synopsis and episode outlines, Production and operation licence of the studio." in answer
    client.post(submit, {"papers": PLANNING})
    decide = reverse("decide_filing", args=[production.pk, filing.pk])
    client.post(decide, {"decision": "returned", "note": "梗概过短"})
    assert "梗概过短" in client.get(url).content.decode()
    second = Filing.objects.get(round=2)
    client.post(reverse("submit_filing", args=[production.pk, second.pk]), {"papers": PLANNING})
    client.post(
        reverse("decide_filing", args=[production.pk, second.pk]), {"decision": "granted", "number": "沪备2026000123"}
    )
    page = client.get(url).content.decode()
    assert "Planning filing granted: 沪备2026000123." in page


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"investment": "a lot"}, "Write an amount in yuan, such as 600000."),
        ({"investment": "-1"}, "An investment cannot be negative."),
        ({"investment": "99999999999999999"}, "This is more than any title costs."),
        ({"themes": ["romance"]}, "romance"),
    ],
)
def test_a_bad_case_is_a_sentence(production, owner, client_of, words, sentence):
    answer = client_of(owner).post(reverse("change_case", args=[production.pk]), {**CASE, **words})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    production.refresh_from_db()
    assert production.investment_minor == 60_000_000


def test_a_changed_title_asks_to_be_judged_again(ordinary, owner, client_of):
    url = reverse("filing", args=[ordinary.pk])
    sentence = "what it was judged by is no longer what it is"
    assert sentence not in client_of(owner).get(url).content.decode()
    Production.objects.filter(pk=ordinary.pk).update(investment_minor=1)
    assert sentence in client_of(owner).get(url).content.decode()


def test_the_board_shows_where_filings_stand(filing, ordinary, owner, studio, client_of):
    client = client_of(owner)
    open_production(studio=studio, title="新戏", code="XX", by=owner)
    submit_filing(filing=filing, papers=PLANNING, by=owner, at=timezone.now() - dt.timedelta(days=30))
    context = client.get(reverse("compliance")).context
    assert [title.title for title in context["unfiled"]] == ["新戏"]
    assert {name: len(rows) for name, rows in context["columns"].items()} == {"draft": 0, "submitted": 1, "granted": 0}
    [row] = context["columns"]["submitted"]
    assert (row.age.days, row.age.late, row.class_label) == (30, True, "Ordinary")
    decide_filing(filing=filing, granted=True, number="沪备2026000123", by=owner)
    for query, found in [
        ({}, 1), ({"kind": "finished"}, 0), ({"authority": "province"}, 1), ({"class_code": "key"}, 0),
        ({"q": "000123"}, 1), ({"q": "没有"}, 0), ({"kind": "x"}, 1),
    ]:  # fmt: skip
        columns = client.get(reverse("compliance"), query).context["columns"]
        assert len(columns["granted"]) == found, query
    sheet = client.get(reverse("compliance"), {"format": "csv"}).content.decode()
    assert sheet.startswith("\ufeff")
    assert "CG01,初光,Ordinary,Planning filing,Provincial bureau,,1,Granted,沪备2026000123" in sheet


def test_the_board_costs_the_same_for_three(filing, owner, studio, client_of):
    client = client_of(owner)
    url = reverse("compliance")
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for code in ["A", "B"]:
        more = open_production(studio=studio, title=code, code=code, by=owner, investment_minor=200_000_000)
        classify_production(production=more, by=owner, on=dt.date(2026, 11, 1))
        open_filing(production=more, kind="planning", by=owner)
    with CaptureQueriesContext(connection) as three:
        client.get(url)
    assert len(three) == len(one)


def test_filings_over_rest(filing, ordinary, owner, other_owner, make_member, api_of):
    submit_filing(filing=filing, papers=PLANNING, by=owner)
    api = api_of(owner)
    [row] = api.get("/api/v1/filings/").json()["results"]
    assert (row["id"], row["state"], row["papers"], row["authority"]) == (filing.pk, "submitted", PLANNING, "province")
    assert api.get(f"/api/v1/filings/{filing.pk}/").json() == row
    assert [event["name"] for event in api.get(f"/api/v1/filings/{filing.pk}/events/").json()["results"]] == [
        "FilingSubmitted"
    ]
    for query, found in [({"state": "granted"}, 0), ({"production": ordinary.pk}, 1), ({"kind": "planning"}, 1)]:
        assert len(api.get("/api/v1/filings/", query).json()["results"]) == found
    stranger = api_of(other_owner)
    assert stranger.get("/api/v1/filings/").json()["results"] == []
    assert stranger.get(f"/api/v1/filings/{filing.pk}/").status_code == 404
    director = api_of(make_member(ordinary.studio, "assistant_director"))
    assert director.get("/api/v1/filings/").status_code == 403


@pytest.mark.parametrize("model", ["classrule", "paperrule", "classification", "filing"])
def test_the_admin_hides_other_studios(model, filing, owner, other_owner, make_member, client_of):
    url = reverse(f"admin:compliance_{model}_changelist")
    assert client_of(owner).get(url).context["cl"].queryset.count() > 0
    assert client_of(other_owner).get(url).context["cl"].queryset.count() == 0
    assert client_of(make_member(filing.production.studio, "finance")).get(url).status_code == 403


def test_rules_are_not_edited_in_the_admin(ordinary, owner, client_of):
    client = client_of(owner)
    rule = ClassRule.objects.first()
    page = client.get(reverse("admin:compliance_classrule_change", args=[rule.pk])).content.decode()
    assert 'name="_save"' not in page
    assert client.get(reverse("admin:compliance_classrule_add")).status_code == 403
    assert install_default_rules(studio=ordinary.studio) == 0
