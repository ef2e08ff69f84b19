"""Tags that know the rows of the ground floor: a production's head with its tabs."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from studio.context import PRODUCTION_TABS
from studio.models import Production

register = template.Library()


@register.inclusion_tag("studio/_production_head.html", takes_context=True)
def production_head(context: dict[str, Any], production: Production) -> dict[str, Any]:
    """`{% production_head production %}`: title, code, stage, and the tabs of the rooms this user may enter."""
    request = context["request"]
    tabs = []
    for _order, url_name, label, verb in PRODUCTION_TABS:
        if request.access.may_on(verb, production):
            url = reverse(url_name, args=[production.pk])
            tabs.append(
                {"url": url, "label": _(label), "active": request.path == url or url_name == context.get("tab")}
            )
    return {"production": production, "tabs": tabs, "request": request}
