"""The first page of writers: own fees, and nobody else's."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from finance.actions import record_script_fee, reverse_entry
from finance.fees import own_fees
from finance.models import Contract, Party, Payout, Settlement, Statement
from scripts_app.actions import name_writer
from studio.actions import open_production

DAY = dt.date(2026, 12, 1)


@pytest.fixture
def writers(studio: Any, production: Any, owner: Any, make_member: Any, make_person: Any) -> list[tuple[Any, Any]]:
    """Two writers of one title, as (user, person)."""
    made = []
    for name in ("江迟", "柳行"):
        user = make_member(studio, "writer")
        person = make_person(studio, name, user=user)
        name_writer(production=production, person=person, by=owner)
        made.append((user, person))
    return made


@pytest.fixture
def payouts(studio: Any, production: Any, writers: Any) -> list[Payout]:
    """A month shared out: 3,000.00 to the first writer, 9,999.00 to the second, each less tax."""
    from delivery.models import Platform

    platform = Platform.objects.create(studio=studio, code="hongguo", name="红果")
    contract = Contract.objects.create(production=production, platform=platform, from_date=DAY, terms={})
    statement = Statement.objects.create(
        platform=platform, production=production, period="2026-11", file_name="a.csv", sha256="d" * 64
    )
    settlement = Settlement.objects.create(
        production=production, contract=contract, statement=statement, period="2026-11", receipts_minor=0,
        shares_minor=0, retained_minor=0,
    )  # fmt: skip
    rows = []
    for number, (gross, tax) in enumerate(((300_000, 33_600), (999_900, 111_989))):
        party = Party.objects.create(
            studio=studio, code=f"w{number}", name=f"编剧{number}", kind="person", tax_method="author",
            person=writers[number][1],
        )  # fmt: skip
        rows.append(
            Payout.objects.create(
                settlement=settlement, party=party, gross_minor=gross, tax_minor=tax, net_minor=gross - tax,
                due_date=dt.date(2026, 12, 31),
            )
        )  # fmt: skip
    return rows


def test_a_writer_sees_what_is_owed_and_paid_to_them_alone(
    client_of: Any, production: Any, owner: Any, writers: Any, payouts: list[Payout]
) -> None:
    (first, person), (_second, other) = writers
    record_script_fee(production=production, amount_minor=1_500_000, on_date=DAY, by=owner, person=person)
    record_script_fee(
        production=production, amount_minor=7_777_700, on_date=DAY, by=owner, person=other, reference="other"
    )
    page = client_of(first).get("/my/scripts/").content.decode()
    assert "15,000.00" in page
    assert "2,664.00" in page  # 3,000.00 less 336.00
    assert "17,664.00" in page  # both are owed
    for foreign in ("77,777.00", "9,999.00", "8,879.11", "1,119.89"):
        assert foreign not in page
    Payout.objects.filter(pk=payouts[0].pk).update(state="paid", paid_at=dt.datetime(2027, 1, 4, 20, tzinfo=dt.UTC))
    fees = own_fees(first, [production.pk])[production.pk]
    assert (fees.due, fees.paid) == ([("CNY", 1_500_000)], [("CNY", 266_400)])
    # Paid at eight in the evening in London is the next day in Shanghai.
    assert [row.date for row in fees.rows if row.paid] == [dt.date(2027, 1, 5)]


def test_a_fee_that_was_taken_back_is_owed_no_more(production: Any, owner: Any, writers: Any) -> None:
    user, person = writers[0]
    entry = record_script_fee(production=production, amount_minor=1_500_000, on_date=DAY, by=owner, person=person)
    reverse_entry(entry=entry, on_date=DAY, by=owner)
    fees = own_fees(user, [production.pk])[production.pk]
    assert [row.amount_minor for row in fees.rows] == [1_500_000, -1_500_000]
    assert fees.due == [("CNY", 0)]


def test_fees_of_a_title_that_is_not_theirs_are_not_asked_for(
    client_of: Any, studio: Any, owner: Any, production: Any, writers: Any
) -> None:
    user, person = writers[0]
    next_door = open_production(studio=studio, title="隔壁的戏", code="CG02", by=owner)
    record_script_fee(production=next_door, amount_minor=4_444_400, on_date=DAY, by=owner, person=person)
    page = client_of(user).get("/my/scripts/").content.decode()
    assert "44,444.00" not in page
    assert "Nothing is posted for you on this title yet." in page


@pytest.mark.parametrize("count", [1, 3])
def test_fees_cost_two_queries_for_one_title_and_three(
    count: int, studio: Any, owner: Any, make_member: Any, make_person: Any, django_assert_num_queries: Any
) -> None:
    user = make_member(studio, "writer")
    person = make_person(studio, "甲", user=user)
    titles = [open_production(studio=studio, title=f"戏{n}", code=f"X{n}", by=owner) for n in range(count)]
    for title in titles:
        record_script_fee(production=title, amount_minor=100, on_date=DAY, by=owner, person=person)
    with django_assert_num_queries(2):
        found = own_fees(user, [title.pk for title in titles])
    assert {pk: fees.due for pk, fees in found.items()} == {title.pk: [("CNY", 100)] for title in titles}


def test_a_writer_without_a_title_is_told_what_to_do(client_of: Any, studio: Any, make_member: Any) -> None:
    page = client_of(make_member(studio, "writer")).get("/my/scripts/").content.decode()
    assert "No scripts here yet" in page
