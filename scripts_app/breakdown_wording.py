"""Sentences of the breakdown: letters of kinds, steps, rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, gettext_lazy, pgettext

from scripts_app.choices import Category, LinkWhen


def _letters() -> dict[str, str]:
    """What stands at a mark beside its colour: one letter, or one character, for each kind of thing."""
    return {
        "extras": pgettext("mark of a category", "E"), "props": pgettext("mark of a category", "P"),
        "wardrobe": pgettext("mark of a category", "W"), "makeup": pgettext("mark of a category", "M"),
        "vehicles": pgettext("mark of a category", "V"), "animals": pgettext("mark of a category", "A"),
        "stunts": pgettext("mark of a category", "T"), "effects": pgettext("mark of a category", "X"),
        "sound": pgettext("mark of a category", "S"), "set_dressing": pgettext("mark of a category", "D"),
        "minors": pgettext("mark of a category", "C"),
    }  # fmt: skip


def category_letter(code: str) -> str:
    return _letters().get(code, "")


_STEPS = {
    "add": gettext_lazy("“%(name)s” put on the breakdown"),
    "tag": gettext_lazy("“%(name)s” tagged in %(scenes)s"),
    "mark": gettext_lazy("“%(name)s” marked in %(scenes)s"),
    "untag": gettext_lazy("“%(name)s” taken out of %(scenes)s"),
    "remove": gettext_lazy("“%(name)s” taken off the breakdown"),
    "accept": gettext_lazy("Suggestions taken over: %(name)s"),
    "refuse": gettext_lazy("“%(name)s” refused for this title"),
    "allow": gettext_lazy("“%(name)s” allowed again"),
    "rename": gettext_lazy("“%(name)s” renamed “%(to)s”"),
    "merge": gettext_lazy("“%(name)s” joined with “%(to)s”"),
}


def step_sentence(kind: str, params: Mapping[str, Any]) -> str:
    """What a step of the breakdown was."""
    shown = {"name": "", "to": "", **params, "scenes": "、".join(params.get("scenes", []))}
    return str(_STEPS[kind]) % shown if kind in _STEPS else kind


def rule_sentence(when: str, when_category: str, when_name: str) -> str:
    """What sets a linked rule off."""
    kind = str(dict(Category.choices).get(when_category, when_category))
    if when == LinkWhen.ROLE:
        return gettext("When the role “%(name)s” appears") % {"name": when_name}
    if when == LinkWhen.SET:
        return gettext("When a scene plays in “%(name)s”") % {"name": when_name}
    if when == LinkWhen.ELEMENT:
        return gettext("When there is “%(name)s” (%(kind)s)") % {"name": when_name, "kind": kind}
    return gettext("When there is anything under %(kind)s") % {"kind": kind}
