"""The investor's room in the demo: what the contract lets the fund see, and papers laid out for it."""

from __future__ import annotations

from django.utils import translation

from finance import actions
from finance.documents import payout_pdf
from finance.documents_room import period_pdf
from finance.models import Party, Payout
from finance.queries import investment_view
from studio.access import access_of
from studio.models import Production, Studio, User


def seed(studio: Studio, users: dict[str, User], settled: Production) -> None:
    """Call it when the investor's sign-in is linked; `settled` is a title whose payouts are paid."""
    by, party = users["finance"], Party.objects.select_related("user").get(studio=studio, code="investor")
    actions.set_room_right(
        production=settled, party=party, sees_progress=True, sees_cost=True, sees_budget=True, clause="投资合同 第九条",
        by=by,
    )  # fmt: skip
    payout = Payout.objects.select_related("party", "settlement__production__studio").get(
        settlement__production=settled, party=party
    )
    period = payout.settlement.period
    with translation.override("zh-hans"):
        statement = payout_pdf(payout)
        assert party.user is not None
        report = period_pdf(investment_view(access_of(party.user), party.user), period, period, reader=str(party.user))
    actions.add_room_document(
        production=settled, kind="statement", name=f"付款结算单 {period}", data=statement, file_name=f"{settled.code}-{period}.pdf",
        parties=[party], by=by,
    )  # fmt: skip
    document = actions.add_room_document(
        production=settled,
        kind="other",
        name="投资人报告",
        data=report[:-1],
        file_name=f"{settled.code}-report-draft.pdf",
        by=by,
    )
    actions.replace_room_document(document=document, data=report, file_name=f"{settled.code}-report.pdf", by=by)
