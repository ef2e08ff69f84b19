"""Exchange rates of a studio by day, and statements in another currency beside them.

A statement keeps its own currency line by line; its total is converted once, exactly, and rounded once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from finance.choices import StatementState
from finance.desk import desk_finding
from finance.events import ExchangeRateNoted
from finance.models import ExchangeRate, Statement
from finance.periods import following, refuse_closed
from finance.sentences import is_error
from finance.statements import exchanged, parse_rate, plain_rate, rounded
from studio.facts import publish
from studio.models import Studio, User
from studio.refusals import Refused
from studio.values import CURRENCIES, month_of, parse_month

Rates = Mapping[tuple[str, str], tuple[Fraction, str]]


def rates_of(studio_id: int, period: str) -> Rates:
    """Of each pair the last rate dated in that month, with where it comes from; each can be read both ways."""
    there: dict[tuple[str, str], tuple[Fraction, str]] = {}
    back: dict[tuple[str, str], tuple[Fraction, str]] = {}
    rows = ExchangeRate.objects.filter(
        studio=studio_id, on_date__gte=parse_month(period), on_date__lt=parse_month(following(period))
    )
    for row in rows.order_by("on_date", "pk"):
        said = f"{row.source} {row.on_date.isoformat()}"[:200]
        there[row.base, row.quote] = row.ratio, said
        back[row.quote, row.base] = 1 / row.ratio, said
    return back | there


def convert(
    statement: Statement, *, target: str, required: bool, stated: Collection[str], rates: Rates
) -> list[dict[str, Any]]:
    """Put a statement's total in another currency beside it; what is wrong where that cannot be done and must be.

    The rate is the one the statement states, else the month's row. Changes the object, writes nothing.
    """
    statement.rate_numerator = statement.rate_denominator = statement.converted_minor = None
    statement.converted_currency = statement.rate_source = ""
    if statement.currency == target:
        return []
    if len(stated) > 1:
        return [desk_finding("two_rates", None, rates=", ".join(sorted(stated)))]
    if stated:
        written = next(iter(stated))
        ratio, source = parse_rate(written), str(_("stated by the platform"))
        if ratio is None:
            return [desk_finding("unreadable_rate", None, value=written)]
    elif (statement.currency, target) in rates:
        ratio, source = rates[statement.currency, target]
    else:
        if not required:
            return []
        return [desk_finding("no_rate", None, found=statement.currency, currency=target, period=statement.period)]
    statement.rate_numerator, statement.rate_denominator = ratio.numerator, ratio.denominator
    statement.rate_source, statement.converted_currency = source, target
    statement.converted_minor = rounded(exchanged(statement.counted_minor, statement.currency, target, ratio))
    return []


def wanted_currency(statement_currency: str, contract_currency: str, studio_currency: str) -> tuple[str, bool]:
    """Which currency a statement is converted to, and whether it must be.

    A contract in the statement's own currency settles as it is, and a rate only serves the studio's sums.
    """
    if contract_currency and contract_currency != statement_currency:
        return contract_currency, True
    return studio_currency, not contract_currency


@transaction.atomic
def note_rate(
    *,
    studio: Studio,
    base: str,
    quote: str,
    on_date: dt.date,
    rate: str,
    source: str,
    by: User | None,
    at: dt.datetime | None = None,
) -> ExchangeRate:
    """Write down what one unit of `base` was worth in `quote` on a day. Statements held for want of it are looked at again.

    A rate is never edited: another of the same day is refused, and so is one of a closed month.
    """  # fmt: skip
    if base not in CURRENCIES or quote not in CURRENCIES or base == quote:
        raise Refused("unknown_currency", _("A rate is between two currencies that are known."), field="quote")
    ratio = parse_rate(rate)
    if ratio is None:
        raise Refused("not_a_rate", _("Write a rate above zero such as 7.1234."), field="rate")
    if not source.strip():
        raise Refused("source_missing", _("Say where the rate comes from."), field="source")
    refuse_closed(studio.pk, month_of(on_date))
    try:
        with transaction.atomic():
            row = ExchangeRate.objects.create(
                studio=studio, base=base, quote=quote, on_date=on_date, numerator=ratio.numerator,
                denominator=ratio.denominator, source=source.strip()[:200], made_by=by,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(
            "rate_there",
            _("There is a rate of that day already. A rate is not changed."),
            conflict=True,
            field="on_date",
        ) from None
    publish(
        ExchangeRateNoted(
            studio_id=studio.pk, exchange_rate_id=row.pk, base=base, quote=quote, on_date=on_date.isoformat(),
            rate=plain_rate(ratio),
        ),
        by=by, at=at,
    )  # fmt: skip
    _look_again(studio, month_of(on_date), {base, quote})
    return row


def _look_again(studio: Studio, period: str, pair: set[str]) -> None:
    """Convert what was held only because there was no rate."""
    rates = rates_of(studio.pk, period)
    for statement in Statement.objects.select_for_update(of=("self",)).filter(
        production__studio=studio, period=period, state=StatementState.HELD, currency__in=pair
    ):
        missing = [finding for finding in statement.findings if finding["code"] == "no_rate"]
        target = missing[0]["params"]["currency"] if missing else ""
        if not target or {statement.currency, target} != pair:
            continue
        rest = [finding for finding in statement.findings if finding["code"] != "no_rate"]
        rest += convert(statement, target=target, required=True, stated=(), rates=rates)
        statement.findings = rest
        # A person who held it has said why; that stands.
        if not any(is_error(finding) for finding in rest) and not statement.reason:
            statement.state = StatementState.READY
        statement.save()
