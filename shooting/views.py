"""Pages of the shoot: its days, one day, logging a day."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from scheduling.call_sheet_draft import draft_call_sheet, in_force
from scheduling.call_sheet_paper import paper_of, paper_of_sheet
from scheduling.call_sheet_queries import map_links, recipients_of
from scheduling.choices import ShootDayState
from scheduling.models import ShootDay
from shooting import actions, queries
from shooting.choices import ReportState
from shooting.hours import grouped, hours_and_rest
from shooting.log_form import LogForm, show_conflict, stored_form, typed_form
from shooting.models import DailyReport
from studio.doors import page, scoped
from studio.models import Production
from studio.refusals import Refused
from studio.values.pages import format_pages

DAYS = ShootDay.objects.select_related("production__studio", "base")


@page("shoot.view")
def shoot_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A title's shoot days with what each planned and shot, and the burn-up; `?format=csv` exports them."""
    production = scoped(request, Production.objects.select_related("studio"), "shoot.view", pk=pk)
    progress = queries.shoot_progress(production)
    unit = production.studio.page_unit
    if request.GET.get("format") == "csv":
        return _csv(production, progress, unit)
    state = request.GET.get("state", "")
    shown = [line for line in progress if state not in ShootDayState.values or line.shoot_day.state == state]
    status = list(queries.scene_status(production).values())
    return render(
        request,
        "shooting/shoot.html",
        {
            "production": production, "tab": "production_shoot", "state": state,
            "states": [choice for choice in ShootDayState.choices if choice[0] != ShootDayState.CANCELLED],
            "lines": [
                {"line": line, "pages": format_pages(line.planned_parts, unit),
                 "shot_pages": format_pages(line.shot_parts, unit)}
                for line in shown
            ],
            "days": len(progress), "scenes": len(status), "shot": status.count("shot"),
            "owed": status.count("owed") + status.count("part"),
            "wrapped": sum(line.reported for line in progress),
            "burn_up": _burn_up(progress) if any(line.reported for line in progress) else None,
            "may_log": request.access.may_on("shoot.log", production),  # type: ignore[attr-defined]
        },
    )  # fmt: skip


def _burn_up(progress: list[queries.DayProgress]) -> dict[str, Any]:
    last = max(index for index, line in enumerate(progress) if line.reported)
    return {
        "tooltip": {"trigger": "axis"},
        "legend": {},
        "xAxis": {"type": "category", "data": [f"{line.shoot_day.date:%m-%d}" for line in progress]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {"name": _("Planned"), "type": "line", "data": [line.planned_sum for line in progress],
             "lineStyle": {"type": "dashed"}},
            {"name": _("Shot"), "type": "line", "areaStyle": {"opacity": 0.12},
             "data": [line.shot_sum if index <= last else None for index, line in enumerate(progress)]},
        ],
    }  # fmt: skip


def _csv(production: Production, progress: list[queries.DayProgress], unit: str) -> HttpResponse:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [_("Shoot day"), _("Date"), _("Unit"), _("Film base"), _("State"), _("Planned"), _("Shot"), _("Owed"),
         _("Part shot (among those owed)"), _("Pages planned"), _("Pages shot")]
    )  # fmt: skip
    for line in progress:
        day = line.shoot_day
        base = str(day.base or "")
        writer.writerow(
            [day.number, day.date.isoformat(), day.get_unit_display(),
             # A cell that begins like a formula is read as one.
             f"'{base}" if base[:1] in "=+-@\t\r" and base else base,
             day.get_state_display(), line.planned, line.shot, line.owed, line.part,
             format_pages(line.planned_parts, unit), format_pages(line.shot_parts, unit)]
        )  # fmt: skip
    # Excel takes a file without the mark for the system's old code page.
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="shoot-days-{production.pk}.csv"'
    return answer


