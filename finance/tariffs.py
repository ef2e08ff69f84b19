"""Tariffs: entered and changed by finance; what was reckoned under another price is reckoned again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from finance.choices import EXTRAS_TARIFFS, TariffKind
from finance.daypay import Rate
from finance.events import TariffSet
from finance.ledger import MOST_MINOR
from finance.models import Tariff
from scheduling.models import FilmBase
from studio.facts import publish
from studio.jobs import enqueue
from studio.models import Studio, User
from studio.refusals import Refused

RECKON = "finance.reckon_days"
FIELDS = (
    "kind", "base_id", "from_date", "flat_minor", "half_day_minor", "hour_minor", "percent", "day_minutes",
    "half_day_minutes", "night_from_minute", "night_to_minute", "weekdays", "source",
)  # fmt: skip


def rate_of(row: Tariff) -> Rate:
    return Rate(
        kind=row.kind, from_date=row.from_date, flat_minor=row.flat_minor, half_day_minor=row.half_day_minor,
        hour_minor=row.hour_minor, percent=row.percent, day_minutes=row.day_minutes,
        half_day_minutes=row.half_day_minutes, from_minute=row.night_from_minute, to_minute=row.night_to_minute,
        weekdays=frozenset(int(day) for day in row.weekdays), base=row.base_id, ident=row.pk,
    )  # fmt: skip


def rates_of(studio_id: int) -> list[Rate]:
    """All tariffs of a studio: one query."""
    return [rate_of(row) for row in Tariff.objects.filter(studio=studio_id)]


def _values(row: Tariff) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in FIELDS}
    return {**values, "from_date": row.from_date.isoformat()}


def _check(studio: Studio, values: dict[str, Any]) -> None:
    if values["kind"] not in TariffKind.values:
        raise Refused("unknown_tariff", _("There is no such tariff in the list."), field="kind")
    if not str(values["source"]).strip():
        raise Refused("source_missing", _("Say where this price comes from."), field="source")
    for name in ("flat_minor", "half_day_minor", "hour_minor"):
        value = values[name]
        if value is None and name == "half_day_minor":
            continue
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_MINOR:
            raise Refused("not_whole_fen", _("An amount is a whole number of fen, from nothing up."), field=name)
    extras = values["kind"] in EXTRAS_TARIFFS
    if extras and values["percent"]:
        raise Refused("no_percent", _("Extras have no rate of their own to take a share of."), field="percent")
    if not 0 <= values["percent"] <= 1000:
        raise Refused("percent_out_of_range", _("A share is from 0 to 1000 %."), field="percent")
    half = values["half_day_minor"]
    if half is not None and not extras:
        raise Refused("no_half_day", _("Only extras are paid by half days."), field="half_day_minor")
    if half is not None and half > values["flat_minor"]:
        raise Refused("half_above_whole", _("Half a day costs no more than a day."), field="half_day_minor")
    if half is not None and values["half_day_minutes"] >= values["day_minutes"]:
        raise Refused("half_above_whole", _("Half a day is shorter than a day."), field="half_day_minutes")
    if not 0 < values["day_minutes"] <= 2880:
        raise Refused("day_out_of_range", _("A paid day has from 1 to 2880 minutes."), field="day_minutes")
    for name in ("night_from_minute", "night_to_minute"):
        if not 0 <= values[name] < 1440:
            raise Refused("time_out_of_range", _("A minute of the day is from 0 to 1439."), field=name)
    if values["night_from_minute"] == values["night_to_minute"]:
        raise Refused("time_out_of_range", _("The night ends at another time than it begins."), field="night_to_minute")
    days = values["weekdays"]
    if values["kind"] == TariffKind.WEEKEND and (not days or set(days) - set("1234567") or len(set(days)) != len(days)):
        raise Refused("bad_weekdays", _("Write weekdays as figures from 1 (Monday) to 7, each once."), field="weekdays")
    base = values["base_id"]
    if base is not None and not FilmBase.objects.filter(pk=base, studio=studio).exists():
        raise Refused("other_studio", _("This film base belongs to another studio."), field="base")


@transaction.atomic
def set_tariff(
    *,
    studio: Studio,
    kind: str,
    from_date: dt.date,
    source: str,
    by: User | None,
    tariff: Tariff | None = None,
    base: FilmBase | None = None,
    flat_minor: int = 0,
    half_day_minor: int | None = None,
    hour_minor: int = 0,
    percent: int = 0,
    day_minutes: int = 720,
    half_day_minutes: int = 300,
    night_from_minute: int = 22 * 60,
    night_to_minute: int = 6 * 60,
    weekdays: str = "67",
    at: dt.datetime | None = None,
) -> Tariff:
    """Enter a tariff, or change `tariff`. It holds from its date until the next one of its kind and place.

    Approved days from that date on are reckoned again by a job: what comes out otherwise is reversed and posted anew.
    Refuses a second tariff of the same kind and place from the same date.
    """
    values = {
        "kind": kind, "base_id": base.pk if base else None, "from_date": from_date, "flat_minor": flat_minor,
        "half_day_minor": half_day_minor, "hour_minor": hour_minor, "percent": percent, "day_minutes": day_minutes,
        "half_day_minutes": half_day_minutes, "night_from_minute": night_from_minute,
        "night_to_minute": night_to_minute, "weekdays": weekdays.strip(), "source": source.strip()[:200],
    }  # fmt: skip
    _check(studio, values)
    row = (
        Tariff(studio=studio) if tariff is None else Tariff.objects.select_for_update().get(pk=tariff.pk, studio=studio)
    )
    before = {} if tariff is None else _values(row)
    for name, value in values.items():
        setattr(row, name, value)
    if before == _values(row):
        return row
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(
            "tariff_overlaps", _("There is a tariff of this kind and place from this date already. Change that one."),
            field="from_date", conflict=True,
        ) from None  # fmt: skip
    _announce(studio, row, before, _values(row), by, at)
    return row


@transaction.atomic
def take_back_tariff(*, tariff: Tariff, by: User | None, at: dt.datetime | None = None) -> None:
    """Take a tariff out: the one before it holds again, and days it priced are reckoned anew. Once."""
    row = Tariff.objects.select_for_update(of=("self",)).select_related("studio").filter(pk=tariff.pk).first()
    if row is None:
        return
    before = _values(row)
    _announce(row.studio, row, before, {}, by, at)
    row.delete()


def _announce(
    studio: Studio, row: Tariff, before: dict[str, Any], after: dict[str, Any], by: User | None, at: dt.datetime | None
) -> None:
    event = publish(
        TariffSet(studio_id=studio.pk, tariff_id=row.pk, kind=row.kind, before=before, after=after), by=by, at=at
    )
    since = min(values["from_date"] for values in (before, after) if values)
    enqueue(RECKON, {"studio": studio.pk, "since": since}, studio_id=studio.pk, by=by, dedupe=f"reckon_days:{event.pk}")
