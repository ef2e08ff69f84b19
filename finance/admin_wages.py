"""Admin pages of what people are paid: looked at and never changed."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from finance.models import (
    AlarmRule,
    EstimateFigure,
    MarginCause,
    MarginPoint,
    MoneyAlarm,
    ReceiptForecast,
    WageItem,
    WagePayment,
)
from studio.admin_site import ReadOnlyAdmin, StudioInline, add_section


class WageItemInline(StudioInline):
    model = WageItem
    view_verb, change_verb = "money.view", None
    fields = readonly_fields = ["line", "amount_minor", "tax_minor"]


@admin.register(WagePayment)
class WagePaymentAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["person", "on_date", "method", "gross_minor", "tax_minor", "net_minor", "state", "paid_at"]
    list_filter = ["state", "method"]
    search_fields = ["person__name", "bank_reference"]
    list_select_related = ["person"]
    inlines = [WageItemInline]


@admin.register(EstimateFigure)
class EstimateFigureAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["production", "account", "amount_minor", "reason", "said_by", "said_at"]
    list_select_related = ["production", "said_by"]


@admin.register(ReceiptForecast)
class ReceiptForecastAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["production", "platform", "amount_minor", "by_month", "said_by", "said_at"]
    list_select_related = ["production", "platform", "said_by"]


class MarginCauseInline(StudioInline):
    model = MarginCause
    view_verb, change_verb = "money.view", None
    fields = readonly_fields = ["key", "amount_minor"]


@admin.register(MarginPoint)
class MarginPointAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["production", "number", "cause", "margin_minor", "reckoned_at"]
    list_select_related = ["production"]
    inlines = [MarginCauseInline]


@admin.register(AlarmRule)
class AlarmRuleAdmin(ReadOnlyAdmin):
    """Set on the page, where titles are judged at once."""

    view_verb = "money.view"
    list_display = ["measure", "account", "threshold", "active", "set_by"]
    list_select_related = ["set_by"]


@admin.register(MoneyAlarm)
class MoneyAlarmAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["production", "rule", "subject", "value", "threshold", "raised_at", "cleared_at", "seen_name"]
    list_select_related = ["production", "rule"]


add_section(
    _("Money"),
    [
        ("finance.WagePayment", "badge"),
        ("finance.EstimateFigure", "edit_note"),
        ("finance.ReceiptForecast", "trending_up"),
        ("finance.MarginPoint", "timeline"),
        ("finance.AlarmRule", "tune"),
        ("finance.MoneyAlarm", "notifications"),
    ],
)
