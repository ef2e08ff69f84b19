"""The investor room: the own share to the fen by every door, and nothing of anybody else."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, OperationalError, transaction
from django.urls import reverse

from finance.actions import (
    add_budget_line,
    add_party,
    add_room_document,
    approve_payout,
    draft_contract,
    issue_settlement,
    pay_payout,
    post_cost,
    replace_room_document,
    reverse_settlement,
    run_settlement,
    set_room_right,
    show_room_document,
    sign_contract,
    withdraw_room_document,
)
from finance.documents_room import period_data
from finance.models import Contract, RoomDocument, RoomDocumentOpening, RoomDocumentVersion, RoomRight, Settlement
from finance.queries import investment_of, investment_view, pools_of, totals_of
from studio.access import access_of
from studio.actions import open_production
from studio.models import Membership, Notice, User
from studio.refusals import Refused

from .conftest import TERMS

# Words of others that must not come through any door of the room.
MARKS = (
    "王导",
    "李编剧",
    "天使投资",
    "经纪公司",
    "director",
    "writer",
    "angel",
    "agent",
    "19,880",
    "1988000",
    "8888",
    "别人",
    "暗标预算",
)


@pytest.fixture
def investor(studio: Any, parties: Any, make_member: Any) -> User:
    user = make_member(studio, "investor")
    parties["investor"].user = user
    parties["investor"].save()
    return user


@pytest.fixture
def room(investor: Any, settled: Any, production: Any, owner: Any, studio: Any, other_production: Any) -> Any:
    """A title with an issued month, costs, a budget line that bears a mark, and titles of others beside it."""
    settlement = settled("2026-01", ("1", "300"), issue=True)
    add_budget_line(production=production, account="crew", name="暗标预算", rate_minor=888_800, by=owner)
    post_cost(
        production=production, account="crew", amount_minor=120_000, on_date=dt.date(2026, 1, 5), source="hand:A1",
        narrative="别人的灯光", by=owner,
    )  # fmt: skip
    open_production(studio=studio, title="别人没份的戏", code="NO", by=owner)
    return settlement


def view(user: Any) -> list[Any]:
    return investment_view(access_of(user), user)


def test_the_own_share_to_the_fen(room: Any, investor: Any) -> None:
    """300.00 of receipts, less 20 %: 240.00 of the 480.00 that two investors recoup, three to one."""
    (row,) = view(investor)
    (claim,) = row.recoupments
    assert (claim.invested_minor, claim.premium_minor, claim.recouped_minor, claim.left_minor) == (
        30_000, 6_000, 18_000, 18_000,
    )  # fmt: skip
    assert claim.percent == 50
    (clause,) = row.clauses
    assert (clause.total_minor, clause.said) == (
        18_000,
        ("An investment of ¥300.00 is recouped with a premium of 20%.",),
    )
    (line,) = clause.lines
    assert (line.period, line.why) == (
        "2026-01",
        "Investment of ¥300.00 with 20% premium, ¥360.00 together: ¥180.00 in all, ¥0.00 settled before",
    )
    assert [(each.period, each.amount_minor) for each in row.statements] == [("2026-01", 30_000)]
    assert (row.cost_minor, row.budget_minor) == (120_000, None)
    assert row.next_payment is not None
    assert (row.next_payment.net_minor, row.next_payment.state) == (18_000, "due")
    (total,) = totals_of([row])
    assert (total.whole_minor, total.share_minor, total.waiting_minor, total.paid_minor) == (36_000, 18_000, 18_000, 0)


def everything_shown(client: Any, api: Any, production: Any) -> dict[str, str]:
    """All that the doors of the room say, spreadsheets unpacked."""
    urls = [
        "/investments/", f"/investments/{production.pk}/", "/investments/?format=csv", "/investments/?format=xlsx",
        "/investments/?format=csv&what=shares", f"/investments/{production.pk}/?format=csv",
        f"/investments/{production.pk}/?format=xlsx",
    ]  # fmt: skip
    found = {}
    for url in urls:
        body = client.get(url).content
        if body[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(body)) as packed:
                body = b"\n".join(
                    packed.read(name) for name in packed.namelist() if "sheet" in name or "sharedStrings" in name
                )
        found[url] = body.decode()
    for url in ("/api/v1/investments/", f"/api/v1/investments/{production.pk}/"):
        found[url] = api.get(url).content.decode()
    return found


def test_nothing_of_others_comes_through_any_door(
    room: Any, investor: Any, production: Any, client_of: Any, api_of: Any
) -> None:
    shown = everything_shown(client_of(investor), api_of(investor), production)
    rows = view(investor)
    shown["paper"] = repr(period_data(rows, "2026-01", "2026-12", reader="x"))
    for url, text in shown.items():
        assert "初光" in text, url
        assert [mark for mark in MARKS if mark in text] == [], url
        assert "180" in text, url
    # The marks are there for those who may see them.
    told = shown["/investments/"]
    assert "¥1,200.00" in told
    assert "8,888.00" not in told


@pytest.mark.parametrize(
    ("terms", "own", "others"),
    [
        ([{"id": "secret-fee", "kind": "fee", "party": "director", "rate": "7%"},
          {"id": "mine", "kind": "share", "party": "investor", "rate": "10%", "of": "after:secret-fee"}],
         ["A share of 10%.", "Counted on what is left after the clauses before it.", "10% of what was left after the clauses before it, ¥279.00 so far: ¥27.90 in all, ¥0.00 settled before"],
         ["secret-fee"]),
        ([{"id": "corr", "kind": "corridor", "party": "investor", "rate": "5%", "while": "secret-loan"},
          {"id": "secret-loan", "kind": "recoup", "party": "angel", "amount": "1000"}],
         ["A corridor of 5% while another clause is being repaid, and nothing after that.", "5% of ¥300.00 so far, while another clause is being repaid: ¥15.00 in all, ¥0.00 settled before"],
         ["secret-loan", "1,000.00"]),
        ([{"id": "mg", "kind": "guarantee", "meaning": "advance", "party": "investor", "payer": "agent", "amount": "50",
           "on": "2026-01", "rate": "10%", "titles": ["CG01"]}],
         ["A guarantee of ¥50.00 on 2026-01, paid ahead and recouped from the share of 10%.", "Guarantee of ¥50.00, paid ahead"],
         ["agent"]),
        ([{"id": "lent", "kind": "guarantee", "meaning": "advance", "party": "writer", "payer": "investor", "amount": "50",
           "on": "2026-01", "rate": "10%", "titles": ["CG01"]}],
         ["Pays a guarantee of ¥50.00 on 2026-01.", "The share repays what was paid ahead: ¥30.00 of ¥50.00, ¥0.00 settled before"],
         ["writer"]),
        ([{"id": "cut", "kind": "split", "parties": [{"party": "investor", "rate": "30%"}, {"party": "director", "rate": "61%"}]}],
         ["30% of the rest.", "30% of the rest, ¥300.00 so far: ¥90.00 in all, ¥0.00 settled before"], ["61%", "183.00"]),
    ],
    ids=["after", "corridor", "advance", "payer", "split"],
)  # fmt: skip
def test_each_kind_of_clause_is_told_without_the_others(
    terms: Any, own: list[str], others: list[str], investor: Any, production: Any, platform: Any, stated: Any, owner: Any,
    drain: Any, client_of: Any, api_of: Any,
) -> None:  # fmt: skip
    row = draft_contract(
        production=production, platform=platform, from_date=dt.date(2026, 1, 1), terms={"terms": terms, "pool_by": ["title"]},
        by=owner,
    )  # fmt: skip
    sign_contract(contract=row, by=owner)
    statement = stated("2026-01", ("1", "300"))
    run_settlement(statement=statement, by=owner)
    drain()
    issue_settlement(settlement=Settlement.objects.get(statement=statement), by=owner)
    (seen,) = view(investor)
    said = [text for clause in seen.clauses for text in (*clause.said, *(line.why for line in clause.lines))]
    assert [text for text in own if text not in said] == []
    shown = everything_shown(client_of(investor), api_of(investor), production)
    for url, text in shown.items():
        assert [mark for mark in (*MARKS, *others) if mark in text] == [], url


def test_what_was_paid_ahead_is_recouped(
    investor: Any, production: Any, platform: Any, stated: Any, owner: Any, drain: Any
) -> None:
    terms = [
        {"id": "lent", "kind": "guarantee", "meaning": "advance", "party": "writer", "payer": "investor", "amount": "50",
         "on": "2026-01", "rate": "10%", "titles": ["CG01"]}
    ]  # fmt: skip
    contract = draft_contract(
        production=production, platform=platform, from_date=dt.date(2026, 1, 1), terms={"terms": terms, "pool_by": ["title"]},
        by=owner,
    )  # fmt: skip
    sign_contract(contract=contract, by=owner)
    statement = stated("2026-01", ("1", "300"))
    run_settlement(statement=statement, by=owner)
    drain()
    issue_settlement(settlement=Settlement.objects.get(statement=statement), by=owner)
    (claim,) = view(investor)[0].recoupments
    assert (claim.ahead, claim.invested_minor, claim.recouped_minor, claim.left_minor) == (True, 5_000, 3_000, 2_000)


def test_interest_grows_as_the_engine_reckons_it(
    investor: Any, production: Any, platform: Any, stated: Any, owner: Any, drain: Any
) -> None:
    """What is left on the last day of a settled month is what the engine would repay the day after."""
    from finance.own_terms import Given, own_claims, standing
    from finance.settlement import read_contract, read_receipts, settle

    terms = {
        "id": "x", "pool_by": ["title"], "titles": ["CG01"],
        "terms": [{"id": "loan", "kind": "recoup", "party": "investor", "amount": "1000",
                   "interest": {"rate": "10%", "from": "2026-01-01", "method": "compound", "days": "actual/365"}}],
    }  # fmt: skip
    contract, _faults = read_contract(terms)
    assert contract is not None
    lines = [
        {"line": str(n), "title": "CG01", "kind": "share", "period": period, "amount": amount}
        for n, (period, amount) in enumerate([("2026-03", "300"), ("2027-02", "200"), ("2027-12", "9000")])
    ]
    receipts, _faults = read_receipts(lines, contract)
    given = [Given(row.period, row.amount) for row in settle(contract, receipts).allocations if row.period < "2027-12"]
    last = next(row for row in settle(contract, receipts).allocations if row.period == "2027-12")
    now = standing(own_claims(contract, frozenset({"investor"}))[0], given, dt.date(2027, 12, 31))
    assert (now.recouped, now.left) == (50_000, last.amount)
    assert now.principal + now.premium == now.recouped + now.left


def test_a_settlement_taken_back_leaves_nothing_to_come(room: Any, investor: Any, owner: Any) -> None:
    reverse_settlement(settlement=room, by=owner, reason="重复入账")
    (row,) = view(investor)
    (claim,) = row.recoupments
    assert (claim.recouped_minor, claim.left_minor) == (0, 36_000)
    assert [line.amount_minor for line in row.clauses[0].lines] in ([18_000, -18_000], [-18_000, 18_000])
    assert "¥180.00 was issued and is taken back in full" in {line.why for line in row.lines}
    (total,) = row.totals
    assert (total.share_minor, total.waiting_minor, total.paid_minor, row.next_payment) == (0, 0, 0, None)


def test_a_share_is_seen_while_the_contract_names_one(
    room: Any, investor: Any, production: Any, platform: Any, owner: Any, stated: Any
) -> None:
    """The next version is without the investor: what that version's months bring is not theirs to see."""
    terms = [{"id": "rest", "kind": "split", "parties": [{"party": "director", "rate": "25%"}]}]
    later = draft_contract(
        production=production, platform=platform, from_date=dt.date(2026, 3, 1), terms={"terms": terms, "pool_by": ["title"]},
        by=owner,
    )  # fmt: skip
    sign_contract(contract=later, by=owner)
    stated("2026-02", ("1", "400"))
    stated("2026-03", ("1", "777"))
    (row,) = view(investor)
    assert [(each.period, each.amount_minor) for each in row.statements] == [("2026-02", 40_000), ("2026-01", 30_000)]


