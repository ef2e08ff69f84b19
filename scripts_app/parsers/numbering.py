"""Episode and scene numbers as read: every one unique, every change said."""

from __future__ import annotations

from dataclasses import dataclass

from studio.values import SceneNumber

from .draft import EpisodeDraft, SceneDraft, ScriptDraft
from .faults import Fault, fault

MAX_EPISODE = 9999


@dataclass(frozen=True, slots=True)
class Numbered:
    """An episode with the number it was read as; several drafts share one when a head is stated twice."""

    number: int
    draft: EpisodeDraft


def number_episodes(draft: ScriptDraft) -> list[Numbered]:
    """Give every episode its number; faults for missing, duplicate and forgotten heads."""
    stated = {episode.written for episode in draft.episodes if episode.written is not None}
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
                    {"number": number},
                    number=episode.written,
                    read_as=number,
                )
            )
        else:
            number = episode.written
            if episode.implied and (index > 0 or number > 1) and not _says_episode(episode):
                draft.faults.append(fault("episode_head_missing", episode.line, {"number": number}, number=number))
        if number not in seen:
            _check_order(draft, episode, number, previous, stated)
        seen.add(number)
        result.append(Numbered(number, episode))
        previous = number
    return result


def _says_episode(episode: EpisodeDraft) -> bool:
    """第1集第3场 names the episode in every scene head, so no head of its own is missing."""
    return bool(episode.scenes) and "集" in (episode.scenes[0].read.number or "")


def _check_order(draft: ScriptDraft, episode: EpisodeDraft, number: int, previous: int, stated: set[int]) -> None:
    if previous and number < previous:
        draft.faults.append(fault("episode_out_of_order", episode.line, number=number, previous=previous))
    elif previous and number > previous + 1:
        missing = [each for each in range(previous + 1, min(number, previous + 51)) if each not in stated]
        if missing:
            text = ", ".join(str(each) for each in missing)
            draft.faults.append(fault("episode_missing", episode.line, missing=text, number=number))


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

    def give(self, scene: SceneDraft, episode: Numbered, faults: list[Fault]) -> str:
        read = scene.read
        text = _stated_number(scene, episode)
        if text is not None and text not in self._given:
            number = text
        elif text is not None:
            number = self._suffixed(text, episode.number)
            written = read.number or text
            faults.append(
                fault("scene_number_duplicate", scene.line, {"number": number}, written=written, number=number)
            )
        elif read.number == "+" and self._last is not None and self._last.startswith(f"{episode.number}-"):
            number = self._suffixed(self._last, episode.number)
        else:
            number = self._following(episode.number)
            if read.number is None or read.number == "+":
                faults.append(fault("scene_number_missing", scene.line, {"number": number}, number=number))
            else:
                faults.append(
                    fault(
                        "scene_number_unreadable",
                        scene.line,
                        {"number": number},
                        written=read.number,
                        number=number,
                    )
                )
        stated = read.episode
        if stated is not None and text is not None and not text.startswith(f"{episode.number}-"):
            faults.append(fault("scene_episode_mismatch", scene.line, number=number, episode=episode.number))
        self._given.add(number)
        self._last = number
        return number

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
    try:
        return SceneNumber.parse(read.scene if "-" in read.scene else f"{stated}-{read.scene}").text
    except ValueError:
        return None
