"""Scripts from the JSON that `python -m scripts_app.parsers` prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scripts_app.parsers import (
    CastMember,
    ParsedCharacter,
    ParsedElement,
    ParsedEpisode,
    ParsedScene,
    ParsedScript,
    SourceLine,
)
from scripts_app.parsers.annotations import KINDS
from studio.values import SceneNumber


def script_of_json(data: Any) -> ParsedScript:
    """The script of a parser's JSON. Raises ValueError, with a sentence, for anything else."""
    row = _mapping(data, "the file")
    if row.get("kind") != "script":
        raise ValueError('The JSON is not of a script: its kind must be "script".')
    return ParsedScript(
        kind="script",
        layout=_text(row, "layout") or "chinese",
        source="json",
        title=_text(row, "title"),
        logline=_block(row, "logline"),
        outline=_block(row, "outline"),
        page_unit="eighths" if row.get("page_unit") == "eighths" else "tenths",
        episodes=tuple(_episode(each) for each in _rows(row, "episodes")),
        characters=tuple(
            ParsedCharacter(_needed(each, "name"), _number(each, "age"), _block(each, "bio") or "", 0)
            for each in _rows(row, "characters")
        ),
    )


def _episode(row: Mapping[str, Any]) -> ParsedEpisode:
    number = _number(row, "number")
    if number is None or not 0 < number <= 9999:
        raise ValueError("An episode of the JSON has no number between 1 and 9999.")
    scenes = tuple(_scene(each) for each in _rows(row, "scenes"))
    lead = tuple(SourceLine(0, _text(each, "text") or "", "lead") for each in _rows(row, "lead"))
    implied = "written_number" in row and row["written_number"] is None
    return ParsedEpisode(
        number, number, _text(row, "title"), 0, _number(row, "stated_seconds"), None, implied, (), (), lead, scenes
    )  # fmt: skip


def _scene(row: Mapping[str, Any]) -> ParsedScene:
    try:
        number = SceneNumber.parse(_needed(row, "number")).text
    except ValueError:
        raise ValueError(f"A scene of the JSON has a number that cannot be read: {row.get('number')!r}.") from None
    side = row.get("int_ext")
    cast = row.get("cast_detail") if "cast_detail" in row else [{"name": name} for name in row.get("cast") or []]
    return ParsedScene(
        number=number,
        written_number=number,
        line=0,
        int_ext=side if side in ("int", "ext", "int_ext") else None,
        time_of_day=_text(row, "time_of_day"),
        time_written=_text(row, "time_written"),
        place=_text(row, "set"),
        places=(),
        sub_place=_text(row, "sub_place"),
        title=_text(row, "title"),
        note=_text(row, "note"),
        synopsis=_text(row, "synopsis"),
        flashback=bool(row.get("flashback")),
        montage=bool(row.get("montage")),
        inserted=False,
        cast=tuple(_member(each) for each in _rows({"cast": cast}, "cast")),
        elements=tuple(_element(each) for each in _rows(row, "elements")),
        head=(),
        parts=max(1, _number(row, "eighths") or 1),
        seconds=max(1, _number(row, "seconds") or 1),
        han=0,
    )


def _member(row: Mapping[str, Any]) -> CastMember:
    count = _number(row, "count") if "count" in row else 1
    return CastMember(_needed(row, "name"), count, _text(row, "note"))


def _element(row: Mapping[str, Any]) -> ParsedElement:
    kind = row.get("kind")
    if kind not in KINDS:
        raise ValueError(f"An element of the JSON is of no known kind: {kind!r}.")
    speaker = _text(row, "speaker")
    voice = row.get("voice")
    return ParsedElement(
        "action" if kind == "dialogue" and speaker is None else kind,
        _text(row, "text") or "",
        0,
        speaker,
        _text(row, "delivery"),
        voice if voice in ("OS", "VO") else None,
        _text(row, "label"),
        bool(row.get("dual")),
        bool(row.get("flashback")),
    )


def _mapping(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"The JSON does not have the shape that the parser prints: {what} is not an object.")
    return value


def _rows(row: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows = row.get(name) or []
    if not isinstance(rows, list):
        raise ValueError(f"The JSON does not have the shape that the parser prints: {name} is not a list.")
    return [_mapping(each, name) for each in rows]


def _block(row: Mapping[str, Any], name: str) -> str | None:
    """A text of several lines."""
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"The JSON does not have the shape that the parser prints: {name} is not a text.")
    return value.strip() if value and value.strip() else None


def _text(row: Mapping[str, Any], name: str) -> str | None:
    value = _block(row, name)
    return " ".join(value.split()) if value else None


def _needed(row: Mapping[str, Any], name: str) -> str:
    value = _text(row, name)
    if value is None:
        raise ValueError(f"The JSON does not have the shape that the parser prints: a {name} is missing.")
    return value


def _number(row: Mapping[str, Any], name: str) -> int | None:
    value = row.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
