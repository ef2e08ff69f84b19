"""`python -m compliance.rules FILE.json`: judge a list of titles under the rules of the notices.

The file holds `[{"investment": 999999, "work_kind": "live", "themes": [], "promoted": false, "on": "2026-02-01"}]`;
`investment` is in yuan, `voluntary_key` may be added. Prints one judgement a title, in the same order.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

from studio.values import Money, MoneyError

from .classify import ANY, Case, classify, default_rules
from .faults import RuleFault

USAGE = "Give one file: python -m compliance.rules FILE.json"
_FIELDS = {"investment", "work_kind", "themes", "promoted", "on", "voluntary_key"}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        return _refuse(USAGE)
    try:
        # Amounts keep the digits as written: a number of the file never passes through a binary float.
        rows = json.loads(Path(arguments[0]).read_text("utf-8-sig"), parse_float=str)
    except OSError as error:
        return _refuse(f"{arguments[0]} cannot be read: {error.strerror}.")
    except (ValueError, RecursionError):
        return _refuse(f"{arguments[0]} is not JSON in UTF-8.")
    if not isinstance(rows, list):
        return _refuse("The file must hold a list of titles.")
    rules = default_rules()
    kinds = sorted({"live", *(rule.work_kind for rule in rules)} - {ANY})
    judged = []
    for position, row in enumerate(rows, start=1):
        try:
            judged.append(classify(_case(row, kinds), rules).to_json())
        except (RuleFault, MoneyError, _Unreadable) as error:
            return _refuse(f"Title {position}: {error}")
    print(json.dumps(judged, ensure_ascii=False, indent=2))
    return 0


class _Unreadable(ValueError):
    """A field of the file that is not what it should be."""


def _case(row: Any, kinds: list[str]) -> Case:
    if not isinstance(row, dict):
        raise _Unreadable("it must be an object.")
    if unknown := sorted(row.keys() - _FIELDS):
        raise _Unreadable(f"there is no field {unknown[0]}.")
    investment, kind, themes = row.get("investment"), row.get("work_kind"), row.get("themes", [])
    flags = [row.get("promoted", False), row.get("voluntary_key", False)]
    if isinstance(investment, bool) or not isinstance(investment, int | str):
        raise _Unreadable("investment must be an amount in yuan.")
    if kind not in kinds:
        # A misspelt kind would quietly be judged by the rules for any kind.
        raise _Unreadable(f"work_kind is one of: {', '.join(kinds)}.")
    if not isinstance(themes, list) or not all(isinstance(theme, str) for theme in themes):
        raise _Unreadable("themes must be a list of texts.")
    if not all(isinstance(flag, bool) for flag in flags):
        raise _Unreadable("promoted and voluntary_key are true or false.")
    try:
        on = dt.date.fromisoformat(row.get("on", ""))
    except (TypeError, ValueError):
        raise _Unreadable("on must be a date written like 2026-01-31.") from None
    return Case(Money.parse(str(investment)).minor, kind, frozenset(themes), flags[0], on, flags[1])


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
