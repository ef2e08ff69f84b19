"""A scene of two drafts side by side, ready to be drawn. Asks the database nothing."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.utils.translation import gettext, pgettext

from scripts_app.choices import IntExt, TimeOfDay
from scripts_app.drafts import CastRow, cast_of, heading_changes
from scripts_app.matching.words import ADDED, GONE, LinePair, Piece, compare_lines
from scripts_app.models import Scene, SceneText
from scripts_app.queries.comparing import SceneChange
from scripts_app.wording import KIND_NAMES


@dataclasses.dataclass(frozen=True)
class FieldDiff:
    """A part of the heading that reads otherwise."""

    label: str
    before: str
    after: str


@dataclasses.dataclass(frozen=True)
class SceneDiff:
    """What a page shows of a scene: headings, what of them and of the cast changed, and its lines in pairs."""

    change: SceneChange
    kind_name: str
    old_heading: str
    new_heading: str
    fields: tuple[FieldDiff, ...]
    came: tuple[str, ...]
    left: tuple[str, ...]
    recast: tuple[FieldDiff, ...]
    lines: tuple[LinePair, ...]

    @property
    def retold(self) -> bool:
        """Whether there are lines to show: a scene that only moved is told by its numbers."""
        return any(not pair.same for pair in self.lines)


def scene_diff(change: SceneChange) -> SceneDiff:
    old, new = change.old, change.new
    lines: tuple[LinePair, ...] = ()
    fields: tuple[FieldDiff, ...] = ()
    came: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    recast: tuple[FieldDiff, ...] = ()
    if old is not None and new is not None:
        if "text" in change.changed:
            lines = compare_lines(_lines(old), _lines(new))
        fields = tuple(
            FieldDiff(_field_name(name), _shown(name, old.head), _shown(name, new.head))
            for name in heading_changes(old.head, new.head)
        )
        before, after = cast_of(old.head), cast_of(new.head)
        came = tuple(_role(row) for name, row in after.items() if name not in before)
        left = tuple(_role(row) for name, row in before.items() if name not in after)
        recast = tuple(
            FieldDiff(name, _role(before[name]), _role(row))
            for name, row in after.items()
            if name in before and _role(before[name]) != _role(row)
        )
    elif old is not None:
        lines = tuple(LinePair(at, None, (Piece(GONE, line),)) for at, line in enumerate(_lines(old)))
    elif new is not None:
        lines = tuple(LinePair(None, at, (), (Piece(ADDED, line),)) for at, line in enumerate(_lines(new)))
    return SceneDiff(
        change, str(KIND_NAMES[change.kind]), _heading(old), _heading(new), fields, came, left, recast, lines
    )


def _lines(text: SceneText) -> list[str]:
    return [_line(row) for row in text.elements]


def _line(row: dict[str, Any]) -> str:
    if speaker := row.get("speaker"):
        how = f"（{row['delivery']}）" if row.get("delivery") else ""
        return f"{speaker}{' ' + row['voice'] if row.get('voice') else ''}{how}：{row['text']}"
    return f"{row['label']}：{row['text']}" if row.get("label") else str(row["text"])


def _heading(text: SceneText | None) -> str:
    if text is None:
        return ""
    head = text.head
    place = " - ".join(part for part in (head.get("set_name"), head.get("sub_place")) if part)
    found = [_shown("int_ext", head), head.get("time_written") or _shown("time_of_day", head), place]
    if head.get("flashback"):
        found.append(gettext("flashback"))
    return " · ".join(part for part in found if part)


def _role(row: CastRow) -> str:
    count = f"×{row.count}" if row.count > 1 else ""
    return f"{row.name}{count}{f'（{row.note}）' if row.note else ''}"


def _field_name(name: str) -> str:
    if name == "title":
        return pgettext("scene", "title")
    if name == "note":
        return pgettext("scene", "note")
    return str(Scene._meta.get_field(name).verbose_name)


def _shown(name: str, head: dict[str, Any]) -> str:
    value = head.get(name) or ""
    if name == "flashback":
        return gettext("yes") if value else gettext("no")
    if name == "int_ext":
        return str(IntExt(value).label) if value in IntExt.values else ""
    if name == "time_of_day":
        return str(TimeOfDay(value).label) if value in TimeOfDay.values else ""
    return str(value)
