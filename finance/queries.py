"""Questions about money. Amounts are fen of the studio's currency unless a currency stands beside them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, F, Q, QuerySet, Sum, prefetch_related_objects

from finance.books import check_books as check_books
from finance.choices import COST_ACCOUNTS, Account, PayoutState, SettlementState, StatementState
from finance.models import Allocation, BudgetLine, EntryLine, Payout, Settlement, Statement
from studio.access import Access
from studio.models import Person, Production, User


@dataclasses.dataclass(frozen=True)
class CostRow:
    """One cost account: planned, posted, and what is left (below zero: over budget)."""

    account: str
    label: str
    budget_minor: int
    posted_minor: int

    @property
    def left_minor(self) -> int:
        return self.budget_minor - self.posted_minor

    @property
    def is_over(self) -> bool:
        return self.posted_minor > self.budget_minor


@dataclasses.dataclass(frozen=True)
class CostReport:
    rows: tuple[CostRow, ...]
    budget_minor: int
    posted_minor: int

    @property
    def left_minor(self) -> int:
        return self.budget_minor - self.posted_minor

    @property
    def largest_minor(self) -> int:
        """The longest bar: the larger of plan and cost of any account."""
        return max((max(row.budget_minor, row.posted_minor) for row in self.rows), default=0)


def cost_report(production: Production) -> CostReport:
    """Hot costs: each cost account's budget and what is posted as of now. Two queries."""
    budget = dict(
        BudgetLine.objects.filter(production=production)
        .values_list("account")
        .annotate(total=Sum(F("quantity") * F("rate_minor")))
        .order_by()
    )
    posted = dict(
        EntryLine.objects.filter(entry__production=production, account__in=COST_ACCOUNTS)
        .values_list("account")
        .annotate(total=Sum("amount_minor"))
        .order_by()
    )
    rows = tuple(
        CostRow(str(account.value), str(account.label), budget.get(account, 0), posted.get(account, 0))
        for account in COST_ACCOUNTS
        if budget.get(account, 0) or posted.get(account, 0)
    )
    return CostReport(rows, sum(row.budget_minor for row in rows), sum(row.posted_minor for row in rows))


