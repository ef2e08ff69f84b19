"""Division of whole units that always sums."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def allocate(total: int, weights: Sequence[int | Fraction]) -> list[int]:
    """Split `total` minor units by weight with the largest-remainder method.

    The parts sum to `total` exactly and each is within one unit of its exact share. Ties go to the earlier
    weight, so the same input always gives the same split. Negative totals mirror positive ones.
    Raises ValueError for no weights, a negative weight, a float, or weights that are all zero.
    """
    if any(isinstance(value, float) for value in (total, *weights)):
        raise ValueError("allocation needs whole numbers or fractions, never floats")
    if not weights:
        raise ValueError("nothing to allocate to")
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight is negative")
    sum_of_weights = sum(weights)
    if sum_of_weights == 0:
        raise ValueError("all weights are zero")
    if total < 0:
        return [-part for part in allocate(-total, weights)]
    exact = [Fraction(total) * weight / sum_of_weights for weight in weights]
    parts = [int(share) for share in exact]
    left = total - sum(parts)
    by_remainder = sorted(range(len(weights)), key=lambda index: (parts[index] - exact[index], index))
    for index in by_remainder[:left]:
        parts[index] += 1
    return parts
