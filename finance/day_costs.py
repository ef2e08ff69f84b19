"""What approved daily reports cost, reckoned from time sheets, meals, rest, extras and the tariffs of that day.

Reads and reckons, never posts: `finance.accruals` posts it, `finance.books` checks what was posted against it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from finance.choices import Account
from finance.daypay import Part, Rate, Sheet, extras_part, half_hours, penalties, rate_at
from finance.tariffs import rates_of
from shooting.choices import ReportState
from shooting.models import DailyReport, ExtrasCount, TimeSheet
from studio.choices import Department
from studio.models import Engagement, Person

# Sources that follow from a daily report; each is `kind:report:key`, and `:2`, `:3` once it was reckoned anew.
KINDS = ("daily_report", "forced_call", "meal_penalty", "night", "weekend", "extras")
ACCOUNT_OF = {
    Department.CAST: Account.CAST,
    Department.DIRECTION: Account.KEY_CREW,
    Department.ART: Account.ART,
    Department.WARDROBE: Account.ART,
    Department.MAKEUP: Account.ART,
    Department.POST: Account.POST,
    Department.WRITING: Account.SCRIPT,
}


def account_of(engagement: Engagement) -> Account:
    """The cost account of a department; crew where the trade has no line of its own."""
    return ACCOUNT_OF.get(Department(engagement.department), Account.CREW)


def day_pay(engagement: Engagement, minutes: int) -> tuple[int, int]:
    """Day rate and overtime in fen for that many minutes on set.

    A day once called is paid whole, however short. Overtime runs beyond the engagement's paid day, by started half
    hours: 31 minutes over are paid as an hour. Half an odd hourly rate is rounded up to the fen.
    """
    over = half_hours(minutes - engagement.day_minutes)
    return engagement.day_rate_minor, -(-over * engagement.overtime_hour_minor // 2)


@dataclasses.dataclass(frozen=True)
class DayCost:
    """One thing to be posted for a report: `key` is the engagement, or the place among the extras."""

    kind: str
    report_id: int
    key: int
    account: str
    amount_minor: int
    narrative: str
    params: dict[str, Any]
    person: Person | None = None

    @property
    def source(self) -> str:
        return f"{self.kind}:{self.report_id}:{self.key}"


@dataclasses.dataclass(frozen=True)
class Reckoning:
    costs: dict[int, list[DayCost]]
    """By report."""
    unpriced: list[ExtrasCount]
    """Extras for whom no tariff is in force on their day."""

    @property
    def total_minor(self) -> int:
        return sum(cost.amount_minor for costs in self.costs.values() for cost in costs)


def reckon(reports: Sequence[DailyReport], studio_id: int) -> Reckoning:
    """What these reports of one studio cost. Four queries, however many reports (`shoot_day` is taken as loaded)."""
    days = {report.pk: report.shoot_day for report in reports}
    by_report = {report.pk: report for report in reports}
    sheets = list(
        TimeSheet.objects.filter(report__in=days)
        .select_related("engagement__person", "engagement__production__studio")
        .order_by("pk")
    )
    rates = rates_of(studio_id)
    rest = _Rest(studio_id, {sheet.engagement.person_id for sheet in sheets}, {day.date for day in days.values()})
    costs: dict[int, list[DayCost]] = defaultdict(list)
    for sheet in sheets:
        report = by_report[sheet.report_id]
        costs[report.pk] += _of_sheet(sheet, report, rest, rates)
    unpriced = []
    for count in ExtrasCount.objects.filter(report__in=days).order_by("report", "position"):
        day = days[count.report_id]
        rate = rate_at(rates, count.kind, day.date, day.base_id)
        if rate is None:
            unpriced.append(count)
            continue
        part = extras_part(rate, heads=count.heads, call=count.call_minute, wrap=count.wrap_minute)
        if part.amount_minor:
            name = " · ".join(filter(None, (f"{count.get_kind_display()} × {count.heads}", count.note)))
            params = {**_params(part), "heads": count.heads, "shoot_day": day.pk}
            costs[day.report.pk].append(
                DayCost("extras", day.report.pk, count.position, Account.CAST, part.amount_minor, name, params)
            )
    return Reckoning(dict(costs), unpriced)


def _of_sheet(sheet: TimeSheet, report: DailyReport, rest: _Rest, rates: Sequence[Rate]) -> list[DayCost]:
    engagement, day = sheet.engagement, report.shoot_day
    studio = engagement.production.studio
    minutes = sheet.wrap_minute - sheet.call_minute
    found = []

    def add(kind: str, amount: int, params: dict[str, Any]) -> None:
        found.append(
            DayCost(
                kind, report.pk, engagement.pk, account_of(engagement), amount,
                f"{engagement.person.name} · {engagement.job_title}", {**params, "shoot_day": day.pk}, engagement.person,
            )
        )  # fmt: skip

    rate, overtime = day_pay(engagement, minutes)
    if rate + overtime:
        add("daily_report", rate + overtime, {"minutes": minutes, "rate": rate, "overtime": overtime})
    own = engagement.rest_minutes
    needed = own if own is not None else studio.rest_minutes
    had = rest.before(sheet, day.date)
    plain = Sheet(
        on_date=day.date, call=sheet.call_minute, wrap=sheet.wrap_minute, day_rate_minor=engagement.day_rate_minor,
        day_minutes=engagement.day_minutes, meals=report.meals, meal_within=studio.meal_after_minutes,
        rest_minutes=had, rest_needed=needed,
    )  # fmt: skip
    for part in penalties(plain, rates, day.base_id):
        extra = {"rest": had, "needed": needed} if part.kind == "forced_call" else {}
        add(part.kind, part.amount_minor, {**_params(part), **extra})
    return found


def _params(part: Part) -> dict[str, Any]:
    """What the ledger needs to explain the amount: the tariff by its date and prices, and what it was applied to."""
    rate = part.rate
    params: dict[str, Any] = {
        "minutes": part.minutes, "cases": part.cases, "tariff": rate.ident, "tariff_from": rate.from_date.isoformat(),
        "flat": rate.flat_minor, "hour": rate.hour_minor, "percent": rate.percent,
    }  # fmt: skip
    if rate.half_day_minor is not None:
        params |= {"half_day": rate.half_day_minor, "half_day_minutes": rate.half_day_minutes}
    if rate.kind == "night":
        params |= {"night_from": rate.from_minute, "night_to": rate.to_minute}
    return params


class _Rest:
    """When people wrapped the day before, on approved reports of any title of the studio. One query."""

    def __init__(self, studio_id: int, people: set[int], dates: set[dt.date]) -> None:
        self._wraps: dict[tuple[int, dt.date], int] = {}
        self._first: dict[tuple[int, dt.date], tuple[int, int]] = {}
        if not people or not dates:
            return
        wanted = Q(
            report__shoot_day__date__gte=min(dates) - dt.timedelta(days=1), report__shoot_day__date__lte=max(dates)
        )
        for sheet, person, date, call, wrap in TimeSheet.objects.filter(
            wanted, engagement__person__in=people, engagement__person__studio=studio_id,
            report__state=ReportState.APPROVED,
        ).values_list("pk", "engagement__person", "report__shoot_day__date", "call_minute", "wrap_minute"):  # fmt: skip
            key = (person, date)
            self._wraps[key] = max(self._wraps.get(key, 0), wrap)
            self._first[key] = min(self._first.get(key, (call, sheet)), (call, sheet))

    def before(self, sheet: TimeSheet, date: dt.date) -> int | None:
        """Minutes of rest before this call; None where yesterday's wrap is not known, or another call came first."""
        person = sheet.engagement.person_id
        wrap = self._wraps.get((person, date - dt.timedelta(days=1)))
        if wrap is None or self._first.get((person, date), (0, sheet.pk))[1] != sheet.pk:
            return None
        return max(0, sheet.call_minute + 1440 - wrap)
