"""Petty cash: money handed to people for small things, and the receipts they bring. Amounts are fen."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from finance.choices import COST_ACCOUNT_CHOICES, COST_ACCOUNTS, Account, SlipState
from studio.models import AppendOnly, Person, Production, Scoped, Stamped, User


class PettyFloat(AppendOnly, Scoped):
    """Cash handed to somebody; below zero what was handed back."""

    studio_path = "production__studio"

    production = models.ForeignKey(
        Production, models.PROTECT, related_name="petty_floats", verbose_name=_("production")
    )
    holder = models.ForeignKey(Person, models.PROTECT, related_name="petty_floats", verbose_name=_("holder"))
    amount_minor = models.BigIntegerField(_("amount (fen)"))
    on_date = models.DateField(_("date"))
    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    note = models.CharField(_("note"), max_length=120, blank=True)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("given by"))
    given_at = models.DateTimeField(_("given"), auto_now_add=True)

    class Meta:
        verbose_name = _("petty cash float")
        verbose_name_plural = _("petty cash floats")
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(amount_minor=0), name="petty_float_of_something")]

    def __str__(self) -> str:
        return f"{self.holder} · {self.on_date}"


class PettySlip(Stamped, Scoped):
    """A receipt handed in: with a photo, or with the reason why there is none. `key` is the form it came by."""

    studio_path = "production__studio"

    production = models.ForeignKey(Production, models.PROTECT, related_name="petty_slips", verbose_name=_("production"))
    holder = models.ForeignKey(Person, models.PROTECT, related_name="petty_slips", verbose_name=_("holder"))
    account = models.CharField(_("account"), max_length=20, choices=COST_ACCOUNT_CHOICES)
    amount_minor = models.BigIntegerField(_("amount (fen)"))
    spent_date = models.DateField(_("date"))
    what_for = models.CharField(_("what for"), max_length=120)
    photo = models.FileField(_("photo"), upload_to="receipts/%Y/%m", max_length=200, blank=True)
    thumb = models.FileField(_("small photo"), upload_to="receipts/%Y/%m", max_length=200, blank=True)
    sha256 = models.CharField(_("digest"), max_length=64, blank=True, editable=False)
    likeness = models.CharField(_("likeness"), max_length=16, blank=True, editable=False)
    no_photo_reason = models.CharField(_("why there is no photo"), max_length=200, blank=True)
    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=SlipState, default=SlipState.HANDED_IN)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    handed_in_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("handed in by"))
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("petty cash slip")
        verbose_name_plural = _("petty cash slips")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="petty_slip_positive"),
            models.CheckConstraint(condition=Q(state__in=SlipState.values), name="petty_slip_state_known"),
            models.CheckConstraint(
                condition=Q(account__in=[str(a.value) for a in COST_ACCOUNTS]), name="petty_slip_account_is_a_cost"
            ),
            models.CheckConstraint(
                condition=~Q(photo="") | ~Q(no_photo_reason=""), name="petty_slip_has_a_photo_or_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(state=SlipState.HANDED_IN, decided_at=None)
                | (~Q(state=SlipState.HANDED_IN) & Q(decided_at__isnull=False)),
                name="petty_slip_decided_at_iff_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state=SlipState.SENT_BACK) | ~Q(reason=""), name="petty_slip_sent_back_with_a_reason"
            ),
            # The same file twice in a title, unless the first was sent back.
            models.UniqueConstraint(
                fields=["production", "sha256"], condition=~Q(sha256="") & ~Q(state=SlipState.SENT_BACK),
                name="petty_slip_photo_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.holder} · {self.what_for}"

    @property
    def account_label(self) -> str:
        return str(Account(self.account).label)
