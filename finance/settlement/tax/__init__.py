"""Tax on what a settlement pays out: dated tables, chosen by the day of payment."""

from .rules import GrossUp, TaxError, TaxResult, VatResult, gross_up, method_for, reckon, table_for, vat, withhold
from .tables import TABLES, Bracket, Table

__all__ = [
    "TABLES",
    "Bracket",
    "GrossUp",
    "Table",
    "TaxError",
    "TaxResult",
    "VatResult",
    "gross_up",
    "method_for",
    "reckon",
    "table_for",
    "vat",
    "withhold",
]
