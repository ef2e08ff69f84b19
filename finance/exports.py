"""Ledger and payouts as CSV and XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from finance.choices import Account
from finance.models import EntryLine, Payout
from studio.models import Production
from studio.values import Money

FORMATS = ("csv", "xlsx")
MOST_ROWS = 100_000


def spreadsheet_text(value: Any) -> Any:
    """Text that a spreadsheet takes for a formula stays text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value


def as_csv(name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """UTF-8 with a mark at the front, without which spreadsheets read Chinese as noise. Money as plain text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    for row in rows:
        writer.writerow([cell.plain() if isinstance(cell, Money) else spreadsheet_text(cell) for cell in row])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def as_xlsx(name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    amount = book.add_format({"num_format": "#,##0.00"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, Money):
                # A workbook knows no integers; 15 digits of yuan and fen survive its numbers whole.
                sheet.write_number(number, column, float(cell.plain()), amount)
            elif hasattr(cell, "isoformat"):
                sheet.write_datetime(number, column, cell, day)
            elif cell is None:
                continue
            elif isinstance(cell, int | Decimal):
                sheet.write_number(number, column, float(cell))
            else:
                sheet.write_string(number, column, str(cell))
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(0, len(heads) - 1), 18)
    book.close()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(out.getvalue(), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


WRITERS: dict[str, Callable[[str, Sequence[str], Iterable[Sequence[Any]]], HttpResponse]] = {
    "csv": as_csv, "xlsx": as_xlsx,
}  # fmt: skip


def export_ledger(production: Production, lines: Iterable[EntryLine], kind: str) -> HttpResponse:
    heads = [
        _("Date"), _("Entry"), _("Account"), _("Amount"), _("Currency"), _("What for"), _("Person"), _("Source"),
        _("Reverses entry"),
    ]  # fmt: skip
    rows = (
        (
            line.entry.on_date, line.entry_id, str(Account(line.account).label),
            Money(line.amount_minor, line.currency), line.currency, line.entry.narrative,
            line.person.name if line.person else "", line.entry.source, line.entry.reverses_id,
        )
        for line in lines
    )  # fmt: skip
    return WRITERS[kind](f"ledger-{production.pk}", heads, rows)


def export_payouts(payouts: Iterable[Payout], kind: str) -> HttpResponse:
    heads = [
        _("Due"), _("Party"), _("Production"), _("Month"), _("Before tax"), _("Set off"), _("Tax"), _("To pay"),
        _("Currency"),
        _("State"), _("Paid"), _("Bank reference"),
    ]  # fmt: skip
    rows = (
        (
            row.due_date, row.party.name, row.settlement.production.title, row.settlement.period,
            Money(row.gross_minor, row.settlement.currency), Money(-row.set_off_minor, row.settlement.currency),
            Money(-row.tax_minor, row.settlement.currency), Money(row.net_minor, row.settlement.currency),
            row.settlement.currency, row.get_state_display(),
            timezone.localtime(row.paid_at).date() if row.paid_at else None, row.bank_reference,
        )
        for row in payouts
    )  # fmt: skip
    return WRITERS[kind]("payouts", heads, rows)
