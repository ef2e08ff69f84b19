"""Settle receipts through a contract of twelve terms: time and memory from 10^4 to 10^6 receipts.

`make bench-money` prints the table. The target is 100,000 receipts in under 2 seconds and 1,000,000 under 1 GB.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from finance.settlement import read_contract, read_receipts, settle

SIZES = (10_000, 100_000, 1_000_000)
SECONDS_AT = {100_000: 2.0}
MOST_MB = 1024
TITLES = [f"T{number}" for number in range(20)]
CONTRACT: dict[str, Any] = {
    "id": "bench",
    "pool_by": ["title"],
    "ranks": [{"title": title, "rank": "SAB"[number % 3], "from": "2026-01"} for number, title in enumerate(TITLES)],
    "terms": [
        {"id": "1", "kind": "fee", "party": "platform", "rate": "8.3%"},
        {"id": "2", "kind": "fee", "party": "distributor", "rate": "10%", "of": "left"},
        {"id": "3", "kind": "expenses", "party": "distributor", "amount": "25000", "cap": "20000", "per": "pool"},
        {"id": "4", "kind": "corridor", "party": "lead", "rate": "5%", "while": "6"},
        {"id": "5", "kind": "service_fee", "party": "studio", "amount": "30000", "per": "pool"},
        {"id": "6", "kind": "recoup", "premium": "20%", "per": "pool", "parties": [
            {"party": "fund", "amount": "150000"}, {"party": "angel", "amount": "50000"},
        ]},
        {"id": "7", "kind": "deferred_fee", "party": "director", "amount": "12000", "per": "pool"},
        {"id": "8", "kind": "share", "party": "writer", "of": "after:2", "bands": [
            {"above": "0", "rate": "2%"}, {"above": "500000", "rate": "3%"},
        ]},
        {"id": "9", "kind": "share", "party": "actor", "rate": "1%", "multipliers": {"S": "3/1", "A": "2/1", "B": "1/1"},
         "of": "after:2"},
        {"id": "10", "kind": "share", "party": "network", "rate": "1/7", "cap": "90000", "per": "pool"},
        {"id": "11", "kind": "bonus", "party": "director", "steps": [{"at": "400000", "amount": "5000"}], "per": "pool"},
        {"id": "12", "kind": "split", "parties": [
            {"party": "fund", "rate": "1/3"}, {"party": "angel", "rate": "1/6"}, {"party": "writer", "rate": "5%"},
        ]},
    ],
}  # fmt: skip


def receipts(count: int) -> list[dict[str, str]]:
    """The same lines every time: a year of days, twenty titles, two kinds."""
    dice = random.Random(count)
    return [
        {
            "line": str(number),
            "title": TITLES[number % len(TITLES)],
            "kind": "iap" if number % 3 else "iaa",
            "period": f"2026-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}",
            "amount": f"{dice.randint(0, 400)}.{dice.randint(0, 99):02d}",
        }
        for number in range(count)
    ]


def measure(count: int) -> tuple[float, float]:
    """Seconds to read the receipts and to settle them."""
    contract, faults = read_contract(CONTRACT)
    assert contract is not None, [fault.message for fault in faults]
    rows = receipts(count)
    start = time.perf_counter()
    read, found = read_receipts(rows, contract)
    assert not found
    middle = time.perf_counter()
    result = settle(contract, read)
    end = time.perf_counter()
    assert not result.faults
    assert sum(result.totals.values()) + result.retained == result.received
    return middle - start, end - middle


def main() -> int:
    print(f"{'receipts':>10} {'read s':>8} {'settle s':>9} {'us each':>8} {'peak MB':>8}")
    failed = False
    for count in SIZES:
        reading, settling = measure(count)
        # The peak of the process so far, the made-up lines included.
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        each = (reading + settling) / count * 1e6
        slow = reading + settling > SECONDS_AT.get(count, float("inf")) or peak > MOST_MB
        failed = failed or slow
        print(f"{count:>10,} {reading:>8.2f} {settling:>9.2f} {each:>8.1f} {peak:>8.0f}{'  over' if slow else ''}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