def test_statements_of_a_platform_without_a_share_stay_unseen(
    room: Any, investor: Any, production: Any, studio: Any, owner: Any
) -> None:
    from delivery.models import Platform
    from finance.actions import accept_statement, import_statement

    from .conftest import sheet

    other = Platform.objects.create(studio=studio, code="douyin", name="抖音")
    row = import_statement(
        platform=other, production=production, period="2026-01", data=sheet(("1", "999")), file_name="x.csv", by=owner
    )
    accept_statement(statement=row, by=owner)
    assert [each.platform for each in view(investor)[0].statements] == ["红果"]


def test_a_platform_s_client_sees_what_its_own_contract_gives(
    room: Any, parties: Any, production: Any, studio: Any, make_member: Any, client_of: Any
) -> None:
    partner = make_member(studio, "platform_client", platform_code="hongguo")
    parties["agent"].user = partner
    parties["agent"].save()
    (row,) = view(partner)
    assert [clause.total_minor for clause in row.clauses] == [6_000]
    assert client_of(partner).get(f"/investments/{production.pk}/").status_code == 200
    Membership.objects.filter(user=partner).update(platform_code="douyin")
    assert view(partner) == []
    assert client_of(partner).get(f"/investments/{production.pk}/").status_code == 404


def test_what_the_contract_lets_a_party_see(
    room: Any, investor: Any, parties: Any, production: Any, owner: Any
) -> None:
    def sees(**rights: bool) -> tuple[Any, ...]:
        set_room_right(production=production, party=parties["investor"], by=owner, **rights)
        row = investment_of(access_of(investor), investor, production.pk)
        assert row is not None
        return row.cost_minor, row.budget_minor, row.progress is not None

    assert sees(sees_progress=True, sees_cost=True, sees_budget=True) == (120_000, 888_800, True)
    assert sees(sees_progress=False, sees_cost=True, sees_budget=False) == (120_000, None, False)
    assert sees(sees_progress=True, sees_cost=False, sees_budget=False) == (None, None, True)
    # What another party may see is nothing to this one.
    set_room_right(
        production=production, party=parties["angel"], sees_progress=True, sees_cost=True, sees_budget=True, by=owner
    )
    assert investment_of(access_of(investor), investor, production.pk).cost_minor is None  # type: ignore[union-attr]
    with pytest.raises(Refused, match="cost too"):
        sees(sees_progress=True, sees_cost=False, sees_budget=True)
    stranger = add_party(studio=production.studio, code="nobody", name="路人", kind="company", by=owner)
    with pytest.raises(Refused, match="names this party"):
        set_room_right(
            production=production, party=stranger, sees_progress=True, sees_cost=True, sees_budget=False, by=owner
        )
    assert RoomRight.objects.count() == 2
    with pytest.raises(IntegrityError, match="room_right_budget_needs_cost"), transaction.atomic():
        RoomRight.objects.update(sees_cost=False, sees_budget=True)


