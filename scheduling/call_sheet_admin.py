"""Issued call sheets in the admin: looked at, never changed."""

from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from scheduling.call_sheet_clock import clock
from scheduling.models import CallSheet, CallSheetRecipient
from studio.admin_site import ReadOnlyAdmin, StudioInline


class CallInline(StudioInline):
    model = CallSheetRecipient
    view_verb = "shoot.view"
    fields = ["person", "department", "job_title", "call_time", "opened_at", "confirmed_at"]
    readonly_fields = fields

    @display(description=_("call"))
    def call_time(self, row: CallSheetRecipient) -> str:
        return clock(row.call_minute)


@admin.register(CallSheet)
class CallSheetAdmin(ReadOnlyAdmin):
    view_verb = "shoot.view"
    list_display = ["shoot_day", "revision", "state_chip", "issued_by", "issued_at", "page_link"]
    list_filter = ["state"]
    search_fields = ["shoot_day__production__title", "shoot_day__production__code"]
    list_select_related = ["shoot_day__production", "issued_by"]
    date_hierarchy = "issued_at"
    fields = ["shoot_day", "revision", "state", "issued_by", "issued_at", "page_link"]
    readonly_fields = fields
    inlines = [CallInline]

    @display(description=_("state"), label={"issued": "info", "frozen": "success", "revised": ""}, ordering="state")
    def state_chip(self, row: CallSheet) -> tuple[str, str]:
        return row.state, row.get_state_display()

    @display(description=_("call sheet"))
    def page_link(self, row: CallSheet) -> SafeString:
        from django.urls import reverse

        return format_html('<a href="{}">{}</a>', reverse("call_sheet", args=[row.pk]), _("Open the page"))
