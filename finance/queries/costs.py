"""What a title costs against its budget, and what it still owes. Amounts are fen."""

from __future__ import annotations

import dataclasses
from collections import defaultdict

from django.db.models import Sum

from finance.books import check_books as check_books
from finance.choices import COST_ACCOUNTS, Account
from finance.models import EntryLine
from finance.queries.budgets import planned_by_account
from studio.models import Person, Production


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
    """Hot costs: each cost account's budget in force and what is posted as of now. Two queries."""
    budget = planned_by_account(production)
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
