"""A draft ready to be read, with its faults. Never writes; costs the same number of queries however long the script is."""

from __future__ import annotations

import bisect
import dataclasses
from typing import Any

from scripts_app.models import Revision, Scene, SceneText
from scripts_app.wording import fault_sentence

HITS = 200


@dataclasses.dataclass(frozen=True)
class FaultAt:
    """A fault in the reader's language, with where it shows: `episode` None is above the first."""

    line: int
    severity: str
    sentence: str
    episode: int | None
    scene: str = ""


@dataclasses.dataclass(frozen=True)
class ElementRead:
    row: dict[str, Any]
    faults: list[FaultAt]


@dataclasses.dataclass(frozen=True)
class SceneRead:
    """A scene as a draft has it, with its number there; `scene` is the row that carries on."""

    scene: Scene
    number: str
    head: dict[str, Any]
    elements: list[ElementRead]
    faults: list[FaultAt]


@dataclasses.dataclass(frozen=True)
class EpisodeRead:
    number: int
    told: dict[str, Any]
    scenes: list[SceneRead]
    faults: list[FaultAt]


@dataclasses.dataclass(frozen=True)
class Hit:
    episode: int
    scene: str
    line: int
    speaker: str
    text: str


@dataclasses.dataclass(frozen=True)
class Draft:
    """A revision ready to be read: one query for its texts, whatever is asked of it then."""

    revision: Revision
    texts: list[SceneText]

    @classmethod
    def of(cls, revision: Revision) -> Draft:
        texts = list(SceneText.objects.filter(revision=revision).select_related("scene").order_by("pk"))
        return cls(revision, sorted(texts, key=lambda text: text.head.get("line", 0)))

    def episode_of(self, text: SceneText) -> int:
        return int(text.episode_number)

    def faults(self) -> list[FaultAt]:
        """All faults, each with the episode and scene its line stands in."""
        starts = [text.head.get("line", 0) for text in self.texts]
        heads = sorted((row["line"], row["number"]) for row in self.revision.episodes)
        found = []
        for row in self.revision.faults:
            line = row["line"]
            at = bisect.bisect_right(starts, line) - 1
            above = bisect.bisect_right(heads, (line, 10**9)) - 1
            text = self.texts[at] if line and at >= 0 else None
            episode = heads[above][1] if line and above >= 0 else None
            if text is not None and episode is not None and text.head.get("line", 0) < heads[above][0]:
                text = None  # between an episode's head and its first scene
            if text is not None:
                episode = self.episode_of(text)
            found.append(
                FaultAt(
                    line, row["severity"], fault_sentence(row["code"], row["params"], row["message"]), episode,
                    text.number if text is not None else "",
                )
            )  # fmt: skip
        return found

    def episode(self, number: int, faults: list[FaultAt]) -> EpisodeRead:
        here = [each for each in faults if each.episode == number]
        told = next((row for row in self.revision.episodes if row["number"] == number), {"number": number})
        scenes = []
        for text in self.texts:
            if self.episode_of(text) != number:
                continue
            own = [each for each in here if each.scene == text.number]
            lines = {row["line"] for row in text.elements}
            elements = [ElementRead(row, [each for each in own if each.line == row["line"]]) for row in text.elements]
            scenes.append(
                SceneRead(
                    text.scene, text.number, text.head, elements, [each for each in own if each.line not in lines]
                )
            )
        return EpisodeRead(number, told, scenes, [each for each in here if not each.scene])

    def search(self, wanted: str) -> list[Hit]:
        """Lines that hold a text, by speaker or word, at most HITS."""
        needle = wanted.casefold()
        hits = []
        for text in self.texts:
            heading = " ".join(str(text.head.get(name, "")) for name in ("set_name", "sub_place", "time_written"))
            if needle in heading.casefold() or needle == text.number.casefold():
                hits.append(Hit(self.episode_of(text), text.number, text.head.get("line", 0), "", heading.strip()))
            for row in text.elements:
                speaker = row.get("speaker", "")
                if needle in row["text"].casefold() or needle in speaker.casefold():
                    hits.append(Hit(self.episode_of(text), text.number, row["line"], speaker, row["text"]))
                if len(hits) >= HITS:
                    return hits
        return hits
