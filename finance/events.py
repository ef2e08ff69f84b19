"""Facts of the finance room."""

from __future__ import annotations

import dataclasses

from studio.facts import Fact


@dataclasses.dataclass(frozen=True, kw_only=True)
class BudgetChanged(Fact):
    """Lines of a draft were added, edited or removed; `total_minor` is what that version comes to after it."""

    version_id: int | None = None
    total_minor: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class BudgetApproved(Fact):
    """One more person approved a budget; `complete` when it is in force."""

    subject_kind = "finance.budgetversion"

    budgetversion_id: int
    number: int
    total_minor: int
    complete: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class BudgetReturned(Fact):
    """A draft was not approved, for a reason."""

    subject_kind = "finance.budgetversion"

    budgetversion_id: int
    number: int
    reason: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class CostPosted(Fact):
    subject_kind = "finance.entry"

    entry_id: int
    account: str
    amount_minor: int
    source: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class EntryReversed(Fact):
    subject_kind = "finance.entry"

    entry_id: int
    reversal_id: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class ContractDrafted(Fact):
    subject_kind = "finance.contract"

    contract_id: int
    version: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class ContractSigned(Fact):
    subject_kind = "finance.contract"

    contract_id: int
    version: int
    from_date: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class StatementImported(Fact):
    subject_kind = "finance.statement"

    statement_id: int
    period: str
    state: str
    counted_minor: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class StatementFileRead(Fact):
    """A file over many titles was read; how many of its titles were taken, held, there already, unknown."""

    subject_kind = "finance.batch"

    batch_id: int
    period: str
    taken: int
    held: int
    duplicate: int
    unknown: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class ColumnsNamed(Fact):
    """A person said how a platform's files of one shape are read, from a date on."""

    subject_kind = "finance.batch"

    batch_id: int
    mapping_id: int
    from_date: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlatformTitleNamed(Fact):
    """A person said which title a platform means."""

    platform_id: int
    written: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PeriodClosed(Fact):
    """Nothing of this month moves any longer; `reason` where work was left open."""

    subject_kind = "finance.closed_period"

    closed_period_id: int
    period: str
    reason: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ExchangeRateNoted(Fact):
    subject_kind = "finance.exchange_rate"

    exchange_rate_id: int
    base: str
    quote: str
    on_date: str
    rate: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PeriodReopened(Fact):
    subject_kind = "finance.closed_period"

    closed_period_id: int
    period: str
    reason: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class StatementAccepted(Fact):
    subject_kind = "finance.statement"

    statement_id: int
    period: str
    counted_minor: int
    reason: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class StatementCorrected(Fact):
    """A settled statement gave way to another one of its month."""

    subject_kind = "finance.statement"

    statement_id: int
    corrected_by_id: int
    period: str
    before_minor: int
    counted_minor: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class StatementHeld(Fact):
    subject_kind = "finance.statement"

    statement_id: int
    period: str
    reason: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class SettlementDrafted(Fact):
    subject_kind = "finance.settlement"

    settlement_id: int
    period: str
    receipts_minor: int
    shares_minor: int
    retained_minor: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class SettlementIssued(Fact):
    subject_kind = "finance.settlement"

    settlement_id: int
    period: str
    receipts_minor: int
    shares_minor: int
    retained_minor: int
    kind: str = "regular"


@dataclasses.dataclass(frozen=True, kw_only=True)
class SettlementReversed(Fact):
    """An issued settlement was taken back by another one."""

    subject_kind = "finance.settlement"

    settlement_id: int
    reversal_id: int
    period: str
    reason: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunStarted(Fact):
    """A month's accepted statements are being settled, so many of them."""

    subject_kind = "finance.run"

    run_id: int
    period: str
    titles: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunReviewed(Fact):
    """Somebody marked so many drafts of a run as reviewed."""

    subject_kind = "finance.run"

    run_id: int
    titles: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunIssued(Fact):
    """The reviewed drafts of a run were issued, but for those refused."""

    subject_kind = "finance.run"

    run_id: int
    issued: int
    refused: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class PayoutApproved(Fact):
    """One more person approved; `complete` when it may be paid."""

    subject_kind = "finance.payout"

    payout_id: int
    complete: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class PayoutPaid(Fact):
    subject_kind = "finance.payout"

    payout_id: int
    net_minor: int
    bank_reference: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class TariffSet(Fact):
    """A tariff was entered, changed or taken back; `before` and `after` are its values, empty where there is none."""

    subject_kind = "finance.tariff"

    tariff_id: int
    kind: str
    before: dict[str, object]
    after: dict[str, object]


