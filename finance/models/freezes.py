"""Payouts that wait because a platform took the title down."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from delivery.models import Platform, Takedown
from studio.models import Production, Scoped, Stamped, User


class Freeze(Stamped, Scoped):
    """From a takedown until somebody lifts it no payout of the title and platform falls due."""

    studio_path = "production__studio"

    production = models.ForeignKey(Production, models.CASCADE, related_name="freezes", verbose_name=_("production"))
    platform = models.ForeignKey(Platform, models.PROTECT, related_name="freezes", verbose_name=_("platform"))
    takedown = models.OneToOneField(
        Takedown, models.CASCADE, related_name="freeze", verbose_name=pgettext_lazy("delivery", "takedown")
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("lifted by")
    )
    lift_reason = models.CharField(_("why it was lifted"), max_length=300, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("payouts", "freeze")
        verbose_name_plural = pgettext_lazy("payouts", "freezes")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_at=None, lift_reason="") | (Q(lifted_at__isnull=False) & ~Q(lift_reason="")),
                name="freeze_lifted_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.production} · {self.platform}"
