"""Pages of purchase orders, and of what is owed to suppliers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from finance import purchases as actions
from finance import supplier_payments
from finance.accruals import has_entry
from finance.choices import PartyKind, PurchaseState
from finance.exports import FORMATS, WRITERS
from finance.forms_costs import InvoiceForm, PurchaseForm, PurchaseRow, read_purchase_rows
from finance.models import Entry, Party, PurchaseInvoice, PurchaseOrder
from finance.queries.purchases import account_left, order_sums, purchases_of
from finance.views import complain, put_on, title_of
from scheduling.choices import BookingState
from scheduling.models import Booking
from studio.doors import page, scoped
from studio.models import Production
from studio.refusals import Refused
from studio.values import Money

PER_PAGE = 100
ORDERS = PurchaseOrder.objects.select_related(
    "production__studio", "supplier", "requested_by", "approved_by", "second_approved_by", "shoot_day__production", "scene"
)  # fmt: skip


@page("money.request")
def purchases(request: HttpRequest, pk: int) -> HttpResponse:
    """A title's orders with what they cost and still promise; CSV and XLSX."""
    production = title_of(request, pk, "money.request")
    state, query = request.GET.get("state", ""), request.GET.get("q", "").strip()[:80]
    found = purchases_of(production, state=state, text=query)
    number = request.GET.get("page", "1")
    at = int(number) if number.isdecimal() and 0 < int(number[:6] or 0) < 100_000 else 1
    export = request.GET.get("format") in FORMATS
    rows = list(found[:5000] if export else found[(at - 1) * PER_PAGE : at * PER_PAGE + 1])
    sums = order_sums(rows)
    for row in rows:
        row.sums = sums[row.pk]  # type: ignore[attr-defined]
    if export:
        return _export(production, rows, request.GET["format"])
    parameters = request.GET.copy()
    parameters["page"] = str(at + 1)
    shown = rows[:PER_PAGE]
    return render(
        request, "finance/purchases.html",
        {
            "production": production, "tab": "production_money", "rows": shown, "state": state, "query": query,
            "states": PurchaseState.choices, "next_url": f"?{parameters.urlencode()}" if len(rows) > PER_PAGE else "",
            "ordered": sum(row.sums.ordered_minor for row in shown),  # type: ignore[attr-defined]
            "committed": sum(row.sums.committed_minor for row in shown),  # type: ignore[attr-defined]
            "may_money": request.access.may_on("money.view", production),  # type: ignore[attr-defined]
        },
    )  # fmt: skip


def _export(production: Production, rows: list[Any], kind: str) -> HttpResponse:
    unit = production.studio.currency
    heads = [
        _("Number"), _("What for"), _("Account"), _("Supplier"), _("Expected"), _("State"), _("Ordered"), _("Received"),
        _("Invoiced"), _("Cost"), _("Committed"), _("Currency"),
    ]  # fmt: skip
    table = (
        (
            row.number, row.title, row.account_label, row.payee, row.expected_date, row.get_state_display(),
            *(
                Money(value, unit)
                for value in (
                    row.sums.ordered_minor, row.sums.received_minor, row.sums.invoiced_minor, row.sums.cost_minor,
                    row.sums.committed_minor,
                )
            ),
            unit,
        )
        for row in rows
    )  # fmt: skip
    return WRITERS[kind](f"purchases-{production.pk}", heads, table)


@page("money.request", write="money.request", methods=("GET", "POST"))
def new_purchase(request: HttpRequest, pk: int) -> HttpResponse:
    production = title_of(request, pk, "money.request")
    # Who shares in the receipts is nobody's business on the set: without the money pages, the title's own suppliers.
    known = Party.objects.filter(studio=production.studio_id).exclude(kind=PartyKind.STUDIO)
    if not request.access.may_in_studio("money.view", production.studio_id):  # type: ignore[attr-defined]
        known = known.filter(purchases__production=production).distinct()
    form = PurchaseForm(request.POST or None, production=production, suppliers=known)
    rows: list[PurchaseRow] = []
    error = ""
    if request.method == "POST":
        rows, items = read_purchase_rows(request.POST, production.studio.currency)
        if not rows:
            error = _("Write at least one line.")
        if form.is_valid() and rows and not any(row.error for row in rows):
            try:
                order = actions.request_purchase(
                    production=production, lines=items, by=request.user, **form.cleaned_data,  # type: ignore[arg-type]
                )  # fmt: skip
                messages.success(request, _("The order is requested. Those who may approve it are told."))
                return redirect("purchase", pk=order.pk)
            except Refused as refused:
                put_on(form, refused)
    bad = bool(form.errors or error or any(row.error for row in rows))
    return render(
        request, "finance/purchase_form.html",
        {
            "production": production, "tab": "production_money", "form": form, "error": error,
            "rows": [*rows, *(PurchaseRow() for _blank in range(max(2, 4 - len(rows))))],
        },
        status=422 if bad else 200,
    )  # fmt: skip


