from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from finance.actions import accrue_booking, add_party, post_cost, record_script_fee, reverse_entry
from finance.fees import own_fees
from finance.models import Entry, Payout, WageItem, WagePayment
from finance.queries import check_books, ledger_balance, owed_to
from finance.queries.wages import overdue_wages, owed_items, people_owed, title_overdue, unpaid_lines, wage_lines
from finance.tax import withheld
from finance.wages import approve_wage, drop_wage, make_up_wages, pay_wage
from studio.actions import engage, open_production
from studio.clockwork import turn
from studio.models import Engagement, Notice, Person, Production, Studio
from studio.refusals import Refused

from .shoot_world import DAY_1, DAY_2

DAY = dt.timedelta(days=1)


def cost(
    production: Any, person: Any, amount: int, on: dt.date = DAY_1, source: str = "", account: str = "crew"
) -> Any:
    return post_cost(
        production=production, account=account, amount_minor=amount, on_date=on, person=person, by=None, narrative="工作",
        source=source or f"hand:{person.pk}:{Entry.objects.count()}",
    )  # fmt: skip


@pytest.fixture
def worker(studio: Any, make_person: Any) -> Person:
    return make_person(studio, "周工")


@pytest.fixture
def wrapped(shoot: Any, drain: Any) -> Any:
    """Day 1 approved and in the ledger: lead 1,030.00 with overtime, gaffer 500.00, director 800.00."""
    shoot.wrap(1, minutes={"lead": 740, "gaffer": 720}, results={"1-1": "shot", "2-1": "shot"}, approve=True)
    drain()
    return shoot


def due_of(person: Any) -> list[tuple[int, dt.date | None]]:
    return [(row.amount_minor, row.due.date) for row in owed_items(wage_lines().filter(person=person))]


def test_due_by_the_terms_of_the_engagement_else_the_studios(wrapped: Any, studio: Any) -> None:
    lead, gaffer = (wrapped.engaged[name].person for name in ("lead", "gaffer"))
    # The studio's: 15 days after the last shoot day, which is day 2.
    assert due_of(lead) == [(103_000, DAY_2 + 15 * DAY)]
    Engagement.objects.filter(person=lead).update(pay_rule="after_day", pay_days=3)
    Engagement.objects.filter(person=gaffer).update(pay_rule="monthly", pay_days=10)
    assert (due_of(lead), due_of(gaffer)) == ([(103_000, DAY_1 + 3 * DAY)], [(50_000, dt.date(2027, 1, 10))])
    Studio.objects.update(wage_rule="after_day", wage_days=0)
    Engagement.objects.update(pay_rule="", pay_days=None)
    assert due_of(gaffer) == [(50_000, DAY_1)]


def test_without_a_last_shoot_day_nothing_is_due(production: Any, worker: Any) -> None:
    cost(production, worker, 1_000)
    assert due_of(worker) == [(1_000, None)]
    Production.objects.update(shoot_to_date=DAY_2)
    assert due_of(worker) == [(1_000, DAY_2 + 15 * DAY)]


def test_earned_paid_owed_due_overdue_over_titles(production: Any, studio: Any, worker: Any, owner: Any) -> None:
    Studio.objects.update(wage_rule="after_day", wage_days=10)
    second = open_production(studio=studio, title="二部", code="EB01", by=owner)
    cost(production, worker, 10_000, DAY_1)
    cost(second, worker, 20_000, DAY_1 + DAY)
    cost(second, worker, 40_000, DAY_1 + 2 * DAY)
    today = DAY_1 + 11 * DAY
    (row,) = people_owed(wage_lines(), today)
    assert (row.earned_minor, row.paid_minor, row.owed_minor, row.due_minor, row.overdue_minor) == (
        70_000, 0, 70_000, 30_000, 10_000,
    )  # fmt: skip
    assert (row.overdue_since, row.next_due, row.titles) == (today - DAY, today, ("初光", "二部"))
    assert [(late.title, late.amount_minor, late.people) for late in overdue_wages(unpaid_lines(), today + DAY)] == [
        ("初光", 10_000, 1), ("二部", 20_000, 1),
    ]  # fmt: skip
    assert title_overdue(second, today) == []


