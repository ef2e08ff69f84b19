"""What somebody outside sees of a script link: a cover, the text, the PDF. No sign-in; the address is the key (ADR 0025)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from scripts_app import actions, queries
from scripts_app.choices import OpeningKind
from scripts_app.models import ScriptLink
from scripts_app.script_paper_views import asked_language, pdf_answer
from scripts_app.script_papers import Copy, Mark, Part, file_name, script_data, script_pdf, today
from studio.links import address_of, busy, closed, open_door, password_fits, seat, seated, too_many_tries
from studio.refusals import Refused
from studio.throttle import spend
from studio.visitors import agent_family, network_of

SEATS, DOOR = "script_links", "script-link"
# PDFs of one link in a stretch of time.
PAPERS = (20, 3600)


def _part(link: ScriptLink) -> Part:
    roles = (link.role,) if link.role else ()
    return Part(episodes=frozenset(link.episodes), roles=roles, title=link.role)


def _mark(link: ScriptLink) -> Mark:
    return Mark(link.reader_name, today(link.revision), link.code)


@open_door(queries.live_link, DOOR, "GET", "POST")
def read_script(request: HttpRequest, secret: str, link: ScriptLink) -> HttpResponseBase:
    """The cover; after its button was pressed, and the password given, the text.

    Programs that preview addresses ask for them, but press nothing: only a POST is an opening.
    """
    if request.method == "POST":
        return _open(request, secret, link)
    if not seated(request, SEATS, link):
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
    if link.password:
        full = too_many_tries(request, DOOR, link)
        if full is not None:
            return full
        if not password_fits(request, link):
            return _cover(request, link, _("That is not the password. Ask whoever sent you the link."), 422)
    if not seated(request, SEATS, link):
        try:
            _write_down(request, link, OpeningKind.PAGE)
        except Refused:
            return closed(request)
        seat(request, SEATS, link)
    answer = redirect("read_script", secret=secret)
    answer.status_code = 303
    return answer


def _write_down(request: HttpRequest, link: ScriptLink, kind: str) -> None:
    agent = agent_family(request.headers.get("User-Agent", ""))
    actions.open_link(link=link, kind=kind, agent=agent, network=network_of(address_of(request)))


@open_door(queries.live_link, DOOR, "GET")
def read_script_pdf(request: HttpRequest, secret: str, link: ScriptLink) -> HttpResponseBase:
    """The PDF, with the reader's name, the date and the link's number across each page."""
    if not seated(request, SEATS, link):
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
        _write_down(request, link, OpeningKind.PDF)
    except Refused:
        return closed(request)
    return pdf_answer(data, file_name(link.revision, part))
