"""What a day on set costs beside day rates and overtime: short rest, late meals, nights, weekends, extras. Pure."""

from finance.daypay.reckoning import (
    NIGHT,
    PENALTIES,
    WEEKEND,
    Part,
    Rate,
    Sheet,
    extras_part,
    half_hours,
    night_minutes,
    penalties,
    rate_at,
)

__all__ = [
    "NIGHT", "PENALTIES", "WEEKEND", "Part", "Rate", "Sheet", "extras_part", "half_hours", "night_minutes",
    "penalties", "rate_at",
]  # fmt: skip
