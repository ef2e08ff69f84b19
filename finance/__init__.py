"""Budgets, costs, contracts, statements, settlements and payouts."""
