"""Bank batches: approved payouts and wages gathered, approved as a whole, and written into one file, once."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from finance.bank_accounts import account_number
from finance.banking import Column, FileFault, Layout, Payment, write_file
from finance.choices import BankField, BatchState, PaymentState, PayoutState
from finance.events import BankBatchApproved, BankBatchCancelled, BankBatchGathered, BankFileExported
from finance.models import BankAccount, BankBatch, BankColumn, BankPayment, BankTemplate, Payout, WagePayment
from finance.payouts import is_own
from finance.queries.freezes import is_frozen
from finance.sealing import seal, unseal
from finance.sentences import banking_sentence
from studio.facts import publish
from studio.models import Studio, User
from studio.refusals import Refused
from studio.versions import bump_studio

MOST_PAYMENTS = 2000
_SUFFIX = {"csv": "csv", "xlsx": "xlsx", "fixed": "txt"}
# A sensible file to start from; no bank's own format is known to us.
FIRST_COLUMNS = [
    (BankField.SERIAL, "序号"), (BankField.HOLDER, "收款户名"), (BankField.NUMBER, "收款账号"), (BankField.BANK, "收款银行"),
    (BankField.BRANCH, "开户网点"), (BankField.BANK_CODE, "联行号"), (BankField.AMOUNT, "金额"), (BankField.CURRENCY, "币种"),
    (BankField.REFERENCE, "参考号"), (BankField.PURPOSE, "用途"),
]  # fmt: skip


@transaction.atomic
def first_template(*, studio: Studio) -> BankTemplate:
    """The studio's oldest template; one is made where there is none."""
    Studio.objects.select_for_update().get(pk=studio.pk)
    found = BankTemplate.objects.filter(studio=studio).order_by("pk").first()
    if found is not None:
        return found
    template = BankTemplate.objects.create(studio=studio, name="通用 CSV")
    BankColumn.objects.bulk_create(
        BankColumn(template=template, position=place, field=field, head=head)
        for place, (field, head) in enumerate(FIRST_COLUMNS, 1)
    )
    return template


def total_of(batch: BankBatch) -> int:
    rows = batch.payments.exclude(state=PaymentState.DROPPED)
    return int(rows.aggregate(total=Sum("amount_minor"))["total"] or 0)


@transaction.atomic
def gather_payouts(
    *,
    studio: Studio,
    payouts: Iterable[Payout] = (),
    wages: Iterable[WagePayment] = (),
    template: BankTemplate,
    pay_date: dt.date,
    by: User | None,
    at: dt.datetime | None = None,
) -> BankBatch:
    """Put approved payouts and wages of one currency into a new batch.

    Refuses, naming the payees, those that are not approved, have no account, or are in a batch already.
    """
    ids = sorted({payout.pk for payout in payouts})
    wage_ids = sorted({wage.pk for wage in wages})
    if not ids and not wage_ids:
        raise Refused("nothing_chosen", _("Choose at least one payment."), field="payouts")
    if len(ids) + len(wage_ids) > MOST_PAYMENTS:
        raise Refused(
            "too_many_payments", _("A batch holds %(most)s payments at most."), params={"most": MOST_PAYMENTS}
        )
    rows: list[Payout | WagePayment] = [
        *Payout.objects.select_for_update(of=("self",))
        .filter(pk__in=ids, settlement__production__studio=studio)
        .select_related("party", "settlement")
        .order_by("pk"),
        *WagePayment.objects.select_for_update(of=("self",))
        .filter(pk__in=wage_ids, studio=studio)
        .select_related("person")
        .order_by("pk"),
    ]
    if len(rows) != len(ids) + len(wage_ids) or template.studio_id != studio.pk:
        raise Refused("other_studio", _("A batch holds payments of one studio."))
    accounts = _accounts(rows)
    _refuse_any(
        [row for row in rows if row.state != PayoutState.APPROVED], "not_approved", _("Not approved: %(names)s.")
    )
    held = set(Payout.objects.filter(is_frozen(), pk__in=ids).values_list("pk", flat=True))
    _refuse_any(
        [row for row in rows if isinstance(row, Payout) and row.pk in held],
        "payouts_frozen",
        _("Frozen by a takedown: %(names)s."),
    )
    _refuse_any([row for row in rows if row.net_minor <= 0], "nothing_to_pay", _("Nothing to pay: %(names)s."))
    _refuse_any(
        [row for row in rows if _key(row) not in accounts],
        "no_account",
        _("No bank account is known of: %(names)s."),
    )
    currencies = sorted({row.settlement.currency if isinstance(row, Payout) else row.currency for row in rows})
    if len(currencies) > 1:
        raise Refused(
            "two_currencies_in_batch", _("A batch has one currency, these payments have %(found)s."),
            params={"found": ", ".join(currencies)},
        )  # fmt: skip
    batch = BankBatch.objects.create(
        studio=studio, template=template, currency=currencies[0], pay_date=pay_date, made_by=by
    )
    try:
        with transaction.atomic():
            BankPayment.objects.bulk_create(
                BankPayment(
                    batch=batch, account=accounts[_key(row)], amount_minor=row.net_minor,
                    payout=row if isinstance(row, Payout) else None, wage=None if isinstance(row, Payout) else row,
                )
                for row in rows
            )  # fmt: skip
    except IntegrityError:
        held_by = [PaymentState.WAITING, PaymentState.SENT, PaymentState.PAID]
        taken = BankPayment.objects.filter(Q(payout__in=ids) | Q(wage__in=wage_ids), state__in=held_by)
        named = {
            ("payout", payout) if payout else ("wage", wage) for payout, wage in taken.values_list("payout", "wage")
        }
        _refuse_any(
            [row for row in rows if ("payout" if isinstance(row, Payout) else "wage", row.pk) in named], "in_a_batch",
            _("In another batch already: %(names)s."),
        )  # fmt: skip
        raise
    publish(
        BankBatchGathered(
            studio_id=studio.pk, bank_batch_id=batch.pk, payments=len(rows),
            total_minor=sum(row.net_minor for row in rows),
        ),
        by=by, at=at,
    )  # fmt: skip
    return batch


