"""Pages of what a shoot makes: every day's hot cost, one day, and its paper."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from finance.charts import cost_curve
from finance.exports import FORMATS, WRITERS
from finance.hot_cost_paper import hot_cost_pdf
from finance.queries.hot_costs import HotDay, TitleCosts, title_costs
from scheduling.models import ShootDay
from studio.doors import page, scoped
from studio.models import Production
from studio.values import Money


@page("money.view")
def hot_costs(request: HttpRequest, pk: int) -> HttpResponse:
    """A title's shoot days, planned against actual, with the curve of both."""
    production = scoped(request, Production.objects.select_related("studio"), "money.view", pk=pk)
    costs = title_costs(production)
    if request.GET.get("format") in FORMATS:
        return _export(costs, request.GET["format"])
    reported = [row for row in costs.days if row.reported]
    return render(
        request,
        "finance/hot_costs.html",
        {
            "production": production, "days": costs.days, "reported": reported, "tab": "production_money",
            "budget_minor": costs.budget_minor, "chart": cost_curve(costs.days, production.studio.currency),
            "planned_minor": sum(row.planned_minor for row in reported),
            "actual_minor": sum(row.actual_minor for row in reported),
            "over_minor": sum(row.over_minor for row in reported),
            "overtime_minor": sum(row.overtime_minor for row in reported),
        },
    )  # fmt: skip


def _export(costs: TitleCosts, kind: str) -> HttpResponse:
    unit = costs.production.studio.currency
    heads = [
        _("Shoot day"), _("Date"), _("Planned"), _("Actual"), _("Over"), _("Overtime minutes"), _("Overtime"),
        _("Scenes planned"), _("Scenes shot"), _("Owed"), _("Cost per scene"), _("Cost per finished minute"),
        _("Cost to date"), _("Budget"), _("Currency"), _("Provisional"),
    ]  # fmt: skip

    def money(minor: int | None) -> Money | str:
        return "" if minor is None else Money(minor, unit)

    rows = [
        [
            row.day.number, row.day.date, money(row.planned_minor), money(row.actual_minor if row.reported else None),
            money(row.over_minor if row.reported else None), row.overtime_minutes, money(row.overtime_minor),
            row.scenes_planned, row.scenes_shot, row.scenes_owed, money(row.per_scene_minor),
            money(row.per_minute_minor), money(row.running_minor), money(costs.budget_minor), unit,
            _("yes") if row.provisional else "",
        ]
        for row in costs.days
    ]  # fmt: skip
    return WRITERS[kind](f"hot-costs-{costs.production.pk}", heads, rows)


def _day(request: HttpRequest, pk: int) -> tuple[TitleCosts, HotDay]:
    """The day's hot cost; a cancelled day costs nothing and has no page (404)."""
    from django.http import Http404

    day = scoped(request, ShootDay.objects.select_related("production__studio"), "money.view", pk=pk)
    costs = title_costs(day.production)
    found = costs.day(day.pk)
    if found is None:
        raise Http404
    return costs, found


@page("money.view")
def hot_cost(request: HttpRequest, pk: int) -> HttpResponse:
    """One shoot day the morning after: by account, by person, and what it did to the title."""
    costs, row = _day(request, pk)
    place = costs.days.index(row)
    context: dict[str, Any] = {
        "production": costs.production, "row": row, "day": row.day, "accounts": row.accounts(),
        "budget_minor": costs.budget_minor, "tab": "production_money", "left_minor": costs.budget_minor - row.running_minor,
        "before": costs.days[place - 1] if place else None,
        "after": costs.days[place + 1] if place + 1 < len(costs.days) else None,
    }  # fmt: skip
    return render(request, "finance/hot_cost.html", context)


@page("money.view")
def hot_cost_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The day on one sheet of paper."""
    costs, row = _day(request, pk)
    response = HttpResponse(hot_cost_pdf(costs, row), content_type="application/pdf")
    name = f"hot-cost-{costs.production.code}-{row.day.date.isoformat()}.pdf"
    from django.utils.http import content_disposition_header

    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return response
