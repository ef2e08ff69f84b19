"""Payouts to the bank and back, through the pages people use."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from finance.actions import (
    approve_batch,
    approve_payout,
    drop_payment,
    export_batch,
    first_template,
    gather_payouts,
    pay_payout,
    read_bank_return,
    reverse_settlement,
    set_account,
)
from finance.bank_accounts import account_number
from finance.models import (
    BankAccount,
    BankBatch,
    BankColumn,
    BankPayment,
    BankReturn,
    BankReturnLine,
    BankTemplate,
    Debt,
    Entry,
    Payout,
)
from finance.queries import check_books, ledger_balance
from studio.models import Event, Studio
from studio.refusals import Refused

NUMBERS = {"agent": "31050161363600000123", "director": "6250941006528599", "writer": "10206200"}
DAY = dt.date(2026, 3, 1)


@pytest.fixture
def producer(studio: Any, make_member: Any) -> Any:
    return make_member(studio, "producer")


@pytest.fixture
def finance(studio: Any, make_member: Any) -> Any:
    return make_member(studio, "finance")


@pytest.fixture
def accounts(parties: Any, finance: Any) -> dict[str, BankAccount]:
    return {
        code: set_account(
            party=parties[code], holder_name=parties[code].name, bank_name="工商银行", number=number, by=finance
        )
        for code, number in NUMBERS.items()
    }


@pytest.fixture
def payouts(settled: Any, accounts: Any) -> dict[str, Payout]:
    """Payouts of a small month by their party's code; all have an account but the investors."""
    settlement = settled("2026-01", ("1", "1000"), issue=True)
    return {row.party.code: row for row in settlement.payouts.select_related("party")}


@pytest.fixture
def approved(payouts: Any, owner: Any) -> dict[str, Payout]:
    return {code: approve_payout(payout=row, by=owner) for code, row in payouts.items()}


@pytest.fixture
def batch(approved: Any, studio: Any, finance: Any) -> BankBatch:
    return gather_payouts(
        studio=studio, payouts=[approved[code] for code in NUMBERS], template=first_template(studio=studio),
        pay_date=DAY, by=finance,
    )  # fmt: skip


@pytest.fixture
def sent(batch: BankBatch, producer: Any) -> BankBatch:
    approve_batch(batch=batch, by=producer)
    row, _data = export_batch(batch=batch, by=producer)
    return row


def line_of(batch: BankBatch, code: str) -> BankPayment:
    return BankPayment.objects.select_related("payout").get(batch=batch, payout__party__code=code)


def sheet(*rows: str) -> bytes:
    return "\n".join(["参考号,收款账号,金额,交易状态,失败原因,流水号", *rows]).encode()


def states(batch: BankBatch) -> dict[str, tuple[str, str]]:
    return {
        row.payout.party.code: (row.state, row.payout.state)
        for row in BankPayment.objects.filter(batch=batch).select_related("payout__party")
    }


# --- accounts -----------------------------------------------------------------------------------------------------


def test_a_number_is_sealed_and_shown_in_full_to_approvers_alone(
    parties: Any, client_of: Any, finance: Any, producer: Any, other_owner: Any
) -> None:
    desk, url = client_of(finance), f"/payouts/payees/{parties['director'].pk}/"
    given = {"holder_name": "王导", "number": "6250 9410 0652 8599", "bank_name": "工商银行"}
    assert desk.post(url, given).status_code == 302
    account = BankAccount.objects.get()
    assert account_number(account) == "6250941006528599"
    assert "8599" in account.masked
    assert b"6250941006528599" not in str(list(BankAccount.objects.values())).encode()
    assert "6250941006528599" not in str(list(Event.objects.values("payload")))
    assert "6250941006528599" not in desk.get(url).content.decode()
    assert "6250941006528599" in client_of(producer).get(url).content.decode()
    assert client_of(producer).post(url, given).status_code == 403
    assert client_of(other_owner).get(url).status_code == 404
    wrong = desk.post(url, {**given, "number": "6250941006528598"})
    assert wrong.status_code == 422
    assert "its check digit does not fit" in wrong.content.decode()
    assert BankAccount.objects.count() == 1
    # The same details again are no change.
    assert desk.post(url, given).status_code == 302
    assert BankAccount.objects.count() == 1