def _key(row: Payout | WagePayment) -> tuple[str, int]:
    return ("party", row.party_id) if isinstance(row, Payout) else ("person", row.person_id)


def _accounts(rows: list[Payout | WagePayment]) -> dict[tuple[str, int], BankAccount]:
    """Payee -> the account in force."""
    parties = {row.party_id for row in rows if isinstance(row, Payout)}
    people = {row.person_id for row in rows if isinstance(row, WagePayment)}
    found = BankAccount.objects.filter(Q(party__in=parties) | Q(person__in=people), ended_at=None)
    return {("party", row.party_id) if row.party_id else ("person", row.person_id): row for row in found}


def _refuse_any(rows: Sequence[Payout | WagePayment], code: str, sentence: str) -> None:
    if rows:
        names = ", ".join(dict.fromkeys(row.payee for row in rows))
        raise Refused(code, sentence, conflict=True, params={"names": names[:300]})


def _locked(batch: BankBatch) -> BankBatch:
    return BankBatch.objects.select_for_update(of=("self",)).select_related("studio", "template").get(pk=batch.pk)


@transaction.atomic
def approve_batch(*, batch: BankBatch, by: User, at: dt.datetime | None = None) -> BankBatch:
    """Approve a batch as it stands. Approved already: no change.

    Refuses an empty one, who is paid in it, and above the studio's limit whoever gathered it.
    """
    row = _locked(batch)
    if row.state in (BatchState.APPROVED, BatchState.SENT):
        return row
    if row.state == BatchState.CANCELLED:
        raise Refused("batch_cancelled", _("This batch is cancelled."), conflict=True)
    payments = list(
        row.payments.filter(state=PaymentState.WAITING)
        .select_related("payout__party__person", "wage__person")
        .order_by("pk")
    )
    total = sum(payment.amount_minor for payment in payments)
    if not payments:
        raise Refused("batch_empty", _("This batch has no payments."), conflict=True)
    if any(_pays(payment, by) for payment in payments):
        raise Refused("own_payout", _("A payment of this batch is yours. Somebody else has to approve it."))
    if total > row.studio.payout_approval_minor and row.made_by_id == by.pk:
        raise Refused(
            "same_person_twice", _("You gathered this batch. Above the studio's limit another person approves it.")
        )
    now = at or timezone.now()
    row.state, row.approved_by, row.approved_at = BatchState.APPROVED, by, now
    row.save(update_fields=["state", "approved_by", "approved_at", "updated_at"])
    publish(BankBatchApproved(studio_id=row.studio_id, bank_batch_id=row.pk, total_minor=total), by=by, at=at)
    return row


def _pays(payment: BankPayment, user: User) -> bool:
    """Whether the payment goes to the user."""
    if payment.payout is not None:
        return is_own(payment.payout, user)
    return payment.wage is not None and payment.wage.person.user_id == user.pk


@transaction.atomic
def drop_payment(*, payment: BankPayment, by: User | None, at: dt.datetime | None = None) -> BankPayment:
    """Take a payment out of a batch that has no file yet; the batch is approved anew. Twice is once."""
    batch = _locked(payment.batch)
    payment.refresh_from_db()
    if payment.state == PaymentState.DROPPED:
        return payment
    if batch.state not in (BatchState.DRAFT, BatchState.APPROVED):
        raise Refused("batch_sent", _("The file of this batch is made; it stays as it is."), conflict=True)
    now = at or timezone.now()
    payment.state = PaymentState.DROPPED
    payment.save(update_fields=["state", "updated_at"])
    batch.state, batch.approved_by, batch.approved_at = BatchState.DRAFT, None, None
    batch.save(update_fields=["state", "approved_by", "approved_at", "updated_at"])
    Payout.objects.filter(pk=payment.payout_id).update(updated_at=now)
    WagePayment.objects.filter(pk=payment.wage_id).update(updated_at=now)
    bump_studio(batch.studio_id)
    return payment


