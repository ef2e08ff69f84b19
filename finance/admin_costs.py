"""Admin pages of what a studio spends: looked at here, changed by their own pages, which reckon again what follows."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from finance.models import (
    ApprovalLimit,
    PettyFloat,
    PettySlip,
    PromotionSpend,
    PurchaseInvoice,
    PurchaseLine,
    PurchaseOrder,
    Tariff,
)
from studio.admin_site import ReadOnlyAdmin, StudioAdmin, StudioInline
from studio.values import Money


@admin.register(Tariff)
class TariffAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["kind", "base", "from_date", "flat", "hour", "percent", "source"]
    list_filter = ["kind"]
    search_fields = ["source"]
    list_select_related = ["base", "studio"]

    @display(description=_("a day or case"), ordering="flat_minor")
    def flat(self, row: Tariff) -> str:
        return str(Money(row.flat_minor, row.studio.currency))

    @display(description=_("an hour"), ordering="hour_minor")
    def hour(self, row: Tariff) -> str:
        return str(Money(row.hour_minor, row.studio.currency))


@admin.register(ApprovalLimit)
class ApprovalLimitAdmin(StudioAdmin):
    """Set by the owner; the studio's limit above which two approve is among the studio's settings."""

    view_verb, change_verb = "money.view", "member.edit"
    list_display = ["studio", "role", "most"]
    list_select_related = ["studio"]

    @display(description=_("approves up to"), ordering="most_minor")
    def most(self, row: ApprovalLimit) -> str:
        return str(Money(row.most_minor, row.studio.currency))


class PurchaseLineInline(StudioInline):
    model = PurchaseLine
    view_verb, change_verb = "money.request", None
    fields = readonly_fields = ["name", "quantity", "rate_minor"]


class PurchaseInvoiceInline(StudioInline):
    model = PurchaseInvoice
    view_verb, change_verb = "money.view", None
    fields = readonly_fields = ["reference", "on_date", "amount_minor", "final", "paid_at", "bank_reference"]


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(ReadOnlyAdmin):
    view_verb = "money.request"
    list_display = ["production", "number", "title", "account", "payee", "state", "expected_date"]
    list_filter = ["state", "account"]
    search_fields = ["title", "supplier_name", "supplier__name", "production__title"]
    list_select_related = ["production", "supplier"]
    inlines = [PurchaseLineInline, PurchaseInvoiceInline]


@admin.register(PurchaseInvoice)
class PurchaseInvoiceAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["order", "reference", "on_date", "amount", "final", "paid_at"]
    list_filter = ["on_date"]
    search_fields = ["reference", "order__title"]
    list_select_related = ["order__production__studio"]

    @display(description=_("amount"), ordering="amount_minor")
    def amount(self, row: PurchaseInvoice) -> str:
        return str(Money(row.amount_minor, row.order.production.studio.currency))


class _OfTitle(ReadOnlyAdmin):
    """Rows with an amount in the currency of their title's studio."""

    view_verb = "money.view"

    @display(description=_("amount"), ordering="amount_minor")
    def amount(self, row: PettyFloat | PettySlip | PromotionSpend) -> str:
        return str(Money(row.amount_minor, row.production.studio.currency))


@admin.register(PettyFloat)
class PettyFloatAdmin(_OfTitle):
    list_display = ["production", "holder", "amount", "on_date", "note", "given_by"]
    search_fields = ["holder__name", "production__title", "note"]
    list_select_related = ["production__studio", "holder", "given_by"]


@admin.register(PettySlip)
class PettySlipAdmin(_OfTitle):
    list_display = ["production", "holder", "what_for", "account", "amount", "spent_date", "state"]
    list_filter = ["state", "account"]
    search_fields = ["holder__name", "production__title", "what_for"]
    list_select_related = ["production__studio", "holder"]
    # The photo is opened on the page of the petty cash, which checks access.
    exclude = ["photo", "thumb"]


@admin.register(PromotionSpend)
class PromotionSpendAdmin(_OfTitle):
    list_display = ["production", "platform", "campaign", "on_date", "amount", "entered_by"]
    list_filter = ["on_date"]
    search_fields = ["campaign", "production__title"]
    list_select_related = ["production__studio", "platform", "entered_by"]
