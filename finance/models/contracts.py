"""Parties, and the contracts that name them."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from delivery.models import Platform
from finance.choices import (
    ContractState,
    PartyKind,
    TaxMethod,
    VatKind,
)
from studio.models import Person, Production, Scoped, Stamped, Studio, User


class Party(Stamped, Scoped):
    """Somebody a contract names: a person or a company."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="parties", verbose_name=_("studio"))
    code = models.SlugField(_("code"))
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=PartyKind)
    tax_method = models.CharField(_("tax"), max_length=20, choices=TaxMethod, default=TaxMethod.LABOUR)
    vat_kind = models.CharField(
        _("VAT"),
        max_length=24,
        choices=VatKind,
        blank=True,
        help_text=_("For companies: the VAT that its price holds."),
    )
    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="parties", verbose_name=_("person")
    )
    user = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="parties", verbose_name=_("signs in as"),
        help_text=_("An investor who signs in sees this party's share."),
    )  # fmt: skip

    class Meta:
        verbose_name = pgettext_lazy("contract", "party")
        verbose_name_plural = pgettext_lazy("contract", "parties")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "code"], name="party_code_once"),
            models.CheckConstraint(
                condition=Q(kind=PartyKind.PERSON) | Q(tax_method=TaxMethod.NONE), name="party_company_not_withheld"
            ),
            models.CheckConstraint(
                condition=Q(vat_kind="") | (Q(vat_kind__in=VatKind.values) & ~Q(kind=PartyKind.PERSON)),
                name="party_vat_of_companies",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Joint(Scoped):
    """A row of a contract that may be of several titles: whoever works on some of them alone does not see it.

    `contract_path` is the look-up to the contract, `contract_id_path` to its key.
    """

    contract_path: ClassVar[str] = "contract__"
    contract_id_path: ClassVar[str] = "contract"

    class Meta:
        abstract = True

    @classmethod
    def within(cls, productions: Collection[int]) -> Q:
        others = ContractTitle.objects.filter(contract=OuterRef(cls.contract_id_path)).exclude(
            production__in=productions
        )
        kept_under = Q(**{f"{cls.contract_path}production__in": productions})
        if cls.contract_id_path != "pk":
            # Nothing is worked out yet, so there is nothing of other titles in it.
            kept_under |= Q(**{f"{cls.contract_id_path}__isnull": True})
        return super().within(productions) & kept_under & ~Q(Exists(others))


class Contract(Stamped, Joint):
    """How receipts from a platform are shared; `terms` is the JSON of `finance.settlement`.

    It is kept under one title; those it covers besides are in `further`. A change is a new version with its own date; a
    past month settles under the version then in force.
    """

    studio_path = "production__studio"
    contract_path = ""
    contract_id_path = "pk"

    production = models.ForeignKey(Production, models.CASCADE, related_name="contracts", verbose_name=_("production"))
    platform = models.ForeignKey(Platform, models.PROTECT, related_name="contracts", verbose_name=_("platform"))
    version = models.PositiveIntegerField(_("version"), default=1)
    from_date = models.DateField(_("in force from"))
    terms = models.JSONField(_("terms"))
    state = models.CharField(_("state"), max_length=8, choices=ContractState, default=ContractState.DRAFT)
    signed_at = models.DateTimeField(_("signed"), null=True, blank=True)
    signed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("signed by")
    )
    parties = models.ManyToManyField(
        Party, through="ContractParty", related_name="contracts", verbose_name=pgettext_lazy("contract", "parties")
    )
    pay_after_days = models.PositiveSmallIntegerField(_("paid after (days)"), default=30)

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["production", "platform", "version"], name="contract_version_once"),
            models.UniqueConstraint(fields=["production", "platform", "from_date"], name="contract_date_once"),
            models.CheckConstraint(
                condition=Q(state=ContractState.DRAFT) | Q(signed_at__isnull=False),
                name="contract_signed_at_once_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.production} · {self.platform} v{self.version}"


class ContractTitle(Joint):
    """A title that a contract covers beside the one it is kept under, from the version's first month on."""

    studio_path = "contract__production__studio"
    production_path = "contract__production"

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="further", verbose_name=_("contract"))
    production = models.ForeignKey(Production, models.PROTECT, related_name="covered_by", verbose_name=_("production"))

    class Meta:
        verbose_name = _("further title of a contract")
        verbose_name_plural = _("further titles of contracts")
        ordering = ["contract_id", "production__code"]
        constraints = [models.UniqueConstraint(fields=["contract", "production"], name="contract_title_once")]

    def __str__(self) -> str:
        return str(self.production)


class ContractParty(Joint):
    """A party that a contract's terms name; kept as a row so that a party in use cannot be deleted."""

    studio_path = "contract__production__studio"
    production_path = "contract__production"
    platform_path = "contract__platform__code"

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="named", verbose_name=_("contract"))
    party = models.ForeignKey(
        Party, models.PROTECT, related_name="named_in", verbose_name=pgettext_lazy("contract", "party")
    )

    class Meta:
        verbose_name = _("party of a contract")
        verbose_name_plural = _("parties of contracts")
        constraints = [models.UniqueConstraint(fields=["contract", "party"], name="contract_party_once")]

    def __str__(self) -> str:
        return str(self.party)
