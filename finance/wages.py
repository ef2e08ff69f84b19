"""Wages: a payment is made up for a person, approved, by two people where the sum asks for it, and paid."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finance.choices import Account, PartyKind, PaymentState, PayoutState, TaxMethod
from finance.events_wages import WageApproved, WageDropped, WagePaid, WageReturned, WagesMadeUp
from finance.ledger import Side, post, reverse
from finance.models import BankPayment, Entry, Party, WageItem, WagePayment
from finance.payouts import close_payment
from finance.queries.wages import OwedItem, owed_items, wage_lines
from finance.tax import withheld_from
from studio.actions import tell
from studio.facts import publish
from studio.models import Person, Production, Studio, User
from studio.refusals import Refused
from studio.values import Money, allocate


def needs_two(payment: WagePayment) -> bool:
    """Above the studio's limit before tax a second, different person approves as well."""
    return payment.gross_minor > payment.studio.payout_approval_minor


@transaction.atomic
def make_up_wages(
    *, studio: Studio, people: Iterable[Person], through: dt.date, by: User | None, at: dt.datetime | None = None
) -> list[WagePayment]:
    """A payment for each person of what is due to them by that day and in no payment yet.

    Author's fees and other pay of one person are two payments, as they are taxed by two methods. Tax is what the tables
    of that day say, with what was paid before in the year. Refuses when nothing is due to any of them.
    """
    # The studio's row is the lock: of two clicks one finds the other's payments, and the year's tax counts them all.
    Studio.objects.select_for_update().get(pk=studio.pk)
    chosen = {person.pk: person for person in people if person.studio_id == studio.pk}
    groups: dict[tuple[int, str, str], list[OwedItem]] = defaultdict(list)
    methods = _methods(studio, chosen)
    for item in owed_items(wage_lines().filter(person__in=chosen, wage_item=None)):
        if item.due.is_due(through):
            method = TaxMethod.AUTHOR if item.account == Account.SCRIPT else methods[item.person_id]
            groups[item.person_id, str(method), item.currency].append(item)
    made = []
    for (person, method, currency), items in sorted(groups.items()):
        gross = sum(item.amount_minor for item in items)
        if gross > 0:
            made.append(_make_up(studio, chosen[person], method, currency, items, through, by))
    if not made:
        raise Refused("nothing_due", _("Nothing is due to the people chosen that is not in a payment already."))
    for payment in made:
        publish(
            WagesMadeUp(
                studio_id=studio.pk, wage_payment_id=payment.pk, person_id=payment.person_id,
                gross_minor=payment.gross_minor, tax_minor=payment.tax_minor,
            ),
            by=by, at=at,
        )  # fmt: skip
    return made


def _methods(studio: Studio, people: dict[int, Person]) -> dict[int, TaxMethod]:
    """How each person's pay is taxed: as a party of the studio says, else as labour remuneration."""
    found = dict.fromkeys(people, TaxMethod.LABOUR)
    for person, method in (
        Party.objects.filter(studio=studio, kind=PartyKind.PERSON, person__in=people)
        .order_by("-pk")
        .values_list("person", "tax_method")
    ):
        if method == TaxMethod.PLATFORM:
            found[person] = TaxMethod.PLATFORM
    return found


def _make_up(
    studio: Studio, person: Person, method: str, currency: str, items: list[OwedItem], on: dt.date, by: User | None
) -> WagePayment:
    gross = sum(item.amount_minor for item in items)
    tax, steps = withheld_from(
        method=TaxMethod(method), name=person.name, gross_minor=gross, on=on, currency=currency, person=person
    )
    payment = WagePayment.objects.create(
        studio=studio, person=person, method=method, currency=currency, on_date=on, gross_minor=gross, tax_minor=tax,
        net_minor=gross - tax, tax_steps=steps, made_by=by,
    )  # fmt: skip
    taxes = allocate(tax, [max(0, item.amount_minor) for item in items])
    WageItem.objects.bulk_create(
        WageItem(payment=payment, line_id=item.line_id, amount_minor=item.amount_minor, tax_minor=part)
        for item, part in zip(items, taxes, strict=True)
    )
    return payment


