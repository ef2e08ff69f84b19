"""The four flows of purchase orders: the order is the contract, what came is the work."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from finance.choices import PurchaseState
from finance.models import Payout, PurchaseInvoice, PurchaseOrder, PurchaseReceipt
from finance.orders import OrderSums, order_sums
from finance.queries.flows import GAP, OK, OPEN, Flow, FlowRow, cost_flows, flow, payout_flows
from studio.access import Access
from studio.models import Production
from studio.values import Money

# A request is no contract yet, and one that was refused never will be.
_CONTRACTS = [PurchaseState.APPROVED, PurchaseState.RECEIVED, PurchaseState.INVOICED, PurchaseState.PAID]


def order_flows(rows: QuerySet[PurchaseOrder], most: int = 2000) -> list[FlowRow]:
    """Orders that were approved, and cancelled ones with goods or invoices. Five queries however many."""
    came = PurchaseReceipt.objects.filter(line__order=OuterRef("pk"))
    billed = PurchaseInvoice.objects.filter(order=OuterRef("pk"))
    orders = list(
        rows.filter(Q(state__in=_CONTRACTS) | Q(Exists(came)) | Q(Exists(billed)))
        .select_related("production__studio", "supplier")
        .order_by("-pk")[:most]
    )
    sums = order_sums(orders)
    invoices: dict[int, list[PurchaseInvoice]] = defaultdict(list)
    for invoice in PurchaseInvoice.objects.filter(order__in=orders).order_by("pk"):
        invoices[invoice.order_id].append(invoice)
    return [_row(order, sums[order.pk], invoices[order.pk]) for order in orders]


def _row(order: PurchaseOrder, sums: OrderSums, invoices: list[PurchaseInvoice]) -> FlowRow:
    studio = order.production.studio
    unit = studio.currency
    approved = order.approved_at.astimezone(studio.zone).date() if order.approved_at else ""
    expected = sums.cost_minor or (sums.ordered_minor if order.state in _CONTRACTS else 0)
    return FlowRow(
        production=order.production, payee=order.payee,
        label=_("Order %(number)s, %(title)s") % {"number": order.number, "title": order.title},
        currency=unit, amount_minor=expected, order=order,
        flows=(
            flow(OK, "order_ok", number=order.number, date=approved), _goods(order, sums, unit),
            _papers(order, sums, invoices, unit), _paid(invoices, unit),
        ),
    )  # fmt: skip


def _goods(order: PurchaseOrder, sums: OrderSums, unit: str) -> Flow:
    received, ordered = Money(sums.received_minor, unit), Money(sums.ordered_minor, unit)
    if sums.invoiced_minor > sums.received_minor:
        return flow(GAP, "goods_lack", found=received, expected=Money(sums.invoiced_minor, unit))
    if received.minor == ordered.minor:
        return flow(OK, "goods_ok", found=received)
    if sums.final or order.state == PurchaseState.CANCELLED:
        return flow(OK, "goods_ended", found=received, expected=ordered)
    return flow(OPEN, "goods_open", found=received, expected=ordered)


def _papers(order: PurchaseOrder, sums: OrderSums, invoices: list[PurchaseInvoice], unit: str) -> Flow:
    received = Money(sums.received_minor, unit)
    if not invoices:
        # Before anything came there is nothing to bill.
        return flow(GAP, "supplier_invoice_lacks", expected=received) if received.minor else flow(OPEN, "goods_first")
    if not sums.final and sums.invoiced_minor < received.minor:
        return flow(GAP, "supplier_invoice_differs", found=Money(sums.invoiced_minor, unit), expected=received)
    return flow(OK, "invoice_ok", numbers=", ".join(row.reference for row in invoices))


def _paid(invoices: list[PurchaseInvoice], unit: str) -> Flow:
    unpaid = sum(row.amount_minor for row in invoices if row.paid_at is None)
    if not invoices:
        return flow(OPEN, "invoice_first")
    if unpaid:
        return flow(OPEN, "supplier_payment_open", amount=Money(unpaid, unit))
    total = sum(row.amount_minor for row in invoices)
    return flow(
        OK,
        "supplier_payment_ok",
        amount=Money(total, unit),
        references=", ".join(row.bank_reference for row in invoices),
    )


def flows_of(access: Access, studio_id: int, *, today: dt.date, production: Production | None = None) -> list[FlowRow]:
    """All payments and orders of a studio, or of one title, that the user may see."""
    payouts = access.scope(Payout.objects.all(), "money.view").filter(settlement__production__studio=studio_id)
    titles = access.scope(Production.objects.select_related("studio"), "money.view").filter(studio=studio_id)
    orders = access.scope(PurchaseOrder.objects.all(), "money.view").filter(production__studio=studio_id)
    if production is not None:
        payouts = payouts.filter(settlement__production=production)
        titles = titles.filter(pk=production.pk)
        orders = orders.filter(production=production)
    return [*payout_flows(payouts, today), *cost_flows(titles), *order_flows(orders)]
