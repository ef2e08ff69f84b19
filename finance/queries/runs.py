"""Runs of a month: what waits to be settled, how far a run is, its titles against the month before."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from delivery.models import Platform
from finance.choices import RunOutcome, RunStanding, SettlementState, StatementState
from finance.models import RunTitle, SettledStatement, Settlement, SettlementRun, Statement
from studio.choices import JobState
from studio.models import Studio
from studio.values import month_of, parse_month


def statements_to_settle(studio: Studio, *, period: str = "", platform: Platform | None = None) -> QuerySet[Statement]:
    """Accepted statements in no draft and in no run that still has them; what a run refused stays that run's."""
    rows = Statement.objects.filter(
        # Those that an issued settlement took in are not accepted any more, unless it was reversed.
        ~Exists(SettledStatement.objects.filter(statement=OuterRef("pk"), settlement__state=SettlementState.DRAFT)),
        ~Exists(
            RunTitle.objects.filter(statement=OuterRef("pk"), outcome__in=[RunOutcome.WAITING, RunOutcome.REFUSED])
        ),
        production__studio=studio, state=StatementState.ACCEPTED,
    )  # fmt: skip
    if period:
        rows = rows.filter(period=period)
    return rows.filter(platform=platform) if platform is not None else rows


@dataclasses.dataclass(frozen=True)
class Waiting:
    """What one platform's accepted statements of a month come to, that nobody has settled."""

    period: str
    platform_id: int
    platform: str
    currency: str
    statements: int
    receipts_minor: int


def months_to_settle(studio: Studio) -> list[Waiting]:
    """By month, the oldest first, and platform. One query."""
    sums = (
        statements_to_settle(studio)
        .values_list("period", "platform", "platform__name", "currency")
        .annotate(count=Count("pk"), total=Sum("counted_minor"))
        .order_by("period", "platform__name", "platform", "currency")
    )
    return [Waiting(*row) for row in sums]


_STANDING = Case(
    When(settlement__state=SettlementState.ISSUED, then=Value(RunStanding.ISSUED)),
    When(outcome=RunOutcome.REFUSED, then=Value(RunStanding.REFUSED)),
    When(
        Q(outcome=RunOutcome.WAITING) & (Q(job=None) | Q(job__state__in=[JobState.PARKED, JobState.CANCELLED])),
        then=Value(RunStanding.GIVEN_UP),
    ),
    When(outcome=RunOutcome.WAITING, job__state=JobState.RUNNING, then=Value(RunStanding.RUNNING)),
    When(outcome=RunOutcome.WAITING, then=Value(RunStanding.WAITING)),
    When(settlement=None, then=Value(RunStanding.GONE)),
    When(reviewed_draft=F("settlement__updated_at"), then=Value(RunStanding.REVIEWED)),
    default=Value(RunStanding.DRAFT),
    output_field=CharField(),
)  # fmt: skip

SORTS = {
    "title": ["statement__production__title", "pk"],
    "receipts": ["-receipts", "pk"],
    "shares": ["-settlement__shares_minor", "pk"],
    "retained": ["-settlement__retained_minor", "pk"],
    "change": ["change", "pk"],
}


def run_titles(run: SettlementRun, *, standing: str = "", text: str = "", sort: str = "") -> QuerySet[RunTitle]:
    """The titles of a run, each with where it stands and the same title and platform's settlements a month before.

    `standing` is annotated, as are `receipts` (of the statement), `before_receipts`, `before_shares` and
    `before_retained` (None without a settlement of that month) and `change` of the receipts.
    """
    before = Settlement.objects.filter(
        production=OuterRef("statement__production"), statement__platform=OuterRef("statement__platform"),
        period=month_before(run.period), currency=OuterRef("statement__currency"),
    ).order_by().values("production")  # fmt: skip

    def total(column: str) -> Subquery:
        return Subquery(before.annotate(total=Sum(column)).values("total"))

    rows = RunTitle.objects.filter(run=run).select_related(
        "statement__production__studio", "statement__platform", "settlement", "job", "reviewed_by"
    )
    rows = rows.annotate(
        standing=_STANDING, receipts=F("statement__counted_minor"), before_receipts=total("receipts_minor"),
        before_shares=total("shares_minor"), before_retained=total("retained_minor"),
    ).annotate(change=F("receipts") - Coalesce(F("before_receipts"), 0))  # fmt: skip
    if standing in RunStanding.values:
        rows = rows.filter(standing=standing)
    if text.strip():
        rows = rows.filter(
            Q(statement__production__title__icontains=text.strip())
            | Q(statement__production__code__icontains=text.strip())
        )
    return rows.order_by(*SORTS.get(sort, ["statement__production__code", "statement__platform__code", "pk"]))


def month_before(period: str) -> str:
    return month_of(parse_month(period).replace(day=1) - dt.timedelta(days=1))


def titles_to_issue(run: SettlementRun) -> QuerySet[RunTitle]:
    """Reviewed drafts that are not issued, in the order in which they are. Drafts changed since are among them."""
    return (
        RunTitle.objects.filter(
            run=run, outcome=RunOutcome.DRAFTED, reviewed_at__isnull=False, settlement__state=SettlementState.DRAFT
        )
        .select_related("run", "settlement")
        .order_by("statement__production__code", "statement__platform__code", "pk")
    )  # fmt: skip


@dataclasses.dataclass(frozen=True)
class RunProgress:
    """How many titles of a run stand where, and what its settlements make by currency."""

    counts: dict[str, int]
    sums: tuple[tuple[str, int, int, int], ...]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def open(self) -> int:
        """Titles that a worker has or will have."""
        return self.counts.get(RunStanding.WAITING, 0) + self.counts.get(RunStanding.RUNNING, 0)

    @property
    def done(self) -> int:
        return self.total - self.open


def run_progress(run: SettlementRun) -> RunProgress:
    """Two queries, however many titles."""
    counts = (
        RunTitle.objects.filter(run=run)
        .annotate(standing=_STANDING)
        .values_list("standing")
        .annotate(count=Count("pk"))
        .order_by()
    )
    sums = (
        RunTitle.objects.filter(run=run, settlement__isnull=False)
        .values_list("settlement__currency")
        .annotate(
            receipts=Sum("settlement__receipts_minor"), shares=Sum("settlement__shares_minor"),
            retained=Sum("settlement__retained_minor"),
        )
        .order_by("settlement__currency")
    )  # fmt: skip
    return RunProgress(dict(counts), tuple(sums))


def runs_of(rows: QuerySet[SettlementRun]) -> QuerySet[Any]:
    """Runs with how many titles stand where, newest first. One query."""
    return (
        rows.select_related("platform", "started_by")
        .annotate(
            total=Count("titles"),
            waiting=Count("titles", filter=Q(titles__outcome=RunOutcome.WAITING)),
            refused=Count("titles", filter=Q(titles__outcome=RunOutcome.REFUSED)),
            issued=Count("titles", filter=Q(titles__settlement__state=SettlementState.ISSUED)),
            drafts=Count("titles", filter=Q(titles__settlement__state=SettlementState.DRAFT)),
        )
        .order_by("-pk")
    )
