"""Months, and rules that are in force from a date."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Protocol, TypeVar

_MONTH = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$", re.ASCII)


class Dated(Protocol):
    """Anything with the date from which it holds."""

    @property
    def from_date(self) -> dt.date: ...


D = TypeVar("D", bound=Dated)


def in_force(rows: Iterable[D], on: dt.date) -> D | None:
    """The latest row that holds on that date, or None before the first."""
    best: D | None = None
    for row in rows:
        if row.from_date <= on and (best is None or row.from_date >= best.from_date):
            best = row
    return best


def parse_month(text: str) -> dt.date:
    """First date of `2026-01`. Raises ValueError on anything else."""
    match = _MONTH.match(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"not a month, written like 2026-01: {text!r}")
    return dt.date(int(match[1]), int(match[2]), 1)


def month_of(day: dt.date) -> str:
    return f"{day.year:04d}-{day.month:02d}"


def months_between(first: str, last: str) -> list[str]:
    """All months from the first to the last, both included; empty when they are the wrong way round."""
    start, end = parse_month(first), parse_month(last)
    count = (end.year - start.year) * 12 + end.month - start.month + 1
    steps = (start.year * 12 + start.month - 1 + step for step in range(max(0, count)))
    return [f"{step // 12:04d}-{step % 12 + 1:02d}" for step in steps]
