"""Tax withheld from people, and value added tax of companies, step by step so that a payee can follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from studio.values import in_force

from .tables import TABLES, Bracket, Table

WITHHOLDING = ("labour_single", "platform_cumulative", "author")
PAYERS = ("studio", "platform")
INCOMES = ("labour", "author")
PAYEES = ("person", "company_small_scale", "company_general")
# Above any payment: a table whose tax eats all that is added has no answer.
MOST_GROSS = 10**16
VAT = {"company_small_scale": "vat_small_scale", "company_general": "vat_general"}


class TaxError(ValueError):
    """What cannot be reckoned: `code`, `params` and a sentence."""

    def __init__(self, code: str, message: str, **params: str) -> None:
        super().__init__(message.format_map(params))
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class TaxResult:
    """One payment in fen: `income` - `tax` = `net`, and how.

    `base` is what the bracket is applied to (for the cumulative method, of all months so far), `before` the tax
    already withheld. tax = base x rate - quick - before, rounded half up, never below 0.
    """

    method: str
    income: int
    base: Fraction
    rate: Fraction
    quick: int
    before: int
    tax: int
    source: str

    @property
    def net(self) -> int:
        return self.income - self.tax


@dataclass(frozen=True, slots=True)
class GrossUp:
    """The fee that leaves `net` after tax. Fees promised after tax are to be flagged wherever they are shown."""

    net: int
    gross: int
    result: TaxResult


@dataclass(frozen=True, slots=True)
class KeptWhole:
    """A payment of `kept` after tax and `before_tax`: its whole before tax is `kept` + `before_tax` + `borne`."""

    kept: int
    before_tax: int
    borne: int
    result: TaxResult


@dataclass(frozen=True, slots=True)
class VatResult:
    """A price with tax in it, taken apart: `price` = `without_tax` + `vat`."""

    kind: str
    price: int
    without_tax: int
    vat: int
    rate: Fraction
    source: str


def method_for(payer: str, income: str, payee: str = "person") -> str:
    """The method for kind of payer, income and payee. Raises TaxError for a kind that is none."""
    for name, value, known in (("payer", payer, PAYERS), ("income", income, INCOMES), ("payee", payee, PAYEES)):
        if value not in known:
            raise TaxError(
                "unknown_kind",
                "{name} must be one of {known}, not {value}.",
                name=name,
                known=", ".join(known),
                value=value,
            )
    if payee != "person":
        return VAT[payee]
    if income == "author":
        return "author"
    return "platform_cumulative" if payer == "platform" else "labour_single"


def table_for(method: str, on: dt.date, tables: Sequence[Table] = TABLES) -> Table:
    """The table in force; of two from one day the later in `tables`. Raises TaxError for an unknown method or day."""
    rows = [table for table in tables if table.method == method]
    if not rows:
        raise TaxError("unknown_method", "There is no method of tax called {method}.", method=str(method)[:40])
    table = in_force(rows, on)
    if table is None or (table.until is not None and on > table.until):
        raise TaxError("no_table", "No table of {method} is in force on {on}.", method=method, on=on.isoformat())
    return table


def withhold(method: str, amounts_fen: Sequence[int], on: dt.date, tables: Sequence[Table] = TABLES) -> list[int]:
    """Tax on each payment; for `platform_cumulative` the amounts are consecutive months of one year, from its start."""
    return [result.tax for result in reckon(method, amounts_fen, on, tables)]


def reckon(method: str, amounts_fen: Sequence[int], on: dt.date, tables: Sequence[Table] = TABLES) -> list[TaxResult]:
    """The tax on each payment with its steps. Raises TaxError."""
    if method not in WITHHOLDING:
        raise TaxError("unknown_method", "There is no method of tax called {method}.", method=str(method)[:40])
    table = table_for(method, on, tables)
    for amount in amounts_fen:
        _check(amount)
    if method == "platform_cumulative":
        return _cumulative(table, amounts_fen)
    results = []
    for income in amounts_fen:
        base = _base(table, income)
        bracket = _bracket(table, base)
        results.append(
            TaxResult(
                method,
                income,
                base,
                bracket.rate,
                bracket.quick,
                0,
                _half_up(base * bracket.rate - bracket.quick),
                table.source,
            )
        )
    return results


def _check(amount: object) -> None:
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise TaxError("not_whole", "An amount must be in whole fen, not {kind}.", kind=type(amount).__name__)
    if amount < 0:
        raise TaxError("negative", "An amount is below zero: {amount} fen.", amount=str(amount))


def _half_up(exact: Fraction) -> int:
    return max(0, int(exact + Fraction(1, 2)))


def _base(table: Table, income: int) -> Fraction:
    if income <= table.small:
        left = Fraction(max(0, income - table.small_deduction))
    else:
        left = income * (1 - table.deduction)
    return left * table.part


def _bracket(table: Table, base: Fraction) -> Bracket:
    return next(bracket for bracket in table.brackets if bracket.most is None or base <= bracket.most)


def _cumulative(table: Table, months: Sequence[int]) -> list[TaxResult]:
    if len(months) > 12:
        raise TaxError(
            "over_a_year", "The cumulative method runs within one year: {count} months.", count=str(len(months))
        )
    results: list[TaxResult] = []
    earned = withheld = 0
    for number, income in enumerate(months, 1):
        earned += income
        base = max(Fraction(0), earned * (1 - table.deduction) - table.monthly * number)
        bracket = _bracket(table, base)
        tax = _half_up(base * bracket.rate - bracket.quick - withheld)
        results.append(TaxResult(table.method, income, base, bracket.rate, bracket.quick, withheld, tax, table.source))
        withheld += tax
    return results


def gross_up(net_fen: int, on: dt.date, tables: Sequence[Table] = TABLES) -> GrossUp:
    """The labour remuneration that leaves `net_fen` after tax. Raises TaxError."""
    _check(net_fen)
    table = table_for("labour_single", on, tables)
    gross = _half_up(_gross(table, net_fen))
    return GrossUp(net_fen, gross, reckon("labour_single", [gross], on, tables)[0])


def _gross(table: Table, net: int) -> Fraction:
    """Invert income - (base x rate - quick), bracket by bracket, and take the one in which the result lies."""
    if net <= table.small_deduction:
        return Fraction(net)
    low = Fraction(0)
    for bracket in table.brackets:
        # In the small range base = income - deduction, above it base = income x (1 - part).
        small = (net - table.small_deduction * bracket.rate - bracket.quick) / (1 - bracket.rate)
        if (
            small <= table.small
            and low < small - table.small_deduction
            and _under(bracket, small - table.small_deduction)
        ):
            return small
        kept = 1 - table.deduction
        large = (net - bracket.quick) / (1 - kept * bracket.rate)
        if large > table.small and low < large * kept and _under(bracket, large * kept):
            return large
        low = Fraction(bracket.most or 0)
    raise TaxError("no_gross", "No fee leaves {net} fen after tax.", net=str(net))


def _under(bracket: Bracket, base: Fraction) -> bool:
    return bracket.most is None or base <= bracket.most


def gross_for(net_fen: int, reckoned: Callable[[int], TaxResult]) -> TaxResult:
    """The payment that leaves `net_fen`, by any method: `reckoned` says the tax of a payment before tax.

    The line from payment to what is left is followed exactly and its meeting with `net_fen` rounded half up, as in
    `gross_up`. Raises TaxError where the table leaps over that amount.
    """
    _check(net_fen)

    def left(gross: int) -> Fraction:
        result = reckoned(gross)
        return gross - max(Fraction(0), result.base * result.rate - result.quick - result.before)

    low, high = net_fen, net_fen + 1
    while left(high) <= net_fen:
        low, high = high, 2 * high
        if high > MOST_GROSS:
            raise TaxError("no_gross", "No fee leaves {net} fen after tax.", net=str(net_fen))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if left(middle) <= net_fen else (low, middle)
    start, end = left(low), left(high)
    gross = _half_up(low + (net_fen - start) / (end - start))
    result = next((result for each in (gross, low, high) if (result := reckoned(each)).net == net_fen), None)
    if result is None:
        raise TaxError("no_gross", "No fee leaves {net} fen after tax.", net=str(net_fen))
    return result


def kept_whole(kept_fen: int, before_tax_fen: int, reckoned: Callable[[int], TaxResult]) -> KeptWhole:
    """One payment of which a part was agreed after tax: the rest is taxed as if it came alone, that part comes whole.

    The payee has `kept_fen` more than without it, to the fen, and the tax that this adds is the payer's. Raises TaxError.
    """
    _check(before_tax_fen)
    alone = reckoned(before_tax_fen)
    if not kept_fen:
        return KeptWhole(0, before_tax_fen, 0, alone)
    result = gross_for(max(0, kept_fen + alone.net), reckoned)
    return KeptWhole(kept_fen, before_tax_fen, result.income - before_tax_fen - kept_fen, result)


def vat(payee: str, price_fen: int, on: dt.date, tables: Sequence[Table] = TABLES) -> VatResult:
    """Take a price with tax in it apart, for a `company_small_scale` or `company_general`. Raises TaxError."""
    _check(price_fen)
    if payee not in VAT:
        raise TaxError("unknown_kind", "{value} is not a kind of company.", value=str(payee)[:40])
    table = table_for(VAT[payee], on, tables)
    rate = table.brackets[0].rate
    without = _half_up(price_fen / (1 + rate))
    return VatResult(payee, price_fen, without, price_fen - without, rate, table.source)
