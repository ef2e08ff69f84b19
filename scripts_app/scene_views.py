"""The scene list: look, narrow, edit in its rows, take away as a file."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from scripts_app import actions, documents, queries
from scripts_app.choices import Category, IntExt, SceneState, TimeOfDay
from scripts_app.forms import SceneForm
from scripts_app.models import Scene
from scripts_app.views import attachment, room_context, scene_of, title_of
from studio.documents import render_pdf
from studio.doors import page
from studio.models import Production
from studio.refusals import Refused
from studio.values import format_pages

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _rows(production: Production, narrowed: queries.SceneFilter) -> list[Scene]:
    rows = list(queries.scene_rows(narrowed.narrow(production.scenes.all())))
    for row in rows:
        _dress(row, production.studio.page_unit)
    return rows


def _dress(row: Scene, unit: str) -> None:
    row.pages_text = format_pages(row.page_parts, unit)  # type: ignore[attr-defined]
    row.principals = documents.principals(row)  # type: ignore[attr-defined]
    row.extras = documents.extras(row)  # type: ignore[attr-defined]
    row.props = documents.things(row, Category.PROPS, Category.SET_DRESSING, Category.VEHICLES)  # type: ignore[attr-defined]
    row.wardrobe = documents.things(row, Category.WARDROBE, Category.MAKEUP)  # type: ignore[attr-defined]
    row.remarks = documents.remarks(row)  # type: ignore[attr-defined]
    row.is_omitted = row.state == SceneState.OMITTED  # type: ignore[attr-defined]


def _grouped(request: HttpRequest) -> bool:
    return request.GET.get("group") == "set"


@page("script.view")
def scenes(request: HttpRequest, pk: int) -> HttpResponse:
    production = title_of(request, pk)
    narrowed = queries.SceneFilter.read(request.GET)
    rows = _rows(production, narrowed)
    context = room_context(request, production, "scenes")
    grouped = _grouped(request)
    context.update(
        {
            "rows": rows,
            "groups": documents.by_set(rows) if grouped else [("", rows)],
            "grouped": grouped,
            "filter": narrowed,
            "total": production.scenes.count(),
            "minutes": sum(row.shoot_minutes for row in rows),
            "pages": format_pages(sum(row.page_parts for row in rows), context["unit"]),
            "episodes": list(production.episodes.order_by("number").values_list("number", flat=True)),
            "sets": queries.sets_of(production),
            "roles": list(production.characters.filter(scenes__isnull=False).distinct().order_by("name")),
            "int_ext_choices": IntExt.choices,
            "time_choices": TimeOfDay.choices,
            "query": request.GET.urlencode(),
        }
    )
    return render(request, "scripts/scenes.html", context)


@page("script.view", write="script.edit", methods=("GET", "POST"))
def scene_row(request: HttpRequest, pk: int, scene_pk: int) -> HttpResponse:
    """One row of the list: as it reads, with ?edit as a form; a POST saves it. Without htmx, the list again."""
    verb = "script.view" if request.method in {"GET", "HEAD"} else "script.edit"
    scene = scene_of(request, pk, scene_pk, verb)
    context: dict[str, Any] = room_context(request, scene.production, "scenes")
    form, status = None, 200
    if request.method == "POST":
        form = SceneForm(request.POST)
        if form.is_valid():
            try:
                actions.edit_scene(scene=scene, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
                form = None
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        status = 422 if form is not None else 200
        if form is None and not request.htmx:  # type: ignore[attr-defined]
            return redirect(f"{reverse('scenes', args=[pk])}#scene-{scene.pk}")
    elif "edit" in request.GET and context["may_edit"]:
        form = SceneForm(
            initial={name: getattr(scene, name) for name in SceneForm.base_fields},
        )
    row = queries.scene_rows(Scene.objects.filter(pk=scene.pk)).get()
    _dress(row, context["unit"])
    context.update({"scene": row, "form": form})
    template = "scripts/_scene_form.html" if form is not None else "scripts/_scene_row.html"
    return render(request, template, context, status=status)


@page("script.view")
def scenes_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """The list as narrowed on the page, as a spreadsheet."""
    production = title_of(request, pk)
    rows = _rows(production, queries.SceneFilter.read(request.GET))
    return attachment(
        documents.scene_sheet(production, rows, grouped=_grouped(request)),
        f"{production.code} {_('Scene list')}.xlsx",
        XLSX,
    )


@page("script.view")
def scenes_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The list as narrowed on the page, as a paper."""
    production = title_of(request, pk)
    rows = _rows(production, queries.SceneFilter.read(request.GET))
    latest = queries.current_revision(production)
    data = documents.one_liner(
        production, rows, version=latest.number if latest else None, printed_at=timezone.localtime(),
        colour=latest.colour if latest else "", grouped=_grouped(request),
    )  # fmt: skip
    return attachment(render_pdf("one_liner.typ", data), f"{production.code} {_('Scene list')}.pdf", "application/pdf")
