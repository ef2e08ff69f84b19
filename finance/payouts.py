"""Payouts: approved, by two people where the sum asks for it, and paid."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finance.choices import Account, PayoutState
from finance.events import PayoutApproved, PayoutPaid
from finance.ledger import Side, post
from finance.models import Payout
from studio.actions import move_stage
from studio.choices import Stage
from studio.facts import publish
from studio.models import User
from studio.refusals import Refused


def needs_two(payout: Payout) -> bool:
    """Above the studio's limit before tax a second, different person approves as well."""
    return payout.gross_minor > payout.settlement.production.studio.payout_approval_minor


def _now(payout: Payout) -> Payout:
    return Payout.objects.select_related("settlement__production__studio", "party__person").get(pk=payout.pk)


@transaction.atomic
def approve_payout(*, payout: Payout, by: User, at: dt.datetime | None = None) -> Payout:
    """Approve a payout that is due; one more approval changes nothing once it is complete.

    Above the studio's limit two different people approve: the same person twice is refused.
    """
    now = at or timezone.now()
    row = _now(payout)
    if row.state != PayoutState.DUE:
        return row
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


@transaction.atomic
def pay_payout(*, payout: Payout, bank_reference: str, by: User | None, at: dt.datetime | None = None) -> Payout:
    """Note that the bank paid. Paid already under the same reference: no change.

    Refuses without a reference, before the approvals are complete, and another reference for one that is paid. A
    title whose last payout is paid is settled.
    """
    reference = bank_reference.strip()[:80]
    if not reference:
        raise Refused("reference_missing", _("Enter the bank's reference."), field="bank_reference")
    now = at or timezone.now()
    paid = Payout.objects.filter(pk=payout.pk, state=PayoutState.APPROVED).update(
        state=PayoutState.PAID, paid_at=now, bank_reference=reference, updated_at=now
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
        raise Refused("not_approved", _("A payout is approved before it is paid."), conflict=True)
    production = row.settlement.production
    if row.net_minor:
        post(
            production=production,
            sides=[
                Side(Account.PAYABLE, row.net_minor, row.party.person, row.party.name),
                Side(Account.BANK, -row.net_minor, note=reference),
            ],
            currency=row.settlement.currency,
            on_date=timezone.localtime(now, production.studio.zone).date(),
            source=f"payout:{row.pk}",
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
    if not Payout.objects.filter(settlement__production=production).exclude(state=PayoutState.PAID).exists():
        move_stage(production_id=production.pk, to=Stage.SETTLED, by=by, at=at)
    return row
