"""Receipts through a contract's terms: who gets what, in which period, by which clause."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from .fields import parse_period
from .pool import Events, Pool, due_day
from .results import Allocation, PoolPeriod, Settlement
from .terms import Contract, Period, Receipt, Takedown
from .wording import Fault, fault

EVERY = ("day", "month", "once")


def settle(
    contract: Contract,
    receipts: Iterable[Receipt],
    through_period: str | Period | None = None,
    every: str = "month",
    takedowns: Iterable[Takedown] = (),
) -> Settlement:
    """Divide all receipts up to a period, in steps of a day, a month, or at once.

    The totals depend on the receipts and the period alone, neither on their order nor on the steps. Without
    `through_period` it is the last period with a receipt or takedown. Raises ValueError for a period or step that is
    none.
    """
    if every not in EVERY:
        raise ValueError(f"settle every {', '.join(EVERY)}, not {every!r}")
    rows = list(receipts)
    down = tuple(sorted(takedowns, key=lambda row: (row.on.last, row.title)))
    last = _last_day([*(row.period for row in rows), *(row.on for row in down)], through_period)
    if last is None:
        return Settlement(contract.currency, 0, (), 0, {}, (), ())
    rows = [row for row in rows if row.period.first <= last]
    pools: dict[tuple[str, str], list[Receipt]] = defaultdict(list)
    for row in rows:
        pools[contract.pool_of(row.title, row.kind)].append(row)
    for _, term in contract.all_terms():
        if term.due is not None and due_day(term) <= last:
            for title in term.titles or ("",):
                for kind in term.kinds or ("",):
                    pools[contract.pool_of(title, kind)] = pools.get(contract.pool_of(title, kind), [])
    events = Events(contract, down, last, every)
    faults = [*_date_faults(events, rows), *_rank_faults(contract, rows), *_spread_faults(contract, pools)]
    if faults:
        return Settlement(contract.currency, 0, (), 0, {}, (), tuple(faults))
    allocations: list[Allocation] = []
    pool_periods: list[PoolPeriod] = []
    for key in sorted(pools):
        settling = Pool(events, key, pools[key])
        settling.run()
        allocations.extend(settling.allocations())
        pool_periods.extend(settling.periods())
    totals: dict[str, int] = defaultdict(int)
    for allocation in allocations:
        totals[allocation.party] += allocation.amount
    return Settlement(
        currency=contract.currency,
        received=sum(row.amount for row in rows),
        allocations=tuple(allocations),
        retained=sum(pool.retained for pool in pool_periods),
        totals=dict(sorted(totals.items())),
        pools=tuple(pool_periods),
        faults=(),
    )


def _last_day(periods: Iterable[Period], through: str | Period | None) -> dt.date | None:
    if through is None:
        return max((period.last for period in periods), default=None)
    if isinstance(through, Period):
        return through.last
    read = parse_period(through)
    if read is None:
        raise ValueError(f"not a period like 2026-01 or 2026-01-31: {through!r}")
    return read.last


def _date_faults(events: Events, rows: list[Receipt]) -> Iterable[Fault]:
    contract, last = events.contract, events.last
    cuts = events.cuts()
    broken: dict[Period, dt.date | None] = {}
    for row in rows:
        period = row.period
        where = f"receipt {row.line}"
        if not any(version.holds_on(period.first) for version in contract.versions):
            yield fault("no_terms_in_force", where=where, period=period)
            continue
        if period not in broken:
            # Stopping in mid-month splits a monthly line just as a change of terms does.
            days = sorted({*cuts, last + dt.timedelta(days=1)})
            broken[period] = next((day for day in days if period.first < day <= period.last), None)
        cut = broken[period]
        if cut is not None:
            yield fault("terms_change_inside_month", where=where, period=period, on=cut)


def _rank_faults(contract: Contract, rows: list[Receipt]) -> Iterable[Fault]:
    """A rate that depends on a rank needs one, on every day with receipts."""
    if not any(term.by_rank for _, term in contract.all_terms()):
        return
    checked: set[tuple[tuple[str, str], Period]] = set()
    for row in rows:
        pool = contract.pool_of(row.title, row.kind)
        version = contract.version_on(row.period.first)
        if version is None or (pool, row.period) in checked:
            continue
        checked.add((pool, row.period))
        for term in version.terms:
            if term.by_rank and term.applies_to(*pool) and contract.rank_of(pool[0], row.period.first) is None:
                yield fault("no_rank", where=f"receipt {row.line}", period=row.period, title=pool[0], term=term.id)


def _spread_faults(contract: Contract, pools: Mapping[tuple[str, str], object]) -> Iterable[Fault]:
    for _, term in contract.all_terms():
        if not term.has_fixed_amount or term.per_pool:
            continue
        met = [key for key in sorted(pools) if term.applies_to(*key)]
        if len(met) > 1:
            names = "; ".join(", ".join(part for part in key if part) for key in met[:5])
            yield fault("amount_over_several_pools", term=term.id, count=len(met), pools=names)
