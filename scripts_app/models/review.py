"""Reviews of drafts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scripts_app.choices import RoundKind, RoundVerdict
from scripts_app.models.script import Revision
from studio.models import Scoped, Stamped, User


class ReviewRound(Stamped, Scoped):
    """A review of a revision: who passed or returned it, when and why."""

    studio_path = "revision__script__production__studio"
    production_path = "revision__script__production"

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="rounds", verbose_name=_("revision"))
    kind = models.CharField(_("kind"), max_length=12, choices=RoundKind)
    verdict = models.CharField(_("verdict"), max_length=8, choices=RoundVerdict)
    notes = models.TextField(_("notes"), blank=True)
    reviewed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("reviewed by"))
    reviewed_at = models.DateTimeField(_("reviewed"))

    class Meta:
        verbose_name = _("review round")
        verbose_name_plural = _("review rounds")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(verdict=RoundVerdict.RETURN) | ~Q(notes=""), name="review_return_says_why"
            )
        ]

    def __str__(self) -> str:
        return f"{self.revision} · {self.get_kind_display()} · {self.get_verdict_display()}"
