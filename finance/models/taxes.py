"""A studio's own tax tables, for a law that is younger than the product."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from finance.choices import TaxTableMethod
from studio.models import Scoped, Stamped, Studio, User


class TaxTable(Stamped, Scoped):
    """A table from a date on; it goes before the product's table of the same method from then on.

    `brackets` is a list of [upper limit in fen or None, rate in basis points, quick deduction in fen].
    """

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="tax_tables", verbose_name=_("studio"))
    method = models.CharField(_("method"), max_length=24, choices=TaxTableMethod)
    from_date = models.DateField(_("in force from"))
    until_date = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day. Empty: no end."))
    brackets = models.JSONField(_("brackets"))
    deduction_bp = models.PositiveIntegerField(_("deduction (1/100 %)"), default=0)
    small_minor = models.BigIntegerField(_("small incomes up to (fen)"), default=0)
    small_deduction_minor = models.BigIntegerField(_("deduction of small incomes (fen)"), default=0)
    part_bp = models.PositiveIntegerField(_("part that is taxed (1/100 %)"), default=10_000)
    monthly_minor = models.BigIntegerField(_("standing deduction a month (fen)"), default=0)
    source = models.CharField(_("source"), max_length=300)
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("added by"))

    class Meta:
        verbose_name = _("tax table")
        verbose_name_plural = _("tax tables")
        ordering = ["method", "from_date"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "method", "from_date"], name="taxtable_once_a_day"),
            models.CheckConstraint(condition=Q(method__in=TaxTableMethod.values), name="taxtable_method_known"),
            models.CheckConstraint(condition=~Q(source=""), name="taxtable_names_its_source"),
            models.CheckConstraint(
                condition=Q(deduction_bp__lt=10_000, part_bp__gte=1, part_bp__lte=10_000),
                name="taxtable_parts_in_range",
            ),
            models.CheckConstraint(
                condition=Q(small_minor__gte=0, small_deduction_minor__gte=0, monthly_minor__gte=0),
                name="taxtable_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(until_date=None) | Q(until_date__gte=F("from_date")), name="taxtable_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} · {self.from_date}"
