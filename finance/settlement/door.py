"""The JSON of the settlement engine: reading it strictly, and writing a settlement out."""

from __future__ import annotations

import json

from studio.values import Money

from .differences import DifferenceRun, difference
from .engine import settle
from .reading import read_contract, read_receipts, read_takedowns
from .results import Allocation, Settlement
from .terms import Contract
from .wording import Fault


class RepeatedField(ValueError):
    """An object names a field twice, so one of two values would be lost in silence."""


class UnkeepableText(ValueError):
    """A text that no database and no terminal takes, or nesting that no contract needs."""


MOST_DEPTH = 40


def _check_depth(value: object) -> None:
    level = [value]
    for _ in range(MOST_DEPTH):
        level = [
            child
            for item in level
            if isinstance(item, dict | list)
            for child in (item.values() if isinstance(item, dict) else item)
            if isinstance(child, dict | list)
        ]
        if not level:
            return
    raise UnkeepableText("nested too deep")


def _check_letters(value: object) -> None:
    """NUL, and halves of surrogate pairs: JSON can write them, UTF-8 and PostgreSQL cannot."""
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            if "\0" in item or any("\ud800" <= letter <= "\udfff" for letter in item):
                raise UnkeepableText(f"the text {item[:40]!r} holds a letter that cannot be kept")
        elif isinstance(item, dict):
            pending.extend(item)
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    read = dict(pairs)
    if len(read) != len(pairs):
        names = [name for name, _ in pairs]
        raise RepeatedField(next(name for name in names if names.count(name) > 1))
    return read


def read_json(text: bytes | str) -> object:
    """Decoded JSON. Raises ValueError for text that is not JSON, too deep, or names a field twice."""
    try:
        read = json.loads(text, object_pairs_hook=_object)
        _check_depth(read)
        # Written out, such letters would be refused above: only an escape can bring them.
        if (b"\\u" if isinstance(text, bytes) else "\\u") in text:  # type: ignore[operator]
            _check_letters(read)
        return read
    except RepeatedField as error:
        raise ValueError(f"the field {str(error)[:80]!r} stands twice in one object") from None
    except RecursionError:
        raise ValueError("nested too deep") from None
    except UnkeepableText as error:
        raise ValueError(str(error)) from None
    except UnicodeDecodeError:
        raise ValueError("not text in UTF-8") from None
    except ValueError as error:
        raise ValueError(f"not JSON ({str(error)[:120]})") from None


def settle_json(
    contract_data: object, receipts_data: object, through: str | None = None, issued_data: object = None
) -> dict[str, object]:
    """The answer of `python -m finance.settlement`; `faults` is empty when all went well.

    With the receipts that an issued settlement was made from, also `differences`: what the correction changes.
    """
    contract, faults = read_contract(contract_data)
    if contract is None:
        return refused(faults)
    settlement = _settled(contract, receipts_data, through)
    answer = as_json(settlement)
    if issued_data is None or settlement.faults:
        return answer
    issued = _settled(contract, issued_data, through)
    if issued.faults:
        return refused(issued.faults, contract)
    return {**answer, "differences": _difference_json(difference(contract, issued, settlement), contract)}


def _settled(contract: Contract, data: object, through: str | None) -> Settlement:
    receipts, faults = read_receipts(data, contract)
    takedowns, more = read_takedowns(data, contract)
    if faults or more:
        return Settlement(contract.currency, 0, (), 0, {}, (), (*faults, *more))
    return settle(contract, receipts, through, takedowns=takedowns)


def refused(faults: tuple[Fault, ...], contract: Contract | None = None) -> dict[str, object]:
    currency = contract.currency if contract is not None else "CNY"
    return as_json(Settlement(currency, 0, (), 0, {}, (), faults))


def as_json(settlement: Settlement) -> dict[str, object]:
    def plain(minor: int) -> str:
        return Money(minor, settlement.currency).plain()

    return {
        "currency": settlement.currency,
        "received": plain(settlement.received),
        "allocations": [_allocation_json(row, settlement.currency) for row in settlement.allocations],
        "retained": plain(settlement.retained),
        "totals": {party: plain(minor) for party, minor in settlement.totals.items()},
        "pools": [
            {
                "title": pool.title,
                "kind": pool.kind,
                "period": pool.period,
                "received": plain(pool.received),
                "retained": plain(pool.retained),
                "lines": list(pool.lines),
            }
            for pool in settlement.pools
        ],
        "faults": [row.as_json() for row in settlement.faults],
    }


def _allocation_json(row: Allocation, currency: str) -> dict[str, object]:
    return {
        "party": row.party,
        "term": row.term,
        "period": row.period,
        "amount": Money(row.amount, currency).plain(),
        "source": row.source,
        "title": row.title,
        "kind": row.kind,
        "clause": row.clause,
        **({"after_tax": True} if row.after_tax else {}),
        "explanation": row.explanation.as_json(),
    }


def _difference_json(run: DifferenceRun, contract: Contract) -> dict[str, object]:
    return {
        "received": contract.plain(run.received),
        "allocations": [_allocation_json(row, contract.currency) for row in run.allocations],
        "retained": contract.plain(run.retained),
        "totals": {party: contract.plain(minor) for party, minor in run.totals.items()},
    }
