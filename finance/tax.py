"""Tax withheld from a payout, by the party's method and what it was paid before in the year."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from finance.choices import PayoutState, TaxMethod
from finance.models import Party, Payout, WagePayment
from finance.sentences import TAX_STEPS, tax_error_sentence
from finance.settlement.tax import TABLES, Table, TaxError, TaxResult, gross_up, kept_whole, reckon, vat
from finance.settlement.tax.rules import VAT
from finance.taxes import tables_of
from studio.models import Person
from studio.refusals import Refused
from studio.values import Money, month_of, months_between


def withheld(*, party: Party, gross_minor: int, due_date: dt.date, currency: str) -> tuple[int, list[dict[str, Any]]]:
    """Tax in fen on a payment due that day, and the steps to show: `{"code", "params", "message", "amount_minor"}`.

    The tables are those in force on the day it is due. Refuses a person paid in another currency than CNY, and a day
    that no table covers.
    """
    return withheld_from(
        method=TaxMethod(party.tax_method), name=party.name, gross_minor=gross_minor, on=due_date, currency=currency,
        person=party.person, party=party,
    )  # fmt: skip


def withheld_from(
    *,
    method: TaxMethod,
    name: str,
    gross_minor: int,
    on: dt.date,
    currency: str,
    person: Person | None = None,
    party: Party | None = None,
) -> tuple[int, list[dict[str, Any]]]:
    """The same for a party's payout or a person's wages."""
    found = taxed(
        method=method, name=name, before_tax_minor=gross_minor, kept_minor=0, on=on, currency=currency, person=person,
        party=party,
    )  # fmt: skip
    return found.tax_minor, found.steps


@dataclasses.dataclass(frozen=True)
class Taxed:
    """A payment: gross = what was agreed before tax + what was agreed after tax + the tax that the studio bears."""

    gross_minor: int
    tax_minor: int
    borne_minor: int
    steps: list[dict[str, Any]]


def taxed(
    *,
    method: TaxMethod,
    name: str,
    before_tax_minor: int,
    kept_minor: int,
    on: dt.date,
    currency: str,
    person: Person | None = None,
    party: Party | None = None,
) -> Taxed:
    """The tax on a payment of which `kept_minor` was agreed after tax, as `finance.settlement.tax.kept_whole` says."""
    agreed = before_tax_minor + kept_minor
    if method == TaxMethod.NONE:
        return Taxed(agreed, 0, 0, _company_steps(party, agreed, on, currency))
    tables = tables_of((party or person).studio_id) if party or person else TABLES  # type: ignore[union-attr]
    if currency != "CNY":
        raise Refused(
            "tax_needs_cny",
            _("Tax is withheld in CNY; %(names)s cannot be paid under a contract in %(currency)s."),
            params={"names": name, "currency": currency},
        )  # fmt: skip
    paid = _paid_in_year(on.year, person, party) if method == TaxMethod.PLATFORM else []

    def reckoned(gross: int) -> TaxResult:
        if method == TaxMethod.PLATFORM:
            return _cumulative(paid, gross, on, tables)
        return reckon(method, [gross], on, tables)[0]

    try:
        found = kept_whole(kept_minor, before_tax_minor, reckoned)
    except TaxError as error:
        raise Refused("tax_unknown", "%(text)s", params={"text": tax_error_sentence(error)}) from None
    result = found.result
    steps = [_step("income", result.income)]
    so_far = None
    if kept_minor:
        agreed_before = [_step("agreed_before_tax", before_tax_minor)] if before_tax_minor else []
        steps = [_step("agreed_after_tax", kept_minor), *agreed_before, _step("borne", found.borne), *steps]
    if method == TaxMethod.PLATFORM:
        months = len(_months(paid, on, 0))
        so_far = sum(gross for _day, gross, _tax in paid) + result.income
        steps.append(_step("income_so_far", so_far, months=months))
    return Taxed(result.income, result.tax, found.borne, [*steps, *_steps(result, result.tax, result.before, so_far)])


def _company_steps(party: Party | None, gross_minor: int, on: dt.date, currency: str) -> list[dict[str, Any]]:
    """Nothing is withheld from a company; where its kind of taxpayer is known, the VAT within its price is told."""
    steps = [_step("none", 0)]
    if party is None or not party.vat_kind or currency != "CNY":
        return steps
    try:
        found = vat(party.vat_kind, gross_minor, on, tables_of(party.studio_id))
    except TaxError:
        return steps  # No table on that day: the page of tables says so.
    return [
        _step("price", gross_minor), *steps, _step("without_vat", found.without_tax),
        _step("vat", found.vat, rate=f"{float(found.rate * 100):g}%"), _step("source", None, source=found.source),
    ]  # fmt: skip


def trial(*, studio_id: int, method: str, amount: int, on: dt.date, net: bool) -> dict[str, Any]:
    """What a payment of that day leaves, or what leaves that much: `gross`, `tax`, `net` in fen, `steps`, `flagged`.

    `flagged`: a fee promised after tax. Raises Refused for a day without a table and for what is not taxed that way.
    """
    tables = tables_of(studio_id)
    try:
        if method in VAT.values():
            kind = next(kind for kind, name in VAT.items() if name == method)
            found = vat(kind, amount, on, tables)
            steps = [
                _step("price", amount), _step("without_vat", found.without_tax),
                _step("vat", found.vat, rate=f"{float(found.rate * 100):g}%"), _step("source", None, source=found.source),
            ]  # fmt: skip
            return {"gross": amount, "tax": found.vat, "net": found.without_tax, "steps": steps, "flagged": False}
        if net and method != TaxMethod.LABOUR:
            raise Refused("no_gross_up", _("A fee after tax is reckoned for labour remuneration only."), field="net")
        result = gross_up(amount, on, tables).result if net else reckon(method, [amount], on, tables)[0]
    except TaxError as error:
        raise Refused("tax_unknown", "%(text)s", params={"text": tax_error_sentence(error)}, field="on") from None
    steps = [_step("income", result.income), *_steps(result, result.tax)]
    return {"gross": result.income, "tax": result.tax, "net": result.net, "steps": steps, "flagged": net}


def _paid_in_year(year: int, person: Person | None, party: Party | None) -> list[tuple[dt.date, int, int]]:
    """Days with income and tax of what somebody was paid as a platform worker: payouts and wages together."""
    # Asked for first: an index finds the payouts of parties, not of their people.
    parties = {party.pk} if party is not None else set()
    if person is not None:
        parties.update(Party.objects.filter(person=person, tax_method=TaxMethod.PLATFORM).values_list("pk", flat=True))
    # What was set off or cancelled was not paid, so it is no income of the year.
    found = list(
        Payout.objects.filter(party__in=parties, due_date__year=year)
        .exclude(state=PayoutState.CANCELLED)
        .order_by()
        .values_list("due_date")
        .annotate(income=Sum(F("gross_minor") - F("set_off_minor")), tax=Sum("tax_minor"))
    )
    if person is not None:
        found += (
            WagePayment.objects.filter(person=person, method=TaxMethod.PLATFORM, on_date__year=year)
            .order_by()
            .values_list("on_date")
            .annotate(income=Sum("gross_minor"), tax=Sum("tax_minor"))
        )
    return found


def _months(paid: list[tuple[dt.date, int, int]], due_date: dt.date, gross_minor: int) -> list[int]:
    """Income month by month, from the first to the last that has some, this payment in its own."""
    by_month: dict[str, int] = defaultdict(int)
    for month_day, gross, _tax in [*paid, (due_date, gross_minor, 0)]:
        by_month[month_of(month_day)] += gross
    return [by_month[month] for month in months_between(min(by_month), max(by_month))]


def _cumulative(
    paid: list[tuple[dt.date, int, int]], gross_minor: int, due_date: dt.date, tables: Sequence[Table]
) -> TaxResult:
    """The tax of the whole year so far less what was withheld, over all titles; payouts count in the month due.

    A payout that falls due before one already issued is reckoned to the later month: the year's total comes out the
    same in any order.
    """
    before = sum(tax for _day, _gross, tax in paid)
    last = reckon(TaxMethod.PLATFORM.value, _months(paid, due_date, gross_minor), due_date, tables)[-1]
    exact = last.base * last.rate - last.quick - before
    return dataclasses.replace(last, income=gross_minor, before=before, tax=max(0, int(exact + Fraction(1, 2))))


def _steps(result: TaxResult, tax: int, before: int = 0, so_far: int | None = None) -> list[dict[str, Any]]:
    """From the fee (of the year so far, where the method counts the year) to the tax; each step's amount follows."""
    base = int(result.base + Fraction(1, 2))
    deducted = (result.income if so_far is None else so_far) - base
    steps = [
        *([_step("deducted", -deducted)] if deducted else []),
        _step("base", base),
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
