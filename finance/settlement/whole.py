"""Whole units out of exact shares: lines that never fall, rounded where they are met, and a sum divided among payees."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

HALF = Fraction(1, 2)
Fork = tuple[int, int, "Fork | int", "Fork | int"]


def half_up(exact: Fraction) -> int:
    """The nearest whole unit; half a unit goes up."""
    return math.floor(exact + HALF)


@dataclass(slots=True)
class Curve:
    """Straight pieces, each rising by 0 to 1 a unit: `slopes[n]` holds from `xs[n]` on."""

    xs: list[Fraction] = field(default_factory=list)
    ys: list[Fraction] = field(default_factory=list)
    slopes: list[Fraction] = field(default_factory=list)

    def add(self, x: Fraction, y: Fraction, slope: Fraction) -> None:
        self.xs.append(x)
        self.ys.append(y)
        self.slopes.append(slope)

    def at(self, x: int | Fraction) -> Fraction:
        place = bisect_right(self.xs, x) - 1
        return self.ys[place] + self.slopes[place] * (x - self.xs[place])


def weights_of(rates: Sequence[Fraction]) -> tuple[int, ...]:
    """The rates as whole numbers in the same proportion."""
    common = math.lcm(*(rate.denominator for rate in rates))
    return tuple(int(rate * common) for rate in rates)


def fork(weights: Sequence[int]) -> Fork | int:
    """A tree of forks over the seats that have a weight, cut where the two sides come nearest to equal."""
    seats = [seat for seat, weight in enumerate(weights) if weight]
    if not seats:
        return 0

    def grow(low: int, high: int, total: int) -> Fork | int:
        if high - low == 1:
            return seats[low]
        left, best, cut = 0, 0, low + 1
        for place in range(low, high - 1):
            left += weights[seats[place]]
            # Of two cuts as good as each other the later: the odd unit goes to who is named first.
            if place == low or abs(total - 2 * left) <= abs(total - 2 * best):
                best, cut = left, place + 1
        return (best, total, grow(low, cut, best), grow(cut, high, total - best))

    return grow(0, len(seats), sum(weights))


def pour(tree: Fork | int, units: int, count: int) -> list[int]:
    """Divide whole units: each side of a fork gets its part rounded, the other what is left. No seat falls as they grow."""
    shares = [0] * count
    pending = [(tree, units)]
    while pending:
        node, amount = pending.pop()
        if isinstance(node, int):
            shares[node] += amount
            continue
        part, total, left, right = node
        first = (2 * amount * part + total) // (2 * total)
        pending.append((left, first))
        pending.append((right, amount - first))
    return shares
