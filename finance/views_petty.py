"""Petty cash: the crew's phone, where receipts are handed in, and finance's page of floats and slips."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from finance import petty_cash as actions
from finance.choices import SlipState
from finance.exports import FORMATS, WRITERS
from finance.forms_costs import FloatForm, SlipForm
from finance.models import PettyFloat, PettySlip
from finance.queries.petty_cash import balance_of, holders, look_alikes, own_people, own_titles, slips_of
from finance.views import complain, put_on, title_of
from scheduling.call_sheet_crew import own_page
from studio.doors import page, scoped
from studio.models import Person, Production
from studio.refusals import Refused
from studio.uploads import read_upload
from studio.values import Money

SHOWN, HISTORY = 200, 40


# --- the phone ------------------------------------------------------------------------------------------------------


def _holder(request: HttpRequest, production: Production) -> Person:
    person = own_people(request.user).filter(studio=production.studio_id).order_by("pk").first()  # type: ignore[arg-type]
    if person is None:
        raise Http404
    return person


@own_page("GET", "POST")
def my_receipts(request: HttpRequest) -> HttpResponse:
    """Hand a receipt in; below, what is in one's pocket and what became of earlier receipts."""
    titles = list(own_titles(request.user)[:30])  # type: ignore[arg-type]
    last = PettySlip.objects.filter(holder__user=request.user).order_by("-pk").first()  # type: ignore[misc]
    form = SlipForm(request.POST or None, request.FILES or None, titles=titles, last=last)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        production = data.pop("production")
        photo = data.pop("photo")
        try:
            actions.hand_in_slip(
                production=production, holder=_holder(request, production), by=request.user,  # type: ignore[arg-type]
                photo=read_upload(photo, field="photo") if photo else None, **data,
            )  # fmt: skip
            messages.success(request, _("The receipt is handed in."))
            return redirect("my_receipts")
        except Refused as refused:
            put_on(form, refused)
    slips = (
        PettySlip.objects.filter(holder__user=request.user)  # type: ignore[misc]
        .select_related("production__studio").order_by("-pk")[:HISTORY]
    )  # fmt: skip
    pockets = [
        (title, amount)
        for title in titles
        if (amount := sum(balance_of(title, person) for person in own_people(request.user) if person.studio_id == title.studio_id))  # type: ignore[arg-type]
    ]  # fmt: skip
    return render(
        request, "crew/my_receipts.html",
        {"form": form, "slips": slips, "pockets": pockets, "titles": titles},
        status=422 if form.errors else 200,
    )  # fmt: skip


def _own_slip(request: HttpRequest, pk: int) -> PettySlip:
    rows = PettySlip.objects.select_related("production__studio", "holder", "decided_by")
    return get_object_or_404(rows, pk=pk, holder__user=request.user)


@own_page("GET", "POST")
def my_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """One receipt of one's own; sent back, it is mended and handed in again."""
    slip = _own_slip(request, pk)
    form = None
    if slip.state == SlipState.SENT_BACK or request.method == "POST":
        form = SlipForm(request.POST or None, request.FILES or None, titles=[slip.production], slip=slip)
    if request.method == "POST" and form is not None and form.is_valid():
        data = dict(form.cleaned_data)
        photo = data.pop("photo")
        del data["production"], data["key"]
        try:
            actions.hand_in_slip(
                production=slip.production, holder=slip.holder, slip=slip, by=request.user,  # type: ignore[arg-type]
                photo=read_upload(photo, field="photo") if photo else None, **data,
            )  # fmt: skip
            messages.success(request, _("The receipt is handed in."))
            return redirect("my_receipts")
        except Refused as refused:
            put_on(form, refused)
    return render(
        request,
        "crew/my_receipt.html",
        {"slip": slip, "form": form},
        status=422 if form is not None and form.errors else 200,
    )


@own_page("GET")
def my_receipt_photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _photo(request, _own_slip(request, pk))


