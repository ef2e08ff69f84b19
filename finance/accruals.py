"""Costs that follow from what was reported: shoot days, bookings, post work, script fees."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finance.choices import COST_ACCOUNTS, Account
from finance.day_costs import KINDS, DayCost, account_of, day_pay, reckon
from finance.ledger import post_cost, reverse
from finance.models import Entry, Tariff
from postproduction.choices import TaskState
from postproduction.models import PostTask
from scheduling.choices import BookingState
from scheduling.models import Booking
from shooting.choices import ReportState
from shooting.models import DailyReport, ExtrasCount, TimeSheet
from studio.choices import Department
from studio.models import Engagement, Person, Production, User
from studio.refusals import Refused


def minutes_pay(engagement: Engagement, minutes: int) -> int:
    """Work paid by the minute: the day rate over the minutes of a paid day, rounded half up to the fen."""
    if engagement.day_minutes == 0:
        return 0
    return int(Fraction(engagement.day_rate_minor * minutes, engagement.day_minutes) + Fraction(1, 2))


@transaction.atomic
def accrue_daily_report(*, report: DailyReport, by: User | None, at: dt.datetime | None = None) -> list[Entry]:
    """What an approved report costs: day pay and overtime, short rest, late meals, supplements, extras (`day_costs`).

    What stands already stays. After a report was reopened and approved again, or a tariff changed, an entry whose
    amount changed or whose reason is gone is reversed, and the new amount is posted under a source with a higher
    number. The next day's approved reports of the same people are reckoned too: their rest follows from this wrap.
    Refuses a report that is not approved.
    """
    row = _held(report)
    if row.state != ReportState.APPROVED:
        raise Refused("report_not_approved", _("Costs follow from a report once it is approved."))
    entries = _restate(row, by, at)
    people = row.time_sheets.values("engagement__person")
    following = DailyReport.objects.filter(
        state=ReportState.APPROVED, shoot_day__date=row.shoot_day.date + dt.timedelta(days=1),
        shoot_day__production__studio=row.shoot_day.production.studio_id,
        time_sheets__engagement__person__in=people,
    ).order_by("pk").distinct()  # fmt: skip
    for pk in following.values_list("pk", flat=True):
        later = _held(DailyReport(pk=pk))
        if later.state == ReportState.APPROVED:
            _restate(later, by, at)
    return entries


def _held(report: DailyReport) -> DailyReport:
    """The report under its lock: two workers who reckon it at once do so one after the other."""
    return (
        DailyReport.objects.select_for_update(of=("self",))
        .select_related("shoot_day__production__studio")
        .get(pk=report.pk)
    )


def _restate(report: DailyReport, by: User | None, at: dt.datetime | None) -> list[Entry]:
    """Bring a report's entries to what it costs by now; its entries in the order they were reckoned."""
    day = report.shoot_day
    posted: dict[str, list[Entry]] = {}
    ours = Q()
    for kind in KINDS:
        ours |= Q(source__startswith=f"{kind}:{report.pk}:")
    for entry in (
        Entry.objects.filter(ours, production=day.production, reverses=None)
        .select_related("production__studio", "reversed_by")
        .prefetch_related("lines__person")
        .order_by("pk")
    ):
        posted.setdefault(":".join(entry.source.split(":")[:3]), []).append(entry)
    entries = []
    for cost in reckon([report], day.production.studio_id).costs.get(report.pk, []):
        before = posted.pop(cost.source, [])
        standing = next((entry for entry in before if not hasattr(entry, "reversed_by")), None)
        if standing is not None:
            if _says(standing, cost):
                entries.append(standing)
                continue
            reverse(entry=standing, on_date=day.date, by=by, at=at)
        entries.append(
            post_cost(
                production=day.production,
                account=cost.account,
                amount_minor=cost.amount_minor,
                on_date=day.date,
                source=f"{cost.source}:{len(before) + 1}" if before else cost.source,
                narrative=cost.narrative,
                by=by,
                person=cost.person,
                params=cost.params,
                at=at,
            )
        )
    for gone in posted.values():
        for entry in gone:
            if not hasattr(entry, "reversed_by"):
                reverse(entry=entry, on_date=day.date, by=by, at=at)
    return entries


