"""Where scenes and episodes begin, changed by decision: heads made of lines, heads unmade, repeats joined.

Works on a draft between reading and finishing, so that numbers, lengths and faults are reckoned anew from what was
decided, whatever reader made the draft. Every source line stays in the draft exactly once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from studio.values import SceneNumber

from .body import ACTION_MARKS, read_body
from .cast import cast_line, read_cast
from .draft import EpisodeDraft, SceneDraft, ScriptDraft
from .episodes import undecorated
from .fields import SceneHead, head_from_fields, read_fields
from .heads import label_line, leading_number, read_scene_line
from .model import ParsedElement, SourceLine
from .normalise import plain
from .slugs import slugline

_MARKS = re.compile(f"^[{ACTION_MARKS}\\s]+")
_SPEECH_HEADS = ("character", "parenthetical")
# What stands on the page for a time that was decided: the reader's own words for it.
TIMES = {"day": "日", "night": "夜", "dawn": "晨", "dusk": "昏"}
ENGLISH_TIMES = {"day": "DAY", "night": "NIGHT", "dawn": "DAWN", "dusk": "DUSK"}


def scenes_of(draft: ScriptDraft) -> Iterator[tuple[EpisodeDraft, SceneDraft]]:
    for episode in draft.episodes:
        for scene in episode.scenes:
            yield episode, scene


def time_word(draft: ScriptDraft, time: str) -> str:
    return (TIMES if draft.layout == "chinese" else ENGLISH_TIMES)[time]


def with_number(read: SceneHead, number: str) -> SceneHead:
    """The head with a number that was decided; what is written stays as written."""
    parsed = SceneNumber.parse(number).text
    first, _, rest = parsed.partition("-")
    if rest and first.isdigit():
        return replace(read, episode=int(first), scene=rest)
    return replace(read, episode=None, scene=parsed)


def with_fields(draft: ScriptDraft, read: SceneHead, given: dict[str, Any]) -> SceneHead:
    """The head with what a person typed for it: `number`, `set`, `int_ext`, `time`."""
    if given.get("number"):
        read = with_number(read, given["number"])
    if given.get("set"):
        read = replace(read, place=given["set"])
    if given.get("int_ext"):
        read = replace(read, int_ext=given["int_ext"])
    if given.get("time") and read.time_of_day != given["time"]:
        read = replace(read, time_written=time_word(draft, given["time"]))
    return read


def read_as_head(layout: str, text: str) -> SceneHead:
    """What a line says when it is known to be a heading, even one that the reader would not take for one."""
    bare = undecorated(_MARKS.sub("", plain(text)))
    if layout != "chinese":
        return slugline(bare, forced=True) or SceneHead(place=bare or None)
    found = read_scene_line(bare) or label_line(bare)
    if found is not None:
        return found
    number = leading_number(bare)
    head = head_from_fields(read_fields(number.rest if number else bare))
    if head.place and len(head.place) > 40:
        head = replace(head, place=None, title=head.place[:80])
    return head if number is None else replace(head, number=number.number, episode=number.episode, scene=number.scene)


def set_head(draft: ScriptDraft, line: int, given: dict[str, Any]) -> bool:
    """Put what a person typed into the head at this line."""
    for _episode, scene in scenes_of(draft):
        if scene.line == line:
            before, scene.read = scene.read, with_fields(draft, scene.read, given)
            return scene.read != before
    return False


# --- a scene begins here -------------------------------------------------------------------------------------------


def make_head(draft: ScriptDraft, line: int, given: dict[str, Any]) -> bool:
    """Read the line as a scene head: the scene it stood in ends above it."""
    read = with_fields(draft, read_as_head(draft.layout, draft.written_lines[line - 1]), given)
    scene = _open_at(draft, line, read)
    if scene is None:
        return False
    if scene.elements and scene.elements[0].line == line:
        scene.elements.pop(0)
        scene.flash_lines = [(max(0, at - 1), what) for at, what in scene.flash_lines]
    scene.head = [each for each in scene.head if each.line != line]
    _take_into_head(draft, scene, line, "scene")
    _silence(draft, scene, line)
    while draft.layout == "chinese" and scene.elements:
        later = scene.elements[0]
        more = label_line(plain(draft.written_lines[later.line - 1]))
        if more is None:
            break
        scene.elements.pop(0)
        scene.flash_lines = [(max(0, at - 1), what) for at, what in scene.flash_lines]
        scene.read = with_fields(draft, scene.read.merged(more), given)
        _take_into_head(draft, scene, later.line, "scene")
    return True


def split_scene(draft: ScriptDraft, line: int, given: dict[str, Any]) -> bool:
    """Begin a new scene above the line, which stays what it is; its head is what a person typed."""
    return _open_at(draft, line, with_fields(draft, SceneHead(), given)) is not None


def _take_into_head(draft: ScriptDraft, scene: SceneDraft, line: int, role: str) -> None:
    scene.head.append(SourceLine(line, draft.written_lines[line - 1], role))
    scene.head.sort(key=lambda each: each.line)
    draft.lines_read[line] = role


def _open_at(draft: ScriptDraft, line: int, read: SceneHead) -> SceneDraft | None:
    for episode in draft.episodes:
        if any(each.line == line for each in episode.lead):
            return _open_in_lead(draft, episode, line, read)
        for at, scene in enumerate(episode.scenes):
            if _holds(scene, line):
                new = _cut(scene, line, read)
                episode.scenes.insert(at + 1, new)
                return new
    return None


def _holds(scene: SceneDraft, line: int) -> bool:
    """Does the scene hold the line as text, below where it begins?"""
    if line == scene.line:
        return False
    return any(each.line == line for each in scene.elements) or any(
        each.line == line and each.role in _SPEECH_HEADS for each in scene.head
    )


def _cut(scene: SceneDraft, line: int, read: SceneHead) -> SceneDraft:
    at = next((index for index, each in enumerate(scene.elements) if each.line >= line), len(scene.elements))
    # Whose line it is stands above it: the name goes with the words.
    above = scene.elements[at - 1].line if at else 0
    first = min([line, *(each.line for each in scene.head if above < each.line < line and each.role in _SPEECH_HEADS)])
    new = SceneDraft(line, read)
    new.elements, scene.elements = scene.elements[at:], scene.elements[:at]
    new.head = [each for each in scene.head if each.line >= first]
    scene.head = [each for each in scene.head if each.line < first]
    new.flash_lines = [(index - at, what) for index, what in scene.flash_lines if index >= at]
    scene.flash_lines = [(index, what) for index, what in scene.flash_lines if index < at]
    if any(each.role == "cast" for each in new.head):
        scene.cast, new.cast = [], []
        for half in (scene, new):
            _read_cast_again(half)
    return new


def _read_cast_again(scene: SceneDraft) -> None:
    if scene.read.cast_text:
        scene.add_cast(read_cast(scene.read.cast_text))
    for each in scene.head:
        if each.role == "cast":
            scene.add_cast(read_cast(_names_on(each.text)))


def _names_on(written: str) -> str:
    text = undecorated(plain(written).replace("**", ""))
    names = cast_line(text)
    return text if names is None else names


def _open_in_lead(draft: ScriptDraft, episode: EpisodeDraft, line: int, read: SceneHead) -> SceneDraft:
    """The text above an episode's first scene becomes a scene from this line on."""
    scene = SceneDraft(line, read)
    moved = [each for each in episode.lead if each.line >= line]
    episode.lead = [each for each in episode.lead if each.line < line]
    scene.elements = _as_elements(draft, moved)
    casts = [each for each in episode.head if each.role == "cast" and each.line > line]
    if casts:
        episode.head = [each for each in episode.head if each not in casts]
        scene.head = casts
        _read_cast_again(scene)
        kept = {
            member.name for each in episode.head if each.role == "cast" for member in read_cast(_names_on(each.text))
        }
        episode.cast = tuple(member for member in episode.cast if member.name in kept)
    episode.scenes.insert(0, scene)
    return scene