def test_titles_in_one_pool_stand_together(
    room: Any, investor: Any, parties: Any, production: Any, platform: Any, studio: Any, owner: Any
) -> None:
    second = open_production(studio=studio, title="第二部", code="CG02", by=owner)
    draft = draft_contract(production=second, platform=platform, from_date=dt.date(2026, 1, 1), terms=TERMS, by=owner)
    sign_contract(contract=draft, by=owner)
    assert pools_of(view(investor)) == []
    for row in Contract.objects.all():
        Contract.objects.filter(pk=row.pk).update(terms={**row.terms, "groups": {"片单一": ["CG01", "CG02"]}})
    rows = view(investor)
    (pool,) = pools_of(rows)
    assert (pool.name, [row.code for row in pool.titles]) == ("片单一", ["CG02", "CG01"])
    (total,) = pool.totals
    assert (total.invested_minor, total.recouped_minor, total.left_minor) == (60_000, 18_000, 54_000)


@pytest.mark.parametrize("titles", [1, 3])
def test_the_room_takes_a_fixed_number_of_queries(
    titles: int, room: Any, investor: Any, platform: Any, studio: Any, owner: Any, client_of: Any,
    api_of: Any, django_assert_num_queries: Any,
) -> None:  # fmt: skip
    for number in range(titles - 1):
        more = open_production(studio=studio, title=f"剧 {number}", code=f"T{number}", by=owner)
        draft = draft_contract(production=more, platform=platform, from_date=dt.date(2026, 1, 1), terms=TERMS, by=owner)
        sign_contract(contract=draft, by=owner)
    client = client_of(investor)
    with django_assert_num_queries(25):
        assert client.get("/investments/").status_code == 200
    api = api_of(investor)
    api.get("/api/v1/investments/")
    with django_assert_num_queries(18):
        assert len(api.get("/api/v1/investments/").json()["results"]) == titles


