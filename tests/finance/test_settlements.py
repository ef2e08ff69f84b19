from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from finance.actions import (
    accept_statement,
    approve_payout,
    draft_contract,
    hold_statement,
    issue_settlement,
    pay_payout,
    run_settlement,
    sign_contract,
)
from finance.choices import PayoutState, SettlementState, StatementState
from finance.models import Allocation, Entry, EntryLine, Payout, Settlement, Statement
from finance.queries import check_books, ledger_balance, money_at_a_glance
from studio.choices import JobState, Stage
from studio.models import Event, Job
from studio.refusals import Refused

from .conftest import TERMS

JUNE = dt.datetime(2026, 6, 10, 4, 0, tzinfo=dt.UTC)


def shares_of(settlement: Any) -> dict[str, int]:
    totals: dict[str, int] = {}
    for code, amount in Allocation.objects.filter(settlement=settlement).values_list("party__code", "amount_minor"):
        totals[code] = totals.get(code, 0) + amount
    return totals


def test_receipts_run_through_the_clauses(settled: Any) -> None:
    draft = settled("2026-01", ("1", "600"), ("2", "400"))
    # 20 % fee; 480 of 800 repay the investors; a quarter, an eighth and a tenth of the 320 that are left.
    assert shares_of(draft) == {
        "agent": 20_000, "investor": 36_000, "angel": 12_000, "director": 8_000, "writer": 4_000, "house": 3_200,
    }  # fmt: skip
    assert (draft.receipts_minor, draft.shares_minor, draft.retained_minor) == (100_000, 80_000, 20_000)
    assert draft.state == SettlementState.DRAFT
    first = draft.allocations.order_by("pk").first()
    assert (first.term, first.explanation["code"], first.period) == ("fee", "share_of_gross", "2026-01")


def test_a_later_month_counts_from_the_beginning(settled: Any) -> None:
    settled("2026-01", ("1", "300"), issue=True)
    second = settled("2026-02", ("1", "700"), issue=True)
    # 240 of 480 were repaid in January; February repays the other 240 and splits what is left.
    assert shares_of(second) == {
        "agent": 14_000, "investor": 18_000, "angel": 6_000, "director": 8_000, "writer": 4_000, "house": 3_200,
    }  # fmt: skip
    assert check_books(second.production) == []


def test_running_it_again_gives_the_same(settled: Any, owner: Any, drain: Any) -> None:
    draft = settled("2026-01", ("1", "333.33"), ("2", "0.01"))
    before = (draft.pk, draft.shares_minor, draft.retained_minor, shares_of(draft))
    run_settlement(statement=draft.statement, by=owner)
    drain()
    again = Settlement.objects.get()
    assert (again.pk, again.shares_minor, again.retained_minor, shares_of(again)) == before


def test_two_clicks_make_one_job(contract: Any, stated: Any, owner: Any) -> None:
    statement = stated("2026-01", ("1", "100"))
    first, second = run_settlement(statement=statement, by=owner), run_settlement(statement=statement, by=owner)
    assert (first.pk, Job.objects.filter(kind="finance.run_settlement").count()) == (second.pk, 1)


def test_no_contract_no_settlement(stated: Any, owner: Any) -> None:
    with pytest.raises(Refused) as refused:
        run_settlement(statement=stated("2026-01", ("1", "100")), by=owner)
    assert (refused.value.code, Settlement.objects.count(), Job.objects.filter(kind="finance.run_settlement").count()) == (
        "no_contract", 0, 0,
    )  # fmt: skip


def test_a_statement_changed_under_the_job_is_read_again(
    contract: Any, stated: Any, owner: Any, drain: Any, monkeypatch: Any
) -> None:
    statement = stated("2026-01", ("1", "100"))
    job = run_settlement(statement=statement, by=owner)
    from finance import jobs as finance_jobs

    honest = finance_jobs.decide

    def decide_while_somebody_holds(inputs: Any) -> Any:
        decision = honest(inputs)
        hold_statement(statement=statement, reason="核对", by=owner)
        return decision

    monkeypatch.setattr(finance_jobs, "decide", decide_while_somebody_holds)
    drain()
    job.refresh_from_db()
    assert (job.state, Settlement.objects.count(), Allocation.objects.count()) == (JobState.PARKED, 0, 0)
    assert "ccept" in job.error


