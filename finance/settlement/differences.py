"""What a corrected statement changes: the lines to make up, never an edit of what was issued."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from .results import Allocation, PoolPeriod, Settlement
from .terms import Contract
from .wording import Sentence, sentence

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

    Lines that were never issued stand as they are, in their order; the others say what was settled and what is right.
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
    done: set[_Key] = set()
    totals: dict[str, int] = {}
    for row in corrected.allocations:
        key = _key(row)
        if key not in before:
            found.append(row)
            continue
        was, now = before[key].amount, after[key].amount
        if was != now and key not in done:
            found.append(replace(row, amount=now - was, explanation=_why(money, had, has, key, was, now)))
        done.add(key)
    for key in sorted(before, key=lambda key: (key[2], key[4], key[5], key[1], key[3], key[0])):
        was = before[key].amount
        if was and key not in after:
            found.append(replace(before[key], amount=-was, explanation=_why(money, had, has, key, was, 0)))
    for row in found:
        totals[row.party] = totals.get(row.party, 0) + row.amount
    return DifferenceRun(
        received=corrected.received - issued.received,
        allocations=tuple(found),
        retained=corrected.retained - issued.retained,
        totals=dict(sorted(totals.items())),
    )


def _why(
    money: Callable[[int], str], had: Mapping[_Pool, int], has: Mapping[_Pool, int], key: _Key, was: int, now: int
) -> Sentence:
    """Other receipts of the pool, or with the same ones something else that came to be known."""
    pool = (key[4], key[5], key[2])
    before, after = had.get(pool, 0), has.get(pool, 0)
    if before == after:
        return sentence("reckoned_anew", before=money(was), after=money(now))
    return sentence("corrected", received=money(before), now_received=money(after), before=money(was), after=money(now))


def _key(row: Allocation) -> _Key:
    return (row.party, row.term, row.period, row.source, row.title, row.kind)


def _by_key(rows: Iterable[Allocation]) -> dict[_Key, Allocation]:
    found: dict[_Key, Allocation] = {}
    for row in rows:
        key = _key(row)
        # A party may sit twice in one term.
        found[key] = replace(row, amount=row.amount + found[key].amount) if key in found else row
    return found


def _received(pools: Iterable[PoolPeriod]) -> dict[_Pool, int]:
    return {(pool.title, pool.kind, pool.period): pool.received for pool in pools}
