"""Productions, their episodes, and the people engaged on them."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from studio.choices import Department, PayRule, Stage, WorkKind

from .base import Scoped, Stamped
from .tenancy import Studio, User


class Production(Stamped, Scoped):
    """One title on its way from script to money.

    `version` goes up in every transaction that changes anything of the title; the ETags of the API are made of it.
    """

    production_path = "pk"

    studio = models.ForeignKey(Studio, models.PROTECT, related_name="productions", verbose_name=_("studio"))
    title = models.CharField(_("title"), max_length=120)
    code = models.CharField(_("code"), max_length=20, help_text=_("Short, unique in the studio, on every paper."))
    work_kind = models.CharField(_("kind of work"), max_length=20, choices=WorkKind, default=WorkKind.LIVE)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.SCRIPT)
    investment_minor = models.BigIntegerField(_("investment (fen)"), default=0, validators=[MinValueValidator(0)])
    themes = models.JSONField(_("special themes"), default=list, blank=True)
    promoted = models.BooleanField(_("main push or first screen of a platform"), default=False)
    producer = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("producer")
    )
    shoot_from_date = models.DateField(_("shoot from"), null=True, blank=True)
    shoot_to_date = models.DateField(_("shoot to"), null=True, blank=True)
    deliver_by_date = models.DateField(_("deliver by"), null=True, blank=True)
    version = models.BigIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("production")
        verbose_name_plural = _("productions")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "code"], name="production_code_once_per_studio"),
            models.CheckConstraint(condition=Q(investment_minor__gte=0), name="production_investment_not_negative"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="production_stage_known"),
            models.CheckConstraint(
                condition=Q(shoot_from_date=None) | Q(shoot_to_date=None) | Q(shoot_to_date__gte=F("shoot_from_date")),
                name="production_shoot_window_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Episode(Stamped, Scoped):
    """One short episode of a title; the rooms hang their state on it."""

    studio_path = "production__studio"

    production = models.ForeignKey(Production, models.CASCADE, related_name="episodes", verbose_name=_("production"))
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=120, blank=True)
    hook = models.CharField(_("hook"), max_length=300, blank=True)
    paywall = models.BooleanField(_("paywall"), default=False)

    class Meta:
        verbose_name = _("episode")
        verbose_name_plural = _("episodes")
        ordering = ["production_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["production", "number"], name="episode_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="episode_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class Person(Stamped, Scoped):
    """Somebody the studio works with; may or may not sign in."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="people", verbose_name=_("studio"))
    user = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="people", verbose_name=_("signs in as")
    )
    name = models.CharField(_("name"), max_length=80)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    birth_date = models.DateField(_("born"), null=True, blank=True)
    feed_digest = models.CharField(max_length=64, blank=True, default="", db_index=True, editable=False)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["studio", "user"], condition=Q(user__isnull=False), name="person_user_once_per_studio"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Engagement(Stamped, Scoped):
    """The terms on which a person works on a production: job, day rate, overtime, rest."""

    studio_path = "production__studio"

    production = models.ForeignKey(Production, models.CASCADE, related_name="engagements", verbose_name=_("production"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="engagements", verbose_name=_("person"))
    department = models.CharField(_("department"), max_length=20, choices=Department)
    job_title = models.CharField(_("job"), max_length=60)
    day_rate_minor = models.BigIntegerField(_("day rate (fen)"), default=0)
    day_minutes = models.PositiveIntegerField(_("minutes in a paid day"), default=720)
    overtime_hour_minor = models.BigIntegerField(_("overtime an hour (fen)"), default=0)
    hold_percent = models.PositiveSmallIntegerField(_("hold pay (% of day rate)"), default=50)
    min_days = models.PositiveSmallIntegerField(_("days guaranteed"), default=0)
    rest_minutes = models.PositiveIntegerField(
        _("rest (minutes)"), null=True, blank=True, help_text=_("Empty: the studio's.")
    )
    from_date = models.DateField(_("from"), null=True, blank=True)
    to_date = models.DateField(_("to"), null=True, blank=True)
    pay_rule = models.CharField(
        _("pay falls due"), max_length=12, choices=PayRule, blank=True, help_text=_("Empty: the studio's.")
    )
    pay_days = models.PositiveSmallIntegerField(_("days, or day of the month"), null=True, blank=True)
    is_key_contact = models.BooleanField(_("on the call sheet's contacts"), default=False)
    terms_signed_date = models.DateField(_("written terms signed"), null=True, blank=True)

    class Meta:
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")
        ordering = ["production_id", "department", "id"]
        constraints = [
            models.UniqueConstraint(fields=["production", "person", "job_title"], name="engagement_once"),
            models.CheckConstraint(
                condition=Q(day_rate_minor__gte=0, overtime_hour_minor__gte=0), name="engagement_rates_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(pay_rule="", pay_days=None)
                # A comparison with nothing is neither true nor false, and a check lets that pass.
                | Q(pay_rule__in=[PayRule.AFTER_DAY, PayRule.AFTER_SHOOT], pay_days__isnull=False, pay_days__lte=365)
                | Q(pay_rule=PayRule.MONTHLY, pay_days__isnull=False, pay_days__gte=1, pay_days__lte=31),
                name="engagement_pay_falls_due",
            ),
            models.CheckConstraint(condition=Q(hold_percent__lte=100), name="engagement_hold_at_most_100"),
            models.CheckConstraint(condition=Q(department__in=Department.values), name="engagement_department_known"),
            models.CheckConstraint(
                condition=Q(from_date=None) | Q(to_date=None) | Q(to_date__gte=F("from_date")),
                name="engagement_window_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.job_title}"