def test_suppliers_and_petty_cash_are_no_wages(production: Any, worker: Any) -> None:
    Production.objects.update(shoot_to_date=DAY_2)
    for source in ("purchase:1:1", "petty:7", "extras:1:0", "invoice:A-1", "hand:1", "night:1:2"):
        cost(production, worker, 1_000, source=source)
    assert sorted(row.label for row in owed_items(wage_lines())) == ["Night supplement", "Posted by hand"]


def pay(
    studio: Any, people: list[Any], by: Any, second: Any = None, on: dt.date = DAY_2 + 30 * DAY
) -> list[WagePayment]:
    made = make_up_wages(studio=studio, people=people, through=on, by=by)
    for row in made:
        approve_wage(payment=row, by=by)
        if second is not None:
            approve_wage(payment=row, by=second)
        pay_wage(payment=row, bank_reference=f"B{row.pk}", by=by)
    return list(WagePayment.objects.filter(pk__in=[row.pk for row in made]).order_by("pk"))


def test_paid_to_the_fen_once(wrapped: Any, studio: Any, owner: Any) -> None:
    lead = wrapped.engaged["lead"].person
    production = wrapped.production
    accrue_booking(booking=wrapped.booking, by=owner)
    (row,) = pay(studio, [lead], owner)
    # 1,030.00 less 800 is 230.00, of which 20 %.
    assert (row.state, row.gross_minor, row.tax_minor, row.net_minor) == ("paid", 103_000, 4_600, 98_400)
    entry = Entry.objects.get(source=f"wages:{row.pk}")
    assert sorted((line.account, line.amount_minor) for line in entry.lines.all()) == [
        ("bank", -98_400), ("payable", 103_000), ("tax", -4_600),
    ]  # fmt: skip
    assert owed_to(lead) == []
    assert pay_wage(payment=row, bank_reference=f"B{row.pk}", by=owner).pk == row.pk
    assert Entry.objects.filter(source__startswith="wages:").count() == 1
    with pytest.raises(Refused) as refused:
        pay_wage(payment=row, bank_reference="another", by=owner)
    assert (refused.value.code, refused.value.conflict) == ("paid_already_under", True)
    with pytest.raises(Refused, match="Nothing is due"):
        make_up_wages(studio=studio, people=[lead], through=DAY_2 + 60 * DAY, by=owner)
    with pytest.raises(Refused) as refused:
        drop_wage(payment=row, by=owner)
    assert refused.value.code == "paid_already"
    assert check_books(production) == []
    assert sum(ledger_balance(production)["CNY"].values()) == 0


def test_one_payment_over_titles_takes_each_titles_part(production: Any, studio: Any, worker: Any, owner: Any) -> None:
    Studio.objects.update(wage_rule="after_day", wage_days=0)
    second = open_production(studio=studio, title="二部", code="EB01", by=owner)
    cost(production, worker, 333_333)
    cost(second, worker, 166_668)
    (row,) = pay(studio, [worker], owner)
    # 5,000.01 x 80 % x 20 %, to the fen.
    assert (row.gross_minor, row.tax_minor) == (500_001, 80_000)
    parts = {
        entry.production_id: {line.account: line.amount_minor for line in entry.lines.all()}
        for entry in Entry.objects.filter(source=f"wages:{row.pk}")
    }
    assert parts == {
        production.pk: {"payable": 333_333, "tax": -53_333, "bank": -280_000},
        second.pk: {"payable": 166_668, "tax": -26_667, "bank": -140_001},
    }
    assert sum(row.items.values_list("tax_minor", flat=True)) == 80_000


def test_what_was_taken_back_is_taken_off(production: Any, studio: Any, worker: Any, owner: Any) -> None:
    Studio.objects.update(wage_rule="after_day", wage_days=0)
    entry = cost(production, worker, 50_000)
    pay(studio, [worker], owner)
    reverse_entry(entry=entry, on_date=DAY_2, by=owner)
    with pytest.raises(Refused, match="Nothing is due"):
        make_up_wages(studio=studio, people=[worker], through=DAY_2, by=owner)
    cost(production, worker, 80_000)
    (row,) = pay(studio, [worker], owner)
    assert (row.gross_minor, row.items.count()) == (30_000, 2)
    assert owed_to(worker) == []


