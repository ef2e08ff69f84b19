"""The import page: the text of an episode with its faults beside it, what was decided, and where to go next."""

from __future__ import annotations

import bisect
import dataclasses
import functools
import json
from typing import Any

from scripts_app.models import Reading
from scripts_app.parsers import (
    Decision,
    Fault,
    ParsedElement,
    ParsedEpisode,
    ParsedScene,
    ParsedScript,
    SourceLine,
    ignoring,
    proposed,
)
from scripts_app.queries.readings import parsed_reading
from scripts_app.wording import decision_sentence, fault_sentence, kind_label

FAULTS_LISTED = 400
WHOLE = 0  # the episode number of what stands above the first episode


@dataclasses.dataclass(frozen=True)
class FaultShown:
    """A fault with what can be done about it; the decisions are ready to be sent back."""

    at: int  # place among all faults of the script
    line: int
    code: str
    severity: str
    sentence: str
    episode: int
    scene: str
    accept: Decision | None
    ignore: Decision | None

    @property
    def accept_json(self) -> str:
        return json.dumps(self.accept, ensure_ascii=False) if self.accept else ""

    @property
    def ignore_json(self) -> str:
        return json.dumps(self.ignore, ensure_ascii=False) if self.ignore else ""

    @property
    def accept_sentence(self) -> str:
        return decision_sentence(self.accept, here=True) if self.accept else ""


@dataclasses.dataclass(frozen=True)
class KindShown:
    """All faults of a kind: how many there are, and how many of them we know a repair for."""

    code: str
    label: str
    severity: str
    count: int
    known: int
    first: FaultShown


@dataclasses.dataclass(frozen=True)
class StepShown:
    id: int
    by: str
    from_revision: int | None
    sentences: list[str]
    idle: bool


@dataclasses.dataclass(frozen=True)
class RowShown:
    element: ParsedElement
    faults: list[FaultShown]
    decided: list[StepShown]


@dataclasses.dataclass(frozen=True)
class SceneShown:
    scene: ParsedScene
    written: list[SourceLine]
    faults: list[FaultShown]
    decided: list[StepShown]
    rows: list[RowShown]


@dataclasses.dataclass(frozen=True)
class EpisodeShown:
    number: int
    told: ParsedEpisode | None
    faults: list[FaultShown]
    decided: list[StepShown]
    lead: list[tuple[SourceLine, list[FaultShown]]]
    scenes: list[SceneShown]


