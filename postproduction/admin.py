"""Admin pages of this room."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import display

from postproduction.models import EpisodePost, Master, Pipeline, PostTask
from studio.admin_site import ReadOnlyAdmin, StudioAdmin, add_section

add_section(
    pgettext_lazy("room", "Post-production"),
    [
        ("postproduction.PostTask", "task_alt"),
        ("postproduction.Master", "movie"),
        ("postproduction.EpisodePost", "video_library"),
        ("postproduction.Pipeline", "account_tree"),
    ],
)


@admin.register(Pipeline)
class PipelineAdmin(StudioAdmin):
    """Steps are data: an edit is checked before it is kept and holds for episodes opened from then on."""

    view_verb, change_verb = "post.view", "post.manage"
    list_display = ["name", "work_kind", "step_count", "minutes_per_day"]
    list_filter = ["work_kind"]
    search_fields = ["name"]

    @display(description=_("steps"))
    def step_count(self, row: Pipeline) -> int:
        return len(row.steps)


@admin.register(EpisodePost)
class EpisodePostAdmin(ReadOnlyAdmin):
    view_verb = "post.view"
    list_display = ["production", "episode", "pipeline", "opened_at", "due_date"]
    list_filter = ["episode__production"]
    list_select_related = ["episode__production", "pipeline"]

    @display(description=_("production"), ordering="episode__production")
    def production(self, row: EpisodePost) -> str:
        return str(row.episode.production)


@admin.register(PostTask)
class PostTaskAdmin(StudioAdmin):
    """States move on the desk, where what follows is readied; here whose it is and when it is due are mended."""

    view_verb, change_verb = "post.view", "post.manage"
    list_display = ["production", "episode", "label", "state_chip", "assignee", "due_date", "round"]
    list_filter = ["state", "step", "episode_post__episode__production"]
    search_fields = ["episode_post__episode__production__title", "assignee__name"]
    list_select_related = ["episode_post__episode__production", "assignee"]
    autocomplete_fields = ["assignee"]
    fields = [
        "episode_post", "step", "state", "assignee", "due_date", "minutes_planned", "minutes_worked", "round", "note",
        "started_at", "finished_at",
    ]  # fmt: skip
    readonly_fields = [
        "episode_post", "step", "state", "minutes_worked", "round", "note", "started_at", "finished_at",
    ]  # fmt: skip

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description=_("production"), ordering="episode_post__episode__production")
    def production(self, row: PostTask) -> str:
        return str(row.episode_post.episode.production)

    @display(description=_("episode"), ordering="episode_post__episode__number")
    def episode(self, row: PostTask) -> int:
        return row.episode_post.episode.number

    @display(description=_("step"), ordering="position")
    def label(self, row: PostTask) -> str:
        return row.label

    @display(description=_("state"), label={
        "waiting": "", "ready": "info", "working": "warning", "done": "success",
    }, ordering="state")  # fmt: skip
    def state_chip(self, row: PostTask) -> tuple[str, str]:
        return row.state, row.get_state_display()


@admin.register(Master)
class MasterAdmin(ReadOnlyAdmin):
    view_verb = "post.view"
    list_display = ["production", "episode", "version", "state_chip", "file_name", "approved_at"]
    list_filter = ["state", "episode__production"]
    search_fields = ["file_name", "sha256", "episode__production__title"]
    list_select_related = ["episode__production"]
    exclude = ["file"]

    @display(description=_("production"), ordering="episode__production")
    def production(self, row: Master) -> str:
        return str(row.episode.production)

    @display(description=_("state"), label={
        "checking": "info", "refused": "danger", "ready": "warning", "approved": "success",
    }, ordering="state")  # fmt: skip
    def state_chip(self, row: Master) -> tuple[str, str]:
        return row.state, row.get_state_display()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Master]:
        return super().get_queryset(request).order_by("-id")
