"""Petty cash: floats handed out, slips handed in with a photo, approved or sent back, settled against the float."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finance.choices import COST_ACCOUNTS, Account, SlipState
from finance.events import FloatGiven, SlipMoved
from finance.ledger import MOST_MINOR, Side, check_amount, post
from finance.models import PettyFloat, PettySlip
from finance.queries.petty_cash import balance_of
from finance.receipt_photos import Photo, read_photo
from studio.access import users_with
from studio.actions import tell
from studio.facts import publish
from studio.models import Person, Production, User
from studio.refusals import Refused
from studio.values import Money


@transaction.atomic
def give_float(
    *,
    production: Production,
    holder: Person,
    amount_minor: int,
    on_date: dt.date,
    by: User | None,
    key: uuid.UUID | None = None,
    note: str = "",
    at: dt.datetime | None = None,
) -> PettyFloat:
    """Hand cash to somebody; below zero is cash handed back. The same `key` again returns the float there is.

    Refuses more handed back than the holder has, and people of other studios.
    """
    if isinstance(amount_minor, bool) or not isinstance(amount_minor, int):
        raise Refused("not_whole_fen", _("An amount is a whole number of fen."), field="amount_minor")
    if amount_minor == 0 or abs(amount_minor) > MOST_MINOR:
        raise Refused(
            "amount_out_of_range",
            _("An amount is not nothing, and not above what a title can cost."),
            field="amount_minor",
        )
    if holder.studio_id != production.studio_id:
        raise Refused("other_studio", _("This person belongs to another studio."), field="holder")
    # The holder's row is the lock under which their cash is counted.
    Person.objects.select_for_update().get(pk=holder.pk)
    known = PettyFloat.objects.filter(key=key, production=production).first() if key else None
    if known is not None:
        return known
    if amount_minor < 0 and -amount_minor > balance_of(production, holder):
        raise Refused("more_than_held", _("More is handed back than this person holds."), field="amount_minor")
    row = PettyFloat.objects.create(
        production=production, holder=holder, amount_minor=amount_minor, on_date=on_date, key=key or uuid.uuid4(),
        note=note.strip()[:120], given_by=by,
    )  # fmt: skip
    post(
        production=production,
        sides=[Side(Account.ADVANCE, amount_minor, holder), Side(Account.BANK, -amount_minor, note=row.note)],
        currency=production.studio.currency,
        on_date=on_date,
        source=f"petty_float:{row.pk}",
        narrative=" · ".join(filter(None, (holder.name, row.note))),
        by=by,
        params={"float": row.pk},
    )
    publish(
        FloatGiven(
            studio_id=production.studio_id, production_id=production.pk, float_id=row.pk, holder_id=holder.pk,
            amount_minor=amount_minor,
        ),
        by=by, at=at,
    )  # fmt: skip
    return row


def hand_in_slip(
    *,
    production: Production,
    holder: Person,
    account: str,
    amount_minor: int,
    spent_date: dt.date,
    what_for: str,
    by: User | None,
    photo: bytes | None = None,
    no_photo_reason: str = "",
    key: uuid.UUID | None = None,
    slip: PettySlip | None = None,
    at: dt.datetime | None = None,
) -> PettySlip:
    """Hand a receipt in, or `slip` again after it was sent back. The same `key` again returns the slip there is.

    Needs a photo or the reason why there is none. Refuses a photo that was handed in already for this title.
    """
    # Reading a photo takes a moment: before the transaction.
    read = read_photo(photo) if photo is not None else None
    check_amount(amount_minor)
    if account not in COST_ACCOUNTS:
        raise Refused("not_a_cost_account", _("Costs are posted to one of the cost accounts."), field="account")
    if not what_for.strip():
        raise Refused("what_for_missing", _("Say what the money was for."), field="what_for")
    if holder.studio_id != production.studio_id:
        raise Refused("other_studio", _("This person belongs to another studio."), field="holder")
    if spent_date > timezone.localdate(timezone=production.studio.zone) + dt.timedelta(days=1):
        raise Refused("in_the_future", _("A receipt is not from the future."), field="spent_date")
    values = {
        "account": account, "amount_minor": amount_minor, "spent_date": spent_date,
        "what_for": what_for.strip()[:120], "no_photo_reason": no_photo_reason.strip()[:200],
    }  # fmt: skip
    with transaction.atomic():
        return _store(production, holder, values, read, key, slip, by, at)


def _store(
    production: Production, holder: Person, values: dict[str, Any], read: Photo | None, key: uuid.UUID | None,
    slip: PettySlip | None, by: User | None, at: dt.datetime | None,
) -> PettySlip:  # fmt: skip
    Person.objects.select_for_update().get(pk=holder.pk)
    if slip is None:
        known = PettySlip.objects.filter(key=key, holder=holder).first() if key else None
        if known is not None:
            return known
        row = PettySlip(production=production, holder=holder, key=key or uuid.uuid4(), handed_in_by=by)
    else:
        row = PettySlip.objects.select_for_update().get(pk=slip.pk)
        if row.state != SlipState.SENT_BACK:
            raise Refused("not_sent_back", _("Only a slip that was sent back is changed."), conflict=True)
    for name, value in values.items():
        setattr(row, name, value)
    if read is None and not row.photo and not row.no_photo_reason:
        raise Refused("photo_missing", _("Take a photo of the receipt, or say why there is none."), field="photo")
    digest = read.sha256 if read is not None else row.sha256
    same = PettySlip.objects.filter(production=production, sha256=digest).exclude(state=SlipState.SENT_BACK)
    twin = same.exclude(pk=row.pk).first() if digest else None
    if twin is not None:
        raise _twice(twin)
    if read is not None:
        row.sha256, row.likeness = read.sha256, read.likeness
        row.photo.save(f"{uuid.uuid4().hex}.jpg", ContentFile(read.full), save=False)
        row.thumb.save(f"{uuid.uuid4().hex}.jpg", ContentFile(read.thumb), save=False)
    row.state, row.reason, row.decided_by, row.decided_at = SlipState.HANDED_IN, "", None, None
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        # Two people handed the same photo in at once.
        raise _twice(same.exclude(pk=row.pk).first()) from None
    _announce(row, by, at)
    tell(
        users=users_with("money.edit", production), studio_id=production.studio_id, production_id=production.pk,
        kind="finance.slip_handed_in", url=f"/productions/{production.pk}/petty-cash/",
        dedupe=f"slip-handed-in:{row.pk}:{row.updated_at.isoformat()}",
        params={
            "title": production.title, "person": holder.name,
            "amount": str(Money(row.amount_minor, production.studio.currency)), "what": row.what_for,
        },
    )  # fmt: skip
    return row


def _twice(twin: PettySlip | None) -> Refused:
    return Refused(
        "photo_twice", _("This photo was handed in already, as slip %(number)s of %(date)s."), field="photo", conflict=True,
        params={"number": twin.pk if twin else "?", "date": twin.spent_date.isoformat() if twin else "?"},
    )  # fmt: skip


def _announce(row: PettySlip, by: User | None, at: dt.datetime | None) -> None:
    production = row.production
    publish(
        SlipMoved(studio_id=production.studio_id, production_id=production.pk, slip_id=row.pk, state=row.state),
        by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def approve_slip(*, slip: PettySlip, by: User, at: dt.datetime | None = None) -> PettySlip:
    """Take a slip into the ledger against its holder's float. Approved already, nothing changes."""
    now = at or timezone.now()
    moved = PettySlip.objects.filter(pk=slip.pk, state=SlipState.HANDED_IN).update(
        state=SlipState.APPROVED, decided_by=by, decided_at=now, updated_at=now
    )
    row = PettySlip.objects.select_related("production__studio", "holder").get(pk=slip.pk)
    if not moved:
        if row.state == SlipState.APPROVED:
            return row
        raise Refused("sent_back", _("This slip was sent back. Its holder hands it in again."), conflict=True)
    if row.holder.user_id == by.pk:
        raise Refused("own_slip", _("Somebody else approves your own slip."))
    post(
        production=row.production,
        sides=[
            Side(row.account, row.amount_minor, note=row.holder.name),
            Side(Account.ADVANCE, -row.amount_minor, row.holder),
        ],
        currency=row.production.studio.currency,
        on_date=row.spent_date,
        source=f"petty:{row.pk}",
        narrative=f"{row.what_for} · {row.holder.name}",
        by=by,
        params={"slip": row.pk},
    )
    _announce(row, by, at)
    return row


