"""Purchase orders: lists, what is committed by account, what is left before one is approved. Amounts are fen."""

from __future__ import annotations

import dataclasses
from collections import defaultdict

from django.db.models import Q, QuerySet

from finance.choices import PurchaseState
from finance.models import PurchaseOrder
from finance.orders import OrderSums, order_sums
from finance.queries.costs import cost_report
from studio.models import Production


def committed(production: Production) -> dict[str, int]:
    """Account -> what approved orders still promise to suppliers. Four queries."""
    orders = list(PurchaseOrder.objects.filter(production=production, state=PurchaseState.APPROVED))
    found: dict[str, int] = defaultdict(int)
    sums = order_sums(orders)
    for order in orders:
        if sums[order.pk].committed_minor:
            found[order.account] += sums[order.pk].committed_minor
    return dict(found)


@dataclasses.dataclass(frozen=True)
class AccountLeft:
    """An account before an order is approved."""

    budget_minor: int
    posted_minor: int
    committed_minor: int

    @property
    def left_minor(self) -> int:
        return self.budget_minor - self.posted_minor - self.committed_minor


def account_left(production: Production, account: str) -> AccountLeft:
    row = next((row for row in cost_report(production).rows if row.account == account), None)
    return AccountLeft(
        row.budget_minor if row else 0, row.posted_minor if row else 0, committed(production).get(account, 0)
    )


def purchases_of(production: Production, *, state: str = "", text: str = "") -> QuerySet[PurchaseOrder]:
    rows = PurchaseOrder.objects.filter(production=production).select_related(
        "supplier", "requested_by", "approved_by", "second_approved_by", "shoot_day", "scene"
    )
    if state == "open":
        rows = rows.exclude(state__in=[PurchaseState.PAID, PurchaseState.REFUSED, PurchaseState.CANCELLED])
    elif state in PurchaseState.values:
        rows = rows.filter(state=state)
    if text.strip():
        rows = rows.filter(
            Q(title__icontains=text.strip()) | Q(supplier_name__icontains=text.strip())
            | Q(supplier__name__icontains=text.strip()) | Q(needed_for__icontains=text.strip())
        )  # fmt: skip
    return rows.order_by("-number")


__all__ = ["AccountLeft", "OrderSums", "account_left", "committed", "order_sums", "purchases_of"]
