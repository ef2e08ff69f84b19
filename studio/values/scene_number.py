"""Scene numbers as the trade writes them, and the order they are read in.

`3-7` is scene 7 of episode 3, `12A` was inserted after 12, `A12` before it. The text is kept as written;
only the order is computed.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass, field

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―－−_.．。", "-"))
_PART = re.compile(r"^([A-Z]?)([0-9]{1,6})([A-Z]{0,2})$")


@functools.total_ordering
@dataclass(frozen=True, slots=True)
class SceneNumber:
    """A scene number; `text` is normalised (`3—7` -> `3-7`), equality and order go by it."""

    text: str
    key: tuple[tuple[int, str, str], ...] = field(compare=False, repr=False, default=())

    @classmethod
    def parse(cls, written: str, episode: int | None = None) -> SceneNumber:
        """Read a number as written; `episode` is put before a number that states none.

        Raises ValueError when there is no digit to order by or a part cannot be read.
        """
        text = unicodedata.normalize("NFKC", written).translate(_DASHES).upper()
        # Scripts pasted from chats carry zero-width marks (category Cf) inside their numbers.
        text = "".join(char for char in text if not char.isspace() and unicodedata.category(char) != "Cf")
        text = text.strip("#").strip("-")
        parts = text.split("-")
        if len(parts) > 3 or any(_PART.match(part) is None for part in parts) or len(text) > 20:
            raise ValueError(f"not a scene number: {written!r}")
        if episode is not None and len(parts) == 1:
            if not 0 <= episode <= 999_999:
                raise ValueError(f"not an episode number: {episode}")
            parts = [str(episode), *parts]
        text = "-".join(parts)
        return cls(text, tuple(_part_key(part) for part in parts))

    def __lt__(self, other: SceneNumber) -> bool:
        if not isinstance(other, SceneNumber):
            return NotImplemented
        return (self.key, self.text) < (other.key, other.text)

    def __str__(self) -> str:
        return self.text

    @property
    def sort_key(self) -> str:
        """A text of digits and capitals that any database collation sorts in the same order, 10 a part."""
        return "".join(
            f"{number:06d}{'ZZ' if before == '~' else before + '0'}{after.ljust(2, '0')}"
            for number, before, after in self.key
        )


def _part_key(part: str) -> tuple[int, str, str]:
    match = _PART.match(part)
    assert match is not None  # the caller has checked
    # A12 stands before 12 and 12A after it, so no letter in front sorts behind every letter.
    return (int(match[2]), match[1] or "~", match[3])