def test_issuing_freezes_and_pays(settled: Any, owner: Any, drain: Any) -> None:
    draft = settled("2026-01", ("1", "100000"))
    issued = issue_settlement(settlement=draft, by=owner, at=JUNE)
    payouts = {row.party.code: row for row in Payout.objects.select_related("party")}
    # Left after 20 % and 480: 79,520. A quarter is 19,880, taxed on 80 % at 20 %; an eighth 9,940, on 56 % at 20 %.
    assert (payouts["director"].gross_minor, payouts["director"].tax_minor) == (1_988_000, 318_080)
    assert (payouts["writer"].gross_minor, payouts["writer"].tax_minor) == (994_000, 111_328)
    assert (payouts["agent"].gross_minor, payouts["agent"].tax_minor) == (2_000_000, 0)
    assert set(payouts) == {"agent", "investor", "angel", "director", "writer"}
    assert {row.due_date for row in payouts.values()} == {dt.date(2026, 7, 10)}
    entry = Entry.objects.get(source=f"settlement:{issued.pk}")
    by_account: dict[str, int] = {}
    for line in entry.lines.all():
        by_account[line.account] = by_account.get(line.account, 0) + line.amount_minor
    tax = 318_080 + 111_328
    assert by_account == {
        "shares": issued.shares_minor, "payable": -(issued.shares_minor - tax), "tax": -tax,
    }  # fmt: skip
    assert Statement.objects.get().state == StatementState.SETTLED
    assert Event.objects.filter(name="SettlementIssued").count() == 1
    # Once issued it stays: again changes nothing, running and holding are refused.
    issue_settlement(settlement=draft, by=owner)
    assert (Payout.objects.count(), Event.objects.filter(name="SettlementIssued").count()) == (5, 1)
    for act in (
        lambda: run_settlement(statement=issued.statement, by=owner),
        lambda: hold_statement(statement=issued.statement, reason="x", by=owner),
    ):
        with pytest.raises(Refused):
            act()
    assert check_books(issued.production) == []


def test_a_stale_draft_is_not_issued(settled: Any, stated: Any, owner: Any, drain: Any) -> None:
    february = settled("2026-02", ("1", "1000"))
    january = stated("2026-01", ("2", "1000"))
    with pytest.raises(Refused) as refused:
        issue_settlement(settlement=february, by=owner)
    assert refused.value.code == "earlier_month_open"
    run_settlement(statement=january, by=owner)
    drain()
    issue_settlement(settlement=Settlement.objects.get(statement=january), by=owner)
    before = Payout.objects.count()
    with pytest.raises(Refused) as refused:
        issue_settlement(settlement=february, by=owner)
    assert (refused.value.code, Payout.objects.count()) == ("settlement_stale", before)


def test_a_month_before_a_settled_one_is_refused(settled: Any, stated: Any) -> None:
    settled("2026-02", ("1", "1000"), issue=True)
    with pytest.raises(Refused) as refused:
        stated("2026-01", ("2", "1000"))
    assert refused.value.code == "later_month_settled"
    assert Statement.objects.get(period="2026-01").state == StatementState.READY


def test_a_new_version_keeps_what_was_given(settled: Any, production: Any, platform: Any, owner: Any) -> None:
    settled("2026-01", ("1", "300"), issue=True)
    terms = {**TERMS, "terms": [{**TERMS["terms"][0], "rate": "25%"}, *TERMS["terms"][1:]]}  # type: ignore[dict-item]
    later = draft_contract(
        production=production, platform=platform, from_date=dt.date(2026, 2, 1), terms=terms, by=owner
    )
    sign_contract(contract=later, by=owner)
    second = settled("2026-02", ("1", "1000"))
    # The fee is 25 % from February on; the investors still lack 240.
    assert (shares_of(second)["agent"], shares_of(second)["investor"]) == (25_000, 18_000)
    assert second.contract_id == later.pk
    # January reads as it did under its own version.
    assert shares_of(Settlement.objects.get(period="2026-01"))["agent"] == 6_000


def test_a_guarantee_paid_by_the_studio(
    production: Any, platform: Any, parties: Any, owner: Any, stated: Any, drain: Any
) -> None:
    terms = [
        {"id": "mg", "kind": "guarantee", "meaning": "advance", "party": "writer", "payer": "house", "amount": "50",
         "on": "2026-01", "rate": "20%", "titles": ["CG01"]},
    ]  # fmt: skip
    row = draft_contract(
        production=production, platform=platform, from_date=dt.date(2026, 1, 1), by=owner,
        terms={"pool_by": ["title"], "terms": terms},
    )  # fmt: skip
    sign_contract(contract=row, by=owner)
    # Nothing is stated in January; the February settlement carries the guarantee that fell due before it.
    statement = stated("2026-02", ("1", "100"))
    run_settlement(statement=statement, by=owner)
    drain()
    draft = Settlement.objects.get()
    assert shares_of(draft) == {"writer": 5_000, "house": -3_000}
    assert (draft.shares_minor, draft.retained_minor) == (5_000, 5_000)
    issue_settlement(settlement=draft, by=owner)
    assert [row.gross_minor for row in Payout.objects.all()] == [5_000]
    assert check_books(production) == []


def test_a_platform_that_tops_up_owes_the_studio(
    production: Any, platform: Any, parties: Any, owner: Any, stated: Any, drain: Any
) -> None:
    terms = [
        {"id": "mg", "kind": "guarantee", "meaning": "larger_of", "party": "house", "payer": "agent", "amount": "50",
         "on": "2026-01", "rate": "20%", "titles": ["CG01"]},
    ]  # fmt: skip
    row = draft_contract(
        production=production, platform=platform, from_date=dt.date(2026, 1, 1), by=owner,
        terms={"pool_by": ["title"], "terms": terms},
    )  # fmt: skip
    sign_contract(contract=row, by=owner)
    run_settlement(statement=stated("2026-01", ("1", "100")), by=owner)
    drain()
    issued = issue_settlement(settlement=Settlement.objects.get(), by=owner)
    assert (issued.shares_minor, issued.retained_minor, Payout.objects.count()) == (-3_000, 13_000, 0)
    assert ledger_balance(production) == {"CNY": {"receipts": -10_000, "receivable": 13_000, "shares": -3_000}}
    assert check_books(production) == []


