"""Readers of platform statements: bytes in, lines and findings out, never an exception.

Pure. `read_statement` takes CSV (UTF-8 or GB18030) and XLSX; the columns are given, or guessed from their heads.
"""

from .columns import FIELDS, guess_mapping
from .reading import read_statement
from .values import Finding, Line, ReadStatement

__all__ = ["FIELDS", "Finding", "Line", "ReadStatement", "guess_mapping", "read_statement"]
