"""`python -m finance.daypay FILE.json`: what a day costs beside rates and overtime.

The file holds `{"on": "2026-12-05", "rates": [{"kind", "from", ...}], "sheets": [{"call", "wrap", "day_rate",
"day_minutes", "meals": [[360, 400]], "meal_within", "rest", "rest_needed"}], "extras": [{"kind", "heads", "call",
"wrap"}]}`. Amounts are fen, times minutes from midnight. Prints the charges of each, in the same order.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

from finance.daypay.reckoning import Part, Rate, Sheet, extras_part, penalties, rate_at

USAGE = "Give one file: python -m finance.daypay FILE.json"


class Unreadable(ValueError):
    """What the file should hold and does not."""


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        return _refuse(USAGE)
    try:
        data = json.loads(Path(arguments[0]).read_text("utf-8-sig"))
    except OSError as error:
        return _refuse(f"{arguments[0]} cannot be read: {error.strerror}.")
    except (ValueError, RecursionError):
        return _refuse(f"{arguments[0]} is not JSON in UTF-8.")
    try:
        print(json.dumps(reckon(data), ensure_ascii=False, indent=2))
    except Unreadable as error:
        return _refuse(str(error))
    return 0


def reckon(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise Unreadable("The file must hold an object.")
    on = _date(data.get("on"), "on")
    rates = [_rate(row) for row in _rows(data, "rates")]
    sheets = [
        [_shown(part) for part in penalties(_sheet(row, on), rates)] for row in _rows(data, "sheets")
    ]  # fmt: skip
    extras = []
    for row in _rows(data, "extras"):
        rate = rate_at(rates, str(row.get("kind")), on)
        if rate is None:
            raise Unreadable(f"No rate of {row.get('kind')} is in force on {on}.")
        call, wrap = _span(row)
        extras.append(_shown(extras_part(rate, heads=_whole(row, "heads"), call=call, wrap=wrap)))
    total = sum(part["amount_minor"] for parts in [*sheets, extras] for part in parts)
    return {"sheets": sheets, "extras": extras, "total_minor": total}


def _shown(part: Part) -> dict[str, Any]:
    return {
        "kind": part.kind, "amount_minor": part.amount_minor, "minutes": part.minutes, "cases": part.cases,
        "rate_from": part.rate.from_date.isoformat(),
    }  # fmt: skip


def _rows(data: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = data.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unreadable(f"{name} must be a list of objects.")
    return rows


def _date(value: Any, name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        raise Unreadable(f"{name} must be a date such as 2026-12-05.") from None


def _whole(row: dict[str, Any], name: str, default: int | None = None) -> int:
    value = row.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Unreadable(f"{name} must be a whole number from 0 up.")
    return value


def _span(row: dict[str, Any]) -> tuple[int, int]:
    call, wrap = _whole(row, "call"), _whole(row, "wrap")
    if wrap <= call:
        raise Unreadable("wrap must be after call.")
    return call, wrap


def _rate(row: dict[str, Any]) -> Rate:
    known = {field.name for field in dataclasses.fields(Rate)} - {"kind", "from_date", "weekdays", "base", "ident"}
    if unknown := sorted(row.keys() - known - {"kind", "from"}):
        raise Unreadable(f"A rate has no field {unknown[0]}.")
    return Rate(
        str(row.get("kind")), _date(row.get("from"), "from"), **{name: _whole(row, name) for name in known & row.keys()}
    )


def _sheet(row: dict[str, Any], on: dt.date) -> Sheet:
    call, wrap = _span(row)
    meals = row.get("meals", [])
    if not isinstance(meals, list) or not all(
        isinstance(meal, list) and len(meal) == 2 and all(isinstance(minute, int | None) for minute in meal)
        for meal in meals
    ):
        raise Unreadable("meals must be a list of [start, end].")
    return Sheet(
        on, call, wrap, _whole(row, "day_rate", 0), _whole(row, "day_minutes", 720),
        [(start, end) for start, end in meals if start is not None], _whole(row, "meal_within", 360),
        _whole(row, "rest") if "rest" in row else None, _whole(row, "rest_needed", 0),
    )  # fmt: skip


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
