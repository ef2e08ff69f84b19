"""A month of the demo that the platform corrected after it was settled: the difference is settled and owed back."""

from __future__ import annotations

import csv
import io
from typing import Any

from finance import actions
from finance.models import Settlement, Statement
from studio.models import Production, User
from studio.values import Money

_REFUNDED = {1: 126_000, 2: 58_040}


def seed(users: dict[str, User], production: Production, waiter: Any) -> None:
    """Call it when the title's first month is settled, and before a later one is: that one sets off what is owed."""
    finance = users["finance"]
    before = Statement.objects.filter(production=production).select_related("platform").order_by("period", "pk")[0]
    statement = actions.import_statement(
        platform=before.platform, production=production, period=before.period, data=_file(before), by=finance,
        file_name=f"{production.code}-{before.period}-更正.csv",
    )  # fmt: skip
    actions.accept_statement(statement=statement, by=finance, reason="平台更正：第1、2集有退款订单")
    actions.run_settlement(statement=statement, by=finance)
    waiter.settle(production.studio_id)
    actions.issue_settlement(settlement=Settlement.objects.get(statement=statement), by=finance)


def _file(before: Statement) -> bytes:
    """The platform's file once more: what viewers were refunded for its first episodes is taken off."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["集数", "分成金额"])
    total = 0
    for number, fen in before.lines.order_by("row").values_list("episode_number", "amount_minor"):
        fen -= _REFUNDED.get(number, 0)
        total += fen
        writer.writerow([number, Money(fen).plain()])
    writer.writerow(["合计", Money(total).plain()])
    return out.getvalue().encode()
