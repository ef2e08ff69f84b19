"""Receipts shared out: settlements, and which clause gives whom how much."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from finance.choices import (
    AllocationSource,
    SettlementState,
)
from finance.models.contracts import Contract, Party
from finance.models.statements import Statement
from studio.models import AppendOnly, Production, Scoped, Stamped, User


class Settlement(Stamped, Scoped):
    """A title's receipts of a month shared out under its contract. Issued ones are frozen."""

    studio_path = "production__studio"

    production = models.ForeignKey(Production, models.PROTECT, related_name="settlements", verbose_name=_("production"))
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="settlements", verbose_name=_("contract"))
    statement = models.OneToOneField(Statement, models.PROTECT, related_name="settlement", verbose_name=_("statement"))
    period = models.CharField(_("month"), max_length=7)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    receipts_minor = models.BigIntegerField(_("receipts (fen)"))
    shares_minor = models.BigIntegerField(_("shares (fen)"))
    retained_minor = models.BigIntegerField(_("retained (fen)"))
    state = models.CharField(_("state"), max_length=8, choices=SettlementState, default=SettlementState.DRAFT)
    issued_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("issued by")
    )
    issued_at = models.DateTimeField(_("issued"), null=True, blank=True)

    class Meta:
        verbose_name = _("settlement")
        verbose_name_plural = _("settlements")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(receipts_minor=models.F("shares_minor") + models.F("retained_minor")),
                name="settlement_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(state=SettlementState.ISSUED, issued_at__isnull=False)
                | Q(state=SettlementState.DRAFT, issued_at=None),
                name="settlement_issued_at_iff_issued",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.production} {self.period}"


class Allocation(AppendOnly, Scoped):
    """A part of a settlement: which clause gives which party how much.

    `source` is `pool` for a part of the receipts, `payer` for money somebody pays ahead under a guarantee, as in
    `finance.settlement`.
    """

    studio_path = "settlement__production__studio"
    production_path = "settlement__production"

    settlement = models.ForeignKey(Settlement, models.CASCADE, related_name="allocations", verbose_name=_("settlement"))
    party = models.ForeignKey(Party, models.PROTECT, related_name="allocations", verbose_name=_("party"))
    term = models.CharField(_("clause"), max_length=200)
    clause = models.CharField(_("place in the paper"), max_length=200, blank=True)
    period = models.CharField(_("month"), max_length=7)
    kind = models.CharField(_("kind of revenue"), max_length=60, blank=True)
    source = models.CharField(_("paid out of"), max_length=5, choices=AllocationSource, default=AllocationSource.POOL)
    amount_minor = models.BigIntegerField(_("amount (fen)"))
    explanation = models.JSONField(_("explanation"), default=dict)

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ["settlement_id", "id"]

    def __str__(self) -> str:
        return f"{self.party} · {self.settlement}"