@page("money.request")
def purchase(request: HttpRequest, pk: int) -> HttpResponse:
    """One order: its lines, what came, its invoices, what it costs, and what may be done next."""
    return _show(request, scoped(request, ORDERS, "money.request", pk=pk))


def _show(request: HttpRequest, order: PurchaseOrder, status: int = 200, **context: Any) -> HttpResponse:
    production = order.production
    sums = order_sums([order])[order.pk]
    lines = list(order.lines.prefetch_related("receipts__noted_by"))
    for line in lines:
        line.came = sum(row.quantity for row in line.receipts.all())  # type: ignore[attr-defined]
    may = request.access.may_on  # type: ignore[attr-defined]
    sees_money = may("money.view", production)
    asked = order.state == PurchaseState.REQUESTED
    return render(
        request, "finance/purchase.html",
        {
            "production": production, "tab": "production_money", "order": order, "sums": sums, "lines": lines,
            "came": [row for line in lines for row in line.receipts.all()],
            "invoices": order.invoices.select_related("noted_by").order_by("pk"),
            "left": account_left(production, order.account) if asked and sees_money else None,
            "entries": Entry.objects.filter(production=production, source__startswith=f"purchase:{order.pk}:").exists(),
            "sees_money": sees_money, "asked": asked,
            "may_approve": asked and may("money.approve", production),
            "needs_two": sums.ordered_minor > production.studio.payout_approval_minor,
            "may_receive": order.state in {PurchaseState.APPROVED, PurchaseState.RECEIVED} and may("money.request", production),
            "may_cancel": order.state in {PurchaseState.REQUESTED, PurchaseState.APPROVED} and may("money.request", production),
            "may_invoice": may("money.edit", production) and _takes_invoice(order, lines),
            "may_pay": may("money.edit", production),
            "today": timezone.localdate(timezone=production.studio.zone),
            "invoice_form": InvoiceForm(
                currency=production.studio.currency, amount_minor=sums.received_minor or sums.ordered_minor
            ),
            **context,
        },
        status=status,
    )  # fmt: skip


def _takes_invoice(order: PurchaseOrder, lines: list[Any]) -> bool:
    if order.state == PurchaseState.CANCELLED:
        return any(line.receipts.all() for line in lines) and not order.invoices.filter(final=True).exists()
    return order.state in {PurchaseState.APPROVED, PurchaseState.RECEIVED}


def _do(request: HttpRequest, pk: int, verb: str, act: Callable[[PurchaseOrder], Any], done: str) -> HttpResponse:
    order = scoped(request, ORDERS, verb, pk=pk)
    try:
        act(order)
        messages.success(request, done)
    except Refused as refused:
        complain(request, refused)
    return redirect("purchase", pk=pk)


