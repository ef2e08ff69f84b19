"""The terms of one pool compiled into rungs, in each of which every next unit of receipts is divided the same way.

A contract's waterfall is a function of the pool's cumulative receipts alone. It bends only where a claim is repaid,
a cap or floor is met, a band or threshold is reached: between two bends the next unit goes out at constant rates. The
rungs are found exactly, with fractions; then each end of a rung is given a whole number of units for each payee (the
largest remainder), and inside a rung whole units follow by halving the payees and rounding at each fork.

Rounding the cumulative shares directly by largest remainder would be simpler, but a payee can then lose a unit when
receipts grow (the Alabama paradox), so a month could show an allocation of -0.01. The fork keeps every payee's
amount from ever falling: the share of one side, and what it leaves, both never fall as the whole grows.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from .terms import Term

ZERO, ONE = Fraction(0), Fraction(1)
# Every bend is passed once, so a contract of 100 terms has a few hundred; more means that the search went wrong.
MOST_RUNGS = 100_000


@dataclass(slots=True)
class Standing:
    """Where a term stands in a pool: `base` it is reckoned on, `owed` by its rates, `taken` by each of its payees.

    `repay` is what a payer has paid ahead and gets back first.
    """

    base: Fraction = ZERO
    owed: Fraction = ZERO
    taken: list[Fraction] = field(default_factory=list)
    repay: int = 0

    def copy(self) -> Standing:
        return Standing(self.base, self.owed, list(self.taken), self.repay)


def seat_parties(term: Term) -> list[str]:
    """Who the seats of a term belong to: its payees, and for a guarantee first the payer who is repaid."""
    parties = [part.party for part in term.parts]
    return [term.payer, *parties] if term.kind == "guarantee" else parties


@dataclass(frozen=True, slots=True)
class Rung:
    """Rates from `start` on: per seat, and per term those of its base and of what it owes."""

    start: Fraction
    seats: tuple[Fraction, ...]
    bases: tuple[Fraction, ...]
    owing: tuple[Fraction, ...]
    standings: tuple[Standing, ...]


Fork = tuple[int, int, "Fork | int", "Fork | int"]


class Ladder:
    """The division of a pool's receipts from one standing on; the last seat is what no term takes."""

    def __init__(self, terms: Sequence[Term], standings: Sequence[Standing]) -> None:
        self.terms = tuple(terms)
        self.seats: list[tuple[int, int]] = [
            (index, seat) for index, term in enumerate(self.terms) for seat in range(len(seat_parties(term)))
        ]
        self.rungs = _climb(self.terms, [standing.copy() for standing in standings])
        self._starts = [rung.start for rung in self.rungs]
        self._points, self._whole = self._steps()
        self._forks = [
            (_fork([after - before for before, after in zip(low, high, strict=True)]))
            for low, high in pairwise(self._whole)
        ]
        last = self.rungs[-1].seats
        common = math.lcm(*(rate.denominator for rate in last))
        self._forks.append(_fork([int(rate * common) for rate in last]))

    def exact(self, receipts: int) -> list[Fraction]:
        """The exact division, seat by seat, before whole units."""
        rung = self.rungs[bisect_right(self._starts, receipts) - 1]
        return self._exact_in(rung, receipts)

    def _exact_in(self, rung: Rung, receipts: int | Fraction) -> list[Fraction]:
        run = receipts - rung.start
        first = self.rungs[0].standings
        shares = [
            rung.standings[index].taken[seat] - first[index].taken[seat] + rung.seats[place] * run
            for place, (index, seat) in enumerate(self.seats)
        ]
        return [*shares, receipts - sum(shares, ZERO)]

    def _steps(self) -> tuple[list[int], list[list[int]]]:
        """Whole points around every bend, and the whole division there, which never falls."""
        points = {0}
        for rung in self.rungs:
            points.update((math.floor(rung.start), math.ceil(rung.start)))
        last = max(points)
        if any(share.denominator != 1 for share in self.exact(last)):
            # One round of the last rung lets a payee who is a unit short at the bend come to its exact whole.
            points.add(last + math.lcm(*(rate.denominator for rate in self.rungs[-1].seats)) * 2)
        ordered = sorted(points)
        whole = [[0] * (len(self.seats) + 1)]
        for before, after in pairwise(ordered):
            due = [share - have for share, have in zip(self.exact(after), whole[-1], strict=True)]
            step = _whole_parts(due, after - before)
            whole.append([have + more for have, more in zip(whole[-1], step, strict=True)])
        return ordered, whole

    def divide(self, receipts: int) -> list[int]:
        """Whole units for each seat, and last what is left; they sum to the receipts."""
        place = bisect_right(self._points, receipts) - 1
        shares = list(self._whole[place])
        _pour(self._forks[place], receipts - self._points[place], shares)
        return shares

    def base(self, receipts: int, index: int) -> int:
        """The base of a term so far, in whole units."""
        rung = self.rungs[bisect_right(self._starts, receipts) - 1]
        return int(rung.standings[index].base + rung.bases[index] * (receipts - rung.start))

    def standing(self, receipts: int) -> list[Standing]:
        """Where every term stands after these receipts, with the whole units really given."""
        rung = self.rungs[bisect_right(self._starts, receipts) - 1]
        run = receipts - rung.start
        shares = self.divide(receipts)
        first = self.rungs[0].standings
        after = []
        for index, at in enumerate(rung.standings):
            after.append(Standing(at.base + rung.bases[index] * run, at.owed + rung.owing[index] * run, [], at.repay))
        for place, (index, seat) in enumerate(self.seats):
            after[index].taken.append(first[index].taken[seat] + shares[place])
        return after


