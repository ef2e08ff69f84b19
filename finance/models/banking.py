"""Accounts of parties, the files banks take, and what banks send back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from finance.banking import masked
from finance.choices import (
    BankAmounts,
    BankEncoding,
    BankField,
    BankFormat,
    BatchState,
    PaymentState,
    ReturnOutcome,
)
from finance.models.contracts import Joint, Party
from finance.models.payouts import Payout
from finance.models.wages import WagePayment
from studio.models import Person, Scoped, Stamped, Studio, User


class BankAccount(Stamped, Scoped):
    """Where a party of contracts, or a person for wages, is paid.

    A change is a new row; the number is kept sealed, its last four digits are shown.
    """

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="bank_accounts", verbose_name=_("studio"))
    party = models.ForeignKey(
        Party, models.CASCADE, null=True, blank=True, related_name="accounts",
        verbose_name=pgettext_lazy("contract", "party"),
    )  # fmt: skip
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="accounts", verbose_name=_("person")
    )
    holder_name = models.CharField(_("account holder"), max_length=120)
    bank_name = models.CharField(_("bank"), max_length=80)
    branch = models.CharField(_("branch"), max_length=120, blank=True)
    bank_code = models.CharField(_("bank code (CNAPS)"), max_length=12, blank=True)
    sealed_number = models.TextField(editable=False)
    last4 = models.CharField(_("last four digits"), max_length=4)
    entered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("entered by"))
    ended_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    class Meta:
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["party"], condition=Q(ended_at=None), name="bank_account_one_in_force"
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at=None), name="bank_account_one_in_force_of_a_person"
            ),
            models.CheckConstraint(
                condition=Q(party__isnull=True, person__isnull=False) | Q(party__isnull=False, person__isnull=True),
                name="bank_account_of_a_party_or_a_person",
            ),
            models.CheckConstraint(condition=~Q(sealed_number=""), name="bank_account_has_a_number"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.bank_name} {self.masked}"

    @property
    def masked(self) -> str:
        return masked(self.last4)


class BankTemplate(Stamped, Scoped):
    """The shape of the file a bank takes, and the words of what it sends back: rows that the studio edits."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="bank_templates", verbose_name=_("studio"))
    name = models.CharField(_("name"), max_length=60)
    format = models.CharField(_("format"), max_length=5, choices=BankFormat, default=BankFormat.CSV)
    encoding = models.CharField(_("encoding"), max_length=8, choices=BankEncoding, default=BankEncoding.UTF8)
    has_heads = models.BooleanField(_("begins with a row of heads"), default=True)
    amounts = models.CharField(_("amounts"), max_length=4, choices=BankAmounts, default=BankAmounts.YUAN)
    paid_words = models.CharField(
        _("words for “paid” in a return"), max_length=200, default="成功,已付款,paid,success", help_text=_("Separated by commas.")
    )  # fmt: skip
    refused_words = models.CharField(
        _("words for “refused” in a return"), max_length=200, default="失败,退汇,未成功,拒绝,failed,refused",
        help_text=_("Separated by commas."),
    )  # fmt: skip
    return_mapping = models.JSONField(_("columns of a return"), default=dict, blank=True)

    class Meta:
        verbose_name = _("bank file template")
        verbose_name_plural = _("bank file templates")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "name"], name="bank_template_name_once"),
            models.CheckConstraint(condition=Q(format__in=BankFormat.values), name="bank_template_format_known"),
            models.CheckConstraint(condition=Q(encoding__in=BankEncoding.values), name="bank_template_encoding_known"),
            models.CheckConstraint(condition=Q(amounts__in=BankAmounts.values), name="bank_template_amounts_known"),
        ]

    def __str__(self) -> str:
        return self.name


