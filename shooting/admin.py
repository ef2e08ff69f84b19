"""Admin pages of this room: the reports, and logging a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from scheduling import call_sheet_admin  # noqa: F401 - registers the issued sheets
from scheduling.call_sheet_clock import clock
from scheduling.choices import ShootDayState
from scheduling.models import ShootDay
from shooting.choices import ReportState
from shooting.models import DailyReport, ExtrasCount, SceneReport, TimeSheet
from shooting.views import DAYS, answer_log
from studio.admin_desk import Card, Line, add_card, first
from studio.admin_site import ReadOnlyAdmin, StudioInline, add_section
from studio.doors import scoped
from studio.models import Studio

TO_LOG = 20


def days_to_log(request: HttpRequest) -> QuerySet[ShootDay]:
    """Days up to tomorrow that nobody wrapped yet, the latest first: those this user may log."""
    last = timezone.localdate() + dt.timedelta(days=1)
    return (
        request.access.scope(ShootDay.objects.all(), "shoot.log")  # type: ignore[attr-defined]
        .filter(state__in=[ShootDayState.PLANNED, ShootDayState.CALLED], date__lte=last)
        .select_related("production", "base", "report")
        .order_by("-date", "id")
    )


def days_card(request: HttpRequest, studio: Studio | None) -> Card | None:
    """The days to log on the admin's first page, each with the way to its log."""
    if not request.access.may("shoot.log"):  # type: ignore[attr-defined]
        return None
    found, more = first(days_to_log(request), studio)
    return Card(
        title=_("Shoot days to log"),
        icon="checklist",
        lines=[
            Line(
                text=_("%(title)s · shoot day %(number)s") % {"title": day.production.title, "number": day.number},
                sub=" · ".join(filter(None, [date_format(day.date, "Y-m-d D"), str(day.base or "")])),
                url=reverse("shoot_day", args=[day.pk]),
                action=_("Log the day"),
                action_url=reverse("admin:shooting_dailyreport_log", args=[day.pk]),
            )
            for day in found
        ],
        more=more,
        more_url=reverse("admin:shooting_dailyreport_changelist"),
        empty=_("No shoot day waits for its log."),
    )


add_card(days_card, order=10)


def _span(start: int | None, end: int | None) -> str:
    return " – ".join(filter(None, (clock(start), clock(end)))) or "—"


class SceneReportInline(StudioInline):
    model = SceneReport
    view_verb = "shoot.view"
    fields = ["scene", "result", "minutes", "setups", "note"]
    readonly_fields = fields


class TimeSheetInline(StudioInline):
    model = TimeSheet
    view_verb = "shoot.view"
    fields = ["engagement", "call_time", "wrap_time"]
    readonly_fields = fields

    @display(description=gettext_lazy("call"))
    def call_time(self, row: TimeSheet) -> str:
        return clock(row.call_minute)

    @display(description=gettext_lazy("wrap"))
    def wrap_time(self, row: TimeSheet) -> str:
        return clock(row.wrap_minute)


class ExtrasCountInline(StudioInline):
    model = ExtrasCount
    view_verb = "shoot.view"
    fields = ["kind", "heads", "call_time", "wrap_time", "note"]
    readonly_fields = fields

    @display(description=gettext_lazy("call"))
    def call_time(self, row: ExtrasCount) -> str:
        return clock(row.call_minute)

    @display(description=gettext_lazy("wrap"))
    def wrap_time(self, row: ExtrasCount) -> str:
        return clock(row.wrap_minute)


@admin.register(DailyReport)
class DailyReportAdmin(ReadOnlyAdmin):
    """Reports change through the log page alone, here as elsewhere; above the list stand the days that want one."""

    view_verb = "shoot.view"
    list_display = ["shoot_day", "state_chip", "call_time", "wrap_time", "weather", "submitted_by", "log_link"]
    list_filter = ["state", "shoot_day__production"]
    search_fields = ["shoot_day__production__title", "shoot_day__production__code"]
    list_select_related = ["shoot_day__production", "submitted_by"]
    list_before_template = "admin/shooting/days_to_log.html"
    fields = [
        "shoot_day", "state", ("call_time", "first_shot_time"), "meal_time", "second_meal_time", "wrap_time", "weather", "notes",
        ("submitted_by", "submitted_at"), ("approved_by", "approved_at"), "log_link",
    ]  # fmt: skip
    readonly_fields = ["call_time", "first_shot_time", "meal_time", "second_meal_time", "wrap_time", "log_link"]
    inlines = [SceneReportInline, TimeSheetInline, ExtrasCountInline]

    @display(
        description=gettext_lazy("state"),
        label={"draft": "warning", "submitted": "info", "approved": "success"},
        ordering="state",
    )
    def state_chip(self, row: DailyReport) -> tuple[str, str]:
        return row.state, row.get_state_display()

    @display(description=gettext_lazy("call"), ordering="call_minute")
    def call_time(self, row: DailyReport) -> str:
        return clock(row.call_minute) or "—"

    @display(description=gettext_lazy("first shot"))
    def first_shot_time(self, row: DailyReport) -> str:
        return clock(row.first_shot_minute) or "—"

    @display(description=gettext_lazy("meal"))
    def meal_time(self, row: DailyReport) -> str:
        return _span(row.meal_minute, row.meal_end_minute)

    @display(description=gettext_lazy("second meal"))
    def second_meal_time(self, row: DailyReport) -> str:
        return _span(row.second_meal_minute, row.second_meal_end_minute)

    @display(description=gettext_lazy("wrap"), ordering="wrap_minute")
    def wrap_time(self, row: DailyReport) -> str:
        return clock(row.wrap_minute) or "—"

    @display(description=gettext_lazy("log"))
    def log_link(self, row: DailyReport) -> SafeString | str:
        if row.state == ReportState.DRAFT:
            url, label = reverse("admin:shooting_dailyreport_log", args=[row.shoot_day_id]), _("Log the day")
        else:
            url, label = reverse("shoot_day", args=[row.shoot_day_id]), _("Open the day")
        return format_html('<a href="{}">{}</a>', url, label)

    def get_urls(self) -> list[URLPattern]:
        log = path("day/<int:pk>/log/", self.admin_site.admin_view(self.log_view), name="shooting_dailyreport_log")
        return [log, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        days = list(days_to_log(request)[:TO_LOG])
        return super().changelist_view(request, {**(extra_context or {}), "days_to_log": days})

    def log_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The log page inside the admin's frame; the same form and action as the page at /shoot-days/."""
        if not request.access.may("shoot.log"):  # type: ignore[attr-defined]
            raise PermissionDenied
        day = scoped(request, DAYS, "shoot.log", pk=pk)
        title = _("Log shoot day %(number)s of %(title)s") % {"number": day.number, "title": day.production.title}
        context = {**self.admin_site.each_context(request), "opts": self.model._meta, "title": title}
        done = reverse("admin:shooting_dailyreport_changelist")
        return answer_log(request, day, "admin/shooting/log.html", done, context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> Any:
        """A draft opens where it is written: on the log page."""
        if request.access.may("shoot.log") and object_id.isdecimal():  # type: ignore[attr-defined]
            rows = request.access.scope(DailyReport.objects.all(), "shoot.log")  # type: ignore[attr-defined]
            draft = rows.filter(pk=int(object_id[:18]), state=ReportState.DRAFT).first()
            if draft is not None:
                return redirect("admin:shooting_dailyreport_log", draft.shoot_day_id)
        return super().change_view(request, object_id, form_url, extra_context)


add_section(gettext_lazy("Shoot"), [("shooting.DailyReport", "checklist")])
