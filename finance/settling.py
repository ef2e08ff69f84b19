"""Settlements: receipts of a month run through the contract, drafted by a job, issued by a person, then frozen."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finance.choices import Account, ContractState, PartyKind, PayoutState, SettlementState, StatementState
from finance.contracts import contract_in_force, engine_contract, faulty
from finance.events import SettlementDrafted, SettlementIssued
from finance.ledger import Side, post
from finance.models import Allocation, Contract, Party, Payout, Settlement, Statement, StatementLine
from finance.settlement import read_contract, read_receipts, settle
from finance.tax import withheld
from studio import jobs
from studio.actions import move_stage, tell
from studio.choices import JobState, Stage
from studio.facts import publish
from studio.models import Job, Production, Studio, User
from studio.refusals import Refused
from studio.values import Money

KIND = "finance.run_settlement"


@dataclasses.dataclass(frozen=True)
class Inputs:
    """All that a settlement is made of, as plain values: two readings are compared before anything is written."""

    production_id: int
    contract_id: int
    period: str
    after_period: str
    currency: str
    contract: dict[str, Any]
    receipts: tuple[dict[str, str], ...]
    statement_minor: int
    own_parties: frozenset[str]


@dataclasses.dataclass(frozen=True)
class Share:
    """One allocation to write: a party's code, not yet a row."""

    party: str
    term: str
    clause: str
    period: str
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
    """The accepted statements of the title and platform up to that month, and the contract in force then.

    Refuses a statement that is not accepted, a month without a contract, and two currencies.
    """
    if statement.state not in (StatementState.ACCEPTED, StatementState.SETTLED):
        raise Refused("statement_not_accepted", _("Accept the statement first."), conflict=True)
    production, platform = statement.production, statement.platform
    contract = contract_in_force(production, platform, statement.period)
    if contract is None:
        raise Refused(
            "no_contract", _("No signed contract with %(platform)s holds in %(period)s."),
            params={"platform": platform.name, "period": statement.period},
        )  # fmt: skip
    versions = list(
        Contract.objects.filter(
            production=production, platform=platform, from_date__lte=contract.from_date
        )
        .exclude(state=ContractState.DRAFT)
        .order_by("from_date")
    )  # fmt: skip
    data = engine_contract(production, versions)
    if data["currency"] != statement.currency:
        raise Refused(
            "two_currencies", _("The statement is in %(found)s, the contract in %(currency)s."),
            params={"found": statement.currency, "currency": data["currency"]},
        )  # fmt: skip
    accepted = Statement.objects.filter(
        production=production, platform=platform, period__lte=statement.period,
        state__in=[StatementState.ACCEPTED, StatementState.SETTLED],
    )  # fmt: skip
    sums = (
        StatementLine.objects.filter(statement__in=accepted)
        .values("statement__period", "kind")
        .annotate(total=Sum("amount_minor"))
        .order_by("statement__period", "kind")
    )
    receipts = tuple(
        {
            "line": f"{row['statement__period']} {row['kind']}",
            "title": production.code,
            "kind": row["kind"],
            "period": row["statement__period"],
            "amount": Money(row["total"], statement.currency).plain(),
        }
        for row in sums
    )
    before = accepted.filter(period__lt=statement.period).order_by("-period").values_list("period", flat=True).first()
    own = Party.objects.filter(studio=production.studio_id, kind=PartyKind.STUDIO).values_list("code", flat=True)
    return Inputs(
        production.pk, contract.pk, statement.period, before or "", statement.currency, data, receipts,
        statement.counted_minor, frozenset(own),
    )  # fmt: skip