def test_another_account_takes_approvals_back_and_empties_the_batch(
    batch: BankBatch, producer: Any, finance: Any, parties: Any, client_of: Any
) -> None:
    approve_batch(batch=batch, by=producer)
    answer = client_of(finance).post(
        f"/payouts/payees/{parties['director'].pk}/",
        {"holder_name": "王导", "number": "6250946000000016", "bank_name": "建设银行"},
    )
    assert answer.status_code == 302
    batch.refresh_from_db()
    assert (batch.state, batch.approved_by) == ("draft", None)
    assert states(batch)["director"] == ("dropped", "due")
    assert states(batch)["agent"] == ("waiting", "approved")
    payout = Payout.objects.get(party=parties["director"])
    assert (payout.approved_by, payout.approved_at) == (None, None)
    assert list(
        BankAccount.objects.filter(party=parties["director"], ended_at=None).values_list("last4", flat=True)
    ) == ["0016"]
    with (
        pytest.raises(IntegrityError, match=r"bank_account_one_in_force|finance_bankaccount.party_id"),
        transaction.atomic(),
    ):
        BankAccount.objects.create(
            studio=parties["director"].studio,
            party=parties["director"],
            holder_name="x",
            bank_name="y",
            sealed_number="z",
        )


def test_a_number_sealed_under_a_lost_key_is_refused_in_a_sentence(
    accounts: Any, settings: Any, client_of: Any, producer: Any, parties: Any
) -> None:
    before = settings.SECRET_KEY
    settings.SECRET_KEY = "another"
    with pytest.raises(Refused) as refused:
        account_number(accounts["director"])
    assert refused.value.code == "cannot_unseal"
    settings.SECRET_KEY_FALLBACKS = [before]
    assert account_number(accounts["director"]) == NUMBERS["director"]


# --- approvals ----------------------------------------------------------------------------------------------------


def test_nobody_approves_what_they_are_paid(
    payouts: Any, owner: Any, producer: Any, client_of: Any, parties: Any
) -> None:
    person = parties["director"].person
    person.user = producer
    person.save()
    agent = parties["agent"]
    agent.user = producer
    agent.save()
    client = client_of(producer)
    for code in ("director", "agent"):
        client.post(f"/payouts/{payouts[code].pk}/approve/")
        assert Payout.objects.get(pk=payouts[code].pk).state == "due"
    text = client.get("/payouts/").content.decode()
    assert "Yours; somebody else approves it" in text
    assert f'value="{payouts["director"].pk}"' not in text
    assert f'value="{payouts["writer"].pk}"' in text
    client_of(owner).post(f"/payouts/{payouts['director'].pk}/approve/")
    assert Payout.objects.get(pk=payouts["director"].pk).state == "approved"


def test_many_are_approved_at_once_each_by_its_own_rule(
    payouts: Any, owner: Any, producer: Any, client_of: Any, parties: Any, studio: Any, other_owner: Any
) -> None:
    limit = payouts["investor"].gross_minor - 1
    Studio.objects.filter(pk=studio.pk).update(payout_approval_minor=limit)
    above = {code for code, row in payouts.items() if row.gross_minor > limit}
    assert above == {"investor"}
    agent = parties["agent"]
    agent.user = producer
    agent.save()
    ids = [row.pk for row in payouts.values()]
    client = client_of(producer)
    answer = client.post("/payouts/approve/", {"payouts": [*ids, "x", 10**20]}, follow=True)
    text = answer.content.decode()
    assert "1 payout needs a second person." in text
    assert "This payout is yours." in text
    found = {row.party.code: row.state for row in Payout.objects.select_related("party")}
    assert found == {
        "agent": "due",
        "angel": "approved",
        "director": "approved",
        "investor": "due",
        "writer": "approved",
    }
    client.post("/payouts/approve/", {"payouts": ids})
    assert Payout.objects.get(pk=payouts["investor"].pk).state == "due"
    client_of(other_owner).post("/payouts/approve/", {"payouts": ids})
    client_of(owner).post("/payouts/approve/", {"payouts": ids})
    assert set(Payout.objects.values_list("state", flat=True)) == {"approved"}


