"""Promotion against receipts. Amounts are fen of the studio's currency."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

from django.db.models import QuerySet, Sum

from finance.choices import StatementState
from finance.models import PromotionSpend, Statement
from studio.models import Production


@dataclasses.dataclass(frozen=True)
class Return:
    """What was spent on one platform, or over all, and what came in from it."""

    name: str
    spent_minor: int
    receipts_minor: int

    @property
    def roi(self) -> str:
        """Receipts over spend to the second place, cut off and not rounded up: `1.18`; nothing without spend."""
        if self.spent_minor <= 0:
            return ""
        hundredths = Fraction(self.receipts_minor * 100, self.spent_minor).__floor__()
        return f"{'-' if hundredths < 0 else ''}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"


def promotion_returns(production: Production) -> tuple[Return, list[Return]]:
    """All of a title's promotion, then by platform, the largest first. Receipts in other currencies are left out. Two queries."""
    spent = {
        (pk, name): total
        for pk, name, total in PromotionSpend.objects.filter(production=production)
        .values_list("platform", "platform__name")
        .annotate(total=Sum("amount_minor"))
        .order_by()
    }
    receipts = {
        (pk, name): total
        for pk, name, total in Statement.objects.filter(
            production=production, currency=production.studio.currency,
            state__in=[StatementState.ACCEPTED, StatementState.SETTLED],
        )
        .values_list("platform", "platform__name")
        .annotate(total=Sum("counted_minor"))
        .order_by()
    }  # fmt: skip
    rows = [Return(key[1], spent.get(key, 0), receipts.get(key, 0)) for key in {*spent, *receipts}]
    rows.sort(key=lambda row: (-row.spent_minor, row.name))
    whole = Return("", sum(row.spent_minor for row in rows), sum(row.receipts_minor for row in rows))
    return whole, rows


def spend_of(production: Production, *, platform: str = "", text: str = "") -> QuerySet[PromotionSpend]:
    rows = PromotionSpend.objects.filter(production=production).select_related("platform", "entered_by")
    if platform.isdecimal() and len(platform) < 19:
        rows = rows.filter(platform=int(platform))
    if text.strip():
        rows = rows.filter(campaign__icontains=text.strip())
    return rows.order_by("-on_date", "platform__name", "campaign")
