"""In which column of the board of scripts a title stands, and since when. Plain values in and out; no rows."""

from __future__ import annotations

import dataclasses
import datetime as dt

PITCH, TRIAL, FULL, REVIEW, LOCKED = "pitch", "trial", "full", "review", "locked"
COLUMNS = (PITCH, TRIAL, FULL, REVIEW, LOCKED)


@dataclasses.dataclass(frozen=True, slots=True)
class DraftFacts:
    """One revision: how many episodes it has, when it came in, and when it was locked."""

    number: int
    episodes: int
    came_at: dt.datetime
    locked_at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class RoundFacts:
    """One review: of which revision, from when until when; `closed_at` None while it goes on."""

    revision: int
    opened_at: dt.datetime
    closed_at: dt.datetime | None = None


def place(
    *,
    opened_at: dt.datetime,
    planned: int | None,
    pitch_moved_at: dt.datetime | None,
    drafts: list[DraftFacts],
    rounds: list[RoundFacts],
) -> tuple[str, dt.datetime]:
    """The column of a title and the moment it came there; `drafts` in order of their numbers.

    A draft that came back from review stands in its column anew; a later draft of the same size does not move it.
    """
    if not drafts:
        return PITCH, pitch_moved_at or opened_at
    last = drafts[-1]
    if last.locked_at is not None:
        return LOCKED, last.locked_at
    going_on = [each.opened_at for each in rounds if each.revision == last.number and each.closed_at is None]
    if going_on:
        return REVIEW, min(going_on)
    since = last.came_at
    for earlier in reversed(drafts[:-1]):
        # A locked draft was in another column; the one after it came back from there.
        if earlier.locked_at is not None or _is_trial(earlier, planned) != _is_trial(last, planned):
            break
        since = earlier.came_at
    # A review recorded when it was over was never gone through here.
    over = [each.closed_at for each in rounds if each.closed_at is not None and each.closed_at > each.opened_at]
    return (TRIAL if _is_trial(last, planned) else FULL), max([since, *over])


def _is_trial(draft: DraftFacts, planned: int | None) -> bool:
    return planned is not None and draft.episodes < planned
