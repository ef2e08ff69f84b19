"""Hot cost: what a shoot day was planned to cost and what it makes, the morning after; by account and by person.

A day that is not approved is reckoned from its time sheets and marked provisional; an approved one is what the ledger
has of it. Nothing is counted twice: what hangs on a report belongs to its day, a booking or another cost of the date to
the date's first unit.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import F, Sum

from finance.accruals import account_of, day_pay
from finance.choices import COST_ACCOUNTS, Account
from finance.models import BudgetLine, EntryLine
from finance.queries.day_plans import BookedDay, DayPlan, bookings_of, day_plans, shoot_days
from scheduling.models import ShootDay
from scripts_app.choices import SceneState
from shooting.choices import ReportState, SceneResult
from shooting.models import DailyReport, SceneReport, TimeSheet
from studio.models import Engagement, Production

SUBMITTED = (ReportState.SUBMITTED, ReportState.APPROVED)


@dataclasses.dataclass(frozen=True)
class PostedLine:
    """A cost line of the ledger with where it comes from; a reversal stands beside what it takes back."""

    entry_id: int
    source: str
    on_date: dt.date
    account: str
    amount_minor: int
    narrative: str
    params: dict[str, Any]

    @property
    def kind(self) -> str:
        return self.source.partition(":")[0]


@dataclasses.dataclass(frozen=True)
class PersonCost:
    """One person on one day: planned, and what the hours make. Minutes of overtime lie beyond the paid day."""

    engagement_id: int
    name: str
    job_title: str
    account: str
    planned_minor: int
    base_minor: int
    overtime_minutes: int
    overtime_minor: int
    other_minor: int

    @property
    def actual_minor(self) -> int:
        return self.base_minor + self.overtime_minor + self.other_minor

    @property
    def over_minor(self) -> int:
        return self.actual_minor - self.planned_minor


@dataclasses.dataclass(frozen=True)
class ThingCost:
    """A hire or another cost of a day. `posted_minor` is the part of `actual_minor` that the ledger has."""

    kind: str
    account: str
    name: str
    planned_minor: int
    actual_minor: int
    posted_minor: int
    count: int = 0


@dataclasses.dataclass(frozen=True)
class AccountCost:
    account: str
    label: str
    planned_minor: int
    actual_minor: int

    @property
    def over_minor(self) -> int:
        return self.actual_minor - self.planned_minor


@dataclasses.dataclass(frozen=True)
class HotDay:
    """One shoot day: planned against actual. Without a submitted report there is no actual yet."""

    day: ShootDay
    report: DailyReport | None
    provisional: bool
    people: tuple[PersonCost, ...]
    things: tuple[ThingCost, ...]
    planned_minor: int
    pending_minor: int
    """The part of the actual cost that the ledger does not have yet."""
    scenes_planned: int
    scenes_shot: int
    scenes_owed: int
    seconds_shot: int
    running_minor: int = 0
    """What the whole title has cost up to and on this date."""

    @property
    def reported(self) -> bool:
        return self.report is not None

    @property
    def actual_minor(self) -> int:
        if not self.reported:
            return 0
        return sum(row.actual_minor for row in self.people) + sum(row.actual_minor for row in self.things)

    @property
    def over_minor(self) -> int:
        return self.actual_minor - self.planned_minor

    @property
    def overtime_minutes(self) -> int:
        return sum(row.overtime_minutes for row in self.people)

    @property
    def overtime_minor(self) -> int:
        return sum(row.overtime_minor for row in self.people)

    @property
    def per_scene_minor(self) -> int | None:
        return _each(self.actual_minor, self.scenes_shot) if self.reported else None

    @property
    def per_minute_minor(self) -> int | None:
        """Cost of a finished minute on screen."""
        return _each(self.actual_minor * 60, self.seconds_shot) if self.reported else None

    def accounts(self) -> tuple[AccountCost, ...]:
        planned: dict[str, int] = defaultdict(int)
        actual: dict[str, int] = defaultdict(int)
        for row in (*self.people, *self.things):
            planned[row.account] += row.planned_minor
            actual[row.account] += row.actual_minor
        return tuple(
            AccountCost(str(account.value), str(account.label), planned[account], actual[account])
            for account in COST_ACCOUNTS
            if planned[account] or actual[account]
        )


@dataclasses.dataclass(frozen=True)
class TitleCosts:
    """A title's shoot days with what they cost, and all the ledger has of its costs."""

    production: Production
    days: tuple[HotDay, ...]
    plans: dict[int, DayPlan]
    lines: tuple[PostedLine, ...]
    booked: tuple[BookedDay, ...]
    budget: dict[str, int]

    @property
    def budget_minor(self) -> int:
        return sum(self.budget.values())

    def day(self, pk: int) -> HotDay | None:
        return next((row for row in self.days if row.day.pk == pk), None)


