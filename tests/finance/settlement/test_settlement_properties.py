"""What must hold for every contract: sums, non-negativity, caps, and no trace of the path taken."""

from __future__ import annotations

import random
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from finance.settlement import read_contract
from finance.settlement.ladder import Ladder, Standing, seat_parties

from .contracts import amounts, contract_of, contracts, receipts, settled

many = settings(max_examples=100, deadline=None)


def readable(data: object) -> bool:
    """Random shares after one mark can pass the whole; that such contracts are refused is tested elsewhere."""
    contract, faults = read_contract(data)
    assert all(fault.code.startswith("shares_over_100") for fault in faults), [fault.message for fault in faults]
    return contract is not None


@many
@given(contracts(), receipts())
def test_receipts_are_allocated_or_retained_to_the_unit(data, rows):
    assume(readable(data))
    result = settled(data, rows)
    from_pool = sum(row.amount for row in result.allocations if row.source == "pool")
    paid_ahead = sum(row.amount for row in result.allocations if row.source == "payer")
    assert paid_ahead == 0
    assert from_pool + result.retained == result.received
    assert sum(result.totals.values()) + result.retained == result.received
    for pool in result.pools:
        inside = sum(row.amount for row in result.allocations if row.period == pool.period and row.source == "pool")
        assert inside + pool.retained == pool.received


@many
@given(contracts(), receipts())
def test_no_period_takes_anything_back(data, rows):
    assume(readable(data))
    result = settled(data, rows, every="day")
    assert [row for row in result.allocations if row.source == "pool" and row.amount < 0] == []
    assert [pool for pool in result.pools if pool.retained < 0] == []
    assert {row.party for row in result.allocations if row.amount < 0} <= {"network"}


@many
@given(contracts(), receipts())
def test_steps_leave_no_trace(data, rows):
    assume(readable(data))
    by_day = settled(data, rows, through="2026-04", every="day")
    by_month = settled(data, rows, through="2026-04", every="month")
    at_once = settled(data, rows, through="2026-04", every="once")
    assert amounts(by_day) == amounts(by_month) == amounts(at_once)
    assert by_day.totals == by_month.totals == at_once.totals
    assert by_day.retained == by_month.retained == at_once.retained


@many
@given(contracts(), receipts(), st.randoms(use_true_random=False))
def test_order_of_arrival_leaves_no_trace(data, rows, order: random.Random):
    assume(readable(data))
    shuffled = list(rows)
    order.shuffle(shuffled)
    assert settled(data, shuffled) == settled(data, rows)


@many
@given(contracts(), receipts())
def test_a_later_period_leaves_the_earlier_as_they_were(data, rows):
    assume(readable(data))
    whole = settled(data, rows, through="2026-04")
    for month in ("2026-01", "2026-02", "2026-03"):
        early = settled(data, rows, through=month)
        assert list(early.allocations) == [row for row in whole.allocations if row.period <= month]


@many
@given(contracts(), receipts())
def test_no_claim_and_no_cap_is_passed(data, rows):
    assume("terms" in data)
    assume(readable(data))
    result = settled(data, rows)
    for term in contract_of(data).versions[0].terms:
        taken = sum(row.amount for row in result.allocations if row.term == term.id and row.source == "pool")
        if term.limits:
            assert taken <= sum(term.limits)
        elif term.cap is not None:
            assert taken <= term.cap
        elif term.steps:
            assert taken <= sum(step.amount for step in term.steps)


def fresh(data: object) -> Ladder:
    terms = contract_of(data).versions[0].terms
    return Ladder(terms, [Standing(taken=[0] * len(seat_parties(term))) for term in terms])


@many
@given(contracts(), st.lists(st.integers(0, 3_000_000), min_size=2, max_size=40))
def test_more_receipts_give_nobody_less(data, sums):
    assume("terms" in data)
    assume(readable(data))
    ladder = fresh(data)
    before = [0] * (len(ladder.seats) + 1)
    for total in sorted({*sums, *(step for at in sums[:3] for step in range(at, at + 20))}):
        after = ladder.divide(total)
        assert sum(after) == total
        assert all(low <= high for low, high in zip(before, after, strict=True))
        before = after


@many
@given(contracts(), st.integers(0, 3_000_000))
def test_whole_units_stay_near_the_exact_shares(data, total):
    assume("terms" in data)
    assume(readable(data))
    ladder = fresh(data)
    by_term = [0] * (len(ladder.terms) + 1)
    for (index, _), units in zip([*ladder.seats, (-1, 0)], ladder.divide(total), strict=True):
        by_term[index] += units
    # Each rounding is off by half a unit at most, and what it leaves carries that on.
    for place, (whole, exact) in enumerate(zip(by_term, ladder.exact(total), strict=True), 1):
        assert abs(whole - exact) <= Fraction(min(place, len(ladder.terms)), 2)


@many
@given(contracts(), st.integers(0, 2_000_000))
def test_claims_are_filled_before_anything_passes_them(data, total):
    """With claims alone the engine is a queue of buckets, which can be worked out by hand."""
    claims = [term for term in data.get("terms", []) if term["kind"] in ("buyout", "service_fee", "deferred_fee")]
    assume(claims)
    result = fresh({**data, "terms": claims})
    shares = result.divide(total)
    left = total
    for term, share in zip(contract_of({**data, "terms": claims}).versions[0].terms, shares, strict=False):
        assert share == min(left, term.amount)
        left -= share
    assert shares[-1] == left
