"""Two versions of a budget and the ledger side by side: by account and line, as a page, a workbook and a paper."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.db.models import Sum
from django.http import HttpResponse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from finance.budgeting import AccountChange, Change, Kind, Line, compare, write_quantity
from finance.choices import COST_ACCOUNTS, Account, BudgetUnit
from finance.composition import percent
from finance.exports import as_xlsx
from finance.models import BudgetVersion, EntryLine
from studio.documents import render_pdf
from studio.values import Money


def kind_label(kind: str) -> str:
    return {
        Kind.ADDED: pgettext("budget line", "Added"), Kind.REMOVED: pgettext("budget line", "Removed"),
        Kind.CHANGED: pgettext("budget line", "Changed"), Kind.SAME: pgettext("budget line", "Same"),
    }[Kind(kind)]  # fmt: skip


def written(bp: int | None) -> str:
    if bp is None:
        return "—"
    return ("−" if bp < 0 else "+" if bp > 0 else "") + percent(abs(bp))


@dataclasses.dataclass(frozen=True)
class ComparedLine:
    change: Change

    @property
    def label(self) -> str:
        return kind_label(self.change.kind)

    @property
    def part(self) -> str:
        return written(self.change.difference_bp)

    @property
    def before_written(self) -> str:
        return _quantity(self.change.before)

    @property
    def after_written(self) -> str:
        return _quantity(self.change.after)


def _quantity(line: Line | None) -> str:
    """`5 Day`, as the sheet has it."""
    return f"{write_quantity(line.quantity)} {BudgetUnit(line.unit).label}" if line is not None else ""


@dataclasses.dataclass(frozen=True)
class ComparedAccount:
    label: str
    row: AccountChange
    lines: tuple[ComparedLine, ...]

    @property
    def part(self) -> str:
        return written(self.row.difference_bp)


@dataclasses.dataclass(frozen=True)
class Comparison:
    """The earlier version, the later one, and what is posted in the studio's currency."""

    before: BudgetVersion
    after: BudgetVersion
    accounts: tuple[ComparedAccount, ...]

    def _sum(self, name: str) -> int:
        return sum(getattr(account.row, name) for account in self.accounts)

    @property
    def before_minor(self) -> int:
        return self._sum("before_minor")

    @property
    def after_minor(self) -> int:
        return self._sum("after_minor")

    @property
    def actual_minor(self) -> int:
        return self._sum("actual_minor")

    @property
    def difference_minor(self) -> int:
        return self.after_minor - self.before_minor

    @property
    def left_minor(self) -> int:
        return self.after_minor - self.actual_minor

    @property
    def part(self) -> str:
        if not self.before_minor:
            return "—"
        return written(AccountChange("", (), self.before_minor, self.after_minor, 0).difference_bp)


def comparison_of(before: BudgetVersion, after: BudgetVersion) -> Comparison:
    """Three queries: the lines of each, and what is posted."""
    production = after.production
    posted = dict(
        EntryLine.objects.filter(
            entry__production=production, account__in=COST_ACCOUNTS, currency=production.studio.currency
        )
        .values_list("account")
        .annotate(total=Sum("amount_minor"))
        .order_by()
    )
    rows = compare(
        [line.as_line() for line in before.lines.order_by("position", "pk")],
        [line.as_line() for line in after.lines.order_by("position", "pk")],
        accounts=[str(account.value) for account in COST_ACCOUNTS], actual=posted,
    )  # fmt: skip
    return Comparison(
        before, after,
        tuple(
            ComparedAccount(str(Account(row.account).label), row, tuple(ComparedLine(change) for change in row.changes))
            for row in rows
        ),
    )  # fmt: skip


def version_name(version: BudgetVersion) -> str:
    number = _("Version %(number)s") % {"number": version.number}
    return f"{number} · {version.name}" if version.name else number


def export_comparison(found: Comparison) -> HttpResponse:
    unit = found.after.production.studio.currency
    heads = [
        _("Account"), _("Line"), _("What happened"), version_name(found.before), version_name(found.after),
        _("Difference"), _("Difference in per cent"), _("Posted"), pgettext("budget", "Left"),
    ]  # fmt: skip

    def money(*amounts: int) -> list[Money]:
        return [Money(amount, unit) for amount in amounts]

    rows: list[list[Any]] = []
    for account in found.accounts:
        row = account.row
        rows.append(
            [account.label, "", "", *money(row.before_minor, row.after_minor, row.difference_minor), account.part,
             *money(row.actual_minor, row.left_minor)]
        )  # fmt: skip
        for line in account.lines:
            change = line.change
            amounts = money(change.before_minor, change.after_minor, change.difference_minor)
            rows.append([account.label, change.line.name, line.label, *amounts, line.part])
    rows.append(
        [_("Together"), "", "", *money(found.before_minor, found.after_minor, found.difference_minor), found.part,
         *money(found.actual_minor, found.left_minor)]
    )  # fmt: skip
    return as_xlsx(f"budgets-{found.after.production_id}-compared", heads, rows)


def comparison_pdf(found: Comparison) -> bytes:
    """Accounts, and under each the lines that differ."""
    production = found.after.production
    unit = production.studio.currency

    def money(minor: int) -> Money:
        return Money(minor, unit)

    return render_pdf(
        "budget_comparison.typ",
        {
            "lang": "zh" if (get_language() or "").startswith("zh") else "en",
            "studio": production.studio.name, "title": production.title,
            "before": version_name(found.before), "after": version_name(found.after),
            "accounts": [
                {
                    "label": account.label, "before": money(account.row.before_minor),
                    "after": money(account.row.after_minor), "difference": money(account.row.difference_minor),
                    "part": account.part, "actual": money(account.row.actual_minor),
                    "left": money(account.row.left_minor),
                    "lines": [
                        {
                            "name": line.change.line.name, "kind": line.label, "before": money(line.change.before_minor),
                            "after": money(line.change.after_minor),
                            "difference": money(line.change.difference_minor), "part": line.part,
                        }
                        for line in account.lines
                        if line.change.kind is not Kind.SAME
                    ],
                }
                for account in found.accounts
            ],
            "total": {
                "before": money(found.before_minor), "after": money(found.after_minor),
                "difference": money(found.difference_minor), "part": found.part, "actual": money(found.actual_minor),
                "left": money(found.left_minor),
            },
        },
    )  # fmt: skip