# --- batches ------------------------------------------------------------------------------------------------------


def test_from_approved_payouts_to_a_file_that_is_made_once(
    approved: Any, studio: Any, client_of: Any, finance: Any, producer: Any
) -> None:
    desk, desk_two = client_of(finance), client_of(producer)
    page = desk.get("/payouts/bank/new/").content.decode()
    assert "•••• 8599" in page
    template = BankTemplate.objects.get(studio=studio)
    chosen = [approved[code].pk for code in ("director", "writer")]
    lacking = desk.post(
        "/payouts/bank/new/", {"template": template.pk, "pay_date": "2026-03-01", "payouts": [approved["angel"].pk]}
    )
    assert (lacking.status_code, BankBatch.objects.count()) == (422, 0)
    assert "No bank account is known of: 天使投资." in lacking.content.decode()
    made = desk.post("/payouts/bank/new/", {"template": template.pk, "pay_date": "2026-03-01", "payouts": chosen})
    batch = BankBatch.objects.get()
    assert made["Location"] == f"/payouts/bank/{batch.pk}/"
    # A payout is in one open batch at a time, and is not paid by hand beside it.
    twice = desk.post("/payouts/bank/new/", {"template": template.pk, "pay_date": "2026-03-01", "payouts": chosen})
    assert (twice.status_code, BankBatch.objects.count()) == (422, 1)
    assert "In another batch already: 王导, 李编剧." in twice.content.decode()
    desk.post(f"/payouts/{chosen[0]}/pay/", {"bank_reference": "BY-HAND"})
    assert Payout.objects.get(pk=chosen[0]).state == "approved"

    url = f"/payouts/bank/{batch.pk}/"
    shown = desk.get(url).content.decode()
    assert NUMBERS["director"] not in shown
    assert "First payment to this account" in shown
    assert desk.post(f"{url}file/").status_code == 403
    assert desk_two.post(f"{url}file/").status_code == 302  # not approved yet
    assert desk.post(f"{url}approve/").status_code == 403
    desk_two.post(f"{url}approve/")
    first = desk_two.post(f"{url}file/")
    net = {row.party.code: row.net_minor for row in Payout.objects.filter(pk__in=chosen).select_related("party")}
    assert first.content.decode("utf-8-sig").splitlines()[1:] == [
        f"{number},{name},{NUMBERS[code]},工商银行,,,{net[code] // 100}.{net[code] % 100:02},CNY,KJ{batch.pk}P{approved[code].pk},初光 2026-01"
        for number, (code, name) in enumerate((("director", "王导"), ("writer", "李编剧")), 1)
    ]
    batch.refresh_from_db()
    assert (batch.state, batch.sha256) == ("sent", hashlib.sha256(first.content).hexdigest())
    assert set(Payout.objects.filter(pk__in=chosen).values_list("state", flat=True)) == {"sent"}
    # Asked again it is the same file, whatever was edited since.
    BankColumn.objects.all().delete()
    BankTemplate.objects.update(format="xlsx")
    again = desk_two.post(f"{url}file/")
    assert (again.content, again["Content-Disposition"]) == (first.content, first["Content-Disposition"])
    assert desk.post(f"{url}cancel/").status_code == 302
    assert BankBatch.objects.get().state == "sent"
    assert Event.objects.filter(name="BankFileExported").count() == 1


def test_a_batch_above_the_limit_is_approved_by_another_than_who_gathered_it(
    approved: Any, studio: Any, owner: Any, producer: Any
) -> None:
    Studio.objects.filter(pk=studio.pk).update(payout_approval_minor=1)
    batch = gather_payouts(
        studio=studio, payouts=[approved["agent"]], template=first_template(studio=studio), pay_date=DAY, by=owner
    )
    with pytest.raises(Refused) as refused:
        approve_batch(batch=batch, by=owner)
    assert refused.value.code == "same_person_twice"
    assert approve_batch(batch=batch, by=producer).state == "approved"


