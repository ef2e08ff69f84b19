"""What platforms state. Amounts are minor units of the statement's currency."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delivery.models import Platform
from finance.choices import (
    StatementState,
)
from studio.models import Production, Scoped, Stamped, User


class Statement(Stamped, Scoped):
    """A platform's monthly statement as it came; the same file is taken once."""

    studio_path = "platform__studio"
    production_path = "production"

    platform = models.ForeignKey(Platform, models.PROTECT, related_name="statements", verbose_name=_("platform"))
    production = models.ForeignKey(Production, models.PROTECT, related_name="statements", verbose_name=_("production"))
    period = models.CharField(_("month"), max_length=7)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    file = models.FileField(_("statement file"), upload_to="statements/%Y/%m", max_length=200)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("checksum"), max_length=64)
    declared_minor = models.BigIntegerField(_("total stated (fen)"), null=True, blank=True)
    counted_minor = models.BigIntegerField(_("total counted (fen)"), default=0)
    # The rate to the currency of the contract or the studio, and the whole sum in it, rounded once.
    rate_numerator = models.BigIntegerField(_("exchange rate: numerator"), null=True, blank=True)
    rate_denominator = models.BigIntegerField(_("exchange rate: denominator"), null=True, blank=True)
    rate_source = models.CharField(_("source of the rate"), max_length=200, blank=True)
    converted_currency = models.CharField(_("converted to"), max_length=3, blank=True)
    converted_minor = models.BigIntegerField(_("converted total (fen)"), null=True, blank=True)
    findings = models.JSONField(_("findings"), default=list, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=StatementState, default=StatementState.HELD)
    imported_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("imported by"))
    accepted_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("accepted by")
    )
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", verbose_name=_("corrects")
    )

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["production", "platform", "sha256"], name="statement_file_once"),
            models.UniqueConstraint(
                fields=["production", "platform", "period"],
                condition=Q(state__in=[StatementState.ACCEPTED, StatementState.SETTLED]),
                name="statement_one_in_force_per_month",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[StatementState.HELD, StatementState.READY], accepted_at=None)
                | Q(
                    state__in=[StatementState.ACCEPTED, StatementState.SETTLED, StatementState.CORRECTED],
                    accepted_at__isnull=False,
                ),
                name="statement_accepted_at_iff_accepted",
            ),
            models.CheckConstraint(
                condition=Q(corrects=None)
                | (
                    Q(state__in=[StatementState.ACCEPTED, StatementState.SETTLED, StatementState.CORRECTED])
                    & ~Q(reason="")
                ),
                name="statement_correction_says_why",
            ),
            models.CheckConstraint(condition=Q(state__in=StatementState.values), name="statement_state_known"),
            models.CheckConstraint(
                condition=Q(
                    rate_numerator=None, rate_denominator=None, converted_minor=None, converted_currency="", rate_source=""
                )
                | Q(rate_numerator__gt=0, rate_denominator__gt=0, converted_minor__isnull=False)
                & ~Q(converted_currency="")
                & ~Q(rate_source=""),
                name="statement_converted_whole",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.platform} {self.period}"


class StatementLine(Scoped):
    """A line of a statement."""

    studio_path = "statement__platform__studio"
    production_path = "statement__production"

    # The unique index begins with it: another one would only slow a million lines down.
    statement = models.ForeignKey(
        Statement, models.CASCADE, related_name="lines", db_index=False, verbose_name=_("statement")
    )  # fmt: skip
    row = models.PositiveIntegerField(_("row"))
    episode_number = models.PositiveIntegerField(_("episode"), null=True, blank=True)
    kind = models.CharField(_("kind of revenue"), max_length=60, default="share")
    amount_minor = models.BigIntegerField(_("amount (fen)"))
    text = models.CharField(_("as written"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("statement line")
        verbose_name_plural = _("statement lines")
        ordering = ["statement_id", "row"]
        constraints = [models.UniqueConstraint(fields=["statement", "row"], name="statement_line_once")]

    def __str__(self) -> str:
        return f"{self.statement} · {self.row}"
