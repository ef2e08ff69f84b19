"""When meals of a day on set were due. Minutes of one clock; no time zone, no date."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence


@dataclasses.dataclass(frozen=True)
class LateMeal:
    """The `number`th meal (from 0) was due at `due`; it came at `start`, or not at all (None) before the wrap."""

    number: int
    due: int
    start: int | None
    late_minutes: int


def late_meals(call: int, wrap: int, meals: Sequence[tuple[int, int | None]], within: int) -> list[LateMeal]:
    """Meals that came later than `within` minutes of work, or not at all.

    The first is counted from the call, each further one from the end of the one before. After a meal whose end is not
    known nothing is said. A meal before the call was not theirs to wait for.
    """
    found: list[LateMeal] = []
    since, had = call, 0
    for number, (start, end) in enumerate(meals):
        if start >= wrap:
            break
        had += 1
        if start > since + within:
            found.append(LateMeal(number, since + within, start, start - since - within))
        if end is None:
            return found
        since = max(since, end)
    if wrap > since + within:
        found.append(LateMeal(had, since + within, None, wrap - since - within))
    return found
