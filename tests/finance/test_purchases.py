"""Purchase orders from the request to the bank: what is promised, what it costs, and that nothing is posted twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from finance.actions import accrue_booking, add_budget_line, add_party
from finance.models import (
    ApprovalLimit,
    Entry,
    EntryLine,
    PurchaseInvoice,
    PurchaseLine,
    PurchaseOrder,
    PurchaseReceipt,
)
from finance.purchases import (
    approve_purchase,
    cancel_purchase,
    invoice_purchase,
    receive_purchase,
    refuse_purchase,
    request_purchase,
)
from finance.queries import check_books, cost_report, ledger_balance
from finance.queries.purchases import account_left, committed
from finance.supplier_payments import pay_booking, pay_invoice, take_back_payment
from scheduling.models import Booking, FilmBase, Location
from studio.models import Event, Notice
from studio.refusals import Refused

DAY = dt.date(2026, 12, 3)
LINES = [{"name": "旗袍", "quantity": 3, "rate_minor": 40_000}, {"name": "折扇", "quantity": 10, "rate_minor": 1_500}]


def ask(production: Any, by: Any, **fields: Any) -> PurchaseOrder:
    return request_purchase(
        **{
            "production": production, "title": "舞会服装", "account": "art", "lines": LINES, "supplier_name": "锦绣布庄",
            "by": by, **fields,
        }
    )  # fmt: skip


@pytest.fixture
def order(production: Any, owner: Any) -> PurchaseOrder:
    return approve_purchase(order=ask(production, owner), by=owner)


def receive(order: PurchaseOrder, *counts: int, by: Any = None) -> PurchaseOrder:
    order.refresh_from_db()
    quantities = dict(zip(order.lines.values_list("pk", flat=True), counts, strict=False))
    return receive_purchase(order=order, version=order.version, quantities=quantities, on_date=DAY, by=by)


def invoice(order: PurchaseOrder, amount: int, reference: str = "FP-1", **fields: Any) -> PurchaseInvoice:
    return invoice_purchase(order=order, reference=reference, amount_minor=amount, on_date=DAY, by=None, **fields)


def posted(order: PurchaseOrder) -> list[tuple[str, int]]:
    rows = EntryLine.objects.filter(entry__source__startswith=f"purchase:{order.pk}:", account=order.account)
    return list(rows.order_by("entry_id").values_list("entry__source", "amount_minor"))


def test_an_order_is_promised_received_in_parts_invoiced_and_paid(order: Any, production: Any, owner: Any) -> None:
    name = f"purchase:{order.pk}"
    assert (order.state, committed(production), posted(order)) == ("approved", {"art": 135_000}, [])
    receive(order, 2)
    assert (committed(production), posted(order)) == ({"art": 55_000}, [(f"{name}:1", 80_000)])
    assert receive(order, 1, 10).state == "received"
    assert (committed(production), posted(order)) == ({}, [(f"{name}:1", 80_000), (f"{name}:2", 55_000)])
    bill = invoice(order, 130_000)
    order.refresh_from_db()
    assert (order.state, posted(order)[2:]) == ("invoiced", [(f"{name}:3", -5_000)])
    assert ledger_balance(production) == {"CNY": {"art": 130_000, "payable": -130_000}}
    pay_invoice(invoice=bill, bank_reference="B-77", by=owner)
    pay_invoice(invoice=bill, bank_reference="B-77", by=owner)
    order.refresh_from_db()
    assert (order.state, ledger_balance(production)) == (
        "paid",
        {"CNY": {"art": 130_000, "payable": 0, "bank": -130_000}},
    )
    with pytest.raises(Refused) as refused:
        pay_invoice(invoice=bill, bank_reference="B-78", by=owner)
    assert (refused.value.code, refused.value.conflict) == ("paid_already", True)
    assert check_books(production) == []


def test_an_invoice_before_the_goods_is_not_paid_for_twice(order: Any, production: Any) -> None:
    invoice(order, 60_000, final=False)
    assert (posted(order), committed(production)) == ([(f"purchase:{order.pk}:1", 60_000)], {"art": 75_000})
    # Goods worth less than what is invoiced change nothing; beyond it they do.
    receive(order, 1)
    receive(order, 2)
    assert [amount for _source, amount in posted(order)] == [60_000, 60_000]
    invoice(order, 80_000, "FP-2")
    assert sum(amount for _source, amount in posted(order)) == 140_000
    assert check_books(production) == []


def test_goods_sent_back_are_taken_off(order: Any, production: Any) -> None:
    receive(order, 3, 10)
    assert receive(order, -1).state == "approved"
    assert (sum(amount for _source, amount in posted(order)), committed(production)) == (95_000, {"art": 40_000})


def test_cancelling_gives_back_what_is_open_and_keeps_what_came(order: Any, production: Any, owner: Any) -> None:
    receive(order, 1)
    with pytest.raises(Refused) as refused:
        cancel_purchase(order=order, reason=" ", by=owner)
    assert refused.value.code == "reason_missing"
    assert cancel_purchase(order=order, reason="改戏", by=owner).state == "cancelled"
    assert (committed(production), posted(order)) == ({}, [(f"purchase:{order.pk}:1", 40_000)])
    invoice(order, 40_000)
    order.refresh_from_db()
    assert (order.state, len(posted(order))) == ("invoiced", 1)


def test_a_form_sent_twice_is_received_once(order: Any) -> None:
    first = order.lines.first().pk
    receive_purchase(order=order, version=order.version, quantities={first: 1}, on_date=DAY, by=None)
    with pytest.raises(Refused) as refused:
        receive_purchase(order=order, version=order.version, quantities={first: 1}, on_date=DAY, by=None)
    assert (refused.value.code, refused.value.conflict, PurchaseReceipt.objects.count()) == ("order_changed", True, 1)


def test_the_same_invoice_is_entered_once(order: Any) -> None:
    first = invoice(order, 135_000)
    assert invoice(order, 135_000).pk == first.pk
    for amount, reference, code in ((1, "FP-1", "invoice_differs"), (1, "FP-2", "not_open")):
        with pytest.raises(Refused) as refused:
            invoice(order, amount, reference)
        assert refused.value.code == code
    assert (PurchaseInvoice.objects.count(), len(posted(order))) == (1, 1)


@pytest.mark.parametrize(
    ("counts", "code"), [((4,), "more_than_ordered"), ((-1,), "more_than_ordered"), ((0, 0), "nothing_received"), ((), "nothing_received")]
)  # fmt: skip
def test_refused_goods_leave_nothing(order: Any, counts: tuple[int, ...], code: str) -> None:
    with pytest.raises(Refused) as refused:
        receive(order, *counts)
    assert (refused.value.code, PurchaseReceipt.objects.count(), Entry.objects.count()) == (code, 0, 0)


def test_nothing_is_received_or_invoiced_before_the_approval(production: Any, owner: Any) -> None:
    order = ask(production, owner)
    for act in (lambda: receive(order, 1), lambda: invoice(order, 1)):
        with pytest.raises(Refused):
            act()
    assert (committed(production), Entry.objects.count()) == ({}, 0)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"title": " "}, "title_missing"),
        ({"account": "bank"}, "not_a_cost_account"),
        ({"supplier_name": ""}, "supplier_missing"),
        ({"lines": []}, "lines_missing"),
        ({"lines": LINES * 31}, "lines_missing"),
        ({"lines": [{**LINES[0], "name": ""}]}, "line_name_missing"),
        ({"lines": [{**LINES[0], "quantity": 0}]}, "quantity_out_of_range"),
        ({"lines": [{**LINES[0], "quantity": 1.5}]}, "quantity_out_of_range"),
        ({"lines": [{**LINES[0], "rate_minor": 1.5}]}, "not_whole_fen"),
        ({"lines": [{**LINES[0], "rate_minor": -1}]}, "amount_not_positive"),
        ({"lines": [{**LINES[0], "rate_minor": 10**13}]}, "amount_too_large"),
    ],
)
def test_refused_requests_leave_nothing(production: Any, owner: Any, fields: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        ask(production, owner, **fields)
    assert (refused.value.code, PurchaseOrder.objects.count()) == (code, 0)


def test_a_supplier_of_another_studio_is_refused(production: Any, owner: Any, other_studio: Any) -> None:
    stranger = add_party(studio=other_studio, code="x", name="外人", kind="company", by=None)
    with pytest.raises(Refused) as refused:
        ask(production, owner, supplier=stranger)
    assert refused.value.code == "other_studio"


# --- who may approve ----------------------------------------------------------------------------------------------


def test_a_role_approves_up_to_its_limit(production: Any, studio: Any, owner: Any, make_member: Any) -> None:
    ApprovalLimit.objects.create(studio=studio, role="producer", most_minor=134_999)
    producer = make_member(studio, "producer")
    order = ask(production, producer)
    with pytest.raises(Refused) as refused:
        approve_purchase(order=order, by=producer)
    assert refused.value.message == "You may approve up to ¥1,349.99; this order is ¥1,350.00."
    ApprovalLimit.objects.update(most_minor=135_000)
    assert approve_purchase(order=order, by=producer).state == "approved"
    assert approve_purchase(order=order, by=owner).approved_by == producer


def test_above_the_studios_limit_two_different_people_approve(
    production: Any, studio: Any, owner: Any, make_member: Any
) -> None:
    type(studio).objects.update(payout_approval_minor=134_999)
    order = ask(production, None)
    assert approve_purchase(order=order, by=owner).state == "requested"
    with pytest.raises(Refused) as refused:
        approve_purchase(order=order, by=owner)
    assert refused.value.code == "same_person_twice"
    second = make_member(studio, "producer")
    row = approve_purchase(order=order, by=second)
    assert (row.state, row.approved_by, row.second_approved_by) == ("approved", owner, second)


def test_a_request_is_refused_with_a_reason_and_its_author_told(
    production: Any, studio: Any, owner: Any, make_member: Any
) -> None:
    assistant = make_member(studio, "assistant_director")
    order = ask(production, assistant)
    assert Notice.objects.filter(user=owner, kind="finance.purchase_requested").count() == 1
    with pytest.raises(Refused):
        refuse_purchase(order=order, reason="", by=owner)
    assert refuse_purchase(order=order, reason="太贵", by=owner).state == "refused"
    assert Notice.objects.get(user=assistant).params["reason"] == "太贵"
    with pytest.raises(Refused):
        approve_purchase(order=order, by=owner)


def test_the_account_before_an_approval(order: Any, production: Any, owner: Any) -> None:
    add_budget_line(production=production, account="art", name="服装", quantity=1, rate_minor=200_000, by=owner)
    receive(order, 1)
    left = account_left(production, "art")
    assert (left.budget_minor, left.posted_minor, left.committed_minor, left.left_minor) == (
        200_000,
        40_000,
        95_000,
        65_000,
    )


# --- the database ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "changes", "name"),
    [
        (PurchaseOrder, {"state": "lost"}, "purchase_order_state_known"),
        (PurchaseOrder, {"account": "bank"}, "purchase_order_account_is_a_cost"),
        (PurchaseOrder, {"supplier_name": ""}, "purchase_order_has_a_supplier"),
        (PurchaseOrder, {"approved_at": None}, "purchase_order_approved_by_somebody"),
        (PurchaseOrder, {"second_approved_by": "owner"}, "purchase_order_two_are_two_people"),
        (PurchaseOrder, {"state": "cancelled"}, "purchase_order_ended_with_a_reason"),
        (PurchaseLine, {"quantity": 0}, "purchase_line_positive"),
        (PurchaseInvoice, {"amount_minor": 0}, "purchase_invoice_positive"),
        (PurchaseInvoice, {"paid_at": timezone.now()}, "purchase_invoice_paid_by_a_reference"),
    ],
)
def test_the_database_refuses_what_cannot_be(
    order: Any, owner: Any, model: Any, changes: dict[str, Any], name: str
) -> None:
    invoice(order, 1, final=False)
    changes = {key: owner if value == "owner" else value for key, value in changes.items()}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.update(**changes)


def test_one_number_one_last_invoice_and_goods_of_something(order: Any, production: Any) -> None:
    invoice(order, 1)
    for make in (
        lambda: PurchaseOrder.objects.create(
            production=production, number=1, title="x", account="art", supplier_name="y"
        ),
        lambda: PurchaseInvoice.objects.create(order=order, reference="FP-2", on_date=DAY, amount_minor=1, final=True),
        lambda: PurchaseInvoice.objects.create(order=order, reference="FP-1", on_date=DAY, amount_minor=1, final=False),
        lambda: PurchaseReceipt.objects.create(line=order.lines.first(), quantity=0, on_date=DAY),
        lambda: ApprovalLimit.objects.create(studio=production.studio, role="owner", most_minor=-1),
        lambda: ApprovalLimit.objects.create(studio=production.studio, role="king", most_minor=1),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make()


# --- bookings -------------------------------------------------------------------------------------------------------


@pytest.fixture
def booking(production: Any, studio: Any) -> Booking:
    base = FilmBase.objects.create(studio=studio, name="西安基地")
    start = dt.datetime(2026, 12, 1, 1, 0, tzinfo=dt.UTC)
    return Booking.objects.create(
        production=production, location=Location.objects.create(base=base, name="客厅"), start_at=start,
        end_at=start + dt.timedelta(hours=8), price_minor=300_000,
    )  # fmt: skip


def test_a_booking_is_paid_once_its_cost_is_posted(booking: Any, production: Any, owner: Any) -> None:
    with pytest.raises(Refused) as refused:
        pay_booking(booking=booking, bank_reference="B-1", by=owner)
    assert refused.value.code == "not_posted"
    accrue_booking(booking=booking, by=owner)
    entry = pay_booking(booking=booking, bank_reference="B-1", by=owner)
    assert pay_booking(booking=booking, bank_reference="B-1", by=owner).pk == entry.pk
    with pytest.raises(Refused):
        pay_booking(booking=booking, bank_reference="B-2", by=owner)
    assert ledger_balance(production) == {"CNY": {"sets": 300_000, "payable": 0, "bank": -300_000}}
    assert {row.account: row.posted_minor for row in cost_report(production).rows} == {"sets": 300_000}
    assert check_books(production) == []


# --- doors ----------------------------------------------------------------------------------------------------------


def test_from_the_request_to_the_bank_through_the_pages(
    production: Any, studio: Any, owner: Any, make_member: Any, client_of: Any, booking: Any
) -> None:
    assistant = client_of(make_member(studio, "assistant_director"))
    typed = {
        "title": "舞会服装", "account": "art", "supplier_name": "锦绣布庄", "line-0-name": "旗袍", "line-0-quantity": "3",
        "line-0-rate": "400", "line-2-name": "折扇", "line-2-quantity": "10", "line-2-rate": "15.00",
    }  # fmt: skip
    address = f"/productions/{production.pk}/purchases/new/"
    response = assistant.post(address, {**typed, "line-0-rate": "cheap"})
    assert (response.status_code, PurchaseOrder.objects.count()) == (422, 0)
    assert assistant.post(address, {**typed, "scene": "99"}).status_code == 422
    assert assistant.post(address, typed).status_code == 302
    order = PurchaseOrder.objects.get()
    page = f"/purchases/{order.pk}/"
    # Who asks does not see what else the title costs.
    assert "budget" not in assistant.get(page).content.decode()
    assert assistant.post(f"{page}approve/").status_code == 403
    client = client_of(owner)
    assert "This order goes beyond what is left on the account." in client.get(page).content.decode()
    client.post(f"{page}approve/")
    line = order.lines.first()
    assistant.post(f"{page}receive/", {"version": "2", f"line-{line.pk}": "3"})
    assistant.post(f"{page}receive/", {"version": "2", f"line-{line.pk}": "3"})
    order.refresh_from_db()
    assert posted(order) == [(f"purchase:{order.pk}:1", 120_000)]
    form = {"reference": "FP-1", "amount_minor": "1,400.00", "on_date": "2026-12-04", "final": "on"}
    assert client.post(f"{page}invoice/", {**form, "amount_minor": "-1"}).status_code == 422
    assert client.post(f"{page}invoice/", form).status_code == 302
    assert "more than was ordered" in client.get(page).content.decode()
    accrue_booking(booking=booking, by=None)
    assert [row["amount"] for row in client.get("/bills/").context["rows"]] == [300_000, 140_000]
    bill = PurchaseInvoice.objects.get()
    client.post(f"/supplier-invoices/{bill.pk}/pay/", {"bank_reference": "B-1", "back": "bills"})
    client.post(f"/bookings/{booking.pk}/pay/", {"bank_reference": "B-2"})
    assert client.get("/bills/").context["rows"] == []
    order.refresh_from_db()
    assert (order.state, check_books(production)) == ("paid", [])
    listed = client.get(f"/productions/{production.pk}/purchases/?format=csv").content.decode()
    assert "舞会服装" in listed
    assert "1350.00" in listed
    ledger = client.get(f"/productions/{production.pk}/ledger/?q=purchase:{order.pk}:").content.decode()
    assert "Order 1: ordered ¥1,350.00, received ¥1,200.00, invoiced ¥1,400.00; by then it cost ¥1,400.00." in ledger


def test_the_api_shows_what_an_order_promises(order: Any, owner: Any, api_of: Any) -> None:
    receive(order, 2)
    body = api_of(owner).get(f"/api/v1/purchases/{order.pk}/").json()
    assert {name: body[name] for name in ("state", "ordered_minor", "received_minor", "cost_minor", "committed_minor")} == {
        "state": "approved", "ordered_minor": 135_000, "received_minor": 80_000, "cost_minor": 80_000, "committed_minor": 55_000,
    }  # fmt: skip
    assert [row["name"] for row in body["lines"]] == ["旗袍", "折扇"]


def test_lists_take_a_constant_number_of_queries(
    production: Any, owner: Any, client_of: Any, django_assert_max_num_queries: Any
) -> None:
    client = client_of(owner)
    for counted in range(3):
        order = approve_purchase(order=ask(production, owner), by=owner)
        receive(order, 1)
        invoice(order, 40_000, f"FP-{counted}")
        for address in (f"/productions/{production.pk}/purchases/", "/bills/"):
            if counted == 0:
                client.get(address)
                with django_assert_max_num_queries(80) as few:
                    client.get(address)
                setattr(client, f"few{address}", len(few))
            if counted == 2:
                with django_assert_max_num_queries(getattr(client, f"few{address}")):
                    client.get(address)


def test_a_payment_taken_back_is_reversed_and_made_again(
    order: Any, production: Any, owner: Any, client_of: Any, make_member: Any, studio: Any
) -> None:
    receive(order, 3, 10)
    bill = invoice(order, 135_000)
    client, url = client_of(owner), f"/supplier-invoices/{bill.pk}/take-back/"
    assert "This invoice is not paid." in client.post(url, {"reason": "退汇"}, follow=True).content.decode()
    pay_invoice(invoice=bill, bank_reference="B-77", by=owner)
    order.refresh_from_db()
    assert order.state == "paid"
    assert "Say why the payment is taken back." in client.post(url, {"reason": " "}, follow=True).content.decode()
    assert client_of(make_member(studio, "producer")).post(url, {"reason": "退汇"}).status_code == 403
    page = client.post(url, {"reason": "收款行退回"}, follow=True).content.decode()
    assert "Came back: 收款行退回" in page
    bill.refresh_from_db()
    order.refresh_from_db()
    assert (bill.paid_at, bill.bank_reference, order.state) == (None, "", "invoiced")
    assert ledger_balance(production)["CNY"] == {"art": 135_000, "payable": -135_000, "bank": 0}
    with pytest.raises(Refused) as refused:
        take_back_payment(invoice=bill, reason="又", by=owner)
    assert (refused.value.code, refused.value.conflict) == ("not_paid", True)
    pay_invoice(invoice=bill, bank_reference="B-78", by=owner)
    bill.refresh_from_db()
    order.refresh_from_db()
    assert (bill.bank_reference, bill.refusal, order.state) == ("B-78", "", "paid")
    assert ledger_balance(production)["CNY"] == {"art": 135_000, "payable": 0, "bank": -135_000}
    sources = (
        Entry.objects.filter(source__startswith="purchase_payment:").order_by("pk").values_list("source", flat=True)
    )
    assert list(sources) == [f"purchase_payment:{bill.pk}", f"purchase_payment:{bill.pk}:2"]
    assert Event.objects.filter(name="SupplierPaymentTakenBack").count() == 1
    assert check_books(production) == []
