"""Where the words of a note stand in a draft. Plain values in and out; no rows."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable

_BLANK = re.compile(r"\s+")
# Words as short as this stand everywhere; they are looked for in their own scene alone.
_SHORT = 4


@dataclasses.dataclass(frozen=True, slots=True)
class TextLine:
    """A line of a draft with the scene and episode it stands in."""

    line: int
    scene: int
    episode: int
    text: str


def squeezed(text: str) -> str:
    """A text without its blanks: drafts differ in them and say the same."""
    return _BLANK.sub("", text)


class Anchors:
    """The lines of one draft, asked again and again."""

    def __init__(self, lines: Iterable[TextLine]) -> None:
        self._lines = [(each, squeezed(each.text)) for each in lines]

    def at(self, line: int) -> list[TextLine]:
        return [each for each, _text in self._lines if each.line == line]

    def find(self, quote: str, *, scene: int | None, episode: int, near: int) -> TextLine | None:
        """The line that has the words: in their own scene, else in their episode, else the one place of the draft.

        Among several of a scene or an episode the nearest to line `near` is taken.
        """
        wanted = squeezed(quote)
        if not wanted:
            return None
        found = [each for each, text in self._lines if wanted in text]
        for group in (
            [each for each in found if scene is not None and each.scene == scene],
            [each for each in found if each.episode == episode] if len(wanted) >= _SHORT else [],
        ):
            if group:
                return min(group, key=lambda each: (abs(each.line - near), each.line))
        return found[0] if len(found) == 1 and len(wanted) >= _SHORT else None