def test_the_api_says_what_the_page_says(
    room: Any, investor: Any, production: Any, api_of: Any, owner: Any, other_owner: Any
) -> None:
    api = api_of(investor)
    (row,) = api.get("/api/v1/investments/").json()["results"]
    assert (row["id"], row["cost_minor"], row["budget_minor"]) == (production.pk, 120_000, None)
    assert row["totals"] == [
        {"currency": "CNY", "invested_minor": 30_000, "premium_minor": 6_000, "recouped_minor": 18_000,
         "left_minor": 18_000, "share_minor": 18_000, "paid_minor": 0, "waiting_minor": 18_000}
    ]  # fmt: skip
    detail = api.get(f"/api/v1/investments/{production.pk}/").json()
    assert [line["amount_minor"] for line in detail["lines"]] == [18_000]
    assert detail["recoupments"][0]["left_minor"] == 18_000
    assert api.post("/api/v1/investments/", {}).status_code == 405
    # The owner may enter, and has no share; a token without the scope may not.
    assert api_of(owner).get("/api/v1/investments/").json()["results"] == []
    assert api_of(other_owner).get(f"/api/v1/investments/{production.pk}/").status_code == 404
    assert api_of(investor, "production.view").get("/api/v1/investments/").status_code == 403
    for query in ("?limit=0", "?limit=x", "?cursor=x", "?stage=live"):
        assert api.get(f"/api/v1/investments/{query}").status_code == 400, query


