"""A title with a platform, parties and a signed contract; statements as bytes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

TERMS = {
    "terms": [
        {"id": "fee", "kind": "fee", "party": "agent", "rate": "20%"},
        {
            "id": "invest", "kind": "recoup", "premium": "20%",
            "parties": [{"party": "investor", "amount": "300"}, {"party": "angel", "amount": "100"}],
        },
        {"id": "rest", "kind": "split", "parties": [
            {"party": "director", "rate": "25%"}, {"party": "writer", "rate": "1/8"}, {"party": "house", "rate": "10%"},
        ]},
    ],
    "pool_by": ["title"],
}  # fmt: skip


@pytest.fixture
def platform(studio: Any) -> Any:
    from delivery.models import Platform

    return Platform.objects.create(studio=studio, code="hongguo", name="红果")


@pytest.fixture
def parties(studio: Any, make_person: Any) -> dict[str, Any]:
    from finance.actions import add_party

    rows = [
        ("agent", "经纪公司", "company", None), ("investor", "投资方", "company", None),
        ("angel", "天使投资", "company", None), ("director", "王导", "person", "labour_single"),
        ("writer", "李编剧", "person", "author"), ("house", "青禾影视", "studio", None),
    ]  # fmt: skip
    return {
        code: add_party(
            studio=studio, code=code, name=name, kind=kind, by=None, tax_method=method,
            person=make_person(studio, name) if kind == "person" else None,
        )
        for code, name, kind, method in rows
    }  # fmt: skip


@pytest.fixture
def contract(production: Any, platform: Any, parties: Any, owner: Any) -> Any:
    from finance.actions import draft_contract, sign_contract

    row = draft_contract(
        production=production, platform=platform, from_date=dt.date(2026, 1, 1), terms=TERMS, by=owner,
        pay_after_days=30,
    )  # fmt: skip
    return sign_contract(contract=row, by=owner)


def sheet(*rows: tuple[str, str], total: str | None = None, head: str = "集数,分成金额") -> bytes:
    """A statement: (episode, amount) rows and what it says they make."""
    lines = [head, *(f"{episode},{amount}" for episode, amount in rows)]
    if total is not None:
        lines.append(f"合计,{total}")
    return "\n".join(lines).encode()


@pytest.fixture
def stated(production: Any, platform: Any, owner: Any) -> Callable[..., Any]:
    """stated("2026-01", ("1", "600"), ("2", "400")) -> an accepted statement."""
    from finance.actions import accept_statement, import_statement
    from studio.actions import ensure_episodes

    ensure_episodes(production=production, numbers=[1, 2, 3])

    def make(period: str, *rows: tuple[str, str], accept: bool = True, **kwargs: Any) -> Any:
        row = import_statement(
            platform=platform, production=production, period=period, data=sheet(*rows, **kwargs),
            file_name=f"{period}.csv", by=owner,
        )  # fmt: skip
        return accept_statement(statement=row, by=owner) if accept else row

    return make


@pytest.fixture
def settled(contract: Any, stated: Any, owner: Any, drain: Any) -> Callable[..., Any]:
    """settled("2026-01", ("1", "1000")) -> a settlement, as a draft unless `issue`."""
    from finance.actions import issue_settlement, run_settlement
    from finance.models import Settlement

    def make(period: str, *rows: tuple[str, str], issue: bool = False, at: dt.datetime | None = None) -> Any:
        statement = stated(period, *rows)
        run_settlement(statement=statement, by=owner)
        drain()
        settlement = Settlement.objects.get(statement=statement)
        return issue_settlement(settlement=settlement, by=owner, at=at) if issue else settlement

    return make


@pytest.fixture
def shoot(production: Any, owner: Any) -> Any:
    """A shoot of two days; see `shoot_world`."""
    from tests.finance import shoot_world

    return shoot_world.build(production, owner)