def test_two_people_above_the_limit(production: Any, studio: Any, worker: Any, owner: Any, make_member: Any) -> None:
    Studio.objects.update(wage_rule="after_day", wage_days=0, payout_approval_minor=50_000)
    cost(production, worker, 50_001)
    (row,) = make_up_wages(studio=studio, people=[worker], through=DAY_2, by=owner)
    assert approve_wage(payment=row, by=owner).state == "due"
    with pytest.raises(Refused) as refused:
        approve_wage(payment=row, by=owner)
    assert refused.value.code == "same_person_twice"
    with pytest.raises(Refused) as refused:
        pay_wage(payment=row, bank_reference="B1", by=owner)
    assert refused.value.code == "not_approved"
    assert approve_wage(payment=row, by=make_member(studio, "producer")).state == "approved"
    with pytest.raises(Refused) as refused:
        pay_wage(payment=row, bank_reference=" ", by=owner)
    assert refused.value.code == "reference_missing"


def test_a_second_click_makes_up_nothing_and_taking_back_frees_it(
    production: Any, studio: Any, worker: Any, owner: Any
) -> None:
    Studio.objects.update(wage_rule="after_day", wage_days=0)
    cost(production, worker, 50_000)
    assert people_owed(wage_lines(), DAY_2)[0].can_pay
    cost(production, worker, 90_000, DAY_2 + DAY)
    (row,) = make_up_wages(studio=studio, people=[worker], through=DAY_2, by=owner)
    # What falls due tomorrow does not make it payable today.
    assert not people_owed(wage_lines(), DAY_2)[0].can_pay
    with pytest.raises(Refused, match="Nothing is due"):
        make_up_wages(studio=studio, people=[worker], through=DAY_2, by=owner)
    drop_wage(payment=row, by=owner)
    drop_wage(payment=row, by=owner)
    assert WageItem.objects.count() == 0
    assert len(make_up_wages(studio=studio, people=[worker], through=DAY_2, by=owner)) == 1


def test_writing_is_taxed_as_writing_beside_other_work(production: Any, studio: Any, worker: Any, owner: Any) -> None:
    Studio.objects.update(wage_rule="after_day", wage_days=0)
    record_script_fee(production=production, amount_minor=1_000_000, on_date=DAY_1, by=owner, person=worker)
    cost(production, worker, 1_000_000)
    rows = pay(studio, [worker], owner)
    # 10,000 x 80 % x 70 % x 20 % and 10,000 x 80 % x 20 %.
    assert {row.method: row.tax_minor for row in rows} == {"author": 112_000, "labour_single": 160_000}


def test_a_paid_script_fee_is_paid_for_its_writer(
    production: Any, studio: Any, owner: Any, worker: Any, make_member: Any
) -> None:
    worker.user = owner
    worker.save()
    Studio.objects.update(wage_rule="after_day", wage_days=0)
    record_script_fee(production=production, amount_minor=1_000_000, on_date=DAY_1, by=owner, person=worker)
    assert own_fees(owner, [production.pk])[production.pk].due == [("CNY", 1_000_000)]
    pay(studio, [worker], make_member(studio, "producer"))
    fees = own_fees(owner, [production.pk])[production.pk]
    assert (fees.due, fees.paid) == ([], [("CNY", 888_000)])
    assert [(row.before_tax_minor, row.tax_minor, row.paid) for row in fees.rows] == [(1_000_000, 112_000, True)]


