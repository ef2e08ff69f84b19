"""Pages of adaptation rights: all source works, one of them, its contract file."""

from __future__ import annotations

import csv
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from scripts_app import actions, queries
from scripts_app.choices import SourceKind
from scripts_app.models import SourceWork
from scripts_app.review_forms import SourceWorkForm
from scripts_app.views import safe_cell
from studio.access import visible_studios
from studio.doors import page, scoped
from studio.models import Production, Studio
from studio.refusals import Refused

PAGE = 50


@page("script.view")
def source_works(request: HttpRequest) -> HttpResponse:
    """Source works by the end of their rights; `?format=csv` is the same list as a file."""
    access, studio = request.access, request.studio  # type: ignore[attr-defined]
    rows = queries.sources_for(access)
    if studio is not None:
        rows = rows.filter(studio=studio)
    wanted = request.GET.get("q", "").strip()[:80].replace("\x00", "")
    kind = request.GET.get("kind", "")
    if wanted:
        rows = rows.filter(Q(title__icontains=wanted) | Q(holder__icontains=wanted) | Q(author__icontains=wanted))
    if kind in SourceKind.values:
        rows = rows.filter(kind=kind)
    if request.GET.get("format") == "csv":
        return _csv(rows)
    shown = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    for row in shown:
        row.due = queries.alarm_due(row.studio, row.until_date, _today(row.studio))
        row.left = (row.until_date - _today(row.studio)).days if row.until_date else None
    return render(
        request, "scripts/source_works.html",
        {"rows": shown, "q": wanted, "kind": kind, "kinds": SourceKind.choices, "filtered": bool(wanted or kind),
         "may_edit": access.may("production.edit")},
    )  # fmt: skip


def _today(studio: Studio) -> Any:
    return timezone.now().astimezone(studio.zone).date()


def _csv(rows: Any) -> HttpResponse:
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(_('Adaptation rights'))}.csv"
    out = csv.writer(response)
    out.writerow([_("Source work"), _("Kind"), _("Author"), _("Holder"), _("Contract"), _("Territories"), _("From"),
                  _("Until"), _("Extensions allowed"), _("Titles")])  # fmt: skip
    for row in rows:
        out.writerow(
            [
                safe_cell(row.title), row.get_kind_display(), safe_cell(row.author), safe_cell(row.holder),
                safe_cell(row.contract_reference), safe_cell("、".join(row.territories)), row.from_date or "",
                row.until_date or "", row.extensions_allowed,
                safe_cell("、".join(each.title for each in row.productions.all())),
            ]
        )  # fmt: skip
    return response


@page("production.edit", write="production.edit", methods=("GET", "POST"))
def source_work_new(request: HttpRequest) -> HttpResponse:
    access = request.access  # type: ignore[attr-defined]
    studio = request.studio  # type: ignore[attr-defined]
    if studio is None or not access.may_in_studio("production.edit", studio.pk):
        studio = next(
            (row for row in visible_studios(access).order_by("pk") if access.may_in_studio("production.edit", row.pk)),
            None,
        )
    if studio is None:
        raise PermissionDenied
    return _form_page(request, studio, None)


@page("script.view", write="production.edit", methods=("GET", "POST"))
def source_work(request: HttpRequest, pk: int) -> HttpResponse:
    verb = "script.view" if request.method in {"GET", "HEAD"} else "production.edit"
    rows = SourceWork.objects.select_related("studio").prefetch_related("productions")
    return _form_page(request, (found := scoped(request, rows, verb, pk=pk)).studio, found)


def _number(request: HttpRequest, name: str) -> int:
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 16 else 0


def _form_page(request: HttpRequest, studio: Studio, source: SourceWork | None) -> HttpResponse:
    access = request.access  # type: ignore[attr-defined]
    may_edit = access.may_in_studio("production.edit", studio.pk)
    titles = access.scope(Production.objects.filter(studio=studio), "script.view").order_by("-pk")
    posted = request.method == "POST"
    codes = (
        titles.filter(source_works=source) if source is not None else titles.filter(pk=_number(request, "production"))
    )
    form = SourceWorkForm(
        request.POST if posted else None, request.FILES if posted else None, titles=titles,
        instance=SourceWork.objects.get(pk=source.pk) if source is not None else SourceWork(studio=studio),
        initial={"productions": list(codes.values_list("code", flat=True))},
    )  # fmt: skip
    if posted and form.is_valid():
        try:
            row = actions.record_rights(studio=studio, source=source, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("source_work", pk=row.pk)
    context: dict[str, Any] = {"source": source, "form": form, "may_edit": may_edit}
    if source is not None:
        today = _today(studio)
        context["due"] = queries.alarm_due(studio, source.until_date, today)
        context["left"] = (source.until_date - today).days if source.until_date else None
        context["titles"] = [
            {"production": each, "warnings": queries.rights_warnings(each, [source], today)}
            for each in titles.filter(source_works=source).select_related("studio")
        ]
    return render(request, "scripts/source_work.html", context, status=422 if posted else 200)


@page("script.view")
def source_work_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The contract as it was handed in."""
    row = scoped(request, SourceWork.objects.all(), "script.view", pk=pk)
    if not row.file:
        raise Http404
    try:
        file = row.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        file, as_attachment=True, filename=row.file.name.rpartition("/")[2], content_type="application/octet-stream"
    )
