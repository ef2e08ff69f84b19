"""Admin pages of this room: drafts are looked at, scenes, roles and things are mended."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import display

from scripts_app.actions import delete_link_rule, switch_link_rule
from scripts_app.linking import link_elements
from scripts_app.models import (
    Breakdown,
    BreakdownStep,
    Character,
    DictionaryWord,
    Element,
    LinkRule,
    Reading,
    Refusal,
    Revision,
    RevisionColour,
    Scene,
    SceneCharacter,
    Script,
    ScriptLink,
    ScriptLinkOpening,
    ScriptWriter,
    StaleItem,
    Tag,
)
from scripts_app.queries import locked_revision
from studio.admin_site import ReadOnlyAdmin, StudioAdmin, StudioInline, add_section
from studio.verb_names import verb_name


class ScriptWriterInline(StudioInline):
    """Looked at: writers are named on the script's page, where it is announced and told to them."""

    model = ScriptWriter
    view_verb = "script.view"
    fields = ["person", "credit", "position"]


class _HeldByLock:
    """Pages of what the current draft says: once it is locked, these fields are read and a sentence says why."""

    held: tuple[str, ...] = ()

    def _locked(self, obj: Any) -> Revision | None:
        return locked_revision(obj.production_id) if obj is not None else None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fields = list(super().get_readonly_fields(request, obj))  # type: ignore[misc]
        return [*fields, *self.held] if self._locked(obj) else fields

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        row = self.get_object(request, object_id)  # type: ignore[attr-defined]
        locked = self._locked(row)
        if locked is not None:
            told = now("Revision %(number)s is locked: what it says is changed by a new draft alone.")
            messages.warning(request, told % {"number": locked.number})
        return super().change_view(request, object_id, *args, **kwargs)  # type: ignore[misc]


@admin.register(Script)
class ScriptAdmin(_HeldByLock, StudioAdmin):
    held = ("logline", "outline")
    view_verb, change_verb = "script.view", "script.edit"
    list_display = ["production", "minutes_per_page", "updated_at"]
    list_select_related = ["production"]
    inlines = [ScriptWriterInline]
    search_fields = ["production__title", "production__code"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *(["production"] if obj else [])]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    view_verb = "script.view"
    list_display = [
        "script",
        "number",
        "colour",
        "source_name",
        "layout",
        "characters_count",
        "imported_by",
        "created_at",
        "lock",
    ]
    list_select_related = ["script__production", "imported_by"]
    search_fields = ["script__production__title", "source_name"]
    # The file goes out through the script page, which checks who may read it; a storage address does not.
    exclude = ["source_file", "faults", "marks", "episodes", "front"]

    @display(description=_("locked"), boolean=True)
    def lock(self, row: Revision) -> bool:
        return row.locked_at is not None


