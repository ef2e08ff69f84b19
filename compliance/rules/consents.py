"""Which consents a title is asked for, from whom, and which of them stand on a day; what a declaration of AI lacks."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal

from studio.values import in_force

from .faults import RuleFault
from .papers import TRAITS

CONSENT_KINDS = {
    "guardian": "Consent of a minor's guardian",
    "likeness": "Use of likeness and voice",
    "ai": "Use with AI",
}
WHOM = {"minors": "Minors", "cast": "The cast", "everyone": "Everybody engaged"}
CONSENT_GATES = ("", "shoot", "delivery")
AI_USES = {
    "picture": "Pictures and scenes",
    "face": "Faces of real people",
    "voice": "Voices of real people",
    "dubbing": "Dubbing and translation",
    "music": "Music",
    "script": "Script",
}
State = Literal["given", "missing", "ended", "later"]


@dataclass(frozen=True, slots=True)
class ConsentRule:
    """A consent asked for from a date; `when` narrows it to titles with a trait, `gate` is what it holds shut."""

    from_date: dt.date
    kind: str
    whom: str
    when: str | None = None
    under_age: int | None = None
    gate: str = ""
    asked: bool = True
    source: str = ""

    def __post_init__(self) -> None:
        known = (
            self.kind in CONSENT_KINDS and self.whom in WHOM and self.gate in CONSENT_GATES
            and (self.when is None or self.when in TRAITS)
        )  # fmt: skip
        if not known:
            raise RuleFault("consent_rule", "The rule names a consent, people, a trait or a gate that does not exist.")
        if (self.whom == "minors") != (self.under_age is not None):
            raise RuleFault("consent_rule_age", "A rule about minors, and no other, says under which age.")


@dataclass(frozen=True, slots=True)
class Performer:
    """Somebody engaged on a title. `birth_date` None: not known."""

    key: int
    name: str
    birth_date: dt.date | None
    in_cast: bool


@dataclass(frozen=True, slots=True)
class Given:
    """A consent on paper; it stands from its first to its last day, both included. No last day: until withdrawn."""

    person: int
    kind: str
    from_date: dt.date
    until_date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """A consent asked for, and how it stands: `ended` and `later` are papers that do not cover the day."""

    person: int
    name: str
    kind: str
    gate: str
    state: State
    until_date: dt.date | None
    source: str

    @property
    def met(self) -> bool:
        return self.state == "given"


def age_on(birth_date: dt.date, on: dt.date) -> int:
    """Whole years; who is born on 29 February is a year older on 1 March of other years."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def consents_asked(
    performers: Iterable[Performer],
    rules: Iterable[ConsentRule],
    given: Iterable[Given],
    *,
    traits: Collection[str] = (),
    on: dt.date,
) -> list[Need]:
    """What is asked of whom on a day, once per person and kind; the strictest gate of the rules that ask.

    Of rules with the same kind, people and trait the latest one holds. Performers keep their order.
    """
    subjects: dict[tuple[str, str, str | None], list[ConsentRule]] = defaultdict(list)
    for rule in rules:
        subjects[rule.kind, rule.whom, rule.when].append(rule)
    holding = [row for rows in subjects.values() if (row := in_force(rows, on)) is not None and row.asked]
    holding = [rule for rule in holding if rule.when is None or rule.when in traits]
    papers: dict[tuple[int, str], list[Given]] = defaultdict(list)
    for paper in given:
        papers[paper.person, paper.kind].append(paper)
    needs = []
    for performer in performers:
        for kind in CONSENT_KINDS:
            asking = [rule for rule in holding if rule.kind == kind and _asks(rule, performer, on)]
            if not asking:
                continue
            # What must stand before the shoot holds more than what must stand before delivery.
            gate = next((name for name in ("shoot", "delivery") if any(rule.gate == name for rule in asking)), "")
            state, until = _stands(papers[performer.key, kind], on)
            needs.append(Need(performer.key, performer.name, kind, gate, state, until, asking[0].source))
    return needs


def _asks(rule: ConsentRule, performer: Performer, on: dt.date) -> bool:
    if rule.whom == "minors":
        assert rule.under_age is not None
        return performer.birth_date is not None and age_on(performer.birth_date, on) < rule.under_age
    return rule.whom == "everyone" or performer.in_cast


def _stands(papers: list[Given], on: dt.date) -> tuple[State, dt.date | None]:
    standing = [row for row in papers if row.from_date <= on and (row.until_date is None or on <= row.until_date)]
    if standing:
        endless = any(row.until_date is None for row in standing)
        return "given", None if endless else max(row.until_date for row in standing if row.until_date)
    ended = [row.until_date for row in papers if row.until_date is not None and row.until_date < on]
    if ended:
        return "ended", max(ended)
    return ("later", None) if papers else ("missing", None)


def declaration_lacks(uses: Collection[str], *, visible_label: bool, metadata_label: bool, on: dt.date) -> list[str]:
    """Which labels a declaration of AI lacks on that day: `visible_label`, `metadata_label`.

    Nothing is lacking where nothing was made with AI. Raises RuleFault for a use that does not exist.
    """
    if unknown := sorted(set(uses) - set(AI_USES)):
        raise RuleFault("unknown_ai_use", "There is no use of AI called {use}.", use=unknown[0])
    if not uses or on < dt.date.fromisoformat(_document()["ai_labels"]["from"]):
        return []
    labels = {"visible_label": visible_label, "metadata_label": metadata_label}
    return [name for name, held in labels.items() if not held]


def ai_label_source() -> str:
    return str(_document()["ai_labels"]["source"])


def default_consent_rules() -> list[ConsentRule]:
    """The working set that comes with the product. It holds no gate shut: a studio decides that."""
    return [consent_rule_from_json(row) for row in _document()["rules"]]


def consent_rule_from_json(row: Mapping[str, Any]) -> ConsentRule:
    return ConsentRule(
        from_date=dt.date.fromisoformat(row["from"]), kind=row["kind"], whom=row["whom"], when=row.get("when"),
        under_age=row.get("under_age"), gate=row.get("gate", ""), asked=row.get("asked", True), source=row["source"],
    )  # fmt: skip


def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(files(__package__).joinpath("data/consents.json").read_text("utf-8"))
    return document
