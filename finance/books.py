"""Whether the books of a title agree with what they were made of: every fen accounted for."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from finance import accruals
from finance.choices import COST_ACCOUNTS, Account, PartyKind, PayoutState, SettlementState, StatementState
from finance.day_costs import KINDS as DAY_KINDS
from finance.day_costs import reckon
from finance.models import Allocation, Entry, EntryLine, Payout, PurchaseOrder, Settlement, Statement
from finance.orders import order_sums
from scheduling.choices import BookingState
from scheduling.models import Booking
from shooting.choices import ReportState
from shooting.models import DailyReport
from studio.models import Production
from studio.values import Money

SENTENCES = {
    "entry_unbalanced": noop("Entry {entry} ({source}) does not sum to zero: {difference}."),
    "entry_empty": noop("Entry {entry} ({source}) has no lines."),
    "cost_missing": noop("{count} of {what} have no entry."),
    "bookings_differ": noop("Bookings make {expected}, the ledger has {found}."),
    "shoot_days_differ": noop("Approved shoot days make {expected}, the ledger has {found}."),
    "purchases_differ": noop("Purchase orders make {expected}, the ledger has {found}."),
    "extras_without_tariff": noop(
        "{count} rows of extras ({heads} heads) on approved reports have no tariff in force on their day."
    ),
    "receipts_differ": noop("Accepted statements make {expected}, the ledger has {found}."),
    "statement_differs": noop("The statement of {period} makes {expected}, its settlement has {found}."),
    "shares_differ": noop("The settlement of {period} shares out {expected}, its clauses make {found}."),
    "settlement_does_not_add_up": noop("The settlement of {period}: {receipts} is not {shares} + {retained}."),
    "payout_does_not_add_up": noop("The payout to {party} for {period}: {gross} is not {net} + {tax}."),
    "payout_differs": noop("{party} is allocated {expected} for {period}, the payout has {found}."),
    "payouts_differ_from_ledger": noop("The settlement of {period} pays {expected}, the ledger has {found}."),
    "payment_not_posted": noop("The payout to {party} for {period} is paid and not in the ledger."),
}


@dataclasses.dataclass(frozen=True)
class Discrepancy:
    """Something that does not agree; `message` in the reader's language."""

    code: str
    params: dict[str, str]

    @property
    def message(self) -> str:
        return _(SENTENCES[self.code]).format_map(self.params)


def check_books(production: Production) -> list[Discrepancy]:
    """Entries against zero, costs against their sources, receipts against shares, payouts against allocations.

    Empty when all is well. A constant number of queries.
    """
    found: list[Discrepancy] = []

    def note(code: str, **params: Any) -> None:
        found.append(Discrepancy(code, {name: str(value) for name, value in params.items()}))

    currency = production.studio.currency
    _check_entries(production, note)
    _check_costs(production, currency, note)
    _check_purchases(production, currency, note)
    _check_receipts(production, note)
    _check_settlements(production, note)
    return found


def _check_entries(production: Production, note: Any) -> None:
    sums = (
        EntryLine.objects.filter(entry__production=production)
        .values("entry", "entry__source", "currency")
        .annotate(total=Sum("amount_minor"))
        .exclude(total=0)
        .order_by("entry")
    )
    for row in sums:
        difference = Money(row["total"], row["currency"])
        note("entry_unbalanced", entry=row["entry"], source=row["entry__source"], difference=difference)
    for entry in Entry.objects.filter(production=production).annotate(n=Count("lines")).filter(n=0):
        note("entry_empty", entry=entry.pk, source=entry.source)


def _posted(production: Production, kind: str) -> int:
    """Cost lines of entries from one kind of source, reversals taken off."""
    return int(
        EntryLine.objects.filter(
            Q(entry__source__startswith=f"{kind}:") | Q(entry__reverses__source__startswith=f"{kind}:"),
            entry__production=production, account__in=COST_ACCOUNTS,
        ).aggregate(total=Sum("amount_minor"))["total"]
        or 0
    )  # fmt: skip


def _check_costs(production: Production, currency: str, note: Any) -> None:
    studio = production.studio_id
    missing = {
        noop("shoot days"): accruals.reports_without_entries(studio).filter(shoot_day__production=production),
        noop("bookings"): accruals.bookings_without_entries(studio).filter(production=production),
        noop("post tasks"): accruals.tasks_without_entries(studio).filter(episode_post__episode__production=production),
    }
    for what, rows in missing.items():
        count = rows.count()
        if count:
            note("cost_missing", count=count, what=_(what))
    booked = (
        Booking.objects.filter(production=production)
        .exclude(state=BookingState.CANCELLED)
        .aggregate(total=Sum("price_minor"))["total"]
        or 0
    )
    posted = _posted(production, "booking")
    if booked != posted:
        note("bookings_differ", expected=Money(booked, currency), found=Money(posted, currency))
    reports = list(
        DailyReport.objects.filter(
            shoot_day__production=production, state=ReportState.APPROVED
        ).select_related("shoot_day__report")
    )  # fmt: skip
    reckoning = reckon(reports, studio)
    posted = _posted_for_days(production, {report.pk for report in reports})
    if reckoning.total_minor != posted:
        note("shoot_days_differ", expected=Money(reckoning.total_minor, currency), found=Money(posted, currency))
    if reckoning.unpriced:
        heads = sum(count.heads for count in reckoning.unpriced)
        note("extras_without_tariff", count=len(reckoning.unpriced), heads=heads)


