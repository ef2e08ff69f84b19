"""Budgets: what a title is planned to cost. Amounts are fen (minor units)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from finance.budgeting import MOST_FACTOR, MOST_QUANTITY, Line, write_quantity
from finance.choices import COST_ACCOUNTS, Account, BudgetPer, BudgetSource, BudgetState, BudgetStepKind, BudgetUnit
from scheduling.models import Stripboard
from studio.models import Production, Scoped, Stamped, Studio, User


class BudgetVersion(Stamped, Scoped):
    """What a title is planned to cost, at one time: a draft, or the approved plan in force, or one it superseded.

    Only a draft changes. `revision` goes up with every change. The approvals are noted one by one; any change to the
    lines takes the first one back.
    """

    studio_path = "production__studio"

    # A title is not deleted over its approved budget, as it is not over its ledger.
    production = models.ForeignKey(
        Production, models.PROTECT, related_name="budget_versions", verbose_name=_("production")
    )
    number = models.PositiveIntegerField(_("version"))
    name = models.CharField(_("name"), max_length=80, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=BudgetState, default=BudgetState.DRAFT)
    note = models.CharField(_("note"), max_length=300, blank=True)
    based_on = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("copied from")
    )
    revision = models.BigIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )
    approved_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    second_approved_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("second approval by")
    )
    in_force_at = models.DateTimeField(_("in force since"), null=True, blank=True)
    approved_minor = models.BigIntegerField(_("approved total (fen)"), null=True, blank=True)
    returned_reason = models.CharField(_("why it was not approved"), max_length=300, blank=True)
    returned_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("not approved by")
    )
    returned_at = models.DateTimeField(_("not approved"), null=True, blank=True)
    # The board its cast and set lines were read from, and since when they differ from the title's board.
    board = models.ForeignKey(
        Stripboard, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("stripboard")
    )
    board_version = models.BigIntegerField(null=True, blank=True, editable=False)
    board_read_at = models.DateTimeField(_("board read"), null=True, blank=True)
    board_stale_at = models.DateTimeField(_("board changed"), null=True, blank=True)

    class Meta:
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        ordering = ["production_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["production", "number"], name="budget_number_once"),
            models.UniqueConstraint(
                fields=["production"], condition=Q(state=BudgetState.APPROVED), name="budget_one_in_force"
            ),
            models.CheckConstraint(condition=Q(state__in=BudgetState.values), name="budget_state_known"),
            models.CheckConstraint(
                condition=Q(state=BudgetState.DRAFT, in_force_at=None, approved_minor=None)
                | (
                    ~Q(state=BudgetState.DRAFT)
                    & Q(in_force_at__isnull=False, approved_at__isnull=False, approved_minor__gte=0)
                ),
                name="budget_in_force_at_iff_approved",
            ),
            models.CheckConstraint(
                condition=Q(second_approved_by=None) | ~Q(second_approved_by=F("approved_by")),
                name="budget_two_different_people",
            ),
            models.CheckConstraint(
                condition=Q(returned_at=None, returned_reason="")
                | (Q(returned_at__isnull=False) & ~Q(returned_reason="")),
                name="budget_returned_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(board_stale_at=None) | Q(board_read_at__isnull=False), name="budget_stale_once_read"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.name}" if self.name else f"{self.number}"

    @property
    def is_draft(self) -> bool:
        return self.state == BudgetState.DRAFT


def new_key() -> str:
    return uuid.uuid4().hex


class BudgetLine(Stamped, Scoped):
    """A planned cost: quantity x factor x rate, or a percentage of all lines that are none.

    `key` stays with the line through the versions it is copied to. `amount_minor` is what it comes to, kept so that
    sums are sums; the database holds it to the arithmetic.
    """

    studio_path = "version__production__studio"
    production_path = "version__production"

    version = models.ForeignKey(BudgetVersion, models.CASCADE, related_name="lines", verbose_name=_("budget"))
    key = models.CharField(max_length=32, default=new_key, editable=False)
    position = models.PositiveIntegerField(_("place in the order"), default=0)
    account = models.CharField(_("account"), max_length=20, choices=Account)
    name = models.CharField(_("name"), max_length=120)
    group = models.CharField(_("group"), max_length=60, blank=True)
    quantity_hundredths = models.PositiveIntegerField(_("quantity (hundredths)"), default=100)
    unit = models.CharField(_("unit"), max_length=8, choices=BudgetUnit, default=BudgetUnit.FLAT)
    factor = models.PositiveIntegerField(_("times"), default=1)
    rate_minor = models.BigIntegerField(_("rate (fen)"), default=0)
    percent_bp = models.PositiveIntegerField(_("part of the other lines (1/100 %)"), default=0)
    amount_minor = models.BigIntegerField(_("amount (fen)"), editable=False)
    note = models.CharField(_("note"), max_length=200, blank=True)
    source = models.CharField(
        _("source"), max_length=8, choices=BudgetSource, default=BudgetSource.HAND, editable=False
    )

    # The part it was put in from: which copy of it, and how often it was taken.
    part = models.ForeignKey(
        "BudgetPart", models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name=_("part")
    )
    part_copy = models.PositiveIntegerField(default=0, editable=False)
    part_times = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering = ["version_id", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="budget_line_key_once"),
            models.CheckConstraint(condition=Q(account__in=COST_ACCOUNTS), name="budget_line_on_a_cost_account"),
            models.CheckConstraint(condition=Q(unit__in=BudgetUnit.values), name="budget_line_unit_known"),
            models.CheckConstraint(condition=Q(source__in=BudgetSource.values), name="budget_line_source_known"),
            models.CheckConstraint(
                condition=Q(quantity_hundredths__gte=1, quantity_hundredths__lte=MOST_QUANTITY)
                & Q(factor__gte=1, factor__lte=MOST_FACTOR),
                name="budget_line_quantity_in_range",
            ),
            models.CheckConstraint(
                condition=Q(rate_minor__gte=0, amount_minor__gte=0), name="budget_line_rate_not_negative"
            ),
            models.CheckConstraint(
                condition=(Q(unit=BudgetUnit.PERCENT, rate_minor=0) & Q(percent_bp__gte=1, percent_bp__lte=10_000))
                | (~Q(unit=BudgetUnit.PERCENT) & Q(percent_bp=0)),
                name="budget_line_percent_iff_percentage",
            ),
            models.CheckConstraint(
                condition=Q(part=None, part_copy=0) | Q(part__isnull=False, part_copy__gte=1, part_times__gte=1),
                name="budget_line_copy_iff_of_a_part",
            ),
            # The rate first: it is the widest of the three, and the product is as wide as its first factor.
            models.CheckConstraint(
                condition=Q(unit=BudgetUnit.PERCENT)
                | Q(amount_minor=(F("rate_minor") * F("quantity_hundredths") * F("factor") + Value(50)) / Value(100)),
                name="budget_line_amount_is_reckoned",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def quantity(self) -> str:
        """As it is written: 2.5."""
        return write_quantity(self.quantity_hundredths)

    @property
    def percent(self) -> str:
        return write_quantity(self.percent_bp)

    def as_line(self) -> Line:
        """The plain value that the engine reckons with."""
        return Line(
            account=self.account, name=self.name, unit=self.unit, quantity=self.quantity_hundredths,
            factor=self.factor, rate_minor=self.rate_minor, percent_bp=self.percent_bp, group=self.group,
            note=self.note, key=self.key,
        )  # fmt: skip


class BudgetPart(Stamped, Scoped):
    """A named group of lines of the studio that is put into budgets: a night kit, a drone day, a standard title."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="budget_parts", verbose_name=_("studio"))
    name = models.CharField(_("name"), max_length=60)
    revision = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("budget part")
        verbose_name_plural = _("budget parts")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["studio", "name"], name="budget_part_name_once")]

    def __str__(self) -> str:
        return self.name


