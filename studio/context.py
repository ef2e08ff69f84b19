"""What the frame around every page shows: studio, navigation, unread notices."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from studio.access import visible_studios
from studio.models import Notice

# (url name, label, icon, verb, further url names under which it counts as open)
NAVIGATION: list[tuple[str, str, str, str]] = []


def add_navigation(url_name: str, label: str, icon: str, verb: str) -> None:
    """Rooms put their first page into the frame, in order of the rooms."""
    entry = (url_name, label, icon, verb)
    if entry not in NAVIGATION:
        NAVIGATION.append(entry)


# (order, url name taking the production's pk, label, verb)
PRODUCTION_TABS: list[tuple[int, str, str, str]] = []


def add_production_tab(order: int, url_name: str, label: str, verb: str) -> None:
    """Rooms put their page of a production beside the others; `label` is a msgid."""
    entry = (order, url_name, label, verb)
    if entry not in PRODUCTION_TABS:
        PRODUCTION_TABS.append(entry)
        PRODUCTION_TABS.sort()


# What everybody starts with, then the film's way; a page a room adds without a place here comes last.
_ORDER = [
    "home", "slate", "my_days", "my_scripts", "scripts", "compliance", "people", "places", "post_desk", "delivery_desk", "money", "payouts",
    "wages",    "investments",
    "investments", "fundings",
]  # fmt: skip


def _place(entry: tuple[str, str, str, str]) -> int:
    return _ORDER.index(entry[0]) if entry[0] in _ORDER else len(_ORDER)


def shell(request: HttpRequest) -> dict[str, Any]:
    if not getattr(request, "user", None) or not request.user.is_authenticated or not hasattr(request, "access"):
        return {"shell": {"user": None, "language": get_language(), "nav": []}}
    return {"shell": SimpleLazyObject(lambda: _shell(request))}


def _shell(request: HttpRequest) -> dict[str, Any]:
    access = request.access  # type: ignore[attr-defined]
    nav = []
    # Whoever has only what is their own has nothing to search.
    may_search = False
    for url_name, label, icon, verb in sorted(NAVIGATION, key=_place):
        if access.may(verb):
            may_search = may_search or verb not in {"own.view", "writing.work"}
            url = reverse(url_name)
            active = request.path == url if url == "/" else request.path.startswith(url)
            nav.append({"label": _(label), "url": url, "icon": icon, "active": active})
    return {
        "user": request.user,
        "studio": request.studio,  # type: ignore[attr-defined]
        "studios": list(visible_studios(access).order_by("name")[:50]),
        "nav": nav,
        "may_search": may_search,
        "unread": Notice.objects.filter(user=request.user, read_at=None).count(),
        "language": get_language(),
        "may_admin": may_enter_admin(request),
        "may_members": access.may("member.view"),
    }


def may_enter_admin(request: HttpRequest) -> bool:
    from studio.access import ADMIN_ROLES

    access = request.access  # type: ignore[attr-defined]
    return bool(access.everything or access.roles & ADMIN_ROLES)
