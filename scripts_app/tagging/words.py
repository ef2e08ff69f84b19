"""Known words in a text: the longest at each place, left to right, none overlapping.

A position costs one look-up by its first character and the slices of the words that begin with it, so that 5,000 words
over a whole script stay within a fraction of a second. One alternation compiled by `re` would try every word in turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Letters of one case, length kept: `lower()` makes two characters of some.
_FOLD = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_LATIN = re.compile(r"[a-z0-9]")


def fold(text: str) -> str:
    return text.translate(_FOLD)


@dataclass(frozen=True, slots=True)
class Found:
    """`word` as it was given, at `start`, in code points."""

    start: int
    length: int
    word: str


class Finder:
    """Finds any of `words`. A word of Latin letters or digits counts only where no other such character touches it."""

    def __init__(self, words: Iterable[str]) -> None:
        self._heads: dict[str, dict[int, dict[str, str]]] = {}
        for word in words:
            key = fold(word)
            if key.strip():
                self._heads.setdefault(key[0], {}).setdefault(len(key), {}).setdefault(key, word)
        self._lengths = {head: sorted(sizes, reverse=True) for head, sizes in self._heads.items()}

    def __bool__(self) -> bool:
        return bool(self._heads)

    def find(self, text: str) -> Iterator[Found]:
        folded, heads, lengths = fold(text), self._heads, self._lengths
        at, end = 0, len(folded)
        while at < end:
            sizes = lengths.get(folded[at])
            found = None
            if sizes is not None:
                by_size = heads[folded[at]]
                for size in sizes:
                    word = by_size[size].get(folded[at : at + size])
                    if word is not None and _stands_alone(folded, at, at + size):
                        found = Found(at, size, word)
                        break
            if found is None:
                at += 1
            else:
                yield found
                at += found.length


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no word goes on over an edge: `car` is not in `scar`, while 伞 is in 雨伞."""
    before = start > 0 and _LATIN.match(text[start]) and _LATIN.match(text[start - 1])
    after = end < len(text) and _LATIN.match(text[end - 1]) and _LATIN.match(text[end])
    return not before and not after
