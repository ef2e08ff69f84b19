"""Papers of the finance room: a settlement and a payee's statement, from rows that no longer change."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from finance.choices import AllocationSource, PartyKind, PayoutState, SettlementKind, SettlementState
from finance.models import Payout, Settlement
from finance.queries.trace import receipts_by_kind, taken_by
from finance.sentences import settlement_sentence, tax_sentence
from studio.documents import render_pdf
from studio.values import Money


def _language() -> str:
    return "zh" if (get_language() or "").startswith("zh") else "en"


def settlement_number(settlement: Settlement) -> str:
    return f"S{settlement.pk}"


def settlement_data(settlement: Settlement) -> dict[str, Any]:
    """What `settlement.typ` draws: receipts by kind, the clauses in their order, what each party gets."""
    unit = settlement.currency

    def money(minor: int) -> Money:
        return Money(minor, unit)

    production, statement = settlement.production, settlement.statement
    allocations = list(settlement.allocations.select_related("party").order_by("pk"))
    left = settlement.receipts_minor
    terms = []
    for order, row in enumerate(allocations, 1):
        if row.source == AllocationSource.POOL:
            left -= row.amount_minor
        terms.append(
            {
                "order": order, "clause": row.clause or row.term, "party": row.party.name,
                "rule": settlement_sentence(row.explanation), "amount": money(row.amount_minor),
                "remaining": money(left),
            }
        )  # fmt: skip
    totals: dict[str, int] = defaultdict(int)
    for row in allocations:
        if row.party.kind != PartyKind.STUDIO:
            totals[row.party.name] += row.amount_minor
    set_off: dict[str, int] = defaultdict(int)
    for name, minor in settlement.payouts.values_list("party__name", "set_off_minor"):
        set_off[name] += minor
    zone = production.studio.zone
    return {
        "lang": _language(),
        "studio": production.studio.name,
        "title": production.title,
        "number": settlement_number(settlement),
        "period": settlement.period,
        "platform": statement.platform.name,
        "contract": _("version %(version)s") % {"version": settlement.contract.version},
        "issued_at": timezone.localtime(settlement.issued_at, zone) if settlement.issued_at else "",
        "status": "issued" if settlement.state == SettlementState.ISSUED else "draft",
        "receipts": [
            {
                "source": f"{statement.platform.name} · {title} · {kind_label(kind)}",
                "period": period,
                "net": money(total),
            }
            for period, title, kind, total in receipts_by_kind(settlement)
        ],
        "receipts_total": money(settlement.receipts_minor),
        "terms": terms,
        "parties": [
            {
                "name": name,
                "share": money(total),
                "set_off": money(-set_off[name]),
                "payable": money(max(total - set_off[name], 0)),
            }
            for name, total in totals.items()
        ],
        "totals": {
            "receipts": money(settlement.receipts_minor),
            "shares": money(settlement.shares_minor),
            "retained": money(settlement.retained_minor),
        },
        "notes": _notes(settlement),
    }


def _notes(settlement: Settlement) -> list[str]:
    """What kind of settlement it is, why, and what was said of its statements."""
    notes = []
    if settlement.kind == SettlementKind.DIFFERENCE:
        notes.append(_("A difference: what changes against all that was issued before it."))
    if settlement.reverses_id is not None:
        notes.append(
            _("It takes S%(number)s back: %(reason)s") % {"number": settlement.reverses_id, "reason": settlement.reason}
        )
    return notes + [
        f"{taken.statement.period} {taken.statement.file_name}: {taken.statement.reason}"
        for taken in taken_by(settlement)
        if taken.sign > 0 and taken.statement.reason
    ]


def kind_label(kind: str) -> str:
    """A kind of revenue as the platform wrote it; a statement without kinds has one."""
    return _("Share of revenue") if kind == "share" else kind


def payout_data(payout: Payout) -> dict[str, Any]:
    """What `payout_statement.typ` draws: the clauses that gave the sum, and the tax step by step."""
    settlement = payout.settlement
    unit = settlement.currency
    production = settlement.production
    zone = production.studio.zone
    return {
        "lang": _language(),
        "studio": production.studio.name,
        "number": f"P{payout.pk}",
        "issued_at": timezone.localtime(settlement.issued_at, zone) if settlement.issued_at else "",
        "period": settlement.period,
        "status": "paid" if payout.state == PayoutState.PAID else "issued",
        "notes": [_("This payout was cancelled.")] if payout.state == PayoutState.CANCELLED else [],
        "payee": {"name": payout.party.name, "kind": payout.party.get_kind_display()},
        "lines": [
            {
                "title": production.title, "clause": row.clause or row.term,
                "basis": settlement_sentence(row.explanation), "amount": Money(row.amount_minor, unit),
            }
            for row in settlement.allocations.filter(party=payout.party).order_by("pk")
        ]
        + (
            [
                {
                    "title": production.title, "clause": _("After tax"), "amount": Money(payout.borne_minor, unit),
                    "basis": _("tax on %(kept)s agreed after tax, borne by the studio")
                    % {"kept": Money(payout.after_tax_minor, unit)},
                }
            ]
            if payout.after_tax_minor
            else []
        )
        + [
            {
                "title": production.title, "clause": _("Set off"), "amount": Money(-row.amount_minor, unit),
                "basis": _("owed from settlement S%(number)s of %(period)s")
                % {"number": row.debt.settlement_id, "period": row.debt.settlement.period},
            }
            for row in payout.set_offs.select_related("debt__settlement").order_by("pk")
        ],
        "gross": Money(payout.gross_minor - payout.set_off_minor, unit),
        "tax_steps": [
            {"label": tax_sentence(step), "amount": Money(step["amount_minor"], unit) if show(step) else ""}
            for step in payout.tax_steps
            if step["code"] != "tax"
        ],
        "tax": Money(-payout.tax_minor, unit),
        "net": Money(payout.net_minor, unit),
        "due_date": payout.due_date,
    }  # fmt: skip


def show(step: dict[str, Any]) -> bool:
    """Whether a tax step has an amount of its own; the source of a table has none."""
    return step.get("amount_minor") is not None and step["code"] != "none"


def settlement_pdf(settlement: Settlement) -> bytes:
    return render_pdf("settlement.typ", settlement_data(settlement))


def payout_pdf(payout: Payout) -> bytes:
    return render_pdf("payout_statement.typ", payout_data(payout))
