"""Settlements worked out: statements run through the contract, less all that was issued before, drafted by a job.

One rule makes every settlement: what is right by now, less what was issued. For a month that follows the last one that
is its shares; after a correction, a late statement or a takedown it is the difference.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from finance.choices import SettlementKind, SettlementState
from finance.contracts import faulty
from finance.events import SettlementDrafted
from finance.models import Allocation, Party, SettledStatement, Settlement, Statement
from finance.periods import refuse_closed
from finance.settlement import Allocation as Line
from finance.settlement import Contract as Terms
from finance.settlement import PoolPeriod, difference, read_contract, read_receipts, read_takedowns, settle
from finance.settlement import Settlement as Result
from finance.settlement.wording import Sentence, sentence
from finance.settlement_inputs import Inputs, issued_already, read_inputs
from studio import jobs
from studio.choices import JobState
from studio.facts import publish
from studio.models import Job, User
from studio.refusals import Refused

KIND = "finance.run_settlement"


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
        earlier, _faults = read_receipts(list(inputs.receipts_before), contract)
        before = settle(contract, earlier, inputs.after_period, takedowns=takedowns)
        if before.faults:
            raise faulty(before.faults)
    else:
        before = _issued(inputs, contract)
    run = difference(contract, before, result)
    if not inputs.taken and not run.allocations:
        raise issued_already()
    shares = tuple(
        Share(
            row.party, row.term, row.clause, row.period, row.title, row.kind, row.source, row.amount,
            _why(inputs, row).as_json(),
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


def _why(inputs: Inputs, row: Line) -> Sentence:
    """Where a month of one title follows, other receipts of the pool are not corrected: another title's stood alone."""
    if inputs.kind == SettlementKind.REGULAR and row.explanation.code == "corrected":
        return sentence("pool_grew", **row.explanation.params)
    return row.explanation


def _issued(inputs: Inputs, contract: Terms) -> Result:
    """All that was issued, as a result of the engine."""
    nothing = sentence("reckoned_anew", before="", after="")
    lines = tuple(
        Line(row.party, row.term, row.period, row.amount_minor, nothing, row.source, row.clause, row.title, row.kind)
        for row in inputs.issued
    )
    pools: dict[tuple[str, str, str], int] = {}
    for title, kind, period, total in inputs.issued_receipts:
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
