"""What a settlement is made of: the statements it counts, the contract as it is, and what was issued before it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import Any

from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delivery.models import Takedown
from finance.agreements import contract_in_force, engine_contract
from finance.choices import ContractState, PartyKind, SettlementKind, StatementState
from finance.models import Contract, Party, Statement, StatementLine
from finance.queries.chains import (
    IN_FORCE,
    Chain,
    Issued,
    Unit,
    chain_of,
    issued_lines,
    standing_statements,
    taken_receipts,
    waiting_units,
)
from studio.refusals import Refused
from studio.values import Money, month_of


@dataclasses.dataclass(frozen=True)
class Inputs:
    """All that a settlement is made of, as plain values: two readings are compared before anything is written.

    The engine reckons `receipts` up to `through`. `taken` are the statements that come in (1) and go out (-1). `issued`
    is what stands already; where something that is issued earlier still waits, it is what will stand then: the engine's
    of `receipts_before` up to `after_period`.
    """

    production_id: int
    contract_id: int
    statement_id: int
    kind: str
    period: str
    through: str
    after_period: str
    currency: str
    contract: dict[str, Any]
    receipts: tuple[dict[str, str], ...]
    receipts_before: tuple[dict[str, str], ...]
    takedowns: tuple[dict[str, str], ...]
    taken: tuple[tuple[int, int], ...]
    stated_minor: int
    issued: tuple[Issued, ...]
    issued_minor: int
    issued_receipts: tuple[tuple[str, str, str, int], ...]
    own_parties: frozenset[str]

    def digest(self) -> str:
        """SHA-256 of all of it: a draft made of the same is the same."""
        plain = json.dumps(dataclasses.asdict(self), sort_keys=True, ensure_ascii=False, default=sorted)
        return hashlib.sha256(plain.encode()).hexdigest()


def read_inputs(statement: Statement) -> Inputs:
    """The statements in force under the contract, what was issued, and the contract as it is in the last month.

    A joint contract is reckoned over all its titles; what is settled is the statement's own. What comes before it in the
    order of issuing and waits is taken as issued. Refuses a statement that is not accepted, a month without a contract,
    and two currencies.
    """
    if statement.state not in IN_FORCE:
        raise Refused("statement_not_accepted", _("Accept the statement first."), conflict=True)
    chain = chain_of(statement.production, statement.platform)
    settled_through = max(chain.standing().values_list("period", flat=True), default="")
    units = waiting_units(chain)
    unit, before = unit_of(units, statement)
    if not (unit.coming or unit.going) and statement.period > settled_through:
        # It says that it is settled, and nothing that stands has it.
        raise issued_already()
    down = _takedowns(chain)
    through = max([settled_through, unit.last, *(row.last for row in before)])
    if not units:
        # Nothing is stated any more: what a takedown takes back is settled by itself.
        through = max([through, statement.period, *(row["on"] for row in down)])
    if not chain.covers(statement):
        raise _no_contract(chain, statement.period)
    contract, data = _contract(chain, max(through, statement.period), statement.currency)
    counted = _counted(chain, [*before, unit])
    other = next((row for row in counted if row.currency != data["currency"]), None)
    if other is not None:
        raise _two_currencies(other.currency, data["currency"])
    asked_for = min(unit.coming, key=lambda row: (row.period, row.pk), default=statement)
    return Inputs(
        production_id=statement.production_id,
        contract_id=contract.pk,
        statement_id=asked_for.pk,
        kind=SettlementKind.REGULAR if unit.regular else SettlementKind.DIFFERENCE,
        period=asked_for.period if unit.coming else through,
        through=through,
        after_period=max([settled_through, *(row.last for row in before)]) if before else "",
        currency=statement.currency,
        contract=data,
        receipts=_receipts(counted, statement.currency),
        receipts_before=_receipts(_counted(chain, before), statement.currency) if before else (),
        takedowns=tuple(row for row in down if row["on"] <= through),
        taken=tuple([(row.pk, 1) for row in unit.coming] + [(row.pk, -1) for row in unit.going]),
        stated_minor=sum(row.counted_minor for row in unit.coming) - sum(row.counted_minor for row in unit.going),
        issued=() if before else tuple(sorted(issued_lines(chain), key=dataclasses.astuple)),
        issued_minor=chain.settlements().order_by().aggregate(total=Sum("receipts_minor"))["total"] or 0,
        issued_receipts=() if before else tuple(sorted((*key, total) for key, total in taken_receipts(chain).items())),
        own_parties=frozenset(
            Party.objects.filter(studio=chain.production.studio_id, kind=PartyKind.STUDIO).values_list(
                "code", flat=True
            )
        ),
    )


def unit_of(units: list[Unit], statement: Statement) -> tuple[Unit, list[Unit]]:
    """What a statement is settled in, and what is issued before it; of a settled one its title's corrections, or nothing."""
    for number, unit in enumerate(units):
        if statement in unit.coming:
            return unit, units[:number]
    for number, unit in enumerate(units):
        if not unit.regular and unit.production_id == statement.production_id:
            return unit, units[:number]
    return Unit(statement.production_id, (), (), regular=False), []


