"""What waits for a person, by role: the panels of everybody's first page.

Each panel is one or two queries over what this user may see; an empty panel is not shown.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from compliance.choices import FilingState
from compliance.models import Filing
from delivery.choices import DeliverableState, PackageState
from delivery.models import Deliverable, Package
from finance.choices import PAYOUTS_OVER, SettlementState, StatementState
from finance.models import Payout, Settlement, Statement
from finance.queries.wages import overdue_wages, unpaid_lines
from finance.queries.watching import alarm_value, open_alarms
from postproduction.choices import MasterState, TaskState
from postproduction.models import Master, PostTask
from scheduling.choices import BoardState, ShootDayState
from scheduling.models import ShootDay, Stripboard
from scripts_app.choices import BreakdownState
from scripts_app.models import Revision
from shooting.choices import ReportState
from shooting.models import DailyReport
from studio.access import Access
from studio.choices import JobState
from studio.job_names import job_name
from studio.models import Job, Production
from studio.values import Money

SHOWN = 6


@dataclasses.dataclass(frozen=True)
class Item:
    """A line of a panel: what, where it leads, and how it feels."""

    text: str
    sub: str
    url: str
    tone: str = "neutral"
    tag: str = ""


@dataclasses.dataclass(frozen=True)
class Panel:
    title: str
    icon: str
    items: list[Item]
    more: int
    more_url: str


@dataclasses.dataclass(frozen=True)
class Source:
    """A kind of panel: its verb, its rows in order, and how a row reads."""

    title: Promise | str
    icon: str
    verb: str
    rows: Callable[[Access, dt.date], Any]
    item: Callable[[Any, dt.date], Item]
    more_url: str

    def panel(self, access: Access, studio_id: int | None, today: dt.date) -> Panel | None:
        if not access.may(self.verb):
            return None
        rows = access.scope(self.rows(access, today), self.verb)
        if studio_id is not None:
            rows = rows.filter(**{f"{rows.model.studio_path}": studio_id})
        found = list(rows[: SHOWN + 1])
        if not found:
            return None
        items = [self.item(row, today) for row in found[:SHOWN]]
        more = rows.count() - SHOWN if len(found) > SHOWN else 0
        return Panel(str(self.title), self.icon, items, more, self.more_url)


def room(production_id: int, word: str) -> str:
    """Address of a room's page of a production."""
    return f"/productions/{production_id}/{word}/"


def _day_label(day: dt.date, today: dt.date) -> str:
    if day == today:
        return _("today")
    if day == today + dt.timedelta(days=1):
        return _("tomorrow")
    return f"{day:%m-%d}"


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def _shoot_days(access: Access, today: dt.date) -> Any:
    return (
        ShootDay.objects.filter(date__gte=today, state__in=[ShootDayState.PLANNED, ShootDayState.CALLED])
        .select_related("production", "base")
        .order_by("date", "call_minute")
    )


def _shoot_day(day: ShootDay, today: dt.date) -> Item:
    soon = day.date <= today + dt.timedelta(days=1)
    missing = day.state == ShootDayState.PLANNED
    return Item(
        _("%(title)s · shoot day %(number)s") % {"title": day.production.title, "number": day.number},
        f"{_day_label(day.date, today)} {_clock(day.call_minute)}" + (f" · {day.base.name}" if day.base else ""),
        f"/shoot-days/{day.pk}/",
        "bad" if missing and soon else "warn" if missing else "good",
        _("no call sheet yet") if missing else day.get_state_display(),
    )


def _late_reports(access: Access, today: dt.date) -> Any:
    return (
        ShootDay.objects.filter(date__lt=today, state__in=[ShootDayState.PLANNED, ShootDayState.CALLED])
        .select_related("production")
        .order_by("date")
    )


def _late_report(day: ShootDay, today: dt.date) -> Item:
    return Item(
        _("%(title)s · shoot day %(number)s") % {"title": day.production.title, "number": day.number},
        f"{day.date:%m-%d}", f"/shoot-days/{day.pk}/log/", "bad", _("not logged"),
    )  # fmt: skip


