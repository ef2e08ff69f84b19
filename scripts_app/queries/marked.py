"""A scene's text with what is tagged and suggested in it, and the sheet of the scene beside it. Never writes."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import Any

from scripts_app.choices import Category
from scripts_app.models import Mark, Scene, SceneText, Tag
from scripts_app.queries.suggestions import Suggestion, suggestions
from scripts_app.queries.texts import lines_of, text_of
from scripts_app.tagging import Anchor, pieces, placed


@dataclasses.dataclass(frozen=True)
class MarkedPiece:
    """Words of a line under the same marks: the first names the colour. `things` is (category, name, suggested)."""

    text: str
    things: list[tuple[str, str, bool]]

    @property
    def category(self) -> str:
        return self.things[0][0] if self.things else ""

    @property
    def suggested(self) -> bool:
        return bool(self.things) and all(thing[2] for thing in self.things)


@dataclasses.dataclass(frozen=True)
class MarkedLine:
    index: int
    row: dict[str, Any]
    pieces: list[MarkedPiece]


@dataclasses.dataclass(frozen=True)
class TaggedThing:
    """A thing of the scene; `lost` are marked words that its text no longer has."""

    tag: Tag
    words: list[str]
    lost: list[str]


@dataclasses.dataclass(frozen=True)
class SheetKind:
    code: str
    label: str
    things: list[TaggedThing]


@dataclasses.dataclass(frozen=True)
class MarkedScene:
    text: SceneText | None
    lines: list[MarkedLine]
    kinds: list[SheetKind]
    suggested: list[Suggestion]


def marked_scene(scene: Scene) -> MarkedScene:
    """Seven queries, however much is tagged."""
    text = text_of(scene)
    lines = lines_of(text) if text is not None else []
    tags = list(Tag.objects.filter(scene=scene).select_related("element", "rule").order_by("element__name"))
    marks = list(Mark.objects.filter(tag__scene=scene).order_by("pk"))
    spans = placed([Anchor(mark.digest, mark.nth, mark.start, mark.length, mark.words) for mark in marks], lines)
    of_tag = {tag.pk: tag for tag in tags}
    here: dict[int, list[tuple[int, int, str, str, bool]]] = defaultdict(list)
    words: dict[int, list[str]] = defaultdict(list)
    lost: dict[int, list[str]] = defaultdict(list)
    for mark, span in zip(marks, spans, strict=True):
        element = of_tag[mark.tag_id].element
        words[mark.tag_id].append(mark.words)
        if span is None:
            lost[mark.tag_id].append(mark.words)
        else:
            here[span.line].append((span.start, span.length, element.category, element.name, False))
    found = suggestions(scene.production, scene)
    for each in found:
        for line, start, length in each.places:
            here[line].append((start, length, each.category, each.name, True))
    shown = []
    for index, said in enumerate(lines):
        marked = here[index]
        cut = pieces(len(said), [(start, length) for start, length, *_thing in marked]) if said else []
        row = text.elements[index] if text is not None else {}
        shown.append(
            MarkedLine(
                index, row,
                [MarkedPiece(said[piece.start : piece.end], [marked[at][2:] for at in piece.marks]) for piece in cut],
            )
        )  # fmt: skip
    by_kind: dict[str, list[TaggedThing]] = defaultdict(list)
    for tag in tags:
        by_kind[tag.element.category].append(TaggedThing(tag, words[tag.pk], lost[tag.pk]))
    kinds = [SheetKind(code, str(label), by_kind[code]) for code, label in Category.choices if by_kind[code]]
    return MarkedScene(text, shown, kinds, found)
