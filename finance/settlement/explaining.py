"""Why a party gets an amount, and what a contract says, in plain sentences."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from .terms import Band, Contract, Term, Version, rate_text
from .wording import Sentence, sentence


def explain(
    contract: Contract, term: Term, seat: int, base: int, before: int, after: int, repay: int, day: dt.date
) -> Sentence:
    """One allocation by a day: `base`, `before` and `after` are cumulative minor units of this payee."""
    money = contract.money
    common = {"cumulative": money(after), "before": money(before)}
    if term.kind == "guarantee" and seat == 0:
        return sentence("advance_recouped", payer=term.payer, limit=money(repay), **common)
    if term.kind == "split":
        rate = term.parts[seat].rate or Fraction(0)
        return sentence("share_of_rest", rate=rate_text(rate), base=money(base), **common)
    if term.steps:
        reached = [step for step in term.steps if step.at <= base] or [term.steps[0]]
        limit = sum(step.amount for step in reached)
        return sentence("bonus_reached", threshold=money(reached[-1].at), limit=money(limit), **common)
    if term.kind == "corridor":
        both = [term.bands[0].rate, *([term.then] if term.then else [])]
        rates = " / ".join(rate_text(rate) for rate in both)
        return sentence("corridor_taken", rate=rates, base=money(base), claim=term.beside, **common)
    if term.limits:
        if term.interest is not None:
            return sentence(
                "claim_interest",
                principal=money(term.parts[seat].amount or 0),
                rate=rate_text(term.interest.rate),
                limit=money(term.limits[seat]),
                day=day,
                **common,
            )
        if term.premium:
            return sentence(
                "claim_premium",
                principal=money(term.parts[seat].amount or 0),
                premium=rate_text(term.premium),
                limit=money(term.limits[seat]),
                **common,
            )
        return sentence("claim", claim=term.clause or term.id, limit=money(term.limits[seat]), **common)
    rate_part = bands_text(contract, term.bands)
    if term.basis == "gross":
        return sentence("share_of_gross", rate=rate_part, base=money(base), **common)
    if term.basis == "left":
        return sentence("share_of_left", rate=rate_part, base=money(base), **common)
    mark = term.basis.removeprefix("after:")
    return sentence("share_after", rate=rate_part, base=money(base), mark=mark, **common)


def bands_text(contract: Contract, bands: tuple[Band, ...]) -> str:
    """`10%`, or `10% / 15% > ¥1,000.00` where the rate changes."""
    if not bands:
        return "0%"
    first = rate_text(bands[0].rate)
    if bands[0].above:
        first += f" > {contract.money(bands[0].above)}"
    return " / ".join([first, *(f"{rate_text(band.rate)} > {contract.money(band.above)}" for band in bands[1:])])


def read_back(contract: Contract) -> list[Sentence]:
    """The contract in plain sentences, in the order in which money runs through it."""
    lines = [
        sentence("contract", contract=contract.id, currency=contract.currency, studio=contract.studio),
        sentence("pool_" + ("_".join(contract.pool_by) or "all")),
    ]
    for group in sorted(set(contract.groups.values())):
        titles = ", ".join(sorted(title for title, name in contract.groups.items() if name == group))
        lines.append(sentence("group", group=group, titles=titles))
    lines.extend(sentence("ranked", title=row.title, rank=row.rank, begin=row.begin) for row in contract.ranks)
    for version in contract.versions:
        lines.append(_dates(version))
        for number, term in enumerate(version.terms, 1):
            lines.extend(_term(contract, term, number))
    return lines


def _dates(version: Version) -> Sentence:
    if version.begin is None:
        return sentence("version_always") if version.until is None else sentence("version_until", until=version.until)
    if version.until is None:
        return sentence("version_open", begin=version.begin)
    return sentence("version", begin=version.begin, until=version.until)


def _basis(basis: str) -> Sentence:
    if basis in ("gross", "left"):
        return sentence(f"of_{basis}")
    return sentence("of_after", mark=basis.removeprefix("after:"))


def _term(contract: Contract, term: Term, number: int) -> list[Sentence]:
    money = contract.money
    code = term.kind
    params: dict[str, object] = {"number": number, "party": term.parts[0].party, "amount": money(term.amount)}
    if term.by_rank:
        params["rate"] = " · ".join(f"{rank}: {bands_text(contract, bands)}" for rank, bands in term.by_rank)
    elif term.bands:
        bands = tuple(Band(0, band.rate) for band in term.bands) if term.meaning == "plus_above" else term.bands
        params["rate"] = bands_text(contract, bands)
    rated = bool(term.bands or term.by_rank) and term.kind not in ("split", "clawback")
    if term.kind == "service_fee" and rated:
        code = "service_fee_rate"
    elif term.kind == "expenses" and term.cap is not None:
        code = "expenses_capped"
    elif term.kind == "guarantee":
        code = f"guarantee_{term.meaning}"
        params |= {"payer": term.payer, "on": term.due, "threshold": money(term.threshold)}
    elif term.kind == "recoup":
        parties = ", ".join(
            part.party if len(term.parts) == 1 else f"{part.party} ({money(part.amount or 0)})" for part in term.parts
        )
        params |= {"parties": parties, "premium": rate_text(term.premium)}
        code = "recoup_premium" if term.premium else "recoup"
        if term.interest is not None:
            code = "recoup_compound" if term.interest.compound else "recoup_simple"
            params |= {
                "rate": rate_text(term.interest.rate),
                "begin": term.interest.begin,
                "days": term.interest.days,
            }
    elif term.kind == "corridor":
        code = "corridor_then" if term.then else "corridor"
        params |= {"claim": term.beside, "then": rate_text(term.then)}
    elif term.kind == "clawback":
        code = f"clawback_{term.what}"
        params |= {"claim": term.target, "payer": term.payer}
    elif term.kind == "split":
        params["parties"] = ", ".join(f"{part.party} {rate_text(part.rate or Fraction(0))}" for part in term.parts)
    elif term.kind == "bonus":
        params["steps"] = ", ".join(f"{money(step.amount)} (>= {money(step.at)})" for step in term.steps)
    if term.cap is not None:
        params["cap"] = money(term.cap)
    lines = [sentence(code, **params)]
    if rated or term.steps:
        lines.append(_basis(term.basis))
    if term.cap is not None and term.kind != "expenses":
        lines.append(sentence("cap", cap=money(term.cap)))
    if term.floor is not None:
        lines.append(sentence("floor", floor=money(term.floor)))
    if term.until is not None:
        lines.append(sentence("claw_until", until=term.until))
    if term.titles or term.kinds:
        lines.append(sentence("scope", scope=", ".join([*sorted(term.titles), *sorted(term.kinds)])))
    if term.per_pool:
        lines.append(sentence("per_pool"))
    return lines
