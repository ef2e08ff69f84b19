"""Where in a scene's text a thing was marked, so that the mark is found again in the next draft.

A line is named by its own words and by which of the lines alike it is, not by its number: numbers move with every
line that is written above.
"""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


def digest_of_line(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place by content: the line's digest, `nth` of the lines alike (from 0), code points, and the words there."""

    digest: str
    nth: int
    start: int
    length: int
    words: str


@dataclass(frozen=True, slots=True)
class Span:
    """A place in one text: index of the line, code points from there."""

    line: int
    start: int
    length: int


def anchor(lines: Sequence[str], line: int, start: int, length: int) -> Anchor | None:
    """The anchor of a place, or None when there is no such place or nothing but blanks in it."""
    if not 0 <= line < len(lines) or start < 0 or length < 1:
        return None
    text = lines[line]
    words = text[start : start + length]
    if len(words) != length or not words.strip():
        return None
    return Anchor(digest_of_line(text), lines[:line].count(text), start, length, words)


def placed(anchors: Sequence[Anchor], lines: Sequence[str]) -> list[Span | None]:
    """For each anchor its place in these lines.

    The line itself, when it is still written as it was; else the first line that has the words and did not have a
    mark of the same words yet; else nowhere.
    """
    seen: Counter[str] = Counter()
    at: dict[tuple[str, int], int] = {}
    for index, text in enumerate(lines):
        key = digest_of_line(text)
        at[key, seen[key]] = index
        seen[key] += 1
    spans: list[Span | None] = []
    for each in anchors:
        # A draft that drops one of two lines alike leaves the mark on the one that stays.
        nth = min(each.nth, seen[each.digest] - 1)
        line = at.get((each.digest, nth))
        spans.append(Span(line, each.start, each.length) if line is not None else None)
    taken = {(span.line, span.start) for span in spans if span is not None}
    for index, each in enumerate(anchors):
        if spans[index] is not None or not each.words:
            continue
        spans[index] = _first_free(each.words, lines, taken)
        if (span := spans[index]) is not None:
            taken.add((span.line, span.start))
    return spans


def _first_free(words: str, lines: Sequence[str], taken: set[tuple[int, int]]) -> Span | None:
    for index, text in enumerate(lines):
        start = text.find(words)
        while start >= 0:
            if (index, start) not in taken:
                return Span(index, start, len(words))
            start = text.find(words, start + 1)
    return None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line under the same marks; `marks` are their indexes, in the order given."""

    start: int
    end: int
    marks: tuple[int, ...]


def pieces(length: int, spans: Iterable[tuple[int, int]]) -> list[Piece]:
    """A line of `length` cut where marks (start, length) begin and end: no gap, no overlap, nothing lost."""
    marks = [(max(0, start), min(length, start + size)) for start, size in spans]
    edges = sorted({0, length, *(edge for mark in marks for edge in mark if 0 <= edge <= length)})
    return [
        Piece(start, end, tuple(index for index, (low, high) in enumerate(marks) if low <= start and end <= high))
        for start, end in itertools.pairwise(edges)
    ]
