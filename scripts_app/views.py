"""Pages of scripts: all of them, one at a glance, its drafts and reviews."""

from __future__ import annotations

import csv
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from scripts_app import actions, queries
from scripts_app.choices import BreakdownState
from scripts_app.forms import ReviewForm, UploadForm, WriterForm
from scripts_app.importing import IMPORT_JOB, IMPORT_READING_JOB
from scripts_app.models import Revision, Scene
from studio.choices import JobState, Stage
from studio.doors import page, scoped
from studio.models import Job, Production
from studio.refusals import Refused
from studio.values import format_pages

PAGE = 15


def title_of(request: HttpRequest, pk: int, verb: str = "script.view") -> Production:
    return scoped(request, Production.objects.select_related("studio"), verb, pk=pk)


def room_context(request: HttpRequest, production: Production, part: str) -> dict[str, Any]:
    """What every page of a title's script shares."""
    return {
        "production": production,
        "tab": "script",
        "part": part,
        "may_edit": request.access.may_on("script.edit", production),  # type: ignore[attr-defined]
        "may_review": request.access.may_on("script.review", production),  # type: ignore[attr-defined]
        "unit": production.studio.page_unit,
    }


def attachment(data: bytes, filename: str, content_type: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
    return response


@page("script.view")
def scripts(request: HttpRequest) -> HttpResponse:
    """Every script the user sees, with its state; `?format=csv` is the same list as a file."""
    wanted = request.GET.get("q", "").strip()[:80].replace("\x00", "")
    state = request.GET.get("state", "")
    access, studio = request.access, request.studio  # type: ignore[attr-defined]
    narrowed = Q()
    if studio is not None:
        narrowed &= Q(studio=studio)
    if wanted:
        narrowed &= Q(title__icontains=wanted) | Q(code__icontains=wanted)
    rows = queries.scripts_for(access).filter(narrowed)
    narrow: dict[str, dict[str, Any]] = {
        "none": {"drafts": 0},
        "draft": {"drafts__gt": 0, "locked_at": None},
        "locked": {"locked_at__isnull": False},
        "approved": {"breakdown_state": BreakdownState.APPROVED},
    }
    rows = rows.filter(**narrow.get(state, {}))
    if request.GET.get("format") == "csv":
        return _scripts_csv(rows)
    plain = access.scope(Production.objects.all(), "script.view").filter(narrowed)
    listed = rows if state in narrow else queries.ScriptList(access, plain)
    shown = Paginator(listed, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "scripts/scripts.html",
        {"rows": shown, "q": wanted, "state": state, "filtered": bool(wanted or state), "states": script_states()},
    )


def script_states() -> list[tuple[str, str]]:
    return [
        ("none", _("No script yet")),
        ("draft", pgettext("script", "Draft")),
        ("locked", pgettext("script", "Locked")),
        ("approved", _("Breakdown approved")),
    ]


def _scripts_csv(rows: Any) -> HttpResponse:
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(_('Scripts'))}.csv"
    out = csv.writer(response)
    out.writerow(
        [_("Code"), _("Title"), _("Stage"), _("Writer"), _("Drafts"), _("Last draft"), _("Scenes"), _("Locked")]
    )
    for row in rows:
        at = timezone.localtime(row.draft_at).strftime("%Y-%m-%d %H:%M") if row.draft_at else ""
        locked = timezone.localtime(row.locked_at).strftime("%Y-%m-%d %H:%M") if row.locked_at else ""
        out.writerow(
            [
                safe_cell(row.code), safe_cell(row.title), Stage(row.stage).label, safe_cell(row.writer_name or ""), row.drafts, at,
                row.scene_count, locked,
            ]
        )  # fmt: skip
    return response


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t"} else text


