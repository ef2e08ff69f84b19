"""The admin's first page and its way in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from studio import jobs
from studio.actions import move_stage, open_production
from studio.choices import JobState
from studio.models import Event, Job, Production, Studio, User

pytestmark = pytest.mark.django_db

WAY = [
    "Productions", "Scripts", "Compliance", "Schedule", "Shoot", "Post-production", "Delivery", "Money",
    "People and studio", "Machine room",
]  # fmt: skip


def cards(client: Client) -> dict[str, list[str]]:
    found = client.get("/admin/")
    assert found.status_code == 200
    return {card.title: [line.text for line in card.lines] for card in found.context["cards"]}


@pytest.fixture
def parked(production: Production) -> Job:
    job = jobs.enqueue("scheduling.follow_script", {}, studio_id=production.studio_id, production_id=production.pk)
    Job.objects.filter(pk=job.pk).update(state=JobState.PARKED, error="The board is gone.", finished_at=timezone.now())
    return job


def test_what_is_in_motion_stands_before_the_models(
    client_of: Callable[..., Client], owner: User, production: Production, other_production: Production, studio: Studio
) -> None:
    further = open_production(studio=studio, title="第二部", code="CG02", by=owner)
    move_stage(production_id=further.pk, to="post", by=owner)
    over = open_production(studio=studio, title="旧戏", code="CG00", by=owner)
    move_stage(production_id=over.pk, to="settled", by=owner)

    found = client_of(owner).get("/admin/")

    assert [line.text for line in found.context["cards"][0].lines] == ["第二部", "初光"]
    assert [line.step for line in found.context["cards"][0].lines] == [4, 1]
    assert [group["title"] for group in found.context["groups"]] == WAY
    text = found.content.decode()
    assert text.index("Productions in motion") < text.index('class="desk-rooms"')
    assert re.search(r"<title>\s*Studio desk · 青禾影视 \| Kaiji 开机", text)


def test_a_day_to_log_leads_to_its_log(
    client_of: Callable[..., Client], owner: User, make_member: Callable[..., User], production: Production
) -> None:
    from scheduling.models import ShootDay

    today = timezone.localdate()
    day = ShootDay.objects.create(production=production, number=1, date=today, call_minute=360)
    ShootDay.objects.create(production=production, number=2, date=today + dt.timedelta(days=9), call_minute=360)

    found = client_of(owner).get("/admin/")

    (card,) = [card for card in found.context["cards"] if card.title == "Shoot days to log"]
    assert [line.text for line in card.lines] == ["初光 · shoot day 1"]
    assert f'href="/admin/shooting/dailyreport/day/{day.pk}/log/"' in found.content.decode()
    # A script editor logs no days.
    assert "Shoot days to log" not in cards(client_of(make_member(production.studio, "script_editor")))


def test_parked_jobs_are_shown_to_those_who_may_put_them_back(
    client_of: Callable[..., Client], owner: User, other_owner: User, make_member: Callable[..., User], parked: Job
) -> None:
    title = "Jobs that need a person"
    assert cards(client_of(owner))[title] == ["Bring boards up to the script"]
    assert title not in cards(client_of(make_member(owner.memberships.get().studio, "finance")))
    assert title not in cards(client_of(other_owner))


def test_a_member_of_one_title_sees_it_and_opens_none(
    client_of: Callable[..., Client],
    studio: Studio,
    owner: User,
    production: Production,
    make_member: Callable[..., User],
) -> None:
    open_production(studio=studio, title="第二部", code="CG02", by=owner)
    found = client_of(make_member(studio, "producer", production)).get("/admin/")
    card = found.context["cards"][0]
    assert ([line.text for line in card.lines], card.action_url) == (["初光"], "")
    assert client_of(owner).get("/admin/").context["cards"][0].action_url == "/productions/new/"


@pytest.mark.parametrize("count", [1, 3])
def test_more_rows_ask_no_more_of_the_database(
    count: int, client_of: Callable[..., Client], studio: Studio, owner: User, django_assert_num_queries: Any
) -> None:
    from studio.admin_desk import parked_jobs_card, productions_card

    for number in range(count):
        title = open_production(studio=studio, title=f"戏{number}", code=f"X{number}", by=owner)
        job = jobs.enqueue("scheduling.follow_script", {}, studio_id=studio.pk, production_id=title.pk)
        Job.objects.filter(pk=job.pk).update(state=JobState.PARKED, finished_at=timezone.now())
    request = client_of(owner).get("/admin/").wsgi_request
    with django_assert_num_queries(2):
        made = [productions_card(request, studio), parked_jobs_card(request, studio)]
    assert [len(card.lines) for card in made if card is not None] == [count, count]


def test_without_a_role_the_admin_is_refused_and_a_stranger_signs_in_at_the_usual_door(
    client: Client, client_of: Callable[..., Client]
) -> None:
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/accounts/login/?next=/admin/"

    guest = User.objects.create_user("guest", "guest@example.com", "correct horse")
    for path in ("/admin/", "/admin/login/", "/admin/studio/production/"):
        answer = client_of(guest).get(path)
        assert answer.status_code == 403
        assert "Your role does not open this page" in answer.content.decode()


def test_a_title_is_opened_in_the_admin_as_elsewhere_and_judged_on_its_own_page(
    client_of: Callable[..., Client], owner: User, studio: Studio, production: Production
) -> None:
    client = client_of(owner)
    inline = {"engagements-TOTAL_FORMS": "0", "engagements-INITIAL_FORMS": "0"}
    title = {"studio": studio.pk, "title": "新戏", "code": "CG09", "work_kind": "live", **inline}
    assert client.post("/admin/studio/production/add/", title).status_code == 302
    made = Production.objects.get(code="CG09")
    assert Event.objects.filter(name="ProductionOpened", production_id=made.pk, actor_id=owner.pk).count() == 1

    page = f"/admin/studio/production/{production.pk}/change/"
    text = client.get(page).content.decode()
    assert "¥600,000.00" in text
    assert f'href="/productions/{production.pk}/filing/"' in text
    assert client.post(page, {"title": "初光二", "code": "CG01", "investment_minor": "1", **inline}).status_code == 302
    production.refresh_from_db()
    assert (production.title, production.investment_minor, production.work_kind) == ("初光二", 60_000_000, "live")