def test_approving_and_paying(settled: Any, owner: Any, studio: Any, make_member: Any) -> None:
    studio.payout_approval_minor = 20_000
    studio.save()
    producer = make_member(studio, "producer")
    settlement = settled("2026-01", ("1", "1000"), issue=True)
    large = settlement.payouts.get(party__code="investor")
    small = settlement.payouts.get(party__code="agent")

    assert approve_payout(payout=small, by=owner).state == PayoutState.APPROVED
    assert approve_payout(payout=large, by=owner).state == PayoutState.DUE
    with pytest.raises(Refused) as refused:
        approve_payout(payout=large, by=owner)
    assert refused.value.code == "same_person_twice"
    with pytest.raises(Refused) as refused:
        pay_payout(payout=large, bank_reference="B1", by=owner)
    assert refused.value.code == "not_approved"
    both = approve_payout(payout=large, by=producer)
    assert (both.state, both.approved_by, both.second_approved_by) == (PayoutState.APPROVED, owner, producer)
    with pytest.raises(Refused) as refused:
        pay_payout(payout=large, bank_reference=" ", by=owner)
    assert refused.value.code == "reference_missing"

    paid = pay_payout(payout=large, bank_reference="B1", by=owner, at=JUNE)
    assert (paid.state, paid.paid_at) == (PayoutState.PAID, JUNE)
    assert pay_payout(payout=large, bank_reference="B1", by=owner).pk == large.pk
    with pytest.raises(Refused) as refused:
        pay_payout(payout=large, bank_reference="B2", by=owner)
    assert refused.value.code == "paid_already"
    lines = EntryLine.objects.filter(entry__source=f"payout:{large.pk}").order_by("id")
    assert [(line.account, line.amount_minor) for line in lines] == [("payable", 36_000), ("bank", -36_000)]
    settlement.production.refresh_from_db()
    assert settlement.production.stage != Stage.SETTLED
    for payout in settlement.payouts.exclude(pk=large.pk):
        approve_payout(payout=payout, by=owner)
        pay_payout(payout=payout, bank_reference=f"R{payout.pk}", by=owner)
    settlement.production.refresh_from_db()
    assert settlement.production.stage == Stage.SETTLED
    glance = money_at_a_glance(settlement.production)
    assert (glance.receipts_minor, glance.shares_minor, glance.paid_minor, glance.owed_minor, glance.margin_minor) == (
        100_000, 80_000, 80_000, 0, 20_000,
    )  # fmt: skip
    assert check_books(settlement.production) == []


def test_cumulative_tax_counts_the_year(
    production: Any, platform: Any, studio: Any, owner: Any, make_person: Any, stated: Any, drain: Any
) -> None:
    from finance.actions import add_party

    add_party(
        studio=studio, code="star", name="演员", kind="person", by=None, tax_method="platform_cumulative",
        person=make_person(studio, "演员"),
    )  # fmt: skip
    row = draft_contract(
        production=production, platform=platform, from_date=dt.date(2026, 1, 1), by=owner, pay_after_days=0,
        terms=[{"id": "a", "kind": "share", "party": "star", "rate": "100%"}],
    )  # fmt: skip
    sign_contract(contract=row, by=owner)
    taxes = []
    for month, amount in (("2026-01", "10000"), ("2026-02", "50000"), ("2026-03", "0.01")):
        run_settlement(statement=stated(month, ("1", amount)), by=owner)
        drain()
        settlement = Settlement.objects.get(period=month)
        at = dt.datetime.fromisoformat(f"{month}-15T04:00:00+00:00")
        issue_settlement(settlement=settlement, by=owner, at=at)
        taxes.append(settlement.payouts.get().tax_minor)
    # (8,000 - 5,000) x 3 % = 90; (48,000 - 10,000) x 10 % - 2,520 - 90 = 1,190; then the base falls: nothing.
    assert taxes == [9_000, 119_000, 0]


@pytest.mark.parametrize("kept", [True, False])
def test_holding_takes_it_out_of_the_books(settled: Any, owner: Any, production: Any, kept: bool) -> None:
    draft = settled("2026-01", ("1", "1000"))
    hold_statement(statement=draft.statement, reason="平台更正", by=owner)
    assert (Settlement.objects.count(), Allocation.objects.count()) == (0, 0)
    assert ledger_balance(production) == {"CNY": {"receivable": 0, "receipts": 0}}
    if kept:
        accept_statement(statement=Statement.objects.get(), by=owner, reason="已核对")
        assert ledger_balance(production) == {"CNY": {"receivable": 100_000, "receipts": -100_000}}
    assert check_books(production) == []
