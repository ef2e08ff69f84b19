"""What lines come to: quantity x factor x rate, percentages of all the rest, totals by account and group."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# What a quantity counts. `percent` counts nothing: the line is a part of all lines that are no percentages.
PERCENT = "percent"
UNITS = ("flat", "day", "hour", "scene", "episode", "minute", "person", "piece", PERCENT)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a budget. `key` stays with a line through all versions it is copied to."""

    account: str
    name: str
    unit: str = "flat"
    quantity: int = 100
    factor: int = 1
    rate_minor: int = 0
    percent_bp: int = 0
    group: str = ""
    note: str = ""
    key: str = ""

    @property
    def mark(self) -> str:
        """A short text that differs whenever anything a person wrote differs."""
        written = (
            self.account, self.name, self.unit, self.quantity, self.factor, self.rate_minor, self.percent_bp,
            self.group, self.note,
        )  # fmt: skip
        return hashlib.sha256(repr(written).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Amounts in the order of the lines, and their sums."""

    amounts: tuple[int, ...]
    total: int
    base: int
    """What percentages are of: all lines that are none."""
    by_account: dict[str, int]
    by_group: dict[str, int]


def _whole(*values: object) -> None:
    if any(isinstance(value, bool) or not isinstance(value, int) for value in values):
        raise ValueError("a budget reckons with whole numbers, never floats")


def amount_of(quantity: int, factor: int, rate_minor: int) -> int:
    """Quantity in hundredths x factor x rate, half a minor unit rounded up. The database holds lines to this."""
    _whole(quantity, factor, rate_minor)
    return (quantity * factor * rate_minor + 50) // 100


def percent_of(base: int, percent_bp: int) -> int:
    """So many basis points of the base, half a minor unit rounded up."""
    _whole(base, percent_bp)
    return (base * percent_bp + 5_000) // 10_000


def reckon(lines: Iterable[Line]) -> Reckoning:
    """Percentages are of the sum of all other lines, never of each other, so the order of lines changes nothing."""
    rows = list(lines)
    plain = [0 if row.unit == PERCENT else amount_of(row.quantity, row.factor, row.rate_minor) for row in rows]
    base = sum(plain)
    amounts = tuple(
        percent_of(base, row.percent_bp) if row.unit == PERCENT else amount
        for row, amount in zip(rows, plain, strict=True)
    )
    return Reckoning(
        amounts, sum(amounts), base,
        _sums([row.account for row in rows], amounts), _sums([row.group for row in rows], amounts),
    )  # fmt: skip


def _sums(names: Sequence[str], amounts: Sequence[int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, amount in zip(names, amounts, strict=True):
        found[name] = found.get(name, 0) + amount
    return found


def write_quantity(hundredths: int) -> str:
    """`2.5` for 250: no more digits than needed."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02}".rstrip("0") if rest else f"{whole}"
