"""A person's calls as a calendar that phones subscribe to (RFC 5545)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from scheduling.call_sheet_clock import clock, moment
from scheduling.choices import ShootDayState
from scheduling.models import CallSheetRecipient
from studio.models import Person


def calendar_of(person: Person, rows: Iterable[CallSheetRecipient], language: str) -> bytes:
    """One event a shoot day, from the person's earliest call to the planned wrap.

    The UID is of day and person, the SEQUENCE of the sheet's revision: a phone that has the event moves it.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Kaiji//Calls//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    with translation.override(language):
        calendar.add("x-wr-calname", _("%(name)s: shoot days") % {"name": person.name})
        calendar.add("x-wr-timezone", person.studio.time_zone)
        calendar.add("refresh-interval", dt.timedelta(hours=1), parameters={"VALUE": "DURATION"})
        seen: set[int] = set()
        for row in rows:
            day = row.call_sheet.shoot_day
            # Somebody with two jobs on a day has two calls; rows come in order of the hour.
            if day.pk in seen:
                continue
            seen.add(day.pk)
            calendar.add_component(_event(row))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(row: CallSheetRecipient):  # type: ignore[no-untyped-def]
    from icalendar import Event, vGeo

    sheet = row.call_sheet
    day, data = sheet.shoot_day, sheet.data
    zone = day.production.studio.zone
    event = Event()
    event.add("uid", f"shoot-day-{day.pk}-person-{row.person_id}@kaiji")
    # A day that is called off stays in the calendar, struck through, one step later than its last sheet.
    cancelled = day.state == ShootDayState.CANCELLED
    event.add("sequence", sheet.revision * 2 + int(cancelled))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("dtstamp", sheet.issued_at.astimezone(dt.UTC))
    event.add("last-modified", sheet.issued_at.astimezone(dt.UTC))
    event.add("dtstart", moment(day.date, row.call_minute, zone))
    event.add("dtend", moment(day.date, max(data["wrap"], row.call_minute + 1), zone))
    event.add(
        "summary",
        _("%(title)s, shoot day %(number)s: call %(call)s")
        % {"title": data["title"], "number": data["day_number"], "call": clock(row.call_minute)},
    )
    base = data["base"]
    if base:
        event.add("location", ", ".join(filter(None, (base["name"], base["city"], base["address"]))))
        if base["latitude"] and base["longitude"]:
            event.add("geo", vGeo((float(base["latitude"]), float(base["longitude"]))))
    lines = [_("Scenes: %(numbers)s") % {"numbers": " ".join(row.scene_numbers)}] if row.scene_numbers else []
    lines += data["notes"]
    lines += [f"{contact['role']} {contact['name']} {contact['phone']}".strip() for contact in data["contacts"]]
    event.add("description", "\n".join(lines))
    event.add("url", f"{settings.SITE_URL}/my/days/{row.pk}/")
    return event
