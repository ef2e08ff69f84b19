"""Receipts through a contract's terms: who gets what, in which period, by which clause."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from .explaining import explain
from .fields import parse_period
from .ladder import Ladder, Standing, seat_parties
from .terms import Contract, Period, Receipt, Term
from .wording import Fault, Sentence, fault, sentence

EVERY = ("day", "month", "once")


@dataclass(frozen=True, slots=True)
class Allocation:
    """An amount for a party out of a term in a period, in minor units.

    `source` is `pool` for a part of the receipts, never below zero, or `payer` for money paid ahead under a
    guarantee: one line above zero for who gets it, one below zero for who pays it, which sum to nothing.
    """

    party: str
    term: str
    period: str
    amount: int
    explanation: Sentence
    source: str = "pool"
    clause: str = ""
    title: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class PoolPeriod:
    """What came into one pool in one period, by which lines, and what no term took of it."""

    title: str
    kind: str
    period: str
    received: int
    retained: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settlement:
    """received == sum of the allocations + retained, always and to the unit; nothing at all when there are faults."""

    currency: str
    received: int
    allocations: tuple[Allocation, ...]
    retained: int
    totals: Mapping[str, int]
    pools: tuple[PoolPeriod, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Span:
    """Days on which one list of terms holds and nothing is paid ahead, but at its start."""

    begin: dt.date
    end: dt.date
    terms: tuple[Term, ...]
    paid_ahead: tuple[Term, ...]


def settle(
    contract: Contract,
    receipts: Iterable[Receipt],
    through_period: str | Period | None = None,
    every: str = "month",
) -> Settlement:
    """Divide all receipts up to a period, in steps of a day, a month, or at once.

    The totals depend on the receipts and the period alone, neither on their order nor on the steps. Without
    `through_period` it is the last period with a receipt. Raises ValueError for a period or step that is none.
    """
    if every not in EVERY:
        raise ValueError(f"settle every {', '.join(EVERY)}, not {every!r}")
    rows = list(receipts)
    last = _last_day(rows, through_period)
    if last is None:
        return Settlement(contract.currency, 0, (), 0, {}, (), ())
    rows = [row for row in rows if row.period.first <= last]
    pools: dict[tuple[str, str], list[Receipt]] = defaultdict(list)
    for row in rows:
        pools[contract.pool_of(row.title, row.kind)].append(row)
    for _, term in contract.all_terms():
        if term.due is not None and _due_day(term) <= last:
            for title in term.titles or ("",):
                for kind in term.kinds or ("",):
                    pools[contract.pool_of(title, kind)] = pools.get(contract.pool_of(title, kind), [])
    faults = [*_date_faults(contract, rows, last), *_spread_faults(contract, pools)]
    if faults:
        return Settlement(contract.currency, 0, (), 0, {}, (), tuple(faults))
    ladders: dict[tuple[Term, ...], Ladder] = {}
    allocations: list[Allocation] = []
    pool_periods: list[PoolPeriod] = []
    for key in sorted(pools):
        settling = _Pool(contract, key, pools[key], last, every, ladders)
        settling.run()
        allocations.extend(settling.allocations())
        pool_periods.extend(settling.periods())
    totals: dict[str, int] = defaultdict(int)
    for allocation in allocations:
        totals[allocation.party] += allocation.amount
    return Settlement(
        currency=contract.currency,
        received=sum(row.amount for row in rows),
        allocations=tuple(allocations),
        retained=sum(pool.retained for pool in pool_periods),
        totals=dict(sorted(totals.items())),
        pools=tuple(pool_periods),
        faults=(),
    )


def _last_day(rows: list[Receipt], through: str | Period | None) -> dt.date | None:
    if through is None:
        return max((row.period.last for row in rows), default=None)
    if isinstance(through, Period):
        return through.last
    read = parse_period(through)
    if read is None:
        raise ValueError(f"not a period like 2026-01 or 2026-01-31: {through!r}")
    return read.last


def _due_day(term: Term) -> dt.date:
    """When money is paid ahead: at the start of the period, or for a top-up at its end."""
    assert term.due is not None
    return term.due.last if term.meaning == "larger_of" else term.due.first


def _pay_day(term: Term) -> dt.date:
    """The first day whose receipts know of the money paid ahead: a top-up is reckoned when its period is over."""
    assert term.due is not None
    return term.due.last + dt.timedelta(days=1) if term.meaning == "larger_of" else term.due.first


def _cuts(contract: Contract) -> set[dt.date]:
    days = {version.begin for version in contract.versions if version.begin is not None}
    days.update(version.until + dt.timedelta(days=1) for version in contract.versions if version.until is not None)
    days.update(_pay_day(term) for _, term in contract.all_terms() if term.due is not None)
    return days


def _date_faults(contract: Contract, rows: list[Receipt], last: dt.date) -> Iterable[Fault]:
    cuts = _cuts(contract)
    broken: dict[Period, dt.date | None] = {}
    for row in rows:
        period = row.period
        where = f"receipt {row.line}"
        if not any(version.holds_on(period.first) for version in contract.versions):
            yield fault("no_terms_in_force", where=where, period=period)
            continue
        if period not in broken:
            # Stopping in mid-month splits a monthly line just as a change of terms does.
            days = sorted({*cuts, last + dt.timedelta(days=1)})
            broken[period] = next((day for day in days if period.first < day <= period.last), None)
        cut = broken[period]
        if cut is not None:
            yield fault("terms_change_inside_month", where=where, period=period, on=cut)


def _spread_faults(contract: Contract, pools: Mapping[tuple[str, str], object]) -> Iterable[Fault]:
    for _, term in contract.all_terms():
        if not term.has_fixed_amount or term.per_pool:
            continue
        met = [key for key in sorted(pools) if term.applies_to(*key)]
        if len(met) > 1:
            names = "; ".join(", ".join(part for part in key if part) for key in met[:5])
            yield fault("amount_over_several_pools", term=term.id, count=len(met), pools=names)


class _Pool:
    """One pool on its way through the spans of the contract."""

    def __init__(
        self,
        contract: Contract,
        key: tuple[str, str],
        rows: list[Receipt],
        last: dt.date,
        every: str,
        ladders: dict[tuple[Term, ...], Ladder],
    ) -> None:
        self.contract = contract
        self.title, self.kind = key
        self.last = last
        self.every = every
        self.ladders = ladders
        self.rows: dict[dt.date, list[Receipt]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: row.period.last):
            self.rows[row.period.last].append(row)
        self.standings: dict[str, Standing] = {}
        self.gross = 0
        self.found: dict[tuple[str, int, str, str, str], Allocation] = {}
        self.received: dict[str, list[Receipt]] = defaultdict(list)
        self.kept: dict[str, int] = defaultdict(int)
        self.parties: dict[str, list[str]] = {}

    def label(self, day: dt.date) -> str:
        if self.every == "once":
            return str(Period(self.last, True))
        return day.isoformat() if self.every == "day" else str(Period(day, True))

    def spans(self) -> Iterable[_Span]:
        # The day after the last is a cut too: a top-up that falls due at the end of the last period stands there.
        after = self.last + dt.timedelta(days=1)
        days = sorted({dt.date.min, *(day for day in _cuts(self.contract) if day <= after)})
        ends = [*days[1:], after]
        for begin, end in zip(days, ends, strict=True):
            version = next((item for item in self.contract.versions if item.holds_on(begin)), None)
            paid = [
                term
                for _, term in self.contract.all_terms()
                if term.due is not None
                and _pay_day(term) == begin
                and _due_day(term) <= self.last
                and term.applies_to(self.title, self.kind)
            ]
            terms = self.applicable(version.terms) if version is not None else ()
            yield _Span(begin, end, terms, tuple(paid))

    def applicable(self, terms: tuple[Term, ...]) -> tuple[Term, ...]:
        """The terms that this pool meets; what refers to one it does not meet refers to the one before."""
        meeting: list[Term] = []
        stands_for: dict[str, str] = {}
        for term in terms:
            here = "after:" + meeting[-1].id if meeting else "gross"
            if term.applies_to(self.title, self.kind):
                mark = stands_for.get(term.basis)
                meeting.append(replace(term, basis=mark) if mark is not None else term)
            else:
                stands_for["after:" + term.id] = here
        return tuple(meeting)

    def run(self) -> None:
        days = sorted(self.rows)
        for span in self.spans():
            for term in span.paid_ahead:
                self.pay_ahead(term)
            inside = [day for day in days if span.begin <= day < span.end]
            if inside:
                self.run_span(span.terms, inside)

    def pay_ahead(self, term: Term) -> None:
        assert term.due is not None
        standing = self.standing_of(term)
        money = self.contract.money
        party = term.parts[0].party
        amount = term.amount
        params = {"payer": term.payer, "party": party}
        if term.meaning == "larger_of":
            shared = int(sum(standing.taken))
            amount = max(0, term.amount - shared)
            why = sentence(
                "top_up_paid",
                guarantee=money(term.amount),
                shared=money(shared),
                amount=money(amount),
                **params,
            )
        elif term.meaning == "advance":
            why = sentence("advance_paid", amount=money(amount), **params)
        else:
            why = sentence("fixed_guarantee_paid", amount=money(amount), **params)
        if term.meaning != "plus_above":
            standing.repay += amount
        if amount == 0:
            return
        period = self.label(_due_day(term))
        for seat, (payee, signed) in enumerate(((term.payer, -amount), (party, amount))):
            key = (period, seat, term.id, "payer", payee)
            if key in self.found:
                signed += self.found[key].amount
            self.found[key] = Allocation(
                payee, term.id, period, signed, why, "payer", term.clause, self.title, self.kind
            )

    def standing_of(self, term: Term) -> Standing:
        """Where the term stands: carried over by its id, else new, its gross counted from the pool's beginning."""
        parties = seat_parties(term)
        standing = self.standings.get(term.id)
        if standing is None:
            base = Fraction(self.gross if term.basis == "gross" else 0)
            standing = Standing(base, Fraction(0), [Fraction(0)] * len(parties))
        elif self.parties[term.id] != parties:
            standing = replace(standing, taken=_reseated(self.parties[term.id], standing.taken, parties))
        self.standings[term.id] = standing
        self.parties[term.id] = parties
        return standing

    def run_span(self, terms: tuple[Term, ...], days: list[dt.date]) -> None:
        standings = [self.standing_of(term) for term in terms]
        if self.gross == 0 and not any(standing.repay for standing in standings):
            ladder = self.ladders.get(terms)
            if ladder is None:
                ladder = self.ladders[terms] = Ladder(terms, standings)
        else:
            ladder = Ladder(terms, standings)
        carried = [int(standings[index].taken[seat]) for index, seat in ladder.seats]
        done = [0] * (len(ladder.seats) + 1)
        total = 0
        for number, day in enumerate(days):
            label = self.label(day)
            total += sum(row.amount for row in self.rows[day])
            self.received[label].extend(self.rows[day])
            if number + 1 < len(days) and self.label(days[number + 1]) == label:
                continue
            shares = ladder.divide(total)
            for place, (index, seat) in enumerate(ladder.seats):
                if shares[place] != done[place]:
                    self.note(
                        ladder,
                        index,
                        seat,
                        label,
                        total,
                        carried[place] + done[place],
                        carried[place] + shares[place],
                    )
            self.kept[label] += shares[-1] - done[-1]
            done = shares
        for term, standing in zip(terms, ladder.standing(total), strict=True):
            self.standings[term.id] = standing
        self.gross += total

    def note(self, ladder: Ladder, index: int, seat: int, label: str, total: int, before: int, after: int) -> None:
        term = ladder.terms[index]
        party = seat_parties(term)[seat]
        # A period in which the terms change meets the same term twice: one line, explained by its last standing.
        key = (label, seat, term.id, "pool", party)
        earlier = self.found.get(key)
        amount = after - before + (earlier.amount if earlier is not None else 0)
        repay = self.standings[term.id].repay
        why = explain(self.contract, term, seat, ladder.base(total, index), after - amount, after, repay)
        self.found[key] = Allocation(party, term.id, label, amount, why, "pool", term.clause, self.title, self.kind)

    def allocations(self) -> list[Allocation]:
        order = {term.id: place for place, (_, term) in enumerate(self.contract.all_terms())}
        keys = sorted(self.found, key=lambda key: (key[0], order[key[2]], key[3] != "payer", key[1], key[4]))
        return [self.found[key] for key in keys]

    def periods(self) -> list[PoolPeriod]:
        return [
            PoolPeriod(
                title=self.title,
                kind=self.kind,
                period=label,
                received=sum(row.amount for row in rows),
                retained=self.kept[label],
                lines=tuple(sorted(row.line for row in rows)),
            )
            for label, rows in sorted(self.received.items())
        ]


def _reseated(before: list[str], taken: list[Fraction], after: list[str]) -> list[Fraction]:
    """What a term has given, kept when its payees change: by name, then what is left to the new names in order."""
    left = list(zip(before, taken, strict=True))
    kept: list[Fraction | None] = []
    for party in after:
        place = next((place for place, (name, _) in enumerate(left) if name == party), None)
        kept.append(None if place is None else left.pop(place)[1])
    moved = [had for _, had in left]
    seats = [had if had is not None else (moved.pop(0) if moved else Fraction(0)) for had in kept]
    seats[-1] += sum(moved, Fraction(0))
    return seats
