"""Doors that a secret in the address opens: for people outside, without an account.

Rooms keep the links (a row with the digest of its secret); what all such doors have in common is here: one answer for
everything that opens nothing, few tries, no trace for caches and the next site, and who counts as having opened it.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from studio.throttle import spend

# An opening holds as long in the browser that made it: going back, reloading and taking a paper are no new one.
SEAT_SECONDS = 2 * 3600
# (tries, seconds): addresses that open nothing by one network, passwords by one and by all.
MISSES, TRIES, ALL_TRIES = (30, 600), (10, 900), (60, 900)

View = Callable[..., HttpResponseBase]


def open_door(find: Callable[[str], Any], name: str, *methods: str) -> Callable[[View], View]:
    """Guard a page that the secret in its address opens; `find` gives its link while it opens anything.

    There is no session to abuse, so there is no CSRF token either: under `no-referrer` browsers send `Origin: null`,
    which Django's check refuses.
    """

    def guard(view: View) -> View:
        @csrf_exempt
        @functools.wraps(view)
        def guarded(request: HttpRequest, secret: str, **rest: Any) -> HttpResponseBase:
            if request.method not in {*methods, "HEAD"}:
                return HttpResponseNotAllowed(methods)
            link = find(secret)
            if link is not None:
                answer = view(request, secret, link, **rest)
            elif spend(f"{name}-misses", address_of(request), limit=MISSES[0], seconds=MISSES[1]):
                answer = closed(request)
            else:
                answer = busy(request, MISSES[1])
            # Neither a search engine, nor a cache between, nor the next site is to learn of it.
            answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
            answer["Cache-Control"] = "private, no-store"
            answer["Referrer-Policy"] = "no-referrer"
            return answer

        guarded.open_to_all = True  # type: ignore[attr-defined]
        return guarded

    return guard


def closed(request: HttpRequest) -> HttpResponse:
    """Unknown, mistyped, expired, revoked, used up: one answer, so that trying tells nothing."""
    return render(request, "studio/link_closed.html", status=404)


def busy(request: HttpRequest, seconds: int) -> HttpResponse:
    answer = render(request, "studio/link_busy.html", {"minutes": -(-seconds // 60)}, status=429)
    answer["Retry-After"] = str(seconds)
    return answer


def address_of(request: HttpRequest) -> str:
    return str(get_adapter().get_client_ip(request))


def seated(request: HttpRequest, seats: str, link: Any) -> bool:
    """Whether this browser opened the link a while ago."""
    until = request.session.get(seats, {}).get(str(link.pk), 0)
    return bool(until > time.time())


def seat(request: HttpRequest, seats: str, link: Any) -> None:
    now = time.time()
    kept = {key: until for key, until in request.session.get(seats, {}).items() if until > now}
    request.session[seats] = kept | {str(link.pk): now + SEAT_SECONDS}


def too_many_tries(request: HttpRequest, name: str, link: Any) -> HttpResponse | None:
    """Count a try of a link's password, by this network and by all; an answer when one of them is used up."""
    for counter, who, (limit, seconds) in (
        (f"{name}-tries", f"{link.pk}:{address_of(request)}", TRIES), (f"{name}-all-tries", str(link.pk), ALL_TRIES),
    ):  # fmt: skip
        if not spend(counter, who, limit=limit, seconds=seconds):
            return busy(request, seconds)
    return None


def password_fits(request: HttpRequest, link: Any) -> bool:
    return check_password(request.POST.get("password", "")[:128], link.password)
