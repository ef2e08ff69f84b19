"""Tax tables of a studio, and a place to try what a payment leaves, or what a fee after tax would cost."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from finance import taxes
from finance.choices import TaxTableMethod
from finance.forms_taxes import TaxTableForm, TaxTrialForm
from finance.models import TaxTable
from finance.sentences import tax_sentence
from finance.tax import trial
from finance.views import complain, put_on
from studio.doors import page, scoped, studio_for
from studio.refusals import Refused
from studio.values import Money


@page("money.view", write="money.edit", methods=("GET", "POST"))
def tax_tables(request: HttpRequest) -> HttpResponse:
    """Every table with what holds today marked; `?amount=` tries one; a POST adds a table of the studio's own."""
    studio = studio_for(request, "money.edit" if request.method == "POST" else "money.view")
    form = TaxTableForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            taxes.add_tax_table(studio=studio, by=request.user, **form.terms)  # type: ignore[arg-type]
        except Refused as refused:
            put_on(form, refused)
        else:
            messages.success(request, _("The table holds from its day on. What was paid before keeps its reckoning."))
            return redirect("tax_tables")
    today = timezone.localdate(timezone=studio.zone)
    trying = TaxTrialForm(request.GET if "amount" in request.GET else None, initial={"on": today})
    tried: dict[str, Any] | None = None
    if trying.is_bound and trying.is_valid():
        try:
            tried = trial(studio_id=studio.pk, **trying.cleaned_data)
            tried["rows"] = [{"text": tax_sentence(step), "minor": step["amount_minor"]} for step in tried["steps"]]
        except Refused as refused:
            put_on(trying, refused)
    return render(
        request, "finance/taxes.html",
        {
            "methods": _by_method(studio.pk, today), "form": form, "opened": form.is_bound, "trying": trying,
            "tried": tried,
            "payer": studio.get_payer_kind_display(),
            "may_edit": request.access.may_in_studio("money.edit", studio.pk),  # type: ignore[attr-defined]
        },
        status=422 if form.is_bound or (trying.is_bound and trying.errors) else 200,
    )  # fmt: skip


def _by_method(studio_id: int, today: Any) -> list[dict[str, Any]]:
    """Methods with their tables, the newest first; the one that holds today is marked."""
    from finance.settlement.tax import TaxError, table_for

    tables = taxes.tables_of(studio_id)
    own = {(row.method, row.from_date): row for row in TaxTable.objects.filter(studio=studio_id)}
    found = []
    for method in TaxTableMethod:
        try:
            holding = table_for(method.value, today, tables)
        except TaxError:
            holding = None
        rows = [
            {
                "table": table, "holds": table is holding, "later": table.from_date > today,
                "own": own.get((table.method, table.from_date)) if table not in taxes.TABLES else None,
                "brackets": [
                    {"most": Money(bracket.most) if bracket.most is not None else None,
                     "rate": f"{float(bracket.rate * 100):g}%", "quick": Money(bracket.quick)}
                    for bracket in table.brackets
                ],
                "deduction": f"{float(table.deduction * 100):g}%" if table.deduction else "",
                "part": f"{float(table.part * 100):g}%" if table.part != 1 else "",
                "small": Money(table.small), "small_deduction": Money(table.small_deduction),
                "monthly": Money(table.monthly) if table.monthly else None,
            }
            for table in sorted(tables, key=lambda each: each.from_date, reverse=True)
            if table.method == method.value
        ]  # fmt: skip
        found.append({"label": method.label, "rows": rows, "none_today": holding is None})
    return found


@page("money.view", write="money.edit", methods=("POST",))
def remove_tax_table(request: HttpRequest, pk: int) -> HttpResponse:
    row = scoped(request, TaxTable.objects.select_related("studio"), "money.edit", pk=pk)
    try:
        taxes.remove_tax_table(table=row, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The table is taken away."))
    except Refused as refused:
        complain(request, refused)
    return redirect("tax_tables")
