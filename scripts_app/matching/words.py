"""What two tellings of a scene have in common, line by line and word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, GONE, ADDED = "same", "gone", "added"
# A Chinese character is a word of its own; Latin words, blanks and each mark stay whole.
_PIECE = re.compile(r"[A-Za-z0-9']+|\s+|.", re.DOTALL)
# Two lines with less in common are one taken out and one put in: marking their few shared characters reads as noise.
_KIN = 0.4
# A single shared character between two changes is chance more often than sense.
_LEAST_SHARED = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a line; `kind`: same, gone, added."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class LinePair:
    """A line before and after; None on the side that lacks it. The numbers are places in what was handed in."""

    old: int | None
    new: int | None
    before: tuple[Piece, ...] = ()
    after: tuple[Piece, ...] = ()

    @property
    def same(self) -> bool:
        return self.old is not None and self.new is not None and self.before == self.after


def compare_words(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts cut into what they share and what only one has."""
    a, b = _PIECE.findall(old), _PIECE.findall(new)
    before: list[Piece] = []
    after: list[Piece] = []
    codes = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    for at, (tag, i1, i2, j1, j2) in enumerate(codes):
        one, other = "".join(a[i1:i2]), "".join(b[j1:j2])
        inside = 0 < at < len(codes) - 1
        if tag == "equal" and not (inside and len(one.strip()) < _LEAST_SHARED):
            _add(before, SAME, one)
            _add(after, SAME, other)
        else:
            _add(before, GONE, one)
            _add(after, ADDED, other)
    return tuple(before), tuple(after)


def _add(pieces: list[Piece], kind: str, text: str) -> None:
    if not text:
        return
    if pieces and pieces[-1].kind == kind:
        text = pieces.pop().text + text
    pieces.append(Piece(kind, text))


def compare_lines(old: Sequence[str], new: Sequence[str]) -> tuple[LinePair, ...]:
    """Lines of a scene side by side, in order; a changed line stands beside what became of it."""
    found: list[LinePair] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [_equal(old, i, j) for i, j in zip(range(i1, i2), range(j1, j2), strict=True)]
        else:
            found += _replaced(old, new, range(i1, i2), range(j1, j2))
    return tuple(found)


def _equal(old: Sequence[str], i: int, j: int) -> LinePair:
    piece = (Piece(SAME, old[i]),)
    return LinePair(i, j, piece, piece)


def _replaced(old: Sequence[str], new: Sequence[str], mine: range, others: range) -> list[LinePair]:
    """Pair the lines of a changed passage in order, each with the first that has enough in common with it."""
    found, start = [], others.start
    for i in mine:
        kin = next((j for j in range(start, others.stop) if _kin(old[i], new[j])), None)
        if kin is None:
            found.append(LinePair(i, None, (Piece(GONE, old[i]),)))
            continue
        found += [LinePair(None, j, (), (Piece(ADDED, new[j]),)) for j in range(start, kin)]
        before, after = compare_words(old[i], new[kin])
        found.append(LinePair(i, kin, before, after))
        start = kin + 1
    found += [LinePair(None, j, (), (Piece(ADDED, new[j]),)) for j in range(start, others.stop)]
    return found


def _kin(old: str, new: str) -> bool:
    likeness = SequenceMatcher(None, old, new, autojunk=False)
    return likeness.real_quick_ratio() >= _KIN and likeness.quick_ratio() >= _KIN and likeness.ratio() >= _KIN
