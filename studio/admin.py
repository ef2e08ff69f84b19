"""Admin pages of the ground floor."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from studio import actions, jobs, members
from studio.admin_site import ReadOnlyAdmin, StudioAdmin, StudioInline, add_section
from studio.choices import Role
from studio.events import MemberInvited, ProductionOpened
from studio.facts import publish
from studio.job_names import job_name
from studio.models import (
    ApiToken,
    Engagement,
    Episode,
    Event,
    Job,
    Membership,
    Network,
    NetworkMembership,
    Person,
    Production,
    Studio,
    User,
)
from studio.refusals import Refused
from studio.values import Money

# Left in the registry by third parties; their doors do not know our verbs.
for model in list(admin.site._registry):
    admin.site.unregister(model)


class EngagementInline(StudioInline):
    model = Engagement
    view_verb, change_verb = "people.view", "people.edit"
    fields = ["person", "department", "job_title", "day_rate_minor", "from_date", "to_date", "is_key_contact"]
    autocomplete_fields = ["person"]


@admin.register(Production)
class ProductionAdmin(StudioAdmin):
    view_verb, change_verb = "production.view", "production.edit"
    list_display = ["title", "code", "work_kind", "stage_chip", "shoot_from_date", "deliver_by_date", "producer"]
    list_filter = ["stage", "work_kind"]
    search_fields = ["title", "code"]
    list_select_related = ["producer"]
    inlines = [EngagementInline]
    fieldsets = [
        (None, {"fields": ["studio", ("title", "code"), ("work_kind", "stage"), "producer"]}),
        (gettext_lazy("Money and class"), {"fields": ["investment", "promoted", "where_judged"]}),
        (gettext_lazy("Dates"), {"fields": [("shoot_from_date", "shoot_to_date"), "deliver_by_date"]}),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Production | None = None) -> Any:
        if obj is not None:
            return super().get_fieldsets(request, obj)
        first, _judged, dates = self.fieldsets
        return [(first[0], {"fields": ["studio", ("title", "code"), ("work_kind", "producer")]}), dates]

    def get_readonly_fields(self, request: HttpRequest, obj: Production | None = None) -> list[str]:
        # What a title's class is judged by changes where it is judged again; its studio never.
        return [] if obj is None else ["studio", "work_kind", "stage", "investment", "promoted", "where_judged"]

    @display(description=gettext_lazy("investment"))
    def investment(self, row: Production) -> str:
        return str(Money(row.investment_minor, row.studio.currency))

    @display(description=gettext_lazy("class"))
    def where_judged(self, row: Production) -> SafeString:
        return format_html(
            '<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>',
            reverse("filing", args=[row.pk]),
            _("Investment, themes and kind of work are changed on the filing page, where the class is judged again."),
        )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            fact = ProductionOpened(studio_id=obj.studio_id, production_id=obj.pk, title=obj.title)
            publish(fact, by=request.user)  # type: ignore[arg-type]

    @display(description=gettext_lazy("stage"), label={
        "script": "info", "prep": "info", "shoot": "warning", "post": "warning", "delivery": "primary", "live": "success",
        "settled": "done", "closed": "done",
    }, ordering="stage")  # fmt: skip
    def stage_chip(self, row: Production) -> tuple[str, str]:
        return row.stage, row.get_stage_display()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # A title carries a ledger; it is closed, never deleted.
        return False


@admin.register(Episode)
class EpisodeAdmin(StudioAdmin):
    view_verb, change_verb = "production.view", "production.edit"
    list_display = ["production", "number", "title", "paywall"]
    list_filter = ["production", "paywall"]
    search_fields = ["title", "production__title"]
    list_select_related = ["production"]


@admin.register(Person)
class PersonAdmin(StudioAdmin):
    view_verb, change_verb = "people.view", "people.edit"
    list_display = ["name", "phone", "email", "user"]
    search_fields = ["name", "phone"]
    list_select_related = ["user"]


@admin.register(Engagement)
class EngagementAdmin(StudioAdmin):
    view_verb, change_verb = "people.view", "people.edit"
    list_display = ["person", "job_title", "department", "production", "from_date", "to_date", "terms_signed_date"]
    list_filter = ["department", "production"]
    search_fields = ["person__name", "job_title"]
    list_select_related = ["person", "production"]
    autocomplete_fields = ["person"]


class MembershipForm(forms.ModelForm):
    """Says beside the field what the action would refuse."""

    class Meta:
        model = Membership
        fields = ["user", "studio", "production", "role", "platform_code"]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        role = found.get("role", "")
        try:
            if self.instance.pk and role != Role.OWNER:
                members.keep_an_owner(Membership.objects.select_related("user").get(pk=self.instance.pk))
            if role:
                members.check_role(
                    role, found.get("platform_code", ""), found.get("production") or self.instance.production
                )
        except Refused as refused:
            self.add_error(refused.field if refused.field in self.fields else None, refused.message)
        return found


@contextlib.contextmanager
def _refusing() -> Iterator[None]:
    """What the form could not know, such as another owner who left a moment ago, ends as a 403 with its sentence."""
    try:
        yield
    except Refused as refused:
        raise PermissionDenied(refused.message) from None


@admin.register(Membership)
class MembershipAdmin(StudioAdmin):
    view_verb, change_verb = "member.view", "member.edit"
    list_display = ["user", "role", "studio", "production", "platform_code"]
    list_filter = ["role"]
    list_select_related = ["user", "studio", "production"]
    form = MembershipForm

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> list[str]:
        # Who it is and where is what a membership means; another person or place is another membership.
        return [] if obj is None else ["user", "studio", "production"]

    def get_actions(self, request: HttpRequest) -> Any:
        # Each is removed on its own: the studio keeps an owner.
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        """The last owner is not even asked about; the sentence says what to do first."""
        row = self.get_object(request, object_id)
        if row is not None and self.has_delete_permission(request, row):
            try:
                members.keep_an_owner(row)
            except Refused as refused:
                self.message_user(request, refused.message, messages.ERROR)
                return redirect("admin:studio_membership_changelist")
        return super().delete_view(request, object_id, extra_context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """As on the members' page: with its fact, and never the last owner."""
        if change:
            with _refusing():
                actions.change_role(
                    membership=obj,
                    role=obj.role,
                    platform_code=obj.platform_code,
                    by=request.user,  # type: ignore[arg-type]
                )
            return
        super().save_model(request, obj, form, change)
        publish(
            MemberInvited(
                studio_id=obj.studio_id, production_id=obj.production_id, membership_id=obj.pk, user_id=obj.user_id,
                role=obj.role,
            ),
            by=request.user,  # type: ignore[arg-type]
        )  # fmt: skip

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        with _refusing():
            actions.remove_member(membership=obj, by=request.user)  # type: ignore[arg-type]


