"""A rule before it takes effect: may it stand beside the others, and which titles would it judge otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from .classify import ANY, Case, ClassRule, Judgement, classify
from .faults import RuleFault

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Touched(Generic[Key]):
    """A title that a change judges otherwise; no judgement where no rule is in force."""

    key: Key
    before: Judgement | None
    after: Judgement | None

    @property
    def moves(self) -> bool:
        """Whether the class changes, not only the rule that it is judged under."""
        return (self.before and self.before.class_) != (self.after and self.after.class_)


def with_rule(rules: Iterable[ClassRule], new: ClassRule, *, instead_of: ClassRule | None = None) -> list[ClassRule]:
    """The rules once `new` is in force, in place of another where it supersedes one.

    Each rule holds until the next of its kind begins, so two of one date overlap, and taking away the first of a kind
    leaves days that no rule covers. Raises RuleFault: rule_overlap, rule_gap, rule_other_kind, rule_not_there.
    """
    standing = list(rules)
    if instead_of is not None:
        if instead_of not in standing:
            raise RuleFault("rule_not_there", "The rule of {rule} is not in force.", rule=instead_of.id)
        if instead_of.work_kind != new.work_kind:
            raise RuleFault("rule_other_kind", "A rule supersedes one for the same kind of work.")
        if new.from_date > instead_of.from_date and _first(standing, new.work_kind) == instead_of.from_date:
            raise RuleFault(
                "rule_gap",
                "From {first} until {then} no rule would be in force. Let the new rule begin on {first}, or stand "
                "beside the old one.",
                first=instead_of.from_date.isoformat(),
                then=new.from_date.isoformat(),
            )
        standing.remove(instead_of)
    if any(rule.id == new.id for rule in standing):
        raise RuleFault(
            "rule_overlap",
            "There is a rule for this kind of work from {on} already. Say that the new one supersedes it, or choose "
            "another date.",
            on=new.from_date.isoformat(),
        )
    return sorted([*standing, new], key=lambda rule: (rule.from_date, rule.work_kind))


def _first(rules: Iterable[ClassRule], work_kind: str) -> dt.date | None:
    """The first day covered by the rules of a kind; own kinds fall back on those for any, which cover theirs."""
    if work_kind != ANY:
        return None
    return min((rule.from_date for rule in rules if rule.work_kind == ANY), default=None)


def touched(
    cases: Iterable[tuple[Key, Case]], before: Sequence[ClassRule], after: Sequence[ClassRule], on: dt.date
) -> Iterator[Touched[Key]]:
    """Titles that `after` judges under another rule or class than `before` on a day, in the order given."""
    for key, case in cases:
        dated = replace(case, on=on)
        old, new = _judged(dated, before), _judged(dated, after)
        if old != new:
            yield Touched(key, old, new)


def _judged(case: Case, rules: Sequence[ClassRule]) -> Judgement | None:
    try:
        return classify(case, rules)
    except RuleFault:
        return None
