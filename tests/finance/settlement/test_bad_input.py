"""Bad input at the engine's door: refused with the reason and the place, or settled to the fen; never a traceback."""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from finance.settlement import read_back, read_contract, read_json, settle_json
from finance.settlement.wording import FAULTS
from studio.values import Money

from . import dice as throw

ROOT = Path(__file__).resolve().parents[3]
RECEIPTS = [{"line": "1", "title": "T", "kind": "iap", "period": "2026-01", "amount": "100"}]


def share(name: str, rate: object, **more: object) -> dict[str, object]:
    return {"id": name, "kind": "share", "party": "p", "rate": rate, "of": "gross", **more}


def contract(*terms: dict[str, object], **more: object) -> dict[str, object]:
    return {"id": "C", "pool_by": ["title"], "terms": list(terms) or [share("a", "10%")], **more}


def versions(*spans: tuple[str, str | None]) -> dict[str, object]:
    rows = [
        {"from": begin, **({"until": until} if until else {}), "terms": [share("a", "10%")]} for begin, until in spans
    ]
    return {"id": "C", "pool_by": ["title"], "versions": rows}


def line(**more: object) -> list[dict[str, object]]:
    return [{**RECEIPTS[0], **more}]


CLAIM = {"id": "r", "kind": "recoup", "party": "i", "amount": "10"}
ADVANCE = {
    "id": "g", "kind": "guarantee", "meaning": "advance", "party": "q", "payer": "s", "amount": "10", "on": "2026-01",
    "rate": "60%", "titles": ["T"],
}  # fmt: skip
RANKS = [{"title": "T", "rank": "S", "from": "2026-01"}]
BANDS = [{"above": "0", "rate": "10%"}, {"above": "10", "rate": "60%"}]

