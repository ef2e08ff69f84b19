"""Closed lists of the finance room."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Account(TextChoices):
    """Accounts of the ledger: the trade's cost lines, then what balances them."""

    SCRIPT = "script", pgettext_lazy("account", "Script and IP")
    KEY_CREW = "key_crew", pgettext_lazy("account", "Director and key crew")
    CAST = "cast", pgettext_lazy("account", "Cast")
    CREW = "crew", pgettext_lazy("account", "Crew")
    EQUIPMENT = "equipment", pgettext_lazy("account", "Equipment")
    SETS = "sets", pgettext_lazy("account", "Sets and locations")
    ART = "art", pgettext_lazy("account", "Wardrobe, make-up, props")
    LIVING = "living", pgettext_lazy("account", "Transport, food, lodging")
    POST = "post", pgettext_lazy("account", "Post-production")
    PROMOTION = "promotion", pgettext_lazy("account", "Promotion")
    CONTINGENCY = "contingency", pgettext_lazy("account", "Contingency")
    PAYABLE = "payable", pgettext_lazy("account", "Owed")
    RECEIPTS = "receipts", pgettext_lazy("account", "Receipts")
    RECEIVABLE = "receivable", pgettext_lazy("account", "Receivable")
    SHARES = "shares", pgettext_lazy("account", "Shares of others")
    TAX = "tax", pgettext_lazy("account", "Tax withheld")
    BANK = "bank", pgettext_lazy("account", "Bank")
    ADVANCE = "advance", pgettext_lazy("account", "Cash advanced")


COST_ACCOUNTS = [
    Account.SCRIPT, Account.KEY_CREW, Account.CAST, Account.CREW, Account.EQUIPMENT, Account.SETS, Account.ART,
    Account.LIVING, Account.POST, Account.PROMOTION, Account.CONTINGENCY,
]  # fmt: skip
COST_ACCOUNT_CHOICES = [(account.value, account.label) for account in COST_ACCOUNTS]


class BudgetState(TextChoices):
    DRAFT = "draft", pgettext_lazy("budget", "Draft")
    APPROVED = "approved", pgettext_lazy("budget", "Approved")
    SUPERSEDED = "superseded", pgettext_lazy("budget", "Superseded")


class BudgetUnit(TextChoices):
    """What the quantity of a budget line counts; the codes are those of `finance.budgeting.UNITS`."""

    FLAT = "flat", pgettext_lazy("budget unit", "Flat")
    DAY = "day", pgettext_lazy("budget unit", "Day")
    HOUR = "hour", pgettext_lazy("budget unit", "Hour")
    SCENE = "scene", pgettext_lazy("budget unit", "Scene")
    EPISODE = "episode", pgettext_lazy("budget unit", "Episode")
    MINUTE = "minute", pgettext_lazy("budget unit", "Minute")
    PERSON = "person", pgettext_lazy("budget unit", "Person")
    PIECE = "piece", pgettext_lazy("budget unit", "Piece")
    PERCENT = "percent", pgettext_lazy("budget unit", "% of the rest")


class BudgetSource(TextChoices):
    """Where a budget line comes from."""

    HAND = "hand", pgettext_lazy("budget line", "By hand")
    SHARES = "shares", pgettext_lazy("budget line", "Standard shares")
    BOARD = "board", pgettext_lazy("budget line", "From the board")
    PART = "part", pgettext_lazy("budget line", "From a part")


class BudgetPer(TextChoices):
    """What a line of a part is counted by when it is put into a budget."""

    ONCE = "once", pgettext_lazy("part", "Once")
    TIMES = "times", pgettext_lazy("part", "As often as the part")
    EPISODE = "episode", pgettext_lazy("part", "Per episode")
    DAY = "day", pgettext_lazy("part", "Per shooting day")
    SCENE = "scene", pgettext_lazy("part", "Per scene")


