"""Episode and scene numbers as read: every one unique, every change said."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache

from studio.values import SceneNumber

from .draft import EpisodeDraft, SceneDraft, ScriptDraft
from .faults import Fault, Proposal, fault

MAX_EPISODE = 9999


@dataclass(frozen=True, slots=True)
class Numbered:
    """An episode with the number it was read as; several drafts share one when a head is stated twice."""

    number: int
    draft: EpisodeDraft


def number_episodes(draft: ScriptDraft) -> list[Numbered]:
    """Give every episode its number; faults for missing, duplicate and forgotten heads."""
    stated = {episode.written for episode in draft.episodes if episode.written is not None}
    # In a file without any head the scene numbers alone tell the episodes, and no single head was forgotten.
    headed = any(not episode.implied for episode in draft.episodes)
    seen: set[int] = set()
    result: list[Numbered] = []
    previous = 0
    for index, episode in enumerate(draft.episodes):
        if episode.written is None:
            number = 1 if not result else previous + 1
        elif episode.written in seen:
            number = _second_reading(draft.episodes, index, stated | seen)
            draft.faults.append(
                fault(
                    "episode_duplicate",
                    episode.line,
                    _repeat_or_number(episode, number, previous),
                    number=episode.written,
                    read_as=number,
                )
            )
        else:
            number = episode.written
            if headed and episode.implied and (index > 0 or number > 1) and not _says_episode(episode):
                draft.faults.append(
                    fault("episode_head_missing", episode.line, _number_episode(episode.line, number), number=number)
                )
        if number not in seen:
            following = draft.episodes[index + 1].written if index + 1 < len(draft.episodes) else None
            previous = _check_order(draft, episode, number, previous, following, stated)
        seen.add(number)
        result.append(Numbered(number, episode))
    return result


def _number_episode(line: int, number: int) -> Proposal:
    return {"action": "number_episode", "line": line, "number": number}


def _number_scene(line: int, number: str) -> Proposal:
    return {"action": "number_scene", "line": line, "number": number}


def _repeat_or_number(episode: EpisodeDraft, number: int, previous: int) -> Proposal | None:
    """What sets a head stated twice right: another number, or joining it to the same episode just above."""
    if number != episode.written:
        return _number_episode(episode.line, number)
    return {"action": "merge_up", "line": episode.line} if previous == number else None


def _says_episode(episode: EpisodeDraft) -> bool:
    """第1集第3场 names the episode in every scene head, so no head of its own is missing."""
    return bool(episode.scenes) and "集" in (episode.scenes[0].read.number or "")


def _check_order(
    draft: ScriptDraft, episode: EpisodeDraft, number: int, previous: int, following: int | None, stated: set[int]
) -> int:
    """Say what is odd about a number; returns the number that the next one should follow."""
    if previous and number < previous:
        draft.faults.append(fault("episode_out_of_order", episode.line, number=number, previous=previous))
    elif previous and number > previous + 1:
        missing = [each for each in range(previous + 1, min(number, previous + 51)) if each not in stated]
        if missing and following == previous + 2:
            proposal = _number_episode(episode.line, previous + 1)
            draft.faults.append(
                fault("episode_number_odd", episode.line, proposal, number=number, expected=previous + 1)
            )
            return previous + 1
        elif missing:
            text = ", ".join(str(each) for each in missing)
            draft.faults.append(fault("episode_missing", episode.line, missing=text, number=number))
    return number


def _second_reading(episodes: list[EpisodeDraft], index: int, taken: set[int]) -> int:
    """What a head stated twice may have meant: what its scenes say, else the gap it stands in, else the same."""
    episode = episodes[index]
    assert episode.written is not None
    for scene in episode.scenes[:1]:
        said = scene.read.episode
        if said is not None and said not in taken and 0 < said <= MAX_EPISODE:
            return said
    after = episode.written + 1
    following = next((each.written for each in episodes[index + 1 :] if each.written is not None), None)
    if after not in taken and (following is None or following > after) and after <= MAX_EPISODE:
        return after
    return episode.written


class SceneNumbers:
    """Hands out scene numbers that are unique in the script."""

    def __init__(self, episodes: list[Numbered]) -> None:
        # What is stated somewhere is not given to a duplicate before it.
        self._stated = {
            text
            for episode in episodes
            for scene in episode.draft.scenes
            if (text := _stated_number(scene, episode)) is not None
        }
        self._given: set[str] = set()
        self._next: dict[int, int] = {}
        self._suffix: dict[str, int] = {}
        self._last: str | None = None
        self._before: SceneDraft | None = None
        self._next_stated: dict[int, str | None] = {}  # by id of a scene: the number its next one states
        for episode in episodes:
            rows = episode.draft.scenes
            for scene, later in itertools.pairwise(rows):
                self._next_stated[id(scene)] = _stated_number(later, episode)

    def give(self, scene: SceneDraft, episode: Numbered, faults: list[Fault]) -> str:
        read = scene.read
        text = _stated_number(scene, episode)
        if text is not None and text not in self._given:
            number = text
        elif text is not None:
            number = self._in_the_gap(scene, text) or self._suffixed(text, episode.number)
            written = read.number or text
            repeat = scene.line if self._repeats(scene) else None
            proposal: Proposal = {"action": "merge_up", "line": repeat} if repeat else _number_scene(scene.line, number)
            faults.append(fault("scene_number_duplicate", scene.line, proposal, written=written, number=number))
        elif read.number == "+" and self._last is not None and self._last.startswith(f"{episode.number}-"):
            number = self._suffixed(self._last, episode.number)
        else:
            number = self._following(episode.number)
            if read.number is None or read.number == "+":
                faults.append(
                    fault("scene_number_missing", scene.line, _number_scene(scene.line, number), number=number)
                )
            else:
                faults.append(
                    fault(
                        "scene_number_unreadable",
                        scene.line,
                        _number_scene(scene.line, number),
                        written=read.number,
                        number=number,
                    )
                )
        stated = read.episode
        if stated is not None and text is not None and not text.startswith(f"{episode.number}-"):
            faults.append(
                fault(
                    "scene_episode_mismatch",
                    scene.line,
                    self._in_its_episode(scene, number, episode.number),
                    number=number,
                    episode=episode.number,
                )
            )
        self._given.add(number)
        self._last, self._before = number, scene
        return number

    def _in_the_gap(self, scene: SceneDraft, text: str) -> str | None:
        """1-1, 1-1, 1-3: the second is 1-2, which nobody else is."""
        before, _, count = text.partition("-")
        if self._last != text or not count.isdigit():
            return None
        between = f"{before}-{int(count) + 1}"
        fits = self._next_stated.get(id(scene)) == f"{before}-{int(count) + 2}"
        return between if fits and between not in self._stated and between not in self._given else None

    def _repeats(self, scene: SceneDraft) -> bool:
        """Does the head say again, word for word, what the scene before it is headed with?"""
        before = self._before
        return before is not None and before.read == scene.read

    def _in_its_episode(self, scene: SceneDraft, number: str, episode: int) -> Proposal | None:
        """The same number within the episode the scene stands in, if nobody has it."""
        inside = f"{episode}-{number.partition('-')[2]}"
        free = inside not in self._given and inside not in self._stated
        return _number_scene(scene.line, inside) if free else None

    def _suffixed(self, text: str, episode: int) -> str:
        base = text.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        step = self._suffix.get(base, 0)
        while step < 702:
            letters = chr(65 + step) if step < 26 else chr(65 + step // 26 - 1) + chr(65 + step % 26)
            step += 1
            number = f"{base}{letters}"
            if number not in self._given and number not in self._stated:
                self._suffix[base] = step
                return number
        self._suffix[base] = step
        return self._following(episode)

    def _following(self, episode: int) -> str:
        step = self._next.get(episode, 1)
        while (number := f"{episode}-{step}") in self._given or number in self._stated:
            step += 1
        self._next[episode] = step + 1
        return number


def _stated_number(scene: SceneDraft, episode: Numbered) -> str | None:
    """`E-S` as the head states it; the episode's own number where it states none, or the one misread above."""
    read = scene.read
    if read.scene is None:
        return None
    stated = read.episode
    if stated is None or (stated == episode.draft.written and episode.number != stated):
        stated = episode.number
    return _number_text(read.scene if "-" in read.scene else f"{stated}-{read.scene}")


@lru_cache(maxsize=4096)
def _number_text(written: str) -> str | None:
    try:
        return SceneNumber.parse(written).text
    except ValueError:
        return None
