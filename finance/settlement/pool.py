"""One pool on its way through the versions of a contract, its due dates, ranks, interest and takedowns."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from .explaining import explain
from .interest import Loan
from .ladder import Ladder, Standing, seat_parties
from .results import Allocation, PoolPeriod
from .terms import Contract, Period, Receipt, Takedown, Term, rate_text
from .whole import half_up
from .wording import Sentence, sentence

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Events:
    """What every pool of one settlement shares: the contract, what was taken down, the last day and the steps."""

    contract: Contract
    takedowns: tuple[Takedown, ...]
    last: dt.date
    every: str
    ladders: dict[tuple[Term, ...], Ladder] = field(default_factory=dict)

    def cuts(self) -> set[dt.date]:
        """The days from which on something else holds."""
        contract = self.contract
        days = {version.begin for version in contract.versions if version.begin is not None}
        days.update(version.until + DAY for version in contract.versions if version.until is not None)
        days.update(pay_day(term) for _, term in contract.all_terms() if term.due is not None)
        if any(term.by_rank for _, term in contract.all_terms()):
            days.update(row.begin for row in contract.ranks)
        if any(term.kind == "clawback" for _, term in contract.all_terms()):
            days.update(row.on.last + DAY for row in self.takedowns)
        return days


@dataclass(frozen=True, slots=True)
class _Span:
    """Days on which one list of terms holds; what is paid ahead and taken back stands at its start."""

    begin: dt.date
    end: dt.date
    terms: tuple[Term, ...]
    paid_ahead: tuple[Term, ...]
    taken_down: tuple[Takedown, ...]


def due_day(term: Term) -> dt.date:
    """When money is paid ahead: at the start of the period, or for a top-up at its end."""
    assert term.due is not None
    return term.due.last if term.meaning == "larger_of" else term.due.first


def pay_day(term: Term) -> dt.date:
    """The first day whose receipts know of the money paid ahead: a top-up is reckoned when its period is over."""
    assert term.due is not None
    return term.due.last + DAY if term.meaning == "larger_of" else term.due.first


class Pool:
    """The receipts of one pool divided, span by span."""

    def __init__(self, events: Events, key: tuple[str, str], rows: Sequence[Receipt]) -> None:
        self.events = events
        self.contract = events.contract
        self.title, self.kind = key
        self.rows: dict[dt.date, list[Receipt]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: row.period.last):
            self.rows[row.period.last].append(row)
        self.standings: dict[str, Standing] = {}
        self.parties: dict[str, list[str]] = {}
        self.loans: dict[str, list[Loan]] = {}
        self.ahead: dict[str, int] = defaultdict(int)
        self.clawed: dict[tuple[str, int], int] = defaultdict(int)
        self.claw_taken: dict[str, int] = defaultdict(int)
        self.gross = 0
        self.found: dict[tuple[str, int, str, str, str], Allocation] = {}
        self.received: dict[str, list[Receipt]] = defaultdict(list)
        self.kept: dict[str, int] = defaultdict(int)

    def label(self, day: dt.date) -> str:
        if self.events.every == "once":
            return str(Period(self.events.last, True))
        return day.isoformat() if self.events.every == "day" else str(Period(day, True))

    def spans(self) -> Iterable[_Span]:
        # The day after the last is a cut too: a top-up that falls due at the end of the last period stands there.
        last = self.events.last
        after = last + DAY
        days = sorted({dt.date.min, *(day for day in self.events.cuts() if day <= after)})
        ends = [*days[1:], after]
        for begin, end in zip(days, ends, strict=True):
            version = self.contract.version_on(begin)
            paid = [
                term
                for _, term in self.contract.all_terms()
                if term.due is not None
                and pay_day(term) == begin
                and due_day(term) <= last
                and term.applies_to(self.title, self.kind)
            ]
            down = [row for row in self.events.takedowns if row.on.last + DAY == begin and row.title == self.title]
            terms = self.applicable(version.terms, begin) if version is not None else ()
            yield _Span(begin, end, terms, tuple(paid), tuple(down))

    def applicable(self, terms: tuple[Term, ...], day: dt.date) -> tuple[Term, ...]:
        """The terms that this pool meets, at its rank; what refers to one it does not meet refers to the one before."""
        meeting: list[Term] = []
        stands_for: dict[str, str] = {}
        for term in terms:
            if term.kind == "clawback":
                continue
            here = "after:" + meeting[-1].id if meeting else "gross"
            if term.applies_to(self.title, self.kind):
                mark = stands_for.get(term.basis)
                if term.by_rank:
                    term = term.ranked(self.contract.rank_of(self.title, day))
                meeting.append(replace(term, basis=mark) if mark is not None else term)
            else:
                stands_for["after:" + term.id] = here
        return tuple(meeting)

    def run(self) -> None:
        days = sorted(self.rows)
        for span in self.spans():
            for takedown in span.taken_down:
                self.take_back(takedown)
            for term in span.paid_ahead:
                self.pay_ahead(term)
            inside = [day for day in days if span.begin <= day < span.end]
            bearing = [term for term in span.terms if term.interest is not None]
            if not bearing:
                if inside:
                    self.run_span(span.terms, inside)
                continue
            # What is claimed grows with time: each day with receipts is divided by itself, whatever the steps.
            for day in inside:
                self.accrue(bearing, day)
                self.run_span(tuple(self.grown(term) for term in span.terms), [day])
            self.accrue(bearing, span.end - DAY)

    # --- interest -------------------------------------------------------------------------------------------------

    def accrue(self, terms: Iterable[Term], day: dt.date) -> None:
        for term in terms:
            assert term.interest is not None
            loans = self.loans.get(term.id)
            if loans is None:
                begin = term.interest.begin
                loans = self.loans[term.id] = [
                    Loan(Fraction(part.amount or 0), Fraction(0), begin) for part in term.parts
                ]
            for loan in loans:
                loan.accrue(term.interest, day)

    def grown(self, term: Term) -> Term:
        """The claim as it stands today: what was repaid and what would repay the rest."""
        if term.interest is None:
            return term
        standing = self.standing_of(term)
        limits = tuple(have + loan.due for have, loan in zip(standing.taken, self.loans[term.id], strict=True))
        return replace(term, limits=limits)

    # --- money paid ahead and taken back --------------------------------------------------------------------------

    def pay_ahead(self, term: Term) -> None:
        standing = self.standing_of(term)
        money = self.contract.money
        party = term.parts[0].party
        amount = term.amount
        params = {"payer": term.payer, "party": party}
        if term.meaning == "larger_of":
            shared = sum(standing.taken)
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
        self.ahead[term.id] += amount
        self.pass_on(term, self.label(due_day(term)), 0, (term.payer, party), amount, why)

    def take_back(self, takedown: Takedown) -> None:
        """What the clawbacks in force take back of what the title's terms have given, no more than was given."""
        version = self.contract.version_on(takedown.on.last)
        for term in version.terms if version is not None else ():
            if term.kind != "clawback" or not term.applies_to(self.title, self.kind):
                continue
            standing = self.standings.get(term.target)
            if standing is None or (term.until is not None and takedown.on.last > term.until.last):
                continue
            parties = self.parties[term.target]
            ahead_first = len(parties) > len(term.parts)
            for seat, part in enumerate(term.parts):
                place = seat + 1 if ahead_first else seat
                ahead = self.ahead[term.target] if seat == 0 else 0
                unpaid = max(0, standing.repay - standing.taken[0]) if ahead_first else 0
                had = standing.taken[place] + ahead - self.clawed[(term.target, seat)]
                counted = min(had, unpaid) if term.what == "unrecouped" else had
                amount = min(half_up(counted * term.bands[0].rate), counted)
                if term.cap is not None:
                    amount = min(amount, term.cap - self.claw_taken[term.id])
                if amount <= 0:
                    continue
                self.clawed[(term.target, seat)] += amount
                self.claw_taken[term.id] += amount
                # What the payer has back is not repaid once more out of the share.
                standing.repay -= min(amount, unpaid)
                why = sentence(
                    "clawed_unrecouped" if term.what == "unrecouped" else "clawed_back",
                    title=takedown.title,
                    on=takedown.on,
                    rate=rate_text(term.bands[0].rate),
                    paid=self.contract.money(counted),
                    party=part.party,
                    payer=term.payer,
                )
                self.pass_on(term, self.label(takedown.on.last), 2 * seat, (part.party, term.payer), amount, why)

    def pass_on(self, term: Term, label: str, seat: int, between: tuple[str, str], amount: int, why: Sentence) -> None:
        """Money that does not come out of the pool: one pays, another gets it."""
        if amount == 0:
            return
        for place, (party, signed) in enumerate(zip(between, (-amount, amount), strict=True), seat):
            key = (label, place, term.id, "payer", party)
            if key in self.found:
                signed += self.found[key].amount
            self.found[key] = Allocation(
                party, term.id, label, signed, why, "payer", term.clause, self.title, self.kind
            )

    # --- receipts -------------------------------------------------------------------------------------------------

    def standing_of(self, term: Term) -> Standing:
        """Where the term stands: carried over by its id, else new, its gross counted from the pool's beginning."""
        parties = seat_parties(term)
        standing = self.standings.get(term.id)
        if standing is None:
            standing = Standing(base=self.gross if term.basis == "gross" else 0, taken=[0] * len(parties))
        elif self.parties[term.id] != parties:
            standing = replace(standing, taken=_reseated(self.parties[term.id], standing.taken, parties))
        self.standings[term.id] = standing
        self.parties[term.id] = parties
        return standing

    def run_span(self, terms: tuple[Term, ...], days: list[dt.date]) -> None:
        standings = [self.standing_of(term) for term in terms]
        ladder = self.ladder(terms, standings)
        carried = [standings[index].taken[seat] for index, seat in ladder.seats]
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
                    before, after = carried[place] + done[place], carried[place] + shares[place]
                    self.note(ladder, index, seat, day, total, before, after)
            self.kept[label] += shares[-1] - done[-1]
            done = shares
        for term, standing in zip(terms, ladder.standing(total), strict=True):
            for loan, had, has in zip(
                self.loans.get(term.id, ()), self.standings[term.id].taken, standing.taken, strict=False
            ):
                loan.repay(has - had)
            self.standings[term.id] = standing
        self.gross += total

    def ladder(self, terms: tuple[Term, ...], standings: list[Standing]) -> Ladder:
        """The ladder from here on; pools that have received nothing yet share one."""
        if self.gross or any(standing.repay for standing in standings):
            return Ladder(terms, standings)
        found = self.events.ladders.get(terms)
        if found is None:
            found = self.events.ladders[terms] = Ladder(terms, standings)
        return found

    def note(self, ladder: Ladder, index: int, seat: int, day: dt.date, total: int, before: int, after: int) -> None:
        term = ladder.terms[index]
        party = seat_parties(term)[seat]
        label = self.label(day)
        # A period in which the terms change meets the same term twice: one line, explained by its last standing.
        key = (label, seat, term.id, "pool", party)
        earlier = self.found.get(key)
        amount = after - before + (earlier.amount if earlier is not None else 0)
        repay = self.standings[term.id].repay
        why = explain(self.contract, term, seat, ladder.base(total, index), after - amount, after, repay, day)
        self.found[key] = Allocation(
            party, term.id, label, amount, why, "pool", term.clause, self.title, self.kind, term.after_tax
        )

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


def _reseated(before: list[str], taken: list[int], after: list[str]) -> list[int]:
    """What a term has given, kept when its payees change: by name, then what is left to the new names in order."""
    left = list(zip(before, taken, strict=True))
    kept: list[int | None] = []
    for party in after:
        place = next((place for place, (name, _) in enumerate(left) if name == party), None)
        kept.append(None if place is None else left.pop(place)[1])
    moved = [had for _, had in left]
    seats = [had if had is not None else (moved.pop(0) if moved else 0) for had in kept]
    seats[-1] += sum(moved)
    return seats
