"""Times of shoot days in templates."""

from django import template

from scheduling.call_sheet_clock import clock

register = template.Library()
register.filter("clock", clock)

TONES = {"called": "info", "wrapped": "warn", "approved": "good", "cancelled": "bad"}


@register.filter
def day_tone(state: str) -> str:
    """How the state of a shoot day feels: a wrapped one still waits for somebody."""
    return TONES.get(state, "neutral")
