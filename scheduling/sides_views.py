"""Doors of sides: one performer's whole part, a call sheet's for all or one, and one's own of a day."""

from __future__ import annotations

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from scheduling.call_sheet_crew import own_call_row, own_page
from scheduling.choices import ShootDayState
from scheduling.models import CallSheet, CallSheetRecipient
from scheduling.sides import (
    Sides,
    draw_all,
    draw_sides,
    script_in_force,
    sides_name,
    sides_of_calls,
    sides_of_engagement,
)
from scripts_app.script_paper_views import asked_language, pdf_answer
from scripts_app.script_papers import Copy
from studio.doors import page, scoped
from studio.models import Engagement, Production

_CALLS = CallSheetRecipient.objects.select_related("person", "call_sheet__shoot_day__production__studio")


def _copy(production: Production) -> Copy:
    revision = script_in_force(production)
    if revision is None:
        raise Http404
    return Copy.of(revision)


def _one(request: HttpRequest, production: Production, sides: Sides | None, sheet: CallSheet | None) -> HttpResponse:
    if sides is None:
        raise Http404
    copy = _copy(production)
    return pdf_answer(draw_sides(copy, sides, sheet, asked_language(request)), sides_name(copy, sides, sheet))


@page("script.view")
def performer_sides(request: HttpRequest, pk: int, engagement_pk: int) -> HttpResponseBase:
    """All scenes of one performer."""
    rows = Engagement.objects.select_related("person", "production__studio")
    engagement = scoped(request, rows, "script.view", pk=engagement_pk, production=pk)
    return _one(request, engagement.production, sides_of_engagement(engagement), None)


@page("script.view")
def sheet_sides(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The sides of everybody on a call sheet, packed."""
    rows = CallSheet.objects.select_related("shoot_day__production__studio")
    sheet = scoped(request, rows, "script.view", pk=pk)
    production = sheet.shoot_day.production
    calls = sheet.recipients.select_related("person", "call_sheet").order_by("call_minute", "id")
    everybody = sides_of_calls(production.pk, calls)
    if not everybody:
        raise Http404
    answer = HttpResponse(
        draw_all(_copy(production), everybody, sheet, asked_language(request)), content_type="application/zip"
    )
    name = f"{sheet.data['code']}-{sheet.data['date']}-sides.zip"
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "private, no-store"
    return answer


@page("script.view")
def call_sides(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The sides of one performer on a call sheet."""
    return _of_call(request, scoped(request, _CALLS, "script.view", pk=pk))


@own_page("GET")
def my_day_sides(request: HttpRequest, pk: int) -> HttpResponseBase:
    """My own sides of one of my days: there once the sheet is out, gone when another replaced it or the day is off."""
    row = own_call_row(request, pk)
    if row.call_sheet.shoot_day.state == ShootDayState.CANCELLED:
        raise Http404
    return _of_call(request, row)


def _of_call(request: HttpRequest, row: CallSheetRecipient) -> HttpResponse:
    production = row.call_sheet.shoot_day.production
    found = sides_of_calls(production.pk, [row])
    return _one(request, production, found[0] if found else None, row.call_sheet)
