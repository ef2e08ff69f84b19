"""What was paid to promote a title, by platform, campaign and day. Amounts are fen."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delivery.models import Platform
from studio.models import Production, Scoped, Stamped, User


class PromotionSpend(Stamped, Scoped):
    """One day of one campaign. Stated anew by the platform, the ledger is brought to the new amount."""

    studio_path = "production__studio"

    production = models.ForeignKey(
        Production, models.PROTECT, related_name="promotion_spend", verbose_name=_("production")
    )  # fmt: skip
    platform = models.ForeignKey(Platform, models.PROTECT, related_name="+", verbose_name=_("platform"))
    campaign = models.CharField(_("campaign"), max_length=80)
    on_date = models.DateField(_("date"))
    amount_minor = models.BigIntegerField(_("amount (fen)"))
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("entered by"))

    class Meta:
        verbose_name = _("promotion spend")
        verbose_name_plural = _("promotion spend")
        ordering = ["-on_date", "platform", "campaign"]
        constraints = [
            models.UniqueConstraint(
                fields=["production", "platform", "campaign", "on_date"],
                name="promotion_spend_once_per_campaign_and_day",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="promotion_spend_not_negative"),
            models.CheckConstraint(condition=~Q(campaign=""), name="promotion_spend_of_a_campaign"),
        ]

    def __str__(self) -> str:
        return f"{self.platform} · {self.campaign} · {self.on_date}"
