"""Pages of what people are owed: everybody, one person, one payment, and one's own."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance import wages as actions
from finance.exports import FORMATS, WRITERS
from finance.models import WagePayment
from finance.papers import keep_certificate
from finance.queries.wages import (
    PersonOwed,
    owed_items,
    payment_titles,
    payments_of,
    people_owed,
    wage_lines,
)
from finance.sentences import tax_sentence
from finance.views import put_on
from finance.views_papers import CertificateForm
from finance.wage_paper import wage_pdf
from finance.wages import needs_two
from studio.doors import page, scoped, studio_for
from studio.models import Person, Production
from studio.refusals import Refused
from studio.uploads import read_paper
from studio.values import Money

PER_PAGE = 60
PAYMENTS_SHOWN = 40
SHOWS = ("owed", "due", "overdue", "all")


def _today(request: HttpRequest) -> dt.date:
    studio = request.studio  # type: ignore[attr-defined]
    return timezone.localdate(timezone=studio.zone) if studio is not None else timezone.localdate()


def _found(request: HttpRequest, today: dt.date) -> tuple[list[PersonOwed], dict[str, Any]]:
    """People whom the user may see, as filtered; and the filters."""
    access = request.access  # type: ignore[attr-defined]
    lines = access.scope(wage_lines(), "money.view")
    if request.studio is not None:  # type: ignore[attr-defined]
        lines = lines.filter(entry__production__studio=request.studio)  # type: ignore[attr-defined]
    query = request.GET.get("q", "").strip()[:80]
    if query:
        lines = lines.filter(Q(person__name__icontains=query) | Q(entry__production__title__icontains=query))
    title = request.GET.get("title", "")
    title = title if title.isdecimal() and len(title) < 19 else ""
    if title:
        lines = lines.filter(entry__production=int(title))
    show = request.GET.get("show", "owed")
    show = show if show in SHOWS else "owed"
    rows = people_owed(lines, today)
    keep = {
        "owed": lambda row: row.owed_minor != 0, "due": lambda row: row.due_minor > 0,
        "overdue": lambda row: row.overdue_minor > 0, "all": lambda row: True,
    }[show]  # fmt: skip
    return [row for row in rows if keep(row)], {"query": query, "title": title, "show": show}


@page("money.view")
def wages(request: HttpRequest) -> HttpResponse:
    """Everybody who is owed something, longest overdue first; choose whom to pay."""
    access = request.access  # type: ignore[attr-defined]
    today = _today(request)
    rows, filters = _found(request, today)
    if request.GET.get("format") in FORMATS:
        return _export(rows, request.GET["format"], today)
    number = request.GET.get("page", "1")
    at = int(number) if number.isdecimal() and len(number) < 6 and int(number) > 0 else 1
    parameters = request.GET.copy()
    parameters.pop("page", None)
    first = f"?{parameters.urlencode()}" if at > 1 else ""
    parameters["page"] = str(at + 1)
    payments = list(payments_of(_payments(request), state="open")[:PAYMENTS_SHOWN])
    _dress(request, payments)
    sums: dict[str, list[int]] = {}
    for row in rows:
        total = sums.setdefault(row.currency, [0, 0, 0])
        total[0] += row.owed_minor
        total[1] += row.due_minor
        total[2] += row.overdue_minor
    shown = rows[(at - 1) * PER_PAGE : at * PER_PAGE]
    return render(
        request,
        "finance/wages.html",
        {
            "rows": shown, **filters, "sums": sorted(sums.items()), "today": today, "payments": payments,
            "next_url": f"?{parameters.urlencode()}" if len(rows) > at * PER_PAGE else "", "first_url": first,
            "may_edit": access.may("money.edit"), "may_approve": access.may("money.approve"),
            "export": _without(request, "format", "page"), "paid_count": _payments(request).filter(state="paid").count(),
            "may_open": {row.person.pk for row in shown if access.may_in_studio("money.view", row.person.studio_id)},
            "titles": access.scope(Production.objects.order_by("-pk"), "money.view")[:200],
        },
    )  # fmt: skip


def _without(request: HttpRequest, *names: str) -> str:
    parameters = request.GET.copy()
    for name in names:
        parameters.pop(name, None)
    return parameters.urlencode()


def _payments(request: HttpRequest) -> Any:
    rows = request.access.scope(WagePayment.objects.all(), "money.view")  # type: ignore[attr-defined]
    return rows.filter(studio=request.studio) if request.studio is not None else rows  # type: ignore[attr-defined]


def _dress(request: HttpRequest, payments: list[WagePayment]) -> None:
    titles = payment_titles(payments)
    for row in payments:
        row.two = needs_two(row)  # type: ignore[attr-defined]
        row.mine = row.approved_by_id == request.user.pk  # type: ignore[attr-defined]
        row.titles = titles[row.pk]  # type: ignore[attr-defined]


def _export(rows: list[PersonOwed], kind: str, today: dt.date) -> HttpResponse:
    heads = [
        _("Person"), _("Production"), _("What for"), _("Date"), _("Amount"), _("Currency"), _("Due"), _("Overdue"),
        _("In a payment"),
    ]  # fmt: skip
    lines = [
        [
            row.person.name, item.title, f"{item.label} · {item.narrative}", item.earned_date,
            Money(item.amount_minor, item.currency), item.currency, item.due.date,
            _("yes") if item.due.is_overdue(today) else "", _("yes") if item.is_made_up else "",
        ]
        for row in rows
        for item in row.items
    ]  # fmt: skip
    return WRITERS[kind]("wages", heads, lines)


@page("money.edit", write="money.edit", methods=("POST",))
def make_up_wages(request: HttpRequest) -> HttpResponse:
    """Make up payments for the people chosen."""
    studio = studio_for(request, "money.edit")
    chosen = [int(value) for value in request.POST.getlist("person")[:500] if value.isdecimal() and len(value) < 19]
    people = list(
        request.access.scope(Person.objects.filter(studio=studio), "money.edit").filter(pk__in=chosen)  # type: ignore[attr-defined]
    )
    try:
        if not people:
            raise Refused("nobody_chosen", _("Choose at least one person to pay."))
        made = actions.make_up_wages(
            studio=studio,
            people=people,
            through=timezone.localdate(timezone=studio.zone),
            by=request.user,  # type: ignore[arg-type]
        )
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        text = ngettext(
            "%(count)s payment is made up. It can be approved below.",
            "%(count)s payments are made up. They can be approved below.", len(made),
        )  # fmt: skip
        messages.success(request, text % {"count": len(made)})
    return redirect("wages")


@page("money.view")
def person_wages(request: HttpRequest, pk: int) -> HttpResponse:
    """One person over all titles: every amount, when it falls due, and what paid it."""
    person = scoped(request, Person.objects.select_related("studio"), "money.view", pk=pk)
    return render(request, "finance/person_wages.html", _of_person(request, [person], person.studio.zone))


def _of_person(request: HttpRequest, people: list[Person], zone: dt.tzinfo) -> dict[str, Any]:
    today = timezone.localdate(timezone=zone)
    lines = wage_lines().filter(person__in=people)
    payments = list(payments_of(WagePayment.objects.filter(person__in=people))[:PAYMENTS_SHOWN])
    _dress(request, payments)
    items = owed_items(lines)
    return {
        "people": people, "person": people[0] if people else None, "rows": people_owed(lines, today),
        "items": sorted(items, key=lambda row: (row.is_paid, row.due.date or dt.date.max, row.line_id)),
        "payments": payments, "today": today,
        "may_edit": request.access.may("money.edit"), "may_approve": request.access.may("money.approve"),  # type: ignore[attr-defined]
    }  # fmt: skip


def _payment(request: HttpRequest, pk: int, verb: str) -> WagePayment:
    return scoped(request, payments_of(WagePayment.objects.all()), verb, pk=pk)


@page("money.view")
def wage_payment(request: HttpRequest, pk: int) -> HttpResponse:
    """One payment: what it is made of, its tax step by step, who approved it, its way through the bank, its papers."""
    return _wage_page(request, _payment(request, pk, "money.view"), CertificateForm(prefix="certificate"))


@page("money.view", write="money.edit", methods=("POST",))
def keep_wage_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the bank's receipt, or the certificate of the tax withheld."""
    row = _payment(request, pk, "money.edit")
    form = CertificateForm(request.POST, request.FILES, prefix="certificate")
    if form.is_valid():
        try:
            paper = read_paper(form.cleaned_data["file"])
            keep_certificate(
                wage=row, kind=form.cleaned_data["kind"], number=form.cleaned_data["number"], paper=paper,
                by=request.user,  # type: ignore[arg-type]
            )  # fmt: skip
            messages.success(request, _("The paper is kept."))
            return redirect("wage_payment", pk=pk)
        except Refused as refused:
            put_on(form, refused)
    return _wage_page(request, row, form)


