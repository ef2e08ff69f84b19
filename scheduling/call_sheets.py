"""What changes in call sheets. Other rooms: `from scheduling import call_sheets`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from compliance.queries import gate_shoot
from scheduling import call_sheet_jobs
from scheduling.call_sheet_clock import LATEST
from scheduling.call_sheet_draft import draft_call_sheet, in_force
from scheduling.call_sheet_events import CallConfirmed, CallSheetFrozen, CallSheetIssued
from scheduling.choices import CallSheetState, ShootDayState
from scheduling.models import CallSheet, CallSheetRecipient, ShootDay
from studio.facts import publish
from studio.jobs import enqueue
from studio.models import Production, User
from studio.refusals import Refused
from studio.versions import bump_production

NOTES_LIMIT = 4000


def hold(shoot_day: ShootDay) -> ShootDay:
    """The day as it is now, locked behind its production: everything that moves a day takes the locks in this order."""
    Production.objects.select_for_update(of=("self",)).get(pk=shoot_day.production_id)
    return ShootDay.objects.select_for_update(of=("self",)).select_related("production__studio").get(pk=shoot_day.pk)


@transaction.atomic
def issue_call_sheet(
    *,
    shoot_day: ShootDay,
    by: User | None,
    notes: str | None = None,
    calls: Mapping[int, int | None] | None = None,
    makeup_minutes: int | None = None,
    at: dt.datetime | None = None,
) -> CallSheet:
    """Issue the day's call sheet, or revise the one that is out; what it says is frozen.

    `calls` types a person's call (engagement id -> minute; None follows the plan again); typed calls and notes stay on
    the next revision. When nothing changed, the sheet in force is returned and nobody is told anything. Those whose
    own call is as it was keep their confirmation.
    """
    now = at or timezone.now()
    day = hold(shoot_day)
    _may_issue(day)
    last = in_force(day)
    _check_typed(calls, makeup_minutes, notes)
    draft = draft_call_sheet(day, last=last, notes=notes, calls=calls, makeup_minutes=makeup_minutes)
    if not draft.data["scenes"]:
        raise Refused("no_scenes", _("No scenes are planned for this day. Plan some on the board, then issue."))
    unknown = set(calls or {}) - {call.engagement_id for call in draft.calls}
    if unknown:
        raise Refused(
            "not_called", _("Somebody with a typed call is not called on this day. Load the page anew."), field="calls"
        )
    if not draft.calls:
        raise Refused(
            "no_people",
            _(
                "A call sheet needs people: nobody is engaged for this day. Engage crew, or cast the roles of its scenes."
            ),
        )
    if last is not None and last.data == draft.data:
        return last
    CallSheet.objects.filter(shoot_day=day, state=CallSheetState.ISSUED).update(
        state=CallSheetState.REVISED, updated_at=now
    )
    newest = CallSheet.objects.filter(shoot_day=day).order_by("-revision").first()
    sheet = CallSheet.objects.create(
        shoot_day=day, revision=newest.revision + 1 if newest else 1, data=draft.data, issued_by=by, issued_at=now
    )
    known = {(row.person_id, row.job_title): row for row in last.recipients.all()} if last is not None else {}
    moved = last is not None and any(last.data[key] != draft.data[key] for key in ("base", "date"))
    told = []
    for call in draft.calls:
        before = known.get((call.person_id, call.job_title))
        same = (
            before is not None and not moved and before.call_minute == call.call_minute
            and before.scene_numbers == list(call.scene_numbers)
        )  # fmt: skip
        row = CallSheetRecipient.objects.create(
            call_sheet=sheet, person_id=call.person_id, department=call.department, job_title=call.job_title,
            call_minute=call.call_minute, scene_numbers=list(call.scene_numbers),
            opened_at=before.opened_at if before is not None and same else None,
            confirmed_at=before.confirmed_at if before is not None and same else None,
        )  # fmt: skip
        if not same:
            told.append(row.pk)
    ShootDay.objects.filter(pk=day.pk).update(state=ShootDayState.CALLED, updated_at=now)
    shoot_day.state = ShootDayState.CALLED
    enqueue(
        call_sheet_jobs.DRAW, {"call_sheet": sheet.pk}, studio_id=day.production.studio_id,
        production_id=day.production_id, dedupe=f"draw-call-sheet:{sheet.pk}", by=by,
    )  # fmt: skip
    publish(
        CallSheetIssued(
            studio_id=day.production.studio_id, production_id=day.production_id, call_sheet_id=sheet.pk,
            shoot_day_id=day.pk, revision=sheet.revision, told_ids=told,
        ),
        by=by, at=at,
    )  # fmt: skip
    return sheet


def _may_issue(day: ShootDay) -> None:
    if day.state == ShootDayState.CANCELLED:
        raise Refused("day_cancelled", _("This shoot day is cancelled."), conflict=True)
    if day.state in {ShootDayState.WRAPPED, ShootDayState.APPROVED}:
        raise Refused("day_wrapped", _("This day has wrapped; its call sheet is frozen."), conflict=True)
    allowed, reason = gate_shoot(day.production)
    if not allowed:
        raise Refused(
            "not_cleared", _("Compliance does not let this title shoot: %(reason)s"), params={"reason": reason}
        )


def _check_typed(calls: Mapping[int, int | None] | None, makeup_minutes: int | None, notes: str | None) -> None:
    for minute in (calls or {}).values():
        if minute is not None and not 0 <= minute < LATEST:
            raise Refused("call_out_of_range", _("A call is a time of the day, such as 06:30."), field="calls")
    if makeup_minutes is not None and not 0 <= makeup_minutes <= 480:
        raise Refused(
            "makeup_out_of_range", _("The make-up lead is 0 to 480 minutes."), field="makeup_minutes"
        )  # fmt: skip
    if notes is not None and len(notes) > NOTES_LIMIT:
        raise Refused(
            "notes_too_long", _("The notes are longer than %(most)s characters."), field="notes",
            params={"most": NOTES_LIMIT},
        )  # fmt: skip


@transaction.atomic
def note_opened(*, recipient: CallSheetRecipient, at: dt.datetime | None = None) -> bool:
    """Remember when a person first looked at their call; True the first time."""
    opened = CallSheetRecipient.objects.filter(pk=recipient.pk, opened_at=None).update(opened_at=at or timezone.now())
    if opened:
        recipient.refresh_from_db(fields=["opened_at"])
        bump_production(recipient.call_sheet.shoot_day.production_id)
    return bool(opened)


@transaction.atomic
def confirm_call(*, recipient: CallSheetRecipient, by: User | None, at: dt.datetime | None = None) -> bool:
    """Say that the person will be there; True the first time. A sheet that was revised meanwhile is refused."""
    now = at or timezone.now()
    sheet = CallSheet.objects.select_related("shoot_day__production").get(pk=recipient.call_sheet_id)
    if sheet.state == CallSheetState.REVISED:
        raise Refused(
            "sheet_revised", _("A newer call sheet is out. Look at it and confirm that one."), conflict=True
        )  # fmt: skip
    confirmed = CallSheetRecipient.objects.filter(pk=recipient.pk, confirmed_at=None).update(confirmed_at=now)
    if confirmed:
        CallSheetRecipient.objects.filter(pk=recipient.pk, opened_at=None).update(opened_at=now)
        recipient.refresh_from_db(fields=["opened_at", "confirmed_at"])
        publish(
            CallConfirmed(
                studio_id=sheet.shoot_day.production.studio_id, production_id=sheet.shoot_day.production_id,
                call_sheet_id=sheet.pk, recipient_id=recipient.pk, person_id=recipient.person_id,
            ),
            by=by, at=at,
        )  # fmt: skip
    return bool(confirmed)


@transaction.atomic
def resend_call(*, recipient: CallSheetRecipient, by: User | None, at: dt.datetime | None = None) -> None:
    """Tell one person their call again; within the same minute once."""
    now = at or timezone.now()
    sheet = recipient.call_sheet
    if sheet.state != CallSheetState.ISSUED:
        raise Refused("sheet_not_in_force", _("Only the call sheet in force can be sent again."), conflict=True)
    person = recipient.person
    if person.user_id is None and not person.email:
        raise Refused(
            "no_address", _("%(name)s has neither an account nor an e-mail address."), params={"name": person.name}
        )
    production = sheet.shoot_day.production
    enqueue(
        call_sheet_jobs.TELL_ONE, {"recipient": recipient.pk, "again": f"{now:%Y%m%d%H%M}"},
        studio_id=production.studio_id, production_id=production.pk,
        dedupe=f"resend-call:{recipient.pk}:{now:%Y%m%d%H%M}", by=by,
    )  # fmt: skip


@transaction.atomic
def freeze(
    *, shoot_day: ShootDay, call_minute: int, wrap_minute: int, by: User | None, at: dt.datetime | None = None
) -> None:
    """The day is over: its call sheet can no longer be revised.

    The day takes the call and wrap that were, from which the rest before the next call is counted; what was planned
    stays on the sheet.
    """
    now = at or timezone.now()
    day = hold(shoot_day)
    if day.state == ShootDayState.CANCELLED:
        raise Refused("day_cancelled", _("This shoot day is cancelled."), conflict=True)
    sheet = in_force(day)
    CallSheet.objects.filter(shoot_day=day, state=CallSheetState.ISSUED).update(
        state=CallSheetState.FROZEN, updated_at=now
    )
    ShootDay.objects.filter(pk=day.pk).update(
        state=ShootDayState.WRAPPED, call_minute=call_minute, wrap_minute=wrap_minute, updated_at=now
    )
    shoot_day.refresh_from_db(fields=["state", "call_minute", "wrap_minute"])
    if day.state != ShootDayState.WRAPPED:
        publish(
            CallSheetFrozen(
                studio_id=day.production.studio_id, production_id=day.production_id, shoot_day_id=day.pk,
                call_sheet_id=sheet.pk if sheet is not None else None, call_minute=call_minute,
                wrap_minute=wrap_minute,
            ),
            by=by, at=at,
        )  # fmt: skip


@transaction.atomic
def close_day(*, shoot_day: ShootDay, at: dt.datetime | None = None) -> bool:
    """The wrapped day's report is approved; True when it was not before."""
    return bool(
        ShootDay.objects.filter(pk=shoot_day.pk, state=ShootDayState.WRAPPED).update(
            state=ShootDayState.APPROVED, updated_at=at or timezone.now()
        )
    )


@transaction.atomic
def thaw(*, shoot_day: ShootDay, at: dt.datetime | None = None) -> None:
    """The day's report was opened again: its call sheet is in force again, and the day called or planned.

    The plan comes back from the sheet: the day carried the call and wrap that were, and a sheet drafted from those
    would differ from the one people hold though nobody replanned anything. The report keeps the true times.
    """
    now = at or timezone.now()
    day = hold(shoot_day)
    if day.state not in {ShootDayState.WRAPPED, ShootDayState.APPROVED}:
        return
    sheet = CallSheet.objects.filter(shoot_day=day, state=CallSheetState.FROZEN).first()
    if sheet is None:
        ShootDay.objects.filter(pk=day.pk).update(state=ShootDayState.PLANNED, updated_at=now)
    else:
        CallSheet.objects.filter(pk=sheet.pk).update(state=CallSheetState.ISSUED, updated_at=now)
        ShootDay.objects.filter(pk=day.pk).update(
            state=ShootDayState.CALLED, call_minute=sheet.data["call"], wrap_minute=sheet.data["wrap"], updated_at=now
        )
    shoot_day.refresh_from_db(fields=["state", "call_minute", "wrap_minute"])
