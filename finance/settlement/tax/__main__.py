"""`python -m finance.settlement.tax FILE.json`: print what is withheld from each amount, or its gross.

FILE: {"method": "labour_single" | "platform_cumulative" | "author" | "gross_up", "amounts": ["10000"], "on": "2026-01-31"}
"""

from __future__ import annotations

import datetime as dt
import json
import sys

from studio.values import Money, MoneyError

from ..__main__ import load
from .rules import gross_up, withhold


def answer(data: object) -> dict[str, list[str]]:
    """The answer to one file. Raises ValueError with one sentence."""
    if not isinstance(data, dict):
        raise ValueError("the file must hold an object with method, amounts and on")
    unknown = sorted(set(data) - {"method", "amounts", "on"})
    missing = [name for name in ("method", "amounts", "on") if name not in data]
    if unknown or missing:
        raise ValueError(f"field not known: {unknown[0][:40]}" if unknown else f"field missing: {missing[0]}")
    method, amounts, on = data["method"], data["amounts"], data["on"]
    if not isinstance(method, str) or not isinstance(amounts, list) or not isinstance(on, str):
        raise ValueError("method and on must be texts, amounts a list")
    try:
        day = dt.date.fromisoformat(on)
    except ValueError:
        raise ValueError(f"not a date like 2026-01-31: {on[:40]!r}") from None
    fen = [_fen(amount, number) for number, amount in enumerate(amounts, 1)]
    if method == "gross_up":
        return {"gross": [Money(gross_up(net, day).gross).plain() for net in fen]}
    return {"withheld": [Money(tax).plain() for tax in withhold(method, fen, day)]}


def _fen(amount: object, number: int) -> int:
    if isinstance(amount, int) and not isinstance(amount, bool):
        amount = str(amount)
    if not isinstance(amount, str):
        raise ValueError(f"amount {number} must be a text in yuan, like 10000.00, not {type(amount).__name__}")
    try:
        return Money.parse(amount).minor
    except MoneyError as error:
        raise ValueError(f"amount {number}: {error}") from None


def main(arguments: list[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    if len(given) != 1:
        print("usage: python -m finance.settlement.tax FILE.json", file=sys.stderr)
        return 2
    try:
        print(json.dumps(answer(load(given[0])), ensure_ascii=False))
    except ValueError as error:
        print(str(error), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
