"""What a new draft makes stale in the rooms behind: each registers a finder, the list is kept and told.

A room writes in its own `staleness.py`

    @finder("scheduling")
    def find(change: DraftChange) -> Iterator[Stale]: ...

and imports that module in its `subscribers.py`. A finder reads rows and changes nothing; it hears of every draft but
the first, after the scenes have followed it. The sentence of a `kind` is registered with `studio.notices.sentence`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from scripts_app.matching import NEW, OMITTED
from scripts_app.models import Revision
from scripts_app.queries.comparing import SceneChange, compare
from studio.models import Production

_MOST_NUMBERS = 12
FRONT = ("title", "logline", "outline")


@dataclasses.dataclass(frozen=True)
class Stale:
    """Something stale: `kind` its sentence, `key` the thing within its draft, `verb` those who are concerned."""

    kind: str
    key: str
    verb: str
    url: str = ""
    params: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class DraftChange:
    """What a draft changed against the one before it."""

    revision: Revision
    before: Revision
    production: Production
    scenes: tuple[SceneChange, ...]

    @cached_property
    def told(self) -> dict[int, SceneChange]:
        """Scenes in both drafts that the later tells otherwise, by id."""
        return {each.scene_id: each for each in self.scenes if each.changed}

    @cached_property
    def omitted(self) -> dict[int, SceneChange]:
        return {each.scene_id: each for each in self.scenes if each.kind == OMITTED}

    @cached_property
    def new(self) -> dict[int, SceneChange]:
        return {each.scene_id: each for each in self.scenes if each.kind == NEW}

    @cached_property
    def moved(self) -> dict[int, SceneChange]:
        return {each.scene_id: each for each in self.scenes if each.moved}

    @cached_property
    def front(self) -> tuple[str, ...]:
        """Which of title, logline, outline the draft tells otherwise; what an older release did not keep is not said."""
        old, new = self.before.front, self.revision.front
        return tuple(name for name in FRONT if name in old and new.get(name) and old[name] != new[name])

    @cached_property
    def episode_counts(self) -> tuple[int, int]:
        return len(self.before.episodes), len(self.revision.episodes)


Finder = Callable[[DraftChange], Iterable[Stale]]
FINDERS: dict[str, Finder] = {}


def finder(room: str) -> Callable[[Finder], Finder]:
    def register(function: Finder) -> Finder:
        FINDERS[room] = function
        return function

    return register


def change_of(revision: Revision) -> DraftChange | None:
    """What a draft changed; None for the first."""
    before = Revision.objects.filter(script=revision.script_id, number__lt=revision.number).order_by("-number").first()
    if before is None:
        return None
    return DraftChange(revision, before, revision.script.production, compare(before, revision))


def find_stale(revision: Revision) -> list[Stale]:
    change = change_of(revision)
    return [stale for find in FINDERS.values() for stale in find(change)] if change is not None else []


def numbers(changes: Iterable[SceneChange], most: int = _MOST_NUMBERS) -> str:
    """`3-1, 3-4, 3-5 …`: scene numbers for a sentence."""
    found = [each.number for each in changes]
    return ", ".join(found[:most]) + (" …" if len(found) > most else "")
