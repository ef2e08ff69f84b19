"""Penalties and supplements of one person's day, and the pay of extras, each priced by a rate in force that day.

Amounts are whole fen, minutes count from the shoot day's midnight. Hours are charged by started half hours, as overtime
is; half an odd hourly amount is rounded up to the fen. No tariff, no charge: what the trade pays is the studio's to say.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from fractions import Fraction

from studio.values.meals import late_meals

HALF_HOUR = 30
FORCED_CALL, MEAL, NIGHT, WEEKEND = "forced_call", "meal_penalty", "night", "weekend"
PENALTIES = (FORCED_CALL, MEAL, NIGHT, WEEKEND)


@dataclasses.dataclass(frozen=True)
class Rate:
    """A tariff: what it costs from a date on, everywhere (`base` None) or at one film base.

    `flat_minor` is a day of extras, or one case of a penalty or supplement; `hour_minor` an hour of overtime of
    extras, or of what is missing, late or worked; `percent` is of the person's own hourly rate for the same minutes.
    `from_minute` to `to_minute` is the night, `weekdays` (1 Monday to 7) the days of a weekend.
    """

    kind: str
    from_date: dt.date
    flat_minor: int = 0
    half_day_minor: int | None = None
    hour_minor: int = 0
    percent: int = 0
    day_minutes: int = 720
    half_day_minutes: int = 300
    from_minute: int = 22 * 60
    to_minute: int = 6 * 60
    weekdays: frozenset[int] = frozenset({6, 7})
    base: int | None = None
    ident: int | None = None


@dataclasses.dataclass(frozen=True)
class Sheet:
    """One person's day. `rest_minutes` is None where the wrap before is not known."""

    on_date: dt.date
    call: int
    wrap: int
    day_rate_minor: int
    day_minutes: int
    meals: Sequence[tuple[int, int | None]] = ()
    meal_within: int = 360
    rest_minutes: int | None = None
    rest_needed: int = 0


@dataclasses.dataclass(frozen=True)
class Part:
    """One charge: its amount, the minutes and cases it is for, and the rate it follows from."""

    kind: str
    amount_minor: int
    minutes: int
    cases: int
    rate: Rate


def half_hours(minutes: int) -> int:
    return -(-max(0, minutes) // HALF_HOUR)


def rate_at(rates: Iterable[Rate], kind: str, on: dt.date, base: int | None = None) -> Rate | None:
    """The rate in force: that of the film base if it has one by then, else the one for everywhere."""
    fits = [rate for rate in rates if rate.kind == kind and rate.from_date <= on and rate.base in (None, base)]
    return max(fits, key=lambda rate: (rate.base is not None, rate.from_date), default=None)


def night_minutes(call: int, wrap: int, start: int, end: int) -> int:
    """Minutes of call to wrap within `start` to `end` of every day; a night that passes midnight ends the next day."""
    length = (end - start) % 1440
    return sum(
        max(0, min(wrap, day + start + length) - max(call, day + start)) for day in range(-1440, wrap + 1440, 1440)
    )


def penalties(sheet: Sheet, rates: Sequence[Rate], base: int | None = None) -> list[Part]:
    """What the day costs beside rate and overtime; charges of nothing are left out."""
    found = []
    for kind, (minutes, cases) in _measured(sheet, rates, base).items():
        rate = rate_at(rates, kind, sheet.on_date, base)
        if rate is None or not cases:
            continue
        amount = cases * rate.flat_minor + _hours(minutes, rate.hour_minor) + _share(sheet, minutes, rate.percent)
        if amount:
            found.append(Part(kind, amount, minutes, cases, rate))
    return found


def _measured(sheet: Sheet, rates: Sequence[Rate], base: int | None) -> dict[str, tuple[int, int]]:
    """Kind -> (minutes, cases)."""
    short = 0 if sheet.rest_minutes is None else max(0, sheet.rest_needed - sheet.rest_minutes)
    late = late_meals(sheet.call, sheet.wrap, sheet.meals, sheet.meal_within)
    night_rate = rate_at(rates, NIGHT, sheet.on_date, base)
    night = (
        night_minutes(sheet.call, sheet.wrap, night_rate.from_minute, night_rate.to_minute) if night_rate else 0
    )  # fmt: skip
    weekend_rate = rate_at(rates, WEEKEND, sheet.on_date, base)
    free = weekend_rate is not None and sheet.on_date.isoweekday() in weekend_rate.weekdays
    worked = sheet.wrap - sheet.call if free else 0
    return {
        FORCED_CALL: (short, int(short > 0)),
        # Started half hours of each meal by itself.
        MEAL: (sum(half_hours(meal.late_minutes) for meal in late) * HALF_HOUR, len(late)),
        NIGHT: (night, int(night > 0)),
        WEEKEND: (worked, int(worked > 0)),
    }


def _hours(minutes: int, hour_minor: int) -> int:
    return -(-half_hours(minutes) * hour_minor // 2)


def _share(sheet: Sheet, minutes: int, percent: int) -> int:
    """A percentage of the own hourly rate for these minutes, rounded half up to the fen."""
    if not sheet.day_minutes:
        return 0
    return int(Fraction(sheet.day_rate_minor * minutes * percent, sheet.day_minutes * 100) + Fraction(1, 2))


def extras_part(rate: Rate, *, heads: int, call: int, wrap: int) -> Part:
    """Extras of one kind with the same hours: half a day where the rate has one, a day, or a day and overtime."""
    minutes = wrap - call
    if rate.half_day_minor is not None and minutes <= rate.half_day_minutes:
        each = rate.half_day_minor
    else:
        each = rate.flat_minor + _hours(minutes - rate.day_minutes, rate.hour_minor)
    return Part(rate.kind, heads * each, minutes, heads, rate)
