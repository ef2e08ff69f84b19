"""Tax tables through their page: which one holds, a studio's own, what a payment leaves."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from finance.contracts import add_party
from finance.models import Party, TaxTable
from finance.tax import withheld
from studio.models import Studio

TODAY = timezone.localdate()
BRACKETS = "20000 10 0\n50000 20 2000\n- 40 12000"


@pytest.fixture
def client(owner, client_of, production):
    return client_of(owner)


def add(client, **words):
    filled = {
        "method": "labour_single", "from_date": TODAY.isoformat(), "brackets": BRACKETS, "deduction": "20",
        "small": "4000", "small_deduction": "800", "part": "100", "source": "新公告",
    }  # fmt: skip
    return client.post(reverse("tax_tables"), filled | words)


def try_it(client, **words):
    return client.get(reverse("tax_tables"), {"method": "labour_single", "on": TODAY.isoformat()} | words)


def test_a_payment_is_tried_with_its_steps(client):
    tried = try_it(client, amount="10000").context["tried"]
    assert (tried["gross"], tried["tax"], tried["net"], tried["flagged"]) == (1_000_000, 160_000, 840_000, False)
    assert [(row["text"], row["minor"]) for row in tried["rows"]] == [
        ("Fee before tax", 1_000_000), ("Less what is not taxed", -200_000), ("Taxable amount", 800_000),
        ("Rate 20%, quick deduction ¥0.00", 160_000),
        ("By: State Taxation Administration, announcement 2018 No. 61, article 8", None), ("Tax withheld", 160_000),
    ]  # fmt: skip


def test_a_fee_after_tax_is_reckoned_back_and_flagged(client):
    answer = try_it(client, amount="8400", net="on")
    assert (answer.context["tried"]["gross"], answer.context["tried"]["net"]) == (1_000_000, 840_000)
    assert "the trade has publicly renounced them" in answer.content.decode()
    answer = try_it(client, amount="8400", net="on", method="author")
    assert (answer.status_code, "reckoned for labour remuneration only" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("method", "without", "vat"), [("vat_small_scale", 10_000_00, 100_00), ("vat_general", 9_528_30, 571_70)]
)
def test_vat_is_taken_out_of_a_price(client, method, without, vat):
    tried = try_it(client, amount="10100", method=method, on="2026-11-21").context["tried"]
    assert (tried["gross"], tried["net"], tried["tax"]) == (10_100_00, without, vat)


def test_a_day_without_a_table_is_said(client):
    answer = try_it(client, amount="100", method="vat_small_scale", on="2028-01-01")
    assert answer.status_code == 422
    assert "No tax table of this kind is in force on 2028-01-01." in answer.content.decode()


def test_a_table_of_the_studio_s_own_holds_from_its_day(client, studio, other_studio, make_person):
    person = add_party(studio=studio, code="lin", name="林叶", kind="person", by=None)
    stranger = add_party(studio=other_studio, code="lin", name="外人", kind="person", by=None)

    def tax(party, on):
        return withheld(party=party, gross_minor=1_000_000, due_date=on, currency="CNY")[0]

    assert add(client).status_code == 302
    assert (tax(person, TODAY), tax(person, TODAY - dt.timedelta(days=1))) == (80_000, 160_000)
    assert tax(stranger, TODAY) == 160_000
    assert add(client).status_code == 422
    assert "There is a table of this method from that day." in add(client).content.decode()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"brackets": "20000 20 0\n50000 30 2000"}, "The last bracket, and no other, has no upper limit."),
        ({"brackets": "50000 20 0\n20000 30 2000\n- 40 7000"}, "The upper limits of the brackets rise"),
        ({"brackets": "20000 30 0\n- 20 0"}, "Rates rise from bracket to bracket"),
        ({"brackets": "20000 20\n- 40 0"}, "Line 1: write upper limit, rate and quick deduction."),
        ({"brackets": "20000 1e2 0\n- 40 0"}, "Write a percentage such as 20 or 2.5."),
        ({"brackets": "abc 20 0\n- 40 0"}, "Write an amount in yuan"),
        ({"deduction": "100"}, "Deductions are parts between nothing and all"),
        ({"until_date": "2020-01-01"}, "A tax table ends after it begins."),
        ({"source": " "}, "This field is required."),
    ],
)
def test_a_table_that_no_law_could_mean_is_refused(client, words, sentence):
    answer = add(client, **words)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not TaxTable.objects.exists()


def test_a_table_that_has_begun_stays(client):
    add(client)
    add(client, from_date=(TODAY + dt.timedelta(days=9)).isoformat())
    begun, later = TaxTable.objects.order_by("from_date")
    for row in (begun, later):
        client.post(reverse("remove_tax_table", args=[row.pk]))
    assert list(TaxTable.objects.values_list("pk", flat=True)) == [begun.pk]


def test_the_kind_of_payer_chooses_the_method(studio):
    assert add_party(studio=studio, code="a", name="甲", kind="person", by=None).tax_method == "labour_single"
    Studio.objects.filter(pk=studio.pk).update(payer_kind="platform")
    studio.refresh_from_db()
    assert add_party(studio=studio, code="b", name="乙", kind="person", by=None).tax_method == "platform_cumulative"
    assert add_party(studio=studio, code="c", name="丙公司", kind="company", by=None).tax_method == "none"


def test_a_company_s_payout_tells_its_vat(studio):
    company = add_party(studio=studio, code="c", name="丙公司", kind="company", vat_kind="company_general", by=None)
    tax, steps = withheld(party=company, gross_minor=106_00, due_date=dt.date(2026, 11, 21), currency="CNY")
    assert tax == 0
    assert [(step["code"], step["amount_minor"]) for step in steps] == [
        ("price", 106_00), ("none", 0), ("without_vat", 100_00), ("vat", 6_00), ("source", None),
    ]  # fmt: skip
    assert Party.objects.get(pk=company.pk).vat_kind == "company_general"