def decide(inputs: Inputs) -> Decision:
    """Run the engine over all months and take what falls after the statement before. Refuses with its faults.

    The engine counts from the beginning, so a month settled again under the same rows gives the same fen.
    """
    contract, faults = read_contract(inputs.contract)
    if contract is None:
        raise faulty(faults)
    receipts, faults = read_receipts(list(inputs.receipts), contract)
    if faults:
        raise faulty(faults)
    result = settle(contract, receipts, inputs.period)
    if result.faults:
        raise faulty(result.faults)
    shares = tuple(
        Share(row.party, row.term, row.clause, row.period, row.kind, row.source, row.amount, row.explanation.as_json())
        for row in result.allocations
        if inputs.after_period < row.period <= inputs.period and row.amount
    )
    retained = sum(pool.retained for pool in result.pools if inputs.after_period < pool.period <= inputs.period)
    received = sum(pool.received for pool in result.pools if inputs.after_period < pool.period <= inputs.period)
    # A part for the studio itself is named clause by clause, and stays with it like what no clause takes.
    own = sum(share.amount_minor for share in shares if share.party in inputs.own_parties)
    others = sum(share.amount_minor for share in shares) - own
    if not received == inputs.statement_minor == others + own + retained:
        raise RuntimeError(f"{received} received, {inputs.statement_minor} stated, {others + own + retained} given out")
    return Decision(received, others, own + retained, shares)


