"""Random contracts and receipts, and short ways to settle them."""

from __future__ import annotations

from hypothesis import strategies as st

from finance.settlement import Contract, Settlement, read_contract, read_receipts, settle

PARTIES = ["writer", "director", "actor", "rights", "investor", "network"]
party = st.sampled_from(PARTIES)
others = st.sampled_from([name for name in PARTIES if name != "network"])
amount = st.integers(1, 900_000).map(lambda fen: f"{fen // 100}.{fen % 100:02d}")
small_rate = st.one_of(
    st.integers(0, 2_000),
    st.sampled_from(["0.5%", "8.3%", "12.345%", "1/7", "1/3", "2/11"]),
)


def rated(share: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    flat = share.map(lambda rate: {"rate": rate})
    edges = st.lists(st.integers(1, 900_000), min_size=1, max_size=3, unique=True).map(sorted)
    banded = edges.flatmap(
        lambda found: st.lists(share, min_size=len(found) + 1, max_size=len(found) + 1).map(
            lambda rates: {
                "bands": [
                    {"above": f"{above // 100}.{above % 100:02d}", "rate": rate}
                    for above, rate in zip([0, *found], rates, strict=True)
                ]
            }
        )
    )
    return st.one_of(flat, banded)


@st.composite
def term(draw: st.DrawFn, number: int, prefix: str = "t") -> dict[str, object]:
    kind = draw(
        st.sampled_from(
            [
                "fee",
                "share",
                "expenses",
                "service_fee",
                "buyout",
                "deferred_fee",
                "recoup",
                "guarantee",
                "bonus",
                "split",
            ]
        )
    )
    body: dict[str, object] = {"id": f"{prefix}{number}", "kind": kind}
    if kind not in ("split", "recoup"):
        body["party"] = draw(party)
    basis = draw(st.sampled_from(["gross", "left", *(f"after:{prefix}{other}" for other in range(number))]))
    if kind in ("fee", "share"):
        # Gross shares of one contract are kept small enough to stay under the whole together.
        body |= draw(rated(small_rate if basis == "left" else st.sampled_from([100, "3.3%", "1/13", 777])))
        body["of"] = basis
        if draw(st.booleans()):
            body["cap"] = draw(amount)
        elif draw(st.booleans()):
            body["floor"] = draw(amount)
    elif kind in ("expenses", "service_fee", "buyout", "deferred_fee"):
        body["amount"] = draw(amount)
        if kind == "expenses" and draw(st.booleans()):
            body["cap"] = draw(amount)
    elif kind == "recoup":
        body["parties"] = [{"party": draw(party), "amount": draw(amount)} for _ in range(draw(st.integers(1, 4)))]
        body["premium"] = draw(st.sampled_from(["0%", "20%", "1/3", 1234]))
    elif kind == "guarantee":
        body |= draw(rated(st.sampled_from([100, "3.3%", "1/13", 777])))
        meaning = draw(st.sampled_from(["advance", "larger_of", "plus_above"]))
        body |= {
            # The network pays, and nobody pays a guarantee to themselves.
            "party": draw(others),
            "meaning": meaning,
            "payer": "network",
            "amount": draw(amount),
            "on": draw(months),
            "of": basis,
        }
        if meaning == "plus_above":
            body.pop("bands", None)
            body |= {"rate": "5%", "threshold": draw(amount)}
    elif kind == "bonus":
        edges = draw(st.lists(st.integers(0, 900_000), min_size=1, max_size=3, unique=True).map(sorted))
        body["steps"] = [{"at": f"{at // 100}.{at % 100:02d}", "amount": draw(amount)} for at in edges]
        body["of"] = draw(st.sampled_from(["gross", "left"]))
    else:
        body["parties"] = [
            {"party": draw(party), "rate": rate}
            for rate in draw(st.sampled_from([["1/3", "1/3", "1/3"], [1000, 2000, 333], ["99.99%"], ["1/7", "2/7"]]))
        ]
    return body


months = st.sampled_from(["2026-01", "2026-02", "2026-03", "2026-04"])


@st.composite
def contracts(draw: st.DrawFn) -> dict[str, object]:
    def terms(prefix: str = "t") -> list[dict[str, object]]:
        return [draw(term(number, prefix)) for number in range(draw(st.integers(1, 7)))]

    head: dict[str, object] = {"id": "C", "pool_by": [], "studio": "studio"}
    if draw(st.booleans()):
        return {**head, "terms": terms()}
    earlier = terms()
    if draw(st.booleans()):
        later = terms("u")
    else:
        # The same terms go on, some of them for another party.
        later = [
            {**body, "party": draw(others if body["kind"] == "guarantee" else party)} if "party" in body else dict(body)
            for body in earlier
        ]
    for terms_of, on in ((earlier, "2026-02"), (later, "2026-03")):
        for body in terms_of:
            if body["kind"] == "guarantee":
                body["on"] = on
    return {
        **head,
        "versions": [
            {"from": "2025-12-01", "until": "2026-02", "terms": earlier},
            {"from": "2026-03-01", "terms": later},
        ],
    }


@st.composite
def receipts(draw: st.DrawFn) -> list[dict[str, object]]:
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(1, 4),
                st.integers(1, 28),
                st.integers(0, 500_000),
                st.sampled_from(["iap", "iaa"]),
            ),
            min_size=1,
            max_size=12,
        )
    )
    return [
        {
            "line": f"s{number}",
            "title": "T1",
            "kind": kind,
            "period": f"2026-{month:02d}-{day:02d}",
            "amount": f"{fen // 100}.{fen % 100:02d}",
        }
        for number, (month, day, fen, kind) in enumerate(rows)
    ]


def contract_of(data: object) -> Contract:
    contract, faults = read_contract(data)
    assert contract is not None, [fault.message for fault in faults]
    return contract


def settled(data: object, rows: object, through: str | None = None, every: str = "month") -> Settlement:
    contract = contract_of(data)
    read, faults = read_receipts(rows, contract)
    assert faults == ()
    return settle(contract, read, through, every)


def amounts(settlement: Settlement) -> dict[tuple[str, str, str], int]:
    """Cumulative units by term, party and source."""
    found: dict[tuple[str, str, str], int] = {}
    for row in settlement.allocations:
        key = (row.term, row.party, row.source)
        found[key] = found.get(key, 0) + row.amount
    return {key: value for key, value in found.items() if value}
