"""The scene list as XLSX."""

from __future__ import annotations

import datetime as dt
import io

from scripts_app.parsers import ParsedScene, ParsedScript
from studio.values import format_pages

from .setting import is_chinese, member_text

_NAMES = {
    True: ("集", "场次", "内外", "日夜", "场景", "子场景", "人物", "梗概", "页数", "秒数", "闪回"),
    False: ("Episode", "Scene", "Int/Ext", "Day/Night", "Set", "Part of the set", "Cast", "Synopsis", "Pages",
            "Seconds", "Flashback"),
}  # fmt: skip
_WIDTHS = (8, 9, 8, 10, 24, 16, 30, 44, 8, 8, 9)
_SIDES = {
    True: {"int": "内", "ext": "外", "int_ext": "内外"},
    False: {"int": "INT", "ext": "EXT", "int_ext": "INT/EXT"},
}


def sheet_of(script: ParsedScript) -> bytes:
    """A row a scene; texts are never read as formulas or links."""
    import xlsxwriter

    chinese = is_chinese(script)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": script.title or "", "created": dt.datetime(1980, 1, 1)})
    sheet = book.add_worksheet("顺场表" if chinese else "Scene list")
    head = book.add_format({"bold": True, "bg_color": "#f1efe9", "border": 1, "text_wrap": True, "valign": "vcenter"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for column, (name, width) in enumerate(zip(_NAMES[chinese], _WIDTHS, strict=True)):
        sheet.set_column(column, column, width, wrap)
        sheet.write_string(0, column, name, head)
    row = 0
    for episode in script.episodes:
        for scene in episode.scenes:
            row += 1
            for column, value in enumerate(_row(episode.number, scene, script.page_unit, chinese)):
                if isinstance(value, int):
                    sheet.write_number(row, column, value)
                else:
                    sheet.write_string(row, column, value[:32_000])  # a cell holds 32,767 characters
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(row, 1), len(_WIDTHS) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
    return out.getvalue()


def _row(episode: int, scene: ParsedScene, unit: str, chinese: bool) -> list[str | int]:
    place = scene.place or ""
    if scene.sub_place:
        place = place.removesuffix(scene.sub_place).rstrip(" -—–")
    first = next((each.text for each in scene.elements if each.kind == "action" and each.text), "")
    return [
        episode, scene.number, _SIDES[chinese].get(scene.int_ext or "", ""), scene.time_written or "", place,
        scene.sub_place or "", "、".join(member_text(member) for member in scene.cast) or "、".join(scene.speakers),
        scene.synopsis or scene.title or first, format_pages(scene.parts, unit), scene.seconds,
        ("闪回" if chinese else "flashback") if scene.flashback else "",
    ]  # fmt: skip
