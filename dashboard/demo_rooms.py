"""The investor's room in the demo: what the contract lets the fund see, and papers laid out for it."""

from __future__ import annotations

from django.utils import timezone, translation

from finance import actions, fundings
from finance.documents import payout_pdf
from finance.documents_room import period_pdf
from finance.models import Party, Payout
from finance.queries import investment_view
from studio.access import access_of
from studio.models import Network, Production, Studio, User


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
    _fundings(studio, settled, party, by)


def _fundings(studio: Studio, settled: Production, party: Party, by: User) -> None:
    """What the network advanced: for one title, repaid by its settlement, and for the studio as a whole."""
    network = Network.objects.get(studios=studio)
    begin = (settled.shoot_from_date or timezone.localdate()).replace(day=1)
    terms = fundings.Terms(
        from_date=begin, advance_minor=20_000_000, premium_bp=1000, copyright_owner="shared", copyright_bp=3000,
        note="改编权另计",
    )  # fmt: skip
    title = fundings.record_funding(
        studio=studio,
        production=settled,
        network=network,
        party=party,
        reference=f"CX-{settled.code}",
        terms=terms,
        by=by,
    )
    fundings.draw_funding(
        funding=title, on_date=begin, amount_minor=18_000_000, reference=f"CX-{settled.code}-1", by=by
    )  # fmt: skip
    frame = fundings.record_funding(
        studio=studio, network=network, reference="CX-KUANGJIA",
        terms=fundings.Terms(from_date=begin, advance_minor=100_000_000, recoup_order=2, interest_bp=800, note="年度框架"),
        by=by,
    )  # fmt: skip
    for number, amount in enumerate((30_000_000, 12_000_000), start=1):
        fundings.draw_funding(
            funding=frame, on_date=begin, amount_minor=amount, reference=f"CX-KUANGJIA-{number}", by=by
        )  # fmt: skip
