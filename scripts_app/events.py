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


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReviewAsked(Fact):
    """A round was opened for those who are asked to review the draft."""

    subject_kind = "scripts_app.revision"

    revision_id: int
    round_id: int
    kind: str
    reviewer_ids: list[int]
    due_date: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReviewWithdrawn(Fact):
    subject_kind = "scripts_app.revision"

    revision_id: int
    kind: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class NoteAnswered(Fact):
    subject_kind = "scripts_app.revision"

    revision_id: int
    note_id: int
    reply_id: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class GreenlightGiven(Fact):
    """A title may be made; `missing` are kinds of review it was given without, for the reason that stands with them."""

    subject_kind = "scripts_app.greenlight"

    greenlight_id: int
    revision_id: int
    number: int
    missing: list[str]
    reason: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class RightsRecorded(Fact):
    """What is known of a source work and the rights to it was written down or changed."""

    subject_kind = "scripts_app.sourcework"

    sourcework_id: int
    title: str
    from_date: str
    until_date: str
    production_ids: list[int]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReadingDiscarded(Fact):
    """A script that was read and not taken over, by a person or because nobody came back to it."""

    subject_kind = "scripts_app.reading"

    reading_id: int
    filename: str
    decisions: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScriptLinkMade(Fact):
    """A script was shared with somebody outside."""

    subject_kind = "scripts_app.link"

    link_id: int
    revision_id: int
    reader_name: str
    code: str
    expires_at: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScriptLinkRevoked(Fact):
    subject_kind = "scripts_app.link"

    link_id: int
    code: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScriptLinkOpened(Fact):
    """A link was opened for the first time; each opening is a row of its own."""

    subject_kind = "scripts_app.link"

    link_id: int
    code: str
    reader_name: str
