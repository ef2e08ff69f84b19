"""Admin pages of what people are paid: looked at and never changed."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from finance.models import WageItem, WagePayment
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


add_section(_("Wages"), [("finance.WagePayment", "badge")])
