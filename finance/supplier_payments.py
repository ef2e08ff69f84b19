"""What suppliers and locations are paid, and payments taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finance.choices import COST_ACCOUNTS, Account, PurchaseState
from finance.events import SupplierPaymentTakenBack
from finance.ledger import Side, post, reverse
from finance.models import Entry, PurchaseInvoice, PurchaseOrder
from finance.purchases import held, move
from scheduling.models import Booking
from studio.facts import publish
from studio.models import Production, User
from studio.refusals import Refused


@transaction.atomic
def pay_invoice(
    *, invoice: PurchaseInvoice, bank_reference: str, by: User | None, at: dt.datetime | None = None
) -> PurchaseInvoice:
    """Note that the bank paid a supplier. Paid already under the same reference: no change."""
    reference = _bank_reference(bank_reference)
    now = at or timezone.now()
    row = held(invoice.order)
    fresh = PurchaseInvoice.objects.get(pk=invoice.pk)
    if fresh.paid_at is not None:
        return _paid_already(fresh, fresh.bank_reference, reference)
    PurchaseInvoice.objects.filter(pk=fresh.pk).update(
        paid_at=now, bank_reference=reference, refusal="", updated_at=now
    )
    # A payment that was taken back and is made again is posted anew.
    posted = _posted(row, fresh).count()
    source = f"purchase_payment:{fresh.pk}:{posted + 1}" if posted else f"purchase_payment:{fresh.pk}"
    _pay(
        row.production, fresh.amount_minor, source, f"{row.payee} · {fresh.reference}", row.payee,
        reference, now, by, {"order": row.pk, "invoice": fresh.pk}, row.supplier.person if row.supplier else None,
    )  # fmt: skip
    settled = row.state == PurchaseState.INVOICED and not row.invoices.filter(paid_at=None).exists()
    move(row, by=by, at=at, **({"state": PurchaseState.PAID} if settled else {}))
    fresh.refresh_from_db()
    return fresh


@transaction.atomic
def take_back_payment(
    *, invoice: PurchaseInvoice, reason: str, by: User | None, at: dt.datetime | None = None
) -> PurchaseInvoice:
    """A supplier's payment came back, or was noted by mistake: it is reversed, the invoice to be paid again.

    Refuses without a reason, and an invoice that is not paid: so of two clicks the second changes nothing.
    """
    reason = " ".join(reason.split())[:200]
    if not reason:
        raise Refused("reason_missing", _("Say why the payment is taken back."), field="reason")
    now = at or timezone.now()
    row = held(invoice.order)
    taken = PurchaseInvoice.objects.filter(pk=invoice.pk, paid_at__isnull=False).update(
        paid_at=None, bank_reference="", refusal=reason, updated_at=now
    )
    if not taken:
        raise Refused("not_paid", _("This invoice is not paid."), conflict=True)
    fresh = PurchaseInvoice.objects.get(pk=invoice.pk)
    today = timezone.localtime(now, row.production.studio.zone).date()
    for entry in _posted(row, fresh).filter(reversed_by=None).select_related("production__studio"):
        reverse(entry=entry, on_date=today, by=by, at=at)
    publish(
        SupplierPaymentTakenBack(
            studio_id=row.production.studio_id, production_id=row.production_id, order_id=row.pk, invoice_id=fresh.pk,
            amount_minor=fresh.amount_minor, reason=reason,
        ),
        by=by, at=at,
    )  # fmt: skip
    move(row, by=by, at=at, **({"state": PurchaseState.INVOICED} if row.state == PurchaseState.PAID else {}))
    return fresh


def _posted(order: PurchaseOrder, invoice: PurchaseInvoice) -> QuerySet[Entry]:
    return Entry.objects.filter(
        Q(source=f"purchase_payment:{invoice.pk}") | Q(source__startswith=f"purchase_payment:{invoice.pk}:"),
        production=order.production_id,
    )


@transaction.atomic
def pay_booking(*, booking: Booking, bank_reference: str, by: User | None, at: dt.datetime | None = None) -> Entry:
    """Note that the bank paid for a location. Refuses one whose cost is not posted or was given back."""
    reference = _bank_reference(bank_reference)
    now = at or timezone.now()
    row = (
        Booking.objects.select_for_update(of=("self",))
        .select_related("production__studio", "location")
        .get(pk=booking.pk)
    )
    source = f"booking_payment:{row.pk}"
    known = Entry.objects.filter(production=row.production, source=source).first()
    if known is not None:
        return _paid_already(known, known.params.get("bank_reference", ""), reference)
    cost = Entry.objects.filter(production=row.production, source=f"booking:{row.pk}", reversed_by=None).first()
    if cost is None:
        raise Refused("not_posted", _("The cost of this booking is not in the ledger, so there is nothing to pay."))
    amount = sum(line.amount_minor for line in cost.lines.all() if line.account in COST_ACCOUNTS)
    return _pay(
        row.production, amount, source, str(row.location), str(row.location), reference, now, by,
        {"booking": row.pk}, None,
    )  # fmt: skip


def _bank_reference(text: str) -> str:
    reference = text.strip()[:80]
    if not reference:
        raise Refused("reference_missing", _("Enter the bank's reference."), field="bank_reference")
    return reference


def _paid_already(row: Any, known: str, reference: str) -> Any:
    if known != reference:
        raise Refused(
            "paid_already", _("This was paid under the reference %(reference)s."), conflict=True,
            params={"reference": known},
        )  # fmt: skip
    return row


def _pay(
    production: Production, amount: int, source: str, narrative: str, payee: str, reference: str, now: dt.datetime,
    by: User | None, params: dict[str, Any], person: Any,
) -> Entry:  # fmt: skip
    entry, _new = post(
        production=production,
        sides=[Side(Account.PAYABLE, amount, person, payee), Side(Account.BANK, -amount, note=reference)],
        currency=production.studio.currency,
        on_date=timezone.localtime(now, production.studio.zone).date(),
        source=source,
        narrative=narrative,
        by=by,
        params={**params, "bank_reference": reference},
    )
    return entry
