"""Who is who between two drafts.

Content speaks first and numbers second: when a scene is inserted at 3-2, the scenes behind it keep their content and
lose their numbers, and what hangs on them (strips, reports, tags) belongs to the content. Five steps, each over what
the ones before left:

1. equal scenes: as many here as there are paired in story order;
2. alike scenes, best first: a shared number and matched neighbours speak for a pair, so that near-duplicates stay apart;
3. the same number at the same place of the story: rewritten, and still that scene;
4. the same place between the same neighbours under another number, when set or cast go on;
5. scenes omitted earlier that are back.
"""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Hashable, Sequence

from .likeness import Likeness
from .model import DraftScene, Match

# From sure to likely; what was sure tells the next round which neighbours stand together.
_ROUNDS = (0.85, 0.65, 0.45)
# A scene under another number is the same one only if some of its very lines are.
_LEAST_TEXT = 0.3
_SAME_NUMBER = 0.15
_SAME_PLACE = 0.3
_BACK = 0.35
# Fewer words than this say too little to be recognised by them alone ("空镜。").
_TELLING = 8
_PART = 0.6


def match_scenes(old: Sequence[DraftScene], new: Sequence[DraftScene]) -> tuple[Match, ...]:
    """Pair the scenes of two drafts, each given in story order; scenes already omitted (`present` False) come after.

    Every scene of either side stands in exactly one match, but for those omitted before that stay so: they are left
    out. In order of the new draft; an omitted scene stands behind the one it followed. Raises ValueError when two
    scenes of a draft have one key.
    """
    for side in (old, new):
        if len({scene.key for scene in side}) != len(side):
            raise ValueError("two scenes of a draft have the same key")
    present = sorted(range(len(old)), key=lambda i: not old[i].present)
    ordered = [old[i] for i in present]
    return _Matching(ordered, new, sum(scene.present for scene in old)).run()