@transaction.atomic
def send_back_slip(*, slip: PettySlip, reason: str, by: User, at: dt.datetime | None = None) -> PettySlip:
    """Give a slip back to its holder with a reason; they are told."""
    if not reason.strip():
        raise Refused("reason_missing", _("Say why the slip is sent back."), field="reason")
    now = at or timezone.now()
    moved = PettySlip.objects.filter(pk=slip.pk, state=SlipState.HANDED_IN).update(
        state=SlipState.SENT_BACK, reason=reason.strip()[:300], decided_by=by, decided_at=now, updated_at=now
    )
    row = PettySlip.objects.select_related("production__studio", "holder__user").get(pk=slip.pk)
    if not moved:
        if row.state == SlipState.SENT_BACK:
            return row
        raise Refused("approved_already", _("This slip is approved. Reverse its entry in the ledger."), conflict=True)
    _announce(row, by, at)
    if row.holder.user is not None:
        tell(
            users=[row.holder.user], studio_id=row.production.studio_id, production_id=row.production_id,
            kind="finance.slip_sent_back", url=f"/my/receipts/{row.pk}/", dedupe=f"slip-sent-back:{row.pk}:{now.isoformat()}",
            params={"what": row.what_for, "reason": row.reason},
        )  # fmt: skip
    return row
