"""Corridors, interest, ranks, groups, takedowns and corrections, worked out by hand; and rounding without surprise."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finance.settlement import difference, read_receipts, settle, settle_json
from finance.settlement.interest import Loan
from finance.settlement.ladder import Ladder, Standing
from finance.settlement.terms import Interest
from finance.settlement.whole import fork, pour

from .contracts import contract_of, settled

INVESTMENT = {"id": "inv", "kind": "recoup", "party": "fund", "amount": "1000"}


def row(line: str, period: str, amount: str, title: str = "T", kind: str = "iap") -> dict[str, str]:
    return {"line": line, "title": title, "kind": kind, "period": period, "amount": amount}


def totals(terms: list[dict], rows: list[dict], **more: object) -> dict[str, str]:
    result = settle_json({"id": "C", **more, "terms": terms}, rows)
    assert result["faults"] == []
    return {**result["totals"], "retained": result["retained"]}


# --- rounding -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["333.33", "1111.11", "99.99", "1111.12"])
def test_a_fee_of_a_whole_sum_is_whole_wherever_a_recoupment_ends(first: str):
    """10 % of 3,000.00 is 300.00, also when the claim before it was repaid in the middle of a month."""
    terms = [
        {"id": "e", "kind": "expenses", "party": "studio", "amount": first},
        {"id": "f", "kind": "fee", "party": "agent", "rate": "10%", "of": "gross"},
        {"id": "s", "kind": "split", "parties": [{"party": "a", "rate": "1/3"}, {"party": "b", "rate": "2/3"}]},
    ]
    rows = [row("1", "2026-01", "1000"), row("2", "2026-02", "2000")]
    assert totals(terms, rows)["agent"] == "300.00"


rates = st.sampled_from([Fraction(1, 10), Fraction(83, 1000), Fraction(1, 3), Fraction(1, 7), Fraction(25, 100)])
amounts = st.integers(1, 500_000)
plain_terms = st.lists(st.tuples(st.sampled_from(["share", "expenses"]), rates, amounts), min_size=1, max_size=8)


@settings(max_examples=300, deadline=None)
@given(plain_terms, st.integers(0, 5_000_000))
def test_a_calculator_follows_the_waterfall(found, total):
    """Each share is its rate of the whole amount that reaches it, to the nearest fen; a claim is filled first."""
    terms, expected, left = [], [], total
    for number, (kind, rate, amount) in enumerate(found):
        body: dict[str, object] = {"id": f"t{number}", "kind": kind, "party": "a"}
        if kind == "share":
            body["rate"] = f"{rate.numerator}/{rate.denominator}"
            took = (2 * left * rate.numerator + rate.denominator) // (2 * rate.denominator)
        else:
            body["amount"] = f"{amount // 100}.{amount % 100:02d}"
            took = min(left, amount)
        terms.append(body)
        expected.append(took)
        left -= took
    read = contract_of({"id": "C", "terms": terms}).versions[0].terms
    assert Ladder(read, [Standing(taken=[0]) for _ in read]).divide(total) == [*expected, left]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(1, 1000), min_size=1, max_size=9), st.integers(0, 10_000))
def test_payees_of_one_sum(weights, units):
    tree = fork(weights)
    now, following = pour(tree, units, len(weights)), pour(tree, units + 1, len(weights))
    assert sum(now) == units
    assert all(low <= high for low, high in zip(now, following, strict=True))
    assert pour(tree, sum(weights), len(weights)) == weights
    exact = [Fraction(units * weight, sum(weights)) for weight in weights]
    assert all(abs(have - due) < 2 for have, due in zip(now, exact, strict=True))


# --- corridor -----------------------------------------------------------------------------------------------------


def test_a_corridor_ends_when_the_claim_is_repaid():
    """10 % beside 1,000: repaid when 1,111.11 have come in (111.11 in the corridor), and nothing after that."""
    corridor = {"id": "cor", "kind": "corridor", "party": "lead", "rate": "10%", "while": "inv"}
    rows = [row("1", "2026-01", "600"), row("2", "2026-02", "1400")]
    assert totals([corridor, INVESTMENT], rows[:1]) == {"fund": "540.00", "lead": "60.00", "retained": "0.00"}
    assert totals([corridor, INVESTMENT], rows) == {"fund": "1000.00", "lead": "111.11", "retained": "888.89"}
    # Another share after it: 111.111... and 5 % of the 888.888... that follow.
    again = totals([{**corridor, "then": "5%"}, INVESTMENT], rows)
    assert again == {"fund": "1000.00", "lead": "155.56", "retained": "844.44"}


def test_a_corridor_beside_an_advance():
    """The writer's advance of 100 is repaid from 20 % of gross: at 500. Until then the actor has 5 %."""
    terms = [
        {"id": "cor", "kind": "corridor", "party": "actor", "rate": "5%", "while": "adv", "of": "gross"},
        {"id": "adv", "kind": "guarantee", "meaning": "advance", "party": "writer", "payer": "studio", "amount": "100",
         "on": "2026-01", "rate": "20%", "of": "gross", "titles": ["T"], "kinds": ["iap"]},
    ]  # fmt: skip
    got = totals(terms, [row("1", "2026-01", "400"), row("2", "2026-02", "600")])
    assert got == {"actor": "25.00", "studio": "0.00", "writer": "200.00", "retained": "775.00"}


