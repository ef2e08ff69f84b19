"""Scenes to match out of what the parsers print."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .model import DraftScene


def text_of(elements: list[Mapping[str, Any]]) -> str:
    """All lines of a scene with who says them, as they are compared."""
    return "\n".join(
        "\t".join(str(each.get(name) or "") for name in ("kind", "speaker", "voice", "delivery", "text"))
        for each in elements
    )


def scenes_from_json(document: Mapping[str, Any]) -> tuple[DraftScene, ...]:
    """The scenes of `python -m scripts_app.parsers`. Raises ValueError when it is no such document."""
    try:
        return tuple(
            DraftScene(
                key=str(scene["number"]),
                number=str(scene["number"]),
                episode=int(episode["number"]),
                heading=(
                    scene["int_ext"] or "",
                    scene["time_of_day"] or "",
                    scene["set"] or "",
                    scene.get("sub_place") or "",
                ),
                cast=tuple(str(name) for name in scene["cast"]),
                text=text_of(scene["elements"]),
            )
            for episode in document["episodes"]
            for scene in episode["scenes"]
        )
    except (AttributeError, KeyError, TypeError) as problem:
        raise ValueError(f"not what the parsers print: {problem!r}") from problem
