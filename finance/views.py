"""Money pages: all titles, one title, its budget and its ledger."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from finance import actions
from finance.agreements import covering
from finance.charts import waterfall
from finance.choices import COST_ACCOUNTS, PAYOUTS_OVER, Account, PartyKind, SettlementState
from finance.explaining import explain
from finance.exports import FORMATS, MOST_ROWS, WRITERS, export_ledger
from finance.forms import CostForm
from finance.models import Allocation, Contract, Entry, Payout, Settlement, Statement
from finance.queries import budget_in_force, check_books, cost_report, glances, ledger_lines, money_at_a_glance
from finance.queries.periods import gaps
from finance.queries.promotion import promotion_returns
from finance.queries.wages import title_overdue
from finance.queries.watching import alarm_lines, open_alarms
from finance.sources import LABELS, source_of
from studio.choices import Stage
from studio.doors import page, scoped
from studio.models import Production
from studio.refusals import Refused
from studio.values import Money

PER_PAGE = 40
PAYOUTS_SHOWN = 12
LINES_PER_PAGE = 100


def title_of(request: HttpRequest, pk: int, verb: str = "money.view") -> Production:
    return scoped(request, Production.objects.select_related("studio"), verb, pk=pk)


def complain(request: HttpRequest, refused: Refused) -> None:
    messages.error(request, refused.message)


def put_on(form: Any, refused: Refused) -> None:
    """Show a refusal at the field it is about, else above the form."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)


@page("money.view")
def money(request: HttpRequest) -> HttpResponse:
    """All titles: budget, cost, receipts, margin; what is held and what is due."""
    access = request.access  # type: ignore[attr-defined]
    rows: QuerySet[Production] = access.scope(Production.objects.select_related("studio"), "money.view").order_by("-pk")
    if request.studio is not None:  # type: ignore[attr-defined]
        rows = rows.filter(studio=request.studio)  # type: ignore[attr-defined]
    query = request.GET.get("q", "").strip()[:80]
    if query:
        rows = rows.filter(Q(title__icontains=query) | Q(code__icontains=query))
    stage = request.GET.get("stage", "")
    if stage in Stage.values:
        rows = rows.filter(stage=stage)
    if request.GET.get("format") in FORMATS:
        return _export_titles(list(rows[:2000]), request.GET["format"])
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PER_PAGE + 1])
    parameters = request.GET.copy()
    parameters.pop("before", None)
    following = ""
    if len(found) > PER_PAGE:
        parameters["before"] = str(found[PER_PAGE - 1].pk)
        following = f"?{parameters.urlencode()}"
    shown = glances(found[:PER_PAGE])
    missing = Counter(gap.production.pk for gap in gaps(found[:PER_PAGE]))
    for row in shown:
        row.production.months_missing = missing[row.production.pk]  # type: ignore[attr-defined]
    return render(
        request,
        "finance/money.html",
        {
            "rows": shown, "query": query, "stage": stage, "stages": Stage.choices, "next_url": following,
            "held": sum(row.held for row in shown), "due": sum(row.payouts_due for row in shown),
        },
    )  # fmt: skip


def _export_titles(titles: list[Production], kind: str) -> HttpResponse:
    heads = [
        _("Title"), _("Code"), _("Stage"), _("Budget"), _("Cost"), _("Receipts"), _("Shares"), _("Retained"),
        _("Margin so far"), _("Currency"),
    ]  # fmt: skip
    rows = []
    for glance in glances(titles):
        unit = glance.production.studio.currency
        amounts = (
            glance.budget_minor, glance.cost_minor, glance.receipts_minor, glance.shares_minor, glance.retained_minor,
            glance.margin_minor,
        )  # fmt: skip
        title = glance.production
        rows.append(
            (title.title, title.code, title.get_stage_display(), *(Money(value, unit) for value in amounts), unit)
        )
    return WRITERS[kind]("money", heads, rows)


@page("money.view")
def production_money(request: HttpRequest, pk: int) -> HttpResponse:
    """One title's money: costs against budget, contracts, statements, settlements, payouts."""
    production = title_of(request, pk)
    access = request.access  # type: ignore[attr-defined]
    settlements = list(
        access.scope(Settlement.objects.filter(production=production), "money.view")
        .select_related("statement__platform")
        .order_by("-period", "-pk")
    )
    issued = [row for row in settlements if row.state == SettlementState.ISSUED]
    chart = _chart(production, issued)
    return render(
        request,
        "finance/production.html",
        {
            "production": production,
            "glance": money_at_a_glance(production),
            "report": cost_report(production),
            "promotion": promotion_returns(production)[0],
            "budget": budget_in_force(production),
            "discrepancies": check_books(production),
            "contracts": access.scope(Contract.objects.filter(covering(production)), "money.view")
            .select_related("platform", "production")
            .prefetch_related("further__production")
            .order_by("-from_date"),
            "statements": Statement.objects.filter(production=production)
            .select_related("platform")
            .order_by("-period", "-pk"),
            "settlements": settlements,
            "payouts": access.scope(Payout.objects.filter(settlement__production=production), "money.view")
            .select_related("party", "settlement")
            .annotate(is_paid=Q(state__in=PAYOUTS_OVER))
            .order_by("is_paid", "due_date", "pk")[:PAYOUTS_SHOWN],
            "chart": chart,
            "gaps": gaps([production]),
            "may_edit": access.may_on("money.edit", production),
            "today": timezone.localdate(),
            "alarms": alarm_lines(open_alarms().filter(production=production)),
            "overdue": title_overdue(production, timezone.localdate(timezone=production.studio.zone)),
        },
    )