def test_the_years_tax_counts_payouts_and_wages_together(
    settled: Any, production: Any, studio: Any, owner: Any, parties: Any
) -> None:
    director = parties["director"]
    director.tax_method = "platform_cumulative"
    director.save()
    Studio.objects.update(wage_rule="after_day", wage_days=0)
    settled("2026-01", ("1", "100000"), issue=True, at=dt.datetime(2026, 2, 1, tzinfo=dt.UTC))
    payout = Payout.objects.get(party=director)
    on = payout.due_date
    cost(production, director.person, 5_000_000, on)
    (wage,) = pay(studio, [director.person], owner, on=on)
    together, _steps = withheld(party=director, gross_minor=1, due_date=on, currency="CNY")
    # What one sum of both would have withheld, in one month: (income - 20 % - 5,000) by the annual table.
    income = payout.gross_minor + 5_000_000
    base = income * 80 // 100 - 500_000
    expected = base * 3 // 100 if base <= 3_600_000 else base * 10 // 100 - 252_000
    assert wage.tax_minor == expected - payout.tax_minor
    assert (wage.method, together) == ("platform_cumulative", 0)
    # A stranger of the same income starts from nothing.
    other = add_party(
        studio=studio, code="other", name="别人", kind="person", by=owner, tax_method="platform_cumulative",
        person=Person.objects.create(studio=studio, name="别人"),
    )  # fmt: skip
    alone, _steps = withheld(party=other, gross_minor=5_000_000, due_date=on, currency="CNY")
    assert alone == 5_000_000 * 80 // 100 * 3 // 100 - 15_000


def test_another_currency_is_refused(production: Any, studio: Any, worker: Any, owner: Any) -> None:
    Studio.objects.update(wage_rule="after_day", wage_days=0, currency="USD")
    production.refresh_from_db()
    production.studio.refresh_from_db()
    cost(production, worker, 1_000)
    with pytest.raises(Refused) as refused:
        make_up_wages(studio=studio, people=[worker], through=DAY_2, by=owner)
    assert refused.value.code == "tax_needs_cny"
    assert WagePayment.objects.count() == 0


# --- doors --------------------------------------------------------------------------------------------------------


def test_the_desk_pays_people(wrapped: Any, studio: Any, client_of: Any, owner: Any) -> None:
    Studio.objects.update(wage_rule="after_day", wage_days=0)
    client = client_of(owner)
    lead = wrapped.engaged["lead"].person
    before = client.post(reverse("make_up_wages"), {"person": [lead.pk]}, follow=True)
    assert "Nothing is due" in before.content.decode()
    assert "Choose at least one" in client.post(reverse("make_up_wages"), follow=True).content.decode()
    with time_machine.travel(dt.datetime(2026, 12, 20, 4, tzinfo=dt.UTC)):
        client = client_of(owner)
        assert lead.name in client.get(reverse("wages") + "?show=overdue").content.decode()
        client.post(reverse("make_up_wages"), {"person": [lead.pk]})
        payment = WagePayment.objects.get(person=lead)
        client.post(reverse("approve_wage", args=[payment.pk]))
        client.post(reverse("pay_wage", args=[payment.pk]), {"bank_reference": "JN1"})
        payment.refresh_from_db()
        assert (payment.state, payment.bank_reference, payment.net_minor) == ("paid", "JN1", 98_400)
        shown = client.get(reverse("wage_payment", args=[payment.pk])).content.decode()
        assert "1,030.00" in shown
        assert "46.00" in shown
        assert client.get(reverse("wage_paper", args=[payment.pk])).content[:5] == b"%PDF-"
        assert "2026-12-20" in client.get(reverse("person_wages", args=[lead.pk])).content.decode()
        csv = client.get(reverse("wages") + "?format=csv").content.decode().splitlines()
    assert [line.split(",")[0] for line in csv[1:]] == [
        wrapped.engaged[name].person.name for name in ("director", "gaffer")
    ]


def test_my_pay_is_mine_alone(wrapped: Any, studio: Any, client_of: Any, make_member: Any, owner: Any) -> None:
    lead, gaffer = (wrapped.engaged[name].person for name in ("lead", "gaffer"))
    lead.user, gaffer.user = make_member(studio, "crew"), make_member(studio, "crew")
    lead.save()
    gaffer.save()
    theirs = pay(studio, [gaffer], owner)[0]
    own = pay(studio, [lead], owner)[0]
    client = client_of(lead.user)
    page = client.get(reverse("my_pay")).content.decode()
    assert "1,030.00" in page
    assert "500.00" not in page
    assert gaffer.name not in page
    assert client.get(reverse("my_pay_paper", args=[own.pk])).content[:5] == b"%PDF-"
    assert client.get(reverse("my_pay_paper", args=[theirs.pk])).status_code == 404
    assert client.get(reverse("wages")).status_code == 403
    assert Notice.objects.filter(user=lead.user, kind="finance.wage_paid").count() == 1


