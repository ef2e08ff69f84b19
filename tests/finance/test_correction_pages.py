"""Corrections, reversals and the way of a fen, through the pages and the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from finance.actions import accept_statement, issue_settlement, reverse_settlement
from finance.models import Payout, Settlement, Statement, StatementLine
from finance.settling import decide, read_inputs, write_draft
from studio.models import Production

WHY = "平台更正"


@pytest.fixture
def differed(settled: Any, stated: Any, owner: Any) -> Any:
    """January settled at 1,000, corrected to 900, the difference issued; February settled after it."""
    settled("2026-01", ("1", "1000"), issue=True)
    row = accept_statement(statement=stated("2026-01", ("1", "900"), accept=False), by=owner, reason=WHY)
    inputs = read_inputs(row)
    draft = write_draft(statement=row, inputs=inputs, decision=decide(inputs), by=owner)
    difference = issue_settlement(settlement=draft, by=owner)
    settled("2026-02", ("1", "50000"), issue=True)
    return difference


def test_a_correction_is_accepted_with_a_reason_on_its_page(
    settled: Any, stated: Any, client_of: Any, owner: Any, drain: Any
) -> None:
    january = settled("2026-01", ("1", "1000"), issue=True)
    row = stated("2026-01", ("1", "900"), accept=False)
    client, url = client_of(owner), reverse("statement", args=[row.pk])
    page = client.get(url).content.decode()
    assert ("Why it is corrected" in page, reverse("statement", args=[january.statement_id]) in page) == (True, True)
    before = row.state
    client.post(reverse("accept_statement", args=[row.pk]), {"reason": " "})
    row.refresh_from_db()
    assert (row.state, row.accepted_at) == (before, None)
    client.post(reverse("accept_statement", args=[row.pk]), {"reason": WHY})
    row.refresh_from_db()
    assert (row.state, row.corrects_id) == ("accepted", january.statement_id)
    assert "It corrects" in client.get(url).content.decode()
    old = client.get(reverse("statement", args=[january.statement_id])).content.decode()
    assert ("Corrected by" in old, "this one stays as it was settled" in old) == (True, True)
    client.post(reverse("settle_statement", args=[row.pk]))
    drain()
    draft = Settlement.objects.get(kind="difference")
    client.post(reverse("issue_settlement", args=[draft.pk]))
    draft.refresh_from_db()
    assert draft.state == "issued"


def test_a_late_month_asks_why(settled: Any, stated: Any, client_of: Any, owner: Any) -> None:
    settled("2026-02", ("1", "1000"), issue=True)
    row = stated("2026-01", ("2", "900"), accept=False)
    page = client_of(owner).get(reverse("statement", args=[row.pk])).content.decode()
    assert ("Why it comes late" in page, "2026-02 is settled already." in page) == (True, True)


def test_a_settlement_shows_its_kind_and_what_it_stands_among(differed: Any, client_of: Any, owner: Any) -> None:
    client = client_of(owner)
    page = client.get(reverse("settlement", args=[differed.pk])).content.decode()
    assert ("Difference" in page, "taken out" in page, "What parties owe from it" in page) == (True, True, True)
    last = Settlement.objects.order_by("-position").first()
    assert last is not None
    page = client.get(reverse("settlement", args=[last.pk])).content.decode()
    assert (f"Set off: owed from S{differed.pk} of 2026-01" in page, "Reverse this settlement" in page) == (True, True)
    assert 'id="chain"' in page
    # Only the latest of the chain offers it.
    assert "Reverse this settlement" not in client.get(reverse("settlement", args=[differed.pk])).content.decode()
    answer = client.post(reverse("reverse_settlement", args=[last.pk]), {"reason": "条款录错"})
    reversal = Settlement.objects.get(kind="reversal")
    assert answer["Location"] == reverse("settlement", args=[reversal.pk])
    assert "条款录错" in client.get(answer["Location"]).content.decode()
    assert "Taken back by" in client.get(reverse("settlement", args=[last.pk])).content.decode()
    for paper in (reversal, differed):
        assert client.get(reverse("settlement_pdf", args=[paper.pk])).content[:5] == b"%PDF-"


def test_a_fen_is_followed_from_the_payout_to_the_line_and_back(differed: Any, client_of: Any, owner: Any) -> None:
    client = client_of(owner)
    payout = Payout.objects.select_related("settlement").get(settlement__period="2026-02", party__code="director")
    page = client.get(reverse("settlement", args=[payout.settlement_id])).content.decode()
    allocation = payout.settlement.allocations.get(party=payout.party)
    pool = f"{reverse('settlement_pool', args=[payout.settlement_id])}?title=CG01&amp;kind=&amp;month=2026-02"
    assert (f'href="#a{allocation.pk}"' in page, pool in page) == (True, True)
    answer = client.get(pool.replace("&amp;", "&"))
    found = answer.content.decode()
    # Without a pool in the address the first clause's pool is shown.
    bare = client.get(pool.partition("?")[0]).context
    assert (bare["pool"], bare["given"]) == (answer.context["pool"], answer.context["given"])
    line = StatementLine.objects.get(statement__period="2026-02")
    back = f"{reverse('statement', args=[line.statement_id])}#row{line.row}"
    assert (back in found, "王导" in found, "¥50,000.00" in found) == (True, True, True)
    # From the line the same page is one step away.
    statement = client.get(back.partition("#")[0]).content.decode()
    assert (pool in statement, f'id="row{line.row}"' in statement) == (True, True)
    # A corrected month shows both statements, and the lines of both settlements.
    january = client.get(pool.replace("&amp;", "&").replace("2026-02", "2026-01")).content.decode()
    assert ("¥1,000.00" in january, "¥900.00" in january, f">S{differed.pk}</a>" in january) == (True, True, True)


def test_the_pool_of_another_studio_is_not_found(differed: Any, client_of: Any, other_owner: Any, owner: Any) -> None:
    url = reverse("settlement_pool", args=[differed.pk])
    assert (client_of(owner).get(url).status_code, client_of(other_owner).get(url).status_code) == (200, 404)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_settlement_page_takes_a_fixed_number_of_queries(
    rows: int, settled: Any, stated: Any, owner: Any, client_of: Any
) -> None:
    """More lines, more settlements in the chain, more debts and set-offs: the same questions."""
    for number in range(rows):
        settled(
            f"2026-{number + 1:02d}", *((str(episode + 1), f"{1000 + number}") for episode in range(rows)), issue=True
        )
    for number in range(rows):
        row = stated(f"2026-{number + 1:02d}", ("1", f"{500 + number}"), accept=False)
        row = accept_statement(statement=row, by=owner, reason=WHY)
        inputs = read_inputs(row)
        draft = write_draft(statement=row, inputs=inputs, decision=decide(inputs), by=owner)
        difference = issue_settlement(settlement=draft, by=owner)
    last = settled("2026-09", ("1", "90000"), issue=True)
    client = client_of(owner)
    pool = f"{reverse('settlement_pool', args=[last.pk])}?title=CG01&kind=&month=2026-09"
    counts = []
    for url in (reverse("settlement", args=[last.pk]), reverse("settlement", args=[difference.pk]), pool):
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        counts.append(len(asked))
    assert counts == [20, 20, 14]


def test_the_api_reverses_with_a_reason(differed: Any, client_of: Any, owner: Any) -> None:
    last = Settlement.objects.order_by("-position").first()
    assert last is not None
    client = client_of(owner)
    assert client.post(f"/api/v1/settlements/{differed.pk}/reverse/", {"reason": WHY}).status_code == 409
    assert client.post(f"/api/v1/settlements/{last.pk}/reverse/", {}).status_code == 400
    answer = client.post(f"/api/v1/settlements/{last.pk}/reverse/", {"reason": WHY})
    body = answer.json()
    assert (answer.status_code, body["kind"], body["reverses"], body["receipts_minor"]) == (
        201, "reversal", last.pk, -5_000_000,
    )  # fmt: skip
    assert Statement.objects.get(period="2026-02").state == "accepted"


def test_a_payees_paper_shows_what_was_set_off(differed: Any, owner: Any) -> None:
    from finance.documents import payout_data

    payout = Payout.objects.get(settlement__period="2026-02", party__code="director")
    paper = payout_data(payout)
    assert [str(line["amount"]) for line in paper["lines"]] == ["¥10,000.00", "-¥20.00"]
    assert (str(paper["gross"]), paper["lines"][1]["basis"]) == (
        "¥9,980.00", f"owed from settlement S{differed.pk} of 2026-01",
    )  # fmt: skip


def test_a_cancelled_payout_is_nobodys_any_more(differed: Any, client_of: Any, owner: Any) -> None:
    last = Settlement.objects.order_by("-position").first()
    assert last is not None
    before = Payout.objects.filter(state="due").count()
    reverse_settlement(settlement=last, reason=WHY, by=owner)
    cancelled = Payout.objects.filter(state="cancelled").count()
    assert (Payout.objects.filter(state="due").count(), cancelled) == (before - 3, 3)
    page = client_of(owner).get("/payouts/").content.decode()
    assert "¥9,980.00" not in page


def test_the_demos_correction_is_reached_from_the_titles_money(
    settled: Any, client_of: Any, owner: Any, production: Any
) -> None:
    from dashboard import demo_corrections
    from dashboard.journey.work import InProcess

    settled("2026-01", ("1", "50000"), ("2", "30000"), issue=True)
    demo_corrections.seed({"finance": owner}, production, InProcess())
    difference = Settlement.objects.get(kind="difference")
    # 1,260.00 and 580.40 of refunds: a fifth of it is the agent's fee, and of the rest the director's quarter.
    assert (difference.state, difference.receipts_minor) == ("issued", -184_040)
    assert dict(difference.debts.values_list("party__code", "amount_minor")) == {
        "agent": 36_808, "director": 36_808, "writer": 18_404,
    }  # fmt: skip
    page = client_of(owner).get(reverse("production_money", args=[production.pk])).content.decode()
    assert (f'href="/settlements/{difference.pk}/"' in page, "Difference" in page) == (True, True)


def test_the_demo_asked_for_again_is_left_alone(studio: Any, capsys: Any) -> None:
    from django.core.management import call_command

    from studio.models import Studio

    Studio.objects.filter(pk=studio.pk).update(slug="qinghe")
    call_command("seed_demo")
    assert (Studio.objects.count(), Production.objects.count()) == (1, 0)
    assert "there already" in capsys.readouterr().out
