"""What people are paid for their work: a payment to one person, over what they earned on one title or several."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from finance.choices import PayoutState, TaxMethod
from finance.models.ledger import EntryLine
from studio.models import Person, Scoped, Stamped, Studio, User


class WagePayment(Stamped, Scoped):
    """A payment to a person: approved and paid like a payout, its tax reckoned when it was made up."""

    production_path = None

    studio = models.ForeignKey(Studio, models.PROTECT, related_name="wage_payments", verbose_name=_("studio"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="wage_payments", verbose_name=_("person"))
    method = models.CharField(_("tax"), max_length=20, choices=TaxMethod)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    on_date = models.DateField(_("tax reckoned for"))
    gross_minor = models.BigIntegerField(_("before tax (fen)"))
    tax_minor = models.BigIntegerField(_("tax (fen)"))
    net_minor = models.BigIntegerField(_("to pay (fen)"))
    tax_steps = models.JSONField(_("how the tax was worked out"), default=list)
    state = models.CharField(_("state"), max_length=10, choices=PayoutState, default=PayoutState.DUE)
    made_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("made up by")
    )
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
        verbose_name = _("wage payment")
        verbose_name_plural = _("wage payments")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(gross_minor=models.F("net_minor") + models.F("tax_minor")), name="wage_payment_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(gross_minor__gt=0, tax_minor__gte=0, net_minor__gte=0), name="wage_payment_not_negative"
            ),
            models.CheckConstraint(condition=Q(state__in=PayoutState.values), name="wage_payment_state_known"),
            models.CheckConstraint(condition=Q(method__in=TaxMethod.values), name="wage_payment_method_known"),
            models.CheckConstraint(
                condition=Q(state=PayoutState.PAID, paid_at__isnull=False)
                | (~Q(state=PayoutState.PAID) & Q(paid_at=None)),
                name="wage_payment_paid_at_iff_paid",
            ),
            models.CheckConstraint(
                condition=Q(second_approved_by=None) | ~Q(second_approved_by=models.F("approved_by")),
                name="wage_payment_two_different_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.on_date}"

    @property
    def payee(self) -> str:
        return self.person.name


class WageItem(Scoped):
    """One amount owed that a payment settles. A line of the ledger is in one payment, once."""

    studio_path = "payment__studio"
    production_path = "line__entry__production"

    payment = models.ForeignKey(WagePayment, models.CASCADE, related_name="items", verbose_name=_("wage payment"))
    line = models.OneToOneField(EntryLine, models.PROTECT, related_name="wage_item", verbose_name=_("ledger line"))
    amount_minor = models.BigIntegerField(_("amount (fen)"))
    tax_minor = models.BigIntegerField(_("tax (fen)"), default=0)

    class Meta:
        verbose_name = _("item of a wage payment")
        verbose_name_plural = _("items of wage payments")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount_minor=0), name="wage_item_not_zero"),
            models.CheckConstraint(condition=Q(tax_minor__gte=0), name="wage_item_tax_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.payment} · {self.line_id}"
