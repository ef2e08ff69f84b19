"""Papers of payments: four flows and their gaps, invoices and certificates of a payout, withheld tax."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from finance import actions
from finance.choices import CertificateKind, PartyKind
from finance.exports import FORMATS, WRITERS
from finance.forms import YuanField
from finance.models import Certificate, EntryLine, Invoice, Payout
from finance.queries.flows import FlowRow, payout_flows
from finance.queries.order_flows import flows_of
from finance.queries.withheld import withheld_months
from finance.sentences import tax_sentence
from finance.settlement.tax import TaxError, gross_up
from finance.views import complain, put_on, title_of
from studio.doors import page, scoped, studio_for
from studio.models import Engagement, Person, Production
from studio.refusals import Refused
from studio.uploads import read_paper, serve_paper
from studio.values import Money

PER_PAGE = 100
VAT_PAYERS = [
    ("", gettext_lazy("No VAT shown")), ("company_small_scale", gettext_lazy("Small-scale taxpayer")),
    ("company_general", gettext_lazy("General taxpayer")),
]  # fmt: skip


# --- four flows ---------------------------------------------------------------------------------------------------


@page("money.view")
def flows(request: HttpRequest) -> HttpResponseBase:
    """Every payment of the studio with its contract, work, invoice and payment."""
    studio = studio_for(request, "money.view")
    today = timezone.localdate(timezone=studio.zone)
    rows = flows_of(request.access, studio.pk, today=today)  # type: ignore[attr-defined]
    return _flows(request, rows, None)


@page("money.view")
def production_flows(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The same for one title."""
    production = title_of(request, pk)
    today = timezone.localdate(timezone=production.studio.zone)
    rows = flows_of(request.access, production.studio_id, today=today, production=production)  # type: ignore[attr-defined]
    return _flows(request, rows, production)


def _flows(request: HttpRequest, rows: list[FlowRow], production: Production | None) -> HttpResponseBase:
    query, show = request.GET.get("q", "").strip()[:80], request.GET.get("show", "")
    with_gaps = sum(bool(row.gaps) for row in rows)
    total = len(rows)
    if query:
        rows = [row for row in rows if query.lower() in f"{row.payee} {row.production.title}".lower()]
    if show == "gaps":
        rows = [row for row in rows if row.gaps]
    elif show == "closed":
        rows = [row for row in rows if all(flow.state == "ok" for flow in row.flows)]
    if request.GET.get("format") in FORMATS:
        return _export_flows(rows, request.GET["format"])
    number = request.GET.get("page", "1")
    at = int(number) if number.isdecimal() and len(number) < 6 and int(number) > 0 else 1
    parameters = request.GET.copy()
    parameters.pop("page", None)
    query_string = parameters.urlencode()
    parameters["page"] = str(at + 1)
    return render(
        request,
        "finance/flows.html",
        {
            "rows": rows[(at - 1) * PER_PAGE : at * PER_PAGE], "query": query, "show": show, "total": total,
            "with_gaps": with_gaps, "production": production, "tab": "production_money",
            "query_string": query_string, "first_url": f"?{query_string}" if at > 1 else "",
            "next_url": f"?{parameters.urlencode()}" if len(rows) > at * PER_PAGE else "",
        },
    )  # fmt: skip


def _export_flows(rows: list[FlowRow], kind: str) -> HttpResponse:
    heads = [
        _("Payee"), _("Production"), _("What for"), _("Amount"), _("Currency"), _("Contract"), _("Work done"), _("Invoice"),
        _("Payment"), _("Gaps"),
    ]  # fmt: skip
    return WRITERS[kind](
        "four-flows", heads,
        (
            (
                row.payee, row.production.title, row.label, Money(row.amount_minor, row.currency), row.currency,
                *(flow.text for flow in row.flows), len(row.gaps),
            )
            for row in rows
        ),
    )  # fmt: skip


# --- papers of one payment ----------------------------------------------------------------------------------------


