"""Linked things: what a scene needs because of what is in it.

Rules may feed each other (a child needs a guardian, a guardian needs a chair). Only what is really in the scene starts
them, so a circle keeps nothing alive by itself: it is walked once and ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ROLE, ELEMENT, CATEGORY, SET = "role", "element", "category", "set"
Thing = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """When `when` (role, element, category, set) is in a scene, add `then` (category, name).

    `category` is that of an element or the whole category meant, `name` that of a role, element or set.
    """

    key: int
    when: str
    category: str
    name: str
    then: Thing


@dataclass(frozen=True, slots=True)
class SceneFacts:
    """What is in a scene before any rule: its set, roles, things, and things nobody wants here."""

    set_name: str
    roles: frozenset[str]
    things: frozenset[Thing]
    refused: frozenset[Thing] = frozenset()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a thing is added: the first rule that asked for it and what set it off."""

    rule: int
    because: str


def linked(facts: SceneFacts, rules: Sequence[Rule]) -> dict[Thing, Reason]:
    """Things that the rules add to a scene, each once, with its reason; none that is there already or refused."""
    added: dict[Thing, Reason] = {}
    present = set(facts.things)
    # A thing is added at most once and a pass that adds none ends it: at most as many passes as rules.
    growing = True
    while growing:
        growing = False
        for rule in rules:
            if rule.then in present or rule.then in facts.refused:
                continue
            because = _trigger(rule, facts, present)
            if because:
                added[rule.then] = Reason(rule.key, because)
                present.add(rule.then)
                growing = True
    return added


def _trigger(rule: Rule, facts: SceneFacts, present: Iterable[Thing]) -> str:
    """What in the scene sets the rule off, or nothing."""
    if rule.when == ROLE:
        return rule.name if rule.name in facts.roles else ""
    if rule.when == SET:
        return rule.name if rule.name and rule.name == facts.set_name else ""
    if rule.when == ELEMENT:
        return rule.name if (rule.category, rule.name) in present else ""
    names = sorted(name for category, name in present if category == rule.category)
    return names[0] if names else ""
