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

from finance.choices import COST_ACCOUNTS, Account
from finance.day_costs import KINDS, DayCost, reckon
from finance.models import EntryLine
from finance.queries.budgets import planned_by_account
from finance.queries.day_plans import BookedDay, DayPlan, bookings_of, day_plans, shoot_days
from scheduling.models import ShootDay
from scripts_app.choices import SceneState
from shooting.choices import ReportState, SceneResult
from shooting.models import DailyReport, SceneReport
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
    budget = planned_by_account(production)
    reports = {day.pk: day.report for day in days if hasattr(day, "report") and day.report.state in SUBMITTED}
    made = reckon(list(reports.values()), production.studio_id).costs
    results = _results(production)
    posted = _by_report(lines)
    engagements = _engagements(production, plans)
    known_reports = {day.report.pk for day in days if hasattr(day, "report")}
    loose = _loose(lines, known_reports)
    found: list[HotDay] = []
    first_on: set[dt.date] = set()
    shot: set[int] = set()
    for day in days:
        plan = plans[day.pk]
        loose_here = [] if day.date in first_on else loose.get(day.date, [])
        first_on.add(day.date)
        own = _OfReport.read(reports.get(day.pk), made, posted)
        people = _people(plan, own, engagements)
        things, unposted = _things(plan, own, loose_here)
        results_here = results.get(day.pk, {})
        new = {
            pk: seconds
            for pk, (result, seconds) in results_here.items()
            if result == SceneResult.SHOT and pk not in shot
        }
        shot |= set(new)
        found.append(
            HotDay(
                day=day, report=own.report, provisional=own.provisional, people=people, things=things,
                planned_minor=plan.total_minor, pending_minor=own.pending_minor + unposted,
                scenes_planned=len(plan.scenes) or len(results_here), scenes_shot=len(new),
                scenes_owed=sum(result != SceneResult.SHOT for result, _seconds in results_here.values()),
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


def report_of(line: PostedLine) -> tuple[int, int] | None:
    """The report and the key (an engagement, or a place among the extras) that a line was posted for."""
    kind, *rest = line.source.split(":")
    if kind in KINDS and len(rest) > 1 and rest[0].isdecimal() and rest[1].isdecimal():
        return int(rest[0]), int(rest[1])
    return None


def _by_report(lines: Iterable[PostedLine]) -> dict[int, list[PostedLine]]:
    found: dict[int, list[PostedLine]] = defaultdict(list)
    for line in lines:
        of = report_of(line)
        if of is not None:
            found[of[0]].append(line)
    return found


def _loose(lines: Iterable[PostedLine], reports: set[int]) -> dict[dt.date, list[PostedLine]]:
    """Date -> costs of that date that hang on no report of the title's days."""
    found: dict[dt.date, list[PostedLine]] = defaultdict(list)
    for line in lines:
        of = report_of(line)
        if of is None or of[0] not in reports:
            found[line.on_date].append(line)
    return found


def _engagements(production: Production, plans: dict[int, DayPlan]) -> dict[int, Engagement]:
    known = {pk: pay.engagement for plan in plans.values() for pk, pay in plan.people.items()}
    others = Engagement.objects.filter(production=production).exclude(pk__in=known).select_related("person")
    return known | {row.pk: row for row in others}


@dataclasses.dataclass
class _Pay:
    account: str = ""
    base: int = 0
    overtime: int = 0
    other: int = 0
    minutes: int = 0


@dataclasses.dataclass(frozen=True)
class _OfReport:
    """What a day's report makes: by engagement, and its extras. From the ledger once that stands for it."""

    report: DailyReport | None
    provisional: bool
    pay: dict[int, _Pay]
    extras_minor: int
    extras_posted_minor: int
    heads: int
    pending_minor: int

    @classmethod
    def read(
        cls, report: DailyReport | None, made: dict[int, list[DayCost]], posted: dict[int, list[PostedLine]]
    ) -> _OfReport:
        if report is None:
            return cls(None, False, {}, 0, 0, 0, 0)
        costs, lines = made.get(report.pk, []), posted.get(report.pk, [])
        # Approved and in the ledger, or approved with nothing to pay.
        stands = report.state == ReportState.APPROVED and (bool(lines) or not costs)
        pay: dict[int, _Pay] = defaultdict(_Pay)
        over = {cost.key: cost.params["overtime"] for cost in costs if cost.kind == "daily_report"}
        extras = heads = 0
        for cost in costs:
            if cost.kind == "extras":
                heads += cost.params["heads"]
                extras += 0 if stands else cost.amount_minor
                continue
            row = pay[cost.key]
            row.account = row.account or str(cost.account)
            if cost.kind == "daily_report" and cost.person is not None:
                row.minutes = cost.params["minutes"]
            if not stands:
                _add(row, cost.kind, cost.amount_minor, over.get(cost.key, 0))
        standing_extras = 0
        sums: dict[tuple[str, int], int] = defaultdict(int)
        for line in lines:
            of = report_of(line)
            assert of is not None
            if line.kind == "extras":
                standing_extras += line.amount_minor
            else:
                sums[line.kind, of[1]] += line.amount_minor
                pay[of[1]].account = pay[of[1]].account or line.account
        if stands:
            extras = standing_extras
            for (kind, key), amount in sums.items():
                _add(pay[key], kind, amount, min(over.get(key, 0), max(0, amount)))
        pending = 0 if stands else sum(cost.amount_minor for cost in costs) - sum(line.amount_minor for line in lines)
        return cls(report, not stands, dict(pay), extras, standing_extras, heads, pending)


def _add(row: _Pay, kind: str, amount: int, overtime: int) -> None:
    """Day pay falls into rate and overtime; every other kind is said by itself."""
    if kind == "daily_report":
        row.base += amount - overtime
        row.overtime += overtime
    else:
        row.other += amount


def _people(plan: DayPlan, own: _OfReport, engagements: dict[int, Engagement]) -> tuple[PersonCost, ...]:
    rows = []
    for key in sorted({*plan.people, *own.pay}):
        engagement, planned, pay = engagements.get(key), plan.people.get(key), own.pay.get(key, _Pay())
        if not (pay.base or pay.overtime or pay.other or planned):
            continue
        over = max(0, pay.minutes - engagement.day_minutes) if engagement and pay.minutes else 0
        rows.append(
            PersonCost(
                key, engagement.person.name if engagement else "—", engagement.job_title if engagement else "",
                pay.account or (planned.account if planned else ""), planned.total_minor if planned else 0, pay.base,
                over, pay.overtime, pay.other,
            )
        )  # fmt: skip
    return tuple(rows)


def _things(plan: DayPlan, own: _OfReport, loose: list[PostedLine]) -> tuple[tuple[ThingCost, ...], int]:
    """Hires, extras and other costs of a day against its plan; and what of the bookings the ledger lacks."""
    by_source: dict[tuple[str, str], list[PostedLine]] = defaultdict(list)
    for line in loose:
        by_source[line.source, line.account].append(line)
    rows, unposted, extras_planned = [], 0, False
    for thing in plan.things:
        if thing.kind == "extras":
            extras_planned = True
            rows.append(
                ThingCost(
                    "extras", thing.account, "", thing.amount_minor, own.extras_minor, own.extras_posted_minor,
                    own.heads if own.report is not None and own.heads else thing.count,
                )
            )  # fmt: skip
            continue
        lines = by_source.pop((f"booking:{thing.booking_id}", str(Account.SETS)), []) if thing.booking_id else []
        standing = sum(line.amount_minor for line in lines)
        actual = thing.amount_minor if thing.kind == "booking" else standing
        unposted += actual - standing if own.report is not None else 0
        rows.append(ThingCost(thing.kind, thing.account, thing.name, thing.amount_minor, actual, standing))
    if own.extras_minor and not extras_planned:
        rows.append(ThingCost("extras", str(Account.CAST), "", 0, own.extras_minor, own.extras_posted_minor, own.heads))
    for (source, account), lines in by_source.items():
        total = sum(line.amount_minor for line in lines)
        if total:
            rows.append(ThingCost(source.partition(":")[0], account, lines[0].narrative, 0, total, total))
    return tuple(rows), unposted


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
