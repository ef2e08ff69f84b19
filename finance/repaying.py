"""An advance on its way back, in plain values: what was drawn, the premium or interest on it, what repays it.

The same arithmetic as the settlement engine's investments: exact until a day, then to the nearest fen; what comes in
repays interest first, then what was drawn, then the premium.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from finance.settlement.interest import years_between
from finance.settlement.whole import half_up

DAYS = "actual/365"


@dataclass(frozen=True, slots=True)
class Rates:
    """What holds from a date on, in basis points."""

    begin: dt.date
    order: int = 1
    premium_bp: int = 0
    interest_bp: int = 0


@dataclass(slots=True)
class Account:
    """One advance: `draws` are (day, amount), `rates` in the order of their dates. Days are asked for in order."""

    key: int
    draws: Sequence[tuple[dt.date, int]]
    rates: Sequence[Rates]
    drawn: int = 0
    recouped: int = 0
    over: int = 0
    premium_paid: int = 0
    principal: Fraction = Fraction(0)
    interest: Fraction = Fraction(0)
    interest_so_far: Fraction = Fraction(0)
    day: dt.date | None = None
    _next: int = 0
    steps: list[tuple[dt.date, int, int]] = field(default_factory=list)

    def rates_on(self, day: dt.date) -> Rates:
        held = [row for row in self.rates if row.begin <= day]
        return held[-1] if held else Rates(day)

    def premium(self, day: dt.date) -> int:
        return half_up(Fraction(self.drawn * self.rates_on(day).premium_bp, 10_000))

    def go_to(self, day: dt.date) -> None:
        """Draw what is drawn by a day, and let interest grow to it."""
        while self._next < len(self.draws) and self.draws[self._next][0] <= day:
            on, amount = self.draws[self._next]
            self._grow(on)
            self.principal += amount
            self.drawn += amount
            self._next += 1
        self._grow(day)

    def _grow(self, until: dt.date) -> None:
        if self.day is None:
            self.day = until
        cuts = sorted({row.begin for row in self.rates if self.day < row.begin < until} | {until})
        for cut in cuts:
            if cut > self.day:
                rate = Fraction(self.rates_on(self.day).interest_bp, 10_000)
                grown = max(self.principal, Fraction(0)) * rate * years_between(self.day, cut, DAYS)
                self.interest += grown
                self.interest_so_far += grown
                self.day = cut

    def due(self, day: dt.date) -> int:
        self.go_to(day)
        return max(0, half_up(self.principal + self.interest) + self.premium(day) - self.premium_paid)

    def repay(self, day: dt.date, amount: int) -> None:
        self.go_to(day)
        self.recouped += amount
        self.steps.append((day, amount, 0))
        if amount >= half_up(self.principal + self.interest):
            self.premium_paid += amount - half_up(self.principal + self.interest)
            self.principal = self.interest = Fraction(0)
        else:
            first = min(self.interest, Fraction(amount))
            self.interest -= first
            self.principal -= amount - first
        self.steps[-1] = (day, amount, self.due(day))


def spread(accounts: Iterable[Account], given: Iterable[tuple[dt.date, int]], day: dt.date) -> None:
    """Let what a party was given repay its advances in their order, each up to what is due then.

    What none of them is due is noted on the last as `over`: the agreement and the contract do not fit.
    """
    rows = list(accounts)
    for on, amount in sorted(given):
        left = amount
        for account in sorted(rows, key=lambda row: (row.rates_on(on).order, row.key)):
            part = min(left, account.due(on))
            if part:
                account.repay(on, part)
                left -= part
        if left and rows:
            rows[-1].over += left
    for account in rows:
        account.go_to(day)
