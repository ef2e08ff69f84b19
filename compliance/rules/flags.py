"""Words that a reader is to look at, under the dictionary of a day: found in lines, and matched to the finds before.

A decision is carried to the next draft with the line it quotes: where the line is written as it was, the decision
stands; a line that reads otherwise is a new find.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TypeVar

from scripts_app.tagging import Finder, anchor, fold

from .faults import RuleFault

FLAG_KINDS = {
    "violence": "Violence and gore",
    "suicide": "Suicide and self-harm",
    "sexual": "Sexual content",
    "drugs": "Drugs",
    "gambling": "Gambling",
    "superstition": "Superstition",
    "smoking": "Smoking",
    "minors": "Harm to minors",
    "wealth": "Flaunting of wealth",
    "other": "Other concerns",
}


@dataclass(frozen=True, slots=True)
class FlagTerm:
    """A word of concern from a date, until the day before another where it has an end."""

    kind: str
    word: str
    from_date: dt.date
    until_date: dt.date | None = None
    source: str = ""

    def __post_init__(self) -> None:
        if self.kind not in FLAG_KINDS or not self.word.strip():
            raise RuleFault("flag_term_empty", "A word of concern needs a word and a kind.")
        if self.until_date is not None and self.until_date <= self.from_date:
            raise RuleFault("flag_term_dates", "A word of concern ends after it begins.")

    def holds_on(self, day: dt.date) -> bool:
        return self.from_date <= day and (self.until_date is None or day < self.until_date)


@dataclass(frozen=True, slots=True)
class FlagFind:
    """A word in a line: `digest` and `nth` name the line by content, `line` is its index now."""

    kind: str
    word: str
    line: int
    start: int
    length: int
    quote: str
    digest: str
    nth: int

    @property
    def key(self) -> tuple[str, str, str, int]:
        return (self.kind, self.word, self.digest, self.start)


class FlagFinder:
    """The dictionary of one day, ready to read many scenes."""

    def __init__(self, terms: Iterable[FlagTerm], on: dt.date) -> None:
        self._kinds: dict[str, dict[str, None]] = defaultdict(dict)
        words = [term for term in terms if term.holds_on(on)]
        for term in words:
            self._kinds[fold(term.word)][term.kind] = None
        self._finder = Finder(term.word for term in words)

    def find(self, lines: Sequence[str]) -> Iterator[FlagFind]:
        for index, line in enumerate(lines):
            for found in self._finder.find(line):
                place = anchor(lines, index, found.start, found.length)
                if place is None:
                    continue
                for kind in self._kinds[fold(found.word)]:
                    yield FlagFind(kind, found.word, index, found.start, found.length, line, place.digest, place.nth)


Row = TypeVar("Row")
Where = TypeVar("Where", bound=Hashable)


def carried(
    finds: Sequence[tuple[Where, FlagFind]], rows: Iterable[tuple[Where, tuple[str, str, str, int], Row]]
) -> tuple[list[Row | None], list[Row]]:
    """For each find the row that was made for the same words of the same line, and the rows nothing was found for.

    A row is taken once: by a find in its own scene first, else by one in another, where the line has moved.
    """
    here: dict[tuple[Where, tuple[str, str, str, int]], list[int]] = defaultdict(list)
    anywhere: dict[tuple[str, str, str, int], list[int]] = defaultdict(list)
    known = list(rows)
    for index, (where, key, _row) in enumerate(known):
        here[where, key].append(index)
        anywhere[key].append(index)
    taken: set[int] = set()
    matched: list[Row | None] = [None] * len(finds)

    def take(candidates: list[int], position: int) -> None:
        for index in candidates:
            if index not in taken:
                taken.add(index)
                matched[position] = known[index][2]
                return

    for position, (where, find) in enumerate(finds):
        take(here[where, find.key], position)
    for position, (_where, find) in enumerate(finds):
        if matched[position] is None:
            take(anywhere[find.key], position)
    return matched, [row for index, (_where, _key, row) in enumerate(known) if index not in taken]


def default_flag_terms() -> list[FlagTerm]:
    document = json.loads(files(__package__).joinpath("data/flags.json").read_text("utf-8"))
    begin = dt.date.fromisoformat(document["from"])
    return [
        FlagTerm(kind, word, begin, None, document["source"])
        for kind, words in document["terms"].items()
        for word in words
    ]
