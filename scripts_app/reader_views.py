"""What somebody outside sees of a script link: a cover, the text, the PDF. No sign-in; the address is the key (ADR 0025)."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from scripts_app import actions, queries
from scripts_app.choices import OpeningKind
from scripts_app.models import ScriptLink
from scripts_app.script_paper_views import asked_language, pdf_answer
from scripts_app.script_papers import Copy, Mark, Part, file_name, script_data, script_pdf, today
from scripts_app.visitors import agent_family, network_of
from studio.refusals import Refused
from studio.throttle import spend

# An opening holds as long in the browser that made it: going back, reloading and taking the PDF are no new one.
SEAT_SECONDS = 2 * 3600
SEATS = "script_links"
# (tries, seconds): addresses that open nothing by one network, passwords by one and by all, PDFs of one link.
MISSES, TRIES, ALL_TRIES, PAPERS = (30, 600), (10, 900), (60, 900), (20, 3600)

View = Callable[..., HttpResponseBase]


def open_door(*methods: str) -> Callable[[View], View]:
    """Guard a page that the secret in its address opens.

    There is no session to abuse, so there is no CSRF token either: under `no-referrer` browsers send `Origin: null`,
    which Django's check refuses.
    """

    def guard(view: View) -> View:
        @csrf_exempt
        @functools.wraps(view)
        def guarded(request: HttpRequest, secret: str) -> HttpResponseBase:
            if request.method not in {*methods, "HEAD"}:
                return HttpResponseNotAllowed(methods)
            link = queries.live_link(secret)
            if link is not None:
                answer = view(request, secret, link)
            elif spend("script-link-misses", _address(request), limit=MISSES[0], seconds=MISSES[1]):
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
    return render(request, "scripts/read_closed.html", status=404)


def busy(request: HttpRequest, seconds: int) -> HttpResponse:
    answer = render(request, "scripts/read_busy.html", {"minutes": -(-seconds // 60)}, status=429)
    answer["Retry-After"] = str(seconds)
    return answer


def _address(request: HttpRequest) -> str:
    return str(get_adapter().get_client_ip(request))


def _seated(request: HttpRequest, link: ScriptLink) -> bool:
    until = request.session.get(SEATS, {}).get(str(link.pk), 0)
    return bool(until > time.time())


def _seat(request: HttpRequest, link: ScriptLink) -> None:
    now = time.time()
    kept = {key: until for key, until in request.session.get(SEATS, {}).items() if until > now}
    request.session[SEATS] = kept | {str(link.pk): now + SEAT_SECONDS}


def _part(link: ScriptLink) -> Part:
    roles = (link.role,) if link.role else ()
    return Part(episodes=frozenset(link.episodes), roles=roles, title=link.role)


def _mark(link: ScriptLink) -> Mark:
    return Mark(link.reader_name, today(link.revision), link.code)


@open_door("GET", "POST")
def read_script(request: HttpRequest, secret: str, link: ScriptLink) -> HttpResponseBase:
    """The cover; after its button was pressed, and the password given, the text.

    Programs that preview addresses ask for them, but press nothing: only a POST is an opening.
    """
    if request.method == "POST":
        return _open(request, secret, link)
    if not _seated(request, link):
        return closed(request) if link.used_up else _cover(request, link)
    data = script_data(
        Copy.of(link.revision), _part(link), language=get_language() or settings.LANGUAGE_CODE, mark=_mark(link)
    )
    return render(request, "scripts/read.html", {"link": link, "data": data, "rows": range(24), "secret": secret})


def _cover(request: HttpRequest, link: ScriptLink, error: str = "", status: int = 200) -> HttpResponse:
    production = link.revision.script.production
    context = {"link": link, "production": production, "error": error, "asks": bool(link.password)}
    return render(request, "scripts/read_cover.html", context, status=status)


def _open(request: HttpRequest, secret: str, link: ScriptLink) -> HttpResponseBase:
    address = _address(request)
    if link.password:
        for name, who, (limit, seconds) in (
            ("script-link-tries", f"{link.pk}:{address}", TRIES), ("script-link-all-tries", str(link.pk), ALL_TRIES),
        ):  # fmt: skip
            if not spend(name, who, limit=limit, seconds=seconds):
                return busy(request, seconds)
        if not check_password(request.POST.get("password", "")[:128], link.password):
            return _cover(request, link, _("That is not the password. Ask whoever sent you the link."), 422)
    if not _seated(request, link):
        try:
            _write_down(request, link, OpeningKind.PAGE, address)
        except Refused:
            return closed(request)
        _seat(request, link)
    answer = redirect("read_script", secret=secret)
    answer.status_code = 303
    return answer


def _write_down(request: HttpRequest, link: ScriptLink, kind: str, address: str) -> None:
    agent = agent_family(request.headers.get("User-Agent", ""))
    actions.open_link(link=link, kind=kind, agent=agent, network=network_of(address))


@open_door("GET")
def read_script_pdf(request: HttpRequest, secret: str, link: ScriptLink) -> HttpResponseBase:
    """The PDF, with the reader's name, the date and the link's number across each page."""
    if not _seated(request, link):
        return redirect("read_script", secret=secret)
    if not link.allows_pdf:
        return closed(request)
    if not spend("script-link-papers", str(link.pk), limit=PAPERS[0], seconds=PAPERS[1]):
        return busy(request, PAPERS[1])
    if request.method == "HEAD":
        return HttpResponse(content_type="application/pdf")
    part = _part(link)
    data: Any = script_pdf(Copy.of(link.revision), part, language=asked_language(request), mark=_mark(link))
    try:
        _write_down(request, link, OpeningKind.PDF, _address(request))
    except Refused:
        return closed(request)
    return pdf_answer(data, file_name(link.revision, part))
