"""Contracts as terms, and receipts divided by them to the last unit.

Pure: `read_contract` and `read_receipts` turn decoded JSON into frozen values or faults, `settle` divides,
`read_back` says in sentences what a contract means. See docs/settlement.md.
"""

from .door import as_json, read_json, settle_json
from .engine import Allocation, PoolPeriod, Settlement, settle
from .explaining import read_back
from .reading import TERM_KINDS, read_contract, read_receipts
from .terms import Band, Contract, Part, Period, Receipt, Step, Term, Version
from .wording import Fault, Sentence

__all__ = [
    "TERM_KINDS",
    "Allocation",
    "Band",
    "Contract",
    "Fault",
    "Part",
    "Period",
    "PoolPeriod",
    "Receipt",
    "Sentence",
    "Settlement",
    "Step",
    "Term",
    "Version",
    "as_json",
    "read_back",
    "read_contract",
    "read_json",
    "read_receipts",
    "settle",
    "settle_json",
]
