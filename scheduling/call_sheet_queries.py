"""Questions about call sheets and one's own days."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from typing import Any
from urllib.parse import quote

from django.db.models import QuerySet

from scheduling.call_sheet_clock import clock, moment
from scheduling.choices import CallSheetState, ShootDayState
from scheduling.models import CallSheet, CallSheetRecipient
from studio.choices import Department
from studio.models import Person, User

CALL_PATHS = (
    "person", "call_sheet__shoot_day__production__studio", "call_sheet__shoot_day__base",
)  # fmt: skip


def recipients_of(sheet: CallSheet) -> QuerySet[CallSheetRecipient]:
    """Everybody on a sheet, in order of their call."""
    return sheet.recipients.select_related("person", "call_sheet").order_by("call_minute", "department", "id")


def calls_of(user: User) -> QuerySet[CallSheetRecipient]:
    """A user's own calls on sheets that were not revised, in every studio they work for."""
    return (
        CallSheetRecipient.objects.filter(person__user=user)
        .exclude(call_sheet__state=CallSheetState.REVISED)
        .select_related(*CALL_PATHS)
        .order_by("call_sheet__shoot_day__date", "call_minute", "id")
    )


def calls_for_feed(secret: str) -> tuple[Person, list[CallSheetRecipient]] | None:
    """Whose calendar the secret opens, and their calls since two months ago; None for one that opens nothing."""
    from django.utils import timezone

    digest = hashlib.sha256(secret.encode()).hexdigest()
    person = Person.objects.select_related("studio", "user").filter(feed_digest=digest).first()
    if person is None:
        return None
    since = timezone.localdate(timezone=person.studio.zone) - dt.timedelta(days=62)
    rows = (
        CallSheetRecipient.objects.filter(person=person, call_sheet__shoot_day__date__gte=since)
        .exclude(call_sheet__state=CallSheetState.REVISED)
        .select_related(*CALL_PATHS)
        .order_by("call_sheet__shoot_day__date", "call_minute", "id")
    )
    return person, list(rows)


@dataclasses.dataclass(frozen=True)
class MapLinks:
    """Where a base is: `usual` opens the map service people use in the language, `geo` the phone's own map."""

    usual: str
    geo: str


def map_links(base: dict[str, Any] | None, language: str) -> MapLinks | None:
    """Links for a sheet's base; None when it has neither coordinates nor an address.

    Amap for Chinese, Google Maps elsewhere. Coordinates are WGS 84; Amap is told so, as its own are shifted.
    """
    if not base:
        return None
    name = quote(base["name"])
    words = quote(" ".join(filter(None, (base["city"], base["address"], base["name"]))))
    latitude, longitude = base["latitude"], base["longitude"]
    if latitude and longitude:
        geo = f"geo:{latitude},{longitude}?q={latitude},{longitude}({name})"
        if language.startswith("zh"):
            usual = f"https://uri.amap.com/marker?position={longitude},{latitude}&name={name}&coordinate=wgs84"
        else:
            usual = f"https://www.google.com/maps/search/?api=1&query={latitude},{longitude}"
        return MapLinks(usual, geo)
    if not (base["address"] or base["city"]):
        return None
    if language.startswith("zh"):
        return MapLinks(f"https://uri.amap.com/search?keyword={words}", f"geo:0,0?q={words}")
    return MapLinks(f"https://www.google.com/maps/search/?api=1&query={words}", f"geo:0,0?q={words}")


@dataclasses.dataclass(frozen=True)
class OwnCall:
    """One of my calls, ready to be shown: a frozen sheet seen by one person."""

    recipient: CallSheetRecipient
    date: dt.date
    at: dt.datetime
    clock: str
    title: str
    day_number: int
    base: dict[str, Any] | None
    maps: MapLinks | None
    scenes: tuple[dict[str, Any], ...]
    contacts: tuple[dict[str, str], ...]
    notes: tuple[str, ...]
    wrap: str
    wrapped: bool
    """Whether `wrap` is when the day wrapped, not when it should."""
    roles: str
    """Whom they play; nothing for crew."""
    on_set: str
    cancelled: bool

    @property
    def pk(self) -> int:
        return int(self.recipient.pk)


def own_call(row: CallSheetRecipient, language: str) -> OwnCall:
    from scheduling.call_sheet_paper import paper_of

    sheet, data = row.call_sheet, row.call_sheet.data
    day = sheet.shoot_day
    numbers = set(row.scene_numbers)
    paper = paper_of(data, language)
    wrapped = day.state in {ShootDayState.WRAPPED, ShootDayState.APPROVED}
    part = next(
        (part for part, fixed in zip(paper["cast"], data["cast"], strict=True)
         if row.department == Department.CAST and fixed["name"] == row.person.name
         and fixed["makeup"] == row.call_minute),
        {"role": "", "on_set": ""},
    )  # fmt: skip
    return OwnCall(
        recipient=row, date=day.date, at=moment(day.date, row.call_minute, day.production.studio.zone),
        clock=clock(row.call_minute), title=data["title"], day_number=data["day_number"], base=data["base"],
        maps=map_links(data["base"], language),
        scenes=tuple(scene for scene in paper["scenes"] if scene["number"] in numbers),
        contacts=tuple(data["contacts"]), notes=tuple(data["notes"]), wrap=clock(day.wrap_minute) if wrapped else paper["wrap"], wrapped=wrapped, roles=part["role"],
        on_set=part["on_set"],
        cancelled=day.state == ShootDayState.CANCELLED,
    )  # fmt: skip
