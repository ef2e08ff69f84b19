"""A contract's settlements one after the other: which statements they took in, and what they gave in all."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import F, Max, QuerySet, Sum

from delivery.models import Platform
from finance.agreements import covering
from finance.choices import ContractState, SettlementKind, SettlementState, StatementState
from finance.models import Allocation, Contract, ContractTitle, Debt, SettledStatement, Settlement, Statement
from studio.models import Production
from studio.values import month_of

IN_FORCE = [StatementState.ACCEPTED, StatementState.SETTLED]


@dataclasses.dataclass(frozen=True)
class Chain:
    """The title that a contract is kept under, the platform, and all titles that it covers in the order of their codes.

    `since` holds the month from which a title was added by a later version; what was stated before is not the contract's.
    """

    production: Production
    platform: Platform
    titles: tuple[Production, ...]
    since: dict[int, str] = dataclasses.field(default_factory=dict)

    @property
    def title_ids(self) -> list[int]:
        return [title.pk for title in self.titles]

    @property
    def is_joint(self) -> bool:
        return len(self.titles) > 1

    def covers(self, statement: Statement) -> bool:
        return statement.production_id in self.title_ids and statement.period >= self.since.get(
            statement.production_id, ""
        )

    def statements(self) -> QuerySet[Statement]:
        rows = Statement.objects.filter(production__in=self.title_ids, platform=self.platform)
        for title, month in self.since.items():
            rows = rows.exclude(production=title, period__lt=month)
        return rows

    def settlements(self) -> QuerySet[Settlement]:
        """Those issued, in their order."""
        return Settlement.objects.filter(
            contract__production=self.production, contract__platform=self.platform, state=SettlementState.ISSUED
        ).order_by("position")

    def standing(self) -> QuerySet[Settlement]:
        """Those issued that were not taken back, and take none back themselves."""
        return self.settlements().exclude(kind=SettlementKind.REVERSAL).filter(reversed_by=None)


def chain_of(production: Production, platform: Platform) -> Chain:
    """What a title's statements from a platform are settled among. Two queries; one more for a joint contract."""
    further = list(
        ContractTitle.objects.filter(
            contract__in=Contract.objects.filter(covering(production), platform=platform).exclude(
                state=ContractState.DRAFT
            )
        )
        .select_related("contract")
        .order_by("contract__from_date")
    )
    if not further:
        return Chain(production, platform, (production,))
    kept_under = further[0].contract.production_id
    rows = ContractTitle.objects.filter(contract__production=kept_under, contract__platform=platform).exclude(
        contract__state=ContractState.DRAFT
    )
    since: dict[int, str] = {}
    for title, day in rows.order_by("contract__from_date").values_list("production", "contract__from_date"):
        since.setdefault(title, month_of(day))
    titles = list(
        Production.objects.filter(pk__in=[kept_under, *since]).select_related("studio").order_by("code", "pk")
    )
    first = next(title for title in titles if title.pk == kept_under)
    return Chain(first, platform, tuple(titles), since)


@dataclasses.dataclass(frozen=True)
class Unit:
    """Statements of one title that are settled together: a month's, or all that is corrected and late."""

    production_id: int
    coming: tuple[Statement, ...]
    going: tuple[Statement, ...]
    regular: bool

    @property
    def period(self) -> str:
        return min((row.period for row in self.coming), default="")

    @property
    def last(self) -> str:
        """The month up to which it has the contract reckoned: of what is regular its own."""
        return self.period if self.regular else ""


def waiting_units(chain: Chain) -> list[Unit]:
    """What waits to be settled under a contract, in the one order in which it is issued.

    First what corrects months that are settled, title by title; then month by month, and in a month by the titles' codes.
    """
    settled: dict[int, str] = {}
    for title, period in chain.standing().order_by().values_list("production", "period"):
        settled[title] = max(settled.get(title, ""), period)
    rows = list(
        chain.statements()
        .filter(state__in=[StatementState.ACCEPTED, StatementState.CORRECTED])
        .select_related("production")
        .order_by("period", "production__code", "pk")
    )
    replaced = [row for row in rows if row.state == StatementState.CORRECTED]
    kept = standing_statements(replaced) if replaced else set()
    units: list[Unit] = []
    for title in chain.title_ids:
        late = tuple(
            row
            for row in rows
            if row.production_id == title
            and row.state == StatementState.ACCEPTED
            and row.period <= settled.get(title, "")
        )
        going = tuple(
            sorted((row for row in replaced if row.production_id == title and row.pk in kept), key=lambda row: row.pk)
        )
        if late or going:
            units.append(Unit(title, late, going, regular=False))
    units += [
        Unit(row.production_id, (row,), (), regular=True)
        for row in rows
        if row.state == StatementState.ACCEPTED and row.period > settled.get(row.production_id, "")
    ]
    return units


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
    """The title's last month settled under the contract, when it lies after the statement's."""
    chain = chain_of(row.production, row.platform)
    last = chain.standing().filter(production=row.production_id, period__gt=row.period).order_by("-period")
    return last.values_list("period", flat=True).first() or ""


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
            settlement__contract__production=chain.production, settlement__contract__platform=chain.platform,
            party__in=list(parties), left_minor__gt=0,
        )
        .select_related("settlement")
        .order_by("pk")
    ):  # fmt: skip
        found[debt.party_id].append(debt)
    return found
