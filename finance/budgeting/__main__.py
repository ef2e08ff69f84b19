"""`python -m finance.budgeting FILE.json`: print what the lines of a budget come to as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from .reckoning import PERCENT, UNITS, Line, reckon

_WHOLE = ("quantity", "factor", "rate_minor", "percent_bp")
_TEXT = ("account", "name", "unit", "group", "note", "key")


def _line(number: int, found: object) -> Line:
    if not isinstance(found, dict):
        raise ValueError(f"line {number}: not an object")
    unknown = sorted(set(found) - {*_WHOLE, *_TEXT})
    if unknown:
        raise ValueError(f"line {number}: there is no field {unknown[0]}")
    for name in _WHOLE:
        value = found.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise ValueError(f"line {number}: {name} is not a whole number from zero")
    if any(not isinstance(found.get(name, ""), str) for name in _TEXT) or not found.get("account"):
        raise ValueError(f"line {number}: account, name and unit are texts, and an account is named")
    line = Line(**{"name": "", **found})
    if line.unit not in UNITS or (line.unit == PERCENT) != bool(line.percent_bp):
        raise ValueError(f"line {number}: unit is one of {', '.join(UNITS)}; percent_bp goes with percent alone")
    return line


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m finance.budgeting", description="Reckon a budget.")
    parser.add_argument("file", type=Path)
    options = parser.parse_args(arguments)
    try:
        read = json.loads(options.file.read_text(encoding="utf-8"), parse_float=lambda text: _refuse(text))
        if not isinstance(read, list):
            raise ValueError("a budget is a list of lines")
        found = reckon(_line(number, row) for number, row in enumerate(read, 1))
    except (OSError, ValueError, RecursionError) as error:
        print(f"{options.file}: {error}", file=sys.stderr)
        return 2
    print(
        json.dumps(
            {
                "amounts": list(found.amounts), "total": found.total, "by_account": found.by_account,
                "by_group": found.by_group,
            },
            ensure_ascii=False,
        )
    )  # fmt: skip
    return 0


def _refuse(text: str) -> None:
    raise ValueError(f"{text} is not a whole number")


if __name__ == "__main__":
    sys.exit(main())
