"""Rows of text out of CSV or XLSX, one after the other, within limits."""

from __future__ import annotations

import codecs
import contextlib
import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, BinaryIO

MOST_BYTES = 50 * 1024 * 1024
MOST_UNPACKED = 400 * 1024 * 1024
MOST_ROWS = 1_100_000
MOST_CELL = 10_000
_CHUNK = 1024 * 1024
_NOTHING = b"\x00\r\n\t ,;\xef\xbb\xbf"


class Unreadable(Exception):
    """Bytes that give no table: `code` and `params` of the finding."""

    def __init__(self, code: str, at: int | None = None, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.row = at
        self.params = {name: str(value) for name, value in params.items()}


def read_rows(data: bytes) -> list[list[str]]:
    """Rows of text. Raises Unreadable."""
    rows = list(open_rows(io.BytesIO(data)))
    if not any(cell.strip() for row in rows for cell in row):
        raise Unreadable("empty")
    return rows


def open_rows(stream: BinaryIO, *, most_bytes: int | None = None) -> Iterator[list[str]]:
    """The rows of a file, read as they are asked for; the stream is left open. Raises Unreadable on the way.

    Text costs one row of memory. A workbook's cells are held by the reader (some 650 bytes a row of seven), its rows
    are made one by one.
    """
    most = MOST_BYTES if most_bytes is None else most_bytes
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if size > most:
        raise Unreadable("too_large", limit=most // 1024 // 1024)
    head = stream.read(2)
    rows = _workbook(stream) if head == b"PK" else _text(stream)
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise Unreadable("too_many_rows", limit=MOST_ROWS)
        if row and len(max(row, key=len)) > MOST_CELL:
            raise Unreadable("cell_too_long", number, row=number, limit=MOST_CELL)
        yield row


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        yield chunk


def _decodes(stream: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in _chunks(stream):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _encoding(stream: BinaryIO) -> str:
    """The whole file is tried before its first row is given: an encoding is not changed half-way."""
    said = False
    for chunk in _chunks(stream):
        said = said or bool(chunk.strip(_NOTHING))
        if said and b"\x00" in chunk:
            raise Unreadable("binary")
    if not said:
        raise Unreadable("empty")
    for name in ("utf-8-sig", "gb18030"):
        if _decodes(stream, name):
            return name
    raise Unreadable("binary")


def _text(stream: BinaryIO) -> Iterator[list[str]]:
    encoding = _encoding(stream)
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding, newline="")
    try:
        first = text.read(4000)
        controls = sum(1 for character in first if character < " " and character not in "\r\n\t")
        if controls * 50 > len(first):
            raise Unreadable("binary")
        delimiter = max(",;\t", key=first.count)
        text.seek(0)
        number = 0
        try:
            for row in csv.reader(text, delimiter=delimiter):
                number += 1
                yield row
        except csv.Error:
            raise Unreadable("cell_too_long", number + 1, row=number + 1, limit=MOST_CELL) from None
    finally:
        # A caller that has closed the file meanwhile wants nothing more of it.
        with contextlib.suppress(ValueError):
            text.detach()


def _workbook(stream: BinaryIO) -> Iterator[list[str]]:
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
        raise Unreadable("broken_workbook") from None
    if unpacked > MOST_UNPACKED:
        raise Unreadable("unpacks_too_large", limit=MOST_UNPACKED // 1024 // 1024)
    stream.seek(0)
    import python_calamine

    try:
        sheet = python_calamine.load_workbook(stream).get_sheet_by_index(0)
        height, left = sheet.height, [""] * (sheet.start[1] if sheet.start else 0)
        values = iter(sheet.iter_rows()) if height else iter(())
    except BaseException as error:
        raise _broken(error) from None
    if height > MOST_ROWS:
        raise Unreadable("too_many_rows", limit=MOST_ROWS)
    while True:
        try:
            row = next(values, None)
        except BaseException as error:
            raise _broken(error) from None
        if row is None:
            return
        yield left + [value if type(value) is str else _cell(value) for value in row]


def _broken(error: BaseException) -> BaseException:
    """The reader is compiled code: besides its own errors a damaged file can make it panic, which is no Exception."""
    return error if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError) else Unreadable("broken_workbook")


def _cell(value: Any) -> str:
    if isinstance(value, float):
        # A workbook stores numbers as binary floats; the shortest text that reads back the same is what was typed.
        return f"{int(value)}" if value.is_integer() and abs(value) < 1e15 else f"{Decimal(repr(value)):f}"
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return "" if value is None else str(value)
