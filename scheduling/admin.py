"""Admin pages of this room. What has an action is changed through it; here are look-ups and plain rows."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from scheduling import call_sheet_admin  # noqa: F401 - registers issued call sheets
from scheduling.models import (
    BoardDay,
    Booking,
    Casting,
    FilmBase,
    Location,
    PlannedScene,
    Set,
    ShootDay,
    Strip,
    Stripboard,
    Unavailability,
)
from scheduling.templatetags.scheduling_ui import clock
from studio.admin_site import ReadOnlyAdmin, StudioAdmin, StudioInline, add_section


class LocationInline(StudioInline):
    model = Location
    view_verb, change_verb = "board.view", "board.edit"
    fields = ["name", "hire_by", "price_minor", "open_from_minute", "open_to_minute", "dressing_minutes"]


@admin.register(FilmBase)
class FilmBaseAdmin(StudioAdmin):
    view_verb, change_verb = "board.view", "board.edit"
    list_display = ["name", "city", "address", "contact", "studio"]
    list_filter = ["city"]
    search_fields = ["name", "city", "address"]
    list_select_related = ["studio"]
    inlines = [LocationInline]


@admin.register(Location)
class LocationAdmin(StudioAdmin):
    view_verb, change_verb = "board.view", "board.edit"
    list_display = ["name", "base", "hire_by", "price_minor", "dressing_minutes"]
    list_filter = ["hire_by", "base"]
    search_fields = ["name", "base__name"]
    list_select_related = ["base"]


@admin.register(Set)
class SetAdmin(StudioAdmin):
    view_verb, change_verb = "board.view", "board.edit"
    list_display = ["name", "production", "location"]
    list_filter = ["production"]
    search_fields = ["name"]
    list_select_related = ["production", "location__base"]


@admin.register(Booking)
class BookingAdmin(ReadOnlyAdmin):
    """Made and given back on the title's page of places, where overlaps are refused."""

    view_verb = "board.view"
    list_display = ["location", "production", "start_at", "end_at", "price_minor", "state"]
    list_filter = ["state", "production"]
    list_select_related = ["location__base", "production"]
    date_hierarchy = "start_at"


@admin.register(Unavailability)
class UnavailabilityAdmin(StudioAdmin):
    view_verb, change_verb = "people.view", "people.edit"
    list_display = ["person", "from_date", "to_date", "reason"]
    search_fields = ["person__name"]
    list_select_related = ["person"]
    autocomplete_fields = ["person"]


@admin.register(Casting)
class CastingAdmin(ReadOnlyAdmin):
    """Chosen on the title's page of people, where only its cast is offered."""

    view_verb = "people.view"
    list_display = ["character", "engagement"]
    list_filter = ["character__production"]
    list_select_related = ["character", "engagement__person"]


class BoardDayInline(StudioInline):
    model = BoardDay
    view_verb = "board.view"
    fields = ["date", "unit", "call_time", "wrap_time"]
    readonly_fields = fields

    @display(description=_("call"))
    def call_time(self, row: BoardDay) -> str:
        return clock(row.call_minute)

    @display(description=_("wrap"))
    def wrap_time(self, row: BoardDay) -> str:
        return clock(row.wrap_minute)


class StripInline(StudioInline):
    model = Strip
    view_verb = "board.view"
    fields = ["scene", "day_text", "position", "time_text", "pinned"]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("scene", "day")

    @display(description=_("date"))
    def day_text(self, row: Strip) -> str:
        return row.day.date.isoformat() if row.day else "—"

    @display(description=_("time"))
    def time_text(self, row: Strip) -> str:
        return f"{clock(row.start_minute)}–{clock(row.end_minute)}" if row.start_minute is not None else "—"


@admin.register(Stripboard)
class StripboardAdmin(StudioAdmin):
    """The numbers a draft reckons with may be typed here; strips are moved on the board, locked boards not at all."""

    view_verb, change_verb = "board.view", "board.edit"
    list_display = ["name", "production", "state_chip", "locked_at", "locked_by", "updated_at"]
    list_filter = ["state", "production"]
    search_fields = ["name", "production__title"]
    list_select_related = ["production", "locked_by"]
    readonly_fields = ["production", "state", "locked_at", "locked_by", "lock_reason", "version"]
    fieldsets = [
        (None, {"fields": ["production", "name", ("state", "version"), ("locked_at", "locked_by"), "lock_reason"]}),
    ]
    inlines = [BoardDayInline, StripInline]

    @display(description=_("state"), label={"draft": "info", "locked": "success", "replaced": ""}, ordering="state")
    def state_chip(self, row: Stripboard) -> tuple[str, str]:
        return row.state, row.get_state_display()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (obj is None or obj.state == "draft") and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Without an object Django asks for the list's bulk action, which would not look at the state of each.
        return obj is not None and obj.state == "draft" and super().has_delete_permission(request, obj)


class PlannedSceneInline(StudioInline):
    model = PlannedScene
    view_verb = "shoot.view"
    fields = ["position", "scene", "time_text", "owed_at"]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("scene")

    @display(description=_("time"))
    def time_text(self, row: PlannedScene) -> str:
        return f"{clock(row.start_minute)}–{clock(row.end_minute)}" if row.start_minute is not None else "—"


@admin.register(ShootDay)
class ShootDayAdmin(ReadOnlyAdmin):
    """Made by locking a board; what happened on it is in its report."""

    view_verb = "shoot.view"
    list_display = ["production", "number", "date", "unit", "state", "base"]
    list_filter = ["state", "production"]
    list_select_related = ["production", "base"]
    date_hierarchy = "date"
    inlines = [PlannedSceneInline]


add_section(
    _("Schedule"),
    [
        ("scheduling.Stripboard", "view_week"),
        ("scheduling.ShootDay", "event"),
        ("scheduling.CallSheet", "campaign"),
        ("scheduling.FilmBase", "location_city"),
        ("scheduling.Location", "location_on"),
        ("scheduling.Set", "chair"),
        ("scheduling.Booking", "event_available"),
        ("scheduling.Casting", "theater_comedy"),
        ("scheduling.Unavailability", "event_busy"),
    ],
)