def ledger_balance(production: Production) -> dict[str, dict[str, int]]:
    """Currency -> account -> balance, debit positive. The accounts of each currency sum to zero."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    rows = (
        EntryLine.objects.filter(entry__production=production)
        .values_list("currency", "account")
        .annotate(total=Sum("amount_minor"))
        .order_by("currency", "account")
    )
    for currency, account, total in rows:
        found[currency][account] = total
    return dict(found)


@dataclasses.dataclass(frozen=True)
class Glance:
    """A title's money in the studio's currency; `others` are receipts in other currencies."""

    production: Production
    budget_minor: int = 0
    cost_minor: int = 0
    receipts_minor: int = 0
    shares_minor: int = 0
    retained_minor: int = 0
    tax_minor: int = 0
    paid_minor: int = 0
    owed_minor: int = 0
    held: int = 0
    payouts_due: int = 0
    others: tuple[tuple[str, int], ...] = ()

    @property
    def margin_minor(self) -> int:
        """What came in, less what others get of it, less what the title cost."""
        return self.receipts_minor - self.shares_minor - self.cost_minor

    @property
    def over_budget(self) -> bool:
        return 0 < self.budget_minor < self.cost_minor


def glances(productions: Iterable[Production]) -> list[Glance]:
    """Each title's money, in the given order; a constant number of queries however many titles."""
    titles = list(productions)
    ids = [title.pk for title in titles]
    prefetch_related_objects(titles, "studio")
    budget = dict(
        BudgetLine.objects.filter(production__in=ids)
        .values_list("production")
        .annotate(total=Sum(F("quantity") * F("rate_minor")))
        .order_by()
    )
    sums: dict[tuple[int, str, str], int] = {
        (production, account, unit): total
        for production, account, unit, total in EntryLine.objects.filter(entry__production__in=ids)
        .values_list("entry__production", "account", "currency")
        .annotate(total=Sum("amount_minor"))
        .order_by()
    }
    retained = {
        (production, unit): total
        for production, unit, total in Settlement.objects.filter(production__in=ids, state=SettlementState.ISSUED)
        .values_list("production", "currency")
        .annotate(total=Sum("retained_minor"))
        .order_by()
    }
    held = dict(
        Statement.objects.filter(production__in=ids, state__in=[StatementState.HELD, StatementState.READY])
        .values_list("production")
        .annotate(n=Count("id"))
        .order_by()
    )
    due = dict(
        Payout.objects.filter(settlement__production__in=ids)
        .exclude(state=PayoutState.PAID)
        .values_list("settlement__production")
        .annotate(n=Count("id"))
        .order_by()
    )

    def made(title: Production) -> Glance:
        unit = title.studio.currency

        def balance(*accounts: str) -> int:
            return sum(sums.get((title.pk, account, unit), 0) for account in accounts)

        others = tuple(
            sorted(
                (other, -total)
                for (pk, account, other), total in sums.items()
                if pk == title.pk and account == Account.RECEIPTS and other != unit and total
            )
        )
        return Glance(
            production=title,
            budget_minor=budget.get(title.pk, 0),
            cost_minor=balance(*COST_ACCOUNTS),
            receipts_minor=-balance(Account.RECEIPTS),
            shares_minor=balance(Account.SHARES),
            retained_minor=retained.get((title.pk, unit), 0),
            tax_minor=-balance(Account.TAX),
            paid_minor=-balance(Account.BANK),
            owed_minor=-balance(Account.PAYABLE),
            held=held.get(title.pk, 0),
            payouts_due=due.get(title.pk, 0),
            others=others,
        )

    return [made(title) for title in titles]


def money_at_a_glance(production: Production) -> Glance:
    return glances([production])[0]


@dataclasses.dataclass(frozen=True)
class Owed:
    """What one title still owes a person."""

    production: Production
    currency: str
    amount_minor: int


def owed_to(person: Person) -> list[Owed]:
    """What is posted for a person and not paid, by title: fees, overtime and shares alike."""
    rows = list(
        EntryLine.objects.filter(person=person, account=Account.PAYABLE)
        .values_list("entry__production", "currency")
        .annotate(total=Sum("amount_minor"))
        .order_by("entry__production", "currency")
    )
    titles = Production.objects.in_bulk([pk for pk, _currency, _total in rows])
    return [Owed(titles[pk], currency, -total) for pk, currency, total in rows if total]


# --- lists --------------------------------------------------------------------------------------------------------


def ledger_lines(production: Production, *, account: str = "", source: str = "", text: str = "") -> QuerySet[EntryLine]:
    """A title's ledger lines, newest first. `source` is the first word of where an entry comes from."""
    rows = EntryLine.objects.filter(entry__production=production).select_related(
        "entry__posted_by", "entry__reverses", "entry__reversed_by", "person"
    )
    if account == "cost":
        rows = rows.filter(account__in=COST_ACCOUNTS)
    elif account in Account.values:
        rows = rows.filter(account=account)
    if source:
        rows = rows.filter(
            Q(entry__source__startswith=f"{source}:") | Q(entry__reverses__source__startswith=f"{source}:")
        )
    if text.strip():
        rows = rows.filter(
            Q(entry__narrative__icontains=text.strip()) | Q(person__name__icontains=text.strip())
            | Q(entry__source__icontains=text.strip()) | Q(note__icontains=text.strip())
        )  # fmt: skip
    return rows.order_by("-entry__on_date", "-entry_id", "id")


