"""What one currency is worth in another: exact ratios, never a float."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

from studio.values import CURRENCIES

_RATE = re.compile(r"(\d{1,9})(?:\.(\d{1,12}))?", re.ASCII)


def parse_rate(text: str) -> Fraction | None:
    """`7.1234` as an exact ratio; None for what is no number above zero."""
    match = _RATE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return None
    part = match[2] or ""
    return Fraction(int(match[1] + part), 10 ** len(part)) or None


def plain_rate(ratio: Fraction) -> str:
    """A ratio as it was typed, `7.1234`; as `1/3` where no decimal number says it."""
    digits = 0
    while digits < 13 and (ratio * 10**digits).denominator != 1:
        digits += 1
    if digits == 13:
        return f"{ratio.numerator}/{ratio.denominator}"
    whole, part = divmod(int(ratio * 10**digits), 10**digits)
    return f"{whole}.{part:0{digits}d}" if digits else str(whole)


def exchanged(minor: int, base: str, quote: str, ratio: Fraction) -> Fraction:
    """An amount in minor units of another currency, exact: whoever keeps it rounds it once."""
    return minor * ratio * Fraction(10 ** CURRENCIES[quote], 10 ** CURRENCIES[base])


def rounded(exact: Fraction) -> int:
    """To the minor unit, half away from zero."""
    whole = int(abs(exact) + Fraction(1, 2))
    return -whole if exact < 0 else whole
