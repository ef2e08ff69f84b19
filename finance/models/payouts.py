"""What parties are paid."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from finance.choices import (
    PayoutState,
)
from finance.models.contracts import Party
from finance.models.settlements import Settlement
from studio.models import Scoped, Stamped, User


class Payout(Stamped, Scoped):
    """What a party is paid from a settlement, with the tax withheld from it."""

    studio_path = "settlement__production__studio"
    production_path = "settlement__production"

    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="payouts", verbose_name=_("settlement"))
    party = models.ForeignKey(Party, models.PROTECT, related_name="payouts", verbose_name=_("party"))
    gross_minor = models.BigIntegerField(_("before tax (fen)"))
    tax_minor = models.BigIntegerField(_("tax (fen)"))
    net_minor = models.BigIntegerField(_("to pay (fen)"))
    tax_steps = models.JSONField(_("how the tax was worked out"), default=list)
    due_date = models.DateField(_("due"))
    state = models.CharField(_("state"), max_length=10, choices=PayoutState, default=PayoutState.DUE)
    approved_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    second_approved_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("second approval by")
    )
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)
    bank_reference = models.CharField(_("bank reference"), max_length=80, blank=True)
    refusal = models.CharField(_("why it came back"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["settlement", "party"], name="payout_once_per_party"),
            models.CheckConstraint(
                condition=Q(gross_minor=models.F("net_minor") + models.F("tax_minor")), name="payout_adds_up"
            ),
            models.CheckConstraint(condition=Q(tax_minor__gte=0, net_minor__gte=0), name="payout_not_negative"),
            models.CheckConstraint(condition=Q(state__in=PayoutState.values), name="payout_state_known"),
            models.CheckConstraint(
                condition=~Q(state=PayoutState.PAID) | Q(paid_at__isnull=False), name="payout_paid_at_once_paid"
            ),
            models.CheckConstraint(
                condition=Q(second_approved_by=None) | ~Q(second_approved_by=models.F("approved_by")),
                name="payout_two_different_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party} · {self.settlement}"
