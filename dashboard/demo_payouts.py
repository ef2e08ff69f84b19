"""The demo's payouts: accounts of payees, a month on its way through the bank, papers and what they lack."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.utils import timezone

from finance import actions
from finance.choices import PartyKind, PayoutState, SettlementState
from finance.models import BankPayment, Party, Payout, Settlement, Statement
from studio.models import Production, Studio, User
from studio.uploads import Paper
from studio.values import parse_month

# A card number that the card industry publishes for tests; the others belong to nobody either.
_NUMBERS = ("6250941006528599", "31050161363600000123", "44050158020000000456", "6250946000000016")
_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj trailer<</Root 1 0 R>>\n%%EOF\n"
)


def seed(studio: Studio, users: dict[str, Any], production: Production, waiter: Any) -> None:
    """Accounts of all payees, papers of some; another month of a title, approved, at the bank and half answered."""
    finance, producer, owner = users["finance"], users["producer"], users["owner"]
    _another_month(production, finance, waiter)
    _accounts(studio, finance)
    _papers(studio, finance)
    due = Payout.objects.filter(
        settlement__production__studio=studio, settlement__state=SettlementState.ISSUED, state=PayoutState.DUE,
        net_minor__gt=0, settlement__currency=studio.currency, party__accounts__ended_at=None,
        party__accounts__isnull=False,
    ).order_by("pk")[:4]  # fmt: skip
    approved = [
        row for row in (_approve(payout, producer, owner) for payout in due) if row.state == PayoutState.APPROVED
    ]
    if len(approved) < 2:
        return
    batch = actions.gather_payouts(
        studio=studio, payouts=approved, template=actions.first_template(studio=studio), by=finance,
        pay_date=timezone.localdate(timezone=studio.zone),
    )  # fmt: skip
    actions.approve_batch(batch=batch, by=producer)
    actions.export_batch(batch=batch, by=producer)
    first, second = BankPayment.objects.filter(batch=batch).order_by("pk")[:2]
    lines = [
        "参考号,金额,交易状态,失败原因,流水号",
        f"{first.reference},{first.amount_minor // 100}.{first.amount_minor % 100:02},交易成功,,DEMO0001",
        f"{second.reference},{second.amount_minor // 100}.{second.amount_minor % 100:02},失败,收款户名与账号不符,",
        "房租 12 月,8800.00,交易成功,,DEMO0003",
    ]
    actions.read_bank_return(
        studio=studio, template=batch.template, data="\n".join(lines).encode(), file_name="回单.csv", by=finance
    )


def _another_month(production: Production, by: User, waiter: Any) -> None:
    """The month after the title's last one, settled and issued."""
    last = Statement.objects.filter(production=production).select_related("platform").order_by("-period", "pk")[0]
    period = f"{parse_month(last.period) + dt.timedelta(days=32):%Y-%m}"
    statement = actions.import_statement(
        platform=last.platform, production=production, period=period, by=by, file_name=f"{period}.csv",
        data="集数,分成金额\n1,52000.00\n2,31400.00\n".encode(),
    )  # fmt: skip
    actions.accept_statement(statement=statement, by=by)
    actions.run_settlement(statement=statement, by=by)
    waiter.settle(production.studio_id)
    settlement = Settlement.objects.get(statement=statement)
    actions.issue_settlement(settlement=settlement, by=by)


def _approve(payout: Payout, first: User, second: User) -> Payout:
    row = actions.approve_payout(payout=payout, by=first)
    return row if row.state == PayoutState.APPROVED else actions.approve_payout(payout=row, by=second)


def _accounts(studio: Studio, by: User) -> None:
    parties = Party.objects.filter(studio=studio, payouts__isnull=False).exclude(kind=PartyKind.STUDIO).distinct()
    for place, party in enumerate(parties.order_by("pk")):
        person = party.kind == PartyKind.PERSON
        number = _NUMBERS[(0, 3)[place % 2]] if person else _NUMBERS[1 + place % 2]
        actions.set_account(
            party=party, holder_name=party.name, bank_name="工商银行" if place % 2 else "招商银行", number=number,
            branch="金华横店支行", by=by,
        )  # fmt: skip


def _papers(studio: Studio, by: User) -> None:
    """The first payees have their papers, so that the list shows rows with gaps beside rows without."""
    paper = Paper(_PDF, ".pdf", hashlib.sha256(_PDF).hexdigest(), "凭证.pdf")
    rows = Payout.objects.filter(settlement__production__studio=studio, state=PayoutState.PAID).select_related(
        "party__person", "settlement__production"
    )
    for number, payout in enumerate(rows.order_by("pk")[:2], 1):
        actions.take_invoice(
            payout=payout, number=f"24{payout.pk:06d}", on_date=dt.date(2026, 1, 31), amount_minor=payout.gross_minor,
            paper=paper, by=by, vat_payer="company_small_scale" if payout.party.kind == PartyKind.COMPANY else "",
        )  # fmt: skip
        actions.keep_certificate(payout=payout, kind="receipt", number=f"HD{number:04d}", paper=paper, by=by)
        if payout.tax_minor and number == 1:
            actions.keep_certificate(payout=payout, kind="tax", number=f"WS{number:04d}", paper=paper, by=by)
