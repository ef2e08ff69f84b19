"""Admin pages of this room: the ledger and what follows from it is looked at, plans and parties are edited."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from finance import admin_costs, admin_taxes, admin_wages  # noqa: F401 - registers costs, tax tables and wages
from finance.models import (
    Allocation,
    BankAccount,
    BankBatch,
    BankColumn,
    BankPayment,
    BankReturn,
    BankReturnLine,
    BankTemplate,
    BatchPart,
    BudgetLine,
    BudgetPart,
    BudgetPartLine,
    BudgetShare,
    BudgetStep,
    BudgetVersion,
    Certificate,
    ClosedPeriod,
    ColumnMapping,
    Contract,
    ContractTitle,
    Debt,
    Entry,
    EntryLine,
    ExchangeRate,
    Freeze,
    Funding,
    FundingDraw,
    FundingTerms,
    Invoice,
    Party,
    PayeeBatch,
    PayeeLink,
    PayeeLinkOpening,
    Payout,
    PlatformTitle,
    RoomDocument,
    RoomDocumentOpening,
    RoomDocumentReader,
    RoomDocumentVersion,
    RoomRight,
    RunTitle,
    SetOff,
    SettledStatement,
    Settlement,
    SettlementRun,
    Statement,
    StatementBatch,
    TaxDueDay,
    TaxRemittance,
    TaxRemittanceLine,
)
from studio.admin_site import ReadOnlyAdmin, StudioAdmin, StudioInline, add_section
from studio.values import Money


class _LookedAt(StudioInline):
    """Rows of a page that are shown and never changed."""

    view_verb, change_verb = "money.view", None


class EntryLineInline(_LookedAt):
    model = EntryLine
    fields = readonly_fields = ["account", "amount", "person", "note"]

    @display(description=_("amount"))
    def amount(self, row: EntryLine) -> str:
        return str(Money(row.amount_minor, row.currency))


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["on_date", "production", "source", "narrative", "reverses", "posted_by", "posted_at"]
    list_filter = ["on_date"]
    search_fields = ["source", "narrative", "production__title"]
    list_select_related = ["production", "reverses", "posted_by"]
    inlines = [EntryLineInline]


@admin.register(EntryLine)
class EntryLineAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["entry", "account", "amount", "person", "note"]
    list_filter = ["account"]
    search_fields = ["entry__source", "entry__narrative", "person__name"]
    list_select_related = ["entry", "person"]

    @display(description=_("amount"), ordering="amount_minor")
    def amount(self, row: EntryLine) -> str:
        return str(Money(row.amount_minor, row.currency))


class BudgetLineInline(_LookedAt):
    model = BudgetLine
    fields = readonly_fields = ["account", "name", "quantity", "unit", "factor", "rate_minor", "amount_minor"]


# Budgets are changed on their sheet, where every change can be taken back and percentages follow.
@admin.register(BudgetVersion)
class BudgetVersionAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["production", "number", "name", "state", "approved_minor", "in_force_at"]
    list_filter = ["state"]
    search_fields = ["name", "production__title"]
    list_select_related = ["production"]
    inlines = [BudgetLineInline]


@admin.register(BudgetLine)
class BudgetLineAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["version", "account", "name", "quantity", "unit", "factor", "rate_minor", "amount_minor"]
    list_filter = ["account", "unit"]
    search_fields = ["name", "version__production__title"]
    list_select_related = ["version"]


class BudgetPartLineInline(_LookedAt):
    model = BudgetPartLine
    fields = readonly_fields = ["account", "name", "per", "quantity", "unit", "factor", "rate_minor"]


# Parts are kept from budgets, so that they say what somebody really planned.
@admin.register(BudgetPart)
class BudgetPartAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["name", "revision", "updated_at"]
    search_fields = ["name"]
    inlines = [BudgetPartLineInline]


@admin.register(BudgetPartLine)
class BudgetPartLineAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["part", "account", "name", "per", "quantity", "unit", "factor", "rate_minor"]
    list_select_related = ["part"]


@admin.register(BudgetStep)
class BudgetStepAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["version", "number", "kind", "made_by", "made_at"]
    list_select_related = ["version", "made_by"]
    exclude = ["before"]


@admin.register(BudgetShare)
class BudgetShareAdmin(StudioAdmin):
    view_verb, change_verb = "money.view", "money.edit"
    list_display = ["name", "account", "share_bp"]


@admin.register(Party)
class PartyAdmin(StudioAdmin):
    view_verb, change_verb = "money.view", "money.edit"
    list_display = ["name", "code", "kind", "tax_method", "vat_kind", "person", "user"]
    list_filter = ["kind", "tax_method"]
    search_fields = ["name", "code"]
    list_select_related = ["person", "user"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # Signed terms name a party by its code: under another one they would name nobody.
        return ["code"] if obj is not None and obj.named_in.exists() else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.named_in.exists())


class ContractTitleInline(_LookedAt):
    model = ContractTitle
    fields = readonly_fields = ["production"]


@admin.register(Contract)
class ContractAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["production", "platform", "version", "from_date", "state", "signed_at"]
    list_filter = ["state"]
    list_select_related = ["production", "platform"]
    inlines = [ContractTitleInline]


@admin.register(Statement)
class StatementAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["production", "platform", "period", "counted", "state", "file_name", "created_at"]
    list_filter = ["state", "period"]
    search_fields = ["production__title", "file_name"]
    list_select_related = ["production", "platform"]
    exclude = ["file"]

    @display(description=_("total counted"), ordering="counted_minor")
    def counted(self, row: Statement) -> str:
        return str(Money(row.counted_minor, row.currency))


class BatchPartInline(_LookedAt):
    model = BatchPart
    fields = readonly_fields = ["title", "title_id", "production", "statement", "state", "lines", "counted"]

    @display(description=_("total counted"))
    def counted(self, row: BatchPart) -> str:
        return str(Money(row.counted_minor, row.currency))


@admin.register(StatementBatch)
class StatementBatchAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["platform", "period", "file_name", "state", "rows", "created_at"]
    list_filter = ["state", "period"]
    search_fields = ["file_name", "platform__name"]
    list_select_related = ["platform"]
    exclude = ["file"]
    inlines = [BatchPartInline]


@admin.register(ColumnMapping)
class ColumnMappingAdmin(ReadOnlyAdmin):
    """Made on the page, beside the rows it reads."""

    view_verb = "money.view"
    list_display = ["platform", "from_date", "heads", "made_by"]
    list_select_related = ["platform", "made_by"]


@admin.register(ClosedPeriod)
class ClosedPeriodAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["period", "studio", "closed_by", "closed_at", "reopened_by", "reopened_at"]
    list_select_related = ["studio", "closed_by", "reopened_by"]


@admin.register(ExchangeRate)
class ExchangeRateAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["on_date", "base", "quote", "numerator", "denominator", "source", "made_by"]
    list_filter = ["base", "quote"]
    list_select_related = ["made_by"]


@admin.register(PlatformTitle)
class PlatformTitleAdmin(StudioAdmin):
    view_verb, change_verb = "money.view", "money.edit"
    list_display = ["written", "platform", "production", "made_by"]
    search_fields = ["written", "production__title"]
    list_select_related = ["platform", "production", "made_by"]


class AllocationInline(_LookedAt):
    model = Allocation
    fields = readonly_fields = ["party", "term", "period", "kind", "source", "amount_minor"]


class PayoutInline(_LookedAt):
    model = Payout
    fk_name = "settlement"
    fields = readonly_fields = [
        "party", "gross_minor", "set_off_minor", "borne_minor", "tax_minor", "net_minor", "due_date", "state",
    ]  # fmt: skip


class SettledStatementInline(_LookedAt):
    model = SettledStatement
    fields = readonly_fields = ["statement", "sign"]


@admin.register(Settlement)
class SettlementAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["production", "period", "kind", "receipts", "shares", "retained", "state", "issued_at"]
    list_filter = ["kind", "state", "period"]
    search_fields = ["production__title"]
    list_select_related = ["production"]
    inlines = [SettledStatementInline, AllocationInline, PayoutInline]

    @display(description=_("receipts"), ordering="receipts_minor")
    def receipts(self, row: Settlement) -> str:
        return str(Money(row.receipts_minor, row.currency))

    @display(description=_("shares"), ordering="shares_minor")
    def shares(self, row: Settlement) -> str:
        return str(Money(row.shares_minor, row.currency))

    @display(description=_("retained"), ordering="retained_minor")
    def retained(self, row: Settlement) -> str:
        return str(Money(row.retained_minor, row.currency))


class RunTitleInline(_LookedAt):
    model = RunTitle
    fields = readonly_fields = ["statement", "settlement", "outcome", "refusal_code", "reviewed_by", "reviewed_at"]


@admin.register(SettlementRun)
class SettlementRunAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["period", "platform", "started_by", "started_at"]
    list_filter = ["period"]
    list_select_related = ["platform", "started_by"]
    inlines = [RunTitleInline]


@admin.register(RunTitle)
class RunTitleAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["run", "statement", "outcome", "refusal_code", "reviewed_by", "reviewed_at"]
    list_filter = ["outcome", "refusal_code"]
    search_fields = ["statement__production__title"]
    list_select_related = ["run__platform", "statement__platform", "reviewed_by"]


@admin.register(Allocation)
class AllocationAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["settlement", "party", "term", "period", "title", "amount_minor", "source"]
    search_fields = ["party__name", "term"]
    list_select_related = ["settlement__production", "party"]


@admin.register(Payout)
class PayoutAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = [
        "party", "settlement", "gross_minor", "set_off_minor", "borne_minor", "tax_minor", "net_minor", "due_date", "state", "paid_at",
    ]  # fmt: skip
    list_filter = ["state", "due_date"]
    search_fields = ["party__name", "bank_reference"]
    list_select_related = ["settlement__production", "party"]


@admin.register(BankAccount)
class BankAccountAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["party", "person", "holder_name", "bank_name", "masked", "entered_by", "created_at", "ended_at"]
    search_fields = ["party__name", "person__name", "holder_name"]
    list_select_related = ["party", "person", "entered_by"]


class BankColumnInline(StudioInline):
    model = BankColumn
    view_verb, change_verb = "money.view", "money.edit"
    extra = 1


@admin.register(BankTemplate)
class BankTemplateAdmin(StudioAdmin):
    view_verb, change_verb = "money.view", "money.edit"
    list_display = ["name", "format", "encoding", "amounts"]
    inlines = [BankColumnInline]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        in_use = obj is not None and (obj.batches.exists() or obj.returns.exists())
        return super().has_delete_permission(request, obj) and not in_use


class BankPaymentInline(_LookedAt):
    model = BankPayment
    fields = readonly_fields = ["payout", "wage", "account", "amount_minor", "state", "reason", "bank_reference"]


@admin.register(BankBatch)
class BankBatchAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["__str__", "pay_date", "template", "state", "made_by", "approved_by", "exported_at"]
    list_filter = ["state", "pay_date"]
    list_select_related = ["template", "made_by", "approved_by"]
    inlines = [BankPaymentInline]


@admin.register(BankPayment)
class BankPaymentAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["reference", "payout", "wage", "account", "amount_minor", "state", "reason", "bank_reference"]
    list_filter = ["state"]
    search_fields = ["payout__party__name", "wage__person__name", "bank_reference"]
    list_select_related = ["payout__party", "payout__settlement__production", "wage__person", "account", "batch"]


class BankReturnLineInline(_LookedAt):
    model = BankReturnLine
    fields = readonly_fields = ["row", "reference", "amount_minor", "outcome", "reason", "note"]


@admin.register(BankReturn)
class BankReturnAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["file_name", "template", "read_by", "created_at"]
    search_fields = ["file_name"]
    list_select_related = ["template", "read_by"]
    inlines = [BankReturnLineInline]


@admin.register(RoomRight)
class RoomRightAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["party", "production", "sees_progress", "sees_cost", "sees_budget", "clause"]
    search_fields = ["party__name", "production__title"]
    list_select_related = ["party", "production"]


class FundingTermsInline(_LookedAt):
    model = FundingTerms
    view_verb = "funding.view"
    fields = readonly_fields = [
        "version", "from_date", "advance_minor", "recoup_order", "premium_bp", "interest_bp", "copyright_owner", "copyright_bp",
    ]  # fmt: skip


class FundingDrawInline(_LookedAt):
    model = FundingDraw
    view_verb = "funding.view"
    fields = readonly_fields = ["on_date", "amount_minor", "reference", "reverses"]


@admin.register(Funding)
class FundingAdmin(ReadOnlyAdmin):
    view_verb = "funding.view"
    list_display = ["reference", "studio", "production", "network", "fund_name", "party"]
    search_fields = ["reference", "fund_name", "production__title"]
    list_select_related = ["studio", "production", "network", "party"]
    inlines = [FundingTermsInline, FundingDrawInline]


class RoomDocumentVersionInline(_LookedAt):
    model = RoomDocumentVersion
    fields = readonly_fields = ["number", "file_name", "size", "sha256", "added_by", "added_at"]


class RoomDocumentReaderInline(_LookedAt):
    model = RoomDocumentReader
    fields = readonly_fields = ["party"]


@admin.register(RoomDocument)
class RoomDocumentAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["name", "kind", "production", "for_all", "withdrawn_at"]
    list_filter = ["kind"]
    search_fields = ["name", "production__title"]
    list_select_related = ["production"]
    inlines = [RoomDocumentVersionInline, RoomDocumentReaderInline]


@admin.register(RoomDocumentOpening)
class RoomDocumentOpeningAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["version", "user_name", "opened_at"]
    search_fields = ["user_name", "version__document__name"]
    list_select_related = ["version__document"]


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["number", "kind", "production", "party", "person", "on_date", "amount_minor", "vat_minor"]
    list_filter = ["kind", "on_date"]
    search_fields = ["number", "party__name", "person__name"]
    list_select_related = ["production", "party", "person"]
    exclude = ["file"]


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["number", "kind", "payout", "wage", "file_name", "created_at"]
    list_filter = ["kind"]
    search_fields = ["number", "payout__party__name", "wage__person__name"]
    list_select_related = ["payout__party", "payout__settlement__production", "wage__person"]
    exclude = ["file"]


@admin.register(TaxDueDay)
class TaxDueDayAdmin(StudioAdmin):
    view_verb, change_verb = "money.view", "money.edit"
    list_display = ["from_date", "day"]


class TaxRemittanceLineInline(_LookedAt):
    model = TaxRemittanceLine
    fields = readonly_fields = ["payout"]


@admin.register(TaxRemittance)
class TaxRemittanceAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["period", "method", "amount_minor", "reference", "on_date", "remitted_by"]
    list_filter = ["method", "period"]
    search_fields = ["reference"]
    list_select_related = ["remitted_by"]
    inlines = [TaxRemittanceLineInline]


@admin.register(SettledStatement)
class SettledStatementAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["settlement", "statement", "sign"]
    list_select_related = ["settlement__production", "statement__platform"]


@admin.register(Freeze)
class FreezeAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["production", "platform", "takedown", "lifted_at", "lifted_by", "lift_reason"]
    list_select_related = ["production", "platform", "takedown", "lifted_by"]


@admin.register(Debt)
class DebtAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["party", "settlement", "amount", "left", "lapsed_with"]
    search_fields = ["party__name"]
    list_select_related = [
        "settlement__production",
        "party",
        "lapsed_with__party",
        "lapsed_with__settlement__production",
    ]

    @display(description=_("amount"), ordering="amount_minor")
    def amount(self, row: Debt) -> str:
        return str(Money(row.amount_minor, row.settlement.currency))

    @display(description=_("still owed"), ordering="left_minor")
    def left(self, row: Debt) -> str:
        return str(Money(row.left_minor, row.settlement.currency))


@admin.register(SetOff)
class SetOffAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["payout", "debt", "amount_minor"]
    list_select_related = [
        "payout__party",
        "payout__settlement__production",
        "debt__party",
        "debt__settlement__production",
    ]


class PayeeLinkInline(_LookedAt):
    model = PayeeLink
    fields = readonly_fields = ["party", "language", "expires_at", "revoked_at"]


@admin.register(PayeeBatch)
class PayeeBatchAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["period", "settlement", "made_by", "ready_at", "papers_count"]
    list_filter = ["period"]
    list_select_related = ["settlement__production", "made_by"]
    exclude = ["file"]
    inlines = [PayeeLinkInline]


@admin.register(PayeeLinkOpening)
class PayeeLinkOpeningAdmin(ReadOnlyAdmin):
    view_verb = "money.view"
    list_display = ["link", "opened_at", "kind", "agent", "network"]
    list_filter = ["kind"]
    list_select_related = ["link__party", "link__batch"]


add_section(
    _("Money"),
    [
        ("finance.BudgetVersion", "savings"),
        ("finance.BudgetLine", "list"),
        ("finance.BudgetStep", "undo"),
        ("finance.BudgetPart", "extension"),
        ("finance.BudgetPartLine", "list"),
        ("finance.BudgetShare", "percent"),
        ("finance.Party", "group"),
        ("finance.Contract", "contract"),
        ("finance.Statement", "receipt_long"),
        ("finance.StatementBatch", "upload_file"),
        ("finance.ColumnMapping", "view_column"),
        ("finance.PlatformTitle", "label"),
        ("finance.ClosedPeriod", "lock"),
        ("finance.ExchangeRate", "currency_exchange"),
        ("finance.Settlement", "balance"),
        ("finance.SettlementRun", "event_repeat"),
        ("finance.RunTitle", "checklist"),
        ("finance.SettledStatement", "fact_check"),
        ("finance.Allocation", "call_split"),
        ("finance.Payout", "payments"),
        ("finance.BankAccount", "account_balance"),
        ("finance.BankTemplate", "view_column"),
        ("finance.BankBatch", "outbox"),
        ("finance.BankPayment", "send_money"),
        ("finance.BankReturn", "move_to_inbox"),
        ("finance.RoomRight", "visibility"),
        ("finance.Funding", "handshake"),
        ("finance.RoomDocument", "folder_shared"),
        ("finance.RoomDocumentOpening", "history"),
        ("finance.Invoice", "receipt"),
        ("finance.Certificate", "verified"),
        ("finance.TaxRemittance", "assured_workload"),
        ("finance.TaxDueDay", "event"),
        ("finance.Freeze", "ac_unit"),
        ("finance.Debt", "assignment_late"),
        ("finance.SetOff", "compare_arrows"),
        ("finance.PayeeBatch", "forward_to_inbox"),
        ("finance.PayeeLinkOpening", "visibility"),
        ("finance.Entry", "menu_book"),
        ("finance.EntryLine", "list_alt"),
        ("finance.Tariff", "sell"),
        ("finance.PromotionSpend", "campaign"),
        ("finance.PettySlip", "receipt"),
        ("finance.PettyFloat", "wallet"),
        ("finance.TaxTable", "percent"),
        ("finance.ApprovalLimit", "verified_user"),
        ("finance.PurchaseOrder", "shopping_cart"),
        ("finance.PurchaseInvoice", "request_quote"),
    ],
)
