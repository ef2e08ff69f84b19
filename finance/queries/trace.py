"""The way of a fen: statement line -> pool -> term -> payee -> payout, followed in both directions. Never writes."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from finance.agreements import engine_contract, signed_versions
from finance.choices import AllocationSource, SettlementState
from finance.models import Allocation, Debt, SettledStatement, Settlement, Statement, StatementLine
from finance.queries.chains import Chain, chain_of
from studio.access import Access
from studio.models import Production
from studio.refusals import Refused


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


def chain_with(settlement: Settlement, access: Access) -> list[Settlement]:
    """All settlements of the contract that the user sees: those issued in their order, then the drafts."""
    return list(
        access.scope(Settlement.objects.filter(_same_contract(settlement)), "money.view")
        .select_related("production", "reverses", "reversed_by")
        .order_by(F("position").asc(nulls_last=True), "pk")
    )


def _same_contract(settlement: Settlement, prefix: str = "") -> Q:
    """Rows of settlements under any version of the contract."""
    contract = settlement.contract
    return Q(
        **{
            f"{prefix}contract__production": contract.production_id,
            f"{prefix}contract__platform": contract.platform_id,
        }
    )


def settled_with(access: Access, statement: Statement) -> list[Production] | None:
    """The titles that a statement is settled among, none when by itself; None for who does not work on all of them."""
    chain = chain_of(statement.production, statement.platform)
    if not chain.is_joint or not chain.covers(statement):
        return []
    return list(chain.titles) if all(access.may_on("money.view", title) for title in chain.titles) else None


def refuse_hidden_titles(access: Access, statement: Statement) -> None:
    """A settlement over several titles is worked out by those who work on all of them."""
    if settled_with(access, statement) is None:
        raise Refused(
            "settled_with_others",
            _("This title is settled together with others under one contract. Ask somebody who works on all of them."),
        )


@dataclasses.dataclass(frozen=True)
class FromPool:
    """What a settlement gives out of one pool, and the titles whose receipts flow there."""

    title: str
    titles: tuple[Production, ...]
    shares_minor: int

    @property
    def is_joint(self) -> bool:
        return len(self.titles) > 1


def pools_met(settlement: Settlement, allocations: Iterable[Allocation]) -> list[FromPool]:
    """The pools of a joint contract that a settlement gives from, by name; none of a contract of one title."""
    chain = chain_of(settlement.production, settlement.statement.platform)
    if not chain.is_joint:
        return []
    given: dict[str, int] = defaultdict(int)
    for row in allocations:
        given[row.title] += row.amount_minor if row.source == AllocationSource.POOL else 0
    groups = _groups(chain)
    return [FromPool(title, tuple(_titles_in(chain, groups, title)), minor) for title, minor in sorted(given.items())]


def _groups(chain: Chain) -> dict[str, list[str]]:
    versions = signed_versions(chain.production, chain.platform)
    groups: dict[str, list[str]] = engine_contract(chain.production, versions).get("groups", {}) if versions else {}
    return groups


def _titles_in(chain: Chain, groups: dict[str, list[str]], title: str) -> list[Production]:
    codes = groups.get(title, [title])
    return [row for row in chain.titles if not title or row.code in codes]


def pooled_titles(settlement: Settlement, title: str) -> list[Production]:
    """The titles whose money flows into a pool: one, those that answer for one another, or all of the contract."""
    chain = chain_of(settlement.production, settlement.statement.platform)
    return _titles_in(chain, _groups(chain), title)


def pool_lines(settlement: Settlement, pool: Pool, access: Access) -> QuerySet[StatementLine]:
    """The lines in force of a pool in a month, with those that a correction took the place of, as the user sees them."""
    rows = access.scope(StatementLine.objects.all(), "money.view").filter(
        statement__production__in=pooled_titles(settlement, pool.title), statement__period=pool.period,
        statement__platform=settlement.statement.platform_id, statement__accepted_at__isnull=False,
    )  # fmt: skip
    if pool.kind:
        rows = rows.filter(kind=pool.kind)
    # Of other titles only what is settled counts: the rest comes into the pool with its own settlement.
    issued = SettledStatement.objects.filter(statement=OuterRef("statement"), settlement__state=SettlementState.ISSUED)
    rows = rows.filter(Q(statement__production=settlement.production_id) | Q(Exists(issued)))
    return rows.select_related("statement__production").order_by("statement__production__code", "statement_id", "row")


def first_pool(settlement: Settlement) -> Pool:
    """The pool that the first clause of a settlement gives out of; where no clause gives, all that flowed in."""
    rows = settlement.allocations.filter(source=AllocationSource.POOL, period=settlement.period).order_by("pk")
    title, kind = rows.values_list("title", "kind").first() or ("", "")
    return Pool(title, kind, settlement.period)


def pool_allocations(settlement: Settlement, pool: Pool, access: Access) -> QuerySet[Allocation]:
    """What the terms gave out of a pool for a month, over all settlements issued and this one, as the user sees them."""
    return (
        access.scope(Allocation.objects.all(), "money.view")
        .filter(
            Q(settlement__state=SettlementState.ISSUED) | Q(settlement=settlement),
            _same_contract(settlement, "settlement__"),
            title=pool.title, kind=pool.kind, period=pool.period,
        )
        .select_related("party", "settlement__production")
        .order_by(F("settlement__position").asc(nulls_last=True), "pk")
    )  # fmt: skip


def debts_with_set_offs(settlement: Settlement) -> list[Debt]:
    """What parties owe from a settlement, each with the payouts that it was set off against."""
    return list(
        settlement.debts.select_related("party", "lapsed_with")
        .prefetch_related("set_offs__payout__settlement")
        .order_by("pk")
    )
