"""English headings: `INT. KITCHEN - NIGHT #12A#`."""

from __future__ import annotations

import re

from .fields import SceneHead
from .times import ENGLISH_TIME_WORD, time_of_day

_SLUG = re.compile(
    r"^(?P<number>\d{1,3}[A-Z]?[.)]?\s{1,5})?(?P<prefix>INT\.?\s?/\s?EXT|EXT\.?\s?/\s?INT|I\s?/\s?E|INT|EXT|EST)"
    r"(?P<mark>\.|\s|:)\s{0,5}(?P<rest>.{1,200})$",
    re.IGNORECASE,
)
_SLUG_NUMBER = re.compile(r"\s*#\s?([\w.\-]{1,20})\s?#\s*$")


def english_int_ext(prefix: str) -> str | None:
    letters = re.sub("[^A-Z/]", "", prefix.upper())
    if "/" in letters or letters in ("INTEXT", "EXTINT"):
        return "int_ext"
    return {"INT": "int", "EXT": "ext", "EST": "ext"}.get(letters)


def slugline(text: str, forced: bool = False) -> SceneHead | None:
    """An English heading: `EXT. SCHOOL YARD - DAY #2A#`; with `forced` any text is one."""
    number = None
    found = _SLUG_NUMBER.search(text)
    if found:
        number, text = found[1], text[: found.start()]
    match = _SLUG.match(text)
    if match is None:
        if not forced:
            return None
        inside, rest = None, text.strip()
    else:
        inside, rest = english_int_ext(match["prefix"]), match["rest"].strip()
        if number is None and match["number"]:
            number = match["number"].strip(" .)")
    place, written = rest, None
    parts = re.split(r"\s+[-–—]{1,2}\s+", rest)
    for cut in range(len(parts) - 1, 0, -1):
        if ENGLISH_TIME_WORD.search(parts[cut].upper()) or time_of_day(parts[cut]) or parts[cut] == "连续":
            place, written = " - ".join(parts[:cut]), " - ".join(parts[cut:])
            break
    if not re.search(r"\w", place):
        return None
    flashback = bool(re.search(r"\bFLASHBACK\b|闪回", rest, re.IGNORECASE))
    place = re.sub(r"\s*[(\[（【]\s*(?:FLASHBACK|闪回)\s*[)\]）】]\s*", " ", place, flags=re.IGNORECASE).strip()
    return SceneHead(
        number=number,
        scene=number,
        labelled=True,
        int_ext=inside,
        time_written=written,
        place=place or None,
        flashback=flashback,
        montage=bool(re.search(r"\bMONTAGE\b", rest, re.IGNORECASE)),
    )
