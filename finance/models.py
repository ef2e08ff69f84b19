"""Budgets, the ledger, contracts, statements, settlements and payouts. All amounts are fen (minor units)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from delivery.models import Platform
from finance.choices import (
    COST_ACCOUNTS,
    Account,
    AllocationSource,
    ContractState,
    PartyKind,
    PayoutState,
    SettlementState,
    StatementState,
    TaxMethod,
)
from studio.models import AppendOnly, Person, Production, Scoped, Stamped, Studio, User


class BudgetLine(Stamped, Scoped):
    """A planned cost: quantity x rate."""

    studio_path = "production__studio"

    production = models.ForeignKey(
        Production, models.CASCADE, related_name="budget_lines", verbose_name=_("production")
    )
    account = models.CharField(_("account"), max_length=20, choices=Account)
    name = models.CharField(_("name"), max_length=120)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    rate_minor = models.BigIntegerField(_("rate (fen)"))

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering = ["production_id", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(account__in=COST_ACCOUNTS), name="budget_line_on_a_cost_account"),
            models.CheckConstraint(condition=Q(rate_minor__gte=0), name="budget_line_rate_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def amount_minor(self) -> int:
        return self.quantity * self.rate_minor


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


class Entry(AppendOnly, Scoped):
    """A ledger entry: lines that sum to zero, from a named source, once. Reversed by another entry, never edited."""

    studio_path = "production__studio"

    production = models.ForeignKey(Production, models.PROTECT, related_name="entries", verbose_name=_("production"))
    source = models.CharField(_("source"), max_length=120)
    on_date = models.DateField(_("date"))
    narrative = models.CharField(_("what for"), max_length=200)
    params = models.JSONField(_("details"), default=dict)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name=_("reverses")
    )
    # Not SET_NULL: the ledger refuses every UPDATE, also the one that forgets who posted.
    posted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("posted by"))
    posted_at = models.DateTimeField(_("posted"), auto_now_add=True)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["-id"]
        # Accruing the same report, booking or task twice changes nothing.
        constraints = [models.UniqueConstraint(fields=["production", "source"], name="entry_once_per_source")]

    def __str__(self) -> str:
        return f"{self.on_date} {self.source}"


class EntryLine(AppendOnly, Scoped):
    """One side of an entry: debit positive, credit negative."""

    studio_path = "entry__production__studio"
    production_path = "entry__production"

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="lines", verbose_name=_("ledger entry"))
    account = models.CharField(_("account"), max_length=20, choices=Account)
    amount_minor = models.BigIntegerField(_("amount (fen)"))
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("ledger line")
        verbose_name_plural = _("ledger lines")
        ordering = ["entry_id", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount_minor=0), name="entry_line_not_zero"),
            models.CheckConstraint(condition=Q(account__in=Account.values), name="entry_line_account_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_account_display()} · {self.entry}"


class Party(Stamped, Scoped):
    """Somebody a contract names: a person or a company."""

    production_path = None

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="parties", verbose_name=_("studio"))
    code = models.SlugField(_("code"))
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=PartyKind)
    tax_method = models.CharField(_("tax"), max_length=20, choices=TaxMethod, default=TaxMethod.LABOUR)
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
        ]

    def __str__(self) -> str:
        return self.name


class Contract(Stamped, Scoped):
    """How receipts of a title from a platform are shared; `terms` is the JSON of `finance.settlement`.

    A change is a new version with its own date; a past month settles under the version then in force.
    """

    studio_path = "production__studio"

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


class ContractParty(Scoped):
    """A party that a contract's terms name; kept as a row so that a party in use cannot be deleted."""

    studio_path = "contract__production__studio"
    production_path = "contract__production"

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


class Statement(Stamped, Scoped):
    """A platform's monthly statement as it came; the same file is taken once."""

    studio_path = "platform__studio"
    production_path = "production"

    platform = models.ForeignKey(Platform, models.PROTECT, related_name="statements", verbose_name=_("platform"))
    production = models.ForeignKey(Production, models.PROTECT, related_name="statements", verbose_name=_("production"))
    period = models.CharField(_("month"), max_length=7)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    file = models.FileField(_("statement file"), upload_to="statements/%Y/%m", max_length=200)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("checksum"), max_length=64)
    declared_minor = models.BigIntegerField(_("total stated (fen)"), null=True, blank=True)
    counted_minor = models.BigIntegerField(_("total counted (fen)"), default=0)
    findings = models.JSONField(_("findings"), default=list, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=StatementState, default=StatementState.HELD)
    imported_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("imported by"))
    accepted_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("accepted by")
    )
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["production", "platform", "sha256"], name="statement_file_once"),
            models.UniqueConstraint(
                fields=["production", "platform", "period"],
                condition=Q(state__in=[StatementState.ACCEPTED, StatementState.SETTLED]),
                name="statement_one_in_force_per_month",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[StatementState.HELD, StatementState.READY], accepted_at=None)
                | Q(state__in=[StatementState.ACCEPTED, StatementState.SETTLED], accepted_at__isnull=False),
                name="statement_accepted_at_iff_accepted",
            ),
            models.CheckConstraint(condition=Q(state__in=StatementState.values), name="statement_state_known"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.platform} {self.period}"


