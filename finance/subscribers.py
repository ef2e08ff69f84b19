"""What this room does when it hears a fact of an earlier room: shoot days, bookings and post work become costs."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from delivery.events import TakenDown
from delivery.models import Takedown
from finance import accruals, budget_board
from finance import jobs as jobs  # registers the kinds in every process
from finance import jobs_wages as jobs_wages
from finance import payee_jobs as payee_jobs
from finance import room_notices as room_notices
from finance import run_jobs as run_jobs
from finance.freezing import freeze_payouts
from finance.jobs_watching import watch_after
from postproduction.events import PostTaskFinished
from postproduction.models import PostTask
from scheduling.events import (
    BookingCancelled,
    LocationBooked,
    RoleCast,
    SetPlaced,
    StripboardLocked,
    StripboardSolved,
)
from scheduling.models import Booking
from shooting.choices import ReportState
from shooting.events import DailyReportApproved
from shooting.models import DailyReport
from studio.facts import Fact, subscriber
from studio.job_names import name_job
from studio.models import Event, User
from studio.notices import sentence

sentence("finance.settlement_due", _("“%(title)s”: the statement of %(platform)s for %(period)s waits to be settled."))
sentence("finance.month_not_stated", _("“%(title)s”: %(platform)s has stated nothing for %(period)s."))
sentence("finance.payout_due", _("“%(title)s”: %(amount)s to %(party)s was due on %(date)s."))
sentence(
    "finance.hot_cost",
    _("“%(title)s”, shoot day %(number)s: %(actual)s against %(planned)s planned (%(over)s over)."),
)
sentence("finance.payouts_frozen", _("“%(title)s”: %(platform)s took it down, payouts are frozen: %(reason)s"))
sentence("finance.share_settled", _("“%(title)s”, %(period)s: your share is %(amount)s before tax."))
sentence("finance.slip_handed_in", _("“%(title)s”: %(person)s handed in a receipt of %(amount)s for %(what)s."))
sentence("finance.slip_sent_back", _("Your receipt for %(what)s was sent back: %(reason)s"))
sentence("finance.purchase_requested", _("“%(title)s”: %(order)s for %(amount)s waits for approval."))
sentence("finance.purchase_approved", _("“%(title)s”: your order %(order)s is approved."))
sentence("finance.purchase_refused", _("“%(title)s”: your order %(order)s is refused: %(reason)s"))
name_job("finance.accrue_daily_report", _("Post the costs of a shoot day"))
name_job("finance.accrue_booking", _("Post the cost of a booking"))
name_job("finance.take_back_booking", _("Take back the cost of a booking"))
name_job("finance.accrue_post_task", _("Post the cost of a post task"))
name_job("finance.freeze_payouts", _("Freeze the payouts of a title taken down"))
for _fact in (StripboardLocked, StripboardSolved, RoleCast, SetPlaced):
    name_job(f"finance.budget_after_{_fact.__name__.lower()}", _("See whether the budget is still of the board"))


def _actor(run: Any) -> User | None:
    """Who did what is heard: costs are posted in their name."""
    event = Event.objects.filter(pk=run.job.event_id).first()
    return User.objects.filter(pk=event.actor_id).first() if event else None


@subscriber(DailyReportApproved, kind="finance.accrue_daily_report")
def accrue_daily_report(run: Any, fact: DailyReportApproved) -> dict[str, Any]:
    report = (
        DailyReport.objects.select_related("shoot_day__production__studio").filter(pk=fact.report_id).first()
    )  # fmt: skip
    if report is None or report.state != ReportState.APPROVED:
        # Reopened before this was heard: the next approval is heard as well.
        return {"entries": 0}
    entries = accruals.accrue_daily_report(report=report, by=_actor(run))
    watch_after(report.shoot_day.production_id, fact.studio_id, f"daily_report:{report.pk}:{run.job.event_id}")
    return {"entries": len(entries)}


@subscriber(LocationBooked, kind="finance.accrue_booking")
def accrue_booking(run: Any, fact: LocationBooked) -> dict[str, Any]:
    booking = Booking.objects.select_related("production__studio", "location__base").filter(pk=fact.booking_id).first()
    entry = accruals.accrue_booking(booking=booking, by=_actor(run)) if booking else None
    if entry is not None:
        watch_after(entry.production_id, fact.studio_id, f"booking:{fact.booking_id}:{run.job.event_id}")
    return {"entry": entry.pk if entry else None}


@subscriber(BookingCancelled, kind="finance.take_back_booking")
def take_back_booking(run: Any, fact: BookingCancelled) -> dict[str, Any]:
    booking = Booking.objects.select_related("production__studio").filter(pk=fact.booking_id).first()
    entry = accruals.take_back_booking(booking=booking, by=_actor(run)) if booking else None
    if entry is not None:
        watch_after(entry.production_id, fact.studio_id, f"booking_cancelled:{fact.booking_id}:{run.job.event_id}")
    return {"entry": entry.pk if entry else None}


@subscriber(PostTaskFinished, kind="finance.accrue_post_task")
def accrue_post_task(run: Any, fact: PostTaskFinished) -> dict[str, Any]:
    task = (
        PostTask.objects.select_related("episode_post__episode__production__studio").filter(pk=fact.task_id).first()
    )  # fmt: skip
    entry = accruals.accrue_post_task(task=task, by=_actor(run)) if task else None
    return {"entry": entry.pk if entry else None}


@subscriber(TakenDown, kind="finance.freeze_payouts")
def freeze_title(run: Any, fact: TakenDown) -> dict[str, Any]:
    takedown = (
        Takedown.objects.select_related("package__production__studio", "package__platform")
        .filter(package=fact.package_id)
        .first()
    )
    freeze = freeze_payouts(takedown=takedown, by=_actor(run)) if takedown else None
    return {"freeze": freeze.pk if freeze else None}


def _mark_budgets(run: Any, fact: Fact) -> dict[str, Any]:
    """A budget that was read from the board is marked, never changed: a person takes the difference over."""
    if fact.production_id is None:
        return {"marked": 0}
    return {"marked": budget_board.mark_stale_budgets(production_id=fact.production_id)}


for _fact in (StripboardLocked, StripboardSolved, RoleCast, SetPlaced):
    subscriber(_fact, kind=f"finance.budget_after_{_fact.__name__.lower()}")(_mark_budgets)
