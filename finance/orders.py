"""Purchase orders in sums: ordered, received, invoiced, committed. Amounts are fen of the studio's currency."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import F, Sum

from finance.choices import PurchaseState
from finance.models import PurchaseInvoice, PurchaseLine, PurchaseOrder, PurchaseReceipt


@dataclasses.dataclass(frozen=True)
class OrderSums:
    """One order in figures. What it costs by now is the final invoice, else the larger of goods and invoices."""

    state: str
    ordered_minor: int = 0
    received_minor: int = 0
    invoiced_minor: int = 0
    final: bool = False

    @property
    def cost_minor(self) -> int:
        return self.invoiced_minor if self.final else max(self.received_minor, self.invoiced_minor)

    @property
    def committed_minor(self) -> int:
        """Promised to the supplier and not yet a cost; nothing once no more is to come."""
        return max(0, self.ordered_minor - self.cost_minor) if self.state == PurchaseState.APPROVED else 0

    @property
    def difference_minor(self) -> int:
        """What it cost beyond the order; below zero what it cost less."""
        return self.cost_minor - self.ordered_minor


def order_sums(orders: Iterable[PurchaseOrder]) -> dict[int, OrderSums]:
    """Three queries for any number of orders."""
    rows = {order.pk: order for order in orders}
    ordered = dict(
        PurchaseLine.objects.filter(order__in=rows)
        .values_list("order")
        .annotate(total=Sum(F("quantity") * F("rate_minor")))
        .order_by()
    )
    received = dict(
        PurchaseReceipt.objects.filter(line__order__in=rows)
        .values_list("line__order")
        .annotate(total=Sum(F("quantity") * F("line__rate_minor")))
        .order_by()
    )
    invoiced: dict[int, int] = defaultdict(int)
    final: set[int] = set()
    for order, amount, last in PurchaseInvoice.objects.filter(order__in=rows).values_list(
        "order", "amount_minor", "final"
    ):
        invoiced[order] += amount
        if last:
            final.add(order)
    return {
        pk: OrderSums(row.state, ordered.get(pk, 0), received.get(pk, 0), invoiced[pk], pk in final)
        for pk, row in rows.items()
    }
