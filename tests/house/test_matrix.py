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

import contextlib
import io
import json
import logging
import re
import zipfile
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from studio.access import ADMIN_ROLES, TABLE, VERBS
from tests.house.routes import ANYONE, NOBODY, SECRET, SIGNED_IN, SPECIAL, UNNAMED, Route, routes
from tests.house.world import FOR_PLATFORMS, OURS, THEIRS, Actor, Estate, World, build

ROUTES = routes()
pytestmark = pytest.mark.django_db


def _patterns(resolver: Any, prefix: str = "", spaces: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    for entry in resolver.url_patterns:
        text = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            space = f"{spaces}{entry.namespace}:" if entry.namespace else spaces
            yield from _patterns(entry, text, space)
        else:
            yield f"{spaces}{entry.name}" if entry.name else "", text, entry


def walk() -> dict[str, URLPattern]:
    """Name -> pattern of all routes of the house."""
    return {name: pattern for name, _text, pattern in _patterns(get_resolver()) if name}


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Path]]:
    """Built once and rolled back at the end; so is whatever a call changes."""
    from django.conf import settings
    from django.core.files.storage import default_storage

    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), transaction.atomic():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(default_storage, "_location", str(media), raising=False)
            patch.setattr(settings, "MEDIA_ROOT", str(media))
            default_storage.__dict__.pop("base_location", None)
            default_storage.__dict__.pop("location", None)
            yield_world = build()
        yield yield_world, media
        transaction.set_rollback(True)


@pytest.fixture
def standing(world: tuple[World, Path], settings: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    settings.MEDIA_ROOT = world[1]
    # Each refusal would be a line, and there are thousands.
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)
    return world[0]


# --- what must come out ------------------------------------------------------------------------------------------


def _verbs(actor: Actor) -> frozenset[str]:
    if actor.reach == "network":
        return frozenset(verb for verb in VERBS if verb.endswith(".view"))
    return frozenset(verb for verb in VERBS if actor.role in TABLE[verb])


def _reaches(actor: Actor, estate: str, route: Route, key: str) -> bool:
    """Whether the row is one of theirs; `estate` is own, next_door or theirs."""
    if route.personal:
        mine = {"own": route.personal, "theirs": "owner of the other studio" if route.personal == "owner" else ""}
        return actor.name == mine[estate]
    return {
        "studio": estate in {"own", "next_door"},
        "network": estate in {"own", "next_door"},
        "title": estate == "own" and key not in STUDIO_KEYS,
        "platform": estate == "own" and key in FOR_PLATFORMS,
        "other": estate == "theirs",
        "nowhere": False,
    }[actor.reach]


STUDIO_KEYS = frozenset(
    {"studio", "person", "unavailability", "platform", "spec", "party", "filmbase", "location", "classrule", "paperrule",
     "pipeline", "budgetshare", "apitoken", "membership", "network", "user"}
)  # fmt: skip


def expected(actor: Actor, route: Route, verb: str | None, estate: str | None) -> str:
    """The answer that the table asks for: ok, 403, 404, 405 or sign-in."""
    if verb is None and (not route.api or route.read == ANYONE):
        return "405"
    if verb == ANYONE:
        return "any"
    if verb == SECRET:
        return "404"
    if actor.user is None:
        return "sign-in"
    if route.admin and actor.role not in ADMIN_ROLES:
        return "403"
    if verb == SIGNED_IN and not route.personal:
        return "ok"
    if verb is None:
        return "405"
    if verb != SIGNED_IN and (verb == NOBODY or verb not in _verbs(actor)):
        return "403"
    if route.wide and actor.reach in {"title", "platform"}:
        return "403"
    if estate is not None and not _reaches(actor, estate, route, list(route.rows.values())[-1].partition(".")[0]):
        return "404"
    return "ok"


def observed(response: HttpResponseBase, route: Route, method: str, wanted: str) -> str:
    status = response.status_code
    if wanted in {"ok", "any"} and status in route.also:
        return "ok"
    if status == 401 or (status == 302 and response["Location"].startswith(("/accounts/login/", "/admin/login/"))):
        return "sign-in"
    if status in {200, 302, 303} or (method != "GET" and status in {201, 202, 204, 400, 409, 415, 422}):
        return "ok"
    return str(status)


# --- asking ------------------------------------------------------------------------------------------------------


def _address(route: Route, estate: Estate) -> str:
    kwargs: dict[str, Any] = dict(route.values)
    for name, path in route.rows.items():
        key, _dot, field = path.partition(".")
        kwargs[name] = getattr(_row(estate, key), field or "pk")
    return str(reverse(route.name, kwargs=kwargs)) + route.query


def _row(estate: Estate, key: str) -> Any:
    from studio.models import Membership, User

    if key == "membership":
        return Membership.objects.filter(studio=estate["studio"]).order_by("pk").first()
    if key == "user":
        return User.objects.filter(memberships__studio=estate["studio"]).order_by("pk").first()
    if key == "network":
        return estate["studio"].network or _row_of_any_network()
    return estate[key]


