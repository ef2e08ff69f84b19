"""The hot cost of a shoot day as a sheet of paper."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from finance.queries.hot_costs import HotDay, ThingCost, TitleCosts
from finance.sources import LABELS
from studio.documents import render_pdf
from studio.values import Money


def clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


def thing_name(row: ThingCost) -> str:
    """What a hire or another cost is called in the reader's language."""
    if row.kind == "extras":
        return _("Extras, %(count)s people") % {"count": row.count}
    if row.kind == "set":
        return _("%(place)s (not booked)") % {"place": row.name}
    label = str(LABELS.get(row.kind, LABELS["hand"]))
    return f"{label} · {row.name}" if row.name else label


def hot_cost_data(costs: TitleCosts, row: HotDay) -> dict[str, Any]:
    """What `hot_cost.typ` draws."""
    production = costs.production
    unit = production.studio.currency

    def money(minor: int | None) -> Money | str:
        return "" if minor is None else Money(minor, unit)

    return {
        "lang": "zh" if (get_language() or "").startswith("zh") else "en",
        "studio": production.studio.name, "title": production.title, "code": production.code,
        "number": row.day.number, "date": row.day.date, "reported": row.reported, "provisional": row.provisional,
        "planned": money(row.planned_minor), "actual": money(row.actual_minor if row.reported else None),
        "over": money(row.over_minor if row.reported else None), "overtime": money(row.overtime_minor),
        "overtime_hours": clock(row.overtime_minutes), "scenes_planned": row.scenes_planned,
        "scenes_shot": row.scenes_shot, "scenes_owed": row.scenes_owed, "per_scene": money(row.per_scene_minor),
        "per_minute": money(row.per_minute_minor), "running": money(row.running_minor),
        "budget": money(costs.budget_minor), "left": money(costs.budget_minor - row.running_minor),
        "accounts": [
            {
                "name": account.label, "planned": money(account.planned_minor), "actual": money(account.actual_minor),
                "over": money(account.over_minor),
            }
            for account in row.accounts()
        ],
        "people": [
            {
                "name": person.name, "job": person.job_title, "planned": money(person.planned_minor),
                "hours": clock(person.overtime_minutes) if person.overtime_minutes else "",
                "overtime": money(person.overtime_minor) if person.overtime_minor else "",
                "actual": money(person.actual_minor), "over": money(person.over_minor),
            }
            for person in row.people
        ],
        "things": [
            {"name": thing_name(thing), "planned": money(thing.planned_minor), "actual": money(thing.actual_minor)}
            for thing in row.things
        ],
    }  # fmt: skip


def hot_cost_pdf(costs: TitleCosts, row: HotDay) -> bytes:
    return render_pdf("hot_cost.typ", hot_cost_data(costs, row))