# What is wrong, contract, receipts, the code of the fault and the place that it names.
BAD: list[tuple[str, object, object, str, str]] = [
    ("shares of gross", contract(share("a", "60%"), share("b", "50%")), RECEIPTS, "shares_over_100", "110%"),
    ("in one band", contract({**share("a", "10%"), "bands": BANDS} | {"rate": "50%"}), RECEIPTS, "rate_or_bands", "a"),
    (
        "in a higher band",
        contract({"id": "a", "kind": "share", "party": "p", "of": "gross", "bands": BANDS}, share("b", "50%")),
        RECEIPTS, "shares_over_100", "a, b",
    ),
    (
        "at one rank",
        contract(
            {"id": "a", "kind": "share", "party": "p", "of": "gross", "rates": {"S": "60%", "A": "1%"}},
            share("b", "50%"), ranks=RANKS,
        ),
        RECEIPTS, "shares_over_100", "a, b",
    ),
    (
        "in a group",
        contract(share("a", "60%", titles=["g"]), share("b", "50%"), groups={"g": ["T", "U"]}),
        RECEIPTS, "shares_over_100", "a, b",
    ),
    (
        "after a term",
        contract(
            {"id": "x", "kind": "fee", "party": "q", "rate": "10%"}, share("a", "60%", of="after:x"),
            share("b", "60%", of="after:x"),
        ),
        RECEIPTS, "shares_over_100_after", "x",
    ),
    (
        "beside a corridor",
        contract({"id": "c", "kind": "corridor", "party": "q", "rate": "60%", "while": "r", "of": "gross"}, share("b", "50%"), CLAIM),
        RECEIPTS, "shares_over_100", "c, b",
    ),
    ("beside a guarantee", contract(ADVANCE, share("b", "50%")), RECEIPTS, "shares_over_100", "g, b"),
    ("one share", contract(share("a", "101%", of="left")), RECEIPTS, "rate_over_100", "term a.rate"),
    ("multiplied", contract(share("a", "60%", multiplier="2/1")), RECEIPTS, "rate_over_100", "term a.multiplier"),
    ("bare multiplier", contract(share("a", "6%", multiplier=8)), RECEIPTS, "multiplier_not_text", "term a.multiplier"),
    (
        "split", contract({"id": "s", "kind": "split", "parties": [{"party": "p", "rate": "60%"}, {"party": "q", "rate": "60%"}]}),
        RECEIPTS, "split_over_100", "s",
    ),
    ("circle of shares", contract(share("a", "1%", of="after:b"), share("b", "1%", of="after:a")), RECEIPTS, "circular_basis", "term a.of"),
    ("a share of itself", contract(share("a", "1%", of="after:a")), RECEIPTS, "circular_basis", "term a.of"),
    (
        "a corridor behind its claim",
        contract(CLAIM, {"id": "c", "kind": "corridor", "party": "q", "rate": "5%", "while": "r"}),
        RECEIPTS, "corridor_after_claim", "term c.while",
    ),
    (
        "a clawback of itself", contract({"id": "c", "kind": "clawback", "term": "c", "what": "paid", "to": "p"}),
        RECEIPTS, "unknown_target", "term c.term",
    ),
    ("a guarantee to oneself", contract({**ADVANCE, "payer": "q"}), RECEIPTS, "pays_itself", "term g"),
    (
        "a clawback to the payee", contract(share("a", "9%"), {"id": "c", "kind": "clawback", "term": "a", "what": "paid", "to": "p"}),
        RECEIPTS, "pays_itself", "term c",
    ),
    ("a gap", versions(("2026-01", "2026-01"), ("2026-03", None)), RECEIPTS, "dates_gap", "2026-01-31"),
    ("an overlap", versions(("2026-01", "2026-03"), ("2026-03", None)), RECEIPTS, "dates_overlap", "2026-03-01"),
    ("dates reversed", versions(("2026-03", "2026-01")), RECEIPTS, "dates_reversed", "1"),
    ("open in the middle", versions(("2026-01", None), ("2026-03", None)), RECEIPTS, "dates_open", "1"),
    ("a change in mid-month", versions(("2026-01", "2026-01-15"), ("2026-01-16", None)), RECEIPTS, "terms_change_inside_month", "receipt 1"),
    ("before the contract", versions(("2026-02", None)), RECEIPTS, "no_terms_in_force", "receipt 1"),
    ("the end of time", versions(("2026-01", "9999-12-31")), RECEIPTS, "not_a_date", "version 1.until"),
    ("receipts of the year 9999", contract(), line(period="9999-12"), "not_a_date", "receipt 1.period"),
    ("a negative receipt", contract(), line(amount="-0.01"), "negative_amount", "receipt 1.amount"),
    ("a giant receipt", contract(), line(amount="9" * 25), "amount_too_large", "receipt 1.amount"),
    ("more digits than a number has", contract(), line(amount="9" * 5000), "not_an_amount", "receipt 1.amount"),
    ("part of a fen", contract(), line(amount="0.001"), "not_an_amount", "receipt 1.amount"),
    ("a float", contract(), line(amount=1.5), "float_number", "receipts[1].amount"),
    ("not a number", contract(), line(amount=float("nan")), "float_number", "receipts[1].amount"),
    ("a float in a note", contract(note={"deep": [1.0]}), RECEIPTS, "float_number", "contract.note.deep[1]"),
    ("a whole number of yuan", contract(), line(amount=100), "not_an_amount", "receipt 1.amount"),
    ("a boolean", contract(), line(amount=True), "not_an_amount", "receipt 1.amount"),
    ("a boolean rate", contract(share("a", True)), RECEIPTS, "not_a_rate", "term a.rate"),
    ("an unknown title", contract(titles=["U"]), RECEIPTS, "unknown_title", "receipt 1"),
    ("a group's name as title", contract(groups={"T": ["U", "V"]}), RECEIPTS, "title_is_group", "receipt 1"),
    ("a group named like its title", contract(groups={"T": ["T", "V"]}), RECEIPTS, "title_is_group", "contract.groups.T"),
    ("a group without a name", contract(groups={"": ["T"]}), RECEIPTS, "not_text", "contract.groups."),
    ("two currencies in a line", contract(), line(currency="USD"), "two_currencies", "receipt 1"),
    ("two currencies in a list", contract(), {"currency": "USD", "receipts": RECEIPTS}, "two_currencies", "receipts"),
    ("a line twice", contract(), [*RECEIPTS, *RECEIPTS], "duplicate_receipt", "1"),
    ("a number that an unnumbered line has", contract(), [*line(line="#2"), {k: v for k, v in RECEIPTS[0].items() if k != "line"}], "duplicate_receipt", "#2"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "terms", "receipts", "code", "place"), BAD, ids=[row[0] for row in BAD])
