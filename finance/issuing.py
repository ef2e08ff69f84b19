"""Settlements issued and taken back: payouts with their tax, what parties owe, what is set off, the ledger entry."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finance.choices import (
    PAYOUTS_OVER,
    Account,
    PartyKind,
    PayoutState,
    SettlementKind,
    SettlementState,
    StatementState,
    TaxMethod,
)
from finance.events import SettlementIssued, SettlementReversed
from finance.ledger import Side, post
from finance.models import (
    Allocation,
    Debt,
    Entry,
    Party,
    Payout,
    SetOff,
    SettledStatement,
    Settlement,
    Statement,
)
from finance.queries.after_tax import agreed_after_tax, kept_whole
from finance.queries.chains import Chain, Unit, chain_of, open_debts, waiting_units
from finance.settlement.wording import sentence
from finance.settlement_inputs import unit_of
from finance.settling import still_true
from finance.tax import taxed
from studio.actions import move_stage, tell
from studio.choices import Stage
from studio.facts import publish
from studio.models import Production, Studio, User
from studio.refusals import Refused
from studio.values import Money


@transaction.atomic
def issue_settlement(*, settlement: Settlement, by: User | None, at: dt.datetime | None = None) -> Settlement:
    """Freeze a draft: payouts with their tax, debts, the ledger entry, the statements settled. Issued already: no change.

    A party whose part is below zero owes it and gets no payout; what it owes is set off against its next ones. Refuses
    while an earlier month is not issued, and a draft that running again would change.
    """
    # The studio's row is the lock: the cumulative tax of a person counts all of a studio's payouts.
    settlement = _settlement(settlement)
    production = settlement.production
    Studio.objects.select_for_update().get(pk=production.studio_id)
    settlement = _settlement(settlement)
    if settlement.state == SettlementState.ISSUED:
        return settlement
    chain = chain_of(production, settlement.statement.platform)
    coming = [take.statement_id for take in settlement.takes.filter(sign=1)]
    _unit, before = unit_of(waiting_units(chain), settlement.statement)
    if before:
        raise _earlier_open(before[0], production)
    if not still_true(settlement):
        raise Refused(
            "settlement_stale", _("Something changed since this was worked out. Run the settlement again."),
            conflict=True,
        )  # fmt: skip
    now = at or timezone.now()
    totals = totals_of(settlement)
    Settlement.objects.filter(pk=settlement.pk, state=SettlementState.DRAFT).update(
        state=SettlementState.ISSUED, issued_at=now, issued_by=by, updated_at=now, position=_next_position(chain)
    )
    Statement.objects.filter(pk__in=coming, state=StatementState.ACCEPTED).update(
        state=StatementState.SETTLED, updated_at=now
    )
    sides = [Side(Account.SHARES, settlement.shares_minor), *_give_out(settlement, chain, totals, now)]
    _post(settlement, sides, now, by)
    publish(
        SettlementIssued(
            studio_id=production.studio_id, production_id=production.pk, settlement_id=settlement.pk,
            period=settlement.period, receipts_minor=settlement.receipts_minor, kind=str(settlement.kind),
            shares_minor=settlement.shares_minor, retained_minor=settlement.retained_minor,
        ),
        by=by, at=at,
    )  # fmt: skip
    _tell_investors(production, settlement, totals)
    if not Payout.objects.filter(settlement__production=production).exclude(state__in=PAYOUTS_OVER).exists():
        move_stage(production_id=production.pk, to=Stage.SETTLED, by=by, at=at)
    settlement.refresh_from_db()
    return settlement


def _settlement(settlement: Settlement) -> Settlement:
    row = Settlement.objects.select_related("production__studio", "statement__platform", "contract").get(
        pk=settlement.pk
    )
    row.statement.production = row.production if row.statement.production_id == row.production_id else (
        Production.objects.select_related("studio").get(pk=row.statement.production_id)
    )  # fmt: skip
    return row


def _earlier_open(unit: Unit, production: Production) -> Refused:
    """What is issued first: a month of the title itself, or of another title of the contract."""
    if unit.production_id == production.pk or not unit.coming:
        return Refused("earlier_month_open", _("Settle %(period)s first."), conflict=True,
                       params={"period": unit.period})  # fmt: skip
    return Refused(
        "earlier_title_open", _("Settle %(period)s of %(title)s first: it stands under the same contract."), conflict=True,
        params={"period": unit.period, "title": unit.coming[0].production.title},
    )  # fmt: skip


def _next_position(chain: Chain) -> int:
    """One after all that was issued for any title of the contract: the order in which they were issued."""
    last = Settlement.objects.filter(production__in=chain.title_ids).aggregate(last=Max("position"))["last"]
    return (last or 0) + 1


def totals_of(settlement: Settlement) -> dict[Party, int]:
    """What each party but the studio has from it, in the order of the clauses; those that come out even are left out."""
    totals: dict[Party, int] = defaultdict(int)
    for allocation in settlement.allocations.select_related("party__person").order_by("pk"):
        totals[allocation.party] += allocation.amount_minor
    return {party: total for party, total in totals.items() if total and party.kind != PartyKind.STUDIO}


def _give_out(settlement: Settlement, chain: Chain, totals: dict[Party, int], now: dt.datetime) -> list[Side]:
    """Debts for what is below zero, payouts for the rest less what the party owed; the sides of the ledger entry."""
    today = timezone.localtime(now, chain.production.studio.zone).date()
    due_date = today + dt.timedelta(days=settlement.contract.pay_after_days)
    owing = open_debts(chain, [party.pk for party, total in totals.items() if total > 0])
    debts: list[Debt] = []
    payouts: list[Payout] = []
    set_offs: list[tuple[Payout, Debt, int]] = []
    sides: list[Side] = []
    kept = kept_whole(settlement, agreed_after_tax(settlement.contract))
    for party, total in totals.items():
        if total < 0:
            debts.append(Debt(settlement=settlement, party=party, amount_minor=-total, left_minor=-total))
            sides.append(Side(Account.RECEIVABLE, -total, note=party.name))
            continue
        payout = Payout(settlement=settlement, party=party, gross_minor=total, due_date=due_date)
        rest = total
        for debt in owing.get(party.pk, []):
            amount = min(rest, debt.left_minor)
            if amount:
                set_offs.append((payout, debt, amount))
                rest -= amount
        payout.set_off_minor = total - rest
        if rest:
            # What is set off is not paid, so it is not income of the day it would have been.
            tax_payout(payout, party, kept=max(0, min(kept.get(party.pk, 0), rest)))
        else:
            payout.tax_minor = payout.net_minor = 0
            payout.state = PayoutState.SET_OFF
        payouts.append(payout)
        sides += [
            Side(Account.SHARES, payout.borne_minor, note=party.name),
            Side(Account.PAYABLE, -payout.net_minor, party.person, party.name),
            Side(Account.TAX, -payout.tax_minor, party.person, party.name),
            Side(Account.RECEIVABLE, rest - total, note=party.name),
        ]
    Debt.objects.bulk_create(debts)
    Payout.objects.bulk_create(payouts)
    SetOff.objects.bulk_create(SetOff(payout=payout, debt=debt, amount_minor=minor) for payout, debt, minor in set_offs)
    for _payout, debt, amount in set_offs:
        Debt.objects.filter(pk=debt.pk).update(left_minor=F("left_minor") - amount, updated_at=now)
    return sides


def tax_payout(payout: Payout, party: Party, *, kept: int) -> None:
    """Fill in the tax on what is paid, `kept` of it agreed after tax; what the studio bears of it makes the gross."""
    found = taxed(
        method=TaxMethod(party.tax_method), name=party.name, on=payout.due_date, kept_minor=kept, party=party,
        before_tax_minor=payout.gross_minor - payout.set_off_minor - kept, person=party.person,
        currency=payout.settlement.currency,
    )  # fmt: skip
    payout.gross_minor += found.borne_minor
    payout.after_tax_minor, payout.borne_minor = kept, found.borne_minor
    payout.tax_minor, payout.tax_steps = found.tax_minor, found.steps
    payout.net_minor = payout.gross_minor - payout.set_off_minor - payout.tax_minor


def _post(
    settlement: Settlement, sides: list[Side], now: dt.datetime, by: User | None, reverses: Entry | None = None
) -> None:
    if not any(side.amount_minor for side in sides):
        return
    production = settlement.production
    post(
        production=production, sides=sides, currency=settlement.currency, by=by, reverses=reverses,
        on_date=timezone.localtime(now, production.studio.zone).date(), source=f"settlement:{settlement.pk}",
        narrative=f"{settlement.statement.platform.name} {settlement.period}",
        params={"settlement": settlement.pk, "period": settlement.period},
    )  # fmt: skip


@transaction.atomic
def reverse_settlement(
    *, settlement: Settlement, reason: str, by: User | None, at: dt.datetime | None = None
) -> Settlement:
    """Take an issued settlement back by another one, issued at once; its statements can then be settled anew.

    Payouts not yet paid are cancelled; what was paid the party owes from now on. Reversed already: that reversal.
    Refuses without a reason, what is not issued, a reversal, one that others follow, and payouts on their way.
    """
    reason = reason.strip()[:300]
    before = _settlement(settlement)
    Studio.objects.select_for_update().get(pk=before.production.studio_id)
    before = _settlement(settlement)
    known = Settlement.objects.filter(reverses=before).first()
    if known is not None:
        return known
    if not reason:
        raise Refused("reason_missing", _("Say why the settlement is reversed."), field="reason")
    if before.state != SettlementState.ISSUED:
        raise Refused("not_issued", _("Only an issued settlement is reversed; a draft is run again."), conflict=True)
    if before.kind == SettlementKind.REVERSAL:
        raise Refused("is_a_reversal", _("A reversal is not reversed. Settle the month anew."), conflict=True)
    chain = chain_of(before.production, before.statement.platform)
    last = chain.standing().order_by("-position").first()
    if last is not None and last.pk != before.pk:
        raise Refused(
            "not_the_latest", _("S%(number)s of %(period)s was issued after it. Reverse that one first."),
            conflict=True, params={"number": last.pk, "period": last.period},
        )  # fmt: skip
    payouts = {row.party_id: row for row in before.payouts.select_related("party__person")}
    under_way = [row.party.name for row in payouts.values() if row.state not in [PayoutState.DUE, PayoutState.APPROVED,
                                                                                  *PAYOUTS_OVER]]  # fmt: skip
    if under_way:
        raise Refused(
            "payout_under_way", _("The payouts to %(names)s are on their way. Note them as paid or returned first."),
            conflict=True, params={"names": ", ".join(under_way)[:200]},
        )  # fmt: skip
    now = at or timezone.now()
    reversal = Settlement.objects.create(
        production=before.production, contract=before.contract, statement=before.statement, period=before.period,
        currency=before.currency, kind=SettlementKind.REVERSAL, reverses=before, reason=reason,
        receipts_minor=-before.receipts_minor, shares_minor=-before.shares_minor,
        retained_minor=-before.retained_minor, state=SettlementState.ISSUED, issued_by=by, issued_at=now,
        position=_next_position(chain),
    )  # fmt: skip
    reversal.statement = before.statement
    _negate(before, reversal)
    Statement.objects.filter(taken__settlement=before, taken__sign=1, state=StatementState.SETTLED).update(
        state=StatementState.ACCEPTED, updated_at=now
    )
    sides = [Side(Account.SHARES, reversal.shares_minor)]
    rest: dict[Party, int] = {}
    for party, total in totals_of(reversal).items():
        payout = payouts.get(party.pk)
        if payout is None or payout.state == PayoutState.PAID:
            rest[party] = total
            continue
        sides += cancel_payout(payout, reversal, now)
    sides += _give_out(reversal, chain, rest, now)
    entry = Entry.objects.filter(production=before.production, source=f"settlement:{before.pk}").first()
    _post(reversal, sides, now, by, reverses=entry)
    publish(
        SettlementReversed(
            studio_id=before.production.studio_id, production_id=before.production_id, settlement_id=before.pk,
            reversal_id=reversal.pk, period=before.period, reason=reason,
        ),
        by=by, at=at,
    )  # fmt: skip
    return reversal


def _negate(before: Settlement, reversal: Settlement) -> None:
    SettledStatement.objects.bulk_create(
        SettledStatement(settlement=reversal, statement_id=take.statement_id, sign=-take.sign)
        for take in before.takes.order_by("pk")
    )
    Allocation.objects.bulk_create(
        Allocation(
            settlement=reversal, party_id=row.party_id, term=row.term, clause=row.clause, period=row.period,
            title=row.title, kind=row.kind, source=row.source, amount_minor=-row.amount_minor,
            explanation=sentence("taken_back", amount=Money(row.amount_minor, before.currency)).as_json(),
        )
        for row in before.allocations.order_by("pk")
    )  # fmt: skip


def cancel_payout(payout: Payout, reversal: Settlement, now: dt.datetime) -> list[Side]:
    """A payout that is not to be paid any more; what it had set off is owed again. Call it inside a transaction."""
    moved = Payout.objects.filter(
        pk=payout.pk, state__in=[PayoutState.DUE, PayoutState.APPROVED, PayoutState.SET_OFF]
    ).update(state=PayoutState.CANCELLED, cancelled_by=reversal, updated_at=now)
    if not moved:
        raise Refused(
            "payout_moved", _("The payout to %(name)s was paid meanwhile. Look again."), conflict=True,
            params={"name": payout.party.name},
        )  # fmt: skip
    for set_off in payout.set_offs.all():
        Debt.objects.filter(pk=set_off.debt_id).update(
            left_minor=F("left_minor") + set_off.amount_minor, updated_at=now
        )
    party = payout.party
    return [
        Side(Account.SHARES, -payout.borne_minor, note=party.name),
        Side(Account.PAYABLE, payout.net_minor, party.person, party.name),
        Side(Account.TAX, payout.tax_minor, party.person, party.name),
        Side(Account.RECEIVABLE, payout.set_off_minor, note=party.name),
    ]


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