class StatementLine(Scoped):
    """A line of a statement."""

    studio_path = "statement__platform__studio"
    production_path = "statement__production"

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="lines", verbose_name=_("statement"))
    row = models.PositiveIntegerField(_("row"))
    episode_number = models.PositiveIntegerField(_("episode"), null=True, blank=True)
    kind = models.CharField(_("kind of revenue"), max_length=60, default="share")
    amount_minor = models.BigIntegerField(_("amount (fen)"))
    text = models.CharField(_("as written"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("statement line")
        verbose_name_plural = _("statement lines")
        ordering = ["statement_id", "row"]
        constraints = [models.UniqueConstraint(fields=["statement", "row"], name="statement_line_once")]

    def __str__(self) -> str:
        return f"{self.statement} · {self.row}"


class Settlement(Stamped, Scoped):
    """A title's receipts of a month shared out under its contract. Issued ones are frozen."""

    studio_path = "production__studio"

    production = models.ForeignKey(Production, models.PROTECT, related_name="settlements", verbose_name=_("production"))
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="settlements", verbose_name=_("contract"))
    statement = models.OneToOneField(Statement, models.PROTECT, related_name="settlement", verbose_name=_("statement"))
    period = models.CharField(_("month"), max_length=7)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    receipts_minor = models.BigIntegerField(_("receipts (fen)"))
    shares_minor = models.BigIntegerField(_("shares (fen)"))
    retained_minor = models.BigIntegerField(_("retained (fen)"))
    state = models.CharField(_("state"), max_length=8, choices=SettlementState, default=SettlementState.DRAFT)
    issued_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("issued by")
    )
    issued_at = models.DateTimeField(_("issued"), null=True, blank=True)

    class Meta:
        verbose_name = _("settlement")
        verbose_name_plural = _("settlements")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(receipts_minor=models.F("shares_minor") + models.F("retained_minor")),
                name="settlement_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(state=SettlementState.ISSUED, issued_at__isnull=False)
                | Q(state=SettlementState.DRAFT, issued_at=None),
                name="settlement_issued_at_iff_issued",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.production} {self.period}"


class Allocation(AppendOnly, Scoped):
    """A part of a settlement: which clause gives which party how much.

    `source` is `pool` for a part of the receipts, `payer` for money somebody pays ahead under a guarantee, as in
    `finance.settlement`.
    """

    studio_path = "settlement__production__studio"
    production_path = "settlement__production"

    settlement = models.ForeignKey(Settlement, models.CASCADE, related_name="allocations", verbose_name=_("settlement"))
    party = models.ForeignKey(Party, models.PROTECT, related_name="allocations", verbose_name=_("party"))
    term = models.CharField(_("clause"), max_length=200)
    clause = models.CharField(_("place in the paper"), max_length=200, blank=True)
    period = models.CharField(_("month"), max_length=7)
    kind = models.CharField(_("kind of revenue"), max_length=60, blank=True)
    source = models.CharField(_("paid out of"), max_length=5, choices=AllocationSource, default=AllocationSource.POOL)
    amount_minor = models.BigIntegerField(_("amount (fen)"))
    explanation = models.JSONField(_("explanation"), default=dict)

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ["settlement_id", "id"]

    def __str__(self) -> str:
        return f"{self.party} · {self.settlement}"


class Payout(Stamped, Scoped):
    """What a party is paid from a settlement, with the tax withheld from it."""

    studio_path = "settlement__production__studio"
    production_path = "settlement__production"

    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="payouts", verbose_name=_("settlement"))
    party = models.ForeignKey(Party, models.PROTECT, related_name="payouts", verbose_name=_("party"))
    gross_minor = models.BigIntegerField(_("before tax (fen)"))
    tax_minor = models.BigIntegerField(_("tax (fen)"))
    net_minor = models.BigIntegerField(_("to pay (fen)"))
    tax_steps = models.JSONField(_("how the tax was worked out"), default=list)
    due_date = models.DateField(_("due"))
    state = models.CharField(_("state"), max_length=10, choices=PayoutState, default=PayoutState.DUE)
    approved_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    second_approved_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("second approval by")
    )
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)
    bank_reference = models.CharField(_("bank reference"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["settlement", "party"], name="payout_once_per_party"),
            models.CheckConstraint(
                condition=Q(gross_minor=models.F("net_minor") + models.F("tax_minor")), name="payout_adds_up"
            ),
            models.CheckConstraint(condition=Q(tax_minor__gte=0, net_minor__gte=0), name="payout_not_negative"),
            models.CheckConstraint(condition=Q(state__in=PayoutState.values), name="payout_state_known"),
            models.CheckConstraint(
                condition=~Q(state=PayoutState.PAID) | Q(paid_at__isnull=False), name="payout_paid_at_once_paid"
            ),
            models.CheckConstraint(
                condition=Q(second_approved_by=None) | ~Q(second_approved_by=models.F("approved_by")),
                name="payout_two_different_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party} · {self.settlement}"
