"""How much of a dirty script a reader got right."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from scripts_app.parsers import ParsedScript

from .dirt import Dirty

WHAT = ("episodes", "scenes", "sets", "cast", "speakers", "faults")


@dataclass(slots=True)
class Score:
    """Right and all of each kind; `wrong` holds a few examples to look at."""

    right: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WHAT, 0))
    all: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WHAT, 0))
    wrong: list[str] = field(default_factory=list)

    def count(self, what: str, right: bool, example: str = "") -> None:
        self.all[what] += 1
        self.right[what] += right
        if not right and len(self.wrong) < 20:
            self.wrong.append(f"{what}: {example}")

    def add(self, other: Score) -> None:
        for what in WHAT:
            self.right[what] += other.right[what]
            self.all[what] += other.all[what]
        self.wrong += other.wrong[: max(0, 20 - len(self.wrong))]

    def share(self, what: str) -> float:
        return self.right[what] / self.all[what] if self.all[what] else 1.0

    @property
    def least(self) -> float:
        return min(self.share(what) for what in WHAT)


def score(parsed: ParsedScript, truth: Dirty) -> Score:
    """Every episode, scene, set, cast and list of speakers counts once; what was invented counts as wrong."""
    result = Score()
    episodes = {each.number: each for each in parsed.episodes}
    for number, title in truth.episodes:
        found = episodes.pop(number, None)
        result.count(
            "episodes", found is not None and found.title == title, f"{number} {title} {found and found.title}"
        )
    for number in episodes:
        result.count("episodes", False, f"{number} invented")
    scenes = {each.number: each for each in parsed.scenes}
    for meant in truth.scenes:
        read = scenes.pop(meant.number, None)
        if read is None:
            for what in ("scenes", "sets", "cast", "speakers"):
                result.count(what, False, f"{meant.number} not found")
            continue
        seen = (read.int_ext, read.time_of_day, read.flashback)
        wanted = (meant.int_ext, meant.time_of_day, meant.flashback)
        result.count("scenes", seen == wanted, f"{meant.number} {seen} for {wanted}")
        result.count("sets", read.place == meant.place, f"{meant.number} {read.place} for {meant.place}")
        cast = tuple((member.name, member.count) for member in read.cast)
        result.count("cast", cast == meant.cast, f"{meant.number} {cast} for {meant.cast}")
        spoke = tuple(name for name, _ in itertools.groupby(each.speaker for each in read.elements if each.speaker))
        result.count("speakers", spoke == meant.speakers, f"{meant.number} {spoke} for {meant.speakers}")
    for invented in scenes:
        result.count("scenes", False, f"{invented} invented")
    _score_faults(result, parsed, truth)
    return result


def _score_faults(result: Score, parsed: ParsedScript, truth: Dirty) -> None:
    """Each fault that the dirt deserves, and each alarm that it does not."""
    told = {name for each in parsed.faults for name in _names(each.code, each.params, each.proposal or {})}
    deserved = set(truth.faults)
    codes = {code for code, _ in deserved}
    for one in sorted(deserved):
        result.count("faults", one in told, f"{one} not told")
    for each in parsed.faults:
        false = each.severity == "warning" and each.code not in codes | _UNAVOIDABLE
        if false:
            result.count("faults", False, f"{each.code} at {each.line} {each.params}")


# What layouts and other dirt bring about by themselves.
_UNAVOIDABLE = {"scene_place_missing", "episode_head_missing"}


def _names(code: str, params: dict[str, str | int], proposal: dict[str, str | int]) -> list[tuple[str, str]]:
    if code == "speaker_alias":
        return [(code, f"{proposal['from']}>{proposal['to']}")]
    if code == "place_drift":
        pair = (str(params["place"]), str(params["name"]))
        return [(code, "|".join(pair)), (code, "|".join(reversed(pair)))]
    if code == "episode_missing":
        return [(code, each) for each in str(params["missing"]).split(", ")]
    return [(code, str(params.get("number", "")))]
