"""Yearly interest on what is not repaid, exact to the fraction, by a stated day count."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from .terms import Interest
from .whole import half_up

DAY_COUNTS = ("actual/365", "actual/360", "30/360")


def years_between(begin: dt.date, end: dt.date, days: str) -> Fraction:
    """The part of a year from one day to another, as the day count reckons it."""
    if days == "30/360":
        count = 360 * (end.year - begin.year) + 30 * (end.month - begin.month)
        return Fraction(count + min(end.day, 30) - min(begin.day, 30), 360)
    return Fraction((end - begin).days, 365 if days == "actual/365" else 360)


def anniversary(of: dt.date, year: int) -> dt.date:
    """The same day of another year; 29 February falls on the 28th where there is none."""
    try:
        return of.replace(year=year)
    except ValueError:
        return of.replace(year=year, day=28)


@dataclass(slots=True)
class Loan:
    """What one payee still lacks: `principal`, and `interest` that has come due on it by `day`."""

    principal: Fraction
    interest: Fraction
    day: dt.date

    @property
    def due(self) -> int:
        """All that would repay it today, in whole units."""
        return half_up(self.principal + self.interest)

    def accrue(self, terms: Interest, until: dt.date) -> None:
        """Bring the interest up to the end of a day. Compound interest joins the principal on each anniversary."""
        if terms.compound:
            for year in range(self.day.year, until.year + 1):
                joins = anniversary(terms.begin, year)
                if terms.begin < joins and self.day < joins <= until:
                    self._grow(terms, joins)
                    self.principal, self.interest = self.principal + self.interest, Fraction(0)
        self._grow(terms, until)

    def _grow(self, terms: Interest, until: dt.date) -> None:
        if until > self.day:
            self.interest += self.principal * terms.rate * years_between(self.day, until, terms.days)
            self.day = until

    def repay(self, units: int) -> None:
        """Interest first, then principal; when all is repaid but a part of a unit, all is repaid."""
        if units >= self.due:
            self.principal = self.interest = Fraction(0)
            return
        to_interest = min(self.interest, Fraction(units))
        self.interest -= to_interest
        self.principal -= units - to_interest
