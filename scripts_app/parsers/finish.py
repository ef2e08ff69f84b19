"""From a draft to the frozen script: numbers, lengths, and what the whole has to say."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from .agreement import say_of_gaps, say_of_places, say_of_speakers, say_of_times
from .draft import EpisodeDraft, SceneDraft, ScriptDraft
from .faults import ERROR, Fault, fault
from .measure import Pace, han_of, parts_of, seconds_of
from .model import ParsedElement, ParsedEpisode, ParsedScene, ParsedScript
from .normalise import han_count
from .numbering import Numbered, SceneNumbers, number_episodes

_CHAPTER = re.compile(
    r"^[#\s]*第\s?[0-9〇零一二两三四五六七八九十百千]{1,7}\s?[章节回卷]|^[#\s]*(?:CHAPTER|Chapter)\s+\w+"
)
_QUOTED = re.compile("[“”「」]")


def finish(draft: ScriptDraft, page_unit: str, pace: Pace) -> ParsedScript:
    prose = _prose_fault(draft)
    numbered = number_episodes(draft)
    numbers = SceneNumbers(numbered)
    outlines = {number: "\n".join(lines) for number, lines in draft.front.episode_outlines.items()}
    scenes: dict[int, list[ParsedScene]] = {}
    first: dict[int, Numbered] = {}
    for episode in numbered:
        here = scenes.setdefault(episode.number, [])
        first.setdefault(episode.number, episode)
        for scene, flashes in zip(episode.draft.scenes, _flashes(episode.draft), strict=True):
            number = numbers.give(scene, episode, draft.faults)
            here.append(_scene(scene, number, flashes, page_unit, pace))
    drafts: dict[int, list[EpisodeDraft]] = {}
    for episode in numbered:
        drafts.setdefault(episode.number, []).append(episode.draft)
    episodes = tuple(
        _episode(head, drafts[number], scenes[number], outlines.get(number)) for number, head in first.items()
    )
    _say_of_episodes(draft, episodes)
    _say_once_of_numbers(draft, episodes)
    characters = tuple(draft.front.characters)
    say_of_gaps(episodes, draft.faults)
    say_of_speakers(episodes, characters, draft.faults)
    say_of_places(episodes, characters, draft.faults)
    say_of_times(episodes, draft.faults)
    if not any(episode.scenes for episode in episodes):
        if prose is not None:
            draft.faults.append(prose)
        elif not any(each.severity == ERROR for each in draft.faults):
            draft.faults.append(fault("no_scenes", 0))
    elif prose is not None:
        draft.faults.append(prose)
    return ParsedScript(
        kind="not_a_script" if prose is not None or not _any_story(episodes) else "script",
        layout=draft.layout,
        source=draft.source,
        encoding=draft.encoding,
        title=draft.front.title,
        logline="\n".join(draft.front.logline) or None,
        outline="\n".join(draft.front.outline) or None,
        page_unit=page_unit,
        episodes=episodes,
        characters=characters,
        marks=tuple(draft.marks),
        faults=tuple(sorted(draft.faults, key=lambda each: each.line)),
        front=tuple(draft.front.lines),
        aside=tuple(sorted(draft.aside, key=lambda line: line.line)),
        lines=tuple(draft.written_lines),
        lines_read=draft.lines_read,
    )


def _any_story(episodes: tuple[ParsedEpisode, ...]) -> bool:
    return any(episode.scenes or episode.written_number is not None for episode in episodes)


def _episode(
    head: Numbered, drafts: list[EpisodeDraft], scenes: list[ParsedScene], outline: str | None
) -> ParsedEpisode:
    one = head.draft
    return ParsedEpisode(
        number=head.number,
        written_number=one.written if not one.implied else None,
        title=next((each.title for each in drafts if each.title), None),
        line=one.line,
        stated_seconds=next((each.stated_seconds for each in drafts if each.stated_seconds), None),
        outline=outline or "\n".join(text for each in drafts for text in each.outline) or None,
        implied=one.implied,
        cast=tuple({member.name: member for each in drafts for member in each.cast}.values()),
        head=tuple(line for each in drafts for line in each.head),
        lead=tuple(line for each in drafts for line in each.lead),
        scenes=tuple(scenes),
    )


def _scene(scene: SceneDraft, number: str, flashes: list[bool], page_unit: str, pace: Pace) -> ParsedScene:
    read = scene.read
    elements: list[ParsedElement] = [
        replace(element, flashback=True) if flash or read.flashback else element
        for element, flash in zip(scene.elements, flashes, strict=True)
    ]
    place = read.place
    places = tuple(part.strip() for part in re.split("[/／]", place) if part.strip()) if place else ()
    sub = re.split(r"\s+[-—–]\s+", place, maxsplit=1) if place else []
    return ParsedScene(
        number=number,
        written_number=read.number,
        line=scene.line,
        int_ext=read.int_ext,
        time_of_day=read.time_of_day,
        time_written=read.time_written,
        place=place,
        places=places,
        sub_place=sub[1] if len(sub) == 2 else None,
        title=read.title,
        note=read.note,
        synopsis=scene.synopsis,
        flashback=read.flashback or any(element.flashback for element in elements) or any(flashes),
        montage=read.montage,
        inserted=read.number == "+",
        cast=tuple(scene.cast),
        elements=tuple(elements),
        head=tuple(scene.head),
        parts=parts_of(elements, 1, page_unit),
        seconds=seconds_of(elements, pace),
        han=han_of(elements),
    )


def _flashes(episode: EpisodeDraft) -> list[list[bool]]:
    """For every scene, which elements lie between 闪回 and 闪回结束; one never closed ends with its scene."""
    closed_later: list[bool] = []
    next_mark: str | None = None
    for scene in reversed(episode.scenes):
        closed_later.append(next_mark == "end")
        if scene.flash_lines:
            next_mark = scene.flash_lines[0][1]
    closed_later.reverse()
    flags: list[list[bool]] = []
    running = False
    for scene, closed in zip(episode.scenes, closed_later, strict=True):
        row: list[bool] = []
        for at, what in scene.flash_lines:
            # The line that ends a flashback still belongs to it.
            row += [running] * (at + (what == "end") - len(row))
            running = what == "start"
        row += [running] * (len(scene.elements) - len(row))
        running = running and closed
        flags.append(row)
    return flags


def _say_of_episodes(draft: ScriptDraft, episodes: tuple[ParsedEpisode, ...]) -> None:
    some = any(episode.scenes for episode in episodes)
    for episode in episodes:
        if not episode.scenes and some:
            draft.faults.append(fault("episode_without_scenes", episode.line, number=episode.number))
        elif episode.scenes and episode.lead:
            draft.faults.append(
                fault("text_before_scene", episode.lead[0].line, count=len(episode.lead), number=episode.number)
            )
        for scene in episode.scenes:
            if scene.place is None:
                draft.faults.append(fault("scene_place_missing", scene.line, number=scene.number))


def _say_once_of_numbers(draft: ScriptDraft, episodes: tuple[ParsedEpisode, ...]) -> None:
    """A writer who numbers no scene is told so once, not at every heading."""
    scenes = [scene for episode in episodes for scene in episode.scenes]
    if len(scenes) > 2 and all(scene.written_number is None for scene in scenes):
        draft.faults[:] = [each for each in draft.faults if each.code != "scene_number_missing"]
        draft.faults.append(fault("scene_numbers_none", scenes[0].line, count=len(scenes)))


def _prose_fault(draft: ScriptDraft) -> Fault | None:
    """Say so when the text is a novel: chapters or quoted talk in paragraphs, and hardly a scene heading."""
    texts = [line.strip() for line in draft.written_lines if line.strip()]
    scenes = sum(len(episode.scenes) for episode in draft.episodes)
    chapters = sum(1 for text in texts if len(text) <= 40 and text[0] in "#第Cc" and _CHAPTER.match(text))
    kinds = Counter(
        element.kind for episode in draft.episodes for scene in episode.scenes for element in scene.elements
    )
    if scenes > max(1, chapters // 3) or kinds["dialogue"] > len(texts) // 5:
        return None
    quoted = sum(1 for text in texts if _QUOTED.search(text))
    long = sum(1 for text in texts if han_count(text) >= 30)
    words = sum(1 for text in texts if len(text.split()) >= 25)
    novel = (chapters >= 1 and len(texts) >= chapters * 3 and (quoted + long + words) >= len(texts) // 4 + 2) or (
        not draft.episodes and len(texts) >= 8 and (quoted >= len(texts) // 4 or long + words >= len(texts) // 2)
    )
    return fault("looks_like_prose", 0, paragraphs=len(texts)) if novel else None
