"""Word as its reader sees it: automatic numbers, tables, tracked changes, boxes, hidden text."""

from __future__ import annotations

import io
import zipfile

import pytest

from scripts_app.parsers import read_script
from scripts_app.parsers.docx import docx_paragraphs
from scripts_app.parsers.docx_numbering import counted
from scripts_app.parsers.faults import Fault

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def docx(body: str, numbering: str = "", styles: str = "", more: dict[str, str] | None = None) -> bytes:
    parts = {"word/document.xml": f"<w:document {W} {MC}><w:body>{body}</w:body></w:document>"} | (more or {})
    if numbering:
        parts["word/numbering.xml"] = f"<w:numbering {W}>{numbering}</w:numbering>"
    if styles:
        parts["word/styles.xml"] = f"<w:styles {W}>{styles}</w:styles>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def r(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def said(style: str) -> str:
    """The property of a run that names its character style."""
    return f'<w:rStyle w:val="{style}"/>'


SHOWN = '<w:vanish w:val="0"/>'


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{r(text)}</w:p>"


def lines(data: bytes) -> list[str]:
    found = docx_paragraphs(data)
    assert not isinstance(found, Fault)
    return [paragraph.text for paragraph in found if paragraph.text.strip()]


def listed(text: str, number: int = 1, level: int = 0) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def levels(*shown: tuple[str, str], number: int = 1, more: str = "") -> str:
    inside = "".join(
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for index, (text, form) in enumerate(shown)
    )
    return (
        f'<w:abstractNum w:abstractNumId="{number}">{inside}</w:abstractNum>'
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/>{more}</w:num>'
    )


def test_scene_numbers_that_word_counts_are_read() -> None:
    body = (
        listed("起初") + listed("日 内 客厅", level=1) + p("沈乐：走。") + listed("夜 外 码头", level=1) + p("△船靠岸。")
        + listed("归来") + listed("日 内 客厅", level=1) + p("王明：好。")
    )  # fmt: skip
    data = docx(body, levels(("第%1集", "decimal"), ("%1-%2", "decimal")))
    assert lines(data) == [
        "第1集 起初", "1-1 日 内 客厅", "沈乐：走。", "1-2 夜 外 码头", "△船靠岸。", "第2集 归来", "2-1 日 内 客厅", "王明：好。",
    ]  # fmt: skip
    parsed = read_script(data, "a.docx")
    assert [(episode.number, episode.title) for episode in parsed.episodes] == [(1, "起初"), (2, "归来")]
    assert [(scene.number, scene.place) for scene in parsed.scenes] == [
        ("1-1", "客厅"),
        ("1-2", "码头"),
        ("2-1", "客厅"),
    ]


def test_numbers_come_from_styles_and_may_start_elsewhere() -> None:
    more = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    style = (
        '<w:style w:type="paragraph" w:styleId="Base"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Head"><w:basedOn w:val="Base"/></w:style>'
    )
    head = '<w:pStyle w:val="Head"/>'
    body = p("甲", head) + p("乙", head) + p("丙", '<w:pStyle w:val="Head"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    assert lines(docx(body, levels(("第%1集", "chineseCounting"), more=more), style)) == [
        "第五集 甲",
        "第六集 乙",
        "丙",
    ]


def test_a_bullet_is_shown_only_when_it_is_a_mark_of_action() -> None:
    data = docx(listed("她推门。", 1) + listed("备忘", 2), levels(("△", "bullet")) + levels(("●", "bullet"), number=2))
    assert lines(data) == ["△她推门。", "备忘"]


@pytest.mark.parametrize(
    ("number", "form", "shown"),
    [
        (7, "decimal", "7"), (7, "decimalZero", "07"), (11, "chineseCounting", "十一"), (20, "chineseCountingThousand", "二十"),
        (105, "chineseCounting", "一百零五"), (110, "japaneseCounting", "一百一十"), (21, "ideographDigital", "二一"), (3, "upperLetter", "C"),
        (28, "lowerLetter", "bb"), (14, "upperRoman", "XIV"), (4, "lowerRoman", "iv"), (9, "none", ""), (9, "thaiCounting", "9"),
    ],
)  # fmt: skip
def test_forms_of_numbers(number: int, form: str, shown: str) -> None:
    assert counted(number, form) == shown


def test_tracked_changes_read_as_accepted() -> None:
    changed = (
        f"<w:p>{r('沈乐：你')}<w:del><w:r><w:delText>不</w:delText></w:r></w:del><w:ins>{r('又')}</w:ins>{r('来了。')}"
        f"<w:moveFrom>{r('旧')}</w:moveFrom><w:moveTo>{r('新')}</w:moveTo></w:p>"
    )
    merged = f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{r('王明：')}</w:p>" + p("走。")
    assert lines(docx(changed + merged)) == ["沈乐：你又来了。新", "王明：走。"]


