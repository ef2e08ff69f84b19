"""A revision as the script it was read from, for the writers of files. Never writes; two queries however long it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from scripts_app.drafts import stated_synopsis
from scripts_app.models import Revision, SceneText
from scripts_app.parsers import (
    CastMember,
    ParsedCharacter,
    ParsedElement,
    ParsedEpisode,
    ParsedScene,
    ParsedScript,
    SourceLine,
)
from scripts_app.queries.reading import Draft

SOME = "若干"  # the note under which the rows keep a crowd that nobody counted


def script_of_revision(revision: Revision) -> ParsedScript:
    """What the draft says, whatever was changed in the rows of its scenes since."""
    draft = Draft.of(revision)
    production = revision.script.production
    texts: dict[int, list[SceneText]] = {}
    for text in draft.texts:
        texts.setdefault(draft.episode_of(text), []).append(text)
    told = {row["number"]: row for row in revision.episodes}
    # In the order of the draft; an episode that its head alone states keeps its place.
    numbers = list(dict.fromkeys([*told, *texts]))
    front = revision.front
    return ParsedScript(
        kind="script",
        layout=revision.layout,
        source="revision",
        title=front.get("title") or production.title,
        logline=front.get("logline") or None,
        outline=front.get("outline") or None,
        page_unit=production.studio.page_unit,
        episodes=tuple(_episode(number, told.get(number, {}), texts.get(number, []), numbers) for number in numbers),
        characters=tuple(
            ParsedCharacter(role.name, int(role.age) if role.age.isdecimal() else None, role.bio, 0)
            for role in production.characters.exclude(bio="", age="").order_by("pk")
        ),
    )


def _episode(number: int, told: dict[str, Any], texts: Iterable[SceneText], numbers: list[int]) -> ParsedEpisode:
    return ParsedEpisode(
        number=number,
        written_number=number,
        title=told.get("title") or None,
        line=told.get("line", 0),
        stated_seconds=told.get("stated_seconds"),
        outline=told.get("outline") or None,
        # The one episode of a script that states none has neither a head nor a title.
        implied=numbers == [1] and not told.get("title"),
        cast=(),
        head=(),
        lead=tuple(SourceLine(line["line"], line["text"], "lead") for line in told.get("lead", [])),
        scenes=tuple(_scene(text) for text in texts),
    )


def _scene(text: SceneText) -> ParsedScene:
    head = text.head
    place = " - ".join(part for part in (head.get("set_name"), head.get("sub_place")) if part)
    scene = ParsedScene(
        number=text.number,
        written_number=text.number,
        line=head.get("line", 0),
        int_ext=head.get("int_ext") or None,
        time_of_day=head.get("time_of_day") or None,
        time_written=head.get("time_written") or None,
        place=place or None,
        places=(),
        sub_place=head.get("sub_place") or None,
        title=head.get("title") or None,
        note=head.get("note") or None,
        synopsis=None,
        flashback=bool(head.get("flashback")),
        montage=False,
        inserted=False,
        cast=tuple(_member(*row) for row in head.get("cast", [])),
        elements=tuple(_element(row) for row in text.elements),
        head=(),
        parts=head.get("page_parts", 1),
        seconds=head.get("seconds", 1),
        han=0,
    )
    return replace(scene, synopsis=stated_synopsis(scene, head.get("synopsis", "")))


def _member(name: str, count: int, note: str, _speaks: bool) -> CastMember:
    return CastMember(name, None if note == SOME else count, None if note == SOME else note or None)


def _element(row: dict[str, Any]) -> ParsedElement:
    return ParsedElement(
        row["kind"], row["text"], row["line"], row.get("speaker"), row.get("delivery"), row.get("voice"),
        row.get("label"), row.get("dual", False), row.get("flashback", False),
    )  # fmt: skip
