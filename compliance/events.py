"""Facts of the compliance room."""

from __future__ import annotations

import dataclasses

from studio.facts import Fact


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProductionClassified(Fact):
    """A title's class was judged anew; `rule` names the version of the rule."""

    subject_kind = "compliance.classification"

    classification_id: int
    class_code: str
    rule: str
    on_date: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClassRulePutInForce(Fact):
    """A rule holds from `from_date` on; `replaces_id` is the one it superseded."""

    subject_kind = "compliance.class_rule"

    class_rule_id: int
    from_date: str
    work_kind: str
    replaces_id: int | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class _FilingFact(Fact):
    subject_kind = "compliance.filing"

    filing_id: int
    kind: str
    authority: str
    platform_code: str
    round: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class FilingSubmitted(_FilingFact):
    papers: list[str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class FilingGranted(_FilingFact):
    number: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class FilingReturned(_FilingFact):
    """The authority sent the papers back; `next_filing_id` is the round that follows."""

    note: str
    next_filing_id: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class GateOpened(Fact):
    """A person let a title through a gate of compliance."""

    subject_kind = "compliance.gate_override"

    gate_override_id: int
    gate: str
    reason: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class GateClosed(Fact):
    """The override was withdrawn: the rules hold again."""

    subject_kind = "compliance.gate_override"

    gate_override_id: int
    gate: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ContentFlagDecided(Fact):
    """A person decided what becomes of words of concern."""

    subject_kind = "compliance.content_flag"

    content_flag_id: int
    state: str
    reason: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConsentRecorded(Fact):
    """A signed consent was kept with its paper."""

    subject_kind = "compliance.consent"

    consent_id: int
    person_id: int
    kind: str
    sha256: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Fact):
    """A consent no longer stands."""

    subject_kind = "compliance.consent"

    consent_id: int
    person_id: int
    kind: str
    reason: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class AiDeclared(Fact):
    """A title declared what is made with AI."""

    subject_kind = "compliance.ai_declaration"

    ai_declaration_id: int
    uses: list[str]
    visible_label: bool
    metadata_label: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class FilingPapersNoted(_FilingFact):
    """Papers came in for a filing that is not handed in yet."""

    papers: list[str]
