"""Who works on some titles of a contract over several sees nothing of it; who works on all of them, all."""

from __future__ import annotations

import json
from typing import Any

import pytest

from finance.models import Allocation, Contract, Payout, RunTitle, Settlement, Statement
from finance.runs import start_run
from studio.access import access_of
from studio.models import Job, Membership
from tests.finance.joint_world import SLATE, TERMS, agreed, drafted, issued, second_title, stated

# The other title's receipts, as pages and answers write them.
MARKS = ("7,777.70", "777770", "8,277.70", "827770", "雨夜", SLATE)


@pytest.fixture
def other(production: Any) -> Any:
    return second_title(production)


@pytest.fixture
def joint(production: Any, other: Any, platform: Any, parties: Any, owner: Any) -> Any:
    return agreed(production, platform, owner)


@pytest.fixture
def both(joint: Any, production: Any, other: Any, platform: Any, owner: Any) -> list[Settlement]:
    return [
        issued(stated(production, platform, "2026-01", 50_000, owner), owner),
        issued(stated(other, platform, "2026-01", 777_770, owner), owner),
        drafted(stated(production, platform, "2026-02", 50_000, owner), owner),
    ]


@pytest.fixture
def keeper(studio: Any, production: Any, make_member: Any) -> Any:
    """The books of one title alone."""
    return make_member(studio, "finance", production=production)


def _addresses(row: Settlement, production: Any, joint: Any) -> dict[str, list[str]]:
    payout = Payout.objects.filter(settlement__production=production).first()
    assert payout is not None
    return {
        "hidden": [
            f"/settlements/{row.pk}/", f"/settlements/{row.pk}/pool/?title={SLATE}&month=2026-01",
            f"/settlements/{row.pk}/pdf/", f"/contracts/{joint.pk}/", f"/contracts/{joint.pk}/try/",
            f"/contracts/{joint.pk}/edit/", f"/payouts/{payout.pk}/pdf/",
        ],
        "open": [
            f"/productions/{production.pk}/money/", f"/statements/{row.statement_id}/", "/payouts/?state=",
            f"/productions/{production.pk}/ledger/", f"/productions/{production.pk}/margin/",
        ],
    }  # fmt: skip


def test_one_title_alone_sees_nothing_of_the_contract(
    both: list[Settlement], joint: Any, production: Any, keeper: Any, owner: Any, client_of: Any
) -> None:
    addresses = _addresses(both[0], production, joint)
    one, whole = client_of(keeper), client_of(owner)
    for address in addresses["hidden"]:
        seen = whole.get(address)
        assert (address, seen.status_code) in [(address, 200), (address, 302)]
        assert (address, one.get(address).status_code) == (address, 404)
    for address in addresses["open"]:
        page = one.get(address)
        text = page.content.decode()
        assert (address, page.status_code, [mark for mark in MARKS if mark in text]) == (address, 200, [])
    # The same pages tell it to who works on all titles: what is looked for above is there to be found.
    assert any(SLATE in whole.get(address).content.decode() for address in addresses["hidden"][:2])
    assert "雨夜" in whole.get(addresses["open"][1]).content.decode()


def test_one_title_alone_finds_none_of_its_rows(
    both: list[Settlement], joint: Any, production: Any, other: Any, keeper: Any, owner: Any, platform: Any
) -> None:
    access = access_of(keeper)
    for model in (Contract, Settlement, Allocation, Payout):
        assert (model.__name__, access.scope(model.objects.all(), "money.view").count()) == (model.__name__, 0)
        assert access_of(owner).scope(model.objects.all(), "money.view").count() == model.objects.count() > 0
    assert {row.production_id for row in access.scope(Statement.objects.all(), "money.view")} == {production.pk}
    # With the second title they see all of it.
    Membership.objects.create(user=keeper, studio=production.studio, role="finance", production=other)
    assert access_of(keeper).scope(Settlement.objects.all(), "money.view").count() == 3


def test_a_run_shows_a_title_s_row_without_what_others_brought_in(
    joint: Any, production: Any, other: Any, platform: Any, owner: Any, keeper: Any, drain: Any
) -> None:
    stated(production, platform, "2026-01", 50_000, owner)
    stated(other, platform, "2026-01", 777_770, owner)
    start_run(studio=production.studio, period="2026-01", by=owner)
    rows = access_of(keeper).scope(RunTitle.objects.all(), "money.view")
    assert rows.count() == 1
    drain()
    assert (rows.count(), RunTitle.objects.filter(outcome="drafted").count()) == (0, 2)


def test_the_api_hides_it_too(
    both: list[Settlement], production: Any, keeper: Any, api_of: Any, owner: Any, studio: Any
) -> None:
    api = api_of(keeper, studio=studio)
    for path in ("settlements", "payouts"):
        answer = api.get(f"/api/v1/{path}/")
        assert (path, answer.status_code, answer.json()["results"]) == (path, 200, [])
    assert api.get(f"/api/v1/settlements/{both[0].pk}/").status_code == 404
    before = Job.objects.count()
    answer = api.post(f"/api/v1/statements/{both[2].statement_id}/settle/")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "settled_with_others")
    answer = api.post("/api/v1/settlements/", {"statement": both[2].statement_id})
    assert (answer.status_code, answer.json()["errors"][0]["code"], Job.objects.count()) == (
        400,
        "settled_with_others",
        before,
    )
    text = json.dumps(api.get("/api/v1/statements/").json())
    assert [mark for mark in MARKS if mark in text] == []
    assert len(api_of(owner).get("/api/v1/settlements/").json()["results"]) == 3


def test_a_contract_is_agreed_over_titles_one_works_on(
    production: Any, other: Any, platform: Any, parties: Any, keeper: Any, owner: Any, client_of: Any
) -> None:
    form = {"platform": platform.pk, "from_date": "2026-01-01", "pay_after_days": 30, "terms": json.dumps(TERMS)}
    page = client_of(keeper).post(f"/productions/{production.pk}/contracts/new/", form)
    assert (page.status_code, Contract.objects.count()) == (422, 0)
    assert "There is no title with the code CG02 here" in page.content.decode()
    assert client_of(owner).post(f"/productions/{production.pk}/contracts/new/", form).status_code == 302
    # What others agreed over more titles is neither written over nor read.
    alone = {**form, "terms": json.dumps({"pool_by": ["title"], "terms": [TERMS["terms"][0]]})}
    page = client_of(keeper).post(f"/productions/{production.pk}/contracts/new/", alone)
    assert (page.status_code, Contract.objects.get().terms["titles"]) == (422, ["CG01", "CG02"])
    assert [mark for mark in MARKS if mark in page.content.decode()] == []
