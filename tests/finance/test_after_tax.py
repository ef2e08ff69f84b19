"""Fees agreed after tax: the payee keeps them whole, the studio bears the tax, nobody else's share moves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from finance.actions import (
    approve_payout,
    draft_contract,
    hold_statement,
    issue_settlement,
    pay_payout,
    return_payout,
    reverse_settlement,
    run_settlement,
    sign_contract,
)
from finance.choices import Account
from finance.models import Debt, EntryLine, Payout, Settlement
from finance.queries import check_books
from finance.queries.estimates import title_estimate
from finance.queries.hot_costs import title_costs
from finance.queries.margins import title_margin
from finance.settlement.tax import reckon
from studio.refusals import Refused

JUNE = dt.datetime(2026, 6, 10, 4, 0, tzinfo=dt.UTC)
BUYOUT = {"id": "lead", "kind": "buyout", "party": "director", "amount": "8400", "after_tax": True}
REST = {"id": "rest", "kind": "split", "parties": [{"party": "investor", "rate": "50%"}]}


@pytest.fixture
def finance(studio: Any, make_member: Any) -> Any:
    return make_member(studio, "finance")


@pytest.fixture
def agreed(production: Any, platform: Any, parties: Any, owner: Any) -> Callable[..., Any]:
    def make(*terms: dict[str, Any], from_date: dt.date = dt.date(2026, 1, 1), sign: bool = True) -> Any:
        row = draft_contract(
            production=production, platform=platform, from_date=from_date, by=owner, pay_after_days=30,
            terms={"pool_by": ["title"], "terms": list(terms)},
        )  # fmt: skip
        return sign_contract(contract=row, by=owner) if sign else row

    return make


@pytest.fixture
def month(stated: Any, owner: Any, drain: Any) -> Callable[..., Any]:
    def make(period: str, amount: str, issue: bool = True) -> Any:
        statement = stated(period, ("1", amount))
        run_settlement(statement=statement, by=owner)
        drain()
        row = Settlement.objects.get(statement=statement)
        return issue_settlement(settlement=row, by=owner, at=JUNE) if issue else row

    return make


def figures(settlement: Any, code: str = "director") -> tuple[int, ...]:
    """Gross, of it borne by the studio, agreed after tax, set off, tax, net."""
    row = Payout.objects.get(settlement=settlement, party__code=code)
    return row.gross_minor, row.borne_minor, row.after_tax_minor, row.set_off_minor, row.tax_minor, row.net_minor


def posted(production: Any, account: str) -> int:
    return sum(
        EntryLine.objects.filter(entry__production=production, account=account).values_list("amount_minor", flat=True)
    )


def pay(payout: Any, owner: Any, finance: Any) -> None:
    approve_payout(payout=payout, by=finance, at=JUNE)
    payout.refresh_from_db()
    if payout.state == "due":
        approve_payout(payout=payout, by=owner, at=JUNE)
    pay_payout(payout=payout, bank_reference=f"T{payout.pk}", by=finance, at=JUNE)


def test_the_payee_keeps_it_whole_and_nobody_else_pays_the_tax(agreed: Any, month: Any, production: Any) -> None:
    agreed(BUYOUT, REST)
    row = month("2026-01", "10000")
    # docs/settlement.md: 10,000 before tax leave 8,400; the fund has half of the 1,600 that the pool has left.
    assert figures(row) == (1_000_000, 160_000, 840_000, 0, 160_000, 840_000)
    assert figures(row, "investor")[0] == 80_000
    assert (row.receipts_minor, row.shares_minor, row.retained_minor) == (1_000_000, 920_000, 80_000)
    # The margin bears the gross: 8,400 and 800 of shares, and 1,600 of tax.
    assert posted(production, Account.SHARES) == 1_080_000
    assert posted(production, Account.TAX) == -160_000
    margin = title_margin(title_estimate(title_costs(production))).margin
    assert (margin.expected, margin.shares) == (1_000_000, 1_080_000)
    assert check_books(production) == []
    steps = {step["code"]: step["amount_minor"] for step in Payout.objects.get(party__code="director").tax_steps}
    assert (steps["agreed_after_tax"], steps["borne"], steps["income"], steps["tax"]) == (
        840_000, 160_000, 1_000_000, 160_000,
    )  # fmt: skip


def test_each_instalment_is_kept_whole(agreed: Any, month: Any, production: Any) -> None:
    agreed(BUYOUT, REST)
    first, second, third = month("2026-01", "5000"), month("2026-02", "3000"), month("2026-03", "1000")
    assert [figures(row)[-1] for row in (first, second, third)] == [500_000, 300_000, 40_000]
    # 5,000: x - 0.8 x 20 % = 5,000. 3,000: x - (x - 800) x 20 % = 3,000. 400 lie under the deduction.
    assert [figures(row)[1] for row in (first, second, third)] == [95_238, 55_000, 0]
    assert check_books(production) == []


def test_what_is_agreed_before_tax_is_taxed_as_if_it_came_alone(agreed: Any, month: Any, production: Any) -> None:
    agreed({"id": "fee", "kind": "fee", "party": "director", "rate": "30%"}, BUYOUT, REST)
    row = month("2026-01", "20000")
    alone = reckon("labour_single", [600_000], dt.date(2026, 7, 10))[0].net
    gross, borne, kept, _set_off, tax, net = figures(row)
    assert (kept, net) == (840_000, alone + 840_000)
    assert gross == 600_000 + 840_000 + borne == net + tax
    assert check_books(production) == []


def test_the_year_of_a_platform_worker_counts_the_gross(agreed: Any, month: Any, parties: Any, production: Any) -> None:
    parties["director"].tax_method = "platform_cumulative"
    parties["director"].save()
    agreed({**BUYOUT, "amount": "90000"}, REST)
    rows = [month("2026-01", "60000"), month("2026-02", "50000")]
    assert [figures(row)[-1] for row in rows] == [6_000_000, 3_000_000]
    payouts = list(Payout.objects.filter(party__code="director").order_by("pk"))
    together = reckon("platform_cumulative", [sum(row.gross_minor for row in payouts)], payouts[0].due_date)[0]
    assert sum(row.tax_minor for row in payouts) == together.tax
    assert all(row.borne_minor == row.tax_minor > 0 for row in payouts)
    assert check_books(production) == []


def test_from_a_later_version_on(agreed: Any, month: Any) -> None:
    agreed({**BUYOUT, "after_tax": False}, REST)
    agreed(BUYOUT, REST, from_date=dt.date(2026, 2, 1))
    first, second = month("2026-01", "5000"), month("2026-02", "9000")
    assert figures(first) == (500_000, 0, 0, 0, 80_000, 420_000)
    # 84 % of 4,047.62 are 3,400.
    assert figures(second) == (404_762, 64_762, 340_000, 0, 64_762, 340_000)


def test_a_reversal_gives_the_tax_back_before_it_is_paid(agreed: Any, month: Any, production: Any, owner: Any) -> None:
    agreed(BUYOUT, REST)
    row = month("2026-01", "10000")
    reverse_settlement(settlement=row, reason="错了", by=owner, at=JUNE)
    assert [posted(production, account) for account in (Account.SHARES, Account.TAX, Account.PAYABLE)] == [0, 0, 0]
    assert not Debt.objects.exists()
    assert check_books(production) == []


def test_after_payment_what_was_kept_is_owed_and_set_off_before_what_is_kept_next(
    agreed: Any, month: Any, production: Any, owner: Any, finance: Any
) -> None:
    agreed({"id": "fee", "kind": "fee", "party": "director", "rate": "10%"}, BUYOUT, REST)
    row = month("2026-01", "5000")
    pay(Payout.objects.get(settlement=row, party__code="director"), owner, finance)
    reverse_settlement(settlement=row, reason="错了", by=owner, at=JUNE)
    # 500 before tax and 4,500 kept: the tax that was paid on it stays paid.
    debt = Debt.objects.get(party__code="director")
    assert debt.amount_minor == 500_000
    assert check_books(production) == []
    run_settlement(statement=row.statement, by=owner)
    from studio import jobs

    jobs.run_due()
    again = Settlement.objects.filter(statement=row.statement, state="draft").get()
    issue_settlement(settlement=again, by=owner, at=JUNE)
    assert figures(again) == (500_000, 0, 0, 500_000, 0, 0)
    after = month("2026-02", "10000")
    # 1,000 before tax and the other 3,900 kept.
    alone = reckon("labour_single", [100_000], dt.date(2026, 7, 10))[0].net
    assert figures(after)[2] == 390_000
    assert figures(after)[-1] == 390_000 + alone
    assert check_books(production) == []


def test_what_comes_back_in_part_keeps_the_rest_whole(
    agreed: Any, month: Any, production: Any, owner: Any, finance: Any
) -> None:
    agreed({"id": "fee", "kind": "fee", "party": "director", "rate": "10%"}, BUYOUT, REST)
    row = month("2026-01", "5000")
    payout = Payout.objects.get(settlement=row, party__code="director")
    pay(payout, owner, finance)
    reverse_settlement(settlement=row, reason="错了", by=owner, at=JUNE)
    hold_statement(statement=row.statement, by=owner, reason="报表有误")
    # 5,000 are owed, 200 and 1,800 of it set off: 3,000 of the payment that came back are not to be paid.
    assert figures(month("2026-01", "2000")) == (200_000, 0, 0, 200_000, 0, 0)
    return_payout(payout=payout, reason="收款行退回", by=owner, at=JUNE)
    assert figures(row) == (530_000, 30_000, 200_000, 300_000, 30_000, 200_000)
    assert check_books(production) == []


@pytest.mark.parametrize(
    ("term", "code"),
    [
        ({**BUYOUT, "party": "agent"}, "after_tax_untaxed"),
        ({**BUYOUT, "party": "house"}, "after_tax_untaxed"),
        ({**BUYOUT, "after_tax": "yes"}, "terms_faulty"),
        ({**BUYOUT, "after_tax": 1}, "terms_faulty"),
        ({"id": "s", "kind": "share", "party": "director", "rate": "5%", "after_tax": True}, "terms_faulty"),
    ],
)
def test_what_cannot_be_agreed_after_tax(agreed: Any, term: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        agreed(term, REST)
    assert refused.value.code == code


def test_the_contract_says_so(agreed: Any, client_of: Any, owner: Any) -> None:
    draft = agreed(BUYOUT, REST, sign=False)
    page = client_of(owner).get(f"/contracts/{draft.pk}/").content.decode()
    assert "Agreed after tax: 王导 keeps the whole of it" in page
    tried = client_of(owner).get(f"/contracts/{draft.pk}/try/?lines=2026-01 10000").content.decode()
    assert tried.count('data-state="after_tax"') == 1


def test_it_is_flagged_with_gross_tax_and_net_wherever_it_stands(
    agreed: Any, month: Any, client_of: Any, finance: Any, owner: Any
) -> None:
    agreed(BUYOUT, REST)
    draft = month("2026-01", "10000", issue=False)
    client = client_of(finance)
    before = client.get(f"/settlements/{draft.pk}/").content.decode()
    for part in ("¥8,400.00", "¥1,600.00", "¥10,000.00", 'data-state="after_tax"'):
        assert part in before
    assert before.count("publicly renounced") == 1
    # Beside the clause and beside the party, whose amount is not one before tax.
    assert before.count('data-state="after_tax"') == 2
    issue_settlement(settlement=draft, by=owner, at=JUNE)
    payout = Payout.objects.get(party__code="director")
    for address in (f"/settlements/{draft.pk}/", f"/payouts/{payout.pk}/papers/", "/payouts/"):
        page = client.get(address).content.decode()
        assert "¥1,600.00" in page, address
        assert ("publicly renounced" in page) or ('data-state="after_tax"' in page), address
    answer = client.get(f"/api/v1/payouts/{payout.pk}/").json()
    assert (answer["gross_minor"], answer["after_tax_minor"], answer["borne_minor"]) == (1_000_000, 840_000, 160_000)


def test_a_draft_asks_as_much_for_three_as_for_one(
    agreed: Any, month: Any, client_of: Any, finance: Any, studio: Any, make_person: Any
) -> None:
    from finance.actions import add_party

    names = ["director", "甲", "乙"]
    for name in names[1:]:
        add_party(studio=studio, code=name, name=name, kind="person", by=None, person=make_person(studio, name))
    counts = []
    for period, amount, many in (("2026-01", "1000", 1), ("2026-02", "1001", 3)):
        agreed(
            *({**BUYOUT, "id": f"{period} {name}", "party": name, "amount": "100"} for name in names[:many]), REST,
            from_date=dt.date.fromisoformat(f"{period}-01"),
        )  # fmt: skip
        row = month(period, amount, issue=False)
        client = client_of(finance)
        client.get(f"/settlements/{row.pk}/")
        with CaptureQueriesContext(connection) as asked:
            page = client.get(f"/settlements/{row.pk}/").content.decode()
        assert page.count("publicly renounced") == many
        counts.append(len(asked))
        issue_settlement(settlement=row, by=None, at=JUNE)
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"borne_minor": 160_001},
        {"borne_minor": -1},
        {"after_tax_minor": 0},
        {"after_tax_minor": -1},
        {"after_tax_minor": 840_001},
    ],
)
def test_a_payout_cannot_bear_more_than_its_tax(agreed: Any, month: Any, wrong: dict[str, int]) -> None:
    agreed(BUYOUT, REST)
    row = month("2026-01", "10000")
    with pytest.raises(IntegrityError, match="payout_bears_tax_of_what_is_kept"), transaction.atomic():
        Payout.objects.filter(settlement=row, party__code="director").update(**wrong)
