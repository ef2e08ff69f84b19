"""The line above a speech: a name, and in brackets how and from where it is spoken."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .normalise import HAN

_EXTENSION = re.compile(r"\s*[(（]([^()（）]{0,60})[)）]")
_OFF_SCREEN = {"VO", "OC", "OFFSCREEN", "OFFCAMERA", "VOICEOVER", "画外音", "画外", "旁白"}
_INNER = {"INNERVOICE", "INNER", "THOUGHT", "THOUGHTS", "IV", "心声", "内心", "内心独白", "独白", "内心OS"}
_CONTINUED = re.compile(r"CONT(?:['’]?D|\.|INUED|INUING)?$|续$|接上$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cue:
    """Who speaks; `voice` as in ParsedElement, `delivery` what else stands in the brackets."""

    name: str
    voice: str | None
    delivery: str | None


@lru_cache(maxsize=2048)
def read_cue(text: str) -> Cue:
    """`MAYA (V.O.)`, `沈乐（低声）`; (CONT'D) says nothing about the line and is left out.

    O.S. is off-screen behind a Latin name and the inner voice behind a Chinese one, as either trade means it.
    """
    if "(" not in text and "（" not in text:
        return Cue(text, None, None)
    name = _EXTENSION.sub("", text).strip() or text
    voice, notes = None, []
    for inside in _EXTENSION.findall(text):
        inside = inside.strip()
        word = re.sub(r"[\s.·/]", "", inside).upper()
        if word in _OFF_SCREEN or (word == "OS" and not HAN.search(name)):
            voice = "VO"
        elif word in _INNER or word == "OS":
            voice = "OS"
        elif inside and not _CONTINUED.match(inside):
            notes.append(inside)
    return Cue(name, voice, "；".join(notes) or None)


def with_aside(delivery: str | None, aside: str) -> str | None:
    """The delivery with one more parenthetical, its brackets taken off."""
    inside = aside[1:-1].strip()
    return f"{delivery}；{inside}" if delivery and inside else inside or delivery


def is_aside(text: str) -> bool:
    return len(text) > 1 and text[0] in "(（" and text[-1] in ")）"
