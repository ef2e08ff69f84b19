"""A contract over several titles on the pages: agreed, read back, tried, settled, looked at by an investor."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from finance.actions import add_party
from finance.models import Contract, Settlement
from finance.queries import investment_view, pools_of, totals_of
from finance.queries.estimates import title_estimate
from finance.queries.hot_costs import title_costs
from finance.queries.margins import title_margin
from studio.access import access_of
from tests.finance.joint_world import SLATE, TERMS, agreed, issued, second_title, stated


@pytest.fixture
def other(production: Any) -> Any:
    return second_title(production)


@pytest.fixture
def joint(production: Any, other: Any, platform: Any, parties: Any, owner: Any) -> Any:
    return agreed(production, platform, owner)


def test_agreed_on_the_page_and_read_back(
    production: Any, other: Any, platform: Any, parties: Any, owner: Any, client_of: Any
) -> None:
    client = client_of(owner)
    address = f"/productions/{production.pk}/contracts/new/"
    assert f"雨夜 ({other.code})" in client.get(address).content.decode()
    terms = {key: value for key, value in TERMS.items() if key not in ("titles", "groups")}
    form = {
        "platform": platform.pk, "from_date": "2026-01-01", "pay_after_days": 30, "terms": json.dumps(terms),
        "others": [other.code], "pool": SLATE,
    }  # fmt: skip
    answer = client.post(address, form)
    row = Contract.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/contracts/{row.pk}/")
    assert (row.terms["titles"], row.terms["groups"]) == (["CG01", "CG02"], {SLATE: ["CG01", "CG02"]})
    assert [each.production for each in row.further.all()] == [other]
    page = client.get(answer.url).content.decode()
    for sentence in (
        f"It covers the titles {production.title} (CG01), 雨夜 (CG02).",
        f"The titles {production.title} (CG01), 雨夜 (CG02) answer for one another as {SLATE}.",
    ):
        assert sentence in page
    # The draft is shown as it was written: titles and pool in their fields, the rest as terms.
    edit = client.get(f"/contracts/{row.pk}/edit/").content.decode()
    assert f'<option value="{other.code}" selected>' in edit
    assert f'value="{SLATE}"' in edit
    both = client.post(f"/contracts/{row.pk}/edit/", {**form, "terms": json.dumps({**terms, "titles": ["CG01"]})})
    assert (both.status_code, "The terms name titles too" in both.content.decode()) == (422, True)
    # On the money page of either title it stands in the list.
    for title in (production, other):
        assert f"/contracts/{row.pk}/" in client.get(f"/productions/{title.pk}/money/").content.decode()


def test_tried_on_made_up_months_of_each_title(joint: Any, owner: Any, client_of: Any) -> None:
    client = client_of(owner)
    page = client.get(f"/contracts/{joint.pk}/try/", {"lines": "2026-01 CG01 500\n2026-01 CG02 500"})
    trial = page.context["trial"]
    assert dict(zip(trial.parties, trial.total.amounts, strict=True)) == {
        "经纪公司": 20_000, "投资方": 36_000, "天使投资": 12_000, "王导": 8_000, "李编剧": 4_000, "青禾影视": 3_200,
    }  # fmt: skip
    assert {row.pool for row in trial.lines} == {SLATE}
    made = client.get(f"/contracts/{joint.pk}/try/", {"make": "1", "months": "2", "amount": "100", "change": "0"})
    assert made.context["form"].data["lines"].splitlines() == [
        "2026-01 CG01 100.00", "2026-01 CG02 100.00", "2026-02 CG01 100.00", "2026-02 CG02 100.00",
    ]  # fmt: skip
    for lines in ("2026-01 500", "2026-01 CG09 500", "CG01 500"):
        answer = client.get(f"/contracts/{joint.pk}/try/", {"lines": lines})
        assert (answer.status_code, "a title&#x27;s code" in answer.content.decode()) == (422, True)


def test_from_a_statement_line_to_pool_clause_and_payee(
    joint: Any, production: Any, other: Any, platform: Any, owner: Any, client_of: Any
) -> None:
    first = issued(stated(production, platform, "2026-01", 50_000, owner), owner)
    second = issued(stated(other, platform, "2026-01", 60_000, owner), owner)
    client = client_of(owner)
    statement = client.get(f"/statements/{second.statement_id}/")
    line = statement.context["lines"][0]
    pool = client.get(f"/settlements/{second.pk}/pool/?{line.pool_query}")
    assert (pool.context["received"], [row.statement_id for row in pool.context["lines"]]) == (
        110_000, [first.statement_id, second.statement_id],
    )  # fmt: skip
    fees = [row for row in pool.context["allocations"] if row.term == "fee"]
    assert [(row.settlement_id, row.amount_minor) for row in fees] == [(first.pk, 10_000), (second.pk, 12_000)]
    page = client.get(f"/settlements/{second.pk}/")
    (met,) = page.context["pools"]
    assert (met.title, [title.code for title in met.titles], met.shares_minor) == (SLATE, ["CG01", "CG02"], 39_000)
    assert [row.pk for row in page.context["chain"]] == [first.pk, second.pk]
    # What waits in another title is not in the pool yet.
    stated(production, platform, "2026-02", 70_000, owner)
    run = issued(stated(other, platform, "2026-01", 50_000, owner, reason="更正"), owner)
    late = client.get(f"/settlements/{run.pk}/pool/?title={SLATE}&kind=&month=2026-02")
    assert late.context["received"] == 0


@pytest.mark.parametrize("titles", [1, 3])
def test_a_settlement_page_costs_the_same_for_any_number_of_titles(
    titles: int, production: Any, other: Any, platform: Any, parties: Any, owner: Any, client_of: Any
) -> None:
    more = [second_title(production, f"T{number}", f"剧 {number}") for number in range(titles - 1)]
    codes = ["CG01", "CG02", *(title.code for title in more)]
    agreed(production, platform, owner, {**TERMS, "titles": codes, "groups": {SLATE: codes}})
    for title in (production, other, *more):
        last = issued(stated(title, platform, "2026-01", 50_000, owner), owner)
    client = client_of(owner)
    counts = []
    for address in (
        f"/settlements/{last.pk}/", f"/settlements/{last.pk}/pool/?title={SLATE}&month=2026-01", f"/contracts/{last.contract_id}/",
        f"/statements/{last.statement_id}/",
    ):  # fmt: skip
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts.append(len(asked))
    assert counts == COUNTS


COUNTS = [21, 16, 11, 17]


def test_an_investor_sees_the_joint_recoupment_once(
    joint: Any, production: Any, other: Any, platform: Any, parties: Any, owner: Any, make_member: Any, client_of: Any,
    studio: Any,
) -> None:  # fmt: skip
    user = make_member(studio, "investor")
    parties["investor"].user = user
    parties["investor"].save()
    first = issued(stated(production, platform, "2026-01", 20_000, owner), owner)
    second = issued(stated(other, platform, "2026-01", 10_000, owner), owner)
    rows = investment_view(access_of(user), user)
    assert [row.code for row in rows] == ["CG02", "CG01"]
    # 160 and 80 came through to them and the angel, three quarters to the investor.
    assert [[line.amount_minor for line in row.lines] for row in rows] == [[6_000], [12_000]]
    for row in rows:
        (claim,) = row.recoupments
        assert (claim.invested_minor, claim.premium_minor, claim.recouped_minor, claim.left_minor, claim.titles) == (
            30_000, 6_000, 18_000, 18_000, ("CG01", "CG02"),
        )  # fmt: skip
    (total,) = totals_of(rows)
    assert (total.invested_minor, total.recouped_minor, total.left_minor, total.share_minor) == (
        30_000, 18_000, 18_000, 18_000,
    )  # fmt: skip
    (pool,) = pools_of(rows)
    assert (pool.name, pool.totals[0].left_minor) == (SLATE, 18_000)
    page = client_of(user).get(f"/investments/{other.pk}/").content.decode()
    assert "Repaid together by: CG01 · CG02" in page
    for word in ("王导", "李编剧", "天使投资", "经纪公司"):
        assert word not in page
    assert {first.production_id, second.production_id} == {production.pk, other.pk}
    # Who is let into one of the titles sees nothing of the deal over both.
    one = make_member(studio, "investor", production=other)
    parties["investor"].user = one
    parties["investor"].save()
    assert investment_view(access_of(one), one) == []


def test_the_margin_bears_what_the_title_s_settlements_give(
    joint: Any, production: Any, other: Any, platform: Any, owner: Any
) -> None:
    issued(stated(production, platform, "2026-01", 50_000, owner), owner)
    issued(stated(other, platform, "2026-01", 50_000, owner), owner)

    def shares(title: Any) -> int:
        return title_margin(title_estimate(title_costs(title))).margin.shares

    assert (shares(production), shares(other)) == (50_000, 30_000)
    # What is stated and not settled yet: a fifth, and three eighths of the rest.
    stated(other, platform, "2026-02", 10_000, owner)
    assert (shares(production), shares(other)) == (50_000, 35_000)


def test_a_studio_s_own_part_stands_by_itself(
    joint: Any, production: Any, platform: Any, owner: Any, studio: Any
) -> None:
    add_party(studio=studio, code="spare", name="旁人", kind="company", by=owner)
    row = issued(stated(production, platform, "2026-01", 200_000, owner), owner)
    assert (row.receipts_minor, row.shares_minor, row.retained_minor) == (200_000, 130_000, 70_000)
    assert Settlement.objects.count() == 1