@page("money.request", write="money.approve", methods=("POST",))
def approve_purchase(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(
        request, pk, "money.approve",
        lambda order: actions.approve_purchase(order=order, by=request.user),  # type: ignore[arg-type]
        _("Your approval is noted."),
    )  # fmt: skip


@page("money.request", write="money.approve", methods=("POST",))
def refuse_purchase(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(
        request, pk, "money.approve",
        lambda order: actions.refuse_purchase(order=order, reason=request.POST.get("reason", ""), by=request.user),  # type: ignore[arg-type]
        _("The order is refused."),
    )  # fmt: skip


@page("money.request", write="money.request", methods=("POST",))
def cancel_purchase(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(
        request, pk, "money.request",
        lambda order: actions.cancel_purchase(order=order, reason=request.POST.get("reason", ""), by=request.user),  # type: ignore[arg-type]
        _("The order is cancelled; what was open is given back."),
    )  # fmt: skip


@page("money.request", write="money.request", methods=("POST",))
def receive_purchase(request: HttpRequest, pk: int) -> HttpResponse:
    """Quantities by line, from fields `line-<number>`."""

    def act(order: PurchaseOrder) -> None:
        quantities = {}
        for name, text in request.POST.items():
            text = str(text).strip()
            if not name.startswith("line-") or not name[5:].isdecimal() or not text:
                continue
            digits = text.removeprefix("-")
            if not (digits.isascii() and digits.isdecimal() and len(digits) < 7):
                raise Refused("not_whole", _("Write how many came as a whole number."))
            quantities[int(name[5:])] = int(text)
        version = request.POST.get("version", "")
        actions.receive_purchase(
            order=order, quantities=quantities, by=request.user,  # type: ignore[arg-type]
            version=int(version) if version.isdecimal() and len(version) < 18 else -1,
            on_date=timezone.localdate(timezone=order.production.studio.zone),
        )  # fmt: skip

    return _do(request, pk, "money.request", act, _("What came is noted and its cost posted."))


@page("money.request", write="money.edit", methods=("POST",))
def invoice_purchase(request: HttpRequest, pk: int) -> HttpResponse:
    order = scoped(request, ORDERS, "money.edit", pk=pk)
    form = InvoiceForm(request.POST, currency=order.production.studio.currency)
    if form.is_valid():
        try:
            actions.invoice_purchase(order=order, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("The invoice is entered."))
            return redirect("purchase", pk=pk)
        except Refused as refused:
            put_on(form, refused)
    return _show(request, order, 422, invoice_form=form)


@page("money.view", write="money.edit", methods=("POST",))
def pay_invoice(request: HttpRequest, pk: int) -> HttpResponse:
    invoice = scoped(request, PurchaseInvoice.objects.select_related("order__production__studio"), "money.edit", pk=pk)
    try:
        supplier_payments.pay_invoice(
            invoice=invoice, bank_reference=request.POST.get("bank_reference", ""), by=request.user  # type: ignore[arg-type]
        )  # fmt: skip
        messages.success(request, _("The payment is posted."))
    except Refused as refused:
        complain(request, refused)
    if request.POST.get("back") == "bills":
        return redirect("bills")
    return redirect("purchase", pk=invoice.order_id)


@page("money.view", write="money.edit", methods=("POST",))
def take_back_payment(request: HttpRequest, pk: int) -> HttpResponse:
    invoice = scoped(request, PurchaseInvoice.objects.select_related("order__production__studio"), "money.edit", pk=pk)
    try:
        supplier_payments.take_back_payment(
            invoice=invoice, reason=request.POST.get("reason", ""), by=request.user  # type: ignore[arg-type]
        )  # fmt: skip
        messages.success(request, _("The payment is taken back in the ledger; the invoice is to be paid again."))
    except Refused as refused:
        complain(request, refused)
    return redirect("purchase", pk=invoice.order_id)


@page("money.view")
def bills(request: HttpRequest) -> HttpResponse:
    """What is owed to suppliers: invoices entered and bookings posted that nobody paid yet, over all titles."""
    access = request.access  # type: ignore[attr-defined]
    invoices = access.scope(
        PurchaseInvoice.objects.filter(paid_at=None).select_related("order__production__studio", "order__supplier"),
        "money.view",
    ).order_by("on_date", "pk")[:500]  # fmt: skip
    bookings = access.scope(
        Booking.objects.filter(price_minor__gt=0).exclude(state=BookingState.CANCELLED)
        .select_related("production__studio", "location__base"),
        "money.view",
    )  # fmt: skip
    unpaid = bookings.filter(
        has_entry("production", Value("booking:"), "pk"), ~has_entry("production", Value("booking_payment:"), "pk")
    ).order_by("start_at", "pk")[:500]
    rows = [
        *(
            {
                "date": row.on_date, "title": row.order.production, "payee": row.order.payee, "what": row.order.title,
                "reference": row.reference, "amount": row.amount_minor, "invoice": row,
            }
            for row in invoices
        ),
        *(
            {
                "date": timezone.localtime(row.start_at, row.production.studio.zone).date(), "title": row.production,
                "payee": str(row.location), "what": _("Booking"), "reference": "", "amount": row.price_minor, "booking": row,
            }
            for row in unpaid
        ),
    ]  # fmt: skip
    rows.sort(key=lambda row: (row["date"], row["title"].pk))
    if request.GET.get("format") in FORMATS:
        heads = [
            _("Date"),
            _("Title"),
            _("Supplier"),
            _("What for"),
            _("Number of the invoice"),
            _("Amount"),
            _("Currency"),
        ]
        table = (
            (
                row["date"], row["title"].title, row["payee"], row["what"], row["reference"],
                Money(row["amount"], row["title"].studio.currency), row["title"].studio.currency,
            )
            for row in rows
        )  # fmt: skip
        return WRITERS[request.GET["format"]]("bills", heads, table)
    totals: dict[str, int] = {}
    for row in rows:
        unit = row["title"].studio.currency
        totals[unit] = totals.get(unit, 0) + row["amount"]
        row["may_pay"] = access.may_on("money.edit", row["title"])
    return render(request, "finance/bills.html", {"rows": rows, "totals": totals.items()})


@page("money.view", write="money.edit", methods=("POST",))
def pay_booking(request: HttpRequest, pk: int) -> HttpResponse:
    booking = scoped(request, Booking.objects.select_related("production__studio"), "money.edit", pk=pk)
    try:
        supplier_payments.pay_booking(
            booking=booking, bank_reference=request.POST.get("bank_reference", ""), by=request.user  # type: ignore[arg-type]
        )  # fmt: skip
        messages.success(request, _("The payment is posted."))
    except Refused as refused:
        complain(request, refused)
    return redirect("bills")
