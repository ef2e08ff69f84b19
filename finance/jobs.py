"""Long and daily work of the finance room."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from finance import accruals
from finance.batch_reading import read_and_take
from finance.batches import KIND as READ_FILE
from finance.choices import PAYOUTS_OVER, StatementState
from finance.models import Payout, Statement, StatementBatch
from finance.queries import hot_costs
from finance.queries.freezes import is_frozen
from finance.queries.periods import gaps
from finance.settling import KIND, decide, read_inputs, write_draft
from finance.tariffs import RECKON
from scheduling.choices import ShootDayState
from shooting.choices import ReportState
from shooting.models import DailyReport
from studio.access import users_with
from studio.actions import tell
from studio.clockwork import at_hour
from studio.job_names import name_job
from studio.jobs import JobRefused, Run, job
from studio.models import Production, Studio
from studio.refusals import Refused
from studio.values import Money

SETTLE_AFTER_DAYS = 3
STATED_AFTER_DAYS = 30

name_job(KIND, _("Work out a settlement"))
name_job(READ_FILE, _("Read a statement file"))
name_job("finance.settlements_due", _("Look for settlements and payouts due"))
name_job("finance.tell_hot_costs", _("Tell what the shoot days before cost"))
name_job(RECKON, _("Reckon shoot days again under a changed tariff"))
name_job("finance.accrue_missing", _("Post costs that were reported and not posted"))


@job(KIND, max_attempts=3)
def run_settlement(run: Run, statement: int) -> dict[str, Any] | None:
    """Read the accepted statements, run the engine, keep the draft with its allocations."""
    row = Statement.objects.select_related("production__studio", "platform").get(pk=statement)
    try:
        inputs = read_inputs(row)
        decision = decide(inputs)
        run.progress(1, 2)
        with run.finishing() as out:
            settlement = write_draft(statement=row, inputs=inputs, decision=decision, by=run.job.created_by)
            out["settlement"] = settlement.pk
    except Refused as refused:
        if refused.code == "inputs_changed":
            # What changed is read again at the next attempt.
            raise
        raise JobRefused(refused.message) from None
    return None


@job(READ_FILE, max_attempts=3, lease_seconds=900)
def read_statement_file(run: Run, batch: int) -> dict[str, Any] | None:
    """Read a file over many titles line by line, then write its statements in one transaction with the job's end."""
    row = StatementBatch.objects.get(pk=batch)
    with row.file.open("rb") as stream:
        # Of a text its lines can be counted beforehand; of a workbook nothing is said until it is read.
        total = 0 if stream.read(2) == b"PK" else sum(chunk.count(b"\n") for chunk in stream.chunks())
    try:
        read_and_take(
            row, by=run.job.created_by, finish=run.finishing, report=lambda done: run.progress(min(done, total), total)
        )
    except Refused as refused:
        # The month was closed meanwhile.
        raise JobRefused(refused.message) from None
    return None


@job("finance.settlements_due")
def settlements_due(run: Run, studio: int, on: str) -> dict[str, Any]:
    """Tell who may settle and who may pay: statements accepted and not settled, payouts due by that day."""
    day = dt.date.fromisoformat(on)
    statements = Statement.objects.filter(
        production__studio=studio, state=StatementState.ACCEPTED,
        accepted_at__date__lte=day - dt.timedelta(days=SETTLE_AFTER_DAYS),
    ).select_related("production", "platform")  # fmt: skip
    told = 0
    for row in statements:
        tell(
            users=users_with("money.edit", row.production), studio_id=studio, production_id=row.production_id,
            kind="finance.settlement_due", url=f"/statements/{row.pk}/", dedupe=f"settlement_due:{row.pk}",
            params={"title": row.production.title, "platform": row.platform.name, "period": row.period},
        )  # fmt: skip
        told += 1
    payouts = (
        Payout.objects.filter(settlement__production__studio=studio, due_date__lte=day)
        .exclude(state__in=PAYOUTS_OVER)
        .exclude(is_frozen())
        .select_related("settlement__production", "party")
    )
    for payout in payouts:
        production = payout.settlement.production
        tell(
            users={*users_with("money.approve", production), *users_with("money.edit", production)}, studio_id=studio,
            production_id=production.pk, kind="finance.payout_due", url=f"/settlements/{payout.settlement_id}/",
            dedupe=f"payout_due:{payout.pk}",
            params={
                "title": production.title, "party": payout.party.name,
                "amount": str(Money(payout.net_minor, payout.settlement.currency)),
                "date": payout.due_date.isoformat(),
            },
        )  # fmt: skip
        told += 1
    # Shown at once, told when a month has had as long again to come in.
    for gap in gaps(Production.objects.filter(studio=studio), day - dt.timedelta(days=STATED_AFTER_DAYS)):
        tell(
            users=users_with("money.edit", gap.production), studio_id=studio, production_id=gap.production.pk,
            kind="finance.month_not_stated", url=f"/productions/{gap.production.pk}/money/",
            dedupe=f"month_not_stated:{gap.production.pk}:{gap.platform_id}:{gap.period}",
            params={"title": gap.production.title, "platform": gap.platform_name, "period": gap.period},
        )  # fmt: skip
        told += 1
    return {"told": told}


