"""Adaptation rights: what the studio may make, where, and until when. Never writes."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable

from django.db.models import F, QuerySet

from scripts_app.models import SourceWork
from studio.access import Access
from studio.models import Production, Studio
from studio.models.tenancy import read_days

ENDED, SOON, OUTSIDE, NOT_COVERED = "ended", "soon", "outside", "not_covered"


@dataclasses.dataclass(frozen=True)
class RightsWarning:
    """What is wrong between a title and a source work; `what` says which day: shoot or delivery."""

    source: SourceWork
    code: str
    date: dt.date | None = None
    days: int = 0
    what: str = ""


def sources_for(access: Access) -> QuerySet[SourceWork]:
    """Source works the user sees, those whose rights end first on top."""
    return access.scope(
        SourceWork.objects.select_related("studio").prefetch_related("productions"), "script.view"
    ).order_by(F("until_date").asc(nulls_last=True), "title", "pk")


def alarm_days(studio: Studio) -> list[int]:
    """Days before the end on which people are told, longest first; what cannot be read alarms nobody."""
    try:
        return read_days(studio.rights_alarm_days)
    except ValueError:
        return []


def alarm_due(studio: Studio, until: dt.date | None, on: dt.date) -> int | None:
    """The alarm that a day falls into: days before the end, 0 when it has ended, None when it is far."""
    if until is None:
        return None
    left = (until - on).days
    if left < 0:
        return 0
    return min((days for days in alarm_days(studio) if left <= days), default=None)


def rights_warnings(
    production: Production,
    sources: Iterable[SourceWork],
    on: dt.date,
    *,
    shoot_dates: Iterable[dt.date] = (),
    delivery_dates: Iterable[dt.date] = (),
) -> list[RightsWarning]:
    """What stands between a title and its source works, the gravest first; the first day outside speaks for the rest.

    The dates are those planned on the title; later rooms give the days they know.
    """
    shoots = sorted({*shoot_dates, *filter(None, (production.shoot_from_date, production.shoot_to_date))})
    deliveries = sorted({*delivery_dates, *filter(None, (production.deliver_by_date,))})
    found = []
    for source in sources:
        due = alarm_due(production.studio, source.until_date, on)
        if due == 0 and source.until_date is not None:
            found.append(RightsWarning(source, ENDED, source.until_date, (on - source.until_date).days))
        for what, days in (("shoot", shoots), ("delivery", deliveries)):
            outside = next((day for day in days if not source.covers(day)), None)
            if outside is not None:
                found.append(RightsWarning(source, OUTSIDE, outside, what=what))
        if source.media_kinds and production.work_kind not in source.media_kinds:
            found.append(RightsWarning(source, NOT_COVERED))
        if due and source.until_date is not None:
            found.append(RightsWarning(source, SOON, source.until_date, (source.until_date - on).days))
    order = [ENDED, OUTSIDE, NOT_COVERED, SOON]
    return sorted(found, key=lambda each: order.index(each.code))
