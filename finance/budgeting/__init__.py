"""Budgets as sheets: amounts of lines, totals, tables read from spreadsheets, versions compared. Nothing here imports Django.

Quantities are whole hundredths (250 is two and a half days), money is whole minor units, percentages are basis points.
"""

from .comparing import AccountChange, Change, Kind, compare, differences
from .reading import (
    MOST_FACTOR,
    MOST_LINES,
    MOST_QUANTITY,
    Fault,
    Row,
    Words,
    is_blank,
    read_quantity,
    read_row,
    read_table,
)
from .reckoning import PERCENT, UNITS, Line, Reckoning, amount_of, percent_of, reckon, write_quantity

__all__ = [
    "MOST_FACTOR",
    "MOST_LINES",
    "MOST_QUANTITY",
    "PERCENT",
    "UNITS",
    "AccountChange",
    "Change",
    "Fault",
    "Kind",
    "Line",
    "Reckoning",
    "Row",
    "Words",
    "amount_of",
    "compare",
    "differences",
    "is_blank",
    "percent_of",
    "read_quantity",
    "read_row",
    "read_table",
    "reckon",
    "write_quantity",
]
