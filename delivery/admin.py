"""Admin pages of this room."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import display

from delivery.models import Deliverable, Package, Platform, Spec, Takedown, Verdict
from studio.admin_site import ReadOnlyAdmin, StudioAdmin, StudioInline, add_section

add_section(
    pgettext_lazy("room", "Delivery"),
    [
        ("delivery.Package", "inventory_2"),
        ("delivery.Deliverable", "local_shipping"),
        ("delivery.Verdict", "gavel"),
        ("delivery.Takedown", "block"),
        ("delivery.Platform", "smart_display"),
        ("delivery.Spec", "rule"),
    ],
)
PACKAGE_CHIPS = {
    "draft": "", "sending": "info", "sent": "info", "accepted": "success", "rejected": "danger", "live": "success",
    "taken_down": "danger",
}  # fmt: skip
DELIVERABLE_CHIPS = {
    "open": "", "failed": "danger", "ready": "warning", "sent": "info", "redeliver": "danger", "accepted": "success",
    "taken_down": "danger",
}  # fmt: skip


class SpecInline(StudioInline):
    model = Spec
    view_verb, change_verb = "delivery.view", "delivery.edit"
    fields = ["from_date", "source", "rules"]


@admin.register(Platform)
class PlatformAdmin(StudioAdmin):
    view_verb, change_verb = "delivery.view", "delivery.edit"
    list_display = ["name", "code", "adapter", "review_days"]
    search_fields = ["name", "code"]
    inlines = [SpecInline]


@admin.register(Spec)
class SpecAdmin(StudioAdmin):
    """A spec in use is not edited away from under its packages: a change is a new row with its own date."""

    view_verb, change_verb = "delivery.view", "delivery.edit"
    list_display = ["platform", "from_date", "source"]
    list_filter = ["platform"]
    list_select_related = ["platform"]


class _Moved(StudioAdmin):
    """Rows whose states the room's actions move; opened by them, too."""

    view_verb, change_verb = "delivery.view", "delivery.edit"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Package)
class PackageAdmin(_Moved):
    list_display = ["production", "platform", "state_chip", "round", "due_date", "sent_at", "live_at"]
    list_filter = ["state", "platform"]
    search_fields = ["production__title", "production__code"]
    list_select_related = ["production", "platform"]
    fields = [
        "production", "platform", "spec", "state", "round", "due_date", "synopsis", "tagline", "inspected_at",
        "sent_at", "live_at", "send_error",
    ]  # fmt: skip
    readonly_fields = [
        "production", "platform", "spec", "state", "round", "inspected_at", "sent_at", "live_at", "send_error",
    ]  # fmt: skip

    @display(description=_("state"), label=PACKAGE_CHIPS, ordering="state")
    def state_chip(self, row: Package) -> tuple[str, str]:
        return row.state, row.get_state_display()


@admin.register(Deliverable)
class DeliverableAdmin(ReadOnlyAdmin):
    view_verb = "delivery.view"
    list_display = ["package", "episode", "state_chip", "round", "sent_at", "decided_at", "reason"]
    list_filter = ["state", "package__platform", "package__production"]
    search_fields = ["package__production__title", "reason"]
    list_select_related = ["package__production", "package__platform", "episode"]

    @display(description=_("state"), label=DELIVERABLE_CHIPS, ordering="state")
    def state_chip(self, row: Deliverable) -> tuple[str, str]:
        return row.state, row.get_state_display()


@admin.register(Verdict)
class VerdictAdmin(ReadOnlyAdmin):
    view_verb = "delivery.view"
    list_display = ["at", "package", "deliverable_number", "code", "reason", "round"]
    list_filter = ["code", "package__platform"]
    search_fields = ["external_id", "reason", "package__production__title"]
    list_select_related = ["package__production", "package__platform", "deliverable__episode"]

    @display(description=_("episode"))
    def deliverable_number(self, row: Verdict) -> str:
        return str(row.deliverable.episode.number) if row.deliverable else str(_("the title"))


@admin.register(Takedown)
class TakedownAdmin(ReadOnlyAdmin):
    view_verb = "delivery.view"
    list_display = ["at", "package", "reason"]
    list_filter = ["package__platform"]
    search_fields = ["reason", "package__production__title"]
    list_select_related = ["package__production", "package__platform"]
