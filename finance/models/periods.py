"""Closed months of a studio, and the rates between currencies that held on a day."""

from __future__ import annotations

from fractions import Fraction

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from studio.models import Scoped, Stamped, Studio, User


class ClosedPeriod(Stamped, Scoped):
    """A month that a person closed; opened again it stays as a row, with who, when and why."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="closed_periods", verbose_name=_("studio"))
    period = models.CharField(_("month"), max_length=7)
    closed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("closed by"))
    closed_at = models.DateTimeField(_("closed"))
    # What was open when it was closed all the same, and why.
    left_open = models.JSONField(_("left open"), default=dict, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    reopened_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("opened again by")
    )  # fmt: skip
    reopened_at = models.DateTimeField(_("opened again"), null=True, blank=True)
    reopen_reason = models.CharField(_("why it was opened again"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("closed month")
        verbose_name_plural = _("closed months")
        ordering = ["-period", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["studio", "period"], condition=Q(reopened_at=None), name="closed_period_once"
            ),
            models.CheckConstraint(
                condition=Q(reopened_at=None, reopen_reason="") | Q(reopened_at__isnull=False) & ~Q(reopen_reason=""),
                name="closed_period_reopened_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.period


class ExchangeRate(Stamped, Scoped):
    """What one unit of `base` was worth in `quote` on a day: an exact ratio, with its source."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="exchange_rates", verbose_name=_("studio"))
    base = models.CharField(_("from"), max_length=3)
    quote = models.CharField(_("to"), max_length=3)
    on_date = models.DateField(_("date"))
    numerator = models.BigIntegerField(_("numerator"))
    denominator = models.BigIntegerField(_("denominator"))
    source = models.CharField(_("source"), max_length=200)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by"))

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ["-on_date", "base", "quote"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "base", "quote", "on_date"], name="rate_once_per_day"),
            models.CheckConstraint(condition=Q(numerator__gt=0, denominator__gt=0), name="rate_above_zero"),
            models.CheckConstraint(condition=~Q(base=F("quote")), name="rate_of_two_currencies"),
        ]

    def __str__(self) -> str:
        return f"{self.base}/{self.quote} {self.on_date}"

    @property
    def ratio(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)