class BankColumn(Scoped):
    """A column of a bank's file."""

    studio_path = "template__studio"
    production_path = None

    template = models.ForeignKey(
        BankTemplate, models.CASCADE, related_name="columns", verbose_name=_("bank file template")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    head = models.CharField(_("head"), max_length=60, blank=True)
    field = models.CharField(_("what stands in it"), max_length=10, choices=BankField)
    width = models.PositiveSmallIntegerField(
        _("width (bytes)"), default=0, help_text=_("For lines of fixed width.")
    )  # fmt: skip
    text = models.CharField(_("fixed text"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("column of a bank file")
        verbose_name_plural = _("columns of bank files")
        ordering = ["template_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["template", "position"], name="bank_column_position_once"),
            models.CheckConstraint(condition=Q(field__in=BankField.values), name="bank_column_field_known"),
        ]

    def __str__(self) -> str:
        return self.head or self.get_field_display()


class BankBatch(Stamped, Scoped):
    """Approved payouts and wages gathered for one file. The file is made once and kept sealed: asked again, it is the same bytes."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="bank_batches", verbose_name=_("studio"))
    template = models.ForeignKey(
        BankTemplate, models.PROTECT, related_name="batches", verbose_name=_("bank file template")
    )
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    pay_date = models.DateField(_("to be paid on"))
    state = models.CharField(_("state"), max_length=9, choices=BatchState, default=BatchState.DRAFT)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by"))
    approved_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    exported_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("exported by")
    )
    exported_at = models.DateTimeField(_("exported"), null=True, blank=True)
    file_name = models.CharField(_("file"), max_length=80, blank=True)
    sha256 = models.CharField(_("checksum"), max_length=64, blank=True)
    sealed_file = models.BinaryField(null=True, editable=False)

    class Meta:
        verbose_name = _("bank batch")
        verbose_name_plural = _("bank batches")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BatchState.values), name="bank_batch_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=[BatchState.APPROVED, BatchState.SENT]) | Q(approved_at__isnull=False),
                name="bank_batch_approved_at_once_approved",
            ),
            models.CheckConstraint(
                condition=Q(state=BatchState.SENT, exported_at__isnull=False, sealed_file__isnull=False)
                | (~Q(state=BatchState.SENT) & Q(exported_at=None, sealed_file=None)),
                name="bank_batch_file_iff_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"B{self.pk}"


class BankPayment(Stamped, Joint):
    """A payout or a wage payment in a batch, to the account as it was then. Each is in one open batch at a time."""

    studio_path = "batch__studio"
    production_path = "payout__settlement__production"
    contract_path = "payout__settlement__contract__"
    contract_id_path = "payout__settlement__contract"

    batch = models.ForeignKey(BankBatch, models.PROTECT, related_name="payments", verbose_name=_("bank batch"))
    payout = models.ForeignKey(
        Payout, models.PROTECT, null=True, blank=True, related_name="bank_payments", verbose_name=_("payout")
    )
    wage = models.ForeignKey(
        WagePayment, models.PROTECT, null=True, blank=True, related_name="bank_payments",
        verbose_name=_("wage payment"),
    )  # fmt: skip
    account = models.ForeignKey(
        BankAccount, models.PROTECT, related_name="payments", verbose_name=_("bank account")
    )  # fmt: skip
    amount_minor = models.BigIntegerField(_("amount (fen)"))
    state = models.CharField(_("state"), max_length=8, choices=PaymentState, default=PaymentState.WAITING)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    bank_reference = models.CharField(_("bank reference"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("bank payment")
        verbose_name_plural = _("bank payments")
        ordering = ["batch_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "payout"], name="bank_payment_once_per_batch"),
            models.UniqueConstraint(
                fields=["payout"], name="bank_payment_in_one_open_batch",
                condition=Q(state__in=[PaymentState.WAITING, PaymentState.SENT, PaymentState.PAID]),
            ),
            models.UniqueConstraint(fields=["batch", "wage"], name="bank_payment_wage_once_per_batch"),
            models.UniqueConstraint(
                fields=["wage"], name="bank_payment_wage_in_one_open_batch",
                condition=Q(state__in=[PaymentState.WAITING, PaymentState.SENT, PaymentState.PAID]),
            ),
            models.CheckConstraint(
                condition=Q(payout__isnull=True, wage__isnull=False) | Q(payout__isnull=False, wage__isnull=True),
                name="bank_payment_of_a_payout_or_wages",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="bank_payment_above_zero"),
            models.CheckConstraint(condition=Q(state__in=PaymentState.values), name="bank_payment_state_known"),
            models.CheckConstraint(
                condition=~Q(state=PaymentState.REFUSED) | ~Q(reason=""), name="bank_payment_refused_with_a_reason"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """What the bank writes beside the payment; each attempt has its own."""
        return f"KJ{self.batch_id}W{self.wage_id}" if self.wage_id else f"KJ{self.batch_id}P{self.payout_id}"

    @property
    def payee(self) -> str:
        return self.paid_for.payee

    @property
    def paid_for(self) -> Payout | WagePayment:
        """The payout, or the wages."""
        return self.payout or self.wage  # type: ignore[return-value]


class BankReturn(Stamped, Scoped):
    """A file the bank sent back. The same file again is the same row."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="bank_returns", verbose_name=_("studio"))
    template = models.ForeignKey(
        BankTemplate, models.PROTECT, related_name="returns", verbose_name=_("bank file template")
    )
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("checksum"), max_length=64)
    read_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("read by"))

    class Meta:
        verbose_name = _("bank return")
        verbose_name_plural = _("bank returns")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["studio", "sha256"], name="bank_return_file_once")]

    def __str__(self) -> str:
        return self.file_name


class BankReturnLine(Scoped):
    """A line of a return and what became of it; what a person has to look at is ticked off by one."""

    studio_path = "bank_return__studio"
    production_path = None

    bank_return = models.ForeignKey(BankReturn, models.CASCADE, related_name="lines", verbose_name=_("bank return"))
    row = models.PositiveIntegerField(_("row"))
    reference = models.CharField(_("reference"), max_length=200, blank=True)
    amount_minor = models.BigIntegerField(_("amount (fen)"), null=True, blank=True)
    last4 = models.CharField(_("last four digits"), max_length=4, blank=True)
    state_text = models.CharField(_("state as written"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    bank_reference = models.CharField(_("bank reference"), max_length=200, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=ReturnOutcome)
    params = models.JSONField(_("details"), default=dict, blank=True)
    payment = models.ForeignKey(
        BankPayment, models.PROTECT, null=True, blank=True, related_name="return_lines",
        verbose_name=_("bank payment"),
    )  # fmt: skip
    looked_at = models.DateTimeField(_("looked at"), null=True, blank=True)
    looked_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("looked at by")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("line of a bank return")
        verbose_name_plural = _("lines of bank returns")
        ordering = ["bank_return_id", "row"]
        constraints = [
            models.UniqueConstraint(fields=["bank_return", "row"], name="bank_return_line_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=ReturnOutcome.values), name="bank_return_line_outcome_known"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.bank_return} · {self.row}"

    @property
    def masked(self) -> str:
        return masked(self.last4)
