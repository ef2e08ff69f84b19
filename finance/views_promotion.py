"""The page of a title's promotion: what it cost by platform, campaign and day, against what came in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from delivery.models import Platform
from finance.exports import FORMATS, WRITERS
from finance.forms_costs import SpendFileForm, SpendForm
from finance.promotion import MOST_BYTES, SpendRow, Stated, read_spend, state_spend
from finance.queries.promotion import promotion_returns, spend_of
from finance.views import put_on, title_of
from studio.doors import page
from studio.models import Production
from studio.refusals import Refused
from studio.uploads import read_upload
from studio.values import Money

PER_PAGE = 100


@page("money.view")
def promotion(request: HttpRequest, pk: int) -> HttpResponse:
    """Spend and return by platform, then each day; CSV and XLSX."""
    production = title_of(request, pk)
    return _show(request, production, SpendForm(production=production), SpendFileForm(production=production))


def _show(
    request: HttpRequest, production: Production, form: SpendForm, file_form: SpendFileForm, status: int = 200
) -> HttpResponse:
    platform, query = request.GET.get("platform", ""), request.GET.get("q", "").strip()[:80]
    found = spend_of(production, platform=platform, text=query)
    unit = production.studio.currency
    if request.GET.get("format") in FORMATS:
        heads = [_("Date"), _("Platform"), _("Campaign"), _("Amount"), _("Currency")]
        table = (
            (row.on_date, row.platform.name, row.campaign, Money(row.amount_minor, unit), unit) for row in found[:20_000]
        )  # fmt: skip
        return WRITERS[request.GET["format"]](f"promotion-{production.pk}", heads, table)
    number = request.GET.get("page", "1")
    at = int(number) if number.isdecimal() and 0 < int(number[:6] or 0) < 100_000 else 1
    rows = list(found[(at - 1) * PER_PAGE : at * PER_PAGE + 1])
    whole, platforms = promotion_returns(production)
    parameters = request.GET.copy()
    parameters["page"] = str(at + 1)
    return render(
        request, "finance/promotion.html",
        {
            "production": production, "tab": "production_money", "rows": rows[:PER_PAGE], "whole": whole,
            "returns": platforms, "platforms": Platform.objects.filter(studio=production.studio_id),
            "platform": platform, "query": query, "form": form, "file_form": file_form,
            "next_url": f"?{parameters.urlencode()}" if len(rows) > PER_PAGE else "",
            "may_edit": request.access.may_on("money.edit", production),  # type: ignore[attr-defined]
        },
        status=status,
    )  # fmt: skip


def _told(request: HttpRequest, stated: Stated) -> None:
    messages.success(
        request,
        _("%(new)s days are new, %(changed)s were corrected, %(same)s were known.")
        % {"new": stated.new, "changed": stated.changed, "same": stated.same},
    )


@page("money.edit", write="money.edit", methods=("POST",))
def enter_spend(request: HttpRequest, pk: int) -> HttpResponse:
    """One day of one campaign, typed."""
    production = title_of(request, pk, "money.edit")
    form = SpendForm(request.POST, production=production)
    if form.is_valid():
        data = form.cleaned_data
        try:
            row = SpendRow(data["on_date"], data["campaign"], data["amount_minor"])
            _told(request, state_spend(production=production, platform=data["platform"], rows=[row], by=request.user))  # type: ignore[arg-type]
            return redirect("promotion", pk=pk)
        except Refused as refused:
            put_on(form, refused)
    return _show(request, production, form, SpendFileForm(production=production), 422)


@page("money.edit", write="money.edit", methods=("POST",))
def import_spend(request: HttpRequest, pk: int) -> HttpResponse:
    """A platform's CSV; read whole or not at all."""
    production = title_of(request, pk, "money.edit")
    form = SpendFileForm(request.POST, request.FILES, production=production)
    if form.is_valid():
        try:
            rows = read_spend(read_upload(form.cleaned_data["file"], most=MOST_BYTES), production.studio.currency)
            _told(
                request,
                state_spend(production=production, platform=form.cleaned_data["platform"], rows=rows, by=request.user),  # type: ignore[arg-type]
            )
            return redirect("promotion", pk=pk)
        except Refused as refused:
            put_on(form, refused)
    return _show(request, production, SpendForm(production=production), form, 422)
