"""Half-open windows of anything ordered: the start belongs to it, the end to the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T", bound=Any)


@dataclass(frozen=True, slots=True)
class Window(Generic[T]):
    """From `start` up to, not including, `end`; never empty."""

    start: T
    end: T

    def __post_init__(self) -> None:
        if not self.start < self.end:
            raise ValueError(f"a window ends after it starts: {self.start} .. {self.end}")

    def __contains__(self, point: T) -> bool:
        return bool(self.start <= point < self.end)

    def covers(self, other: Window[T]) -> bool:
        return bool(self.start <= other.start and other.end <= self.end)

    def overlaps(self, other: Window[T]) -> bool:
        return bool(self.start < other.end and other.start < self.end)

    def intersection(self, other: Window[T]) -> Window[T] | None:
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Window(start, end) if start < end else None

    def minus(self, other: Window[T]) -> list[Window[T]]:
        """What is left of it, in order: none, one or two windows."""
        if not self.overlaps(other):
            return [self]
        left = []
        if self.start < other.start:
            left.append(Window(self.start, other.start))
        if other.end < self.end:
            left.append(Window(other.end, self.end))
        return left


def merge(windows: Iterable[Window[T]]) -> list[Window[T]]:
    """Sorted windows covering the same points, touching ones joined."""
    merged: list[Window[T]] = []
    for window in sorted(windows, key=lambda item: (item.start, item.end)):
        if merged and window.start <= merged[-1].end:
            merged[-1] = Window(merged[-1].start, max(merged[-1].end, window.end))
        else:
            merged.append(window)
    return merged


def gaps(within: Window[T], windows: Iterable[Window[T]]) -> list[Window[T]]:
    """The parts of `within` that no window covers."""
    left = [within]
    for window in windows:
        left = [piece for part in left for piece in part.minus(window)]
    return left


def overlapping_pairs(windows: Sequence[Window[T]]) -> list[tuple[int, int]]:
    """Index pairs (lower first) of windows that overlap, by a sweep over starts."""
    order = sorted(range(len(windows)), key=lambda index: (windows[index].start, windows[index].end))
    pairs: list[tuple[int, int]] = []
    running: list[int] = []
    for index in order:
        running = [other for other in running if windows[index].start < windows[other].end]
        pairs.extend((min(index, other), max(index, other)) for other in running)
        running.append(index)
    return sorted(pairs)
