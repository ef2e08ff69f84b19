"""Tax withheld from payouts: by month paid and method, what is handed on and what is due when."""

from __future__ import annotations

import dataclasses
import datetime as dt

from django.utils import timezone

from finance.choices import PayoutState, TaxMethod
from finance.models import Payout, TaxDueDay, TaxRemittance
from studio.models import Studio
from studio.values import month_of

# Domain knowledge of today; a studio's own rows come before it.
USUAL_DAY = 15


@dataclasses.dataclass(frozen=True)
class OpenTax:
    """A payout whose tax is not handed on, and the month in which it was paid."""

    payout: Payout
    period: str


@dataclasses.dataclass
class TaxMonth:
    """What was withheld in a month by one method."""

    period: str
    method: str
    due_date: dt.date
    open_minor: int = 0
    payouts: list[Payout] = dataclasses.field(default_factory=list)
    remittances: list[TaxRemittance] = dataclasses.field(default_factory=list)

    @property
    def label(self) -> str:
        return str(TaxMethod(self.method).label)

    @property
    def remitted_minor(self) -> int:
        return sum(row.amount_minor for row in self.remittances)

    def is_late(self, today: dt.date) -> bool:
        return self.open_minor > 0 and self.due_date < today


def open_tax(studio: Studio) -> list[OpenTax]:
    """Payouts that are paid, with tax that no remittance holds, in the order paid. One query."""
    rows = (
        Payout.objects.filter(
            settlement__production__studio=studio, state=PayoutState.PAID, tax_minor__gt=0, tax_line=None
        )
        .select_related("party__person", "settlement__production")
        .order_by("paid_at", "pk")
    )  # fmt: skip
    return [OpenTax(row, month_of(timezone.localtime(row.paid_at, studio.zone).date())) for row in rows]


def withheld_months(studio: Studio) -> list[TaxMonth]:
    """Months and methods with withheld tax, the newest first. Three queries."""
    days = list(TaxDueDay.objects.filter(studio=studio).order_by("-from_date"))
    found: dict[tuple[str, str], TaxMonth] = {}

    def month(period: str, method: str) -> TaxMonth:
        return found.setdefault((period, method), TaxMonth(period, method, _due(period, days)))

    for row in open_tax(studio):
        entry = month(row.period, row.payout.party.tax_method)
        entry.open_minor += row.payout.tax_minor
        entry.payouts.append(row.payout)
    for remittance in TaxRemittance.objects.filter(studio=studio).select_related("remitted_by").order_by("pk"):
        month(remittance.period, remittance.method).remittances.append(remittance)
    return [found[key] for key in sorted(found, reverse=True)]


def _due(period: str, days: list[TaxDueDay]) -> dt.date:
    """The day in the month after `period`, by the row in force then."""
    first = dt.date(int(period[:4]), int(period[5:]), 1)
    next_month = (first + dt.timedelta(days=31)).replace(day=1)
    day = next((row.day for row in days if row.from_date <= next_month), USUAL_DAY)
    return next_month.replace(day=day)