def _as_elements(draft: ScriptDraft, lines: list[SourceLine]) -> list[ParsedElement]:
    known = _known(draft)
    found = []
    for each in lines:
        draft.lines_read[each.line] = "element"
        text = plain(each.text).replace("**", "")
        if draft.layout != "chinese" or not text:
            found.append(ParsedElement("action", text, each.line))
            continue
        body = read_body(text, known)
        found.append(
            ParsedElement(body.kind, body.text, each.line, body.speaker, body.delivery, body.voice, body.label)
        )
    return found


def _known(draft: ScriptDraft) -> Callable[[str], str | None]:
    roles = {member.name for _episode, scene in scenes_of(draft) for member in scene.cast}
    longest = max((len(role) for role in roles), default=0)

    def known(name: str) -> str | None:
        return next((name[:size] for size in range(min(longest, len(name)), 0, -1) if name[:size] in roles), None)

    return known


def _silence(draft: ScriptDraft, scene: SceneDraft, line: int) -> None:
    """A heading in capitals may have been read as a name: what followed it is nobody's speech."""
    if draft.layout == "chinese":
        return
    name = _MARKS.sub("", plain(draft.written_lines[line - 1]))
    until = min((each.line for each in scene.head if each.role == "character" and each.line > line), default=10**9)
    for at, each in enumerate(scene.elements):
        if each.line < until and each.speaker and each.speaker in name:
            scene.elements[at] = ParsedElement("action", each.text, each.line)
    for at, kept in enumerate(scene.head):
        if kept.role == "parenthetical" and line < kept.line < until:
            scene.head[at] = replace(kept, role="scene")
            draft.lines_read[kept.line] = "scene"