def test_pages_of_the_api_follow_one_another(
    room: Any, investor: Any, platform: Any, studio: Any, owner: Any, api_of: Any
) -> None:
    more = open_production(studio=studio, title="第二部", code="CG02", by=owner)
    draft = draft_contract(production=more, platform=platform, from_date=dt.date(2026, 1, 1), terms=TERMS, by=owner)
    sign_contract(contract=draft, by=owner)
    api = api_of(investor)
    first = api.get("/api/v1/investments/?limit=1").json()
    second = api.get(f"/api/v1/investments/?limit=1&cursor={first['next']}").json()
    assert [row["code"] for page in (first, second) for row in page["results"]] == ["CG02", "CG01"]
    assert second["next"] is None


def test_the_months_as_a_paper(room: Any, investor: Any, client_of: Any) -> None:
    data = period_data(view(investor), "2026-01", "2026-01", reader="夏投")
    assert [str(row["share"]) for row in data["sums"]] == ["¥180.00"]
    none = period_data(view(investor), "2026-02", "2026-12", reader="夏投")
    assert (none["sums"], none["titles"][0]["lines"], none["titles"][0]["statements"]) == ([], [], [])
    client = client_of(investor)
    assert client.get("/investments/pdf/?from=2026-01&to=2026-12").content[:5] == b"%PDF-"
    for query in ("?from=2026-05&to=2026-01", "?from=x", "?from=0001-01&to=9999-12"):
        answer = client.get(f"/investments/pdf/{query}")
        assert (answer.status_code, answer.url) == (302, "/investments/"), query


# --- documents ----------------------------------------------------------------------------------------------------

PDF = b"%PDF-1.7 contract"


def lay(production: Any, owner: Any, **kwargs: Any) -> Any:
    given = {"kind": "contract", "name": "投资合同", "data": PDF, "file_name": "投资合同.pdf", **kwargs}
    return add_room_document(production=production, by=owner, **given)