def _now(payment: WagePayment) -> WagePayment:
    return WagePayment.objects.select_related("studio", "person").get(pk=payment.pk)


@transaction.atomic
def approve_wage(*, payment: WagePayment, by: User, at: dt.datetime | None = None) -> WagePayment:
    """Approve a payment; above the studio's limit two different people do, never who is paid. Approved already: no change."""
    now = at or timezone.now()
    row = _now(payment)
    if row.state != PayoutState.DUE:
        return row
    if row.person.user_id == by.pk:
        raise Refused("own_payout", _("This payment is yours. Somebody else has to approve it."))
    two = needs_two(row)
    due = WagePayment.objects.filter(pk=row.pk, state=PayoutState.DUE)
    first = due.filter(approved_by=None).update(
        approved_by=by, approved_at=now, updated_at=now, state=PayoutState.DUE if two else PayoutState.APPROVED
    )
    if not first:
        second = (
            due.exclude(approved_by=by)
            .filter(second_approved_by=None)
            .update(second_approved_by=by, state=PayoutState.APPROVED, updated_at=now)
        )
        if not second and due.filter(approved_by=by).exists():
            raise Refused("same_person_twice", _("You approved this payment. A second person has to approve it too."))
    row = _now(payment)
    publish(
        WageApproved(studio_id=row.studio_id, wage_payment_id=row.pk, complete=row.state == PayoutState.APPROVED),
        by=by, at=at,
    )  # fmt: skip
    return row


@transaction.atomic
def drop_wage(*, payment: WagePayment, by: User | None, at: dt.datetime | None = None) -> None:
    """Take a payment back that is not paid; what it held is owed again. Refuses one that is paid or was in a batch."""
    row = WagePayment.objects.select_for_update().filter(pk=payment.pk).first()
    if row is None:
        return
    if row.state == PayoutState.PAID:
        raise Refused("paid_already", _("This payment is paid; it stays as it is."), conflict=True)
    gathered = row.bank_payments.order_by("-pk").first()
    if gathered is not None:
        raise Refused(
            "was_in_a_batch", _("This payment was in the bank batch B%(batch)s and stays: approve it and pay it again."),
            conflict=True, params={"batch": gathered.batch_id},
        )  # fmt: skip
    publish(
        WageDropped(
            studio_id=row.studio_id, wage_payment_id=row.pk, person_id=row.person_id, gross_minor=row.gross_minor
        ),
        by=by, at=at,
    )  # fmt: skip
    row.delete()


@transaction.atomic
def pay_wage(
    *, payment: WagePayment, bank_reference: str, by: User | None, at: dt.datetime | None = None
) -> WagePayment:
    """Note that the bank paid; each title's ledger takes its part, once. Paid under the same reference: no change.

    Refuses without a reference, before the approvals are complete, while it waits in a bank batch, and another
    reference for one that is paid.
    """
    reference = bank_reference.strip()[:80]
    if not reference:
        raise Refused("reference_missing", _("Enter the bank's reference."), field="bank_reference")
    now = at or timezone.now()
    paid = WagePayment.objects.filter(pk=payment.pk, state__in=[PayoutState.APPROVED, PayoutState.SENT]).update(
        state=PayoutState.PAID, paid_at=now, bank_reference=reference, refusal="", updated_at=now
    )
    row = _now(payment)
    if not paid:
        if row.state == PayoutState.PAID and row.bank_reference == reference:
            return row
        if row.state == PayoutState.PAID:
            raise Refused(
                "paid_already_under", _("This payment was paid under the reference %(reference)s."), conflict=True,
                params={"reference": row.bank_reference},
            )  # fmt: skip
        raise Refused("not_approved", _("A payment is approved before it is paid."), conflict=True)
    close_payment(BankPayment.objects.filter(wage=row), reference, now)
    _post(row, timezone.localtime(now, row.studio.zone).date(), by)
    publish(
        WagePaid(
            studio_id=row.studio_id, wage_payment_id=row.pk, person_id=row.person_id, net_minor=row.net_minor,
            bank_reference=reference,
        ),
        by=by, at=at,
    )  # fmt: skip
    if row.person.user_id is not None:
        tell(
            users=User.objects.filter(pk=row.person.user_id), studio_id=row.studio_id, kind="finance.wage_paid",
            url="/my/pay/", dedupe=f"wage_paid:{row.pk}:{reference}",
            params={"amount": str(Money(row.net_minor, row.currency)), "studio": row.studio.name},
        )  # fmt: skip
    return row


