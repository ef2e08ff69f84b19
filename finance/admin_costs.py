"""Admin pages of what a studio spends: looked at here, changed by their own pages, which reckon again what follows."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from finance.models import Tariff
from studio.admin_site import ReadOnlyAdmin
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
