"""Facts of the investor room."""

from __future__ import annotations

import dataclasses

from studio.facts import Fact


@dataclasses.dataclass(frozen=True, kw_only=True)
class RoomRightSet(Fact):
    """What a party sees of a title in the investor room, from now on."""

    party_id: int
    sees_progress: bool
    sees_cost: bool
    sees_budget: bool
    clause: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class RoomDocumentAdded(Fact):
    """A document, or a new version of one, lies in the investor room."""

    subject_kind = "finance.room_document"

    room_document_id: int
    version: int
    sha256: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class RoomDocumentShown(Fact):
    """Who may see a document was changed; `parties` are those named, when it is not for all."""

    subject_kind = "finance.room_document"

    room_document_id: int
    for_all: bool
    parties: list[int]


@dataclasses.dataclass(frozen=True, kw_only=True)
class RoomDocumentWithdrawn(Fact):
    subject_kind = "finance.room_document"

    room_document_id: int
