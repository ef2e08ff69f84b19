"""Scripts and sides as PDF for those who sign in."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language

from scripts_app import queries
from scripts_app.episode_ranges import read_episodes
from scripts_app.models import Character, Revision
from scripts_app.script_papers import Copy, Mark, Part, file_name, script_pdf, today
from scripts_app.views import title_of
from scripts_app.writer_views import written
from studio.doors import page, scoped
from studio.refusals import Refused

REVISIONS = Revision.objects.select_related("script__production__studio")


def pdf_answer(data: bytes, name: str) -> HttpResponse:
    """A paper with somebody's name on it: no cache between keeps it for somebody else."""
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "private, no-store"
    return answer


def asked_language(request: HttpRequest) -> str:
    """`?lang=en` or `zh-hans`, else the reader's own."""
    wanted = request.GET.get("lang", "")
    return wanted if wanted in dict(settings.LANGUAGES) else (get_language() or settings.LANGUAGE_CODE)


def _mark(request: HttpRequest, revision: Revision) -> Mark | None:
    if not revision.script.production.studio.watermark_scripts:
        return None
    return Mark(str(request.user), today(revision))


def _draw(request: HttpRequest, revision: Revision, part: Part, mark: Mark | None) -> HttpResponse:
    data = script_pdf(Copy.of(revision), part, language=asked_language(request), mark=mark)
    return pdf_answer(data, file_name(revision, part))


@page("script.view")
def revision_pdf(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """A revision as PDF, `?episodes=1-5,8` for a part; named across when the studio says so."""
    revision = scoped(request, REVISIONS, "script.view", script__production=pk, number=number)
    try:
        part = Part(episodes=read_episodes(request.GET.get("episodes", "")))
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("script", pk=pk)
    return _draw(request, revision, part, _mark(request, revision))


@page("script.view")
def role_sides(request: HttpRequest, pk: int, character_pk: int) -> HttpResponseBase:
    """The scenes of one role in the current draft, its lines marked."""
    production = title_of(request, pk)
    role = scoped(request, Character.objects.all(), "script.view", pk=character_pk, production=pk)
    current = queries.current_revision(production)
    if current is None:
        raise Http404
    revision = REVISIONS.get(pk=current.pk)
    return _draw(request, revision, Part(roles=(role.name,), title=role.name), _mark(request, revision))


@page("writing.work")
def my_script_pdf(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """A writer's own script; it carries their name whatever the studio's setting, as it leaves the house."""
    production = written(request, pk)
    revision: Any = REVISIONS.filter(script__production=production, number=number).first()
    if revision is None:
        raise Http404
    return _draw(request, revision, Part(), Mark(str(request.user), today(revision)))
