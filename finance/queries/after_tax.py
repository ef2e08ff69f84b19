"""What was agreed after tax: which clauses in which months, and how much of a settlement each party keeps whole."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.utils import timezone

from finance.choices import ContractState, TaxMethod
from finance.models import Allocation, Contract, Party, Payout, Settlement
from finance.settlement.tax import TaxError, reckon
from finance.settlement.tax import kept_whole as reckon_kept
from finance.taxes import tables_of
from studio.values import month_of


class AfterTax:
    """The clauses of a contract's versions that are agreed after tax, by the month from which each version holds."""

    def __init__(self, versions: Iterable[Contract]) -> None:
        self._versions = [
            (
                month_of(row.from_date),
                frozenset(
                    str(term["id"])
                    for term in row.terms.get("terms", [])
                    if term.get("after_tax") is True and "id" in term
                ),
            )
            for row in versions
        ]
        self._versions.sort()

    def __bool__(self) -> bool:
        return any(terms for _begin, terms in self._versions)

    def holds(self, term: str, period: str) -> bool:
        """Whether a clause's amount of a month (or day) is what the payee keeps."""
        in_force = [terms for begin, terms in self._versions if begin <= period[:7]]
        return bool(in_force) and term in in_force[-1]


def agreed_after_tax(contract: Contract) -> AfterTax:
    """Of a version and those before it, by which its months were settled. One query."""
    return AfterTax(
        Contract.objects.filter(
            production=contract.production_id, platform=contract.platform_id, from_date__lte=contract.from_date
        ).exclude(state=ContractState.DRAFT)
    )


def kept_whole(settlement: Settlement, agreed: AfterTax) -> dict[int, int]:
    """Party -> what it has from a settlement by clauses agreed after tax; below zero where it is taken back."""
    found: dict[int, int] = defaultdict(int)
    if agreed:
        for party, term, period, amount in Allocation.objects.filter(settlement=settlement).values_list(
            "party", "term", "period", "amount_minor"
        ):
            if agreed.holds(term, period):
                found[party] += amount
    return found


@dataclasses.dataclass(frozen=True)
class KeptShare:
    """What a party keeps of a settlement after tax, and what that costs; None where only the issuing can tell."""

    party: Party
    kept_minor: int
    borne_minor: int | None = None
    gross_minor: int | None = None


def kept_of_payouts(payouts: Iterable[Payout]) -> list[KeptShare]:
    return [
        KeptShare(row.party, row.after_tax_minor, row.borne_minor, row.gross_minor)
        for row in payouts
        if row.after_tax_minor
    ]


def kept_of_draft(settlement: Settlement, shares: Iterable[tuple[Party, int, int]]) -> list[KeptShare]:
    """The same before it is issued, from (party, its whole part, what it keeps of it): as if it were issued today.

    Set-offs are left out, and the cumulative method, which asks what is paid by then. One query.
    """
    kept = [(party, total, min(part, total)) for party, total, part in shares if part > 0 and total > 0]
    if not kept:
        return []
    studio = settlement.production.studio
    tables = tables_of(studio.pk)
    due = timezone.localdate(timezone=studio.zone) + dt.timedelta(days=settlement.contract.pay_after_days)
    found = []
    for party, total, part in kept:
        if party.tax_method == TaxMethod.NONE:
            found.append(KeptShare(party, part, 0, total))
            continue
        if party.tax_method == TaxMethod.PLATFORM:
            found.append(KeptShare(party, part))
            continue
        try:
            whole = reckon_kept(
                part, total - part, lambda gross, method=party.tax_method: reckon(method, [gross], due, tables)[0]
            )
        except TaxError:
            found.append(KeptShare(party, part))
            continue
        found.append(KeptShare(party, part, whole.borne, whole.result.income))
    return found
