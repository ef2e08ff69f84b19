"""Scripts that were read and wait for a person before anything is saved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scripts_app.choices import ReadingState
from scripts_app.models.script import Revision
from studio.models import Production, Scoped, Stamped, User


class Reading(Stamped, Scoped):
    """A file on its way to become a revision, with what was decided about it.

    `steps` is [{id, decisions, by, at, from_revision}] in order, `undone` what may be decided again. `version` counts
    changes: who decides states the one they saw.
    """

    studio_path = "production__studio"

    production = models.ForeignKey(Production, models.CASCADE, related_name="readings", verbose_name=_("production"))
    source_name = models.CharField(_("file"), max_length=200)
    source_file = models.FileField(_("file as handed in"), upload_to="scripts/%Y/%m", max_length=200)
    source_sha256 = models.CharField(_("checksum"), max_length=64)
    state = models.CharField(
        pgettext_lazy("reading", "state"), max_length=10, choices=ReadingState, default=ReadingState.OPEN
    )
    steps = models.JSONField(_("decided"), default=list, blank=True)
    undone = models.JSONField(_("undone"), default=list, blank=True)
    version = models.PositiveIntegerField(_("version"), default=0)
    revision = models.ForeignKey(
        Revision, models.CASCADE, null=True, blank=True, related_name="readings",
        verbose_name=pgettext_lazy("script", "revision"),
    )  # fmt: skip
    read_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("handed in by")
    )

    class Meta:
        verbose_name = pgettext_lazy("script", "reading")
        verbose_name_plural = pgettext_lazy("script", "readings")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["production", "source_sha256"], condition=Q(state=ReadingState.OPEN), name="reading_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state=ReadingState.IMPORTED, revision__isnull=False)
                | Q(state__in=[ReadingState.OPEN, ReadingState.DISCARDED], revision=None),
                name="reading_revision_iff_imported",
            ),
        ]

    def __str__(self) -> str:
        return self.source_name

    @property
    def decisions(self) -> list[dict[str, Any]]:
        """Everything decided, in order, as the reader of scripts takes it."""
        return [decision for _step, decision in self.decided()]

    def decided(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Every decision with its step."""
        for step in self.steps:
            for decision in step["decisions"]:
                yield step, decision
