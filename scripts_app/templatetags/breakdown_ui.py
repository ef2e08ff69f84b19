"""How this room names kinds of things and why they are there."""

from __future__ import annotations

from django import template

from scripts_app.breakdown_wording import category_letter, rule_sentence
from scripts_app.choices import Category
from scripts_app.models import LinkRule
from scripts_app.queries.marked import MarkedPiece

register = template.Library()
register.filter("category_letter", category_letter)


@register.filter
def category_name(code: str) -> str:
    return str(dict(Category.choices).get(code, code))


@register.filter
def letters_of(piece: MarkedPiece) -> str:
    """The letters of all kinds marked on a piece, each once."""
    return "".join(dict.fromkeys(category_letter(category) for category, _name, _suggested in piece.things))


@register.filter
def told(piece: MarkedPiece) -> str:
    return "；".join(f"{category_name(category)}：{name}" for category, name, _suggested in piece.things)


@register.filter
def sentence(rule: LinkRule) -> str:
    return rule_sentence(rule.when, rule.when_category, rule.when_name)
