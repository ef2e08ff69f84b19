"""Reusable parts beside a budget: put in, kept from its lines, and where copies differ from them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from finance import actions
from finance.budget_comparison import ComparedLine
from finance.budget_parts import part_differences
from finance.models import BudgetPart
from finance.queries import title_figures
from finance.views import complain
from finance.views_budget import version_of
from studio.doors import page, scoped
from studio.refusals import Refused


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def _part(request: HttpRequest, pk: int) -> BudgetPart:
    # Parts are the studio's: who works on one title alone has none.
    return scoped(request, BudgetPart.objects.all(), "money.edit", pk=pk)


@page("money.edit")
def budget_parts(request: HttpRequest, pk: int) -> HttpResponse:
    """The studio's parts, and the copies in this budget that are not as their part is by now."""
    version = version_of(request, pk, "money.edit")
    access = request.access  # type: ignore[attr-defined]
    parts = access.scope(BudgetPart.objects.filter(studio=version.production.studio_id), "money.edit")
    return render(
        request,
        "finance/budget_parts.html",
        {
            "production": version.production, "version": version, "tab": "production_money",
            "parts": parts.prefetch_related("lines"), "figures": title_figures(version.production),
            "groups": sorted(set(version.lines.exclude(group="").values_list("group", flat=True))),
            "differences": [
                (row, [ComparedLine(change) for change in row.changes]) for row in part_differences(version)
            ],
            "may_keep": access.may_in_studio("money.edit", version.production.studio_id),
        },
    )  # fmt: skip


@page("money.edit", write="money.edit", methods=("POST",))
def keep_part(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a group, or without one the whole budget, as a part of the studio."""
    version = version_of(request, pk, "money.edit")
    try:
        if not request.access.may_in_studio("money.edit", version.production.studio_id):  # type: ignore[attr-defined]
            raise Refused("not_the_studio", _("Parts belong to the whole studio; you work on one title of it."))
        part = actions.keep_part(
            version=version, name=request.POST.get("name", ""), group=request.POST.get("group") or None, by=request.user  # type: ignore[arg-type]
        )  # fmt: skip
        messages.success(request, _("“%(name)s” is kept as a part.") % {"name": part.name})
    except Refused as refused:
        complain(request, refused)
    return redirect("budget_parts", pk=pk)


@page("money.edit", write="money.edit", methods=("POST",))
def insert_part(request: HttpRequest, pk: int, part_pk: int) -> HttpResponse:
    version = version_of(request, pk, "money.edit")
    part = _part(request, part_pk)
    try:
        actions.insert_part(version=version, part=part, times=_number(request.POST.get("times", "1")), by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("“%(name)s” is put in.") % {"name": part.name})
        return redirect("budget", pk=pk)
    except Refused as refused:
        complain(request, refused)
    return redirect("budget_parts", pk=pk)


@page("money.edit", write="money.edit", methods=("POST",))
def refresh_part(request: HttpRequest, pk: int, part_pk: int) -> HttpResponse:
    version = version_of(request, pk, "money.edit")
    part = _part(request, part_pk)
    try:
        actions.refresh_part(
            version=version, part=part, copy=_number(request.POST.get("copy", "")), seen=request.POST.get("seen", ""),
            by=request.user,  # type: ignore[arg-type]
        )  # fmt: skip
        messages.success(request, _("The lines are as the part has them."))
    except Refused as refused:
        complain(request, refused)
    return redirect("budget_parts", pk=pk)


@page("money.edit", write="money.edit", methods=("POST",))
def remove_part(request: HttpRequest, pk: int) -> HttpResponse:
    part = _part(request, pk)
    try:
        actions.remove_part(part=part, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The part is removed; budgets keep their lines."))
    except Refused as refused:
        complain(request, refused)
    return redirect("money")
