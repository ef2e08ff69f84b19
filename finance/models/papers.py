"""Papers around payments: invoices and labour notes, certificates, and withheld tax handed on."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from finance.choices import CertificateKind, InvoiceKind, TaxMethod
from finance.models.contracts import Joint, Party
from finance.models.payouts import Payout
from finance.models.wages import WagePayment
from studio.models import Person, Production, Scoped, Stamped, Studio, User


class Invoice(Stamped, Scoped):
    """What a payee sends: a company its invoice, a person a note for labour. A number of an issuer is taken once.

    The issuer is a party (for a payout) or a person of the title (for costs).
    """

    studio_path = "production__studio"

    production = models.ForeignKey(Production, models.PROTECT, related_name="invoices", verbose_name=_("production"))
    party = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="invoices", verbose_name=pgettext_lazy("contract", "party"),
    )  # fmt: skip
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    payout = models.ForeignKey(
        Payout, models.PROTECT, null=True, blank=True, related_name="invoices", verbose_name=_("payout")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=InvoiceKind)
    number = models.CharField(_("number"), max_length=60)
    on_date = models.DateField(_("date"))
    amount_minor = models.BigIntegerField(_("amount with tax (fen)"))
    vat_percent = models.CharField(_("VAT rate"), max_length=10, blank=True)
    vat_minor = models.BigIntegerField(_("VAT in it (fen)"), default=0)
    file = models.FileField(_("file"), upload_to="invoices/%Y/%m", max_length=200)
    file_name = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField(_("checksum"), max_length=64)
    entered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("entered by"))

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "number"], condition=Q(party__isnull=False), name="invoice_number_once_per_party"
            ),
            models.UniqueConstraint(
                fields=["person", "number"], condition=Q(person__isnull=False), name="invoice_number_once_per_person"
            ),
            models.CheckConstraint(
                condition=Q(party__isnull=False, person=None) | Q(party=None, person__isnull=False, payout=None),
                name="invoice_of_one_issuer",
            ),
            models.CheckConstraint(condition=Q(kind__in=InvoiceKind.values), name="invoice_kind_known"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="invoice_above_zero"),
            models.CheckConstraint(
                condition=Q(vat_minor__gte=0, vat_minor__lt=models.F("amount_minor")), name="invoice_vat_within"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number


class Certificate(Stamped, Joint):
    """A paper that proves a payment: the bank's receipt, or the certificate of the tax withheld from it."""

    production_path = "payout__settlement__production"
    contract_path = "payout__settlement__contract__"
    contract_id_path = "payout__settlement__contract"

    studio = models.ForeignKey(Studio, models.PROTECT, related_name="certificates", verbose_name=_("studio"))
    payout = models.ForeignKey(
        Payout, models.PROTECT, null=True, blank=True, related_name="certificates", verbose_name=_("payout")
    )
    wage = models.ForeignKey(
        WagePayment, models.PROTECT, null=True, blank=True, related_name="certificates", verbose_name=_("wage payment")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=CertificateKind)
    number = models.CharField(_("number"), max_length=60)
    file = models.FileField(_("file"), upload_to="certificates/%Y/%m", max_length=200)
    file_name = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField(_("checksum"), max_length=64)
    entered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("entered by"))

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["payout", "kind", "number"], name="certificate_number_once"),
            models.UniqueConstraint(fields=["wage", "kind", "number"], name="certificate_number_once_for_wages"),
            models.CheckConstraint(
                condition=Q(payout__isnull=True, wage__isnull=False) | Q(payout__isnull=False, wage__isnull=True),
                name="certificate_of_a_payout_or_wages",
            ),
            models.CheckConstraint(condition=Q(kind__in=CertificateKind.values), name="certificate_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class TaxDueDay(Scoped):
    """From a date on, the day of the next month by which withheld tax is handed on."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="tax_due_days", verbose_name=_("studio"))
    from_date = models.DateField(_("in force from"))
    day = models.PositiveSmallIntegerField(_("day of the next month"), default=15)

    class Meta:
        verbose_name = _("day for withheld tax")
        verbose_name_plural = _("days for withheld tax")
        ordering = ["studio_id", "-from_date"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "from_date"], name="tax_due_day_date_once"),
            models.CheckConstraint(condition=Q(day__gte=1, day__lte=28), name="tax_due_day_in_every_month"),
        ]

    def __str__(self) -> str:
        return f"{self.from_date}: {self.day}"


class TaxRemittance(Stamped, Scoped):
    """Withheld tax of one month and method, handed to the tax office under its reference."""

    production_path = None

    studio = models.ForeignKey(Studio, models.PROTECT, related_name="tax_remittances", verbose_name=_("studio"))
    period = models.CharField(_("month"), max_length=7)
    method = models.CharField(_("tax"), max_length=20, choices=TaxMethod)
    amount_minor = models.BigIntegerField(_("amount (fen)"))
    reference = models.CharField(_("reference"), max_length=80)
    on_date = models.DateField(_("date"))
    remitted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("handed on by"))

    class Meta:
        verbose_name = _("withheld tax handed on")
        verbose_name_plural = _("withheld tax handed on")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "method", "reference"], name="tax_remittance_reference_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="tax_remittance_above_zero"),
            models.CheckConstraint(condition=~Q(reference=""), name="tax_remittance_has_a_reference"),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.get_method_display()}"


class TaxRemittanceLine(Joint):
    """A payout whose tax is in a remittance: each payout's tax is handed on once."""

    studio_path = "remittance__studio"
    production_path = "payout__settlement__production"
    contract_path = "payout__settlement__contract__"
    contract_id_path = "payout__settlement__contract"

    remittance = models.ForeignKey(
        TaxRemittance, models.PROTECT, related_name="lines", verbose_name=_("withheld tax handed on")
    )
    payout = models.OneToOneField(
        Payout, models.PROTECT, related_name="tax_line", verbose_name=_("payout")
    )  # fmt: skip

    class Meta:
        verbose_name = _("payout of a tax remittance")
        verbose_name_plural = _("payouts of tax remittances")
        ordering = ["remittance_id", "id"]

    def __str__(self) -> str:
        return str(self.payout)
