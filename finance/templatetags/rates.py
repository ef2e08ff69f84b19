"""Rates in basis points as people read them."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.filter
def percent(bp: Any) -> str:
    """`12.5%` of 1250 basis points; an em dash for none."""
    if not isinstance(bp, int):
        return "—"
    places = f"{bp % 100:02d}".rstrip("0")
    return f"{bp // 100}.{places}%" if places else f"{bp // 100}%"
