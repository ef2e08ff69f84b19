"""Who writes a script."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scripts_app.choices import WriterCredit
from scripts_app.models.script import Script
from studio.models import Person, Scoped, Stamped


class ScriptWriter(Stamped, Scoped):
    """A writer of a script. Together with the role, this row is what lets a writer see the title (ADR 0025)."""

    studio_path = "script__production__studio"
    production_path = "script__production"

    script = models.ForeignKey(Script, models.CASCADE, related_name="credits", verbose_name=_("script"))
    # A credit is a right of the writer: somebody who has one is not deleted by the way.
    person = models.ForeignKey(Person, models.PROTECT, related_name="credits", verbose_name=_("writer"))
    credit = models.CharField(_("credit"), max_length=12, choices=WriterCredit, default=WriterCredit.WRITER)
    position = models.PositiveSmallIntegerField(_("place in the titles"), default=1)

    class Meta:
        verbose_name = _("writer of a script")
        verbose_name_plural = _("writers of scripts")
        ordering = ["script_id", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["script", "person"], name="script_writer_once"),
            models.CheckConstraint(condition=Q(credit__in=WriterCredit.values), name="script_writer_credit_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.script}"
