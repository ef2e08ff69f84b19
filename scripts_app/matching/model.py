"""Scenes to be matched, and what becomes of each. Frozen, plain, and printable as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

UNCHANGED = "unchanged"
CHANGED = "changed"
MOVED = "moved"
NEW = "new"
OMITTED = "omitted"
KINDS = (UNCHANGED, CHANGED, MOVED, NEW, OMITTED)


@dataclass(frozen=True, slots=True)
class DraftScene:
    """A scene as one draft has it; `key` is the caller's name for it and unique within its draft.

    `heading` is (int/ext, time of day, set, part of the set); `text` all lines with their speakers. `present` is False
    for a scene that was omitted by then: it can only come back.
    """

    key: str
    number: str
    episode: int
    heading: tuple[str, str, str, str]
    cast: tuple[str, ...]
    text: str
    present: bool = True


@dataclass(frozen=True, slots=True)
class Match:
    """What became of a scene. Without `old` it is new; without `new`, omitted.

    `changed` names what differs, of: text, heading, cast. A moved scene may have changed as well. `back` is True for a
    scene that had been omitted. `kin` is the key of the scene of the other draft that holds most of this one's text
    though it is another: a split or a merge.
    """

    old: DraftScene | None
    new: DraftScene | None
    changed: tuple[str, ...] = ()
    back: bool = False
    kin: str | None = None

    @property
    def moved(self) -> bool:
        """Whether it stands under another number or in another episode."""
        if self.old is None or self.new is None:
            return False
        return (self.old.number, self.old.episode) != (self.new.number, self.new.episode)

    @property
    def kind(self) -> str:
        if self.new is None:
            return OMITTED
        if self.old is None:
            return NEW
        if self.moved:
            return MOVED
        return CHANGED if self.changed or self.back else UNCHANGED

    def to_json(self) -> dict[str, Any]:
        def side(scene: DraftScene | None) -> dict[str, Any] | None:
            return None if scene is None else {"key": scene.key, "number": scene.number, "episode": scene.episode}

        return {
            "kind": self.kind,
            "old": side(self.old),
            "new": side(self.new),
            "changed": list(self.changed),
            "back": self.back,
            "kin": self.kin,
        }