def _each(amount: int, count: int) -> int | None:
    """Rounded half up to the fen; None of nothing."""
    return (2 * amount + count) // (2 * count) if count else None


def title_costs(production: Production) -> TitleCosts:
    """All of it in a constant number of queries, however many days, people and entries."""
    days = shoot_days(production)
    booked = bookings_of(production)
    plans = day_plans(production, days, booked)
    lines = cost_lines(production)
    budget: dict[str, int] = dict(
        BudgetLine.objects.filter(production=production)
        .values_list("account")
        .annotate(total=Sum(F("quantity") * F("rate_minor")))
        .order_by()
    )
    reports = {
        day.pk: day.report for day in days if hasattr(day, "report") and day.report.state in SUBMITTED
    }  # fmt: skip
    sheets: dict[int, dict[int, TimeSheet]] = defaultdict(dict)
    for sheet in TimeSheet.objects.filter(report__in=[row.pk for row in reports.values()]).select_related(
        "engagement__person"
    ):
        sheets[sheet.report_id][sheet.engagement_id] = sheet
    results = _results(production)
    posted = _by_report(lines)
    names = _engagements(production, plans, sheets, posted)
    known_reports = {day.report.pk for day in days if hasattr(day, "report")}
    loose = _loose(lines, known_reports)
    found: list[HotDay] = []
    first_on: set[dt.date] = set()
    shot: set[int] = set()
    for day in days:
        report = reports.get(day.pk)
        is_first = day.date not in first_on
        first_on.add(day.date)
        people, pending, provisional = _people(plans[day.pk], report, sheets, posted, names)
        things, more = _things(plans[day.pk], loose.get(day.date, []) if is_first else [], booked, report is not None)
        planned_now = results.get(day.pk, {})
        new = {
            pk: seconds
            for pk, (result, seconds) in planned_now.items()
            if result == SceneResult.SHOT and pk not in shot
        }
        shot |= set(new)
        found.append(
            HotDay(
                day=day, report=report, provisional=provisional, people=people, things=things,
                planned_minor=plans[day.pk].total_minor, pending_minor=pending + more,
                scenes_planned=len(plans[day.pk].scenes) or len(planned_now), scenes_shot=len(new),
                scenes_owed=sum(result != SceneResult.SHOT for result, _seconds in planned_now.values()),
                seconds_shot=sum(new.values()),
            )
        )  # fmt: skip
    return TitleCosts(production, tuple(_running(found, lines)), plans, tuple(lines), tuple(booked), budget)


def cost_lines(production: Production) -> list[PostedLine]:
    """Every cost line of the title's ledger; a reversal under the source of what it reverses. One query."""
    return [
        PostedLine(entry, before or source, on_date, account, amount, narrative, params)
        for entry, source, before, on_date, account, amount, narrative, params in EntryLine.objects.filter(
            entry__production=production, account__in=COST_ACCOUNTS
        )
        .order_by("entry__on_date", "entry_id", "pk")
        .values_list(
            "entry_id", "entry__source", "entry__reverses__source", "entry__on_date", "account", "amount_minor",
            "entry__narrative", "entry__params",
        )
    ]  # fmt: skip


def _results(production: Production) -> dict[int, dict[int, tuple[str, int]]]:
    """Shoot day -> scene -> what became of it and its seconds on screen."""
    found: dict[int, dict[int, tuple[str, int]]] = defaultdict(dict)
    for day, scene, result, seconds in SceneReport.objects.filter(
        report__shoot_day__production=production, report__state__in=SUBMITTED, scene__state=SceneState.ACTIVE
    ).values_list("report__shoot_day", "scene", "result", "scene__seconds"):
        found[day][scene] = (result, seconds)
    return found