class _Matching:
    """Pairs found so far; `i` counts scenes of the old draft, `j` of the new."""

    def __init__(self, old: Sequence[DraftScene], new: Sequence[DraftScene], present: int) -> None:
        self.old, self.new, self.present = old, new, present
        self.like = Likeness(old, new)
        self.partner: tuple[dict[int, int], dict[int, int]] = ({}, {})

    def run(self) -> tuple[Match, ...]:
        self._equal()
        self._alike()
        self._same_number()
        self._same_place()
        self._back()
        return self._told()

    def _pair(self, i: int, j: int) -> None:
        self.partner[0][i], self.partner[1][j] = j, i

    def _left_old(self) -> list[int]:
        return [i for i in range(self.present) if i not in self.partner[0]]

    def _left_new(self) -> list[int]:
        return [j for j in range(len(self.new)) if j not in self.partner[1]]

    # --- 1

    def _equal(self) -> None:
        """Equal in all but number, then equal in text. Unequal numbers of equals wait for what stands around them."""
        for whole in (True, False):
            groups: dict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
            for side, scenes, left in ((0, self.old, self._left_old()), (1, self.new, self._left_new())):
                for at in left:
                    words = self.like.words[side][at]
                    if not whole and len(words) < _TELLING:
                        continue
                    more = (scenes[at].heading, frozenset(scenes[at].cast)) if whole else ()
                    groups[(words, more)][side].append(at)
            for mine, others in groups.values():
                if len(mine) == len(others):
                    for i, j in zip(mine, others, strict=True):
                        self._pair(i, j)

    # --- 2

    def _alike(self) -> None:
        news = self._left_new()
        if not news or not self._left_old():
            return
        by_number = {self.old[i].number: i for i in self._left_old()}
        scores = {}
        for j, near in self.like.relatives(1, news, self._left_old()).items():
            same = by_number.get(self.new[j].number)
            for i in {*near, *([same] if same is not None else [])}:
                if i == same or self.like.text(i, j) >= _LEAST_TEXT:
                    scores[i, j] = self.like.whole(i, j)
        for least in _ROUNDS:
            ranked = []
            around = _Around(self)
            for (i, j), score in scores.items():
                if score < least or i in self.partner[0] or j in self.partner[1]:
                    continue
                same_number = self.old[i].number == self.new[j].number
                rank = round(score + 0.1 * same_number + 0.08 * around.kept(i, j), 2)
                ranked.append((-rank, not same_number, abs(around.expected(i) - j), i, j))
            for _rank, _number, _way, i, j in sorted(ranked):
                if i not in self.partner[0] and j not in self.partner[1]:
                    self._pair(i, j)

    # --- 3

    def _same_number(self) -> None:
        news = {self.new[j].number: j for j in self._left_new()}
        around = _Around(self)
        for i in self._left_old():
            j = news.get(self.old[i].number)
            if j is not None and (around.kept(i, j) or self.like.text(i, j) >= _SAME_NUMBER):
                self._pair(i, j)

    # --- 4

    def _same_place(self) -> None:
        around = _Around(self)
        gaps: dict[tuple[int, int], list[int]] = defaultdict(list)
        for j in self._left_new():
            gaps[around.new_gap(j)].append(j)
        ranked = []
        for i in self._left_old():
            for j in gaps.get(around.old_gap(i), ()):
                likeness = self.like.whole(i, j)
                if likeness >= _SAME_PLACE:
                    ranked.append((-round(likeness, 2), i, j))
        for _likeness, i, j in sorted(ranked):
            if i not in self.partner[0] and j not in self.partner[1]:
                self._pair(i, j)

    # --- 5

    def _back(self) -> None:
        gone = range(self.present, len(self.old))
        if not gone:
            return
        numbers: dict[str, list[int]] = defaultdict(list)
        for i in gone:
            numbers[self.old[i].number].append(i)
        ranked = []
        for j, near in self.like.relatives(1, self._left_new(), gone).items():
            for i in {*near, *numbers[self.new[j].number]}:
                score = self.like.whole(i, j)
                same_number = self.old[i].number == self.new[j].number
                telling = self.like.text(i, j) >= _LEAST_TEXT and len(self.like.words[0][i]) >= _TELLING
                if (same_number and score >= _BACK) or (telling and score >= _ROUNDS[-1]):
                    ranked.append((-round(score + 0.1 * same_number, 2), -i, j))
        # Of two that were omitted, the later one (`-i`) is the fresher memory.
        for _score, minus, j in sorted(ranked):
            if -minus not in self.partner[0] and j not in self.partner[1]:
                self._pair(-minus, j)

    # --- telling

    def _told(self) -> tuple[Match, ...]:
        left_new, left_old = self._left_new(), self._left_old()
        parts = self._kin(1, left_new, range(self.present))
        merged = self._kin(0, left_old, range(len(self.new)))
        behind: dict[int, list[Match]] = defaultdict(list)
        last = -1
        for i in range(self.present):
            if i in self.partner[0]:
                last = self.partner[0][i]
            else:
                behind[last].append(Match(self.old[i], None, kin=merged.get(i)))
        told = list(behind[-1])
        for j, scene in enumerate(self.new):
            i = self.partner[1].get(j, -1)
            if i < 0:
                told.append(Match(None, scene, kin=parts.get(j)))
            else:
                told.append(Match(self.old[i], scene, _differences(self.old[i], scene), back=not self.old[i].present))
            told.extend(behind[j])
        return tuple(told)

    def _kin(self, side: int, left: Sequence[int], others: Sequence[int]) -> dict[int, str]:
        scenes = (self.old, self.new)[1 - side]
        found = {}
        for at, near in self.like.relatives(side, left, others).items():
            best = max(((self.like.share(side, at, other), -other) for other in near), default=(0.0, 0))
            if best[0] >= _PART:
                found[at] = scenes[-best[1]].key
        return found


class _Around:
    """The matched neighbours of each scene, as the pairs stood when it was made."""

    def __init__(self, matching: _Matching) -> None:
        self._to_new, self._to_old = dict(matching.partner[0]), dict(matching.partner[1])
        self._old, self._new = sorted(self._to_new), sorted(self._to_old)
        self._size = len(matching.new)

    def old_gap(self, i: int) -> tuple[int, int]:
        """Where in the new draft the matched neighbours of an old scene went: (before, after), -1 and the end without."""
        at = bisect.bisect_left(self._old, i)
        after = bisect.bisect_right(self._old, i)
        before = self._to_new[self._old[at - 1]] if at else -1
        return before, self._to_new[self._old[after]] if after < len(self._old) else self._size

    def new_gap(self, j: int) -> tuple[int, int]:
        at = bisect.bisect_left(self._new, j)
        after = bisect.bisect_right(self._new, j)
        return self._new[at - 1] if at else -1, self._new[after] if after < len(self._new) else self._size

    def kept(self, i: int, j: int) -> int:
        """0 to 2: how many of the two neighbours went along."""
        return sum(a == b for a, b in zip(self.old_gap(i), self.new_gap(j), strict=True))

    def expected(self, i: int) -> int:
        """Where an old scene would stand if it had gone with the one before it."""
        return self.old_gap(i)[0] + 1


def _differences(old: DraftScene, new: DraftScene) -> tuple[str, ...]:
    found = []
    if old.text != new.text:
        found.append("text")
    if old.heading != new.heading:
        found.append("heading")
    if sorted(old.cast) != sorted(new.cast):
        found.append("cast")
    return tuple(found)
