"""Contracts and receipts from decoded JSON; every fault is named with its place, none stops the search for more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

from .fields import Fields, find_floats
from .terms import (
    CLAIMS,
    DIMENSIONS,
    Band,
    Contract,
    Part,
    Period,
    Receipt,
    Step,
    Term,
    Version,
    rate_text,
)
from .wording import Fault, fault

_ONE_PARTY = ("party",)
_RATED = ("rate", "bands", "of", "cap", "floor", "multiplier")
_SCOPE = ("clause", "titles", "kinds", "per")

# kind: fields it must have, fields it may have (besides id, kind and the scope)
TERM_KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "fee": (_ONE_PARTY, _RATED),
    "share": (_ONE_PARTY, _RATED),
    "expenses": (("party", "amount"), ("cap",)),
    "service_fee": (_ONE_PARTY, ("amount", *_RATED)),
    "buyout": (("party", "amount"), ()),
    "deferred_fee": (("party", "amount"), ()),
    "recoup": ((), ("party", "amount", "parties", "premium")),
    "guarantee": (
        ("party", "payer", "meaning", "amount", "on"),
        ("rate", "bands", "of", "cap", "threshold", "multiplier"),
    ),
    "bonus": (("party", "steps"), ("of",)),
    "split": (("parties",), ()),
}
MEANINGS = ("advance", "larger_of", "plus_above")


def read_contract(data: object) -> tuple[Contract | None, tuple[Fault, ...]]:
    """The contract, or None and why not."""
    faults = find_floats(data, "contract")
    if faults:
        return None, tuple(faults)
    fields = Fields.of(data, "contract", faults)
    fields.only(("id",), ("currency", "studio", "pool_by", "titles", "terms", "versions", "note"))
    currency = fields.currency("currency", "CNY")
    pool_by: tuple[str, ...] = DIMENSIONS
    if fields.has("pool_by"):
        value = fields.value["pool_by"]
        if isinstance(value, list) and all(item in DIMENSIONS for item in value):
            pool_by = tuple(item for item in DIMENSIONS if item in value)
        else:
            fields.note("unknown_choice", where="contract.pool_by", choices=", ".join(DIMENSIONS), value=value)
    if fields.has("terms") == fields.has("versions"):
        fields.note("missing_field", where="contract", field="terms (or versions, not both)")
        versions: tuple[Version, ...] = ()
    elif fields.has("terms"):
        versions = (Version(None, None, _terms(fields, currency, pool_by)),)
    else:
        versions = _versions(fields, currency, pool_by)
    contract = Contract(
        id=fields.text("id"),
        currency=currency,
        studio=fields.text("studio", "studio"),
        pool_by=pool_by,
        titles=fields.texts("titles"),
        versions=versions,
    )
    if not faults:
        faults.extend(_over_100(contract))
        faults.extend(_over_time(contract))
    return (None if faults else contract), tuple(faults)


def _versions(fields: Fields, currency: str, pool_by: tuple[str, ...]) -> tuple[Version, ...]:
    read: list[Version] = []
    for number, item in enumerate(fields.items("versions"), 1):
        version = Fields.of(item, f"version {number}", fields.faults)
        version.only(("from", "terms"), ("until", "note"))
        begin = version.period("from").first if version.has("from") else None
        until = version.period("until").last if version.has("until") else None
        if begin is not None and until is not None and until < begin:
            version.note("dates_reversed", version=number)
        read.append(Version(begin, until, _terms(version, currency, pool_by)))
    if fields.faults:
        return tuple(read)
    read.sort(key=lambda version: version.begin or dt.date.min)
    for number, (earlier, later) in enumerate(pairwise(read), 1):
        assert later.begin is not None  # "from" is required, and its absence was a fault
        if earlier.until is None:
            fields.note("dates_open", version=number)
        elif later.begin <= earlier.until:
            fields.note("dates_overlap", begin=later.begin, until=earlier.until)
        elif later.begin != earlier.until + dt.timedelta(days=1):
            fields.note("dates_gap", until=earlier.until, begin=later.begin)
    return tuple(read)


def _terms(fields: Fields, currency: str, pool_by: tuple[str, ...]) -> tuple[Term, ...]:
    if not fields.has("terms"):
        return ()
    terms: list[Term] = []
    seen: set[str] = set()
    for number, item in enumerate(fields.items("terms"), 1):
        term = _term(Fields.of(item, f"{fields.where} term {number}", fields.faults), currency, pool_by, seen)
        if term is None:
            continue
        if term.id in seen:
            fields.note("duplicate_term", term=term.id)
        seen.add(term.id)
        terms.append(term)
    return tuple(terms)


def _term(fields: Fields, currency: str, pool_by: tuple[str, ...], earlier: set[str]) -> Term | None:
    kind = fields.value.get("kind")
    if not isinstance(kind, str) or kind not in TERM_KINDS:
        fields.note("unknown_term_kind", where=fields.place("kind"), value=kind)
        return None
    required, optional = TERM_KINDS[kind]
    if not fields.only(("id", "kind", *required), (*optional, *_SCOPE)):
        return None
    name = fields.text("id")
    fields.where = f"term {name}"
    parts, limits = _claims(fields, kind, currency)
    rated = kind in ("fee", "share", "guarantee") or (kind == "service_fee" and not limits)
    basis = _basis(fields, kind, earlier)
    cap = fields.optional_amount("cap", currency)
    floor = fields.optional_amount("floor", currency)
    if cap is not None and floor is not None and floor > cap:
        fields.note("floor_over_cap", where=fields.where)
    if limits and floor is not None:
        fields.note("unknown_field", where=fields.where, field="floor")
    if limits and cap is not None:
        limits = (min(limits[0], cap),)
    per = fields.choice("per", ("contract", "pool"), "contract")
    term = Term(
        id=name,
        kind=kind,
        parts=parts,
        clause=fields.text("clause"),
        basis=basis,
        bands=_bands(fields, currency) if rated else (),
        limits=limits,
        amount=fields.amount("amount", currency) if fields.has("amount") else sum(part.amount or 0 for part in parts),
        premium=fields.rate("premium", most=None) if fields.has("premium") else Fraction(0),
        cap=cap,
        floor=floor,
        steps=_steps(fields, currency) if kind == "bonus" else (),
        meaning=fields.choice("meaning", MEANINGS, "") if kind == "guarantee" else "",
        payer=fields.text("payer"),
        due=fields.period("on") if kind == "guarantee" else None,
        threshold=fields.amount("threshold", currency, zero=True) if fields.has("threshold") else 0,
        titles=fields.texts("titles"),
        kinds=fields.texts("kinds"),
        per_pool=per == "pool",
    )
    if term.meaning == "plus_above":
        # The share of the third meaning runs on the part above the threshold alone.
        if not fields.has("threshold"):
            fields.note("missing_field", where=fields.where, field="threshold")
        if fields.has("bands"):
            fields.note("unknown_field", where=fields.where, field="bands")
    elif fields.has("threshold"):
        fields.note("unknown_field", where=fields.where, field="threshold")
    _scope(fields, term, pool_by)
    return term


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
        if fields.has("parties"):
            fields.only(("id", "kind", "parties"), ("premium", *_SCOPE))
            rows = [
                Fields.of(item, f"{fields.where} party {number}", fields.faults)
                for number, item in enumerate(fields.items("parties"), 1)
            ]
            for row in rows:
                row.only(("party", "amount"), ())
        else:
            fields.only(("id", "kind", "party", "amount"), ("premium", *_SCOPE))
            rows = [fields]
        parts = [Part(row.text("party"), amount=row.amount("amount", currency)) for row in rows]
        # Each investor's premium is rounded half up once, so that the limits are whole and pro rata ends together.
        return tuple(parts), tuple(_half_up((part.amount or 0) * (1 + premium)) for part in parts)
    party = (Part(fields.text("party")),)
    if kind in CLAIMS and fields.has("amount"):
        if kind == "service_fee":
            fields.only(("id", "kind", "party", "amount"), _SCOPE)
        return party, (fields.amount("amount", currency),)
    return party, ()


def _half_up(exact: Fraction) -> int:
    return int(exact + Fraction(1, 2))


def _basis(fields: Fields, kind: str, earlier: set[str]) -> str:
    default = "left" if kind in ("share", "split") else "gross"
    basis = fields.text("of", default)
    if basis not in ("gross", "left") and not (basis.startswith("after:") and basis[6:] in earlier):
        # Only an earlier term can be referred to: that is also what keeps recoupment from going in a circle.
        fields.note("unknown_basis", where=fields.place("of"), value=basis)
    return basis


def _bands(fields: Fields, currency: str) -> tuple[Band, ...]:
    if fields.has("rate") == fields.has("bands"):
        fields.note("rate_or_bands", where=fields.where)
        return ()
    multiplier = fields.rate("multiplier", most=None) if fields.has("multiplier") else Fraction(1)
    if fields.has("rate"):
        read = [
            (
                fields.amount("threshold", currency, zero=True) if fields.has("threshold") else 0,
                fields.rate("rate"),
            )
        ]
    else:
        read = []
        for number, item in enumerate(fields.items("bands"), 1):
            band = Fields.of(item, f"{fields.where} band {number}", fields.faults)
            if band.only(("above", "rate"), ()):
                read.append((band.amount("above", currency, zero=True), band.rate("rate")))
        if read and (read[0][0] != 0 or any(later[0] <= earlier[0] for earlier, later in pairwise(read))):
            fields.note("bands_not_rising", where=fields.where)
    bands = tuple(Band(above, rate * multiplier) for above, rate in read)
    for multiplied in bands:
        if multiplied.rate > 1:
            fields.note("rate_over_100", where=fields.place("multiplier"), value=rate_text(multiplied.rate))
    return bands


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


def _over_100(contract: Contract) -> Iterable[Fault]:
    """Shares taken at one point may not pass the whole, in any band, for any pool that they meet."""
    for version in contract.versions:
        points: dict[str, list[Term]] = {}
        for term in version.terms:
            if term.bands and term.basis != "left":
                points.setdefault(term.basis, []).append(term)
        for basis, terms in points.items():
            for title, kind in {(t, k) for term in terms for t in term.titles or ("",) for k in term.kinds or ("",)}:
                # An open scope meets every pool; a named one meets its own.
                meeting = [
                    term
                    for term in terms
                    if (not term.titles or title in term.titles) and (not term.kinds or kind in term.kinds)
                ]
                edges = sorted({band.above for term in meeting for band in term.bands})
                worst = max((sum((rate_at(term, edge) for term in meeting), Fraction(0)) for edge in edges), default=0)
                if worst > 1:
                    names = ", ".join(term.id for term in meeting)
                    code = "shares_over_100" if basis == "gross" else "shares_over_100_after"
                    mark = basis.removeprefix("after:")
                    yield fault(code, mark=mark, total=rate_text(Fraction(worst)), terms=names)
                    break


def rate_at(term: Term, base: int) -> Fraction:
    """The rate that the next unit earns when the cumulative base stands there."""
    rate = Fraction(0)
    for band in term.bands:
        if band.above <= base:
            rate = band.rate
    return rate


def _over_time(contract: Contract) -> Iterable[Fault]:
    kinds: dict[str, str] = {}
    for _, term in contract.all_terms():
        kind = f"{term.kind} {term.meaning}".strip()
        if kinds.setdefault(term.id, kind) != kind:
            yield fault("term_changes_kind", term=term.id, before=kinds[term.id], after=kind)
    for version, term in contract.all_terms():
        if term.due is not None and not (version.holds_on(term.due.first) and version.holds_on(term.due.last)):
            yield fault("due_outside_version", where=f"term {term.id}", on=term.due)


def read_receipts(data: object, contract: Contract) -> tuple[tuple[Receipt, ...], tuple[Fault, ...]]:
    """The receipts, or none and why not. `data` is a list, or an object with `receipts` and `currency`."""
    faults = find_floats(data, "receipts")
    if faults:
        return (), tuple(faults)
    currency = contract.currency
    rows: list[object]
    if isinstance(data, list):
        rows = data
    else:
        fields = Fields.of(data, "receipts", faults)
        fields.only(("receipts",), ("currency", "note"))
        currency = fields.currency("currency", contract.currency)
        listed = fields.value.get("receipts", [])
        rows = listed if isinstance(listed, list) else []
        if not isinstance(listed, list):
            faults.append(fault("not_a_list", where="receipts.receipts"))
        if currency != contract.currency:
            fields.note("two_currencies", where="receipts", found=currency, currency=contract.currency)
    periods: dict[str, Period] = {}
    receipts: list[Receipt] = []
    seen: set[str] = set()
    for number, item in enumerate(rows, 1):
        receipt = _receipt(item, number, contract, periods, faults)
        if receipt.line in seen:
            faults.append(fault("duplicate_receipt", line=receipt.line))
        seen.add(receipt.line)
        receipts.append(receipt)
    return (() if faults else tuple(receipts)), tuple(faults)


def _receipt(item: object, number: int, contract: Contract, periods: dict[str, Period], faults: list[Fault]) -> Receipt:
    line = item.get("line") if isinstance(item, dict) else None
    fields = Fields.of(item, f"receipt {line if isinstance(line, str) else number}", faults)
    fields.only(("title", "kind", "period", "amount"), ("line", "currency"))
    if fields.has("currency") and fields.value["currency"] != contract.currency:
        fields.note("two_currencies", where=fields.where, found=fields.value["currency"], currency=contract.currency)
    title = fields.text("title") if fields.has("title") else ""
    if title and contract.titles and title not in contract.titles:
        fields.note("unknown_title", where=fields.where, title=title)
    written = fields.value.get("period")
    period = periods.get(written) if isinstance(written, str) else None
    if period is None:
        period = fields.period("period")
        if isinstance(written, str):
            periods[written] = period
    return Receipt(
        line=fields.text("line", f"#{number}"),
        title=title,
        kind=fields.text("kind") if fields.has("kind") else "",
        period=period,
        amount=fields.amount("amount", contract.currency, zero=True) if fields.has("amount") else 0,
    )
