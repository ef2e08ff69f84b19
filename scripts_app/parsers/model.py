"""What a script becomes when it is read. Frozen, plain, and printable as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .faults import ERROR, Fault


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line kept as written, with the part it plays (`role`)."""

    line: int
    text: str
    role: str


@dataclass(frozen=True, slots=True)
class ParsedElement:
    """One line of a scene.

    `kind`: action, dialogue, caption, sound, effect, transition, lyric, centred. `voice`: OS (inner voice), VO
    (off-screen) or None. `delivery` is what stands in brackets beside the name, `label` a camera word such as 特写.
    """

    kind: str
    text: str
    line: int = 0
    speaker: str | None = None
    delivery: str | None = None
    voice: str | None = None
    label: str | None = None
    dual: bool = False
    flashback: bool = False


@dataclass(frozen=True, slots=True)
class CastMember:
    """A name on a cast line; `count` is None for an unstated number of people (警员若干)."""

    name: str
    count: int | None = 1
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedCharacter:
    """A role as the front matter describes it."""

    name: str
    age: int | None
    bio: str
    line: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A hook or paywall mark; `kind`: hook, paywall."""

    kind: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class ParsedScene:
    """A scene; `number` is unique in the script (`3-7`, `3-7A`), `written_number` is what stands in the file.

    `place` is the set as written; `places` its parts where `/` joins several, `sub_place` what follows ` - `.
    `parts` counts pages in the script's `page_unit`.
    """

    number: str
    written_number: str | None
    line: int
    int_ext: str | None
    time_of_day: str | None
    time_written: str | None
    place: str | None
    places: tuple[str, ...]
    sub_place: str | None
    title: str | None
    note: str | None
    synopsis: str | None
    flashback: bool
    montage: bool
    inserted: bool
    cast: tuple[CastMember, ...]
    elements: tuple[ParsedElement, ...]
    head: tuple[SourceLine, ...]
    parts: int
    seconds: int
    han: int

    @property
    def speakers(self) -> tuple[str, ...]:
        """Names that have dialogue, in order of first line."""
        return tuple(dict.fromkeys(each.speaker for each in self.elements if each.speaker))


@dataclass(frozen=True, slots=True)
class ParsedEpisode:
    """An episode; `lead` is text between its head and its first scene, `implied` when no head was written."""

    number: int
    written_number: int | None
    title: str | None
    line: int
    stated_seconds: int | None
    outline: str | None
    implied: bool
    cast: tuple[CastMember, ...]
    head: tuple[SourceLine, ...]
    lead: tuple[SourceLine, ...]
    scenes: tuple[ParsedScene, ...]


@dataclass(frozen=True, slots=True)
class ParsedScript:
    """A whole file. `lines_read` says of every non-blank line what it became.

    `kind`: script, not_a_script. `layout`: chinese, fountain, fdx, none. `source`: text, docx, pdf, fdx.
    `aside` holds text outside the story: comments, notes, sections, page numbers.
    """

    kind: str
    layout: str
    source: str
    encoding: str | None = None
    title: str | None = None
    logline: str | None = None
    outline: str | None = None
    page_unit: str = "tenths"
    episodes: tuple[ParsedEpisode, ...] = ()
    characters: tuple[ParsedCharacter, ...] = ()
    marks: tuple[Mark, ...] = ()
    faults: tuple[Fault, ...] = ()
    front: tuple[SourceLine, ...] = ()
    aside: tuple[SourceLine, ...] = ()
    lines: tuple[str, ...] = field(default=(), repr=False)
    lines_read: Mapping[int, str] = field(default_factory=dict, repr=False)
    ignored: tuple[Fault, ...] = ()  # faults that somebody decided are none
    idle: tuple[int, ...] = ()  # decisions, by place in their list, that met nothing to change

    @property
    def scenes(self) -> tuple[ParsedScene, ...]:
        return tuple(scene for episode in self.episodes for scene in episode.scenes)

    @property
    def importable(self) -> bool:
        return not any(fault.severity == ERROR for fault in self.faults)

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "layout": self.layout,
            "source": self.source,
            "encoding": self.encoding,
            "title": self.title,
            "logline": self.logline,
            "outline": self.outline,
            "page_unit": self.page_unit,
            "episodes": [_episode_json(episode) for episode in self.episodes],
            "characters": [
                {"name": role.name, "age": role.age, "bio": role.bio, "line": role.line} for role in self.characters
            ],
            "marks": [{"kind": mark.kind, "line": mark.line, "text": mark.text} for mark in self.marks],
            "faults": [
                {
                    "line": each.line,
                    "code": each.code,
                    "message": each.message,
                    "severity": each.severity,
                    "params": each.params,
                    "proposal": each.proposal,
                }
                for each in self.faults
            ],
            "front": [_line_json(line) for line in self.front],
            "aside": [_line_json(line) for line in self.aside],
        }


def _line_json(line: SourceLine) -> dict[str, Any]:
    return {"line": line.line, "role": line.role, "text": line.text}


def _cast_json(cast: tuple[CastMember, ...]) -> list[dict[str, Any]]:
    return [{"name": member.name, "count": member.count, "note": member.note} for member in cast]


def _episode_json(episode: ParsedEpisode) -> dict[str, Any]:
    return {
        "number": episode.number,
        "written_number": episode.written_number,
        "title": episode.title,
        "line": episode.line,
        "stated_seconds": episode.stated_seconds,
        "outline": episode.outline,
        "cast_detail": _cast_json(episode.cast),
        "lead": [_line_json(line) for line in episode.lead],
        "scenes": [_scene_json(scene) for scene in episode.scenes],
    }


def _scene_json(scene: ParsedScene) -> dict[str, Any]:
    return {
        "number": scene.number,
        "written_number": scene.written_number,
        "line": scene.line,
        "int_ext": scene.int_ext,
        "time_of_day": scene.time_of_day,
        "time_written": scene.time_written,
        "set": scene.place,
        "places": list(scene.places),
        "sub_place": scene.sub_place,
        "title": scene.title,
        "note": scene.note,
        "synopsis": scene.synopsis,
        "flashback": scene.flashback,
        "montage": scene.montage,
        "inserted": scene.inserted,
        "cast": [member.name for member in scene.cast],
        "cast_detail": _cast_json(scene.cast),
        "elements": [
            {
                "kind": each.kind,
                "speaker": each.speaker,
                "text": each.text,
                "line": each.line,
                "delivery": each.delivery,
                "voice": each.voice,
                "label": each.label,
                "dual": each.dual,
                "flashback": each.flashback,
            }
            for each in scene.elements
        ],
        "eighths": scene.parts,
        "seconds": scene.seconds,
        "characters": scene.han,
    }
