"""Scripts and sides as papers, with the reader's name across each page. Drawn at each request: a paper without a reader
is not kept (ADR 0025)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from typing import Any

from django.core.cache import cache
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from scripts_app.drafts import speaker_names
from scripts_app.models import Revision, SceneCharacter, SceneText
from scripts_app.queries.reading import Draft
from studio.documents import ask_document, data_text, render_pdf

TEMPLATE = "script.typ"
_REMEMBER_PAGES = 30 * 24 * 3600


@dataclasses.dataclass(frozen=True)
class Mark:
    """Who a paper is for. `code` is the number of the link it came by."""

    name: str
    on: dt.date
    code: str = ""

    def to_data(self) -> dict[str, str]:
        return {"name": self.name, "date": self.on.isoformat(), "code": self.code}


@dataclasses.dataclass(frozen=True)
class Part:
    """What of a revision is drawn; empty is all of it.

    With `roles` it is sides: the scenes in which one of them is on set or heard, their lines marked. `scenes` are those
    of a shoot day, by id: a later draft may have numbered them anew. `title` says whose sides they are, `note` which day.
    """

    episodes: frozenset[int] = frozenset()
    roles: tuple[str, ...] = ()
    scenes: frozenset[int] | None = None
    title: str = ""
    note: str = ""


@dataclasses.dataclass(frozen=True)
class Copy:
    """A revision read once, to draw any number of papers from."""

    draft: Draft
    cast: dict[int, frozenset[str]]
    """Scene -> roles that are on set."""

    @classmethod
    def of(cls, revision: Revision) -> Copy:
        """Two queries. The revision comes with its script, production and studio."""
        rows: dict[int, set[str]] = {}
        for scene, name in SceneCharacter.objects.filter(scene__texts__revision=revision).values_list(
            "scene_id", "character__name"
        ):
            rows.setdefault(scene, set()).add(name)
        return cls(Draft.of(revision), {scene: frozenset(names) for scene, names in rows.items()})

    @property
    def revision(self) -> Revision:
        return self.draft.revision

    def scenes_of(self, part: Part) -> list[SceneText]:
        """The scenes of a part in the order of the script."""
        wanted = set(part.roles)
        found = []
        for text in self.draft.texts:
            if part.episodes and self.draft.episode_of(text) not in part.episodes:
                continue
            if part.scenes is not None and text.scene_id not in part.scenes:
                continue
            if wanted and not wanted & (self.cast.get(text.scene_id, frozenset()) | _heard(text)):
                continue
            found.append(text)
        return found


def _heard(text: SceneText) -> set[str]:
    return {name for row in text.elements for name in speaker_names(row.get("speaker", ""))}


def script_data(copy: Copy, part: Part, *, language: str, mark: Mark | None) -> dict[str, Any]:
    """Data of script.typ."""
    production = copy.revision.script.production
    with translation.override(language):
        subtitle = [line for line in (part.title, _episodes_line(part.episodes), part.note) if line]
        colour = copy.revision.colour
    pages = _pages(copy, language) if part.roles else {}
    wanted = set(part.roles)
    told = {row["number"]: row for row in copy.revision.episodes}
    episodes: dict[int, dict[str, Any]] = {}
    for text in copy.scenes_of(part):
        number = copy.draft.episode_of(text)
        episode = episodes.setdefault(
            number,
            {
                "number": number, "title": told.get(number, {}).get("title", ""), "scenes": [],
                # What stands above the first scene belongs to the whole text, not to anybody's sides.
                "lead": [] if wanted else [row["text"] for row in told.get(number, {}).get("lead", [])],
            },
        )  # fmt: skip
        episode["scenes"].append(_scene(text, wanted, pages.get(text.number)))
    return {
        "lang": "zh" if language.startswith("zh") else "en",
        "kind": "sides" if part.roles else "script",
        "studio": production.studio.name,
        "title": production.title,
        "code": production.code,
        "revision": copy.revision.number,
        "colour": {"name": colour, "tint": copy.revision.colour_tint} if colour else None,
        "subtitle": subtitle,
        "mark": mark.to_data() if mark is not None else None,
        "episodes": list(episodes.values()),
    }


def script_pdf(copy: Copy, part: Part, *, language: str, mark: Mark | None) -> bytes:
    """A part of a revision as PDF; a full-size script takes about a second, sides a fifth of one."""
    return render_pdf(TEMPLATE, script_data(copy, part, language=language, mark=mark))


def file_name(revision: Revision, part: Part) -> str:
    """`GUANG01-r2-林叶.pdf`"""
    pieces = [revision.script.production.code, f"r{revision.number}"]
    if part.roles:
        pieces.append("-".join(part.roles)[:60])
    elif part.episodes:
        pieces.append(f"{min(part.episodes)}-{max(part.episodes)}")
    return "-".join(piece.replace("/", "_").replace("\\", "_") for piece in pieces) + ".pdf"


def today(revision: Revision) -> dt.date:
    """The date in the studio's zone, as it stands on the paper."""
    return timezone.localdate(timezone=revision.script.production.studio.zone)


def _scene(text: SceneText, wanted: set[str], page: int | None) -> dict[str, Any]:
    head = text.head
    place = " - ".join(part for part in (head.get("set_name", ""), head.get("sub_place", "")) if part)
    cast = "、".join(f"{row[0]}×{row[1]}" if row[1] > 1 else row[0] for row in head.get("cast", []))
    return {
        "number": text.number,
        "int_ext": head.get("int_ext", ""),
        "time": head.get("time_of_day", ""),
        "time_written": head.get("time_written", ""),
        "set": place,
        "flashback": bool(head.get("flashback")),
        "cast": cast,
        "page": page,
        "elements": [_element(row, wanted) for row in text.elements],
    }


def _element(row: dict[str, Any], wanted: set[str]) -> dict[str, Any]:
    speaker = row.get("speaker", "")
    how = f" {row['voice']}" if row.get("voice") else ""
    if row.get("delivery"):
        how += f"（{row['delivery']}）"
    return {
        "kind": row["kind"], "speaker": speaker, "how": how, "label": row.get("label", ""), "text": row["text"],
        "mine": bool(wanted & set(speaker_names(speaker))),
    }  # fmt: skip


def _episodes_line(episodes: frozenset[int]) -> str:
    if not episodes:
        return ""
    runs: list[list[int]] = []
    for number in sorted(episodes):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    text = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
    return _("Episodes %(numbers)s") % {"numbers": text}


def _pages(copy: Copy, language: str) -> dict[str, int]:
    """Scene number -> its page in the whole script as printed; laid out once for a text and remembered."""
    data = script_data(copy, Part(), language=language, mark=None)
    key = "script-pages:" + hashlib.sha256(data_text(data).encode()).hexdigest()
    found: dict[str, int] | None = cache.get(key)
    if found is None:
        found = {row["scene"]: row["page"] for row in ask_document(TEMPLATE, data, "scene-page")}
        cache.set(key, found, _REMEMBER_PAGES)
    return found