def _counted(chain: Chain, units: list[Unit]) -> list[Statement]:
    """The statements that stand in issued settlements, with those that these units bring in and without what they take out."""
    going = {row.pk for unit in units for row in unit.going}
    coming = {row.pk for unit in units for row in unit.coming}
    rows = chain.statements().filter(
        Q(state=StatementState.SETTLED) | Q(state=StatementState.CORRECTED) | Q(pk__in=coming)
    )
    found = list(rows.select_related("production").order_by("period", "production__code", "pk"))
    replaced = [row for row in found if row.state == StatementState.CORRECTED]
    kept = standing_statements(replaced) if replaced else set()
    return [row for row in found if row.state != StatementState.CORRECTED or (row.pk in kept and row.pk not in going)]


def _no_contract(chain: Chain, period: str) -> Refused:
    return Refused(
        "no_contract", _("No signed contract with %(platform)s holds in %(period)s."),
        params={"platform": chain.platform.name, "period": period},
    )  # fmt: skip


def _two_currencies(found: str, currency: str) -> Refused:
    return Refused(
        "two_currencies", _("The statement is in %(found)s, the contract in %(currency)s."),
        params={"found": found, "currency": currency},
    )  # fmt: skip


def issued_already() -> Refused:
    return Refused("settlement_issued", _("This settlement is issued; it stays as it is."), conflict=True)


def _contract(chain: Chain, through: str, currency: str) -> tuple[Contract, dict[str, Any]]:
    """The version in force in the last month, and the engine's contract of all versions up to it."""
    contract = contract_in_force(chain.production, chain.platform, through)
    if contract is None:
        raise _no_contract(chain, through)
    versions = list(
        Contract.objects.filter(
            production=chain.production, platform=chain.platform, from_date__lte=contract.from_date
        )
        .exclude(state=ContractState.DRAFT)
        .order_by("from_date")
    )  # fmt: skip
    data = engine_contract(chain.production, versions)
    if data["currency"] != currency:
        raise _two_currencies(currency, data["currency"])
    return contract, data


def _takedowns(chain: Chain) -> list[dict[str, str]]:
    """The titles that the platform took down, by the month in the studio's zone: it states by the month."""
    zone = chain.production.studio.zone
    return [
        {"title": code, "on": month_of(timezone.localtime(at, zone).date())}
        for code, at in Takedown.objects.filter(
            package__production__in=chain.title_ids, package__platform=chain.platform
        )
        .order_by("at", "pk")
        .values_list("package__production__code", "at")
    ]


def _receipts(counted: list[Statement], currency: str) -> tuple[dict[str, str], ...]:
    sums = (
        StatementLine.objects.filter(statement__in=counted)
        .values("statement__production__code", "statement__period", "kind")
        .annotate(total=Sum("amount_minor"))
        .order_by("statement__period", "statement__production__code", "kind")
    )
    return tuple(
        {
            "line": f"{row['statement__production__code']} {row['statement__period']} {row['kind']}",
            "title": row["statement__production__code"],
            "kind": row["kind"],
            "period": row["statement__period"],
            "amount": Money(row["total"], currency).plain(),
        }
        for row in sums
    )
