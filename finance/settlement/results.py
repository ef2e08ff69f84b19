"""What a settlement is made of: allocations, each with its clause and reason, and the pools they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .wording import Fault, Sentence


@dataclass(frozen=True, slots=True)
class Allocation:
    """An amount for a party out of a term in a period, in minor units.

    `source` is `pool` for a part of the receipts, never below zero, or `payer` for money paid ahead under a
    guarantee: one line above zero for who gets it, one below zero for who pays it, which sum to nothing. An amount
    agreed `after_tax` is what the party keeps: whoever pays it adds the tax.
    """

    party: str
    term: str
    period: str
    amount: int
    explanation: Sentence
    source: str = "pool"
    clause: str = ""
    title: str = ""
    kind: str = ""
    after_tax: bool = False


@dataclass(frozen=True, slots=True)
class PoolPeriod:
    """What came into one pool in one period, by which lines, and what no term took of it."""

    title: str
    kind: str
    period: str
    received: int
    retained: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settlement:
    """received == sum of the allocations + retained, always and to the unit; nothing at all when there are faults."""

    currency: str
    received: int
    allocations: tuple[Allocation, ...]
    retained: int
    totals: Mapping[str, int]
    pools: tuple[PoolPeriod, ...]
    faults: tuple[Fault, ...]

    def lines_of(self, allocation: Allocation) -> tuple[str, ...]:
        """The statement lines that an allocation comes from: its pool's lines of its period; none for money paid ahead."""
        if allocation.source != "pool":
            return ()
        return next(
            (
                pool.lines
                for pool in self.pools
                if (pool.title, pool.kind, pool.period) == (allocation.title, allocation.kind, allocation.period)
            ),
            (),
        )

    def allocations_of(self, line: str) -> tuple[Allocation, ...]:
        """Where a statement line's money went, with what came in beside it: pool, then terms, then payees."""
        met = {(pool.title, pool.kind, pool.period) for pool in self.pools if line in pool.lines}
        return tuple(
            row for row in self.allocations if row.source == "pool" and (row.title, row.kind, row.period) in met
        )
