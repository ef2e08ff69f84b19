"""Admin pages of this room: papers are the studio's to edit; the rest is looked at."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import pgettext_lazy

from compliance.models import (
    AiDeclaration,
    Classification,
    ClassRule,
    Consent,
    ConsentRule,
    ContentFlag,
    CostCap,
    Filing,
    FilingClock,
    FlagTerm,
    GateOverride,
    LeadPerformer,
    PaperRule,
)
from studio.admin_site import ReadOnlyAdmin, StudioAdmin, add_section


@admin.register(ClassRule)
class ClassRuleAdmin(ReadOnlyAdmin):
    """Rules are written on their own page, where the titles they touch are seen first."""

    view_verb = "compliance.view"
    list_display = ["from_date", "work_kind", "state", "key_from_minor", "ordinary_from_minor", "source"]
    list_filter = ["state", "work_kind"]


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


@admin.register(ConsentRule)
class ConsentRuleAdmin(StudioAdmin):
    view_verb, change_verb = "compliance.view", "compliance.edit"
    list_display = ["from_date", "kind", "whom", "trait", "under_age", "gate", "asked", "source"]
    list_filter = ["kind", "whom", "gate"]


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    """Consents are recorded on the title's page, with their paper."""

    view_verb = "compliance.view"
    list_display = ["production", "person", "kind", "from_date", "until_date", "withdrawn_at", "recorded_by"]
    list_select_related = ["production", "person", "recorded_by"]
    list_filter = ["kind"]
    search_fields = ["person__name", "production__title"]


@admin.register(AiDeclaration)
class AiDeclarationAdmin(ReadOnlyAdmin):
    view_verb = "compliance.view"
    list_display = ["production", "on_date", "tools", "visible_label", "metadata_label", "declared_by"]
    list_select_related = ["production", "declared_by"]


@admin.register(FilingClock)
class FilingClockAdmin(StudioAdmin):
    view_verb, change_verb = "compliance.view", "compliance.edit"
    list_display = ["clock", "days"]


@admin.register(GateOverride)
class GateOverrideAdmin(ReadOnlyAdmin):
    view_verb = "compliance.view"
    list_display = ["production", "gate", "reason", "given_by", "given_at", "withdrawn_at"]
    list_select_related = ["production", "given_by"]
    list_filter = ["gate"]


@admin.register(CostCap)
class CostCapAdmin(StudioAdmin):
    view_verb, change_verb = "compliance.view", "compliance.edit"
    list_display = ["from_date", "measure", "most_bp", "binding", "source"]
    list_filter = ["measure"]


@admin.register(LeadPerformer)
class LeadPerformerAdmin(ReadOnlyAdmin):
    """Leads are named on the cost-composition report."""

    view_verb = "compliance.view"
    list_display = ["production", "person"]
    list_select_related = ["production", "person"]


@admin.register(FlagTerm)
class FlagTermAdmin(StudioAdmin):
    view_verb, change_verb = "compliance.view", "compliance.edit"
    list_display = ["word", "kind", "from_date", "until_date", "source"]
    list_filter = ["kind"]
    search_fields = ["word"]


@admin.register(ContentFlag)
class ContentFlagAdmin(ReadOnlyAdmin):
    view_verb = "compliance.view"
    list_display = ["production", "scene", "kind", "word", "state", "decided_by"]
    list_select_related = ["production", "scene", "decided_by"]
    list_filter = ["kind", "state"]


add_section(
    pgettext_lazy("room", "Compliance"),
    [
        ("compliance.Filing", "approval"),
        ("compliance.Classification", "gavel"),
        ("compliance.GateOverride", "key"),
        ("compliance.ClassRule", "rule"),
        ("compliance.FlagTerm", "flag"),
        ("compliance.ContentFlag", "report"),
        ("compliance.Consent", "signature"),
        ("compliance.ConsentRule", "checklist"),
        ("compliance.AiDeclaration", "smart_toy"),
        ("compliance.FilingClock", "schedule"),
        ("compliance.CostCap", "percent"),
        ("compliance.LeadPerformer", "star"),
        ("compliance.PaperRule", "checklist"),
    ],
)