class BudgetStepKind(TextChoices):
    """What a change of a budget was."""

    ADDED = "added", pgettext_lazy("budget change", "Line added")
    CHANGED = "changed", pgettext_lazy("budget change", "Line changed")
    REMOVED = "removed", pgettext_lazy("budget change", "Line removed")
    SHEET = "sheet", pgettext_lazy("budget change", "Sheet saved")
    PASTED = "pasted", pgettext_lazy("budget change", "Rows pasted")
    IMPORTED = "imported", pgettext_lazy("budget change", "File read in")
    LAID_OUT = "laid_out", pgettext_lazy("budget change", "Standard budget laid out")
    BOARD = "board", pgettext_lazy("budget change", "Board taken over")
    PART = "part", pgettext_lazy("budget change", "Part put in")


class PartyKind(TextChoices):
    PERSON = "person", pgettext_lazy("party", "Person")
    COMPANY = "company", pgettext_lazy("party", "Company")
    STUDIO = "studio", pgettext_lazy("party", "The studio itself")


class TaxMethod(TextChoices):
    LABOUR = "labour_single", _("Labour remuneration, per payment")
    AUTHOR = "author", _("Author's remuneration")
    PLATFORM = "platform_cumulative", _("Platform worker, cumulative")
    NONE = "none", _("Company: invoices, nothing withheld")


class CopyrightOwner(TextChoices):
    """Who holds the copyright of what an advance paid for."""

    FUNDER = "funder", pgettext_lazy("copyright", "The funder")
    STUDIO = "studio", pgettext_lazy("copyright", "The studio")
    SHARED = "shared", pgettext_lazy("copyright", "Both, in parts")


class ContractState(TextChoices):
    DRAFT = "draft", pgettext_lazy("contract", "Draft")
    SIGNED = "signed", pgettext_lazy("contract", "Signed")
    ENDED = "ended", pgettext_lazy("contract", "Ended")


class StatementState(TextChoices):
    READY = "ready", pgettext_lazy("statement", "Ready to accept")
    HELD = "held", pgettext_lazy("statement", "Held")
    ACCEPTED = "accepted", pgettext_lazy("statement", "Accepted")
    SETTLED = "settled", pgettext_lazy("statement", "Settled")
    CORRECTED = "corrected", pgettext_lazy("statement", "Corrected")


class FileState(TextChoices):
    COLUMNS = "columns", pgettext_lazy("statement file", "Columns to be named")
    READING = "reading", pgettext_lazy("statement file", "Being read")
    READ = "read", pgettext_lazy("statement file", "Read")
    REFUSED = "refused", pgettext_lazy("statement file", "Cannot be read")


class PartState(TextChoices):
    """What became of a title's lines in a file over many titles."""

    TAKEN = "taken", pgettext_lazy("statement file", "Taken")
    DUPLICATE = "duplicate", pgettext_lazy("statement file", "There already")
    UNKNOWN = "unknown", pgettext_lazy("statement file", "Unknown title")
    LEFT_OUT = "left_out", pgettext_lazy("statement file", "Left out")


class SettlementState(TextChoices):
    DRAFT = "draft", pgettext_lazy("settlement", "Being reviewed")
    ISSUED = "issued", pgettext_lazy("settlement", "Issued")


class RunOutcome(TextChoices):
    """What came of one statement in a month's run; whether its job runs or was given up, the job says."""

    WAITING = "waiting", pgettext_lazy("run", "Being worked out")
    DRAFTED = "drafted", pgettext_lazy("run", "Worked out")
    REFUSED = "refused", pgettext_lazy("run", "Refused")


class RunStanding(TextChoices):
    """Where a title of a month's run stands, told from its row, its job and its settlement."""

    WAITING = "waiting", pgettext_lazy("run", "Waits for a worker")
    RUNNING = "running", pgettext_lazy("run", "Being worked out")
    DRAFT = "draft", pgettext_lazy("run", "To review")
    REVIEWED = "reviewed", pgettext_lazy("run", "Reviewed")
    ISSUED = "issued", pgettext_lazy("run", "Issued")
    REFUSED = "refused", pgettext_lazy("run", "Refused")
    GIVEN_UP = "given_up", pgettext_lazy("run", "Given up")
    GONE = "gone", pgettext_lazy("run", "Draft withdrawn")


class SettlementKind(TextChoices):
    """What a settlement holds: a month's shares, what a correction changes, or another one taken back."""

    REGULAR = "regular", pgettext_lazy("settlement", "Month")
    DIFFERENCE = "difference", pgettext_lazy("settlement", "Difference")
    REVERSAL = "reversal", pgettext_lazy("settlement", "Reversal")


