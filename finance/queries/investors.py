"""What somebody who put money into titles sees of them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict

from django.db.models import Sum

from finance.books import check_books as check_books
from finance.choices import COST_ACCOUNTS, PayoutState, SettlementState, StatementState
from finance.models import Allocation, EntryLine, Payout, Statement
from studio.access import Access
from studio.models import Production, User


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
