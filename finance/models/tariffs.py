"""What the studio pays by dated tariffs: extras, forced calls, late meals, nights, weekends. Amounts are fen."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from finance.choices import EXTRAS_TARIFFS, TariffKind
from scheduling.models import FilmBase
from studio.models import Scoped, Stamped, Studio


class Tariff(Stamped, Scoped):
    """A price from a date on, until the next one of its kind and place: so there is no gap and no overlap.

    One that charges nothing ends its kind.
    """

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="tariffs", verbose_name=_("studio"))
    kind = models.CharField(_("kind"), max_length=14, choices=TariffKind)
    base = models.ForeignKey(
        FilmBase, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("film base"),
        help_text=_("Only where the unit is based there; without one, everywhere else."),
    )  # fmt: skip
    from_date = models.DateField(_("in force from"))
    flat_minor = models.BigIntegerField(
        _("a day of extras, or each case (fen)"), default=0,
        help_text=_("For extras a head and day; for the others each forced call, meal, night or weekend day."),
    )  # fmt: skip
    half_day_minor = models.BigIntegerField(_("half a day of extras (fen)"), null=True, blank=True)
    hour_minor = models.BigIntegerField(
        _("an hour (fen)"), default=0,
        help_text=_("For extras overtime; for the others each hour of missing rest, delay or work. Started half hours count."),
    )  # fmt: skip
    percent = models.PositiveSmallIntegerField(
        _("share of the own hourly rate (%)"), default=0, help_text=_("For the same minutes; not for extras.")
    )
    day_minutes = models.PositiveIntegerField(_("minutes in a paid day"), default=720)
    half_day_minutes = models.PositiveIntegerField(_("minutes in half a day"), default=300)
    night_from_minute = models.PositiveIntegerField(_("night from (minute of the day)"), default=22 * 60)
    night_to_minute = models.PositiveIntegerField(_("night to (minute of the day)"), default=6 * 60)
    weekdays = models.CharField(
        _("weekdays of the supplement"), max_length=7, default="67", help_text=_("1 is Monday, 7 is Sunday.")
    )
    source = models.CharField(_("source"), max_length=200, help_text=_("Where this price comes from."))

    class Meta:
        verbose_name = _("tariff")
        verbose_name_plural = _("tariffs")
        ordering = ["kind", "base", "-from_date"]
        constraints = [
            models.UniqueConstraint(
                fields=["studio", "kind", "from_date"], condition=Q(base=None), name="tariff_once_per_date"
            ),
            models.UniqueConstraint(
                fields=["studio", "kind", "base", "from_date"], condition=Q(base__isnull=False),
                name="tariff_once_per_base_and_date",
            ),
            models.CheckConstraint(condition=Q(kind__in=TariffKind.values), name="tariff_kind_known"),
            models.CheckConstraint(
                condition=Q(flat_minor__gte=0, hour_minor__gte=0) & (Q(half_day_minor=None) | Q(half_day_minor__gte=0)),
                name="tariff_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(half_day_minor=None) | Q(half_day_minor__lte=F("flat_minor")),
                name="tariff_half_day_is_no_more_than_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=EXTRAS_TARIFFS) | Q(percent=0), name="tariff_of_extras_has_no_percent"
            ),
            models.CheckConstraint(
                condition=Q(night_from_minute__lt=1440, night_to_minute__lt=1440, day_minutes__gt=0, percent__lte=1000)
                & ~Q(night_from_minute=F("night_to_minute")),
                name="tariff_minutes_in_a_day",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.from_date}"
