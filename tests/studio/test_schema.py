"""The OpenAPI document and its page: complete, without warnings, from files of our own, and true."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

LISTS = {
    "productions", "episodes", "scenes", "stripboards", "shoot-days", "call-sheets", "daily-reports", "post-tasks",
    "deliveries", "statements", "settlements", "jobs",
}  # fmt: skip


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    from drf_spectacular.drainage import GENERATOR_STATS
    from drf_spectacular.generators import SchemaGenerator

    GENERATOR_STATS.reset()
    schema = SchemaGenerator().get_schema(request=None, public=True)
    assert not GENERATOR_STATS, "the schema was made with warnings"
    return dict(schema)


def test_every_room_answers_lists_and_one(document: dict[str, Any]) -> None:
    for name in LISTS:
        assert "get" in document["paths"][f"/api/v1/{name}/"], name
        assert "get" in document["paths"][f"/api/v1/{name}/{{id}}/"], name
    assert "get" in document["paths"]["/api/v1/deliveries/{id}/events/"]


def test_every_list_takes_the_same_questions(document: dict[str, Any]) -> None:
    for name in LISTS:
        asked = {parameter["name"] for parameter in document["paths"][f"/api/v1/{name}/"]["get"]["parameters"]}
        assert {"cursor", "limit", "updated_since", "order", "fields"} <= asked, name


def test_every_call_may_answer_with_a_problem(document: dict[str, Any]) -> None:
    problem = document["components"]["schemas"]["Problem"]["properties"]["errors"]["items"]
    assert set(problem["required"]) == {"code", "message", "field"}
    for path in document["paths"].values():
        for operation in path.values():
            for status in ("401", "403"):
                content = operation["responses"][status]["content"]["application/json"]
                assert content["schema"]["$ref"] == "#/components/schemas/Problem"


def test_the_page_loads_nothing_from_elsewhere(db: None) -> None:
    client = Client()
    page = client.get("/api/v1/docs/")
    assert page.status_code == 200
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.content.decode())
    assert addresses
    assert [address for address in addresses if not address.startswith(("/static/", "/api/"))] == []
    schema = client.get("/api/v1/schema/")
    assert schema.status_code == 200
    assert b"/api/v1/deliveries/" in schema.content


def test_what_is_answered_is_what_is_documented(
    document: dict[str, Any], api_of: Any, owner: Any, production: Any
) -> None:
    """The rows of a list have exactly the properties of its component."""
    api = api_of(owner)
    row = api.get("/api/v1/productions/").json()["results"][0]
    answer = document["paths"]["/api/v1/productions/"]["get"]["responses"]["200"]["content"]["application/json"][
        "schema"
    ]
    page = document["components"]["schemas"][answer["$ref"].rsplit("/", 1)[1]]
    assert set(page["properties"]) == {"next", "results"}
    results = page["properties"]["results"]
    component = document["components"]["schemas"][results["items"]["$ref"].rsplit("/", 1)[1]]
    assert set(row) == set(component["properties"])


@pytest.mark.parametrize("name", sorted(LISTS))
def test_odd_questions_never_break_a_list(name: str, api_of: Any, owner: Any, production: Any) -> None:
    """Whatever stands in the query, the answer is a page or a problem."""
    api = api_of(owner)
    odd = [
        "",
        "0",
        "-1",
        "9" * 40,
        "null",
        "\x00",
        "ﬁ",
        "'; DROP TABLE x;--",
        "2026-13-45T99:00:00Z",
        "[]",
        "%",
        "1e309",
    ]
    keys = ["cursor", "limit", "updated_since", "order", "fields", "production", "state", "platform", "number", "date"]
    for key in keys:
        for value in odd:
            answer = api.get(f"/api/v1/{name}/", {key: value})
            assert answer.status_code in {200, 400}, (key, value, answer.content[:200])
            if answer.status_code == 400:
                assert {"code", "message", "field"} == set(answer.json()["errors"][0])
    for pk in ("0", "999999999999999999", "9" * 30, "abc", "-1", "1.5"):
        answer = api.get(f"/api/v1/{name}/{pk}/")
        assert answer.status_code == 404, (pk, answer.status_code)