def test_a_share_with_a_hole():
    bands = [{"above": "0", "rate": "10%"}, {"above": "100", "rate": "0%"}, {"above": "200", "rate": "10%"}]
    terms = [{"id": "s", "kind": "share", "party": "a", "bands": bands}]
    assert totals(terms, [row("1", "2026-01", "150")])["a"] == "10.00"
    assert totals(terms, [row("1", "2026-01", "300")])["a"] == "20.00"


# --- interest -----------------------------------------------------------------------------------------------------


def lent(method: str, days: str = "actual/365", rate: str = "10%") -> dict:
    return {**INVESTMENT, "interest": {"rate": rate, "from": "2026-01-01", "method": method, "days": days}}


def test_simple_interest_is_repaid_first():
    """365 days at 10 % are 100.00: 300 repay it and 200 of the principal; another year on 800 is 80."""
    rows = [row("1", "2027-01-01", "300"), row("2", "2028-01-01", "2000")]
    assert totals([lent("simple")], rows[:1]) == {"fund": "300.00", "retained": "0.00"}
    assert totals([lent("simple")], rows) == {"fund": "1180.00", "retained": "1120.00"}


def test_compound_interest_joins_each_year():
    rows = [row("1", "2028-01-01", "5000")]
    assert totals([lent("simple")], rows)["fund"] == "1200.00"
    assert totals([lent("compound")], rows)["fund"] == "1210.00"


@pytest.mark.parametrize(
    ("days", "expected"), [("actual/365", "1016.16"), ("actual/360", "1016.39"), ("30/360", "1016.67")]
)
def test_day_counts(days: str, expected: str):
    """From 1 January to 1 March 2026 are 59 days, or 60 of months of 30 days."""
    assert totals([lent("simple", days)], [row("1", "2026-03-01", "5000")])["fund"] == expected


def test_interest_does_not_depend_on_days_without_repayment():
    terms = Interest(Fraction(1, 10), dt.date(2026, 2, 28), True, "actual/365")
    once, often = (Loan(Fraction(123_457), Fraction(0), terms.begin) for _ in range(2))
    once.accrue(terms, dt.date(2029, 5, 31))
    for days in range(0, 1189):
        often.accrue(terms, min(terms.begin + dt.timedelta(days=days), dt.date(2029, 5, 31)))
    assert (once.principal, once.interest) == (often.principal, often.interest)


def test_a_corridor_beside_a_loan_runs_until_the_interest_is_repaid():
    corridor = {"id": "cor", "kind": "corridor", "party": "lead", "rate": "10%", "while": "inv"}
    rows = [row("1", "2027-01-01", "1000"), row("2", "2028-01-01", "1000")]
    # 900 repay 100 of interest and 800; 200 remain, with 20 interest: 220 / 0.9 = 244.44, 24.44 in the corridor.
    assert totals([corridor, lent("simple")], rows) == {"fund": "1120.00", "lead": "124.44", "retained": "755.56"}


# --- ranks and groups ---------------------------------------------------------------------------------------------


def test_a_rank_from_its_date():
    terms = [{"id": "s", "kind": "share", "party": "a", "rate": "5%", "multipliers": {"B": "1/1", "S": "8/1"}}]
    ranks = [{"title": "T", "rank": "S", "from": "2026-02"}, {"title": "T", "rank": "B", "from": "2026-01"}]
    rows = [row("1", "2026-01", "100"), row("2", "2026-02", "100")]
    assert totals(terms, rows, ranks=ranks) == {"a": "45.00", "retained": "155.00"}


def test_titles_of_one_group_answer_for_one_another():
    terms = [{**INVESTMENT, "titles": ["slate"]}]
    rows = [row("1", "2026-01", "700", "A"), row("2", "2026-01", "700", "B"), row("3", "2026-01", "50", "Z")]
    got = totals(terms, rows, pool_by=["title"], groups={"slate": ["A", "B"]})
    assert got == {"fund": "1000.00", "retained": "450.00"}


