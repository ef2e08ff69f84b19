"""What parties are paid, and what they owe from corrections and reversals."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from finance.choices import PAYOUTS_OVER, PayoutState
from finance.models.contracts import Joint, Party
from finance.models.settlements import Settlement
from studio.models import AppendOnly, Stamped, User


class Payout(Stamped, Joint):
    """What a party is paid from a settlement: its part, less what it owed and set off, less the tax on the rest.

    Of its part `after_tax_minor` was agreed after tax; the tax that this adds is `borne_minor`, the studio's own cost,
    and counts in `gross_minor`: gross - borne is what the clauses give.
    """

    studio_path = "settlement__production__studio"
    production_path = "settlement__production"
    contract_path = "settlement__contract__"
    contract_id_path = "settlement__contract"

    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="payouts", verbose_name=_("settlement"))
    party = models.ForeignKey(Party, models.PROTECT, related_name="payouts", verbose_name=_("party"))
    gross_minor = models.BigIntegerField(_("before tax (fen)"))
    set_off_minor = models.BigIntegerField(_("set off (fen)"), default=0)
    tax_minor = models.BigIntegerField(_("tax (fen)"))
    net_minor = models.BigIntegerField(_("to pay (fen)"))
    after_tax_minor = models.BigIntegerField(_("agreed after tax (fen)"), default=0)
    borne_minor = models.BigIntegerField(_("tax borne by the studio (fen)"), default=0)
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
    cancelled_by = models.ForeignKey(
        Settlement, models.PROTECT, null=True, blank=True, related_name="cancels", verbose_name=_("cancelled by")
    )

    class Meta:
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["settlement", "party"], name="payout_once_per_party"),
            models.CheckConstraint(
                condition=Q(gross_minor=models.F("net_minor") + models.F("tax_minor") + models.F("set_off_minor")),
                name="payout_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(tax_minor__gte=0, net_minor__gte=0, set_off_minor__gte=0), name="payout_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(after_tax_minor__gte=0, borne_minor__gte=0, borne_minor__lte=models.F("tax_minor"))
                & (Q(borne_minor=0) | Q(after_tax_minor__gt=0))
                & Q(gross_minor__gte=models.F("after_tax_minor") + models.F("borne_minor") + models.F("set_off_minor")),
                name="payout_bears_tax_of_what_is_kept",
            ),
            models.CheckConstraint(
                condition=~Q(state=PayoutState.SET_OFF) | Q(net_minor=0, tax_minor=0),
                name="payout_set_off_leaves_nothing",
            ),
            models.CheckConstraint(
                condition=Q(state=PayoutState.CANCELLED, cancelled_by__isnull=False)
                | (~Q(state=PayoutState.CANCELLED) & Q(cancelled_by=None)),
                name="payout_cancelled_by_iff_cancelled",
            ),
            models.CheckConstraint(condition=Q(state__in=PayoutState.values), name="payout_state_known"),
            models.CheckConstraint(
                condition=~Q(state=PayoutState.PAID) | Q(paid_at__isnull=False), name="payout_paid_at_once_paid"
            ),
            models.CheckConstraint(
                condition=Q(second_approved_by=None) | ~Q(second_approved_by=models.F("approved_by")),
                name="payout_two_different_people",
            ),
        ]

    @property
    def share_minor(self) -> int:
        """What the clauses give: without the tax that the studio bears."""
        return self.gross_minor - self.borne_minor

    @property
    def payee(self) -> str:
        return self.party.name

    @property
    def over(self) -> bool:
        return self.state in PAYOUTS_OVER

    def __str__(self) -> str:
        return f"{self.party} · {self.settlement}"


class Debt(Stamped, Joint):
    """What a party owes from a settlement that gave it less than nothing; set off against its next payouts."""

    studio_path = "settlement__production__studio"
    production_path = "settlement__production"
    contract_path = "settlement__contract__"
    contract_id_path = "settlement__contract"

    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="debts", verbose_name=_("settlement"))
    party = models.ForeignKey(
        Party, models.PROTECT, related_name="debts", verbose_name=pgettext_lazy("contract", "party")
    )
    amount_minor = models.BigIntegerField(_("amount (fen)"))
    left_minor = models.BigIntegerField(_("still owed (fen)"))
    # What was never received is not owed back.
    lapsed_with = models.OneToOneField(
        Payout, models.PROTECT, null=True, blank=True, related_name="lapsed_debt",
        verbose_name=_("lapsed with the payout that came back"),
    )  # fmt: skip

    class Meta:
        verbose_name = pgettext_lazy("party", "debt")
        verbose_name_plural = pgettext_lazy("party", "debts")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["settlement", "party"], name="debt_once_per_party"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="debt_above_zero"),
            # Two settlements issued at once cannot set off the same fen.
            models.CheckConstraint(
                condition=Q(left_minor__gte=0, left_minor__lte=models.F("amount_minor")), name="debt_left_within"
            ),
            models.CheckConstraint(condition=Q(lapsed_with=None) | Q(left_minor=0), name="debt_lapsed_leaves_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.party} · {self.settlement}"


class SetOff(AppendOnly, Joint):
    """A part of a payout kept back for a debt. That of a cancelled payout no longer counts."""

    studio_path = "payout__settlement__production__studio"
    production_path = "payout__settlement__production"
    contract_path = "payout__settlement__contract__"
    contract_id_path = "payout__settlement__contract"

    debt = models.ForeignKey(Debt, models.PROTECT, related_name="set_offs", verbose_name=pgettext_lazy("party", "debt"))
    payout = models.ForeignKey(Payout, models.PROTECT, related_name="set_offs", verbose_name=_("payout"))
    amount_minor = models.BigIntegerField(_("amount (fen)"))

    class Meta:
        verbose_name = _("set-off")
        verbose_name_plural = _("set-offs")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["debt", "payout"], name="set_off_once_per_payout"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="set_off_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.debt} · {self.payout}"
