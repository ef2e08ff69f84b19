from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from finance.actions import add_budget_line, draft_contract, post_cost
from finance.models import BudgetLine, BudgetVersion, Contract, Entry, Payout, Settlement, Statement
from finance.queries import investment_view
from studio.access import access_of
from studio.actions import open_production
from studio.models import User

from .conftest import TERMS, sheet


@pytest.fixture
def full(settled: Any, production: Any, owner: Any) -> dict[str, Any]:
    """A title with a row behind every page; the addresses by name."""
    settlement = settled("2026-01", ("1", "100000"), issue=True)
    line = add_budget_line(production=production, account="crew", name="灯光", rate_minor=5_000_000, by=owner)
    entry = post_cost(
        production=production, account="crew", amount_minor=120_000, on_date=dt.date(2026, 12, 1), source="hand:A1",
        narrative="=灯光组", by=owner,
    )  # fmt: skip
    payout = settlement.payouts.get(party__code="director")
    numbers = {
        "production_money": production.pk, "ledger": production.pk, "contract": settlement.contract_id,
        "statement": settlement.statement_id, "statement_file": settlement.statement_id, "settlement": settlement.pk,
        "settlement_pool": settlement.pk,
        "settlement_pdf": settlement.pk, "payout_pdf": payout.pk, "budgets": production.pk,
        "budget": line.version_id, "compare_budgets": production.pk,
    }  # fmt: skip
    edits = {
        "new_budget_line": line.version_id, "budget_line": line.pk, "budget_rows": line.version_id, "new_cost": production.pk,
        "new_contract": production.pk, "upload_statement": production.pk,
    }  # fmt: skip
    posts = {
        "budget_template": production.pk, "reverse_entry": entry.pk, "sign_contract": settlement.contract_id,
        "accept_statement": settlement.statement_id, "hold_statement": settlement.statement_id,
        "settle_statement": settlement.statement_id, "issue_settlement": settlement.pk, "pay_payout": payout.pk,
    }  # fmt: skip

    def urls(of: dict[str, int]) -> dict[str, str]:
        return {name: reverse(name, args=[pk]) for name, pk in of.items()}

    return {
        "settlement": settlement, "entry": entry, "payout": payout, "line": line, "views": urls(numbers),
        "edits": urls(edits), "posts": urls(posts), "approve": reverse("approve_payout", args=[payout.pk]),
    }  # fmt: skip


def test_every_door_by_role(
    full: Any, client_of: Any, owner: Any, other_owner: Any, studio: Any, make_member: Any
) -> None:
    members = {role: client_of(make_member(studio, role)) for role in ("finance", "producer", "crew", "script_editor")}
    mine, others = client_of(owner), client_of(other_owner)

    def answers(client: Any, urls: dict[str, str], method: str = "get") -> set[int]:
        return {getattr(client, method)(url).status_code for url in urls.values()}

    for urls in (full["views"], full["edits"]):
        assert answers(mine, urls) == {200}
        assert answers(members["finance"], urls) == {200}
        assert answers(others, urls) == {404}
        assert answers(members["crew"], urls) == {403}
        assert answers(members["script_editor"], urls) == {403}
    # A producer sees and approves; entering is the finance desk's.
    assert answers(members["producer"], full["views"]) == {200}
    assert answers(members["producer"], full["edits"]) == {403}
    before = (Entry.objects.count(), BudgetLine.objects.count(), Payout.objects.filter(state="due").count())
    assert answers(others, full["posts"], "post") == {404}
    assert answers(members["producer"], full["posts"], "post") == {403}
    assert (others.post(full["approve"]).status_code, members["crew"].post(full["approve"]).status_code) == (404, 403)
    assert client_of(make_member(studio, "finance")).post(full["approve"]).status_code == 403
    assert (Entry.objects.count(), BudgetLine.objects.count(), Payout.objects.filter(state="due").count()) == before
    for url in ("/money/", "/payouts/"):
        assert [c.get(url).status_code for c in (mine, members["finance"], members["crew"])] == [200, 200, 403]
        assert "初光" not in others.get(url).content.decode()


