"""Payments as the file a bank takes: CSV, XLSX or lines of fixed width, by columns that are data."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from studio.values import Money

from .sentences import SENTENCES


class FileFault(Exception):
    """A payment that the file cannot hold, or a template that makes none: `code` and `params` of the sentence."""

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = {name: str(value) for name, value in params.items()}
        super().__init__(SENTENCES[code].format_map(self.params))


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment to be written. The amount is in minor units of the currency."""

    reference: str
    holder: str
    number: str
    bank: str
    branch: str
    bank_code: str
    amount_minor: int
    currency: str
    purpose: str
    on_date: dt.date


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what stands over it, and the field or the constant text in it. `width` counts bytes."""

    head: str
    field: str
    width: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """`format` is csv, xlsx or fixed; `amounts` are written in yuan (`12.50`) or fen (`1250`)."""

    format: str
    columns: tuple[Column, ...]
    encoding: str = "utf-8"
    has_heads: bool = True
    amounts: str = "yuan"


FIELDS: dict[str, Callable[[int, Payment, Layout], str]] = {
    "serial": lambda number, row, layout: str(number),
    "reference": lambda number, row, layout: row.reference,
    "holder": lambda number, row, layout: row.holder,
    "number": lambda number, row, layout: row.number,
    "bank": lambda number, row, layout: row.bank,
    "branch": lambda number, row, layout: row.branch,
    "bank_code": lambda number, row, layout: row.bank_code,
    "amount": lambda number, row, layout: (
        str(row.amount_minor) if layout.amounts == "fen" else Money(row.amount_minor, row.currency).plain()
    ),
    "currency": lambda number, row, layout: row.currency,
    "purpose": lambda number, row, layout: row.purpose,
    "date": lambda number, row, layout: row.on_date.strftime("%Y%m%d"),
    "constant": lambda number, row, layout: "",
}
# Numbers stand at the right of their column and are filled with noughts.
_RIGHT = frozenset({"serial", "amount"})


def write_file(layout: Layout, payments: Sequence[Payment]) -> bytes:
    """The file, the same bytes for the same payments. Raises FileFault; a name is never cut to fit."""
    if not layout.columns:
        raise FileFault("no_columns")
    for column in layout.columns:
        if column.field not in FIELDS:
            raise FileFault("unknown_field", field=column.field)
        if layout.format == "fixed" and column.width < 1:
            raise FileFault("no_width", column=column.head or column.field)
    rows = [
        [_cell(layout, column, number, payment) for column in layout.columns]
        for number, payment in enumerate(payments, 1)
    ]
    if layout.format == "xlsx":
        return _workbook(layout, rows, payments)
    if layout.format == "fixed":
        return _fixed(layout, rows, payments)
    out = io.StringIO()
    writer = csv.writer(out)
    if layout.has_heads:
        writer.writerow([column.head for column in layout.columns])
    writer.writerows(rows)
    # A mark at the front, without which spreadsheets read Chinese in UTF-8 as noise.
    mark = b"\xef\xbb\xbf" if layout.encoding == "utf-8" else b""
    return mark + out.getvalue().encode(layout.encoding)


def _cell(layout: Layout, column: Column, number: int, payment: Payment) -> str:
    text = column.text if column.field == "constant" else FIELDS[column.field](number, payment, layout)
    if any(sign in text for sign in "\r\n\t\x00"):
        raise FileFault("line_break", reference=payment.reference, value=text)
    if layout.format != "fixed" and text[:1] in tuple("=+-@"):
        raise FileFault("formula", reference=payment.reference, value=text)
    if layout.format != "xlsx":
        try:
            text.encode(layout.encoding)
        except UnicodeEncodeError:
            raise FileFault(
                "not_encodable", reference=payment.reference, value=text, encoding=layout.encoding
            ) from None
    return text


def _fixed(layout: Layout, rows: Sequence[Sequence[str]], payments: Sequence[Payment]) -> bytes:
    lines = []
    for row, payment in zip(rows, payments, strict=True):
        cells = []
        for column, text in zip(layout.columns, row, strict=True):
            written = text.encode(layout.encoding)
            if len(written) > column.width:
                raise FileFault(
                    "too_wide", reference=payment.reference, value=text, width=column.width,
                    column=column.head or column.field,
                )  # fmt: skip
            cells.append(
                written.rjust(column.width, b"0") if column.field in _RIGHT else written.ljust(column.width, b" ")
            )
        lines.append(b"".join(cells))
    return b"\r\n".join([*lines, b""])


def _workbook(layout: Layout, rows: Sequence[Sequence[str]], payments: Sequence[Payment]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    # Else a workbook carries the minute it was made in, and the same payments would give other bytes.
    book.set_properties({"created": dt.datetime(2026, 1, 1)})
    sheet = book.add_worksheet()
    amount = book.add_format({"num_format": "0.00"})
    top = 1 if layout.has_heads else 0
    if layout.has_heads:
        for place, column in enumerate(layout.columns):
            sheet.write_string(0, place, column.head)
    for line, row in enumerate(rows, top):
        for place, (column, text) in enumerate(zip(layout.columns, row, strict=True)):
            if column.field == "amount" and layout.amounts == "yuan":
                # A workbook knows no integers; 15 digits of yuan and fen survive its numbers whole.
                sheet.write_number(line, place, float(text), amount)
            else:
                sheet.write_string(line, place, text)
    sheet.set_column(0, len(layout.columns) - 1, 20)
    book.close()
    return out.getvalue()
