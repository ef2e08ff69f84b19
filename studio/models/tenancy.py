"""Networks, studios, users, memberships and API tokens."""

from __future__ import annotations

import hashlib
import re
import secrets
import zoneinfo
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from studio.choices import GreenlightGate, NetworkRole, PageUnit, PayerKind, PayRule, Role
from studio.values import CURRENCIES

from .base import Scoped, Stamped


class User(AbstractUser):
    """Somebody who signs in; what they may do is in their memberships, not here."""

    display_name = models.CharField(_("name"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, blank=True)

    class Meta(AbstractUser.Meta):
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.display_name or self.username


class Network(Stamped):
    """A house that owns or funds several studios."""

    name = models.CharField(_("name"), max_length=120, unique=True)

    class Meta:
        verbose_name = _("network")
        verbose_name_plural = _("networks")

    def __str__(self) -> str:
        return self.name


def validate_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone, such as Asia/Shanghai."), params={"name": name})


def read_days(written: str) -> list[int]:
    """Numbers of days in `90, 30, 7`, longest first; raises ValueError for anything else."""
    parts = [part.strip() for part in re.split(r"[,，、]", written) if part.strip()]
    days = sorted({int(part) for part in parts}, reverse=True)
    if any(not 1 <= day <= 3650 for day in days):
        raise ValueError(written)
    return days


def validate_days(written: str) -> None:
    try:
        read_days(written)
    except ValueError:
        raise ValidationError(
            _("“%(written)s” is not a list of days, such as 90, 30, 7."), params={"written": written}
        ) from None


class Studio(Stamped, Scoped):
    """A tenant. Settings that differ between studios are its columns."""

    studio_path = "pk"
    production_path = None

    network = models.ForeignKey(
        Network, models.SET_NULL, null=True, blank=True, related_name="studios", verbose_name=_("network")
    )
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name"), unique=True)
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="Asia/Shanghai", validators=[validate_time_zone]
    )
    page_unit = models.CharField(_("page count in"), max_length=10, choices=PageUnit, default=PageUnit.TENTHS)
    currency = models.CharField(_("currency"), max_length=3, default="CNY", choices=[(c, c) for c in CURRENCIES])
    rest_minutes = models.PositiveIntegerField(
        _("rest between wrap and next call (minutes)"), default=600, help_text=_("An alarm, not a block.")
    )
    meal_after_minutes = models.PositiveIntegerField(_("meal after (minutes)"), default=360)
    day_minutes = models.PositiveIntegerField(_("longest shoot day (minutes)"), default=840)
    writers_hand_in = models.BooleanField(
        _("writers hand in drafts themselves"), default=True, help_text=_("While the script is not locked.")
    )
    watermark_scripts = models.BooleanField(
        _("name the reader across script PDFs"), default=True,
        help_text=_("Links and sides carry the name of who they are for in any case."),
    )  # fmt: skip
    payout_approval_minor = models.BigIntegerField(_("payouts above this need two people (fen)"), default=5_000_000)
    budget_approval_minor = models.BigIntegerField(_("budgets above this need two people (fen)"), default=100_000_000)
    payer_kind = models.CharField(
        _("pays people as"), max_length=10, choices=PayerKind, default=PayerKind.STUDIO,
        help_text=_("An internet platform enterprise withholds from its workers cumulatively."),
    )  # fmt: skip
    wage_rule = models.CharField(
        _("wages fall due"), max_length=12, choices=PayRule, default=PayRule.AFTER_SHOOT,
        help_text=_("Where the terms of an engagement say nothing else."),
    )  # fmt: skip
    wage_days = models.PositiveSmallIntegerField(_("days, or day of the month"), default=15)
    hot_cost_hour = models.PositiveSmallIntegerField(
        _("hot cost is told at (hour)"), default=8, validators=[MaxValueValidator(23)],
        help_text=_("The morning after a wrap, in the studio's time."),
    )  # fmt: skip
    greenlight_needs_editorial = models.BooleanField(_("the greenlight needs a passed editorial review"), default=True)
    greenlight_needs_platform = models.BooleanField(_("the greenlight needs a passed platform review"), default=False)
    greenlight_needs_compliance = models.BooleanField(
        _("the greenlight needs a passed compliance review"), default=False
    )
    greenlight_gate = models.CharField(
        _("when a board is locked without the greenlight"), max_length=5, choices=GreenlightGate,
        default=GreenlightGate.WARN,
    )  # fmt: skip
    rights_alarm_days = models.CharField(
        _("days before adaptation rights end to tell of it"), max_length=60, default="90, 30, 7", blank=True,
        validators=[validate_days],
    )  # fmt: skip
    version = models.BigIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("studio")
        verbose_name_plural = _("studios")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(payer_kind__in=PayerKind.values), name="studio_payer_kind_known"),
            models.CheckConstraint(
                condition=Q(greenlight_gate__in=GreenlightGate.values), name="studio_greenlight_gate_known"
            ),
            models.CheckConstraint(
                condition=Q(wage_rule__in=[PayRule.AFTER_DAY, PayRule.AFTER_SHOOT], wage_days__lte=365)
                | Q(wage_rule=PayRule.MONTHLY, wage_days__gte=1, wage_days__lte=31),
                name="studio_wages_fall_due",
            ),
            models.CheckConstraint(condition=Q(hot_cost_hour__lte=23), name="studio_hot_cost_hour_of_a_day"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)


