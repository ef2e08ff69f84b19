"""Lines of a draft budget: one by one, as a sheet, and as rows out of a spreadsheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finance.budget_words import fault_sentences, words
from finance.budgeting import (
    MOST_FACTOR,
    MOST_QUANTITY,
    PERCENT,
    Fault,
    Kind,
    Line,
    amount_of,
    differences,
    read_quantity,
    read_table,
)
from finance.budgets import changing, columns_of, draft_to_change, next_position, put_lines
from finance.choices import COST_ACCOUNTS, BudgetStepKind, BudgetUnit
from finance.ledger import MOST_MINOR
from finance.models import BudgetLine, BudgetVersion
from finance.models.budgets import new_key
from finance.statements.tables import Unreadable, read_rows
from studio.models import Production, User
from studio.refusals import Refused
from studio.uploads import MEGA, check_size

MOST_FILE_BYTES = 5 * MEGA


# --- one line -----------------------------------------------------------------------------------------------------


def _checked(
    account: str, name: str, quantity: object, rate_minor: object, unit: str, factor: object, percent_bp: object,
    group: str, note: str,
) -> Line:  # fmt: skip
    if account not in COST_ACCOUNTS:
        raise Refused("not_a_cost_account", _("Costs are posted to one of the cost accounts."), field="account")
    if not name.strip():
        raise Refused("name_missing", _("Give the budget line a name."), field="name")
    if unit not in BudgetUnit.values:
        raise Refused("unit_unknown", _("Choose one of the units."), field="unit")
    if any(isinstance(value, bool) or not isinstance(value, int) for value in (rate_minor, factor, percent_bp)):
        raise Refused("not_whole_fen", _("An amount is a whole number of fen."), field="rate_minor")
    hundredths = None
    if isinstance(quantity, str) or (isinstance(quantity, int) and not isinstance(quantity, bool)):
        hundredths = read_quantity(str(quantity))
    if hundredths is None or not 1 <= hundredths <= MOST_QUANTITY:
        raise Refused(
            "quantity_out_of_range", _("A quantity lies between 0.01 and 100,000."), field="quantity"
        )  # fmt: skip
    assert isinstance(rate_minor, int)
    assert isinstance(factor, int)
    assert isinstance(percent_bp, int)
    if not 1 <= factor <= MOST_FACTOR:
        raise Refused("factor_out_of_range", _("How many times lies between 1 and 10,000."), field="factor")
    if not 0 <= rate_minor <= MOST_MINOR:
        raise Refused("negative_amount", _("A rate cannot be negative."), field="rate_minor")
    if unit == BudgetUnit.PERCENT:
        if not 1 <= percent_bp <= 10_000:
            raise Refused(
                "percent_out_of_range", _("A percentage lies between 0.01 and 100."), field="rate_minor"
            )  # fmt: skip
        hundredths, factor, rate_minor = 100, 1, 0
    elif amount_of(hundredths, factor, rate_minor) > MOST_MINOR:
        raise Refused("amount_too_large", _("This amount is too large."), field="rate_minor")
    return Line(
        account=str(account), name=name.strip()[:120], unit=str(unit), quantity=hundredths, factor=factor,
        rate_minor=rate_minor, percent_bp=percent_bp if unit == BudgetUnit.PERCENT else 0, group=group.strip()[:60],
        note=note.strip()[:200],
    )  # fmt: skip


@transaction.atomic
def add_budget_line(
    *,
    account: str,
    name: str,
    by: User | None,
    production: Production | None = None,
    version: BudgetVersion | None = None,
    rate_minor: int = 0,
    quantity: int | str = 1,
    unit: str = BudgetUnit.FLAT,
    factor: int = 1,
    percent_bp: int = 0,
    group: str = "",
    note: str = "",
    at: dt.datetime | None = None,
) -> BudgetLine:
    """Plan a cost in a version, or in the title's draft to change. Halves of a day are texts: "2.5"."""
    line = _checked(account, name, quantity, rate_minor, unit, factor, percent_bp, group, note)
    if version is None:
        assert production is not None
        version = draft_to_change(production=production, by=by, at=at)
    with changing(version, BudgetStepKind.ADDED, by, at) as held:
        row = BudgetLine.objects.create(version=held, position=next_position(held), **columns_of(line))
    row.refresh_from_db()
    return row