def _row_of_any_network() -> Any:
    from studio.models import Network

    return Network.objects.order_by("pk").first()


def text_of(response: HttpResponseBase) -> str:
    """All that the answer says, also in a spreadsheet's packed files."""
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join(packed.read(name) for name in packed.namelist())
    text = body.decode("utf-8", "replace")
    if response.get("Content-Type", "").startswith("application/json") and body:
        text += json.dumps(json.loads(body), ensure_ascii=False)
    return text + response.get("Location", "") + response.get("Content-Disposition", "")


@contextlib.contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# Whose pages are drawn and read for words. The others see a part of what the owner sees, by the same querysets: for
# them the status is asked for, and drawing the page would be most of the time.
READERS = frozenset(
    {"anonymous", "nobody", "owner", "crew", "investor", "platform_client", "guest of one title", "network viewer",
     "owner of the other studio"}
)  # fmt: skip


@contextlib.contextmanager
def unrendered() -> Iterator[None]:
    """Let pages be decided on but not drawn."""
    from django.template.backends.django import Template

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "render", lambda self, context=None, request=None: "")
        yield


def _ask(actor: Actor, route: Route, address: str, method: str, wanted: str = "") -> tuple[str, str]:
    kind: dict[str, Any] = {"content_type": "application/json"} if route.api else {}
    sent = {"data": route.data, **kind} if method != "GET" else {}
    # Signing out, or choosing a language, must not be remembered by the next call.
    actor.client.cookies = SimpleCookie(actor.cookies)
    with undone():
        try:
            response = getattr(actor.client, method.lower())(address, **sent)
            return observed(response, route, method, wanted), text_of(response)
        except Exception as error:
            return f"{type(error).__name__}: {error}"[:300], ""


def faults(world: World, route: Route, actor: Actor) -> Iterator[str]:
    """What is wrong with this route for this caller, one line each."""
    places: list[str | None] = [None]
    if route.rows:
        whole_title = actor.reach in {"title", "platform"} and not route.personal
        # The second title differs from the first for those alone who do not see the whole studio.
        places = ["own", "next_door", "theirs"] if whole_title else ["own", "theirs"]
    for place in places:
        estate = getattr(world, place) if place else world.own
        address = _address(route, estate)
        for method, verb in route.verbs.items():
            wanted = expected(actor, route, verb, place)
            if wanted in {"403", "405", "sign-in"} and place != places[0]:
                continue  # the row plays no part: asked once
            if wanted == "405" and actor.name not in {"anonymous", "owner"}:
                continue  # nor does the role
            found, text = _ask(actor, route, address, method, wanted)
            call = f"{method} {address} by {actor} ({place or 'no row'})"
            if wanted == "any":
                wanted = found if found in {"ok", "sign-in"} else "ok"
            if wanted == "403" and found == "404" and place is not None and not _reaches(actor, place, route, ""):
                # Refused either way; which of the two comes first is the admin's order.
                wanted = found
            if wanted == "404" and found == "403" and route.admin:
                # The admin asks whether a kind of row can be deleted at all before it looks for the row.
                wanted = found
            if found != wanted:
                yield f"{call}: {found}, not {wanted}"
            for word in world.hidden_from(actor):
                if word in text:
                    at = text.index(word)
                    yield f"{call} shows “{text[max(0, at - 60) : at + 30]}”"


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_a_route_answers_each_role_as_the_table_says(route: Route, standing: World) -> None:
    for verb in route.verbs.values():
        assert verb is None or verb in VERBS | SPECIAL | {NOBODY}, verb
    open_door = {route.read, route.write} <= {ANYONE, SECRET, None}
    wrong: list[str] = []
    for actor in standing.actors:
        if open_door and actor.name not in {"anonymous", "nobody", "owner"}:
            continue
        with contextlib.nullcontext() if actor.name in READERS else unrendered():
            wrong.extend(faults(standing, route, actor))
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


@pytest.mark.parametrize("route", [route for route in ROUTES if len(route.rows) > 1], ids=str)
def test_a_row_of_another_studio_does_not_hang_under_the_own_title(route: Route, standing: World) -> None:
    """The address of the own title with the number of somebody else's row in it."""
    *parents, last = route.rows
    if "." in route.rows[last]:
        pytest.skip("the last part is a number within the title, which both titles have")
    owner = standing.actor("owner")
    for strange in (standing.theirs, standing.next_door):
        kwargs: dict[str, Any] = {name: standing.own[route.rows[name]].pk for name in parents} | route.values
        kwargs[last] = strange[route.rows[last]].pk
        address = reverse(route.name, kwargs=kwargs)
        for method, verb in route.verbs.items():
            if verb is not None:
                assert _ask(owner, route, address, method)[0] == "404", f"{method} {address}"


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
        assert client.post(_address(route, standing.own)).status_code == 403


def test_the_table_names_every_route_and_no_other() -> None:
    named = {name for name, _text, _pattern in _patterns(get_resolver()) if name}
    unnamed = [text for name, text, _pattern in _patterns(get_resolver()) if not name or name.endswith(":")]
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
