"""Breakdown sheets: what each scene needs, as frozen data, as a paper and as a workbook."""

from __future__ import annotations

import datetime as dt
import io
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language, gettext, pgettext

from scripts_app.breakdown_wording import category_letter
from scripts_app.choices import Category, SceneState
from scripts_app.documents import extras, principals
from scripts_app.models import Scene
from studio.models import Production
from studio.values import format_pages


def sheet_rows(production: Production, scenes: Sequence[Scene]) -> list[dict[str, Any]]:
    """A sheet for each of `queries.scene_rows`: heading, synopsis, cast, and things by kind."""
    unit = production.studio.page_unit
    labels = {code: str(label) for code, label in Category.choices}
    return [
        {
            "pk": scene.pk,
            "number": scene.number,
            "episode": scene.episode.number,
            "int_ext": scene.int_ext,
            "time": scene.time_of_day,
            "set": " - ".join(part for part in (scene.set_name, scene.sub_place) if part),
            "synopsis": scene.synopsis,
            "flashback": scene.flashback,
            "omitted": scene.state == SceneState.OMITTED,
            "pages": format_pages(scene.page_parts, unit),
            "minutes": scene.shoot_minutes,
            "seconds": scene.seconds,
            "cast": principals(scene),
            "extras": extras(scene),
            "kinds": [
                {"code": code, "letter": category_letter(code), "label": labels[code], "things": names}
                for code, names in _by_kind(scene).items()
                if code != Category.EXTRAS
            ],
        }
        for scene in scenes
    ]


def _by_kind(scene: Scene) -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {code: [] for code in Category.values}
    for element in scene.needs.all():
        kinds[element.category].append(element.name)
    return {code: names for code, names in kinds.items() if names}


def sheets_paper(
    production: Production, scenes: Sequence[Scene], *, version: int | None, printed_at: dt.datetime
) -> dict[str, Any]:
    """Data of breakdown_sheets.typ."""
    return {
        "lang": "zh" if (get_language() or "").startswith("zh") else "en",
        "studio": production.studio.name,
        "title": production.title,
        "version": version,
        "printed_at": printed_at,
        "sheets": sheet_rows(production, scenes),
    }


def sheets_workbook(production: Production, scenes: Sequence[Scene]) -> bytes:
    """One worksheet with all scenes by kind of thing, then a list for each kind. Texts are never read as formulas."""
    import xlsxwriter

    rows = sheet_rows(production, scenes)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bg_color": "#f1efe9", "border": 1, "text_wrap": True, "valign": "vcenter"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    labels = [(code, str(label)) for code, label in Category.choices if code != Category.EXTRAS]
    columns = [
        (gettext("Scene"), 9), (pgettext("story place", "set"), 22), (gettext("synopsis"), 40), (gettext("Cast"), 26),
        (str(Category.EXTRAS.label), 20), *((label, 20) for _code, label in labels), (gettext("pages"), 8),
        (gettext("minutes to shoot"), 10),
    ]  # fmt: skip
    lines: list[list[Any]] = []
    for row in rows:
        kinds = {kind["code"]: "、".join(kind["things"]) for kind in row["kinds"]}
        lines.append(
            [
                row["number"], row["set"], row["synopsis"], row["cast"], row["extras"],
                *(kinds.get(code, "") for code, _label in labels), row["pages"], row["minutes"],
            ]
        )  # fmt: skip
    _worksheet(book, gettext("Breakdown sheets"), columns, lines, head, wrap)
    needed: dict[str, dict[str, list[Scene]]] = defaultdict(lambda: defaultdict(list))
    for scene in scenes:
        for element in scene.needs.all():
            needed[element.category][element.name].append(scene)
    listed = [
        (pgettext("thing", "Name"), 30), (gettext("Scenes"), 8), (gettext("First episode"), 10), (gettext("Last episode"), 10),
        (gettext("In scenes"), 60),
    ]  # fmt: skip
    for code, label in Category.choices:
        if needed[code]:
            own = [_listed(name, at) for name, at in sorted(needed[code].items())]
            _worksheet(book, str(label), listed, own, head, wrap)
    book.close()
    return out.getvalue()


def _listed(name: str, scenes: list[Scene]) -> list[Any]:
    episodes = [scene.episode.number for scene in scenes]
    return [name, len(scenes), min(episodes), max(episodes), "、".join(scene.number for scene in scenes)]


def _worksheet(
    book: Any, title: str, columns: list[tuple[str, int]], lines: list[list[Any]], head: Any, wrap: Any
) -> None:
    sheet = book.add_worksheet(title[:31])
    for column, (label, width) in enumerate(columns):
        sheet.set_column(column, column, width, wrap)
        sheet.write_string(0, column, label, head)
    for index, line in enumerate(lines, start=1):
        for column, cell in enumerate(line):
            if isinstance(cell, int):
                sheet.write_number(index, column, cell)
            else:
                sheet.write_string(index, column, cell)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(lines), 1), len(columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
