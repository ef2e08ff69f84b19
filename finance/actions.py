"""What changes in the finance room, by subject: ledger, budgets, accruals, contracts, statements, settlements."""

from finance.accruals import (
    accrue_booking,
    accrue_daily_report,
    accrue_post_task,
    record_script_fee,
    take_back_booking,
)
from finance.agreements import contract_in_force
from finance.bank_accounts import set_account
from finance.bank_batches import (
    approve_batch,
    cancel_batch,
    drop_payment,
    export_batch,
    first_template,
    gather_payouts,
)
from finance.bank_returns import look_at_line, read_bank_return, take_back_line
from finance.budget_approval import approve_budget, return_budget
from finance.budget_board import mark_stale_budgets, take_board_over
from finance.budget_lines import (
    add_budget_line,
    edit_budget_line,
    import_lines,
    paste_lines,
    remove_budget_line,
    save_sheet,
)
from finance.budget_parts import insert_part, keep_part, refresh_part, remove_part
from finance.budgets import (
    install_budget_shares,
    make_budget_from_template,
    open_budget,
    remove_budget,
    rename_budget,
    undo_budget_change,
)
from finance.contracts import add_party, draft_contract, sign_contract
from finance.issuing import issue_settlement, reverse_settlement
from finance.ledger import post_cost, reverse_entry
from finance.papers import keep_certificate, remit_tax, take_invoice
from finance.payee_statements import open_payee_link, revoke_payee_link, start_statements
from finance.payouts import approve_payout, approve_payouts, pay_payout, return_payout
from finance.receiving import accept_statement, hold_statement, import_statement
from finance.rooms import (
    add_room_document,
    note_opening,
    replace_room_document,
    set_room_right,
    show_room_document,
    withdraw_room_document,
)
from finance.runs import issue_run, review_titles, start_run, take_back_review, try_again
from finance.settling import run_settlement
from finance.tariffs import set_tariff, take_back_tariff

__all__ = [
    "accept_statement", "accrue_booking", "accrue_daily_report", "accrue_post_task", "add_budget_line", "add_party",
    "add_room_document", "approve_batch", "approve_budget", "approve_payout", "approve_payouts", "cancel_batch",
    "contract_in_force", "draft_contract", "drop_payment", "edit_budget_line", "export_batch", "first_template",
    "gather_payouts", "hold_statement", "import_lines", "import_statement", "insert_part", "install_budget_shares",
    "issue_run", "issue_settlement", "keep_certificate", "keep_part", "look_at_line", "make_budget_from_template",
    "mark_stale_budgets", "note_opening", "open_budget", "open_payee_link", "paste_lines", "pay_payout", "post_cost",
    "read_bank_return", "record_script_fee", "refresh_part", "remit_tax", "remove_budget", "remove_budget_line",
    "remove_part", "rename_budget", "replace_room_document", "return_budget", "return_payout", "reverse_entry",
    "reverse_settlement", "review_titles", "revoke_payee_link", "run_settlement", "save_sheet", "set_account",
    "set_room_right", "set_tariff", "show_room_document", "sign_contract", "start_run", "start_statements",
    "take_back_booking", "take_back_line", "take_back_review", "take_back_tariff", "take_board_over", "take_invoice",
    "try_again", "undo_budget_change", "withdraw_room_document",
]  # fmt: skip
