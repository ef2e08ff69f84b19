"""Settlements and payouts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance import actions
from finance.choices import PAYOUTS_OVER, AllocationSource, PartyKind, PayoutState, SettlementKind, SettlementState
from finance.documents import kind_label, payout_pdf, settlement_number, settlement_pdf, show
from finance.exports import FORMATS, MOST_ROWS, export_payouts
from finance.freezing import lift_freeze as lift_title
from finance.models import Allocation, Freeze, Payout, Settlement
from finance.payouts import is_own, needs_two
from finance.queries import payouts_for
from finance.queries.after_tax import agreed_after_tax, kept_of_draft, kept_of_payouts
from finance.queries.chains import IN_FORCE
from finance.queries.freezes import freezes_over
from finance.queries.trace import (
    Pool,
    chain_with,
    debts_with_set_offs,
    first_pool,
    pool_allocations,
    pool_lines,
    pools_met,
    receipts_by_kind,
    taken_by,
)
from finance.sentences import settlement_sentence, tax_sentence
from finance.views import complain
from studio.doors import page, scoped
from studio.refusals import Refused

PAYOUTS_PER_PAGE = 60
MOST_APPROVED = 500
LINES_SHOWN = 500


def _settlement(request: HttpRequest, pk: int, verb: str = "money.view") -> Settlement:
    rows = Settlement.objects.select_related(
        "production__studio", "statement__platform", "statement__production", "contract", "issued_by"
    )
    return scoped(request, rows, verb, pk=pk)


@page("money.view")
def settlement(request: HttpRequest, pk: int) -> HttpResponse:
    """Receipts, clause by clause with its sentence, party by party with its tax, and what it stands among."""
    row = _settlement(request, pk)
    access = request.access  # type: ignore[attr-defined]
    allocations = list(row.allocations.select_related("party").order_by("pk"))
    left = row.receipts_minor
    totals: dict[int, dict[str, Any]] = {}
    agreed = agreed_after_tax(row.contract)
    for allocation in allocations:
        allocation.after_tax = agreed.holds(allocation.term, allocation.period)  # type: ignore[attr-defined]
        if allocation.source == AllocationSource.POOL:
            left -= allocation.amount_minor
        allocation.left_minor = left  # type: ignore[attr-defined]
        _word(allocation)
        total = totals.setdefault(
            allocation.party_id,
            {
                "party": allocation.party, "minor": 0, "own": allocation.party.kind == PartyKind.STUDIO, "lines": [],
                "kept": 0,
            },
        )  # fmt: skip
        total["minor"] += allocation.amount_minor
        total["kept"] += allocation.amount_minor if allocation.after_tax else 0  # type: ignore[attr-defined]
        total["lines"].append(allocation)
    payouts = list(
        row.payouts.select_related("party__person", "approved_by", "second_approved_by")
        .prefetch_related("set_offs__debt__settlement")
        .order_by("pk")
    )
    for payout in payouts:
        payout.settlement = row
        payout.lines = totals.get(payout.party_id, {}).get("lines", [])  # type: ignore[attr-defined]
        _explain(payout, request)
    chain = chain_with(row, access)
    standing = [other for other in chain if stands(other)]
    may_edit = access.may_on("money.edit", row.production)
    return render(
        request,
        "finance/settlement.html",
        {
            "production": row.production, "settlement": row, "number": settlement_number(row),
            "receipts": [
                {"period": period, "title": title, "kind": kind_label(kind), "minor": minor}
                for period, title, kind, minor in receipts_by_kind(row)
            ],
            "taken": taken_by(row), "pools": pools_met(row, allocations), "allocations": allocations, "totals": totals.values(), "payouts": payouts,
            "after_tax": kept_of_payouts(payouts) if row.state == SettlementState.ISSUED else kept_of_draft(
                row, [(total["party"], total["minor"], total["kept"]) for total in totals.values()]
            ),
            "freezes": list(freezes_over(row)), "debts": debts_with_set_offs(row), "chain": chain, "tab": "production_money",
            "issued": row.state == SettlementState.ISSUED, "may_edit": may_edit,
            "reversed_by": next((other for other in chain if other.reverses_id == row.pk), None),
            "can_reverse": may_edit and bool(standing) and standing[-1].pk == row.pk,
            "may_approve": access.may_on("money.approve", row.production),
        },
    )  # fmt: skip


def stands(row: Settlement) -> bool:
    """Issued, and neither a reversal nor reversed."""
    return (
        row.state == SettlementState.ISSUED and row.kind != SettlementKind.REVERSAL and not hasattr(row, "reversed_by")
    )


def _word(allocation: Allocation) -> None:
    allocation.sentence = settlement_sentence(allocation.explanation)  # type: ignore[attr-defined]
    allocation.kind_label = kind_label(allocation.kind)  # type: ignore[attr-defined]
    allocation.pool_query = urlencode(  # type: ignore[attr-defined]
        {"title": allocation.title, "kind": allocation.kind, "month": allocation.period}
    )


@page("money.view")
def settlement_pool(request: HttpRequest, pk: int) -> HttpResponse:
    """One pool in one month: the statement lines that flow in, and where the terms send them, over all settlements."""
    row = _settlement(request, pk)
    asked = request.GET
    pool = Pool(asked.get("title", "")[:200], asked.get("kind", "")[:60], asked.get("month", row.period)[:7])
    if not {"title", "kind", "month"} & set(asked):
        pool = first_pool(row)
    lines = pool_lines(row, pool, request.access)  # type: ignore[attr-defined]
    shown = list(lines[:LINES_SHOWN])
    for line in shown:
        line.kind_label = kind_label(line.kind)  # type: ignore[attr-defined]
    allocations = list(pool_allocations(row, pool, request.access))  # type: ignore[attr-defined]
    for allocation in allocations:
        _word(allocation)
    in_force = lines.filter(statement__state__in=IN_FORCE).order_by().aggregate(total=Sum("amount_minor"))["total"]
    return render(
        request,
        "finance/settlement_pool.html",
        {
            "production": row.production, "settlement": row, "number": settlement_number(row), "pool": pool,
            "lines": shown, "more": max(0, lines.count() - LINES_SHOWN), "received": in_force or 0,
            "allocations": allocations, "kind_label": kind_label(pool.kind) if pool.kind else "",
            "given": sum(item.amount_minor for item in allocations if item.source == AllocationSource.POOL),
            "tab": "production_money",
        },
    )  # fmt: skip


def _explain(payout: Payout, request: HttpRequest) -> None:
    payout.steps = [  # type: ignore[attr-defined]
        {"text": tax_sentence(step), "minor": step["amount_minor"] if show(step) else None}
        for step in payout.tax_steps
        if step["code"] != "tax"
    ]
    payout.two = needs_two(payout)  # type: ignore[attr-defined]
    payout.mine = payout.approved_by_id == request.user.pk  # type: ignore[attr-defined]
    payout.own = is_own(payout, request.user)  # type: ignore[attr-defined,arg-type]


@page("money.view", write="money.edit", methods=("POST",))
def issue_settlement(request: HttpRequest, pk: int) -> HttpResponse:
    row = _settlement(request, pk, "money.edit")
    try:
        actions.issue_settlement(settlement=row, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The settlement is issued. Its payouts wait to be approved."))
    except Refused as refused:
        complain(request, refused)
    return redirect("settlement", pk=pk)


@page("money.view", write="money.edit", methods=("POST",))
def reverse_settlement(request: HttpRequest, pk: int) -> HttpResponse:
    row = _settlement(request, pk, "money.edit")
    try:
        reversal = actions.reverse_settlement(
            settlement=row,
            reason=request.POST.get("reason", ""),
            by=request.user,  # type: ignore[arg-type]
        )
        messages.success(request, _("The settlement is reversed. Its statements can be settled anew."))
        return redirect("settlement", pk=reversal.pk)
    except Refused as refused:
        complain(request, refused)
    return redirect("settlement", pk=pk)


@page("money.view", write="money.approve", methods=("POST",))
def lift_freeze(request: HttpRequest, pk: int) -> HttpResponse:
    freeze = scoped(request, Freeze.objects.select_related("production__studio", "platform"), "money.approve", pk=pk)
    try:
        lift_title(freeze=freeze, reason=request.POST.get("reason", ""), by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The payouts of this title fall due again."))
    except Refused as refused:
        complain(request, refused)
    settlement = (
        Settlement.objects.filter(production=freeze.production, contract__platform=freeze.platform)
        .order_by("-pk")
        .first()
    )
    if settlement is None:
        return redirect("production_money", pk=freeze.production_id)
    return redirect("settlement", pk=settlement.pk)


def _pdf(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


@page("money.view")
def settlement_paper(request: HttpRequest, pk: int) -> HttpResponse:
    row = _settlement(request, pk)
    return _pdf(settlement_pdf(row), f"settlement-{row.pk}")


@page("money.view")
def payout_paper(request: HttpRequest, pk: int) -> HttpResponse:
    row = scoped(request, _payout_rows(), "money.view", pk=pk)
    return _pdf(payout_pdf(row), f"payout-{row.pk}")


# --- payouts ------------------------------------------------------------------------------------------------------


def _payout_rows() -> Any:
    return Payout.objects.select_related("party__person", "settlement__production__studio", "settlement__statement")


@page("money.view")
def payouts(request: HttpRequest) -> HttpResponse:
    """What is due to whom, over all titles: approve one or many, note as paid."""
    access = request.access  # type: ignore[attr-defined]
    state = request.GET.get("state", "open")
    query = request.GET.get("q", "").strip()[:80]
    rows = payouts_for(access, state=state, text=query)
    if request.studio is not None:  # type: ignore[attr-defined]
        rows = rows.filter(settlement__production__studio=request.studio)  # type: ignore[attr-defined]
    kind = request.GET.get("format", "")
    if kind in FORMATS:
        return export_payouts(rows[:MOST_ROWS], kind)
    number = request.GET.get("page", "1")
    at = int(number) if number.isdecimal() and len(number) < 6 and int(number) > 0 else 1
    found = list(rows[(at - 1) * PAYOUTS_PER_PAGE : at * PAYOUTS_PER_PAGE + 1])
    parameters = request.GET.copy()
    parameters.pop("page", None)
    first = f"?{parameters.urlencode()}" if at > 1 else ""
    parameters["page"] = str(at + 1)
    shown = found[:PAYOUTS_PER_PAGE]
    for row in shown:
        row.two = needs_two(row)  # type: ignore[attr-defined]
        row.mine = row.approved_by_id == request.user.pk  # type: ignore[attr-defined]
        row.own = is_own(row, request.user)  # type: ignore[attr-defined,arg-type]
    waiting = [
        (item["settlement__currency"], item["total"])
        for item in rows.exclude(state__in=PAYOUTS_OVER)
        .order_by()
        .values("settlement__currency")
        .annotate(total=Sum("net_minor"))
        .order_by("settlement__currency")
    ]
    return render(
        request,
        "finance/payouts.html",
        {
            "rows": shown, "state": state, "query": query, "waiting": waiting, "states": PayoutState.choices,
            "next_url": f"?{parameters.urlencode()}" if len(found) > PAYOUTS_PER_PAGE else "", "first_url": first,
            "today": timezone.localdate(), "may_edit": access.may("money.edit"),
            "may_approve": access.may("money.approve"), "query_string": _without_format(request),
        },
    )  # fmt: skip


def _without_format(request: HttpRequest) -> str:
    parameters = request.GET.copy()
    for name in ("format", "page"):
        parameters.pop(name, None)
    return parameters.urlencode()


def _back(request: HttpRequest, payout: Payout) -> HttpResponse:
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return redirect(target)
    return redirect("settlement", pk=payout.settlement_id)


@page("money.view", write="money.approve", methods=("POST",))
def approve_payout(request: HttpRequest, pk: int) -> HttpResponse:
    row = scoped(request, _payout_rows(), "money.approve", pk=pk)
    try:
        approved = actions.approve_payout(payout=row, by=request.user)  # type: ignore[arg-type]
        if approved.state == PayoutState.DUE:
            messages.info(request, _("Approved. A second person approves it too, then it can be paid."))
        else:
            messages.success(request, _("Approved. It can be paid."))
    except Refused as refused:
        complain(request, refused)
    return _back(request, row)


@page("money.view", write="money.approve", methods=("POST",))
def approve_payouts(request: HttpRequest) -> HttpResponse:
    """Approve many at once, each by its own rule; what was refused is said one by one."""
    ids = [pk for pk in request.POST.getlist("payouts")[:MOST_APPROVED] if pk.isdecimal() and len(pk) < 19]
    rows = request.access.scope(_payout_rows(), "money.approve").filter(pk__in=ids).order_by("pk")  # type: ignore[attr-defined]
    done = actions.approve_payouts(payouts=list(rows), by=request.user)  # type: ignore[arg-type]
    if done.complete:
        messages.success(
            request,
            ngettext(
                "%(count)s payout is approved.", "%(count)s payouts are approved.", done.complete
            ) % {"count": done.complete},
        )  # fmt: skip
    if done.need_second:
        messages.info(
            request,
            ngettext(
                "%(count)s payout needs a second person.", "%(count)s payouts need a second person.", done.need_second
            ) % {"count": done.need_second},
        )  # fmt: skip
    for payout, why in done.refused[:20]:
        messages.error(request, f"{payout.party.name}, {payout.settlement}: {why}")
    if not (done.complete or done.need_second or done.refused):
        messages.info(request, _("Choose at least one payout."))
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return redirect(target)
    return redirect("payouts")


@page("money.view", write="money.edit", methods=("POST",))
def pay_payout(request: HttpRequest, pk: int) -> HttpResponse:
    row = scoped(request, _payout_rows(), "money.edit", pk=pk)
    try:
        actions.pay_payout(
            payout=row,
            bank_reference=request.POST.get("bank_reference", ""),
            by=request.user,  # type: ignore[arg-type]
        )
        messages.success(request, _("Noted as paid."))
    except Refused as refused:
        complain(request, refused)
    return _back(request, row)
