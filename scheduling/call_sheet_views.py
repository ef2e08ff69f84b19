"""Pages of call sheets at the desk: the draft, a sheet as issued, its PDF, telling one person again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from scheduling import call_sheets
from scheduling.call_sheet_clock import clock, read_clock
from scheduling.call_sheet_draft import Draft, draft_call_sheet, in_force
from scheduling.call_sheet_paper import draw, paper_of, paper_of_sheet
from scheduling.call_sheet_queries import recipients_of
from scheduling.call_sheet_warnings import warnings_of
from scheduling.choices import CallSheetState, ShootDayState
from scheduling.models import CallSheet, CallSheetRecipient, ShootDay
from scheduling.sides import sides_of_calls
from studio.doors import page, scoped
from studio.refusals import Refused

_DAYS = ShootDay.objects.select_related("production__studio", "base")
_SHEETS = CallSheet.objects.select_related("shoot_day__production__studio", "shoot_day__base", "issued_by")


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


@page("shoot.view", write="shoot.log", methods=("GET", "POST"))
def draft_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What the sheet would say now, with typed calls and warnings; POST issues it."""
    verb = "shoot.log" if request.method == "POST" else "shoot.view"
    day = scoped(request, _DAYS, verb, pk=pk)
    last = in_force(day)
    typed: dict[int, str] = {}
    errors: dict[str, str] = {}
    notes, makeup = (last.data["typed_notes"] if last else ""), ""
    if request.method == "POST":
        typed, notes, makeup = (
            _typed(request.POST),
            request.POST.get("notes", ""),
            request.POST.get("makeup", "").strip(),
        )
        calls, makeup_minutes = _read(typed, makeup, draft_call_sheet(day, last=last), errors)
        if not errors:
            try:
                sheet = call_sheets.issue_call_sheet(
                    shoot_day=day,
                    by=request.user,
                    notes=notes,
                    calls=calls,
                    makeup_minutes=makeup_minutes,  # type: ignore[arg-type]
                )
            except Refused as refused:
                errors[refused.field or ""] = refused.message
            else:
                if last is not None and sheet.pk == last.pk:
                    messages.info(request, _("Nothing changed since revision %(number)s.") % {"number": sheet.revision})
                else:
                    messages.success(request, _("Call sheet revision %(number)s is out.") % {"number": sheet.revision})
                return redirect("shoot_day", pk=day.pk)
    draft = draft_call_sheet(day, last=last)
    return render(
        request,
        "scheduling/call_sheet_draft.html",
        {
            "day": day, "production": day.production, "tab": "production_shoot", "last": last,
            "paper": {**paper_of(draft.data, _language()), "status": "draft"},
            "rows": _rows(draft, typed, errors), "warnings": warnings_of(draft, day),
            "notes": notes, "makeup": makeup or draft.data["makeup_minutes"], "errors": errors,
            "same": last is not None and last.data == draft.data,
            "may_issue": request.access.may_on("shoot.log", day.production)  # type: ignore[attr-defined]
            and day.state in {ShootDayState.PLANNED, ShootDayState.CALLED},
        },
        status=422 if errors else 200,
    )  # fmt: skip


def _typed(post: Mapping[str, Any]) -> dict[int, str]:
    return {
        int(name[5:]): str(post[name]).strip()
        for name in post
        if name.startswith("call-") and name[5:].isdecimal() and len(name) < 24
    }


def _read(
    typed: dict[int, str], makeup: str, draft: Draft, errors: dict[str, str]
) -> tuple[dict[int, int | None], int | None]:
    """Typed texts as calls: only what differs from the draft; an emptied field follows the plan again."""
    shown = {call.engagement_id: call.call_minute for call in draft.calls}
    calls: dict[int, int | None] = {}
    for engagement_id, text in typed.items():
        if engagement_id not in shown:
            continue
        if not text:
            calls[engagement_id] = None
            continue
        try:
            minute = read_clock(text)
        except ValueError:
            errors[f"call-{engagement_id}"] = _("Not a time, such as 06:30 or 0630.")
            continue
        if minute != shown[engagement_id]:
            calls[engagement_id] = minute
    if not makeup:
        return calls, None
    if not makeup.isdecimal() or int(makeup[:6]) > 480:
        errors["makeup_minutes"] = _("The make-up lead is 0 to 480 minutes.")
        return calls, None
    return calls, int(makeup)


