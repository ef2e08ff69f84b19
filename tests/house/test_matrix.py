"""Every route x every role x own and other studio, against the one table of roles and verbs.

To add a route, add its line to `tests/house/routes.py` (its docstring says how); to add a model, add one row of it to
`tests/house/world.py`. What each call must answer follows from `studio.access.TABLE`:

- a role without the verb: 403; not signed in: the sign-in page, or 401 from the API;
- a role with the verb, its own row: an answer (200, a redirect, a sentence about the empty input), never 403, 404, 5xx;
- a row of another studio, or of a title or platform the member has nothing to do with: 404;
- a method that the route does not take: 405.

And no answer holds a word of a row that the caller may not see.
"""

from __future__ import annotations

import re
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from tests.house.routes import SIGNED_IN, UNNAMED, Route
from tests.house.walking import ROUTES, address_of, ask, check, patterns, text_of, undone, walk
from tests.house.world import OURS, THEIRS, World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("route", [route for route in ROUTES if not route.admin], ids=str)
def test_a_route_answers_each_role_as_the_table_says(route: Route, standing: World) -> None:
    check(route, standing)


@pytest.mark.parametrize("route", [route for route in ROUTES if len(route.rows) > 1], ids=str)
def test_a_row_of_another_studio_does_not_hang_under_the_own_title(route: Route, standing: World) -> None:
    """The address of the own title with the number of somebody else's row in it."""
    *parents, last = route.rows
    if "." in route.rows[last]:
        pytest.skip("the last part is a number within the title, which both titles have")
    # What is somebody's own is asked for by them.
    asker = standing.actor(route.personal or "owner")
    for strange in (standing.theirs, standing.next_door):
        kwargs: dict[str, Any] = {name: standing.own[route.rows[name]].pk for name in parents} | route.values
        kwargs[last] = strange[route.rows[last]].pk
        if kwargs[last] == standing.own[route.rows[last]].pk:
            continue  # A row of the studio: the title next door has the same one.
        address = reverse(route.name, kwargs=kwargs)
        for method, verb in route.verbs.items():
            if verb is not None:
                assert ask(asker, route, address, method)[0] == "404", f"{method} {address}"


@pytest.mark.parametrize("route", [r for r in ROUTES if r.api and r.read and r.name.endswith("-list")], ids=str)
def test_a_list_filtered_by_another_studios_title_is_empty(route: Route, standing: World) -> None:
    owner = standing.actor("owner")
    address = reverse(route.name)
    for name, value in (("production", standing.theirs["production"].pk), ("studio", standing.theirs["studio"].pk)):
        response = owner.client.get(f"{address}?{name}={value}")
        if response.status_code == 400:
            continue
        rows = response.json()["results"]
        allowed = {row["id"] for row in owner.client.get(address).json()["results"]}
        assert {row["id"] for row in rows} <= allowed
        assert THEIRS not in text_of(response)


@pytest.mark.parametrize("route", [r for r in ROUTES if r.write and r.csrf], ids=str)
def test_a_post_from_another_site_is_refused(route: Route, standing: World) -> None:
    owner = standing.actor("owner")
    client = Client(enforce_csrf_checks=True)
    client.cookies = SimpleCookie(owner.cookies)
    with undone():
        assert client.post(address_of(route, standing.own)).status_code == 403


def test_the_table_names_every_route_and_no_other() -> None:
    named = {name for name, _text, _pattern in patterns(get_resolver()) if name}
    unnamed = [text for name, text, _pattern in patterns(get_resolver()) if not name or name.endswith(":")]
    table = [route.name for route in ROUTES]
    assert sorted(named - set(table)) == [], "routes without a line in tests/house/routes.py"
    assert sorted(set(table) - named) == [], "lines of tests/house/routes.py without a route"
    assert len(table) == len(set(table))
    assert [text for text in unnamed if not any(re.match(known, text) for known in UNNAMED)] == []


def test_the_guard_of_a_page_asks_for_the_verbs_of_its_line() -> None:
    """The view's own `@page` and the line agree, so that neither is changed alone."""
    patterns = walk()
    for route in ROUTES:
        view = patterns[route.name].callback if route.name in patterns else None
        if (
            view is None
            or not hasattr(view, "methods")
            or not hasattr(view, "verb")
            or SIGNED_IN in route.verbs.values()
        ):
            continue
        methods = view.methods
        assert (route.read is not None) == ("GET" in methods), route.name
        assert (route.write is not None) == ("POST" in methods), route.name
        if route.read:
            assert view.verb == route.read, route.name
        if route.write:
            assert (view.write_verb or view.verb) == route.write, route.name


def test_the_world_has_a_row_of_every_model_in_each_studio(standing: World) -> None:
    """A model without a row here would be a model whose leaks nobody sees."""
    from django.apps import apps

    from studio.models import Scoped

    for model in apps.get_models():
        if not issubclass(model, Scoped):
            continue
        for estate in (standing.own, standing.theirs):
            found = model._default_manager.filter(**{f"{model.studio_path}": estate["studio"].pk})
            assert found.exists(), f"{model.__name__} of {estate.word}"


def test_the_walk_would_see_a_leak(standing: World) -> None:
    """The words are where people look: the other owner does see them."""
    answer = standing.actor("owner of the other studio").client.get(reverse("slate"))
    assert THEIRS in text_of(answer)
    assert OURS not in text_of(answer)
