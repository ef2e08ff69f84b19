"""Breakdown sheets: one for each scene, narrowed like the scene list, as page, paper and workbook."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from scripts_app import queries, sheets
from scripts_app.choices import IntExt, TimeOfDay
from scripts_app.models import Scene
from scripts_app.scene_views import XLSX
from scripts_app.views import attachment, room_context, title_of
from studio.documents import render_pdf
from studio.doors import page
from studio.models import Production

PAGE = 24


def _scenes(request: HttpRequest, production: Production) -> list[Scene]:
    narrowed = queries.SceneFilter.read(request.GET)
    return list(queries.scene_rows(narrowed.narrow(production.scenes.all())))


@page("script.view")
def sheets_page(request: HttpRequest, pk: int) -> HttpResponse:
    production = title_of(request, pk)
    narrowed = queries.SceneFilter.read(request.GET)
    rows = queries.scene_rows(narrowed.narrow(production.scenes.all()))
    shown = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    parameters = request.GET.copy()
    parameters.pop("page", None)
    context = room_context(request, production, "breakdown")
    context.update(
        {
            "sheets": sheets.sheet_rows(production, list(shown.object_list)), "shown": shown, "filter": narrowed,
            "query": parameters.urlencode(), "int_ext_choices": IntExt.choices, "time_choices": TimeOfDay.choices,
            "episodes": list(production.episodes.order_by("number").values_list("number", flat=True)),
            "sets": queries.sets_of(production),
            "roles": list(production.characters.filter(scenes__isnull=False).distinct().order_by("name")),
        }
    )  # fmt: skip
    return render(request, "scripts/sheets.html", context)


@page("script.view")
def sheets_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheets as narrowed on the page, as a workbook with a list for each kind of thing."""
    production = title_of(request, pk)
    book = sheets.sheets_workbook(production, _scenes(request, production))
    return attachment(book, f"{production.code} {_('Breakdown sheets')}.xlsx", XLSX)


@page("script.view")
def sheets_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheets as narrowed on the page, as a paper."""
    production = title_of(request, pk)
    latest = queries.current_revision(production)
    data = sheets.sheets_paper(
        production, _scenes(request, production), version=latest.number if latest else None,
        printed_at=timezone.localtime(),
    )  # fmt: skip
    name = f"{production.code} {_('Breakdown sheets')}.pdf"
    return attachment(render_pdf("breakdown_sheets.typ", data), name, "application/pdf")