class Membership(Stamped, Scoped):
    """A role of a user in a studio: over all its productions, or over one."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("user"))
    studio = models.ForeignKey(Studio, models.CASCADE, related_name="memberships", verbose_name=_("studio"))
    production = models.ForeignKey(
        "studio.Production", models.CASCADE, null=True, blank=True, related_name="memberships",
        verbose_name=_("production"), help_text=_("Empty: every production of the studio."),
    )  # fmt: skip
    role = models.CharField(_("role"), max_length=30, choices=Role)
    platform_code = models.SlugField(
        _("platform"), blank=True, help_text=_("For platform clients: the only platform whose deliveries they see.")
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "studio", "role"], condition=Q(production=None), name="membership_once_per_studio"
            ),
            models.UniqueConstraint(
                fields=["user", "production", "role"], condition=Q(production__isnull=False),
                name="membership_once_per_production",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
            models.CheckConstraint(
                condition=(Q(role=Role.PLATFORM_CLIENT) & ~Q(platform_code=""))
                | (~Q(role=Role.PLATFORM_CLIENT) & Q(platform_code="")),
                name="membership_platform_only_for_clients",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class NetworkMembership(Stamped):
    """A user of a network: sees its studios read-only; a manager also works in them as a producer."""

    user = models.ForeignKey(User, models.CASCADE, related_name="network_memberships", verbose_name=_("user"))
    network = models.ForeignKey(Network, models.CASCADE, related_name="memberships", verbose_name=_("network"))
    role = models.CharField(_("role"), max_length=10, choices=NetworkRole, default=NetworkRole.VIEWER)

    class Meta:
        verbose_name = _("network membership")
        verbose_name_plural = _("network memberships")
        constraints = [models.UniqueConstraint(fields=["user", "network"], name="network_membership_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.network}"


class ApiToken(Scoped):
    """A key of a user for programs: some verbs, in one studio, until a date. Only its digest is kept."""

    production_path = None

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens", verbose_name=_("user"))
    studio = models.ForeignKey(Studio, models.CASCADE, related_name="api_tokens", verbose_name=_("studio"))
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(_("begins with"), max_length=12, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @staticmethod
    def digest_of(secret: str) -> str:
        # The secret has 256 random bits, so a plain hash cannot be guessed back; a slow one would cost each request.
        return hashlib.sha256(secret.encode()).hexdigest()

    @classmethod
    def mint(cls, **fields: Any) -> tuple[ApiToken, str]:
        """An unsaved token and its secret, which is shown once."""
        secret = "kj_" + secrets.token_urlsafe(32)
        return cls(prefix=secret[:8], digest=cls.digest_of(secret), **fields), secret