# --- no scene, no episode begins here --------------------------------------------------------------------------------


def make_action(draft: ScriptDraft, line: int) -> bool:
    """The head at this line is a line of text: what stood under it belongs to what is above."""
    for at, episode in enumerate(draft.episodes):
        if episode.line == line and episode.head:
            _unmake_episode(draft, at)
            return True
        for index, scene in enumerate(episode.scenes):
            if scene.line == line:
                _unmake_scene(draft, at, index)
                return True
    return False


def _unmake_scene(draft: ScriptDraft, at: int, index: int) -> None:
    episode = draft.episodes[at]
    scene = episode.scenes.pop(index)
    said = [each for each in scene.head if each.role == "scene"]
    scene.head = [each for each in scene.head if each.role != "scene"]
    words = [ParsedElement("action", plain(each.text), each.line) for each in said]
    scene.flash_lines = [(position + len(words), what) for position, what in scene.flash_lines]
    scene.elements = [*words, *scene.elements]
    for each in said:
        draft.lines_read[each.line] = "element"
    above = episode.scenes[index - 1] if index else None
    if above is None and episode.implied and at and draft.episodes[at - 1].scenes:
        # The head alone had opened this episode.
        above = draft.episodes[at - 1].scenes[-1]
        draft.episodes[at - 1].scenes.extend(episode.scenes)
        del draft.episodes[at]
    if above is not None:
        _join(above, scene)
        return
    lines = {each.line for each in scene.head if each.role != "cast"} | {each.line for each in scene.elements}
    for number in lines:
        draft.lines_read[number] = "lead"
    episode.lead = sorted(
        [*episode.lead, *(SourceLine(number, draft.written_lines[number - 1], "lead") for number in lines)],
        key=lambda each: each.line,
    )
    casts = [each for each in scene.head if each.role == "cast"]
    episode.head = [*episode.head, *casts]
    episode.cast = (*episode.cast, *(member for each in casts for member in read_cast(_names_on(each.text))))


def _unmake_episode(draft: ScriptDraft, at: int) -> None:
    episode = draft.episodes[at]
    said = [each for each in episode.head if each.role == "episode"]
    rest = [each for each in episode.head if each.role != "episode"]
    if not at:
        episode.written, episode.implied, episode.title, episode.stated_seconds = None, True, None, None
        episode.lead = sorted([*said, *episode.lead], key=lambda each: each.line)
        episode.lead = [replace(each, role="lead") for each in episode.lead]
        episode.head = rest
        for each in said:
            draft.lines_read[each.line] = "lead"
        return
    above = draft.episodes[at - 1]
    above.head.extend(rest)
    above.cast = (*above.cast, *episode.cast)
    _add_lines(draft, above, sorted([*said, *episode.lead], key=lambda each: each.line))
    above.scenes.extend(episode.scenes)
    del draft.episodes[at]


def _add_lines(draft: ScriptDraft, episode: EpisodeDraft, lines: list[SourceLine]) -> None:
    """Lines at the end of an episode: text of its last scene, or above its first."""
    if episode.scenes:
        episode.scenes[-1].elements.extend(_as_elements(draft, lines))
        return
    for each in lines:
        draft.lines_read[each.line] = "lead"
    episode.lead.extend(replace(each, role="lead") for each in lines)


# --- a repeat ----------------------------------------------------------------------------------------------------------


def merge_up(draft: ScriptDraft, line: int) -> bool:
    """Join the episode or scene whose head at this line is a repeat to the one before it."""
    for at, episode in enumerate(draft.episodes):
        if episode.line == line and (episode.head or not any(each.line == line for each in episode.scenes)):
            if not at:
                return False
            _merge_episode(draft, at)
            return True
        for index, scene in enumerate(episode.scenes):
            if scene.line == line:
                if not index:
                    return False
                del episode.scenes[index]
                _join(episode.scenes[index - 1], scene)
                return True
    return False


def _merge_episode(draft: ScriptDraft, at: int) -> None:
    episode, above = draft.episodes.pop(at), draft.episodes[at - 1]
    above.title, above.stated_seconds = above.title or episode.title, above.stated_seconds or episode.stated_seconds
    above.head.extend(episode.head)
    names = {member.name for member in above.cast}
    above.cast = (*above.cast, *(member for member in episode.cast if member.name not in names))
    _add_lines(draft, above, episode.lead)
    above.scenes.extend(episode.scenes)


def _join(above: SceneDraft, scene: SceneDraft) -> None:
    above.flash_lines.extend((at + len(above.elements), what) for at, what in scene.flash_lines)
    above.elements.extend(scene.elements)
    above.head.extend(scene.head)
    above.add_cast(tuple(scene.cast))
    above.read = replace(above.read.merged(replace(scene.read, cast_text=None)))
    above.synopsis = above.synopsis or scene.synopsis
