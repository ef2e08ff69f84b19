"""Ten thousand contracts from the dice: sum, partition, order of arrival, non-negativity, caps, monotonicity."""

from __future__ import annotations

import random
from collections import defaultdict
from fractions import Fraction

import pytest

from finance.settlement import (
    TERM_KINDS,
    Contract,
    Receipt,
    Settlement,
    read_contract,
    read_receipts,
    read_takedowns,
    settle,
)
from finance.settlement.whole import fork, pour, weights_of

from . import dice as throw

CONTRACTS, CHUNKS = 10_000, 8


def test_the_dice_know_every_kind_of_term() -> None:
    """And every way in which one is written, or a property would hold of what is never thrown."""
    seen: set[str] = set()
    for number in range(600):
        data = throw.contract(random.Random(number))
        for version in data.get("versions", [data]):
            for term in version["terms"]:
                name = f"{term['kind']} {term.get('meaning', '')}{term.get('what', '')}".strip()
                seen |= {name, *(f"{term['kind']} {field}" for field in term)}
        seen |= {field for field in ("groups", "ranks", "versions") if field in data}
    assert set(TERM_KINDS) - {"guarantee"} <= {name.split()[0] for name in seen}
    assert {
        "guarantee advance", "guarantee larger_of", "guarantee plus_above", "clawback paid", "clawback unrecouped",
        "service_fee rate", "service_fee amount", "expenses cap", "recoup premium", "recoup interest", "share bands",
        "share rates", "share multiplier", "share multipliers", "share cap", "share floor", "corridor then", "bonus steps",
        "groups", "ranks", "versions",
    } <= seen  # fmt: skip


@pytest.mark.once
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_ten_thousand_contracts(chunk: int):
    settled = 0
    for number in range(chunk, CONTRACTS, CHUNKS):
        try:
            settled += check(random.Random(number))
        except AssertionError as error:
            raise AssertionError(f"contract {number}: {error}") from error
    # The rest are contracts whose shares of gross pass the whole, which are refused.
    assert settled > CONTRACTS / CHUNKS * 0.9


def check(dice: random.Random) -> bool:
    data, rows = throw.contract(dice), throw.receipts(dice)
    contract, faults = read_contract(data)
    if contract is None:
        assert {fault.code for fault in faults} <= {"shares_over_100", "shares_over_100_after"}, faults
        return False
    body = {"receipts": rows, "takedowns": throw.takedowns(dice)} if dice.random() < 0.6 else {"receipts": rows}
    if not body.get("takedowns"):
        body.pop("takedowns", None)
    read, faults = read_receipts(body, contract)
    assert not faults, faults
    down, faults = read_takedowns(body, contract)
    assert not faults, faults
    by_day = settle(contract, read, "2026-03", "day", down)
    assert not by_day.faults, by_day.faults
    sums_hold(by_day)
    nothing_below_zero(by_day)
    caps_hold(contract, by_day)
    splits_are_cut_once(contract, by_day)
    advances_are_repaid_first(contract, by_day)
    shuffled = list(read)
    dice.shuffle(shuffled)
    at_once = settle(contract, shuffled, "2026-03", "once", down)
    by_month = settle(contract, read, "2026-03", "month", down)
    for other in (at_once, by_month):
        assert other.totals == by_day.totals, "steps or the order of arrival leave a trace"
        assert other.retained == by_day.retained
        assert pool_money(other) == pool_money(by_day)
    more_gives_nobody_less(contract, read, at_once, down, dice)
    return True


def sums_hold(result: Settlement) -> None:
    assert sum(result.totals.values()) + result.retained == result.received
    inside: dict[tuple[str, str, str], int] = defaultdict(int)
    for row in result.allocations:
        if row.source == "pool":
            inside[row.title, row.kind, row.period] += row.amount
    assert sum(row.amount for row in result.allocations if row.source == "payer") == 0
    for pool in result.pools:
        assert inside.pop((pool.title, pool.kind, pool.period), 0) + pool.retained == pool.received
    assert not any(inside.values()), "an allocation without a pool"
    lines = [line for pool in result.pools for line in pool.lines]
    assert len(lines) == len(set(lines)), "a line in two pools"


