"""Sides (演员分场本): each performer's scenes, of the whole script or of a shoot day."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from collections import defaultdict
from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext as _

from scheduling.choices import CallSheetState
from scheduling.models import CallSheet, CallSheetRecipient, Casting
from scripts_app.models import Revision
from scripts_app.script_papers import Copy, Mark, Part, file_name, script_pdf, today
from studio.choices import Department
from studio.models import Engagement, Production


@dataclasses.dataclass(frozen=True)
class Sides:
    """What one performer gets: their roles and, on a shoot day, the scenes of their call."""

    person_id: int
    name: str
    roles: tuple[str, ...]
    scenes: frozenset[int] | None = None


def script_in_force(production: Production) -> Revision | None:
    """The latest draft: what the strips and the call sheets were made of."""
    return (
        Revision.objects.filter(script__production=production)
        .select_related("script__production__studio")
        .order_by("-number")
        .first()
    )


def sides_of_engagement(engagement: Engagement) -> Sides | None:
    """The whole part of a performer; None for somebody who plays nobody."""
    roles = _roles(engagement.production_id, [engagement.person_id]).get(engagement.person_id)
    return Sides(engagement.person_id, engagement.person.name, roles) if roles else None


def sides_of_calls(production_id: int, calls: Iterable[CallSheetRecipient]) -> list[Sides]:
    """Sides of the performers among these calls of one sheet, in order of their call. One query.

    Nothing while the sheet is one that was revised: its scenes may be shot by others by now.
    """
    rows = [
        row for row in calls
        if row.department == Department.CAST and row.call_sheet.state != CallSheetState.REVISED and row.scene_numbers
    ]  # fmt: skip
    roles = _roles(production_id, [row.person_id for row in rows])
    found: dict[int, Sides] = {}
    for row in rows:
        if row.person_id not in roles:
            continue
        earlier = found.get(row.person_id)
        # By the sheet's own ids: since it was issued a new draft may have given the scenes other numbers.
        scenes = {each["id"] for each in row.call_sheet.data["scenes"] if each["number"] in row.scene_numbers}
        scenes |= (earlier.scenes or frozenset()) if earlier else frozenset()
        found[row.person_id] = Sides(row.person_id, row.person.name, roles[row.person_id], frozenset(scenes))
    return list(found.values())


def _roles(production_id: int, people: list[int]) -> dict[int, tuple[str, ...]]:
    """Person -> the roles they play in a title."""
    roles: dict[int, list[str]] = defaultdict(list)
    for person, name in (
        Casting.objects.filter(character__production=production_id, engagement__person__in=people)
        .order_by("character_id")
        .values_list("engagement__person_id", "character__name")
    ):
        roles[person].append(name)
    return {person: tuple(names) for person, names in roles.items()}


def part_of(sides: Sides, sheet: CallSheet | None, language: str) -> Part:
    with translation.override(language):
        title = f"{' / '.join(sides.roles)} · {sides.name}"
        note = (
            _("Shoot day %(number)s · %(date)s") % {"number": sheet.data["day_number"], "date": sheet.data["date"]}
            if sheet is not None
            else ""
        )
    return Part(roles=sides.roles, scenes=sides.scenes, title=title, note=note)


def draw_sides(copy: Copy, sides: Sides, sheet: CallSheet | None, language: str) -> bytes:
    """One performer's sides, with their name across."""
    mark = Mark(sides.name, today(copy.revision))
    return script_pdf(copy, part_of(sides, sheet, language), language=language, mark=mark)


def sides_name(copy: Copy, sides: Sides, sheet: CallSheet | None) -> str:
    """`GUANG01-r2-林叶-2026-12-01-宁夏.pdf`"""
    stem = file_name(copy.revision, Part(roles=sides.roles)).removesuffix(".pdf")
    day = f"-{sheet.data['date']}" if sheet is not None else ""
    return f"{stem}{day}-{sides.name}.pdf".replace("/", "_").replace("\\", "_")


def draw_all(copy: Copy, everybody: list[Sides], sheet: CallSheet, language: str) -> bytes:
    """A ZIP with one PDF a performer."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for number, sides in enumerate(everybody, start=1):
            # Two performers may bear one name.
            packed.writestr(f"{number:02d}-{sides_name(copy, sides, sheet)}", draw_sides(copy, sides, sheet, language))
    return out.getvalue()
