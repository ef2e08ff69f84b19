"""Budgets: what a title is planned to cost. Amounts are fen (minor units)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from finance.choices import (
    COST_ACCOUNTS,
    Account,
)
from studio.models import Production, Scoped, Stamped, Studio


class BudgetLine(Stamped, Scoped):
    """A planned cost: quantity x rate."""

    studio_path = "production__studio"

    production = models.ForeignKey(
        Production, models.CASCADE, related_name="budget_lines", verbose_name=_("production")
    )
    account = models.CharField(_("account"), max_length=20, choices=Account)
    name = models.CharField(_("name"), max_length=120)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    rate_minor = models.BigIntegerField(_("rate (fen)"))

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering = ["production_id", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(account__in=COST_ACCOUNTS), name="budget_line_on_a_cost_account"),
            models.CheckConstraint(condition=Q(rate_minor__gte=0), name="budget_line_rate_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def amount_minor(self) -> int:
        return self.quantity * self.rate_minor


class BudgetShare(Stamped, Scoped):
    """A line of the studio's standard budget: its part of the investment in basis points."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="budget_shares", verbose_name=_("studio"))
    account = models.CharField(_("account"), max_length=20, choices=Account)
    name = models.CharField(_("name"), max_length=120)
    share_bp = models.PositiveIntegerField(_("share (1/100 %)"))

    class Meta:
        verbose_name = _("share of the standard budget")
        verbose_name_plural = _("shares of the standard budget")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "account", "name"], name="budget_share_once"),
            models.CheckConstraint(condition=Q(account__in=COST_ACCOUNTS), name="budget_share_on_a_cost_account"),
            models.CheckConstraint(condition=Q(share_bp__gte=1, share_bp__lte=10_000), name="budget_share_in_range"),
        ]

    def __str__(self) -> str:
        return self.name
