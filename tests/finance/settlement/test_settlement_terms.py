"""Terms worked out by hand, the published vectors, the examples of the documentation, and what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from finance.settlement import TERM_KINDS, read_back, read_contract, settle_json
from finance.settlement.__main__ import main
from finance.settlement.tax.__main__ import answer
from finance.settlement.wording import SENTENCES

from .contracts import contract_of, settled

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "settlement.md").read_text(encoding="utf-8")
EXAMPLES = [json.loads(text) for text in re.findall(r"```json example\n(.*?)```", PAGE, re.S)]
TAX = [json.loads(text) for text in re.findall(r"```json tax\n(.*?)```", PAGE, re.S)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["contract"]["id"])
def test_documented_examples(example):
    result = settle_json(example["contract"], example["receipts"])
    assert result["faults"] == []
    assert (result["totals"], result["retained"]) == (dict(sorted(example["totals"].items())), example["retained"])


@pytest.mark.parametrize("example", TAX)
def test_documented_tax(example):
    assert answer(example["file"]) == example["answer"]


def test_the_page_has_its_examples():
    assert [example["contract"]["id"] for example in EXAMPLES][:2] == ["box-office", "investors"]
    assert len(TAX) == 3


def one(term: dict, *amounts: str, **contract: object) -> dict[str, str]:
    """Totals and what is retained after one month each."""
    rows = [
        {"title": "T", "kind": "iap", "period": f"2026-{month:02d}", "amount": amount}
        for month, amount in enumerate(amounts, 1)
    ]
    terms = term if isinstance(term, list) else [term]
    result = settle_json({"id": "C", **contract, "terms": terms}, rows)
    assert result["faults"] == []
    return {**result["totals"], "retained": result["retained"]}


@pytest.mark.parametrize(
    ("term", "received", "expected"),
    [
        ({"kind": "fee", "rate": 830}, "1000", {"a": "83.00", "retained": "917.00"}),
        ({"kind": "fee", "rate": "10%", "cap": "50"}, "1000", {"a": "50.00", "retained": "950.00"}),
        ({"kind": "share", "rate": "10%", "floor": "300"}, "1000", {"a": "300.00", "retained": "700.00"}),
        ({"kind": "share", "rate": "10%", "floor": "300"}, "200", {"a": "200.00", "retained": "0.00"}),
        ({"kind": "share", "rate": "5%", "multiplier": "8/1"}, "1000", {"a": "400.00", "retained": "600.00"}),
        ({"kind": "expenses", "amount": "800", "cap": "500"}, "1000", {"a": "500.00", "retained": "500.00"}),
        ({"kind": "recoup", "amount": "500", "premium": "20%"}, "1000", {"a": "600.00", "retained": "400.00"}),
        ({"kind": "buyout", "amount": "70"}, "50", {"a": "50.00", "retained": "0.00"}),
        ({"kind": "service_fee", "rate": "1/3"}, "100", {"a": "33.33", "retained": "66.67"}),
        (
            {"kind": "share", "bands": [{"above": "0", "rate": "10%"}, {"above": "400", "rate": "20%"}]},
            "1000", {"a": "160.00", "retained": "840.00"},
        ),
        ({"kind": "bonus", "steps": [{"at": "900", "amount": "60"}]}, "940", {"a": "40.00", "retained": "900.00"}),
        ({"kind": "bonus", "steps": [{"at": "900", "amount": "60"}]}, "899.99", {"retained": "899.99"}),
    ],
)  # fmt: skip
def test_one_term(term, received, expected):
    assert one({"id": "t", "party": "a", **term}, received) == expected


def test_a_three_way_split_of_a_hundred():
    parties = [{"party": name, "rate": "1/3"} for name in "abc"]
    assert one({"id": "t", "kind": "split", "parties": parties}, "100") == {
        "a": "33.34", "b": "33.33", "c": "33.33", "retained": "0.00",
    }  # fmt: skip


def test_a_share_of_gross_catches_up_after_expenses():
    terms = [
        {"id": "e", "kind": "expenses", "party": "studio", "amount": "100"},
        {"id": "g", "kind": "share", "party": "a", "rate": "10%", "of": "gross"},
    ]
    assert one(terms, "100") == {"studio": "100.00", "retained": "0.00"}
    assert one(terms, "100", "5") == {"studio": "100.00", "a": "5.00", "retained": "0.00"}
    assert one(terms, "100", "100") == {"studio": "100.00", "a": "20.00", "retained": "80.00"}


def test_shares_of_the_same_net():
    terms = [
        {"id": "e", "kind": "expenses", "party": "studio", "amount": "100"},
        {"id": "w", "kind": "share", "party": "writer", "rate": "10%", "of": "after:e"},
        {"id": "d", "kind": "share", "party": "director", "rate": "5%", "of": "after:e"},
    ]
    assert one(terms, "1100") == {"studio": "100.00", "writer": "100.00", "director": "50.00", "retained": "850.00"}


def test_a_guarantee_falls_due_without_receipts():
    term = {
        "id": "g", "kind": "guarantee", "meaning": "larger_of", "party": "a", "payer": "studio", "amount": "500",
        "on": "2026-02", "rate": "10%", "titles": ["T"], "kinds": ["iap"],
    }  # fmt: skip
    rows = [{"title": "other", "kind": "iap", "period": "2026-01", "amount": "10"}]
    early = settled({"id": "C", "terms": [term]}, rows, through="2026-01")
    assert early.totals == {}
    due = settled({"id": "C", "terms": [term]}, rows, through="2026-02")
    assert [(row.party, row.period, row.amount, row.source) for row in due.allocations] == [
        ("studio", "2026-02", -50000, "payer"), ("a", "2026-02", 50000, "payer"),
    ]  # fmt: skip
    assert (due.received, due.retained) == (1000, 1000)


def test_every_allocation_says_why():
    term = {"id": "3.2", "kind": "share", "party": "a", "rate": "10%", "of": "gross", "clause": "3.2 (b)"}
    rows = [
        {"line": f"s{month}", "title": "T", "kind": "iap", "period": f"2026-0{month}", "amount": "100"}
        for month in (1, 2)
    ]
    result = settled({"id": "C", "terms": [term]}, rows)
    last = result.allocations[-1]
    assert (last.party, last.term, last.clause, last.period, last.amount) == ("a", "3.2", "3.2 (b)", "2026-02", 1000)
    assert (last.explanation.code, last.explanation.message) == (
        "share_of_gross",
        "10% of the pool's receipts, ¥200.00 so far: ¥20.00 in all, ¥10.00 settled before",
    )
    assert [(pool.period, pool.received, pool.retained, pool.lines) for pool in result.pools] == [
        ("2026-01", 10000, 9000, ("s1",)), ("2026-02", 10000, 9000, ("s2",)),
    ]  # fmt: skip


def test_pools_of_titles_and_kinds_stay_apart():
    terms = [{"id": "t", "kind": "expenses", "party": "a", "amount": "60", "per": "pool"}]
    rows = [{"title": "T", "kind": kind, "period": "2026-01", "amount": "100"} for kind in ("iap", "iaa")]
    assert settle_json({"id": "C", "terms": terms}, rows)["totals"] == {"a": "120.00"}
    shared = [{**terms[0], "per": "contract"}]
    assert settle_json({"id": "C", "pool_by": ["title"], "terms": shared}, rows)["totals"] == {"a": "60.00"}
    refused = settle_json({"id": "C", "terms": shared}, rows)
    assert [fault["code"] for fault in refused["faults"]] == ["amount_over_several_pools"]


def test_read_back():
    lines = [line.message for line in read_back(contract_of(EXAMPLES[4]["contract"]))]
    assert lines[2:6] == [
        "From 2026-01-01 to 2026-06-30:",
        (
            "1. studio pays director a fixed ¥30,000.00 at the beginning of 2026-01, which is not recouped; director has a "
            "share of 5% above ¥1,000,000.00 besides."
        ),
        "    Counted on the pool's receipts.",
        "    Only for Lamp.",
    ]
    assert all(line.message for example in EXAMPLES for line in read_back(contract_of(example["contract"])))


FEE = {"id": "t", "kind": "fee", "party": "a", "rate": "10%"}
INTEREST = {"rate": "10%", "from": "2026-01-01", "method": "simple", "days": "actual/365"}
INVESTMENT = {"id": "inv", "kind": "recoup", "party": "a", "amount": "1000", "interest": INTEREST}
CORRIDOR = {"id": "cor", "kind": "corridor", "party": "b", "rate": "10%", "while": "inv"}
RANKED = {"id": "r", "kind": "share", "party": "a", "rates": {"S": "30%", "A": "20%"}}
RANK = {"title": "T", "rank": "S", "from": "2026-01"}


def versions(*dates: tuple[str, str | None]) -> dict:
    rows = [{"from": begin, "until": until, "terms": [FEE]} for begin, until in dates]
    return {"id": "C", "versions": [{key: value for key, value in row.items() if value} for row in rows]}


@pytest.mark.parametrize(
    ("contract", "code"),
    [
        ([], "not_an_object"),
        ({"id": "C", "terms": []}, "empty_list"),
        ({"id": "C"}, "missing_field"),
        ({"id": "C", "terms": [{**FEE, "rate": 0.1}]}, "float_number"),
        ({"id": "C", "terms": [{**FEE, "rate": "101%"}]}, "rate_over_100"),
        ({"id": "C", "terms": [{**FEE, "rate": "ten"}]}, "not_a_rate"),
        ({"id": "C", "terms": [{**FEE, "colour": "red"}]}, "unknown_field"),
        ({"id": "C", "terms": [{**FEE, "cap": "-5"}]}, "negative_amount"),
        ({"id": "C", "terms": [{**FEE, "cap": 5}]}, "not_an_amount"),
        ({"id": "C", "terms": [{**FEE, "cap": "9" * 5000}]}, "not_an_amount"),
        ({"id": "C", "terms": [{**FEE, "cap": "5", "floor": "6"}]}, "floor_over_cap"),
        ({"id": "C", "terms": [{**FEE, "of": "after:x"}]}, "unknown_basis"),
        ({"id": "C", "terms": [{**FEE, "of": "after:t"}]}, "circular_basis"),
        ({"id": "C", "terms": [{**FEE, "of": "after:u"}, {**FEE, "id": "u", "of": "after:t"}]}, "circular_basis"),
        ({"id": "C", "terms": [CORRIDOR]}, "not_a_claim"),
        ({"id": "C", "terms": [CORRIDOR, {**FEE, "id": "inv"}]}, "not_a_claim"),
        ({"id": "C", "terms": [INVESTMENT, CORRIDOR]}, "corridor_after_claim"),
        ({"id": "C", "terms": [{**CORRIDOR, "while": "cor"}]}, "not_a_claim"),
        ({"id": "C", "terms": [{**INVESTMENT, "premium": "20%"}]}, "premium_or_interest"),
        ({"id": "C", "terms": [{**INVESTMENT, "interest": {"rate": "10%"}}]}, "missing_field"),
        (
            {"id": "C", "terms": [{**INVESTMENT, "interest": {**INTEREST, "days": "365"}}]}, "unknown_choice",
        ),
        ({"id": "C", "terms": [{**RANKED, "rate": "5%"}]}, "rate_or_bands"),
        ({"id": "C", "terms": [{**RANKED, "multiplier": "2/1"}]}, "ranks_given_twice"),
        ({"id": "C", "pool_by": ["kind"], "terms": [RANKED]}, "scope_finer_than_pool"),
        ({"id": "C", "ranks": [{"title": "T", "rank": "B", "from": "2026-01"}], "terms": [RANKED]}, "unknown_rank"),
        ({"id": "C", "ranks": [RANK, {**RANK, "rank": "A"}], "terms": [RANKED]}, "two_ranks"),
        ({"id": "C", "terms": [{**RANKED, "rates": {"S": "60%"}, "of": "gross"},
                               {**FEE, "id": "u", "rate": "50%"}]}, "shares_over_100"),
        ({"id": "C", "terms": [{"id": "cb", "kind": "clawback", "term": "x", "what": "paid"}]}, "unknown_target"),
        ({"id": "C", "terms": [FEE, {"id": "cb", "kind": "clawback", "term": "t", "what": "paid"}]}, "missing_field"),
        (
            {"id": "C", "terms": [FEE, {"id": "cb", "kind": "clawback", "term": "t", "what": "unrecouped", "to": "s"}]},
            "nothing_to_recoup",
        ),
        ({"id": "C", "groups": {"G": ["A"], "H": ["A"]}, "terms": [FEE]}, "title_in_two_groups"),
        ({"id": "C", "groups": {"G": ["A"]}, "terms": [{**FEE, "titles": ["A"]}]}, "title_in_group"),
        (
            {"id": "C", "versions": [
                {"from": "2026-01", "until": "2026-01", "terms": [INVESTMENT]},
                {"from": "2026-02", "terms": [{**INVESTMENT, "party": "b"}]},
            ]},
            "lenders_change",
        ),
        ({"id": "C", "terms": [FEE, FEE]}, "duplicate_term"),
        ({"id": "C", "terms": [{**FEE, "rate": "60%"}, {**FEE, "id": "u", "rate": "50%"}]}, "shares_over_100"),
        (
            {"id": "C", "terms": [{"id": "s", "kind": "split", "parties": [{"party": "a", "rate": "60%"}] * 2}]},
            "split_over_100",
        ),
        ({"id": "C", "terms": [{**FEE, "kind": "tithe"}]}, "unknown_term_kind"),
        ({"id": "C", "terms": [{**FEE, "kinds": ["iap"]}], "pool_by": ["title"]}, "scope_finer_than_pool"),
        ({"id": "C", "currency": "XXX", "terms": [FEE]}, "unknown_currency"),
        (versions(("2026-01", "2026-02"), ("2026-04", None)), "dates_gap"),
        (versions(("2026-01", "2026-03"), ("2026-03", None)), "dates_overlap"),
        (versions(("2026-01", None), ("2026-03", None)), "dates_open"),
        (versions(("2026-03", "2026-01")), "dates_reversed"),
        (
            {"id": "C", "terms": [{"id": "g", "kind": "guarantee", "meaning": "advance", "party": "a", "payer": "s",
             "amount": "1", "on": "2026-01", "rate": "5%"}]},
            "dated_term_without_pool",
        ),
    ],
)  # fmt: skip
def test_contracts_that_are_refused(contract, code):
    read, faults = read_contract(contract)
    assert read is None
    assert code in [fault.code for fault in faults]
    assert all(fault.message for fault in faults)


def test_a_rank_that_is_missing_on_the_day_names_the_line():
    contract = {"id": "C", "ranks": [{**RANK, "from": "2026-02"}], "terms": [RANKED]}
    result = settle_json(contract, [LINE])
    assert [fault["message"] for fault in result["faults"]] == [
        "receipt s1 is of 2026-01, when the title T has no rank and term r depends on one."
    ]


def test_takedowns_that_are_refused():
    claw = {"id": "cb", "kind": "clawback", "term": "t", "what": "paid", "to": "studio"}
    contract = {"id": "C", "titles": ["T"], "groups": {"G": ["T"]}, "terms": [FEE, claw]}
    down = [{"title": "T", "on": "2026-01"}, {"title": "T", "on": "2026-01"}, {"title": "U", "on": "2026-13"}]
    result = settle_json(contract, {"receipts": [LINE], "takedowns": down})
    assert [fault["code"] for fault in result["faults"]] == [
        "takedown_pooled", "duplicate_takedown", "takedown_pooled", "not_a_date", "unknown_title",
    ]  # fmt: skip


LINE = {"line": "s1", "title": "T", "kind": "iap", "period": "2026-01", "amount": "10"}


@pytest.mark.parametrize(
    ("receipts", "code"),
    [
        ([{**LINE, "amount": "-1"}], "negative_amount"),
        ([{**LINE, "amount": 1.5}], "float_number"),
        ([{**LINE, "amount": "1.005"}], "not_an_amount"),
        ([LINE, LINE], "duplicate_receipt"),
        ([{**LINE, "title": "U"}], "unknown_title"),
        ([{**LINE, "currency": "USD"}], "two_currencies"),
        ({"currency": "USD", "receipts": [LINE]}, "two_currencies"),
        ([{**LINE, "period": "2026-13"}], "not_a_date"),
        ([{**LINE, "period": "2025-12"}], "no_terms_in_force"),
        ([{**LINE, "period": "2026-03"}], "terms_change_inside_month"),
        ([{**LINE, "payee": "a"}], "unknown_field"),
        ("none", "not_an_object"),
    ],
)
def test_receipts_that_are_refused(receipts, code):
    contract = {**versions(("2026-01", "2026-03-14"), ("2026-03-15", None)), "titles": ["T"]}
    result = settle_json(contract, receipts)
    assert code in [fault["code"] for fault in result["faults"]]
    assert (result["allocations"], result["totals"], result["retained"]) == ([], {}, "0.00")


def test_the_door(tmp_path, capsys):
    contract, receipts = tmp_path / "c.json", tmp_path / "r.json"
    contract.write_text(json.dumps(EXAMPLES[0]["contract"]), encoding="utf-8")
    receipts.write_text(json.dumps(EXAMPLES[0]["receipts"]), encoding="utf-8")
    assert main([str(contract), str(receipts)]) == 0
    result = json.loads(capsys.readouterr().out)
    assert {"party", "term", "period", "amount", "explanation"} <= set(result["allocations"][0])
    assert result["retained"] == "33012000.00"
    receipts.write_text(json.dumps([{**LINE, "amount": "-1"}]), encoding="utf-8")
    assert main([str(contract), str(receipts)]) == 2
    out, err = capsys.readouterr()
    assert json.loads(out)["faults"][0]["code"] == "negative_amount"
    assert err == "Nothing was settled: receipt s1.amount is below zero: -1\n"


@pytest.mark.parametrize("text", [b"", b"{", b"\xff\xfe", b'{"id": "a", "id": "b"}', b"[" * 100_000])
def test_the_door_says_one_sentence_for_what_is_no_json(tmp_path, capsys, text):
    file = tmp_path / "c.json"
    file.write_bytes(text)
    assert main([str(file), str(file)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["", "a", "10%", "5", "2026-01", "after:t"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "party", "rate", "at"]), inner),
    max_leaves=6,
)
TERMS = [term for example in EXAMPLES for term in example["contract"].get("terms", [])]


@examples(max_examples=200, deadline=None)
@given(st.sampled_from(TERMS), st.data())
def test_a_damaged_term_is_a_fault_and_never_an_exception(term, data):
    damaged = {
        **term,
        data.draw(st.sampled_from(sorted({*term, "bands", "steps", "of", "parties"}))): data.draw(json_values),
    }
    contract, faults = read_contract({"id": "C", "terms": [damaged]})
    assert (contract is None) == bool(faults)
    assert all(fault.message for fault in faults)


def test_every_sentence_has_places_that_can_be_filled():
    for text in SENTENCES.values():
        assert text.format_map(dict.fromkeys(re.findall(r"\{(\w+)\}", text), "x"))


def test_every_kind_reads_back():
    body = {
        "fee": {"rate": "10%"}, "share": {"rates": {"S": "30%", "A": "20%"}}, "corridor": {"rate": "5%", "while": "recoup"},
        "expenses": {"amount": "5", "cap": "4"}, "service_fee": {"rate": "3%"}, "buyout": {"amount": "6"},
        "deferred_fee": {"amount": "7"}, "recoup": {"amount": "8", "interest": INTEREST},
        "guarantee": {"payer": "p", "meaning": "advance", "amount": "9", "on": "2026-01", "rate": "2%"},
        "bonus": {"steps": [{"at": "1", "amount": "2"}]}, "split": {"parties": [{"party": "b", "rate": "1/3"}]},
        "clawback": {"term": "guarantee", "what": "unrecouped", "rate": "50%"},
    }  # fmt: skip
    assert set(body) == set(TERM_KINDS)
    terms = []
    for kind, fields in body.items():
        party = {} if kind in ("split", "clawback") else {"party": "a"}
        scope = {"titles": ["T"], "kinds": ["iap"]} if kind == "guarantee" else {}
        terms.append({"id": kind, "kind": kind, **party, **scope, **fields})
    lines = [line.message for line in read_back(contract_of({"id": "C", "terms": terms}))]
    numbered = [line for line in lines if line[0].isdigit()]
    assert [line.partition(". ")[0] for line in numbered] == [str(number) for number in range(1, 13)]
    assert numbered[1:3] == [
        "2. a has a share of S: 30%; A: 20%.",
        "3. a has a corridor of 5% until term 8 is repaid, and nothing after that.",
    ]
    assert numbered[7] == (
        "8. The investment of ¥8.00 by a is recouped with simple interest of 10% a year from 2026-01-01 on what is not "
        "repaid, days counted actual/365; interest is repaid before principal."
    )
    assert numbered[11] == (
        "12. When a title is taken down, 50% of what term 9 paid ahead and is not repaid goes back to p."
    )


def test_terms_are_spoken_of_by_the_numbers_that_stand_before_them():
    terms = [
        {"id": "z", "kind": "fee", "party": "a", "rate": "10%", "clause": "3.1"},
        {"id": "y", "kind": "corridor", "party": "b", "rate": "5%", "while": "1"},
        {"id": "1", "kind": "recoup", "parties": [{"party": "c", "amount": "4"}, {"party": "d", "amount": "5"}]},
        {"id": "2", "kind": "share", "party": "e", "of": "after:z",
         "bands": [{"above": "0", "rate": "1%"}, {"above": "7", "rate": "2%"}]},
    ]  # fmt: skip
    lines = [line.message for line in read_back(contract_of({"id": "C", "terms": terms, "pool_by": ["title"]}))]
    assert lines[3:] == [
        "1. a takes a fee of 10%.",
        "    Clause 3.1 of the paper.",
        "    Counted on the pool's receipts.",
        "2. b has a corridor of 5% until term 3 is repaid, and nothing after that.",
        "    Counted on what is left when its turn comes.",
        "3. The investment of ¥9.00 by c (¥4.00), d (¥5.00) is recouped.",
        "    They are repaid side by side, in proportion to what each still lacks.",
        "4. e has a share of 1% (≤ ¥7.00), 2% (> ¥7.00).",
        "    Counted on what is left after term 1.",
        "    Each rate holds for its own part of the cumulative amount alone.",
    ]


def test_a_cap_on_a_clawback_holds_for_all_payees_together():
    terms = [
        {"id": "s", "kind": "split", "parties": [{"party": "a", "rate": "50%"}, {"party": "b", "rate": "50%"}]},
        {"id": "c", "kind": "clawback", "term": "s", "what": "paid", "to": "studio", "cap": "60"},
    ]
    body = {
        "receipts": [{"line": "1", "title": "T", "kind": "iap", "period": "2026-01", "amount": "100"}],
        "takedowns": [{"title": "T", "on": "2026-02"}, {"title": "T", "on": "2026-03"}],
    }
    answer = settle_json({"id": "C", "pool_by": ["title"], "terms": terms}, body, "2026-03")
    assert answer["totals"] == {"a": "0.00", "b": "40.00", "studio": "60.00"}
