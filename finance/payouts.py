"""Payouts: approved, by two people where the sum asks for it, and paid."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finance.choices import PAYOUTS_OVER, Account, PaymentState, PayoutState
from finance.events import PayoutApproved, PayoutPaid, PayoutReturned
from finance.issuing import cancel_payout, tax_payout
from finance.ledger import Side, post, reverse
from finance.models import BankPayment, Debt, Entry, Freeze, Payout, SetOff, Settlement
from finance.queries.freezes import freeze_of
from studio.actions import move_stage
from studio.choices import Stage
from studio.facts import publish
from studio.models import Studio, User
from studio.refusals import Refused


def needs_two(payout: Payout) -> bool:
    """Above the studio's limit before tax a second, different person approves as well."""
    return payout.gross_minor > payout.settlement.production.studio.payout_approval_minor


def is_own(payout: Payout, user: User) -> bool:
    """Whether the payout goes to the user: as the party that signs in, or as its person."""
    party = payout.party
    return user.pk in (party.user_id, party.person.user_id if party.person else None)


def _now(payout: Payout) -> Payout:
    return Payout.objects.select_related("settlement__production__studio", "party__person").get(pk=payout.pk)


def _frozen(freeze: Freeze) -> Refused:
    return Refused(
        "payouts_frozen",
        _("%(platform)s took the title down (%(reason)s): its payouts are frozen until somebody lifts that."),
        conflict=True, params={"platform": freeze.platform.name, "reason": freeze.takedown.reason},
    )  # fmt: skip


def _cancelled() -> Refused:
    return Refused("payout_cancelled", _("This payout was cancelled when its settlement was reversed."), conflict=True)


@transaction.atomic
def approve_payout(*, payout: Payout, by: User, at: dt.datetime | None = None) -> Payout:
    """Approve a payout that is due; one more approval changes nothing once it is complete.

    Above the studio's limit two different people approve: the same person twice is refused, and so is whoever gets
    the money.
    """
    now = at or timezone.now()
    row = _now(payout)
    if row.state == PayoutState.CANCELLED:
        raise _cancelled()
    if row.state != PayoutState.DUE:
        return row
    if (freeze := freeze_of(row)) is not None:
        raise _frozen(freeze)
    if is_own(row, by):
        raise Refused("own_payout", _("This payout is yours. Somebody else has to approve it."))
    two = needs_two(row)
    due = Payout.objects.filter(pk=row.pk, state=PayoutState.DUE)
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
            raise Refused("same_person_twice", _("You approved this payout. A second person has to approve it too."))
    row = _now(payout)
    publish(
        PayoutApproved(
            studio_id=row.settlement.production.studio_id, production_id=row.settlement.production_id,
            payout_id=row.pk, complete=row.state == PayoutState.APPROVED,
        ),
        by=by, at=at,
    )  # fmt: skip
    return row


@dataclasses.dataclass(frozen=True)
class Approvals:
    """What became of many payouts approved at once: each by its own rule."""

    complete: int
    need_second: int
    refused: tuple[tuple[Payout, str], ...]


def approve_payouts(*, payouts: Iterable[Payout], by: User, at: dt.datetime | None = None) -> Approvals:
    """Approve each payout by itself: one that is refused stops no other."""
    complete, need_second, refused = 0, 0, []
    for payout in payouts:
        try:
            row = approve_payout(payout=payout, by=by, at=at)
        except Refused as why:
            refused.append((payout, why.message))
            continue
        if row.state == PayoutState.DUE:
            need_second += 1
        else:
            complete += 1
    return Approvals(complete, need_second, tuple(refused))


