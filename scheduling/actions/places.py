"""Bases, locations, sets and bookings."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scheduling.choices import BookingState, HireBy
from scheduling.events import BookingCancelled, LocationBooked, SetPlaced
from scheduling.models import Booking, FilmBase, Location, Set
from scripts_app.choices import SceneState
from scripts_app.models import Scene
from studio.facts import publish
from studio.models import Production, Studio, User
from studio.refusals import Refused
from studio.versions import bump_production, bump_studio


@transaction.atomic
def add_film_base(
    *,
    studio: Studio,
    name: str,
    by: User | None,
    city: str = "",
    address: str = "",
    latitude: Decimal | None = None,
    longitude: Decimal | None = None,
    contact: str = "",
) -> FilmBase:
    """Add a film base; the same name twice in a studio is refused."""
    name = name.strip()
    if not name:
        raise Refused("name_missing", _("Give the film base a name."), field="name")
    if (latitude is None) != (longitude is None):
        raise Refused("half_a_point", _("Latitude and longitude go together."), field="longitude")
    if latitude is not None and not (-90 <= latitude <= 90 and -180 <= (longitude or 0) <= 180):
        raise Refused("not_on_earth", _("There is no such point on earth."), field="latitude")
    try:
        with transaction.atomic():
            base = FilmBase.objects.create(
                studio=studio, name=name[:80], city=city.strip()[:40], address=address.strip()[:200],
                latitude=latitude, longitude=longitude, contact=contact.strip()[:80],
            )  # fmt: skip
    except IntegrityError:
        raise Refused(
            "base_taken", _("There is a film base named “%(name)s” already."), field="name", params={"name": name}
        ) from None
    bump_studio(studio.pk)
    return base


@transaction.atomic
def add_location(
    *,
    base: FilmBase,
    name: str,
    by: User | None,
    hire_by: str = HireBy.DAY,
    price_minor: int = 0,
    open_from_minute: int = 0,
    open_to_minute: int = 1440,
    dressing_minutes: int = 30,
) -> Location:
    """Add a location of a base."""
    name = name.strip()
    if not name:
        raise Refused("name_missing", _("Give the location a name."), field="name")
    if hire_by not in HireBy.values:
        raise Refused("unknown_hire", _("A location is hired by the hour or by the day."), field="hire_by")
    if price_minor < 0:
        raise Refused("negative_amount", _("A price cannot be negative."), field="price")
    if not 0 <= open_from_minute < open_to_minute <= 2880:
        raise Refused("hours_out_of_order", _("A location opens before it closes."), field="open_to")
    try:
        with transaction.atomic():
            location = Location.objects.create(
                base=base, name=name[:80], hire_by=hire_by, price_minor=price_minor,
                open_from_minute=open_from_minute, open_to_minute=open_to_minute, dressing_minutes=dressing_minutes,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(
            "location_taken", _("This base has a location named “%(name)s” already."), field="name",
            params={"name": name},
        ) from None  # fmt: skip
    bump_studio(base.studio_id)
    return location


@transaction.atomic
def sync_sets(*, production: Production) -> int:
    """A Set row for each set that an active scene names; returns how many are new. Sets no longer named stay."""
    named = set(
        Scene.objects.filter(production=production, state=SceneState.ACTIVE)
        .exclude(set_name="")
        .values_list("set_name", flat=True)
    )
    missing = sorted(named - set(Set.objects.filter(production=production).values_list("name", flat=True)))
    Set.objects.bulk_create([Set(production=production, name=name) for name in missing], ignore_conflicts=True)
    if missing:
        bump_production(production.pk)
    return len(missing)


@transaction.atomic
def place_set(*, set_: Set, location: Location | None, by: User | None, at: dt.datetime | None = None) -> Set:
    """Say where a set is shot; None takes the place away again."""
    if location is not None and location.base.studio_id != set_.production.studio_id:
        raise Refused("other_studio", _("This location belongs to another studio."), field="location")
    if set_.location_id == (location.pk if location else None):
        return set_
    set_.location = location
    set_.save(update_fields=["location", "updated_at"])
    publish(
        SetPlaced(
            studio_id=set_.production.studio_id, production_id=set_.production_id, set_id=set_.pk,
            location_id=location.pk if location else None,
        ),
        by=by, at=at,
    )  # fmt: skip
    return set_


def hire_price(location: Location, start_at: dt.datetime, end_at: dt.datetime) -> int:
    """Fen for a stay: each started hour, or each started 24 hours."""
    unit = 3600 if location.hire_by == HireBy.HOUR else 86_400
    seconds = int((end_at - start_at).total_seconds())
    return -(-seconds // unit) * location.price_minor


@transaction.atomic
def book_location(
    *,
    production: Production,
    location: Location,
    start_at: dt.datetime,
    end_at: dt.datetime,
    by: User | None,
    price_minor: int | None = None,
    at: dt.datetime | None = None,
) -> Booking:
    """Take a location from `start_at` up to `end_at`. Whoever has it in between is named in the refusal.

    The same title booking the same hours again gets the booking there is. The location's row is locked, so of two
    that ask at once one waits and is then refused.
    """
    if end_at <= start_at:
        raise Refused("ends_before_it_starts", _("A booking ends after it starts."), field="end_at")
    if end_at - start_at > dt.timedelta(days=120):
        raise Refused("too_long", _("A booking lasts at most 120 days."), field="end_at")
    if price_minor is not None and price_minor < 0:
        raise Refused("negative_amount", _("A price cannot be negative."), field="price")
    locked = Location.objects.select_for_update(of=("self",)).select_related("base").get(pk=location.pk)
    if locked.base.studio_id != production.studio_id:
        raise Refused("other_studio", _("This location belongs to another studio."), field="location")
    overlapping = (
        Booking.objects.filter(location=locked, start_at__lt=end_at, end_at__gt=start_at)
        .exclude(state=BookingState.CANCELLED)
        .select_related("production__studio")
        .order_by("start_at", "id")
        .first()
    )
    if overlapping is not None:
        if (overlapping.production_id, overlapping.start_at, overlapping.end_at) == (production.pk, start_at, end_at):
            return overlapping
        zone = production.studio.zone
        raise Refused(
            "location_taken",
            _("%(place)s is booked for “%(title)s” from %(start)s to %(end)s."),
            field="start_at",
            conflict=True,
            params={
                "place": str(locked), "title": overlapping.production.title,
                "start": f"{timezone.localtime(overlapping.start_at, zone):%Y-%m-%d %H:%M}",
                "end": f"{timezone.localtime(overlapping.end_at, zone):%Y-%m-%d %H:%M}",
            },
        )  # fmt: skip
    booking = Booking.objects.create(
        production=production, location=locked, start_at=start_at, end_at=end_at,
        price_minor=hire_price(locked, start_at, end_at) if price_minor is None else price_minor,
    )  # fmt: skip
    publish(
        LocationBooked(
            studio_id=production.studio_id, production_id=production.pk, booking_id=booking.pk,
            location_id=locked.pk, start_at=start_at.isoformat(), end_at=end_at.isoformat(),
            price_minor=booking.price_minor,
        ),
        by=by, at=at,
    )  # fmt: skip
    return booking


@transaction.atomic
def cancel_booking(*, booking: Booking, by: User | None, at: dt.datetime | None = None) -> bool:
    """Give a location back; False when it was given back before."""
    cancelled = (
        Booking.objects.filter(pk=booking.pk)
        .exclude(state=BookingState.CANCELLED)
        .update(state=BookingState.CANCELLED, updated_at=timezone.now())
    )
    if cancelled:
        production = booking.production
        publish(
            BookingCancelled(studio_id=production.studio_id, production_id=production.pk, booking_id=booking.pk),
            by=by, at=at,
        )  # fmt: skip
        booking.refresh_from_db(fields=["state"])
    return bool(cancelled)
