"""Whether the books of a title agree with what they were made of: every fen accounted for."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from finance import accruals
from finance.choices import COST_ACCOUNTS, Account, PartyKind, PayoutState, SettlementState, SlipState, StatementState
from finance.day_costs import KINDS as DAY_KINDS
from finance.day_costs import reckon
from finance.models import (
    Allocation,
    Debt,
    Entry,
    EntryLine,
    Payout,
    PettyFloat,
    PettySlip,
    PromotionSpend,
    PurchaseOrder,
    SetOff,
    SettledStatement,
    Settlement,
    Statement,
)
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
    "petty_cash_differs": noop("Floats less approved slips make {expected}, the ledger has {found} with people."),
    "promotion_differs": noop("Promotion spend makes {expected}, the ledger has {found}."),
    "purchases_differ": noop("Purchase orders make {expected}, the ledger has {found}."),
    "extras_without_tariff": noop(
        "{count} rows of extras ({heads} heads) on approved reports have no tariff in force on their day."
    ),
    "receipts_differ": noop("Accepted statements make {expected}, the ledger has {found}."),
    "statement_differs": noop("The statement of {period} makes {expected}, its settlement has {found}."),
    "shares_differ": noop("The settlement of {period} shares out {expected}, its clauses make {found}."),
    "settlement_does_not_add_up": noop("The settlement of {period}: {receipts} is not {shares} + {retained}."),
    "payout_does_not_add_up": noop("The payout to {party} for {period}: {gross} is not {net} + {tax} + {set_off}."),
    "statement_settled_twice": noop("A statement of {period} stands {count} times in settlements."),
    "set_off_differs": noop("The payout to {party} for {period} sets off {expected}, its lines make {found}."),
    "debt_differs": noop("What {party} owes from {period} is set off by {expected}, the payouts have {found}."),
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
    _check_petty_cash(production, currency, note)
    _check_promotion(production, currency, note)
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


def _check_petty_cash(production: Production, currency: str, note: Any) -> None:
    """Floats less approved slips are what people hold; a slip whose entry was reversed by hand is told of."""
    given = PettyFloat.objects.filter(production=production).aggregate(total=Sum("amount_minor"))["total"] or 0
    slips = PettySlip.objects.filter(production=production, state=SlipState.APPROVED).aggregate(
        total=Sum("amount_minor")
    )["total"]  # fmt: skip
    held = EntryLine.objects.filter(entry__production=production, account=Account.ADVANCE).aggregate(
        total=Sum("amount_minor")
    )["total"]  # fmt: skip
    if given - (slips or 0) != (held or 0):
        note("petty_cash_differs", expected=Money(given - (slips or 0), currency), found=Money(held or 0, currency))


def _check_promotion(production: Production, currency: str, note: Any) -> None:
    spent = PromotionSpend.objects.filter(production=production).aggregate(total=Sum("amount_minor"))["total"] or 0
    posted = _posted(production, "promotion")
    if spent != posted:
        note("promotion_differs", expected=Money(spent, currency), found=Money(posted, currency))


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
    issued = list(Settlement.objects.filter(production=production, state=SettlementState.ISSUED).order_by("position"))
    allocated: dict[tuple[int, int], int] = defaultdict(int)
    shares: dict[int, int] = defaultdict(int)
    names: dict[int, str] = {}
    for settlement, party, name, kind, amount in Allocation.objects.filter(
        settlement__production=production, settlement__state=SettlementState.ISSUED
    ).values_list("settlement", "party", "party__name", "party__kind", "amount_minor"):
        if kind == PartyKind.STUDIO:
            continue
        allocated[settlement, party] += amount
        names[party] = name
        shares[settlement] += amount
    payouts = list(
        Payout.objects.filter(settlement__production=production).select_related("party", "settlement").order_by("pk")
    )
    debts = list(
        Debt.objects.filter(settlement__production=production).select_related("party", "settlement").order_by("pk")
    )
    _check_sums(production, issued, shares, note)
    _check_parties(issued, allocated, names, payouts, debts, note)
    _check_set_offs(production, payouts, debts, note)
    _check_posted(production, issued, payouts, note)


def _check_sums(production: Production, issued: list[Settlement], shares: dict[int, int], note: Any) -> None:
    """Each settlement against its statements and clauses; each statement stands in one settlement at most."""
    stated: dict[int, int] = defaultdict(int)
    standing: dict[tuple[str, str, str], int] = defaultdict(int)
    for settlement, statement, period, state, sign, counted in SettledStatement.objects.filter(
        settlement__production=production, settlement__state=SettlementState.ISSUED
    ).values_list(
        "settlement", "statement", "statement__period", "statement__state", "sign", "statement__counted_minor"
    ):
        stated[settlement] += sign * counted
        standing[period, str(statement), state] += sign
    for (period, _statement, state), count in sorted(standing.items()):
        # A corrected one stands until its correction is settled.
        wanted = {StatementState.SETTLED: (1,), StatementState.CORRECTED: (0, 1)}.get(StatementState(state), (0,))
        if count not in wanted:
            note("statement_settled_twice", period=period, count=count)
    for row in issued:
        unit, period = row.currency, row.period
        if row.receipts_minor != row.shares_minor + row.retained_minor:
            note(
                "settlement_does_not_add_up", period=period, receipts=Money(row.receipts_minor, unit),
                shares=Money(row.shares_minor, unit), retained=Money(row.retained_minor, unit),
            )  # fmt: skip
        if row.receipts_minor != stated[row.pk]:
            note(
                "statement_differs", period=period, expected=Money(stated[row.pk], unit),
                found=Money(row.receipts_minor, unit),
            )  # fmt: skip
        if row.shares_minor != shares[row.pk]:
            note(
                "shares_differ", period=period, expected=Money(row.shares_minor, unit),
                found=Money(shares[row.pk], unit),
            )  # fmt: skip


def _check_parties(
    issued: list[Settlement], allocated: dict[tuple[int, int], int], names: dict[int, str], payouts: list[Payout],
    debts: list[Debt], note: Any,
) -> None:  # fmt: skip
    """What a settlement gives a party is a payout, what it takes a debt or the payout that it cancels."""
    given: dict[tuple[int, int], int] = defaultdict(int)
    for payout in payouts:
        given[payout.settlement_id, payout.party_id] += payout.share_minor
        if payout.cancelled_by_id is not None:
            given[payout.cancelled_by_id, payout.party_id] -= payout.share_minor
        names[payout.party_id] = payout.party.name
    for debt in debts:
        # A lapsed debt gave way to the payout that its settlement cancels.
        if debt.lapsed_with_id is None:
            given[debt.settlement_id, debt.party_id] -= debt.amount_minor
        names[debt.party_id] = debt.party.name
    rows = {row.pk: row for row in issued}
    for settlement, party in sorted({*allocated, *given}):
        expected, found = allocated.get((settlement, party), 0), given.get((settlement, party), 0)
        if settlement in rows and expected != found:
            row = rows[settlement]
            note(
                "payout_differs", party=names[party], period=row.period, expected=Money(expected, row.currency),
                found=Money(found, row.currency),
            )  # fmt: skip


def _check_set_offs(production: Production, payouts: list[Payout], debts: list[Debt], note: Any) -> None:
    by_payout: dict[int, int] = defaultdict(int)
    by_debt: dict[int, int] = defaultdict(int)
    # Titles of one contract set off each other's debts.
    for payout_id, debt_id, state, amount in SetOff.objects.filter(
        Q(payout__settlement__production=production) | Q(debt__settlement__production=production)
    ).values_list("payout", "debt", "payout__state", "amount_minor"):
        by_payout[payout_id] += amount
        if state != PayoutState.CANCELLED:
            by_debt[debt_id] += amount
    for payout in payouts:
        unit = payout.settlement.currency
        if payout.gross_minor != payout.net_minor + payout.tax_minor + payout.set_off_minor:
            note(
                "payout_does_not_add_up", party=payout.party.name, period=payout.settlement.period,
                gross=Money(payout.gross_minor, unit), net=Money(payout.net_minor, unit),
                tax=Money(payout.tax_minor, unit), set_off=Money(payout.set_off_minor, unit),
            )  # fmt: skip
        if payout.set_off_minor != by_payout[payout.pk]:
            note(
                "set_off_differs", party=payout.party.name, period=payout.settlement.period,
                expected=Money(payout.set_off_minor, unit), found=Money(by_payout[payout.pk], unit),
            )  # fmt: skip
    for debt in debts:
        expected = 0 if debt.lapsed_with_id is not None else debt.amount_minor - debt.left_minor
        if expected != by_debt[debt.pk]:
            unit = debt.settlement.currency
            note(
                "debt_differs", party=debt.party.name, period=debt.settlement.period,
                expected=Money(expected, unit), found=Money(by_debt[debt.pk], unit),
            )  # fmt: skip


def _check_posted(production: Production, issued: list[Settlement], payouts: list[Payout], note: Any) -> None:
    """The ledger owes what payouts say, and was paid what they say."""
    ledger: dict[str, int] = defaultdict(int)
    for source, amount in EntryLine.objects.filter(
        Q(entry__source__startswith="settlement:") | Q(entry__source__startswith="payout:", entry__reversed_by=None),
        entry__production=production, account__in=[Account.PAYABLE, Account.TAX],
    ).values_list("entry__source", "amount_minor"):  # fmt: skip
        # A payout that came back and was paid again is posted as payout:7:2.
        ledger[":".join(source.split(":")[:2])] += amount
    owed: dict[int, int] = defaultdict(int)
    for payout in payouts:
        owed[payout.settlement_id] += payout.gross_minor - payout.set_off_minor
        if payout.cancelled_by_id is not None:
            owed[payout.cancelled_by_id] -= payout.gross_minor - payout.set_off_minor
        if payout.state == PayoutState.PAID and ledger[f"payout:{payout.pk}"] != payout.net_minor:
            note("payment_not_posted", party=payout.party.name, period=payout.settlement.period)
    for row in issued:
        posted = -ledger[f"settlement:{row.pk}"]
        if posted != owed[row.pk]:
            note(
                "payouts_differ_from_ledger", period=row.period, expected=Money(owed[row.pk], row.currency),
                found=Money(posted, row.currency),
            )  # fmt: skip