@transaction.atomic
def pay_payout(*, payout: Payout, bank_reference: str, by: User | None, at: dt.datetime | None = None) -> Payout:
    """Note that the bank paid. Paid already under the same reference: no change.

    Refuses without a reference, before the approvals are complete, while it waits in a bank batch, and another
    reference for one that is paid. A title whose last payout is paid is settled.
    """
    reference = bank_reference.strip()[:80]
    if not reference:
        raise Refused("reference_missing", _("Enter the bank's reference."), field="bank_reference")
    now = at or timezone.now()
    freeze = freeze_of(_now(payout))
    # What is with the bank is paid or comes back, whatever happens to the title meanwhile.
    may_pay = [PayoutState.SENT] if freeze is not None else [PayoutState.APPROVED, PayoutState.SENT]
    paid = Payout.objects.filter(pk=payout.pk, state__in=may_pay).update(
        state=PayoutState.PAID, paid_at=now, bank_reference=reference, refusal="", updated_at=now
    )
    row = _now(payout)
    if not paid:
        if row.state == PayoutState.PAID and row.bank_reference == reference:
            return row
        if row.state == PayoutState.PAID:
            raise Refused(
                "paid_already", _("This payout was paid under the reference %(reference)s."), conflict=True,
                params={"reference": row.bank_reference},
            )  # fmt: skip
        if row.state == PayoutState.CANCELLED:
            raise _cancelled()
        if freeze is not None and row.state == PayoutState.APPROVED:
            raise _frozen(freeze)
        raise Refused("not_approved", _("A payout is approved before it is paid."), conflict=True)
    close_payment(BankPayment.objects.filter(payout=row), reference, now)
    production = row.settlement.production
    posted = _payments_posted(row).count()
    if row.net_minor:
        post(
            production=production,
            sides=[
                Side(Account.PAYABLE, row.net_minor, row.party.person, row.party.name),
                Side(Account.BANK, -row.net_minor, note=reference),
            ],
            currency=row.settlement.currency,
            on_date=timezone.localtime(now, production.studio.zone).date(),
            source=f"payout:{row.pk}:{posted + 1}" if posted else f"payout:{row.pk}",
            narrative=f"{row.party.name} {row.settlement.period}",
            by=by,
            params={"payout": row.pk, "settlement": row.settlement_id, "bank_reference": reference},
        )
    publish(
        PayoutPaid(
            studio_id=production.studio_id, production_id=production.pk, payout_id=row.pk, net_minor=row.net_minor,
            bank_reference=reference,
        ),
        by=by, at=at,
    )  # fmt: skip
    if not Payout.objects.filter(settlement__production=production).exclude(state__in=PAYOUTS_OVER).exists():
        move_stage(production_id=production.pk, to=Stage.SETTLED, by=by, at=at)
    return row


def _payments_posted(payout: Payout) -> models.QuerySet[Entry]:
    return Entry.objects.filter(
        Q(source=f"payout:{payout.pk}") | Q(source__startswith=f"payout:{payout.pk}:"),
        production=payout.settlement.production_id,
    )


def close_payment(payments: models.QuerySet[BankPayment], reference: str, now: dt.datetime) -> None:
    """The payment of a file that asked for it is paid. One that waits for its file would be paid a second time."""
    waiting = payments.filter(state=PaymentState.WAITING).first()
    if waiting is not None:
        raise Refused(
            "in_a_batch", _("This waits in the bank batch B%(batch)s. Take it out of there first."),
            conflict=True, params={"batch": waiting.batch_id},
        )  # fmt: skip
    payments.filter(state=PaymentState.SENT).update(state=PaymentState.PAID, bank_reference=reference, updated_at=now)


@transaction.atomic
def return_payout(*, payout: Payout, reason: str, by: User | None, at: dt.datetime | None = None) -> Payout:
    """The bank refused a payout, or sent the money back after it was paid: it is due again, to be approved anew.

    A payment that was posted is reversed. When the settlement was reversed since, the payout is cancelled and its
    party owes nothing back; what of that debt was set off already stays to be paid. Refuses without a reason, and a
    payout that is not with the bank.
    """
    now = at or timezone.now()
    reason = " ".join(reason.split())[:200]
    if not reason:
        raise Refused("reason_missing", _("Say why the payment came back."), field="reason")
    open_again = {
        "state": PayoutState.DUE, "approved_by": None, "approved_at": None, "second_approved_by": None,
        "paid_at": None, "bank_reference": "", "refusal": reason, "updated_at": now,
    }  # fmt: skip
    # The studio's row is the lock: a reversal at the same time sees the payout as it is left here, or leaves its debt.
    Studio.objects.select_for_update().get(pk=_now(payout).settlement.production.studio_id)
    rows = Payout.objects.filter(pk=payout.pk)
    was_paid = bool(rows.filter(state=PayoutState.PAID).update(**open_again))
    if not was_paid and not rows.filter(state=PayoutState.SENT).update(**open_again):
        raise Refused("not_with_the_bank", _("Only a payout that the bank has or paid comes back."), conflict=True)
    row = _now(payout)
    production = row.settlement.production
    if was_paid:
        today = timezone.localtime(now, production.studio.zone).date()
        for entry in _payments_posted(row).filter(reversed_by=None):
            reverse(entry=entry, on_date=today, by=by, at=at)
    BankPayment.objects.filter(payout=row, state__in=[PaymentState.SENT, PaymentState.PAID]).update(
        state=PaymentState.REFUSED, reason=reason, updated_at=now
    )
    debt_minor = _lapse_debt(row, now, by)
    row = _now(payout)
    publish(
        PayoutReturned(
            studio_id=production.studio_id, production_id=production.pk, payout_id=row.pk, reason=reason,
            was_paid=was_paid, cancelled=row.state == PayoutState.CANCELLED, debt_minor=debt_minor,
        ),
        by=by, at=at,
    )  # fmt: skip
    return row