SOURCES: list[Source] = [
    Source(
        gettext_lazy("Shoot days to log"), "clipboard-list", "shoot.log", _late_reports, _late_report, "/productions/"
    ),
    Source(
        gettext_lazy("Reports to approve"), "clipboard-check", "shoot.approve",
        lambda access, today: DailyReport.objects.filter(state=ReportState.SUBMITTED)
        .select_related("shoot_day__production").order_by("shoot_day__date"),
        lambda report, today: Item(
            _("%(title)s · shoot day %(number)s")
            % {"title": report.shoot_day.production.title, "number": report.shoot_day.number},
            f"{report.shoot_day.date:%m-%d}", f"/shoot-days/{report.shoot_day_id}/log/", "warn",
            report.get_state_display(),
        ),
        "/productions/",
    ),
    Source(gettext_lazy("Next shoot days"), "calendar-days", "shoot.view", _shoot_days, _shoot_day, "/productions/"),
    Source(
        gettext_lazy("Boards in draft"), "kanban", "board.edit",
        lambda access, today: Stripboard.objects.filter(state=BoardState.DRAFT).select_related("production").order_by("-id"),
        lambda board, today: Item(
            board.production.title, board.name, room(board.production_id, "board") + f"?board={board.pk}", "info",
            board.get_state_display(),
        ),
        "/productions/",
    ),
    Source(
        gettext_lazy("Breakdowns to approve"), "file-text", "script.edit",
        lambda access, today: Revision.objects.filter(breakdown__state=BreakdownState.DRAFT)
        .select_related("script__production").order_by("-id"),
        lambda revision, today: Item(
            revision.script.production.title, revision.source_name, room(revision.script.production_id, "script"),
            "warn" if revision.faults else "info",
            _("%(count)s remarks") % {"count": len(revision.faults)} if revision.faults else _("read cleanly"),
        ),
        "/scripts/",
    ),
    Source(
        gettext_lazy("Titles not classed yet"), "stamp", "compliance.edit",
        lambda access, today: Production.objects.filter(classifications=None).order_by("-id"),
        lambda production, today: Item(
            production.title, production.code, room(production.pk, "filing"), "warn", production.get_stage_display()
        ),
        "/compliance/",
    ),
    Source(
        gettext_lazy("Filings under way"), "stamp", "compliance.view",
        lambda access, today: Filing.objects.exclude(state=FilingState.GRANTED).select_related("production").order_by("id"),
        lambda filing, today: Item(
            filing.production.title, filing.get_kind_display(), room(filing.production_id, "filing"),
            "bad" if filing.state == FilingState.RETURNED else "info", filing.get_state_display(),
        ),
        "/compliance/",
    ),
    Source(
        gettext_lazy("Masters to approve"), "film", "post.manage",
        lambda access, today: Master.objects.filter(state__in=[MasterState.READY, MasterState.REFUSED])
        .select_related("episode__production").order_by("-id"),
        lambda master, today: Item(
            _("%(title)s · episode %(number)s")
            % {"title": master.episode.production.title, "number": master.episode.number},
            master.file_name, room(master.episode.production_id, "post"),
            "bad" if master.state == MasterState.REFUSED else "warn", master.get_state_display(),
        ),
        "/post/",
    ),
    Source(
        gettext_lazy("Post tasks ready"), "scissors", "post.work",
        lambda access, today: PostTask.objects.filter(state__in=[TaskState.READY, TaskState.WORKING])
        .filter(Q(assignee=None) | Q(assignee__user=access.user))
        .select_related("episode_post__episode__production").order_by("due_date", "id"),
        lambda task, today: Item(
            _("%(title)s · episode %(number)s")
            % {"title": task.episode_post.episode.production.title, "number": task.episode_post.episode.number},
            task.label if hasattr(task, "label") else task.step,
            room(task.episode_post.episode.production_id, "post"),
            "bad" if task.due_date and task.due_date < today else "info",
            _day_label(task.due_date, today) if task.due_date else "",
        ),
        "/post/",
    ),
    Source(
        gettext_lazy("Redelivery asked for"), "rotate-ccw", "delivery.view",
        lambda access, today: Deliverable.objects.filter(
            state__in=[DeliverableState.REDELIVER, DeliverableState.FAILED]
        ).select_related("episode", "package__production", "package__platform").order_by("-decided_at", "-id"),
        lambda row, today: Item(
            _("%(title)s · episode %(number)s") % {"title": row.package.production.title, "number": row.episode.number},
            f"{row.package.platform.name} · {row.reason}" if row.reason else row.package.platform.name,
            room(row.package.production_id, "delivery"), "bad", row.get_state_display(),
        ),
        "/delivery/",
    ),
    Source(
        gettext_lazy("Packages under way"), "package", "delivery.view",
        lambda access, today: Package.objects.filter(state__in=[PackageState.DRAFT, PackageState.SENDING, PackageState.SENT])
        .select_related("production", "platform").order_by("due_date", "-id"),
        lambda package, today: Item(
            package.production.title, package.platform.name, room(package.production_id, "delivery"), "info",
            package.get_state_display(),
        ),
        "/delivery/",
    ),
    Source(
        gettext_lazy("Money alarms"), "triangle-alert", "money.view",
        lambda access, today: open_alarms().select_related("rule", "production__studio"),
        lambda row, today: Item(
            row.production.title, row.rule.get_measure_display(), f"/productions/{row.production_id}/alarms/", "bad",
            alarm_value(row.rule.measure, row.value, row.production.studio.currency),
        ),
        "/money/thresholds/",
    ),
    Source(
        gettext_lazy("Statements held"), "circle-alert", "money.view",
        lambda access, today: Statement.objects.filter(state=StatementState.HELD)
        .select_related("production", "platform").order_by("-id"),
        lambda row, today: Item(
            row.production.title, f"{row.platform.name} · {row.period}", f"/statements/{row.pk}/", "bad",
            row.get_state_display(),
        ),
        "/money/",
    ),
    Source(
        gettext_lazy("Settlements to issue"), "scale", "money.view",
        lambda access, today: Settlement.objects.filter(state=SettlementState.DRAFT)
        .select_related("production").order_by("-id"),
        lambda row, today: Item(
            row.production.title, f"{row.period} · {Money(row.receipts_minor, row.currency)}", f"/settlements/{row.pk}/",
            "warn", row.get_state_display(),
        ),
        "/money/",
    ),
    Source(
        gettext_lazy("Payouts due"), "banknote", "money.view",
        lambda access, today: Payout.objects.exclude(state__in=PAYOUTS_OVER)
        .select_related("party", "settlement__production").order_by("due_date", "id"),
        lambda row, today: Item(
            row.party.name, f"{row.settlement.production.title} · {Money(row.net_minor, row.settlement.currency)}",
            f"/settlements/{row.settlement_id}/", "bad" if row.due_date < today else "info",
            _day_label(row.due_date, today),
        ),
        "/payouts/",
    ),
    Source(
        gettext_lazy("Jobs that need a person"), "triangle-alert", "job.manage",
        lambda access, today: Job.objects.filter(state=JobState.PARKED).select_related("production").order_by("-id"),
        lambda job, today: Item(
            job_name(job.kind), str(job.production or ""), f"/jobs/{job.pk}/", "bad", job.get_state_display()
        ),
        "/jobs/?state=parked",
    ),
]  # fmt: skip


