"""How this room writes times of a shoot day and strips."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from scripts_app.choices import IntExt, TimeOfDay

register = template.Library()


@register.filter
def clock(minute: int | None) -> str:
    """`06:30`; past midnight the hours go on (`25:30`), as on call sheets."""
    return "" if minute is None else f"{minute // 60:02d}:{minute % 60:02d}"


@register.filter
def duration(minutes: int | None) -> str:
    """`13h30`, `45 min`."""
    if not minutes:
        return "0"
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": rest}
    return f"{hours}h{rest:02d}" if rest else _("%(hours)sh") % {"hours": hours}


@register.filter
def light(strip: Any) -> str:
    """Two letters of a strip: inside or outside, day or night."""
    place = {
        IntExt.INT: pgettext("strip", "INT"),
        IntExt.EXT: pgettext("strip", "EXT"),
        IntExt.INT_EXT: pgettext("strip", "I/E"),
    }.get(strip.int_ext, "")
    time = {
        TimeOfDay.DAY: pgettext("strip", "D"),
        TimeOfDay.NIGHT: pgettext("strip", "N"),
        TimeOfDay.DAWN: pgettext("strip", "Dawn"),
        TimeOfDay.DUSK: pgettext("strip", "Dusk"),
    }.get(strip.time_of_day, "")
    return " ".join(part for part in (place, time) if part)


@register.filter
def light_name(strip: Any) -> str:
    """The same in whole words, for tool tips and screen readers."""
    place = dict(IntExt.choices).get(strip.int_ext, "")
    time = dict(TimeOfDay.choices).get(strip.time_of_day, "")
    return f"{place} {time}".strip()


@register.filter
def is_banner(row: Any) -> bool:
    return hasattr(row, "kind")


@register.filter
def percent_of(part: int | None, whole: int | None) -> int:
    return round(100 * (part or 0) / whole) if whole else 0
