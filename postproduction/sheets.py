"""Tables as files people open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _cell(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula is kept as text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" else value


def answer(name: str, kind: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """The table as `name`.xlsx when `kind` is xlsx, else as CSV with the mark that makes spreadsheets read UTF-8."""
    if kind == "xlsx":
        content, suffix, mime = _xlsx(head, rows), "xlsx", XLSX
    else:
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(head)
        writer.writerows([_cell(value) for value in row] for row in rows)
        content, suffix, mime = text.getvalue().encode("utf-8-sig"), "csv", "text/csv; charset=utf-8"
    response = HttpResponse(content, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{suffix}") or "attachment"
    return response


def _xlsx(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    sheet.write_row(0, 0, [str(text) for text in head], bold)
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, ["" if value is None else value for value in row])
    sheet.freeze_panes(1, 0)
    sheet.autofit()
    book.close()
    return out.getvalue()
