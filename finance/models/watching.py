"""What watches a title's money: a person's own figures, forecasts, the margin's trail, alarms and who saw them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from delivery.models import Platform
from finance.choices import COST_ACCOUNTS, Account, AlarmMeasure
from studio.models import AppendOnly, Production, Scoped, Stamped, Studio, User


class EstimateFigure(AppendOnly, Scoped):
    """What a person says an account will come to, with the reason; the latest of an account counts.

    `amount_minor` is empty where somebody went back to the computed figure.
    """

    studio_path = "production__studio"

    production = models.ForeignKey(
        Production, models.PROTECT, related_name="estimate_figures", verbose_name=_("production")
    )
    account = models.CharField(_("account"), max_length=20, choices=Account)
    amount_minor = models.BigIntegerField(_("comes to (fen)"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    said_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("said by"))
    said_at = models.DateTimeField(_("said"))

    class Meta:
        verbose_name = _("figure for an account")
        verbose_name_plural = _("figures for accounts")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(account__in=COST_ACCOUNTS), name="estimate_figure_on_a_cost_account"),
            models.CheckConstraint(
                condition=Q(amount_minor=None) | Q(amount_minor__gte=0), name="estimate_figure_not_negative"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="estimate_figure_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.production} · {self.get_account_display()}"


class ReceiptForecast(AppendOnly, Scoped):
    """What somebody expects a title to take on a platform in all; the latest of a platform counts."""

    studio_path = "production__studio"

    production = models.ForeignKey(
        Production, models.PROTECT, related_name="receipt_forecasts", verbose_name=_("production")
    )
    platform = models.ForeignKey(Platform, models.PROTECT, related_name="forecasts", verbose_name=_("platform"))
    amount_minor = models.BigIntegerField(_("receipts in all (fen)"))
    by_month = models.CharField(_("by month"), max_length=7)
    reason = models.CharField(_("what it rests on"), max_length=300)
    said_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("said by"))
    said_at = models.DateTimeField(_("said"))

    class Meta:
        verbose_name = _("forecast of receipts")
        verbose_name_plural = _("forecasts of receipts")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="receipt_forecast_not_negative"),
            models.CheckConstraint(condition=~Q(reason=""), name="receipt_forecast_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.production} · {self.platform}"


class MarginPoint(AppendOnly, Scoped):
    """A title's margin as reckoned after one event; `amounts` are what it was made of, key by key."""

    studio_path = "production__studio"

    production = models.ForeignKey(
        Production, models.PROTECT, related_name="margin_points", verbose_name=_("production")
    )
    number = models.PositiveIntegerField(_("number"))
    cause = models.CharField(_("after"), max_length=120)
    reckoned_at = models.DateTimeField(_("reckoned"))
    expected_minor = models.BigIntegerField(_("receipts expected (fen)"))
    shares_minor = models.BigIntegerField(_("shares of others (fen)"))
    cost_minor = models.BigIntegerField(_("cost at completion (fen)"))
    margin_minor = models.BigIntegerField(_("margin (fen)"))
    amounts = models.JSONField(_("made of"), default=dict)

    class Meta:
        verbose_name = _("point of the margin")
        verbose_name_plural = _("points of the margin")
        ordering = ["production_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["production", "number"], name="margin_point_number_once"),
            # The same wrap, accrual or statement heard twice is reckoned once.
            models.UniqueConstraint(fields=["production", "cause"], name="margin_point_once_per_cause"),
            models.CheckConstraint(
                condition=Q(margin_minor=F("expected_minor") - F("shares_minor") - F("cost_minor")),
                name="margin_point_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.production} · {self.number}"


class MarginCause(AppendOnly, Scoped):
    """What moved the margin from the point before to this one: below zero, the margin lost by it."""

    studio_path = "point__production__studio"
    production_path = "point__production"

    point = models.ForeignKey(MarginPoint, models.PROTECT, related_name="causes", verbose_name=_("point of the margin"))
    key = models.CharField(_("what"), max_length=120)
    amount_minor = models.BigIntegerField(_("moved it by (fen)"))

    class Meta:
        verbose_name = _("cause of a margin's move")
        verbose_name_plural = _("causes of a margin's moves")
        ordering = ["point_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["point", "key"], name="margin_cause_once"),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="margin_cause_not_zero"),
        ]

    def __str__(self) -> str:
        return self.key


class AlarmRule(Stamped, Scoped):
    """A threshold of the studio: when a measure of a title passes it, those who see its money are told."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="alarm_rules", verbose_name=_("studio"))
    measure = models.CharField(_("measure"), max_length=20, choices=AlarmMeasure)
    account = models.CharField(
        _("account"), max_length=20, choices=Account, blank=True, help_text=_("Empty: every cost account.")
    )
    threshold = models.BigIntegerField(_("threshold"))
    active = models.BooleanField(_("watched"), default=True)
    set_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("set by"))

    class Meta:
        verbose_name = _("alarm threshold")
        verbose_name_plural = _("alarm thresholds")
        ordering = ["measure", "account", "id"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "measure", "account"], name="alarm_rule_once"),
            models.CheckConstraint(condition=Q(measure__in=AlarmMeasure.values), name="alarm_rule_measure_known"),
            models.CheckConstraint(
                condition=Q(account="") | Q(account__in=COST_ACCOUNTS, measure=AlarmMeasure.ACCOUNT),
                name="alarm_rule_account_of_a_cost",
            ),
            models.CheckConstraint(
                condition=Q(threshold__gte=0) | Q(measure=AlarmMeasure.MARGIN), name="alarm_rule_threshold_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.get_measure_display()


class MoneyAlarm(Stamped, Scoped):
    """A threshold passed: open until the measure is back, told once, seen by a named person."""

    studio_path = "production__studio"

    production = models.ForeignKey(
        Production, models.CASCADE, related_name="money_alarms", verbose_name=_("production")
    )
    rule = models.ForeignKey(AlarmRule, models.CASCADE, related_name="alarms", verbose_name=_("alarm threshold"))
    subject = models.CharField(_("about"), max_length=60, blank=True)
    value = models.BigIntegerField(_("measured"))
    threshold = models.BigIntegerField(_("threshold"))
    raised_at = models.DateTimeField(_("raised"))
    cleared_at = models.DateTimeField(_("back below"), null=True, blank=True)
    seen_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("seen by")
    )
    seen_name = models.CharField(_("seen by"), max_length=150, blank=True)
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)
    answer = models.CharField(_("what is done about it"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("money alarm")
        verbose_name_plural = _("money alarms")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["production", "rule", "subject"], condition=Q(cleared_at=None), name="money_alarm_one_open"
            ),
            models.CheckConstraint(
                condition=Q(seen_at=None, seen_name="") | (Q(seen_at__isnull=False) & ~Q(seen_name="")),
                name="money_alarm_seen_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.production} · {self.rule}"
