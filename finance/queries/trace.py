"""The way of a fen: statement line -> pool -> term -> payee -> payout, followed in both directions. Never writes."""

from __future__ import annotations

import dataclasses

from django.db.models import F, Q, QuerySet, Sum

from finance.choices import SettlementState
from finance.contracts import engine_contract
from finance.models import Allocation, Contract, Debt, SettledStatement, Settlement, Statement, StatementLine
from finance.queries.chains import chain_of
from studio.models import Production


@dataclasses.dataclass(frozen=True)
class Pool:
    """One pool of a contract in one month: a title's code or a group's name, and a kind; empty where all flow together."""

    title: str
    kind: str
    period: str


@dataclasses.dataclass(frozen=True)
class Taken:
    """A statement that a settlement takes in (sign 1) or out (-1), and what it makes."""

    statement: Statement
    sign: int

    @property
    def minor(self) -> int:
        return self.sign * self.statement.counted_minor


def taken_by(settlement: Settlement) -> list[Taken]:
    """The statements of a settlement in the order of their months; one query."""
    rows = settlement.takes.select_related("statement__production", "statement__platform").order_by(
        "statement__period", "statement__production__code", "sign", "pk"
    )
    return [Taken(row.statement, row.sign) for row in rows]


def receipts_by_kind(settlement: Settlement) -> list[tuple[str, str, str, int]]:
    """(month, title, kind, receipts) of the statements a settlement takes in, less those it takes out."""
    rows = (
        SettledStatement.objects.filter(settlement=settlement)
        .values_list("statement__period", "statement__production__title", "statement__lines__kind")
        .annotate(total=Sum(F("sign") * F("statement__lines__amount_minor")))
        .order_by("statement__period", "statement__production__title", "statement__lines__kind")
    )
    return [(period, title, kind, total) for period, title, kind, total in rows if kind is not None]


def chain_with(settlement: Settlement) -> list[Settlement]:
    """All settlements of the contract: those issued in their order, then the drafts."""
    return list(
        Settlement.objects.filter(
            production=settlement.production_id, statement__platform=settlement.statement.platform_id
        )
        .select_related("reverses", "reversed_by")
        .order_by(F("position").asc(nulls_last=True), "pk")
    )


def pooled_titles(settlement: Settlement, title: str) -> list[Production]:
    """The titles whose money flows into a pool: one, those of a group, or all that the contract covers."""
    chain = chain_of(settlement.production, settlement.statement.platform)
    versions = list(Contract.objects.filter(pk=settlement.contract_id))
    groups: dict[str, list[str]] = engine_contract(settlement.production, versions).get("groups", {})
    codes = groups.get(title, [title])
    return [row for row in chain.titles if not title or row.code in codes]


def pool_lines(settlement: Settlement, pool: Pool) -> QuerySet[StatementLine]:
    """The lines in force of a pool in a month, with those that a correction took the place of."""
    rows = StatementLine.objects.filter(
        statement__production__in=pooled_titles(settlement, pool.title), statement__period=pool.period,
        statement__platform=settlement.statement.platform_id, statement__accepted_at__isnull=False,
    )  # fmt: skip
    if pool.kind:
        rows = rows.filter(kind=pool.kind)
    return rows.select_related("statement__production").order_by("statement_id", "row")


def pool_allocations(settlement: Settlement, pool: Pool) -> QuerySet[Allocation]:
    """What the terms gave out of a pool for a month, over all settlements issued and this one."""
    return (
        Allocation.objects.filter(
            Q(settlement__state=SettlementState.ISSUED) | Q(settlement=settlement),
            settlement__production=settlement.production_id,
            settlement__statement__platform=settlement.statement.platform_id,
            title=pool.title, kind=pool.kind, period=pool.period,
        )
        .select_related("party", "settlement")
        .order_by(F("settlement__position").asc(nulls_last=True), "pk")
    )  # fmt: skip


def debts_with_set_offs(settlement: Settlement) -> list[Debt]:
    """What parties owe from a settlement, each with the payouts that it was set off against."""
    return list(
        settlement.debts.select_related("party", "lapsed_with")
        .prefetch_related("set_offs__payout__settlement")
        .order_by("pk")
    )
