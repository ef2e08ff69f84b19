"""Contracts, terms and receipts as plain frozen values; amounts are integer minor units, rates exact fractions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from studio.values import Money, month_of

CLAIMS = frozenset({"expenses", "buyout", "service_fee", "deferred_fee", "recoup"})
DIMENSIONS = ("title", "kind")


@dataclass(frozen=True, slots=True)
class Period:
    """A day, or a whole month when `whole_month`."""

    first: dt.date
    whole_month: bool

    @property
    def last(self) -> dt.date:
        if not self.whole_month:
            return self.first
        following = self.first.replace(day=28) + dt.timedelta(days=4)
        return following.replace(day=1) - dt.timedelta(days=1)

    def __str__(self) -> str:
        return month_of(self.first) if self.whole_month else self.first.isoformat()


@dataclass(frozen=True, slots=True)
class Band:
    """From `above` on, up to the next band, the rate holds for that part of the cumulative base."""

    above: int
    rate: Fraction


@dataclass(frozen=True, slots=True)
class Part:
    """One payee of a term: a fixed `amount`, a `rate` of a split, or neither where the term itself says how much."""

    party: str
    amount: int | None = None
    rate: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A bonus `amount` once the base has reached `at`."""

    at: int
    amount: int


@dataclass(frozen=True, slots=True)
class Interest:
    """So much a year on what is not repaid of a claim, from `begin` on; `days` is the day count."""

    rate: Fraction
    begin: dt.date
    compound: bool
    days: str


@dataclass(frozen=True, slots=True)
class Term:
    """One clause that takes money out of a pool, in its turn.

    `basis` is `gross` (the pool's receipts), `left` (what reaches this term) or `after:ID` (what was left after an
    earlier term). `limits` are the whole amounts of a claim, one for each part, premium included. `by_rank` are the
    bands for each rank of a title. A corridor has its rate while the claim `beside` is unpaid, and `then` after it.
    A clawback takes nothing out of the pool: it takes back what the term `target` gave. What is agreed `after_tax`
    is what the payee keeps: the pool gives that, the tax on it is reckoned when it is paid.
    """

    id: str
    kind: str
    parts: tuple[Part, ...]
    clause: str = ""
    basis: str = "gross"
    bands: tuple[Band, ...] = ()
    limits: tuple[int, ...] = ()
    amount: int = 0
    premium: Fraction = Fraction(0)
    cap: int | None = None
    floor: int | None = None
    steps: tuple[Step, ...] = ()
    meaning: str = ""
    payer: str = ""
    due: Period | None = None
    threshold: int = 0
    titles: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    per_pool: bool = False
    by_rank: tuple[tuple[str, tuple[Band, ...]], ...] = ()
    interest: Interest | None = None
    beside: str = ""
    then: Fraction = Fraction(0)
    target: str = ""
    what: str = ""
    until: Period | None = None
    after_tax: bool = False

    @property
    def has_fixed_amount(self) -> bool:
        if self.kind == "clawback":
            return False
        return bool(self.limits or self.steps or self.cap is not None or self.floor is not None or self.amount)

    def ranked(self, rank: str | None) -> Term:
        """The term with the rates of a rank; as it is when its rates do not depend on one."""
        return replace(self, bands=dict(self.by_rank).get(rank or "", ()), by_rank=()) if self.by_rank else self

    def applies_to(self, title: str, kind: str) -> bool:
        return (not self.titles or title in self.titles) and (not self.kinds or kind in self.kinds)


@dataclass(frozen=True, slots=True)
class Version:
    """Terms in their order, in force from `begin` to `until`, both included; None is open."""

    begin: dt.date | None
    until: dt.date | None
    terms: tuple[Term, ...]

    def holds_on(self, day: dt.date) -> bool:
        return (self.begin is None or self.begin <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Rank:
    """The rank that the platform gave a title, from a day on."""

    title: str
    rank: str
    begin: dt.date


@dataclass(frozen=True, slots=True)
class Takedown:
    """A title taken down; what is taken back for it is reckoned when the period is over."""

    title: str
    on: Period


@dataclass(frozen=True, slots=True)
class Contract:
    """Versions of terms between a studio and its parties, over pools of receipts.

    `pool_by` says which dimensions keep money apart; what is not named is pooled together. `groups` are titles that
    answer for one another, each with the name of its group; a group stands where a title would.
    """

    id: str
    currency: str
    studio: str
    pool_by: tuple[str, ...]
    titles: frozenset[str]
    versions: tuple[Version, ...]
    groups: Mapping[str, str] = field(default_factory=dict)
    ranks: tuple[Rank, ...] = ()
    group_names: frozenset[str] = frozenset()

    def money(self, minor: int) -> str:
        return str(Money(minor, self.currency))

    def plain(self, minor: int) -> str:
        return Money(minor, self.currency).plain()

    def pool_of(self, title: str, kind: str) -> tuple[str, str]:
        pooled = self.groups.get(title, title)
        return (pooled if "title" in self.pool_by else "", kind if "kind" in self.pool_by else "")

    def rank_of(self, title: str, day: dt.date) -> str | None:
        """The rank of a pooled title on a day; ranks stand in the order of their dates."""
        return next((row.rank for row in reversed(self.ranks) if row.title == title and row.begin <= day), None)

    def version_on(self, day: dt.date) -> Version | None:
        return next((version for version in self.versions if version.holds_on(day)), None)

    def all_terms(self) -> Iterator[tuple[Version, Term]]:
        for version in self.versions:
            for term in version.terms:
                yield version, term


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that came in for a title: one line of a statement."""

    line: str
    title: str
    kind: str
    period: Period
    amount: int


def rate_text(rate: Fraction) -> str:
    """`8.3%` where that is exact, else `1/3`."""
    denominator = rate.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    if denominator != 1:
        return f"{rate.numerator}/{rate.denominator}"
    percent = rate * 100
    places = 0
    while (percent * 10**places).denominator != 1:
        places += 1
    digits = f"{int(percent * 10**places):0{places + 1}d}"
    return f"{digits[:-places]}.{digits[-places:]}%" if places else f"{digits}%"
