"""Pages of places and people, clashes over titles, and the API of boards, days and bookings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from scheduling import actions, queries
from scheduling.models import Booking, Casting, FilmBase, Location, Set, Stripboard, Unavailability
from scripts_app.models import Character
from studio.access import access_of
from studio.models import Engagement, Person, Production
from tests.conftest import START


@pytest.mark.parametrize("name", ["places", "people", "base_new", "location_new", "person_new"])
def test_studio_pages(
    production: Production, owner: Any, make_member: Callable[..., Any], client_of: Callable[..., Client], name: str
) -> None:
    url = reverse(name)
    assert client_of(owner).get(url).status_code == 200
    assert client_of(make_member(production.studio, "crew")).get(url).status_code == 403
    assert Client().get(url).status_code == 302


def test_lists_show_only_ones_own(
    production: Production, other_production: Production, owner: Any, client_of: Callable[..., Client],
    make_person: Callable[..., Any],
) -> None:  # fmt: skip
    for title, base in ((production, "西影基地"), (other_production, "远山基地")):
        actions.add_location(
            base=actions.add_film_base(studio=title.studio, name=base, by=None), name=f"{base}棚", by=None
        )
        make_person(title.studio, f"{base}的人", phone="139")
    client = client_of(owner)
    places, people = client.get(reverse("places")).content.decode(), client.get(reverse("people")).content.decode()
    assert "西影基地" in places
    assert "远山基地" not in places
    assert "西影基地的人" in people
    assert "远山基地的人" not in people
    form = client.get(reverse("location_new")).content.decode()
    assert "远山基地" not in form


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_a_constant_number_of_queries(
    production: Production, owner: Any, make_person: Callable[..., Any], django_assert_num_queries: Any, count: int
) -> None:
    from studio.actions import engage

    for number in range(count):
        base = actions.add_film_base(studio=production.studio, name=f"基地{number}", by=None)
        location = actions.add_location(base=base, name="棚", by=None)
        start = dt.datetime.combine(START, dt.time(8), production.studio.zone)
        actions.book_location(
            production=production, location=location, start_at=start, end_at=start + dt.timedelta(hours=4), by=None
        )
        person = make_person(production.studio, f"人{number}")
        engage(production=production, person=person, department="cast", job_title="角色", by=None)
    access = access_of(owner)
    with django_assert_num_queries(2):
        found = list(queries.bases(access))
        places = [place for base in found for place in base.locations.all()]
    with django_assert_num_queries(1):
        chart = queries.gantt(
            access.scope(Booking.objects.all(), "board.view"), places, START, 7, production.studio.zone
        )
        assert [(bar.first, bar.span, bar.booking.production.title) for row in chart.rows for bar in row.bars] == [
            (1, 1, "初光")
        ] * count
    with django_assert_num_queries(3):
        assert [len(person.seen_engagements) for person in queries.people(access)] == [1] * count
    with django_assert_num_queries(2):
        assert len([(row.person.name, list(row.castings.all())) for row in queries.engagements_of(production)]) == count


def test_bases_and_locations_by_form(production: Production, owner: Any, client_of: Callable[..., Client]) -> None:
    client = client_of(owner)
    client.post(reverse("base_new"), {"name": "西影基地", "latitude": "34.26", "longitude": "108.94"})
    base = FilmBase.objects.get()
    client.post(
        reverse("location_new"),
        {"base": base.pk, "name": "客厅棚", "hire_by": "hour", "price": "300.50", "dressing_minutes": "20",
         "open_from": "18:00", "open_to": "02:00"},
    )  # fmt: skip
    location = Location.objects.get()
    assert (location.price_minor, location.open_from_minute, location.open_to_minute) == (30_050, 1080, 1560)
    again = client.post(reverse("base_new"), {"name": "西影基地"})
    assert again.status_code == 422
    assert "already" in again.content.decode()


def test_places_of_a_title(
    production: Production, other_production: Production, laid: Stripboard, owner: Any, other_owner: Any,
    place: Callable[..., Any], client_of: Callable[..., Client],
) -> None:  # fmt: skip
    location = place(production, "客厅")
    client, url = client_of(owner), reverse("production_places", args=[production.pk])
    actions.refresh_drafts(production=production)
    needs = queries.places_to_book(laid)
    assert [(need.date, need.set_names) for need in needs] == [
        (START, ("客厅",)), (START + dt.timedelta(days=1), ("客厅",))
    ]  # fmt: skip
    form = {"location": location.pk, "start_at": "2026-12-01T00:00", "end_at": "2026-12-03T00:00"}
    book = reverse("booking_new", args=[production.pk])
    assert client.post(book, form).status_code == 302
    assert client.post(book, form).status_code == 302
    assert Booking.objects.count() == 1
    assert queries.places_to_book(laid) == []
    clash = client.post(book, {**form, "end_at": "2026-12-02T00:00"})
    assert clash.status_code == 422
    assert "is booked for “初光”" in clash.content.decode()
    booking = Booking.objects.get()
    assert booking.start_at.astimezone(production.studio.zone).hour == 0
    cancel = reverse("booking_cancel", args=[production.pk, booking.pk])
    assert client_of(other_owner).post(cancel).status_code == 404
    client.post(cancel)
    booking.refresh_from_db()
    assert booking.state == "cancelled"
    row = Set.objects.get(name="街口")
    foreign = actions.add_location(
        base=actions.add_film_base(studio=other_production.studio, name="x", by=None), name="y", by=None
    )
    page = client.post(reverse("set_place", args=[production.pk, row.pk]), {"location": foreign.pk}, follow=True)
    assert "There is no such location." in page.content.decode()
    client.post(reverse("set_place", args=[production.pk, row.pk]), {"location": location.pk})
    row.refresh_from_db()
    assert row.location_id == location.pk
    assert client.get(url).status_code == 200


def test_people_of_a_title(
    production: Production, other_production: Production, laid: Stripboard, owner: Any, make_person: Callable[..., Any],
    client_of: Callable[..., Client],
) -> None:  # fmt: skip
    client = client_of(owner)
    client.post(reverse("person_new"), {"name": "沈宁", "phone": "139"})
    person = Person.objects.get(name="沈宁")
    form = {
        "person": person.pk, "department": "cast", "job_title": "林叶", "day_rate": "1000", "day_hours": "12",
        "overtime_hour": "", "hold_percent": "50", "min_days": "0",
    }  # fmt: skip
    client.post(reverse("engage_person", args=[production.pk]), form)
    engagement = Engagement.objects.get()
    assert (engagement.day_rate_minor, engagement.day_minutes) == (100_000, 720)
    lead = Character.objects.get(production=production, name="林叶")
    url = reverse("role_cast", args=[production.pk, lead.pk])
    client.post(url, {"engagement": engagement.pk})
    assert Casting.objects.get().character_id == lead.pk
    page = client.post(url, {"engagement": "999999"}, follow=True)
    assert "Only somebody engaged as cast" in page.content.decode()
    client.post(url, {"engagement": ""})
    assert Casting.objects.count() == 0
    foreign = make_person(other_production.studio, "别人")
    bad = client.post(reverse("engage_person", args=[production.pk]), {**form, "person": foreign.pk})
    assert (bad.status_code, Engagement.objects.count()) == (422, 1)
    away = reverse("person_away", args=[person.pk])
    assert client.post(away, {"from_date": "2026-12-03", "to_date": "2026-12-01"}).status_code == 422
    client.post(away, {"from_date": "2026-12-01", "to_date": "2026-12-03", "reason": "另有拍摄"})
    row = Unavailability.objects.get()
    client.post(reverse("person_back", args=[person.pk, row.pk]))
    assert Unavailability.objects.count() == 0
    assert client.get(reverse("person_away", args=[foreign.pk])).status_code == 404


def test_people_as_csv_runs_no_formula(
    production: Production, owner: Any, make_person: Callable[..., Any], client_of: Callable[..., Client]
) -> None:
    make_person(production.studio, "=1+1", phone="+86 139")
    answer = client_of(owner).get(reverse("people"), {"format": "csv"})
    text = answer.content.decode("utf-8-sig")
    assert answer.content[:3] == b"\xef\xbb\xbf"
    assert text.splitlines()[1].startswith("'=1+1,+86 139")


def test_clashes_over_titles(
    production: Production, laid: Stripboard, owner: Any, other_owner: Any, make_scenes: Callable[..., Any],
    make_cast: Callable[..., Any], place: Callable[..., Any],
) -> None:  # fmt: skip
    from studio.actions import engage, open_production

    engagement = make_cast(production, "林叶", "沈宁")
    location = place(production, "客厅")
    laid.refresh_from_db()
    actions.lock_board(board=laid, version=3, by=owner)
    access = access_of(owner)
    assert queries.clashes(access, START) == []
    second = open_production(studio=production.studio, title="另一部", code="B2", by=owner)
    make_scenes(second, 2)
    twin = engage(production=second, person=engagement.person, department="cast", job_title="女一", by=owner)
    actions.cast_role(character=Character.objects.get(production=second, name="林叶"), engagement=twin, by=owner)
    board = actions.draft_board(production=second, dates=[START], name="x", by=owner)
    scenes = list(second.scenes.values_list("pk", flat=True))
    actions.move_strips(board=board, version=1, scene_ids=scenes, day_id=board.days.get().pk, position=0, by=owner)
    actions.lock_board(board=board, version=2, by=owner, override_reason="先占日子")
    start = dt.datetime.combine(START + dt.timedelta(days=1), dt.time(8), production.studio.zone)
    actions.book_location(
        production=second, location=location, start_at=start, end_at=start + dt.timedelta(hours=8), by=owner
    )
    last = START + dt.timedelta(days=1)
    actions.mark_unavailable(person=engagement.person, from_date=last, to_date=last, by=owner, reason="婚礼")
    found = [(clash.kind, clash.date, clash.what, clash.productions) for clash in queries.clashes(access, START)]
    assert found == [
        ("twice", START, "沈宁", ("初光", "另一部")), ("away", last, "沈宁", ("初光",)),
        ("place", last, str(location), ("初光", "另一部")),
    ]  # fmt: skip
    assert queries.clashes(access_of(other_owner), START) == []


# --- API --------------------------------------------------------------------------------------------------------------


def test_api_of_boards_days_and_bookings(
    production: Production, laid: Stripboard, owner: Any, other_owner: Any, place: Callable[..., Any],
    api_of: Callable[..., Any],
) -> None:  # fmt: skip
    location = place(production, "客厅")
    laid.refresh_from_db()
    actions.lock_board(board=laid, version=3, by=owner)
    start = dt.datetime.combine(START, dt.time(8), production.studio.zone)
    booking = actions.book_location(
        production=production, location=location, start_at=start, end_at=start + dt.timedelta(hours=8), by=owner
    )
    mine, theirs, narrow = api_of(owner), api_of(other_owner), api_of(owner, "money.view")
    day = laid.shoot_days.order_by("date")[0]
    for path, pk in (("stripboards", laid.pk), ("shoot-days", day.pk), ("bookings", booking.pk)):
        listed = mine.get(f"/api/v1/{path}/", {"production": production.pk})
        assert listed.status_code == 200
        assert pk in [row["id"] for row in listed.json()["results"]]
        assert mine.get(f"/api/v1/{path}/", HTTP_IF_NONE_MATCH=mine.get(f"/api/v1/{path}/")["ETag"]).status_code == 304
        assert mine.get(f"/api/v1/{path}/{pk}/").json()["id"] == pk
        assert mine.get(f"/api/v1/{path}/{pk}/events/").status_code == 200
        assert theirs.get(f"/api/v1/{path}/").json()["results"] == []
        assert theirs.get(f"/api/v1/{path}/{pk}/").status_code == 404
        assert narrow.get(f"/api/v1/{path}/").status_code == 403
        assert narrow.get(f"/api/v1/{path}/{pk}/").status_code == 403
    board = mine.get(f"/api/v1/stripboards/{laid.pk}/").json()
    assert [strip["number"] for strip in board["strips"]] == ["1-1", "2-1", "3-1", "4-1", "5-1", "6-1"]
    assert len(board["days"]) == 2
    scenes = mine.get(f"/api/v1/shoot-days/{day.pk}/").json()["scenes"]
    assert [scene["number"] for scene in scenes] == ["1-1", "2-1", "3-1"]


def test_a_locked_board_is_read_only_in_the_admin(
    laid: Stripboard, owner: Any, client_of: Callable[..., Client]
) -> None:
    client, url = client_of(owner), reverse("admin:scheduling_stripboard_change", args=[laid.pk])
    assert client.get(url).status_code == 200
    actions.lock_board(board=laid, version=3, by=owner)
    client.post(url, {"name": "别的名字"})
    laid.refresh_from_db()
    assert laid.name == "初排"
    assert (
        client.post(reverse("admin:scheduling_stripboard_delete", args=[laid.pk]), {"post": "yes"}).status_code == 403
    )
    for name in ("filmbase", "location", "set", "booking", "casting", "shootday", "unavailability", "stripboard"):
        assert client.get(reverse(f"admin:scheduling_{name}_changelist")).status_code == 200
