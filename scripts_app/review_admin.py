"""Admin pages of reviews and rights: what was said is looked at, criteria and source works are mended."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from scripts_app import actions
from scripts_app.models import (
    Criterion,
    EpisodeVerdict,
    Greenlight,
    NoteReply,
    ReviewNote,
    ReviewRound,
    Score,
    SourceWork,
)
from scripts_app.review_forms import NamesField
from studio.admin_site import ReadOnlyAdmin, StudioAdmin
from studio.choices import WorkKind


@admin.register(ReviewRound)
class ReviewRoundAdmin(ReadOnlyAdmin):
    view_verb = "script.view"
    list_display = ["revision", "kind", "verdict", "due_date", "reviewed_by", "reviewed_at"]
    list_select_related = ["revision__script__production", "reviewed_by"]
    list_filter = ["kind", "verdict"]


@admin.register(EpisodeVerdict)
class EpisodeVerdictAdmin(ReadOnlyAdmin):
    view_verb = "script.view"
    list_display = ["round", "episode", "verdict", "reason", "reviewer", "read_at"]
    list_select_related = ["round__revision__script__production", "episode", "reviewer"]
    list_filter = ["verdict"]


@admin.register(ReviewNote)
class ReviewNoteAdmin(ReadOnlyAdmin):
    view_verb = "script.view"
    list_display = ["round", "episode", "line", "quote", "state", "author", "created_at"]
    list_select_related = ["round__revision__script__production", "episode", "author"]
    list_filter = ["state"]
    search_fields = ["quote", "body"]


@admin.register(NoteReply)
class NoteReplyAdmin(ReadOnlyAdmin):
    view_verb = "script.view"
    list_display = ["note", "body", "author", "said_at"]
    list_select_related = ["note", "author"]


@admin.register(Score)
class ScoreAdmin(ReadOnlyAdmin):
    view_verb = "script.view"
    list_display = ["round", "criterion", "points", "best", "reviewer"]
    list_select_related = ["round__revision__script__production", "criterion", "reviewer"]


@admin.register(Criterion)
class CriterionAdmin(StudioAdmin):
    view_verb, change_verb = "script.view", "script.edit"
    list_display = ["label", "weight", "best", "position", "retired"]
    list_filter = ["retired"]

    @display(description=_("name"))
    def label(self, row: Criterion) -> str:
        return str(row)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["studio"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Points hang on it; it is retired, never deleted.
        return False


@admin.register(Greenlight)
class GreenlightAdmin(ReadOnlyAdmin):
    view_verb = "script.view"
    list_display = ["production", "revision", "missing", "override_reason", "given_by", "given_at"]
    list_select_related = ["production", "revision__script__production", "given_by"]


@admin.register(SourceWork)
class SourceWorkAdmin(StudioAdmin):
    view_verb, change_verb = "script.view", "production.edit"
    list_display = ["title", "kind", "holder", "from_date", "until_date"]
    list_filter = ["kind"]
    search_fields = ["title", "author", "holder"]
    autocomplete_fields = ["productions"]
    # The file goes out through the page of the work, which checks who may read it; a storage address does not.
    exclude = ["file"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["studio"] if obj else []

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "territories":
            return NamesField(label=db_field.verbose_name, required=False, help_text=_("Names with commas."))
        if db_field.name == "media_kinds":
            return forms.MultipleChoiceField(label=db_field.verbose_name, required=False, choices=WorkKind.choices)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Which titles it belonged to goes without saying: those rows have no name of their own."""
        nested, counts, *rest = super().get_deleted_objects(objs, request)
        own = [row for row in nested if not isinstance(row, list)]
        links = SourceWork.productions.through._meta.verbose_name_plural
        return (own, {name: count for name, count in counts.items() if name != links}, *rest)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """As on its page: with its fact, and only titles of its own studio."""
        super().save_related(request, form, formsets, change)
        row = form.instance
        actions.record_rights(
            studio=row.studio, source=row, by=request.user,  # type: ignore[arg-type]
            productions=[each for each in row.productions.all() if each.studio_id == row.studio_id],
            **{
                name: getattr(row, name)
                for name in (
                    "title", "kind", "author", "holder", "contract_reference", "territories", "from_date", "until_date",
                    "extensions_allowed",
                )
            },
            media_kinds=row.media_kinds,
        )  # fmt: skip