@transaction.atomic
def run_settlement(*, statement: Statement, by: User | None, at: dt.datetime | None = None) -> Job:
    """Have a settlement worked out by a worker; while one waits or runs, that one is returned.

    Refuses what the worker would: no accepted statement, no contract, faults; and a settlement already issued.
    """
    # The row is the lock: two clicks make one job.
    row = (
        Statement.objects.select_for_update(of=("self",))
        .select_related("production__studio", "platform")
        .get(pk=statement.pk)
    )
    if Settlement.objects.filter(statement=row, state=SettlementState.ISSUED).exists():
        raise Refused("settlement_issued", _("This settlement is issued; it stays as it is."), conflict=True)
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

    Refuses when a statement or contract changed since it was read, and when the settlement is issued.
    """
    row = (
        Statement.objects.select_for_update(of=("self",))
        .select_related("production__studio", "platform")
        .get(pk=statement.pk)
    )
    if read_inputs(row) != inputs:
        raise Refused(
            "inputs_changed", _("A statement or the contract changed meanwhile. Run it again."), conflict=True
        )
    settlement = Settlement.objects.filter(statement=row).first() or Settlement(
        statement=row, production=row.production
    )
    if settlement.state == SettlementState.ISSUED:
        raise Refused("settlement_issued", _("This settlement is issued; it stays as it is."), conflict=True)
    settlement.contract_id, settlement.period, settlement.currency = inputs.contract_id, inputs.period, inputs.currency
    settlement.receipts_minor, settlement.shares_minor = decision.receipts_minor, decision.shares_minor
    settlement.retained_minor = decision.retained_minor
    settlement.save()
    settlement.allocations.all().delete()
    parties = {
        party.code: party
        for party in Party.objects.filter(
            studio=row.production.studio_id, code__in={share.party for share in decision.shares}
        )
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
            period=share.period, kind=share.kind, source=share.source, amount_minor=share.amount_minor,
            explanation=share.explanation,
        )
        for share in decision.shares
    )  # fmt: skip
    publish(
        SettlementDrafted(
            studio_id=row.production.studio_id, production_id=row.production_id, settlement_id=settlement.pk,
            period=settlement.period, receipts_minor=settlement.receipts_minor,
            shares_minor=settlement.shares_minor, retained_minor=settlement.retained_minor,
        ),
        by=by, at=at,
    )  # fmt: skip
    return settlement


def _still_true(settlement: Settlement) -> bool:
    """Whether running it now would give the same, to the fen."""
    decision = decide(read_inputs(settlement.statement))
    kept = [
        Share(
            row.party.code, row.term, row.clause, row.period, row.kind, str(row.source), row.amount_minor,
            row.explanation,
        )
        for row in settlement.allocations.select_related("party").order_by("pk")
    ]  # fmt: skip
    return (settlement.shares_minor, settlement.retained_minor, tuple(kept)) == (
        decision.shares_minor,
        decision.retained_minor,
        decision.shares,
    )


@transaction.atomic
def issue_settlement(*, settlement: Settlement, by: User | None, at: dt.datetime | None = None) -> Settlement:
    """Freeze a draft: payouts with their tax, the ledger entry, the statement settled. Issued already: no change.

    A party that pays under a guarantee owes the studio and gets no payout. Refuses while an earlier month is not
    issued, and a draft that running again would change.
    """
    # The studio's row is the lock: the cumulative tax of a person counts all of a studio's payouts.
    settlement = Settlement.objects.select_related("production__studio", "statement__platform", "contract").get(
        pk=settlement.pk
    )
    production = settlement.production
    Studio.objects.select_for_update().get(pk=production.studio_id)
    settlement.refresh_from_db(fields=["state", "issued_at", "shares_minor", "retained_minor", "receipts_minor"])
    if settlement.state == SettlementState.ISSUED:
        return settlement
    statement = settlement.statement
    statement.production = production
    earlier = Statement.objects.filter(
        production=production, platform=statement.platform, period__lt=settlement.period, state=StatementState.ACCEPTED
    ).order_by("period").first()  # fmt: skip
    if earlier is not None:
        raise Refused(
            "earlier_month_open", _("Settle %(period)s first."), conflict=True, params={"period": earlier.period}
        )
    if not _still_true(settlement):
        raise Refused(
            "settlement_stale", _("Something changed since this was worked out. Run the settlement again."),
            conflict=True,
        )  # fmt: skip
    now = at or timezone.now()
    today = timezone.localtime(now, production.studio.zone).date()
    due_date = today + dt.timedelta(days=settlement.contract.pay_after_days)
    totals: dict[Party, int] = defaultdict(int)
    for allocation in settlement.allocations.select_related("party__person").order_by("pk"):
        totals[allocation.party] += allocation.amount_minor
    sides = [Side(Account.SHARES, settlement.shares_minor)]
    payouts = []
    for party, total in totals.items():
        if party.kind == PartyKind.STUDIO or total == 0:
            continue
        if total < 0:
            sides.append(Side(Account.RECEIVABLE, -total, note=party.name))
            continue
        tax, steps = withheld(party=party, gross_minor=total, due_date=due_date, currency=settlement.currency)
        payouts.append(
            Payout(
                settlement=settlement, party=party, gross_minor=total, tax_minor=tax, net_minor=total - tax,
                tax_steps=steps, due_date=due_date,
            )
        )  # fmt: skip
        sides += [
            Side(Account.PAYABLE, tax - total, party.person, party.name),
            Side(Account.TAX, -tax, party.person, party.name),
        ]
    Settlement.objects.filter(pk=settlement.pk, state=SettlementState.DRAFT).update(
        state=SettlementState.ISSUED, issued_at=now, issued_by=by, updated_at=now
    )
    Statement.objects.filter(pk=statement.pk).update(state=StatementState.SETTLED, updated_at=now)
    Payout.objects.bulk_create(payouts)
    if any(side.amount_minor for side in sides):
        post(
            production=production, sides=sides, currency=settlement.currency, on_date=today,
            source=f"settlement:{settlement.pk}", narrative=f"{statement.platform.name} {settlement.period}", by=by,
            params={"settlement": settlement.pk, "period": settlement.period},
        )  # fmt: skip
    publish(
        SettlementIssued(
            studio_id=production.studio_id, production_id=production.pk, settlement_id=settlement.pk,
            period=settlement.period, receipts_minor=settlement.receipts_minor,
            shares_minor=settlement.shares_minor, retained_minor=settlement.retained_minor,
        ),
        by=by, at=at,
    )  # fmt: skip
    _tell_investors(production, settlement, totals)
    if not Payout.objects.filter(settlement__production=production).exclude(state=PayoutState.PAID).exists():
        move_stage(production_id=production.pk, to=Stage.SETTLED, by=by, at=at)
    settlement.refresh_from_db()
    return settlement


def _tell_investors(production: Production, settlement: Settlement, totals: dict[Party, int]) -> None:
    for party, total in totals.items():
        if party.user_id is not None and total > 0:
            tell(
                users=[User.objects.get(pk=party.user_id)], studio_id=production.studio_id,
                production_id=production.pk, kind="finance.share_settled", url="/investments/",
                dedupe=f"settlement:{settlement.pk}:{party.pk}",
                params={
                    "title": production.title, "period": settlement.period,
                    "amount": str(Money(total, settlement.currency)),
                },
            )  # fmt: skip
