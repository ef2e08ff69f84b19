"""Payouts to the bank and back: accounts of payees, batches and their file, returns."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from finance import actions
from finance.bank_accounts import account_number
from finance.bank_returns import MOST_BYTES
from finance.banking import RETURN_FIELDS
from finance.choices import BatchState, PayoutState
from finance.exports import FORMATS, WRITERS
from finance.models import (
    BankAccount,
    BankBatch,
    BankPayment,
    BankReturn,
    BankReturnLine,
    BankTemplate,
    Party,
    Payout,
    WagePayment,
)
from finance.queries.banking import (
    batches_with_sums,
    lines_of_return,
    payees,
    payments_of,
    payouts_for_a_batch,
    returns_with_counts,
    wages_for_a_batch,
)
from finance.sentences import banking_sentence
from finance.views import complain, put_on
from studio.doors import page, scoped, studio_for
from studio.models import Person, Studio
from studio.refusals import Refused
from studio.uploads import read_upload
from studio.values import Money

PER_PAGE = 50
RETURN_FIELD_NAMES = {
    "reference": gettext_lazy("Column of our reference"), "amount": gettext_lazy("Column of the amount"),
    "account": gettext_lazy("Column of the account"), "status": gettext_lazy("Column of the state"),
    "reason": gettext_lazy("Column of the reason"), "bank_reference": gettext_lazy("Column of the bank's reference"),
}  # fmt: skip


# --- accounts of payees -------------------------------------------------------------------------------------------


class AccountForm(forms.Form):
    holder_name = forms.CharField(label=gettext_lazy("Account holder"), max_length=120)
    number = forms.CharField(
        label=gettext_lazy("Account number"), max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    bank_name = forms.CharField(label=gettext_lazy("Bank"), max_length=80)
    branch = forms.CharField(label=gettext_lazy("Branch"), max_length=120, required=False)
    bank_code = forms.CharField(label=gettext_lazy("Bank code (CNAPS)"), max_length=20, required=False)


@page("money.view")
def payee_list(request: HttpRequest) -> HttpResponseBase:
    """Parties that are paid, and whether their account is known."""
    studio = studio_for(request, "money.view")
    query = request.GET.get("q", "").strip()[:80]
    lacking = request.GET.get("lacking") == "1"
    rows = payees(studio, query, lacking)
    return render(
        request,
        "finance/payees.html",
        {
            "rows": rows[:500], "query": query, "lacking": lacking,
            "may_edit": request.access.may_in_studio("money.edit", studio.pk),  # type: ignore[attr-defined]
        },
    )  # fmt: skip


@page("money.view", write="money.edit", methods=("GET", "POST"))
def payee_account(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A payee's account and those of before. The number in full is for those who approve."""
    verb = "money.view" if request.method in {"GET", "HEAD"} else "money.edit"
    party = scoped(request, Party.objects.select_related("studio"), verb, pk=pk)
    return _account(request, party, reverse("payee_list"), party=party)