def _says(entry: Entry, cost: DayCost) -> bool:
    """Whether an entry is for this cost: the amount, the account, and for extras how many and which."""
    accounts = {line.account for line in entry.lines.all() if line.account in COST_ACCOUNTS}
    same_heads = cost.kind != "extras" or entry.params.get("heads") == cost.params["heads"]
    return cost_of(entry) == cost.amount_minor and accounts == {cost.account} and same_heads


def cost_of(entry: Entry) -> int:
    """What an entry debits to cost accounts, in fen."""
    return sum(line.amount_minor for line in entry.lines.all() if line.account in COST_ACCOUNTS)


@transaction.atomic
def accrue_booking(*, booking: Booking, by: User | None, at: dt.datetime | None = None) -> Entry | None:
    """The price of a location taken; a free or cancelled one costs nothing (None)."""
    if booking.state == BookingState.CANCELLED or booking.price_minor == 0:
        return None
    production = booking.production
    return post_cost(
        production=production,
        account=Account.SETS,
        amount_minor=booking.price_minor,
        on_date=timezone.localtime(booking.start_at, production.studio.zone).date(),
        source=f"booking:{booking.pk}",
        narrative=str(booking.location),
        by=by,
        params={"booking": booking.pk},
        at=at,
    )


@transaction.atomic
def take_back_booking(*, booking: Booking, by: User | None, at: dt.datetime | None = None) -> Entry | None:
    """Reverse the cost of a booking that was cancelled; None when none was posted."""
    entry = Entry.objects.filter(production=booking.production_id, source=f"booking:{booking.pk}").first()
    if entry is None:
        return None
    return reverse(entry=entry, on_date=entry.on_date, by=by, at=at)


def post_engagement(production_id: int, person_id: int | None) -> Engagement | None:
    """The paid engagement under which a person works in post: of the post department first, then the oldest."""
    rows = Engagement.objects.filter(
        production=production_id, person=person_id, day_rate_minor__gt=0, day_minutes__gt=0
    )
    return min(rows, key=lambda row: (row.department != Department.POST, row.pk), default=None)


@transaction.atomic
def accrue_post_task(*, task: PostTask, by: User | None, at: dt.datetime | None = None) -> Entry | None:
    """The minutes of a finished task's round at the assignee's rate; None without minutes or a paid engagement.

    A task done again costs its new minutes: what earlier rounds were paid for is taken off.
    """
    if task.state != TaskState.DONE or task.assignee_id is None:
        return None
    production = task.episode_post.episode.production
    engagement = post_engagement(production.pk, task.assignee_id)
    if engagement is None:
        return None
    source = f"post_task:{task.pk}:{task.round}"
    earlier = Entry.objects.filter(production=production, source__startswith=f"post_task:{task.pk}:")
    paid = sum(entry.params.get("minutes", 0) for entry in earlier.exclude(source=source))
    minutes = task.minutes_worked - paid
    amount = minutes_pay(engagement, minutes) if minutes > 0 else 0
    if amount == 0:
        return None
    return post_cost(
        production=production,
        account=Account.POST,
        amount_minor=amount,
        on_date=timezone.localtime(task.finished_at or at or timezone.now(), production.studio.zone).date(),
        source=source,
        narrative=f"{engagement.person.name} · {task.episode_post.episode.number} · {task.step_name}",
        by=by,
        person=engagement.person,
        params={"minutes": minutes, "episode": task.episode_post.episode.number, "task": task.pk},
        at=at,
    )


