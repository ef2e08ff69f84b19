"""Small contracts of every term kind, receipts and takedowns from a seed."""

from __future__ import annotations

import random
from typing import Any

KINDS = (
    "fee", "share", "corridor", "expenses", "service_fee", "buyout", "deferred_fee", "recoup", "guarantee", "bonus",
    "split", "clawback",
)  # fmt: skip
RATES = ("3.3%", "1/13", "7.77%", "0.5%", "1/7", "2/11", "8%", "10%")
TITLES = ("T1", "T2", "T3")


def money(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def contract(dice: random.Random) -> dict[str, Any]:
    """A contract over three titles, two of them perhaps in one group; some with a second version."""
    body: dict[str, Any] = {"id": "C", "pool_by": ["title"], "studio": "studio"}
    if dice.random() < 0.3:
        body["groups"] = {"slate": ["T2", "T3"]}
    pooled = ["T1", "slate"] if "groups" in body else list(TITLES)
    body["ranks"] = [
        {"title": title, "rank": dice.choice("SAB"), "from": since}
        for title in pooled
        for since in dice.sample(["2026-01", "2026-02-11", "2026-03"], dice.randint(1, 2))
    ]
    for title in pooled:
        body["ranks"].append({"title": title, "rank": dice.choice("SAB"), "from": "2025-01"})
    terms = _terms(dice)
    if dice.random() < 0.7:
        return {**body, "terms": terms}
    later = [dict(term) for term in terms]
    for term in later:
        if "rate" in term and term["kind"] in ("fee", "share"):
            term["rate"] = dice.choice(RATES)
        if term["kind"] == "guarantee":
            term["on"] = "2026-03"
    return {
        **body,
        "versions": [
            {"from": "2026-01", "until": "2026-02", "terms": terms},
            {"from": "2026-03", "terms": later},
        ],
    }


def _terms(dice: random.Random) -> list[dict[str, Any]]:
    terms: list[dict[str, Any]] = []
    for number in range(dice.randint(1, 6)):
        term = _term(dice, f"t{number}", terms)
        if term["kind"] == "corridor":
            terms.append({**term, "while": f"c{number}"})
            terms.append({**_term(dice, f"c{number}", terms, "recoup"), "per": "pool"})
        else:
            terms.append(term)
            # What is paid ahead and taken back meets rarely by chance alone.
            if term.get("meaning") in ("advance", "larger_of") and dice.random() < 0.9:
                terms.append(_term(dice, f"b{number}", [term], "clawback"))
    return terms


def _term(dice: random.Random, name: str, earlier: list[dict[str, Any]], kind: str = "") -> dict[str, Any]:
    kind = kind or dice.choice(KINDS)
    if kind == "clawback" and not [term for term in earlier if term["kind"] != "clawback"]:
        kind = "fee"
    term: dict[str, Any] = {"id": name, "kind": kind, "per": "pool"}
    if kind not in ("split", "recoup", "clawback"):
        term["party"] = dice.choice("abcdef")
    meaning = dice.choice(["advance", "larger_of", "plus_above"]) if kind == "guarantee" else ""
    by_rate = kind in ("fee", "share", "guarantee") or (kind == "service_fee" and dice.random() < 0.4)
    if by_rate:
        term["of"] = dice.choice(["gross", "left"])
        # The share of the third meaning runs on what is above one threshold, so it has one rate.
        shape = (
            "rate" if meaning == "plus_above" else dice.choice(["rate", "bands", "rates", "multiplier", "multipliers"])
        )
        if shape == "bands":
            edges = [0, *sorted(dice.sample(range(1, 600_00), 2))]
            term["bands"] = [{"above": money(edge), "rate": dice.choice(RATES)} for edge in edges]
        elif shape == "rates":
            term["rates"] = {rank: dice.choice(RATES) for rank in "SAB"}
        else:
            term["rate"] = dice.choice(RATES)
            if shape == "multiplier":
                term["multiplier"] = dice.choice(["3/2", "1/3"])
            if shape == "multipliers":
                term["multipliers"] = {"S": "1/1", "A": "1/2", "B": "3/10"}
        limit = dice.choice(["", "", "cap", "floor"])
        if limit:
            term[limit] = money(dice.randint(1, 90_00))
    if kind == "guarantee":
        term |= {
            "meaning": meaning, "payer": "payer", "titles": ["T1"], "amount": money(dice.randint(1, 90_00)),
            "on": "2026-02",
        }  # fmt: skip
        if meaning == "plus_above":
            term["threshold"] = money(dice.randint(0, 300_00))
    elif kind == "corridor":
        term |= {"rate": dice.choice(RATES), "then": dice.choice(["0%", "1/13"]), "of": dice.choice(["gross", "left"])}
    elif kind in ("expenses", "service_fee", "buyout", "deferred_fee") and not by_rate:
        term["amount"] = money(dice.randint(1, 90_00))
        if kind == "expenses" and dice.random() < 0.5:
            term["cap"] = money(dice.randint(1, 90_00))
    elif kind == "recoup":
        names = dice.sample("abcdef", dice.randint(1, 3))
        term["parties"] = [{"party": party, "amount": money(dice.randint(1, 90_00))} for party in names]
        more = dice.choice(["", "premium", "interest"])
        if more == "premium":
            term["premium"] = "20%"
        elif more:
            term["interest"] = {
                "rate": dice.choice(["10%", "1/3", "100%"]), "from": dice.choice(["2026-01-05", "2025-02-01"]),
                "method": dice.choice(["simple", "compound"]),
                "days": dice.choice(["actual/365", "actual/360", "30/360"]),
            }  # fmt: skip
    elif kind == "bonus":
        edges = sorted(dice.sample(range(600_00), 2))
        term["steps"] = [{"at": money(edge), "amount": money(dice.randint(1, 50_00))} for edge in edges]
    elif kind == "split":
        term["parties"] = [
            {"party": party, "rate": rate}
            for party, rate in zip("abc", dice.choice([("1/3", "1/3", "1/3"), ("1/7", "2/7", "0.1%")]), strict=True)
        ]
    elif kind == "clawback":
        target = dice.choice([term for term in earlier if term["kind"] != "clawback"])
        ahead = target.get("meaning") in ("advance", "larger_of")
        term |= {
            "term": target["id"], "what": dice.choice(["unrecouped", "paid"]) if ahead else "paid", "to": "payer",
            "rate": dice.choice(["1/2", "100%"]),
        }  # fmt: skip
    return term


def receipts(dice: random.Random) -> list[dict[str, Any]]:
    return [
        {
            "line": f"s{number}", "title": dice.choice(TITLES), "kind": dice.choice(["iap", "iaa"]),
            "period": f"2026-{dice.randint(1, 3):02d}-{dice.randint(1, 28):02d}",
            "amount": money(dice.choice([dice.randint(0, 99), dice.randint(0, 400_00)])),
        }
        for number in range(dice.randint(1, 7))
    ]  # fmt: skip


def takedowns(dice: random.Random) -> list[dict[str, Any]]:
    return (
        [{"title": "T1", "on": dice.choice(["2026-01-20", "2026-01", "2026-02", "2026-03-10"])}]
        if dice.random() < 0.8
        else []
    )
