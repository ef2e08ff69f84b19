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


def _things(scene: Scene, *categories: str) -> str:
    return "、".join(element.name for element in scene.needs.all() if element.category in categories)


def one_liner(
    production: Production, scenes: Sequence[Scene], *, version: int | None, printed_at: dt.datetime, colour: str = ""
) -> dict[str, Any]:
    """Data of one_liner.typ: scenes of `queries.scene_rows`, in script order, without days; `colour` the draft's."""
    unit = production.studio.page_unit
    rows = [
        {
            "number": scene.number,
            "int_ext": scene.int_ext,
            "time": scene.time_of_day,
            "set": " - ".join(part for part in (scene.set_name, scene.sub_place) if part),
            "cast": _cast(scene, crowd=False),
            "extras": "、".join(_cast(scene, crowd=True)),
            "synopsis": scene.synopsis,
            "props": _things(scene, Category.PROPS, Category.SET_DRESSING, Category.VEHICLES),
            "wardrobe": _things(scene, Category.WARDROBE, Category.MAKEUP),
            "pages": format_pages(scene.page_parts, unit),
            "note": gettext("flashback") if scene.flashback else "",
            "status": "omitted" if scene.state == SceneState.OMITTED else "",
        }
        for scene in scenes
    ]
    parts = sum(scene.page_parts for scene in scenes)
    minutes = sum(scene.shoot_minutes for scene in scenes)
    return {
        "lang": "zh" if (get_language() or "").startswith("zh") else "en",
        "studio": production.studio.name,
        "title": production.title,
        "version": version,
        **({"colour": colour} if colour else {}),
        "printed_at": printed_at,
        "order_note": gettext("In script order"),
        "days": [
            {"number": None, "scenes": rows, "pages_total": format_pages(parts, unit), "minutes_total": minutes}
        ] if rows else [],
        "totals": {"scenes": len(rows), "pages": format_pages(parts, unit)},
    }  # fmt: skip


def scene_sheet(production: Production, scenes: Sequence[Scene]) -> bytes:
    """The scene list as XLSX; texts are never read as formulas."""
    import xlsxwriter

    unit = production.studio.page_unit
    columns: list[tuple[str, int]] = [
        (gettext("Episode"), 8), (gettext("Scene"), 9), (gettext("int/ext"), 8), (gettext("day/night"), 8),
        (pgettext("story place", "set"), 22), (gettext("part of the set"), 14), (gettext("Cast"), 28),
        (gettext("Extras"), 20), (gettext("synopsis"), 44), (gettext("Props and dressing"), 24),
        (gettext("Wardrobe and make-up"), 20), (gettext("Other needs"), 20), (gettext("pages"), 8),
        (gettext("seconds on screen"), 10), (gettext("minutes to shoot"), 10), (gettext("state"), 10),
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
    for index, scene in enumerate(scenes, start=1):
        row: list[str | int] = [
            scene.episode.number, scene.number, scene.get_int_ext_display(), scene.get_time_of_day_display(),
            scene.set_name, scene.sub_place, "、".join(_cast(scene, crowd=False)), "、".join(_cast(scene, crowd=True)),
            scene.synopsis, _things(scene, Category.PROPS, Category.SET_DRESSING),
            _things(scene, Category.WARDROBE, Category.MAKEUP), _things(scene, *others),
            format_pages(scene.page_parts, unit), scene.seconds, scene.shoot_minutes, scene.get_state_display(),
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
