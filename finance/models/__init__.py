"""Budgets, the ledger, contracts, statements, settlements and payouts. All amounts are fen (minor units)."""

from finance.models.banking import (
    BankAccount,
    BankBatch,
    BankColumn,
    BankPayment,
    BankReturn,
    BankReturnLine,
    BankTemplate,
)
from finance.models.batches import BatchPart, ColumnMapping, PlatformTitle, StatementBatch
from finance.models.budgets import BudgetLine, BudgetPart, BudgetPartLine, BudgetShare, BudgetStep, BudgetVersion
from finance.models.contracts import Contract, ContractParty, ContractTitle, Joint, Party
from finance.models.freezes import Freeze
from finance.models.fundings import Funding, FundingDraw, FundingTerms
from finance.models.ledger import Entry, EntryLine
from finance.models.papers import Certificate, Invoice, TaxDueDay, TaxRemittance, TaxRemittanceLine
from finance.models.payee_links import PayeeBatch, PayeeLink, PayeeLinkOpening
from finance.models.payouts import Debt, Payout, SetOff
from finance.models.periods import ClosedPeriod, ExchangeRate
from finance.models.petty_cash import PettyFloat, PettySlip
from finance.models.promotion import PromotionSpend
from finance.models.purchases import (
    ApprovalLimit,
    PurchaseInvoice,
    PurchaseLine,
    PurchaseOrder,
    PurchaseReceipt,
)
from finance.models.rooms import (
    RoomDocument,
    RoomDocumentOpening,
    RoomDocumentReader,
    RoomDocumentVersion,
    RoomRight,
)
from finance.models.runs import RunTitle, SettlementRun
from finance.models.settlements import Allocation, SettledStatement, Settlement
from finance.models.statements import Statement, StatementLine
from finance.models.tariffs import Tariff
from finance.models.taxes import TaxTable
from finance.models.wages import WageItem, WagePayment
from finance.models.watching import (
    AlarmRule,
    EstimateFigure,
    MarginCause,
    MarginPoint,
    MoneyAlarm,
    ReceiptForecast,
)

__all__ = [
    "AlarmRule",
    "Allocation",
    "ApprovalLimit",
    "BankAccount",
    "BankBatch",
    "BankColumn",
    "BankPayment",
    "BankReturn",
    "BankReturnLine",
    "BankTemplate",
    "BatchPart",
    "BudgetLine",
    "BudgetPart",
    "BudgetPartLine",
    "BudgetShare",
    "BudgetStep",
    "BudgetVersion",
    "Certificate",
    "ClosedPeriod",
    "ColumnMapping",
    "Contract",
    "ContractParty",
    "ContractTitle",
    "Debt",
    "Entry",
    "EntryLine",
    "EstimateFigure",
    "ExchangeRate",
    "Freeze",
    "Funding",
    "FundingDraw",
    "FundingTerms",
    "Invoice",
    "Joint",
    "MarginCause",
    "MarginPoint",
    "MoneyAlarm",
    "Party",
    "PayeeBatch",
    "PayeeLink",
    "PayeeLinkOpening",
    "Payout",
    "PettyFloat",
    "PettySlip",
    "PlatformTitle",
    "PromotionSpend",
    "PurchaseInvoice",
    "PurchaseLine",
    "PurchaseOrder",
    "PurchaseReceipt",
    "ReceiptForecast",
    "RoomDocument",
    "RoomDocumentOpening",
    "RoomDocumentReader",
    "RoomDocumentVersion",
    "RoomRight",
    "RunTitle",
    "SetOff",
    "SettledStatement",
    "Settlement",
    "SettlementRun",
    "Statement",
    "StatementBatch",
    "StatementLine",
    "Tariff",
    "TaxDueDay",
    "TaxRemittance",
    "TaxRemittanceLine",
    "TaxTable",
    "WageItem",
    "WagePayment",
]