@transaction.atomic
def edit_budget_line(
    *,
    line: BudgetLine,
    account: str,
    name: str,
    quantity: int | str,
    by: User | None,
    rate_minor: int = 0,
    unit: str | None = None,
    factor: int | None = None,
    percent_bp: int = 0,
    group: str | None = None,
    note: str | None = None,
    at: dt.datetime | None = None,
) -> BudgetLine:
    """Change a line of a draft. What is not given stays."""
    checked = _checked(
        account, name, quantity, rate_minor, line.unit if unit is None else unit,
        line.factor if factor is None else factor, percent_bp, line.group if group is None else group,
        line.note if note is None else note,
    )  # fmt: skip
    with changing(line.version, BudgetStepKind.CHANGED, by, at) as held:
        done = held.lines.filter(pk=line.pk).update(**columns_of(checked), updated_at=timezone.now())
        if not done:
            raise Refused("line_gone", _("This line was removed meanwhile."), conflict=True)
    line.refresh_from_db()
    return line


@transaction.atomic
def remove_budget_line(*, line: BudgetLine, by: User | None, at: dt.datetime | None = None) -> None:
    with changing(line.version, BudgetStepKind.REMOVED, by, at) as held:
        held.lines.filter(pk=line.pk).delete()


# --- the sheet ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SheetRow:
    """A row of the sheet as it came back. `was` is the mark of the line as the page showed it."""

    line: Line | None
    pk: int | None = None
    was: str = ""
    gone: bool = False


@transaction.atomic
def save_sheet(
    *,
    version: BudgetVersion,
    rows: Sequence[SheetRow],
    by: User | None,
    shown: Sequence[int] = (),
    at: dt.datetime | None = None,
) -> BudgetVersion:
    """Take what was changed on a sheet: lines edited, added, removed, put in another order.

    Only rows that differ from what the page showed are written, so two people work on different lines of one sheet.
    Refuses, with nothing written, where somebody else changed or removed a line meanwhile that was changed here too.
    `shown` is the order the page had; the order is written where it was changed here.
    """
    with changing(version, BudgetStepKind.SHEET, by, at) as held:
        lines = {line.pk: line for line in held.lines.all()}
        now = timezone.now()
        placed: list[int] = []
        position = next_position(held)
        for row in rows:
            line = lines.get(row.pk) if row.pk is not None else None
            wanted = row.line
            if row.pk is None:
                if wanted is not None and not row.gone:
                    made = BudgetLine.objects.create(version=held, position=position, **columns_of(wanted))
                    position += 1
                    placed.append(made.pk)
                continue
            touched = row.gone or wanted is None or wanted.mark != row.was
            if line is None:
                if touched and not row.gone:
                    raise Refused(
                        "line_gone", _("“%(name)s” was removed by somebody else meanwhile. Look at the budget again."),
                        conflict=True, params={"name": wanted.name if wanted else ""},
                    )  # fmt: skip
                continue
            stands = line.as_line().mark
            if touched and stands != row.was and (wanted is None or row.gone or wanted.mark != stands):
                raise Refused(
                    "line_changed", _("“%(name)s” was changed by somebody else meanwhile. Look at the budget again."),
                    conflict=True, params={"name": line.name},
                )  # fmt: skip
            if row.gone:
                held.lines.filter(pk=line.pk).delete()
                continue
            placed.append(line.pk)
            if touched and wanted is not None and wanted.mark != stands:
                held.lines.filter(pk=line.pk).update(**columns_of(wanted), updated_at=now)
        left = [pk for pk in placed if pk in lines]
        if shown and left != [pk for pk in shown if pk in set(left)]:
            _place(held, placed)
    held.refresh_from_db()
    return held


