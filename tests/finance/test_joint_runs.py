"""Months of a contract over several titles: spread over workers, issued in one order, two people at once."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
from typing import Any

import pytest
from django.db import connection

from delivery.actions import take_down
from delivery.models import Package, Spec
from finance.actions import issue_run, review_titles, start_run
from finance.models import Allocation, Payout, RunTitle, Settlement, Statement
from finance.queries import check_books
from studio import jobs
from studio.choices import JobState
from studio.models import Job
from studio.refusals import Refused
from tests.finance.joint_world import NOON, SLATE, TERMS, agreed, issued, second_title, stated, totals

DOWN = dt.datetime(2026, 2, 14, 3, 0, tzinfo=dt.UTC)
WANTED = {
    "agent": 20_000, "investor": 36_000, "angel": 12_000, "director": 8_000, "writer": 4_000, "house": 3_200,
}  # fmt: skip


@pytest.fixture
def other(production: Any) -> Any:
    return second_title(production)


@pytest.fixture
def joint(production: Any, other: Any, platform: Any, parties: Any, owner: Any) -> Any:
    return agreed(production, platform, owner)


def rows_of(period: str = "2026-01") -> list[Any]:
    """Allocations of a month without their keys."""
    return list(
        Allocation.objects.filter(settlement__period=period)
        .order_by("settlement__production__code", "pk")
        .values_list(
            "settlement__production__code", "party__code", "term", "title", "amount_minor", "explanation__code"
        )
    )


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_whichever_worker_is_first_the_drafts_are_the_same(
    order: tuple[int, ...], production: Any, other: Any, platform: Any, parties: Any, owner: Any, drain: Any
) -> None:
    third = second_title(production, "CG03", "雪")
    agreed(
        production, platform, owner,
        {**TERMS, "titles": ["CG01", "CG02", "CG03"], "groups": {SLATE: ["CG01", "CG02", "CG03"]}},
    )  # fmt: skip
    for title, minor in ((third, 20_000), (other, 50_000), (production, 50_000)):
        stated(title, platform, "2026-01", minor, owner)
    run, _new = start_run(studio=production.studio, period="2026-01", by=owner)
    queued = {job.payload["title"]: job for job in Job.objects.filter(kind="finance.settle_run_title")}
    titles = list(RunTitle.objects.filter(run=run).order_by("statement__production__code"))
    for place in order:
        assert jobs.run(queued[titles[place].pk].pk) == JobState.DONE
    first = rows_of()
    assert [row[:2] for row in first if row[2] == "fee"] == [("CG01", "agent"), ("CG02", "agent"), ("CG03", "agent")]
    assert [row[5] for row in first if row[2] == "fee"] == ["share_of_gross", "pool_grew", "pool_grew"]
    seen = {row.pk: Settlement.objects.get(pk=row.settlement_id).updated_at for row in RunTitle.objects.filter(run=run)}
    review_titles(run=run, seen=seen, by=owner)
    issue_run(run=run, by=owner, at=NOON)
    drain()
    assert Settlement.objects.filter(state="issued").count() == 3
    # What was drafted is what was issued.
    assert rows_of() == first
    assert totals() == {**WANTED, "agent": 24_000, "director": 12_000, "writer": 6_000, "house": 4_800}


def test_a_run_of_which_one_title_is_not_reviewed_says_what_comes_first(
    joint: Any, production: Any, other: Any, platform: Any, owner: Any, drain: Any
) -> None:
    stated(production, platform, "2026-01", 50_000, owner)
    stated(other, platform, "2026-01", 50_000, owner)
    run, _new = start_run(studio=production.studio, period="2026-01", by=owner)
    drain()
    row = RunTitle.objects.get(run=run, statement__production=other)
    assert row.settlement is not None
    review_titles(run=run, seen={row.pk: row.settlement.updated_at}, by=owner)
    issue_run(run=run, by=owner, at=NOON)
    drain()
    row.refresh_from_db()
    assert (row.issue_refusal["code"], Settlement.objects.filter(state="issued").count()) == ("earlier_title_open", 0)
    # Started again, nothing is made twice.
    assert start_run(studio=production.studio, period="2026-01", by=owner) == (run, False)


def test_a_takedown_of_one_title_is_settled_with_its_own_pool(
    production: Any, other: Any, platform: Any, parties: Any, owner: Any
) -> None:
    def advance(code: str) -> list[dict[str, Any]]:
        return [
            {"id": f"mg {code}", "kind": "guarantee", "meaning": "advance", "party": "writer", "payer": "house",
             "amount": "200", "on": "2026-01", "rate": "10%", "titles": [code]},
            {"id": f"back {code}", "kind": "clawback", "term": f"mg {code}", "what": "unrecouped"},
        ]  # fmt: skip

    agreed(
        production, platform, owner,
        {"titles": ["CG02"], "pool_by": ["title"], "terms": [*advance("CG01"), *advance("CG02")]},
    )  # fmt: skip
    first = issued(stated(production, platform, "2026-01", 100_000, owner), owner)
    second = issued(stated(other, platform, "2026-01", 60_000, owner), owner)
    # Both advances are due in January and stand in the first settlement; each title's receipts repay its own.
    assert totals(settlement=first) == {"writer": 40_000, "house": -30_000}
    assert totals(settlement=second) == {"house": 6_000}
    spec = Spec.objects.create(platform=platform, from_date=dt.date(2026, 1, 1), rules={}, source="x")
    package = Package.objects.create(
        production=other, platform=platform, spec=spec, state="live", live_at=DOWN, sent_at=DOWN
    )
    take_down(package=package, reason="版权投诉", at=DOWN, by=owner)
    run = issued(Statement.objects.get(production=other), owner)
    assert (run.production, run.kind, run.receipts_minor) == (other, "difference", 0)
    # 140 of the second title's advance are not repaid; the first title's stands.
    assert totals(settlement=run) == {"writer": -14_000, "house": 14_000}
    assert (check_books(production), check_books(other)) == ([], [])


@pytest.mark.django_db(transaction=True)
def test_two_titles_settled_at_once_give_what_one_after_the_other_gives(
    joint: Any, production: Any, other: Any, platform: Any, owner: Any
) -> None:
    """Both are worked out and issued at the same moment, each over a connection of its own, until both are through."""
    if connection.vendor == "sqlite":
        pytest.skip("the tests' SQLite lies in memory, where connections cannot wait for one another")
    statements = [stated(title, platform, "2026-01", 50_000, owner) for title in (production, other)]
    ready = threading.Barrier(2)
    codes: list[str] = []
    broken: list[BaseException] = []

    def settle(statement: Any) -> None:
        try:
            ready.wait(timeout=30)
            for _attempt in range(50):
                try:
                    issued(statement, owner)
                    return
                except Refused as refused:
                    codes.append(refused.code)
        except BaseException as error:
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=settle, args=(row,)) for row in statements]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert broken == []
    assert set(codes) <= {"earlier_title_open", "settlement_stale", "inputs_changed"}
    if Settlement.objects.filter(state="issued").count() < 2:
        issued(statements[1], owner)
    assert [row.position for row in Settlement.objects.order_by("position")] == [1, 2]
    assert totals() == WANTED
    assert {p.party.code: p.gross_minor for p in Payout.objects.filter(settlement__production=other).select_related("party")} == {
        "agent": 10_000, "investor": 6_000, "angel": 2_000, "director": 8_000, "writer": 4_000,
    }  # fmt: skip
    assert (check_books(production), check_books(other)) == ([], [])
