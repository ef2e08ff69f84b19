"""Words that money pages share with their papers."""

from __future__ import annotations

from django import template

from finance.hot_cost_paper import clock
from finance.hot_cost_paper import thing_name as name_of
from finance.queries.hot_costs import ThingCost

register = template.Library()


@register.simple_tag
def hours(minutes: int) -> str:
    """Minutes as people read a length of time: 1:05."""
    return clock(minutes)


@register.simple_tag
def thing_name(row: ThingCost) -> str:
    return name_of(row)
