"""Filings with an authority, and people who let a title through a gate."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from compliance.choices import (
    Authority,
    FilingKind,
    FilingState,
    Gate,
)
from studio.models import Production, Scoped, Stamped, User


class Filing(Stamped, Scoped):
    """A filing with an authority; a granted one carries its number."""

    studio_path = "production__studio"

    production = models.ForeignKey(Production, models.CASCADE, related_name="filings", verbose_name=_("production"))
    kind = models.CharField(_("kind"), max_length=10, choices=FilingKind)
    authority = models.CharField(_("authority"), max_length=10, choices=Authority)
    platform_code = models.SlugField(
        _("platform"), blank=True, help_text=_("A platform's own number holds there only.")
    )
    state = models.CharField(_("state"), max_length=10, choices=FilingState, default=FilingState.DRAFT)
    papers = models.JSONField(_("papers handed in"), default=list, blank=True)
    number = models.CharField(_("number"), max_length=60, blank=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision_note = models.TextField(_("decision"), blank=True)
    round = models.PositiveIntegerField(_("round"), default=1)

    class Meta:
        verbose_name = _("filing")
        verbose_name_plural = _("filings")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["production", "kind", "platform_code", "authority"], condition=~Q(state=FilingState.RETURNED),
                name="filing_one_open_per_kind",
            ),
            models.CheckConstraint(condition=Q(state__in=FilingState.values), name="filing_state_known"),
            models.CheckConstraint(
                condition=~Q(state=FilingState.GRANTED) | (~Q(number="") & Q(decided_at__isnull=False)),
                name="filing_granted_has_number",
            ),
            models.CheckConstraint(
                condition=Q(authority=Authority.PLATFORM) | Q(platform_code=""), name="filing_platform_only_for_platforms"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.production} · {self.get_kind_display()}"


class GateOverride(Stamped, Scoped):
    """A person lets a title through a gate that the rules hold shut, and says why; it holds until it is withdrawn."""

    studio_path = "production__studio"

    production = models.ForeignKey(
        Production, models.CASCADE, related_name="gate_overrides", verbose_name=_("production")
    )
    gate = models.CharField(_("gate"), max_length=10, choices=Gate)
    reason = models.CharField(_("reason"), max_length=300)
    in_the_way = models.CharField(_("what stood in the way"), max_length=300, blank=True)
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("let through by"))
    given_at = models.DateTimeField(_("let through"))
    withdrawn_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("withdrawn by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("override of a gate")
        verbose_name_plural = _("overrides of gates")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["production", "gate"], condition=Q(withdrawn_at=None), name="gateoverride_one_in_force"
            ),
            models.CheckConstraint(condition=Q(gate__in=Gate.values), name="gateoverride_gate_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="gateoverride_says_why"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=False) | Q(withdrawn_by=None),
                name="gateoverride_withdrawn_by_with_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.production} · {self.get_gate_display()}"
