"""Which class a title falls into: key, ordinary or other, under the rules of its date."""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Literal

from studio.values import Money, in_force

from .faults import RuleFault

ClassName = Literal["key", "ordinary", "other"]
ANY = "any"
Param = str | int | list[str]


@dataclass(frozen=True, slots=True)
class Case:
    """What a title is judged by. `investment_fen` is the total investment; `themes` are codes.

    `work_kind` is `ai` for a work made with AI, comic dramas and digital humans among them, `live` for one that
    is shot; another kind is judged by its own rules where a studio has added some.
    """

    investment_fen: int
    work_kind: str
    themes: frozenset[str]
    promoted: bool
    on: dt.date
    voluntary_key: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.investment_fen, bool) or not isinstance(self.investment_fen, int):
            raise RuleFault("investment_not_whole", "The investment must be given in whole fen.")
        if self.investment_fen < 0:
            raise RuleFault("investment_negative", "The investment cannot be negative.")
        if not self.work_kind or self.work_kind == ANY:
            raise RuleFault("work_kind_missing", "Say what kind of work the title is.")
        object.__setattr__(self, "themes", frozenset(self.themes))


@dataclass(frozen=True, slots=True)
class ClassRule:
    """A dated classification rule for one kind of work or for any.

    `key_from` and `ordinary_from` are fen of total investment, both inclusive; no `ordinary_from` means that
    the rule knows no ordinary class. `special_themes` None stands for the themes of the notices.
    """

    from_date: dt.date
    work_kind: str
    key_from: int
    ordinary_from: int | None
    special_theme_is_key: bool
    promoted_is_key: bool
    source: str = ""
    special_themes: frozenset[str] | None = None

    def __post_init__(self) -> None:
        if self.key_from <= 0 or (self.ordinary_from is not None and not 0 < self.ordinary_from < self.key_from):
            raise RuleFault(
                "rule_bounds",
                "The rule of {rule}: the ordinary class starts above zero and below the key class.",
                rule=self.id,
            )

    @property
    def id(self) -> str:
        """`2026-07-01/ai`: what a judgement keeps to name the version it was made under."""
        return f"{self.from_date.isoformat()}/{self.work_kind}"


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground of a judgement."""

    code: str
    params: Mapping[str, Param]
    message: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """The class, the rule it was found under and why; `reasons` name every ground that alone would do."""

    class_: ClassName
    rule: str
    from_date: dt.date
    reasons: list[Reason] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        reasons = [{"code": one.code, "params": dict(one.params), "message": one.message} for one in self.reasons]
        return {
            "class": self.class_,
            "rule": self.rule,
            "from_date": self.from_date.isoformat(),
            "reasons": reasons,
        }


REASONS = {
    "key_investment": "Investment of {investment} yuan reaches {bound} yuan, where the key class starts.",
    "key_theme": "Special theme: {themes}.",
    "key_promoted": "The title is promoted by a platform or shown on its first screen.",
    "key_voluntary": "The studio files it as key of its own will.",
    "ordinary_investment": "Investment of {investment} yuan reaches {bound} yuan, where the ordinary class starts.",
    "other_investment": "Investment of {investment} yuan stays below {bound} yuan.",
}


def classify(case: Case, rules: Sequence[ClassRule]) -> Judgement:
    """Judge a title under the rule in force on its date.

    A rule for its kind of work stands before one for any kind, however old. Raises RuleFault
    `no_rule_in_force` when the date lies before every rule that applies.
    """
    rule = rule_for(case.work_kind, case.on, rules)
    investment = _yuan(case.investment_fen)
    themes = sorted(case.themes & (special_themes().keys() if rule.special_themes is None else rule.special_themes))
    grounds: list[Reason] = []
    if case.investment_fen >= rule.key_from:
        grounds.append(_reason("key_investment", investment=investment, bound=_yuan(rule.key_from)))
    if rule.special_theme_is_key and themes:
        grounds.append(_reason("key_theme", themes=themes))
    if rule.promoted_is_key and case.promoted:
        grounds.append(_reason("key_promoted"))
    if case.voluntary_key:
        grounds.append(_reason("key_voluntary"))
    if grounds:
        return Judgement("key", rule.id, rule.from_date, grounds)
    if rule.ordinary_from is not None and case.investment_fen >= rule.ordinary_from:
        ground = _reason("ordinary_investment", investment=investment, bound=_yuan(rule.ordinary_from))
        return Judgement("ordinary", rule.id, rule.from_date, [ground])
    bound = rule.key_from if rule.ordinary_from is None else rule.ordinary_from
    ground = _reason("other_investment", investment=investment, bound=_yuan(bound))
    return Judgement("other", rule.id, rule.from_date, [ground])


def rule_for(work_kind: str, on: dt.date, rules: Iterable[ClassRule]) -> ClassRule:
    """The rule that judges that kind of work on that date. Raises RuleFault `no_rule_in_force`."""
    rows = list(rules)
    own = in_force((row for row in rows if row.work_kind == work_kind), on)
    found = own or in_force((row for row in rows if row.work_kind == ANY), on)
    if found is None:
        raise RuleFault("no_rule_in_force", "No classification rule was in force on {on}.", on=on.isoformat())
    return found


def default_rules() -> list[ClassRule]:
    """The rules of the regulator's notices, oldest first."""
    return [rule_from_json(row) for row in _document()["rules"]]


def rule_from_json(row: Mapping[str, Any]) -> ClassRule:
    """Read a rule as the data file writes it: amounts as yuan in text, dates as 2026-01-31."""
    ordinary = row["ordinary_from"]
    return ClassRule(
        from_date=dt.date.fromisoformat(row["from"]),
        work_kind=row["work_kind"],
        key_from=Money.parse(row["key_from"]).minor,
        ordinary_from=None if ordinary is None else Money.parse(ordinary).minor,
        special_theme_is_key=row["special_theme_is_key"],
        promoted_is_key=row["promoted_is_key"],
        source=row.get("source", ""),
    )


@functools.cache
def special_themes() -> Mapping[str, str]:
    """Theme codes of the notices and their English names."""
    themes: dict[str, str] = _document()["special_themes"]
    return themes


@functools.cache
def _document() -> dict[str, Any]:
    text = files(__package__).joinpath("data/classes.json").read_text("utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def _yuan(fen: int) -> str:
    return Money(fen).plain().removesuffix(".00")


def _reason(code: str, **params: Param) -> Reason:
    shown = {name: ", ".join(value) if isinstance(value, list) else value for name, value in params.items()}
    return Reason(code, params, REASONS[code].format_map(shown))
