"""What the bank sends back: read, matched with what it was asked for, and taken into the books once."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finance.bank_accounts import account_number
from finance.banking import Match, ReturnFault, Sent, match, read_return
from finance.choices import PaymentState, ReturnOutcome
from finance.events import BankReturnRead
from finance.models import BankPayment, BankReturn, BankReturnLine, BankTemplate
from finance.payouts import pay_payout, return_payout
from finance.sentences import banking_sentence, finding_sentence
from finance.statements.tables import Unreadable
from finance.wages import pay_wage, return_wage
from studio.facts import publish
from studio.models import Studio, User
from studio.refusals import Refused
from studio.uploads import MEGA, check_size

MOST_BYTES = 10 * MEGA
MOST_LINES = 2000
# What needs nobody: it is done, or nothing changed.
SETTLED = (ReturnOutcome.PAID, ReturnOutcome.REFUSED, ReturnOutcome.DONE)
_REFERENCE = re.compile(r"KJ([0-9]{1,18})([PW])([0-9]{1,18})", re.ASCII)


@transaction.atomic
def read_bank_return(
    *,
    studio: Studio,
    template: BankTemplate,
    data: bytes,
    file_name: str,
    by: User | None,
    mapping: Mapping[str, str] | None = None,
    at: dt.datetime | None = None,
) -> BankReturn:
    """Take a return into the books: what agrees is paid or due again, the rest is listed for a person.

    The same file again is the row there is; lines noted before change nothing. The columns are remembered with the
    template. Refuses a file without a readable line; nothing is kept then.
    """
    if template.studio_id != studio.pk:
        raise Refused("other_studio", _("This template belongs to another studio."), field="template")
    check_size(len(data), most=MOST_BYTES)
    # The studio's row is the lock: two returns are taken one after the other, and each knows what the first did.
    Studio.objects.select_for_update().get(pk=studio.pk)
    digest = hashlib.sha256(data).hexdigest()
    known = BankReturn.objects.filter(studio=studio, sha256=digest).first()
    if known is not None:
        return known
    try:
        read = read_return(
            data, mapping=mapping or template.return_mapping or None, paid_words=_words(template.paid_words),
            refused_words=_words(template.refused_words), currency=studio.currency,
        )  # fmt: skip
    except ReturnFault as fault:
        raise Refused(
            f"return_{fault.code}",
            "%(text)s",
            field="file",
            params={"text": banking_sentence(fault.code, fault.params)},
        ) from None
    except Unreadable as fault:
        text = finding_sentence({"code": fault.code, "params": fault.params})
        raise Refused("unreadable", "%(text)s", field="file", params={"text": text}) from None
    if len(read.lines) > MOST_LINES:
        raise Refused(
            "too_many_lines", _("A return holds %(most)s lines at most. Split the file."), field="file",
            params={"most": MOST_LINES},
        )  # fmt: skip
    payments = _payments(studio, " ".join(line.reference for line in read.lines))
    sent = [
        Sent(
            reference, payment.amount_minor, account_number(payment.account), str(payment.state),
            payment.batch.currency,
        )
        for reference, payment in payments.items()
    ]  # fmt: skip
    row = BankReturn.objects.create(
        studio=studio, template=template, file_name=file_name[:200], sha256=digest, read_by=by
    )
    counts: Counter[str] = Counter()
    for found in match(read.lines, sent):
        payment = payments.get(found.reference)
        _take(found, payment, by, at)
        counts[found.outcome] += 1
        BankReturnLine.objects.create(
            bank_return=row, row=found.line.row, reference=_without_numbers(found.line.reference),
            amount_minor=found.line.amount_minor, last4=found.line.account[-4:],
            state_text=found.line.state_text, reason=_without_numbers(found.line.reason), bank_reference=found.line.bank_reference,
            outcome=found.outcome, params=dict(found.params), payment=payment,
        )  # fmt: skip
    if dict(read.mapping) != template.return_mapping:
        BankTemplate.objects.filter(pk=template.pk).update(
            return_mapping=dict(read.mapping), updated_at=timezone.now()
        )  # fmt: skip
    publish(
        BankReturnRead(
            studio_id=studio.pk, bank_return_id=row.pk, paid=counts[ReturnOutcome.PAID],
            refused=counts[ReturnOutcome.REFUSED],
            open=sum(count for outcome, count in counts.items() if outcome not in SETTLED),
        ),
        by=by, at=at,
    )  # fmt: skip
    return row


def _words(written: str) -> list[str]:
    return [word.strip() for word in re.split(r"[,，、]", written) if word.strip()]


def _without_numbers(reference: str) -> str:
    """A bank may repeat an account number in its texts; only its end is kept."""
    return re.sub(r"[0-9]{12,}", lambda found: f"…{found[0][-4:]}", reference)


def _payments(studio: Studio, text: str) -> dict[str, BankPayment]:
    """Reference -> payment: those that are with the bank, and those that the return names."""
    found = _REFERENCE.findall(text)
    named = {f"KJ{batch}{kind}{number}" for batch, kind, number in found}
    batches = {int(batch) for batch, _kind, _number in found}
    rows = BankPayment.objects.filter(batch__studio=studio).select_related(
        "account", "batch", "payout__settlement__production__studio", "wage"
    )
    waiting = rows.filter(state=PaymentState.SENT)
    told = rows.filter(batch__in=batches, state__in=[PaymentState.PAID, PaymentState.REFUSED]) if batches else []
    return {row.reference: row for row in [*waiting, *(row for row in told if row.reference in named)]}


def _take(found: Match, payment: BankPayment | None, by: User | None, at: dt.datetime | None) -> None:
    if payment is None:
        return
    if found.outcome == ReturnOutcome.PAID:
        reference = found.line.bank_reference or payment.reference
        if payment.payout is not None:
            pay_payout(payout=payment.payout, bank_reference=reference, by=by, at=at)
        elif payment.wage is not None:
            pay_wage(payment=payment.wage, bank_reference=reference, by=by, at=at)
    elif found.outcome == ReturnOutcome.REFUSED:
        _return(payment, _without_numbers(found.line.reason or found.line.state_text), by, at)


def _return(payment: BankPayment, reason: str, by: User | None, at: dt.datetime | None) -> None:
    if payment.payout is not None:
        return_payout(payout=payment.payout, reason=reason, by=by, at=at)
    elif payment.wage is not None:
        return_wage(payment=payment.wage, reason=reason, by=by, at=at)


@transaction.atomic
def look_at_line(*, line: BankReturnLine, note: str, by: User, at: dt.datetime | None = None) -> BankReturnLine:
    """Tick off a line that a person had to look at, saying what was done. Ticked off already: no change."""
    note = " ".join(note.split())[:200]
    if not note:
        raise Refused("note_missing", _("Say what was done about this line."), field="note")
    BankReturnLine.objects.filter(pk=line.pk, looked_at=None).update(
        looked_at=at or timezone.now(), looked_by=by, note=note
    )
    line.refresh_from_db()
    return line


@transaction.atomic
def take_back_line(*, line: BankReturnLine, by: User, at: dt.datetime | None = None) -> BankReturnLine:
    """The bank sent money back that was noted as paid: the payment is reversed, what it paid due again. Twice is once.

    Refuses every other line, and one whose payment was paid again since.
    """
    row = BankReturnLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if row.looked_at is not None:
        return row
    payment = row.payment
    if row.outcome != ReturnOutcome.CAME_BACK or payment is None or payment.state != PaymentState.PAID:
        raise Refused("did_not_come_back", _("This line names no payment that came back."), conflict=True)
    reason = row.reason or row.state_text
    _return(payment, reason, by, at)
    return look_at_line(line=row, note=str(_("Taken back: %(reason)s") % {"reason": reason}), by=by, at=at)
