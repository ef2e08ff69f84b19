"""One budget: its sheet, its lines one by one, rows brought in, the last change taken back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance import actions
from finance.budget_approval import needs_two_people
from finance.budget_board import board_difference, board_to_read
from finance.budget_comparison import ComparedLine
from finance.budget_lines import MOST_FILE_BYTES
from finance.budget_proposal import investment_proposal
from finance.budget_sheet import (
    FormSheet,
    export_budget,
    form_sheet,
    posted_rows,
    reckoning_json,
    rows_of,
    sheet_rows,
)
from finance.budget_words import heads
from finance.choices import BudgetState, BudgetUnit
from finance.exports import FORMATS
from finance.forms import COST_CHOICES, BudgetLineForm, BudgetRowsForm
from finance.models import BudgetLine, BudgetVersion
from finance.queries import budget_in_force, last_step, sheet_of, title_figures
from finance.views import complain, put_on
from studio.doors import page, scoped
from studio.refusals import Refused


def version_of(request: HttpRequest, pk: int, verb: str) -> BudgetVersion:
    rows = BudgetVersion.objects.select_related(
        "production__studio", "created_by", "approved_by", "second_approved_by", "returned_by", "based_on"
    )
    return scoped(request, rows, verb, pk=pk)


@page("money.view", write="money.edit", methods=("GET", "POST"))
def budget(request: HttpRequest, pk: int) -> HttpResponse:
    """A version as its sheet; a POST saves what was changed on it. `?format=` gives the same as a file."""
    if request.method != "POST":
        version = version_of(request, pk, "money.view")
        if request.GET.get("format") in FORMATS:
            return export_budget(version, request.GET["format"])
        return _sheet_page(request, version)
    version = version_of(request, pk, "money.edit")
    rows: list[Any] = []
    try:
        rows = posted_rows(request.POST, version.production.studio.currency)
        wrong = sum(bool(row.faults) for row in rows)
        if wrong:
            raise Refused(
                "rows_wrong",
                ngettext(
                    "Nothing was saved: %(count)s row cannot be read. What you typed is still here.",
                    "Nothing was saved: %(count)s rows cannot be read. What you typed is still here.", wrong,
                ), params={"count": wrong},
            )  # fmt: skip
        before = version.revision
        shown = [int(text) for text in request.POST.get("shown", "").split(",") if text.isascii() and text.isdecimal()]
        saved = actions.save_sheet(version=version, rows=sheet_rows(rows), shown=shown, by=request.user)  # type: ignore[arg-type]
        if saved.revision == before:
            messages.info(request, _("Nothing was changed."))
        else:
            messages.success(request, _("The budget is saved."))
        return redirect("budget", pk=pk)
    except Refused as refused:
        if not version.is_draft or not rows:
            complain(request, refused)
            return redirect("budget", pk=pk)
        sheet = form_sheet(rows, title_figures(version.production), request.POST.get("shown", ""))
        return _sheet_page(request, version, sheet, refused)


def _sheet_page(
    request: HttpRequest, version: BudgetVersion, sheet: FormSheet | None = None, refused: Refused | None = None
) -> HttpResponse:
    production = version.production
    access = request.access  # type: ignore[attr-defined]
    figures = title_figures(production)
    shown = sheet_of(version, figures)
    may_edit = access.may_on("money.edit", production) and version.is_draft
    if may_edit and sheet is None:
        lines = [line for account in shown.accounts for line in account.lines]
        sheet = form_sheet(rows_of(lines, production.studio.currency), figures)
    status = 200 if refused is None else 409 if refused.conflict else 422
    return render(
        request,
        "finance/budget.html",
        {
            "production": production, "version": version, "tab": "production_money", "shown": shown,
            "sheet": sheet if may_edit else None, "may_edit": may_edit,
            "may_open": access.may_on("money.edit", production),
            "may_approve": access.may_on("money.approve", production) and version.is_draft,
            "approved_by_me": version.approved_by_id == request.user.pk,
            "two_people": needs_two_people(shown.total_minor, version),
            "step": last_step(version) if may_edit else None, "refusal": refused.message if refused else "",
            "accounts": COST_CHOICES, "heads": heads(), "units": BudgetUnit.choices, "in_force": budget_in_force(production),
            "proposal": investment_proposal(version, shown.total_minor)
            if version.state != BudgetState.SUPERSEDED else None,
        },
        status=status,
    )  # fmt: skip


@page("money.edit", write="money.edit", methods=("POST",))
def reckon_budget(request: HttpRequest, pk: int) -> HttpResponse:
    """What the sheet as typed would come to; writes nothing."""
    version = version_of(request, pk, "money.edit")
    currency = version.production.studio.currency
    try:
        rows = posted_rows(request.POST, currency)
    except Refused as refused:
        return JsonResponse({"error": refused.message}, status=422)
    return JsonResponse(reckoning_json(rows, title_figures(version.production), currency))


@page("money.edit", write="money.edit", methods=("GET", "POST"))
def budget_board(request: HttpRequest, pk: int) -> HttpResponse:
    """What the board's day-out-of-days would change; a POST takes over the difference that was shown."""
    version = version_of(request, pk, "money.edit")
    board = board_to_read(version.production)
    if request.method == "POST" and board is not None:
        try:
            actions.take_board_over(
                version=version, board=board, seen=request.POST.get("seen", ""), by=request.user  # type: ignore[arg-type]
            )  # fmt: skip
            messages.success(request, _("The cast and set lines are as the board has them."))
            return redirect("budget", pk=pk)
        except Refused as refused:
            complain(request, refused)
            return redirect("budget_board", pk=pk)
    found = board_difference(version, board) if board is not None else None
    return render(
        request,
        "finance/budget_board.html",
        {
            "production": version.production, "version": version, "board": board, "found": found,
            "changes": [ComparedLine(change) for change in found.changes] if found else [], "tab": "production_money",
        },
    )  # fmt: skip