def _rows(draft: Draft, typed: dict[int, str], errors: dict[str, str]) -> list[dict[str, Any]]:
    fixed = draft.data["typed_calls"]
    return [
        {
            "call": call, "engagement": draft.engagements[call.engagement_id],
            "value": typed.get(call.engagement_id, clock(call.call_minute)),
            "fixed": str(call.engagement_id) in fixed, "error": errors.get(f"call-{call.engagement_id}", ""),
        }
        for call in draft.calls
    ]  # fmt: skip


@page("shoot.view")
def sheet_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A call sheet as it was issued, with who has opened and confirmed it."""
    sheet = scoped(request, _SHEETS, "shoot.view", pk=pk)
    day = sheet.shoot_day
    may_read = request.access.may_on("script.view", day.production)  # type: ignore[attr-defined]
    recipients = list(recipients_of(sheet))
    return render(
        request,
        "scheduling/call_sheet.html",
        {
            "sheet": sheet, "day": day, "production": day.production, "tab": "production_shoot",
            "paper": paper_of_sheet(sheet, _language()), "recipients": recipients,
            "sided": {each.person_id for each in sides_of_calls(day.production_id, recipients)} if may_read else set(),
            "may_log": request.access.may_on("shoot.log", day.production),  # type: ignore[attr-defined]
        },
    )  # fmt: skip


@page("shoot.view")
def sheet_pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The PDF; `?lang=en` or `zh-hans`, the reader's language unless told."""
    return pdf_answer(scoped(request, _SHEETS, "shoot.view", pk=pk), request.GET.get("lang", ""))


def pdf_answer(sheet: CallSheet, wanted: str) -> HttpResponseBase:
    """The kept file where it speaks the language asked for, else drawn at once from the frozen data."""
    language = wanted if wanted in dict(settings.LANGUAGES) else _language()
    name = f"{sheet.data['code']}-{sheet.data['date']}-r{sheet.revision}.pdf"
    if sheet.state != CallSheetState.REVISED and sheet.pdf and language == settings.LANGUAGE_CODE:
        try:
            return FileResponse(sheet.pdf.open(), as_attachment=True, filename=name, content_type="application/pdf")
        except FileNotFoundError:
            # The store lost the file; the data has all of it.
            pass
    answer = HttpResponse(draw(sheet, language), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f"attachment; filename*=utf-8''{_ascii(name)}"
    return answer


def _ascii(name: str) -> str:
    from urllib.parse import quote

    return quote(name)


_CALLS = CallSheetRecipient.objects.select_related("person", "call_sheet__shoot_day__production__studio")


@page("shoot.view", write="shoot.log", methods=("POST",))
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell one person again."""
    row = scoped(request, _CALLS, "shoot.log", pk=pk)
    try:
        call_sheets.resend_call(recipient=row, by=request.user)  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("%(name)s is told again.") % {"name": row.person.name})
    return redirect(_day_url(row))


@page("shoot.view", write="shoot.log", methods=("POST",))
def confirm_for(request: HttpRequest, pk: int) -> HttpResponse:
    """The desk heard by phone that the person will be there."""
    row = scoped(request, _CALLS, "shoot.log", pk=pk)
    try:
        call_sheets.confirm_call(recipient=row, by=request.user)  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect(_day_url(row))


def _day_url(row: CallSheetRecipient) -> str:
    return reverse("shoot_day", args=[row.call_sheet.shoot_day_id]) + "#people"