def _photo(request: HttpRequest, slip: PettySlip) -> HttpResponseBase:
    """The photo, or the small one with `?small=1`."""
    kept = slip.thumb if request.GET.get("small") else slip.photo
    if not kept:
        raise Http404
    try:
        stream = kept.open("rb")
    except (OSError, ValueError):
        raise Http404 from None
    response = FileResponse(stream, content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=3600"
    return response


# --- finance --------------------------------------------------------------------------------------------------------


@page("money.view")
def petty_cash(request: HttpRequest, pk: int) -> HttpResponse:
    """Who holds how much of a title's cash, and the receipts to decide on; CSV and XLSX."""
    production = title_of(request, pk)
    return _show(request, production, FloatForm(production=production))


def _show(request: HttpRequest, production: Production, form: FloatForm, status: int = 200) -> HttpResponse:
    state, query = request.GET.get("state", ""), request.GET.get("q", "").strip()[:80]
    found = slips_of(production, state=state, text=query)
    if request.GET.get("format") in FORMATS:
        return _export(production, list(found[:5000]), request.GET["format"])
    slips = list(found[:SHOWN])
    twins = look_alikes(production, slips)
    for slip in slips:
        slip.twin = twins.get(slip.pk)  # type: ignore[attr-defined]
    people = holders(production)
    return render(
        request, "finance/petty_cash.html",
        {
            "production": production, "tab": "production_money", "slips": slips, "holders": people, "state": state,
            "query": query, "states": SlipState.choices, "form": form,
            "held": sum(row.held_minor for row in people), "waiting": sum(row.waiting_minor for row in people),
            "after": sum(row.after_minor for row in people),
            "floats": PettyFloat.objects.filter(production=production).select_related("holder", "given_by")[:HISTORY],
            "may_edit": request.access.may_on("money.edit", production),  # type: ignore[attr-defined]
        },
        status=status,
    )  # fmt: skip


def _export(production: Production, slips: list[PettySlip], kind: str) -> HttpResponse:
    unit = production.studio.currency
    heads = [
        _("Slip"), _("Date"), pgettext("petty cash", "Holder"), _("What for"), _("Account"), _("Amount"), _("Currency"), _("State"),
        _("Photo"), _("Why there is no photo"), _("Reason"),
    ]  # fmt: skip
    table = (
        (
            slip.pk, slip.spent_date, slip.holder.name, slip.what_for, slip.account_label, Money(slip.amount_minor, unit),
            unit, slip.get_state_display(), _("yes") if slip.photo else _("no"), slip.no_photo_reason, slip.reason,
        )
        for slip in slips
    )  # fmt: skip
    return WRITERS[kind](f"petty-cash-{production.pk}", heads, table)


@page("money.edit", write="money.edit", methods=("POST",))
def give_float(request: HttpRequest, pk: int) -> HttpResponse:
    production = title_of(request, pk, "money.edit")
    form = FloatForm(request.POST, production=production)
    if form.is_valid():
        data = dict(form.cleaned_data)
        amount = data.pop("amount_minor") * (-1 if data.pop("back") else 1)
        try:
            actions.give_float(
                production=production, amount_minor=amount, by=request.user,  # type: ignore[arg-type]
                on_date=timezone.localdate(timezone=production.studio.zone), **data,
            )  # fmt: skip
            messages.success(request, _("The cash is noted in the ledger."))
            return redirect("petty_cash", pk=pk)
        except Refused as refused:
            put_on(form, refused)
    return _show(request, production, form, 422)


def _decide(request: HttpRequest, pk: int, act: Any, done: str) -> HttpResponse:
    slip = scoped(request, PettySlip.objects.select_related("production"), "money.edit", pk=pk)
    try:
        act(slip)
        messages.success(request, done)
    except Refused as refused:
        complain(request, refused)
    return redirect("petty_cash", pk=slip.production_id)


@page("money.view", write="money.edit", methods=("POST",))
def approve_slip(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(
        request, pk, lambda slip: actions.approve_slip(slip=slip, by=request.user),  # type: ignore[arg-type]
        _("The slip is approved and in the ledger."),
    )  # fmt: skip


@page("money.view", write="money.edit", methods=("POST",))
def send_back_slip(request: HttpRequest, pk: int) -> HttpResponse:
    reason = request.POST.get("reason", "")
    return _decide(
        request, pk, lambda slip: actions.send_back_slip(slip=slip, reason=reason, by=request.user),  # type: ignore[arg-type]
        _("The slip is sent back; its holder is told."),
    )  # fmt: skip


@page("money.view")
def slip_photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _photo(request, scoped(request, PettySlip.objects.all(), "money.view", pk=pk))
