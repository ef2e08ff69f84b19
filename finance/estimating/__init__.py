"""What a title will have cost, what it will leave, and when what people earned falls due. Pure: plain values in and out.

Amounts are whole minor units (fen). `python -m finance.estimating FILE.json` reads accounts and prints the estimate.
"""

from .due import Due, PayRule, due_date
from .estimate import Account, Estimate, EstimateError, Override, Part, Row, estimate
from .margin import Cause, Margin, moved

__all__ = [
    "Account", "Cause", "Due", "Estimate", "EstimateError", "Margin", "Override", "Part", "PayRule", "Row", "due_date",
    "estimate", "moved",
]  # fmt: skip
