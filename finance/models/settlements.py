"""Receipts shared out: settlements, and which clause gives whom how much."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from finance.choices import (
    AllocationSource,
    SettlementKind,
    SettlementState,
)
from finance.models.contracts import Contract, Joint, Party
from finance.models.statements import Statement
from studio.models import AppendOnly, Production, Stamped, User


class Settlement(Stamped, Joint):
    """A title's receipts of a month shared out under its contract. Issued ones are frozen.

    A *difference* holds what changes against all that was issued before it, a *reversal* takes another one back. Those
    issued for a title have positions, one after the other; where a contract covers several titles, over all of them.
    """

    studio_path = "production__studio"

    production = models.ForeignKey(Production, models.PROTECT, related_name="settlements", verbose_name=_("production"))
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="settlements", verbose_name=_("contract"))
    # The statement it was asked for; all that it takes in are in `takes`.
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="settlements", verbose_name=_("statement"))
    kind = models.CharField(
        pgettext_lazy("settlement", "kind"), max_length=10, choices=SettlementKind, default=SettlementKind.REGULAR
    )
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name=_("reverses")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    position = models.PositiveIntegerField(_("position"), null=True, blank=True)
    period = models.CharField(_("month"), max_length=7)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    receipts_minor = models.BigIntegerField(_("receipts (fen)"))
    shares_minor = models.BigIntegerField(_("shares (fen)"))
    retained_minor = models.BigIntegerField(_("retained (fen)"))
    # Of all that a draft was worked out from (`finance.settlement_inputs.Inputs`); empty for rows of earlier releases.
    inputs_sha256 = models.CharField(_("checksum of what it was worked out from"), max_length=64, blank=True)
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
            models.CheckConstraint(
                condition=Q(state=SettlementState.DRAFT, position=None)
                | Q(state=SettlementState.ISSUED, position__isnull=False),
                name="settlement_position_iff_issued",
            ),
            # Two people who issue at once do not both follow the same one.
            models.UniqueConstraint(
                fields=["production", "position"],
                condition=Q(state=SettlementState.ISSUED),
                name="settlement_position_once",
            ),
            models.UniqueConstraint(
                fields=["statement"], condition=Q(state=SettlementState.DRAFT), name="settlement_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(kind=SettlementKind.REVERSAL, reverses__isnull=False, state=SettlementState.ISSUED)
                & ~Q(reason="")
                | Q(kind__in=[SettlementKind.REGULAR, SettlementKind.DIFFERENCE], reverses=None),
                name="settlement_reversal_names_its_own",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.production} {self.period}"


class SettledStatement(AppendOnly, Joint):
    """A statement that a settlement takes in (1) or takes out again (-1)."""

    studio_path = "settlement__production__studio"
    production_path = "settlement__production"
    contract_path = "settlement__contract__"
    contract_id_path = "settlement__contract"

    settlement = models.ForeignKey(Settlement, models.CASCADE, related_name="takes", verbose_name=_("settlement"))
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="taken", verbose_name=_("statement"))
    sign = models.SmallIntegerField(_("taken in or out"), default=1)

    class Meta:
        verbose_name = _("statement of a settlement")
        verbose_name_plural = _("statements of settlements")
        ordering = ["settlement_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["settlement", "statement"], name="settled_statement_once"),
            models.CheckConstraint(condition=Q(sign__in=[1, -1]), name="settled_statement_in_or_out"),
        ]

    def __str__(self) -> str:
        return f"{self.settlement} · {self.statement}"


class Allocation(AppendOnly, Joint):
    """A part of a settlement: which clause gives which party how much.

    `source` is `pool` for a part of the receipts, `payer` for money somebody pays ahead under a guarantee, as in
    `finance.settlement`. `title` and `kind` name the pool: a title's code, or the name of a group of titles.
    """

    studio_path = "settlement__production__studio"
    production_path = "settlement__production"
    contract_path = "settlement__contract__"
    contract_id_path = "settlement__contract"

    settlement = models.ForeignKey(Settlement, models.CASCADE, related_name="allocations", verbose_name=_("settlement"))
    party = models.ForeignKey(Party, models.PROTECT, related_name="allocations", verbose_name=_("party"))
    term = models.CharField(_("clause"), max_length=200)
    clause = models.CharField(_("place in the paper"), max_length=200, blank=True)
    period = models.CharField(_("month"), max_length=7)
    title = models.CharField(_("title or group"), max_length=200, blank=True)
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
