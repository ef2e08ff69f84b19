"""Bases, bookings, sets, casting, absences."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from scheduling import actions
from scheduling.choices import BookingState
from scheduling.models import Booking, Casting, Set, Unavailability
from scripts_app.models import Character
from studio.actions import engage, open_production
from studio.models import Event, Production
from studio.refusals import Refused

DAWN = dt.datetime(2026, 12, 1, 6, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def test_a_base_name_stands_once_in_a_studio(production: Production, other_production: Production) -> None:
    base = actions.add_film_base(
        studio=production.studio, name=" 西影基地 ", city="西安", by=None, latitude=Decimal("34.26"),
        longitude=Decimal("108.94"),
    )  # fmt: skip
    assert base.name == "西影基地"
    for fields, code in (
        ({"name": "西影基地"}, "base_taken"),
        ({"name": " "}, "name_missing"),
        ({"name": "b", "latitude": Decimal(1)}, "half_a_point"),
        ({"name": "b", "latitude": Decimal(91), "longitude": Decimal(1)}, "not_on_earth"),
    ):
        with pytest.raises(Refused) as refused:
            actions.add_film_base(studio=production.studio, by=None, **fields)
        assert refused.value.code == code
    assert actions.add_film_base(studio=other_production.studio, name="西影基地", by=None).pk != base.pk


def test_locations_refuse_what_cannot_be(production: Production) -> None:
    base = actions.add_film_base(studio=production.studio, name="基地", by=None)
    actions.add_location(base=base, name="客厅棚", by=None)
    for fields, code in (
        ({"name": "客厅棚"}, "location_taken"),
        ({"name": "b", "price_minor": -1}, "negative_amount"),
        ({"name": "b", "hire_by": "week"}, "unknown_hire"),
        ({"name": "b", "open_from_minute": 600, "open_to_minute": 600}, "hours_out_of_order"),
    ):
        with pytest.raises(Refused) as refused:
            actions.add_location(base=base, by=None, **fields)
        assert refused.value.code == code
    assert base.locations.count() == 1


def test_sets_come_from_the_scenes_once(production: Production, make_scenes: Callable[..., Any]) -> None:
    make_scenes(production)
    assert actions.sync_sets(production=production) == 2
    assert actions.sync_sets(production=production) == 0
    assert sorted(Set.objects.values_list("name", flat=True)) == ["客厅", "街口"]


def test_placing_a_set_is_announced_once(
    production: Production, make_scenes: Callable[..., Any], place: Callable[..., Any], other_production: Production
) -> None:
    make_scenes(production)
    location = place(production, "客厅")
    row = Set.objects.get(production=production, name="客厅")
    actions.place_set(set_=row, location=location, by=None)
    assert Event.objects.filter(name="SetPlaced").count() == 1
    foreign = actions.add_location(
        base=actions.add_film_base(studio=other_production.studio, name="x", by=None), name="y", by=None
    )
    with pytest.raises(Refused) as refused:
        actions.place_set(set_=row, location=foreign, by=None)
    assert refused.value.code == "other_studio"
    actions.place_set(set_=row, location=None, by=None)
    assert Event.objects.filter(name="SetPlaced").count() == 2


@pytest.mark.parametrize(
    ("hire_by", "hours", "price"),
    [
        ("day", 10, 300_000),
        ("day", 24, 300_000),
        ("day", 25, 600_000),
        ("hour", 10, 3_000_000),
        ("hour", 0.25, 300_000),
    ],
)
def test_a_booking_costs_each_started_unit(
    production: Production, make_scenes: Callable[..., Any], place: Callable[..., Any], hire_by: str, hours: float,
    price: int,
) -> None:  # fmt: skip
    make_scenes(production)
    location = place(production, "客厅", 300_000, hire_by=hire_by)
    booking = actions.book_location(
        production=production, location=location, start_at=DAWN, end_at=DAWN + dt.timedelta(hours=hours), by=None
    )
    assert booking.price_minor == price


def test_an_overlap_is_refused_with_who_has_it(
    production: Production, owner: Any, make_scenes: Callable[..., Any], place: Callable[..., Any]
) -> None:
    make_scenes(production)
    location = place(production, "客厅")
    hours = dt.timedelta(hours=1)
    booking = actions.book_location(
        production=production, location=location, start_at=DAWN, end_at=DAWN + 4 * hours, by=owner
    )
    other = open_production(studio=production.studio, title="另一部", code="B2", by=owner)
    with pytest.raises(Refused) as refused:
        actions.book_location(
            production=other, location=location, start_at=DAWN + 3 * hours, end_at=DAWN + 6 * hours, by=owner
        )
    assert refused.value.conflict
    assert refused.value.params["title"] == "初光"
    assert refused.value.params["start"] == "2026-12-01 06:00"
    # The end of one is the start of the next; a double submit is the same booking.
    actions.book_location(
        production=other, location=location, start_at=DAWN + 4 * hours, end_at=DAWN + 6 * hours, by=owner
    )
    same = actions.book_location(
        production=production, location=location, start_at=DAWN, end_at=DAWN + 4 * hours, by=owner
    )
    assert same.pk == booking.pk
    assert Booking.objects.count() == 2
    assert actions.cancel_booking(booking=booking, by=owner) is True
    assert actions.cancel_booking(booking=booking, by=owner) is False
    actions.book_location(production=other, location=location, start_at=DAWN, end_at=DAWN + hours, by=owner)
    assert Event.objects.filter(name="BookingCancelled").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_that_book_at_once_one_wins(studio: Any, owner: Any) -> None:
    """Six titles ask for the same hours at the same moment, each over a connection of its own."""
    if connection.vendor == "sqlite":
        pytest.skip("the tests' SQLite lies in memory, where connections cannot wait for one another")
    base = actions.add_film_base(studio=studio, name="基地", by=owner)
    location = actions.add_location(base=base, name="客厅棚", by=owner)
    titles = [open_production(studio=studio, title=f"第{n}部", code=f"T{n}", by=owner) for n in range(6)]
    ready = threading.Barrier(len(titles))
    ends: list[str] = []

    def ask(production: Production) -> None:
        try:
            ready.wait(timeout=30)
            actions.book_location(
                production=production, location=location, start_at=DAWN, end_at=DAWN + dt.timedelta(hours=8), by=None
            )
            ends.append("booked")
        except Refused as refused:
            ends.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(title,)) for title in titles]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(ends) == ["booked"] + ["location_taken"] * 5
    assert Booking.objects.exclude(state=BookingState.CANCELLED).count() == 1


def test_a_role_is_played_by_cast_of_the_same_title(
    production: Production, other_production: Production, make_scenes: Callable[..., Any], make_cast: Callable[..., Any],
    make_person: Callable[..., Any],
) -> None:  # fmt: skip
    make_scenes(production)
    first = make_cast(production, "林叶", "沈宁")
    lead = Character.objects.get(production=production, name="林叶")
    second = engage(
        production=production,
        person=make_person(production.studio, "周也"),
        department="cast",
        job_title="林叶",
        by=None,
    )
    actions.cast_role(character=lead, engagement=second, by=None)
    actions.cast_role(character=lead, engagement=second, by=None)
    assert Casting.objects.get(character=lead).engagement_id == second.pk
    assert Event.objects.filter(name="RoleCast").count() == 2
    gaffer = engage(production=production, person=first.person, department="lighting", job_title="灯光师", by=None)
    foreign = engage(
        production=other_production, person=make_person(other_production.studio, "别人"), department="cast",
        job_title="x", by=None,
    )  # fmt: skip
    for engagement, code in ((gaffer, "not_cast"), (foreign, "other_production")):
        with pytest.raises(Refused) as refused:
            actions.cast_role(character=lead, engagement=engagement, by=None)
        assert refused.value.code == code
    assert actions.uncast_role(character=lead, by=None) is True
    assert actions.uncast_role(character=lead, by=None) is False


def test_absence_is_noted_once_and_taken_back(production: Production, make_person: Callable[..., Any]) -> None:
    person = make_person(production.studio, "沈宁")
    day = dt.date(2026, 12, 3)
    row = actions.mark_unavailable(person=person, from_date=day, to_date=day, by=None, reason="另有拍摄")
    assert actions.mark_unavailable(person=person, from_date=day, to_date=day, by=None).pk == row.pk
    assert Event.objects.filter(name="PersonUnavailable").count() == 1
    with pytest.raises(Refused) as refused:
        actions.mark_unavailable(person=person, from_date=day, to_date=day - dt.timedelta(days=1), by=None)
    assert refused.value.code == "ends_before_it_starts"
    assert actions.mark_available(unavailability=row, by=None) is True
    assert Unavailability.objects.count() == 0
    assert actions.mark_available(unavailability=row, by=None) is False


def test_a_person_entered_twice_is_one(production: Production) -> None:
    first = actions.add_person(studio=production.studio, name="沈宁", phone="138", by=None)
    assert actions.add_person(studio=production.studio, name="沈宁 ", phone="138", by=None).pk == first.pk
    assert actions.add_person(studio=production.studio, name="沈宁", phone="139", by=None).pk != first.pk
    with pytest.raises(Refused):
        actions.add_person(studio=production.studio, name=" ", by=None)
