"""What a format has no field for, kept in one of its notes: `kaiji {"time":"雨夜"}`.

The writers put it there and the readers take it back; a person may change or delete it like any other note. What
does not hold together is left out, so that an edited note never makes a script unreadable.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .fields import SceneHead
from .model import CastMember, ParsedElement

SIGN = "kaiji "
KINDS = ("action", "dialogue", "caption", "sound", "effect", "transition", "lyric", "centred")
# A note of Fountain ends at ]] and a comment begins at /*, also for programs that look for them first.
_UNSAFE = {"[": "\\u005b", "]": "\\u005d", "*": "\\u002a", "/": "\\/"}
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def note_of(values: Mapping[str, Any]) -> str:
    """The note that holds these values, on one line and without the marks that end notes."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return SIGN + _STRING.sub(lambda found: re.sub(r"[][*/]", lambda mark: _UNSAFE[mark[0]], found[0]), text)


def read_note(text: str) -> dict[str, Any] | None:
    """The values of a note that the writers wrote; None for anybody else's."""
    text = text.strip()
    if not text.startswith(SIGN):
        return None
    try:
        values = json.loads(text[len(SIGN) :])
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None


def _text(values: Mapping[str, Any], name: str, old: str | None) -> str | None:
    value = values.get(name, old)
    return value if value is None or isinstance(value, str) else old


def annotated_head(head: SceneHead, values: Mapping[str, Any]) -> SceneHead:
    """The heading with what its note says instead."""
    side = values.get("int_ext", head.int_ext)
    return replace(
        head,
        int_ext=side if side in ("int", "ext", "int_ext", None) else head.int_ext,
        time_written=_text(values, "time", head.time_written),
        place=_text(values, "set", head.place),
        title=_text(values, "title", head.title),
        note=_text(values, "note", head.note),
        flashback=bool(values.get("flashback", head.flashback)),
        montage=bool(values.get("montage", head.montage)),
    )


def annotated_cast(values: Mapping[str, Any]) -> tuple[CastMember, ...]:
    """Members of the note's `cast`: names, or {name, count, note} where more is to be said."""
    rows = values.get("cast")
    members = []
    for row in rows if isinstance(rows, list) else []:
        told = {"name": row} if isinstance(row, str) else row if isinstance(row, dict) else {}
        name, count, note = told.get("name"), told.get("count", 1), told.get("note")
        counted = count is None or (isinstance(count, int) and not isinstance(count, bool) and 0 <= count <= 9999)
        if isinstance(name, str) and name and counted and (note is None or isinstance(note, str)):
            members.append(CastMember(name, count, note))
    return tuple(members)


def annotated_element(element: ParsedElement, values: Mapping[str, Any]) -> ParsedElement:
    """The element with what its note says instead; a label's brackets are taken off its text."""
    kind = values.get("kind", element.kind)
    label = _text(values, "label", element.label)
    text = _text(values, "text", None)
    if text is None:
        text = unlabelled(element.text, label) if label and "label" in values else element.text
    return replace(
        element,
        kind=kind if kind in KINDS else element.kind,
        text=text,
        speaker=_text(values, "speaker", element.speaker),
        delivery=_text(values, "delivery", element.delivery),
        voice=_text(values, "voice", element.voice),
        label=label,
        dual=bool(values.get("dual", element.dual)),
        flashback=bool(values.get("flashback", element.flashback)),
    )


def labelled(text: str, label: str) -> str:
    """How a caption, a sound or a camera word stands in a format that knows only action: 【字幕：三年后】."""
    return f"【{label}：{text}】"


def unlabelled(text: str, label: str) -> str:
    """The text of what `labelled` wrote, also after a person changed it."""
    return text.removeprefix(f"【{label}：").removesuffix("】") if text.startswith(f"【{label}：") else text
