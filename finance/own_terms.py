"""What a contract says of one party, and nothing of the others: its own terms, and what it has put in and gets back.

Plain values in, plain values out; the engine reads the contract, this picks the seats of a party out of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from finance.settlement.explaining import bands_text
from finance.settlement.interest import Loan
from finance.settlement.terms import Band, Contract, Interest, Term, rate_text
from studio.values import parse_month

Codes = frozenset[str]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence by its code, with what fills its places: see `finance.room_sentences`."""

    code: str
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OwnTerm:
    """A clause of a party in one version of a contract: in words, with notes below it."""

    term: str
    clause: str
    begin: dt.date | None
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """What a party put in under a term: `principal` and `premium` are repaid first.

    With `interest` the premium grows with time. `ahead` is money paid ahead under a guarantee, which the shares repay.
    With `per_pool` each pool that the term meets repays the whole.
    """

    term: str
    clause: str
    principal: int
    premium: int = 0
    interest: Interest | None = None
    ahead: bool = False
    per_pool: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a claim stands on a day: principal + premium (or interest so far) = recouped + left."""

    claim: Claim
    principal: int
    premium: int
    recouped: int
    left: int

    @property
    def whole(self) -> int:
        return self.principal + self.premium


def own_terms(contract: Contract, codes: Codes) -> list[OwnTerm]:
    """The party's clauses, version by version, in their order."""
    found = []
    for version in contract.versions:
        mine = {term.id for term in version.terms if _is_own(term, codes)}
        for term in version.terms:
            said = _said(contract, term, codes, mine)
            if said:
                found.append(OwnTerm(term.id, term.clause, version.begin, tuple(said)))
    return found


def _is_own(term: Term, codes: Codes) -> bool:
    return term.kind != "clawback" and (any(part.party in codes for part in term.parts) or term.payer in codes)


def _said(contract: Contract, term: Term, codes: Codes, mine: set[str]) -> list[Said]:
    money = contract.money
    if term.kind == "clawback":
        if term.target not in mine and term.payer not in codes:
            return []
        code = "own_claws" if term.payer in codes and term.target not in mine else "own_clawed"
        return [Said(f"{code}_{term.what}", {"rate": rate_text(term.bands[0].rate)})]
    if not _is_own(term, codes):
        return []
    parts = [part for part in term.parts if part.party in codes]
    amount = sum(part.amount or 0 for part in parts) if term.kind == "recoup" else sum(term.limits) or term.amount
    params = {"amount": money(amount), "rate": _rate(contract, term), "premium": rate_text(term.premium)}
    code = f"own_{term.kind}"
    if term.kind == "guarantee":
        code = f"own_guarantee_{term.meaning}" if parts else "own_guarantee_payer"
        params |= {"on": str(term.due), "threshold": money(term.threshold)}
    elif term.kind == "recoup" and term.premium:
        code = "own_recoup_premium"
    elif term.kind == "recoup" and term.interest is not None:
        code = "own_recoup_compound" if term.interest.compound else "own_recoup_simple"
        params |= {"rate": rate_text(term.interest.rate), "begin": str(term.interest.begin), "days": term.interest.days}
    elif term.kind == "corridor":
        code = "own_corridor_then" if term.then else "own_corridor"
        params["then"] = rate_text(term.then)
    elif term.kind == "split":
        params["rate"] = rate_text(sum((part.rate or Fraction(0) for part in parts), Fraction(0)))
    elif term.kind == "bonus":
        params["steps"] = ", ".join(f"{money(step.amount)} (>= {money(step.at)})" for step in term.steps)
    elif term.kind == "service_fee" and not term.limits:
        code = "own_service_fee_rate"
    lines = [Said(code, params)]
    if (term.bands or term.by_rank) and term.kind != "split":
        lines.append(Said("own_of_after" if term.basis.startswith("after:") else f"of_{term.basis}", {}))
    if term.cap is not None:
        lines.append(Said("cap", {"cap": money(term.cap)}))
    if term.floor is not None:
        lines.append(Said("floor", {"floor": money(term.floor)}))
    if term.kinds:
        lines.append(Said("scope", {"scope": ", ".join(sorted(term.kinds))}))
    return lines


def _rate(contract: Contract, term: Term) -> str:
    if term.by_rank:
        return " · ".join(f"{rank}: {bands_text(contract, bands)}" for rank, bands in term.by_rank)
    if term.meaning == "plus_above":
        return bands_text(contract, tuple(Band(0, band.rate) for band in term.bands))
    return bands_text(contract, term.bands)


def own_claims(contract: Contract, codes: Codes) -> list[Claim]:
    """What the party put in or lent, under the latest version that names the term; in the order of the contract."""
    found: dict[str, Claim] = {}
    for _version, term in contract.all_terms():
        seats = [seat for seat, part in enumerate(term.parts) if part.party in codes]
        if term.kind == "recoup" and seats:
            principal = sum(term.parts[seat].amount or 0 for seat in seats)
            whole = sum(term.limits[seat] for seat in seats)
            premium = 0 if term.interest is not None else whole - principal
            found[term.id] = Claim(
                term.id, term.clause, principal, premium, term.interest, per_pool=term.per_pool
            )  # fmt: skip
        elif term.kind == "expenses" and seats:
            whole = sum(term.limits)
            found[term.id] = Claim(
                term.id, term.clause, whole if term.cap is None else min(whole, term.cap), per_pool=term.per_pool
            )
        elif term.kind == "guarantee" and term.payer in codes and term.meaning != "plus_above":
            # How much was paid ahead stands in the settlements: a top-up depends on what came in.
            found[term.id] = Claim(term.id, term.clause, 0, ahead=True)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Given:
    """What issued settlements gave a party by one term in one month; `paid` is what it paid ahead."""

    period: str
    amount: int
    kind: str = ""
    paid: int = 0


@dataclass(slots=True)
class _Sum:
    recouped: int = 0
    paid: int = 0
    pools: set[str] = field(default_factory=set)


def standing(claim: Claim, given: Iterable[Given], on: dt.date) -> Standing:
    """Where a claim stands on a day, after what was given by then."""
    rows = sorted(given, key=lambda row: row.period)
    total = _Sum()
    for row in rows:
        total.recouped += row.amount
        total.paid += row.paid
        total.pools.add(row.kind)
    if claim.ahead:
        claim = replace(claim, principal=total.paid)
    elif claim.per_pool and len(total.pools) > 1:
        many = len(total.pools)
        claim = replace(claim, principal=claim.principal * many, premium=claim.premium * many)
    if claim.interest is None:
        left = max(0, claim.principal + claim.premium - total.recouped)
        return Standing(claim, claim.principal, total.recouped + left - claim.principal, total.recouped, left)
    loan = Loan(Fraction(claim.principal), Fraction(0), claim.interest.begin)
    months: dict[str, int] = {}
    for row in rows:
        # What a correction or a reversal changes belongs to its month.
        months[row.period] = months.get(row.period, 0) + row.amount
    for period, amount in months.items():
        # As the engine reckons it: a month's receipts count on its last day.
        loan.accrue(claim.interest, last_day(period))
        loan.repay(amount)
    loan.accrue(claim.interest, on)
    return Standing(
        claim, claim.principal, total.recouped + loan.due - claim.principal, total.recouped, loan.due
    )  # fmt: skip


def last_day(period: str) -> dt.date:
    """The last day of `2026-01`."""
    following = parse_month(period).replace(day=28) + dt.timedelta(days=4)
    return following.replace(day=1) - dt.timedelta(days=1)