# --- takedown -----------------------------------------------------------------------------------------------------

ADVANCE = {
    "id": "adv", "kind": "guarantee", "meaning": "advance", "party": "writer", "payer": "studio", "amount": "100",
    "on": "2026-01", "rate": "20%", "titles": ["T"], "kinds": ["iap"],
}  # fmt: skip
CLAW = {"id": "cb", "kind": "clawback", "term": "adv", "what": "unrecouped", "rate": "50%", "clause": "9.1"}


def test_a_takedown_takes_back_half_of_what_was_not_recouped():
    """300 repay 60 of 100: half of the 40 goes back, and only the other 20 are repaid from what still comes."""
    rows = [row("1", "2026-01", "300"), row("2", "2026-03", "500")]
    body = {"receipts": rows, "takedowns": [{"title": "T", "on": "2026-02"}]}
    result = settle_json({"id": "C", "terms": [ADVANCE, CLAW]}, body)
    back = [line for line in result["allocations"] if line["term"] == "cb"]
    assert [(line["party"], line["amount"], line["source"], line["clause"]) for line in back] == [
        ("writer", "-20.00", "payer", "9.1"), ("studio", "20.00", "payer", "9.1"),
    ]  # fmt: skip
    assert back[0]["explanation"]["message"] == (
        "T was taken down (2026-02): 50% of ¥40.00 paid ahead to writer and not repaid go back to studio"
    )
    # March's share of 100 repays 20, the rest is the writer's: 100 - 20 + 80.
    assert (result["totals"], result["retained"]) == ({"studio": "0.00", "writer": "160.00"}, "640.00")


def test_a_clawback_takes_no_more_than_was_paid():
    fee = {"id": "f", "kind": "fee", "party": "a", "rate": "10%"}
    claw = {"id": "cb", "kind": "clawback", "term": "f", "what": "paid", "to": "platform"}
    down = [{"title": "T", "on": "2026-01"}, {"title": "T", "on": "2026-02"}]
    body = {"receipts": [row("1", "2026-01", "100"), row("2", "2026-02", "50")], "takedowns": down}
    result = settle_json({"id": "C", "pool_by": ["title"], "terms": [fee, claw]}, body)
    assert result["totals"] == {"a": "0.00", "platform": "15.00"}
    late = settle_json({"id": "C", "pool_by": ["title"], "terms": [fee, {**claw, "until": "2026-01"}]}, body)
    assert late["totals"] == {"a": "5.00", "platform": "10.00"}


# --- corrections and the way of a fen -----------------------------------------------------------------------------


def test_a_corrected_statement_gives_the_lines_to_make_up():
    contract = contract_of({"id": "C", "terms": [{"id": "f", "kind": "fee", "party": "a", "rate": "10%"}]})
    old = [row("1", "2026-01", "100"), row("2", "2026-02", "100")]
    new = [row("1", "2026-01", "90"), row("2", "2026-02", "100"), row("3", "2026-02", "40")]
    issued, corrected = (settle(contract, read_receipts(rows, contract)[0]) for rows in (old, new))
    run = difference(contract, issued, corrected)
    assert [(line.party, line.period, line.amount) for line in run.allocations] == [
        ("a", "2026-01", -100), ("a", "2026-02", 400),
    ]  # fmt: skip
    assert run.allocations[0].explanation.message == (
        "Receipts of the pool corrected from ¥100.00 to ¥90.00: ¥10.00 was settled, ¥9.00 is right"
    )
    assert (run.received, run.retained, run.totals) == (3000, 2700, {"a": 300})
    assert difference(contract, issued, issued).allocations == ()
    by_door = settle_json(
        {"id": "C", "terms": [{"id": "f", "kind": "fee", "party": "a", "rate": "10%"}]}, new, None, old
    )
    assert by_door["differences"]["totals"] == {"a": "3.00"}


def test_a_fen_is_followed_from_line_to_payee_and_back():
    terms = [{"id": "f", "kind": "fee", "party": "a", "rate": "10%"}]
    rows = [row("1", "2026-01", "100"), row("2", "2026-01", "50", kind="iaa"), row("3", "2026-02", "70")]
    result = settled({"id": "C", "terms": terms}, rows)
    assert [(line.kind, line.period, result.lines_of(line)) for line in result.allocations] == [
        ("iaa", "2026-01", ("2",)), ("iap", "2026-01", ("1",)), ("iap", "2026-02", ("3",)),
    ]  # fmt: skip
    assert [(line.term, line.party, line.amount) for line in result.allocations_of("2")] == [("f", "a", 500)]
