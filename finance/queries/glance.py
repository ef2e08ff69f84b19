"""A title's money in one row, for one title or many. Amounts are fen of the studio's currency."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from django.db.models import Count, Sum, prefetch_related_objects

from finance.books import check_books as check_books
from finance.choices import COST_ACCOUNTS, PAYOUTS_OVER, Account, SettlementState, StatementState
from finance.models import EntryLine, Payout, Settlement, Statement
from finance.queries.budgets import planned_by_title
from studio.models import Production


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
        """What settlements left the studio, less what the title cost. Receipts that nobody settled yet are not in it."""
        return self.retained_minor - self.cost_minor

    @property
    def unsettled_minor(self) -> int:
        """Receipts of statements accepted, whose shares are not worked out and issued yet."""
        return self.receipts_minor - self.shares_minor - self.retained_minor

    @property
    def over_budget(self) -> bool:
        return 0 < self.budget_minor < self.cost_minor


def glances(productions: Iterable[Production]) -> list[Glance]:
    """Each title's money, in the given order; a constant number of queries however many titles."""
    titles = list(productions)
    ids = [title.pk for title in titles]
    prefetch_related_objects(titles, "studio")
    budget = planned_by_title(ids)
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
        .exclude(state__in=PAYOUTS_OVER)
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
