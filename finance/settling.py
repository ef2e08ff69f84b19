"""Settlements worked out: statements run through the contract, less all that was issued before, drafted by a job.

One rule makes every settlement: what is right by now, less what was issued. For a month that follows the last one that
is its shares; after a correction, a late statement or a takedown it is the difference.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delivery.models import Takedown
from finance.choices import ContractState, PartyKind, SettlementKind, SettlementState, StatementState
from finance.contracts import contract_in_force, engine_contract, faulty
from finance.events import SettlementDrafted
from finance.models import Allocation, Contract, Party, SettledStatement, Settlement, Statement, StatementLine
from finance.periods import refuse_closed
from finance.queries.chains import IN_FORCE, Chain, Issued, chain_of, issued_lines, standing_statements, taken_receipts
from finance.settlement import Allocation as Line
from finance.settlement import Contract as Terms
from finance.settlement import PoolPeriod, difference, read_contract, read_receipts, read_takedowns, settle
from finance.settlement import Settlement as Result
from finance.settlement.wording import sentence
from studio import jobs
from studio.choices import JobState
from studio.facts import publish
from studio.models import Job, User
from studio.refusals import Refused
from studio.values import Money, month_of

KIND = "finance.run_settlement"


@dataclasses.dataclass(frozen=True)
class Inputs:
    """All that a settlement is made of, as plain values: two readings are compared before anything is written.

    The engine reckons up to `through`. `taken` are the statements that come in (1) and go out (-1). `issued` is what
    stands already; where an earlier month waits to be issued, what it will be: the engine's up to `after_period`.
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


@dataclasses.dataclass(frozen=True)
class Share:
    """One allocation to write: a party's code, not yet a row."""

    party: str
    term: str
    clause: str
    period: str
    title: str
    kind: str
    source: str
    amount_minor: int
    explanation: dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Decision:
    """receipts = shares of others + what stays with the studio."""

    receipts_minor: int
    shares_minor: int
    retained_minor: int
    shares: tuple[Share, ...]


def read_inputs(statement: Statement) -> Inputs:
    """The statements in force under the contract, what was issued, and the contract as it is in the last month.

    Refuses a statement that is not accepted, a month without a contract, and two currencies.
    """
    if statement.state not in IN_FORCE:
        raise Refused("statement_not_accepted", _("Accept the statement first."), conflict=True)
    chain = chain_of(statement.production, statement.platform)
    standing = list(chain.standing().values_list("period", flat=True))
    settled_through = max(standing, default="")
    through = max(statement.period, settled_through)
    down = _takedowns(chain)
    if statement.period <= settled_through and not chain.statements().filter(state=StatementState.ACCEPTED).exists():
        # Nothing is stated any more: what a takedown takes back is settled by itself.
        through = max([through, *(row["on"] for row in down)])
    contract, data = _contract(chain, through, statement.currency)
    in_force = list(chain.statements().filter(state__in=IN_FORCE, period__lte=through).order_by("period", "pk"))
    waiting = [row for row in in_force if row.state == StatementState.ACCEPTED]
    regular = statement.period > settled_through
    after_period, coming, going = "", waiting, []
    if regular:
        coming = [row for row in waiting if row.period == statement.period]
        if not coming:
            raise issued_already()
        after_period = max((row.period for row in waiting if row.period < statement.period), default="")
    else:
        replaced = list(chain.statements().filter(state=StatementState.CORRECTED, period__lte=through).order_by("pk"))
        kept = standing_statements(replaced)
        going = [row for row in replaced if row.pk in kept]
    asked_for = _asked_for(chain, coming) or statement
    return Inputs(
        production_id=chain.production.pk,
        contract_id=contract.pk,
        statement_id=asked_for.pk,
        kind=SettlementKind.REGULAR if regular else SettlementKind.DIFFERENCE,
        period=asked_for.period if coming else through,
        through=through,
        after_period=after_period,
        currency=statement.currency,
        contract=data,
        receipts=_receipts(in_force, statement.currency),
        takedowns=tuple(row for row in down if row["on"] <= through),
        taken=tuple([(row.pk, 1) for row in coming] + [(row.pk, -1) for row in going]),
        stated_minor=sum(row.counted_minor for row in coming) - sum(row.counted_minor for row in going),
        issued=() if after_period else tuple(sorted(issued_lines(chain), key=dataclasses.astuple)),
        issued_minor=chain.settlements().order_by().aggregate(total=Sum("receipts_minor"))["total"] or 0,
        issued_receipts=() if regular else tuple(sorted((*key, total) for key, total in taken_receipts(chain).items())),
        own_parties=frozenset(
            Party.objects.filter(studio=chain.production.studio_id, kind=PartyKind.STUDIO).values_list(
                "code", flat=True
            )
        ),
    )


