"""Budgets: which version is in force, and a version as its sheet. Amounts are fen. Never writes."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Case, OuterRef, QuerySet, Subquery, Sum, Value, When

from finance.budgeting import reckon
from finance.choices import COST_ACCOUNTS, Account, BudgetState
from finance.models import BudgetLine, BudgetStep, BudgetVersion
from scheduling.choices import BoardState
from scheduling.models import BoardDay, Stripboard
from scripts_app.choices import SceneState
from scripts_app.models import Scene
from studio.models import Production


def budgets_in_force(production_ids: Iterable[int] | None = None) -> QuerySet[BudgetVersion]:
    """Each title's budget in force: the approved version, else the latest draft. All who hold costs against a budget
    read this one."""
    best = (
        BudgetVersion.objects.filter(production=OuterRef("production"))
        .exclude(state=BudgetState.SUPERSEDED)
        .order_by(Case(When(state=BudgetState.APPROVED, then=Value(0)), default=Value(1)), "-number")
        .values("pk")[:1]
    )
    rows = BudgetVersion.objects.filter(pk=Subquery(best))
    return rows if production_ids is None else rows.filter(production__in=list(production_ids))


def budget_in_force(production: Production) -> BudgetVersion | None:
    return budgets_in_force([production.pk]).first()


def planned_by_title(production_ids: Iterable[int]) -> dict[int, int]:
    """Production -> what its budget in force comes to. One query."""
    lines = BudgetLine.objects.filter(version__in=budgets_in_force(production_ids))
    return dict(lines.values_list("version__production").annotate(total=Sum("amount_minor")).order_by())


def planned_by_account(production: Production) -> dict[str, int]:
    """Account -> what the title's budget in force plans for it. One query."""
    lines = BudgetLine.objects.filter(version__in=budgets_in_force([production.pk]))
    return dict(lines.values_list("account").annotate(total=Sum("amount_minor")).order_by())


def budget_total(version: BudgetVersion) -> int:
    return int(version.lines.aggregate(total=Sum("amount_minor"))["total"] or 0)


def budget_versions(production: Production) -> QuerySet[BudgetVersion]:
    """A title's versions, the newest first, with what they come to."""
    return (
        BudgetVersion.objects.filter(production=production)
        .annotate(total_minor=Sum("lines__amount_minor", default=0))
        .select_related("created_by", "approved_by", "second_approved_by", "based_on")
        .order_by("-number")
    )


@dataclasses.dataclass(frozen=True)
class TitleFigures:
    """What a title's costs are divided by. Shoot days are of the locked board, else the newest draft, else the dates."""

    episodes: int
    shoot_days: int
    scenes: int


def title_figures(production: Production) -> TitleFigures:
    board = (
        Stripboard.objects.filter(production=production)
        .exclude(state=BoardState.REPLACED)
        .order_by(Case(When(state=BoardState.LOCKED, then=Value(0)), default=Value(1)), "-pk")
        .values("pk")[:1]
    )
    days = BoardDay.objects.filter(board=Subquery(board)).values("date").distinct().count()
    if not days and production.shoot_from_date and production.shoot_to_date:
        days = (production.shoot_to_date - production.shoot_from_date).days + 1
    scenes = Scene.objects.filter(production=production, state=SceneState.ACTIVE).count()
    return TitleFigures(production.episodes.count(), days, scenes)


@dataclasses.dataclass(frozen=True)
class SheetAccount:
    """An account of a sheet: its lines in order, and what they come to."""

    account: str
    label: str
    lines: tuple[BudgetLine, ...]
    total_minor: int
    share_bp: int
    per_episode_minor: int | None
    per_day_minor: int | None

    @property
    def share(self) -> str:
        return f"{(self.share_bp + 5) // 10 // 10}.{(self.share_bp + 5) // 10 % 10} %"


@dataclasses.dataclass(frozen=True)
class Sheet:
    accounts: tuple[SheetAccount, ...]
    groups: tuple[tuple[str, int], ...]
    total_minor: int
    figures: TitleFigures
    per_episode_minor: int | None
    per_day_minor: int | None
    lines_count: int


def per(total: int, count: int) -> int | None:
    """The total over a count, half rounded up; None where there is nothing to divide by."""
    return (2 * total + count) // (2 * count) if count else None


def sheet_of(version: BudgetVersion, figures: TitleFigures) -> Sheet:
    """A version by account, with its totals: one query beyond the title's figures."""
    by_account: dict[str, list[BudgetLine]] = defaultdict(list)
    lines = list(version.lines.order_by("position", "pk"))
    for line in lines:
        by_account[line.account].append(line)
    reckoned = reckon(line.as_line() for line in lines)
    total = reckoned.total
    return Sheet(
        tuple(
            SheetAccount(
                str(account.value), str(Account(account).label), tuple(by_account[account]),
                reckoned.by_account[account],
                reckoned.by_account[account] * 10_000 // total if total else 0,
                per(reckoned.by_account[account], figures.episodes),
                per(reckoned.by_account[account], figures.shoot_days),
            )
            for account in COST_ACCOUNTS
            if by_account.get(account)
        ),
        tuple(sorted((name, sum_) for name, sum_ in reckoned.by_group.items() if name)),
        total, figures, per(total, figures.episodes), per(total, figures.shoot_days), len(lines),
    )  # fmt: skip


def last_step(version: BudgetVersion) -> BudgetStep | None:
    """The change that undo would take back."""
    return version.steps.select_related("made_by").order_by("-number").first()