@job("finance.accrue_missing")
def accrue_missing(run: Run, studio: int, on: str) -> dict[str, Any]:
    """Post what was reported while nobody heard it; each source by itself, so that one fault stops no other."""
    counts = {"reports": 0, "bookings": 0, "given_back": 0, "tasks": 0}
    work: list[tuple[str, Any, Any]] = [
        ("reports", "report", accruals.accrue_daily_report),
        ("bookings", "booking", accruals.accrue_booking),
        ("given_back", "booking", accruals.take_back_booking),
        ("tasks", "task", accruals.accrue_post_task),
    ]
    rows = {
        "reports": list(accruals.reports_without_entries(studio)),
        "bookings": list(accruals.bookings_without_entries(studio)),
        "given_back": list(accruals.cancelled_bookings_with_entries(studio)),
        "tasks": list(accruals.tasks_without_entries(studio)),
    }
    total, done = sum(len(found) for found in rows.values()), 0
    for name, argument, action in work:
        for row in rows[name]:
            if action(**{argument: row, "by": None}):
                counts[name] += 1
            done += 1
            if done % 50 == 0:
                run.progress(done, total, **counts)
    return {"studio": Studio.objects.get(pk=studio).name, **counts}


HOT_COST_DAYS = 7


@job("finance.tell_hot_costs")
def tell_hot_costs(run: Run, studio: int, on: str) -> dict[str, Any]:
    """Tell those who see money what the days before made; a day once, also one that was wrapped late."""
    date = dt.date.fromisoformat(on)
    reports = (
        DailyReport.objects.filter(
            shoot_day__production__studio=studio, shoot_day__date__lt=date,
            shoot_day__date__gte=date - dt.timedelta(days=HOT_COST_DAYS), state__in=hot_costs.SUBMITTED,
        )
        .exclude(shoot_day__state=ShootDayState.CANCELLED)
        .select_related("shoot_day__production__studio")
        .order_by("shoot_day__production_id", "shoot_day__date")
    )  # fmt: skip
    known: dict[int, hot_costs.TitleCosts] = {}
    told = 0
    for report in reports:
        production = report.shoot_day.production
        if production.pk not in known:
            known[production.pk] = hot_costs.title_costs(production)
        row = known[production.pk].day(report.shoot_day_id)
        if row is None:
            continue
        unit = production.studio.currency
        tell(
            users=users_with("money.view", production), studio_id=studio, production_id=production.pk,
            kind="finance.hot_cost", url=f"/shoot-days/{report.shoot_day_id}/hot-cost/",
            dedupe=f"hot_cost:{report.shoot_day_id}",
            params={
                "title": production.title, "number": row.day.number, "actual": str(Money(row.actual_minor, unit)),
                "planned": str(Money(row.planned_minor, unit)), "over": str(Money(row.over_minor, unit)),
            },
        )  # fmt: skip
        told += 1
    return {"told": told}


at_hour("finance.tell_hot_costs", setting="hot_cost_hour")


@job(RECKON)
def reckon_days(run: Run, studio: int, since: str) -> dict[str, Any]:
    """Reckon approved days from a date on again, after a tariff changed; each by itself, and again changes nothing."""
    days = list(
        DailyReport.objects.filter(
            shoot_day__production__studio=studio, shoot_day__date__gte=dt.date.fromisoformat(since),
            state=ReportState.APPROVED,
        ).order_by("shoot_day__date", "pk")
    )  # fmt: skip
    done = 0
    for report in days:
        try:
            accruals.accrue_daily_report(report=report, by=run.job.created_by)
        except Refused:
            # Opened again since: it is reckoned when it is approved.
            continue
        done += 1
        if done % 20 == 0:
            run.progress(done, len(days))
    return {"reports": done}


at_hour("finance.accrue_missing", 4)
at_hour("finance.settlements_due", 9)