def test_a_document_is_seen_by_whom_it_is_for(
    room: Any, investor: Any, parties: Any, production: Any, studio: Any, owner: Any, make_member: Any, client_of: Any
) -> None:
    angel = make_member(studio, "investor")
    parties["angel"].user = angel
    parties["angel"].save()
    outsider = make_member(studio, "investor")
    document = lay(production, owner, parties=[parties["angel"]])
    version = document.versions.get()
    file = reverse("room_document_file", args=[version.pk])

    def answers() -> list[int]:
        return [client_of(user).get(file).status_code for user in (investor, angel, outsider)]

    assert answers() == [404, 200, 404]
    assert "投资合同" not in client_of(investor).get(f"/investments/{production.pk}/").content.decode()
    show_room_document(document=document, parties=None, by=owner)
    assert answers() == [200, 200, 404]
    page = client_of(investor).get(f"/investments/{production.pk}/").content.decode()
    assert version.sha256 in page
    withdraw_room_document(document=document, by=owner)
    assert answers() == [404, 404, 404]
    assert document.versions.count() == 1
    # Each of the three that were handed over stands in the log, and nothing else.
    assert [row.user_id for row in RoomDocumentOpening.objects.order_by("pk")] == [angel.pk, investor.pk, angel.pk]


def test_a_version_is_replaced_and_kept(room: Any, investor: Any, production: Any, owner: Any, client_of: Any) -> None:
    document = lay(production, owner)
    assert replace_room_document(document=document, data=PDF, file_name="again.pdf", by=owner).number == 1
    second = replace_room_document(document=document, data=PDF + b"2", file_name="v2.pdf", by=owner)
    assert (second.number, document.versions.count()) == (2, 2)
    client = client_of(investor)
    body = b"".join(client.get(reverse("room_document_file", args=[second.pk])).streaming_content)
    assert body == PDF + b"2"
    first = document.versions.get(number=1)
    assert b"".join(client.get(reverse("room_document_file", args=[first.pk])).streaming_content) == PDF
    page = client.get(f"/investments/{production.pk}/").content.decode()
    assert (second.sha256 in page, first.sha256 in page, "version 2" in page) == (True, False, True)


def test_what_cannot_be_laid_out_is_refused(
    room: Any, production: Any, parties: Any, owner: Any, studio: Any, other_production: Any
) -> None:
    document = lay(production, owner)
    assert lay(production, owner) == document
    stranger = add_party(studio=studio, code="nobody", name="路人", kind="company", by=owner)
    for code, wrong in {
        "name_taken": {"data": PDF + b"other"},
        "name_missing": {"name": "  "},
        "unknown_kind": {"kind": "secret"},
        "file_empty": {"data": b"", "name": "b"},
        "file_kind": {"data": b"MZ\x00", "name": "c"},
        "too_large": {"data": PDF + b"0" * (20 * 1024 * 1024), "name": "d"},
        "readers_missing": {"name": "e", "parties": []},
        "not_a_party": {"name": "f", "parties": [stranger]},
    }.items():
        with pytest.raises(Refused) as caught:
            lay(production, owner, **wrong)
        assert caught.value.code == code
    with pytest.raises(Refused) as caught:
        lay(production, owner, name="g", file_name="script.exe")
    assert caught.value.code == "file_kind"
    assert RoomDocument.objects.count() == 1
    withdraw_room_document(document=document, by=owner)
    with pytest.raises(Refused) as caught:
        replace_room_document(document=document, data=PDF + b"3", file_name="x.pdf", by=owner)
    assert (caught.value.code, caught.value.conflict) == ("withdrawn", True)


def test_a_file_is_compared_with_the_document(
    room: Any, investor: Any, production: Any, owner: Any, client_of: Any
) -> None:
    version = lay(production, owner).versions.get()
    url, client = reverse("room_document_check", args=[version.pk]), client_of(investor)

    def said(file: SimpleUploadedFile | None) -> str:
        return client.post(url, {"file": file} if file else {}, follow=True).content.decode()

    assert "The file is this document" in said(SimpleUploadedFile("x.pdf", PDF))
    assert "The file is not this document" in said(SimpleUploadedFile("x.pdf", PDF + b" "))
    assert "Choose the file to compare" in said(None)
    assert RoomDocumentOpening.objects.count() == 0