class InvoiceForm(forms.Form):
    number = forms.CharField(label=gettext_lazy("Number"), max_length=60)
    on_date = forms.DateField(
        label=gettext_lazy("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    amount_minor = YuanField(label=gettext_lazy("Amount with tax"))
    vat_payer = forms.ChoiceField(label=gettext_lazy("VAT"), choices=VAT_PAYERS, required=False)
    file = forms.FileField(label=gettext_lazy("File (PDF or photo)"))

    def __init__(self, data: Any = None, files: Any = None, *, amount: int, currency: str, company: bool) -> None:
        super().__init__(data, files, prefix="invoice", initial={"amount_minor": amount})
        self.fields["amount_minor"].currency = currency  # type: ignore[attr-defined]
        if not company:
            del self.fields["vat_payer"]


class CertificateForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=CertificateKind.choices)
    number = forms.CharField(label=gettext_lazy("Number"), max_length=60)
    file = forms.FileField(label=gettext_lazy("File (PDF or photo)"))


def _payout_rows() -> Any:
    return Payout.objects.select_related("party__person", "settlement__production__studio", "settlement__contract")


def _after_tax(payout: Payout) -> dict[str, Any] | None:
    """What would have to be agreed for the payee to keep the full amount after tax; shown, never paid by itself."""
    if not payout.tax_minor or payout.party.tax_method != "labour_single":
        return None
    try:
        result = gross_up(payout.gross_minor, payout.due_date)
    except TaxError:
        return None
    return {"gross": result.gross, "tax": result.gross - payout.gross_minor}


@page("money.view", write="money.edit", methods=("GET", "POST"))
def payout_papers(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A payout with its four flows, its invoices and certificates; a POST adds one."""
    verb = "money.view" if request.method in {"GET", "HEAD"} else "money.edit"
    row = scoped(request, _payout_rows(), verb, pk=pk)
    studio = row.settlement.production.studio
    adds_invoice = request.method == "POST" and request.POST.get("add") == "invoice"
    adds_certificate = request.method == "POST" and not adds_invoice
    invoice = InvoiceForm(
        request.POST if adds_invoice else None, request.FILES if adds_invoice else None, amount=row.gross_minor,
        currency=row.settlement.currency, company=row.party.kind != PartyKind.PERSON,
    )  # fmt: skip
    certificate = CertificateForm(
        request.POST if adds_certificate else None, request.FILES if adds_certificate else None, prefix="certificate"
    )
    form = invoice if adds_invoice else certificate
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            paper = read_paper(given.pop("file"))
            if adds_invoice:
                actions.take_invoice(payout=row, paper=paper, by=request.user, **given)  # type: ignore[arg-type]
            else:
                actions.keep_certificate(payout=row, paper=paper, by=request.user, **given)  # type: ignore[arg-type]
            messages.success(request, _("The paper is kept."))
            return redirect("payout_papers", pk=pk)
        except Refused as refused:
            put_on(form, refused)
    found = payout_flows(Payout.objects.filter(pk=row.pk), timezone.localdate(timezone=studio.zone))
    return render(
        request,
        "finance/payout_papers.html",
        {
            "payout": row, "flow_row": found[0] if found else None, "invoices": row.invoices.select_related("entered_by").order_by("pk"),
            "certificates": row.certificates.select_related("entered_by").order_by("pk"),
            "invoice_form": invoice, "certificate_form": certificate, "after_tax": _after_tax(row),
            "steps": [tax_sentence(step) for step in row.tax_steps if step["code"] == "source"],
            "may_edit": request.access.may_on("money.edit", row.settlement.production),  # type: ignore[attr-defined]
            "production": row.settlement.production, "tab": "production_money",
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


@page("money.view", write="money.edit", methods=("GET", "POST"))
def work_papers(request: HttpRequest, pk: int, person_pk: int) -> HttpResponseBase:
    """Labour notes of a person for work on a title."""
    verb = "money.view" if request.method in {"GET", "HEAD"} else "money.edit"
    production = title_of(request, pk, verb)
    # Somebody of this title: engaged on it, or with a line in its ledger.
    person = (
        Person.objects.filter(pk=person_pk, studio=production.studio_id)
        .filter(
            Exists(Engagement.objects.filter(person=OuterRef("pk"), production=production))
            | Exists(EntryLine.objects.filter(person=OuterRef("pk"), entry__production=production))
        )
        .first()
    )
    if person is None:
        raise Http404
    today = timezone.localdate(timezone=production.studio.zone)
    rows = flows_of(request.access, production.studio_id, today=today, production=production)  # type: ignore[attr-defined]
    flow_row = next((row for row in rows if row.person == person), None)
    form = InvoiceForm(
        request.POST or None, request.FILES or None, amount=flow_row.amount_minor if flow_row else 0,
        currency=production.studio.currency, company=False,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            paper = read_paper(given.pop("file"))
            actions.take_invoice(production=production, person=person, paper=paper, by=request.user, **given)  # type: ignore[arg-type]
            messages.success(request, _("The paper is kept."))
            return redirect("work_papers", pk=pk, person_pk=person_pk)
        except Refused as refused:
            put_on(form, refused)
    return render(
        request,
        "finance/work_papers.html",
        {
            "production": production, "person": person, "flow_row": flow_row, "invoice_form": form,
            "invoices": Invoice.objects.filter(production=production, person=person).order_by("pk"),
            "may_edit": request.access.may_on("money.edit", production),  # type: ignore[attr-defined]
            "tab": "production_money",
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


@page("money.view")
def invoice_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = scoped(request, Invoice.objects.all(), "money.view", pk=pk)
    return serve_paper(row.file, row.file_name)


@page("money.view")
def certificate_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = scoped(request, Certificate.objects.all(), "money.view", pk=pk)
    return serve_paper(row.file, row.file_name)


# --- withheld tax -------------------------------------------------------------------------------------------------


class RemittanceForm(forms.Form):
    period = forms.CharField(max_length=7)
    method = forms.CharField(max_length=20)
    reference = forms.CharField(max_length=80)
    on_date = forms.DateField()


@page("money.view", write="money.edit", methods=("GET", "POST"))
def withheld_tax(request: HttpRequest) -> HttpResponseBase:
    """What was withheld by month and method, when it is due, and what was handed on; a POST hands on a month."""
    studio = studio_for(request, "money.view" if request.method in {"GET", "HEAD"} else "money.edit")
    today = timezone.localdate(timezone=studio.zone)
    if request.method == "POST":
        form = RemittanceForm(request.POST)
        if form.is_valid():
            try:
                actions.remit_tax(studio=studio, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
                messages.success(request, _("Noted as handed on."))
            except Refused as refused:
                complain(request, refused)
        else:
            messages.error(request, _("Enter the reference and the date."))
        return redirect("withheld_tax")
    rows = withheld_months(studio)
    for row in rows:
        row.late = row.is_late(today)  # type: ignore[attr-defined]
    if request.GET.get("format") in FORMATS:
        heads = [_("Month"), _("Tax"), pgettext("tax", "Still to hand on"), _("Handed on"), _("Due"), _("Reference")]
        return WRITERS[request.GET["format"]](
            "withheld-tax", heads,
            (
                (
                    row.period, row.label, Money(row.open_minor), Money(row.remitted_minor), row.due_date,
                    ", ".join(one.reference for one in row.remittances),
                )
                for row in rows
            ),
        )  # fmt: skip
    return render(
        request,
        "finance/withheld_tax.html",
        {
            "rows": rows, "today": today, "open_minor": sum(row.open_minor for row in rows),
            "may_edit": request.access.may_in_studio("money.edit", studio.pk),  # type: ignore[attr-defined]
        },
    )  # fmt: skip
