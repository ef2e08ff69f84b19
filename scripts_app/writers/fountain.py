"""Fountain: sections are episodes, forced marks keep text what it is, notes hold what the syntax has no form for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from scripts_app.parsers import ParsedElement, ParsedScene, ParsedScript
from scripts_app.parsers.annotations import labelled, note_of
from scripts_app.parsers.fountain import HEADING
from scripts_app.parsers.fountain_marks import escaped, plain_emphasis
from scripts_app.parsers.headings import read_heading
from scripts_app.parsers.normalise import plain

from .setting import (
    Speech,
    all_flashback,
    cast_text,
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

_SECTION_NAMES = {"logline": "Logline", "outline": "Outline", "characters": "Characters"}
_PROSE = re.compile(r"[A-Za-z0-9\"'][ -~]*[a-z]")
_TO = re.compile(r"[A-Z][^a-z]{0,60}TO:")


def fountain_of(script: ParsedScript) -> bytes:
    chinese = is_chinese(script)
    blocks = ["\n".join(_title_page(script))]
    for episode, head in zip(script.episodes, heads_of(script), strict=True):
        if head is not None:
            text, gaps = episode_text(head, chinese)
            blocks.append(f"# {escaped(text)}{_noted(gaps)}")
        blocks += [f"!{escaped(plain(line.text))}" for line in episode.lead]
        for scene in episode.scenes:
            blocks += _scene(scene, chinese)
    return ("\n\n".join(block for block in blocks if block) + "\n").encode("utf-8", "replace")


def _noted(values: dict[str, Any]) -> str:
    return f" [[{note_of(values)}]]" if values else ""


def _title_page(script: ParsedScript) -> Iterator[str]:
    if script.title:
        yield f"Title: {escaped(script.title)}"
    for name, lines in front_lines(script):
        yield f"{_SECTION_NAMES[name]}:"
        yield from (f"    {escaped(line)}" for line in lines if line.strip())


def _scene(scene: ParsedScene, chinese: bool) -> Iterator[str]:
    number = f" #{scene.number}#"
    slug = escaped(slug_of(scene, chinese))
    if not HEADING.match(slug):
        slug = f".{slug}"
    read = read_heading(plain_emphasis(slug.removeprefix(".") + number)) if slug[1:2].isalnum() else None
    if read is None or read.number != scene.number:
        slug = f".{placeholder(scene, chinese)}"
        read = read_heading(slug.removeprefix(".") + number)
    yield slug + number
    gaps, cast = heading_gaps(scene, read), None
    if scene.cast:
        cast = cast_text(scene.cast)
        if cast is None:
            gaps["cast"] = cast_values(scene.cast)
    if gaps:
        yield _noted(gaps).strip()
    if cast:
        yield f"[[人物：{cast}]]" if "]]" not in cast else f"[[{note_of({'cast': cast_values(scene.cast)})}]]"
    if scene.synopsis:
        yield f"= {escaped(scene.synopsis)}"
    flashback = all_flashback(scene)
    for each in speeches(scene.elements):
        yield _speech(each, flashback) if isinstance(each, Speech) else _element(each, flashback)


def _speech(speech: Speech, flashback: bool) -> str:
    cue, gaps = cue_of(speech)
    bare = cue.partition("(")[0].isupper() and cue[0].isalpha() and not HEADING.match(cue) and not cue.endswith("TO:")
    lines = [f"{'' if bare else '@'}{escaped(cue)}{' ^' if speech.dual else ''}{_noted(gaps)}"]
    for line in speech.lines:
        if line.delivery is not None:
            lines.append(f"({escaped(line.delivery)})")
        text = escaped(line.text)
        text = f"~{text}" if line.kind == "lyric" else f"\\{text}" if text[0] in "(（~" else text
        lines.append(text + _noted({"flashback": True} if line.flashback and not flashback else {}))
    return "\n".join(lines)


def _element(element: ParsedElement, flashback: bool) -> str:
    if not is_plain(element) or (element.kind == "transition" and element.text.endswith("<")):
        return _noted(element_values(element, flashback)).strip()
    values = {"flashback": True} if element.flashback and not flashback else {}
    text = escaped(element.text)
    if element.label is None and element.kind == "transition":
        text = text if _TO.fullmatch(text) and not values else f"> {text}"
    elif element.label is None and element.kind == "centred":
        text = f"> {text} <"
    elif element.label is None and element.kind == "lyric":
        text = f"~{text}"
    else:
        shown = labelled(element.text, element.label) if element.label is not None else element.text
        values = labelled_values(element) | values
        prose = _PROSE.match(shown) and shown.isascii() and not HEADING.match(shown) and not values
        text = f"{'' if prose else '!'}{escaped(shown)}"
    return text + _noted(values)
