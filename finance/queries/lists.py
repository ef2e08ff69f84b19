"""Ledger lines and payouts as lists."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from finance.books import check_books as check_books
from finance.choices import COST_ACCOUNTS, PAYOUTS_OVER, Account, PayoutState
from finance.models import EntryLine, Payout
from finance.queries.freezes import is_frozen
from studio.access import Access
from studio.models import Production


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
    rows = rows.annotate(frozen=is_frozen())
    if state == "open":
        rows = rows.exclude(state__in=PAYOUTS_OVER)
    elif state in PayoutState.values:
        rows = rows.filter(state=state)
    if text.strip():
        rows = rows.filter(
            Q(party__name__icontains=text.strip()) | Q(settlement__production__title__icontains=text.strip())
            | Q(bank_reference__icontains=text.strip())
        )  # fmt: skip
    return rows.order_by("due_date", "id")