class BudgetPartLine(Scoped):
    """A line of a part. Its quantity is for one of what it is counted by; `key` stays when the part is written anew."""

    studio_path = "part__studio"
    production_path = None

    part = models.ForeignKey(BudgetPart, models.CASCADE, related_name="lines", verbose_name=_("budget part"))
    key = models.CharField(max_length=32, default=new_key, editable=False)
    position = models.PositiveIntegerField(_("place in the order"), default=0)
    per = models.CharField(_("counted by"), max_length=8, choices=BudgetPer, default=BudgetPer.TIMES)
    account = models.CharField(_("account"), max_length=20, choices=Account)
    name = models.CharField(_("name"), max_length=120)
    quantity_hundredths = models.PositiveIntegerField(_("quantity (hundredths)"), default=100)
    unit = models.CharField(_("unit"), max_length=8, choices=BudgetUnit, default=BudgetUnit.FLAT)
    factor = models.PositiveIntegerField(_("times"), default=1)
    rate_minor = models.BigIntegerField(_("rate (fen)"), default=0)
    percent_bp = models.PositiveIntegerField(_("part of the other lines (1/100 %)"), default=0)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("line of a budget part")
        verbose_name_plural = _("lines of a budget part")
        ordering = ["part_id", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["part", "key"], name="budget_part_line_key_once"),
            models.CheckConstraint(condition=Q(account__in=COST_ACCOUNTS), name="budget_part_line_on_a_cost_account"),
            models.CheckConstraint(condition=Q(per__in=BudgetPer.values), name="budget_part_line_per_known"),
            models.CheckConstraint(condition=Q(unit__in=BudgetUnit.values), name="budget_part_line_unit_known"),
            models.CheckConstraint(
                condition=Q(quantity_hundredths__gte=1, quantity_hundredths__lte=MOST_QUANTITY)
                & Q(factor__gte=1, factor__lte=MOST_FACTOR, rate_minor__gte=0),
                name="budget_part_line_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def quantity(self) -> str:
        return write_quantity(self.quantity_hundredths)

    @property
    def percent(self) -> str:
        return write_quantity(self.percent_bp)


class BudgetStep(Scoped):
    """One change of a draft: its lines as they stood before. Undo puts them back and takes the step away."""

    studio_path = "version__production__studio"
    production_path = "version__production"

    version = models.ForeignKey(BudgetVersion, models.CASCADE, related_name="steps", verbose_name=_("budget"))
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=10, choices=BudgetStepKind)
    before = models.JSONField(_("lines before"), default=list)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("change of a budget")
        verbose_name_plural = _("changes of a budget")
        ordering = ["version_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="budget_step_number_once"),
            models.CheckConstraint(condition=Q(kind__in=BudgetStepKind.values), name="budget_step_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.get_kind_display()}"


class BudgetShare(Stamped, Scoped):
    """A line of the studio's standard budget: its part of the investment in basis points."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="budget_shares", verbose_name=_("studio"))
    account = models.CharField(_("account"), max_length=20, choices=Account)
    name = models.CharField(_("name"), max_length=120)
    share_bp = models.PositiveIntegerField(_("share (1/100 %)"))

    class Meta:
        verbose_name = _("share of the standard budget")
        verbose_name_plural = _("shares of the standard budget")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "account", "name"], name="budget_share_once"),
            models.CheckConstraint(condition=Q(account__in=COST_ACCOUNTS), name="budget_share_on_a_cost_account"),
            models.CheckConstraint(condition=Q(share_bp__gte=1, share_bp__lte=10_000), name="budget_share_in_range"),
        ]

    def __str__(self) -> str:
        return self.name
