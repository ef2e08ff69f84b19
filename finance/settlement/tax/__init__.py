"""Tax on what a settlement pays out: dated tables, chosen by the day of payment."""

from .rules import (
    GrossUp,
    KeptWhole,
    TaxError,
    TaxResult,
    VatResult,
    gross_for,
    gross_up,
    kept_whole,
    method_for,
    reckon,
    table_for,
    vat,
    withhold,
)
from .tables import TABLES, Bracket, Table

__all__ = [
    "TABLES",
    "Bracket",
    "GrossUp",
    "KeptWhole",
    "Table",
    "TaxError",
    "TaxResult",
    "VatResult",
    "gross_for",
    "gross_up",
    "kept_whole",
    "method_for",
    "reckon",
    "table_for",
    "vat",
    "withhold",
]
