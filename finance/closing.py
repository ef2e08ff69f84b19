"""Months of a studio: closed by a person, then nothing of them moves; opened again with a reason that is kept."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finance.events import PeriodClosed, PeriodReopened
from finance.models import ClosedPeriod
from finance.periods import hold_months
from finance.queries.periods import open_work
from studio.facts import publish
from studio.models import Studio, User
from studio.refusals import Refused
from studio.values import month_of, parse_month


@transaction.atomic
def close_period(
    *, studio: Studio, period: str, by: User | None, reason: str = "", at: dt.datetime | None = None
) -> ClosedPeriod:
    """Close a month. Closed already: no change.

    Refuses a month that has not ended, and one with work still open unless a reason is given, which is kept with what
    was open.
    """
    try:
        first = parse_month(period)
    except ValueError:
        raise Refused("not_a_month", _("A month is written like 2026-01."), field="period") from None
    now = at or timezone.now()
    period = month_of(first)
    if month_of(timezone.localtime(now, studio.zone).date()) <= period:
        raise Refused("month_not_over", _("%(period)s is not over yet."), params={"period": period})
    hold_months(studio.pk, to_close=True)
    # The row is the lock where there is no other: two clicks make one closing.
    Studio.objects.select_for_update().get(pk=studio.pk)
    known = ClosedPeriod.objects.filter(studio=studio, period=period, reopened_at=None).first()
    if known is not None:
        return known
    work = open_work(studio, [period])[period]
    reason = reason.strip()[:300]
    if work.any and not reason:
        raise Refused(
            "period_has_open_work",
            _("%(period)s has work still open: %(what)s. Finish it, or say why the month is closed all the same."),
            conflict=True, field="reason", params={"period": period, "what": work.words},
        )  # fmt: skip
    try:
        with transaction.atomic():
            row = ClosedPeriod.objects.create(
                studio=studio, period=period, closed_by=by, closed_at=now, reason=reason if work.any else "",
                left_open=work.as_json(),
            )  # fmt: skip
    except IntegrityError:
        return ClosedPeriod.objects.get(studio=studio, period=period, reopened_at=None)
    publish(
        PeriodClosed(studio_id=studio.pk, closed_period_id=row.pk, period=period, reason=row.reason), by=by, at=at
    )  # fmt: skip
    return row


@transaction.atomic
def reopen_period(*, closed: ClosedPeriod, reason: str, by: User | None, at: dt.datetime | None = None) -> ClosedPeriod:
    """Open a closed month again. Refuses without a reason, and one that is open."""
    reason = reason.strip()[:300]
    if not reason:
        raise Refused("reason_missing", _("Say why the month is opened again."), field="reason")
    now = at or timezone.now()
    moved = ClosedPeriod.objects.filter(pk=closed.pk, reopened_at=None).update(
        reopened_at=now, reopened_by=by, reopen_reason=reason, updated_at=now
    )
    if not moved:
        raise Refused("period_open", _("This month is open again already."), conflict=True)
    closed.refresh_from_db()
    publish(
        PeriodReopened(
            studio_id=closed.studio_id, closed_period_id=closed.pk, period=closed.period, reason=reason
        ),
        by=by, at=at,
    )  # fmt: skip
    return closed
