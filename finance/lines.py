"""Statement lines written in bulk: by COPY on PostgreSQL, in batches elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from django.db import connection

from finance.models import StatementLine

# (statement, row, episode, kind, amount, text)
Row = tuple[int, int, int | None, str, int, str]
_AT_ONCE = 2_000
_NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x00": ""})


def write_lines(rows: Iterable[Row]) -> None:
    """Write statement lines; call it inside a transaction. A line that is there already raises IntegrityError."""
    if connection.vendor == "postgresql":
        _copy(rows)
    else:
        _insert(rows)


def _escaped(text: str) -> str:
    # Most texts hold nothing to escape, and asking costs a tenth of looking.
    return text if text.isprintable() and "\\" not in text else text.translate(_ESCAPES)


def _copy(rows: Iterable[Row]) -> None:
    table = connection.ops.quote_name(StatementLine._meta.db_table)
    command = f"COPY {table} (statement_id, row, episode_number, kind, amount_minor, text) FROM STDIN"
    waiting = iter(rows)
    with connection.cursor() as cursor, cursor.cursor.copy(command) as copy:
        while some := list(islice(waiting, _AT_ONCE)):
            copy.write(
                "".join(
                    f"{statement}\t{row}\t{episode if episode is not None else _NULL}\t{_escaped(kind)}\t{minor}\t{_escaped(text)}\n"
                    for statement, row, episode, kind, minor, text in some
                )
            )


def _insert(rows: Iterable[Row]) -> None:
    waiting = iter(rows)
    while some := list(islice(waiting, _AT_ONCE)):
        StatementLine.objects.bulk_create(
            StatementLine(
                statement_id=statement, row=row, episode_number=episode, kind=kind, amount_minor=minor, text=text
            )
            for statement, row, episode, kind, minor, text in some
        )  # fmt: skip
