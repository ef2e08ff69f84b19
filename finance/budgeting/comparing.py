"""Two sets of lines side by side: what was added, removed and changed, in money and per cent."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from .reckoning import Line, reckon


class Kind(enum.StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Change:
    """A line before and after; one of them is None where it was added or removed."""

    kind: Kind
    before: Line | None
    after: Line | None
    before_minor: int
    after_minor: int

    @property
    def line(self) -> Line:
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def difference_minor(self) -> int:
        return self.after_minor - self.before_minor

    @property
    def difference_bp(self) -> int | None:
        return _part(self.difference_minor, self.before_minor)


@dataclass(frozen=True, slots=True)
class AccountChange:
    account: str
    changes: tuple[Change, ...]
    before_minor: int
    after_minor: int
    actual_minor: int

    @property
    def difference_minor(self) -> int:
        return self.after_minor - self.before_minor

    @property
    def difference_bp(self) -> int | None:
        return _part(self.difference_minor, self.before_minor)

    @property
    def left_minor(self) -> int:
        """What the later plan leaves after what was posted; below zero it is overspent."""
        return self.after_minor - self.actual_minor


def _part(difference: int, of: int) -> int | None:
    """Basis points, half rounded away from zero; None where there is nothing to be a part of."""
    if of == 0:
        return None
    whole = (abs(difference) * 20_000 + of) // (2 * of)
    return -whole if difference < 0 else whole


L = TypeVar("L")


def _pairs(
    before: Sequence[L], after: Sequence[L], ways: Sequence[Callable[[L], Hashable | None]]
) -> list[tuple[int | None, int | None]]:
    """Indices matched by the first way that finds a partner; each line once, in order."""
    partner: dict[int, int] = {}
    free = set(range(len(before)))
    for way in ways:
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        for index in sorted(free, reverse=True):
            key = way(before[index])
            if key is not None:
                waiting[key].append(index)
        for index, line in enumerate(after):
            key = None if index in partner else way(line)
            if key is not None and waiting.get(key):
                partner[index] = waiting[key].pop()
                free.discard(partner[index])
    found: list[tuple[int | None, int | None]] = [(partner.get(index), index) for index in range(len(after))]
    return found + [(index, None) for index in sorted(free)]


def _content(line: Line) -> tuple[object, ...]:
    return (line.account, line.name, line.unit, line.quantity, line.factor, line.rate_minor, line.percent_bp)


def differences(before: Sequence[Line], after: Sequence[Line]) -> list[Change]:
    """Every line once. A line is the same one by its key, else by account and name."""
    old, new = reckon(before).amounts, reckon(after).amounts
    pairs = _pairs(before, after, [lambda row: row.key or None, lambda row: (row.account, row.name.strip().lower())])
    changes = []
    for left, right in pairs:
        was, now = (None if left is None else before[left]), (None if right is None else after[right])
        first, last = (0 if left is None else old[left]), (0 if right is None else new[right])
        if was is None:
            kind = Kind.ADDED
        elif now is None:
            kind = Kind.REMOVED
        else:
            kind = Kind.SAME if _content(was) == _content(now) and first == last else Kind.CHANGED
        changes.append(Change(kind, was, now, first, last))
    return changes


def compare(
    before: Sequence[Line], after: Sequence[Line], *, accounts: Sequence[str], actual: Mapping[str, int] | None = None
) -> list[AccountChange]:
    """By account, in the order of the accounts; the sums of the sides are the totals of the two sets.

    A line that moved to another account is removed from the one and added to the other.
    """
    posted = actual or {}
    found: dict[str, list[Change]] = defaultdict(list)
    for change in differences(before, after):
        if change.before is not None and change.after is not None and change.before.account != change.after.account:
            found[change.before.account].append(Change(Kind.REMOVED, change.before, None, change.before_minor, 0))
            found[change.after.account].append(Change(Kind.ADDED, None, change.after, 0, change.after_minor))
        else:
            found[change.line.account].append(change)
    return [
        AccountChange(
            account, tuple(found[account]), sum(row.before_minor for row in found[account]),
            sum(row.after_minor for row in found[account]), posted.get(account, 0),
        )
        for account in accounts
        if found.get(account) or posted.get(account)
    ]  # fmt: skip
