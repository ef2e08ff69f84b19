"""Compliance: which rules a title falls under, its filings and numbers."""
