"""Asking a route as somebody, and what the table of roles and verbs says the answer must be."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from studio.access import ADMIN_ROLES, TABLE, VERBS
from tests.house.routes import ANYONE, NOBODY, SECRET, SIGNED_IN, SPECIAL, Route, routes
from tests.house.world import FOR_PLATFORMS, Actor, Estate, World

ROUTES = routes()


def patterns(resolver: Any, prefix: str = "", spaces: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    for entry in resolver.url_patterns:
        text = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            space = f"{spaces}{entry.namespace}:" if entry.namespace else spaces
            yield from patterns(entry, text, space)
        else:
            yield f"{spaces}{entry.name}" if entry.name else "", text, entry


def walk() -> dict[str, URLPattern]:
    """Name -> pattern of all routes of the house."""
    return {name: pattern for name, _text, pattern in patterns(get_resolver()) if name}


# --- what must come out ------------------------------------------------------------------------------------------


def _verbs(actor: Actor) -> frozenset[str]:
    if actor.reach == "network":
        return frozenset(verb for verb in VERBS if verb.endswith(".view"))
    # One's own days, notices and tokens need no role.
    return frozenset(verb for verb in VERBS if actor.role in TABLE[verb]) | {"own.view"}


def _reaches(actor: Actor, estate: str, route: Route, key: str) -> bool:
    """Whether the row is one of theirs; `estate` is own, next_door or theirs."""
    if route.personal:
        mine = {
            "own": route.personal,
            "next_door": "",
            "theirs": "owner of the other studio" if route.personal == "owner" else "",
        }
        return actor.name == mine[estate]
    return {
        "studio": estate in {"own", "next_door"},
        "network": estate in {"own", "next_door"},
        # A writer has the role over the whole studio, and yet only the title whose script they write.
        "writer": False,
        "title": estate == "own" and key not in STUDIO_KEYS,
        "platform": estate == "own" and key in FOR_PLATFORMS,
        "other": estate == "theirs",
        "nowhere": False,
    }[actor.reach]


STUDIO_KEYS = frozenset(
    {
        "alarmrule",
        "apitoken",
        "approvallimit",
        "bankaccount",
        "bankbatch",
        "bankcolumn",
        "bankreturn",
        "bankreturnline",
        "banktemplate",
        "batchpart",
        "budgetshare",
        "classrule",
        "closedperiod",
        "columnmapping",
        "consentrule",
        "costcap",
        "criterion",
        "dictionaryword",
        "exchangerate",
        "filingclock",
        "filmbase",
        "flagterm",
        "location",
        "membership",
        "network",
        "paperrule",
        "party",
        "payeebatch",
        "payeelink",
        "payeelinkopening",
        "person",
        "pipeline",
        "platform",
        "revisioncolour",
        "settlementrun",
        "sourcework",
        "spec",
        "statementbatch",
        "studio",
        "tariff",
        "taxdueday",
        "taxremittance",
        "taxtable",
        "unavailability",
        "user",
        "wagepayment",
    }
)


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


def address_of(route: Route, estate: Estate) -> str:
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
    {"anonymous", "nobody", "owner", "crew", "writer", "investor", "platform_client", "guest of one title", "network viewer",
     "owner of the other studio"}
)  # fmt: skip

# One for each way in which rows are narrowed. A role is decided on before any row is asked for, which no database
# changes: on the second one these alone walk, so that every query of every page is asked there too.
NARROWED = frozenset(
    {
        "owner",
        "writer",
        "investor",
        "platform_client",
        "guest of one title",
        "network viewer",
        "owner of the other studio",
    }
)


@contextlib.contextmanager
def unrendered() -> Iterator[None]:
    """Let pages be decided on but not drawn."""
    from django.template.backends.django import Template

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "render", lambda self, context=None, request=None: "")
        yield


def ask(actor: Actor, route: Route, address: str, method: str, wanted: str = "") -> tuple[str, str]:
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
        whole_title = actor.reach == "writer" or (actor.reach in {"title", "platform"} and not route.personal)
        # The second title differs from the first for those alone who do not see the whole studio.
        places = ["own", "next_door", "theirs"] if whole_title else ["own", "theirs"]
    for place in places:
        estate = getattr(world, place) if place else world.own
        address = address_of(route, estate)
        for method, verb in route.verbs.items():
            wanted = expected(actor, route, verb, place)
            if wanted in {"403", "405", "sign-in"} and place != places[0]:
                continue  # the row plays no part: asked once
            if wanted == "405" and actor.name not in {"anonymous", "owner"}:
                continue  # nor does the role
            found, text = ask(actor, route, address, method, wanted)
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


def check(route: Route, world: World) -> None:
    """Ask the route as everybody; fail with a line for each wrong answer."""
    for verb in route.verbs.values():
        assert verb is None or verb in VERBS | SPECIAL | {NOBODY}, verb
    open_door = {route.read, route.write} <= {ANYONE, SECRET, None}
    wrong: list[str] = []
    everybody = connection.vendor == "sqlite"
    for actor in world.actors:
        if not everybody and actor.name not in NARROWED:
            continue
        if open_door and actor.name not in {"anonymous", "nobody", "owner"}:
            continue
        with contextlib.nullcontext() if actor.name in READERS else unrendered():
            wrong.extend(faults(world, route, actor))
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)
