"""Pipelines, post tasks of each episode, and masters."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from postproduction.choices import MasterState, TaskState
from postproduction.pipeline import Pipeline as Steps
from postproduction.pipeline import PipelineFault
from postproduction.sentences import fault_sentence, media_sentence, step_label
from studio.choices import WorkKind
from studio.models import Episode, Person, Scoped, Stamped, Studio, User


def validate_steps(steps: object) -> None:
    """Only steps that can be followed are kept: known forerunners, no circle."""
    try:
        Steps.from_json({"steps": steps})
    except PipelineFault as fault:
        raise ValidationError(fault_sentence(fault.code, fault.params), code=fault.code) from None


class Pipeline(Stamped, Scoped):
    """A studio's way through post for a kind of work; `steps` is the JSON of `postproduction.pipeline`."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="pipelines", verbose_name=_("studio"))
    name = models.CharField(_("name"), max_length=80)
    work_kind = models.CharField(_("kind of work"), max_length=20, choices=WorkKind, default=WorkKind.LIVE)
    steps = models.JSONField(_("steps"), validators=[validate_steps])
    minutes_per_day = models.PositiveIntegerField(
        _("minutes a department gives one episode a day"), default=120, validators=[MinValueValidator(1)],
        help_text=_("Due dates are counted with it: a department works on several episodes side by side."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("post pipeline")
        verbose_name_plural = _("post pipelines")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "name"], name="pipeline_name_once"),
            models.CheckConstraint(condition=Q(minutes_per_day__gte=1), name="pipeline_has_minutes"),
        ]

    def __str__(self) -> str:
        return self.name


class EpisodePost(Stamped, Scoped):
    """An episode in post: opened when its scenes are shot.

    `steps` are the pipeline's as they were then: editing the pipeline does not reshape work under way.
    """

    studio_path = "episode__production__studio"
    production_path = "episode__production"

    episode = models.OneToOneField(Episode, models.CASCADE, related_name="post", verbose_name=_("episode"))
    pipeline = models.ForeignKey(Pipeline, models.PROTECT, related_name="+", verbose_name=_("pipeline"))
    steps = models.JSONField(_("steps"), default=list)
    opened_at = models.DateTimeField(_("opened"))
    due_date = models.DateField(_("due"), null=True, blank=True)

    class Meta:
        verbose_name = _("episode in post")
        verbose_name_plural = _("episodes in post")

    def __str__(self) -> str:
        return str(self.episode)

    @property
    def plan(self) -> Steps:
        """The steps to reason with."""
        return Steps.from_json({"steps": self.steps})


class PostTask(Stamped, Scoped):
    """One step of an episode's post."""

    studio_path = "episode_post__episode__production__studio"
    production_path = "episode_post__episode__production"

    episode_post = models.ForeignKey(
        EpisodePost, models.CASCADE, related_name="tasks", verbose_name=_("episode in post")
    )
    step = models.CharField(_("step"), max_length=40)
    step_name = models.CharField(_("name"), max_length=80)
    department = models.CharField(pgettext_lazy("post", "department"), max_length=40, blank=True)
    position = models.PositiveIntegerField(_("place in the order"), default=0)
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
            models.CheckConstraint(
                condition=~Q(state=TaskState.WORKING) | Q(started_at__isnull=False), name="post_task_working_has_start"
            ),
        ]
        indexes = [models.Index(fields=["state", "due_date"], name="post_task_due")]

    def __str__(self) -> str:
        return f"{self.episode_post.episode} · {self.label}"

    @property
    def label(self) -> str:
        """The step's name in the reader's language; a name the studio wrote itself stays as written."""
        return step_label(self.step_name)


class Master(Stamped, Scoped):
    """A finished file of an episode, as measured. A new file is a new version."""

    studio_path = "episode__production__studio"
    production_path = "episode__production"

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="masters", verbose_name=_("episode"))
    version = models.PositiveIntegerField(_("version"))
    file = models.FileField(_("video file"), upload_to="masters/%Y/%m", max_length=200)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("checksum"), max_length=64)
    facts = models.JSONField(_("measured"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=MasterState, default=MasterState.CHECKING)
    refusal_code = models.CharField(_("why refused"), max_length=40, blank=True)
    refusal_params = models.JSONField(_("details of the refusal"), default=dict, blank=True)
    approved_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
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
            models.CheckConstraint(
                condition=Q(state=MasterState.REFUSED) & ~Q(refusal_code="")
                | ~Q(state=MasterState.REFUSED) & Q(refusal_code=""),
                name="master_refusal_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.episode} v{self.version}"

    @property
    def refusal(self) -> str:
        """Why it was refused, in the reader's language; empty when it was not."""
        return media_sentence(self.refusal_code, self.refusal_params) if self.refusal_code else ""
