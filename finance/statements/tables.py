"""Rows of text out of CSV or XLSX bytes, within limits."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from decimal import Decimal

MOST_BYTES = 50 * 1024 * 1024
MOST_UNPACKED = 400 * 1024 * 1024
MOST_ROWS = 1_100_000
MOST_CELL = 10_000


class Unreadable(Exception):
    """Bytes that give no table: `code` and `params` of the finding."""

    def __init__(self, code: str, at: int | None = None, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.row = at
        self.params = {name: str(value) for name, value in params.items()}


def read_rows(data: bytes) -> list[list[str]]:
    """Rows of text. Raises Unreadable."""
    if len(data) > MOST_BYTES:
        raise Unreadable("too_large", limit=MOST_BYTES // 1024 // 1024)
    if not data.strip(b"\x00\r\n\t ,;\xef\xbb\xbf"):
        raise Unreadable("empty")
    rows = _workbook(data) if data.startswith(b"PK") else _text(data)
    for number, row in enumerate(rows, 1):
        if any(len(cell) > MOST_CELL for cell in row):
            raise Unreadable("cell_too_long", number, row=number, limit=MOST_CELL)
    if not any(cell.strip() for row in rows for cell in row):
        raise Unreadable("empty")
    return rows


def _text(data: bytes) -> list[list[str]]:
    if b"\x00" in data:
        raise Unreadable("binary")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            raise Unreadable("binary") from None
    controls = sum(1 for character in text[:4000] if character < " " and character not in "\r\n\t")
    if controls * 50 > len(text[:4000]):
        raise Unreadable("binary")
    first_lines = text[:4000]
    delimiter = max(",;\t", key=first_lines.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) > MOST_ROWS:
                raise Unreadable("too_many_rows", limit=MOST_ROWS)
    except csv.Error:
        raise Unreadable("cell_too_long", len(rows) + 1, row=len(rows) + 1, limit=MOST_CELL) from None
    return rows


def _workbook(data: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
        raise Unreadable("broken_workbook") from None
    if unpacked > MOST_UNPACKED:
        raise Unreadable("unpacks_too_large", limit=MOST_UNPACKED // 1024 // 1024)
    import python_calamine

    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        sheet = book.get_sheet_by_index(0)
        if sheet.height > MOST_ROWS:
            raise Unreadable("too_many_rows", limit=MOST_ROWS)
        values = sheet.to_python(skip_empty_area=False)
    except Unreadable:
        raise
    # The reader is compiled code: besides its own errors a damaged file can make it panic, which is no Exception.
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise Unreadable("broken_workbook") from None
    return [[_cell(value) for value in row] for row in values]


def _cell(value: object) -> str:
    if isinstance(value, float):
        # A workbook stores numbers as binary floats; the shortest text that reads back the same is what was typed.
        return f"{int(value)}" if value.is_integer() and abs(value) < 1e15 else f"{Decimal(repr(value)):f}"
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return "" if value is None else str(value)