@page("money.view", write="money.edit", methods=("GET", "POST"))
def person_account(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The same of a person who is paid wages."""
    verb = "money.view" if request.method in {"GET", "HEAD"} else "money.edit"
    person = scoped(request, Person.objects.select_related("studio"), verb, pk=pk)
    return _account(request, person, reverse("person_wages", args=[pk]), person=person)


def _account(request: HttpRequest, payee: Party | Person, back: str, **whose: Any) -> HttpResponseBase:
    access = request.access  # type: ignore[attr-defined]
    accounts = list(BankAccount.objects.filter(**whose).select_related("entered_by").order_by("-pk")[:50])
    now = next((row for row in accounts if row.ended_at is None), None)
    form = AccountForm(request.POST or None, initial={"holder_name": payee.name})
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_account(by=request.user, **whose, **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(
                request, _("The account is kept. Payments that were approved for another are approved anew.")
            )
            return redirect(request.path)
        except Refused as refused:
            put_on(form, refused)
    number = ""
    if now is not None and access.may_in_studio("money.approve", payee.studio_id):
        try:
            number = account_number(now)
        except Refused as refused:
            complain(request, refused)
    return render(
        request,
        "finance/payee_account.html",
        {
            "payee": payee, "accounts": accounts, "account": now, "number": number, "form": form, "back": back,
            "may_edit": access.may_in_studio("money.edit", payee.studio_id),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


# --- batches ------------------------------------------------------------------------------------------------------


@page("money.view")
def bank_batches(request: HttpRequest) -> HttpResponseBase:
    """Batches and returns of the studio."""
    studio = studio_for(request, "money.view")
    state = request.GET.get("state", "")
    rows = batches_with_sums(BankBatch.objects.filter(studio=studio))
    if state in BatchState.values:
        rows = rows.filter(state=state)
    if request.GET.get("format") in FORMATS:
        return _export_batches(list(rows[:5000]), request.GET["format"])
    return render(
        request,
        "finance/bank_batches.html",
        {
            "rows": rows[:PER_PAGE], "state": state, "states": BatchState.choices,
            "returns": returns_with_counts(studio)[:PER_PAGE],
            "waiting": payouts_for_a_batch(studio).count() + wages_for_a_batch(studio).count(),
            "may_edit": request.access.may_in_studio("money.edit", studio.pk),  # type: ignore[attr-defined]
        },
    )  # fmt: skip


def _export_batches(rows: list[Any], kind: str) -> HttpResponse:
    heads = [
        _("Batch"), _("To be paid on"), _("State"), _("Payments"), _("Total"), _("Currency"), _("Refused"),
        _("Checksum"),
    ]  # fmt: skip
    return WRITERS[kind](
        "bank-batches", heads,
        (
            (
                str(row), row.pay_date, row.get_state_display(), row.payments_count,
                Money(row.total_minor, row.currency), row.currency, row.refused_count, row.sha256,
            )
            for row in rows
        ),
    )  # fmt: skip


class BatchForm(forms.Form):
    template = forms.ModelChoiceField(label=gettext_lazy("Bank file template"), queryset=BankTemplate.objects.none())
    pay_date = forms.DateField(
        label=gettext_lazy("To be paid on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    payouts = forms.ModelMultipleChoiceField(queryset=Payout.objects.none(), required=False)
    wages = forms.ModelMultipleChoiceField(queryset=WagePayment.objects.none(), required=False)

    def __init__(self, data: Any, *, studio: Studio, today: dt.date) -> None:
        super().__init__(data, initial={"pay_date": today})
        templates = BankTemplate.objects.filter(studio=studio).order_by("pk")
        self.fields["template"].queryset = templates  # type: ignore[attr-defined]
        self.fields["template"].initial = templates.first()
        self.fields["payouts"].queryset = Payout.objects.filter(settlement__production__studio=studio)  # type: ignore[attr-defined]
        self.fields["wages"].queryset = WagePayment.objects.filter(studio=studio)  # type: ignore[attr-defined]


@page("money.edit", write="money.edit", methods=("GET", "POST"))
def new_bank_batch(request: HttpRequest) -> HttpResponseBase:
    """Choose among the approved payouts and wages that wait for the bank."""
    studio = studio_for(request, "money.edit")
    if not BankTemplate.objects.filter(studio=studio).exists():
        actions.first_template(studio=studio)
    form = BatchForm(request.POST or None, studio=studio, today=timezone.localdate(timezone=studio.zone))
    if request.method == "POST" and form.is_valid():
        try:
            batch = actions.gather_payouts(studio=studio, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            return redirect("bank_batch", pk=batch.pk)
        except Refused as refused:
            put_on(form, refused)
    rows = list(payouts_for_a_batch(studio)[:2000])
    wages = list(wages_for_a_batch(studio)[:2000])
    for name, waiting in (("payouts", rows), ("wages", wages)):
        chosen = set(request.POST.getlist(name))
        for row in waiting:
            row.chosen = str(row.pk) in chosen if request.method == "POST" else bool(row.account_last4)  # type: ignore[union-attr]
    return render(
        request, "finance/bank_batch_new.html", {"form": form, "rows": rows, "wages": wages},
        status=422 if form.errors else 200,
    )  # fmt: skip


def _batch(request: HttpRequest, pk: int, verb: str) -> BankBatch:
    return scoped(request, batches_with_sums(BankBatch.objects.select_related("studio")), verb, pk=pk)


@page("money.view")
def bank_batch(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A batch: who is paid how much, to which account, and what became of it."""
    row = _batch(request, pk, "money.view")
    access = request.access  # type: ignore[attr-defined]
    payments = list(payments_of(row))
    if request.GET.get("format") in FORMATS:
        return _export_payments(row, payments, request.GET["format"])
    return render(
        request,
        "finance/bank_batch.html",
        {
            "batch": row, "payments": payments,
            "may_edit": access.may_in_studio("money.edit", row.studio_id),
            "may_approve": access.may_in_studio("money.approve", row.studio_id),
            "open": row.state in (BatchState.DRAFT, BatchState.APPROVED),
        },
    )  # fmt: skip


def _export_payments(batch: BankBatch, payments: list[BankPayment], kind: str) -> HttpResponse:
    heads = [
        _("Reference"), _("Payee"), pgettext("bank", "Account"), _("Amount"), _("Currency"), _("State"), _("Bank reference"), _("Reason"),
    ]  # fmt: skip
    return WRITERS[kind](
        f"bank-batch-{batch.pk}", heads,
        (
            (
                row.reference, row.payee, str(row.account), Money(row.amount_minor, batch.currency),
                batch.currency, row.get_state_display(), row.bank_reference, row.reason,
            )
            for row in payments
        ),
    )  # fmt: skip


@page("money.view", write="money.approve", methods=("POST",))
def approve_bank_batch(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = _batch(request, pk, "money.approve")
    try:
        actions.approve_batch(batch=row, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The batch is approved. Its file can be made."))
    except Refused as refused:
        complain(request, refused)
    return redirect("bank_batch", pk=pk)


@page("money.approve", write="money.approve", methods=("POST",))
def bank_batch_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file with the account numbers: made at the first call, the same bytes at every later one."""
    row = _batch(request, pk, "money.approve")
    try:
        batch, data = actions.export_batch(batch=row, by=request.user)  # type: ignore[arg-type]
    except Refused as refused:
        complain(request, refused)
        return redirect("bank_batch", pk=pk)
    answer = HttpResponse(data, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{batch.file_name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@page("money.view", write="money.edit", methods=("POST",))
def cancel_bank_batch(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = _batch(request, pk, "money.edit")
    try:
        actions.cancel_batch(batch=row, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The batch is cancelled. Its payments wait for another."))
    except Refused as refused:
        complain(request, refused)
    return redirect("bank_batch", pk=pk)


@page("money.view", write="money.edit", methods=("POST",))
def drop_bank_payment(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = scoped(request, BankPayment.objects.select_related("batch", "payout", "wage"), "money.edit", pk=pk)
    try:
        actions.drop_payment(payment=row, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("Taken out of the batch, which is approved anew."))
    except Refused as refused:
        complain(request, refused)
    return redirect("bank_batch", pk=row.batch_id)


# --- returns ------------------------------------------------------------------------------------------------------


class ReturnForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("The bank's file (CSV or XLSX)"))
    template = forms.ModelChoiceField(label=gettext_lazy("Bank file template"), queryset=BankTemplate.objects.none())

    def __init__(self, data: Any = None, files: Any = None, *, studio: Studio) -> None:
        super().__init__(data, files)
        templates = BankTemplate.objects.filter(studio=studio).order_by("pk")
        self.fields["template"].queryset = templates  # type: ignore[attr-defined]
        self.fields["template"].initial = templates.first()
        known = templates.first()
        for field, label in RETURN_FIELD_NAMES.items():
            self.fields[field] = forms.CharField(
                label=label, max_length=60, required=False, help_text=_("Empty: found by its head."),
                initial=known.return_mapping.get(field, "") if known else "",
            )  # fmt: skip

    @property
    def mapping(self) -> dict[str, str]:
        return {field: self.cleaned_data[field] for field in RETURN_FIELDS if self.cleaned_data.get(field)}


@page("money.edit", write="money.edit", methods=("GET", "POST"))
def read_bank_return(request: HttpRequest) -> HttpResponseBase:
    """Bring what the bank sent back."""
    studio = studio_for(request, "money.edit")
    if not BankTemplate.objects.filter(studio=studio).exists():
        actions.first_template(studio=studio)
    form = ReturnForm(request.POST or None, request.FILES or None, studio=studio)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            row = actions.read_bank_return(
                studio=studio, template=form.cleaned_data["template"], data=read_upload(file, most=MOST_BYTES), file_name=file.name,
                mapping=form.mapping or None, by=request.user,  # type: ignore[arg-type]
            )  # fmt: skip
            return redirect("bank_return", pk=row.pk)
        except Refused as refused:
            put_on(form, refused)
    return render(request, "finance/bank_return_new.html", {"form": form}, status=422 if form.errors else 200)


@page("money.view")
def bank_return(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A return line by line; what needs somebody first."""
    rows = BankReturn.objects.select_related("studio", "read_by", "template")
    row = scoped(request, rows, "money.view", pk=pk)
    lines = lines_of_return(row)
    for found in lines:
        found.line.said = banking_sentence(found.line.outcome, found.line.params)  # type: ignore[attr-defined]
    if request.GET.get("format") in FORMATS:
        return _export_lines(row, [found.line for found in lines], request.GET["format"])
    return render(
        request,
        "finance/bank_return.html",
        {
            "bank_return": row, "lines": lines, "open": sum(found.needs_somebody for found in lines),
            "may_edit": request.access.may_in_studio("money.edit", row.studio_id),  # type: ignore[attr-defined]
        },
    )  # fmt: skip


def _export_lines(row: BankReturn, lines: list[Any], kind: str) -> HttpResponse:
    heads = [
        _("Row"), _("Reference"), _("Payee"), _("Amount"), _("What became of it"), _("Reason"), _("Bank reference"),
        _("Note"),
    ]  # fmt: skip
    unit = row.studio.currency
    return WRITERS[kind](
        f"bank-return-{row.pk}", heads,
        (
            (
                line.row, line.reference, line.payment.payee if line.payment else "",
                Money(line.amount_minor, unit) if line.amount_minor is not None else None, line.said, line.reason,
                line.bank_reference, line.note,
            )
            for line in lines
        ),
    )  # fmt: skip


def _line(request: HttpRequest, pk: int) -> BankReturnLine:
    rows = BankReturnLine.objects.select_related("payment__payout", "bank_return")
    return scoped(request, rows, "money.edit", pk=pk)


@page("money.view", write="money.edit", methods=("POST",))
def look_at_return_line(request: HttpRequest, pk: int) -> HttpResponseBase:
    line = _line(request, pk)
    try:
        actions.look_at_line(line=line, note=request.POST.get("note", ""), by=request.user)  # type: ignore[arg-type]
    except Refused as refused:
        complain(request, refused)
    return redirect("bank_return", pk=line.bank_return_id)


@page("money.view", write="money.edit", methods=("POST",))
def take_back_return_line(request: HttpRequest, pk: int) -> HttpResponseBase:
    line = _line(request, pk)
    try:
        taken = actions.take_back_line(line=line, by=request.user)  # type: ignore[arg-type]
        if taken.payment is not None and taken.payment.paid_for.state == PayoutState.CANCELLED:
            text = _(
                "The payment is taken back. Its settlement was reversed since: the payout is cancelled, nothing is owed back."
            )
        else:
            text = _("The payment is taken back; what it paid is due again.")
        messages.success(request, text)
    except Refused as refused:
        complain(request, refused)
    return redirect("bank_return", pk=line.bank_return_id)


assert set(RETURN_FIELD_NAMES) == set(RETURN_FIELDS)
