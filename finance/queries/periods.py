"""What a studio's months still need, and which months of a title on air nobody has stated."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Count, Max, Min
from django.utils import timezone
from django.utils.translation import ngettext

from delivery.choices import PackageState
from delivery.models import Package
from finance.choices import PartState, SettlementState, StatementState
from finance.models import BatchPart, ClosedPeriod, Entry, Settlement, Statement
from studio.models import Production, Studio
from studio.values import month_of, parse_month

MOST_MONTHS = 120


@dataclasses.dataclass(frozen=True)
class OpenWork:
    """What of a month is not finished."""

    held: int = 0
    ready: int = 0
    unsettled: int = 0
    drafts: int = 0
    unknown: int = 0

    @property
    def any(self) -> bool:
        return bool(self.held or self.ready or self.unsettled or self.drafts or self.unknown)

    @property
    def words(self) -> str:
        """In the reader's language."""
        said = [
            ngettext("%(n)s statement held", "%(n)s statements held", self.held) % {"n": self.held}
            if self.held
            else "",
            ngettext("%(n)s statement to accept", "%(n)s statements to accept", self.ready) % {"n": self.ready}
            if self.ready
            else "",
            ngettext("%(n)s statement to settle", "%(n)s statements to settle", self.unsettled) % {"n": self.unsettled}
            if self.unsettled
            else "",
            ngettext("%(n)s settlement to issue", "%(n)s settlements to issue", self.drafts) % {"n": self.drafts}
            if self.drafts
            else "",
            ngettext("%(n)s unknown title", "%(n)s unknown titles", self.unknown) % {"n": self.unknown}
            if self.unknown
            else "",
        ]
        return ", ".join(filter(None, said))

    def as_json(self) -> dict[str, int]:
        return {name: count for name, count in dataclasses.asdict(self).items() if count}


def open_work(studio: Studio, periods: Collection[str]) -> dict[str, OpenWork]:
    """For each of these months what is open; a constant number of queries."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    names = {StatementState.HELD: "held", StatementState.READY: "ready", StatementState.ACCEPTED: "unsettled"}
    for period, state, count in (
        Statement.objects.filter(production__studio=studio, period__in=periods, state__in=list(names))
        .values_list("period", "state")
        .annotate(n=Count("pk"))
        .order_by()
    ):
        counts[period][names[state]] = count
    for period, count in (
        Settlement.objects.filter(production__studio=studio, period__in=periods, state=SettlementState.DRAFT)
        .values_list("period")
        .annotate(n=Count("pk"))
        .order_by()
    ):
        counts[period]["drafts"] = count
    for period, count in (
        BatchPart.objects.filter(batch__platform__studio=studio, batch__period__in=periods, state=PartState.UNKNOWN)
        .values_list("batch__period")
        .annotate(n=Count("pk"))
        .order_by()
    ):
        counts[period]["unknown"] = count
    return {period: OpenWork(**counts[period]) for period in periods}


@dataclasses.dataclass(frozen=True)
class Month:
    """A month of a studio as its page shows it."""

    period: str
    closed: ClosedPeriod | None
    before: tuple[ClosedPeriod, ...]
    work: OpenWork
    statements: int
    gaps: tuple[Gap, ...]


@dataclasses.dataclass(frozen=True)
class Gap:
    """A month in which a title was on air at a platform and nothing was stated."""

    production: Production
    platform_id: int
    platform_name: str
    period: str


def _months(first: str, last: str) -> list[str]:
    day = parse_month(first)
    months: list[str] = []
    while month_of(day) <= last and len(months) < MOST_MONTHS:
        months.append(month_of(day))
        day = parse_month(month_of(day + dt.timedelta(days=32)))
    return months


def gaps(productions: Iterable[Production], today: dt.date | None = None) -> list[Gap]:
    """Months of these titles between going on air and the last one that is over, without a statement; oldest first.

    Two queries, however many titles.
    """
    titles = {production.pk: production for production in productions}
    if not titles:
        return []
    live = list(
        Package.objects.filter(production__in=titles, state=PackageState.LIVE, live_at__isnull=False).select_related(
            "platform", "production__studio"
        )
    )
    stated = set(
        Statement.objects.filter(production__in=[package.production_id for package in live]).values_list(
            "production", "platform", "period"
        )
    )
    found = []
    for package in live:
        zone = package.production.studio.zone
        now = today or timezone.localtime(timezone=zone).date()
        last = month_of(now.replace(day=1) - dt.timedelta(days=1))
        assert package.live_at is not None
        first = month_of(timezone.localtime(package.live_at, zone).date())
        found += [
            Gap(titles[package.production_id], package.platform_id, package.platform.name, period)
            for period in _months(first, last)
            if (package.production_id, package.platform_id, period) not in stated
        ]
    return sorted(found, key=lambda gap: (gap.period, gap.production.title, gap.platform_name))


def months(studio: Studio, today: dt.date | None = None) -> list[Month]:
    """A studio's months from its first statement or entry to the one that runs, newest first."""
    now = today or timezone.localtime(timezone=studio.zone).date()
    firsts = [
        Statement.objects.filter(production__studio=studio).aggregate(first=Min("period"))["first"],
        ClosedPeriod.objects.filter(studio=studio).aggregate(first=Min("period"))["first"],
    ]
    entries = Entry.objects.filter(production__studio=studio).aggregate(first=Min("on_date"), last=Max("on_date"))
    if entries["first"] is not None:
        firsts.append(month_of(entries["first"]))
    known = [first for first in firsts if first]
    if not known:
        return []
    last = month_of(now)
    every = _months(max(min(known), month_of(now - dt.timedelta(days=31 * (MOST_MONTHS - 2)))), last)
    work = open_work(studio, every)
    closings: dict[str, list[ClosedPeriod]] = defaultdict(list)
    for row in ClosedPeriod.objects.filter(studio=studio).select_related("closed_by", "reopened_by").order_by("pk"):
        closings[row.period].append(row)
    counts = dict(
        Statement.objects.filter(production__studio=studio, period__in=every)
        .values_list("period")
        .annotate(n=Count("pk"))
        .order_by()
    )
    missing: dict[str, list[Gap]] = defaultdict(list)
    for gap in gaps(Production.objects.filter(studio=studio), now):
        missing[gap.period].append(gap)
    return [
        Month(
            period,
            next((row for row in closings[period] if row.reopened_at is None), None),
            tuple(row for row in closings[period] if row.reopened_at is not None),
            work[period], counts.get(period, 0), tuple(missing[period]),
        )
        for period in reversed(every)
    ]  # fmt: skip
