"""Tax withheld from a payout, by the party's method and what it was paid before in the year."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy as _

from finance.choices import TaxMethod
from finance.models import Party, Payout
from finance.sentences import TAX_STEPS
from finance.settlement.tax import TaxError, TaxResult, reckon
from studio.refusals import Refused
from studio.values import Money, month_of, months_between


def withheld(*, party: Party, gross_minor: int, due_date: dt.date, currency: str) -> tuple[int, list[dict[str, Any]]]:
    """Tax in fen on a payment due that day, and the steps to show: `{"code", "params", "message", "amount_minor"}`.

    The tables are those in force on the day it is due. Refuses a person paid in another currency than CNY, and a day
    that no table covers.
    """
    if party.tax_method == TaxMethod.NONE:
        return 0, [_step("none", 0)]
    if currency != "CNY":
        raise Refused(
            "tax_needs_cny",
            _("Tax is withheld in CNY; %(names)s cannot be paid under a contract in %(currency)s."),
            params={"names": party.name, "currency": currency},
        )  # fmt: skip
    try:
        if party.tax_method == TaxMethod.PLATFORM:
            return _cumulative(party, gross_minor, due_date)
        result = reckon(party.tax_method, [gross_minor], due_date)[0]
    except TaxError as error:
        raise Refused("tax_unknown", "%(text)s", params={"text": str(error)}) from None
    return result.tax, [_step("income", gross_minor), *_steps(result, result.tax)]


def _cumulative(party: Party, gross_minor: int, due_date: dt.date) -> tuple[int, list[dict[str, Any]]]:
    """The tax of the whole year so far less what was withheld, over all titles; payouts count in the month due.

    A payout that falls due before one already issued is reckoned to the later month: the year's total comes out the
    same in any order.
    """
    by_month: dict[str, int] = defaultdict(int)
    before = 0
    for month_day, gross, tax in Payout.objects.filter(party=party, due_date__year=due_date.year).values_list(
        "due_date", "gross_minor", "tax_minor"
    ):
        by_month[month_of(month_day)] += gross
        before += tax
    by_month[month_of(due_date)] += gross_minor
    months = months_between(min(by_month), max(by_month))
    results = reckon(TaxMethod.PLATFORM.value, [by_month[month] for month in months], due_date)
    last = results[-1]
    exact = last.base * last.rate - last.quick - before
    tax = max(0, int(exact + Fraction(1, 2)))
    steps = [
        _step("income", gross_minor),
        _step("income_so_far", sum(by_month.values()), months=len(months)),
        *_steps(last, tax, before),
    ]
    return tax, steps


def _steps(result: TaxResult, tax: int, before: int = 0) -> list[dict[str, Any]]:
    steps = [
        _step("base", int(result.base + Fraction(1, 2))),
        _step(
            "rate", int(result.base * result.rate - result.quick + Fraction(1, 2)), rate=f"{result.rate * 100}%",
            quick=str(Money(result.quick)),
        ),
    ]  # fmt: skip
    if before:
        steps.append(_step("before", -before))
    return [*steps, _step("source", None, source=result.source), _step("tax", tax)]


def _step(code: str, amount_minor: int | None, **params: object) -> dict[str, Any]:
    filled = {name: str(value) for name, value in params.items()}
    return {
        "code": code, "params": filled, "message": TAX_STEPS[code].format_map(filled), "amount_minor": amount_minor,
    }  # fmt: skip
