"""Where a scene begins: on one line, or spread over the lines that follow a number or a label."""

from __future__ import annotations

import re

from .body import FLASH_START
from .cast import cast_line
from .draft import SceneDraft, ScriptDraft
from .fields import SceneHead, read_fields
from .heads import read_scene_line
from .lexing import Token

_LOOK_AHEAD = 5


class HeadFinder:
    """Looks at a token and those after it, with the scenes read so far in sight."""

    def __init__(self, draft: ScriptDraft, tokens: list[Token]) -> None:
        self.draft, self.tokens = draft, tokens

    def next_line(self, index: int) -> int | None:
        """Index of the next line that is not blank, close by."""
        for later in range(index + 1, min(index + 1 + _LOOK_AHEAD, len(self.tokens))):
            if self.tokens[later].kind != "blank":
                return later
        return None

    def scene_at(self, index: int, scene: SceneDraft | None, in_story: bool) -> tuple[SceneHead | None, int]:
        """The scene head that begins here, and the number of tokens it spreads over; `scene` is the one that is open."""
        token = self.tokens[index]
        head = token.head
        if token.kind == "text":
            # A head with nothing but a number and a place counts only in its own episode.
            current = self.draft.episodes[-1].written if self.draft.episodes else None
            found = (
                read_scene_line(token.line.text, current)
                if current and token.line.text[:1] in "#*0123456789场"
                else None
            )
            if found is None:
                return None, 0
            return self._with_labels(found, index, 1)
        if head is None:
            return None, 0
        if token.kind == "scene":
            if (
                head.number is None
                and scene is not None
                and scene.read.number
                and FLASH_START.match(token.line.text[:40])
            ):
                return None, 0  # 【闪回】手术室 日 内 within a numbered scene, which goes on after it
            if self._is_bare_count(head, scene):
                return None, 0
            return self._with_labels(head, index, 1)
        if token.kind == "label":
            if head.place is None or (not in_story and self.draft.front.section == "characters"):
                return None, 0
            return self._with_labels(head, index, 1)
        later = self.next_line(index)
        follower = self.tokens[later] if later is not None else None
        if token.kind == "act":
            if follower is None or follower.kind != "label" or follower.head is None or follower.head.place is None:
                return None, 0
            return self._with_labels(head, index, 1)
        return self._number_alone(head, index, later, follower)

    def _is_bare_count(self, head: SceneHead, scene: SceneDraft | None) -> bool:
        """`3 天后 夜` looks like a head; a lone number must be the next one, or state both when and where from."""
        if head.labelled or head.episode is not None or head.number is None or (head.time_written and head.int_ext):
            return False
        if scene is not None and scene.read.episode is not None:
            return True  # the heads of this file say 1-1
        scenes = self.draft.episodes[-1].scenes if self.draft.episodes else []
        last = scenes[-1].read.scene if scenes else None
        expected = int(last) + 1 if last and last.isdigit() else 1
        return head.scene != str(expected)

    def _number_alone(
        self, head: SceneHead, index: int, later: int | None, follower: Token | None
    ) -> tuple[SceneHead | None, int]:
        """A number on its own line is a scene when the next line states place and time, or labels do."""
        if not head.labelled and head.episode is None and len(head.scene or "") > 3:
            return None, 0
        if follower is not None and later is not None:
            if follower.kind == "label":
                return self._with_labels(head, index, 1)
            text = follower.line.text
            if follower.kind == "scene" and follower.head and follower.head.number is None:
                return self._with_labels(head.merged(follower.head), index, later - index + 1)
            if follower.kind == "text" and len(text) <= 40 and not re.search("[。！？：:△▲∆]", text):
                fields = read_fields(text)
                if fields.place and (fields.time or fields.int_ext):
                    found = SceneHead(
                        int_ext=fields.int_ext, time_written=fields.time, place=fields.place,
                        flashback=fields.flashback, montage=fields.montage, note="；".join(fields.notes) or None,
                    )  # fmt: skip
                    return self._with_labels(head.merged(found), index, later - index + 1)
            if head.episode is not None and cast_line(text) is not None:
                return self._with_labels(head, index, 1)
        if head.labelled:
            return self._with_labels(head, index, 1)
        current = self.draft.episodes[-1] if self.draft.episodes else None
        if head.episode is not None and current and head.episode == current.written:
            stated = current.scenes[-1].read.scene if current.scenes else "0"
            if stated and stated.isdigit() and head.scene == str(int(stated) + 1):
                return head, 1
        return None, 0

    def _with_labels(self, head: SceneHead, index: int, used: int) -> tuple[SceneHead, int]:
        """Take the labelled lines that follow as long as they state what the head does not."""
        at = index + used
        while (later := self.next_line(at - 1)) is not None:
            found = self.tokens[later].head
            if self.tokens[later].kind != "label" or found is None:
                break
            repeats = (
                (found.place and head.place)
                or (found.time_written and head.time_written)
                or (found.int_ext and head.int_ext)
            )
            if repeats:
                break
            head = head.merged(found)
            at = later + 1
        return head, at - index