def test_who_is_paid_in_a_batch_does_not_approve_it(batch: BankBatch, producer: Any, parties: Any) -> None:
    person = parties["writer"].person
    person.user = producer
    person.save()
    with pytest.raises(Refused) as refused:
        approve_batch(batch=batch, by=producer)
    assert refused.value.code == "own_payout"
    drop_payment(payment=line_of(batch, "writer"), by=producer)
    assert approve_batch(batch=batch, by=producer).state == "approved"


def test_taking_out_and_cancelling_free_the_payouts(
    batch: BankBatch, producer: Any, client_of: Any, owner: Any
) -> None:
    approve_batch(batch=batch, by=producer)
    client = client_of(owner)
    client.post(f"/payouts/bank/payments/{line_of(batch, 'agent').pk}/drop/")
    batch.refresh_from_db()
    assert (batch.state, states(batch)["agent"]) == ("draft", ("dropped", "approved"))
    client.post(f"/payouts/bank/{batch.pk}/cancel/")
    batch.refresh_from_db()
    assert (batch.state, {state for state, _payout in states(batch).values()}) == ("cancelled", {"dropped"})
    again = gather_payouts(
        studio=batch.studio, payouts=[line_of(batch, code).payout for code in NUMBERS], template=batch.template,
        pay_date=DAY, by=owner,
    )  # fmt: skip
    assert again.payments.count() == 3


def test_a_file_that_cannot_be_written_sends_nothing(batch: BankBatch, producer: Any, client_of: Any) -> None:
    approve_batch(batch=batch, by=producer)
    BankTemplate.objects.update(format="fixed", encoding="gbk")
    BankColumn.objects.filter(field="holder").update(width=2)
    BankColumn.objects.exclude(field="holder").update(width=60)
    answer = client_of(producer).post(f"/payouts/bank/{batch.pk}/file/", follow=True)
    assert "is wider than the 2 bytes of the column 收款户名." in answer.content.decode()
    batch.refresh_from_db()
    assert (batch.state, batch.sha256, batch.sealed_file) == ("approved", "", None)
    assert states(batch) == dict.fromkeys(NUMBERS, ("waiting", "approved"))


# --- returns ------------------------------------------------------------------------------------------------------


@pytest.fixture
def read(client_of: Any, finance: Any, sent: BankBatch) -> Callable[..., Any]:
    client = client_of(finance)

    def make(data: bytes, name: str = "回单.csv") -> Any:
        return client.post(
            "/payouts/returns/new/", {"template": sent.template_id, "file": SimpleUploadedFile(name, data)}
        )

    return make


def amounts(batch: BankBatch) -> dict[str, str]:
    return {
        code: f"{line_of(batch, code).amount_minor // 100}.{line_of(batch, code).amount_minor % 100:02}"
        for code in NUMBERS
    }


def test_a_return_pays_what_agrees_and_lists_the_rest(
    read: Any, sent: BankBatch, production: Any, client_of: Any, finance: Any
) -> None:
    yuan = amounts(sent)
    reference = {code: line_of(sent, code).reference for code in NUMBERS}
    data = sheet(
        f"{reference['director']},{NUMBERS['director']},{yuan['director']},交易成功,,BK001",
        f"{reference['writer']},{NUMBERS['writer']},{yuan['writer']},失败,账号户名不符,",
        f"{reference['agent']},{NUMBERS['agent']},1.00,交易成功,,BK003",
        "别的付款,6222000011112222,88.00,交易成功,,BK004",
    )
    answer = read(data)
    row = BankReturn.objects.get()
    assert answer["Location"] == f"/payouts/returns/{row.pk}/"
    assert states(sent) == {
        "director": ("paid", "paid"), "writer": ("refused", "due"), "agent": ("sent", "sent"),
    }  # fmt: skip
    assert [line.outcome for line in row.lines.order_by("row")] == ["paid", "refused", "amount_differs", "unknown"]
    director, writer = line_of(sent, "director").payout, line_of(sent, "writer").payout
    assert (director.bank_reference, writer.refusal, writer.approved_by) == ("BK001", "账号户名不符", None)
    assert ledger_balance(production)["CNY"]["bank"] == -director.net_minor
    shown = client_of(finance).get(f"/payouts/returns/{row.pk}/").content.decode()
    assert "2 lines wait for a person." in shown
    assert f"The bank states ¥1.00, the file said ¥{yuan['agent']}." in shown
    assert "6222000011112222" not in shown
    assert "Came back: 账号户名不符" in client_of(finance).get("/payouts/").content.decode()
    # The same file again, and the same lines in another file, change nothing.
    before = (Entry.objects.count(), states(sent), Event.objects.filter(name="PayoutPaid").count())
    assert read(data)["Location"] == f"/payouts/returns/{row.pk}/"
    read(data + b"\n")
    second = BankReturn.objects.exclude(pk=row.pk).get()
    assert [line.outcome for line in second.lines.order_by("row")] == ["done", "done", "amount_differs", "unknown"]
    assert (Entry.objects.count(), states(sent), Event.objects.filter(name="PayoutPaid").count()) == before
    assert BankTemplate.objects.get().return_mapping["reference"] == "参考号"


