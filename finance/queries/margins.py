"""A title's margin: what it will take by contracts, statements and a person's forecast, less shares, less its cost.

Receipts are never made up: what came in counts, what a signed contract guarantees counts, and beyond that only what
somebody forecast under their name. Shares of what is to come are what the settlement engine makes of it.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from delivery.models import Platform
from finance.choices import ContractState, PartyKind, PayoutState, StatementState
from finance.contracts import engine_contract
from finance.estimating import Margin
from finance.models import Contract, Party, Payout, ReceiptForecast, StatementLine
from finance.queries.after_tax import AfterTax
from finance.queries.estimates import TitleEstimate
from finance.settlement import read_contract, read_receipts, settle
from studio.models import Production
from studio.values import Money


@dataclasses.dataclass(frozen=True)
class PlatformMargin:
    """What a title takes on one platform in all. `note` says why shares could not be reckoned, where they could not."""

    platform: Platform
    received_minor: int
    forecast: ReceiptForecast | None
    ahead_minor: int
    guaranteed_minor: int
    shares_minor: int
    note: str

    @property
    def expected_minor(self) -> int:
        return self.received_minor + self.ahead_minor + self.guaranteed_minor


@dataclasses.dataclass(frozen=True)
class TitleMargin:
    margin: Margin
    platforms: tuple[PlatformMargin, ...]
    amounts: dict[str, int]
    """Key -> what it adds to the margin; they sum to it."""

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(row.note for row in self.platforms if row.note)


def title_margin(found: TitleEstimate) -> TitleMargin:
    """Five queries beyond the estimate's."""
    production = found.costs.production
    rows = _platforms(production)
    margin = Margin(
        expected=sum(row.expected_minor for row in rows), shares=sum(row.shares_minor for row in rows),
        cost=found.estimate.at_completion,
    )  # fmt: skip
    amounts: dict[str, int] = {key: -amount for key, amount in found.estimate.amounts().items()}
    for row in rows:
        own = {
            "receipts": row.received_minor, "forecast": row.ahead_minor, "guarantee": row.guaranteed_minor,
            "shares": -row.shares_minor,
        }  # fmt: skip
        amounts |= {f"{what}:{row.platform.pk}": amount for what, amount in own.items() if amount}
    return TitleMargin(margin, tuple(rows), amounts)


def _platforms(production: Production) -> list[PlatformMargin]:
    unit = production.studio.currency
    received: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
    for platform, period, kind, total in (
        StatementLine.objects.filter(
            statement__production=production, statement__currency=unit,
            statement__state__in=[StatementState.ACCEPTED, StatementState.SETTLED],
        )
        .values_list("statement__platform", "statement__period", "kind")
        .annotate(total=Sum("amount_minor"))
        .order_by("statement__period", "kind")
    ):  # fmt: skip
        received[platform].append((period, kind, total))
    versions: dict[int, list[Contract]] = defaultdict(list)
    for contract in (
        Contract.objects.filter(production=production).exclude(state=ContractState.DRAFT).order_by("from_date")
    ):  # fmt: skip
        versions[contract.platform_id].append(contract)
    forecasts = {
        row.platform_id: row
        for row in ReceiptForecast.objects.filter(production=production).select_related("said_by").order_by("pk")
    }
    own = set(Party.objects.filter(studio=production.studio_id, kind=PartyKind.STUDIO).values_list("code", flat=True))
    platforms = Platform.objects.in_bulk({*received, *versions, *forecasts})
    borne = _borne(production, versions)
    rows = [
        _platform(production, platforms[pk], received[pk], versions[pk], forecasts.get(pk), own)
        for pk in sorted(platforms)
    ]
    return [dataclasses.replace(row, shares_minor=row.shares_minor + borne.get(row.platform.pk, 0)) for row in rows]


def _borne(production: Production, versions: Mapping[int, list[Contract]]) -> dict[int, int]:
    """Platform -> the tax that the studio bore so far on what is agreed after tax; asked only where something is."""
    if not any(AfterTax(rows) for rows in versions.values()):
        return {}
    return dict(
        Payout.objects.filter(
            settlement__production=production, settlement__currency=production.studio.currency, borne_minor__gt=0
        )
        .exclude(state=PayoutState.CANCELLED)
        .order_by()
        .values_list("settlement__contract__platform")
        .annotate(total=Sum("borne_minor"))
    )


def _platform(
    production: Production, platform: Platform, received: list[tuple[str, str, int]], versions: list[Contract],
    forecast: ReceiptForecast | None, own: set[str],
) -> PlatformMargin:  # fmt: skip
    total = sum(amount for _period, _kind, amount in received)
    ahead = max(0, forecast.amount_minor - total) if forecast is not None else 0

    def made(guaranteed: int, shares: int, note: str) -> PlatformMargin:
        return PlatformMargin(platform, total, forecast, ahead, guaranteed, shares, note)

    if not versions:
        note = _("%(platform)s: no signed contract, so nobody's share is reckoned.") % {"platform": platform.name}
        return made(0, 0, note if total or ahead else "")
    data = engine_contract(production, versions)
    if data["currency"] != production.studio.currency:
        note = _("%(platform)s: the contract is in %(currency)s and is left out.")
        return made(0, 0, note % {"platform": platform.name, "currency": data["currency"]})
    contract, faults = read_contract(data)
    receipts = _receipts(production, received, forecast, ahead)
    if contract is not None:
        rows, more = read_receipts(receipts, contract)
        faults = [*faults, *more]
        if not more:
            months = [str(row["period"]) for row in receipts] + _guarantee_months(data)
            result = settle(contract, rows, max(months) if months else versions[-1].from_date.strftime("%Y-%m"))
            faults = [*faults, *result.faults]
            if not result.faults:
                paid = sum(
                    row.amount
                    for row in result.allocations
                    if row.source == "payer" and row.party in own and row.amount > 0
                )
                others = sum(row.amount for row in result.allocations if row.party not in own)
                # What a payer pays ahead stands as a share below zero; here it is receipts that a contract promises.
                return made(paid, others + paid, "")
    note = _("%(platform)s: shares cannot be reckoned: %(why)s")
    return made(0, 0, note % {"platform": platform.name, "why": faults[0].message if faults else ""})


def _receipts(
    production: Production, received: list[tuple[str, str, int]], forecast: ReceiptForecast | None, ahead: int
) -> list[dict[str, Any]]:
    unit = production.studio.currency
    rows = [
        {
            "line": f"{period} {kind}", "title": production.code, "kind": kind, "period": period,
            "amount": Money(amount, unit).plain(),
        }
        for period, kind, amount in received
    ]  # fmt: skip
    if ahead and forecast is not None:
        kinds: dict[str, int] = defaultdict(int)
        for _period, kind, amount in received:
            kinds[kind] += amount
        last = max((period for period, _kind, _amount in received), default="")
        rows.append(
            {
                "line": "forecast", "title": production.code, "kind": max(kinds, key=lambda kind: kinds[kind]) if kinds else "share",
                "period": max(forecast.by_month, last), "amount": Money(ahead, unit).plain(),
            }
        )  # fmt: skip
    return rows


def _guarantee_months(data: dict[str, Any]) -> list[str]:
    """The months in which terms promise money whatever comes in."""
    return [
        str(term["on"])[:7]
        for version in data["versions"]
        for term in version["terms"]
        if isinstance(term, dict) and term.get("kind") == "guarantee" and term.get("on")
    ]