@page("shoot.view")
def day_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One shoot day: plan or report, the call sheet in force and who has confirmed it."""
    day = scoped(request, DAYS, "shoot.view", pk=pk)
    production = day.production
    language = get_language() or settings.LANGUAGE_CODE
    sheet = in_force(day)
    report = (
        DailyReport.objects.filter(shoot_day=day)
        .select_related("submitted_by", "approved_by", "shoot_day__production__studio")
        .first()
    )
    if sheet is not None:
        sheet.shoot_day = day
        paper, data = paper_of_sheet(sheet, language), sheet.data
        recipients = list(recipients_of(sheet))
        stale = day.state == ShootDayState.CALLED and draft_call_sheet(day, last=sheet).data != sheet.data
    else:
        data = draft_call_sheet(day).data
        paper, recipients, stale = {**paper_of(data, language), "status": "draft"}, [], False
    may_log = request.access.may_on("shoot.log", production)  # type: ignore[attr-defined]
    submitted = report is not None and report.state != ReportState.DRAFT
    return render(
        request,
        "shooting/shoot_day.html",
        {
            "day": day, "production": production, "tab": "production_shoot", "sheet": sheet, "paper": paper,
            "maps": map_links(data["base"], language), "recipients": recipients, "stale": stale,
            "opened": sum(row.opened_at is not None for row in recipients),
            "confirmed": sum(row.confirmed_at is not None for row in recipients),
            "older": day.call_sheets.exclude(pk=sheet.pk).order_by("-revision") if sheet is not None else [],
            "report": report, "log": stored_form(day) if report is not None else None,
            "hours": report.time_sheets.select_related("engagement__person").order_by("call_minute", "id")
            if report is not None else [],
            "alarms": grouped(hours_and_rest(report)) if report is not None and submitted else [],
            "reopening": queries.reopening(report) if report is not None else None,
            "may_log": may_log,
            "may_issue": may_log and day.state in {ShootDayState.PLANNED, ShootDayState.CALLED},
            "may_approve": request.access.may_on("shoot.approve", production),  # type: ignore[attr-defined]
            "ReportState": ReportState,
        },
    )  # fmt: skip


@page("shoot.log", methods=("GET", "POST"))
def log_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Log a shoot day on one page."""
    day = scoped(request, DAYS, "shoot.log", pk=pk)
    return answer_log(request, day, "shooting/log.html", reverse("shoot_day", args=[day.pk]), {})


def answer_log(
    request: HttpRequest, day: ShootDay, template: str, done_url: str, context: dict[str, Any]
) -> HttpResponse:
    """The page behind both doors, ours and the admin's: show, or save and maybe wrap."""
    status = 200
    if request.method == "POST":
        form = typed_form(day, request.POST)
        # Enter in a field presses the first button; only the button itself or Ctrl+Enter wraps.
        wrap = request.POST.get("do") == "wrap"
        if request.POST.get("do") == "add":
            return _show(request, day, form, template, done_url, context, 422 if form.bad else 200)
        if not form.bad:
            try:
                actions.log_and_wrap(
                    shoot_day=day,
                    version=form.version,
                    wrap=wrap,
                    by=request.user,
                    **form.values,  # type: ignore[arg-type]
                )
            except Refused as refused:
                if refused.conflict:
                    show_conflict(form)
                form.mark(refused.field or "", refused.message)
                status = 409 if refused.conflict else 422
            else:
                messages.success(
                    request,
                    _("Shoot day %(number)s has wrapped. The report awaits approval.") % {"number": day.number}
                    if wrap
                    else _("Shoot day %(number)s is saved.") % {"number": day.number},
                )
                return redirect(done_url if wrap else request.get_full_path())
        else:
            status = 422
    else:
        form = stored_form(day)
        if not form.editable:
            return redirect("shoot_day", pk=day.pk)
    return _show(request, day, form, template, done_url, context, status)


def _show(
    request: HttpRequest,
    day: ShootDay,
    form: LogForm,
    template: str,
    done_url: str,
    context: dict[str, Any],
    status: int,
) -> HttpResponse:
    return render(
        request,
        template,
        {
            **context, "form": form, "day": day, "production": day.production, "tab": "production_shoot",
            "done_url": done_url, "totals_url": reverse("log_totals", args=[day.pk]),
        },
        status=status,
    )  # fmt: skip


@page("shoot.log", methods=("POST",))
def log_totals(request: HttpRequest, pk: int) -> HttpResponse:
    """What the page adds up to as it is typed; the server counts, nothing is stored."""
    day = scoped(request, DAYS, "shoot.log", pk=pk)
    return render(request, "shooting/_log_totals.html", {"form": typed_form(day, request.POST)})


@page("shoot.view", write="shoot.approve", methods=("POST",))
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve the day's report."""
    return _move(request, pk, "shoot.approve", actions.approve_daily_report, _("The report is approved."))


@page("shoot.view", write="shoot.log", methods=("POST",))
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a report again; an approved one only by somebody who may approve."""
    report = scoped(request, DailyReport.objects.select_related("shoot_day__production"), "shoot.log", shoot_day=pk)
    verb = "shoot.approve" if report.state == ReportState.APPROVED else "shoot.log"
    reason = request.POST.get("reason", "")
    return _move(
        request, pk, verb, lambda report, by: actions.reopen_report(report=report, by=by, reason=reason),
        _("The report is a draft again."),
    )  # fmt: skip


def _move(request: HttpRequest, pk: int, verb: str, action: Any, done: str) -> HttpResponse:
    from django.core.exceptions import PermissionDenied

    rows = DailyReport.objects.select_related("shoot_day__production").filter(Q(shoot_day=pk))
    if not request.access.may(verb):  # type: ignore[attr-defined]
        raise PermissionDenied
    report = scoped(request, rows, verb)
    try:
        action(report=report, by=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, done)
    return redirect("shoot_day", pk=pk)
