"""Final Draft: paragraphs by type; the cast as arc beats of the scene, and script notes for what has no field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr  # nosec B406: writes, never parses

from scripts_app.parsers import ParsedElement, ParsedScene, ParsedScript
from scripts_app.parsers.annotations import labelled, note_of
from scripts_app.parsers.episodes import episode_head
from scripts_app.parsers.fdx import says_omitted
from scripts_app.parsers.headings import read_heading
from scripts_app.parsers.normalise import plain

from .setting import (
    Speech,
    all_flashback,
    cast_values,
    cue_of,
    element_values,
    episode_text,
    front_lines,
    heading_gaps,
    heads_of,
    is_chinese,
    is_plain,
    labelled_values,
    placeholder,
    slug_of,
    speeches,
)

_TYPES = {"transition": "Transition", "lyric": "Lyrics", "centred": "General"}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def fdx_of(script: ParsedScript) -> bytes:
    out = [
        '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>',
        '<FinalDraft DocumentType="Script" Template="No" Version="4">',
        "<Content>",
        *_content(script),
        "</Content>",
        "<TitlePage><Content>",
        *(_paragraph("General", line, Alignment="Center") for line in _title_page(script)),
        "</Content></TitlePage>",
        "</FinalDraft>",
    ]
    return ("\n".join(out) + "\n").encode("utf-8")


def _title_page(script: ParsedScript) -> Iterator[str]:
    if script.title:
        yield script.title
    for _name, lines in front_lines(script):
        yield from lines


def _content(script: ParsedScript) -> Iterator[str]:
    chinese = is_chinese(script)
    for episode, head in zip(script.episodes, heads_of(script), strict=True):
        if head is not None:
            text, gaps = episode_text(head, chinese)
            yield _paragraph("General", text, gaps, Alignment="Center")
        for line in episode.lead:
            yield _paragraph("Action", plain(line.text), {"kind": "action"} if episode_head(line.text) else {})
        for scene in episode.scenes:
            yield _heading(scene, chinese)
            yield from _elements(scene)


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)


def _note(values: dict[str, Any]) -> str:
    if not values:
        return ""
    return (
        f'<ScriptNote Name="Kaiji"><Paragraph><Text>{escape(_clean(note_of(values)))}</Text></Paragraph></ScriptNote>'
    )


def _attributes(**named: str | None) -> str:
    return "".join(f" {name}={quoteattr(_clean(value))}" for name, value in named.items() if value is not None)


def _paragraph(kind: str, text: str, values: dict[str, Any] | None = None, **named: str) -> str:
    inside = f"{_note(values or {})}<Text>{escape(_clean(text))}</Text>"
    return f"<Paragraph{_attributes(Type=kind, **named)}>{inside}</Paragraph>"


def _heading(scene: ParsedScene, chinese: bool) -> str:
    text = slug_of(scene, chinese)
    if not text or says_omitted(text):
        text = placeholder(scene, chinese)
    gaps = heading_gaps(scene, read_heading(text, scene.number))
    if scene.title is not None:
        gaps.pop("title", None)
    if any(member.count != 1 or member.note for member in scene.cast):
        gaps["cast"] = cast_values(scene.cast)
    inside = ""
    if scene.synopsis:
        inside += f"<Summary>{_paragraph('Action', scene.synopsis)}</Summary>"
    if scene.cast:
        beats = "".join(f"<CharacterArcBeat{_attributes(Name=member.name)}/>" for member in scene.cast)
        inside += f"<SceneArcBeats>{beats}</SceneArcBeats>"
    properties = f"<SceneProperties{_attributes(Title=scene.title)}>{inside}</SceneProperties>"
    return (
        f"<Paragraph{_attributes(Number=scene.number, Type='Scene Heading')}>{_note(gaps)}{properties}"
        f"<Text>{escape(_clean(text))}</Text></Paragraph>"
    )


def _elements(scene: ParsedScene) -> Iterator[str]:
    """Paragraphs of a scene; speeches at the same time share a frame."""
    flashback = all_flashback(scene)
    pending: list[Speech] = []
    for each in (*speeches(scene.elements), None):
        if isinstance(each, Speech) and each.dual and pending:
            pending.append(each)
            continue
        yield from _framed(pending, flashback)
        pending = []
        if isinstance(each, Speech):
            pending = [each]
        elif each is not None:
            yield _element(each, flashback)


def _framed(together: list[Speech], flashback: bool) -> Iterator[str]:
    if len(together) > 1:
        # The first of a frame is read as the one it begins with, so one that is a second itself says so.
        yield "<Paragraph><DualDialogue>"
        for index, speech in enumerate(together):
            yield from _speech(speech, flashback, {} if index or not speech.dual else {"dual": True})
        yield "</DualDialogue></Paragraph>"
    else:
        for speech in together:
            yield from _speech(speech, flashback, {"dual": True} if speech.dual else {})


def _speech(speech: Speech, flashback: bool, said: dict[str, Any]) -> Iterator[str]:
    cue, gaps = cue_of(speech)
    yield _paragraph("Character", cue, gaps)
    for line in speech.lines:
        if line.delivery is not None:
            yield _paragraph("Parenthetical", f"({line.delivery})")
        flags = said | ({"flashback": True} if line.flashback and not flashback else {})
        yield _paragraph("Lyrics" if line.kind == "lyric" else "Dialogue", line.text, flags)


def _element(element: ParsedElement, flashback: bool) -> str:
    if not is_plain(element):
        return _paragraph("Action", "", element_values(element, flashback))
    values: dict[str, Any] = {"flashback": True} if element.flashback and not flashback else {}
    if element.label is not None or element.kind in ("caption", "sound", "effect"):
        values |= {"kind": element.kind} | labelled_values(element)
        shown = labelled(element.text, element.label) if element.label is not None else element.text
        return _paragraph("Action", shown, values)
    if element.kind == "lyric":
        values["alone"] = True
    if episode_head(element.text):
        values["kind"] = element.kind
    named = {"Alignment": "Center"} if element.kind == "centred" else {}
    return _paragraph(_TYPES.get(element.kind, "Action"), element.text, values, **named)
