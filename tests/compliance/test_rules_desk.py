"""Rules written, looked at and put in force by a compliance officer; titles judged anew."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from compliance.actions import change_case, classify_production, install_default_rules
from compliance.models import ClassRule
from compliance.rule_actions import put_in_force
from studio.actions import open_production
from studio.clockwork import turn
from studio.models import Notice, Production

MILLION = 100_000_000
TODAY = timezone.localdate
TERMS = {"work_kind": "any", "key_from": "2,000,000", "ordinary_from": "500000", "special_theme_is_key": "on",
         "source": "广电办发〔2026〕99号"}  # fmt: skip


@pytest.fixture
def ordinary(production, owner):
    Production.objects.filter(pk=production.pk).update(investment_minor=2 * MILLION)
    production.refresh_from_db()
    row = classify_production(production=production, by=owner)
    assert row.class_code == "ordinary"
    return production


@pytest.fixture
def client(owner, client_of):
    return client_of(owner)


def draft(client, **words):
    answer = client.post(reverse("class_rules"), {"from_date": TODAY().isoformat(), **TERMS, **words})
    assert answer.status_code == 302, answer.context["form"].errors
    return ClassRule.objects.get(state="draft")


def test_a_draft_shows_which_titles_change_class_and_judges_nothing_yet(ordinary, owner, client, studio):
    untouched = open_production(studio=studio, title="不受影响", code="UN", by=owner, investment_minor=9 * MILLION)
    classify_production(production=untouched, by=owner)
    rule = draft(client)
    page = client.get(reverse("class_rule", args=[rule.pk]))
    assert [(one.production.title, one.judged, one.before, one.after) for one in page.context["touched"]] == [
        (ordinary.title, "Ordinary", "Ordinary", "Key"), ("不受影响", "Key", "Key", "Key"),
    ]  # fmt: skip
    assert "1 title changes class." in page.content.decode()
    assert classify_production(production=ordinary, by=owner).class_code == "ordinary"


def test_put_in_force_titles_are_judged_anew_and_told(ordinary, owner, client, drain, make_member, studio):
    officer = make_member(studio, "compliance_officer")
    rule = draft(client)
    url = reverse("put_rule_in_force", args=[rule.pk])
    assert client.post(url).status_code == 302
    drain()
    latest = ordinary.classifications.first()
    assert (latest.class_code, latest.rule_id, ordinary.classifications.count()) == ("key", rule.pk, 2)
    notice = Notice.objects.get(user=officer, kind="compliance.class_now_key")
    assert notice.params == {"title": ordinary.title, "on": TODAY().isoformat()}
    client.post(url)
    drain()
    assert (ordinary.classifications.count(), Notice.objects.filter(user=officer).count()) == (2, 1)


def test_a_rule_of_a_later_day_waits_for_it(ordinary, client, drain):
    later = TODAY() + dt.timedelta(days=30)
    rule = draft(client, from_date=later.isoformat())
    put_in_force(rule=rule, by=None)
    drain()
    assert ordinary.classifications.first().class_code == "ordinary"
    turn(dt.datetime.combine(later, dt.time(3), tzinfo=ordinary.studio.zone))
    drain()
    assert ordinary.classifications.first().class_code == "key"


def test_a_title_edited_elsewhere_is_judged_anew_in_the_morning(ordinary, drain):
    Production.objects.filter(pk=ordinary.pk).update(themes=["justice"])
    turn(timezone.now() + dt.timedelta(days=1))
    drain()
    assert ordinary.classifications.first().class_code == "key"


@pytest.mark.parametrize(
    ("words", "class_code"),
    [
        ({"investment_minor": 3 * MILLION}, "key"),
        ({"themes": ["religion"]}, "key"),
        ({"work_kind": "ai"}, "key"),
        ({"promoted": True}, "ordinary"),
        ({"voluntary_key": True}, "key"),
    ],
)
def test_every_fact_is_judged_when_it_changes(ordinary, owner, words, class_code):
    facts = {"investment_minor": 2 * MILLION, "themes": [], "promoted": False, "work_kind": "live", **words}
    row = change_case(production=ordinary, by=owner, at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC), **facts)
    assert row.class_code == class_code
    assert ordinary.classifications.count() == 2


def test_a_rule_in_force_is_superseded_and_never_changed(ordinary, owner, client):
    old = ordinary.classifications.first().rule
    answer = client.post(
        reverse("class_rule", args=[old.pk]), {"from_date": "2026-01-01", **TERMS}, follow=True
    )  # fmt: skip
    assert "is not changed. Write a new one that supersedes it." in answer.content.decode()
    rule = draft(client, from_date=old.from_date.isoformat(), replaces=old.pk)
    put_in_force(rule=rule, by=owner)
    old.refresh_from_db()
    assert (old.state, old.key_from_minor) == ("superseded", 3 * MILLION)
    assert classify_production(production=ordinary, by=owner).rule_id == rule.pk
    assert ordinary.classifications.order_by("pk").first().rule_id == old.pk
    page = client.get(reverse("class_rule", args=[old.pk])).content.decode()
    assert "广电办发〔2026〕99号" in page[page.index("Superseded by") :]
    assert install_default_rules(studio=ordinary.studio) == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"from_date": "2026-01-01"}, "There is a rule for this kind of work from 2026-01-01 already."),
        ({"ordinary_from": "2000000"}, "the ordinary class starts above zero and below the key class."),
        ({"key_from": "0", "ordinary_from": ""}, "the ordinary class starts above zero"),
        ({"source": " "}, "This field is required."),
        ({"work_kind": "digital_human"}, "digital_human"),
        ({"key_from": "1e6"}, "Write an amount in yuan"),
    ],
)
def test_an_impossible_rule_is_a_sentence(ordinary, client, words, sentence):
    answer = client.post(reverse("class_rules"), {"from_date": TODAY().isoformat(), **TERMS, **words})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ClassRule.objects.filter(state="draft").exists()


def test_superseding_the_first_rule_by_a_later_one_leaves_a_gap(ordinary, client):
    first = ClassRule.objects.get(from_date="2022-06-01")
    answer = client.post(
        reverse("class_rules"), {**TERMS, "from_date": "2023-01-01", "replaces": first.pk}
    )  # fmt: skip
    assert "From 2022-06-01 until 2023-01-01 no rule would be in force." in answer.content.decode()


def test_a_draft_is_changed_and_thrown_away(ordinary, client):
    rule = draft(client)
    url = reverse("class_rule", args=[rule.pk])
    client.post(url, {"from_date": "2027-03-01", **TERMS, "key_from": "4000000"})
    rule.refresh_from_db()
    assert (rule.from_date, rule.key_from_minor, rule.state) == (dt.date(2027, 3, 1), 4 * MILLION, "draft")
    client.post(url, {"drop": "1"})
    assert not ClassRule.objects.filter(pk=rule.pk).exists()


def test_a_draft_of_another_studio_supersedes_nothing_here(ordinary, other_studio, client):
    install_default_rules(studio=other_studio)
    theirs = ClassRule.objects.filter(studio=other_studio).first()
    answer = client.post(reverse("class_rules"), {**TERMS, "from_date": "2027-01-01", "replaces": theirs.pk})
    assert answer.status_code == 422


def test_the_list_of_touched_titles_costs_the_same(ordinary, owner, client, studio):
    rule = draft(client)
    url = reverse("class_rule", args=[rule.pk])
    client.get(url)
    counts = []
    for number in range(2):
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert len(client.get(url).context["touched"]) == 1 + 2 * number
        counts.append(len(caught))
        for code in "AB":
            title = open_production(
                studio=studio, title=code, code=f"{code}{number}", by=owner, investment_minor=2 * MILLION
            )  # fmt: skip
            classify_production(production=title, by=owner)
    assert counts[0] == counts[1]