def _by_report(lines: Iterable[PostedLine]) -> dict[int, dict[int, list[PostedLine]]]:
    """Report -> engagement -> the lines its time sheet was posted as."""
    found: dict[int, dict[int, list[PostedLine]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        if line.kind == "daily_report":
            _kind, report, engagement, *_again = line.source.split(":")
            if report.isdecimal() and engagement.isdecimal():
                found[int(report)][int(engagement)].append(line)
    return found


def _loose(lines: Iterable[PostedLine], reports: set[int]) -> dict[dt.date, list[PostedLine]]:
    """Date -> costs of that date that hang on no report of the title's days."""
    found: dict[dt.date, list[PostedLine]] = defaultdict(list)
    for line in lines:
        parts = line.source.split(":")
        of_report = (
            line.kind == "daily_report"
            and len(parts) > 2
            and parts[1].isdecimal()
            and parts[2].isdecimal()
            and int(parts[1]) in reports
        )
        if not of_report:
            found[line.on_date].append(line)
    return found


def _engagements(
    production: Production, plans: dict[int, DayPlan], sheets: dict[int, dict[int, TimeSheet]],
    posted: dict[int, dict[int, list[PostedLine]]],
) -> dict[int, Engagement]:  # fmt: skip
    known = {pk: pay.engagement for plan in plans.values() for pk, pay in plan.people.items()}
    known |= {pk: sheet.engagement for own in sheets.values() for pk, sheet in own.items()}
    missing = {pk for own in posted.values() for pk in own} - set(known)
    rows = Engagement.objects.filter(production=production, pk__in=missing).select_related("person")
    return known | {row.pk: row for row in rows}


def _people(
    plan: DayPlan, report: DailyReport | None, sheets: dict[int, dict[int, TimeSheet]],
    posted: dict[int, dict[int, list[PostedLine]]], names: dict[int, Engagement],
) -> tuple[tuple[PersonCost, ...], int, bool]:  # fmt: skip
    """Rows, what of them the ledger lacks, and whether they are provisional."""
    own_sheets = sheets.get(report.pk, {}) if report is not None else {}
    in_ledger = posted.get(report.pk, {}) if report is not None else {}
    # Approved and in the ledger, or approved with nobody who is paid by the day.
    stands = (
        report is not None
        and report.state == ReportState.APPROVED
        and (bool(in_ledger) or not any(sum(_pay(sheet)) for sheet in own_sheets.values()))
    )
    rows, pending = [], 0
    for key in sorted({*plan.people, *own_sheets, *in_ledger}):
        engagement = names.get(key)
        planned = plan.people.get(key)
        sheet = own_sheets.get(key)
        lines = in_ledger.get(key, [])
        standing = sum(line.amount_minor for line in lines)
        base = overtime = other = minutes = 0
        account = planned.account if planned else lines[0].account if lines else ""
        if sheet is not None:
            account = str(account_of(sheet.engagement))
            minutes = max(0, sheet.wrap_minute - sheet.call_minute - sheet.engagement.day_minutes)
            base, overtime = _pay(sheet)
        if stands:
            # What the ledger has is what counts; pay beyond day rate and overtime is said by itself.
            base, overtime = min(base, standing), min(overtime, max(0, standing - min(base, standing)))
            other = standing - base - overtime
        else:
            pending += base + overtime - standing
        if not (base or overtime or other or planned):
            continue
        rows.append(
            PersonCost(
                key, engagement.person.name if engagement else lines[0].narrative,
                engagement.job_title if engagement else "", account, planned.total_minor if planned else 0, base,
                minutes if sheet is not None else 0, overtime, other,
            )
        )  # fmt: skip
    return tuple(rows), pending if report is not None else 0, report is not None and not stands


def _pay(sheet: TimeSheet) -> tuple[int, int]:
    return day_pay(sheet.engagement, sheet.wrap_minute - sheet.call_minute)


def _things(
    plan: DayPlan, loose: list[PostedLine], booked: list[BookedDay], reported: bool
) -> tuple[tuple[ThingCost, ...], int]:
    """Hires and other costs of a day against its plan; and what of them the ledger lacks."""
    by_source: dict[tuple[str, str], list[PostedLine]] = defaultdict(list)
    for line in loose:
        by_source[line.source, line.account].append(line)
    rows, pending = [], 0
    for thing in plan.things:
        lines = by_source.pop((f"booking:{thing.booking_id}", str(Account.SETS)), []) if thing.booking_id else []
        standing = sum(line.amount_minor for line in lines)
        actual = thing.amount_minor if thing.kind == "booking" else standing
        pending += actual - standing if reported else 0
        rows.append(
            ThingCost(
                thing.kind, thing.account, thing.name, thing.amount_minor, actual, standing, thing.count
            )
        )  # fmt: skip
    for (source, account), lines in by_source.items():
        total = sum(line.amount_minor for line in lines)
        if total:
            rows.append(ThingCost(source.partition(":")[0], account, lines[0].narrative, 0, total, total))
    return tuple(rows), pending


def _running(days: list[HotDay], lines: list[PostedLine]) -> list[HotDay]:
    """The days with what the title had cost by each date: the ledger up to it, and what the days add that it lacks."""
    found = []
    by_date: dict[dt.date, int] = defaultdict(int)
    for row in days:
        by_date[row.day.date] += row.pending_minor
    ordered = sorted(lines, key=lambda line: line.on_date)
    place = total = 0
    pending = 0
    seen: set[dt.date] = set()
    for row in days:
        while place < len(ordered) and ordered[place].on_date <= row.day.date:
            total += ordered[place].amount_minor
            place += 1
        if row.day.date not in seen:
            seen.add(row.day.date)
            pending += by_date[row.day.date]
        found.append(dataclasses.replace(row, running_minor=total + pending))
    return found