def test_hidden_text_fields_guides_and_other_parts_are_not_shown() -> None:
    body = (
        f"<w:p>{r('甲', '<w:vanish/>')}{r('乙', SHOWN)}<w:r><w:instrText>PAGE</w:instrText></w:r>"
        f"<w:r><w:ruby><w:rt>{r('pin')}</w:rt><w:rubyBase>{r('拼')}</w:rubyBase></w:ruby></w:r>"
        "<w:r><w:footnoteReference w:id='1'/></w:r></w:p>"
    )
    more = {
        name: f"<w:hdr {W}>{p('页眉')}</w:hdr>"
        for name in ("word/header1.xml", "word/footnotes.xml", "word/comments.xml")
    }
    assert lines(docx(body, more=more)) == ["乙拼"]


def test_breaks_and_text_boxes_are_lines_of_their_own() -> None:
    box = f"<w:pict><w:txbxContent>{p('【字幕：三年后】')}</w:txbxContent></w:pict>"
    both = (
        f"<mc:AlternateContent><mc:Choice><w:txbxContent>{p('盒')}</w:txbxContent></mc:Choice>"
        f"<mc:Fallback><w:txbxContent>{p('盒')}</w:txbxContent></mc:Fallback></mc:AlternateContent>"
    )
    body = f"<w:p>{r('第1集')}<w:r><w:br/></w:r>{r('1-1 日 内 客厅')}<w:r>{box}</w:r><w:r>{both}</w:r></w:p>"
    assert lines(docx(body)) == ["第1集", "1-1 日 内 客厅", "【字幕：三年后】", "盒"]


def row(*cells: str) -> str:
    inside = "".join(f"<w:tc>{''.join(p(line) for line in cell.split('|'))}</w:tc>" for cell in cells)
    return f"<w:tr>{inside}</w:tr>"


def test_a_scene_list_in_a_table_is_read_by_its_columns() -> None:
    table = (
        row("场次", "时间", "内外", "场景", "人物", "内容", "道具") + row("第1集")
        + row("1-1", "日", "内", "客厅", "沈乐、王明", "△沈乐推门。|沈乐：走。", "请柬") + row("1-2", "夜", "外", "码头", "王明", "△船靠岸。", "")
    )  # fmt: skip
    parsed = read_script(docx(f"<w:tbl>{table}</w:tbl>"), "a.docx")
    assert [
        (scene.number, scene.int_ext, scene.time_of_day, scene.place, [member.name for member in scene.cast])
        for scene in parsed.scenes
    ] == [("1-1", "int", "day", "客厅", ["沈乐", "王明"]), ("1-2", "ext", "night", "码头", ["王明"])]
    assert [(each.kind, each.speaker, each.text) for each in parsed.scenes[0].elements] == [
        ("action", None, "沈乐推门。"), ("dialogue", "沈乐", "走。"), ("action", None, "请柬"),
    ]  # fmt: skip


def test_labelled_rows_and_whole_scripts_in_cells() -> None:
    table = (
        row("场次", "1-1")
        + row("地点", "客厅")
        + row("时间", "日")
        + row("人物", "沈乐|王明")
        + row("△沈乐推门。|沈乐：走。")
    )
    assert lines(docx(f"<w:tbl>{table}</w:tbl>")) == [
        "场次：1-1",
        "地点：客厅",
        "时间：日",
        "人物：沈乐、王明",
        "△沈乐推门。",
        "沈乐：走。",
    ]


def test_an_exported_script_may_be_edited_in_word() -> None:
    """A run typed over, a paragraph split, a scene pasted without any style."""
    styled = '<w:pStyle w:val="{}"/>'.format
    body = (
        f"<w:p><w:pPr>{styled('KaijiScene')}</w:pPr>{r('1-1', said('KaijiNumber'))}{r(' ')}"
        f"{r('书房', said('KaijiSet'))}</w:p>"
        f"<w:p><w:pPr>{styled('KaijiCast')}</w:pPr>{r('人物：')}{r('沈乐', said('KaijiRole'))}{r('、王明')}</w:p>"
        f"<w:p><w:pPr>{styled('KaijiDialogue')}</w:pPr>{r('沈', said('KaijiSpeaker'))}"
        f"{r('乐', said('KaijiSpeaker'))}{r('：1-2 日 内 客厅')}</w:p>"
        + p("王明（冷笑）：好。", styled("KaijiDialogue"))
        + p("1-2 夜 外 码头")
        + p("△船靠岸。")
        + p("第2集")
        + p("2-1 日 内 客厅")
    )
    parsed = read_script(docx(body), "a.docx")
    assert [(scene.number, scene.place) for scene in parsed.scenes] == [
        ("1-1", "书房"),
        ("1-2", "码头"),
        ("2-1", "客厅"),
    ]
    assert [member.name for member in parsed.scenes[0].cast] == ["沈乐", "王明"]
    assert [(each.kind, each.speaker, each.text, each.delivery) for each in parsed.scenes[0].elements] == [
        ("dialogue", "沈乐", "1-2 日 内 客厅", None), ("dialogue", "王明", "好。", "冷笑"),
    ]  # fmt: skip
    assert [each.text for each in parsed.scenes[1].elements] == ["船靠岸。"]