class SceneCastInline(StudioInline):
    model = SceneCharacter
    view_verb, change_verb = "script.view", "script.edit"
    fields = ["character", "count", "note", "speaks"]
    autocomplete_fields = ["character"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and not self._held(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not self._held(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not self._held(obj)

    def _held(self, obj: Any) -> bool:
        return obj is not None and locked_revision(obj.production_id) is not None


@admin.register(Scene)
class SceneAdmin(_HeldByLock, StudioAdmin):
    held = ("int_ext", "time_of_day", "time_written", "set_name", "sub_place", "flashback", "synopsis")
    view_verb, change_verb = "script.view", "script.edit"
    list_display = ["number", "production", "int_ext", "time_of_day", "set_name", "shoot_minutes", "state"]
    list_filter = ["state", "int_ext", "time_of_day", "production"]
    list_select_related = ["production"]
    search_fields = ["number", "set_name", "synopsis", "production__title"]
    # A scene is omitted, and comes back, with a draft.
    readonly_fields = [
        "production", "number", "written_number", "episode", "state", "first_revision", "page_parts", "seconds",
    ]  # fmt: skip
    inlines = [SceneCastInline]
    fieldsets = [
        (None, {"fields": [("production", "episode"), ("number", "written_number"), "state"]}),
        (
            pgettext_lazy("scene", "Heading"),
            {
                "fields": [
                    ("int_ext", "time_of_day", "time_written"),
                    ("set_name", "sub_place"),
                    "flashback",
                    "synopsis",
                ]
            },
        ),
        (pgettext_lazy("scene", "Length"), {"fields": [("page_parts", "seconds", "shoot_minutes")]}),
    ]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        link_elements(form.instance.production, [form.instance.pk])

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # A scene comes out of a draft; one made by hand would belong to no text.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Strips, reports and costs hang on it; a scene is omitted, not deleted.
        return False


@admin.register(Character)
class CharacterAdmin(_HeldByLock, StudioAdmin):
    held = ("name",)
    view_verb, change_verb = "script.view", "script.edit"
    list_display = ["name", "production", "age", "is_crowd"]
    list_filter = ["is_crowd", "production"]
    list_select_related = ["production"]
    search_fields = ["name", "production__title"]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        # An age makes a minor, and a minor needs a guardian.
        link_elements(form.instance.production)


class TagInline(StudioInline):
    model = Tag
    view_verb, change_verb = "script.view", "script.edit"
    fields = ["scene", "origin", "because"]
    readonly_fields = ["origin", "because"]
    autocomplete_fields = ["scene"]


@admin.register(Element)
class ElementAdmin(StudioAdmin):
    view_verb, change_verb = "script.view", "script.edit"
    list_display = ["name", "category", "production", "suggested"]
    list_filter = ["category", "suggested", "production"]
    list_select_related = ["production"]
    search_fields = ["name", "production__title"]
    inlines = [TagInline]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        link_elements(form.instance.production)


@admin.register(Breakdown)
class BreakdownAdmin(ReadOnlyAdmin):
    view_verb = "script.view"
    list_display = ["revision", "state", "approved_by", "approved_at"]
    list_select_related = ["revision__script__production", "approved_by"]
    list_filter = ["state"]


@admin.register(Tag)
class TagAdmin(ReadOnlyAdmin):
    view_verb = "script.view"
    list_display = ["element", "scene", "origin", "because", "tagged_by"]
    list_select_related = ["element", "scene", "tagged_by"]
    list_filter = ["origin", "element__category"]
    search_fields = ["element__name", "scene__number"]


@admin.register(Refusal)
class RefusalAdmin(StudioAdmin):
    view_verb, change_verb = "script.view", "script.edit"
    list_display = ["name", "category", "production", "scene", "refused_by"]
    list_select_related = ["production", "scene", "refused_by"]
    list_filter = ["category", "production"]
    search_fields = ["name", "production__title"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Refused on the breakdown, where tags and suggestions follow; here it is taken back.
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(BreakdownStep)
class BreakdownStepAdmin(ReadOnlyAdmin):
    view_verb = "script.view"
    list_display = ["kind", "production", "made_by", "made_at", "undone_at"]
    list_select_related = ["production", "made_by"]
    list_filter = ["kind", "production"]


@admin.register(DictionaryWord)
class DictionaryWordAdmin(StudioAdmin):
    view_verb, change_verb = "script.view", "script.edit"
    list_display = ["word", "name", "category", "active", "studio", "added_by"]
    list_select_related = ["studio", "added_by"]
    list_filter = ["category", "active"]
    search_fields = ["word", "name"]


@admin.register(LinkRule)
class LinkRuleAdmin(StudioAdmin):
    view_verb, change_verb = "script.view", "script.edit"
    list_display = ["then_name", "when", "when_category", "when_name", "production", "active"]
    list_select_related = ["production"]
    list_filter = ["when", "active", "production"]
    search_fields = ["then_name", "when_name"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        switch_link_rule(rule=obj, active=obj.active, by=request.user)  # type: ignore[arg-type]

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        delete_link_rule(rule=obj, by=request.user)  # type: ignore[arg-type]

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for rule in queryset:
            self.delete_model(request, rule)


@admin.register(Reading)
class ReadingAdmin(ReadOnlyAdmin):
    view_verb = "script.view"
    list_display = ["source_name", "production", "state", "version", "read_by", "created_at"]
    list_select_related = ["production", "read_by"]
    list_filter = ["state", "production"]
    search_fields = ["source_name", "production__title"]
    exclude = ["source_file", "steps", "undone"]


@admin.register(RevisionColour)
class RevisionColourAdmin(StudioAdmin):
    view_verb, change_verb = "script.view", "script.edit"
    list_display = ["name", "tint", "position", "studio"]
    list_select_related = ["studio"]


@admin.register(StaleItem)
class StaleItemAdmin(ReadOnlyAdmin):
    view_verb = "script.view"
    list_display = ["sentence", "revision", "settled_at", "settled_by"]
    list_select_related = ["revision__script__production", "settled_by"]
    exclude = ["params", "key", "verb"]
    readonly_fields = ["concerns"]

    @admin.display(description=_("concerns"))
    def concerns(self, row: StaleItem) -> str:
        return verb_name(row.verb)


@admin.register(ScriptLink)
class ScriptLinkAdmin(ReadOnlyAdmin):
    view_verb = "script.view"
    list_display = ["code", "reader_name", "revision", "expires_at", "openings_count", "made_by", "revoked_at"]
    list_select_related = ["revision__script__production", "made_by"]
    search_fields = ["code", "reader_name", "revision__script__production__title"]
    exclude = ["digest", "password"]


@admin.register(ScriptLinkOpening)
class ScriptLinkOpeningAdmin(ReadOnlyAdmin):
    view_verb = "script.view"
    list_display = ["opened_at", "link", "kind", "agent", "network"]
    list_select_related = ["link"]
    list_filter = ["kind"]
    search_fields = ["link__code", "link__reader_name"]


add_section(
    pgettext_lazy("room", "Scripts"),
    [
        ("scripts_app.Script", "description"),
        ("scripts_app.Revision", "history_edu"),
        ("scripts_app.RevisionColour", "palette"),
        ("scripts_app.StaleItem", "update"),
        ("scripts_app.Reading", "rule"),
        ("scripts_app.Scene", "subject"),
        ("scripts_app.Character", "theater_comedy"),
        ("scripts_app.Element", "category"),
        ("scripts_app.Tag", "sell"),
        ("scripts_app.DictionaryWord", "dictionary"),
        ("scripts_app.LinkRule", "link"),
        ("scripts_app.Refusal", "block"),
        ("scripts_app.Breakdown", "fact_check"),
        ("scripts_app.BreakdownStep", "undo"),
        ("scripts_app.ReviewRound", "rate_review"),
        ("scripts_app.EpisodeVerdict", "grading"),
        ("scripts_app.ReviewNote", "sticky_note_2"),
        ("scripts_app.NoteReply", "reply"),
        ("scripts_app.Score", "scoreboard"),
        ("scripts_app.Criterion", "rule"),
        ("scripts_app.Greenlight", "traffic"),
        ("scripts_app.SourceWork", "auto_stories"),
        ("scripts_app.ScriptLink", "link"),
        ("scripts_app.ScriptLinkOpening", "visibility"),
    ],
)

from scripts_app import review_admin  # noqa: E402, F401 - registers reviews and rights
