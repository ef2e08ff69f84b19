"""The sheet as a form: rows as they came from the browser or stand in the database, what they come to, as files."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _

from finance.budget_lines import SheetRow
from finance.budget_words import fault_text, heads, words, written_rate
from finance.budgeting import MOST_LINES, PERCENT, Line, Words, is_blank, read_row, reckon
from finance.choices import COST_ACCOUNTS, Account, BudgetUnit
from finance.exports import WRITERS
from finance.models import BudgetLine, BudgetVersion
from finance.queries.budgets import TitleFigures, per
from studio.refusals import Refused
from studio.values import Money

FIELDS = ("account", "name", "quantity", "unit", "factor", "rate", "group", "note")
BLANK_ROWS = 3


@dataclasses.dataclass(frozen=True)
class FormRow:
    """A row as its inputs show it, with what it comes to and what is wrong in it."""

    cells: Mapping[str, str]
    pk: int | None = None
    was: str = ""
    gone: bool = False
    amount_minor: int | None = None
    faults: tuple[tuple[str, str], ...] = ()
    line: Line | None = None
    source: str = ""

    @property
    def wrong(self) -> dict[str, str]:
        return dict(self.faults)

    @property
    def is_blank(self) -> bool:
        return self.pk is None and is_blank(self.cells)


@dataclasses.dataclass(frozen=True)
class FormAccount:
    account: str
    label: str
    rows: tuple[FormRow, ...]
    total_minor: int


@dataclasses.dataclass(frozen=True)
class FormSheet:
    accounts: tuple[FormAccount, ...]
    new: tuple[FormRow, ...]
    shown: str
    total_minor: int
    per_episode_minor: int | None
    per_day_minor: int | None

    @property
    def rows(self) -> list[FormRow]:
        return [*(row for account in self.accounts for row in account.rows), *self.new]


def rows_of(lines: Iterable[BudgetLine], currency: str) -> list[FormRow]:
    """Lines as rows of inputs."""
    return [
        FormRow(
            cells={
                "account": line.account, "name": line.name, "quantity": line.quantity, "unit": line.unit,
                "factor": str(line.factor), "rate": written_rate(line, currency), "group": line.group,
                "note": line.note,
            },
            pk=line.pk, was=line.as_line().mark, amount_minor=line.amount_minor, line=line.as_line(),
            source="" if line.source == "hand" else line.get_source_display(),
        )
        for line in lines
    ]  # fmt: skip


def posted_rows(data: QueryDict, currency: str) -> list[FormRow]:
    """The rows of a posted sheet, read; blank new ones stay blank. Refuses lists of different lengths."""
    lists = {name: data.getlist(name) for name in (*FIELDS, "pk", "was", "gone")}
    count = len(lists["name"])
    if any(len(values) != count for values in lists.values()) or count > MOST_LINES + BLANK_ROWS:
        raise Refused("sheet_torn", _("The sheet did not arrive whole. Load the page again."))
    known = words()
    return [_posted({name: values[at] for name, values in lists.items()}, known, currency) for at in range(count)]


def _posted(texts: dict[str, str], known: Words, currency: str) -> FormRow:
    cells = {name: texts[name][:500] for name in FIELDS}
    pk = int(texts["pk"]) if texts["pk"].isascii() and texts["pk"].isdecimal() and len(texts["pk"]) < 19 else None
    row = FormRow(cells, pk, texts["was"][:64], texts["gone"] == "1")
    if row.is_blank or row.gone:
        return row
    line, faults = read_row(cells, known, currency=currency)
    return dataclasses.replace(row, line=line, faults=tuple((fault.field, fault_text(fault)) for fault in faults))


def reckoned(rows: Sequence[FormRow]) -> tuple[list[FormRow], dict[str, int], int]:
    """Rows with their amounts, totals by account, and the total. Rows that cannot be read count nothing."""
    counted = [at for at, row in enumerate(rows) if row.line is not None and not row.gone]
    found = reckon(line for at in counted if (line := rows[at].line) is not None)
    amounts = dict(zip(counted, found.amounts, strict=True))
    return (
        [dataclasses.replace(row, amount_minor=amounts.get(at)) for at, row in enumerate(rows)],
        found.by_account, found.total,
    )  # fmt: skip


def form_sheet(rows: Sequence[FormRow], figures: TitleFigures, shown: str | None = None) -> FormSheet:
    """Rows under their accounts, new ones below, with blank ones to write on."""
    filled, by_account, total = reckoned(rows)
    known = words()
    old = [row for row in filled if row.pk is not None]
    new = [row for row in filled if row.pk is None and not row.is_blank]
    placed: dict[str, list[FormRow]] = {}
    for row in old:
        # A row whose account was mistyped stays at the top, where its fault is seen.
        placed.setdefault(known.account(row.cells["account"]) or str(COST_ACCOUNTS[0].value), []).append(row)
    blank = dict.fromkeys(FIELDS, "")
    return FormSheet(
        accounts=tuple(
            FormAccount(str(account.value), str(Account(account).label), tuple(placed[account]), by_account.get(account, 0))
            for account in COST_ACCOUNTS
            if account in placed
        ),
        new=(*new, *(FormRow(blank) for _at in range(BLANK_ROWS))),
        shown=shown if shown is not None else ",".join(str(row.pk) for row in old),
        total_minor=total,
        per_episode_minor=per(total, figures.episodes),
        per_day_minor=per(total, figures.shoot_days),
    )  # fmt: skip


def sheet_rows(rows: Iterable[FormRow]) -> list[SheetRow]:
    """What the action takes."""
    return [SheetRow(row.line, row.pk, row.was, row.gone) for row in rows if not row.is_blank]


def reckoning_json(rows: Sequence[FormRow], figures: TitleFigures, currency: str) -> dict[str, Any]:
    """What the page shows while somebody types: amounts and totals as texts, faults by row."""
    filled, by_account, total = reckoned(rows)

    def said(minor: int | None) -> str:
        return "" if minor is None else str(Money(minor, currency))

    return {
        "rows": [{"amount": said(row.amount_minor), "faults": dict(row.faults)} for row in filled],
        "accounts": {str(account.value): said(by_account.get(account, 0)) for account in COST_ACCOUNTS},
        "total": said(total),
        "per_episode": said(per(total, figures.episodes)),
        "per_day": said(per(total, figures.shoot_days)),
    }


def export_budget(version: BudgetVersion, kind: str) -> HttpResponse:
    """A version as a file that `import_lines` reads back to the same lines."""
    unit = version.production.studio.currency
    rows = [
        (
            str(Account(line.account).label), line.name, Decimal(line.quantity), str(BudgetUnit(line.unit).label),
            line.factor, written_rate(line, unit) if line.unit == PERCENT else Money(line.rate_minor, unit),
            Money(line.amount_minor, unit), line.group, line.note,
        )
        for line in version.lines.order_by("position", "pk")
    ]  # fmt: skip
    return WRITERS[kind](f"budget-{version.production_id}-{version.number}", list(heads().values()), rows)