@page("script.view", write="script.edit", methods=("GET", "POST"))
def script(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A script at a glance; a POST hands in a draft, as a file or as text."""
    production = title_of(request, pk, "script.view" if request.method in {"GET", "HEAD"} else "script.edit")
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                job = actions.receive_script(production=production, upload=form.upload, by=request.user, review=True)  # type: ignore[arg-type]
            except Refused as refused:
                form.add_error("file", refused.message)
            else:
                if job.state == JobState.DONE and job.result.get("number"):
                    number = job.result["number"]
                    messages.info(request, _("This file is revision %(number)s already.") % {"number": number})
                    return redirect("script", pk=production.pk)
                return redirect(f"{request.path}?job={job.pk}")
        return _script_page(request, production, form, status=422)
    if (waits := _came_to_decide(request, production)) is not None:
        return redirect("reading", pk=production.pk, reading_pk=waits)
    return _script_page(request, production, UploadForm())


def _came_to_decide(request: HttpRequest, production: Production) -> int | None:
    """The reading that the upload this page waited for left to be decided."""
    asked = request.GET.get("job", "")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
        return None
    job = Job.objects.filter(pk=int(asked), production=production, kind=IMPORT_JOB, state=JobState.DONE).first()
    reading = job.result.get("reading") if job is not None else None
    return reading if reading and queries.open_readings(production).filter(pk=reading).exists() else None


def _script_page(request: HttpRequest, production: Production, form: UploadForm, status: int = 200) -> HttpResponse:
    context = room_context(request, production, "script")
    revisions = list(
        Revision.objects.filter(script__production=production)
        .select_related("imported_by", "locked_by", "breakdown")
        .prefetch_related("rounds__reviewed_by", "rounds__opened_by", "rounds__reviewers")
        .order_by("-number")
    )
    asked = request.GET.get("revision", "")
    shown = next((row for row in revisions if str(row.number) == asked), revisions[0] if revisions else None)
    context.update(
        {
            "form": form, "review_form": ReviewForm(), "revisions": revisions, "revision": shown,
            "writers": queries.writers_of(production),
            "is_latest": shown is not None and shown.pk == revisions[0].pk, "job": pending_import(production),
            "waiting": list(queries.open_readings(production)),
        }
    )  # fmt: skip
    if context["may_edit"]:
        access = request.access  # type: ignore[attr-defined]
        context["writer_form"] = WriterForm(queries.people_to_name(access, production))
        context["likely_writers"] = queries.likely_writers(access, production)
    if shown is not None:
        context.update(reading(request, shown))
        counts = queries.script_counts(production)
        context["counts"] = counts
        context["pages"] = format_pages(counts.parts, context["unit"])
        context["screen_minutes"] = -(-counts.seconds // 60)
        context["shoot_hours"] = -(-counts.minutes // 60)
    return render(request, "scripts/script.html", context, status=status)


def pending_import(production: Production) -> Job | None:
    """The last import, while it is at work or when it ended without a revision."""
    job = (
        Job.objects.filter(kind__in=[IMPORT_JOB, IMPORT_READING_JOB], production=production)
        .order_by("-updated_at", "-pk")
        .first()
    )
    return None if job is None or job.state in {JobState.DONE, JobState.CANCELLED} else job


def reading(request: HttpRequest, revision: Revision) -> dict[str, Any]:
    draft = queries.Draft.of(revision)
    faults = draft.faults()
    numbers = sorted({draft.episode_of(text) for text in draft.texts} | {row["number"] for row in revision.episodes})
    asked = request.GET.get("episode", "")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 0
    if number not in numbers:
        number = numbers[0] if numbers else 0
    wanted = request.GET.get("q", "").strip()[:80]
    titles = {row["number"]: row for row in revision.episodes}
    warned = {each.episode for each in faults if each.severity != "info"}
    at = numbers.index(number) if number in numbers else 0
    return {
        "q": wanted,
        "hits": draft.search(wanted) if wanted else None,
        "faults": faults,
        "warnings": sum(each.severity != "info" for each in faults),
        "jump": [
            {"number": each, "told": titles.get(each, {}), "open": each == number, "warned": each in warned}
            for each in numbers
        ],
        "episode": draft.episode(number, faults) if numbers else None,
        "previous": numbers[at - 1] if at else None,
        "following": numbers[at + 1] if at + 1 < len(numbers) else None,
    }


def revision_of(request: HttpRequest, pk: int, number: int, verb: str) -> Revision:
    rows = Revision.objects.select_related("script__production__studio")
    return scoped(request, rows, verb, script__production=pk, number=number)


@page("script.view")
def revision_file(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """The file as it was handed in."""
    revision = revision_of(request, pk, number, "script.view")
    try:
        file = revision.source_file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        file, as_attachment=True, filename=revision.source_name, content_type="application/octet-stream"
    )


@page("script.view", write="script.edit", methods=("POST",))
def lock_revision(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    revision = revision_of(request, pk, number, "script.edit")
    try:
        actions.lock_revision(revision=revision, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("Revision %(number)s is locked.") % {"number": number})
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("script", pk=pk)


@page("script.view", write="script.review", methods=("POST",))
def review_revision(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    revision = revision_of(request, pk, number, "script.review")
    form = ReviewForm(request.POST)
    back = f"{reverse('script', args=[pk])}?revision={number}#reviews"
    if not form.is_valid():
        messages.error(request, _("Choose whose review this is and its verdict."))
        return redirect(back)
    try:
        actions.review_revision(revision=revision, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        messages.success(request, _("The review is kept."))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect(back)


@page("script.view")
def characters(request: HttpRequest, pk: int) -> HttpResponse:
    """Roles and how much of the story each carries."""
    production = title_of(request, pk)
    rows = queries.role_rows(production, queries.current_revision(production))
    context = room_context(request, production, "characters")
    context["rows"] = rows
    context["most"] = max((row.scenes for row in rows), default=0)
    return render(request, "scripts/characters.html", context)


def scene_of(request: HttpRequest, pk: int, scene_pk: int, verb: str) -> Scene:
    return scoped(request, Scene.objects.select_related("production__studio"), verb, pk=scene_pk, production=pk)
