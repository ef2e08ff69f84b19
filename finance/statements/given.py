"""Lines that a program sends: the same as a file, so that they are read, checked and told again in the same way."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from .columns import FIELDS

MOST_LINES = 100_000
_TEXTS = str | int


def table_of(lines: Iterable[Any], total: Any = None) -> tuple[bytes, dict[str, str]]:
    """CSV of `[{"title", "episode", "share", ...}, ...]` and how its columns are read; the same lines, the same bytes.

    Amounts are text in the main unit. Raises ValueError for a field that is not known and for what is neither text
    nor a whole number: a float is no amount.
    """
    rows: list[Mapping[str, Any]] = []
    for number, line in enumerate(lines, 1):
        if not isinstance(line, dict) or not line:
            raise ValueError(f"line {number} is not an object with fields")
        for name, value in line.items():
            if name not in FIELDS:
                raise ValueError(f"line {number}: there is no field {name!r}")
            if isinstance(value, bool) or not isinstance(value, _TEXTS):
                raise ValueError(f"line {number}: {name} must be text")
        rows.append(line)
        if number > MOST_LINES:
            raise ValueError(f"more than {MOST_LINES} lines: send a file")
    used = [name for name in FIELDS if any(name in row for row in rows)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["", *used])
    writer.writerows(["", *(str(row.get(name, "")) for name in used)] for row in rows)
    if total is not None:
        if isinstance(total, bool) or not isinstance(total, _TEXTS):
            raise ValueError("the total must be text")
        # In front stands a column without a head, which says that this row is the total.
        amount = "share" if "share" in used else "gross"
        writer.writerow(["total", *(str(total) if name == amount else "" for name in used)])
    return out.getvalue().encode(), {name: name for name in used}
