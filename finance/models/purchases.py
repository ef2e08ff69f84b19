"""Purchase orders: what is asked for, allowed, delivered, billed and paid. Amounts are fen."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from finance.choices import COST_ACCOUNT_CHOICES, COST_ACCOUNTS, Account, PurchaseState
from finance.models.contracts import Party
from scheduling.models import ShootDay
from scripts_app.models import Scene
from studio.choices import Role
from studio.models import AppendOnly, Production, Scoped, Stamped, Studio, User

_APPROVED = [PurchaseState.APPROVED, PurchaseState.RECEIVED, PurchaseState.INVOICED, PurchaseState.PAID]


class ApprovalLimit(Stamped, Scoped):
    """What a role may approve by itself; a role without a row has no limit of its own."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="approval_limits", verbose_name=_("studio"))
    role = models.CharField(_("role"), max_length=30, choices=Role)
    most_minor = models.BigIntegerField(_("approves up to (fen)"))

    class Meta:
        verbose_name = _("approval limit")
        verbose_name_plural = _("approval limits")
        ordering = ["studio", "role"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "role"], name="approval_limit_once_per_role"),
            models.CheckConstraint(condition=Q(most_minor__gte=0), name="approval_limit_not_negative"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="approval_limit_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.most_minor}"


class PurchaseOrder(Stamped, Scoped):
    """One order to a supplier. `number` counts within the title; `version` moves with every step."""

    studio_path = "production__studio"

    production = models.ForeignKey(Production, models.PROTECT, related_name="purchases", verbose_name=_("production"))
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("what for"), max_length=120)
    account = models.CharField(_("account"), max_length=20, choices=COST_ACCOUNT_CHOICES)
    supplier = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="purchases", verbose_name=_("supplier")
    )
    supplier_name = models.CharField(_("supplier by name"), max_length=120, blank=True)
    expected_date = models.DateField(_("expected"), null=True, blank=True)
    scene = models.ForeignKey(
        Scene, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("scene")
    )  # fmt: skip
    shoot_day = models.ForeignKey(
        ShootDay, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("shoot day")
    )
    needed_for = models.CharField(_("needed for"), max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=PurchaseState, default=PurchaseState.REQUESTED)
    version = models.BigIntegerField(default=1, editable=False)
    requested_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("requested by"))
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    second_approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("also approved by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("purchase order")
        verbose_name_plural = _("purchase orders")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["production", "number"], name="purchase_order_number_once"),
            models.CheckConstraint(condition=Q(state__in=PurchaseState.values), name="purchase_order_state_known"),
            models.CheckConstraint(
                condition=Q(account__in=[str(a.value) for a in COST_ACCOUNTS]), name="purchase_order_account_is_a_cost"
            ),
            models.CheckConstraint(
                condition=Q(supplier__isnull=False) | ~Q(supplier_name=""), name="purchase_order_has_a_supplier"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_APPROVED) | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="purchase_order_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(second_approved_by=None) | ~Q(second_approved_by=models.F("approved_by")),
                name="purchase_order_two_are_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PurchaseState.REFUSED, PurchaseState.CANCELLED]) | ~Q(reason=""),
                name="purchase_order_ended_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.production.code}-{self.number} {self.title}"

    @property
    def payee(self) -> str:
        return self.supplier.name if self.supplier is not None else self.supplier_name

    @property
    def account_label(self) -> str:
        return str(Account(self.account).label)


class PurchaseLine(Scoped):
    studio_path = "order__production__studio"
    production_path = "order__production"

    order = models.ForeignKey(PurchaseOrder, models.CASCADE, related_name="lines", verbose_name=_("purchase order"))
    position = models.PositiveSmallIntegerField(_("place in the order"))
    name = models.CharField(_("name"), max_length=120)
    quantity = models.PositiveIntegerField(_("quantity"))
    rate_minor = models.BigIntegerField(_("price each (fen)"))

    class Meta:
        verbose_name = _("line of a purchase order")
        verbose_name_plural = _("lines of purchase orders")
        ordering = ["order_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="purchase_line_one_per_place"),
            models.CheckConstraint(condition=Q(quantity__gt=0, rate_minor__gt=0), name="purchase_line_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.name} × {self.quantity}"

    @property
    def amount_minor(self) -> int:
        return self.quantity * self.rate_minor


class PurchaseReceipt(AppendOnly, Scoped):
    """Goods that came; below zero those that were sent back."""

    studio_path = "line__order__production__studio"
    production_path = "line__order__production"

    line = models.ForeignKey(PurchaseLine, models.PROTECT, related_name="receipts", verbose_name=_("line"))
    quantity = models.IntegerField(_("quantity"))
    on_date = models.DateField(_("date"))
    noted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("noted by"))
    noted_at = models.DateTimeField(_("noted"), auto_now_add=True)

    class Meta:
        verbose_name = _("goods received")
        verbose_name_plural = _("goods received")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(quantity=0), name="purchase_receipt_of_something")]

    def __str__(self) -> str:
        return f"{self.line} · {self.quantity}"


class PurchaseInvoice(Stamped, Scoped):
    """A supplier's invoice for an order. The last one settles what the order cost."""

    studio_path = "order__production__studio"
    production_path = "order__production"

    order = models.ForeignKey(PurchaseOrder, models.PROTECT, related_name="invoices", verbose_name=_("purchase order"))
    reference = models.CharField(_("number of the invoice"), max_length=80)
    on_date = models.DateField(_("date"))
    amount_minor = models.BigIntegerField(_("amount (fen)"))
    final = models.BooleanField(_("the last one"), default=True)
    noted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("noted by"))
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)
    bank_reference = models.CharField(_("bank reference"), max_length=80, blank=True)
    refusal = models.CharField(_("why it came back"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("supplier's invoice")
        verbose_name_plural = _("suppliers' invoices")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "reference"], name="purchase_invoice_once"),
            models.UniqueConstraint(
                fields=["order"], condition=Q(final=True), name="purchase_invoice_one_is_the_last"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="purchase_invoice_positive"),
            models.CheckConstraint(
                condition=Q(paid_at=None, bank_reference="") | (Q(paid_at__isnull=False) & ~Q(bank_reference="")),
                name="purchase_invoice_paid_by_a_reference",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.reference} · {self.order}"
