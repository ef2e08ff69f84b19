"""A month's run: started once, worked out title by title, reviewed, issued in one order."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from finance import runs
from finance.actions import (
    accept_statement,
    draft_contract,
    hold_statement,
    issue_run,
    issue_settlement,
    review_titles,
    run_settlement,
    sign_contract,
    start_run,
    take_back_review,
    try_again,
)
from finance.choices import RunOutcome, SettlementState, StatementState
from finance.models import RunTitle, Settlement, SettlementRun, Statement
from finance.queries.runs import months_to_settle, run_progress, run_titles
from finance.receiving import import_statement
from studio import jobs
from studio.choices import JobState
from studio.models import Event, Job, Notice, Production
from studio.refusals import Refused

from .conftest import TERMS, sheet

NOON = dt.datetime(2026, 3, 10, 4, 0, tzinfo=dt.UTC)


@pytest.fixture
def titles(studio: Any, platform: Any, parties: Any, owner: Any) -> Any:
    """titles(3, "2026-02") -> titles, each with a signed contract and an accepted statement of those months."""
    made: list[Any] = []

    def make(count: int, *months: str, contract: bool = True) -> list[Any]:
        from studio.actions import ensure_episodes

        rows = []
        for _ in range(count):
            number = len(made) + 1
            title = Production.objects.create(studio=studio, title=f"灯火 {number}", code=f"R{number:03d}")
            ensure_episodes(production=title, numbers=[1, 2, 3])
            if contract:
                draft = draft_contract(
                    production=title, platform=platform, from_date=dt.date(2026, 1, 1), terms=TERMS, by=owner
                )
                sign_contract(contract=draft, by=owner)
            made.append(title)
            rows.append(title)
            for month in months:
                state(title, month, number)
        return rows

    def state(title: Any, month: str, number: int) -> Any:
        row = import_statement(
            platform=platform, production=title, period=month, data=_file(month, ("1", f"{600 + number}"), ("2", "400")),
            file_name=f"{month}.csv", by=owner,
        )  # fmt: skip
        return accept_statement(statement=row, by=owner)

    return make


def _file(month: str, *rows: tuple[str, str]) -> bytes:
    """The same figures of another month are another file."""
    return sheet(*rows) + b"\n" * int(month[-2:])


def standings(run: Any) -> dict[str, int]:
    return run_progress(run).counts


def review_all(run: Any, by: Any) -> tuple[int, int]:
    seen = {row.pk: row.settlement.updated_at for row in run_titles(run, standing="draft")}
    return review_titles(run=run, seen=seen, by=by)


def test_a_month_is_worked_out_title_by_title(studio: Any, titles: Any, owner: Any, drain: Any) -> None:
    titles(3, "2026-01", "2026-02")
    assert [(row.period, row.statements, row.receipts_minor) for row in months_to_settle(studio)] == [
        ("2026-01", 3, 3 * 100_000 + 600),
        ("2026-02", 3, 3 * 100_000 + 600),
    ]
    run, new = start_run(studio=studio, period="2026-02", by=owner, at=NOON)
    assert (new, run.started_by, run.started_at) == (True, owner, NOON)
    assert Job.objects.filter(kind=runs.SETTLE).count() == 3
    assert standings(run) == {"waiting": 3}
    drain()
    assert standings(run) == {"draft": 3}
    # January repaid the investors: 20 % fee, then a quarter and an eighth of the other 80 %.
    assert run_progress(run).sums == (("CNY", 300_600, 150_300, 150_300),)
    alone = Settlement.objects.get(statement__production__code="R001")
    # The same fen as the title settled by itself.
    kept = list(alone.allocations.order_by("pk").values_list("party__code", "term", "amount_minor"))
    run_settlement(statement=alone.statement, by=owner)
    drain()
    alone.refresh_from_db()
    assert list(alone.allocations.order_by("pk").values_list("party__code", "term", "amount_minor")) == kept


def test_started_twice_is_one_run(studio: Any, titles: Any, owner: Any, drain: Any) -> None:
    titles(2, "2026-01")
    first, new = start_run(studio=studio, period="2026-01", by=owner)
    again, new_again = start_run(studio=studio, period="2026-01", by=owner)
    assert (new, new_again, again.pk) == (True, False, first.pk)
    drain()
    later, new_later = start_run(studio=studio, period="2026-01", by=owner)
    assert (new_later, later.pk, Job.objects.filter(kind=runs.SETTLE).count()) == (False, first.pk, 2)
    assert Event.objects.filter(name="RunStarted").count() == 1


def test_a_second_run_takes_only_what_is_new(studio: Any, titles: Any, owner: Any, drain: Any) -> None:
    titles(2, "2026-01")
    first, _ = start_run(studio=studio, period="2026-01", by=owner)
    drain()
    third = titles(1, "2026-01")[0]
    second, new = start_run(studio=studio, period="2026-01", by=owner)
    assert new
    assert second.pk != first.pk
    assert [row.statement.production for row in second.titles.all()] == [third]


def test_a_draft_withdrawn_is_taken_again(studio: Any, titles: Any, owner: Any, drain: Any) -> None:
    titles(1, "2026-01")
    first, _ = start_run(studio=studio, period="2026-01", by=owner)
    drain()
    statement = Statement.objects.get()
    hold_statement(statement=statement, reason="wrong file", by=owner)
    assert standings(first) == {"gone": 1}
    accept_statement(statement=statement, reason="right after all", by=owner)
    second, new = start_run(studio=studio, period="2026-01", by=owner)
    assert (new, second.titles.count()) == (True, 1)


def test_a_run_of_one_platform_leaves_the_others(studio: Any, titles: Any, owner: Any, production: Any) -> None:
    from delivery.models import Platform

    other = Platform.objects.create(studio=studio, code="hema", name="河马")
    titles(1, "2026-01")
    row = import_statement(
        platform=other, production=production, period="2026-01", data=b"\xe9\x9b\x86\xe6\x95\xb0,\xe5\x88\x86\xe6\x88\x90\xe9\x87\x91\xe9\xa2\x9d\n1,5\n",
        file_name="a.csv", by=owner,
    )  # fmt: skip
    accept_statement(statement=row, reason="fine", by=owner)
    run, _ = start_run(studio=studio, period="2026-01", platform=other, by=owner)
    assert [title.statement for title in run.titles.all()] == [row]
    rest, new = start_run(studio=studio, period="2026-01", by=owner)
    assert (new, [title.statement.platform.code for title in rest.titles.all()]) == (True, ["hongguo"])


def test_what_cannot_be_started(studio: Any, other_studio: Any, platform: Any, owner: Any) -> None:
    with pytest.raises(Refused, match="Accept the statements first"):
        start_run(studio=studio, period="2026-01", by=owner)
    with pytest.raises(Refused, match="like 2026-01"):
        start_run(studio=studio, period="January", by=owner)
    with pytest.raises(Refused, match="another studio"):
        start_run(studio=other_studio, period="2026-01", platform=platform, by=owner)
    assert not SettlementRun.objects.exists()


def test_a_refused_title_says_why_and_is_tried_again(
    studio: Any, platform: Any, titles: Any, owner: Any, drain: Any
) -> None:
    titles(1, "2026-01")
    bare = titles(1, "2026-01", contract=False)[0]
    run, _ = start_run(studio=studio, period="2026-01", by=owner)
    drain()
    assert standings(run) == {"draft": 1, "refused": 1}
    row = run.titles.get(outcome=RunOutcome.REFUSED)
    assert (row.statement.production, row.refusal_code) == (bare, "no_contract")
    assert row.refusal["text"] % row.refusal["params"] == "No signed contract with 红果 holds in 2026-01."
    # Its job is done: there is nothing to run again until somebody writes the contract.
    assert row.job is not None
    assert row.job.state == JobState.DONE
    _, new = start_run(studio=studio, period="2026-01", by=owner)
    assert not new
    draft = draft_contract(production=bare, platform=platform, from_date=dt.date(2026, 1, 1), terms=TERMS, by=owner)
    sign_contract(contract=draft, by=owner)
    assert try_again(run=run, by=owner) == 1
    assert try_again(run=run, by=owner) == 0
    drain()
    assert standings(run) == {"draft": 2}


def test_a_job_given_up_is_tried_again(
    studio: Any, titles: Any, owner: Any, drain: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles(1, "2026-01")
    run, _ = start_run(studio=studio, period="2026-01", by=owner)
    Job.objects.filter(kind=runs.SETTLE).update(state=JobState.PARKED, finished_at=NOON, error="disk full")
    assert standings(run) == {"given_up": 1}
    assert try_again(run=run, by=owner) == 1
    drain()
    assert standings(run) == {"draft": 1}
    assert Job.objects.filter(kind=runs.SETTLE).count() == 1


def test_only_what_is_reviewed_is_issued(studio: Any, titles: Any, owner: Any, drain: Any) -> None:
    titles(3, "2026-01")
    run, _ = start_run(studio=studio, period="2026-01", by=owner)
    drain()
    with pytest.raises(Refused, match="Nothing is reviewed"):
        issue_run(run=run, by=owner)
    first, second, _third = run_titles(run)
    seen = {row.pk: row.settlement.updated_at for row in (first, second)}
    assert review_titles(run=run, seen=seen, by=owner, at=NOON) == (2, 0)
    assert take_back_review(run=run, titles=[second.pk], by=owner) == 1
    assert standings(run) == {"reviewed": 1, "draft": 2}
    job = issue_run(run=run, by=owner, at=NOON)
    assert issue_run(run=run, by=owner) == job
    drain()
    assert standings(run) == {"issued": 1, "draft": 2}
    issued = Settlement.objects.get(state=SettlementState.ISSUED)
    assert (issued.pk, issued.issued_by, issued.issued_at) == (first.settlement_id, owner, NOON)
    job.refresh_from_db()
    assert job.result == {"issued": 1, "refused": 0}
    assert issued.payouts.count() == 5


def test_a_review_is_of_one_draft(studio: Any, titles: Any, owner: Any, drain: Any) -> None:
    titles(2, "2026-01")
    run, _ = start_run(studio=studio, period="2026-01", by=owner)
    drain()
    old, fresh = run_titles(run)
    seen = {row.pk: row.settlement.updated_at for row in (old, fresh)}
    run_settlement(statement=old.statement, by=owner)
    drain()
    assert review_titles(run=run, seen=seen, by=owner) == (1, 1)
    assert standings(run) == {"reviewed": 1, "draft": 1}
    run_settlement(statement=fresh.statement, by=owner)
    drain()
    assert standings(run) == {"draft": 2}
    # The mark is of the draft before: issuing says so and leaves the draft as it is.
    issue_run(run=run, by=owner)
    drain()
    row = RunTitle.objects.get(pk=fresh.pk)
    assert row.issue_refusal["code"] == "changed_since_review"
    assert standings(run) == {"draft": 2}


def test_a_title_refused_at_issuing_does_not_stop_the_others(
    studio: Any, platform: Any, titles: Any, owner: Any, drain: Any
) -> None:
    first = titles(1, "2026-01", "2026-02")[0]
    titles(2, "2026-02")
    run, _ = start_run(studio=studio, period="2026-02", by=owner)
    drain()
    assert review_all(run, owner) == (3, 0)
    issue_run(run=run, by=owner)
    drain()
    assert standings(run) == {"reviewed": 1, "issued": 2}
    row = run.titles.get(statement__production=first)
    assert row.issue_refusal == {
        "code": "earlier_month_open", "text": "Settle %(period)s first.", "params": {"period": "2026-01"},
    }  # fmt: skip
    january, _ = start_run(studio=studio, period="2026-01", by=owner)
    drain()
    review_all(january, owner)
    issue_run(run=january, by=owner)
    drain()
    issue_run(run=run, by=owner)
    drain()
    assert standings(run) == {"issued": 3}
    row.refresh_from_db()
    assert row.issue_refusal == {}


def test_issued_by_hand_meanwhile_is_issued(studio: Any, titles: Any, owner: Any, drain: Any) -> None:
    titles(1, "2026-01")
    statement = Statement.objects.get()
    run, _ = start_run(studio=studio, period="2026-01", by=owner)
    waiting = Job.objects.get(kind=runs.SETTLE)
    Job.objects.filter(pk=waiting.pk).update(run_after=dt.datetime(2090, 1, 1, tzinfo=dt.UTC))
    run_settlement(statement=statement, by=owner)
    drain()
    issue_settlement(settlement=Settlement.objects.get(), by=owner)
    Job.objects.filter(pk=waiting.pk).update(run_after=NOON)
    drain()
    assert standings(run) == {"issued": 1}
    statement.refresh_from_db()
    assert statement.state == StatementState.SETTLED


def test_a_worker_that_takes_over_issues_the_rest(
    studio: Any, titles: Any, owner: Any, drain: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles(3, "2026-01")
    run, _ = start_run(studio=studio, period="2026-01", by=owner)
    drain()
    review_all(run, owner)
    job = issue_run(run=run, by=owner, at=NOON)
    real, calls = runs.issue_title, []

    def dies_after_two(**kwargs: Any) -> bool:
        calls.append(kwargs["title"].pk)
        if len(calls) == 3:
            raise RuntimeError("power cut")
        return real(**kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(runs, "issue_title", dies_after_two)
        assert jobs.run(job.pk) == JobState.QUEUED
    assert standings(run) == {"issued": 2, "reviewed": 1}
    Job.objects.filter(pk=job.pk).update(run_after=NOON)
    assert jobs.run(job.pk) == JobState.DONE
    assert standings(run) == {"issued": 3}
    assert set(Settlement.objects.values_list("issued_at", flat=True)) == {NOON}


def test_a_statement_waits_in_one_run_only(studio: Any, titles: Any, owner: Any) -> None:
    titles(1, "2026-01")
    run, _ = start_run(studio=studio, period="2026-01", by=owner)
    other = SettlementRun.objects.create(studio=studio, period="2026-01", started_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        RunTitle.objects.create(run=other, statement=run.titles.get().statement)


# --- doors --------------------------------------------------------------------------------------------------------


def test_the_pages_from_start_to_issue(studio: Any, titles: Any, owner: Any, drain: Any, client_of: Any) -> None:
    titles(2, "2026-01")
    titles(1, "2026-01", contract=False)
    browser = client_of(owner)
    listed = browser.get("/settlement-runs/").content.decode()
    assert "Settle all 3 statements" in listed
    answer = browser.post("/settlement-runs/", {"period": "2026-01"})
    run = SettlementRun.objects.get()
    assert answer["Location"] == f"/settlement-runs/{run.pk}/"
    address = answer["Location"]
    assert 'hx-trigger="every 1s"' in browser.get(address).content.decode()
    assert "HX-Refresh" not in browser.get(f"{address}?panel=1").headers
    drain()
    assert browser.get(f"{address}?panel=1")["HX-Refresh"] == "true"
    shown = browser.get(address).content.decode()
    assert "No signed contract with 红果 holds in 2026-01." in shown
    bare = Production.objects.get(code="R003")
    assert f'href="/productions/{bare.pk}/contracts/new/"' in shown
    rows = list(run_titles(run, standing="draft"))
    seen = [f"{row.pk}@{row.settlement.updated_at.isoformat()}" for row in rows]
    browser.post(f"{address}review/", {"row": seen[:1]})
    assert standings(run) == {"reviewed": 1, "draft": 1, "refused": 1}
    browser.post(f"{address}review/", {"row": seen[:1], "back": "1"})
    browser.post(f"{address}review/", {"all": "1", "shown": seen, "row": [], "query": "sort=change"})
    assert standings(run) == {"reviewed": 2, "refused": 1}
    assert "Issue all 2 reviewed" in browser.get(address).content.decode()
    browser.post(f"{address}issue/")
    assert "being issued" in browser.get(address).content.decode()
    drain()
    assert standings(run) == {"issued": 2, "refused": 1}
    assert "The last time 2 settlements were issued." in browser.get(address).content.decode()
    browser.post(f"{address}again/")
    assert standings(run) == {"issued": 2, "waiting": 1}


def test_what_is_ticked_without_sense_is_left_alone(
    studio: Any, titles: Any, owner: Any, drain: Any, client_of: Any
) -> None:
    titles(1, "2026-01")
    run, _ = start_run(studio=studio, period="2026-01", by=owner)
    drain()
    browser = client_of(owner)
    for row in ("", "x", "1@", "1@yesterday", "9" * 30 + "@2026-01-01T00:00:00+00:00", "1@2026-13-41T00:00:00+00:00"):
        assert browser.post(f"/settlement-runs/{run.pk}/review/", {"row": [row]}).status_code == 302
    for data in (
        {"period": "nonsense"},
        {"period": ""},
        {"period": "2026-01", "platform": "x"},
        {"platform": "9" * 40},
    ):
        assert browser.post("/settlement-runs/", data).status_code == 302
    assert (standings(run), SettlementRun.objects.count()) == ({"draft": 1}, 1)


def test_against_the_month_before_sorted_and_exported(
    studio: Any, titles: Any, owner: Any, drain: Any, client_of: Any
) -> None:
    import python_calamine

    titles(2, "2026-01")
    for month in ("2026-01", "2026-02"):
        if month == "2026-02":
            for title, amount in zip(
                Production.objects.filter(code__startswith="R").order_by("code"), ("500", "2000"), strict=True
            ):
                row = import_statement(
                    platform=Statement.objects.first().platform, production=title, period=month,  # type: ignore[union-attr]
                    data=_file(month, ("1", amount)), file_name="f.csv", by=owner,
                )  # fmt: skip
                accept_statement(statement=row, by=owner)
        run, _ = start_run(studio=studio, period=month, by=owner)
        drain()
        review_all(run, owner)
        issue_run(run=run, by=owner)
        drain()
    rows = run_titles(run, sort="change")
    assert [(row.receipts, row.before_receipts, row.change) for row in rows] == [
        (50_000, 100_100, -50_100),
        (200_000, 100_200, 99_800),
    ]
    assert [row.statement.production.code for row in run_titles(run, sort="receipts")] == ["R002", "R001"]
    assert [row.statement.production.code for row in run_titles(run, text="r002")] == ["R002"]
    answer = client_of(owner).get(f"/settlement-runs/{run.pk}/?format=xlsx&sort=change")
    book = python_calamine.load_workbook(io.BytesIO(answer.content))
    cells = book.get_sheet_by_index(0).to_python()
    assert [tuple(row[5:8]) for row in cells] == [
        ("Receipts", "Receipts of the month before", "Change"), (500, 1001, -501), (2000, 1002, 998)
    ]  # fmt: skip


def queries_of(browser: Any, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connection) as found:
        assert browser.get(address).status_code == 200
    return len(found)


def test_the_pages_cost_the_same_for_any_number_of_titles(
    studio: Any, titles: Any, owner: Any, drain: Any, client_of: Any
) -> None:
    browser = client_of(owner)
    costs = []
    for month, count in (("2026-01", 1), ("2026-02", 3)):
        titles(count, month)
        titles(count, month, contract=False)
        run, _ = start_run(studio=studio, period=month, by=owner)
        drain()
        assert standings(run) == {"draft": count, "refused": count}
        costs.append((queries_of(browser, f"/settlement-runs/{run.pk}/"), queries_of(browser, "/settlement-runs/")))
    assert costs[0] == costs[1]


def test_the_api_from_start_to_issue(studio: Any, titles: Any, owner: Any, drain: Any, api_of: Any) -> None:
    titles(2, "2026-01")
    api = api_of(owner)
    assert api.post("/api/v1/settlement-runs/", {"studio": studio.pk, "period": "2026-02"}).status_code == 400
    answer = api.post("/api/v1/settlement-runs/", {"studio": studio.pk, "period": "2026-01"})
    assert answer.status_code == 201
    assert [row["state"] for row in answer.json()["titles"]] == ["waiting", "waiting"]
    pk = answer.json()["id"]
    assert api.post("/api/v1/settlement-runs/", {"studio": studio.pk, "period": "2026-01"}).status_code == 200
    drain()
    titles_now = api.get(f"/api/v1/settlement-runs/{pk}/").json()["titles"]
    assert [(row["state"], row["receipts_minor"], row["receipts_before_minor"]) for row in titles_now] == [
        ("draft", 100_100, None),
        ("draft", 100_200, None),
    ]
    seen = [{"id": row["id"], "draft": row["draft"]} for row in titles_now]
    stale = {**seen[0], "draft": "2020-01-01T00:00:00Z"}
    marked = api.post(f"/api/v1/settlement-runs/{pk}/review/", {"titles": [stale, seen[1]]}, format="json")
    assert marked.json() == {"reviewed": 1, "changed": 1}
    api.post(f"/api/v1/settlement-runs/{pk}/review/", {"titles": seen}, format="json")
    assert api.post(f"/api/v1/settlement-runs/{pk}/issue/").status_code == 202
    drain()
    assert [row["state"] for row in api.get(f"/api/v1/settlement-runs/{pk}/").json()["titles"]] == ["issued"] * 2
    assert [row["name"] for row in api.get(f"/api/v1/settlement-runs/{pk}/events/").json()["results"]] == [
        "RunStarted", "RunReviewed", "RunReviewed", "RunIssued",
    ]  # fmt: skip
    assert api.get("/api/v1/settlement-runs/?period=2026-01").json()["results"][0]["id"] == pk


def test_a_settlement_page_costs_the_same_for_any_number_of_payees(
    platform: Any, titles: Any, parties: Any, owner: Any, drain: Any, client_of: Any
) -> None:
    browser = client_of(owner)
    costs = []
    for payees in (1, 3):
        title = titles(1, "2026-01", contract=False)[0]
        shares = [
            {"id": code, "kind": "fee", "party": code, "rate": "10%"}
            for code in ("director", "writer", "agent")[:payees]
        ]
        draft = draft_contract(
            production=title, platform=platform, from_date=dt.date(2026, 1, 1), terms={"terms": shares}, by=owner
        )
        sign_contract(contract=draft, by=owner)
        run_settlement(statement=Statement.objects.get(production=title), by=owner)
        drain()
        settlement = issue_settlement(settlement=Settlement.objects.get(production=title), by=owner)
        assert settlement.payouts.count() == payees
        costs.append(queries_of(browser, f"/settlements/{settlement.pk}/"))
    assert costs[0] == costs[1]


# --- who is told --------------------------------------------------------------------------------------------------


def told(user: Any) -> list[tuple[str, dict[str, Any]]]:
    rows = Notice.objects.filter(user=user, kind__startswith="finance.run_").order_by("pk")
    return [(row.kind.removeprefix("finance."), row.params) for row in rows]


def test_who_started_a_run_is_told_when_it_is_worked_out_and_when_it_is_issued(
    studio: Any, titles: Any, owner: Any, drain: Any, make_member: Any, client_of: Any
) -> None:
    finance = make_member(studio, "finance")
    titles(2, "2026-01")
    run, _new = start_run(studio=studio, period="2026-01", by=finance)
    first, last = Job.objects.filter(kind=runs.SETTLE).order_by("pk")
    jobs.run(first.pk)
    assert told(finance) == []
    jobs.run(last.pk)
    jobs.run(last.pk)
    worked_out = ("run_worked_out", {"period": "2026-01", "drafts": 2, "refused": 0})
    assert (told(finance), told(owner)) == ([worked_out], [])
    review_all(run, owner)
    issue_run(run=run, by=owner)
    drain()
    drain()
    through = ("run_issued", {"period": "2026-01", "issued": 2, "refused": 0})
    assert (told(finance), told(owner)) == ([worked_out, through], [through])
    page = client_of(finance).get("/notices/").content.decode()
    assert "The run of 2026-01 is through: settlements issued: 2." in page
    assert f'href="/settlement-runs/{run.pk}/"' in page


def test_a_run_that_is_tried_again_is_told_again(studio: Any, titles: Any, owner: Any, drain: Any) -> None:
    titles(1, "2026-01")
    (bare,) = titles(1, "2026-01", contract=False)
    run, _new = start_run(studio=studio, period="2026-01", by=owner)
    drain()
    partly = ("run_partly_worked_out", {"period": "2026-01", "drafts": 1, "refused": 1})
    assert told(owner) == [partly]
    platform = run.titles.first().statement.platform
    draft = draft_contract(production=bare, platform=platform, from_date=dt.date(2026, 1, 1), terms=TERMS, by=owner)
    sign_contract(contract=draft, by=owner)
    try_again(run=run, by=owner)
    drain()
    assert told(owner) == [partly, ("run_worked_out", {"period": "2026-01", "drafts": 2, "refused": 0})]
