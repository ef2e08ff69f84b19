"""What a bank takes and what it sends back: account numbers checked, payment files written, returns matched.

    python -m finance.banking FILE.json

No bank's format is fixed here: columns are data.
"""

from .accounts import bank_code_fault, clean_number, masked, number_fault
from .files import FIELDS, Column, FileFault, Layout, Payment, write_file
from .matching import Match, Sent, match
from .returns import RETURN_FIELDS, ReadReturn, ReturnFault, ReturnLine, read_return
from .sentences import SENTENCES

__all__ = [
    "FIELDS", "RETURN_FIELDS", "SENTENCES", "Column", "FileFault", "Layout", "Match", "Payment", "ReadReturn", "ReturnFault",
    "ReturnLine", "Sent", "bank_code_fault", "clean_number", "masked", "match", "number_fault", "read_return", "write_file",
]  # fmt: skip