def test_a_refused_payout_goes_into_the_next_batch_and_the_books_hold(
    read: Any, sent: BankBatch, owner: Any, producer: Any, production: Any
) -> None:
    yuan = amounts(sent)
    writer = line_of(sent, "writer")
    read(sheet(f"{writer.reference},{NUMBERS['writer']},{yuan['writer']},失败,账户已销户,"))
    payout = approve_payout(payout=writer.payout, by=owner)
    next_batch = gather_payouts(studio=sent.studio, payouts=[payout], template=sent.template, pay_date=DAY, by=owner)
    approve_batch(batch=next_batch, by=producer)
    export_batch(batch=next_batch, by=producer)
    # The old attempt's reference pays nothing: it was refused, a person looks.
    read(sheet(f"{writer.reference},{NUMBERS['writer']},{yuan['writer']},成功,,BK9"))
    assert states(next_batch) == {"writer": ("sent", "sent")}
    read(sheet(f"{line_of(next_batch, 'writer').reference},{NUMBERS['writer']},{yuan['writer']},成功,,BK10"))
    assert states(next_batch) == {"writer": ("paid", "paid")}
    assert check_books(production) == []


def test_money_that_came_back_is_due_again_and_may_be_paid_anew(
    read: Any, sent: BankBatch, client_of: Any, finance: Any, owner: Any, production: Any
) -> None:
    yuan, payment = amounts(sent), line_of(sent, "director")
    read(sheet(f"{payment.reference},{NUMBERS['director']},{yuan['director']},成功,,BK1"))
    read(sheet(f"{payment.reference},{NUMBERS['director']},{yuan['director']},退汇,收款行退回,BK2"))
    line = BankReturnLine.objects.get(outcome="came_back")
    assert line_of(sent, "director").payout.state == "paid"  # a person decides
    for _click in range(2):
        client_of(finance).post(f"/payouts/returns/lines/{line.pk}/take-back/")
    payout = line_of(sent, "director").payout
    assert (payout.state, payout.refusal, payout.paid_at) == ("due", "收款行退回", None)
    assert ledger_balance(production)["CNY"].get("bank", 0) == 0
    approve_payout(payout=payout, by=owner)
    pay_payout(payout=payout, bank_reference="BK3", by=finance)
    assert ledger_balance(production)["CNY"]["bank"] == -payout.net_minor
    assert check_books(production) == []


