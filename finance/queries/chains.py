"""A contract's settlements one after the other: which statements they took in, and what they gave in all."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import F, Max, QuerySet, Sum

from delivery.models import Platform
from finance.choices import SettlementKind, SettlementState, StatementState
from finance.models import Allocation, Contract, Debt, SettledStatement, Settlement, Statement
from studio.models import Production

IN_FORCE = [StatementState.ACCEPTED, StatementState.SETTLED]


@dataclasses.dataclass(frozen=True)
class Chain:
    """The title that a contract is kept under, the platform, and all titles that it covers."""

    production: Production
    platform: Platform
    titles: tuple[Production, ...]

    @property
    def title_ids(self) -> list[int]:
        return [title.pk for title in self.titles]

    def statements(self) -> QuerySet[Statement]:
        return Statement.objects.filter(production__in=self.title_ids, platform=self.platform)

    def settlements(self) -> QuerySet[Settlement]:
        """Those issued, in their order."""
        return Settlement.objects.filter(
            production=self.production, statement__platform=self.platform, state=SettlementState.ISSUED
        ).order_by("position")

    def standing(self) -> QuerySet[Settlement]:
        """Those issued that were not taken back, and take none back themselves."""
        return self.settlements().exclude(kind=SettlementKind.REVERSAL).filter(reversed_by=None)


def chain_of(production: Production, platform: Platform) -> Chain:
    return Chain(production, platform, (production,))


def settled_of_month(row: Statement) -> Statement | None:
    """The settled statement of the same title, platform and month, which this one would correct."""
    return (
        Statement.objects.filter(
            production=row.production_id, platform=row.platform_id, period=row.period, state=StatementState.SETTLED
        )
        .exclude(pk=row.pk)
        .first()
    )


def last_settled_after(row: Statement) -> str:
    """The last month settled under the contract, when it lies after the statement's."""
    chain = chain_of(row.production, row.platform)
    last = chain.standing().filter(period__gt=row.period).order_by("-period").values_list("period", flat=True).first()
    return last or ""


def pool_title(contract: Contract, code: str) -> str:
    """What a title is pooled as: the name of its group, or itself."""
    groups = contract.terms.get("groups", {})
    return next((name for name, codes in groups.items() if code in codes), code)


@dataclasses.dataclass(frozen=True)
class Issued:
    """What a party was given by a clause in a month out of a pool, over all settlements issued so far."""

    party: str
    term: str
    clause: str
    period: str
    source: str
    title: str
    kind: str
    amount_minor: int


def issued_lines(chain: Chain) -> list[Issued]:
    rows = (
        Allocation.objects.filter(settlement__in=chain.settlements())
        .values("party__code", "term", "period", "source", "title", "kind")
        .annotate(clause_=Max("clause"), total=Sum("amount_minor"))
        .order_by()
    )
    return [
        Issued(
            row["party__code"], row["term"], row["clause_"], row["period"], row["source"], row["title"], row["kind"],
            row["total"],
        )
        for row in rows
        if row["total"]
    ]  # fmt: skip


def taken_receipts(chain: Chain) -> dict[tuple[str, str, str], int]:
    """(title's code, kind, month) -> receipts of the statements that stand in issued settlements."""
    rows = (
        SettledStatement.objects.filter(settlement__in=chain.settlements())
        .values_list("statement__production__code", "statement__lines__kind", "statement__period")
        .annotate(total=Sum(F("sign") * F("statement__lines__amount_minor")))
        .order_by()
    )
    return {(code, kind, period): total for code, kind, period, total in rows if total}


def standing_statements(statements: Iterable[Statement]) -> set[int]:
    """Which of these statements stand in issued settlements: taken in and not taken out again."""
    signs: dict[int, int] = defaultdict(int)
    for statement, sign in SettledStatement.objects.filter(
        statement__in=list(statements), settlement__state=SettlementState.ISSUED
    ).values_list("statement", "sign"):
        signs[statement] += sign
    return {statement for statement, sign in signs.items() if sign}


def open_debts(chain: Chain, parties: Iterable[int]) -> dict[int, list[Debt]]:
    """Party -> what it still owes under the contract, the oldest first."""
    found: dict[int, list[Debt]] = defaultdict(list)
    for debt in (
        Debt.objects.filter(
            settlement__production=chain.production, settlement__statement__platform=chain.platform,
            party__in=list(parties), left_minor__gt=0,
        )
        .select_related("settlement")
        .order_by("pk")
    ):  # fmt: skip
        found[debt.party_id].append(debt)
    return found
