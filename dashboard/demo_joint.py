"""A slate deal of the demo: a platform's advance and a fund's money over two titles, one of them settled."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from delivery.models import Platform
from finance import actions
from finance.models import Settlement, Statement
from finance.settling import decide, read_inputs, write_draft
from studio.models import Production, Studio, User
from studio.values import month_of

_POOL = "双剧片单"


def seed(studio: Studio, users: dict[str, User]) -> None:
    """Call it when both titles are there and have episodes."""
    finance, owner = users["finance"], users["owner"]
    titles = list(Production.objects.filter(studio=studio, code__in=["GUANG01", "SONGSHEN05"]).order_by("code"))
    last = timezone.localtime(timezone=studio.zone).date().replace(day=1) - dt.timedelta(days=1)
    month = month_of(last)
    platform, _new = Platform.objects.get_or_create(studio=studio, code="tengxun", defaults={"name": "腾讯视频"})
    for code, name, kind in (("tengxun", "腾讯视频", "company"), ("slate-fund", "青山片单基金", "company")):
        actions.add_party(studio=studio, code=code, name=name, kind=kind, by=finance)
    contract = actions.draft_contract(
        production=titles[0], platform=platform, from_date=last.replace(day=1), terms=_terms(titles, month), by=finance
    )
    actions.sign_contract(contract=contract, by=owner)
    first, second = (
        _state(title, platform, month, amounts, finance)
        for title, amounts in zip(titles, (("46200.00", "31800.00"), ("58410.00", "27590.00")), strict=True)
    )
    actions.issue_settlement(settlement=_drafted(first, finance), by=owner)
    _drafted(second, finance)


def _terms(titles: list[Production], month: str) -> dict[str, Any]:
    return {
        "id": "PD-2026-02",
        "titles": [title.code for title in titles],
        "groups": {_POOL: [title.code for title in titles]},
        "pool_by": ["title"],
        "terms": [
            {"id": "advance", "kind": "guarantee", "meaning": "advance", "party": "writer", "payer": "tengxun",
             "amount": "12000", "on": month, "rate": "10%", "titles": [_POOL], "clause": "2.1"},
            {"id": "slate", "kind": "recoup", "party": "slate-fund", "amount": "80000", "premium": "15%",
             "titles": [_POOL], "clause": "3.1"},
            {"id": "rest", "kind": "split", "parties": [{"party": "slate-fund", "rate": "30%"}, {"party": "writer", "rate": "5%"}],
             "clause": "4.1"},
        ],
    }  # fmt: skip


def _state(title: Production, platform: Platform, month: str, amounts: tuple[str, str], by: User) -> Statement:
    lines = ["集数,分成金额", *(f"{number},{amount}" for number, amount in enumerate(amounts, 1))]
    statement = actions.import_statement(
        platform=platform, production=title, period=month, data="\n".join(lines).encode(),
        file_name=f"{title.code}-{platform.code}-{month}.csv", by=by,
    )  # fmt: skip
    return actions.accept_statement(statement=statement, by=by)


def _drafted(statement: Statement, by: User) -> Settlement:
    inputs = read_inputs(statement)
    with transaction.atomic():
        return write_draft(statement=statement, inputs=inputs, decision=decide(inputs), by=by)
