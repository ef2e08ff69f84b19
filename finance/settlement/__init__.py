"""Contracts as terms, and receipts divided by them to the last unit.

Pure: `read_contract` and `read_receipts` turn decoded JSON into frozen values or faults, `settle` divides,
`read_back` says in sentences what a contract means. See docs/settlement.md.
"""

from .differences import DifferenceRun, difference
from .door import as_json, read_json, settle_json
from .engine import settle
from .explaining import read_back
from .reading import read_contract, read_receipts, read_takedowns
from .reading_terms import TERM_KINDS
from .results import Allocation, PoolPeriod, Settlement
from .terms import Band, Contract, Part, Period, Rank, Receipt, Step, Takedown, Term, Version
from .wording import Fault, Sentence

__all__ = [
    "TERM_KINDS",
    "Allocation",
    "Band",
    "Contract",
    "DifferenceRun",
    "Fault",
    "Part",
    "Period",
    "PoolPeriod",
    "Rank",
    "Receipt",
    "Sentence",
    "Settlement",
    "Step",
    "Takedown",
    "Term",
    "Version",
    "as_json",
    "difference",
    "read_back",
    "read_contract",
    "read_json",
    "read_receipts",
    "read_takedowns",
    "settle",
    "settle_json",
]