def issued_already() -> Refused:
    return Refused("settlement_issued", _("This settlement is issued; it stays as it is."), conflict=True)


def _contract(chain: Chain, through: str, currency: str) -> tuple[Contract, dict[str, Any]]:
    """The version in force in the last month, and the engine's contract of all versions up to it."""
    contract = contract_in_force(chain.production, chain.platform, through)
    if contract is None:
        raise Refused(
            "no_contract", _("No signed contract with %(platform)s holds in %(period)s."),
            params={"platform": chain.platform.name, "period": through},
        )  # fmt: skip
    versions = list(
        Contract.objects.filter(
            production=chain.production, platform=chain.platform, from_date__lte=contract.from_date
        )
        .exclude(state=ContractState.DRAFT)
        .order_by("from_date")
    )  # fmt: skip
    data = engine_contract(chain.production, versions)
    if data["currency"] != currency:
        raise Refused(
            "two_currencies", _("The statement is in %(found)s, the contract in %(currency)s."),
            params={"found": currency, "currency": data["currency"]},
        )  # fmt: skip
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


def _asked_for(chain: Chain, coming: list[Statement]) -> Statement | None:
    """The statement a settlement is kept under, whichever of them somebody started from."""
    return min(coming, key=lambda row: (row.period, row.production_id != chain.production.pk, row.pk), default=None)