def _whole_parts(due: Sequence[Fraction], total: int) -> list[int]:
    """Divide `total` units by what is due: none falls, whole dues are met first, the largest remainder gets the rest."""
    parts = [max(0, math.floor(share)) for share in due]
    left = total - sum(parts)
    order = sorted(range(len(due)), key=lambda seat: (parts[seat] - due[seat], seat))
    for seat in order[: max(0, left)]:
        parts[seat] += 1
    while left < 0:
        # An earlier bend gave others a unit that was not theirs yet: the nearest to whole waits for it.
        for seat in reversed(order):
            if left < 0 and parts[seat] > 0:
                parts[seat] -= 1
                left += 1
    return parts


def _fork(weights: Sequence[int]) -> Fork | int:
    """A tree of forks over the seats that have a weight, cut where the two sides come nearest to equal."""
    seats = [seat for seat, weight in enumerate(weights) if weight]
    if not seats:
        return len(weights) - 1

    def grow(low: int, high: int, total: int) -> Fork | int:
        if high - low == 1:
            return seats[low]
        left, best, cut = 0, 0, low + 1
        for place in range(low, high - 1):
            left += weights[seats[place]]
            if place == low or abs(total - 2 * left) <= abs(total - 2 * best):
                best, cut = left, place + 1
        return (best, total, grow(low, cut, best), grow(cut, high, total - best))

    return grow(0, len(seats), sum(weights))


def _pour(fork: Fork | int, units: int, shares: list[int]) -> None:
    while not isinstance(fork, int):
        part, total, left, right = fork
        first = (2 * units * part + total) // (2 * total)
        _pour(left, first, shares)
        fork, units = right, units - first
    shares[fork] += units


def _climb(terms: tuple[Term, ...], standings: list[Standing]) -> list[Rung]:
    marks = {term.id: index for index, term in enumerate(terms)}
    receipts = ZERO
    rungs: list[Rung] = []
    while len(rungs) < MOST_RUNGS:
        flow = ONE
        left_after: list[Fraction] = []
        rates: list[Fraction] = []
        bases: list[Fraction] = []
        owing: list[Fraction] = []
        runs: list[Fraction] = []
        for term, standing in zip(terms, standings, strict=True):
            if term.basis == "gross":
                base = ONE
            elif term.basis == "left":
                base = flow
            else:
                mark = marks.get(term.basis.removeprefix("after:"))
                base = left_after[mark] if mark is not None else ONE
            seats, owed = _rates(term, standing, flow, base, runs)
            rates.extend(seats)
            bases.append(base)
            owing.append(owed)
            flow -= sum(seats, ZERO)
            left_after.append(flow)
        rungs.append(
            Rung(
                receipts,
                (*rates, flow),
                tuple(bases),
                tuple(owing),
                tuple(standing.copy() for standing in standings),
            )
        )
        if not runs:
            return rungs
        run = min(runs)
        receipts += run
        place = 0
        for index, standing in enumerate(standings):
            standing.base += bases[index] * run
            standing.owed += owing[index] * run
            for seat in range(len(standing.taken)):
                standing.taken[seat] += rates[place] * run
                place += 1
    raise ArithmeticError("the terms bend without end")


def _rates(
    term: Term, standing: Standing, flow: Fraction, base: Fraction, runs: list[Fraction]
) -> tuple[list[Fraction], Fraction]:
    """What each seat of the term takes of the next unit, and how fast it is owed; adds how far that holds to `runs`."""
    if term.kind == "split":
        return [flow * (part.rate or ZERO) for part in term.parts], ZERO
    taken = sum(standing.taken, ZERO)
    if term.limits:
        missing = [max(ZERO, limit - have) for limit, have in zip(term.limits, standing.taken, strict=True)]
        total = sum(missing, ZERO)
        if not total or not flow:
            return [ZERO] * len(missing), ZERO
        runs.append(total / flow)
        return [flow * part / total for part in missing], ZERO
    owed_rate = ZERO
    if term.steps:
        due = Fraction(sum(step.amount for step in term.steps if step.at <= standing.base))
        due_rate = ZERO
        _next_edge([step.at for step in term.steps], standing.base, base, runs)
    else:
        band_rate = ZERO
        for band in term.bands:
            if band.above <= standing.base:
                band_rate = band.rate
        _next_edge([band.above for band in term.bands], standing.base, base, runs)
        owed_rate = band_rate * base
        due, due_rate = standing.owed, owed_rate
        if term.cap is not None:
            if due >= term.cap:
                due, due_rate = Fraction(term.cap), ZERO
            elif owed_rate:
                runs.append((term.cap - due) / owed_rate)
        if term.floor is not None and due < term.floor:
            if owed_rate:
                runs.append((term.floor - due) / owed_rate)
            due, due_rate = Fraction(term.floor), ZERO
    behind = due - taken
    if behind > 0:
        take = flow
        if flow > due_rate:
            runs.append(behind / (flow - due_rate))
    elif behind < 0:
        # Whole units carried over a change of terms can be a part of a unit ahead of what is owed.
        take = ZERO
        if due_rate:
            runs.append(-behind / due_rate)
    else:
        take = min(flow, due_rate)
    if term.kind != "guarantee":
        return [take], owed_rate
    repaid = standing.taken[0]
    if repaid < standing.repay:
        if take:
            runs.append((standing.repay - repaid) / take)
        return [take, ZERO], owed_rate
    return [ZERO, take], owed_rate


def _next_edge(edges: Sequence[int], at: Fraction, speed: Fraction, runs: list[Fraction]) -> None:
    following = [edge for edge in edges if edge > at]
    if following and speed:
        runs.append((min(following) - at) / speed)
