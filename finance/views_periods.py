"""Pages of a studio's months and of its exchange rates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from finance.closing import close_period, reopen_period
from finance.exports import FORMATS, WRITERS
from finance.models import ClosedPeriod, ExchangeRate
from finance.queries.periods import Month, months
from finance.rates import note_rate
from finance.statements import plain_rate
from finance.views import complain, put_on
from studio.doors import page, scoped, studio_for
from studio.refusals import Refused
from studio.values import CURRENCIES

RATES_PER_PAGE = 60
MOST_EXPORTED = 5_000


@page("money.view")
def months_page(request: HttpRequest) -> HttpResponseBase:
    """A studio's months: closed or open, and what each still needs."""
    studio = studio_for(request, "money.view")
    rows = months(studio)
    if request.GET.get("format") in FORMATS:
        return _export_months(rows, request.GET["format"])
    state = request.GET.get("state", "")
    if state == "closed":
        rows = [row for row in rows if row.closed]
    elif state == "open":
        rows = [row for row in rows if not row.closed]
    access = request.access  # type: ignore[attr-defined]
    return render(
        request,
        "finance/months.html",
        {
            "rows": rows, "state": state, "running": rows[0].period if rows and not state else "",
            "may_edit": access.may_in_studio("money.edit", studio.pk),
            "may_reopen": access.may_in_studio("money.approve", studio.pk),
        },
    )  # fmt: skip


def _export_months(rows: list[Month], kind: str) -> HttpResponseBase:
    heads = [
        _("Month"), _("State"), _("Closed by"), pgettext("month", "Closed on"), _("Reason"), _("Statements"), _("Still open"),
        _("Not stated"),
    ]  # fmt: skip
    return WRITERS[kind](
        "months",
        heads,
        (
            (
                row.period, pgettext("month", "Closed") if row.closed else pgettext("month", "Open"),
                str(row.closed.closed_by or "") if row.closed else "",
                row.closed.closed_at.date() if row.closed else None, row.closed.reason if row.closed else "",
                row.statements, row.work.words,
                "; ".join(f"{gap.production.title} · {gap.platform_name}" for gap in row.gaps),
            )
            for row in rows
        ),
    )  # fmt: skip


@page("money.edit", write="money.edit", methods=("POST",))
def close_month(request: HttpRequest) -> HttpResponseBase:
    studio = studio_for(request, "money.edit")
    period = request.POST.get("period", "")
    try:
        close_period(studio=studio, period=period, reason=request.POST.get("reason", ""), by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The month is closed. What comes late is dated on the first open day."))
    except Refused as refused:
        complain(request, refused)
    return redirect("months")


@page("money.approve", write="money.approve", methods=("POST",))
def reopen_month(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = scoped(request, ClosedPeriod.objects.select_related("studio"), "money.approve", pk=pk)
    try:
        reopen_period(closed=row, reason=request.POST.get("reason", ""), by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The month is open again; who opened it and why is kept."))
    except Refused as refused:
        complain(request, refused)
    return redirect("months")


class RateForm(forms.Form):
    base = forms.ChoiceField(
        label=pgettext_lazy("exchange rate", "One unit of"), choices=[(code, code) for code in CURRENCIES]
    )
    rate = forms.CharField(
        label=pgettext_lazy("exchange rate", "is worth"),
        max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    quote = forms.ChoiceField(label=pgettext_lazy("exchange rate", "In"), choices=[(code, code) for code in CURRENCIES])
    on_date = forms.DateField(
        label=pgettext_lazy("exchange rate", "On"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=200, help_text=gettext_lazy("Who published it, and which rate it is.")
    )


@page("money.view", write="money.edit", methods=("GET", "POST"))
def exchange_rates(request: HttpRequest) -> HttpResponseBase:
    """Dated exchange rates of a studio, newest first, and a form for another."""
    posted = request.method == "POST"
    studio = studio_for(request, "money.edit" if posted else "money.view")
    form = RateForm(request.POST if posted else None, initial={"base": "USD", "quote": studio.currency})
    if posted and form.is_valid():
        try:
            note_rate(studio=studio, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("The rate is noted. Statements that waited for it are looked at again."))
            return redirect("exchange_rates")
        except Refused as refused:
            put_on(form, refused)
    rows = ExchangeRate.objects.filter(studio=studio).select_related("made_by").order_by("-on_date", "-pk")
    base = request.GET.get("base", "")
    if base in CURRENCIES:
        rows = rows.filter(base=base)
    if request.GET.get("format") in FORMATS:
        return _export_rates(rows[:MOST_EXPORTED], request.GET["format"])
    number = request.GET.get("page", "1")
    at = int(number) if number.isdecimal() and 0 < int(number[:6] or 0) < 100_000 else 1
    found = list(rows[(at - 1) * RATES_PER_PAGE : at * RATES_PER_PAGE + 1])
    for row in found:
        row.plain = plain_rate(row.ratio)  # type: ignore[attr-defined]
    return render(
        request,
        "finance/exchange_rates.html",
        {
            "rows": found[:RATES_PER_PAGE], "form": form, "base": base, "currencies": list(CURRENCIES),
            "may_edit": request.access.may_in_studio("money.edit", studio.pk),  # type: ignore[attr-defined]
            "next_url": f"?base={base}&page={at + 1}" if len(found) > RATES_PER_PAGE else "",
            "first_url": f"?base={base}" if at > 1 else "",
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _export_rates(rows: Any, kind: str) -> HttpResponseBase:
    heads = [_("Date"), _("From"), _("To"), _("Exchange rate"), _("Source"), _("Noted by")]
    return WRITERS[kind](
        "exchange-rates",
        heads,
        (
            (row.on_date, row.base, row.quote, plain_rate(row.ratio), row.source, str(row.made_by or ""))
            for row in rows
        ),
    )  # fmt: skip
