"""Why a party gets an amount, and what a contract says, in plain sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
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
        code = "corridor_taken_then" if term.then else "corridor_taken"
        rates = {"rate": rate_text(term.bands[0].rate), "then": rate_text(term.then)}
        return sentence(code, base=money(base), claim=_label(contract, term.beside), **rates, **common)
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
    return sentence("share_after", rate=rate_part, base=money(base), mark=_label(contract, mark), **common)


def _label(contract: Contract, name: str) -> str:
    """What a reader finds a term by: its place in the paper, else its id."""
    return next((term.clause or term.id for _, term in contract.all_terms() if term.id == name), name)


def bands_text(contract: Contract, bands: tuple[Band, ...]) -> str:
    """`10%`, or `10% (≤ ¥1,000.00), 15% (> ¥1,000.00)` where the rate changes: in any language."""
    if not bands:
        return "0%"
    texts = []
    for band, following in zip(bands, [*bands[1:], None], strict=True):
        edges = [f"> {contract.money(band.above)}"] if band.above else []
        if following is not None:
            edges.append(f"≤ {contract.money(following.above)}")
        texts.append(rate_text(band.rate) + (f" ({', '.join(edges)})" if edges else ""))
    return ", ".join(texts)


def read_back(contract: Contract) -> list[Sentence]:
    """The contract in plain sentences, in the order in which money runs through it."""
    lines = [
        sentence("contract", contract=contract.id, currency=contract.currency, studio=contract.studio),
        sentence("pool_" + ("_".join(contract.pool_by) or "all")),
    ]
    if len(contract.titles) > 1:
        lines.insert(1, sentence("titles", titles=", ".join(sorted(contract.titles))))
    for group in sorted(set(contract.groups.values())):
        titles = ", ".join(sorted(title for title, name in contract.groups.items() if name == group))
        lines.append(sentence("group", group=group, titles=titles))
    lines.extend(sentence("ranked", title=row.title, rank=row.rank, begin=row.begin) for row in contract.ranks)
    for version in contract.versions:
        lines.append(_dates(version))
        numbers = {term.id: number for number, term in enumerate(version.terms, 1)}
        for term in version.terms:
            lines.extend(_term(contract, term, numbers))
    return lines


def _dates(version: Version) -> Sentence:
    if version.begin is None:
        return sentence("version_always") if version.until is None else sentence("version_until", until=version.until)
    if version.until is None:
        return sentence("version_open", begin=version.begin)
    return sentence("version", begin=version.begin, until=version.until)


def _basis(basis: str, numbers: Mapping[str, int]) -> Sentence:
    if basis in ("gross", "left"):
        return sentence(f"of_{basis}")
    return sentence("of_after", mark=numbers[basis.removeprefix("after:")])


def _term(contract: Contract, term: Term, numbers: Mapping[str, int]) -> list[Sentence]:
    """A term in its sentences. It speaks of other terms by the numbers they have here, which the reader sees."""
    money = contract.money
    code = term.kind
    params: dict[str, object] = {"number": numbers[term.id], "party": term.parts[0].party, "amount": money(term.amount)}
    if term.by_rank:
        params["rate"] = "; ".join(f"{rank}: {bands_text(contract, bands)}" for rank, bands in term.by_rank)
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
        params |= {"claim": numbers[term.beside], "then": rate_text(term.then)}
    elif term.kind == "clawback":
        code = f"clawback_{term.what}"
        params |= {"claim": numbers[term.target], "payer": term.payer}
    elif term.kind == "split":
        params["parties"] = ", ".join(f"{part.party} {rate_text(part.rate or Fraction(0))}" for part in term.parts)
    elif term.kind == "bonus":
        params["steps"] = ", ".join(f"{money(step.amount)} (≥ {money(step.at)})" for step in term.steps)
    if term.cap is not None:
        params["cap"] = money(term.cap)
    lines = [sentence(code, **params)]
    if term.clause:
        lines.append(sentence("clause", clause=term.clause))
    if len(term.limits) > 1:
        lines.append(sentence("pro_rata"))
    if rated or term.steps:
        lines.append(_basis(term.basis, numbers))
    if len(term.bands) > 1 or any(len(bands) > 1 for _, bands in term.by_rank):
        lines.append(sentence("by_band"))
    if term.by_rank:
        lines.append(sentence("by_rank"))
    if term.cap is not None and term.kind != "expenses":
        lines.append(sentence("cap_of_title" if term.kind == "clawback" else "cap", cap=money(term.cap)))
    if term.floor is not None:
        lines.append(sentence("floor", floor=money(term.floor)))
    if term.after_tax:
        lines.append(sentence("after_tax", party=term.parts[0].party, studio=contract.studio))
    if term.until is not None:
        lines.append(sentence("claw_until", until=term.until))
    if term.titles or term.kinds:
        lines.append(sentence("scope", scope=", ".join([*sorted(term.titles), *sorted(term.kinds)])))
    if term.per_pool and term.has_fixed_amount:
        lines.append(sentence("per_pool"))
    return lines
