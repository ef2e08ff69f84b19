"""Doors of the cost-composition report: the page where leads are named, the PDF, the XLSX."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from compliance.costs import name_leads
from finance.composition import Composition, composition_of, composition_paper
from finance.exports import as_xlsx
from finance.views import complain, title_of
from studio.documents import render_pdf
from studio.doors import page
from studio.refusals import Refused
from studio.values import Money


@page("money.view", write="money.edit", methods=("GET", "POST"))
def composition(request: HttpRequest, pk: int) -> HttpResponse:
    """The report; `?format=xlsx` is the same as a file. A POST says who the leads are."""
    production = title_of(request, pk, "money.edit" if request.method == "POST" else "money.view")
    if request.method == "POST":
        written = request.POST.getlist("leads")
        try:
            name_leads(
                production=production, by=request.user,  # type: ignore[arg-type]
                people=[int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0 for text in written],
            )  # fmt: skip
            messages.success(request, _("The leads are kept."))
        except Refused as refused:
            complain(request, refused)
        return redirect("cost_composition", pk=pk)
    report = composition_of(production)
    if request.GET.get("format") == "xlsx":
        return _xlsx(report)
    return render(
        request, "finance/composition.html",
        {
            "production": production, "tab": "production_money", "report": report,
            "may_edit": request.access.may_on("money.edit", production),  # type: ignore[attr-defined]
        },
    )  # fmt: skip


@page("money.view")
def composition_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    production = title_of(request, pk)
    data = render_pdf("cost_composition.typ", composition_paper(composition_of(production)))
    response = HttpResponse(data, content_type="application/pdf")
    name = quote(f"{production.title} {_('Cost composition')}.pdf")
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{name}"
    return response


def _xlsx(report: Composition) -> HttpResponse:
    unit = report.production.studio.currency
    heads = [_("Item"), _("Amount"), _("Share"), _("Cap"), _("Verdict"), _("Source")]
    rows = [
        *((row.label, Money(row.amount_minor, unit), row.share) for row in report.lines),
        (_("Whole cost"), Money(report.total_minor, unit)),
        *(
            (row.label, Money(row.part.part, unit), row.share, row.cap, row.verdict, row.note)
            for row in report.measures
        ),
        *(
            (f"{row.person.name}{' · ' + _('Lead') if row.is_lead else ''}", Money(row.amount_minor, unit), row.share)
            for row in report.performers
        ),
    ]  # fmt: skip
    return as_xlsx(f"cost-composition-{report.production.pk}", heads, rows)
