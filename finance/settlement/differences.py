"""What a corrected statement changes: the lines to make up, never an edit of what was issued."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from .results import Allocation, PoolPeriod, Settlement
from .terms import Contract
from .wording import sentence

_Key = tuple[str, str, str, str, str, str]
_Pool = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class DifferenceRun:
    """What was issued + this == what is right, line by line; `received` == sum of the allocations + `retained`."""

    received: int
    allocations: tuple[Allocation, ...]
    retained: int
    totals: Mapping[str, int]


def difference(contract: Contract, issued: Settlement, corrected: Settlement) -> DifferenceRun:
    """The lines by which a corrected settlement differs from the issued one, each with the reason.

    Raises ValueError when one of them has faults or they are in two currencies.
    """
    if issued.faults or corrected.faults:
        raise ValueError("a settlement with faults has no difference")
    if issued.currency != corrected.currency:
        raise ValueError("two currencies do not go into one difference")
    before, after = _by_key(issued.allocations), _by_key(corrected.allocations)
    had, has = _received(issued.pools), _received(corrected.pools)
    money = contract.money
    found: list[Allocation] = []
    totals: dict[str, int] = {}
    for key in sorted({*before, *after}, key=lambda key: (key[2], key[4], key[5], key[1], key[3], key[0])):
        was = before[key].amount if key in before else 0
        now = after[key].amount if key in after else 0
        if was == now:
            continue
        pool = (key[4], key[5], key[2])
        why = sentence(
            "corrected",
            received=money(had.get(pool, 0)),
            now_received=money(has.get(pool, 0)),
            before=money(was),
            after=money(now),
        )
        row = after[key] if key in after else before[key]
        found.append(replace(row, amount=now - was, explanation=why))
        totals[row.party] = totals.get(row.party, 0) + now - was
    return DifferenceRun(
        received=corrected.received - issued.received,
        allocations=tuple(found),
        retained=corrected.retained - issued.retained,
        totals=dict(sorted(totals.items())),
    )


def _by_key(rows: Iterable[Allocation]) -> dict[_Key, Allocation]:
    found: dict[_Key, Allocation] = {}
    for row in rows:
        key = (row.party, row.term, row.period, row.source, row.title, row.kind)
        # A party may sit twice in one term.
        found[key] = replace(row, amount=row.amount + found[key].amount) if key in found else row
    return found


def _received(pools: Iterable[PoolPeriod]) -> dict[_Pool, int]:
    return {(pool.title, pool.kind, pool.period): pool.received for pool in pools}