def test_it_is_refused_with_reason_and_place(what: str, terms: object, receipts: object, code: str, place: str) -> None:
    answer: Any = settle_json(terms, receipts)
    fault = next((row for row in answer["faults"] if row["code"] == code), None)
    assert fault is not None, answer["faults"]
    assert place in fault["message"], fault["message"]
    assert (answer["received"], answer["allocations"], answer["totals"]) == ("0.00", [], {})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[" * 100_000, "nested too deep"),
        ("[" * 60 + "]" * 60, "nested too deep"),
        ("1" * 5000, "not JSON"),
        ('{"id": "C", "id": "D"}', "stands twice"),
        ('{"id": "\\u0000"}', "cannot be kept"),
        ('{"\\ud800": 1}', "cannot be kept"),
        (b"\xff\xfe\xfd", "not text in UTF-8"),
        ("", "not JSON"),
        ("{", "not JSON"),
    ],
)
def test_what_is_no_readable_json_is_one_sentence(text: str | bytes, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        read_json(text)


def test_an_escaped_backslash_is_no_escape() -> None:
    assert read_json(r'"\\u0000 \\ud800 \u5f00"') == "\\u0000 \\ud800 开"


@pytest.mark.parametrize(
    ("terms", "receipts", "more", "sentence"),
    [
        (contract(), line(amount="-1"), [], "Nothing was settled: receipt 1.amount is below zero: -1"),
        (contract(), RECEIPTS, ["--through", "9999-12"], "not a period"),
        (contract(), RECEIPTS, ["--through", "tomorrow"], "not a period"),
    ],
)
def test_the_command_says_one_sentence(
    terms: object, receipts: object, more: list[str], sentence: str, tmp_path: Path
) -> None:
    files = [tmp_path / "contract.json", tmp_path / "receipts.json"]
    for file, data in zip(files, (terms, receipts), strict=True):
        file.write_text(json.dumps(data))
    done = subprocess.run(
        [sys.executable, "-m", "finance.settlement", *map(str, files), *more],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


# --- mutations ----------------------------------------------------------------------------------------------------

WEIRD: list[object] = [
    None, True, False, 0, -1, 1, 10**30, 1.5, float("nan"), float("inf"), "", " ", "x", "-1", "1e3", "NaN", "0", "0%",
    "100%", "101%", "1/0", "9" * 5000, "9" * 17, "9999-12", "9999-12-31", "2026-02-30", "2026-01", "gross", "left", "after:t0",
    "after:t5", "\u0000", "１２", "开机" * 200, [], {}, [[]], [None], {"": None}, ["T1", "T1"], {"party": "a"}, [{}], "CNY", "USD",
    "payer", "a", "t0", "T1", "slate",
]  # fmt: skip


def places(value: object) -> list[tuple[Any, Any]]:
    """Every (container, key) of a tree."""
    found: list[tuple[Any, Any]] = []
    pending = [value]
    while pending:
        item = pending.pop()
        keys = list(item) if isinstance(item, dict) else list(range(len(item))) if isinstance(item, list) else []
        for key in keys:
            found.append((item, key))
            pending.append(item[key])  # type: ignore[index]
    return found


def mutate(dice: random.Random, tree: object) -> None:
    for _ in range(dice.choice([1, 1, 1, 2, 3])):
        spots = places(tree)
        if not spots:
            return
        holder, key = dice.choice(spots)
        act = dice.random()
        if act < 0.6:
            holder[key] = copy.deepcopy(dice.choice(WEIRD))
        elif act < 0.7:
            del holder[key]
        elif act < 0.8 and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        elif act < 0.9 and isinstance(holder, dict):
            holder[dice.choice(["rate", "amount", "of", "party", "parties", "cap", "titles", "note", "per", "??"])] = (
                copy.deepcopy(dice.choice(WEIRD))
            )
        else:
            other, name = dice.choice(spots)
            holder[key] = copy.deepcopy(other[name])


@pytest.mark.parametrize("chunk", range(4))
def test_whatever_is_changed_is_refused_in_words_or_adds_up(chunk: int) -> None:
    refused = settled = 0
    for number in range(chunk, 4000, 4):
        dice = random.Random(f"bad {number}")
        terms, receipts = throw.contract(dice), throw.receipts(dice)
        body: dict[str, Any] = {"receipts": receipts}
        if down := throw.takedowns(dice):
            body["takedowns"] = down
        tree = {"contract": terms, "receipts": body}
        mutate(dice, tree)
        try:
            answer: Any = settle_json(tree.get("contract"), tree.get("receipts"))
            read, _ = read_contract(tree.get("contract"))
            sentences = [row.message for row in read_back(read)] if read is not None else []
        except Exception as error:
            raise AssertionError(f"number {number}: {type(error).__name__}: {error}") from error
        assert all(sentences)
        if answer["faults"]:
            refused += 1
            assert all(row["code"] in FAULTS and row["message"] for row in answer["faults"])
            assert (answer["received"], answer["allocations"], answer["totals"]) == ("0.00", [], {})
        else:
            settled += 1
            given = [Money.parse(text, answer["currency"]).minor for text in answer["totals"].values()]
            kept, received = (Money.parse(answer[name], answer["currency"]).minor for name in ("retained", "received"))
            assert sum(given) + kept == received
    # Both happen often, or the mutations would be too coarse to try the doors behind the first one.
    assert min(refused, settled) > 100
