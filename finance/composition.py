"""The cost-composition report that authorities ask for: from the ledger, held against the caps of compliance."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from compliance.choices import CostMeasure
from compliance.costs import caps_of, leads_of, performers_of
from compliance.rules import CostPart, compose, share_bp
from finance.choices import COST_ACCOUNTS, Account
from finance.models import EntryLine
from studio.models import Person, Production
from studio.values import Money


@dataclasses.dataclass(frozen=True)
class CostLine:
    label: str
    amount_minor: int
    share: str


@dataclasses.dataclass(frozen=True)
class Performer:
    person: Person
    amount_minor: int
    share: str
    is_lead: bool


@dataclasses.dataclass(frozen=True)
class Measured:
    """A measure in words: its share, its cap, and what stands beside it."""

    label: str
    part: CostPart
    share: str
    cap: str
    known: bool

    @property
    def verdict(self) -> str:
        if self.part.cap is None:
            return _("No cap on that day.")
        if self.part.share_bp is None:
            return _("Nothing to measure yet.")
        if not self.known:
            return _("No leads are named yet.")
        return _("Above the cap.") if self.part.over else _("Within the cap.")

    @property
    def note(self) -> str:
        cap = self.part.cap
        if cap is None:
            return ""
        return cap.source if cap.binding else _("%(source)s (unverified whether binding)") % {"source": cap.source}


@dataclasses.dataclass(frozen=True)
class Composition:
    production: Production
    on: dt.date
    total_minor: int
    lines: tuple[CostLine, ...]
    performers: tuple[Performer, ...]
    measures: tuple[Measured, ...]

    @property
    def unassigned_minor(self) -> int:
        """Cast costs that name no performer of the title."""
        return self.measures[0].part.part - sum(row.amount_minor for row in self.performers)


def percent(bp: int | None) -> str:
    return "—" if bp is None else f"{bp // 100}.{bp % 100:02} %"


def composition_of(production: Production, *, on: dt.date | None = None) -> Composition:
    """What the title has cost in the studio's currency up to a day. The queries do not grow with the ledger."""
    on = on or timezone.localdate(timezone=production.studio.zone)
    posted = EntryLine.objects.filter(
        entry__production=production, entry__on_date__lte=on, currency=production.studio.currency,
        account__in=COST_ACCOUNTS,
    )  # fmt: skip
    amounts = dict(posted.values_list("account").annotate(total=Sum("amount_minor")).order_by())
    paid = dict(
        posted.filter(account=Account.CAST).values_list("person").annotate(total=Sum("amount_minor")).order_by()
    )
    total, cast = sum(amounts.values()), amounts.get(Account.CAST, 0)
    leads = leads_of(production)
    performers = tuple(
        Performer(person, paid.get(person.pk, 0), percent(share_bp(paid.get(person.pk, 0), cast)), person.pk in leads)
        for person in performers_of(production)
    )
    parts = compose(
        total=total, cast=cast, leads=sum(row.amount_minor for row in performers if row.is_lead),
        caps=caps_of(production.studio), on=on,
    )  # fmt: skip
    return Composition(
        production, on, total,
        tuple(
            CostLine(str(account.label), amounts[account], percent(share_bp(amounts[account], total)))
            for account in COST_ACCOUNTS
            if amounts.get(account)
        ),
        performers,
        tuple(
            Measured(
                str(CostMeasure(part.measure).label), part, percent(part.share_bp),
                percent(part.cap.most_bp) if part.cap else "—", part.measure != CostMeasure.LEADS or bool(leads),
            )
            for part in parts
        ),
    )  # fmt: skip


def composition_paper(report: Composition) -> dict[str, Any]:
    """What `cost_composition.typ` draws."""
    unit = report.production.studio.currency

    def money(minor: int) -> Money:
        return Money(minor, unit)

    return {
        "lang": "zh" if (get_language() or "").startswith("zh") else "en",
        "studio": report.production.studio.name,
        "title": report.production.title,
        "on": report.on,
        "total": money(report.total_minor),
        "lines": [{"label": row.label, "amount": money(row.amount_minor), "share": row.share} for row in report.lines],
        "measures": [
            {
                "label": row.label, "amount": money(row.part.part), "share": row.share, "cap": row.cap,
                "verdict": row.verdict, "note": row.note,
            }
            for row in report.measures
        ],
        "performers": [
            {
                "name": row.person.name, "role": _("Lead") if row.is_lead else "", "amount": money(row.amount_minor),
                "share": row.share,
            }
            for row in report.performers
        ],
    }  # fmt: skip
