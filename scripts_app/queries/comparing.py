"""What became of each scene between two drafts of a title. Never writes; two queries however long the script is."""

from __future__ import annotations

import dataclasses
from typing import Any

from scripts_app.drafts import cast_of, heading_changes
from scripts_app.matching import CHANGED, KINDS, MOVED, NEW, OMITTED, UNCHANGED
from scripts_app.models import Revision, SceneText


@dataclasses.dataclass(frozen=True)
class SceneChange:
    """A scene in two drafts; `changed` names what differs, of: text, heading, cast. A moved one may have changed too."""

    scene_id: int
    old: SceneText | None
    new: SceneText | None
    changed: tuple[str, ...] = ()

    @property
    def moved(self) -> bool:
        return self.old is not None and self.new is not None and self.old.number != self.new.number

    @property
    def kind(self) -> str:
        if self.new is None:
            return OMITTED
        if self.old is None:
            return NEW
        return MOVED if self.moved else CHANGED if self.changed else UNCHANGED

    @property
    def number(self) -> str:
        """In the later draft, or the last it had."""
        text = self.new or self.old
        assert text is not None  # a change has at least one side
        return str(text.number)

    @property
    def episodes(self) -> set[int]:
        return {text.episode_number for text in (self.old, self.new) if text is not None}


def compare(earlier: Revision, later: Revision) -> tuple[SceneChange, ...]:
    """Scenes of both drafts in order of the later; one it lacks stands behind the scene it followed."""
    old, new = _texts(earlier), _texts(later)
    known = {text.scene_id: text for text in old}
    kept = {text.scene_id for text in new}
    behind: dict[int | None, list[SceneChange]] = {}
    last = None
    for text in old:
        if text.scene_id in kept:
            last = text.scene_id
        else:
            behind.setdefault(last, []).append(SceneChange(text.scene_id, text, None))
    found = list(behind.get(None, []))
    for text in new:
        before = known.get(text.scene_id)
        found.append(SceneChange(text.scene_id, before, text, differences(before, text) if before else ()))
        found.extend(behind.get(text.scene_id, []))
    return tuple(found)


def is_of_kind(change: SceneChange, kind: str) -> bool:
    """Whether a page narrowed to `kind` shows it: a moved scene that reads otherwise is changed too; "" is any that differ."""
    if kind == CHANGED:
        return change.kind == CHANGED or (change.kind == MOVED and bool(change.changed))
    return change.kind != UNCHANGED if kind not in KINDS else change.kind == kind


def differences(old: SceneText, new: SceneText) -> tuple[str, ...]:
    """Which of text, heading, cast one draft tells otherwise than another."""
    found = []
    if old.digest != new.digest:
        found.append("text")
    if heading_changes(old.head, new.head):
        found.append("heading")
    if cast_of(old.head) != cast_of(new.head):
        found.append("cast")
    return tuple(found)


def _texts(revision: Revision) -> list[Any]:
    return sorted(SceneText.objects.filter(revision=revision).order_by("pk"), key=lambda text: text.head.get("line", 0))
