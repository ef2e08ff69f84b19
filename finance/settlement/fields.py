"""Reading named fields of decoded JSON, each fault with the place it stands at."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from studio.values import CURRENCIES, Money, parse_month

from .terms import Period
from .wording import Fault, fault

_PERCENT = re.compile(r"^(\d{1,6})(?:\.(\d{1,12}))?%$", re.ASCII)
_RATIO = re.compile(r"^(\d{1,12})/(\d{1,12})$", re.ASCII)
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$", re.ASCII)
TEXT_LIMIT = 200
# 10 million million in the main unit: sums of such amounts still fit a column of 64 bits.
MOST_MINOR = 10**15
# What lies outside is a slip of the pen, and would run over the end of the calendar.
FIRST_YEAR, LAST_YEAR = 1900, 2999
NO_RATE = Fraction(0)


def find_floats(value: object, where: str) -> list[Fault]:
    """A fault for every binary floating number in the tree: one is enough to lose a fen."""
    found: list[Fault] = []
    pending: list[tuple[object, str]] = [(value, where)]
    while pending:
        item, place = pending.pop()
        if isinstance(item, float):
            found.append(fault("float_number", where=place, value=item))
        elif isinstance(item, dict):
            # Most values are texts: they are let through before a place is written for them.
            pending.extend(
                (child, f"{place}.{name}") for name, child in reversed(item.items()) if not isinstance(child, str)
            )
        elif isinstance(item, list | tuple):
            pending.extend((child, f"{place}[{index}]") for index, child in reversed(list(enumerate(item, 1))))
    return found


@dataclass(slots=True)
class Fields:
    """The fields of one object; reading a wrong one notes a fault and gives a harmless value."""

    value: dict[str, object]
    where: str
    faults: list[Fault] = field(default_factory=list)

    @classmethod
    def of(cls, value: object, where: str, faults: list[Fault]) -> Fields:
        if not isinstance(value, dict):
            faults.append(fault("not_an_object", where=where))
            value = {}
        return cls(value, where, faults)

    def note(self, code: str, **params: object) -> None:
        self.faults.append(fault(code, **params))

    def has(self, name: str) -> bool:
        return name in self.value

    def place(self, name: str) -> str:
        return f"{self.where}.{name}"

    def only(self, required: Iterable[str], optional: Iterable[str]) -> bool:
        """Note each unknown and each missing field; True when there is none."""
        if not isinstance(self.value, dict):
            return False
        needed = tuple(required)
        known = {*needed, *optional}
        before = len(self.faults)
        for name in self.value:
            if name not in known:
                self.note("unknown_field", where=self.where, field=name)
        for name in needed:
            if name not in self.value:
                self.note("missing_field", where=self.where, field=name)
        return len(self.faults) == before

    def text(self, name: str, default: str = "") -> str:
        value = self.value.get(name, default)
        if not isinstance(value, str) or len(value) > TEXT_LIMIT or (name in self.value and not value.strip()):
            self.note("not_text", where=self.place(name))
            return default
        return value

    def choice(self, name: str, choices: Iterable[str], default: str = "") -> str:
        allowed = tuple(choices)
        value = self.value.get(name, default)
        if value not in allowed:
            self.note("unknown_choice", where=self.place(name), choices=", ".join(allowed), value=value)
            return allowed[0]
        return str(value)

    def texts(self, name: str) -> frozenset[str]:
        if name not in self.value:
            return frozenset()
        items = self.items(name)
        if any(not isinstance(item, str) or not item.strip() or len(item) > TEXT_LIMIT for item in items):
            self.note("not_text", where=self.place(name))
            return frozenset()
        return frozenset(str(item) for item in items)

    def items(self, name: str) -> list[object]:
        value = self.value.get(name)
        if not isinstance(value, list):
            self.note("not_a_list", where=self.place(name))
            return []
        if not value:
            self.note("empty_list", where=self.place(name))
        return value

    def currency(self, name: str, default: str) -> str:
        value = self.value.get(name, default)
        if not isinstance(value, str) or value not in CURRENCIES:
            self.note("unknown_currency", where=self.place(name), value=value)
            return default
        return value

    def amount(self, name: str, currency: str, *, zero: bool = False) -> int:
        """Minor units of an amount written as text, at least 0, above 0 unless `zero`."""
        value = self.value.get(name)
        try:
            minor = Money.parse(value, currency).minor  # type: ignore[arg-type]
        except ValueError:  # not money, or more digits than a number may have
            self.note("not_an_amount", where=self.place(name), currency=currency, value=value)
            return 0
        if minor < 0:
            self.note("negative_amount", where=self.place(name), value=value)
            return 0
        if minor > MOST_MINOR:
            self.note("amount_too_large", where=self.place(name), value=value)
            return 0
        if minor == 0 and not zero:
            self.note("zero_amount", where=self.place(name))
        return minor

    def optional_amount(self, name: str, currency: str) -> int | None:
        return self.amount(name, currency) if name in self.value else None

    def rate(self, name: str, *, most: Fraction | None = Fraction(1)) -> Fraction:
        """An exact fraction from `8.3%`, `1/3` or whole basis points."""
        value = self.value.get(name)
        read = parse_rate(value)
        if read is None:
            self.note("not_a_rate", where=self.place(name), value=value)
            return NO_RATE
        if most is not None and read > most:
            self.note("rate_over_100", where=self.place(name), value=value)
            return NO_RATE
        return read

    def multiplier(self, name: str) -> Fraction:
        """A rate that may pass 100%, as text: a bare 8 would be read as basis points where eightfold was meant."""
        value = self.value.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            self.note("multiplier_not_text", where=self.place(name), value=value)
            return NO_RATE
        return self.rate(name, most=None)

    def flag(self, name: str) -> bool:
        value = self.value.get(name, False)
        if not isinstance(value, bool):
            self.note("not_yes_or_no", where=self.place(name), value=value)
            return False
        return value

    def period(self, name: str) -> Period:
        value = self.value.get(name)
        read = parse_period(value)
        if read is None:
            self.note("not_a_date", where=self.place(name), value=value)
            return Period(dt.date(2000, 1, 1), False)
        return read


def parse_rate(value: object) -> Fraction | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Fraction(value, 10_000) if 0 <= value <= 10**9 else None
    if not isinstance(value, str):
        return None
    text = value.strip()
    if match := _PERCENT.match(text):
        decimals = match[2] or ""
        return Fraction(int(match[1] + decimals), 100 * 10 ** len(decimals))
    if (match := _RATIO.match(text)) and int(match[2]):
        return Fraction(int(match[1]), int(match[2]))
    return None


def parse_period(value: object) -> Period | None:
    if not isinstance(value, str):
        return None
    try:
        read = Period(dt.date.fromisoformat(value), False) if _DAY.match(value) else Period(parse_month(value), True)
    except ValueError:
        return None
    return read if FIRST_YEAR <= read.first.year <= LAST_YEAR else None