def _chart(production: Production, issued: list[Settlement]) -> dict[str, Any] | None:
    """Receipts, shares and what stays, over all issued settlements in the studio's currency."""
    unit = production.studio.currency
    rows = [row for row in issued if row.currency == unit]
    if not rows:
        return None
    shares = (
        Allocation.objects.filter(settlement__in=rows)
        .exclude(party__kind=PartyKind.STUDIO)
        .values_list("party__name")
        .annotate(total=Sum("amount_minor"))
        .order_by("-total")
    )
    return waterfall(
        sum(row.receipts_minor for row in rows),
        [(name, total, "") for name, total in shares if total],
        sum(row.retained_minor for row in rows),
        unit,
    )


# --- ledger -------------------------------------------------------------------------------------------------------


@page("money.view")
def ledger(request: HttpRequest, pk: int) -> HttpResponse:
    """A title's ledger, filtered by account and source; every line opens what it comes from."""
    production = title_of(request, pk)
    account, source = request.GET.get("account", ""), request.GET.get("source", "")
    query = request.GET.get("q", "").strip()[:80]
    source = source if source in LABELS else ""
    rows = ledger_lines(production, account=account, source=source, text=query)
    if request.GET.get("format") in FORMATS:
        return export_ledger(production, rows[:MOST_ROWS], request.GET["format"])
    sums = {
        row["currency"]: row["total"]
        for row in rows.order_by().values("currency").annotate(total=Sum("amount_minor")).order_by("currency")
    }
    number = request.GET.get("page", "1")
    at = int(number) if number.isdecimal() and 0 < int(number[:6] or 0) < 100_000 else 1
    found = list(rows[(at - 1) * LINES_PER_PAGE : at * LINES_PER_PAGE + 1])
    for line in found:
        line.entry.production = production
        line.origin = source_of(line, request.access)  # type: ignore[attr-defined]
        line.why = explain(line.entry, line.currency)  # type: ignore[attr-defined]
        line.is_reversed = hasattr(line.entry, "reversed_by")  # type: ignore[attr-defined]
        line.account_label = Account(line.account).label  # type: ignore[attr-defined]
    parameters = request.GET.copy()
    parameters.pop("page", None)
    first = f"?{parameters.urlencode()}" if at > 1 else ""
    parameters["page"] = str(at + 1)
    return render(
        request,
        "finance/ledger.html",
        {
            "production": production, "lines": found[:LINES_PER_PAGE], "sums": sums.items(), "query": query,
            "account": account, "source": source, "accounts": Account.choices, "sources": LABELS.items(),
            "next_url": f"?{parameters.urlencode()}" if len(found) > LINES_PER_PAGE else "", "first_url": first,
            "may_edit": request.access.may_on("money.edit", production),  # type: ignore[attr-defined]
            "cost_accounts": [str(value) for value in COST_ACCOUNTS], "tab": "production_money",
        },
    )  # fmt: skip


@page("money.edit", write="money.edit", methods=("GET", "POST"))
def new_cost(request: HttpRequest, pk: int) -> HttpResponse:
    """Post a cost by hand: an invoice, a receipt."""
    production = title_of(request, pk, "money.edit")
    form = CostForm(request.POST or None, production=production)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        source = f"hand:{data.pop('reference').strip()}"
        known = Entry.objects.filter(production=production, source=source).exists()
        try:
            actions.post_cost(production=production, source=source, by=request.user, **data)  # type: ignore[arg-type]
            if known:
                messages.warning(request, _("That number is in the ledger already; nothing was posted again."))
            else:
                messages.success(request, _("The cost is posted."))
            return redirect("ledger", pk=pk)
        except Refused as refused:
            put_on(form, refused)
    return render(
        request,
        "finance/new_cost.html",
        {"production": production, "form": form, "tab": "production_money"},
        status=422 if form.errors else 200,
    )


@page("money.edit", write="money.edit", methods=("POST",))
def reverse_entry(request: HttpRequest, pk: int) -> HttpResponse:
    entry = scoped(request, Entry.objects.select_related("production__studio"), "money.edit", pk=pk)
    try:
        actions.reverse_entry(
            entry=entry,
            on_date=timezone.localdate(timezone=entry.production.studio.zone),
            by=request.user,  # type: ignore[arg-type]
        )
        messages.success(request, _("The entry is reversed by another one."))
    except Refused as refused:
        complain(request, refused)
    return redirect(reverse("ledger", args=[entry.production_id]))
