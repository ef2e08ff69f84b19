"""Rows of text, typed, pasted or out of a workbook, as lines of a budget."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from studio.values import Money, MoneyError

from .reckoning import PERCENT, UNITS, Line, amount_of

FIELDS = ("account", "name", "quantity", "unit", "factor", "rate", "group", "note")
# How columns stand where a table has no heads.
PLAIN_ORDER = ("account", "name", "quantity", "unit", "factor", "rate")
MOST_LINES = 2_000
MOST_QUANTITY = 100_000 * 100
MOST_FACTOR = 10_000
MOST_MINOR = 10**13
LONGEST = {"name": 120, "group": 60, "note": 200}

_QUANTITY = re.compile(r"^\d{1,9}(?:\.\d{1,9})?$", re.ASCII)
_PERCENT = re.compile(r"^(\d{1,3})(?:\.(\d{1,2}))?\s*%?$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a row, counted from 1 as a spreadsheet counts. `code` has a sentence in `finance.sentences`."""

    row: int
    field: str
    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What heads, accounts and units are called, in small letters, to what they are."""

    heads: Mapping[str, str] = field(default_factory=dict)
    accounts: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)

    def account(self, text: str) -> str | None:
        return self.accounts.get(plain(text))

    def unit(self, text: str) -> str | None:
        word = plain(text)
        return word if word in UNITS else self.units.get(word)


@dataclass(frozen=True, slots=True)
class Row:
    """A line with the number of the row it came from."""

    number: int
    line: Line


def plain(text: str) -> str:
    return " ".join(text.replace("\u3000", " ").split()).lower()


def is_blank(cells: Mapping[str, str]) -> bool:
    """Whether nobody wrote anything in a row; an account and a unit chosen before are nothing yet."""
    return not any(cells.get(name, "").strip() for name in ("name", "rate", "group", "note"))


def read_quantity(text: str) -> int | None:
    """Hundredths of `2.5` or `1,200`; None for what is no quantity or is finer than a hundredth."""
    bare = text.strip().replace(",", "").replace("，", "")
    if not _QUANTITY.match(bare):
        return None
    whole, _dot, rest = bare.partition(".")
    rest = rest.rstrip("0")
    return None if len(rest) > 2 else int(whole) * 100 + int(rest.ljust(2, "0"))


def read_percent(text: str) -> int | None:
    """Basis points of `7.5` or `7.5%`."""
    match = _PERCENT.match(text.strip().replace("％", "%"))
    return None if match is None else int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))


def read_row(
    cells: Mapping[str, str], words: Words, *, number: int = 1, currency: str = "CNY"
) -> tuple[Line | None, list[Fault]]:
    """A line, or all that is wrong with it. A rate such as `5%` makes the line a percentage of all others."""
    faults: list[Fault] = []

    def wrong(name: str, code: str) -> None:
        faults.append(Fault(number, name, code, cells.get(name, "").strip()[:40]))

    account = words.account(cells.get("account", ""))
    if account is None:
        wrong("account", "account_unknown" if cells.get("account", "").strip() else "account_missing")
    name = cells.get("name", "").strip()
    if not name:
        wrong("name", "name_missing")
    for text, most in LONGEST.items():
        if len(cells.get(text, "").strip()) > most:
            wrong(text, "too_long")
    unit = words.unit(cells.get("unit", "")) if cells.get("unit", "").strip() else "flat"
    rate = cells.get("rate", "").strip()
    if rate.endswith(("%", "％")):
        unit = PERCENT
    if unit is None:
        wrong("unit", "unit_unknown")
    quantity, factor, minor, percent = 100, 1, 0, 0
    if unit == PERCENT:
        found = read_percent(rate)
        if found is None or not 1 <= found <= 10_000:
            wrong("rate", "percent_out_of_range")
        else:
            percent = found
    else:
        quantity = _quantity(cells.get("quantity", ""), wrong)
        factor = _factor(cells.get("factor", ""), wrong)
        minor = _rate(rate, currency, wrong)
        if not faults and amount_of(quantity, factor, minor) > MOST_MINOR:
            wrong("rate", "amount_too_large")
    if faults or account is None or unit is None:
        return None, faults
    return Line(
        account=account, name=name, unit=unit, quantity=quantity, factor=factor, rate_minor=minor, percent_bp=percent,
        group=cells.get("group", "").strip(), note=cells.get("note", "").strip(),
    ), []  # fmt: skip


def _quantity(text: str, wrong: Callable[[str, str], None]) -> int:
    found = read_quantity(text) if text.strip() else 100
    if found is None or not 1 <= found <= MOST_QUANTITY:
        wrong("quantity", "quantity_out_of_range")
        return 100
    return found


def _factor(text: str, wrong: Callable[[str, str], None]) -> int:
    found = read_quantity(text) if text.strip() else 100
    if found is None or found % 100 or not 1 <= found // 100 <= MOST_FACTOR:
        wrong("factor", "factor_out_of_range")
        return 1
    return found // 100


def _rate(text: str, currency: str, wrong: Callable[[str, str], None]) -> int:
    try:
        minor = Money.parse(text.lstrip("¥￥") or "0", currency).minor
    except MoneyError:
        wrong("rate", "not_an_amount")
        return 0
    if not 0 <= minor <= MOST_MINOR:
        wrong("rate", "negative_amount" if minor < 0 else "amount_too_large")
        return 0
    return minor


def read_table(table: Sequence[Sequence[str]], words: Words, *, currency: str = "CNY") -> tuple[list[Row], list[Fault]]:
    """Lines of a table, with heads or in the plain order. Blank rows, headings of accounts and totals are passed over.

    A row whose account is empty belongs to the account above it, as people leave it out. Columns with other heads,
    the amount for one, are not read: amounts are worked out.
    """
    start, columns = _columns(table, words)
    rows: list[Row] = []
    faults: list[Fault] = []
    account = ""
    for number, texts in enumerate(table[start:], start + 1):
        cells = {name: _bare(texts[place]) for name, place in columns.items() if place < len(texts)}
        if words.account(cells.get("account", "")) is not None:
            account = cells["account"]
        if is_blank(cells) or _is_total(texts):
            continue
        if not cells.get("account", "").strip():
            cells["account"] = account
        line, wrong = read_row(cells, words, number=number, currency=currency)
        faults += wrong
        if line is not None:
            rows.append(Row(number, line))
        if len(rows) > MOST_LINES:
            return [], [Fault(number, "", "too_many_lines", str(MOST_LINES))]
    return rows, faults


def _bare(text: str) -> str:
    """What we write with a mark before it, so that no spreadsheet takes it for a formula, without the mark."""
    return text[1:] if text[:1] == "'" and text[1:2] in tuple("=+-@") else text


def _columns(table: Sequence[Sequence[str]], words: Words) -> tuple[int, dict[str, int]]:
    """Where lines begin, and which column is which."""
    for at, texts in enumerate(table[:20]):
        found: dict[str, int] = {}
        for place, text in enumerate(texts):
            name = words.heads.get(plain(text))
            if name is not None and name not in found:
                found[name] = place
        if {"name", "rate"} <= set(found):
            return at + 1, found
    return 0, {name: place for place, name in enumerate(PLAIN_ORDER)}


def _is_total(texts: Sequence[str]) -> bool:
    first = next((plain(text) for text in texts if text.strip()), "")
    return first in {"合计", "总计", "小计", "total", "together", "subtotal"}
