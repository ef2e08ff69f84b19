"""Clocks of filings through the board, a title's page and the morning's notices; flags that look for themselves."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from compliance.actions import classify_production, decide_filing, open_filing, submit_filing
from compliance.jobs import dictionary_day
from compliance.models import ContentFlag, Filing, FilingClock, FlagTerm
from scripts_app.actions import import_script
from studio.actions import open_production
from studio.jobs import enqueue
from studio.models import Job, Notice, Production

TODAY = timezone.localdate()
PLANNING = ["planning_form", "synopsis", "production_licence"]


@pytest.fixture
def client(owner, client_of):
    return client_of(owner)


@pytest.fixture
def key(production, owner):
    Production.objects.filter(pk=production.pk).update(
        investment_minor=400_000_000, shoot_from_date=TODAY + dt.timedelta(days=60), stage="prep"
    )
    production.refresh_from_db()
    classify_production(production=production, by=owner)
    return production


def set_days(client, **days):
    shown = client.get(reverse("filing_clocks")).context["form"].initial
    return client.post(reverse("filing_clocks"), shown | days)


def ringing(client, production):
    return client.get(reverse("filing", args=[production.pk])).context["ringing"]


def file_it(production, owner, days_ago):
    filing = open_filing(production=production, kind="planning", by=owner)
    filing = submit_filing(filing=filing, papers=PLANNING, by=owner)
    Filing.objects.filter(pk=filing.pk).update(submitted_at=timezone.now() - dt.timedelta(days=days_ago))
    return filing


def test_the_studio_s_days_decide_what_rings(client, key, owner):
    file_it(key, owner, 12)
    assert ringing(client, key) == []
    assert set_days(client, nation=11).status_code == 302
    assert ringing(client, key) == ["The filing has been with the authority for 12 days."]
    board = client.get(reverse("compliance"))
    assert [row["production"].pk for row in board.context["ringing"]] == [key.pk]
    assert set_days(client, nation=12).status_code == 302
    assert ringing(client, key) == []
    assert set_days(client, nation=400).status_code == 422
    assert FilingClock.objects.get(clock="nation").days == 12


def test_a_shoot_without_its_filing_rings_until_it_is_granted(client, key, owner):
    Production.objects.filter(pk=key.pk).update(shoot_from_date=TODAY + dt.timedelta(days=14))
    (sentence,) = ringing(client, key)
    assert sentence.startswith("The shoot begins on ")
    filing = file_it(key, owner, 0)
    decide_filing(filing=filing, granted=True, number="总局备2026000123", by=owner)
    assert ringing(client, key) == []


def test_a_return_that_lies_there_rings(client, key, owner):
    filing = file_it(key, owner, 1)
    decide_filing(filing=filing, granted=False, note="补梗概", by=owner)
    assert ringing(client, key) == []
    Filing.objects.filter(round=2).update(created_at=timezone.now() - dt.timedelta(days=6))
    assert ringing(client, key) == ["The filing was returned 6 days ago and the next round is not handed in."]


def ring(studio, drain, on=TODAY):
    job = enqueue("compliance.ring_clocks", {"studio": studio.pk, "on": on.isoformat()}, studio_id=studio.pk)
    drain()
    job.refresh_from_db()
    return job.result


def test_the_morning_tells_once(key, owner, drain):
    file_it(key, owner, 30)
    assert ring(key.studio, drain) == {"titles": 1, "alarms": 1}
    ring(key.studio, drain, TODAY + dt.timedelta(days=1))
    (notice,) = Notice.objects.filter(kind="compliance.rings.waits")
    assert (notice.user, notice.params["days"]) == (owner, 30)
    assert Job.objects.filter(state="parked").count() == 0


def test_papers_are_noted_as_they_come_and_counted_on_the_board(client, key, owner):
    filing = open_filing(production=key, kind="planning", by=owner)

    def lacking():
        (row,) = client.get(reverse("compliance")).context["columns"]["draft"]
        return row.lacking

    before = lacking()
    assert before == 3
    url = reverse("note_papers", args=[key.pk, filing.pk])
    client.post(url, {"papers": ["synopsis", "made_up", "planning_number"]})
    filing.refresh_from_db()
    assert (filing.papers, filing.state, lacking()) == (["synopsis"], "draft", before - 1)
    client.post(url, {"papers": PLANNING})
    assert lacking() == 0
    submit_filing(filing=filing, papers=PLANNING, by=owner)
    answer = client.post(url, {"papers": []}, follow=True)
    assert "so this step is not its next one" in answer.content.decode()


def test_the_board_costs_the_same_for_one_and_many(client, key, owner):
    def cost():
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse("compliance")).status_code == 200
        return len(found)

    def another(number):
        row = open_production(
            studio=key.studio, title=f"剧{number}", code=f"C{number}", by=owner, investment_minor=400_000_000
        )
        Production.objects.filter(pk=row.pk).update(shoot_from_date=TODAY + dt.timedelta(days=3), stage="prep")
        row.refresh_from_db()
        classify_production(production=row, by=owner)
        open_filing(production=row, kind="planning", by=owner)

    another(1)
    cost()
    one = cost()
    another(2)
    another(3)
    assert cost() == one


SCRIPT = "第1集\n1-1 日 内 客厅\n人物：林叶\n△林叶点上香烟。\n林叶：走。\n"


def test_a_new_draft_is_looked_through_without_a_button(production, owner, make_member, drain):
    officer = make_member(production.studio, "compliance_officer")
    import_script(production=production, data=SCRIPT.encode(), filename="一稿.txt", by=owner)
    drain()
    assert [(flag.word, flag.state) for flag in ContentFlag.objects.all()] == [("香烟", "open")]
    (notice,) = Notice.objects.filter(kind="compliance.flags_found", user=officer)
    assert notice.params == {"title": production.title, "count": 1}
    # The next draft says nothing new: nobody is told again.
    import_script(production=production, data=SCRIPT.replace("走。", "走吧。").encode(), filename="二稿.txt", by=owner)
    drain()
    assert Notice.objects.filter(kind="compliance.flags_found", user=officer).count() == 1


def test_a_word_that_begins_to_hold_is_looked_for_that_day(production, owner, drain):
    import_script(production=production, data=SCRIPT.encode(), filename="一稿.txt", by=owner)
    drain()
    ContentFlag.objects.all().delete()
    word = FlagTerm.objects.create(
        studio=production.studio, kind="other", word="走", from_date=TODAY, source="平台通知"
    )
    FlagTerm.objects.filter(pk=word.pk).update(updated_at=timezone.now() - dt.timedelta(days=9))
    studio = production.studio_id
    assert dictionary_day(None, studio=studio, on=(TODAY - dt.timedelta(days=1)).isoformat()) == {"titles": 0}
    assert dictionary_day(None, studio=studio, on=TODAY.isoformat()) == {"titles": 1}
    drain()
    assert [flag.word for flag in ContentFlag.objects.all()] == ["走"]