@page("money.edit", write="money.edit", methods=("POST",))
def undo_budget(request: HttpRequest, pk: int) -> HttpResponse:
    version = version_of(request, pk, "money.edit")
    number = request.POST.get("step", "")
    try:
        actions.undo_budget_change(
            version=version, step=int(number) if number.isascii() and number.isdecimal() else 0, by=request.user  # type: ignore[arg-type]
        )  # fmt: skip
        messages.success(request, _("The last change is taken back."))
    except Refused as refused:
        complain(request, refused)
    return redirect("budget", pk=pk)


@page("money.edit", write="money.edit", methods=("GET", "POST"))
def budget_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """Rows pasted from a spreadsheet or read from a file, all of them or none."""
    version = version_of(request, pk, "money.edit")
    posted = request.method == "POST"
    form = BudgetRowsForm(request.POST if posted else None, request.FILES if posted else None)
    if request.method == "POST" and form.is_valid():
        try:
            upload = form.cleaned_data["file"]
            if upload:
                # One byte more than the limit is enough to say that it is passed.
                count = actions.import_lines(
                    version=version, data=upload.read(MOST_FILE_BYTES + 1), replace=form.cleaned_data["replace"],
                    by=request.user,  # type: ignore[arg-type]
                )  # fmt: skip
            else:
                rows = actions.paste_lines(version=version, text=form.cleaned_data["rows"], by=request.user)  # type: ignore[arg-type]
                count = len(rows)
            messages.success(
                request, ngettext("%(count)s line was read.", "%(count)s lines were read.", count) % {"count": count}
            )
            return redirect("budget", pk=pk)
        except Refused as refused:
            put_on(form, refused)
    return render(
        request,
        "finance/budget_rows.html",
        {"production": version.production, "version": version, "form": form, "tab": "production_money"},
        status=422 if form.errors else 200,
    )


@page("money.edit", write="money.edit", methods=("GET", "POST"))
def new_budget_line(request: HttpRequest, pk: int) -> HttpResponse:
    version = version_of(request, pk, "money.edit")
    form = BudgetLineForm(request.POST if request.method == "POST" else None, production=version.production)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_budget_line(version=version, by=request.user, **form.terms)  # type: ignore[arg-type]
            return redirect("budget", pk=pk)
        except Refused as refused:
            put_on(form, refused)
    return _line_page(request, version, form, None)


@page("money.edit", write="money.edit", methods=("GET", "POST"))
def budget_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit or remove one line of a draft: the way a phone takes."""
    line = scoped(request, BudgetLine.objects.select_related("version__production__studio"), "money.edit", pk=pk)
    version = line.version
    form = BudgetLineForm(request.POST if request.method == "POST" else None, production=version.production, line=line)
    try:
        if request.method == "POST" and "remove" in request.POST:
            actions.remove_budget_line(line=line, by=request.user)  # type: ignore[arg-type]
            messages.success(request, _("The line is removed."))
            return redirect("budget", pk=version.pk)
        if request.method == "POST" and form.is_valid():
            actions.edit_budget_line(line=line, by=request.user, **form.terms)  # type: ignore[arg-type]
            return redirect("budget", pk=version.pk)
    except Refused as refused:
        if refused.conflict:
            complain(request, refused)
            return redirect("budget", pk=version.pk)
        put_on(form, refused)
    return _line_page(request, version, form, line)


def _line_page(
    request: HttpRequest, version: BudgetVersion, form: BudgetLineForm, line: BudgetLine | None
) -> HttpResponse:
    return render(
        request,
        "finance/budget_line.html",
        {
            "production": version.production, "version": version, "form": form, "line": line,
            "tab": "production_money",
        },
        status=422 if form.errors else 200,
    )  # fmt: skip
