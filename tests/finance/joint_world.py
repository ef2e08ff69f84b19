"""Two titles of a studio under one contract with a platform: an advance and an investor's money over both."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from typing import Any

from django.db import transaction

from finance.actions import (
    accept_statement,
    draft_contract,
    hold_statement,
    issue_settlement,
    reverse_settlement,
    sign_contract,
)
from finance.models import Allocation, Settlement, Statement, StatementLine
from finance.settling import decide, read_inputs, write_draft
from studio.models import Production

SLATE = "片单"
TERMS: dict[str, Any] = {
    "titles": ["CG01", "CG02"],
    "groups": {SLATE: ["CG01", "CG02"]},
    "pool_by": ["title"],
    "terms": [
        {"id": "fee", "kind": "fee", "party": "agent", "rate": "20%"},
        {
            "id": "invest", "kind": "recoup", "premium": "20%", "titles": [SLATE],
            "parties": [{"party": "investor", "amount": "300"}, {"party": "angel", "amount": "100"}],
        },
        {"id": "rest", "kind": "split", "parties": [
            {"party": "director", "rate": "25%"}, {"party": "writer", "rate": "1/8"}, {"party": "house", "rate": "10%"},
        ]},
    ],
}  # fmt: skip
NOON = dt.datetime(2026, 6, 10, 4, 0, tzinfo=dt.UTC)
WHY = "平台更正"
_numbers = itertools.count(1)


def second_title(production: Any, code: str = "CG02", title: str = "雨夜") -> Production:
    return Production.objects.create(studio=production.studio, code=code, title=title)


def agreed(production: Any, platform: Any, owner: Any, terms: Any = None, month: int = 1) -> Any:
    row = draft_contract(
        production=production, platform=platform, from_date=dt.date(2026, month, 1), terms=terms or TERMS, by=owner
    )
    return sign_contract(contract=row, by=owner)


def ready(production: Any, platform: Any, period: str, minor: int) -> Statement:
    row = Statement.objects.create(
        production=production, platform=platform, period=period, sha256=f"{next(_numbers):064d}", state="ready",
        counted_minor=minor, file_name="x.csv",
    )  # fmt: skip
    StatementLine.objects.create(statement=row, row=2, amount_minor=minor, kind="share")
    return row


def stated(production: Any, platform: Any, period: str, minor: int, owner: Any, reason: str = "") -> Statement:
    return accept_statement(statement=ready(production, platform, period, minor), by=owner, reason=reason)


def drafted(statement: Any, owner: Any) -> Settlement:
    statement = Statement.objects.get(pk=statement.pk)
    inputs = read_inputs(statement)
    decision = decide(inputs)
    with transaction.atomic():
        return write_draft(statement=statement, inputs=inputs, decision=decision, by=owner)


def issued(statement: Any, owner: Any, at: dt.datetime | None = NOON) -> Settlement:
    return issue_settlement(settlement=drafted(statement, owner), by=owner, at=at)


def taken_back(settlement: Any, owner: Any) -> Settlement:
    return reverse_settlement(settlement=settlement, reason=WHY, by=owner, at=NOON)


def held(statement: Any, owner: Any) -> Statement:
    return hold_statement(statement=statement, reason=WHY, by=owner)


def totals(**wanted: Any) -> dict[str, int]:
    """What issued settlements gave each party in all."""
    found: dict[str, int] = defaultdict(int)
    rows = Allocation.objects.filter(settlement__state="issued", **wanted)
    for code, amount in rows.values_list("party__code", "amount_minor"):
        found[code] += amount
    return {code: total for code, total in found.items() if total}