@dataclasses.dataclass(frozen=True, kw_only=True)
class PayoutReturned(Fact):
    """A payout that the bank refused, or sent back after it was paid, is due again.

    One of a settlement that was reversed since is cancelled with the debt that the reversal left, or reduced by what is
    left of that debt: `debt_minor`.
    """

    subject_kind = "finance.payout"

    payout_id: int
    reason: str
    was_paid: bool
    cancelled: bool = False
    debt_minor: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class BankAccountChanged(Fact):
    """A party, or a person for wages, is paid elsewhere from now on; of the number only the last digits are told."""

    subject_kind = "finance.party"

    party_id: int | None
    last4: str
    before_last4: str
    approvals_taken_back: int
    person_id: int | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class BankBatchGathered(Fact):
    subject_kind = "finance.bank_batch"

    bank_batch_id: int
    payments: int
    total_minor: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class BankBatchApproved(Fact):
    subject_kind = "finance.bank_batch"

    bank_batch_id: int
    total_minor: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class BankBatchCancelled(Fact):
    subject_kind = "finance.bank_batch"

    bank_batch_id: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class BankFileExported(Fact):
    subject_kind = "finance.bank_batch"

    bank_batch_id: int
    payments: int
    total_minor: int
    sha256: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class BankReturnRead(Fact):
    subject_kind = "finance.bank_return"

    bank_return_id: int
    paid: int
    refused: int
    open: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class FloatGiven(Fact):
    """Petty cash was handed to somebody, or handed back (below zero)."""

    subject_kind = "finance.float"

    float_id: int
    holder_id: int
    amount_minor: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class SlipMoved(Fact):
    """A petty cash slip was handed in, approved or sent back."""

    subject_kind = "finance.slip"

    slip_id: int
    state: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PromotionStated(Fact):
    """Days of promotion spend were taken into the ledger, or corrected there."""

    platform: str
    new: int
    changed: int
    same: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class PurchaseMoved(Fact):
    """A purchase order was requested, approved, refused, received, invoiced, paid or cancelled."""

    subject_kind = "finance.order"

    order_id: int
    state: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class SupplierPaymentTakenBack(Fact):
    """A supplier's payment came back or was noted by mistake: the invoice is to be paid again."""

    subject_kind = "finance.order"

    order_id: int
    invoice_id: int
    amount_minor: int
    reason: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class InvoiceTaken(Fact):
    """A payee's invoice or labour note was entered."""

    subject_kind = "finance.invoice"

    invoice_id: int
    payout_id: int | None
    number: str
    amount_minor: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class CertificateKept(Fact):
    subject_kind = "finance.payout"

    payout_id: int | None
    kind: str
    number: str
    wage_payment_id: int | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class TaxRemitted(Fact):
    """Withheld tax of a month was handed to the tax office."""

    subject_kind = "finance.tax_remittance"

    tax_remittance_id: int
    period: str
    method: str
    amount_minor: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class PayoutsFrozen(Fact):
    """A platform took the title down: what its contract pays waits."""

    subject_kind = "finance.freeze"

    freeze_id: int
    platform_code: str
    reason: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class FreezeLifted(Fact):
    subject_kind = "finance.freeze"

    freeze_id: int
    reason: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PayeeStatementsMade(Fact):
    """Statements and links of a month's payees are ready."""

    subject_kind = "finance.payee_batch"

    payee_batch_id: int
    period: str
    payees: int
    papers: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class PayeeLinkOpened(Fact):
    """A payee opened their link for the first time."""

    subject_kind = "finance.payee_link"

    payee_link_id: int
    party_id: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class PayeeLinkRevoked(Fact):
    subject_kind = "finance.payee_link"

    payee_link_id: int
    party_id: int