def test_the_desk_lays_out_shows_and_previews(
    room: Any, investor: Any, parties: Any, production: Any, studio: Any, owner: Any, client_of: Any, make_member: Any
) -> None:
    client, desk = client_of(owner), reverse("title_room", args=[production.pk])
    answer = client.post(
        desk,
        {
            "kind": "licence",
            "name": "许可证",
            "file": SimpleUploadedFile("a.pdf", PDF),
            "parties": [parties["angel"].pk],
        },
    )
    assert answer.url == desk
    document = RoomDocument.objects.get()
    assert (document.for_all, [row.code for row in document.readers.all()]) == (False, ["angel"])
    bad = client.post(desk, {"kind": "licence", "name": "坏", "file": SimpleUploadedFile("a.pdf", b"MZ")})
    assert (bad.status_code, "whose name says so" in bad.content.decode()) == (422, True)
    arguments = [production.pk, document.pk]
    client.post(reverse("show_room_document", args=arguments), {"all": "on"})
    client.post(reverse("replace_room_document", args=arguments), {"file": SimpleUploadedFile("b.pdf", PDF + b"2")})
    document.refresh_from_db()
    assert (document.for_all, document.versions.count()) == (True, 2)
    client.post(
        reverse("set_room_right", args=[production.pk, parties["investor"].pk]),
        {"sees_cost": "on", "sees_budget": "on", "clause": "9.1"},
    )
    right = RoomRight.objects.get()
    assert (right.sees_progress, right.sees_cost, right.sees_budget, right.clause) == (False, True, True, "9.1")
    preview = client.get(reverse("preview_room", args=[production.pk, parties["investor"].pk])).content.decode()
    assert ("This is what 投资方 sees" in preview, "¥180.00" in preview, "天使投资" in preview) == (True, True, False)
    assert client.get(reverse("preview_room", args=[production.pk, parties["angel"].pk])).url == desk
    client.post(reverse("withdraw_room_document", args=arguments))
    assert "许可证" not in client_of(investor).get(f"/investments/{production.pk}/").content.decode()
    # A producer looks, and changes nothing.
    watcher = client_of(make_member(studio, "producer"))
    assert watcher.get(desk).status_code == 200
    assert watcher.post(reverse("set_room_right", args=[production.pk, parties["investor"].pk])).status_code == 403


# --- notices ------------------------------------------------------------------------------------------------------


def test_an_investor_hears_of_months_payments_and_documents(
    room: Any, investor: Any, parties: Any, production: Any, owner: Any, stated: Any, drain: Any, make_member: Any,
    studio: Any,
) -> None:  # fmt: skip
    stranger = make_member(studio, "investor")
    payout = room.payouts.get(party=parties["investor"])
    approve_payout(payout=payout, by=owner)
    pay_payout(payout=payout, bank_reference="B1", by=owner)
    others = room.payouts.get(party=parties["angel"])
    approve_payout(payout=others, by=owner)
    pay_payout(payout=others, bank_reference="B2", by=owner)
    document = lay(production, owner)
    lay(production, owner, name="天使投资的合同", parties=[parties["angel"]])
    drain()
    kinds = list(Notice.objects.filter(user=investor).order_by("pk").values_list("kind", flat=True))
    assert sorted(kinds) == [
        "finance.month_stated", "finance.room_document", "finance.share_paid", "finance.share_settled",
    ]  # fmt: skip
    replace_room_document(document=document, data=PDF + b"2", file_name="v2.pdf", by=owner)
    assert Notice.objects.filter(user=investor, kind="finance.room_document").count() == 2
    assert not Notice.objects.filter(user=stranger).exists()
    paid = Notice.objects.get(user=investor, kind="finance.share_paid")
    assert (paid.params["amount"], paid.url) == ("¥180.00", f"/investments/{production.pk}/#payments")


def test_the_database_keeps_what_was_laid_out(room: Any, production: Any, owner: Any) -> None:
    version = lay(production, owner).versions.get()
    opening = RoomDocumentOpening.objects.create(
        version=version, user=owner, user_name="x", opened_at=version.added_at
    )  # fmt: skip
    for change in (
        lambda: RoomDocumentVersion.objects.filter(pk=version.pk).update(sha256="f" * 64),
        lambda: RoomDocumentOpening.objects.filter(pk=opening.pk).update(user_name="y"),
        lambda: RoomDocumentOpening.objects.filter(pk=opening.pk).delete(),
    ):
        with pytest.raises((IntegrityError, OperationalError)), transaction.atomic():
            change()
    RoomDocumentOpening.objects.filter(pk=opening.pk).update(user=None)