def test_queries_do_not_grow(
    production: Any, studio: Any, worker: Any, make_person: Any, client_of: Any, owner: Any
) -> None:
    client = client_of(owner)
    Studio.objects.update(wage_rule="after_day", wage_days=0)
    cost(production, worker, 50_000)
    make_up_wages(studio=studio, people=[worker], through=DAY_2, by=owner)
    cost(production, worker, 60_000)
    pages = [
        reverse("wages"),
        reverse("person_wages", args=[worker.pk]),
        reverse("production_money", args=[production.pk]),
    ]
    client.get(pages[0])
    counts = []
    for url in pages:
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        counts.append(len(found))
    for number in range(3):
        title = open_production(studio=studio, title=f"剧{number}", code=f"T{number}", by=owner)
        for person in (worker, make_person(studio, f"人{number}")):
            engage(production=title, person=person, department="camera", job_title="掌机", by=owner)
            cost(title, person, 10_000)
            make_up_wages(studio=studio, people=[person], through=DAY_2, by=owner)
            cost(title, person, 10_000)
    for url, before in zip(pages, counts, strict=True):
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        assert len(found) == before, url


def test_overdue_is_shown_and_told_to_the_producer(
    wrapped: Any, studio: Any, make_member: Any, client_of: Any, drain: Any
) -> None:
    producer = make_member(studio, "producer")
    late = DAY_2 + 16 * DAY
    for day in (late - DAY, late, late + DAY):
        turn(dt.datetime.combine(day, dt.time(9, 5), studio.zone))
        drain()
    notice = Notice.objects.get(user=producer, kind="finance.wages_overdue")
    assert (notice.params["people"], notice.params["amount"]) == (3, "¥2,330.00")


def test_overdue_on_the_title_page_and_the_first_page(
    production: Any, studio: Any, worker: Any, make_member: Any, client_of: Any
) -> None:
    Studio.objects.update(wage_rule="after_day", wage_days=0)
    cost(production, worker, 123_400, dt.date(2026, 1, 5))
    client = client_of(make_member(studio, "producer"))
    for url in (reverse("production", args=[production.pk]), reverse("production_money", args=[production.pk])):
        page = client.get(url).content.decode()
        assert "Wages of 1 person are overdue" in page
        assert "1,234.00" in page
    assert "Wages overdue" in client.get("/").content.decode()
    artist = client_of(make_member(studio, "post_artist"))
    assert "overdue" not in artist.get(reverse("production", args=[production.pk])).content.decode()


def test_over_rest(wrapped: Any, api_of: Any, owner: Any, other_owner: Any) -> None:
    lead = wrapped.engaged["lead"].person
    answer = api_of(owner).get(f"/api/v1/owed/{lead.pk}/").json()["owed"]
    assert [(row["owed_minor"], row["items"][0]["due_date"]) for row in answer] == [
        (103_000, (DAY_2 + 15 * DAY).isoformat())
    ]
    assert api_of(other_owner).get(f"/api/v1/owed/{lead.pk}/").status_code == 404


def test_pay_terms_come_with_the_engagement(production: Any, worker: Any, client_of: Any, owner: Any) -> None:
    client = client_of(owner)
    url = reverse("engage_person", args=[production.pk])
    form = {
        "person": worker.pk, "department": "camera", "job_title": "掌机", "day_rate": "500", "day_hours": "12",
        "overtime_hour": "0", "hold_percent": "50", "min_days": "0", "pay_rule": "monthly", "pay_days": "32",
    }  # fmt: skip
    assert client.post(url, form).status_code == 422
    assert client.post(url, {**form, "pay_days": ""}).status_code == 422
    assert client.post(url, {**form, "pay_days": "10"}).status_code == 302
    row = Engagement.objects.get(person=worker)
    assert (row.pay_rule, row.pay_days) == ("monthly", 10)
