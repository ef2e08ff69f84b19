"""A contract over several titles: settled title by title, reckoned over all of them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from finance.actions import issue_settlement
from finance.agreements import contract_in_force, engine_contract
from finance.models import Contract, ContractTitle, Debt, Payout, Settlement, Statement
from finance.queries import check_books, ledger_balance
from finance.sentences import settlement_sentence
from finance.settlement import read_contract, read_receipts, settle
from studio.models import Production
from studio.refusals import Refused
from studio.values import Money
from tests.finance.joint_world import (
    NOON,
    SLATE,
    TERMS,
    WHY,
    agreed,
    drafted,
    held,
    issued,
    second_title,
    stated,
    taken_back,
    totals,
)


@pytest.fixture
def other(production: Any) -> Any:
    return second_title(production)


@pytest.fixture
def joint(production: Any, other: Any, platform: Any, parties: Any, owner: Any) -> Any:
    return agreed(production, platform, owner)


def shares_of(settlement: Any) -> dict[str, int]:
    return totals(settlement=settlement)


def test_a_second_title_goes_on_where_the_first_one_left_off(
    joint: Any, production: Any, other: Any, platform: Any, owner: Any
) -> None:
    first = issued(stated(production, platform, "2026-01", 50_000, owner), owner)
    # 500 less a fifth: all 400 repay the 480 that are due.
    assert shares_of(first) == {"agent": 10_000, "investor": 30_000, "angel": 10_000}
    second = issued(stated(other, platform, "2026-01", 50_000, owner), owner)
    # 80 are left to repay, 320 are split.
    assert shares_of(second) == {
        "agent": 10_000, "investor": 6_000, "angel": 2_000, "director": 8_000, "writer": 4_000, "house": 3_200,
    }  # fmt: skip
    assert (second.production, second.contract, second.kind, second.receipts_minor) == (other, joint, "regular", 50_000)
    assert [first.position, second.position] == [1, 2]
    line = second.allocations.get(term="fee")
    assert (line.title, line.period, settlement_sentence(line.explanation)) == (
        SLATE, "2026-01",
        (
            "Another title's receipts were in the pool before: ¥500.00, with this one's ¥1,000.00. "
            "¥100.00 was settled, ¥200.00 is right"
        ),
    )  # fmt: skip
    # Each title's books hold its own settlement alone.
    assert ledger_balance(other)["CNY"]["shares"] == 30_000
    assert (check_books(production), check_books(other)) == ([], [])


def test_one_order_of_issuing_over_all_titles(
    joint: Any, production: Any, other: Any, platform: Any, owner: Any
) -> None:
    january = stated(production, platform, "2026-01", 50_000, owner)
    rain = stated(other, platform, "2026-01", 50_000, owner)
    early = drafted(rain, owner)
    with pytest.raises(Refused) as refused:
        issue_settlement(settlement=early, by=owner)
    assert (refused.value.code, refused.value.params) == (
        "earlier_title_open", {"period": "2026-01", "title": production.title},
    )  # fmt: skip
    # What was worked out before the first one was issued holds to the fen afterwards.
    kept = list(early.allocations.order_by("pk").values_list("party", "term", "amount_minor", "explanation"))
    issued(january, owner)
    done = issue_settlement(settlement=early, by=owner, at=NOON)
    assert list(done.allocations.order_by("pk").values_list("party", "term", "amount_minor", "explanation")) == kept
    assert totals() == {
        "agent": 20_000, "investor": 36_000, "angel": 12_000, "director": 8_000, "writer": 4_000, "house": 3_200,
    }  # fmt: skip


def test_what_was_drafted_before_another_title_came_in_is_worked_out_again(
    joint: Any, production: Any, other: Any, platform: Any, owner: Any
) -> None:
    rain = drafted(stated(other, platform, "2026-01", 50_000, owner), owner)
    issued(stated(production, platform, "2026-01", 50_000, owner), owner)
    with pytest.raises(Refused) as refused:
        issue_settlement(settlement=rain, by=owner)
    assert refused.value.code == "settlement_stale"
    assert shares_of(issued(rain.statement, owner))["investor"] == 6_000


def test_a_title_that_lags_is_settled_month_by_month(
    joint: Any, production: Any, other: Any, platform: Any, owner: Any
) -> None:
    for month in ("2026-01", "2026-02"):
        issued(stated(production, platform, month, 50_000, owner), owner)
    rows = [stated(other, platform, month, 20_000, owner) for month in ("2026-01", "2026-02")]
    late = [issued(row, owner) for row in rows]
    assert [(row.period, row.kind, row.receipts_minor) for row in late] == [
        ("2026-01", "regular", 20_000), ("2026-02", "regular", 20_000),
    ]  # fmt: skip
    # January's 160 repay the 80 that February had repaid: nobody's sum falls.
    investor = late[0].allocations.filter(party__code="investor").order_by("period")
    assert list(investor.values_list("period", "amount_minor")) == [("2026-01", 6_000), ("2026-02", -6_000)]
    assert totals()["investor"] == 36_000
    assert (check_books(production), check_books(other)) == ([], [])


def test_a_correction_of_one_title_takes_back_through_its_own_settlement(
    joint: Any, production: Any, other: Any, platform: Any, owner: Any
) -> None:
    issued(stated(production, platform, "2026-01", 50_000, owner), owner)
    issued(stated(other, platform, "2026-01", 50_000, owner), owner)
    run = issued(stated(production, platform, "2026-01", 30_000, owner, reason=WHY), owner)
    assert (run.production, run.kind, run.receipts_minor) == (production, "difference", -20_000)
    assert shares_of(run) == {"agent": -4_000, "director": -4_000, "writer": -2_000, "house": -1_600}
    # A party owes it under the contract: the other title's next payout keeps it back.
    february = issued(stated(other, platform, "2026-02", 50_000, owner), owner)
    payout = february.payouts.get(party__code="director")
    assert (payout.gross_minor, payout.set_off_minor) == (10_000, 4_000)
    assert Debt.objects.filter(left_minor__gt=0).count() == 0
    assert (check_books(production), check_books(other)) == ([], [])


def test_only_the_last_of_all_titles_is_reversed(
    joint: Any, production: Any, other: Any, platform: Any, owner: Any
) -> None:
    first = issued(stated(production, platform, "2026-01", 50_000, owner), owner)
    second = issued(stated(other, platform, "2026-01", 50_000, owner), owner)
    with pytest.raises(Refused) as refused:
        taken_back(first, owner)
    assert refused.value.code == "not_the_latest"
    taken_back(second, owner)
    taken_back(first, owner)
    assert totals() == {}
    assert shares_of(issued(first.statement, owner)) == {
        "agent": 10_000, "investor": 30_000, "angel": 10_000,
    }  # fmt: skip


# --- what is refused ----------------------------------------------------------------------------------------------


def _terms(**changes: Any) -> dict[str, Any]:
    return {**TERMS, **changes}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"titles": ["CG01", "CG02", "CG02"]}, "title_twice"),
        ({"titles": ["CG01", "CG09"]}, "unknown_title"),
        ({"titles": ["CG01", "FREMD"]}, "unknown_title"),
        ({"titles": "CG02"}, "titles_no_list"),
        ({"titles": ["CG01"]}, "groups_of_one_title"),
        ({"groups": {"CG02": ["CG01", "CG02"]}}, "title_is_pool"),
        ({"groups": {SLATE: ["CG01", "CG09"]}}, "title_not_covered"),
        # Two pools, each repaid out of the other: a circle.
        ({"groups": {"甲": ["乙"], "乙": ["甲"]}}, "title_not_covered"),
        ({"groups": ["CG01"]}, "groups_no_object"),
        ({"groups": {SLATE: ["CG01", "CG02"], "乙": ["CG02"]}}, "terms_faulty"),
        # Without the joint pool the investment would be repaid by each title.
        ({"groups": {}, "terms": [{**TERMS["terms"][1], "titles": ["CG01", "CG02"]}]}, "terms_faulty"),
        ({"ranks": [{"title": "CG09", "rank": "S", "from": "2026-01"}]}, "title_not_covered"),
    ],
)
def test_bad_input_keeps_nothing(
    changes: Any, code: str, production: Any, other: Any, platform: Any, parties: Any, owner: Any, other_studio: Any
) -> None:
    Production.objects.create(studio=other_studio, code="FREMD", title="别人的戏")
    with pytest.raises(Refused) as refused:
        agreed(production, platform, owner, _terms(**changes))
    assert (refused.value.code, Contract.objects.count(), ContractTitle.objects.count()) == (code, 0, 0)


def test_a_title_has_one_contract_with_a_platform(
    joint: Any, production: Any, other: Any, platform: Any, owner: Any
) -> None:
    alone = {"pool_by": ["title"], "terms": [TERMS["terms"][0]]}
    third = second_title(production, "CG03", "雪")
    agreed(third, platform, owner, alone)

    def code(kept_under: Any, terms: Any, month: int = 5) -> str:
        with pytest.raises(Refused) as refused:
            agreed(kept_under, platform, owner, terms, month)
        return refused.value.code

    assert code(other, alone) == "title_covered"
    assert code(production, {**TERMS, "titles": ["CG01", "CG02", "CG03"]}) == "title_has_contract"
    assert (
        code(third, {**TERMS, "titles": ["CG03", "CG02"], "groups": {SLATE: ["CG03", "CG02"]}}) == "title_has_contract"
    )
    # What it covers it keeps, and in the same pools.
    assert code(production, alone) == "titles_dropped"
    assert code(production, {**TERMS, "groups": {}, "terms": [TERMS["terms"][0]]}) == "pools_differ"


def test_titles_stated_in_two_currencies(production: Any, other: Any, platform: Any, parties: Any, owner: Any) -> None:
    row = stated(other, platform, "2026-02", 100, owner)
    Statement.objects.filter(pk=row.pk).update(currency="USD")
    with pytest.raises(Refused) as refused:
        agreed(production, platform, owner)
    assert (refused.value.code, refused.value.params["title"]) == ("titles_of_two_currencies", "CG02")


def test_a_title_added_later_counts_from_its_month(
    joint: Any, production: Any, other: Any, platform: Any, owner: Any
) -> None:
    issued(stated(production, platform, "2026-01", 50_000, owner), owner)
    third = second_title(production, "CG03", "雪")
    before = stated(third, platform, "2026-01", 99_000, owner)
    later = agreed(
        production, platform, owner,
        {**TERMS, "titles": ["CG01", "CG02", "CG03"], "groups": {SLATE: ["CG01", "CG02", "CG03"]}}, month=3,
    )  # fmt: skip
    assert [contract_in_force(third, platform, month) for month in ("2026-02", "2026-03")] == [None, later]
    with pytest.raises(Refused) as refused:
        drafted(before, owner)
    assert (refused.value.code, refused.value.params["period"]) == ("no_contract", "2026-01")
    run = issued(stated(third, platform, "2026-03", 10_000, owner), owner)
    # The 80 that January left to repay.
    assert (run.contract, shares_of(run)) == (later, {"agent": 2_000, "investor": 6_000, "angel": 2_000})


def test_the_database_holds_each_title_once(joint: Any, other: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ContractTitle.objects.create(contract=joint, production=other)


def test_titles_by_themselves_keep_their_own_pools(
    production: Any, other: Any, platform: Any, parties: Any, owner: Any
) -> None:
    agreed(production, platform, owner, {
        "titles": ["CG02"], "pool_by": ["title"],
        "terms": [{"id": "a", "kind": "recoup", "party": "investor", "amount": "100", "titles": ["CG01"]},
                  {"id": "b", "kind": "share", "party": "director", "rate": "10%"}],
    })  # fmt: skip
    assert shares_of(issued(stated(other, platform, "2026-01", 10_000, owner), owner)) == {"director": 1_000}
    assert shares_of(issued(stated(production, platform, "2026-01", 20_000, owner), owner)) == {
        "investor": 10_000, "director": 1_000,
    }  # fmt: skip


# --- any order ----------------------------------------------------------------------------------------------------

MONTHS = ("2026-01", "2026-02", "2026-03")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("state"), st.integers(0, 5), st.integers(0, 2_000_00)),
        st.tuples(st.just("settle"), st.integers(0, 5), st.just(0)),
        st.tuples(st.just("reverse"), st.just(0), st.just(0)),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


class Undone(Exception):
    pass


def _step(kind: str, number: int, minor: int, world: dict[str, Any]) -> None:
    owner, platform = world["owner"], world["platform"]
    if kind == "state":
        title, month = world["titles"][number % 2], MONTHS[number // 2]
        mine = Statement.objects.filter(production=title, period=month, state="accepted")
        while (in_force := mine.first()) is not None:
            held(in_force, owner)
        stated(title, platform, month, minor, owner, reason=WHY)
    elif kind == "settle":
        waiting = list(Statement.objects.filter(state="accepted").order_by("pk"))
        if waiting:
            # Whichever somebody starts from: where another comes first, it is said, and that one is issued.
            assert _settle_any([waiting[number % len(waiting)], *waiting], owner) != ""
    else:
        last = Settlement.objects.exclude(kind="reversal").filter(state="issued", reversed_by=None)
        if last.exists():
            taken_back(last.order_by("-position").first(), owner)


def _settle_any(waiting: list[Any], owner: Any) -> str:
    """Issue the first that may be; where another one comes before it that is said, and nothing else is."""
    for row in waiting:
        try:
            return issued(row, owner).period
        except Refused as refused:
            if refused.code not in ("earlier_month_open", "earlier_title_open"):
                raise
    return ""


@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_order_of_titles_and_months_gives_the_same_totals(
    steps: list[tuple[str, int, int]], joint: Any, production: Any, other: Any, platform: Any, owner: Any
) -> None:
    world = {"titles": (production, other), "platform": platform, "owner": owner}
    with pytest.raises(Undone), transaction.atomic():
        for step in steps:
            _step(*step, world)
        while Statement.objects.filter(state="accepted").exists():
            _step("settle", 0, 0, world)
        contract, _faults = read_contract(engine_contract(production, [joint]))
        assert contract is not None
        receipts, faults = read_receipts(
            [
                {"line": str(row.pk), "title": row.production.code, "kind": "share", "period": row.period,
                 "amount": Money(row.counted_minor).plain()}
                for row in Statement.objects.filter(state="settled").select_related("production")
            ],
            contract,
        )  # fmt: skip
        assert faults == ()
        assert totals() == {code: total for code, total in settle(contract, receipts).totals.items() if total}
        had: dict[str, int] = defaultdict(int)
        for payout in Payout.objects.exclude(state="cancelled").select_related("party"):
            had[payout.party.code] += payout.gross_minor - payout.set_off_minor
        for debt in Debt.objects.select_related("party"):
            had[debt.party.code] -= debt.left_minor
        assert {code: total for code, total in had.items() if total} == {
            code: total for code, total in totals().items() if code != "house"
        }
        assert (check_books(production), check_books(other)) == ([], [])
        raise Undone


def test_what_says_it_is_settled_and_stands_nowhere_is_refused(
    joint: Any, production: Any, platform: Any, owner: Any
) -> None:
    row = stated(production, platform, "2026-01", 100, owner)
    Statement.objects.filter(pk=row.pk).update(state="settled")
    with pytest.raises(Refused) as refused:
        drafted(row, owner)
    assert refused.value.code == "settlement_issued"
