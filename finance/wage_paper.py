"""A person's statement of a wage payment: what it is for, and the tax step by step."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from finance.choices import PayoutState
from finance.documents import show
from finance.models import WagePayment
from finance.queries.wages import owed_items, wage_lines
from finance.sentences import tax_sentence
from studio.documents import render_pdf
from studio.values import Money, month_of


def wage_data(payment: WagePayment) -> dict[str, Any]:
    """What `payout_statement.typ` draws."""
    unit = payment.currency
    items = owed_items(wage_lines().filter(wage_item__payment=payment))
    months = sorted({month_of(item.earned_date) for item in items})
    zone = payment.studio.zone
    dates = [item.due.date for item in items if item.due.date is not None]
    return {
        "lang": "zh" if (get_language() or "").startswith("zh") else "en",
        "studio": payment.studio.name,
        "number": f"W{payment.pk}",
        "issued_at": timezone.localtime(payment.paid_at, zone) if payment.paid_at else payment.on_date,
        "period": months[0] if len(months) == 1 else f"{months[0]} – {months[-1]}" if months else "",
        "status": {PayoutState.PAID: "paid", PayoutState.APPROVED: "issued"}.get(PayoutState(payment.state), "draft"),
        "payee": {"name": payment.person.name, "kind": payment.get_method_display()},
        "lines": [
            {
                "title": item.title, "clause": item.label, "basis": f"{item.earned_date} · {item.narrative}",
                "amount": Money(item.amount_minor, unit),
            }
            for item in items
        ],
        "gross": Money(payment.gross_minor, unit),
        "tax_steps": [
            {"label": tax_sentence(step), "amount": Money(step["amount_minor"], unit) if show(step) else ""}
            for step in payment.tax_steps
            if step["code"] != "tax"
        ],
        "tax": Money(-payment.tax_minor, unit),
        "net": Money(payment.net_minor, unit),
        "due_date": min(dates) if dates else "",
        "notes": [_("Paid under the bank's reference %(reference)s.") % {"reference": payment.bank_reference}]
        if payment.bank_reference
        else [],
    }  # fmt: skip


def wage_pdf(payment: WagePayment) -> bytes:
    return render_pdf("payout_statement.typ", wage_data(payment))
