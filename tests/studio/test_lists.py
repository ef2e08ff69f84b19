"""The fast lists of the API: cursors, filters, fields, ETags, and what they must not leak."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from studio.actions import open_production
from studio.choices import Stage
from studio.models import Production, User

URL = "/api/v1/productions/"


@pytest.fixture
def titles(production: Production, other_production: Production, owner: User) -> list[Production]:
    more = [open_production(studio=production.studio, title=f"第{n}部", code=f"N{n}", by=owner) for n in range(6)]
    return [production, *more]


def test_pages_follow_each_other_and_never_leak(api_of: Any, owner: User, titles: list[Production]) -> None:
    api = api_of(owner, "production.view")
    seen, cursor, pages = [], None, 0
    while True:
        answer = api.get(URL, {"limit": 3, **({"cursor": cursor} if cursor else {})}).json()
        seen += [row["id"] for row in answer["results"]]
        cursor, pages = answer["next"], pages + 1
        if cursor is None:
            break
    assert seen == [title.pk for title in titles]
    assert pages == 3


def test_a_row_is_what_the_serializer_says(api_of: Any, owner: User, production: Production) -> None:
    api = api_of(owner, "production.view")
    row = api.get(URL).json()["results"][0]
    one = api.get(f"{URL}{production.pk}/").json()
    assert row == one
    assert row["title"] == "初光"
    assert "investment_minor" not in row  # a list for every desk, post artists and all
    assert row["shoot_from_date"] == "2026-12-01"


def test_order_by_change_and_updated_since(api_of: Any, owner: User, titles: list[Production]) -> None:
    api = api_of(owner, "production.view")
    moment = timezone.now() + dt.timedelta(minutes=5)
    Production.objects.filter(pk__in=[titles[2].pk, titles[0].pk]).update(updated_at=moment)
    params = {"order": "updated_at", "limit": 1, "updated_since": moment.isoformat()}
    first = api.get(URL, params).json()
    second = api.get(URL, {**params, "cursor": first["next"]}).json()
    assert [row["id"] for row in first["results"] + second["results"]] == [titles[0].pk, titles[2].pk]
    assert second["next"] is None


def test_fields_and_filters(api_of: Any, owner: User, titles: list[Production]) -> None:
    api = api_of(owner, "production.view")
    answer = api.get(URL, {"fields": "code,title", "code": "N3"}).json()
    assert answer == {"next": None, "results": [{"code": "N3", "title": "第3部"}]}


@pytest.mark.parametrize(
    ("params", "field", "code"),
    [
        ({"limit": "0"}, "limit", "limit_out_of_range"),
        ({"limit": "many"}, "limit", "limit_out_of_range"),
        ({"fields": "title,secret"}, "fields", "unknown_field"),
        ({"cursor": "!!!"}, "cursor", "bad_cursor"),
        ({"cursor": "WyJpZCIsICJ4IiwgbnVsbF0"}, "cursor", "bad_cursor"),
        ({"updated_since": "yesterday"}, "updated_since", "not_a_moment"),
        ({"order": "title"}, "order", "unknown_order"),
        ({"stage": "lunch"}, "stage", "invalid_choice"),
        ({"stag": "shoot"}, "stag", "unknown_parameter"),
        ({"studio": "x' OR 1=1"}, "studio", "invalid_choice"),
    ],
)
def test_bad_questions_get_a_clear_answer(
    api_of: Any, owner: User, titles: list[Production], params: dict[str, str], field: str, code: str
) -> None:
    answer = api_of(owner, "production.view").get(URL, params)
    assert answer.status_code == 400
    problem = answer.json()
    assert problem["type"] == "validation_error"
    assert [(error["field"], error["code"]) for error in problem["errors"]] == [(field, code)]
    assert problem["errors"][0]["message"]


def test_a_misspelt_question_is_told_what_there_is(api_of: Any, owner: User, titles: list[Production]) -> None:
    api = api_of(owner, "production.view")
    wrong = api.get(URL, {"stage": "lunch"}).json()["errors"][0]["message"]
    assert wrong == f"There is no “lunch”. There are: {', '.join(Stage.values)}."
    missing = api.get(URL, {"stag": "shoot"}).json()["errors"][0]["message"]
    assert missing == (
        "No such parameter. There are: code, cursor, fields, limit, order, stage, studio, updated_since, work_kind."
    )


def test_the_first_address_says_where_things_are(client: Any) -> None:
    found = client.get("/api/v1/").json()
    assert (found["docs"], found["schema"]) == ("/api/v1/docs/", "/api/v1/schema/")
    assert found["lists"]["deliveries"] == "/api/v1/deliveries/"


def test_the_schema_tells_of_tags(client: Any) -> None:
    import yaml

    schema = yaml.safe_load(client.get("/api/v1/schema/").content)
    operation = schema["paths"][URL]["get"]
    assert "If-None-Match" in [parameter["name"] for parameter in operation["parameters"]]
    assert operation["responses"]["304"]["description"]
    assert "ETag" in operation["responses"]["200"]["headers"]


def test_an_unchanged_list_is_a_304_until_anything_changes(api_of: Any, owner: User, production: Production) -> None:
    api = api_of(owner, "production.view")
    first = api.get(URL)
    tag = first.headers["ETag"]
    assert api.get(URL, HTTP_IF_NONE_MATCH=tag).status_code == 304
    assert api.get(URL, {"fields": "id"}, HTTP_IF_NONE_MATCH=tag).status_code == 200
    open_production(studio=production.studio, title="新片", code="XP", by=owner)
    again = api.get(URL, HTTP_IF_NONE_MATCH=tag)
    assert again.status_code == 200
    assert again.headers["ETag"] != tag


def test_the_tag_is_one_however_it_was_come_by(api_of: Any, owner: User, client: Any, titles: list[Production]) -> None:
    """Read with the rows, ahead of them for a caller that brings an old tag, and where no row carries it."""
    api = api_of(owner, "production.view")
    with_rows = api.get(URL)
    ahead = api.get(URL, HTTP_IF_NONE_MATCH='"old"')
    assert (with_rows.status_code, ahead.status_code) == (200, 200)
    assert with_rows.headers["ETag"] == ahead.headers["ETag"]
    assert with_rows.content == ahead.content
    nothing = {"stage": "settled"}
    empty = api.get(URL, nothing)
    assert empty.json() == {"next": None, "results": []}
    assert api.get(URL, nothing, HTTP_IF_NONE_MATCH=empty.headers["ETag"]).status_code == 304
    open_production(studio=titles[0].studio, title="新片", code="XP", by=owner)
    assert api.get(URL, nothing, HTTP_IF_NONE_MATCH=empty.headers["ETag"]).status_code == 200


def test_another_users_tag_never_matches(
    api_of: Any, owner: User, other_owner: User, titles: list[Production], other_production: Production
) -> None:
    mine = api_of(owner, "production.view").get(URL).headers["ETag"]
    theirs = api_of(other_owner, "production.view").get(URL, HTTP_IF_NONE_MATCH=mine)
    assert theirs.status_code == 200
    assert [row["title"] for row in theirs.json()["results"]] == ["别人的戏"]


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_one_query_whatever_its_length(
    api_of: Any, owner: User, production: Production, count: int, django_assert_num_queries: Any
) -> None:
    for n in range(count):
        open_production(studio=production.studio, title=f"{n}", code=f"Q{n}", by=owner)
    api = api_of(owner, "production.view")
    api.get(URL)  # the token is remembered from here on
    with django_assert_num_queries(1):
        assert len(api.get(URL).json()["results"]) == count + 1
    tag = api.get(URL).headers["ETag"]
    with django_assert_num_queries(1):
        assert api.get(URL, HTTP_IF_NONE_MATCH=tag).status_code == 304


def test_another_studios_production_is_not_there(api_of: Any, owner: User, other_production: Production) -> None:
    api = api_of(owner)
    assert api.get(f"{URL}{other_production.pk}/").status_code == 404
    assert api.get(f"{URL}{other_production.pk}/events/").status_code == 404


def test_events_tell_the_story_of_a_row(api_of: Any, owner: User, production: Production) -> None:
    events = api_of(owner).get(f"{URL}{production.pk}/events/").json()["results"]
    assert [(event["name"], event["who"]) for event in events] == [("ProductionOpened", str(owner))]


def test_opening_a_production_by_the_api(api_of: Any, owner: User, production: Production, other_studio: Any) -> None:
    api = api_of(owner)
    made = api.post(URL, {"studio": production.studio_id, "title": "新戏", "code": "XX1"}, format="json")
    assert made.status_code == 201, made.content
    assert Production.objects.get(pk=made.json()["id"]).title == "新戏"
    again = api.post(URL, {"studio": production.studio_id, "title": "新戏", "code": "XX1"}, format="json")
    assert again.status_code == 400
    foreign = api.post(URL, {"studio": other_studio.pk, "title": "新戏", "code": "XX2"}, format="json")
    assert foreign.status_code == 400
    assert foreign.json()["errors"][0]["field"] == "studio"
    assert not Production.objects.filter(studio=other_studio, code="XX2").exists()
