"""The terms of one pool compiled into rungs, in each of which every next unit of receipts is divided the same way.

A contract's waterfall is a function of the pool's cumulative receipts alone. It bends only where a claim is repaid,
a cap or floor is met, a band or threshold is reached: between two bends the next unit goes out at constant rates. The
rungs are found exactly, with fractions. What a term takes is then a line over what reaches it, rising by 0 to 1 for
each unit.

Whole units run down these lines as money runs down the contract: a term takes its exact share of the whole units that
reach it, rounded to the nearest; what it leaves, whole again, reaches the next. A line that rises by no more than 1
takes no more than one unit of each that comes, so neither what a term has nor what it leaves ever falls, and where
every exact share is whole the division is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from .terms import Term
from .whole import Curve, Fork, fork, half_up, pour, weights_of

ZERO, ONE = Fraction(0), Fraction(1)
# Every bend is passed once, so a contract of 100 terms has a few hundred; more means that the search went wrong.
MOST_RUNGS = 100_000


@dataclass(slots=True)
class Standing:
    """Where a term stands in a pool: `base` it is reckoned on, `owed` by its rates, `taken` by each of its seats.

    `repay` is what a payer has paid ahead and gets back first; `poured` is what was divided by `weights` so far.
    """

    base: int = 0
    owed: Fraction = ZERO
    taken: list[int] = field(default_factory=list)
    repay: int = 0
    weights: tuple[int, ...] = ()
    poured: int = 0


def seat_parties(term: Term) -> list[str]:
    """Who the seats of a term belong to: its payees, and for a guarantee first the payer who is repaid."""
    parties = [part.party for part in term.parts]
    return [term.payer, *parties] if term.kind == "guarantee" else parties


class _Seats:
    """How the whole units that a term takes are divided among its seats."""

    def __init__(self, term: Term, standing: Standing) -> None:
        self.start = standing
        self.ahead_first = term.kind == "guarantee"
        self.weights: tuple[int, ...] = ()
        self.poured = 0
        self.tree: Fork | int = 0
        if term.limits:
            # What each still lacks: that keeps a claim pro rata, and ends it for all together.
            missing = (max(0, limit - have) for limit, have in zip(term.limits, standing.taken, strict=True))
            self.tree = fork(tuple(missing))
        elif term.kind == "split":
            self.weights = weights_of([part.rate or ZERO for part in term.parts])
            self.poured = standing.poured if standing.weights == self.weights else 0
            self.tree = fork(self.weights)
        count = len(standing.taken)
        self.before = pour(self.tree, self.poured, count) if self.poured else [0] * count

    def divide(self, units: int) -> list[int]:
        if self.ahead_first:
            first = min(units, max(0, self.start.repay - self.start.taken[0]))
            return [first, units - first]
        if not isinstance(self.tree, tuple):
            shares = [0] * len(self.before)
            shares[self.tree] = units
            return shares
        after = pour(self.tree, self.poured + units, len(self.before))
        return [now - then for now, then in zip(after, self.before, strict=True)]


@dataclass(slots=True)
class _Climber:
    """A term on the way up: exact base, what is owed, what it has taken in all; `due` is a claim's whole amount."""

    term: Term
    start: Standing
    base: Fraction
    owed: Fraction
    taken: Fraction
    flowed: Fraction = ZERO
    due: int | None = None

    @classmethod
    def of(cls, term: Term, start: Standing) -> _Climber:
        taken = sum(start.taken)
        due = None
        if term.limits:
            due = taken + sum(max(0, limit - have) for limit, have in zip(term.limits, start.taken, strict=True))
        return cls(term, start, Fraction(start.base), start.owed, Fraction(taken), due=due)

    @property
    def repaid(self) -> Fraction:
        return self.start.taken[0] + self.taken - sum(self.start.taken)

    @property
    def unpaid(self) -> bool:
        """A claim, or money paid ahead, that is not repaid yet."""
        if self.term.kind == "guarantee":
            return self.repaid < self.start.repay
        return self.due is not None and self.taken < self.due


