"""The terms of one version of a contract from decoded JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from .fields import Fields
from .interest import DAY_COUNTS
from .terms import CLAIMS, Band, Interest, Part, Step, Term, rate_text
from .whole import half_up

_ONE_PARTY = ("party",)
_RATED = ("rate", "bands", "rates", "of", "cap", "floor", "multiplier", "multipliers")
_SCOPE = ("clause", "titles", "kinds", "per")

# kind: fields it must have, fields it may have (besides id, kind and the scope)
TERM_KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "fee": (_ONE_PARTY, (*_RATED, "after_tax")),
    "share": (_ONE_PARTY, _RATED),
    "corridor": (("party", "rate", "while"), ("then", "of", "cap", "floor")),
    "expenses": (("party", "amount"), ("cap",)),
    "service_fee": (_ONE_PARTY, ("amount", *_RATED, "after_tax")),
    "buyout": (("party", "amount"), ("after_tax",)),
    "deferred_fee": (("party", "amount"), ("after_tax",)),
    "recoup": ((), ("party", "amount", "parties", "premium", "interest")),
    "guarantee": (("party", "payer", "meaning", "amount", "on"), (*_RATED, "threshold")),
    "bonus": (("party", "steps"), ("of",)),
    "split": (("parties",), ()),
    "clawback": (("term", "what"), ("rate", "to", "cap", "until")),
}
MEANINGS = ("advance", "larger_of", "plus_above")
CLAWED = ("unrecouped", "paid")


def read_terms(fields: Fields, currency: str, pool_by: tuple[str, ...], groups: Mapping[str, str]) -> tuple[Term, ...]:
    """The terms of a version in their order; what is wrong is noted."""
    if not fields.has("terms"):
        return ()
    terms: dict[str, Term] = {}
    items = fields.items("terms")
    named = frozenset(str(item.get("id")) for item in items if isinstance(item, dict))
    for number, item in enumerate(items, 1):
        one = Fields.of(item, f"{fields.where} term {number}", fields.faults)
        term = _term(one, currency, pool_by, terms, named)
        if term is None:
            continue
        if term.id in terms:
            fields.note("duplicate_term", term=term.id)
        for title in sorted(term.titles & set(groups)):
            fields.note("title_in_group", where=f"term {term.id}", title=title, group=groups[title])
        terms[term.id] = term
    for term in terms.values():
        if term.kind == "corridor":
            _corridor(fields, term, terms)
    return tuple(terms.values())


def _corridor(fields: Fields, term: Term, terms: Mapping[str, Term]) -> None:
    """A corridor runs beside a claim that comes after it: an earlier one would be repaid from what it never sees."""
    place = f"term {term.id}.while"
    order = list(terms)
    claim = terms.get(term.beside)
    if claim is None or not (claim.limits or claim.meaning in ("advance", "larger_of")):
        fields.note("not_a_claim", where=place, value=term.beside)
    elif order.index(claim.id) < order.index(term.id):
        fields.note("corridor_after_claim", where=place, value=term.beside)


def _term(
    fields: Fields, currency: str, pool_by: tuple[str, ...], earlier: Mapping[str, Term], named: frozenset[str]
) -> Term | None:
    kind = fields.value.get("kind")
    if not isinstance(kind, str) or kind not in TERM_KINDS:
        fields.note("unknown_term_kind", where=fields.place("kind"), value=kind)
        return None
    required, optional = TERM_KINDS[kind]
    if not fields.only(("id", "kind", *required), (*optional, *_SCOPE)):
        return None
    name = fields.text("id")
    fields.where = f"term {name}"
    if kind == "clawback":
        term = _clawback(fields, name, currency, earlier)
        _scope(fields, term, pool_by)
        return term
    parts, limits = _claims(fields, kind, currency)
    rated = kind in ("fee", "share", "guarantee", "corridor") or (kind == "service_fee" and not limits)
    cap = fields.optional_amount("cap", currency)
    floor = fields.optional_amount("floor", currency)
    if cap is not None and floor is not None and floor > cap:
        fields.note("floor_over_cap", where=fields.where)
    if limits and cap is not None:
        limits = (min(limits[0], cap),)
    bands, by_rank = _rates(fields, currency) if rated else ((), ())
    if kind == "split":
        bands = (Band(0, sum((part.rate or Fraction(0) for part in parts), Fraction(0))),)
    term = Term(
        id=name,
        kind=kind,
        parts=parts,
        clause=fields.text("clause"),
        basis=_basis(fields, kind, earlier, named),
        bands=bands,
        by_rank=by_rank,
        limits=limits,
        amount=fields.amount("amount", currency) if fields.has("amount") else sum(part.amount or 0 for part in parts),
        premium=fields.rate("premium", most=None) if fields.has("premium") else Fraction(0),
        interest=_interest(fields) if fields.has("interest") else None,
        cap=cap,
        floor=floor,
        steps=_steps(fields, currency) if kind == "bonus" else (),
        meaning=fields.choice("meaning", MEANINGS, "") if kind == "guarantee" else "",
        payer=fields.text("payer"),
        due=fields.period("on") if kind == "guarantee" else None,
        threshold=fields.amount("threshold", currency, zero=True) if fields.has("threshold") else 0,
        beside=fields.text("while"),
        then=fields.rate("then") if fields.has("then") else Fraction(0),
        titles=fields.texts("titles"),
        kinds=fields.texts("kinds"),
        per_pool=fields.choice("per", ("contract", "pool"), "contract") == "pool",
        after_tax=fields.flag("after_tax"),
    )
    if term.payer and term.payer == parts[0].party:
        fields.note("pays_itself", where=fields.where, party=term.payer)
    if term.meaning == "plus_above":
        # The share of the third meaning runs on the part above the threshold alone.
        if not fields.has("threshold"):
            fields.note("missing_field", where=fields.where, field="threshold")
        if fields.has("bands"):
            fields.note("unknown_field", where=fields.where, field="bands")
    elif fields.has("threshold"):
        fields.note("unknown_field", where=fields.where, field="threshold")
    if by_rank and "title" not in pool_by:
        fields.note("scope_finer_than_pool", where=fields.where, dimension="title")
    _scope(fields, term, pool_by)
    return term


def _clawback(fields: Fields, name: str, currency: str, earlier: Mapping[str, Term]) -> Term:
    target = earlier.get(fields.text("term"))
    what = fields.choice("what", CLAWED)
    if target is None or target.kind == "clawback":
        fields.note("unknown_target", where=fields.place("term"), value=fields.value.get("term"))
    elif what == "unrecouped" and target.meaning not in ("advance", "larger_of"):
        fields.note("nothing_to_recoup", where=fields.where, term=target.id)
    payer = fields.text("to", target.payer if target is not None else "")
    if not payer:
        fields.note("missing_field", where=fields.where, field="to")
    elif target is not None and {part.party for part in target.parts} == {payer}:
        fields.note("pays_itself", where=fields.where, party=payer)
    return Term(
        id=name,
        kind="clawback",
        parts=target.parts if target is not None else (),
        clause=fields.text("clause"),
        payer=payer,
        target=target.id if target is not None else "",
        what=what,
        bands=(Band(0, fields.rate("rate") if fields.has("rate") else Fraction(1)),),
        cap=fields.optional_amount("cap", currency),
        until=fields.period("until") if fields.has("until") else None,
        titles=fields.texts("titles"),
        kinds=fields.texts("kinds"),
        per_pool=fields.choice("per", ("contract", "pool"), "contract") == "pool",
    )


def _claims(fields: Fields, kind: str, currency: str) -> tuple[tuple[Part, ...], tuple[int, ...]]:
    """Payees, and for a claim the whole amount each is repaid."""
    if kind == "split":
        parts = []
        for number, item in enumerate(fields.items("parties"), 1):
            part = Fields.of(item, f"{fields.where} party {number}", fields.faults)
            part.only(("party", "rate"), ())
            parts.append(Part(part.text("party"), rate=part.rate("rate")))
        total = sum((part.rate or Fraction(0) for part in parts), Fraction(0))
        if total > 1:
            fields.note("split_over_100", total=rate_text(total), terms=fields.value.get("id"))
        return tuple(parts), ()
    if kind == "recoup":
        premium = fields.rate("premium", most=None) if fields.has("premium") else Fraction(0)
        if fields.has("premium") and fields.has("interest"):
            fields.note("premium_or_interest", where=fields.where)
        if fields.has("parties"):
            fields.only(("id", "kind", "parties"), ("premium", "interest", *_SCOPE))
            rows = [
                Fields.of(item, f"{fields.where} party {number}", fields.faults)
                for number, item in enumerate(fields.items("parties"), 1)
            ]
            for row in rows:
                row.only(("party", "amount"), ())
        else:
            fields.only(("id", "kind", "party", "amount"), ("premium", "interest", *_SCOPE))
            rows = [fields]
        parts = [Part(row.text("party"), amount=row.amount("amount", currency)) for row in rows]
        # Each investor's premium is rounded half up once, so that the limits are whole and pro rata ends together.
        return tuple(parts), tuple(half_up((part.amount or 0) * (1 + premium)) for part in parts)
    party = (Part(fields.text("party")),)
    if kind in CLAIMS and fields.has("amount"):
        if kind == "service_fee":
            fields.only(("id", "kind", "party", "amount"), ("after_tax", *_SCOPE))
        return party, (fields.amount("amount", currency),)
    return party, ()


def _interest(fields: Fields) -> Interest:
    inner = Fields.of(fields.value["interest"], fields.place("interest"), fields.faults)
    if not inner.only(("rate", "from", "method", "days"), ()):
        return Interest(Fraction(0), dt.date(2000, 1, 1), False, DAY_COUNTS[0])
    return Interest(
        rate=inner.rate("rate"),
        begin=inner.period("from").first,
        compound=inner.choice("method", ("simple", "compound")) == "compound",
        days=inner.choice("days", DAY_COUNTS),
    )


def _basis(fields: Fields, kind: str, earlier: Mapping[str, Term], named: frozenset[str]) -> str:
    default = "left" if kind in ("share", "split", "corridor") else "gross"
    basis = fields.text("of", default)
    if basis in ("gross", "left"):
        return basis
    mark = earlier.get(basis[6:]) if basis.startswith("after:") else None
    if mark is None or mark.kind == "clawback":
        # Only an earlier term can be referred to: that is also what keeps recoupment from going in a circle.
        circle = mark is None and basis.startswith("after:") and basis[6:] in named
        fields.note("circular_basis" if circle else "unknown_basis", where=fields.place("of"), value=basis)
    return basis


def _rates(fields: Fields, currency: str) -> tuple[tuple[Band, ...], tuple[tuple[str, tuple[Band, ...]], ...]]:
    """The bands of a rated term, or the bands for each rank."""
    if sum(fields.has(name) for name in ("rate", "bands", "rates")) != 1:
        fields.note("rate_or_bands", where=fields.where)
        return (), ()
    if fields.has("rates") and (fields.has("multiplier") or fields.has("multipliers") or fields.has("threshold")):
        fields.note("ranks_given_twice", where=fields.where)
    if fields.has("multiplier") and fields.has("multipliers"):
        fields.note("ranks_given_twice", where=fields.where)
    if fields.has("rates"):
        table = _table(fields, "rates")
        return (), tuple((rank, (Band(0, rate),)) for rank, rate in table.items())
    bands = _bands(fields, currency)
    if fields.has("multipliers"):
        table = _table(fields, "multipliers")
        return (), tuple(
            (rank, _multiplied(fields, bands, multiplier, "multipliers")) for rank, multiplier in table.items()
        )
    if fields.has("multiplier"):
        bands = _multiplied(fields, bands, fields.multiplier("multiplier"), "multiplier")
    return bands, ()


def _table(fields: Fields, name: str) -> dict[str, Fraction]:
    """Rank -> rate, or multiplier."""
    inner = Fields.of(fields.value[name], fields.place(name), fields.faults)
    if not inner.value:
        inner.note("empty_list", where=inner.where)
    read = inner.rate if name == "rates" else inner.multiplier
    return {rank: read(rank) for rank in inner.value}


def _multiplied(fields: Fields, bands: tuple[Band, ...], multiplier: Fraction, name: str) -> tuple[Band, ...]:
    multiplied = tuple(replace(band, rate=band.rate * multiplier) for band in bands)
    for band in multiplied:
        if band.rate > 1:
            fields.note("rate_over_100", where=fields.place(name), value=rate_text(band.rate))
    return multiplied


def _bands(fields: Fields, currency: str) -> tuple[Band, ...]:
    if fields.has("rate"):
        above = fields.amount("threshold", currency, zero=True) if fields.has("threshold") else 0
        return (Band(above, fields.rate("rate")),)
    read = []
    for number, item in enumerate(fields.items("bands"), 1):
        band = Fields.of(item, f"{fields.where} band {number}", fields.faults)
        if band.only(("above", "rate"), ()):
            read.append(Band(band.amount("above", currency, zero=True), band.rate("rate")))
    if read and (read[0].above != 0 or any(later.above <= earlier.above for earlier, later in pairwise(read))):
        fields.note("bands_not_rising", where=fields.where)
    return tuple(read)


def _steps(fields: Fields, currency: str) -> tuple[Step, ...]:
    steps = []
    for number, item in enumerate(fields.items("steps"), 1):
        step = Fields.of(item, f"{fields.where} step {number}", fields.faults)
        if step.only(("at", "amount"), ()):
            steps.append(Step(step.amount("at", currency, zero=True), step.amount("amount", currency)))
    if any(later.at <= earlier.at for earlier, later in pairwise(steps)):
        fields.note("steps_not_rising", where=fields.where)
    return tuple(steps)


def _scope(fields: Fields, term: Term, pool_by: tuple[str, ...]) -> None:
    for dimension, named in (("title", term.titles), ("kind", term.kinds)):
        if named and dimension not in pool_by:
            fields.note("scope_finer_than_pool", where=fields.where, dimension=dimension)
        if term.due is not None and dimension in pool_by and len(named) != 1 and not (named and term.per_pool):
            fields.note("dated_term_without_pool", where=fields.where, dimension=dimension)
