"""Times of shoot days in templates."""

from django import template

from scheduling.call_sheet_clock import clock

register = template.Library()
register.filter("clock", clock)