class Ladder:
    """The division of a pool's receipts from one standing on; the last seat is what no term takes."""

    def __init__(self, terms: Sequence[Term], standings: Sequence[Standing]) -> None:
        self.terms = tuple(terms)
        self.standings = tuple(standings)
        self.seats: list[tuple[int, int]] = [
            (index, seat) for index, term in enumerate(self.terms) for seat in range(len(seat_parties(term)))
        ]
        self._groups = [_Seats(term, start) for term, start in zip(self.terms, self.standings, strict=True)]
        self._takes = [Curve() for _ in self.terms]
        self._owings = [Curve() for _ in self.terms]
        self._bends: list[Fraction] = []
        self._marks = {term.id: index for index, term in enumerate(self.terms)}
        self._starts = [sum(standing.taken) for standing in self.standings]
        # A division is asked for its shares, its bases and its standings one after the other.
        self._last_run: tuple[int, list[int], list[int]] | None = None
        self._climb()

    def _run(self, receipts: int) -> tuple[list[int], list[int]]:
        """Whole units each term takes from the start on, and what reaches each; last what is left."""
        if self._last_run is not None and self._last_run[0] == receipts:
            return self._last_run[1:]
        reaching, taken = [receipts], []
        for curve, start in zip(self._takes, self._starts, strict=True):
            took = half_up(curve.at(reaching[-1])) - start
            taken.append(took)
            reaching.append(reaching[-1] - took)
        self._last_run = (receipts, taken, reaching)
        return taken, reaching

    def exact(self, receipts: int | Fraction) -> list[Fraction]:
        """What each term takes from the start on before whole units, and last what is left."""
        left = Fraction(receipts)
        shares = []
        for curve, start in zip(self._takes, self._starts, strict=True):
            shares.append(curve.at(left) - start)
            left -= shares[-1]
        return [*shares, left]

    def divide(self, receipts: int) -> list[int]:
        """Whole units for each seat, and last what is left; they sum to the receipts."""
        taken, reaching = self._run(receipts)
        shares = [share for group, took in zip(self._groups, taken, strict=True) for share in group.divide(took)]
        return [*shares, reaching[-1]]

    def base(self, receipts: int, index: int) -> int:
        """The base of a term so far, in whole units."""
        return self._base(index, self._run(receipts)[1])

    def _base(self, index: int, reaching: list[int]) -> int:
        return self.standings[index].base + reaching[self._place(index)]

    def _place(self, index: int) -> int:
        """Which of the amounts that reach a term is the base of this one."""
        basis = self.terms[index].basis
        if basis == "left":
            return index
        mark = None if basis == "gross" else self._marks.get(basis.removeprefix("after:"))
        return 0 if mark is None else mark + 1

    def standing(self, receipts: int) -> list[Standing]:
        """Where every term stands after these receipts, with the whole units really given."""
        taken, reaching = self._run(receipts)
        after = []
        for index, (start, group) in enumerate(zip(self.standings, self._groups, strict=True)):
            base = self._base(index, reaching)
            shares = group.divide(taken[index])
            after.append(
                Standing(
                    base=base,
                    owed=self._owings[index].at(base),
                    taken=[have + more for have, more in zip(start.taken, shares, strict=True)],
                    repay=start.repay,
                    weights=group.weights,
                    poured=group.poured + taken[index],
                )
            )
        return after

    def _climb(self) -> None:
        climbers = [_Climber.of(term, start) for term, start in zip(self.terms, self.standings, strict=True)]
        by_id = {climber.term.id: climber for climber in climbers}
        receipts = ZERO
        while len(self._bends) < MOST_RUNGS:
            flows = [ONE]
            runs: list[Fraction] = []
            steps: list[tuple[Fraction, Fraction, Fraction]] = []
            for index, climber in enumerate(climbers):
                flow = flows[-1]
                base = flows[self._place(index)]
                beside = by_id.get(climber.term.beside)
                rate = _next_rate(climber, beside is not None and beside.unpaid, base, runs)
                take = _take(climber, rate * base, flow, base, runs)
                self._takes[index].add(climber.flowed, climber.taken, take / flow if flow else ZERO)
                self._owings[index].add(climber.base, climber.owed, rate if base else ZERO)
                steps.append((base, rate * base, take))
                flows.append(flow - take)
            self._bends.append(receipts)
            if not runs:
                return
            run = min(runs)
            receipts += run
            for climber, flow, (base, owing, take) in zip(climbers, flows, steps, strict=False):
                climber.flowed += flow * run
                climber.base += base * run
                climber.owed += owing * run
                climber.taken += take * run
        raise ArithmeticError("the terms bend without end")


def _next_rate(climber: _Climber, beside_unpaid: bool, base: Fraction, runs: list[Fraction]) -> Fraction:
    """The rate that the next unit of the base earns; adds how far that holds to `runs`."""
    term = climber.term
    if term.kind == "corridor":
        # The claim that it runs beside adds the bend itself.
        return term.bands[0].rate if beside_unpaid else term.then
    rate = ZERO
    for band in term.bands:
        if band.above <= climber.base:
            rate = band.rate
    _next_edge([band.above for band in term.bands], climber.base, base, runs)
    return rate


def _take(climber: _Climber, owing: Fraction, flow: Fraction, base: Fraction, runs: list[Fraction]) -> Fraction:
    """What the term takes of the next unit of receipts; adds how far that holds to `runs`."""
    term = climber.term
    due, due_rate = climber.owed, owing
    if climber.due is not None:
        due, due_rate = Fraction(climber.due), ZERO
    elif term.steps:
        due, due_rate = Fraction(sum(step.amount for step in term.steps if step.at <= climber.base)), ZERO
        _next_edge([step.at for step in term.steps], climber.base, base, runs)
    if term.cap is not None and climber.due is None:
        if due >= term.cap:
            due, due_rate = Fraction(term.cap), ZERO
        elif due_rate:
            runs.append((term.cap - due) / due_rate)
    if term.floor is not None and due < term.floor:
        if owing:
            runs.append((term.floor - due) / owing)
        due, due_rate = Fraction(term.floor), ZERO
    behind = due - climber.taken
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
    if term.kind == "guarantee" and climber.unpaid and take:
        runs.append((climber.start.repay - climber.repaid) / take)
    return take


def _next_edge(edges: Sequence[int], at: Fraction, speed: Fraction, runs: list[Fraction]) -> None:
    following = [edge for edge in edges if edge > at]
    if following and speed:
        runs.append((min(following) - at) / speed)
