"""Charts as plain data in ECharts' words; amounts in main units, drawn and never added up again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from studio.values import CURRENCIES, Money


def waterfall(receipts: int, shares: Sequence[tuple[str, int, str]], retained: int, currency: str) -> dict[str, Any]:
    """Receipts, what each party takes of them, what stays. `shares` are (name, minor, url)."""
    steps = [
        (_("Receipts"), receipts, "token:chart-1", ""),
        *((name, -minor, "token:chart-2", url) for name, minor, url in shares),
    ]
    names, floors, bars = [], [], []
    level = 0
    for name, minor, colour, url in steps:
        low, high = sorted((level, level + minor))
        level += minor
        names.append(name)
        floors.append(_number(low, currency))
        bars.append(_bar(high - low, abs(minor), currency, colour, url))
    names.append(_("Retained"))
    floors.append(_number(min(0, retained), currency))
    bars.append(_bar(abs(retained), retained, currency, "token:chart-5", ""))
    return {
        "grid": {"left": 8, "right": 16, "top": 24, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "category", "data": names, "axisLabel": {"interval": 0, "width": 84, "overflow": "truncate"}},
        "yAxis": {"type": "value"},
        "series": [
            {
                "type": "bar", "stack": "all", "silent": True, "data": floors,
                "itemStyle": {"color": "transparent"},
            },
            {
                "type": "bar", "stack": "all", "data": bars, "barMaxWidth": 56,
            },
        ],
    }  # fmt: skip


def _number(minor: int, currency: str) -> float:
    # Only pixels are made of it; every sum on the page comes from whole fen.
    return minor / 10 ** CURRENCIES[currency]


def _bar(height: int, minor: int, currency: str, colour: str, url: str) -> dict[str, Any]:
    bar: dict[str, Any] = {
        "value": _number(height, currency), "itemStyle": {"color": colour},
        "label": {"show": True, "position": "top", "formatter": str(Money(minor, currency)), "color": "token:text-2"},
    }  # fmt: skip
    if url:
        bar["url"] = url
    return bar


def cost_curve(days: Sequence[Any], currency: str) -> dict[str, Any] | None:
    """Planned and actual cost of shoot days, each added up over the days; actual ends with the last report."""
    if not days:
        return None
    planned, actual = [], []
    plan_sum = made_sum = 0
    last = max((place for place, row in enumerate(days) if row.reported), default=-1)
    for place, row in enumerate(days):
        plan_sum += row.planned_minor
        planned.append(_number(plan_sum, currency))
        if place <= last:
            made_sum += row.actual_minor
            actual.append(_number(made_sum, currency))
    return {
        "grid": {"left": 8, "right": 16, "top": 32, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "data": [_("Planned"), _("Actual")]},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": [f"{row.day.date:%m-%d}" for row in days]},
        "yAxis": {"type": "value"},
        "series": [
            {"name": _("Planned"), "type": "line", "data": planned, "itemStyle": {"color": "token:chart-6"}, "lineStyle": {"type": "dashed", "color": "token:chart-6"}},
            {"name": _("Actual"), "type": "line", "data": actual, "itemStyle": {"color": "token:chart-1"}, "lineStyle": {"color": "token:chart-1"}},
        ],
    }  # fmt: skip


def margin_line(points: Sequence[Any], studio: Any) -> dict[str, Any] | None:
    """The margin after each point, in their order."""
    if len(points) < 2:
        return None
    dates = [f"{point.reckoned_at.astimezone(studio.zone):%m-%d}" for point in points]
    values = [_number(point.margin_minor, studio.currency) for point in points]
    return {
        "grid": {"left": 8, "right": 16, "top": 16, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": dates},
        "yAxis": {"type": "value"},
        "series": [
            {"name": _("Margin"), "type": "line", "step": "end", "data": values, "itemStyle": {"color": "token:chart-1"}, "lineStyle": {"color": "token:chart-1"}},
        ],
    }  # fmt: skip