def payouts_for(access: Access, *, state: str = "", text: str = "") -> QuerySet[Payout]:
    """Payouts the user may see, what is due first."""
    rows = access.scope(
        Payout.objects.select_related(
            "party__person", "settlement__production__studio", "settlement__statement__platform", "approved_by",
            "second_approved_by",
        ),
        "money.view",
    )  # fmt: skip
    if state == "open":
        rows = rows.exclude(state=PayoutState.PAID)
    elif state in PayoutState.values:
        rows = rows.filter(state=state)
    if text.strip():
        rows = rows.filter(
            Q(party__name__icontains=text.strip()) | Q(settlement__production__title__icontains=text.strip())
            | Q(bank_reference__icontains=text.strip())
        )  # fmt: skip
    return rows.order_by("due_date", "id")


# --- investors ----------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class SharePayment:
    """One payment of a user's own share."""

    period: str
    due_date: dt.date
    currency: str
    gross_minor: int
    tax_minor: int
    net_minor: int
    state: str
    state_label: str


@dataclasses.dataclass(frozen=True)
class Investment:
    """A title in which the user has a share: its cost to date, its statements, the own share, the next payment.

    What is here is all an investor sees: no budget, no other party, no terms.
    """

    title: str
    code: str
    stage: str
    stage_label: str
    currency: str
    cost_minor: int
    statements: tuple[tuple[str, str, str, int], ...]
    share_minor: tuple[tuple[str, int], ...]
    payments: tuple[SharePayment, ...]

    @property
    def next_payment(self) -> SharePayment | None:
        return next((row for row in self.payments if row.state != PayoutState.PAID), None)


def investment_view(access: Access, user: User) -> list[Investment]:
    """Titles in the user's scope whose signed contracts name a party of the user's. Six queries at most."""
    from finance.choices import ContractState
    from finance.models import ContractParty

    named = (
        ContractParty.objects.filter(party__user=user)
        .exclude(contract__state=ContractState.DRAFT)
        .values("contract__production")
    )
    titles = list(
        access.scope(Production.objects.select_related("studio"), "investment.view")
        .filter(pk__in=named)
        .order_by("-id")
    )
    cost = dict(
        EntryLine.objects.filter(entry__production__in=titles, account__in=COST_ACCOUNTS)
        .values_list("entry__production")
        .annotate(total=Sum("amount_minor"))
        .order_by()
    )
    statements: dict[int, list[tuple[str, str, str, int]]] = defaultdict(list)
    for row in (
        Statement.objects.filter(production__in=titles, state__in=[StatementState.ACCEPTED, StatementState.SETTLED])
        .select_related("platform")
        .order_by("period", "pk")
    ):
        statements[row.production_id].append((row.period, row.platform.name, row.currency, row.counted_minor))
    shares: dict[int, dict[str, int]] = defaultdict(dict)
    for production, currency, total in (
        Allocation.objects.filter(
            settlement__production__in=titles, settlement__state=SettlementState.ISSUED, party__user=user
        )
        .values_list("settlement__production", "settlement__currency")
        .annotate(total=Sum("amount_minor"))
        .order_by("settlement__currency")
    ):
        shares[production][currency] = total
    payments: dict[int, list[SharePayment]] = defaultdict(list)
    for payout in (
        Payout.objects.filter(settlement__production__in=titles, party__user=user)
        .select_related("settlement")
        .order_by("due_date", "pk")
    ):
        payments[payout.settlement.production_id].append(
            SharePayment(
                payout.settlement.period, payout.due_date, payout.settlement.currency, payout.gross_minor,
                payout.tax_minor, payout.net_minor, payout.state, payout.get_state_display(),
            )
        )  # fmt: skip
    return [
        Investment(
            title=title.title,
            code=title.code,
            stage=title.stage,
            stage_label=title.get_stage_display(),
            currency=title.studio.currency,
            cost_minor=cost.get(title.pk, 0),
            statements=tuple(statements[title.pk]),
            share_minor=tuple(shares[title.pk].items()),
            payments=tuple(payments[title.pk]),
        )
        for title in titles
    ]
