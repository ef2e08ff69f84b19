"""A contract tried on made-up months: who gets what, why, and what is typed wrong."""

from __future__ import annotations

import datetime as dt
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from finance.actions import add_party, draft_contract
from finance.models import Contract
from finance.trying import made_up, try_out

from .conftest import TERMS


@pytest.fixture
def draft(production: Any, platform: Any, parties: Any, owner: Any) -> Any:
    def make(terms: dict[str, Any] = TERMS) -> Contract:
        return draft_contract(
            production=production, platform=platform, from_date=dt.date(2026, 1, 1), terms=terms, by=owner
        )

    return make


@pytest.fixture
def tried(draft: Any, client_of: Any, owner: Any) -> Any:
    client = client_of(owner)

    def get(terms: dict[str, Any] = TERMS, **typed: str) -> Any:
        return client.get(reverse("try_contract", args=[draft(terms).pk]), typed)

    return get


def test_typed_months_by_party_with_reasons(tried: Any) -> None:
    """1,000: the agent 200, investors 480 of 800 (300 and 100 with 20 %), of the last 320: 80, 40 and 32; 168 stay."""
    answer = tried(lines="2026-01 600\n\n2026-02 share 400")
    assert answer.status_code == 200
    trial = answer.context["trial"]
    assert trial.parties == sorted(["经纪公司", "投资方", "天使投资", "王导", "李编剧", "青禾影视"])
    found = dict(zip(trial.parties, trial.total.amounts, strict=True))
    assert found == {
        "经纪公司": 20000, "投资方": 36000, "天使投资": 12000, "王导": 8000, "李编剧": 4000, "青禾影视": 3200,
    }  # fmt: skip
    assert [(row.month, row.received, row.retained) for row in trial.months] == [
        ("2026-01", 60000, 0), ("2026-02", 40000, 16800),
    ]  # fmt: skip
    assert all(sum(row.amounts) + row.retained == row.received for row in [*trial.months, trial.total])
    body = unescape(answer.content.decode())
    assert "经纪公司" in body
    first = next(row for row in trial.lines if row.party == "经纪公司")
    assert (first.month, first.clause, first.amount, first.ahead) == ("2026-01", "fee", 12000, False)
    assert first.sentence in body


def test_a_page_opens_with_made_up_months(tried: Any) -> None:
    trial = tried().context["trial"]
    assert [row.month for row in trial.months] == [f"2026-{month:02d}" for month in range(1, 7)]
    assert [row.received for row in trial.months[:2]] == [50_000_000, 40_000_000]
    made = tried(make="1", months="3", amount="100.01", change="10").context["trial"]
    assert [row.received for row in made.months] == [10001, 11001, 12101]


def test_months_pass_the_end_of_the_year() -> None:
    assert made_up(dt.date(2026, 11, 1), 3, 100, 0, "CNY") == "2026-11 1.00\n2026-12 1.00\n2027-01 1.00"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"lines": "2026-01 600\n2026-02"}, "Line 2"),
        ({"lines": "2026-13 600"}, "Line 1"),
        ({"lines": "2026-01 -5"}, "Line 1"),
        ({"lines": "2026-01 a b 5"}, "Line 1"),
        ({"lines": "2026-01 1.005"}, "Line 1"),
        ({"lines": ""}, ""),
        ({"lines": "2026-01 1\n" * 121}, "120"),
        ({"lines": "2026-01 1", "taken_down": "soon"}, "2026-05"),
        ({"make": "1", "months": "61", "amount": "1", "change": "0"}, "60"),
        ({"make": "1", "months": "2", "amount": "-1", "change": "0"}, "1,234.50"),
        ({"make": "1"}, ""),
        ({"lines": "2025-12 600"}, "2025-12"),
    ],
)
def test_what_is_typed_wrong_is_said(tried: Any, typed: dict[str, str], said: str) -> None:
    answer = tried(**typed)
    assert answer.status_code == 422
    trial = answer.context["trial"]
    assert trial is None or (trial.faults and not trial.lines)
    assert said in unescape(answer.content.decode())


def test_a_takedown_and_a_rank_in_a_trial(draft: Any, production: Any, studio: Any) -> None:
    add_party(studio=studio, code="platform", name="平台", kind="company", by=None)
    terms = {
        "pool_by": ["title"],
        "ranks": [{"rank": "A", "from": "2026-01"}, {"rank": "S", "from": "2026-02"}],
        "terms": [
            {"id": "g", "kind": "guarantee", "meaning": "advance", "party": "writer", "payer": "house",
             "amount": "100", "on": "2026-01", "rates": {"A": "10%", "S": "20%"}, "titles": [production.code]},
            {"id": "back", "kind": "clawback", "term": "g", "what": "unrecouped", "rate": "50%", "to": "platform"},
        ],
    }  # fmt: skip
    contract = draft(terms)
    assert set(contract.parties.values_list("code", flat=True)) == {"writer", "house", "platform"}
    rows = [{"line": str(number), "kind": "share", "period": f"2026-0{number}", "amount": "100"} for number in (1, 2)]
    trial = try_out(contract, {}, rows, (production.code, "2026-02"))
    # 10 and 20 of the advance are repaid; half of the other 70 goes to the platform.
    assert dict(zip(trial.parties, trial.total.amounts, strict=True)) == {
        "house": -7000, "platform": 3500, "writer": 6500,
    }  # fmt: skip
    assert trial.total.retained == 17000


def test_nothing_is_kept_and_queries_do_not_grow(
    tried: Any, draft: Any, client_of: Any, owner: Any, django_assert_max_num_queries: Any
) -> None:
    address = reverse("try_contract", args=[draft().pk])
    client = client_of(owner)
    client.get(address)
    before = Contract.objects.values().get()
    counts = []
    for lines in ("2026-01 5", "\n".join(f"2026-{month:02d} 500" for month in range(1, 13))):
        with django_assert_max_num_queries(30) as captured:
            assert client.get(address, {"lines": lines}).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert Contract.objects.values().get() == before
