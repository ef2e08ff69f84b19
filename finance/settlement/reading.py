"""Contracts and receipts from decoded JSON; every fault is named with its place, none stops the search for more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise, product

from .fields import TEXT_LIMIT, Fields, find_floats
from .reading_terms import read_terms
from .terms import DIMENSIONS, Contract, Period, Rank, Receipt, Takedown, Term, Version, rate_text
from .wording import Fault, fault


def read_contract(data: object) -> tuple[Contract | None, tuple[Fault, ...]]:
    """The contract, or None and why not."""
    faults = find_floats(data, "contract")
    if faults:
        return None, tuple(faults)
    fields = Fields.of(data, "contract", faults)
    fields.only(("id",), ("currency", "studio", "pool_by", "titles", "groups", "ranks", "terms", "versions", "note"))
    currency = fields.currency("currency", "CNY")
    pool_by: tuple[str, ...] = DIMENSIONS
    if fields.has("pool_by"):
        value = fields.value["pool_by"]
        if isinstance(value, list) and all(item in DIMENSIONS for item in value):
            pool_by = tuple(item for item in DIMENSIONS if item in value)
        else:
            fields.note("unknown_choice", where="contract.pool_by", choices=", ".join(DIMENSIONS), value=value)
    groups = _groups(fields, pool_by)
    if fields.has("terms") == fields.has("versions"):
        fields.note("missing_field", where="contract", field="terms (or versions, not both)")
        versions: tuple[Version, ...] = ()
    elif fields.has("terms"):
        versions = (Version(None, None, read_terms(fields, currency, pool_by, groups)),)
    else:
        versions = _versions(fields, currency, pool_by, groups)
    contract = Contract(
        id=fields.text("id"),
        currency=currency,
        studio=fields.text("studio", "studio"),
        pool_by=pool_by,
        titles=fields.texts("titles"),
        versions=versions,
        groups=groups,
        ranks=_ranks(fields),
        group_names=frozenset(groups.values()),
    )
    if not faults:
        faults.extend(_unranked(contract))
        faults.extend(_over_100(contract))
        faults.extend(_over_time(contract))
    return (None if faults else contract), tuple(faults)


def _groups(fields: Fields, pool_by: tuple[str, ...]) -> dict[str, str]:
    """Each title of a group with the group's name; a title stands in one group."""
    found: dict[str, str] = {}
    if not fields.has("groups"):
        return found
    inner = Fields.of(fields.value["groups"], "contract.groups", fields.faults)
    if "title" not in pool_by:
        inner.note("scope_finer_than_pool", where=inner.where, dimension="title")
    for name in inner.value:
        if not name.strip() or len(name) > TEXT_LIMIT:
            inner.note("not_text", where=inner.place(name[:TEXT_LIMIT]))
        for title in sorted(inner.texts(name)):
            if title in found:
                inner.note("title_in_two_groups", title=title, group=found[title], other=name)
            found[title] = name
    for name in sorted(set(found.values()) & set(found)):
        inner.note("title_is_group", where=inner.place(name), title=name)
    return found


def _ranks(fields: Fields) -> tuple[Rank, ...]:
    if not fields.has("ranks"):
        return ()
    read: list[Rank] = []
    for number, item in enumerate(fields.items("ranks"), 1):
        row = Fields.of(item, f"rank {number}", fields.faults)
        if row.only(("title", "rank", "from"), ()):
            read.append(Rank(row.text("title"), row.text("rank"), row.period("from").first))
    read.sort(key=lambda row: row.begin)
    given: set[tuple[str, dt.date]] = set()
    for rank in read:
        if (rank.title, rank.begin) in given:
            fields.note("two_ranks", title=rank.title, on=rank.begin)
        given.add((rank.title, rank.begin))
    return tuple(read)


def _versions(fields: Fields, currency: str, pool_by: tuple[str, ...], groups: dict[str, str]) -> tuple[Version, ...]:
    read: list[Version] = []
    for number, item in enumerate(fields.items("versions"), 1):
        version = Fields.of(item, f"version {number}", fields.faults)
        version.only(("from", "terms"), ("until", "note"))
        begin = version.period("from").first if version.has("from") else None
        until = version.period("until").last if version.has("until") else None
        if begin is not None and until is not None and until < begin:
            version.note("dates_reversed", version=number)
        read.append(Version(begin, until, read_terms(version, currency, pool_by, groups)))
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