@dataclasses.dataclass(frozen=True)
class ImportPage:
    """A reading as it is looked at; `show` is todo, info or all, `code` one kind of fault or nothing."""

    reading: Reading
    parsed: ParsedScript
    names: dict[int, str]
    show: str = "todo"
    code: str = ""

    @classmethod
    def of(cls, reading: Reading, names: dict[int, str], show: str = "", code: str = "") -> ImportPage:
        parsed = parsed_reading(reading)
        show = show if show in {"todo", "info", "all"} else "todo"
        return cls(reading, parsed, names, show, code if any(each.code == code for each in parsed.faults) else "")

    @functools.cached_property
    def _starts(self) -> list[tuple[int, int, str]]:
        """Where episodes and scenes begin: line, episode, scene."""
        found = []
        for episode in self.parsed.episodes:
            found.append(
                (min([episode.line, *(one.line for one in (*episode.head, *episode.lead))]), episode.number, "")
            )
            found.extend((min([one.line, *(each.line for each in one.head)]), episode.number, one.number)
                         for one in episode.scenes)  # fmt: skip
        return sorted(found)

    def place_of(self, line: int) -> tuple[int, str]:
        """Episode and scene of a line; the whole script for what stands above."""
        at = bisect.bisect_right(self._starts, (line, 10**9, "")) - 1
        return (WHOLE, "") if not line or at < 0 else self._starts[at][1:]

    @functools.cached_property
    def all_faults(self) -> list[FaultShown]:
        return [self._fault(at, each) for at, each in enumerate(self.parsed.faults)]

    def _fault(self, at: int, each: Fault) -> FaultShown:
        episode, scene = self.place_of(each.line)
        return FaultShown(
            at, each.line, each.code, each.severity, fault_sentence(each.code, each.params, each.message), episode, scene,
            proposed(each, self.parsed), ignoring(each, self.parsed.lines) if each.severity != "error" else None,
        )  # fmt: skip

    @functools.cached_property
    def faults(self) -> list[FaultShown]:
        """Those the filter lets through, in the order of the text."""
        return [
            each for each in self.all_faults
            if (not self.code or each.code == self.code)
            and (self.show == "all" or self.code or (each.severity == "info") == (self.show == "info"))
        ]  # fmt: skip

    @property
    def listed(self) -> list[FaultShown]:
        return self.faults[:FAULTS_LISTED]

    @functools.cached_property
    def counts(self) -> dict[str, int]:
        infos = sum(each.severity == "info" for each in self.parsed.faults)
        return {"todo": len(self.parsed.faults) - infos, "info": infos, "all": len(self.parsed.faults)}

    @functools.cached_property
    def kinds(self) -> list[KindShown]:
        found: dict[str, list[FaultShown]] = {}
        for each in self.all_faults:
            if self.show == "all" or (each.severity == "info") == (self.show == "info"):
                found.setdefault(each.code, []).append(each)
        return [
            KindShown(code, kind_label(code), rows[0].severity, len(rows), sum(row.accept is not None for row in rows), rows[0])
            for code, rows in sorted(found.items(), key=lambda one: -len(one[1]))
        ]  # fmt: skip

    @functools.cached_property
    def steps(self) -> list[StepShown]:
        """Decided for this draft, the last first, then what an earlier one taught."""
        idle, index, found = set(self.parsed.idle), 0, []
        for step in self.reading.steps:
            places = range(index, index + len(step["decisions"]))
            index += len(step["decisions"])
            found.append(
                StepShown(
                    step["id"], self.names.get(step["by"] or 0, ""), step.get("from_revision"),
                    [decision_sentence(each, self.parsed) for each in step["decisions"]],
                    all(place in idle for place in places),
                )
            )  # fmt: skip
        return sorted(found, key=lambda step: (step.from_revision is not None, -step.id))

    @functools.cached_property
    def decided_at(self) -> dict[int, list[StepShown]]:
        """Decisions about a line, by line."""
        shown = {step.id: step for step in self.steps}
        found: dict[int, list[StepShown]] = {}
        for step, decision in self.reading.decided():
            if decision.get("line"):
                one = dataclasses.replace(shown[step["id"]], sentences=[decision_sentence(decision, self.parsed)])
                found.setdefault(decision["line"], []).append(one)
        return found

    @functools.cached_property
    def episodes(self) -> list[dict[str, Any]]:
        """All episodes for the list at the side, with how much is to decide in each."""
        counts: dict[int, int] = {}
        for each in self.all_faults:
            if each.severity != "info":
                counts[each.episode] = counts.get(each.episode, 0) + 1
        return [
            {"number": each.number, "title": each.title or "", "count": counts.get(each.number, 0)}
            for each in self.parsed.episodes
        ]

    def first_episode(self) -> int:
        """Where to begin: the first episode with something to decide."""
        numbers = [each.number for each in self.parsed.episodes]
        wanted = next((each.episode for each in self.faults if each.episode in numbers), None)
        return wanted if wanted is not None else (numbers[0] if numbers else WHOLE)

    @property
    def whole(self) -> list[FaultShown]:
        """What is said of no episode."""
        return [each for each in self.faults if each.episode == WHOLE]

    def next_episode(self, number: int) -> int | None:
        """The next episode with faults, round the end."""
        numbers = [each.number for each in self.parsed.episodes]
        waiting = {each.episode for each in self.faults}
        at = numbers.index(number) + 1 if number in numbers else 0
        return next((each for each in numbers[at:] + numbers[: max(0, at - 1)] if each in waiting), None)

    def episode(self, number: int) -> EpisodeShown | None:
        told = next((each for each in self.parsed.episodes if each.number == number), None)
        if told is None:
            return None
        here = [each for each in self.faults if each.episode == number]
        by_line: dict[tuple[str, int], list[FaultShown]] = {}
        for each in here:
            by_line.setdefault((each.scene, each.line), []).append(each)
        lead_lines = {line.line for line in told.lead}
        scenes = []
        for scene in told.scenes:
            own = {element.line for element in scene.elements}
            heads = {line.line for line in scene.head} | {scene.line}
            scenes.append(
                SceneShown(
                    scene,
                    [line for line in scene.head if line.role == "scene"],
                    [each for each in here if each.scene == scene.number and each.line not in own],
                    [step for line in sorted(heads) for step in self.decided_at.get(line, [])],
                    [
                        RowShown(each, by_line.get((scene.number, each.line), []),
                                 self.decided_at.get(each.line, []) if each.line not in heads else [])
                        for each in scene.elements
                    ],
                )
            )  # fmt: skip
        return EpisodeShown(
            number, told, [each for each in here if not each.scene and each.line not in lead_lines],
            self.decided_at.get(told.line, []) if all(scene.line != told.line for scene in told.scenes) else [],
            [(line, by_line.get(("", line.line), [])) for line in told.lead], scenes,
        )  # fmt: skip
