"""Pure value types every room shares: money, allocation, pages, scene numbers, timecode, windows, dates.

Nothing here imports Django; every type is immutable, compares by value and refuses floats where they would lose.
"""

from .allocate import allocate
from .dates import Dated, in_force, month_of, months_between, parse_month
from .money import CURRENCIES, CurrencyMismatch, Money, MoneyError
from .pages import format_pages, pages_from_lines
from .scene_number import SceneNumber
from .timecode import Rate, Timecode
from .windows import Window, gaps, merge, overlapping_pairs

__all__ = [
    "CURRENCIES",
    "CurrencyMismatch",
    "Dated",
    "Money",
    "MoneyError",
    "Rate",
    "SceneNumber",
    "Timecode",
    "Window",
    "allocate",
    "format_pages",
    "gaps",
    "in_force",
    "merge",
    "month_of",
    "months_between",
    "overlapping_pairs",
    "pages_from_lines",
    "parse_month",
]