@transaction.atomic
def return_wage(*, payment: WagePayment, reason: str, by: User | None, at: dt.datetime | None = None) -> WagePayment:
    """The bank refused wages, or sent them back after they were paid: due again, to be approved anew.

    What was posted is reversed in each title's ledger. Refuses without a reason, and what is not with the bank.
    """
    now = at or timezone.now()
    reason = " ".join(reason.split())[:200]
    if not reason:
        raise Refused("reason_missing", _("Say why the payment came back."), field="reason")
    open_again = {
        "state": PayoutState.DUE, "approved_by": None, "approved_at": None, "second_approved_by": None,
        "paid_at": None, "bank_reference": "", "refusal": reason, "updated_at": now,
    }  # fmt: skip
    rows = WagePayment.objects.filter(pk=payment.pk)
    was_paid = bool(rows.filter(state=PayoutState.PAID).update(**open_again))
    if not was_paid and not rows.filter(state=PayoutState.SENT).update(**open_again):
        raise Refused("not_with_the_bank", _("Only wages that the bank has or paid come back."), conflict=True)
    row = _now(payment)
    if was_paid:
        today = timezone.localtime(now, row.studio.zone).date()
        for entry in _posted(row).filter(reversed_by=None).select_related("production__studio"):
            reverse(entry=entry, on_date=today, by=by, at=at)
    BankPayment.objects.filter(wage=row, state__in=[PaymentState.SENT, PaymentState.PAID]).update(
        state=PaymentState.REFUSED, reason=reason, updated_at=now
    )
    publish(
        WageReturned(
            studio_id=row.studio_id, wage_payment_id=row.pk, person_id=row.person_id, reason=reason, was_paid=was_paid
        ),
        by=by, at=at,
    )  # fmt: skip
    return row


def _posted(payment: WagePayment) -> QuerySet[Entry]:
    return Entry.objects.filter(
        Q(source=f"wages:{payment.pk}") | Q(source__startswith=f"wages:{payment.pk}:"),
        production__studio=payment.studio_id,
    )


def _post(payment: WagePayment, on: dt.date, by: User | None) -> None:
    """What is owed goes out of each title's books: to the bank, and as tax withheld."""
    by_title: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for title, amount, tax in payment.items.values_list("line__entry__production", "amount_minor", "tax_minor"):
        by_title[title][0] += amount
        by_title[title][1] += tax
    titles = Production.objects.select_related("studio").in_bulk(by_title)
    # A payment that came back and is paid again is posted anew.
    again = _posted(payment).values("source").distinct().count()
    source = f"wages:{payment.pk}:{again + 1}" if again else f"wages:{payment.pk}"
    for title, (gross, tax) in sorted(by_title.items()):
        if gross == 0 and tax == 0:
            continue
        post(
            production=titles[title],
            sides=[
                Side(Account.PAYABLE, gross, payment.person, payment.person.name),
                Side(Account.TAX, -tax, payment.person, payment.person.name),
                Side(Account.BANK, tax - gross, note=payment.bank_reference),
            ],
            currency=payment.currency, on_date=on, source=source, narrative=payment.person.name, by=by,
            params={"wage_payment": payment.pk, "bank_reference": payment.bank_reference},
        )  # fmt: skip
