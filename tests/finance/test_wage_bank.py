"""Wages to the bank and back: batch, file, return and papers, through the pages people use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from finance.actions import drop_payment, first_template, gather_payouts, post_cost, set_account
from finance.models import BankAccount, BankBatch, BankPayment, BankReturnLine, Certificate, Entry, WagePayment
from finance.queries import check_books, ledger_balance
from finance.queries.wages import unpaid_lines
from finance.wages import approve_wage, make_up_wages
from studio.actions import open_production
from studio.models import Event, Production, Studio
from studio.refusals import Refused

DAY = dt.date(2026, 3, 1)
LATER = DAY + dt.timedelta(days=60)
NUMBERS = {"周工": "6250941006528599", "吴灯": "6250946000000016"}
PDF = b"%PDF-1.4 paper"


@pytest.fixture
def producer(studio: Any, make_member: Any) -> Any:
    return make_member(studio, "producer")


@pytest.fixture
def finance(studio: Any, make_member: Any) -> Any:
    return make_member(studio, "finance")


@pytest.fixture
def people(studio: Any, production: Any, owner: Any, finance: Any, make_person: Any) -> dict[str, Any]:
    """Two people, the first with work on two titles: 7,000.00 and 900.00; what is above 5,000.00 takes two approvals."""
    Studio.objects.filter(pk=studio.pk).update(payout_approval_minor=500_000)
    second = open_production(studio=studio, title="二部", code="EB01", by=owner)
    Production.objects.update(shoot_from_date=DAY, shoot_to_date=DAY)
    found = {name: make_person(studio, name) for name in NUMBERS}
    for title, name, amount in ((production, "周工", 400_000), (second, "周工", 300_000), (production, "吴灯", 90_000)):
        post_cost(
            production=title, account="crew", amount_minor=amount, on_date=DAY, person=found[name], by=None,
            source=f"hand:{name}", narrative="工作",
        )  # fmt: skip
    for name, number in NUMBERS.items():
        set_account(person=found[name], holder_name=name, bank_name="工商银行", number=number, by=finance)
    return found


@pytest.fixture
def approved(people: Any, studio: Any, owner: Any, producer: Any) -> dict[str, WagePayment]:
    made = make_up_wages(studio=Studio.objects.get(pk=studio.pk), people=people.values(), through=LATER, by=owner)
    for row in made:
        for who in (owner, producer):
            approve_wage(payment=row, by=who)
    return {row.person.name: WagePayment.objects.get(pk=row.pk) for row in made}


@pytest.fixture
def sent(approved: Any, studio: Any, client_of: Any, finance: Any, producer: Any) -> BankBatch:
    """Gathered, approved and made into a file through the pages."""
    template = first_template(studio=studio)
    desk = client_of(finance)
    desk.post(
        "/payouts/bank/new/",
        {"template": template.pk, "pay_date": "2026-05-01", "wages": [row.pk for row in approved.values()]},
    )
    batch = BankBatch.objects.get()
    two = client_of(producer)
    two.post(f"/payouts/bank/{batch.pk}/approve/")
    assert two.post(f"/payouts/bank/{batch.pk}/file/").status_code == 200
    batch.refresh_from_db()
    return batch


@pytest.fixture
def read(client_of: Any, finance: Any, sent: BankBatch) -> Callable[..., None]:
    def make(*rows: str) -> None:
        data = "\n".join(["参考号,收款账号,金额,交易状态,失败原因,流水号", *rows]).encode()
        answer = client_of(finance).post(
            "/payouts/returns/new/", {"template": sent.template_id, "file": SimpleUploadedFile("回单.csv", data)}
        )
        assert answer.status_code == 302

    return make


def payment_of(name: str) -> BankPayment:
    return BankPayment.objects.select_related("wage", "batch").filter(wage__person__name=name).latest("pk")


def line(name: str, state: str, reason: str = "", reference: str = "") -> str:
    row = payment_of(name)
    return f"{row.reference},{NUMBERS[name]},{row.amount_minor // 100}.{row.amount_minor % 100:02},{state},{reason},{reference}"


def states() -> dict[str, tuple[str, str]]:
    return {row.wage.person.name: (row.state, row.wage.state) for row in BankPayment.objects.order_by("pk")}


def test_wages_above_the_limit_take_two_and_go_into_one_file(
    people: Any, studio: Any, owner: Any, producer: Any, finance: Any, client_of: Any
) -> None:
    made = make_up_wages(studio=Studio.objects.get(pk=studio.pk), people=people.values(), through=LATER, by=finance)
    # 7,000.00: 20 % of 5,600.00; 900.00: 20 % of 100.00.
    assert {row.person.name: (row.gross_minor, row.tax_minor) for row in made} == {
        "周工": (700_000, 112_000), "吴灯": (90_000, 2_000),
    }  # fmt: skip
    rows = {row.person.name: row for row in made}
    client_of(owner).post(f"/wages/{rows['周工'].pk}/approve/")
    client_of(owner).post(f"/wages/{rows['吴灯'].pk}/approve/")
    desk, template = client_of(finance), first_template(studio=studio)
    page = desk.get("/payouts/bank/new/").content.decode()
    assert (f'id="wage-{rows["吴灯"].pk}"' in page, f'id="wage-{rows["周工"].pk}"' in page) == (True, False)
    given = {"template": template.pk, "pay_date": "2026-05-01", "wages": [row.pk for row in made]}
    early = desk.post("/payouts/bank/new/", given)
    assert (early.status_code, BankBatch.objects.count()) == (422, 0)
    assert "Not approved: 周工." in early.content.decode()
    client_of(producer).post(f"/wages/{rows['周工'].pk}/approve/")
    desk.post("/payouts/bank/new/", given)
    batch = BankBatch.objects.get()
    twice = desk.post("/payouts/bank/new/", given)
    assert "In another batch already: 周工, 吴灯." in twice.content.decode()
    # By hand beside its batch it is not paid, and what is in a batch is not taken back.
    desk.post(f"/wages/{rows['周工'].pk}/pay/", {"bank_reference": "BY-HAND"})
    desk.post(f"/wages/{rows['周工'].pk}/take-back/")
    assert WagePayment.objects.get(pk=rows["周工"].pk).state == "approved"
    client_of(producer).post(f"/payouts/bank/{batch.pk}/approve/")
    first = client_of(producer).post(f"/payouts/bank/{batch.pk}/file/")
    assert first.content.decode("utf-8-sig").splitlines()[1:] == [
        f"{place},{name},{NUMBERS[name]},工商银行,,,{net},CNY,KJ{batch.pk}W{rows[name].pk},Wages {LATER}"
        for place, (name, net) in enumerate((("周工", "5880.00"), ("吴灯", "880.00")), 1)
    ]
    assert states() == {"周工": ("sent", "sent"), "吴灯": ("sent", "sent")}
    shown = desk.get(f"/payouts/bank/{batch.pk}/").content.decode()
    assert (NUMBERS["周工"] in shown, "•••• 8599" in shown) == (False, True)


def test_a_return_pays_wages_in_every_titles_books_and_opens_the_refused(
    sent: BankBatch, read: Any, people: Any, production: Any, approved: Any
) -> None:
    read(line("周工", "交易成功", reference="BK1"), line("吴灯", "失败", "户名不符"))
    assert states() == {"周工": ("paid", "paid"), "吴灯": ("refused", "due")}
    assert approved["周工"].items.count() == 2
    refused = WagePayment.objects.get(person__name="吴灯")
    assert (refused.refusal, refused.approved_by_id, refused.second_approved_by_id) == ("户名不符", None, None)
    # 4,000.00 of the 7,000.00 were earned on this title: 640.00 of the tax, 3,360.00 paid out.
    assert {name: minor for name, minor in ledger_balance(production)["CNY"].items() if minor} == {
        "crew": 490_000, "payable": -90_000, "tax": -64_000, "bank": -336_000,
    }  # fmt: skip
    assert [check_books(title) for title in Production.objects.all()] == [[], []]
    before = Entry.objects.count()
    read(line("周工", "交易成功", reference="BK1") + " ")
    assert (Entry.objects.count(), Event.objects.filter(name="WagePaid").count()) == (before, 1)


def test_wages_that_came_back_are_owed_again_and_paid_anew(
    sent: BankBatch, read: Any, studio: Any, client_of: Any, owner: Any, producer: Any, finance: Any, production: Any
) -> None:
    read(line("周工", "成功", reference="BK1"), line("吴灯", "成功", reference="BK2"))
    assert unpaid_lines().count() == 0
    read(line("周工", "退汇", "收款行退回", "BK3"))
    row = BankReturnLine.objects.get(outcome="came_back")
    for _click in range(2):
        client_of(finance).post(f"/payouts/returns/lines/{row.pk}/take-back/")
    wage = WagePayment.objects.get(person__name="周工")
    assert (wage.state, wage.refusal, wage.paid_at, unpaid_lines().count()) == ("due", "收款行退回", None, 2)
    assert ledger_balance(production)["CNY"]["bank"] == -88_000
    page = client_of(finance).get(f"/wages/{wage.pk}/").content.decode()
    assert "Came back: 收款行退回" in page
    for who in (owner, producer):
        approve_wage(payment=wage, by=who)
    wage.refresh_from_db()
    gather_payouts(studio=studio, wages=[wage], template=sent.template, pay_date=DAY, by=finance)
    batch = BankBatch.objects.latest("pk")
    client_of(producer).post(f"/payouts/bank/{batch.pk}/approve/")
    client_of(producer).post(f"/payouts/bank/{batch.pk}/file/")
    read(line("周工", "成功", reference="BK4"))
    wage.refresh_from_db()
    assert (wage.state, wage.bank_reference, unpaid_lines().count()) == ("paid", "BK4", 0)
    assert ledger_balance(production)["CNY"]["bank"] == -88_000 - 336_000
    assert check_books(production) == []


def test_another_account_takes_approvals_back(
    approved: Any, people: Any, studio: Any, client_of: Any, finance: Any
) -> None:
    gather_payouts(
        studio=studio, wages=approved.values(), template=first_template(studio=studio), pay_date=DAY, by=finance
    )
    client = client_of(finance)
    url = f"/people/{people['周工'].pk}/account/"
    given = {"holder_name": "周工", "bank_name": "招商银行", "number": "6250941006528590"}
    bad = client.post(url, given)
    assert (bad.status_code, BankAccount.objects.filter(ended_at=None).count()) == (422, 2)
    assert client.post(url, {**given, "number": NUMBERS["吴灯"]}).status_code == 302
    assert states() == {"周工": ("dropped", "due"), "吴灯": ("waiting", "approved")}
    assert NUMBERS["吴灯"] not in client.get(url).content.decode()


def test_nobody_approves_the_own_wages(people: Any, studio: Any, owner: Any, client_of: Any) -> None:
    people["周工"].user = owner
    people["周工"].save()
    (row,) = make_up_wages(studio=studio, people=[people["周工"]], through=LATER, by=owner)
    page = client_of(owner).post(f"/wages/{row.pk}/approve/", follow=True).content.decode()
    assert "This payment is yours. Somebody else has to approve it." in page
    assert WagePayment.objects.get().approved_by is None


def test_the_certificate_of_the_tax_is_kept_with_the_wages(
    sent: BankBatch, read: Any, client_of: Any, finance: Any, other_owner: Any
) -> None:
    read(line("周工", "成功", reference="BK1"))
    wage = WagePayment.objects.get(person__name="周工")
    client, url = client_of(finance), f"/wages/{wage.pk}/papers/"

    def given(data: bytes = PDF) -> dict[str, Any]:
        return {
            "certificate-kind": "tax", "certificate-number": "WS 1", "certificate-file": SimpleUploadedFile("完税.pdf", data),
        }  # fmt: skip

    wrong = client.post(url, given(b"MZ no paper"))
    assert (wrong.status_code, Certificate.objects.count()) == (422, 0)
    for _click in range(2):
        assert client.post(url, given()).status_code == 302
    row = Certificate.objects.get()
    assert (row.wage_id, row.number, row.studio_id) == (wage.pk, "WS1", wage.studio_id)
    assert "WS1" in client.get(f"/wages/{wage.pk}/").content.decode()
    served = client.get(f"/payouts/certificates/{row.pk}/file/")
    assert b"".join(served.streaming_content) == PDF
    assert client_of(other_owner).get(f"/payouts/certificates/{row.pk}/file/").status_code == 404


def test_the_database_holds_whom_money_goes_to(approved: Any, people: Any, studio: Any, finance: Any) -> None:
    batch = gather_payouts(
        studio=studio, wages=approved.values(), template=first_template(studio=studio), pay_date=DAY, by=finance
    )
    account, payment, wage = BankAccount.objects.first(), payment_of("周工"), approved["周工"]
    assert account is not None
    refused: list[tuple[str, Callable[[], Any]]] = [
        ("bank_account_of_a_party_or_a_person", lambda: BankAccount.objects.update(person=None)),
        ("person_id|one_in_force_of_a_person", lambda: BankAccount.objects.update(person=people["周工"])),
        ("bank_payment_of_a_payout_or_wages", lambda: BankPayment.objects.filter(pk=payment.pk).update(wage=None)),
        (
            "wage_id|bank_payment_wage",
            lambda: BankPayment.objects.create(batch=batch, wage=wage, account=account, amount_minor=1),
        ),
        (
            "certificate_of_a_payout_or_wages",
            lambda: Certificate.objects.create(studio=studio, kind="tax", number="1", file_name="x", sha256="x"),
        ),
    ]
    for name, change in refused:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            change()
    Certificate.objects.create(studio=studio, wage=wage, kind="tax", number="1", file_name="x", sha256="x")
    with pytest.raises(IntegrityError, match=r"certificate"), transaction.atomic():
        Certificate.objects.create(studio=studio, wage=wage, kind="tax", number="1", file_name="x", sha256="x")


def test_a_batch_holds_one_studios_payments(approved: Any, other_studio: Any, other_owner: Any) -> None:
    with pytest.raises(Refused) as refused:
        gather_payouts(
            studio=other_studio, wages=approved.values(), template=first_template(studio=other_studio), pay_date=DAY,
            by=other_owner,
        )  # fmt: skip
    assert refused.value.code == "other_studio"


def test_pages_ask_as_often_with_one_payment_of_wages_as_with_two(
    approved: Any, studio: Any, client_of: Any, finance: Any
) -> None:
    template = first_template(studio=studio)
    client = client_of(finance)

    def counted(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    both = counted("/payouts/bank/new/")
    one = gather_payouts(studio=studio, wages=[approved["周工"]], template=template, pay_date=DAY, by=finance)
    assert counted("/payouts/bank/new/") == both
    single = counted(f"/payouts/bank/{one.pk}/")
    BankPayment.objects.all().delete()
    two = gather_payouts(studio=studio, wages=approved.values(), template=template, pay_date=DAY, by=finance)
    assert counted(f"/payouts/bank/{two.pk}/") == single


# --- REST ---------------------------------------------------------------------------------------------------------


def test_programs_read_batches_and_never_a_number(
    sent: BankBatch, read: Any, api_of: Any, owner: Any, other_owner: Any, studio: Any, make_member: Any
) -> None:
    read(line("周工", "成功", reference="BK1"), line("吴灯", "失败", "户名不符"))
    api, address = api_of(owner, "money.view", "event.view"), f"/api/v1/bank-batches/{sent.pk}/"
    (row,) = api.get("/api/v1/bank-batches/?state=sent").json()["results"]
    assert (row["id"], row["state"], row["sha256"]) == (sent.pk, "sent", sent.sha256)
    assert api.get("/api/v1/bank-batches/?state=draft").json()["results"] == []
    answer = api.get(address)
    body = answer.json()
    assert [
        (paid["payee"], paid["payout"], paid["account_last4"], paid["amount_minor"], paid["state"], paid["reason"])
        for paid in body["payments"]
    ] == [("周工", None, "8599", 588_000, "paid", ""), ("吴灯", None, "0016", 88_000, "refused", "户名不符")]
    assert body["payments"][0]["wage_payment"] == WagePayment.objects.get(person__name="周工").pk
    assert [number for number in NUMBERS.values() if number in answer.content.decode()] == []
    names = {event["name"] for event in api.get(f"{address}events/").json()["results"]}
    assert names == {"BankBatchGathered", "BankBatchApproved", "BankFileExported"}
    assert api_of(other_owner).get(address).status_code == 404
    assert api_of(make_member(studio, "crew")).get(address).status_code == 403
    assert api.post("/api/v1/bank-batches/", {}, format="json").status_code == 405


def test_a_list_of_batches_is_new_once_a_payment_is_taken_out(
    approved: Any, studio: Any, api_of: Any, owner: Any, finance: Any
) -> None:
    gather_payouts(
        studio=studio, wages=approved.values(), template=first_template(studio=studio), pay_date=DAY, by=finance
    )
    api = api_of(owner)
    tag = api.get("/api/v1/bank-batches/")["ETag"]
    assert api.get("/api/v1/bank-batches/", HTTP_IF_NONE_MATCH=tag).status_code == 304
    drop_payment(payment=payment_of("周工"), by=owner)
    assert api.get("/api/v1/bank-batches/", HTTP_IF_NONE_MATCH=tag).status_code == 200
