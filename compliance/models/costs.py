"""What the cost-composition report is measured by."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from compliance.choices import (
    CostMeasure,
)
from studio.models import Person, Production, Scoped, Stamped, Studio


class CostCap(Stamped, Scoped):
    """The largest part of its cost a title may spend on the cast, or of the cast on its leads, from a date."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="cost_caps", verbose_name=_("studio"))
    from_date = models.DateField(_("in force from"))
    measure = models.CharField(_("measure"), max_length=10, choices=CostMeasure)
    most_bp = models.PositiveIntegerField(_("at most (1/100 %)"))
    binding = models.BooleanField(
        _("binding"), default=False, help_text=_("Off: unverified whether it binds; the report says so.")
    )
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        verbose_name = _("cap on costs")
        verbose_name_plural = _("caps on costs")
        ordering = ["from_date", "measure"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "measure", "from_date"], name="costcap_once"),
            models.CheckConstraint(condition=Q(measure__in=CostMeasure.values), name="costcap_measure_known"),
            models.CheckConstraint(condition=Q(most_bp__gte=1, most_bp__lte=10_000), name="costcap_in_range"),
            models.CheckConstraint(condition=~Q(source=""), name="costcap_names_its_source"),
        ]

    def __str__(self) -> str:
        return f"{self.from_date} · {self.get_measure_display()}"


class LeadPerformer(Scoped):
    """A performer whom the cost-composition report counts among the leads."""

    studio_path = "production__studio"

    production = models.ForeignKey(
        Production, models.CASCADE, related_name="lead_performers", verbose_name=_("production")
    )
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("person"))

    class Meta:
        verbose_name = _("lead performer")
        verbose_name_plural = _("lead performers")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["production", "person"], name="leadperformer_once")]

    def __str__(self) -> str:
        return str(self.person)