class AllocationSource(TextChoices):
    POOL = "pool", pgettext_lazy("allocation", "Receipts")
    PAYER = "payer", pgettext_lazy("allocation", "Guarantee")


class PayoutState(TextChoices):
    DUE = "due", pgettext_lazy("payout", "Due")
    APPROVED = "approved", pgettext_lazy("payout", "Approved")
    SENT = "sent", pgettext_lazy("payout", "With the bank")
    PAID = "paid", pgettext_lazy("payout", "Paid")
    SET_OFF = "set_off", pgettext_lazy("payout", "Set off")
    CANCELLED = "cancelled", pgettext_lazy("payout", "Cancelled")


# Nothing is to be done about these any more.
PAYOUTS_OVER = [PayoutState.PAID, PayoutState.SET_OFF, PayoutState.CANCELLED]


class TariffKind(TextChoices):
    """What a studio pays by a dated tariff."""

    EXTRA = "extra", pgettext_lazy("tariff", "Extras")
    FEATURED = "featured", pgettext_lazy("tariff", "Featured extras")
    STUNT = "stunt", pgettext_lazy("tariff", "Stunts")
    FORCED_CALL = "forced_call", pgettext_lazy("tariff", "Forced call")
    MEAL_PENALTY = "meal_penalty", pgettext_lazy("tariff", "Meal penalty")
    NIGHT = "night", pgettext_lazy("tariff", "Night supplement")
    WEEKEND = "weekend", pgettext_lazy("tariff", "Weekend supplement")


EXTRAS_TARIFFS = [TariffKind.EXTRA, TariffKind.FEATURED, TariffKind.STUNT]


class BankFormat(TextChoices):
    CSV = "csv", _("CSV")
    XLSX = "xlsx", _("XLSX")
    FIXED = "fixed", _("Lines of fixed width")


class BankEncoding(TextChoices):
    UTF8 = "utf-8", "UTF-8"
    GBK = "gbk", "GBK"
    GB18030 = "gb18030", "GB18030"


class BankAmounts(TextChoices):
    YUAN = "yuan", _("in yuan, such as 12.50")
    FEN = "fen", _("in fen, such as 1250")


class BankField(TextChoices):
    """What may stand in a column of a bank file; as in `finance.banking`."""

    SERIAL = "serial", pgettext_lazy("bank file", "Running number")
    REFERENCE = "reference", pgettext_lazy("bank file", "Our reference")
    HOLDER = "holder", pgettext_lazy("bank file", "Account holder")
    NUMBER = "number", pgettext_lazy("bank file", "Account number")
    BANK = "bank", pgettext_lazy("bank file", "Bank")
    BRANCH = "branch", pgettext_lazy("bank file", "Branch")
    BANK_CODE = "bank_code", pgettext_lazy("bank file", "Bank code (CNAPS)")
    AMOUNT = "amount", pgettext_lazy("bank file", "Amount")
    CURRENCY = "currency", pgettext_lazy("bank file", "Currency")
    PURPOSE = "purpose", pgettext_lazy("bank file", "Purpose")
    DATE = "date", pgettext_lazy("bank file", "Date")
    CONSTANT = "constant", pgettext_lazy("bank file", "A fixed text")


class BatchState(TextChoices):
    DRAFT = "draft", pgettext_lazy("bank batch", "Being gathered")
    APPROVED = "approved", pgettext_lazy("bank batch", "Approved")
    SENT = "sent", pgettext_lazy("bank batch", "With the bank")
    CANCELLED = "cancelled", pgettext_lazy("bank batch", "Cancelled")


class PaymentState(TextChoices):
    """A payout's place in a bank batch. In the first three it holds the payout: no other batch may take it."""

    WAITING = "waiting", pgettext_lazy("bank payment", "In the batch")
    SENT = "sent", pgettext_lazy("bank payment", "With the bank")
    PAID = "paid", pgettext_lazy("bank payment", "Paid")
    REFUSED = "refused", pgettext_lazy("bank payment", "Refused by the bank")
    DROPPED = "dropped", pgettext_lazy("bank payment", "Taken out")


