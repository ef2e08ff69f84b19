"""Account numbers and bank codes."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"[\s\-‐-―]")
LEAST, MOST = 8, 32


def clean_number(written: str) -> str:
    """`6222 0211-0001` -> `622202110001`; full-width digits become plain ones."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", written))


def number_fault(number: str, *, is_person: bool) -> str:
    """The code of what is wrong with a clean account number, empty when nothing is.

    A person's number of 16 to 19 digits that begins with 62 is a card of the Chinese banks, which carries a check digit
    (ISO/IEC 7812). Accounts of companies carry none that all banks share.
    """
    if not (number.isascii() and number.isdigit()):
        return "not_digits"
    if not LEAST <= len(number) <= MOST:
        return "length"
    if is_person and number.startswith("62") and 16 <= len(number) <= 19 and not _luhn(number):
        return "check_digit"
    return ""


def _luhn(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def bank_code_fault(code: str) -> str:
    """The bank's line number (联行号) may be left out; else it has twelve digits."""
    return "" if not code or re.fullmatch(r"[0-9]{12}", code) else "bank_code"


def masked(last4: str) -> str:
    return f"•••• {last4}" if last4 else ""
