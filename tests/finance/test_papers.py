"""Papers of payments, four flows and withheld tax, through the pages people use."""

from __future__ import annotations

import csv
import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from finance.actions import approve_payout, pay_payout, post_cost, remit_tax
from finance.choices import Account
from finance.ledger import Side, post
from finance.models import Certificate, Entry, Invoice, Payout, PurchaseOrder, TaxDueDay, TaxRemittance
from finance.purchases import (
    approve_purchase,
    cancel_purchase,
    invoice_purchase,
    receive_purchase,
    refuse_purchase,
    request_purchase,
)
from finance.queries import check_books, ledger_balance
from finance.queries.flows import cost_flows, payout_flows
from finance.queries.order_flows import order_flows
from finance.queries.withheld import withheld_months
from finance.supplier_payments import pay_invoice
from studio.models import Engagement

PDF = b"%PDF-1.4 paper"
PAID_AT = dt.datetime(2026, 3, 31, 17, 0, tzinfo=dt.UTC)  # the 1st of April in Shanghai


def upload(data: bytes = PDF, name: str = "发票.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


@pytest.fixture
def payouts(settled: Any) -> dict[str, Payout]:
    settlement = settled("2026-01", ("1", "100000"), issue=True)
    return {row.party.code: row for row in settlement.payouts.select_related("party", "settlement__production")}


@pytest.fixture
def client(client_of: Any, owner: Any) -> Any:
    return client_of(owner)


def paid(payout: Payout, owner: Any, finance: Any, at: dt.datetime = PAID_AT) -> Payout:
    row = approve_payout(payout=payout, by=owner)
    if row.state == "due":
        row = approve_payout(payout=payout, by=finance)
    return pay_payout(payout=row, bank_reference=f"BK{payout.pk}", by=owner, at=at)


def flow_codes(payout: Payout, today: dt.date = dt.date(2026, 1, 1)) -> list[tuple[str, str]]:
    (row,) = payout_flows(Payout.objects.filter(pk=payout.pk), today)
    return [(flow.state, flow.code) for flow in row.flows]


def send(client: Any, payout: Payout, add: str, **fields: Any) -> Any:
    prefix = {"invoice": "invoice", "certificate": "certificate"}[add]
    return client.post(
        f"/payouts/{payout.pk}/papers/", {"add": add, **{f"{prefix}-{name}": value for name, value in fields.items()}}
    )


def invoice(client: Any, payout: Payout, **changes: Any) -> Any:
    given = {
        "number": "fp 001", "on_date": "2026-02-01", "amount_minor": f"{payout.gross_minor // 100}.{payout.gross_minor % 100:02}",
        "vat_payer": "company_small_scale", "file": upload(),
    }  # fmt: skip
    return send(client, payout, "invoice", **{**given, **changes})


def test_an_invoice_is_kept_with_its_vat_and_its_number_once(payouts: Any, client: Any) -> None:
    agent, investor = payouts["agent"], payouts["investor"]
    assert agent.gross_minor == 2_000_000
    assert invoice(client, agent).status_code == 302
    row = Invoice.objects.get()
    # 20,000.00 with 1 % in it: 19,801.98 and 198.02.
    assert (row.number, row.kind, row.vat_percent, row.vat_minor) == ("FP001", "invoice", "1%", 19_802)
    again = invoice(client, agent, number="FP001", file=upload())
    assert (again.status_code, Invoice.objects.count()) == (422, 1)
    assert "The paper FP001 of this issuer is entered already." in again.content.decode()
    # Another issuer may have the same number.
    assert invoice(client, investor, file=upload(), vat_payer="").status_code == 302
    served = client.get(f"/payouts/invoices/{row.pk}/file/")
    assert b"".join(served.streaming_content) == PDF
    fake = invoice(client, agent, number="FP002", file=upload(b"MZ not a paper"))
    assert fake.status_code == 422
    assert "Hand in a PDF, or a photo as JPEG or PNG." in fake.content.decode()
    early = invoice(client, agent, number="FP003", on_date="1990-01-01", file=upload())
    assert (early.status_code, Invoice.objects.count()) == (422, 2)


def test_a_payout_gets_its_four_flows_together(
    payouts: Any, client: Any, owner: Any, make_member: Any, studio: Any
) -> None:
    finance = make_member(studio, "producer")
    director = payouts["director"]
    assert flow_codes(director) == [
        ("ok", "contract_ok"), ("ok", "work_settled"), ("gap", "note_lacks"), ("open", "payment_open"),
    ]  # fmt: skip
    late = director.due_date + dt.timedelta(days=1)
    assert flow_codes(director, late)[3] == ("gap", "payment_late")
    assert flow_codes(payouts["agent"])[2] == ("gap", "invoice_lacks")
    invoice(client, director, amount_minor="1.00", vat_payer="")
    assert Invoice.objects.get().kind == "note"
    assert flow_codes(director)[2] == ("gap", "invoice_differs")
    rest = director.gross_minor - 100
    invoice(client, director, number="2", amount_minor=f"{rest // 100}.{rest % 100:02}", file=upload())
    assert flow_codes(director)[2] == ("ok", "invoice_ok")
    paid(director, owner, finance)
    assert flow_codes(director)[3] == ("gap", "receipt_lacks")
    send(client, director, "certificate", kind="receipt", number="HD1", file=upload())
    assert flow_codes(director)[3] == ("gap", "tax_paper_lacks")
    for _click in range(2):
        send(client, director, "certificate", kind="tax", number="WS1", file=upload())
    assert Certificate.objects.count() == 2
    assert flow_codes(director) == [
        ("ok", "contract_ok"), ("ok", "work_settled"), ("ok", "invoice_ok"), ("ok", "payment_ok"),
    ]  # fmt: skip
    none = send(client, payouts["agent"], "certificate", kind="tax", number="WS2", file=upload())
    assert none.status_code == 422
    assert "Nothing was withheld from this payment." in none.content.decode()


def test_a_party_that_no_contract_names_and_a_sum_that_no_clause_gives_are_gaps(payouts: Any) -> None:
    director = payouts["director"]
    director.settlement.contract.named.filter(party=director.party).delete()
    Payout.objects.filter(pk=director.pk).update(gross_minor=director.gross_minor + 1, net_minor=director.net_minor + 1)
    assert flow_codes(director)[:2] == [("gap", "contract_lacks"), ("gap", "work_lacks")]


def test_the_page_lists_gaps_with_what_to_do_and_exports_them(
    payouts: Any, client: Any, production: Any, client_of: Any, other_owner: Any
) -> None:
    import io

    import python_calamine

    text = client.get("/payouts/flows/").content.decode()
    assert "5 of 5 payments have gaps." in text
    assert "No invoice: ask the company for one over ¥20,000.00." in text
    invoice(client, payouts["agent"])
    closed = client.get("/payouts/flows/?show=gaps").content.decode()
    assert "4 of 5 payments have gaps." in closed
    assert "经纪公司" not in closed
    for url in ("/payouts/flows/", f"/productions/{production.pk}/flows/"):
        book = python_calamine.load_workbook(io.BytesIO(client.get(f"{url}?format=xlsx&q=经纪").content))
        rows = book.get_sheet_by_index(0).to_python()
        assert [row[:4] for row in rows[1:]] == [["经纪公司", "初光", "2026-01", 20_000]]
    assert client_of(other_owner).get(f"/productions/{production.pk}/flows/").status_code == 404
    assert "经纪公司" not in client_of(other_owner).get("/payouts/flows/").content.decode()


def test_what_was_paid_for_work_has_four_flows_too(
    production: Any, make_person: Any, studio: Any, owner: Any, client: Any
) -> None:
    person = make_person(studio, "灯光师")
    stranger = make_person(studio, "未付的人")

    def pay(amount: int, source: str) -> None:
        post(
            production=production, sides=[Side(Account.PAYABLE, amount, person), Side(Account.BANK, -amount)],
            currency="CNY", on_date=dt.date(2026, 3, 1), source=source, narrative="付款", by=owner,
        )  # fmt: skip

    def cost(who: Any, source: str) -> Entry:
        return post_cost(
            production=production, account="crew", amount_minor=50_000, on_date=dt.date(2026, 2, 1), source=source,
            narrative="日薪", by=owner, person=who,
        )  # fmt: skip

    def codes() -> list[tuple[str, str]]:
        (row,) = cost_flows([production])
        return [(flow.state, flow.code) for flow in row.flows]

    cost(stranger, "hand:1")
    assert cost_flows([production]) == []
    cost(person, "daily_report:1:1")
    pay(50_000, "wage:1")
    assert codes() == [
        ("gap", "engagement_lacks"), ("ok", "work_ok"), ("gap", "note_lacks"), ("ok", "costs_paid"),
    ]  # fmt: skip
    terms = Engagement.objects.create(production=production, person=person, department="cast", job_title="灯光")
    assert codes()[0] == ("gap", "engagement_unsigned")
    terms.terms_signed_date = dt.date(2026, 1, 1)
    terms.save()
    url = f"/productions/{production.pk}/flows/{person.pk}/"
    given = {
        "invoice-number": "L1",
        "invoice-on_date": "2026-03-01",
        "invoice-amount_minor": "500.00",
        "invoice-file": upload(),
    }
    assert client.post(url, given).status_code == 302
    assert [state for state, _code in codes()] == ["ok"] * 4
    cost(person, "hand:2")
    pay(50_000, "wage:2")
    assert codes()[1:3] == [("gap", "work_by_hand"), ("gap", "invoice_differs")]


def test_withheld_tax_is_handed_on_by_month_and_method_once(
    payouts: Any, client: Any, owner: Any, studio: Any, make_member: Any, production: Any
) -> None:
    producer = make_member(studio, "producer")
    director, writer = payouts["director"], payouts["writer"]
    assert (director.tax_minor > 0, writer.tax_minor > 0) == (True, True)
    assert withheld_months(studio) == []
    paid(director, owner, producer)
    paid(writer, owner, producer, at=dt.datetime(2026, 3, 31, 15, 59, tzinfo=dt.UTC))
    months = withheld_months(studio)
    # The studio's own midnight decides: one second later is the next month.
    assert [(row.period, row.method, row.open_minor, row.due_date) for row in months] == [
        ("2026-04", "labour_single", director.tax_minor, dt.date(2026, 5, 15)),
        ("2026-03", "author", writer.tax_minor, dt.date(2026, 4, 15)),
    ]
    TaxDueDay.objects.create(studio=studio, from_date=dt.date(2026, 5, 1), day=20)
    assert [row.due_date for row in withheld_months(studio)] == [dt.date(2026, 5, 20), dt.date(2026, 4, 15)]
    given = {"period": "2026-04", "method": "labour_single", "reference": "SW1", "on_date": "2026-05-10"}
    before = ledger_balance(production)["CNY"]
    for _click in range(2):
        client.post("/payouts/tax/", given)
    remittance = TaxRemittance.objects.get()
    assert (remittance.amount_minor, remittance.lines.get().payout) == (director.tax_minor, director)
    after = ledger_balance(production)["CNY"]
    assert (after["tax"] - before["tax"], after["bank"] - before["bank"]) == (director.tax_minor, -director.tax_minor)
    assert check_books(production) == []
    nothing = client.post("/payouts/tax/", {**given, "reference": "SW2"}, follow=True).content.decode()
    assert "Nothing withheld in this month is open." in nothing
    missing = client.post("/payouts/tax/", {**given, "reference": ""}, follow=True).content.decode()
    assert "Enter the reference and the date." in missing
    assert TaxRemittance.objects.count() == 1
    text = client.get("/payouts/tax/").content.decode()
    assert "SW1" in text
    assert "Overdue" not in text if timezone.localdate() <= dt.date(2026, 4, 15) else "Overdue" in text


def test_what_would_keep_the_amount_after_tax_is_shown_and_not_paid(payouts: Any, client: Any) -> None:
    director = payouts["director"]
    text = client.get(f"/payouts/{director.pk}/papers/").content.decode()
    assert director.gross_minor == 1_988_000
    assert "¥19,880.00" in text
    # Gross-up of 19,880.00 net: (19,880 - 0) / (1 - 0.8 x 20 %) = 23,666.67.
    assert "¥23,666.67" in text
    assert "nothing is paid this way by itself" in text
    assert (
        "nothing is paid this way by itself"
        not in client.get(f"/payouts/{payouts['agent'].pk}/papers/").content.decode()
    )


def test_flows_cost_the_same_with_one_row_and_with_five(payouts: Any, client: Any, owner: Any, studio: Any) -> None:
    def counted() -> list[int]:
        found = []
        for url in ("/payouts/flows/", "/payouts/tax/"):
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            found.append(len(queries))
        return found

    kept = list(Payout.objects.exclude(party__code="director"))
    Payout.objects.exclude(party__code="director").delete()
    Payout.objects.update(state="paid", paid_at=PAID_AT)
    one = counted()
    Payout.objects.bulk_create(kept)
    Payout.objects.update(state="paid", paid_at=PAID_AT)
    assert counted() == one


def test_tax_of_two_titles_is_two_entries_and_one_remittance(
    payouts: Any, owner: Any, studio: Any, make_member: Any, production: Any
) -> None:
    from studio.actions import open_production

    producer = make_member(studio, "producer")
    director = paid(payouts["director"], owner, producer)
    writer = paid(payouts["writer"], owner, producer)
    other = open_production(
        studio=studio, title="次光", code="CG02", by=owner, investment_minor=1, shoot_from_date=None
    )
    settlement = writer.settlement
    Payout.objects.filter(pk=writer.pk).update(party=director.party, settlement=_moved(settlement, other))
    row = remit_tax(
        studio=studio, period="2026-04", method="labour_single", reference="SW9", on_date=dt.date(2026, 5, 1), by=owner
    )
    assert row.amount_minor == director.tax_minor + writer.tax_minor
    assert {
        entry.production_id: sum(line.amount_minor for line in entry.lines.filter(account="tax"))
        for entry in Entry.objects.filter(source=f"tax:{row.pk}")
    } == {production.pk: director.tax_minor, other.pk: writer.tax_minor}


def _moved(settlement: Any, production: Any) -> Any:
    """A copy of a settlement under another title."""
    from finance.models import Settlement, Statement

    statement = Statement.objects.get(pk=settlement.statement_id)
    statement.pk, statement.production, statement.sha256 = None, production, "a" * 64
    statement.save()
    copy = Settlement.objects.get(pk=settlement.pk)
    copy.pk, copy.production, copy.statement = None, production, statement
    copy.save()
    return copy


# --- orders to suppliers ------------------------------------------------------------------------------------------


@pytest.fixture
def order(production: Any, owner: Any) -> Any:
    """An approved order of ten hats at 135.00 each."""
    row = request_purchase(
        production=production, title="舞会服装", account="art", supplier_name="锦绣布庄", by=owner,
        lines=[{"name": "礼帽", "quantity": 10, "rate_minor": 13_500}],
    )  # fmt: skip
    return approve_purchase(order=row, by=owner)


def came(order: Any, count: int, by: Any) -> None:
    order.refresh_from_db()
    line = order.lines.get()
    receive_purchase(
        order=order, version=order.version, quantities={line.pk: count}, on_date=dt.date(2026, 3, 1), by=by
    )


def order_codes(order: Any) -> list[tuple[str, str]]:
    (row,) = order_flows(PurchaseOrder.objects.filter(pk=order.pk))
    return [(flow.state, flow.code) for flow in row.flows]


def test_an_order_gets_its_four_flows_together(order: Any, owner: Any, client: Any, production: Any) -> None:
    waiting = [("ok", "order_ok"), ("open", "goods_open"), ("open", "goods_first"), ("open", "invoice_first")]
    assert order_codes(order) == waiting
    came(order, 4, owner)
    assert order_codes(order)[1:3] == [("open", "goods_open"), ("gap", "supplier_invoice_lacks")]
    page = client.get("/payouts/flows/?show=gaps").content.decode()
    assert "No invoice: ask the supplier for one over ¥540.00." in page
    assert f'href="/purchases/{order.pk}/"' in page
    first = invoice_purchase(
        order=order, reference="FP-1", amount_minor=50_000, on_date=dt.date(2026, 3, 2), by=owner, final=False
    )
    assert order_codes(order)[1:] == [
        ("open", "goods_open"), ("gap", "supplier_invoice_differs"), ("open", "supplier_payment_open"),
    ]  # fmt: skip
    pay_invoice(invoice=first, bank_reference="BK1", by=owner)
    last = invoice_purchase(order=order, reference="FP-2", amount_minor=85_000, on_date=dt.date(2026, 3, 9), by=owner)
    assert order_codes(order)[1:3] == [("gap", "goods_lack"), ("ok", "invoice_ok")]
    page = client.get(f"/productions/{production.pk}/flows/").content.decode()
    assert "Invoiced are ¥1,350.00, only ¥540.00 came: note what came, or have the invoice corrected." in page
    pay_invoice(invoice=last, bank_reference="BK2", by=owner)
    assert order_codes(order)[3] == ("ok", "supplier_payment_ok")
    (row,) = order_flows(PurchaseOrder.objects.all())
    assert (row.amount_minor, row.payee, row.flows[3].text) == (135_000, "锦绣布庄", "¥1,350.00 paid, BK1, BK2")


def test_all_that_came_billed_and_paid_closes_the_order(order: Any, owner: Any, client: Any) -> None:
    came(order, 10, owner)
    bill = invoice_purchase(order=order, reference="FP-1", amount_minor=130_000, on_date=dt.date(2026, 3, 2), by=owner)
    pay_invoice(invoice=bill, bank_reference="BK1", by=owner)
    assert order_codes(order) == [
        ("ok", "order_ok"), ("ok", "goods_ok"), ("ok", "invoice_ok"), ("ok", "supplier_payment_ok"),
    ]  # fmt: skip
    assert "锦绣布庄" in client.get("/payouts/flows/?show=closed").content.decode()
    lines = client.get("/payouts/flows/?format=csv").content.decode("utf-8-sig").splitlines()
    assert [row[3] for row in csv.reader(lines) if row[0] == "锦绣布庄"] == ["1300.00"]


def test_what_is_only_asked_for_or_refused_is_no_contract(production: Any, order: Any, owner: Any) -> None:
    lines = [{"name": "折扇", "quantity": 1, "rate_minor": 1_500}]
    asked = {
        "production": production,
        "title": "折扇",
        "account": "art",
        "supplier_name": "扇庄",
        "by": owner,
        "lines": lines,
    }
    refuse_purchase(order=request_purchase(**asked), reason="不需要", by=owner)
    request_purchase(**asked)
    ended = cancel_purchase(
        order=approve_purchase(order=request_purchase(**asked), by=owner), reason="不需要", by=owner
    )
    assert [row.order for row in order_flows(PurchaseOrder.objects.all())] == [order]
    came(order, 3, owner)
    cancel_purchase(order=order, reason="够了", by=owner)
    assert order_codes(order)[1:3] == [("ok", "goods_ended"), ("gap", "supplier_invoice_lacks")]
    assert ended.state == "cancelled"


def test_a_supplier_who_is_a_person_is_listed_once(
    production: Any, studio: Any, owner: Any, parties: Any, client: Any
) -> None:
    director = parties["director"]
    order = approve_purchase(
        order=request_purchase(
            production=production, title="道具刀", account="art", supplier=director, by=owner,
            lines=[{"name": "刀", "quantity": 1, "rate_minor": 10_000}],
        ),
        by=owner,
    )  # fmt: skip
    came(order, 1, owner)
    bill = invoice_purchase(order=order, reference="FP-1", amount_minor=10_000, on_date=dt.date(2026, 3, 2), by=owner)
    pay_invoice(invoice=bill, bank_reference="BK1", by=owner)
    assert cost_flows([production]) == []
    assert len(order_flows(PurchaseOrder.objects.all())) == 1


def test_orders_of_another_studio_are_not_listed(order: Any, owner: Any, other_owner: Any, client_of: Any) -> None:
    came(order, 4, owner)
    assert "锦绣布庄" not in client_of(other_owner).get("/payouts/flows/").content.decode()


def test_orders_cost_the_same_questions_with_one_and_with_three(
    production: Any, order: Any, owner: Any, client: Any
) -> None:
    def counted() -> int:
        client.get("/payouts/flows/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/payouts/flows/").status_code == 200
        return len(queries)

    came(order, 4, owner)
    one = counted()
    for number in (1, 2):
        row = request_purchase(
            production=production, title=f"服装 {number}", account="art", supplier_name="锦绣布庄", by=owner,
            lines=[{"name": "礼帽", "quantity": 10, "rate_minor": 13_500}],
        )  # fmt: skip
        came(approve_purchase(order=row, by=owner), 2, owner)
    assert counted() == one
