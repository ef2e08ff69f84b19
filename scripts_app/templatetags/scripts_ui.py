"""Tags of the script room's pages."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from scripts_app.models import Revision

register = template.Library()


@register.simple_tag
def revision_name(revision: Revision) -> SafeString:
    """A revision with the colour it came in: the colour is always named, for not everybody sees or prints it."""
    name = _("Revision %(number)s") % {"number": revision.number}
    return format_html("{} {}", name, revision_chip(revision))


@register.simple_tag
def revision_chip(revision: Revision) -> SafeString | str:
    """The colour of a revision as a chip with its name; nothing for one that has none."""
    return tint_chip(revision.colour_tint, revision.colour) if revision.colour else ""


@register.simple_tag
def tint_chip(tint: str, name: str) -> SafeString:
    return format_html('<span class="chip paper-chip"><i class="paper paper-{}"></i>{}</span>', tint, name)
