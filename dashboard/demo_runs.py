"""A month of the demo settled over its titles: a draft to review, and a title without a contract."""

from __future__ import annotations

import datetime as dt

from delivery.models import Platform
from finance import actions
from finance.models import Statement
from studio.actions import ensure_episodes
from studio.models import Production, Studio, User

_TERMS = [
    {"id": "fee", "kind": "fee", "party": "platform-fee", "rate": "5%", "clause": "2.1"},
    {"id": "writer", "kind": "share", "party": "writer", "rate": "6%", "clause": "3.1"},
    {"id": "lead", "kind": "buyout", "party": "lead-f", "amount": "8400", "after_tax": True, "clause": "3.2"},
    {"id": "investor", "kind": "share", "party": "investor", "rate": "40%", "clause": "4.1"},
]


def seed(studio: Studio, users: dict[str, User]) -> None:
    """Call it when the demo has settled its first month: the run is of that month, with what came in since."""
    finance, owner = users["finance"], users["owner"]
    first = Statement.objects.filter(platform__studio=studio).order_by("pk").first()
    assert first is not None
    month = first.period
    second, _ = Platform.objects.get_or_create(studio=studio, code="hema", defaults={"name": "河马剧场"})
    sold = actions.draft_contract(
        production=first.production, platform=second, from_date=dt.date.fromisoformat(f"{month}-01"), terms=_TERMS,
        by=finance, pay_after_days=45,
    )  # fmt: skip
    actions.sign_contract(contract=sold, by=owner)
    waiting = Production.objects.get(studio=studio, code="SONGSHEN05")
    ensure_episodes(production=waiting, numbers=[1, 2])
    _state(first.production, second, month, ("38620.40", "21079.60"), finance)
    _state(waiting, first.platform, month, ("1280.00", "940.50"), finance)
    actions.start_run(studio=studio, period=month, by=finance)


def _state(title: Production, platform: Platform, month: str, amounts: tuple[str, str], by: User) -> None:
    lines = ["集数,分成金额", *(f"{number},{amount}" for number, amount in enumerate(amounts, 1))]
    statement = actions.import_statement(
        platform=platform, production=title, period=month, data="\n".join(lines).encode(),
        file_name=f"{title.code}-{platform.code}-{month}.csv", by=by,
    )  # fmt: skip
    actions.accept_statement(statement=statement, by=by)
