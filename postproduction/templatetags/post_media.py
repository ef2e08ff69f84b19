"""Measures of media as people read them."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.filter
def clock(milliseconds: Any) -> str:
    """`1:02.5` of 62,500 ms, rounded down to tenths; an em dash for nothing."""
    if not isinstance(milliseconds, int):
        return "—"
    minutes, rest = divmod(milliseconds // 100, 600)
    return f"{minutes}:{rest // 10:02d}.{rest % 10}"


@register.filter
def tenths(value: Any) -> str:
    """`−14.2` of -142; an em dash for nothing."""
    if not isinstance(value, int):
        return "—"
    return f"{'−' if value < 0 else ''}{abs(value) // 10}.{abs(value) % 10}"
