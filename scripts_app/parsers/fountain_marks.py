"""The marks of Fountain: emphasis and escapes, and the comments and notes that are no part of the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from .annotations import read_note
from .normalise import Line

# Each with the mark a line must hold for it to say anything.
_EMPHASIS = (
    ("***", re.compile(r"(?<!\\)\*\*\*(?=\S)([^*]{1,500}?)(?<=\S)(?<!\\)\*\*\*")),
    ("**", re.compile(r"(?<!\\)\*\*(?=\S)((?:[^*]|(?<!\*)\*(?!\*)){1,500}?)(?<=\S)(?<!\\)\*\*")),
    ("*", re.compile(r"(?<!\\)\*(?=\S)([^*]{1,500}?)(?<=\S)(?<!\\)\*")),
)
_UNDERLINE = re.compile(r"(?<![\\\w])_(?=\S)([^_]{1,500}?)(?<=\S)(?<!\\)_(?!\w)")
_ESCAPED = re.compile(r"\\([*_\\()（\[\]/~<>!.@#=^])")
_OPENING = re.compile(r"(?<!\\)(?:/\*|\[\[)")


def plain_emphasis(text: str) -> str:
    """Text without the marks of bold, italic and underline; escaped marks stay as characters."""
    if "*" in text:
        for mark, pattern in _EMPHASIS:
            if mark in text:
                text = pattern.sub(r"\1", text)
    if "_" in text:
        text = _UNDERLINE.sub(r"\1", text)
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def escaped(text: str) -> str:
    """Text in which nothing is emphasis, a comment or a note."""
    return re.sub(r"[\\*_]|\[(?=\[)|/(?=\*)", lambda mark: f"\\{mark[0]}", text)


@dataclass(slots=True)
class Uncommented:
    """The text of every line without comments and notes.

    `cut` says of the lines that held some whether it was a note or the boneyard; `emptied` are those that held
    nothing else; `said` are the values of notes that the writers of this house left, by line, and `told` the
    words of the other notes.
    """

    texts: list[str] = field(default_factory=list)
    cut: dict[int, str] = field(default_factory=dict)
    emptied: set[int] = field(default_factory=set)
    said: dict[int, dict[str, Any]] = field(default_factory=dict)
    told: dict[int, str] = field(default_factory=dict)


def without_comments(lines: list[Line]) -> Uncommented:
    """Cut the boneyard and notes out of the text, over line ends.

    A note ends at an empty line; one of two spaces keeps it open. A boneyard ends where it is closed or with the
    script.
    """
    found = Uncommented()
    found.texts = texts = [line.text for line in lines]
    whole = "\n".join(texts)
    if "[[" not in whole and "/*" not in whole:
        return found
    texts.clear()
    closing = ""
    for line in lines:
        text = line.text
        if not closing and "[[" not in text and "/*" not in text:
            texts.append(text)
            continue
        if closing == "]]" and not text and not keeps_open(line.written):
            closing = ""
        rest, kept = text, ""
        role = "boneyard" if closing == "*/" else "note"
        was_cut = bool(closing and rest)
        while rest:
            if closing:
                at = rest.find(closing)
                inside, rest = (rest, "") if at < 0 else (rest[:at], rest[at + 2 :])
                if closing == "]]" and (at >= 0 or inside):
                    _hear(found, line.number, inside)
                closing = "" if at >= 0 else closing
                continue
            opening = _OPENING.search(rest)
            if opening is None:
                kept, rest = kept + rest, ""
                continue
            kept, was_cut = kept + rest[: opening.start()], True
            closing = "*/" if opening[0] == "/*" else "]]"
            role = "boneyard" if closing == "*/" else role
            rest = rest[opening.end() :]
        kept = kept.strip()
        if was_cut:
            found.cut[line.number] = role
            if not kept:
                found.emptied.add(line.number)
        texts.append(kept)
    return found


def _hear(found: Uncommented, line: int, inside: str) -> None:
    values = read_note(inside)
    if values is not None:
        found.said[line] = values
    else:
        found.told[line] = inside.strip()


def keeps_open(written: str) -> bool:
    """Two spaces on a line that is otherwise empty are meant."""
    return len(written) > 1 and not written.strip(" ")