def _place(version: BudgetVersion, order: Sequence[int]) -> None:
    """Lines in this order; those it does not name after them, as they stood."""
    rank = {pk: place for place, pk in enumerate(order)}
    lines = sorted(version.lines.order_by("position", "pk"), key=lambda line: rank.get(line.pk, len(rank)))
    now = timezone.now()
    moved = []
    for place, line in enumerate(lines):
        if line.position != place:
            line.position, line.updated_at = place, now
            moved.append(line)
    BudgetLine.objects.bulk_update(moved, ["position", "updated_at"])


# --- rows from a spreadsheet --------------------------------------------------------------------------------------


def _read(table: Sequence[Sequence[str]], currency: str) -> list[Line]:
    rows, faults = read_table(table, words(), currency=currency)
    _refuse_faults(faults)
    if not rows:
        raise Refused(
            "no_rows", _("No line was found. Columns are account, name, quantity, unit, times and rate."), field="rows"
        )  # fmt: skip
    return [row.line for row in rows]


def _refuse_faults(faults: Iterable[Fault]) -> None:
    found = list(faults)
    if found:
        raise Refused(
            "rows_wrong", _("Nothing was taken over. %(faults)s"), field="rows",
            params={"faults": fault_sentences(found)},
        )  # fmt: skip


@transaction.atomic
def paste_lines(
    *, version: BudgetVersion, text: str, by: User | None, at: dt.datetime | None = None
) -> list[BudgetLine]:
    """Add rows copied from a spreadsheet: cells between tabs, with or without heads. All of them or none."""
    lines = _read([row.split("\t") for row in text.splitlines()], version.production.studio.currency)
    with changing(version, BudgetStepKind.PASTED, by, at) as held:
        start = next_position(held)
        return BudgetLine.objects.bulk_create(
            BudgetLine(version=held, position=start + place, **columns_of(line)) for place, line in enumerate(lines)
        )


@transaction.atomic
def import_lines(
    *, version: BudgetVersion, data: bytes, replace: bool, by: User | None, at: dt.datetime | None = None
) -> int:
    """Read a CSV or XLSX file: its lines are added, or stand instead of all lines there were. Returns how many.

    Replacing, a line that stays the same one (by account and name) keeps its history. All of the file or nothing.
    """
    check_size(len(data), most=MOST_FILE_BYTES)
    try:
        table = read_rows(data)
    except Unreadable:
        raise Refused("unreadable", _("This is no CSV or XLSX file that can be read."), field="file") from None
    lines = _read(table, version.production.studio.currency)
    with changing(version, BudgetStepKind.IMPORTED, by, at) as held:
        if not replace:
            put_lines(held, lines, next_position(held))
        else:
            _replace(held, lines)
    return len(lines)


def _replace(version: BudgetVersion, lines: Sequence[Line]) -> None:
    rows = {line.key: line for line in version.lines.order_by("position", "pk")}
    now = timezone.now()
    wanted = [Line(**{**asdict(line), "key": new_key()}) for line in lines]
    place = {line.key: at for at, line in enumerate(wanted)}
    for change in differences([row.as_line() for row in rows.values()], wanted):
        if change.after is None:
            assert change.before is not None
            version.lines.filter(pk=rows[change.before.key].pk).delete()
        elif change.kind is Kind.ADDED or change.before is None:
            BudgetLine.objects.create(version=version, position=place[change.after.key], **columns_of(change.after))
        else:
            row = rows[change.before.key]
            values = {**columns_of(change.after), "position": place[change.after.key]}
            if change.after.unit == PERCENT:
                values.pop("amount_minor")
            if any(getattr(row, name) != value for name, value in values.items()):
                version.lines.filter(pk=row.pk).update(**values, updated_at=now)
