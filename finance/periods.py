"""Closed months: nothing of them moves.

What is posted later than its month was closed goes to the first open day, and keeps its own date beside it.
"""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.utils.translation import gettext_lazy as _

from finance.models import ClosedPeriod
from studio.models import Production
from studio.refusals import Refused
from studio.values import month_of, parse_month

# The first half of the advisory lock of a studio's months; the second is the studio.
_LOCK = 1_802_398_826


def hold_months(studio_id: int, *, to_close: bool = False) -> None:
    """Let those who post go side by side, and closing wait for them and they for closing, until the transaction ends.

    Without it an entry could be dated in a month in the moment it is closed. SQLite has one writer at a time.
    """
    if connection.vendor != "postgresql":
        return
    function = "pg_advisory_xact_lock" if to_close else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [_LOCK, studio_id])


def closed_months(studio_id: int, since: str) -> set[str]:
    """Closed months from that one on."""
    return set(
        ClosedPeriod.objects.filter(studio=studio_id, period__gte=since, reopened_at=None).values_list(
            "period", flat=True
        )
    )


def following(period: str) -> str:
    """The month after `2026-01`."""
    return month_of(parse_month(period) + dt.timedelta(days=32))


def open_date(production: Production, on_date: dt.date) -> dt.date:
    """That day, or the first day after it whose month is open. Call it inside the transaction that posts."""
    hold_months(production.studio_id)
    month = month_of(on_date)
    closed = closed_months(production.studio_id, month)
    if month not in closed:
        return on_date
    while month in closed:
        month = following(month)
    return parse_month(month)


def refuse_closed(studio_id: int, period: str) -> None:
    """Refuse what would change a closed month. Call it inside the transaction that changes it."""
    hold_months(studio_id)
    if ClosedPeriod.objects.filter(studio=studio_id, period=period, reopened_at=None).exists():
        raise Refused(
            "period_closed", _("%(period)s is closed. Have it opened again, or state this in an open month."),
            conflict=True, params={"period": period},
        )  # fmt: skip