def _receipts(in_force: list[Statement], currency: str) -> tuple[dict[str, str], ...]:
    sums = (
        StatementLine.objects.filter(statement__in=in_force)
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


def decide(inputs: Inputs) -> Decision:
    """Run the engine over all months and take off what was issued. Refuses with its faults, and when nothing is left.

    The engine counts from the beginning, so a month settled again under the same rows gives the same fen.
    """
    contract, faults = read_contract(inputs.contract)
    if contract is None:
        raise faulty(faults)
    body: dict[str, Any] = {"receipts": list(inputs.receipts)}
    if inputs.takedowns:
        body["takedowns"] = list(inputs.takedowns)
    receipts, faults = read_receipts(body, contract)
    takedowns, more = read_takedowns(body, contract)
    if faults or more:
        raise faulty((*faults, *more))
    result = settle(contract, receipts, inputs.through, takedowns=takedowns)
    if result.faults:
        raise faulty(result.faults)
    if inputs.after_period:
        before = settle(contract, receipts, inputs.after_period, takedowns=takedowns)
    else:
        before = _issued(inputs, contract)
    run = difference(contract, before, result)
    if not inputs.taken and not run.allocations:
        raise issued_already()
    shares = tuple(
        Share(
            row.party, row.term, row.clause, row.period, row.title, row.kind, row.source, row.amount,
            row.explanation.as_json(),
        )
        for row in run.allocations
        if row.amount
    )  # fmt: skip
    # A part for the studio itself is named clause by clause, and stays with it like what no clause takes.
    own = sum(share.amount_minor for share in shares if share.party in inputs.own_parties)
    others = sum(share.amount_minor for share in shares) - own
    if not run.received == inputs.stated_minor == others + own + run.retained:
        raise RuntimeError(
            f"{run.received} received, {inputs.stated_minor} stated, {others + own + run.retained} given"
        )
    return Decision(run.received, others, own + run.retained, shares)


def _issued(inputs: Inputs, contract: Terms) -> Result:
    """All that was issued, as a result of the engine."""
    nothing = sentence("reckoned_anew", before="", after="")
    lines = tuple(
        Line(row.party, row.term, row.period, row.amount_minor, nothing, row.source, row.clause, row.title, row.kind)
        for row in inputs.issued
    )
    pools: dict[tuple[str, str, str], int] = {}
    receipts = inputs.issued_receipts or [
        # Where nothing is corrected, what came in before is what stands there now.
        (row["title"], row["kind"], row["period"], Money.parse(row["amount"], inputs.currency).minor)
        for row in inputs.receipts
    ]
    for title, kind, period, total in receipts:
        key = (*contract.pool_of(title, kind), period)
        pools[key] = pools.get(key, 0) + total
    return Result(
        currency=contract.currency,
        received=inputs.issued_minor,
        allocations=lines,
        retained=inputs.issued_minor - sum(row.amount_minor for row in inputs.issued),
        totals={},
        pools=tuple(PoolPeriod(*key, total, 0, ()) for key, total in pools.items()),
        faults=(),
    )


def _locked(statement: Statement) -> Statement:
    return (
        Statement.objects.select_for_update(of=("self",))
        .select_related("production__studio", "platform")
        .get(pk=statement.pk)
    )


@transaction.atomic
def run_settlement(*, statement: Statement, by: User | None, at: dt.datetime | None = None) -> Job:
    """Have a settlement worked out by a worker; while one waits or runs, that one is returned.

    Refuses what the worker would: no accepted statement, no contract, faults; and a settled one when nothing changed.
    """
    # The row is the lock: two clicks make one job.
    row = _locked(statement)
    refuse_closed(row.production.studio_id, row.period)
    decide(read_inputs(row))
    waiting = Job.objects.filter(
        kind=KIND, production=row.production, payload={"statement": row.pk},
        state__in=[JobState.QUEUED, JobState.RUNNING],
    ).first()  # fmt: skip
    if waiting is not None:
        return waiting
    return jobs.enqueue(
        KIND, {"statement": row.pk}, studio_id=row.production.studio_id, production_id=row.production_id, by=by
    )


def write_draft(
    *, statement: Statement, inputs: Inputs, decision: Decision, by: User | None, at: dt.datetime | None = None
) -> Settlement:
    """Keep what was decided, in place of an earlier draft; call it inside a transaction.

    Refuses when a statement, the contract or what is issued changed since it was read.
    """
    row = _locked(statement)
    refuse_closed(row.production.studio_id, row.period)
    if read_inputs(row) != inputs:
        raise Refused(
            "inputs_changed", _("A statement or the contract changed meanwhile. Run it again."), conflict=True
        )
    drafts = list(
        Settlement.objects.filter(state=SettlementState.DRAFT, production=inputs.production_id)
        .filter(
            Q(statement=inputs.statement_id) | Q(takes__statement__in=[pk for pk, sign in inputs.taken if sign > 0])
        )
        .distinct()
        .order_by("pk")
    )
    for other in drafts[1:]:
        other.delete()
    settlement = drafts[0] if drafts else Settlement(production_id=inputs.production_id)
    settlement.statement_id, settlement.kind = inputs.statement_id, inputs.kind
    settlement.contract_id, settlement.period, settlement.currency = inputs.contract_id, inputs.period, inputs.currency
    settlement.receipts_minor, settlement.shares_minor = decision.receipts_minor, decision.shares_minor
    settlement.retained_minor, settlement.inputs_sha256 = decision.retained_minor, inputs.digest()
    settlement.save()
    settlement.allocations.all().delete()
    settlement.takes.all().delete()
    SettledStatement.objects.bulk_create(
        SettledStatement(settlement=settlement, statement_id=pk, sign=sign) for pk, sign in inputs.taken
    )
    studio_id = row.production.studio_id
    parties = {
        party.code: party
        for party in Party.objects.filter(studio=studio_id, code__in={share.party for share in decision.shares})
    }
    missing = sorted({share.party for share in decision.shares} - set(parties))
    if missing:
        raise Refused(
            "unknown_party", _("The terms name parties that are not on the list: %(codes)s. Add them first."),
            params={"codes": ", ".join(missing)[:300]},
        )  # fmt: skip
    Allocation.objects.bulk_create(
        Allocation(
            settlement=settlement, party=parties[share.party], term=share.term, clause=share.clause,
            period=share.period, title=share.title, kind=share.kind, source=share.source,
            amount_minor=share.amount_minor, explanation=share.explanation,
        )
        for share in decision.shares
    )  # fmt: skip
    publish(
        SettlementDrafted(
            studio_id=studio_id, production_id=settlement.production_id, settlement_id=settlement.pk,
            period=settlement.period, receipts_minor=settlement.receipts_minor,
            shares_minor=settlement.shares_minor, retained_minor=settlement.retained_minor,
        ),
        by=by, at=at,
    )  # fmt: skip
    return settlement


def still_true(settlement: Settlement) -> bool:
    """Whether running it now would give the same, to the fen.

    Where all that it was made of is as it was, the engine is not run again: issuing does not grow with the months.
    """
    inputs = read_inputs(settlement.statement)
    if settlement.inputs_sha256 == inputs.digest():
        return True
    decision = decide(inputs)
    kept = tuple(
        Share(
            row.party.code, row.term, row.clause, row.period, row.title, row.kind, str(row.source), row.amount_minor,
            row.explanation,
        )
        for row in settlement.allocations.select_related("party").order_by("pk")
    )  # fmt: skip
    taken = tuple(settlement.takes.order_by("pk").values_list("statement", "sign"))
    return (settlement.shares_minor, settlement.retained_minor, kept, taken) == (
        decision.shares_minor, decision.retained_minor, decision.shares, inputs.taken,
    )  # fmt: skip
