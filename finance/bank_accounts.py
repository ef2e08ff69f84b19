"""Where parties and people are paid: a change is a new row, and takes back the approvals given under the old one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finance.banking import bank_code_fault, clean_number, number_fault
from finance.choices import BatchState, PartyKind, PaymentState, PayoutState
from finance.events import BankAccountChanged
from finance.models import BankAccount, BankBatch, BankPayment, Party, Payout, WagePayment
from finance.sealing import seal, unseal
from finance.sentences import banking_sentence
from studio.facts import publish
from studio.models import Person, User
from studio.refusals import Refused


def account_number(account: BankAccount) -> str:
    """The number in full; who may read it is the door's question."""
    return unseal(account.sealed_number.encode()).decode()


@transaction.atomic
def set_account(
    *,
    party: Party | None = None,
    person: Person | None = None,
    holder_name: str,
    bank_name: str,
    number: str,
    by: User | None,
    branch: str = "",
    bank_code: str = "",
    at: dt.datetime | None = None,
) -> BankAccount:
    """Where a party, or a person for wages, is paid from now on. The same details again change nothing.

    Approvals of payouts and wages that have not gone to the bank are taken back, and those leave their batch: who
    approved them approved another account. Refuses a number or bank code that cannot be one.
    """
    now = at or timezone.now()
    clean = clean_number(number)
    given = {
        "holder_name": " ".join(holder_name.split()), "bank_name": " ".join(bank_name.split()),
        "branch": " ".join(branch.split()), "bank_code": clean_number(bank_code),
    }  # fmt: skip
    for field, text in (("holder_name", _("Name the account holder.")), ("bank_name", _("Name the bank."))):
        if not given[field]:
            raise Refused(f"{field}_missing", text, field=field)
    for field, code in (
        ("number", number_fault(clean, is_person=party is None or party.kind == PartyKind.PERSON)),
        ("bank_code", bank_code_fault(given["bank_code"])),
    ):
        if code:
            raise Refused(code, banking_sentence(code), field=field)
    # The payee's row is the lock: of two changes at once the later one stands.
    payee: Party | Person
    if party is not None:
        payee = Party.objects.select_for_update().get(pk=party.pk)
    elif person is not None:
        payee = Person.objects.select_for_update().get(pk=person.pk)
    else:
        raise TypeError("an account is a party's or a person's")
    before = BankAccount.objects.filter(party=party, person=person, ended_at=None).first()
    if before is not None:
        same = {name: getattr(before, name) for name in given} == given
        if same and before.last4 == clean[-4:] and account_number(before) == clean:
            return before
        BankAccount.objects.filter(pk=before.pk).update(ended_at=now, updated_at=now)
    account = BankAccount.objects.create(
        studio_id=payee.studio_id, party=party, person=person, sealed_number=seal(clean.encode()).decode(),
        last4=clean[-4:], entered_by=by, **given,
    )  # fmt: skip
    taken_back = _take_back_approvals(party, person, now) if before is not None else 0
    publish(
        BankAccountChanged(
            studio_id=payee.studio_id, production_id=None, party_id=party.pk if party else None,
            person_id=person.pk if person else None, last4=account.last4,
            before_last4=before.last4 if before else "", approvals_taken_back=taken_back,
        ),
        by=by, at=at,
    )  # fmt: skip
    return account


def _take_back_approvals(party: Party | None, person: Person | None, now: dt.datetime) -> int:
    theirs = Q(payout__party=party) if party is not None else Q(wage__person=person)
    waiting = BankPayment.objects.filter(theirs, state=PaymentState.WAITING)
    batches = list(waiting.values_list("batch", flat=True))
    waiting.update(state=PaymentState.DROPPED, reason=str(_("The account was changed.")), updated_at=now)
    BankBatch.objects.filter(pk__in=batches, state=BatchState.APPROVED).update(
        state=BatchState.DRAFT, approved_by=None, approved_at=None, updated_at=now
    )
    rows: QuerySet[Any] = (
        Payout.objects.filter(party=party) if party is not None else WagePayment.objects.filter(person=person)
    )
    return (
        rows.filter(Q(state=PayoutState.APPROVED) | Q(state=PayoutState.DUE, approved_at__isnull=False))
        .update(
            state=PayoutState.DUE, approved_by=None, approved_at=None, second_approved_by=None, updated_at=now
        )
    )  # fmt: skip
