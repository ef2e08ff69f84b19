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
from finance.agreements import covering, engine_contract, signed_versions, stated_titles
from finance.choices import ContractState, PartyKind, PayoutState, StatementState
from finance.estimating import Margin
from finance.models import Allocation, Contract, Party, Payout, ReceiptForecast, StatementLine
from finance.queries.after_tax import AfterTax
from finance.queries.chains import Chain, chain_of, taken_receipts
from finance.queries.estimates import TitleEstimate
from finance.settlement import Settlement, read_contract, read_receipts, settle
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
    """Five queries beyond the estimate's; for each contract over several titles a few more."""
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
        Contract.objects.filter(covering(production)).exclude(state=ContractState.DRAFT).order_by("from_date")
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
    chain = chain_of(production, platform) if _of_several(production, versions) else None
    if chain is not None:
        versions = signed_versions(chain.production, platform)
    data = engine_contract(chain.production if chain is not None else production, versions)
    if data["currency"] != production.studio.currency:
        note = _("%(platform)s: the contract is in %(currency)s and is left out.")
        return made(0, 0, note % {"platform": platform.name, "currency": data["currency"]})
    contract, faults = read_contract(data)
    receipts = _receipts(production, received, forecast, ahead)
    if contract is not None:
        # Under a contract over several titles the title bears what its settlements gave, and what its next ones will.
        base = _settled(chain, production, unit=production.studio.currency) if chain is not None else None
        kept = base.counted if base is not None else []
        rows, more = read_receipts(base.lay_over(receipts) if base is not None else receipts, contract)
        before, _more = read_receipts(kept, contract)
        faults = [*faults, *more]
        if not more:
            months = [str(row["period"]) for row in [*receipts, *kept]] + _guarantee_months(data)
            through = max(months) if months else versions[-1].from_date.strftime("%Y-%m")
            result = settle(contract, rows, through)
            earlier = settle(contract, before, through) if base is not None else None
            faults = [*faults, *result.faults]
            if not result.faults:
                paid, others = _given(result, own)
                if base is not None and earlier is not None and not earlier.faults:
                    paid_before, others_before = _given(earlier, own)
                    paid += base.paid_minor(own) - paid_before
                    others += base.shares_minor(own) - others_before
                # What a payer pays ahead stands as a share below zero; here it is receipts that a contract promises.
                return made(paid, others + paid, "")
    note = _("%(platform)s: shares cannot be reckoned: %(why)s")
    return made(0, 0, note % {"platform": platform.name, "why": faults[0].message if faults else ""})


def _of_several(production: Production, versions: list[Contract]) -> bool:
    return any(row.production_id != production.pk or len(stated_titles(row.terms)) > 1 for row in versions)


def _given(result: Settlement, own: set[str]) -> tuple[int, int]:
    """What payers pay ahead to the studio, and what others have in all."""
    paid = sum(
        row.amount for row in result.allocations if row.source == "payer" and row.party in own and row.amount > 0
    )
    return paid, sum(row.amount for row in result.allocations if row.party not in own)


@dataclasses.dataclass(frozen=True)
class _Settled:
    """What stands in issued settlements of a contract over several titles, and what those of one title gave."""

    code: str
    counted: list[dict[str, Any]]
    given: list[tuple[str, str, int]]

    def lay_over(self, receipts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The other titles' settled receipts with all of this title's."""
        return [*receipts, *(row for row in self.counted if row["title"] != self.code)]

    def paid_minor(self, own: set[str]) -> int:
        return sum(amount for party, source, amount in self.given if source == "payer" and party in own and amount > 0)

    def shares_minor(self, own: set[str]) -> int:
        return sum(amount for party, _source, amount in self.given if party not in own)


def _settled(chain: Chain, production: Production, unit: str) -> _Settled:
    return _Settled(
        production.code,
        [
            {
                "line": f"{code} {period} {kind} settled", "title": code, "kind": kind, "period": period,
                "amount": Money(total, unit).plain(),
            }
            for (code, kind, period), total in sorted(taken_receipts(chain).items())
        ],
        list(
            Allocation.objects.filter(settlement__in=chain.settlements(), settlement__production=production)
            .order_by("pk")
            .values_list("party__code", "source", "amount_minor")
        ),
    )  # fmt: skip


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