@admin.register(Studio)
class StudioSettingsAdmin(StudioAdmin):
    view_verb, change_verb = "member.view", "member.edit"
    list_display = ["name", "network", "time_zone", "page_unit", "currency"]
    list_select_related = ["network"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # Which network a studio belongs to decides who looks into it; the list of networks is nobody else's business.
        return [] if request.user.is_superuser else ["network"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class _OperatorAdmin(StudioAdmin):
    """Rows above all studios: for the operator of the installation alone."""

    view_verb, change_verb = "member.view", "member.edit"

    def _may(self, request: HttpRequest, verb: str | None, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def get_queryset(self, request: HttpRequest) -> Any:
        return self.model._default_manager.all()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.save()


class NetworkMembershipInline(StudioInline):
    model = NetworkMembership
    view_verb, change_verb = "member.view", "member.edit"

    def _may(self, request: HttpRequest, verb: str | None, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def get_queryset(self, request: HttpRequest) -> Any:
        return NetworkMembership.objects.all()


@admin.register(Network)
class NetworkAdmin(_OperatorAdmin):
    list_display = ["name"]
    inlines = [NetworkMembershipInline]


@admin.register(User)
class UserAdmin(_OperatorAdmin):
    list_display = ["username", "display_name", "email", "is_active", "last_login"]
    search_fields = ["username", "display_name", "email"]
    fields = ["username", "display_name", "email", "language", "is_active", "is_superuser", "last_login"]
    readonly_fields = ["last_login"]


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    view_verb = "member.view"
    list_display = ["name", "prefix", "user", "expires_at", "last_used_at", "revoked_at"]
    list_select_related = ["user"]
    exclude = ["digest"]


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    view_verb = "event.view"
    list_display = ["at", "name", "actor_name", "subject", "production_id"]
    list_filter = ["name"]
    search_fields = ["subject", "actor_name"]


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Jobs to look at; the two actions put parked ones back and stop running ones."""

    view_verb = "job.view"
    list_display = ["id", "label", "state_chip", "attempts", "progress_text", "production", "created_at", "finished_at"]
    list_filter = ["state", "kind"]
    list_select_related = ["production"]
    actions = ["rerun", "cancel"]
    exclude = ["lease_token", "dedupe"]

    @display(description=gettext_lazy("job"))
    def label(self, row: Job) -> str:
        return job_name(row.kind)

    @display(description=gettext_lazy("state"), label={
        "done": "success", "parked": "danger", "running": "info", "queued": "warning", "cancelled": "",
    }, ordering="state")  # fmt: skip
    def state_chip(self, row: Job) -> tuple[str, str]:
        return row.state, row.get_state_display()

    @display(description=gettext_lazy("progress"))
    def progress_text(self, row: Job) -> str:
        return f"{row.progress_done}/{row.progress_total}" if row.progress_total else "—"

    def has_manage_permission(self, request: HttpRequest) -> bool:
        return self._may(request, "job.manage")

    @admin.action(description=gettext_lazy("Run again (parked or cancelled)"), permissions=["manage"])
    def rerun(self, request: HttpRequest, rows: Any) -> None:
        scoped = request.access.scope(rows, "job.manage")  # type: ignore[attr-defined]
        count = sum(jobs.rerun(pk) for pk in scoped.values_list("pk", flat=True))
        self.message_user(request, _("%(count)s jobs are in the queue again.") % {"count": count}, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Stop"), permissions=["manage"])
    def cancel(self, request: HttpRequest, rows: Any) -> None:
        for pk in request.access.scope(rows, "job.manage").values_list("pk", flat=True):  # type: ignore[attr-defined]
            jobs.cancel(pk)
        self.message_user(request, _("Asked to stop."), messages.SUCCESS)


add_section(gettext_lazy("Productions"), [("studio.Production", "movie"), ("studio.Episode", "view_list")], order=0)
add_section(
    gettext_lazy("People and studio"),
    [
        ("studio.Person", "person"),
        ("studio.Engagement", "badge"),
        ("studio.Membership", "key"),
        ("studio.Studio", "domain"),
        ("studio.Network", "hub"),
        ("studio.User", "account_circle"),
    ],
    order=90,
)
add_section(
    gettext_lazy("Machine room"),
    [("studio.Job", "settings"), ("studio.Event", "history"), ("studio.ApiToken", "vpn_key")],
    order=99,
)