def _wages_overdue(access: Access, studio_id: int | None, today: dt.date) -> Panel | None:
    """Titles that owe people past the day it was due, longest first."""
    if not access.may("money.view"):
        return None
    lines = access.scope(unpaid_lines(), "money.view")
    if studio_id is not None:
        lines = lines.filter(entry__production__studio=studio_id)
    rows = overdue_wages(lines, today)
    if not rows:
        return None
    items = [
        Item(
            row.title,
            ngettext("%(count)s person since %(date)s", "%(count)s people since %(date)s", row.people)
            % {"count": row.people, "date": row.since.isoformat()},
            f"/wages/?show=overdue&title={row.production_id}", "bad", str(Money(row.amount_minor, row.currency)),
        )
        for row in rows[:SHOWN]
    ]  # fmt: skip
    return Panel(_("Wages overdue"), "coins", items, max(0, len(rows) - SHOWN), "/wages/?show=overdue")


# Panels whose lines are sums over rows.
REPORTS: list[Callable[[Access, int | None, dt.date], Panel | None]] = [_wages_overdue]


def panels_for(access: Access, studio_id: int | None) -> list[Panel]:
    """The panels that have something for this user, in the order of the film."""
    today = timezone.localdate()
    found = [report(access, studio_id, today) for report in REPORTS]
    found += [source.panel(access, studio_id, today) for source in SOURCES]
    return [panel for panel in found if panel is not None]