def test_money_that_came_back_after_a_reversal_cancels_the_payout_and_what_was_owed(
    read: Any, sent: BankBatch, client_of: Any, finance: Any, owner: Any, production: Any
) -> None:
    yuan = amounts(sent)
    read(sheet(*(f"{line_of(sent, code).reference},{NUMBERS[code]},{yuan[code]},成功,,BK{code}" for code in NUMBERS)))
    payment = line_of(sent, "director")
    reverse_settlement(settlement=payment.payout.settlement, reason="条款录错", by=owner)
    assert set(Debt.objects.values_list("party__code", flat=True)) == set(NUMBERS)
    read(sheet(f"{payment.reference},{NUMBERS['director']},{yuan['director']},退汇,收款行退回,BK2"))
    line = BankReturnLine.objects.get(outcome="came_back")
    answer = client_of(finance).post(f"/payouts/returns/lines/{line.pk}/take-back/", follow=True)
    said = "Its settlement was reversed since: the payout is cancelled, nothing is owed back."
    assert said in answer.content.decode()
    assert states(sent)["director"] == ("refused", "cancelled")
    assert dict(Debt.objects.values_list("party__code", "left_minor"))["director"] == 0
    assert Debt.objects.exclude(left_minor=0).count() == 2
    assert check_books(production) == []


def test_a_line_is_ticked_off_with_what_was_done(read: Any, client_of: Any, finance: Any, producer: Any) -> None:
    read(sheet("别的付款,,88.00,交易成功,,BK004"))
    line = BankReturnLine.objects.get()
    url = f"/payouts/returns/lines/{line.pk}/look/"
    assert client_of(producer).post(url, {"note": "x"}).status_code == 403
    client_of(finance).post(url, {"note": " "})
    line.refresh_from_db()
    assert line.looked_at is None
    client_of(finance).post(url, {"note": "房租"})
    line.refresh_from_db()
    assert (line.note, line.looked_by) == ("房租", finance)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The submitted file is empty."),
        (b"\x00\x01\x02", "The file is neither text nor an XLSX workbook."),
        ("姓名,年龄\n张三,30\n".encode(), "No row of column heads was found that names an amount and a state."),
    ],
)
def test_what_is_no_return_is_refused_in_a_sentence(read: Any, data: bytes, sentence: str) -> None:
    answer = read(data)
    assert (answer.status_code, BankReturn.objects.count()) == (422, 0)
    assert sentence in answer.content.decode()


def test_a_return_of_one_studio_touches_no_payment_of_another(
    sent: BankBatch, other_studio: Any, other_owner: Any
) -> None:
    yuan, payment = amounts(sent), line_of(sent, "director")
    row = read_bank_return(
        studio=other_studio, template=first_template(studio=other_studio), file_name="x.csv", by=other_owner,
        data=sheet(f"{payment.reference},{NUMBERS['director']},{yuan['director']},成功,,BK1"),
    )  # fmt: skip
    assert [line.outcome for line in row.lines.all()] == ["unknown"]
    assert states(sent)["director"] == ("sent", "sent")


# --- lists --------------------------------------------------------------------------------------------------------


def test_lists_cost_the_same_with_one_row_and_with_three(
    sent: BankBatch, read: Any, client_of: Any, producer: Any, studio: Any, approved: Any, finance: Any, parties: Any
) -> None:
    client = client_of(producer)
    lines = [
        f"{line_of(sent, code).reference},{NUMBERS[code]},{amount},成功,,BK{code}"
        for code, amount in amounts(sent).items()
    ]
    read(sheet(lines[0]))
    pages = [
        "/payouts/payees/", "/payouts/bank/", f"/payouts/bank/{sent.pk}/",
        f"/payouts/returns/{BankReturn.objects.get().pk}/",
    ]  # fmt: skip

    def counted() -> dict[str, int]:
        found = {}
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            found[page] = len(queries)
        return found

    hidden = BankPayment.objects.filter(batch=sent).exclude(payout__party__code="agent")
    kept = list(hidden)
    hidden.delete()
    client.get(pages[0])
    one = counted()
    BankPayment.objects.bulk_create(kept)
    set_account(party=parties["angel"], holder_name="天使", bank_name="农业银行", number="12345678", by=finance)
    angel = approve_payout(payout=approved["angel"], by=producer)
    gather_payouts(studio=studio, payouts=[angel], template=sent.template, pay_date=DAY, by=finance)
    read(sheet(*lines))
    first = BankReturn.objects.get(pk=int(pages[3].split("/")[3]))
    BankReturnLine.objects.filter(outcome="paid").update(bank_return=first, row=F("row") + 10)
    assert first.lines.count() == 3
    assert counted() == one
