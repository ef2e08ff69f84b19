"""Statements of payees sent out: a batch with its ZIP, a private link for each payee, and who opened it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from finance.choices import StatementOpening
from finance.models.contracts import Party
from finance.models.settlements import Settlement
from studio.models import AppendOnly, Scoped, Stamped, Studio, User


class PayeeBatch(Stamped, Scoped):
    """Statements of all payees of a month, or of one settlement, made in one go."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="payee_batches", verbose_name=_("studio"))
    period = models.CharField(_("month"), max_length=7)
    settlement = models.ForeignKey(
        Settlement, models.CASCADE, null=True, blank=True, related_name="payee_batches", verbose_name=_("settlement"),
        help_text=_("Empty: all settlements of the month."),
    )  # fmt: skip
    days = models.PositiveSmallIntegerField(_("days the links open"))
    password = models.CharField(max_length=128, blank=True, editable=False)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by"))
    ready_at = models.DateTimeField(_("ready"), null=True, blank=True)
    file = models.FileField(_("file"), upload_to="payee_statements/%Y/%m", max_length=200, blank=True)
    papers_count = models.PositiveIntegerField(_("papers"), default=0)

    class Meta:
        verbose_name = _("batch of payee statements")
        verbose_name_plural = _("batches of payee statements")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["studio", "period"], condition=Q(ready_at=None), name="payee_batch_one_at_work"
            ),
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=366), name="payee_batch_days_within_a_year"),
            models.CheckConstraint(
                condition=Q(ready_at=None, file="") | (Q(ready_at__isnull=False) & ~Q(file="")),
                name="payee_batch_file_iff_ready",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.period} · {self.pk}"


class PayeeLink(Stamped, Scoped):
    """One payee's private page. The digest finds it; the secret is kept sealed, for those who send it out."""

    studio_path = "batch__studio"
    production_path = None

    batch = models.ForeignKey(
        PayeeBatch, models.CASCADE, related_name="links", verbose_name=_("batch of payee statements")
    )
    party = models.ForeignKey(
        Party, models.PROTECT, related_name="statement_links", verbose_name=pgettext_lazy("contract", "party")
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    sealed_secret = models.TextField(editable=False)
    password = models.CharField(max_length=128, blank=True, editable=False)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("revoked by")
    )

    class Meta:
        verbose_name = _("link of a payee")
        verbose_name_plural = _("links of payees")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "party"], name="payee_link_once_per_batch"),
            models.CheckConstraint(
                condition=Q(revoked_by=None) | Q(revoked_at__isnull=False), name="payee_link_revoked_at_once_revoked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party} · {self.batch}"


class PayeeLinkOpening(AppendOnly, Scoped):
    """One opening of a payee's link: when, page or PDF, the family of the browser, the shortened network."""

    studio_path = "link__batch__studio"
    production_path = None

    link = models.ForeignKey(PayeeLink, models.CASCADE, related_name="openings", verbose_name=_("link of a payee"))
    opened_at = models.DateTimeField(_("opened"))
    kind = models.CharField(_("kind"), max_length=4, choices=StatementOpening)
    agent = models.CharField(_("browser"), max_length=40, blank=True)
    network = models.CharField(_("network"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("opening of a payee's link")
        verbose_name_plural = _("openings of payees' links")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=StatementOpening.values), name="payee_link_opening_kind_known")
        ]

    def __str__(self) -> str:
        return f"{self.link} · {self.opened_at:%Y-%m-%d %H:%M}"
