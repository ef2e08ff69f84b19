"""Questions about money. Amounts are fen of the studio's currency unless a currency stands beside them."""

from finance.books import check_books
from finance.queries.batches import batches_for, parts_of
from finance.queries.budgets import (
    budget_in_force,
    budget_total,
    budget_versions,
    budgets_in_force,
    last_step,
    sheet_of,
    title_figures,
)
from finance.queries.costs import CostReport, CostRow, Owed, cost_report, ledger_balance, owed_to
from finance.queries.glance import Glance, glances, money_at_a_glance
from finance.queries.investors import (
    Investment,
    SharePayment,
    investment_of,
    investment_view,
    pools_of,
    totals_of,
)
from finance.queries.lists import ledger_lines, payouts_for
from finance.queries.rooms import documents_of, numbers_held, versions_for

__all__ = [
    "CostReport", "CostRow", "Glance", "Investment", "Owed", "SharePayment", "batches_for", "budget_in_force",
    "budget_total", "budget_versions", "budgets_in_force", "check_books", "cost_report", "documents_of", "glances",
    "investment_of", "investment_view", "last_step", "ledger_balance", "ledger_lines", "money_at_a_glance",
    "numbers_held", "owed_to", "parts_of", "payouts_for", "pools_of", "sheet_of", "title_figures", "totals_of",
    "versions_for",
]  # fmt: skip