def record_script_fee(
    *,
    production: Production,
    amount_minor: int,
    on_date: dt.date,
    by: User | None,
    person: Person | None = None,
    reference: str = "1",
    narrative: str = "",
    at: dt.datetime | None = None,
) -> Entry:
    """What the script or its rights cost; another instalment has another `reference`."""
    return post_cost(
        production=production, account=Account.SCRIPT, amount_minor=amount_minor, on_date=on_date, person=person,
        source=f"script_fee:{reference.strip()}"[:120], narrative=narrative or (person.name if person else ""), by=by,
        at=at,
    )  # fmt: skip


# --- what was reported and has no entry yet -----------------------------------------------------------------------


def has_entry(production: str, *parts: str | Value) -> Exists:
    texts = [part if isinstance(part, Value) else Cast(OuterRef(part), CharField()) for part in parts]
    return Exists(
        Entry.objects.filter(
            production=OuterRef(production), source=Concat(*texts, output_field=CharField(max_length=120))
        )
    )


def reports_without_entries(studio_id: int) -> QuerySet[DailyReport]:
    """Approved reports with a paid time sheet, or extras with a price, that have no entry."""
    missing = TimeSheet.objects.filter(
        ~has_entry(
            "engagement__production", Value("daily_report:"), "report_id", Value(":"), "engagement_id"
        ),
        report=OuterRef("pk"),
        engagement__day_rate_minor__gt=0,
    )  # fmt: skip
    priced = Tariff.objects.filter(
        studio=studio_id, kind=OuterRef("kind"), from_date__lte=OuterRef("report__shoot_day__date"), base=None,
        flat_minor__gt=0,
    )  # fmt: skip
    extras = ExtrasCount.objects.filter(
        ~has_entry(
            "report__shoot_day__production", Value("extras:"), "report_id", Value(":"), "position"
        ),
        Exists(priced),
        report=OuterRef("pk"),
    )  # fmt: skip
    return (
        DailyReport.objects.filter(
            Exists(missing) | Exists(extras), shoot_day__production__studio=studio_id, state=ReportState.APPROVED
        )
        .select_related("shoot_day__production__studio")
        .order_by("pk")
    )


def bookings_without_entries(studio_id: int) -> QuerySet[Booking]:
    return (
        Booking.objects.filter(~has_entry("production", Value("booking:"), "pk"), production__studio=studio_id)
        .filter(price_minor__gt=0)
        .exclude(state=BookingState.CANCELLED)
        .select_related("production__studio", "location__base")
        .order_by("pk")
    )


def cancelled_bookings_with_entries(studio_id: int) -> QuerySet[Booking]:
    """Bookings given back whose cost still stands."""
    standing = Entry.objects.filter(
        production=OuterRef("production"), reversed_by=None,
        source=Concat(Value("booking:"), Cast(OuterRef("pk"), CharField()), output_field=CharField(max_length=120)),
    )  # fmt: skip
    return Booking.objects.filter(
        Exists(standing), production__studio=studio_id, state=BookingState.CANCELLED
    ).select_related("production__studio")


def tasks_without_entries(studio_id: int) -> QuerySet[PostTask]:
    paid = Engagement.objects.filter(
        production=OuterRef("episode_post__episode__production"), person=OuterRef("assignee"), day_rate_minor__gt=0
    )
    return (
        PostTask.objects.filter(
            ~has_entry("episode_post__episode__production", Value("post_task:"), "pk", Value(":"), "round"),
            Exists(paid),
            state=TaskState.DONE,
            minutes_worked__gt=0,
            episode_post__episode__production__studio=studio_id,
        )
        .select_related("episode_post__episode__production__studio")
        .order_by("pk")
    )


__all__ = [
    "account_of", "accrue_booking", "accrue_daily_report", "accrue_post_task", "bookings_without_entries",
    "cancelled_bookings_with_entries", "day_pay", "has_entry", "minutes_pay", "record_script_fee", "reports_without_entries",
    "take_back_booking", "tasks_without_entries",
]  # fmt: skip
