"""Addresses of this room's pages."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_noop

from finance import (
    views,
    views_budget,
    views_budgets,
    views_composition,
    views_contracts,
    views_hot_cost,
    views_parts,
    views_runs,
    views_settlements,
)
from finance.urls_costs import urlpatterns as cost_patterns
from finance.urls_funding import urlpatterns as funding_patterns
from finance.urls_payouts import urlpatterns as payout_patterns
from finance.urls_room import urlpatterns as room_patterns
from finance.urls_statements import urlpatterns as statement_patterns
from finance.urls_taxes import urlpatterns as tax_patterns
from finance.urls_wages import urlpatterns as wage_patterns
from studio.context import add_navigation, add_production_tab

_TITLE = "productions/<int:pk>/"

urlpatterns: list[URLPattern] = [
    *wage_patterns,
    path("money/", views.money, name="money"),
    path(f"{_TITLE}money/", views.production_money, name="production_money"),
    path(f"{_TITLE}hot-cost/", views_hot_cost.hot_costs, name="hot_costs"),
    path("shoot-days/<int:pk>/hot-cost/", views_hot_cost.hot_cost, name="hot_cost"),
    path("shoot-days/<int:pk>/hot-cost/pdf/", views_hot_cost.hot_cost_paper, name="hot_cost_paper"),
    path(f"{_TITLE}budgets/", views_budgets.budgets, name="budgets"),
    path(f"{_TITLE}budgets/new/", views_budgets.new_budget, name="new_budget"),
    path(f"{_TITLE}budgets/compare/", views_budgets.compare_budgets, name="compare_budgets"),
    path(f"{_TITLE}budget/template/", views_budgets.budget_template, name="budget_template"),
    path("budgets/<int:pk>/", views_budget.budget, name="budget"),
    path("budgets/<int:pk>/reckon/", views_budget.reckon_budget, name="reckon_budget"),
    path("budgets/<int:pk>/rows/", views_budget.budget_rows, name="budget_rows"),
    path("budgets/<int:pk>/board/", views_budget.budget_board, name="budget_board"),
    path("budgets/<int:pk>/parts/", views_parts.budget_parts, name="budget_parts"),
    path("budgets/<int:pk>/parts/keep/", views_parts.keep_part, name="keep_budget_part"),
    path("budgets/<int:pk>/parts/<int:part_pk>/insert/", views_parts.insert_part, name="insert_budget_part"),
    path("budgets/<int:pk>/parts/<int:part_pk>/refresh/", views_parts.refresh_part, name="refresh_budget_part"),
    path("budget-parts/<int:pk>/remove/", views_parts.remove_part, name="remove_budget_part"),
    path("budgets/<int:pk>/undo/", views_budget.undo_budget, name="undo_budget"),
    path("budgets/<int:pk>/lines/new/", views_budget.new_budget_line, name="new_budget_line"),
    path("budgets/<int:pk>/name/", views_budgets.rename_budget, name="rename_budget"),
    path("budgets/<int:pk>/remove/", views_budgets.remove_budget, name="remove_budget"),
    path("budgets/<int:pk>/approve/", views_budgets.approve_budget, name="approve_budget"),
    path("budgets/<int:pk>/return/", views_budgets.return_budget, name="return_budget"),
    path("budget/<int:pk>/", views_budget.budget_line, name="budget_line"),
    path(f"{_TITLE}cost-composition/", views_composition.composition, name="cost_composition"),
    path(f"{_TITLE}cost-composition/pdf/", views_composition.composition_pdf, name="cost_composition_pdf"),
    path(f"{_TITLE}ledger/", views.ledger, name="ledger"),
    path(f"{_TITLE}ledger/new/", views.new_cost, name="new_cost"),
    path("entries/<int:pk>/reverse/", views.reverse_entry, name="reverse_entry"),
    path(f"{_TITLE}contracts/new/", views_contracts.new_contract, name="new_contract"),
    path("contracts/<int:pk>/", views_contracts.contract, name="contract"),
    path("contracts/<int:pk>/edit/", views_contracts.edit_contract, name="edit_contract"),
    path("contracts/<int:pk>/try/", views_contracts.try_contract, name="try_contract"),
    path("contracts/<int:pk>/sign/", views_contracts.sign_contract, name="sign_contract"),
    path(f"{_TITLE}statements/new/", views_contracts.upload_statement, name="upload_statement"),
    path("statements/<int:pk>/", views_contracts.statement, name="statement"),
    path("statements/<int:pk>/file/", views_contracts.statement_file, name="statement_file"),
    path("statements/<int:pk>/accept/", views_contracts.accept_statement, name="accept_statement"),
    path("statements/<int:pk>/hold/", views_contracts.hold_statement, name="hold_statement"),
    path("statements/<int:pk>/settle/", views_contracts.settle_statement, name="settle_statement"),
    path("settlements/<int:pk>/", views_settlements.settlement, name="settlement"),
    path("settlements/<int:pk>/issue/", views_settlements.issue_settlement, name="issue_settlement"),
    path("settlements/<int:pk>/reverse/", views_settlements.reverse_settlement, name="reverse_settlement"),
    path("freezes/<int:pk>/lift/", views_settlements.lift_freeze, name="lift_freeze"),
    path("settlements/<int:pk>/pool/", views_settlements.settlement_pool, name="settlement_pool"),
    path("settlements/<int:pk>/pdf/", views_settlements.settlement_paper, name="settlement_pdf"),
    path("settlement-runs/", views_runs.settlement_runs, name="settlement_runs"),
    path("settlement-runs/<int:pk>/", views_runs.settlement_run, name="settlement_run"),
    path("settlement-runs/<int:pk>/review/", views_runs.review_run, name="review_settlement_run"),
    path("settlement-runs/<int:pk>/issue/", views_runs.issue_run, name="issue_settlement_run"),
    path("settlement-runs/<int:pk>/again/", views_runs.try_run_again, name="try_run_again"),
    path("payouts/", views_settlements.payouts, name="payouts"),
    path("payouts/<int:pk>/approve/", views_settlements.approve_payout, name="approve_payout"),
    path("payouts/<int:pk>/pay/", views_settlements.pay_payout, name="pay_payout"),
    path("payouts/<int:pk>/pdf/", views_settlements.payout_paper, name="payout_pdf"),
    *cost_patterns,
    *payout_patterns,
    *room_patterns,
    *statement_patterns,
    *funding_patterns,
    *tax_patterns,
]
add_navigation("money", gettext_noop("Money"), "wallet", "money.view")
add_navigation("payouts", gettext_noop("Payouts"), "banknote", "money.view")
add_navigation("investments", gettext_noop("Investments"), "hand-coins", "investment.view")
add_production_tab(80, "production_money", gettext_noop("Money"), "money.view")
