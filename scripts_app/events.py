"""Facts of the script room."""

from __future__ import annotations

import dataclasses

from studio.facts import Fact


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScriptImported(Fact):
    """A draft came in; the counts say what it did to the scenes of the title."""

    subject_kind = "scripts_app.revision"

    revision_id: int
    number: int
    scenes: int
    scenes_added: int
    scenes_changed: int
    scenes_omitted: int
    scenes_moved: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class StaleItemSettled(Fact):
    """Somebody has dealt with what a draft made stale."""

    subject_kind = "scripts_app.revision"

    revision_id: int
    item_id: int
    kind: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class RevisionLocked(Fact):
    subject_kind = "scripts_app.revision"

    revision_id: int
    number: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class RevisionReviewed(Fact):
    subject_kind = "scripts_app.revision"

    revision_id: int
    round_id: int
    kind: str
    verdict: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class BreakdownApproved(Fact):
    subject_kind = "scripts_app.breakdown"

    breakdown_id: int
    revision_id: int
    scenes: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class SceneEdited(Fact):
    """Fields of a scene that a person changed, with what they held before."""

    subject_kind = "scripts_app.scene"

    scene_id: int
    number: str
    before: dict[str, str | int]
    after: dict[str, str | int]


@dataclasses.dataclass(frozen=True, kw_only=True)
class WriterNamed(Fact):
    """Somebody writes the title from now on."""

    subject_kind = "scripts_app.script"

    script_id: int
    person_id: int
    credit: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class WriterRemoved(Fact):
    subject_kind = "scripts_app.script"

    script_id: int
    person_id: int
