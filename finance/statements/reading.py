"""Statement lines out of a table of text, each doubt noted with its row."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from studio.values import CURRENCIES, Money, MoneyError

from .columns import FIELDS, find_heads, guess_mapping, is_total
from .tables import Unreadable, read_rows
from .values import Finding, Line, ReadStatement

_PERIOD = re.compile(r"^(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*(?:[-/.月]\s*(?:(\d{1,2})\s*日?)?)?(?:[ T]\d.*)?$", re.ASCII)
_EPISODE = re.compile(r"^(?:第|ep(?:isode)?\.?\s*)?\s*(\d{1,5})(?:\.0)?\s*集?$", re.IGNORECASE | re.ASCII)
_SIGNS = re.compile(r"^(-?)\s*(?:CNY|RMB|US\$|[¥￥$元])?\s*(.*?)\s*元?$")
_BELOW = re.compile(r"^[+-]?[\d,]+\.\d+$", re.ASCII)
_NAMES = {
    "人民币": "CNY",
    "RMB": "CNY",
    "元": "CNY",
    "美元": "USD",
    "港币": "HKD",
    "港元": "HKD",
    "日元": "JPY",
    "欧元": "EUR",
}

# More is no payment, and would not fit the columns it is kept in.
MOST_DIGITS = 18


@dataclass(slots=True)
class _Reading:
    currency: str
    places: dict[str, int]
    findings: list[Finding] = field(default_factory=list)

    def note(self, code: str, row: int | None, **params: object) -> None:
        filled = {name: str(value)[:200] for name, value in params.items()}
        self.findings.append(Finding(code, row, filled if row is None else {"row": str(row), **filled}))

    def cell(self, cells: Sequence[str], name: str) -> str:
        place = self.places.get(name)
        if place is None or place >= len(cells):
            return ""
        return unicodedata.normalize("NFKC", cells[place]).strip()

    def amount(self, cells: Sequence[str], name: str, row: int, currency: str) -> int | None:
        """Minor units; None when the cell is empty or wrong, which is noted."""
        value = self.cell(cells, name)
        if not value:
            return None
        if value.startswith("="):
            self.note("formula", row, value=value)
            return None
        sign, digits = _SIGNS.match(value).groups()  # type: ignore[union-attr]
        try:
            if len(digits) > MOST_DIGITS:
                raise MoneyError("too long to be an amount")
            minor = Money.parse(sign + digits, currency).minor
        except MoneyError:
            code = "below_smallest_unit" if _BELOW.match(digits) else "unreadable_amount"
            self.note(code, row, value=value, currency=currency)
            return None
        if minor < 0:
            self.note("negative", row, value=value)
        return minor


def read_statement(
    data: bytes, filename: str, mapping: Mapping[str, str] | None = None, currency: str = "CNY"
) -> ReadStatement:
    """Read a platform's statement; whatever the bytes are, the answer says what is wrong with them.

    `mapping` is field -> head (see FIELDS); without it the heads are guessed. `filename` is for people only: what a
    file is, its bytes say. Raises ValueError for a currency that is not known.
    """
    if currency not in CURRENCIES:
        raise ValueError(f"unknown currency: {currency!r}")
    reading = _Reading(currency, {})
    try:
        rows = read_rows(data)
    except Unreadable as error:
        reading.findings.append(Finding(error.code, error.row, error.params))
        return ReadStatement((), None, dict(mapping or {}), tuple(reading.findings), currency)
    used, start = _columns(rows, mapping, reading)
    if used is None:
        return ReadStatement((), None, dict(mapping or {}), tuple(reading.findings), currency)
    lines: list[Line] = []
    seen: dict[tuple[str, ...], int] = {}
    declared: int | None = None
    for number, cells in enumerate(rows[start + 1 :], start + 2):
        if not any(cell.strip() for cell in cells):
            continue
        if is_total(cells):
            total = _total(reading, cells, number)
            declared = total if total is not None else declared
            continue
        if declared is not None:
            reading.note("lines_after_total", number)
        key = tuple(cell.strip() for cell in cells)
        if key in seen:
            reading.note("duplicate_line", number, first=seen[key])
        seen.setdefault(key, number)
        line = _line(reading, cells, number)
        if line is not None:
            lines.append(line)
    if not lines:
        reading.note("no_lines", None)
    _episode_gaps(reading, lines)
    counted = sum(line.share_fen for line in lines)
    if declared is not None and declared != counted:
        reading.note(
            "does_not_sum",
            None,
            declared=Money(declared, currency).plain(),
            counted=Money(counted, currency).plain(),
            difference=Money(declared - counted, currency).plain(),
        )
    return ReadStatement(tuple(lines), declared, used, tuple(reading.findings), currency)


def _columns(
    rows: list[list[str]], mapping: Mapping[str, str] | None, reading: _Reading
) -> tuple[dict[str, str] | None, int]:
    start = find_heads(rows, mapping)
    if start is None:
        reading.note("no_heads", None)
        return None, 0
    heads = [cell.strip() for cell in rows[start]]
    used = dict(mapping) if mapping is not None else guess_mapping(heads)
    for name, head in used.items():
        if name not in FIELDS:
            reading.note("unknown_field", None, field=name)
        elif head not in heads:
            reading.note("missing_column", None, column=head)
        else:
            reading.places[name] = heads.index(head)
    taken = set(reading.places.values())
    for place, head in enumerate(heads):
        if head and place not in taken:
            reading.note("unknown_column", start + 1, column=head)
    return used, start


def _total(reading: _Reading, cells: Sequence[str], row: int) -> int | None:
    """The declared total of the share column, or of the gross where there is no share."""
    name = "share" if "share" in reading.places else "gross"
    return reading.amount(cells, name, row, reading.currency)


def _line(reading: _Reading, cells: Sequence[str], row: int) -> Line | None:
    written = reading.cell(cells, "currency")
    currency = _NAMES.get(written.upper(), written.upper()) or reading.currency
    if currency not in CURRENCIES:
        reading.note("unknown_currency", row, value=written)
        return None
    if currency != reading.currency:
        reading.note("two_currencies", row, found=currency, currency=reading.currency)
        return None
    before = len(reading.findings)
    gross = reading.amount(cells, "gross", row, currency)
    share = reading.amount(cells, "share", row, currency)
    # A share that is there but wrong must not be replaced by the gross.
    if any(found.severity == "error" for found in reading.findings[before:]):
        return None
    if share is None and "share" in reading.places:
        reading.note("missing_amount", row)
        return None
    counted = share if share is not None else gross
    if counted is None:
        reading.note("missing_amount", row)
        return None
    if gross is not None and counted > gross:
        reading.note("share_over_gross", row)
    return Line(
        row=row,
        title=reading.cell(cells, "title")[:200],
        episode=_episode(reading, cells, row),
        period=_period(reading, cells, row),
        kind=reading.cell(cells, "kind")[:60],
        gross_fen=gross if gross is not None else counted,
        share_fen=counted,
        currency=currency,
        text=" | ".join(cell.strip() for cell in cells)[:300],
    )


def _episode(reading: _Reading, cells: Sequence[str], row: int) -> int | None:
    value = reading.cell(cells, "episode")
    if not value:
        return None
    match = _EPISODE.match(value)
    if match is None:
        reading.note("unreadable_episode", row, value=value)
        return None
    return int(match[1])


def _period(reading: _Reading, cells: Sequence[str], row: int) -> str:
    """`2026-01` or `2026-01-31`; empty when there is none or it cannot be read."""
    value = reading.cell(cells, "period")
    if not value:
        return ""
    match = _PERIOD.match(value)
    if match is None and re.fullmatch(r"\d{8}", value, re.ASCII):
        match = _PERIOD.match(f"{value[:4]}-{value[4:6]}-{value[6:]}")
    try:
        if match is None:
            raise ValueError
        day = dt.date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        reading.note("unreadable_period", row, value=value)
        return ""
    return day.isoformat() if match[3] else f"{day.year:04d}-{day.month:02d}"


def _episode_gaps(reading: _Reading, lines: Sequence[Line]) -> None:
    episodes: dict[str, set[int]] = defaultdict(set)
    for line in lines:
        if line.episode is not None:
            episodes[line.title].add(line.episode)
    for title, found in episodes.items():
        ordered = sorted(found)
        ranges = [
            f"{low + 1}" if high - low == 2 else f"{low + 1}-{high - 1}"
            for low, high in pairwise(ordered)
            if high - low > 1
        ]
        if ranges:
            shown = ", ".join(ranges[:20])
            reading.note("episode_gap", None, title=title, missing=shown, low=ordered[0], high=ordered[-1])
