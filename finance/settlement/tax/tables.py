"""Tax tables as dated rows: what holds on a day is the latest row from on or before it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

LABOUR_SOURCE = "State Taxation Administration, announcement 2018 No. 61, article 8"
PLATFORM_SOURCE = "State Taxation Administration, announcement 2025 No. 16"


@dataclass(frozen=True, slots=True)
class Bracket:
    """Up to `most` minor units of the base (None: no limit), `rate` less the quick deduction."""

    most: int | None
    rate: Fraction
    quick: int


@dataclass(frozen=True, slots=True)
class Table:
    """One method's numbers from `from_date` to `until` (None: still in force); amounts in fen.

    `small` incomes lose `small_deduction`, larger ones the part `deduction`; `part` of the result is taxed;
    `monthly` is the standing deduction of the cumulative method.
    """

    method: str
    from_date: dt.date
    source: str
    brackets: tuple[Bracket, ...]
    deduction: Fraction = Fraction(0)
    small: int = 0
    small_deduction: int = 0
    part: Fraction = Fraction(1)
    monthly: int = 0
    until: dt.date | None = None

    def __post_init__(self) -> None:
        """Raises TableError for numbers that no law could mean."""
        most = [bracket.most for bracket in self.brackets]
        limits = [limit for limit in most if limit is not None]
        if not most or most[-1] is not None or None in most[:-1]:
            raise TableError("no_end", "The last bracket, and no other, has no upper limit.")
        if limits != sorted(set(limits)) or (limits and limits[0] <= 0):
            raise TableError("not_rising", "The upper limits of the brackets rise from one to the next.")
        rates = [bracket.rate for bracket in self.brackets]
        if any(not 0 <= rate < 1 for rate in rates) or rates != sorted(rates):
            raise TableError("rates", "Rates rise from bracket to bracket and stay below 100 %.")
        if any(bracket.quick < 0 for bracket in self.brackets) or not 0 <= self.deduction < 1 or not 0 < self.part <= 1:
            raise TableError(
                "deductions", "Deductions are parts between nothing and all, and quick deductions not below 0."
            )
        if min(self.small, self.small_deduction, self.monthly) < 0:
            raise TableError("negative", "An amount of a tax table is below zero.")
        if self.until is not None and self.until < self.from_date:
            raise TableError("dates", "A tax table ends after it begins.")


class TableError(ValueError):
    """A table that cannot hold: `code` and a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def _brackets(*rows: tuple[int | None, int, int]) -> tuple[Bracket, ...]:
    return tuple(
        Bracket(None if most is None else most * 100, Fraction(percent, 100), quick * 100)
        for most, percent, quick in rows
    )


TABLES: tuple[Table, ...] = (
    Table(
        method="labour_single",
        from_date=dt.date(2019, 1, 1),
        source=LABOUR_SOURCE,
        brackets=_brackets((20_000, 20, 0), (50_000, 30, 2_000), (None, 40, 7_000)),
        deduction=Fraction(1, 5),
        small=4_000_00,
        small_deduction=800_00,
    ),
    Table(
        method="author",
        from_date=dt.date(2019, 1, 1),
        source=LABOUR_SOURCE,
        brackets=_brackets((None, 20, 0)),
        deduction=Fraction(1, 5),
        small=4_000_00,
        small_deduction=800_00,
        part=Fraction(7, 10),
    ),
    Table(
        method="platform_cumulative",
        from_date=dt.date(2025, 10, 1),
        source=PLATFORM_SOURCE,
        brackets=_brackets(
            (36_000, 3, 0),
            (144_000, 10, 2_520),
            (300_000, 20, 16_920),
            (420_000, 25, 31_920),
            (660_000, 30, 52_920),
            (960_000, 35, 85_920),
            (None, 45, 181_920),
        ),
        deduction=Fraction(1, 5),
        monthly=5_000_00,
    ),
    Table(
        method="vat_small_scale",
        from_date=dt.date(2023, 1, 1),
        until=dt.date(2027, 12, 31),
        source="Ministry of Finance and State Taxation Administration, announcements 2023 No. 1 and No. 19",
        brackets=_brackets((None, 1, 0)),
    ),
    Table(
        method="vat_general",
        from_date=dt.date(2016, 5, 1),
        source="Ministry of Finance and State Taxation Administration, Caishui 2016 No. 36: modern services",
        brackets=_brackets((None, 6, 0)),
    ),
)
