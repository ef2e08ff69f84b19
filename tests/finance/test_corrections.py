"""Corrected statements, reversals, what parties owe: through the actions that people use."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from finance.actions import (
    accept_statement,
    approve_payout,
    hold_statement,
    issue_settlement,
    pay_payout,
    return_payout,
    reverse_settlement,
    run_settlement,
)
from finance.agreements import engine_contract
from finance.choices import PayoutState, SettlementKind, SettlementState, StatementState
from finance.models import (
    Allocation,
    Debt,
    Entry,
    Payout,
    SetOff,
    Settlement,
    Statement,
    StatementLine,
)
from finance.queries import check_books, ledger_balance
from finance.sentences import settlement_sentence
from finance.settlement import read_contract, read_receipts, settle
from finance.settling import decide, read_inputs, write_draft
from studio.models import Event
from studio.refusals import Refused
from studio.values import Money

WHY = "平台更正"
NOON = dt.datetime(2026, 6, 10, 4, 0, tzinfo=dt.UTC)


def shares_of(settlement: Any) -> dict[str, int]:
    totals: dict[str, int] = defaultdict(int)
    for code, amount in Allocation.objects.filter(settlement=settlement).values_list("party__code", "amount_minor"):
        totals[code] += amount
    return {code: total for code, total in totals.items() if total}


def frozen(settlement: Any) -> list[Any]:
    """Every byte of an issued settlement: its row, its clauses, what it took in."""
    return [
        Settlement.objects.filter(pk=settlement.pk).values().get(),
        list(Allocation.objects.filter(settlement=settlement).order_by("pk").values()),
        list(settlement.takes.order_by("pk").values()),
    ]


def issued_now(statement: Any, owner: Any, at: dt.datetime | None = None) -> Any:
    inputs = read_inputs(statement)
    draft = write_draft(statement=statement, inputs=inputs, decision=decide(inputs), by=owner)
    return issue_settlement(settlement=draft, by=owner, at=at)


def pay(payout: Any, owner: Any, second: Any) -> Any:
    approve_payout(payout=payout, by=owner)
    approve_payout(payout=payout, by=second)
    return pay_payout(payout=payout, bank_reference=f"B{payout.pk}", by=owner)


@pytest.fixture
def corrected(stated: Any, owner: Any) -> Callable[..., Any]:
    """corrected("2026-01", ("1", "900")) -> another statement of that month, accepted with a reason."""

    def make(period: str, *rows: tuple[str, str], **kwargs: Any) -> Any:
        row = stated(period, *rows, accept=False, **kwargs)
        return accept_statement(statement=row, by=owner, reason=WHY)

    return make


def test_a_correction_leaves_what_was_issued_and_gives_the_difference(
    settled: Any, corrected: Any, production: Any, owner: Any, drain: Any
) -> None:
    january = settled("2026-01", ("1", "300"), issue=True)
    february = settled("2026-02", ("1", "700"), issue=True)
    kept = [frozen(january), frozen(february)]
    row = corrected("2026-01", ("1", "400"))
    old = january.statement
    old.refresh_from_db()
    assert (old.state, old.counted_minor, row.corrects_id, row.state) == ("corrected", 30_000, old.pk, "accepted")
    # The books are right at once: the old entry is reversed, the new one posted.
    assert ledger_balance(production)["CNY"]["receipts"] == -110_000
    run_settlement(statement=row, by=owner)
    drain()
    run = Settlement.objects.get(statement=row)
    # 1,100 in all: 220 fee, 480 repaid as before, a quarter, an eighth and a tenth of 400 instead of 320.
    assert shares_of(run) == {"agent": 2_000, "director": 2_000, "writer": 1_000, "house": 800}
    assert (run.kind, run.period, run.receipts_minor) == (SettlementKind.DIFFERENCE, "2026-01", 10_000)
    issued = issue_settlement(settlement=run, by=owner)
    assert {p.party.code: p.gross_minor for p in issued.payouts.select_related("party")} == {
        "agent": 2_000, "director": 2_000, "writer": 1_000,
    }  # fmt: skip
    # January repays 80 more of the investment, February 80 less: lines of both months, summing to nothing.
    lines = issued.allocations.filter(party__code="investor").order_by("period").values_list("period", "amount_minor")
    assert list(lines) == [("2026-01", 6_000), ("2026-02", -6_000)]
    said = settlement_sentence(issued.allocations.get(term="fee", period="2026-01").explanation)
    assert said == "Receipts of the pool corrected from ¥300.00 to ¥400.00: ¥60.00 was settled, ¥80.00 is right"
    assert [frozen(january), frozen(february)] == kept
    row.refresh_from_db()
    assert (row.state, check_books(production)) == (StatementState.SETTLED, [])
    assert Event.objects.filter(name="StatementCorrected").count() == 1


def test_a_correction_says_why_and_comes_after_the_settlement(settled: Any, stated: Any, owner: Any) -> None:
    draft = settled("2026-01", ("1", "300"))
    second = stated("2026-01", ("1", "400"), accept=False)
    with pytest.raises(Refused) as refused:
        accept_statement(statement=second, by=owner, reason=WHY)
    assert refused.value.code == "month_taken"
    issue_settlement(settlement=draft, by=owner)
    with pytest.raises(Refused) as refused:
        accept_statement(statement=second, by=owner, reason=" ")
    assert (refused.value.code, refused.value.field) == ("correction_needs_reason", "reason")
    accept_statement(statement=second, by=owner, reason=WHY)
    third = stated("2026-01", ("1", "500"), accept=False)
    with pytest.raises(Refused) as refused:
        accept_statement(statement=third, by=owner, reason=WHY)
    assert refused.value.code == "month_taken"
    # A corrected one is history: neither accepted again nor held.
    old = draft.statement
    old.refresh_from_db()
    assert accept_statement(statement=old, by=owner).state == StatementState.CORRECTED
    with pytest.raises(Refused) as refused:
        hold_statement(statement=old, by=owner, reason=WHY)
    assert refused.value.code == "statement_settled"


def test_a_correction_held_again_brings_the_old_one_back(
    settled: Any, corrected: Any, production: Any, owner: Any
) -> None:
    january = settled("2026-01", ("1", "300"), issue=True)
    row = corrected("2026-01", ("1", "400"))
    inputs = read_inputs(row)
    write_draft(statement=row, inputs=inputs, decision=decide(inputs), by=owner)
    hold_statement(statement=row, by=owner, reason="又改")
    old = Statement.objects.get(pk=january.statement_id)
    row.refresh_from_db()
    assert (old.state, row.state, row.corrects_id, Settlement.objects.count()) == ("settled", "held", None, 1)
    assert ledger_balance(production)["CNY"]["receipts"] == -30_000
    assert Entry.objects.filter(source=f"statement:{old.pk}:2").count() == 1
    assert check_books(production) == []
    with pytest.raises(Refused) as refused:
        run_settlement(statement=old, by=owner)
    assert refused.value.code == "settlement_issued"


def test_a_statement_that_comes_late_gives_a_difference(settled: Any, corrected: Any, owner: Any) -> None:
    february = settled("2026-02", ("1", "1000"), issue=True)
    january = corrected("2026-01", ("2", "1000"))
    assert january.corrects_id is None
    run = issued_now(january, owner)
    # 2,000 in all: 400 fee, 480 repaid, the rest split; February had 200, 480 and its parts of 320.
    assert shares_of(run) == {"agent": 20_000, "director": 20_000, "writer": 10_000, "house": 8_000}
    assert (run.kind, frozen(february)[0]["shares_minor"]) == (SettlementKind.DIFFERENCE, 80_000)
    assert check_books(run.production) == []


def test_two_corrections_wait_and_are_settled_together(settled: Any, corrected: Any, owner: Any) -> None:
    settled("2026-01", ("1", "300"), issue=True)
    settled("2026-02", ("1", "700"), issue=True)
    first, second = corrected("2026-01", ("1", "400")), corrected("2026-02", ("1", "800"))
    run = issued_now(second, owner)
    assert sorted(run.takes.values_list("statement__period", "sign")) == [
        ("2026-01", -1), ("2026-01", 1), ("2026-02", -1), ("2026-02", 1),
    ]  # fmt: skip
    assert (run.statement_id, run.receipts_minor, shares_of(run)["agent"]) == (first.pk, 20_000, 4_000)
    assert set(Statement.objects.filter(corrects__isnull=False).values_list("state", flat=True)) == {"settled"}
    assert check_books(run.production) == []


def test_a_month_waits_for_the_correction_of_an_earlier_one(settled: Any, corrected: Any, owner: Any) -> None:
    settled("2026-01", ("1", "300"), issue=True)
    february = settled("2026-02", ("1", "700"))
    row = corrected("2026-01", ("1", "400"))
    with pytest.raises(Refused) as refused:
        issue_settlement(settlement=february, by=owner)
    assert (refused.value.code, refused.value.params) == ("earlier_month_open", {"period": "2026-01"})
    assert issued_now(row, owner).kind == SettlementKind.DIFFERENCE
    with pytest.raises(Refused) as refused:
        issue_settlement(settlement=february, by=owner)
    assert refused.value.code == "settlement_stale"


# --- what parties owe ---------------------------------------------------------------------------------------------


def test_less_than_was_paid_is_owed_and_set_off(settled: Any, corrected: Any, production: Any, owner: Any) -> None:
    january = settled("2026-01", ("1", "1000"), issue=True)
    run = issued_now(corrected("2026-01", ("1", "900")), owner)
    # 900: 180 fee, 480 repaid, a quarter of 240.
    assert shares_of(run) == {"agent": -2_000, "director": -2_000, "writer": -1_000, "house": -800}
    assert run.payouts.count() == 0
    assert dict(run.debts.values_list("party__code", "left_minor")) == {
        "agent": 2_000, "director": 2_000, "writer": 1_000,
    }  # fmt: skip
    february = settled("2026-02", ("1", "50"), issue=True)
    payouts = {row.party.code: row for row in february.payouts.select_related("party")}
    # 10 fee, then a quarter and an eighth of 40: less than what is owed, so nothing is paid.
    agent = payouts["agent"]
    assert (agent.gross_minor, agent.set_off_minor, agent.tax_minor, agent.net_minor, agent.state) == (
        1_000, 1_000, 0, 0, PayoutState.SET_OFF,
    )  # fmt: skip
    march = settled("2026-03", ("1", "100000"), issue=True)
    director = march.payouts.get(party__code="director")
    # A quarter of 80,000 is 20,000.00; 10.00 are still owed; tax on the 19,990.00 that are paid.
    assert (director.gross_minor, director.set_off_minor) == (2_000_000, 1_000)
    assert (director.tax_minor, director.net_minor) == (319_840, 1_679_160)
    assert [(row.amount_minor, row.debt.settlement_id) for row in director.set_offs.select_related("debt")] == [
        (1_000, run.pk),
    ]  # fmt: skip
    assert Debt.objects.exclude(left_minor=0).count() == 0
    assert (check_books(production), frozen(january)[0]["kind"]) == ([], "regular")


def test_tax_of_the_year_counts_what_is_paid(settled: Any, corrected: Any, parties: Any, owner: Any) -> None:
    """By the cumulative method 1,000,000 a month less 10,000 set off is reckoned as 990,000."""
    from finance.tax import withheld

    director = parties["director"]
    director.tax_method = "platform_cumulative"
    director.save()
    settled("2026-01", ("1", "1000"), issue=True)
    issued_now(corrected("2026-01", ("1", "900")), owner)
    settled("2026-02", ("1", "400000"), issue=True, at=NOON)
    paid = Payout.objects.filter(party=director).order_by("pk").last()
    assert (paid.gross_minor, paid.set_off_minor) == (8_000_000, 2_000)
    due = dt.date(2026, 8, 1)
    Payout.objects.filter(party=director).exclude(pk=paid.pk).delete()
    _tax, steps = withheld(party=director, gross_minor=100, due_date=due, currency="CNY")
    so_far = next(step for step in steps if step["code"] == "income_so_far")
    assert so_far["amount_minor"] == 8_000_000 - 2_000 + 100


# --- reversals ----------------------------------------------------------------------------------------------------


def test_reversing_takes_everything_back_and_the_month_is_settled_anew(
    settled: Any, production: Any, owner: Any
) -> None:
    january = settled("2026-01", ("1", "1000"), issue=True)
    kept = frozen(january)
    reversal = reverse_settlement(settlement=january, reason="条款录错", by=owner)
    assert (reversal.kind, reversal.state, reversal.reverses_id, reversal.receipts_minor) == (
        "reversal", "issued", january.pk, -100_000,
    )  # fmt: skip
    assert shares_of(reversal) == {code: -minor for code, minor in shares_of(january).items()}
    assert set(january.payouts.values_list("state", "cancelled_by")) == {("cancelled", reversal.pk)}
    assert (Debt.objects.count(), Statement.objects.get().state) == (0, StatementState.ACCEPTED)
    assert ledger_balance(production)["CNY"] == {
        "receipts": -100_000, "receivable": 100_000, "shares": 0, "payable": 0,
    }  # fmt: skip
    assert frozen(january) == kept
    assert check_books(production) == []
    # Once more changes nothing.
    assert reverse_settlement(settlement=january, reason="条款录错", by=owner).pk == reversal.pk
    again = issued_now(Statement.objects.get(), owner)
    assert (again.kind, shares_of(again), again.position) == ("regular", shares_of(january), 3)
    assert check_books(production) == []
    with pytest.raises(Refused) as refused:
        approve_payout(payout=january.payouts.first(), by=owner)
    assert refused.value.code == "payout_cancelled"
    with pytest.raises(Refused) as refused:
        pay_payout(payout=january.payouts.first(), bank_reference="B", by=owner)
    assert refused.value.code == "payout_cancelled"


def test_what_was_paid_is_owed_after_a_reversal(
    settled: Any, production: Any, owner: Any, studio: Any, make_member: Any
) -> None:
    january = settled("2026-01", ("1", "1000"), issue=True)
    pay(january.payouts.get(party__code="director"), owner, make_member(studio, "producer"))
    reversal = reverse_settlement(settlement=january, reason="条款录错", by=owner)
    assert dict(Debt.objects.values_list("party__code", "amount_minor")) == {"director": 8_000}
    assert january.payouts.get(party__code="director").state == PayoutState.PAID
    assert check_books(production) == []
    again = issued_now(Statement.objects.get(), owner)
    payout = again.payouts.get(party__code="director")
    assert (payout.gross_minor, payout.set_off_minor, payout.state) == (8_000, 8_000, PayoutState.SET_OFF)
    assert SetOff.objects.get().debt.settlement_id == reversal.pk
    assert check_books(production) == []


def test_what_came_back_after_a_reversal_is_neither_paid_nor_owed(
    settled: Any, production: Any, owner: Any, studio: Any, make_member: Any, client_of: Any
) -> None:
    january = settled("2026-01", ("1", "1000"), issue=True)
    payout = pay(january.payouts.get(party__code="director"), owner, make_member(studio, "producer"))
    reversal = reverse_settlement(settlement=january, reason="条款录错", by=owner)
    assert Debt.objects.get().left_minor == 8_000
    row = return_payout(payout=payout, reason="收款行退回", by=owner)
    assert (row.state, row.cancelled_by_id, row.refusal, row.paid_at) == (
        PayoutState.CANCELLED, reversal.pk, "收款行退回", None,
    )  # fmt: skip
    debt = Debt.objects.get()
    assert (debt.amount_minor, debt.left_minor, debt.lapsed_with_id) == (8_000, 0, payout.pk)
    # The books stand as if it had never been paid, and every entry can be followed.
    assert {account: minor for account, minor in ledger_balance(production)["CNY"].items() if minor} == {
        "receipts": -100_000, "receivable": 100_000,
    }  # fmt: skip
    assert list(
        Entry.objects.filter(source__startswith=f"settlement:{reversal.pk}:").values_list("source", flat=True)
    ) == [f"settlement:{reversal.pk}:payout:{payout.pk}"]
    assert check_books(production) == []
    told = Event.objects.get(name="PayoutReturned").payload
    assert (told["cancelled"], told["debt_minor"], told["was_paid"]) == (True, 8_000, True)
    page = client_of(owner).get(f"/settlements/{reversal.pk}/").content.decode()
    assert f"Lapsed: the payout of S{january.pk} came back" in page
    with pytest.raises(Refused) as refused:
        approve_payout(payout=payout, by=owner)
    assert refused.value.code == "payout_cancelled"
    # The month settled anew pays the director in full: nothing is set off.
    again = issued_now(Statement.objects.get(), owner).payouts.get(party__code="director")
    assert (again.gross_minor, again.set_off_minor, again.state) == (8_000, 0, PayoutState.DUE)
    assert check_books(production) == []


def test_what_comes_back_after_its_debt_was_set_off_in_part_pays_that_part(
    settled: Any, corrected: Any, production: Any, owner: Any, studio: Any, make_member: Any, drain: Any
) -> None:
    second = make_member(studio, "producer")
    january = settled("2026-01", ("1", "1000"), issue=True)
    payout = pay(january.payouts.get(party__code="director"), owner, second)
    reversal = reverse_settlement(settlement=january, reason="报表有误", by=owner)
    statement = Statement.objects.get()
    hold_statement(statement=statement, by=owner, reason="报表有误")
    # 600: 120 fee, 480 repaid, nothing to split. 700: a quarter of 80 is set off against the 80 that are owed.
    issued_now(corrected("2026-01", ("1", "700")), owner)
    debt = Debt.objects.get(settlement=reversal)
    assert debt.left_minor == 6_000
    row = return_payout(payout=payout, reason="收款行退回", by=owner)
    debt.refresh_from_db()
    # 20.00 of it were set off and are to be paid; the other 60.00 are neither owed nor paid.
    assert (row.state, row.gross_minor, row.set_off_minor, row.net_minor + row.tax_minor) == (
        "due",
        8_000,
        6_000,
        2_000,
    )
    assert (debt.left_minor, debt.lapsed_with_id, SetOff.objects.get(payout=row).amount_minor) == (0, None, 6_000)
    assert check_books(production) == []
    # Paid and back once more it is due as it was.
    row = return_payout(payout=pay(row, owner, second), reason="又退", by=owner)
    assert (row.state, row.set_off_minor) == ("due", 6_000)
    assert check_books(production) == []
    # When what kept the 20.00 back is reversed too, nothing is left of either.
    reverse_settlement(settlement=Settlement.objects.get(kind="regular", reversed_by=None), reason="错", by=owner)
    row = return_payout(payout=pay(row, owner, second), reason="再退", by=owner)
    debt.refresh_from_db()
    assert (row.state, debt.left_minor, debt.lapsed_with_id) == ("cancelled", 0, row.pk)
    assert ledger_balance(production)["CNY"]["bank"] == 0
    assert check_books(production) == []


def test_a_debt_that_lapsed_leaves_nothing(settled: Any, owner: Any, studio: Any, make_member: Any) -> None:
    january = settled("2026-01", ("1", "1000"), issue=True)
    payout = pay(january.payouts.get(party__code="director"), owner, make_member(studio, "producer"))
    reverse_settlement(settlement=january, reason="错", by=owner)
    with pytest.raises(IntegrityError, match="debt_lapsed_leaves_nothing"), transaction.atomic():
        Debt.objects.update(lapsed_with=payout)


def test_reversing_what_set_off_a_debt_makes_it_owed_again(
    settled: Any, corrected: Any, production: Any, owner: Any
) -> None:
    settled("2026-01", ("1", "1000"), issue=True)
    difference = issued_now(corrected("2026-01", ("1", "900")), owner)
    february = settled("2026-02", ("2", "1000"), issue=True)
    debt = difference.debts.get(party__code="director")
    assert debt.left_minor == 0
    reverse_settlement(settlement=february, reason="错", by=owner)
    debt.refresh_from_db()
    assert debt.left_minor == 2_000
    # Reversing the difference gives the director 20.00 back, which pay the debt.
    back = reverse_settlement(settlement=difference, reason="错", by=owner)
    debt.refresh_from_db()
    payout = back.payouts.get(party__code="director")
    assert (debt.left_minor, payout.gross_minor, payout.set_off_minor) == (0, 2_000, 2_000)
    assert check_books(production) == []
    # The corrected statement waits again, and gives the same difference.
    assert shares_of(issued_now(Statement.objects.get(corrects__isnull=False), owner)) == shares_of(difference)


def test_only_the_latest_is_reversed(settled: Any, owner: Any) -> None:
    january = settled("2026-01", ("1", "300"), issue=True)
    february = settled("2026-02", ("2", "300"))

    def code(settlement: Any, reason: str = "错") -> str:
        with pytest.raises(Refused) as refused:
            reverse_settlement(settlement=settlement, reason=reason, by=owner)
        return refused.value.code

    assert code(february) == "not_issued"
    assert code(january, " ") == "reason_missing"
    february = issue_settlement(settlement=february, by=owner)
    assert code(january) == "not_the_latest"
    reversal = reverse_settlement(settlement=february, reason="错", by=owner)
    assert code(reversal) == "is_a_reversal"
    assert reverse_settlement(settlement=january, reason="错", by=owner).receipts_minor == -30_000
    assert check_books(january.production) == []


def test_the_database_holds_the_chain(settled: Any, owner: Any) -> None:
    january = settled("2026-01", ("1", "300"), issue=True)
    february = settled("2026-02", ("2", "300"), issue=True)
    for change in ({"position": january.position}, {"kind": "reversal"}, {"position": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Settlement.objects.filter(pk=february.pk).update(**change)


# --- any order ----------------------------------------------------------------------------------------------------

MONTHS = ("2026-01", "2026-02", "2026-03")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("state"), st.sampled_from(MONTHS), st.integers(0, 2_000_00)),
        st.tuples(st.just("settle"), st.sampled_from(MONTHS), st.just(0)),
        st.tuples(st.just("reverse"), st.just(""), st.just(0)),
        st.tuples(st.just("pay"), st.just(""), st.integers(0, 9)),
        st.tuples(st.just("come back"), st.just(""), st.integers(0, 9)),
    ),
    min_size=1, max_size=14,
)  # fmt: skip


class Undone(Exception):
    pass


def _step(kind: str, month: str, number: int, world: dict[str, Any]) -> None:
    production, platform, owner = world["production"], world["platform"], world["owner"]
    if kind == "state":
        # A correction that is held brings back what it corrected, which may wait itself after a reversal.
        while (in_force := Statement.objects.filter(period=month, state="accepted").first()) is not None:
            hold_statement(statement=in_force, reason=WHY, by=owner)
        row = Statement.objects.create(
            production=production, platform=platform, period=month, sha256=f"{next(world['numbers']):064d}",
            state="ready", counted_minor=number, file_name="x.csv",
        )  # fmt: skip
        StatementLine.objects.create(statement=row, row=2, amount_minor=number, kind="share")
        accept_statement(statement=row, by=owner, reason=WHY)
    elif kind == "settle":
        row = Statement.objects.filter(state="accepted").order_by("period").first()
        if row is not None:
            settlement = issued_now(row, owner, NOON)
            world["issued"].append((settlement, frozen(settlement)))
    elif kind == "reverse":
        last = Settlement.objects.exclude(kind="reversal").filter(state="issued", reversed_by=None)
        if last.exists():
            reverse_settlement(settlement=last.order_by("-position").first(), reason=WHY, by=owner, at=NOON)
    elif kind == "come back":
        paid = Payout.objects.filter(state="paid").order_by("pk")
        if paid.exists():
            return_payout(payout=paid[number % paid.count()], reason="退汇", by=owner, at=NOON)
    else:
        due = Payout.objects.filter(state="due").order_by("pk")
        if due.exists():
            pay(due[number % due.count()], owner, world["second"])


def _check_end(world: dict[str, Any], contract_row: Any) -> None:
    contract, _faults = read_contract(engine_contract(world["production"], [contract_row]))
    assert contract is not None
    final = list(Statement.objects.filter(state="settled").order_by("period"))
    assert Statement.objects.filter(state="accepted").count() == 0
    receipts, faults = read_receipts(
        [
            {"line": row.period, "title": "CG01", "kind": "share", "period": row.period,
             "amount": Money(row.counted_minor).plain()}
            for row in final
        ],
        contract,
    )  # fmt: skip
    assert faults == ()
    wanted = {code: total for code, total in settle(contract, receipts).totals.items() if total}
    found: dict[str, int] = defaultdict(int)
    for settlement in Settlement.objects.filter(state=SettlementState.ISSUED):
        for code, minor in shares_of(settlement).items():
            found[code] += minor
    assert {code: total for code, total in found.items() if total} == wanted
    # What is paid and due, less what is still owed, is that too.
    had: dict[str, int] = defaultdict(int)
    for payout in Payout.objects.exclude(state="cancelled").select_related("party"):
        had[payout.party.code] += payout.gross_minor - payout.set_off_minor
    for debt in Debt.objects.select_related("party"):
        had[debt.party.code] -= debt.left_minor
    assert {code: total for code, total in had.items() if total} == {
        code: total for code, total in wanted.items() if code != "house"
    }
    assert check_books(world["production"]) == []
    assert [frozen(settlement) for settlement, _kept in world["issued"]] == [kept for _row, kept in world["issued"]]


@examples(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_order_ends_at_one_settlement_of_the_final_statements(
    steps: list[tuple[str, str, int]], contract: Any, production: Any, platform: Any, owner: Any, studio: Any,
    make_member: Any, request: Any,
) -> None:  # fmt: skip
    second = request.node.__dict__.setdefault("second", None) or make_member(studio, "producer")
    request.node.second = second
    world: dict[str, Any] = {
        "production": production, "platform": platform, "owner": owner, "second": second,
        "numbers": itertools.count(1), "issued": [],
    }  # fmt: skip
    with pytest.raises(Undone), transaction.atomic():
        for step in steps:
            _step(*step, world)
        while Statement.objects.filter(state="accepted").exists():
            _step("settle", "", 0, world)
        if Statement.objects.filter(state="settled").exists():
            _check_end(world, contract)
        raise Undone