def _check_purchases(production: Production, currency: str, note: Any) -> None:
    orders = list(PurchaseOrder.objects.filter(production=production))
    cost = sum(row.cost_minor for row in order_sums(orders).values())
    posted = _posted(production, "purchase")
    if cost != posted:
        note("purchases_differ", expected=Money(cost, currency), found=Money(posted, currency))


def _posted_for_days(production: Production, reports: set[int]) -> int:
    """What stands for these reports; one that was opened again counts once it is approved again."""
    of_days = Q()
    for kind in DAY_KINDS:
        of_days |= Q(source__startswith=f"{kind}:") | Q(reverses__source__startswith=f"{kind}:")
    rows = (
        Entry.objects.filter(of_days, production=production)
        .annotate(cost=Sum("lines__amount_minor", filter=Q(lines__account__in=COST_ACCOUNTS)))
        .values_list("source", "reverses__source", "cost")
    )
    return sum(
        cost or 0 for source, reversed_source, cost in rows if int((reversed_source or source).split(":")[1]) in reports
    )


def _check_receipts(production: Production, note: Any) -> None:
    stated = {
        row["currency"]: row["total"]
        for row in Statement.objects.filter(
            production=production, state__in=[StatementState.ACCEPTED, StatementState.SETTLED]
        )
        .values("currency")
        .annotate(total=Sum("counted_minor"))
        .order_by()
    }
    posted = {
        row["currency"]: -row["total"]
        for row in EntryLine.objects.filter(entry__production=production, account=Account.RECEIPTS)
        .values("currency")
        .annotate(total=Sum("amount_minor"))
        .order_by()
    }
    for unit in sorted({*stated, *posted}):
        if stated.get(unit, 0) != posted.get(unit, 0):
            note("receipts_differ", expected=Money(stated.get(unit, 0), unit), found=Money(posted.get(unit, 0), unit))


def _check_settlements(production: Production, note: Any) -> None:
    allocated: dict[tuple[int, int], int] = defaultdict(int)
    shares: dict[int, int] = defaultdict(int)
    parties: dict[int, tuple[str, str]] = {}
    for settlement, party, name, kind, amount in Allocation.objects.filter(
        settlement__production=production, settlement__state=SettlementState.ISSUED
    ).values_list("settlement", "party", "party__name", "party__kind", "amount_minor"):
        allocated[settlement, party] += amount
        parties[party] = (name, kind)
        if kind != PartyKind.STUDIO:
            shares[settlement] += amount
    payouts = {
        (row.settlement_id, row.party_id): row
        for row in Payout.objects.filter(settlement__production=production).select_related("party", "settlement")
    }
    ledger: dict[str, int] = defaultdict(int)
    for source, amount in EntryLine.objects.filter(
        Q(account=Account.PAYABLE) | Q(account=Account.TAX), entry__production=production, entry__reversed_by=None,
    ).filter(Q(entry__source__startswith="settlement:") | Q(entry__source__startswith="payout:")).values_list(
        "entry__source", "amount_minor"
    ):  # fmt: skip
        # A payout that came back and was paid again is posted as payout:7:2.
        ledger[":".join(source.split(":")[:2])] += amount
    for settlement in Settlement.objects.filter(
        production=production, state=SettlementState.ISSUED
    ).select_related("statement"):  # fmt: skip
        unit, period = settlement.currency, settlement.period

        def money(minor: int, unit: str = unit) -> Money:
            return Money(minor, unit)

        if settlement.receipts_minor != settlement.shares_minor + settlement.retained_minor:
            note(
                "settlement_does_not_add_up", period=period, receipts=money(settlement.receipts_minor),
                shares=money(settlement.shares_minor), retained=money(settlement.retained_minor),
            )  # fmt: skip
        if settlement.receipts_minor != settlement.statement.counted_minor:
            note(
                "statement_differs", period=period, expected=money(settlement.statement.counted_minor),
                found=money(settlement.receipts_minor),
            )  # fmt: skip
        if settlement.shares_minor != shares[settlement.pk]:
            note(
                "shares_differ", period=period, expected=money(settlement.shares_minor),
                found=money(shares[settlement.pk]),
            )  # fmt: skip
        owed = 0
        for (of, party), total in allocated.items():
            if of != settlement.pk or parties[party][1] == PartyKind.STUDIO:
                continue
            payout = payouts.get((of, party))
            gross = payout.gross_minor if payout else 0
            owed += gross
            if gross != max(total, 0):
                note(
                    "payout_differs", party=parties[party][0], period=period, expected=money(total),
                    found=money(gross),
                )  # fmt: skip
        if -ledger[f"settlement:{settlement.pk}"] != owed:
            note(
                "payouts_differ_from_ledger", period=period, expected=money(owed),
                found=money(-ledger[f"settlement:{settlement.pk}"]),
            )  # fmt: skip
    for row in payouts.values():
        unit, period = row.settlement.currency, row.settlement.period
        if row.gross_minor != row.net_minor + row.tax_minor:
            note(
                "payout_does_not_add_up", party=row.party.name, period=period, gross=Money(row.gross_minor, unit),
                net=Money(row.net_minor, unit), tax=Money(row.tax_minor, unit),
            )  # fmt: skip
        if row.state == PayoutState.PAID and ledger[f"payout:{row.pk}"] != row.net_minor:
            note("payment_not_posted", party=row.party.name, period=period)
