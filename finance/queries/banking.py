"""Bank batches with what is in them, payouts that wait for one, and what of a return a person has to look at."""

from __future__ import annotations

import dataclasses

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum

from finance.choices import PAYOUTS_OVER, PartyKind, PaymentState, PayoutState, ReturnOutcome
from finance.models import BankAccount, BankBatch, BankPayment, BankReturn, BankReturnLine, Party, Payout, WagePayment
from studio.models import Studio

_NOBODY_NEEDED = (ReturnOutcome.PAID, ReturnOutcome.REFUSED, ReturnOutcome.DONE)
_HOLDING = (PaymentState.WAITING, PaymentState.SENT, PaymentState.PAID)


def batches_with_sums(rows: QuerySet[BankBatch]) -> QuerySet[BankBatch]:
    """Each batch with how many payments it has, their sum, and how many are still with the bank."""
    return (
        rows.select_related("template", "made_by", "approved_by")
        .defer("sealed_file")
        .annotate(
            payments_count=Count("payments", filter=~Q(payments__state=PaymentState.DROPPED)),
            total_minor=Sum("payments__amount_minor", filter=~Q(payments__state=PaymentState.DROPPED), default=0),
            open_count=Count("payments", filter=Q(payments__state=PaymentState.SENT)),
            refused_count=Count("payments", filter=Q(payments__state=PaymentState.REFUSED)),
        )
        .order_by("-pk")
    )


def _account_of_party(field: str, party: str = "party") -> Subquery:
    return Subquery(BankAccount.objects.filter(party=OuterRef(party), ended_at=None).values(field)[:1])


def payouts_for_a_batch(studio: Studio) -> QuerySet[Payout]:
    """Approved payouts that no batch holds, with the account they would go to; what is due first."""
    held = BankPayment.objects.filter(payout=OuterRef("pk"), state__in=_HOLDING)
    return (
        Payout.objects.filter(
            settlement__production__studio=studio, state=PayoutState.APPROVED, net_minor__gt=0
        )
        .exclude(Exists(held))
        .select_related("party", "settlement__production")
        .annotate(account_bank=_account_of_party("bank_name"), account_last4=_account_of_party("last4"))
        .order_by("due_date", "pk")
    )  # fmt: skip


def wages_for_a_batch(studio: Studio) -> QuerySet[WagePayment]:
    """Approved wages that no batch holds, with the account they would go to."""
    held = BankPayment.objects.filter(wage=OuterRef("pk"), state__in=_HOLDING)
    account = BankAccount.objects.filter(person=OuterRef("person"), ended_at=None)
    return (
        WagePayment.objects.filter(studio=studio, state=PayoutState.APPROVED, net_minor__gt=0)
        .exclude(Exists(held))
        .select_related("person")
        .annotate(
            account_bank=Subquery(account.values("bank_name")[:1]), account_last4=Subquery(account.values("last4")[:1])
        )
        .order_by("on_date", "pk")
    )


def payments_of(batch: BankBatch) -> QuerySet[BankPayment]:
    """Payments of a batch; `first_time` where nothing was ever paid to that account."""
    before = BankPayment.objects.filter(account=OuterRef("account"), state=PaymentState.PAID)
    return (
        batch.payments.select_related(
            "payout__party", "payout__settlement__production", "wage__person", "account__entered_by", "batch"
        )
        .annotate(first_time=~Exists(before))
        .order_by("pk")
    )


def payees(studio: Studio, text: str = "", lacking: bool = False) -> QuerySet[Party]:
    """Parties that are paid, with their account in force and what is not paid yet waits for it."""
    rows = (
        Party.objects.filter(studio=studio)
        .exclude(kind=PartyKind.STUDIO)
        .annotate(
            account_bank=_account_of_party("bank_name", "pk"),
            account_last4=_account_of_party("last4", "pk"),
            open_payouts=Count("payouts", filter=~Q(payouts__state__in=PAYOUTS_OVER)),
        )
        .order_by("name", "pk")
    )
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(code__icontains=text))
    return rows.filter(account_last4=None) if lacking else rows


def returns_with_counts(studio: Studio) -> QuerySet[BankReturn]:
    return (
        BankReturn.objects.filter(studio=studio)
        .select_related("read_by", "template")
        .annotate(
            lines_count=Count("lines"),
            open_count=Count("lines", filter=Q(lines__looked_at=None) & ~Q(lines__outcome__in=_NOBODY_NEEDED)),
        )
        .order_by("-pk")
    )


@dataclasses.dataclass(frozen=True)
class ReadLine:
    """A line of a return as the page shows it."""

    line: BankReturnLine
    needs_somebody: bool


def lines_of_return(row: BankReturn) -> list[ReadLine]:
    """Lines of a return, what needs somebody first."""
    lines = [
        ReadLine(line, line.looked_at is None and line.outcome not in _NOBODY_NEEDED)
        for line in row.lines.select_related(
            "payment__payout__party", "payment__wage__person", "payment__batch", "looked_by"
        ).order_by("row")
    ]
    return sorted(lines, key=lambda found: not found.needs_somebody)
