"""What the rules have to say, in the language of who looks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext, pgettext

from compliance.rules import REASONS, Need, RuleFault, special_themes
from studio.refusals import Refused


def theme_label(code: str) -> str:
    name = special_themes().get(code)
    return gettext(name) if name else code


def theme_choices() -> list[tuple[str, str]]:
    return [(code, theme_label(code)) for code in special_themes()]


def reason_sentence(reason: Mapping[str, Any]) -> str:
    """The sentence of a stored reason; its English one when a later release dropped the code."""
    template = REASONS.get(reason["code"])
    if template is None:
        return str(reason.get("message", ""))
    shown = {}
    for name, value in reason.get("params", {}).items():
        if name == "themes":
            shown[name] = gettext(", ").join(theme_label(code) for code in value)
        elif name in {"investment", "bound"}:
            whole, dot, rest = str(value).partition(".")
            shown[name] = f"{int(whole):,}{dot}{rest}"
        else:
            shown[name] = value
    try:
        return gettext(template).format_map(shown)
    except KeyError:
        return str(reason.get("message", ""))


def need_label(need: Need) -> str:
    """How a consent stands, in words."""
    if need.state == "given":
        until = pgettext("consent", "given, until %(date)s") % {"date": need.until_date}
        return until if need.until_date else pgettext("consent", "given")
    if need.state == "ended":
        return pgettext("consent", "ended on %(date)s") % {"date": need.until_date}
    return pgettext("consent", "begins later") if need.state == "later" else pgettext("consent", "missing")


def _sentence(template: str, params: Mapping[str, Any]) -> str:
    return gettext(template).format_map(params)


_lazy_sentence = lazy(_sentence, str)


def refusal(fault: RuleFault, field: str | None = None) -> Refused:
    return Refused(fault.code, _lazy_sentence(fault.template, dict(fault.params)), field=field)


def _names(names: tuple[str, ...]) -> str:
    return gettext(", ").join(gettext(name) for name in names)


lazy_names = lazy(_names, str)
