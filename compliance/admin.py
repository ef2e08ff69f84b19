"""Admin pages of this room: rules and papers are the studio's to edit; judgements and filings are looked at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import pgettext_lazy

from compliance.models import Classification, ClassRule, Filing, PaperRule
from studio.admin_site import ReadOnlyAdmin, StudioAdmin, add_section


@admin.register(ClassRule)
class ClassRuleAdmin(StudioAdmin):
    view_verb, change_verb = "compliance.view", "compliance.edit"
    list_display = ["from_date", "work_kind", "key_from_minor", "ordinary_from_minor", "special_theme_is_key", "source"]
    list_filter = ["work_kind"]

    # A rule that judged a title stays as it was then; a new one is written beside it.
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or not obj.judgements.exists())

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.judgements.exists())


@admin.register(PaperRule)
class PaperRuleAdmin(StudioAdmin):
    view_verb, change_verb = "compliance.view", "compliance.edit"
    list_display = ["name", "class_code", "stage", "trait", "source"]
    list_filter = ["stage", "class_code", "trait"]
    search_fields = ["name", "code"]


@admin.register(Classification)
class ClassificationAdmin(ReadOnlyAdmin):
    view_verb = "compliance.view"
    list_display = ["production", "class_code", "rule", "on_date", "judged_at", "judged_by"]
    list_select_related = ["production", "rule", "judged_by"]
    list_filter = ["class_code"]


@admin.register(Filing)
class FilingAdmin(ReadOnlyAdmin):
    view_verb = "compliance.view"
    list_display = ["production", "kind", "authority", "platform_code", "state", "round", "number", "submitted_at"]
    list_select_related = ["production"]
    list_filter = ["state", "kind", "authority"]
    search_fields = ["production__title", "number"]


add_section(
    pgettext_lazy("room", "Compliance"),
    [
        ("compliance.Filing", "approval"),
        ("compliance.Classification", "gavel"),
        ("compliance.ClassRule", "rule"),
        ("compliance.PaperRule", "checklist"),
    ],
)
