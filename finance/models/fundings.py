"""What a network or a fund advances to a studio or a title, on which terms, and what was drawn of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from finance.choices import CopyrightOwner
from finance.models.contracts import Party
from studio.models import AppendOnly, Network, Production, Scoped, Stamped, Studio, User


class Funding(Stamped, Scoped):
    """An advance of a network or an outside fund, to a studio or to one of its titles.

    What is recouped comes from issued settlements, through `party`: the funder as the contracts name it.
    """

    studio = models.ForeignKey(Studio, models.PROTECT, related_name="fundings", verbose_name=_("studio"))
    production = models.ForeignKey(
        Production, models.PROTECT, null=True, blank=True, related_name="fundings", verbose_name=_("production"),
        help_text=_("Empty: for the studio as a whole."),
    )  # fmt: skip
    network = models.ForeignKey(
        Network, models.PROTECT, null=True, blank=True, related_name="fundings", verbose_name=_("network")
    )
    fund_name = models.CharField(_("outside fund"), max_length=120, blank=True)
    party = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="fundings",
        verbose_name=_("as the contracts name the funder"),
    )  # fmt: skip
    reference = models.CharField(_("number of the agreement"), max_length=80)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")

    class Meta:
        verbose_name = _("funding")
        verbose_name_plural = _("fundings")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "reference"], name="funding_reference_once"),
            models.CheckConstraint(
                condition=Q(network__isnull=False, fund_name="") | (Q(network=None) & ~Q(fund_name="")),
                name="funding_one_funder",
            ),
            models.CheckConstraint(condition=~Q(reference=""), name="funding_has_reference"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def funder(self) -> str:
        return self.network.name if self.network is not None else self.fund_name


class FundingTerms(AppendOnly, Scoped):
    """The terms of a funding from a date on; a change is a further version."""

    studio_path = "funding__studio"
    production_path = "funding__production"

    funding = models.ForeignKey(Funding, models.PROTECT, related_name="terms", verbose_name=_("funding"))
    version = models.PositiveIntegerField(_("version"))
    from_date = models.DateField(_("in force from"))
    advance_minor = models.BigIntegerField(_("advance (fen)"))
    recoup_order = models.PositiveSmallIntegerField(_("place in the order of recoupment"), default=1)
    premium_bp = models.PositiveIntegerField(_("premium (1/100 %)"), default=0)
    interest_bp = models.PositiveIntegerField(_("simple interest a year (1/100 %)"), default=0)
    copyright_owner = models.CharField(_("copyright"), max_length=6, choices=CopyrightOwner, blank=True)
    copyright_bp = models.PositiveIntegerField(_("the funder's part of the copyright (1/100 %)"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("terms of a funding")
        verbose_name_plural = _("terms of fundings")
        ordering = ["funding_id", "from_date"]
        constraints = [
            models.UniqueConstraint(fields=["funding", "version"], name="funding_terms_version_once"),
            models.UniqueConstraint(fields=["funding", "from_date"], name="funding_terms_date_once"),
            models.CheckConstraint(condition=Q(advance_minor__gte=0), name="funding_terms_advance_not_negative"),
            models.CheckConstraint(condition=Q(recoup_order__gte=1), name="funding_terms_order_from_one"),
            models.CheckConstraint(
                condition=Q(premium_bp=0) | Q(interest_bp=0), name="funding_terms_premium_or_interest"
            ),
            models.CheckConstraint(
                condition=Q(copyright_owner="", copyright_bp=None)
                | Q(copyright_owner=CopyrightOwner.FUNDER, copyright_bp=10_000)
                | Q(copyright_owner=CopyrightOwner.STUDIO, copyright_bp=0)
                | Q(copyright_owner=CopyrightOwner.SHARED, copyright_bp__gt=0, copyright_bp__lt=10_000),
                name="funding_terms_copyright_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.funding} · {self.version}"


class FundingDraw(AppendOnly, Scoped):
    """Money drawn of an advance; a wrong one is reversed by another row."""

    studio_path = "funding__studio"
    production_path = "funding__production"

    funding = models.ForeignKey(Funding, models.PROTECT, related_name="draws", verbose_name=_("funding"))
    on_date = models.DateField(_("date"))
    amount_minor = models.BigIntegerField(_("amount (fen)"))
    reference = models.CharField(_("bank reference"), max_length=80)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by",
        verbose_name=pgettext_lazy("draw", "takes back"),
    )  # fmt: skip
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("draw on a funding")
        verbose_name_plural = _("draws on fundings")
        ordering = ["on_date", "id"]
        constraints = [
            models.UniqueConstraint(fields=["funding", "reference"], name="funding_draw_reference_once"),
            models.CheckConstraint(
                condition=Q(reverses=None, amount_minor__gt=0) | Q(reverses__isnull=False, amount_minor__lt=0),
                name="funding_draw_sign",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.funding} · {self.on_date}"
