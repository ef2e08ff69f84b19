"""What points of several reviewers say together. Plain values in and out; no rows.

A share is points over the best of their scale, in hundredths, so that scales of 5 and of 10 can be added.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping


@dataclasses.dataclass(frozen=True, slots=True)
class Point:
    criterion: int
    reviewer: int | None
    points: int
    best: int


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """One criterion over its reviewers: mean, lowest and highest share, and how far these are apart."""

    mean: int
    low: int
    high: int
    count: int

    @property
    def spread(self) -> int:
        return self.high - self.low


def share(points: int, best: int) -> int:
    """Hundredths, half up."""
    return (points * 200 + best) // (best * 2)


def standings(points: Iterable[Point]) -> dict[int, Standing]:
    """Criterion -> how it stands; criteria nobody gave points for are left out."""
    shares: dict[int, list[int]] = {}
    for each in points:
        shares.setdefault(each.criterion, []).append(share(each.points, each.best))
    return {
        criterion: Standing((sum(found) * 2 + len(found)) // (len(found) * 2), min(found), max(found), len(found))
        for criterion, found in shares.items()
    }


def total(found: Mapping[int, Standing], weights: Mapping[int, int]) -> int | None:
    """The weighted mean of the criteria that have points; None when none has."""
    weight = sum(weights[criterion] for criterion in found)
    if not weight:
        return None
    summed = sum(standing.mean * weights[criterion] for criterion, standing in found.items())
    return (summed * 2 + weight) // (weight * 2)
