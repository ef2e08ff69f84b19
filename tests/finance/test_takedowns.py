"""A title taken down: payouts wait, what the contract takes back is settled."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from delivery.actions import take_down
from delivery.models import Package, Spec
from finance.actions import (
    approve_payout,
    draft_contract,
    issue_settlement,
    pay_payout,
    reverse_settlement,
    run_settlement,
    sign_contract,
)
from finance.freezing import freeze_payouts, lift_freeze
from finance.models import Allocation, Freeze, Payout, Settlement
from finance.queries import check_books
from finance.sentences import settlement_sentence
from studio.models import Event, Notice
from studio.refusals import Refused

TERMS = {
    "pool_by": ["title"],
    "terms": [
        {"id": "mg", "kind": "guarantee", "meaning": "advance", "party": "writer", "payer": "house", "amount": "200",
         "on": "2026-01", "rate": "10%", "titles": ["CG01"]},
        {"id": "back", "kind": "clawback", "term": "mg", "what": "unrecouped"},
    ],
}  # fmt: skip
DOWN = dt.datetime(2026, 2, 14, 3, 0, tzinfo=dt.UTC)


@pytest.fixture
def clawing(production: Any, platform: Any, parties: Any, owner: Any) -> Any:
    row = draft_contract(production=production, platform=platform, from_date=dt.date(2026, 1, 1), terms=TERMS, by=owner)
    return sign_contract(contract=row, by=owner)


@pytest.fixture
def month(clawing: Any, stated: Any, owner: Any, drain: Any) -> Any:
    """month("2026-01", "1000") -> the settlement of that month, issued."""

    def make(period: str, amount: str) -> Any:
        statement = stated(period, ("1", amount))
        run_settlement(statement=statement, by=owner)
        drain()
        return issue_settlement(settlement=Settlement.objects.get(statement=statement, state="draft"), by=owner)

    return make


@pytest.fixture
def down(production: Any, platform: Any, owner: Any, drain: Any) -> Any:
    """The platform takes the title down on 14 February; finance has heard it."""

    def make() -> Any:
        spec = Spec.objects.create(platform=platform, from_date=dt.date(2026, 1, 1), rules={}, source="x")
        package = Package.objects.create(
            production=production, platform=platform, spec=spec, state="live", live_at=DOWN, sent_at=DOWN
        )
        takedown = take_down(package=package, reason="版权投诉", at=DOWN, by=owner)
        drain()
        return takedown

    return make


def given(code: str) -> int:
    return sum(
        Allocation.objects.filter(settlement__state="issued", party__code=code).values_list("amount_minor", flat=True)
    )


def test_the_next_settlement_takes_back_what_was_not_repaid(
    month: Any, down: Any, stated: Any, owner: Any, drain: Any
) -> None:
    # 200 paid ahead; January repays 100, February 30: 70 are left when the title is taken down.
    january = month("2026-01", "1000")
    assert (given("writer"), given("house")) == (20_000, -10_000)
    down()
    february = month("2026-02", "300")
    assert (given("writer"), given("house")) == (13_000, 0)
    back = february.allocations.get(term="back", party__code="writer")
    assert (back.amount_minor, back.source, back.period) == (-7_000, "payer", "2026-02")
    assert settlement_sentence(back.explanation).startswith("CG01 was taken down (2026-02)")
    debt = february.debts.get()
    assert (debt.party.code, debt.amount_minor, debt.left_minor) == ("writer", 7_000, 7_000)
    assert (january.kind, check_books(january.production)) == ("regular", [])


def test_a_month_settled_before_it_was_heard_gets_a_difference(
    month: Any, down: Any, owner: Any, drain: Any, production: Any
) -> None:
    month("2026-01", "1000")
    february = month("2026-02", "300")
    with pytest.raises(Refused) as refused:
        run_settlement(statement=february.statement, by=owner)
    assert refused.value.code == "settlement_issued"
    down()
    run_settlement(statement=february.statement, by=owner)
    drain()
    draft = Settlement.objects.get(state="draft")
    assert (draft.kind, draft.receipts_minor, draft.shares_minor, draft.takes.count()) == ("difference", 0, -7_000, 0)
    issued = issue_settlement(settlement=draft, by=owner)
    assert (given("writer"), check_books(production)) == (13_000, [])
    # It is reckoned now: nothing is left to settle, and it can be taken back like any other.
    with pytest.raises(Refused) as refused:
        run_settlement(statement=february.statement, by=owner)
    assert refused.value.code == "settlement_issued"
    reverse_settlement(settlement=issued, reason="平台恢复上架", by=owner)
    assert (given("writer"), check_books(production)) == (20_000, [])


def test_nothing_stated_any_more_is_settled_for_the_month_of_the_takedown(
    month: Any, down: Any, owner: Any, drain: Any, production: Any
) -> None:
    january = month("2026-01", "1000")
    down()
    run_settlement(statement=january.statement, by=owner)
    drain()
    issued = issue_settlement(settlement=Settlement.objects.get(state="draft"), by=owner)
    assert (issued.period, given("writer"), check_books(production)) == ("2026-02", 10_000, [])


def test_payouts_wait_until_somebody_lifts_that_with_a_reason(
    month: Any, down: Any, owner: Any, production: Any, studio: Any
) -> None:
    studio.payout_approval_minor = 10**9
    studio.save()
    payout = month("2026-01", "1000").payouts.get()
    approve_payout(payout=payout, by=owner)
    takedown = down()
    freeze = Freeze.objects.get()
    assert (freeze.takedown, freeze.lifted_at) == (takedown, None)
    assert Notice.objects.filter(kind="finance.payouts_frozen", user=owner).count() == 1
    # Heard twice, it is one freeze.
    assert freeze_payouts(takedown=takedown, by=owner).pk == freeze.pk
    assert Event.objects.filter(name="PayoutsFrozen").count() == 1
    for act in (
        lambda: pay_payout(payout=payout, bank_reference="B1", by=owner),
        lambda: lift_freeze(freeze=freeze, reason=" ", by=owner),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code in {"payouts_frozen", "reason_missing"}
    Payout.objects.update(state="due", approved_by=None, approved_at=None)
    with pytest.raises(Refused) as refused:
        approve_payout(payout=payout, by=owner)
    assert (refused.value.code, "版权投诉" in refused.value.message) == ("payouts_frozen", True)
    lifted = lift_freeze(freeze=freeze, reason="已补授权书", by=owner)
    assert (lifted.lifted_by, lifted.lift_reason) == (owner, "已补授权书")
    again = lift_freeze(freeze=freeze, reason="别的", by=owner)
    assert (again.lift_reason, Event.objects.filter(name="FreezeLifted").count()) == ("已补授权书", 1)
    approve_payout(payout=payout, by=owner)
    assert pay_payout(payout=payout, bank_reference="B1", by=owner).state == "paid"


def test_nobody_is_reminded_of_a_frozen_payout(month: Any, down: Any, owner: Any, studio: Any, drain: Any) -> None:
    from studio import jobs

    payout = month("2026-01", "1000").payouts.get()
    down()
    jobs.enqueue("finance.settlements_due", {"studio": studio.pk, "on": "2099-01-01"}, studio_id=studio.pk)
    drain()
    assert Notice.objects.filter(kind="finance.payout_due").count() == 0
    lift_freeze(freeze=Freeze.objects.get(), reason="恢复", by=owner)
    jobs.enqueue("finance.settlements_due", {"studio": studio.pk, "on": "2099-01-02"}, studio_id=studio.pk)
    drain()
    assert Notice.objects.filter(kind="finance.payout_due", user=owner).count() == 1
    assert payout.due_date < dt.date(2099, 1, 1)


def test_the_pages_say_it_is_frozen_and_lift_it(
    month: Any, down: Any, owner: Any, client_of: Any, other_owner: Any, studio: Any, make_member: Any
) -> None:
    settlement = month("2026-01", "1000")
    down()
    client = client_of(owner)
    url = reverse("settlement", args=[settlement.pk])
    page = client.get(url).content.decode()
    assert ("版权投诉" in page, "Its payouts are frozen." in page, "Lift the freeze" in page) == (True, True, True)
    assert ">Frozen<" in client.get("/payouts/").content.decode()
    freeze = Freeze.objects.get()
    lift = reverse("lift_freeze", args=[freeze.pk])
    assert client_of(other_owner).post(lift, {"reason": "x"}).status_code == 404
    assert client_of(make_member(studio, "finance")).post(lift, {"reason": "x"}).status_code == 403
    client.post(lift, {"reason": "已补授权书"})
    freeze.refresh_from_db()
    assert freeze.lifted_by == owner
    assert "已补授权书" in client.get(url).content.decode()


def test_a_clawback_over_titles_pooled_together_is_refused(
    production: Any, platform: Any, parties: Any, owner: Any
) -> None:
    terms = {"pool_by": [], "terms": [
        {"id": "f", "kind": "fee", "party": "agent", "rate": "10%"},
        {"id": "back", "kind": "clawback", "term": "f", "what": "paid", "to": "house"},
    ]}  # fmt: skip
    with pytest.raises(Refused) as refused:
        draft_contract(production=production, platform=platform, from_date=dt.date(2026, 1, 1), terms=terms, by=owner)
    assert refused.value.code == "clawback_pooled"
