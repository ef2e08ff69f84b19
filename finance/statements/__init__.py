"""Readers of platform statements: bytes in, lines and findings out, never an exception.

Pure. `read_statement` takes CSV (UTF-8 or GB18030) and XLSX of one title; `open_rows`, `LineReader` and `read_sheet`
read a file over many titles in a stream. The columns are given, or guessed from their heads.
"""

from .columns import FIELDS, can_be_read, find_heads, guess_mapping, named_heads, shape_of
from .given import table_of
from .lines import LineReader
from .rates import exchanged, parse_rate, plain_rate, rounded
from .reading import read_statement
from .sheets import Laid, Part, Sheet, Spool, read_sheet
from .tables import Unreadable, open_rows
from .values import Finding, Line, ReadStatement

__all__ = [
    "FIELDS", "Finding", "Laid", "Line", "LineReader", "Part", "ReadStatement", "Sheet", "Spool", "Unreadable",
    "can_be_read", "exchanged", "find_heads", "guess_mapping", "named_heads", "open_rows", "parse_rate", "plain_rate", "read_sheet", "read_statement", "rounded",
    "shape_of", "table_of",
]  # fmt: skip
