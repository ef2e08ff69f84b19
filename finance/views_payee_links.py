"""Statements for payees: the desk's batches with their links, and what a payee sees without an account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance import actions
from finance.choices import StatementOpening
from finance.documents import payout_data, payout_pdf
from finance.models import PayeeBatch, PayeeLink, Settlement
from finance.payee_statements import KIND
from finance.queries.payee_links import batches_of, links_of_batch, live_payee_link, payouts_in
from finance.sealing import unseal
from finance.views import complain, put_on
from studio.doors import page, scoped, studio_for
from studio.links import address_of, busy, closed, open_door, password_fits, seat, seated, too_many_tries
from studio.models import Job
from studio.refusals import Refused
from studio.throttle import spend
from studio.uploads import serve_paper
from studio.visitors import agent_family, network_of

PER_PAGE = 50
SEATS, DOOR = "payee_links", "payee-link"
# PDFs of one link in a stretch of time.
PAPERS = (60, 3600)


# --- the desk -----------------------------------------------------------------------------------------------------


class StatementsForm(forms.Form):
    period = forms.RegexField(
        r"^\d{4}-\d{2}$", label=gettext_lazy("Month"), widget=forms.TextInput(attrs={"placeholder": "2026-01"})
    )
    days = forms.IntegerField(label=gettext_lazy("Days the links open"), min_value=1, max_value=366, initial=30)
    password = forms.CharField(
        label=gettext_lazy("Password"), max_length=128, required=False,
        help_text=gettext_lazy("For all payees of the batch; tell it by another way than the link."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


@page("money.view", write="money.edit", methods=("GET", "POST"))
def payee_batches(request: HttpRequest) -> HttpResponseBase:
    """Batches of statements; a POST has those of a month, or of one settlement, made."""
    studio = studio_for(request, "money.view" if request.method in {"GET", "HEAD"} else "money.edit")
    last = Settlement.objects.filter(production__studio=studio, state="issued").order_by("-period").first()
    form = StatementsForm(request.POST or None, initial={"period": last.period if last else ""})
    if request.method == "POST":
        settlement = None
        if request.POST.get("settlement"):
            rows = Settlement.objects.select_related("production__studio")
            number = request.POST["settlement"]
            if not number.isdecimal() or len(number) > 18:
                raise Http404
            settlement = scoped(request, rows, "money.edit", pk=int(number))
        if form.is_valid():
            try:
                batch, _job = actions.start_statements(
                    studio=studio,
                    settlement=settlement,
                    by=request.user,
                    **form.cleaned_data,  # type: ignore[arg-type]
                )
                return redirect("payee_batch", pk=batch.pk)
            except Refused as refused:
                put_on(form, refused)
    return render(
        request,
        "finance/payee_batches.html",
        {
            "rows": batches_of(studio)[:PER_PAGE], "form": form,
            "may_edit": request.access.may_in_studio("money.edit", studio.pk),  # type: ignore[attr-defined]
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _batch(request: HttpRequest, pk: int, verb: str) -> PayeeBatch:
    return scoped(
        request, PayeeBatch.objects.select_related("studio", "settlement__production", "made_by"), verb, pk=pk
    )


@page("money.view")
def payee_batch(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A batch: how far it is, each payee's link and who opened it. Addresses are for those who send them."""
    row = _batch(request, pk, "money.view")
    may_edit = request.access.may_in_studio("money.edit", row.studio_id)  # type: ignore[attr-defined]
    links = list(links_of_batch(row))
    now = timezone.now()
    for link in links:
        link.live = link.revoked_at is None and link.expires_at > now  # type: ignore[attr-defined]
        link.address = ""  # type: ignore[attr-defined]
        if may_edit and link.live:  # type: ignore[attr-defined]
            try:
                secret = unseal(link.sealed_secret.encode()).decode()
                link.address = request.build_absolute_uri(reverse("read_statement", args=[secret]))  # type: ignore[attr-defined]
            except Refused:
                link.live = False  # type: ignore[attr-defined]
    job = None
    if row.ready_at is None:
        job = Job.objects.filter(kind=KIND, studio=row.studio_id, payload={"batch": row.pk}).order_by("-pk").first()
    answer = render(
        request, "finance/payee_batch.html", {"batch": row, "links": links, "job": job, "may_edit": may_edit}
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


@page("money.view")
def payee_batch_zip(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = _batch(request, pk, "money.view")
    return serve_paper(row.file, f"statements-{row.period}-{row.pk}.zip")


@page("money.view", write="money.edit", methods=("POST",))
def revoke_payee_link(request: HttpRequest, pk: int) -> HttpResponseBase:
    link = scoped(request, PayeeLink.objects.select_related("batch", "party"), "money.edit", pk=pk)
    try:
        actions.revoke_payee_link(link=link, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The link of %(reader)s opens nothing any more.") % {"reader": link.party.name})
    except Refused as refused:
        complain(request, refused)
    return redirect("payee_batch", pk=link.batch_id)


# --- the payee ----------------------------------------------------------------------------------------------------


@open_door(live_payee_link, DOOR, "GET", "POST")
def read_statement(request: HttpRequest, secret: str, link: PayeeLink) -> HttpResponseBase:
    """The cover; after its button was pressed, and the password given, the payee's own payouts.

    Programs that preview addresses ask for them, but press nothing: only a POST is an opening.
    """
    with translation.override(_language(request, link)):
        if request.method == "POST":
            return _open(request, secret, link)
        if not seated(request, SEATS, link):
            return _cover(request, link)
        rows = list(payouts_in(link.batch).filter(party=link.party_id))
        shown = [{"payout": row, "paper": payout_data(row)} for row in rows]
        return render(request, "finance/read_statement.html", {"link": link, "rows": shown, "secret": secret})


def _language(request: HttpRequest, link: PayeeLink) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in ("en", "zh-hans") else link.language


def _cover(request: HttpRequest, link: PayeeLink, error: str = "", status: int = 200) -> HttpResponse:
    context = {"link": link, "error": error, "asks": bool(link.password)}
    return render(request, "finance/read_statement_cover.html", context, status=status)


def _open(request: HttpRequest, secret: str, link: PayeeLink) -> HttpResponseBase:
    if link.password:
        full = too_many_tries(request, DOOR, link)
        if full is not None:
            return full
        if not password_fits(request, link):
            return _cover(request, link, _("That is not the password. Ask whoever sent you the link."), 422)
    if not seated(request, SEATS, link):
        try:
            _write_down(request, link, StatementOpening.PAGE)
        except Refused:
            return closed(request)
        seat(request, SEATS, link)
    answer = redirect(request.get_full_path())
    answer.status_code = 303
    return answer


def _write_down(request: HttpRequest, link: PayeeLink, kind: str) -> None:
    agent = agent_family(request.headers.get("User-Agent", ""))
    actions.open_payee_link(link=link, kind=kind, agent=agent, network=network_of(address_of(request)))


@open_door(live_payee_link, DOOR, "GET")
def read_statement_pdf(request: HttpRequest, secret: str, link: PayeeLink, payout_pk: int) -> HttpResponseBase:
    """The PDF of one of the payee's own payouts."""
    if not seated(request, SEATS, link):
        return redirect("read_statement", secret=secret)
    row: Any = payouts_in(link.batch).filter(party=link.party_id, pk=payout_pk).first()
    if row is None:
        return closed(request)
    if not spend(f"{DOOR}-papers", str(link.pk), limit=PAPERS[0], seconds=PAPERS[1]):
        return busy(request, PAPERS[1])
    with translation.override(_language(request, link)):
        data = payout_pdf(row)
    try:
        _write_down(request, link, StatementOpening.PDF)
    except Refused:
        return closed(request)
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="statement-{row.settlement.period}-P{row.pk}.pdf"'
    return answer
