"""How alike two scenes are: the lines they share, weighed with heading and cast."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from .model import DraftScene

# A Chinese character is a word of its own here; Latin letters stay together.
_TOKEN = re.compile(r"[a-z0-9']+|[^\W_]")
# Runs of words that so many scenes share ("他转身离开") lead nowhere; without a limit, a script that repeats itself
# would be compared scene by scene with all of itself.
_COMMON = 24
# Of those that share something only the nearest are looked at closely.
_NEAREST = 6
_FULL_TEXT = 24


def words_of(text: str) -> tuple[str, ...]:
    """Words and characters that count; marks, blanks and case do not."""
    return tuple(_TOKEN.findall(text.casefold()))


def runs_of(words: Sequence[str]) -> frozenset[tuple[str, ...]]:
    """Every run of three words, or all of a shorter text."""
    if not words:
        return frozenset()
    if len(words) < 3:
        return frozenset([tuple(words)])
    return frozenset(zip(words, words[1:], words[2:], strict=False))


class Likeness:
    """Two drafts ready to be compared scene by scene. Texts are cut up once, when first asked for."""

    def __init__(self, old: Sequence[DraftScene], new: Sequence[DraftScene]) -> None:
        self.old, self.new = old, new
        self.words = [words_of(scene.text) for scene in old], [words_of(scene.text) for scene in new]
        self._runs: tuple[dict[int, frozenset[tuple[str, ...]]], dict[int, frozenset[tuple[str, ...]]]] = ({}, {})

    def runs(self, side: int, at: int) -> frozenset[tuple[str, ...]]:
        found = self._runs[side].get(at)
        if found is None:
            found = self._runs[side][at] = runs_of(self.words[side][at])
        return found

    def text(self, i: int, j: int) -> float:
        """0 to 1: twice the runs both have over the runs of both. Two scenes without text are alike."""
        mine, other = self.runs(0, i), self.runs(1, j)
        if not mine and not other:
            return 1.0
        return 2 * len(mine & other) / (len(mine) + len(other))

    def share(self, side: int, at: int, other: int) -> float:
        """How much of a scene's text another one of the other draft holds."""
        own = self.runs(side, at)
        return len(own & self.runs(1 - side, other)) / len(own) if own else 0.0

    def whole(self, i: int, j: int) -> float:
        """0 to 1: the text weighs most, and less the shorter it is."""
        mine, other = self.old[i], self.new[j]
        length = min(1.0, (len(self.runs(0, i)) + len(self.runs(1, j))) / (2 * _FULL_TEXT))
        weight = 0.4 + 0.35 * length
        heading = sum(
            share for share, a, b in zip((0.2, 0.2, 0.45, 0.15), mine.heading, other.heading, strict=True) if a == b
        )
        names, others = set(mine.cast), set(other.cast)
        cast = len(names & others) / len(names | others) if names | others else 1.0
        return weight * self.text(i, j) + (1 - weight) * (0.5 * heading + 0.5 * cast)

    def relatives(self, side: int, ats: Iterable[int], others: Iterable[int]) -> dict[int, list[int]]:
        """For each scene of one draft the few of the other that share the most uncommon runs with it."""
        holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for other in others:
            for run in self.runs(1 - side, other):
                holders[run].append(other)
        found = {}
        for at in ats:
            shared: Counter[int] = Counter()
            for run in self.runs(side, at):
                here = holders.get(run)
                if here is not None and len(here) <= _COMMON:
                    shared.update(here)
            found[at] = sorted(sorted(shared, key=lambda other: (-shared[other], other))[:_NEAREST])
        return found
