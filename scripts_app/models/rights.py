"""Works that scripts are made from, and the rights to do so."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from scripts_app.choices import SourceKind
from studio.models import Production, Scoped, Stamped, Studio


class SourceWork(Stamped, Scoped):
    """A work a title is made from: whose it is, where and until when the studio may use it.

    `territories` are names as the contract has them; `media_kinds` values of `WorkKind`, none meaning all.
    """

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="source_works", verbose_name=_("studio"))
    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=SourceKind, default=SourceKind.NOVEL)
    author = models.CharField(_("author"), max_length=120, blank=True)
    holder = models.CharField(_("rights holder"), max_length=120, blank=True)
    contract_reference = models.CharField(_("contract"), max_length=80, blank=True)
    territories = models.JSONField(_("territories"), default=list, blank=True)
    media_kinds = models.JSONField(_("kinds of work allowed"), default=list, blank=True)
    from_date = models.DateField(_("rights from"), null=True, blank=True)
    until_date = models.DateField(_("rights until"), null=True, blank=True)
    extensions_allowed = models.PositiveSmallIntegerField(_("extensions allowed"), default=0)
    file = models.FileField(_("contract file"), upload_to="rights/%Y/%m", max_length=200, blank=True)
    productions = models.ManyToManyField(
        Production, related_name="source_works", blank=True, verbose_name=_("productions")
    )

    class Meta:
        verbose_name = _("source work")
        verbose_name_plural = _("source works")
        ordering = ["title", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=SourceKind.values), name="source_kind_known"),
            models.CheckConstraint(
                condition=Q(from_date=None) | Q(until_date=None) | Q(until_date__gte=F("from_date")),
                name="source_window_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def covers(self, day: dt.date) -> bool:
        """Whether the rights stand on a day; the last day counts."""
        return (self.from_date is None or self.from_date <= day) and (self.until_date is None or day <= self.until_date)
