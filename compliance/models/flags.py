"""Words of concern, and where they were found."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from compliance.choices import (
    FlagKind,
    FlagOrigin,
    FlagState,
)
from scripts_app.models import Scene
from studio.models import Production, Scoped, Stamped, Studio, User


class FlagTerm(Stamped, Scoped):
    """A word that a reader is to look at, from a date; the house's working list is used while a studio has none."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="flag_terms", verbose_name=_("studio"))
    kind = models.CharField(_("concern"), max_length=20, choices=FlagKind)
    word = models.CharField(_("word"), max_length=40)
    from_date = models.DateField(_("in force from"))
    until_date = models.DateField(_("until"), null=True, blank=True, help_text=_("The first day without it."))
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        verbose_name = _("word of concern")
        verbose_name_plural = _("words of concern")
        ordering = ["kind", "word", "from_date"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "kind", "word", "from_date"], name="flagterm_once"),
            models.CheckConstraint(condition=Q(kind__in=FlagKind.values), name="flagterm_kind_known"),
            models.CheckConstraint(condition=~Q(word="") & ~Q(source=""), name="flagterm_says_something"),
            models.CheckConstraint(
                condition=Q(until_date=None) | Q(until_date__gt=F("from_date")), name="flagterm_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.word


class ContentFlag(Stamped, Scoped):
    """A word of concern in a scene, and what a person decided of it.

    The line is named by its content (`digest`, `nth`), so that the decision follows it into the next draft. `gone_at`:
    the draft of today no longer has the line; the decision is kept for when it comes back.
    """

    studio_path = "production__studio"

    production = models.ForeignKey(
        Production, models.CASCADE, related_name="content_flags", verbose_name=_("production")
    )
    scene = models.ForeignKey(Scene, models.CASCADE, related_name="content_flags", verbose_name=_("scene"))
    kind = models.CharField(_("concern"), max_length=20, choices=FlagKind)
    word = models.CharField(_("word"), max_length=40)
    origin = models.CharField(_("found in"), max_length=10, choices=FlagOrigin)
    line = models.PositiveIntegerField(_("line"))
    quote = models.TextField(_("quoted"))
    digest = models.CharField(_("checksum"), max_length=24)
    nth = models.PositiveIntegerField(_("which of the lines alike"), default=0)
    start = models.PositiveIntegerField(_("from character"))
    state = models.CharField(_("state"), max_length=10, choices=FlagState, default=FlagState.OPEN)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    gone_at = models.DateTimeField(_("no longer in the draft"), null=True, blank=True)

    class Meta:
        verbose_name = _("content flag")
        verbose_name_plural = _("content flags")
        ordering = ["id"]
        indexes = [models.Index(fields=["production", "state"], name="contentflag_to_decide")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FlagKind.values), name="contentflag_kind_known"),
            models.CheckConstraint(condition=Q(origin__in=FlagOrigin.values), name="contentflag_origin_known"),
            models.CheckConstraint(
                condition=Q(state=FlagState.OPEN, decided_at=None)
                | Q(state__in=[FlagState.KEPT, FlagState.CHANGE, FlagState.CLEARED], decided_at__isnull=False),
                name="contentflag_decided_at_iff_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[FlagState.KEPT, FlagState.CHANGE]) | ~Q(reason=""), name="contentflag_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scene} · {self.word}"
