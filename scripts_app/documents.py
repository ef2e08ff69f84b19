"""The scene list (顺场表) as a paper and as a spreadsheet."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language, gettext, pgettext

from scripts_app.choices import Category, SceneState
from scripts_app.models import Scene
from studio.models import Production
from studio.values import format_pages


def _cast(scene: Scene, crowd: bool) -> list[str]:
    rows = [row for row in scene.cast.all() if row.character.is_crowd == crowd]
    return [f"{row.character.name}×{row.count}" if row.count > 1 else row.character.name for row in rows]


def principals(scene: Scene) -> str:
    return "、".join(_cast(scene, crowd=False))


def extras(scene: Scene) -> str:
    """Crowds of the cast line and extras of the breakdown, each once."""
    crowd = {row.character.name for row in scene.cast.all()}
    needed = [
        element.name for element in scene.needs.all()
        if element.category == Category.EXTRAS and element.name not in crowd
    ]  # fmt: skip
    return "、".join([*_cast(scene, crowd=True), *needed])


def things(scene: Scene, *categories: str) -> str:
    return "、".join(element.name for element in scene.needs.all() if element.category in categories)


def remarks(scene: Scene) -> str:
    """What else a planner has to know: a flashback, minors and who comes with them, and needs of no column."""
    said = [gettext("flashback")] if scene.flashback else []
    if minors := things(scene, Category.MINORS):
        said.append(gettext("Minors: %(names)s") % {"names": minors})
    if other := things(scene, *_REMARKED):
        said.append(other)
    return "；".join(said)


_REMARKED = (Category.ANIMALS, Category.STUNTS, Category.EFFECTS, Category.SOUND)


def by_set(scenes: Sequence[Scene]) -> list[tuple[str, list[Scene]]]:
    """Scenes by the set they play in, the set with most scenes first; within it in the order given."""
    sets: dict[str, list[Scene]] = {}
    for scene in scenes:
        sets.setdefault(scene.set_name, []).append(scene)
    return sorted(sets.items(), key=lambda item: (-len(item[1]), item[0]))


def one_liner(
    production: Production,
    scenes: Sequence[Scene],
    *,
    version: int | None,
    printed_at: dt.datetime,
    colour: str = "",
    grouped: bool = False,
) -> dict[str, Any]:
    """Data of one_liner.typ: scenes of `queries.scene_rows`, in script order or `grouped` by set, without days.

    `colour` is the draft's.
    """
    unit = production.studio.page_unit

    def block(title: str, own: Sequence[Scene]) -> dict[str, Any]:
        return {
            "number": None,
            "title": title,
            "scenes": [_line(scene, unit) for scene in own],
            "pages_total": format_pages(sum(scene.page_parts for scene in own), unit),
            "minutes_total": sum(scene.shoot_minutes for scene in own),
        }

    blocks = (
        [block(name or "—", own) for name, own in by_set(scenes)] if grouped
        else [block(gettext("In script order"), scenes)] if scenes else []
    )  # fmt: skip
    parts = sum(scene.page_parts for scene in scenes)
    return {
        "lang": "zh" if (get_language() or "").startswith("zh") else "en",
        "studio": production.studio.name,
        "title": production.title,
        "version": version,
        **({"colour": colour} if colour else {}),
        "printed_at": printed_at,
        "order_note": gettext("By set") if grouped else gettext("In script order"),
        "days": blocks,
        "totals": {"scenes": len(scenes), "pages": format_pages(parts, unit)},
    }


def _line(scene: Scene, unit: str) -> dict[str, Any]:
    return {
        "number": scene.number,
        "int_ext": scene.int_ext,
        "time": scene.time_of_day,
        "set": " - ".join(part for part in (scene.set_name, scene.sub_place) if part),
        "cast": _cast(scene, crowd=False),
        "extras": extras(scene),
        "synopsis": scene.synopsis,
        "props": things(scene, Category.PROPS, Category.SET_DRESSING, Category.VEHICLES),
        "wardrobe": things(scene, Category.WARDROBE, Category.MAKEUP),
        "pages": format_pages(scene.page_parts, unit),
        "note": remarks(scene),
        "status": "omitted" if scene.state == SceneState.OMITTED else "",
    }


def scene_sheet(production: Production, scenes: Sequence[Scene], *, grouped: bool = False) -> bytes:
    """The scene list as XLSX, in script order or `grouped` by set; texts are never read as formulas."""
    import xlsxwriter

    unit = production.studio.page_unit
    columns: list[tuple[str, int]] = [
        (gettext("Episode"), 8), (gettext("Scene"), 9), (gettext("int/ext"), 8), (gettext("day/night"), 8),
        (pgettext("story place", "set"), 22), (gettext("part of the set"), 14), (gettext("Cast"), 28),
        (gettext("Extras"), 20), (gettext("synopsis"), 44), (gettext("Props and dressing"), 24),
        (gettext("Wardrobe and make-up"), 20), (gettext("Other needs"), 20), (gettext("pages"), 8),
        (gettext("seconds on screen"), 10), (gettext("minutes to shoot"), 10), (gettext("state"), 10),
        (pgettext("scene list", "Remarks"), 30),
    ]  # fmt: skip
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(gettext("Scene list")[:31])
    head = book.add_format({"bold": True, "bg_color": "#f1efe9", "border": 1, "text_wrap": True, "valign": "vcenter"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for column, (label, width) in enumerate(columns):
        sheet.set_column(column, column, width, wrap)
        sheet.write_string(0, column, label, head)
    others = set(Category.values) - {
        Category.PROPS, Category.SET_DRESSING, Category.WARDROBE, Category.MAKEUP, Category.EXTRAS,
    }  # fmt: skip
    others -= {Category.MINORS}
    ordered = [scene for _name, own in by_set(scenes) for scene in own] if grouped else scenes
    for index, scene in enumerate(ordered, start=1):
        row: list[str | int] = [
            scene.episode.number, scene.number, scene.get_int_ext_display(), scene.get_time_of_day_display(),
            scene.set_name, scene.sub_place, principals(scene), extras(scene),
            scene.synopsis, things(scene, Category.PROPS, Category.SET_DRESSING),
            things(scene, Category.WARDROBE, Category.MAKEUP), things(scene, *others),
            format_pages(scene.page_parts, unit), scene.seconds, scene.shoot_minutes, scene.get_state_display(),
            remarks(scene),
        ]  # fmt: skip
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(index, column, value)
            else:
                sheet.write_string(index, column, str(value))
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(scenes), 1), len(columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
    return out.getvalue()
