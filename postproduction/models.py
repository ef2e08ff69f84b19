"""Pipelines, post tasks of each episode, and masters."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from postproduction.choices import MasterState, TaskState
from studio.choices import WorkKind
from studio.models import Episode, Person, Scoped, Stamped, Studio, User


class Pipeline(Stamped, Scoped):
    """A studio's way through post for a kind of work; `steps` is the JSON of `postproduction.pipeline`."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="pipelines", verbose_name=_("studio"))
    name = models.CharField(_("name"), max_length=80)
    work_kind = models.CharField(_("kind of work"), max_length=20, choices=WorkKind, default=WorkKind.LIVE)
    steps = models.JSONField(_("steps"))

    class Meta:
        verbose_name = _("post pipeline")
        verbose_name_plural = _("post pipelines")
        constraints = [models.UniqueConstraint(fields=["studio", "name"], name="pipeline_name_once")]

    def __str__(self) -> str:
        return self.name


class EpisodePost(Stamped, Scoped):
    """An episode in post: opened when its scenes are shot."""

    studio_path = "episode__production__studio"
    production_path = "episode__production"

    episode = models.OneToOneField(Episode, models.CASCADE, related_name="post", verbose_name=_("episode"))
    pipeline = models.ForeignKey(Pipeline, models.PROTECT, related_name="+", verbose_name=_("pipeline"))
    opened_at = models.DateTimeField(_("opened"))
    due_date = models.DateField(_("due"), null=True, blank=True)

    class Meta:
        verbose_name = _("episode in post")
        verbose_name_plural = _("episodes in post")


class PostTask(Stamped, Scoped):
    """One step of an episode's post."""

    studio_path = "episode_post__episode__production__studio"
    production_path = "episode_post__episode__production"

    episode_post = models.ForeignKey(EpisodePost, models.CASCADE, related_name="tasks")
    step = models.CharField(_("step"), max_length=40)
    position = models.PositiveIntegerField(default=0)
    state = models.CharField(_("state"), max_length=10, choices=TaskState, default=TaskState.WAITING)
    assignee = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="post_tasks", verbose_name=_("assigned to")
    )
    due_date = models.DateField(_("due"), null=True, blank=True)
    minutes_planned = models.PositiveIntegerField(_("minutes planned"), default=60)
    minutes_worked = models.PositiveIntegerField(_("minutes worked"), default=0)
    round = models.PositiveIntegerField(_("round"), default=1)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("post task")
        verbose_name_plural = _("post tasks")
        ordering = ["episode_post_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["episode_post", "step"], name="post_task_once_per_episode"),
            models.CheckConstraint(condition=Q(state__in=TaskState.values), name="post_task_state_known"),
            models.CheckConstraint(
                condition=Q(state=TaskState.DONE, finished_at__isnull=False)
                | (~Q(state=TaskState.DONE) & Q(finished_at=None)),
                name="post_task_finished_at_iff_done",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.episode_post.episode} · {self.step}"


class Master(Stamped, Scoped):
    """A finished file of an episode, as measured. A new file is a new version."""

    studio_path = "episode__production__studio"
    production_path = "episode__production"

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="masters", verbose_name=_("episode"))
    version = models.PositiveIntegerField(_("version"))
    file = models.FileField(upload_to="masters/%Y/%m", max_length=200)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    facts = models.JSONField(_("measured"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=MasterState, default=MasterState.CHECKING)
    refusal = models.CharField(_("why refused"), max_length=300, blank=True)
    approved_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("post", "master")
        verbose_name_plural = pgettext_lazy("post", "masters")
        ordering = ["episode_id", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["episode", "version"], name="master_version_once"),
            models.UniqueConstraint(fields=["episode", "sha256"], name="master_file_once"),
            models.CheckConstraint(condition=Q(state__in=MasterState.values), name="master_state_known"),
            models.CheckConstraint(
                condition=Q(state=MasterState.APPROVED, approved_at__isnull=False)
                | (~Q(state=MasterState.APPROVED) & Q(approved_at=None)),
                name="master_approved_at_iff_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.episode} v{self.version}"