@transaction.atomic
def cancel_batch(*, batch: BankBatch, by: User | None, at: dt.datetime | None = None) -> BankBatch:
    """Give up a batch that has no file yet: its payments may go into another. Cancelled already: no change."""
    row = _locked(batch)
    if row.state == BatchState.CANCELLED:
        return row
    if row.state == BatchState.SENT:
        raise Refused("batch_sent", _("The file of this batch is made; it stays as it is."), conflict=True)
    now = at or timezone.now()
    row.payments.filter(state=PaymentState.WAITING).update(state=PaymentState.DROPPED, updated_at=now)
    row.state, row.approved_by, row.approved_at = BatchState.CANCELLED, None, None
    row.save(update_fields=["state", "approved_by", "approved_at", "updated_at"])
    publish(BankBatchCancelled(studio_id=row.studio_id, bank_batch_id=row.pk), by=by, at=at)
    return row


@transaction.atomic
def export_batch(*, batch: BankBatch, by: User | None, at: dt.datetime | None = None) -> tuple[BankBatch, bytes]:
    """The batch's file. Made once, its payments are then with the bank; asked again, the same bytes.

    Refuses a batch that is not approved, one whose payments or accounts changed since, and what the template cannot hold.
    """
    row = _locked(batch)
    if row.state == BatchState.SENT:
        return row, unseal(row.sealed_file)
    if row.state != BatchState.APPROVED:
        raise Refused("batch_not_approved", _("The batch is approved before its file is made."), conflict=True)
    payments = list(
        row.payments.filter(state=PaymentState.WAITING)
        .select_related("payout__party", "payout__settlement__production", "wage__person", "account")
        .order_by("pk")
    )
    now = at or timezone.now()
    sent = 0
    for model, ids in (
        (Payout, [payment.payout_id for payment in payments if payment.payout_id]),
        (WagePayment, [payment.wage_id for payment in payments if payment.wage_id]),
    ):
        approved = model._default_manager.filter(pk__in=ids, state=PayoutState.APPROVED)
        sent += approved.update(state=PayoutState.SENT, updated_at=now)
    stale = [
        payment
        for payment in payments
        if payment.account.ended_at or payment.amount_minor != payment.paid_for.net_minor
    ]
    if sent != len(payments) or stale or not payments:
        raise Refused(
            "batch_stale", _("A payment of this batch or its account changed since. Cancel the batch and gather anew."),
            conflict=True,
        )  # fmt: skip
    data = _file(row, payments)
    digest = hashlib.sha256(data).hexdigest()
    row.payments.filter(state=PaymentState.WAITING).update(state=PaymentState.SENT, updated_at=now)
    row.state, row.exported_by, row.exported_at = BatchState.SENT, by, now
    row.sha256, row.sealed_file = digest, seal(data)
    row.file_name = f"bank-B{row.pk}-{row.pay_date:%Y%m%d}.{_SUFFIX[row.template.format]}"
    row.save()
    publish(
        BankFileExported(
            studio_id=row.studio_id, bank_batch_id=row.pk, payments=len(payments),
            total_minor=sum(payment.amount_minor for payment in payments), sha256=digest,
        ),
        by=by, at=at,
    )  # fmt: skip
    return row, data


def _purpose(payment: BankPayment) -> str:
    if payment.payout is not None:
        return f"{payment.payout.settlement.production.title} {payment.payout.settlement.period}"
    return pgettext("bank file", "Wages %(date)s") % {"date": payment.paid_for.on_date}  # type: ignore[union-attr]


def _file(batch: BankBatch, payments: list[BankPayment]) -> bytes:
    template = batch.template
    layout = Layout(
        format=template.format, encoding=template.encoding, has_heads=template.has_heads, amounts=template.amounts,
        columns=tuple(
            Column(row.head, row.field, row.width, row.text) for row in template.columns.order_by("position")
        ),
    )  # fmt: skip
    rows = [
        Payment(
            reference=payment.reference, holder=payment.account.holder_name, number=account_number(payment.account),
            bank=payment.account.bank_name, branch=payment.account.branch, bank_code=payment.account.bank_code,
            amount_minor=payment.amount_minor, currency=batch.currency, on_date=batch.pay_date,
            purpose=_purpose(payment),
        )
        for payment in payments
    ]  # fmt: skip
    try:
        return write_file(layout, rows)
    except FileFault as fault:
        raise Refused(
            f"bank_file_{fault.code}", "%(text)s", params={"text": banking_sentence(fault.code, fault.params)}
        ) from None