def _lapse_debt(payout: Payout, now: dt.datetime, by: User | None) -> int:
    """What the party no longer owes from the reversal of the payout's settlement, as it never had the money.

    Where later payouts were reduced by that debt, this payout pays what they kept back and is reduced by the rest.
    """
    debt = (
        Debt.objects.filter(settlement__reverses=payout.settlement_id, party=payout.party_id, lapsed_with=None)
        .select_related("settlement")
        .first()
    )
    if debt is None:
        return 0
    set_offs = debt.set_offs.exclude(payout__state=PayoutState.CANCELLED)
    if not set_offs.exclude(payout=payout).exists():
        sides = cancel_payout(payout, debt.settlement, now)
        Debt.objects.filter(pk=debt.pk).update(left_minor=0, lapsed_with=payout, updated_at=now)
        sides.append(Side(Account.RECEIVABLE, -debt.amount_minor, note=payout.party.name))
        _post_again(payout, debt.settlement, sides, now, by)
        return debt.amount_minor
    left = debt.left_minor
    if left and not set_offs.filter(payout=payout).exists():
        _set_off_rest(payout, debt, now, by)
        return left
    return 0


def _set_off_rest(payout: Payout, debt: Debt, now: dt.datetime, by: User | None) -> None:
    before = (payout.borne_minor, payout.net_minor, payout.tax_minor)
    payout.gross_minor = payout.share_minor
    payout.set_off_minor += debt.left_minor
    # Nothing of it counts as paid in the year while its tax is reckoned anew.
    Payout.objects.filter(pk=payout.pk).update(
        gross_minor=payout.gross_minor, set_off_minor=payout.gross_minor, tax_minor=0, net_minor=0, after_tax_minor=0,
        borne_minor=0,
    )  # fmt: skip
    tax_payout(
        payout, payout.party, kept=min(payout.after_tax_minor, payout.gross_minor - payout.set_off_minor)
    )  # fmt: skip
    Payout.objects.filter(pk=payout.pk).update(
        gross_minor=payout.gross_minor, set_off_minor=payout.set_off_minor, after_tax_minor=payout.after_tax_minor,
        borne_minor=payout.borne_minor, tax_minor=payout.tax_minor, net_minor=payout.net_minor,
        tax_steps=payout.tax_steps, updated_at=now,
    )  # fmt: skip
    SetOff.objects.create(debt=debt, payout=payout, amount_minor=debt.left_minor)
    Debt.objects.filter(pk=debt.pk).update(left_minor=0, updated_at=now)
    party = payout.party
    borne, net, tax = before
    sides = [
        Side(Account.SHARES, payout.borne_minor - borne, note=party.name),
        Side(Account.PAYABLE, net - payout.net_minor, party.person, party.name),
        Side(Account.TAX, tax - payout.tax_minor, party.person, party.name),
        Side(Account.RECEIVABLE, -debt.left_minor, note=party.name),
    ]
    _post_again(payout, payout.settlement, sides, now, by)


def _post_again(payout: Payout, settlement: Settlement, sides: list[Side], now: dt.datetime, by: User | None) -> None:
    """A further entry of a settlement, for a payout of its chain that came back."""
    production = payout.settlement.production
    post(
        production=production, sides=sides, currency=settlement.currency, by=by,
        on_date=timezone.localtime(now, production.studio.zone).date(),
        source=f"settlement:{settlement.pk}:payout:{payout.pk}", narrative=f"{payout.party.name} {settlement.period}",
        params={"settlement": settlement.pk, "period": settlement.period, "payout": payout.pk},
    )  # fmt: skip
