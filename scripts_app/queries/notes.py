"""Notes on a draft: its own, and those of earlier drafts that still wait. Never writes."""

from __future__ import annotations

import dataclasses
from typing import Any

from scripts_app.anchors import Anchors, TextLine
from scripts_app.choices import NoteState
from scripts_app.models import ReviewNote, Revision
from scripts_app.queries.reading import Draft


@dataclasses.dataclass(frozen=True)
class NoteAt:
    """A note with where it stands in the draft looked at; `line` None when the text it speaks of changed.

    `carried_from` is the number of the earlier revision it was made on; None for one of this draft.
    """

    note: ReviewNote
    line: int | None
    episode: int
    carried_from: int | None


def text_lines(draft: Draft) -> list[TextLine]:
    """Everything of a draft that can be noted: lines above the first scene, headings, and what scenes say."""
    lines = [
        TextLine(lead["line"], 0, row["number"], lead["text"])
        for row in draft.revision.episodes
        for lead in row.get("lead", [])
    ]
    for text in draft.texts:
        episode = draft.episode_of(text)
        lines.append(TextLine(text.head.get("line", 0), text.scene_id, episode, heading(text.number, text.head)))
        lines += [
            TextLine(row["line"], text.scene_id, episode, f"{row.get('speaker', '')} {row['text']}".strip())
            for row in text.elements
        ]
    return lines


def heading(number: str, head: dict[str, Any]) -> str:
    place = " - ".join(part for part in (head.get("set_name"), head.get("sub_place")) if part)
    return " ".join(part for part in (number, place or "—", head.get("time_written")) if part)


def notes_of(revision: Revision, draft: Draft | None = None) -> list[NoteAt]:
    """Notes of a revision and, where their words still stand, the unsettled ones of those before it.

    Ordered by line; notes whose text changed come last. Two queries beside those of the draft.
    """
    draft = draft or Draft.of(revision)
    anchors = Anchors(text_lines(draft))
    rows = (
        ReviewNote.objects.filter(
            round__revision__script=revision.script_id, round__revision__number__lte=revision.number
        )
        .select_related("author", "settled_by", "episode", "scene", "round__revision")
        .prefetch_related("replies__author")
        .order_by("pk")
    )
    found = []
    for note in rows:
        made_on = note.round.revision
        if made_on.pk == revision.pk:
            found.append(NoteAt(note, note.line, note.episode.number, None))
        elif note.state != NoteState.SETTLED:
            at = anchors.find(note.quote, scene=note.scene_id, episode=note.episode.number, near=note.line)
            found.append(
                NoteAt(note, at.line if at else None, at.episode if at else note.episode.number, made_on.number)
            )
    return sorted(found, key=lambda each: (each.line is None, each.line or 0, each.note.pk))
