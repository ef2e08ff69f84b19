"""Events (what happened) and jobs (what is to be done): one mechanism, see `studio.facts` and `studio.jobs`."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from studio.choices import JobState

from .base import AppendOnly, Scoped
from .productions import Production
from .tenancy import Studio, User


class Event(AppendOnly, Scoped):
    """A fact as it was announced. No foreign keys: it outlives what it speaks of and is the audit log."""

    studio_path = "studio_id"
    production_path = "production_id"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("fact"), max_length=60, db_index=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    studio_id = models.BigIntegerField(_("studio"), db_index=True)
    production_id = models.BigIntegerField(_("production"), null=True, blank=True, db_index=True)
    subject = models.CharField(_("subject"), max_length=60, blank=True, db_index=True)
    actor_id = models.BigIntegerField(_("who (number)"), null=True, blank=True)
    actor_name = models.CharField(_("who"), max_length=80, blank=True)
    payload = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"


class Job(Scoped):
    """A piece of work that survives its worker.

    A worker claims it by a conditional update that sets a lease; whoever holds the lease may finish it. A lease
    that ends puts it back in the queue; too many attempts park it where a person sees it.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=80)
    studio = models.ForeignKey(
        Studio, models.CASCADE, null=True, blank=True, related_name="jobs", verbose_name=_("studio")
    )
    production = models.ForeignKey(
        Production, models.CASCADE, null=True, blank=True, related_name="jobs", verbose_name=_("production")
    )
    event_id = models.BigIntegerField(_("heard from event"), null=True, blank=True)
    dedupe = models.CharField(max_length=200, null=True, blank=True, unique=True, editable=False)
    payload = models.JSONField(_("payload"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=JobState, default=JobState.QUEUED)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    max_attempts = models.PositiveIntegerField(_("attempts allowed"), default=5)
    run_after = models.DateTimeField(_("not before"), default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    lease_token = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(_("leased until"), null=True, blank=True, editable=False)
    progress_done = models.PositiveIntegerField(_("steps done"), default=0)
    progress_total = models.PositiveIntegerField(_("steps in all"), default=0)
    progress = models.JSONField(_("progress"), default=dict, blank=True)
    result = models.JSONField(_("result"), default=dict, blank=True)
    error = models.TextField(_("error"), blank=True)
    cancel_requested = models.BooleanField(_("asked to stop"), default=False)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("asked by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), default=timezone.now)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "run_after"], name="job_due"),
            models.Index(fields=["state", "lease_until"], name="job_leases"),
            models.Index(fields=["studio", "-id"], name="job_of_studio"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(
                condition=Q(state=JobState.RUNNING, lease_until__isnull=False, lease_token__isnull=False)
                | (~Q(state=JobState.RUNNING) & Q(lease_until=None, lease_token=None)),
                name="job_lease_iff_running",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[JobState.QUEUED, JobState.RUNNING], finished_at=None)
                | (~Q(state__in=[JobState.QUEUED, JobState.RUNNING]) & Q(finished_at__isnull=False)),
                name="job_finished_at_iff_ended",
            ),
            # The same fact wakes the same subscriber once.
            models.UniqueConstraint(
                fields=["event_id", "kind"], condition=Q(event_id__isnull=False), name="job_once_per_event_and_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

    @property
    def ended(self) -> bool:
        return self.state in {JobState.DONE, JobState.PARKED, JobState.CANCELLED}


class Notice(Scoped):
    """Something a user should know; the sentence is built from `kind` and `params` in the reader's language."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notices", verbose_name=_("user"))
    studio = models.ForeignKey(Studio, models.CASCADE, related_name="+", verbose_name=_("studio"))
    production = models.ForeignKey(
        Production, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("production")
    )
    kind = models.CharField(_("kind"), max_length=60)
    params = models.JSONField(_("details"), default=dict)
    url = models.CharField(_("address"), max_length=200, blank=True)
    dedupe = models.CharField(_("told once as"), max_length=120)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["user", "dedupe"], name="notice_told_once")]

    def __str__(self) -> str:
        return f"{self.kind} · {self.user}"