def _unranked(contract: Contract) -> Iterable[Fault]:
    """A rank that a term's table does not name would have no rate."""
    for _, term in contract.all_terms():
        known = dict(term.by_rank)
        for row in contract.ranks:
            if known and (not term.titles or row.title in term.titles) and row.rank not in known:
                yield fault("unknown_rank", where=f"term {term.id}", rank=row.rank, title=row.title)


def _over_100(contract: Contract) -> Iterable[Fault]:
    """Shares taken at one point may not pass the whole, in any band and rank, for any pool that they meet."""
    for version in contract.versions:
        points: dict[str, list[Term]] = {}
        for term in version.terms:
            if (term.bands or term.by_rank) and term.basis != "left" and term.kind != "clawback":
                points.setdefault(term.basis, []).append(term)
        for basis, terms in points.items():
            found = next((found for scope in _scopes(terms) if (found := _worst(terms, *scope))), None)
            if found is not None:
                code = "shares_over_100" if basis == "gross" else "shares_over_100_after"
                mark = basis.removeprefix("after:")
                yield fault(code, mark=mark, total=rate_text(found[0]), terms=", ".join(found[1]))


def _scopes(terms: list[Term]) -> Iterable[tuple[str, str, str]]:
    """Each title, kind and rank that a term names, and one that none names."""
    titles = sorted({"", *(title for term in terms for title in term.titles)})
    kinds = sorted({"", *(kind for term in terms for kind in term.kinds)})
    ranks = sorted({"", *(rank for term in terms for rank, _ in term.by_rank)})
    return product(titles, kinds, ranks)


def _worst(terms: list[Term], title: str, kind: str, rank: str) -> tuple[Fraction, list[str]] | None:
    """The largest sum of rates above the whole, and the terms that make it up."""
    meeting = [term.ranked(rank) for term in terms if term.applies_to(title, kind)]
    edges = sorted({band.above for term in meeting for band in term.bands})
    worst = max((sum((rate_at(term, edge) for term in meeting), Fraction(0)) for edge in edges), default=Fraction(0))
    return (worst, [term.id for term in meeting]) if worst > 1 else None


def rate_at(term: Term, base: int) -> Fraction:
    """The rate that the next unit earns when the cumulative base stands there."""
    rate = Fraction(0)
    for band in term.bands:
        if band.above <= base:
            rate = band.rate
    return max(rate, term.then)


def _over_time(contract: Contract) -> Iterable[Fault]:
    kinds: dict[str, str] = {}
    for _, term in contract.all_terms():
        kind = f"{term.kind} {term.meaning}".strip()
        if kinds.setdefault(term.id, kind) != kind:
            yield fault("term_changes_kind", term=term.id, before=kinds[term.id], after=kind)
    lenders: dict[str, list[str]] = {}
    for version, term in contract.all_terms():
        parties = [part.party for part in term.parts]
        if term.interest is not None and lenders.setdefault(term.id, parties) != parties:
            yield fault("lenders_change", where=f"term {term.id}")
        if term.due is not None and not (version.holds_on(term.due.first) and version.holds_on(term.due.last)):
            yield fault("due_outside_version", where=f"term {term.id}", on=term.due)


def read_takedowns(data: object, contract: Contract) -> tuple[tuple[Takedown, ...], tuple[Fault, ...]]:
    """The titles taken down, as the object with the receipts names them; a list of receipts names none."""
    faults: list[Fault] = []
    if not isinstance(data, dict) or "takedowns" not in data:
        return (), ()
    read: list[Takedown] = []
    for number, item in enumerate(Fields.of(data, "receipts", faults).items("takedowns"), 1):
        row = Fields.of(item, f"takedown {number}", faults)
        if not row.only(("title", "on"), ("note",)):
            continue
        takedown = Takedown(row.text("title"), row.period("on"))
        if contract.titles and takedown.title not in contract.titles:
            row.note("unknown_title", where=row.where, title=takedown.title)
        if takedown in read:
            row.note("duplicate_takedown", title=takedown.title, on=takedown.on)
        if contract.pool_of(takedown.title, "")[0] != takedown.title and any(
            term.kind == "clawback" for _, term in contract.all_terms()
        ):
            row.note("takedown_pooled", where=row.where, title=takedown.title)
        read.append(takedown)
    return (() if faults else tuple(read)), tuple(faults)


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
        fields.only(("receipts",), ("currency", "takedowns", "note"))
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
    elif title in contract.group_names:
        fields.note("title_is_group", where=fields.where, title=title)
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
