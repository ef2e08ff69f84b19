"""Tables of Word as lines of a script: rows, labelled fields, and scene lists with a row of column names."""

from __future__ import annotations

import re
from collections.abc import Iterator

_COLUMNS = {
    "number": "场次|场号|场景号|集场|集-场|场|序号|SCENE|SCENE NO",
    "time": "时间|日夜|日/夜|时段|TIME|DAY/NIGHT|D/N",
    "side": "内外|内/外|内外景|景别|INT/EXT|I/E",
    "place": "地点|场景|场地|拍摄地点|主场景|LOCATION|SET|PLACE",
    "cast": "人物|角色|出场人物|主要人物|演员|CAST|CHARACTERS",
    "text": "内容|剧情|剧本|正文|剧本内容|场景内容|主要内容|内容提要|对白|台词|ACTION|CONTENT|SCRIPT",
}  # fmt: skip
_COLUMN = {name: re.compile(rf"^(?:{words})$", re.IGNORECASE) for name, words in _COLUMNS.items()}
_FIELD = re.compile(r"^(?:场次|场景|场号|地点|时间|人物|出场人物|内外景|内外|角色|道具|备注)$")

Row = list[list[str]]


def table_lines(rows: list[Row]) -> Iterator[str]:
    """Lines of a table, row by row."""
    columns = _columns(rows[0]) if len(rows) > 1 else None
    if columns is not None:
        yield " ".join(text for cell in rows[0] for text in cell)
        for row in rows[1:]:
            yield from _scene_row(row, columns)
        return
    for row in rows:
        yield from _row(row)


def _columns(row: Row) -> list[str] | None:
    """What each column holds, when the first row names them: at least a number or place, and one more."""
    names = []
    for cell in row:
        text = re.sub(r"\s+", "", "".join(cell)).strip("：:")
        names.append(next((name for name, pattern in _COLUMN.items() if pattern.match(text)), text))
    known = [name for name in names if name in _COLUMN]
    return names if len(known) >= 3 and len(set(known)) == len(known) and {"number", "place"} & set(known) else None


def _scene_row(row: Row, columns: list[str]) -> Iterator[str]:
    cells = dict(zip(columns, row, strict=False))
    head = [" ".join(cells.get(name, [])) for name in ("number", "time", "side", "place")]
    if sum(bool(part) for part in head) < 2:
        yield from _row(row)  # an episode's name across the table, a remark
        return
    yield " ".join(part for part in head if part)
    if cells.get("cast"):
        yield f"人物：{'、'.join(cells['cast'])}"
    yield from cells.get("text", [])
    for name, cell in cells.items():
        if name not in _COLUMN and cell:
            yield f"{name}：{' '.join(cell)}" if name else " ".join(cell)
    yield from (line for cell in row[len(columns) :] for line in cell)


def _row(row: Row) -> Iterator[str]:
    texts = [cell for cell in row if cell]
    if len(texts) == 2 and len(row) == 2 and len(texts[0]) == 1 and _FIELD.match(texts[0][0].strip("：: ")):
        yield f"{texts[0][0].strip('：: ')}：{'、'.join(texts[1])}"
    elif all(len(cell) == 1 for cell in texts):
        yield " ".join(cell[0] for cell in texts)
    else:
        yield from (line for cell in texts for line in cell)
