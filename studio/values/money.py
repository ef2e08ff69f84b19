"""Money as integer minor units with a currency.

Sums of decimals through a database went through binary floats and came out wrong; integers cannot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

# ISO 4217 minor-unit exponents of the currencies the trade settles in.
CURRENCIES: dict[str, int] = {
    "CNY": 2, "USD": 2, "EUR": 2, "GBP": 2, "HKD": 2, "TWD": 2, "SGD": 2, "MYR": 2, "THB": 2,
    "JPY": 0, "KRW": 0, "VND": 0,
}  # fmt: skip
SYMBOLS = {"CNY": "¥", "USD": "US$", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "JP¥", "KRW": "₩"}

_AMOUNT = re.compile(r"^\s*([+-]?)\s*(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?\s*$", re.ASCII)
# No amount is longer, and int() refuses thousands of digits with an error of its own.
_LONGEST = 50


class MoneyError(ValueError):
    """An amount that is not one."""


class CurrencyMismatch(MoneyError):
    """Two currencies met in one sum."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount: `minor` in the currency's smallest unit (fen for CNY)."""

    minor: int
    currency: str = "CNY"

    def __post_init__(self) -> None:
        if isinstance(self.minor, bool) or not isinstance(self.minor, int):
            raise MoneyError(f"money needs whole minor units, not {type(self.minor).__name__}")
        if self.currency not in CURRENCIES:
            raise MoneyError(f"unknown currency: {self.currency!r}")

    @classmethod
    def parse(cls, text: str, currency: str = "CNY") -> Money:
        """Read `1,234.50` exactly. Raises MoneyError on anything else, and on digits below the minor unit."""
        if not isinstance(text, str):
            raise MoneyError("money is read from text, never from a float")
        match = _AMOUNT.match(text)
        if currency not in CURRENCIES:
            raise MoneyError(f"unknown currency: {currency!r}")
        if match is None or len(text) > _LONGEST:
            raise MoneyError(f"not an amount of money: {text[:40]!r}")
        exponent = CURRENCIES[currency]
        fraction = match[3] or ""
        if len(fraction.rstrip("0")) > exponent:
            raise MoneyError(f"{text!r} has digits below the smallest unit of {currency}")
        digits = match[2].replace(",", "") + fraction[:exponent].ljust(exponent, "0")
        return cls(-int(digits) if match[1] == "-" else int(digits), currency)

    def _same(self, other: Money) -> None:
        if not isinstance(other, Money):
            raise MoneyError(f"money adds to money, not to {type(other).__name__}")
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} in one sum")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __mul__(self, factor: int) -> Money:
        if isinstance(factor, bool) or not isinstance(factor, int):
            raise MoneyError("multiply money by whole numbers; use share() for parts")
        return Money(self.minor * factor, self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __gt__(self, other: Money) -> bool:
        return not self <= other

    def __ge__(self, other: Money) -> bool:
        return not self < other

    def __bool__(self) -> bool:
        return self.minor != 0

    def share(self, part: Fraction | int) -> Money:
        """The part of it, rounded half away from zero to the minor unit; a float is refused."""
        if isinstance(part, float):
            raise MoneyError("a share is an exact fraction, never a float")
        exact = self.minor * Fraction(part)
        sign = -1 if exact < 0 else 1
        return Money(sign * int(abs(exact) + Fraction(1, 2)), self.currency)

    def plain(self) -> str:
        """`1234.50`, for machines: no separators, always all minor digits."""
        exponent = CURRENCIES[self.currency]
        sign = "-" if self.minor < 0 else ""
        if exponent == 0:
            return f"{sign}{abs(self.minor)}"
        whole, rest = divmod(abs(self.minor), 10**exponent)
        return f"{sign}{whole}.{rest:0{exponent}d}"

    def __str__(self) -> str:
        exponent = CURRENCIES[self.currency]
        whole, rest = divmod(abs(self.minor), 10**exponent)
        tail = f".{rest:0{exponent}d}" if exponent else ""
        sign = "-" if self.minor < 0 else ""
        return f"{sign}{SYMBOLS.get(self.currency, self.currency + ' ')}{whole:,}{tail}"

    def wan(self) -> str:
        """`12.35` in 万 (ten thousands), rounded half up to two places, trailing zeros dropped."""
        per_hundredth = 10 ** CURRENCIES[self.currency] * 100
        hundredths = (abs(self.minor) * 2 + per_hundredth) // (per_hundredth * 2)
        text = f"{hundredths // 100:,}.{hundredths % 100:02d}".rstrip("0").rstrip(".")
        return f"-{text}" if self.minor < 0 and hundredths else text
