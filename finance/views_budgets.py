"""A title's budgets: the versions, what differs between two of them, and their approval."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from finance import actions
from finance.budget_comparison import comparison_of, comparison_pdf, export_comparison
from finance.models import BudgetVersion
from finance.queries import budget_in_force, budget_versions
from finance.views import complain, title_of
from finance.views_budget import version_of
from studio.doors import page
from studio.refusals import Refused


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


@page("money.view")
def budgets(request: HttpRequest, pk: int) -> HttpResponse:
    """A title's versions, the one in force marked."""
    production = title_of(request, pk)
    in_force = budget_in_force(production)
    return render(
        request,
        "finance/budgets.html",
        {
            "production": production, "tab": "production_money", "versions": budget_versions(production),
            "in_force_pk": in_force.pk if in_force else None,
            "may_edit": request.access.may_on("money.edit", production),  # type: ignore[attr-defined]
        },
    )  # fmt: skip


@page("money.view", write="money.edit", methods=("POST",))
def new_budget(request: HttpRequest, pk: int) -> HttpResponse:
    """A new version: empty, or a copy of another."""
    production = title_of(request, pk, "money.edit")
    copy_of = None
    if request.POST.get("copy_of"):
        copy_of = BudgetVersion.objects.filter(production=production, pk=_number(request.POST["copy_of"])).first()
        if copy_of is None:
            messages.error(request, _("That version is not there any more."))
            return redirect("budgets", pk=pk)
    made = actions.open_budget(
        production=production, by=request.user, name=request.POST.get("name", ""), copy_of=copy_of  # type: ignore[arg-type]
    )  # fmt: skip
    messages.success(request, _("Version %(number)s is open.") % {"number": made.number})
    return redirect("budget", pk=made.pk)


@page("money.view", write="money.edit", methods=("POST",))
def budget_template(request: HttpRequest, pk: int) -> HttpResponse:
    """The studio's standard shares over the title's investment."""
    production = title_of(request, pk, "money.edit")
    try:
        lines = actions.make_budget_from_template(production=production, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The budget is laid out. Change its lines as you know better."))
        return redirect("budget", pk=lines[0].version_id)
    except Refused as refused:
        complain(request, refused)
    return redirect("budgets", pk=pk)


@page("money.edit", write="money.edit", methods=("POST",))
def rename_budget(request: HttpRequest, pk: int) -> HttpResponse:
    version = version_of(request, pk, "money.edit")
    try:
        actions.rename_budget(
            version=version, name=request.POST.get("name", ""), note=request.POST.get("note", ""), by=request.user  # type: ignore[arg-type]
        )  # fmt: skip
        messages.success(request, _("Kept."))
    except Refused as refused:
        complain(request, refused)
    return redirect("budget", pk=pk)


@page("money.edit", write="money.edit", methods=("POST",))
def remove_budget(request: HttpRequest, pk: int) -> HttpResponse:
    version = version_of(request, pk, "money.edit")
    try:
        actions.remove_budget(version=version, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The draft is thrown away."))
    except Refused as refused:
        complain(request, refused)
        return redirect("budget", pk=pk)
    return redirect("budgets", pk=version.production_id)


@page("money.view", write="money.approve", methods=("POST",))
def approve_budget(request: HttpRequest, pk: int) -> HttpResponse:
    version = version_of(request, pk, "money.approve")
    try:
        row = actions.approve_budget(
            version=version, by=request.user, revision=_number(request.POST.get("revision", ""))  # type: ignore[arg-type]
        )  # fmt: skip
        if row.is_draft:
            messages.success(request, _("Approved. Above the studio's limit a second person approves as well."))
        else:
            messages.success(request, _("Version %(number)s is in force.") % {"number": row.number})
    except Refused as refused:
        complain(request, refused)
    return redirect("budget", pk=pk)


@page("money.view", write="money.approve", methods=("POST",))
def return_budget(request: HttpRequest, pk: int) -> HttpResponse:
    version = version_of(request, pk, "money.approve")
    try:
        actions.return_budget(
            version=version, reason=request.POST.get("reason", ""), by=request.user,  # type: ignore[arg-type]
            revision=_number(request.POST.get("revision", "")),
        )  # fmt: skip
        messages.success(request, _("Not approved; the reason stands on the budget."))
    except Refused as refused:
        complain(request, refused)
    return redirect("budget", pk=pk)


@page("money.view")
def compare_budgets(request: HttpRequest, pk: int) -> HttpResponse:
    """Two versions and what was posted, side by side; `?format=` xlsx or pdf is the same as a file."""
    production = title_of(request, pk)
    versions = list(budget_versions(production))
    by_pk = {row.pk: row for row in versions}
    after = by_pk.get(_number(request.GET.get("b", ""))) or (versions[0] if versions else None)
    before = by_pk.get(_number(request.GET.get("a", "")))
    if before is None and after is not None:
        before = after.based_on if after.based_on_id in by_pk else next((v for v in versions if v != after), after)
    found = comparison_of(before, after) if before is not None and after is not None else None
    kind = request.GET.get("format")
    if found is not None and kind == "xlsx":
        return export_comparison(found)
    if found is not None and kind == "pdf":
        response = HttpResponse(comparison_pdf(found), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="budget-{pk}-compared.pdf"'
        return response
    return render(
        request,
        "finance/budget_comparison.html",
        {"production": production, "tab": "production_money", "versions": versions, "found": found},
    )