def _wage_page(request: HttpRequest, row: WagePayment, form: CertificateForm) -> HttpResponse:
    _dress(request, [row])
    items = owed_items(wage_lines().filter(wage_item__payment=row))
    steps = [{"text": tax_sentence(step), "minor": step.get("amount_minor")} for step in row.tax_steps]
    access = request.access  # type: ignore[attr-defined]
    return render(
        request,
        "finance/wage_payment.html",
        {
            "payment": row, "items": items, "steps": steps, "may_edit": access.may_in_studio("money.edit", row.studio_id),
            "may_approve": access.may_in_studio("money.approve", row.studio_id), "certificate_form": form,
            "certificates": row.certificates.order_by("pk"),
            "bank_payments": row.bank_payments.select_related("batch", "account").order_by("-pk"),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


@page("money.view", write="money.approve", methods=("POST",))
def approve_wage(request: HttpRequest, pk: int) -> HttpResponse:
    row = _payment(request, pk, "money.approve")
    try:
        approved = actions.approve_wage(payment=row, by=request.user)  # type: ignore[arg-type]
        if approved.state == "due":
            messages.info(request, _("Approved. A second person approves it too, then it can be paid."))
        else:
            messages.success(request, _("Approved. It can be paid."))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("wage_payment", pk=pk)


@page("money.view", write="money.edit", methods=("POST",))
def pay_wage(request: HttpRequest, pk: int) -> HttpResponse:
    row = _payment(request, pk, "money.edit")
    try:
        actions.pay_wage(payment=row, bank_reference=request.POST.get("bank_reference", ""), by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("Paid, and in the books of each title."))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("wage_payment", pk=pk)


@page("money.view", write="money.edit", methods=("POST",))
def drop_wage(request: HttpRequest, pk: int) -> HttpResponse:
    row = _payment(request, pk, "money.edit")
    try:
        actions.drop_wage(payment=row, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The payment is taken back; what it held is owed again."))
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("wage_payment", pk=pk)
    return redirect("wages")


def _paper(payment: WagePayment) -> HttpResponse:
    response = HttpResponse(wage_pdf(payment), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="wages-{payment.pk}.pdf"'
    return response


@page("money.view")
def wage_paper(request: HttpRequest, pk: int) -> HttpResponse:
    return _paper(_payment(request, pk, "money.view"))


@page("own.view")
def my_pay(request: HttpRequest) -> HttpResponse:
    """What I am owed and was paid, over all studios that know me; nobody else's."""
    people = list(Person.objects.filter(user=request.user).select_related("studio").order_by("pk"))  # type: ignore[misc]
    zone = people[0].studio.zone if people else dt.UTC
    return render(request, "finance/my_pay.html", _of_person(request, people, zone))


@page("own.view")
def my_pay_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The statement of a payment of mine, once it is paid or approved."""
    row = payments_of(WagePayment.objects.filter(person__user=request.user)).filter(pk=pk).first()  # type: ignore[misc]
    if row is None:
        raise Http404
    return _paper(row)
