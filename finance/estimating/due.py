"""When what somebody earned falls due, by the terms they were engaged on."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class PayRule(StrEnum):
    """How a due date is counted. The rules are the trade's usual ones; the days in them are the contract's."""

    AFTER_DAY = "after_day"
    """So many days after the day it was earned on."""
    AFTER_SHOOT = "after_shoot"
    """So many days after the last shoot day of the title."""
    MONTHLY = "monthly"
    """On that day of the month after it was earned; on the month's last where it has no such day."""


@dataclass(frozen=True, slots=True)
class Due:
    """`date` is None while it cannot be told: the shoot has no last day yet."""

    date: dt.date | None

    def is_due(self, on: dt.date) -> bool:
        return self.date is not None and self.date <= on

    def is_overdue(self, on: dt.date) -> bool:
        return self.date is not None and self.date < on


def due_date(rule: PayRule, days: int, earned: dt.date, shoot_end: dt.date | None) -> Due:
    """When what was earned on that day is to be paid. Raises ValueError for days that no rule takes.

    Work after the shoot under `after_shoot` counts from its own day: a pick-up in post is not due before it is done.
    """
    if isinstance(days, bool) or not isinstance(days, int) or days < 0:
        raise ValueError(f"not a number of days: {days!r}")
    if rule is PayRule.AFTER_DAY:
        return Due(earned + dt.timedelta(days=days))
    if rule is PayRule.AFTER_SHOOT:
        if shoot_end is None:
            return Due(None)
        return Due(max(earned, shoot_end) + dt.timedelta(days=days))
    if not 1 <= days <= 31:
        raise ValueError(f"no such day of a month: {days}")
    year, month = (earned.year, earned.month + 1) if earned.month < 12 else (earned.year + 1, 1)
    return Due(dt.date(year, month, min(days, calendar.monthrange(year, month)[1])))