class ReturnOutcome(TextChoices):
    """What became of a line of a bank's return; as in `finance.banking`."""

    PAID = "paid", pgettext_lazy("bank return", "Paid")
    REFUSED = "refused", pgettext_lazy("bank return", "Refused by the bank")
    AMOUNT = "amount_differs", pgettext_lazy("bank return", "Another amount")
    ACCOUNT = "account_differs", pgettext_lazy("bank return", "Another account")
    UNKNOWN = "unknown", pgettext_lazy("bank return", "Not ours")
    UNCLEAR = "unclear", pgettext_lazy("bank return", "Unclear state")
    REPEATED = "repeated", pgettext_lazy("bank return", "Stated twice")
    DONE = "done", pgettext_lazy("bank return", "Noted before")
    CAME_BACK = "came_back", pgettext_lazy("bank return", "Came back")
    PAID_AFTER_ALL = "paid_after_refusal", pgettext_lazy("bank return", "Paid after a refusal")


class DocumentKind(TextChoices):
    """Papers laid out in the investor room."""

    CONTRACT = "contract", pgettext_lazy("room document", "Contract")
    LICENCE = "licence", pgettext_lazy("room document", "Licence")
    STATEMENT = "statement", pgettext_lazy("room document", "Statement")
    FILING = "filing", pgettext_lazy("room document", "Filing")
    CERTIFICATE = "certificate", pgettext_lazy("room document", "Certificate")
    OTHER = "other", pgettext_lazy("room document", "Other")


class SlipState(TextChoices):
    HANDED_IN = "handed_in", pgettext_lazy("petty cash", "Handed in")
    APPROVED = "approved", pgettext_lazy("petty cash", "Approved")
    SENT_BACK = "sent_back", pgettext_lazy("petty cash", "Sent back")


class PurchaseState(TextChoices):
    REQUESTED = "requested", pgettext_lazy("purchase", "Requested")
    APPROVED = "approved", pgettext_lazy("purchase", "Approved")
    RECEIVED = "received", pgettext_lazy("purchase", "Received")
    INVOICED = "invoiced", pgettext_lazy("purchase", "Invoiced")
    PAID = "paid", pgettext_lazy("purchase", "Paid")
    REFUSED = "refused", pgettext_lazy("purchase", "Refused")
    CANCELLED = "cancelled", pgettext_lazy("purchase", "Cancelled")


class InvoiceKind(TextChoices):
    INVOICE = "invoice", pgettext_lazy("invoice", "Invoice of a company")
    NOTE = "note", pgettext_lazy("invoice", "Labour note of a person")


class CertificateKind(TextChoices):
    RECEIPT = "receipt", pgettext_lazy("certificate", "Receipt of the bank")
    TAX = "tax", pgettext_lazy("certificate", "Tax certificate")


class AlarmMeasure(TextChoices):
    """What a studio may set a threshold for."""

    ACCOUNT = "account_over", pgettext_lazy("alarm", "An account spent over its budget (percent)")
    ESTIMATE = "estimate_over", pgettext_lazy("alarm", "Estimate at completion over budget (percent)")
    MARGIN = "margin_below", pgettext_lazy("alarm", "Margin below so much of what is expected (percent)")
    OVERTIME = "overtime_day", pgettext_lazy("alarm", "Overtime of a shoot day, all together (hours)")
    OWED_SCENES = "owed_scenes", pgettext_lazy("alarm", "Scenes owed")
    CASH = "cash_owed", pgettext_lazy("alarm", "Money owed by the title")


class StatementOpening(TextChoices):
    PAGE = "page", pgettext_lazy("payee link", "Page")
    PDF = "pdf", pgettext_lazy("payee link", "PDF")


class TaxTableMethod(TextChoices):
    LABOUR = "labour_single", _("Labour remuneration, per payment")
    AUTHOR = "author", _("Author's remuneration")
    PLATFORM = "platform_cumulative", _("Platform worker, cumulative")
    VAT_SMALL = "vat_small_scale", _("VAT of small-scale taxpayers")
    VAT_GENERAL = "vat_general", _("VAT of general taxpayers")


class VatKind(TextChoices):
    """What VAT a company's price holds; empty where nobody asked yet."""

    SMALL = "company_small_scale", _("Small-scale taxpayer")
    GENERAL = "company_general", _("General taxpayer")
