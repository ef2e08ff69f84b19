"""How a script is set, whatever the format: headings, cues, cast lines and speeches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scripts_app.parsers import CastMember, ParsedElement, ParsedEpisode, ParsedScene, ParsedScript
from scripts_app.parsers.cast import read_cast
from scripts_app.parsers.cues import Cue, read_cue
from scripts_app.parsers.episodes import episode_head
from scripts_app.parsers.fields import SceneHead
from scripts_app.parsers.normalise import HAN

_SIDES = {"int": "INT.", "ext": "EXT.", "int_ext": "INT./EXT."}
_SPOKEN = ("dialogue", "lyric")


@dataclass(frozen=True, slots=True)
class Speech:
    """Lines one after another by one speaker, under one cue."""

    speaker: str
    voice: str | None
    dual: bool
    lines: tuple[ParsedElement, ...]


def is_chinese(script: ParsedScript) -> bool:
    """Whether the script is set with Chinese words: by its layout, or by what its headings and cues are written in."""
    if script.layout == "chinese":
        return True
    words = [scene.place or "" for scene in script.scenes] + [
        name for scene in script.scenes for name in scene.speakers
    ]
    return sum(1 for word in words if HAN.search(word)) * 2 > len(words)


def speeches(elements: Iterable[ParsedElement]) -> Iterator[Speech | ParsedElement]:
    """Elements in order, speech gathered under its cues."""
    lines: list[ParsedElement] = []
    for element in elements:
        if lines and not (is_speech(element) and _cue_key(element) == _cue_key(lines[0])):
            yield _speech(lines)
            lines = []
        if is_speech(element):
            lines.append(element)
        else:
            yield element
    if lines:
        yield _speech(lines)


def is_speech(element: ParsedElement) -> bool:
    return bool(element.kind in _SPOKEN and element.speaker and element.text and element.label is None)


def _cue_key(element: ParsedElement) -> tuple[str | None, str | None, bool]:
    return element.speaker, element.voice, element.dual


def _speech(lines: list[ParsedElement]) -> Speech:
    first = lines[0]
    return Speech(first.speaker or "", first.voice, first.dual, tuple(lines))


def cue_of(speech: Speech) -> tuple[str, dict[str, Any]]:
    """The line above a speech, and what a reader of it would get wrong."""
    chinese = HAN.search(speech.speaker) is not None
    voices = {"VO": "(VO)" if chinese else "(V.O.)", "OS": "(OS)" if chinese else "(INNER VOICE)"}
    text = f"{speech.speaker} {voices[speech.voice]}" if speech.voice in voices else speech.speaker
    read = read_cue(text)
    if read == Cue(speech.speaker, speech.voice, None) and not speech.speaker.endswith("^"):
        return text, {}
    return re.sub(r"[()（）\s^]+", " ", speech.speaker).strip() or "—", {
        "speaker": speech.speaker,
        "voice": speech.voice,
    }


def all_flashback(scene: ParsedScene) -> bool:
    """Whether the heading says it for the whole scene; otherwise the lines do."""
    flags = {element.flashback for element in scene.elements}
    return scene.flashback and len(flags) < 2


def slug_of(scene: ParsedScene, chinese: bool) -> str:
    """INT. KITCHEN (FLASHBACK) - NIGHT."""
    flag = ("（闪回）" if chinese else " (FLASHBACK)") if all_flashback(scene) else ""
    time = f" - {scene.time_written}" if scene.time_written else ""
    return f"{_SIDES.get(scene.int_ext or '', '')} {scene.place or ''}{flag}{time}".strip()


def heading_gaps(scene: ParsedScene, read: SceneHead | None) -> dict[str, Any]:
    """What a heading that reads as `read` leaves unsaid or says otherwise, as values of a note."""
    wanted = {
        "int_ext": scene.int_ext, "time": scene.time_written, "set": scene.place, "title": scene.title,
        "note": scene.note, "flashback": all_flashback(scene), "montage": scene.montage,
    }  # fmt: skip
    read = read or SceneHead()
    had = {
        "int_ext": read.int_ext, "time": read.time_written, "set": read.place, "title": read.title, "note": read.note,
        "flashback": read.flashback, "montage": read.montage,
    }  # fmt: skip
    return {name: value for name, value in wanted.items() if value != had[name]}


def placeholder(scene: ParsedScene, chinese: bool) -> str:
    """A heading for a scene that names neither place nor time."""
    return f"{'场' if chinese else 'SCENE'} {scene.number}"


def cast_text(members: Sequence[CastMember]) -> str | None:
    """The cast as a line of the studio, or None when a reader of that line would get other people."""
    text = "、".join(member_text(member) for member in members)
    return text if read_cast(text) == tuple(members) else None


def member_text(member: CastMember) -> str:
    count = "若干" if member.count is None else f"*{member.count}" if member.count != 1 else ""
    return f"{member.name}{count}{f'（{member.note}）' if member.note else ''}"


def cast_values(members: Sequence[CastMember]) -> list[str | Mapping[str, Any]]:
    """The cast as values of a note."""
    return [
        member.name if member.count == 1 and member.note is None
        else {"name": member.name, "count": member.count} | ({"note": member.note} if member.note is not None else {})
        for member in members
    ]  # fmt: skip


def heads_of(script: ParsedScript) -> list[ParsedEpisode | None]:
    """Each episode that gets a head of its own; None for the only one, which nobody numbered."""
    only = len(script.episodes) == 1
    return [None if only and each.implied and each.number == 1 else each for each in script.episodes]


def episode_text(episode: ParsedEpisode, chinese: bool) -> tuple[str, dict[str, Any]]:
    """The head of an episode, and what a reader of it would get wrong."""
    name, colon = (f"第{episode.number}集", "：") if chinese else (f"Episode {episode.number}", ": ")
    text = f"{name}{colon}{episode.title}" if episode.title else name
    if episode.stated_seconds:
        text += f"【{episode.stated_seconds // 60}min{episode.stated_seconds % 60}s】"
    read = episode_head(text)
    if read is not None and (read.number, read.title) == (episode.number, episode.title):
        return text, {}
    return text, {"episode": episode.number, "episode_title": episode.title}


def element_values(element: ParsedElement, flashback: bool) -> dict[str, Any]:
    """The whole element as values of a note, for one that no form of the format holds."""
    values: dict[str, Any] = {"kind": element.kind, "text": element.text}
    for name in ("speaker", "delivery", "voice", "label"):
        if (value := getattr(element, name)) is not None:
            values[name] = value
    if element.dual:
        values["dual"] = True
    if element.flashback and not flashback:
        values["flashback"] = True
    return values


def is_plain(element: ParsedElement) -> bool:
    """Nothing but kind, text and label: no speech, and no field that only speech has."""
    return bool(element.text) and element.kind != "dialogue" and not (
        element.speaker or element.delivery or element.voice or element.dual
    )  # fmt: skip


def labelled_values(element: ParsedElement) -> dict[str, Any]:
    """Kind and label of a caption, a sound or a camera word, where only action is known."""
    values: dict[str, Any] = {} if element.kind == "action" else {"kind": element.kind}
    return values | ({"label": element.label} if element.label is not None else {})


def front_lines(script: ParsedScript) -> Iterator[tuple[str, list[str]]]:
    """Sections of the front matter that hold something: logline, outline, characters."""
    if script.logline:
        yield "logline", script.logline.split("\n")
    if script.outline:
        yield "outline", script.outline.split("\n")
    if script.characters:
        yield (
            "characters",
            [
                line
                for index, role in enumerate(script.characters, start=1)
                for line in f"{index}.{role.name}{f'（{role.age}）' if role.age else ''}：{role.bio}".split("\n")
            ],
        )
