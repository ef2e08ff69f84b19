"""The paper of an investor: what came in, what the own share was and what was paid in some months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from finance.choices import PAYOUTS_OVER
from finance.queries import Investment
from studio.documents import render_pdf
from studio.values import Money


def period_data(rows: Iterable[Investment], first: str, last: str, *, reader: str) -> dict[str, Any]:
    """What `investor_report.typ` draws, of the months from first to last, both included."""

    def held(period: str) -> bool:
        return first <= period <= last

    titles: list[dict[str, Any]] = []
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in rows:
        statements = [each for each in row.statements if held(each.period)]
        lines = [each for each in row.lines if held(each.period)]
        payments = [each for each in row.payments if held(each.period)]
        for line in lines:
            sums[line.currency][0] += line.amount_minor
        for payment in payments:
            if payment.paid_date or payment.state not in PAYOUTS_OVER:
                sums[payment.currency][1 if payment.paid_date else 2] += payment.net_minor
        titles.append(
            {
                "title": row.title, "code": row.code, "studio": row.studio_name, "stage": row.stage_label,
                "progress": _progress(row),
                "live": row.live_date or "", "planned": row.planned_date or "",
                "cost": Money(row.cost_minor, row.currency) if row.cost_minor is not None else "",
                "budget": Money(row.budget_minor, row.currency) if row.budget_minor is not None else "",
                "statements": [
                    {"period": each.period, "platform": each.platform, "amount": Money(each.amount_minor, each.currency)}
                    for each in reversed(statements)
                ],
                "lines": [
                    {
                        "period": each.period, "clause": each.clause, "why": each.why,
                        "amount": Money(each.amount_minor, each.currency),
                    }
                    for each in reversed(lines)
                ],
                "payments": [
                    {
                        "period": each.period, "gross": Money(each.gross_minor, each.currency),
                        "set_off": Money(-each.set_off_minor, each.currency),
                        "tax": Money(-each.tax_minor, each.currency), "net": Money(each.net_minor, each.currency),
                        "due": each.due_date, "state": each.state_label, "paid": each.paid_date or "",
                    }
                    for each in reversed(payments)
                ],
                "recoupments": [
                    {
                        "clause": each.clause, "invested": Money(each.invested_minor, each.currency),
                        "premium": Money(each.premium_minor, each.currency),
                        "recouped": Money(each.recouped_minor, each.currency),
                        "left": Money(each.left_minor, each.currency),
                    }
                    for each in row.recoupments
                ],
            }
        )  # fmt: skip
    return {
        "lang": "zh" if (get_language() or "").startswith("zh") else "en",
        "reader": reader, "first": first, "last": last, "printed": timezone.localdate(), "titles": titles,
        "sums": [
            {"share": Money(share, unit), "paid": Money(paid, unit), "waiting": Money(waiting, unit)}
            for unit, (share, paid, waiting) in sorted(sums.items())
        ],
    }  # fmt: skip


def _progress(row: Investment) -> str:
    if row.progress is None:
        return ""
    return _("%(days)s of %(all_days)s days, %(scenes)s of %(all_scenes)s scenes") % {
        "days": row.progress.days_shot, "all_days": row.progress.days,
        "scenes": row.progress.scenes_shot, "all_scenes": row.progress.scenes,
    }  # fmt: skip


def period_pdf(rows: Iterable[Investment], first: str, last: str, *, reader: str) -> bytes:
    return render_pdf("investor_report.typ", period_data(rows, first, last, reader=reader))