def nothing_below_zero(result: Settlement) -> None:
    assert all(row.amount >= 0 for row in result.allocations if row.source == "pool")
    assert all(pool.retained >= 0 for pool in result.pools)


def caps_hold(contract: Contract, result: Settlement) -> None:
    for pool in {(row.title, row.kind) for row in result.allocations}:
        for term in contract.versions[-1].terms:
            taken = sum(
                row.amount
                for row in result.allocations
                if (row.term, row.source, row.title, row.kind) == (term.id, "pool", *pool)
            )
            if term.limits and term.interest is None:
                assert taken <= sum(term.limits)
            elif term.cap is not None and term.kind != "clawback":
                assert taken <= term.cap
            elif term.steps:
                assert taken <= sum(step.amount for step in term.steps)


def splits_are_cut_once(contract: Contract, result: Settlement) -> None:
    """However many versions a split ran through: its payees have what its whole money, poured at once, gives them."""
    for term in contract.versions[0].terms:
        if term.kind != "split":
            continue
        weights = weights_of([part.rate or Fraction(0) for part in term.parts])
        for pool in {(row.title, row.kind) for row in result.allocations if row.term == term.id}:
            had: dict[str, int] = defaultdict(int)
            for row in result.allocations:
                if (row.term, row.title, row.kind) == (term.id, *pool) and row.source == "pool":
                    had[row.party] += row.amount
            given = [had[part.party] for part in term.parts]
            assert given == pour(fork(weights), sum(given), len(given)), "a split was cut anew"


def advances_are_repaid_first(contract: Contract, by_day: Settlement) -> None:
    """Replayed line by line: a payer has all of the share until what they paid ahead, and did not take back, is repaid."""
    guarantees = {term.id: term for _, term in contract.all_terms() if term.meaning in ("advance", "larger_of")}
    claws = {term.id: term.target for _, term in contract.all_terms() if term.kind == "clawback"}
    lines: dict[tuple[str, str, str], dict[tuple[str, int], list[int]]] = defaultdict(
        lambda: defaultdict(lambda: [0, 0])
    )
    for row in by_day.allocations:
        term = guarantees.get(claws.get(row.term, row.term))
        if term is None:
            continue
        # On one day an advance comes before the receipts; what a takedown takes back after them, and a top-up last.
        place = (0 if term.meaning == "advance" else 3) if row.source == "payer" else 1
        place = 2 if row.term in claws else place
        lines[term.id, row.title, row.kind][row.period, place][row.party != term.payer] += row.amount
    for events in lines.values():
        ahead = repaid = 0
        for (_day, place), (payer, party) in sorted(events.items()):
            if place == 1:
                assert payer == min(payer + party, max(0, ahead - repaid)), "an advance is not repaid first"
                repaid += payer
            elif place == 2:
                ahead -= min(payer, max(0, ahead - repaid))
            else:
                ahead += party


def more_gives_nobody_less(contract, read, before: Settlement, down, dice: random.Random) -> None:
    """Money that comes on the last day: nobody has less of any term's pool money than without it."""
    last = read[0].period.__class__(max(row.period.last for row in read), False)
    extra = Receipt("extra", dice.choice(read).title, "iap", last, dice.choice([1, dice.randint(1, 50_000)]))
    after = settle(contract, [*read, extra], "2026-03", "once", down)
    had, has = pool_money(before), pool_money(after)
    assert all(has.get(key, 0) >= amount for key, amount in had.items()), "somebody lost by more receipts"
    assert after.retained >= before.retained


def pool_money(result: Settlement) -> dict[tuple[str, str, str], int]:
    found: dict[tuple[str, str, str], int] = defaultdict(int)
    for row in result.allocations:
        if row.source == "pool":
            found[row.term, row.party, row.title] += row.amount
    return found
