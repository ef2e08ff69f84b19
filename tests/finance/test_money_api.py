from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from finance.actions import run_settlement
from finance.models import Settlement, Statement
from studio.models import Job

from .conftest import sheet

BASE = "/api/v1"


@pytest.fixture
def issued(settled: Any) -> Any:
    return settled("2026-01", ("1", "1000"), issue=True)


def test_lists_by_caller(issued: Any, api_of: Any, owner: Any, other_owner: Any, studio: Any, make_member: Any) -> None:
    api, others, crew = api_of(owner), api_of(other_owner), api_of(make_member(studio, "crew"))
    for name in ("statements", "settlements", "payouts"):
        rows = api.get(f"{BASE}/{name}/").json()["results"]
        assert {row["production"] for row in rows} == {issued.production_id}
        assert others.get(f"{BASE}/{name}/").json()["results"] == []
        assert crew.get(f"{BASE}/{name}/").status_code == 403
        assert others.get(f"{BASE}/{name}/{rows[0]['id']}/").status_code == 404
        assert api_of(owner, "script.view").get(f"{BASE}/{name}/").status_code == 403


def test_one_settlement_with_its_allocations(issued: Any, api_of: Any, owner: Any) -> None:
    body = api_of(owner).get(f"{BASE}/settlements/{issued.pk}/", HTTP_ACCEPT_LANGUAGE="en").json()
    assert (body["receipts_minor"], body["shares_minor"], body["retained_minor"]) == (100_000, 80_000, 20_000)
    first = body["allocations"][0]
    assert (first["party_name"], first["amount_minor"], first["source"]) == ("经纪公司", 20_000, "pool")
    assert first["explanation"] == "20% of the pool's receipts, ¥1,000.00 so far: ¥200.00 in all, ¥0.00 settled before"
    events = api_of(owner).get(f"{BASE}/settlements/{issued.pk}/events/").json()["results"]
    assert [event["name"] for event in events] == ["SettlementDrafted", "SettlementIssued"]


@pytest.mark.parametrize("months", [1, 3])
def test_lists_take_a_fixed_number_of_queries(
    months: int, settled: Any, api_of: Any, owner: Any, django_assert_num_queries: Any
) -> None:
    for month in range(months):
        settled(f"2026-{month + 1:02d}", ("1", f"{1000 + month}"), issue=True)
    api = api_of(owner)
    api.get(f"{BASE}/payouts/")
    for name in ("statements", "settlements", "payouts"):
        with django_assert_num_queries(1):
            assert api.get(f"{BASE}/{name}/?limit=50").status_code == 200
    answer = api.get(f"{BASE}/payouts/")
    assert api.get(f"{BASE}/payouts/", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304


def test_uploading_and_running(
    contract: Any, production: Any, platform: Any, api_of: Any, owner: Any, drain: Any
) -> None:
    from studio.actions import ensure_episodes

    ensure_episodes(production=production, numbers=[1, 2])
    api = api_of(owner)

    def upload(data: bytes, **changes: Any) -> Any:
        fields = {
            "production": production.pk, "platform": platform.pk, "period": "2026-01",
            "file": SimpleUploadedFile("账单.csv", data), **changes,
        }  # fmt: skip
        return api.post(f"{BASE}/statements/", fields, format="multipart")

    answer = upload(sheet(("1", "600"), ("9", "400")))
    assert (answer.status_code, answer.json()["state"]) == (201, "held")
    assert [(row["code"], row["row"]) for row in answer.json()["findings"] if row["severity"] == "error"] == [
        ("unknown_episode", 3)
    ]
    assert [row["amount_minor"] for row in answer.json()["lines"]] == [60_000, 40_000]
    held = answer.json()["id"]
    refused = api.post(f"{BASE}/statements/{held}/accept/", {}, format="json")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "reason_missing")
    answer = upload(sheet(("1", "600"), ("2", "400")))
    again = upload(sheet(("1", "600"), ("2", "400")))
    assert (answer.json()["state"], again.json()["id"], Statement.objects.count()) == ("ready", answer.json()["id"], 2)
    statement = answer.json()["id"]
    early = api.post(f"{BASE}/settlements/", {"statement": statement}, format="json")
    assert (early.status_code, early.json()["errors"][0]["code"]) == (409, "statement_not_accepted")
    assert api.post(f"{BASE}/statements/{statement}/accept/", {}, format="json").json()["state"] == "accepted"
    job = api.post(f"{BASE}/settlements/", {"statement": statement}, format="json")
    assert (job.status_code, job.json()["kind"]) == (202, "finance.run_settlement")
    drain()
    settlement = Settlement.objects.get()
    assert Job.objects.get(pk=job.json()["id"]).result == {"settlement": settlement.pk}
    issued = api.post(f"{BASE}/settlements/{settlement.pk}/issue/")
    assert (issued.status_code, issued.json()["state"]) == (200, "issued")
    late = api.post(f"{BASE}/statements/{statement}/settle/")
    assert (late.status_code, late.json()["errors"][0]["code"]) == (409, "settlement_issued")


@pytest.mark.parametrize(
    ("data", "changes", "field"),
    [
        (b"", {}, "file"),
        (b"\x00\xff\x00binary" * 20, {}, "file"),
        ("没有表头".encode(), {}, "file"),
        (sheet(("1", "5")), {"period": "2026-1"}, "period"),
        (sheet(("1", "5")), {"period": "2026-13"}, "period"),
        (sheet(("1", "5")), {"mapping": "[1]"}, "mapping"),
        (sheet(("1", "5")), {"platform": 999_999}, "platform"),
    ],
)
def test_bad_uploads(
    production: Any, platform: Any, api_of: Any, owner: Any, data: bytes, changes: dict[str, Any], field: str
) -> None:
    fields = {
        "production": production.pk, "platform": platform.pk, "period": "2026-01",
        "file": SimpleUploadedFile("账单.csv", data), **changes,
    }  # fmt: skip
    answer = api_of(owner).post(f"{BASE}/statements/", fields, format="multipart")
    assert (answer.status_code, answer.json()["errors"][0]["field"], Statement.objects.count()) == (400, field, 0)
    assert len(answer.json()["errors"][0]["message"]) > 4


def test_another_studios_rows_do_not_exist(
    production: Any, platform: Any, other_production: Any, stated: Any, api_of: Any, owner: Any, other_owner: Any
) -> None:
    statement = stated("2026-01", ("1", "5"))
    others = api_of(other_owner)
    answer = others.post(
        f"{BASE}/statements/",
        {
            "production": production.pk, "platform": platform.pk, "period": "2026-01",
            "file": SimpleUploadedFile("a.csv", sheet(("1", "5"))),
        },
        format="multipart",
    )  # fmt: skip
    assert (answer.status_code, {error["field"] for error in answer.json()["errors"]}) == (
        400,
        {"production", "platform"},
    )
    answer = others.post(f"{BASE}/settlements/", {"statement": statement.pk}, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "statement")
    assert others.post(f"{BASE}/statements/{statement.pk}/accept/").status_code == 404


def test_a_read_only_token_does_not_write(contract: Any, stated: Any, api_of: Any, owner: Any) -> None:
    statement = stated("2026-01", ("1", "5"))
    run_settlement(statement=statement, by=owner)
    api = api_of(owner, "money.view")
    assert api.get(f"{BASE}/statements/{statement.pk}/").status_code == 200
    assert {
        api.post(f"{BASE}/statements/{statement.pk}/settle/").status_code,
        api.post(f"{BASE}/settlements/", {"statement": statement.pk}, format="json").status_code,
    } == {403}
