"""Admin pages of tax tables: they are added on their own page, where they are checked."""

from __future__ import annotations

from django.contrib import admin

from finance.models import TaxTable
from studio.admin_site import ReadOnlyAdmin


@admin.register(TaxTable)
class TaxTableAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["method", "from_date", "until_date", "source", "added_by"]
    list_filter = ["method"]