def test_pages_say_what_they_are_made_of(full: Any, client_of: Any, owner: Any) -> None:
    client = client_of(owner)
    page = client.get(full["views"]["production_money"]).content.decode()
    assert "The books do not agree" not in page
    assert ("¥1,200.00" in page, "¥100,000.00" in page, "data-chart" in page) == (True, True, True)
    page = client.get(full["views"]["settlement"]).content.decode()
    assert "20% of the pool&#x27;s receipts" in page
    assert ("Rate 20%" in page, "¥3,180.80" in page) == (True, True)
    ledger = client.get(full["views"]["ledger"] + "?account=crew").content.decode()
    assert ("=灯光组" in ledger, "红果 2026-01" in ledger) == (True, False)
    assert client.get(full["views"]["settlement_pdf"]).content[:5] == b"%PDF-"
    assert client.get(full["views"]["payout_pdf"]).content[:5] == b"%PDF-"
    contract = client.get(full["views"]["contract"]).content.decode()
    assert "1. 经纪公司 takes a fee of 20%." in contract
    statement = client.get(full["views"]["statement_file"])
    assert b"".join(statement.streaming_content) == sheet(("1", "100000"))


def test_books_that_do_not_agree_are_shown(full: Any, client_of: Any, owner: Any) -> None:
    Payout.objects.filter(pk=full["payout"].pk).update(gross_minor=1, tax_minor=0, net_minor=1)
    page = client_of(owner).get(full["views"]["production_money"]).content.decode()
    assert ("The books do not agree" in page, "is allocated" in page) == (True, True)


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_take_a_fixed_number_of_queries(
    rows: int, settled: Any, production: Any, studio: Any, owner: Any, client_of: Any, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        settled(f"2026-{number + 1:02d}", ("1", f"{1000 + number}"), issue=True)
        open_production(studio=studio, title=f"剧 {number}", code=f"T{number}", by=owner)
        post_cost(
            production=production, account="crew", amount_minor=100 + number, on_date=dt.date(2026, 1, 1),
            source=f"hand:{number}", narrative="x", by=owner,
        )  # fmt: skip
    client = client_of(owner)
    for url, count in (
        ("/money/", 14),
        ("/payouts/", 9),
        (f"/productions/{production.pk}/ledger/", 10),
        (f"/productions/{production.pk}/money/", 53),
    ):
        with django_assert_num_queries(count):
            assert client.get(url).status_code == 200


def test_exports(full: Any, client_of: Any, owner: Any) -> None:
    import python_calamine

    client = client_of(owner)
    text = client.get(full["views"]["ledger"] + "?format=csv&account=cost").content.decode("utf-8")
    assert text.startswith("\ufeffDate,Entry,Account,Amount")
    # What begins like a formula stays text.
    assert f"2026-12-01,{full['entry'].pk},Crew,1200.00,CNY,'=灯光组,,hand:A1," in text
    book = python_calamine.load_workbook(io.BytesIO(client.get("/payouts/?format=xlsx").content))
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == 1 + Payout.objects.count()
    assert {row[1]: row[4] for row in rows[1:]}["王导"] == 19_880
    assert client.get("/money/?format=csv").content.decode().count("CG01") == 1


def test_a_title_from_budget_to_payout_by_hand(
    production: Any, platform: Any, parties: Any, client_of: Any, owner: Any, drain: Any
) -> None:
    import json

    from studio.actions import ensure_episodes

    ensure_episodes(production=production, numbers=[1])
    client = client_of(owner)
    home = reverse("production_money", args=[production.pk])
    opened = client.post(reverse("budget_template", args=[production.pk])).url
    assert opened == reverse("budget", args=[BudgetVersion.objects.get().pk])
    assert client.get(home).status_code == 200
    assert sum(line.amount_minor for line in BudgetLine.objects.all()) == 60_000_000
    answer = client.post(
        reverse("new_contract", args=[production.pk]),
        {"platform": platform.pk, "from_date": "2026-01-01", "pay_after_days": 15, "terms": json.dumps(TERMS)},
    )
    contract = Contract.objects.get()
    assert answer.url == reverse("contract", args=[contract.pk])
    client.post(reverse("sign_contract", args=[contract.pk]))
    upload = SimpleUploadedFile("账单.csv", sheet(("1", "1000")))
    answer = client.post(
        reverse("upload_statement", args=[production.pk]),
        {"platform": platform.pk, "period": "2026-01", "file": upload},
    )
    statement = Statement.objects.get()
    assert answer.url == reverse("statement", args=[statement.pk])
    client.post(reverse("accept_statement", args=[statement.pk]))
    client.post(reverse("settle_statement", args=[statement.pk]))
    assert "data-job-state" in client.get(answer.url).content.decode()
    drain()
    settlement = Settlement.objects.get()
    client.post(reverse("issue_settlement", args=[settlement.pk]))
    for payout in settlement.payouts.all():
        client.post(reverse("approve_payout", args=[payout.pk]), {"next": "/payouts/"})
        answer = client.post(
            reverse("pay_payout", args=[payout.pk]),
            {"next": "https://evil.example/", "bank_reference": f"B{payout.pk}"},
        )
        assert answer.url == reverse("settlement", args=[settlement.pk])
    assert set(Payout.objects.values_list("state", flat=True)) == {"paid"}


@pytest.mark.parametrize("data", [b"", b"\x00\xff\x00binary" * 9, "没有表头".encode(), b"x" * (20 * 1024 * 1024 + 1)])
def test_bad_uploads_get_a_sentence(production: Any, platform: Any, client_of: Any, owner: Any, data: bytes) -> None:
    answer = client_of(owner).post(
        reverse("upload_statement", args=[production.pk]),
        {"platform": platform.pk, "period": "2026-01", "file": SimpleUploadedFile("账单.csv", data)},
    )
    assert (answer.status_code, Statement.objects.count(), "field-error" in answer.content.decode()) == (422, 0, True)


def test_bad_forms_keep_what_was_typed(full: Any, client_of: Any, owner: Any, production: Any, platform: Any) -> None:
    client = client_of(owner)
    answer = client.post(full["edits"]["new_cost"], {"account": "crew", "amount_minor": "12,3.4.5", "reference": "B"})
    assert (answer.status_code, "12,3.4.5" in answer.content.decode()) == (422, True)
    answer = client.post(
        full["edits"]["new_contract"],
        {"platform": platform.pk, "from_date": "2026-05-01", "pay_after_days": 1, "terms": '{"terms": [}'},
    )
    assert (answer.status_code, "not JSON" in answer.content.decode(), Contract.objects.count()) == (422, True, 1)
    answer = client.post(
        full["edits"]["new_contract"],
        {"platform": platform.pk, "from_date": "2026-05-02", "pay_after_days": 1, "terms": '{"terms": [1]}'},
    )
    assert (answer.status_code, Contract.objects.count()) == (422, 1)


def test_budget_and_costs_by_hand(full: Any, client_of: Any, owner: Any, production: Any) -> None:
    client = client_of(owner)
    client.post(
        full["edits"]["budget_line"],
        {"account": "post", "name": "调色", "quantity": "3", "unit": "day", "factor": "2", "rate": "1,000.50"},
    )
    full["line"].refresh_from_db()
    assert (full["line"].account, full["line"].quantity, full["line"].rate_minor) == ("post", "3", 100_050)
    assert full["line"].amount_minor == 600_300
    cost = {
        "account": "living", "amount_minor": "88.80", "on_date": "2026-12-03", "reference": "INV-1", "narrative": "盒饭",
    }  # fmt: skip
    client.post(full["edits"]["new_cost"], cost)
    client.post(full["edits"]["new_cost"], cost)
    entry = Entry.objects.get(source="hand:INV-1")
    client.post(reverse("reverse_entry", args=[entry.pk]))
    assert Entry.objects.filter(reverses=entry).count() == 1
    client.post(full["edits"]["budget_line"], {"remove": "1"})
    assert not BudgetLine.objects.filter(pk=full["line"].pk).exists()


def test_drafts_are_edited_and_signed_ones_are_not(
    full: Any, client_of: Any, owner: Any, production: Any, platform: Any
) -> None:
    import json

    client = client_of(owner)
    assert client.get(reverse("edit_contract", args=[full["settlement"].contract_id])).status_code == 302
    draft = draft_contract(
        production=production, platform=platform, from_date=dt.date(2026, 5, 1), terms=TERMS, by=owner
    )
    url = reverse("edit_contract", args=[draft.pk])
    assert client.get(url).status_code == 200
    client.post(url, {"pay_after_days": 7, "terms": json.dumps({**TERMS, "note": "改"})})
    draft.refresh_from_db()
    assert (draft.pay_after_days, draft.terms["note"], draft.version) == (7, "改", 2)


@pytest.fixture
def investor(studio: Any, parties: Any, make_member: Any) -> User:
    user = make_member(studio, "investor")
    parties["investor"].user = user
    parties["investor"].save()
    return user


def test_an_investor_sees_the_own_share_and_nothing_else(
    investor: Any, full: Any, client_of: Any, studio: Any, owner: Any, other_production: Any, make_member: Any
) -> None:
    open_production(studio=studio, title="无份额的戏", code="NO", by=owner)
    client = client_of(investor)
    page = client.get("/investments/").content.decode()
    shown = {
        "own title": "初光" in page, "cost": "¥1,200.00" in page, "share": "¥360.00" in page,
        "receipts": "¥100,000.00" in page, "others": [name for name in ("王导", "李编剧", "天使投资", "经纪公司") if name in page],
        "other titles": [name for name in ("无份额的戏", "别人的戏") if name in page],
        "budget": "¥50,000.00" in page, "a director's share": "19,880" in page,
    }  # fmt: skip
    assert shown == {
        "own title": True, "cost": True, "share": True, "receipts": True, "others": [], "other titles": [],
        "budget": False, "a director's share": False,
    }  # fmt: skip
    closed = {*full["views"].values(), *full["edits"].values(), "/money/", "/payouts/"}
    assert {client.get(url).status_code for url in closed} == {403}
    assert {client.post(url).status_code for url in full["posts"].values()} == {403}
    # Another investor of the studio has no party: an empty page that says so.
    assert "初光" not in client_of(make_member(studio, "investor")).get("/investments/").content.decode()
    assert client_of(make_member(studio, "producer")).get("/investments/").status_code == 403


def test_a_share_in_another_studio_stays_there(
    investor: Any, full: Any, other_studio: Any, other_production: Any, other_owner: Any
) -> None:
    """The same sign-in is a party elsewhere, without a membership there."""
    from delivery.models import Platform
    from finance.actions import add_party, sign_contract

    add_party(studio=other_studio, code="them", name="投资方", kind="company", by=None, user=investor)
    row = draft_contract(
        production=other_production, platform=Platform.objects.create(studio=other_studio, code="p", name="P"),
        from_date=dt.date(2026, 1, 1), terms=[{"id": "1", "kind": "share", "party": "them", "rate": "5%"}], by=None,
    )  # fmt: skip
    sign_contract(contract=row, by=other_owner)
    assert [row.title for row in investment_view(access_of(investor), investor)] == ["初光"]


def test_a_draft_contract_gives_no_view(
    investor: Any, production: Any, platform: Any, parties: Any, owner: Any
) -> None:
    draft_contract(production=production, platform=platform, from_date=dt.date(2026, 1, 1), terms=TERMS, by=owner)
    assert investment_view(access_of(investor), investor) == []


def test_receipts_that_nobody_settled_are_no_margin_yet(stated: Any, settled: Any, client_of: Any, owner: Any) -> None:
    settled("2026-01", ("1", "1000"), issue=True)
    stated("2026-02", ("1", "500"))
    glance = client_of(owner).get(reverse("money")).context["rows"][0]
    retained = glance.retained_minor
    assert (glance.receipts_minor, glance.unsettled_minor, glance.margin_minor) == (150_000, 50_000, retained)
    assert retained == 100_000 - glance.shares_minor
    page = client_of(owner).get(reverse("production_money", args=[glance.production.pk])).content.decode()
    assert "¥0.5k</span> of it is not settled" in page


def test_a_source_somebody_may_not_open_leads_to_what_the_person_earned(
    production: Any, make_member: Any, make_person: Any, client_of: Any, owner: Any
) -> None:
    writer = make_person(production.studio, "柳行")
    post_cost(
        production=production, account="script", amount_minor=6_000_000, source="script_fee:1", narrative="剧本费",
        on_date=dt.date(2026, 1, 5), person=writer, by=owner,
    )  # fmt: skip
    urls = {}
    for user in (owner, make_member(production.studio, "finance")):
        lines = client_of(user).get(reverse("ledger", args=[production.pk]) + "?account=cost").context["lines"]
        urls[user] = [line.origin.url for line in lines]
        assert {client_of(user).get(url).status_code for url in urls[user]} == {200}
    assert list(urls.values()) == [
        [reverse("script", args=[production.pk])],
        [reverse("person_wages", args=[writer.pk])],
    ]


def test_the_exported_payouts_add_up(settled: Any, client_of: Any, owner: Any) -> None:
    settled("2026-01", ("1", "1000"), issue=True)
    head, *rows = csv.reader(
        client_of(owner).get("/payouts/?show=all&format=csv").content.decode("utf-8-sig").splitlines()
    )
    columns = [head.index(name) for name in ("Before tax", "Set off", "Tax", "To pay")]
    sums = [[Decimal(row[at].replace(",", "")) for at in columns] for row in rows]
    assert [gross + set_off + tax - net for gross, set_off, tax, net in sums] == [0] * len(rows) != []
