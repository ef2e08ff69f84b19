"""What a title will leave, and what moved that since it was last reckoned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Margin:
    """expected receipts - shares of others - estimated cost."""

    expected: int
    shares: int
    cost: int

    @property
    def amount(self) -> int:
        return self.expected - self.shares - self.cost

    @property
    def basis_points(self) -> int | None:
        """The margin in hundredths of a percent of what is expected, rounded down; None when nothing is expected."""
        return self.amount * 10_000 // self.expected if self.expected > 0 else None


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that moved the margin: `amount` is what the margin gained by it (below zero: lost)."""

    key: str
    amount: int


def moved(before: Mapping[str, int], after: Mapping[str, int]) -> tuple[Cause, ...]:
    """Key by key what the margin gained and lost between two readings, largest first.

    Readings map a key to what it adds to the margin (costs below zero). The causes sum to the difference of the
    readings, exactly: each key is counted once, and none is left out.
    """
    found = [
        Cause(key, after.get(key, 0) - before.get(key, 0))
        for key in sorted({*before, *after})
        if after.get(key, 0) != before.get(key, 0)
    ]
    return tuple(sorted(found, key=lambda cause: (-abs(cause.amount), cause.key)))
