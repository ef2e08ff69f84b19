"""Word, in the layout of Chinese studios: 第1集, `1-1 日 内 客厅`, 人物：, △, 名（情绪）：, each part in a style.

The styles (`scripts_app.parsers.word_styles`) say what a paragraph is, so nothing is guessed when it comes back.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr  # nosec B406: writes, never parses

from scripts_app.parsers import ParsedElement, ParsedEpisode, ParsedScene, ParsedScript
from scripts_app.parsers import word_styles as styles
from scripts_app.parsers.normalise import plain

from .setting import all_flashback, front_lines, heads_of, is_chinese

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NOT_XML = re.compile("[^\t\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SECTION_NAMES = {"logline": "【一句话故事】", "outline": "【大纲】", "characters": "【人物小传】"}
_SIDES = {"int": ("内", "INT."), "ext": ("外", "EXT."), "int_ext": ("内外", "INT./EXT.")}
_BOLD, _ITALIC, _GREY = "<w:b/>", "<w:i/>", '<w:color w:val="666666"/>'
# Of each paragraph style: what it is called, how its paragraph stands, how its text looks.
_PARAGRAPHS = {
    styles.TITLE: ("剧名", '<w:jc w:val="center"/>', _BOLD + '<w:sz w:val="36"/>'),
    styles.FRONT: ("前言", "", ""),
    styles.EPISODE: ("集", '<w:keepNext/><w:spacing w:before="360"/><w:outlineLvl w:val="0"/>', _BOLD + '<w:sz w:val="28"/>'),
    styles.LEAD: ("集首", "", _GREY),
    styles.SCENE: ("场", '<w:keepNext/><w:spacing w:before="240"/><w:outlineLvl w:val="1"/>', _BOLD),
    styles.CAST: ("人物行", "<w:keepNext/>", ""),
    styles.SYNOPSIS: ("本场梗概", "", _GREY),
}  # fmt: skip
_ELEMENT_NAMES = {
    "action": "动作", "dialogue": "对白", "caption": "字幕", "sound": "音效", "effect": "特效", "transition": "转场",
    "lyric": "唱词", "centred": "居中",
}  # fmt: skip
_ELEMENT_STANDS = {
    "transition": '<w:jc w:val="right"/>',
    "centred": '<w:jc w:val="center"/>',
    "lyric": '<w:ind w:left="720"/>',
}
_CHARACTERS = (
    styles.NUMBER, styles.TIME, styles.SIDE, styles.SET, styles.FLAG, styles.HEAD_TITLE, styles.HEAD_NOTE, styles.ROLE,
    styles.COUNT, styles.NOTE, styles.SPEAKER, styles.DELIVERY, styles.VOICE, styles.LABEL, styles.LENGTH,
    styles.EPISODE_TITLE,
)  # fmt: skip
_Pieces = list[tuple[str, str]]


def docx_of(script: ParsedScript) -> bytes:
    body = "".join(_paragraph(style, pieces) for style, pieces in _paragraphs(script))
    parts = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _RELATIONS,
        "word/_rels/document.xml.rels": _DOCUMENT_RELATIONS,
        "word/styles.xml": _style_sheet(),
        "word/document.xml": f'{_HEAD}<w:document xmlns:w="{_W}"><w:body>{body}<w:sectPr>'
        '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" '
        'w:header="720" w:footer="720" w:gutter="0"/></w:sectPr></w:body></w:document>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            # One date for all, so that the same script gives the same bytes.
            archive.writestr(
                zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text.encode("utf-8"), zipfile.ZIP_DEFLATED
            )  # fmt: skip
    return out.getvalue()


def _paragraph(style: str, pieces: _Pieces) -> str:
    runs = "".join(
        f"<w:r>{f'<w:rPr><w:rStyle w:val={quoteattr(character)}/></w:rPr>' if character else ''}"
        f'<w:t xml:space="preserve">{escape(_NOT_XML.sub("", text))}</w:t></w:r>'
        for character, text in pieces
        if text
    )
    return f"<w:p><w:pPr><w:pStyle w:val={quoteattr(style)}/></w:pPr>{runs}</w:p>"


def _paragraphs(script: ParsedScript) -> Iterator[tuple[str, _Pieces]]:
    chinese = is_chinese(script)
    if script.title:
        yield styles.TITLE, [("", f"《{script.title}》")]
    for name, lines in front_lines(script):
        yield styles.FRONT, [("", _SECTION_NAMES[name])]
        for line in lines:
            yield styles.FRONT, [("", line)]
    for episode, head in zip(script.episodes, heads_of(script), strict=True):
        if head is not None:
            yield styles.EPISODE, _episode(head, chinese)
        for before in episode.lead:
            yield styles.LEAD, [("", plain(before.text))]
        for scene in episode.scenes:
            yield from _scene(scene, chinese)


def _episode(episode: ParsedEpisode, chinese: bool) -> _Pieces:
    before, after, colon = ("第", "集", "：") if chinese else ("Episode ", "", ": ")
    pieces: _Pieces = [("", before), (styles.NUMBER, str(episode.number)), ("", after)]
    if episode.title:
        pieces += [("", colon), (styles.EPISODE_TITLE, episode.title)]
    if episode.stated_seconds:
        minutes, seconds = divmod(episode.stated_seconds, 60)
        pieces += [("", "【"), (styles.LENGTH, f"{minutes}min{seconds}s"), ("", "】")]
    return pieces


def _scene(scene: ParsedScene, chinese: bool) -> Iterator[tuple[str, _Pieces]]:
    yield styles.SCENE, _heading(scene, chinese)
    if scene.cast:
        yield styles.CAST, _cast(scene)
    if scene.synopsis:
        yield styles.SYNOPSIS, [("", scene.synopsis)]
    whole = all_flashback(scene)
    for element in scene.elements:
        flash = element.flashback and not whole
        yield styles.element_style(element.kind, element.dual, flash), _element(element)


def _heading(scene: ParsedScene, chinese: bool) -> _Pieces:
    side = _SIDES[scene.int_ext][0 if chinese else 1] if scene.int_ext else ""
    fields = {styles.TIME: scene.time_written, styles.SIDE: side, styles.SET: scene.place}
    pieces: _Pieces = [(styles.NUMBER, scene.number)]
    for style in (styles.TIME, styles.SIDE, styles.SET) if chinese else (styles.SIDE, styles.SET, styles.TIME):
        if fields[style]:
            pieces += [("", " - " if style == styles.TIME and not chinese else " "), (style, fields[style] or "")]
    flags = [(styles.FLASHBACK, all_flashback(scene)), (styles.MONTAGE, scene.montage)]
    pieces += [
        piece for words, on in flags if on for piece in (("", "（"), (styles.FLAG, words[not chinese]), ("", "）"))
    ]
    for style, text in ((styles.HEAD_TITLE, scene.title), (styles.HEAD_NOTE, scene.note)):
        if text:
            pieces += [("", "（"), (style, text), ("", "）")]
    return pieces


def _cast(scene: ParsedScene) -> _Pieces:
    pieces: _Pieces = [("", "人物：")]
    for index, member in enumerate(scene.cast):
        pieces += [("", "、")] if index else []
        pieces.append((styles.ROLE, member.name))
        if member.count is None:
            pieces.append((styles.COUNT, styles.SOME))
        elif member.count != 1:
            pieces += [("", "*"), (styles.COUNT, str(member.count))]
        if member.note:
            pieces += [("", "（"), (styles.NOTE, member.note), ("", "）")]
    return pieces


def _element(element: ParsedElement) -> _Pieces:
    if element.speaker:
        pieces: _Pieces = [(styles.SPEAKER, element.speaker)]
        if element.delivery:
            pieces += [("", "（"), (styles.DELIVERY, element.delivery), ("", "）")]
        return [*pieces, (styles.VOICE, element.voice or ""), ("", f"：{element.text}")]
    if element.label:
        return [("", "【"), (styles.LABEL, element.label), ("", f"：{element.text}】")]
    return [("", f"△{element.text}" if element.kind == "action" else element.text)]


def _style_sheet() -> str:
    shown = dict(_PARAGRAPHS)
    for kind, name in _ELEMENT_NAMES.items():
        for dual in (False, True):
            for flash in (False, True):
                called = name + ("（同时）" if dual else "") + ("（闪回）" if flash else "")
                look = _ITALIC if flash else ""
                shown[styles.element_style(kind, dual, flash)] = (called, _ELEMENT_STANDS.get(kind, ""), look)
    paragraphs = "".join(
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId={quoteattr(key)}><w:name w:val={quoteattr(name)}/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{stands}</w:pPr><w:rPr>{looks}</w:rPr></w:style>'
        for key, (name, stands, looks) in shown.items()
    )
    characters = "".join(
        f'<w:style w:type="character" w:customStyle="1" w:styleId={quoteattr(key)}><w:name w:val={quoteattr(key)}/>'
        f"<w:rPr>{_BOLD if key == styles.SPEAKER else ''}</w:rPr></w:style>"
        for key in _CHARACTERS
    )
    return (
        f'{_HEAD}<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Courier New" '
        'w:hAnsi="Courier New" w:eastAsia="宋体"/><w:sz w:val="24"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr>'
        '</w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:line="360" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
        '</w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
        f"{paragraphs}{characters}</w:styles>"
    )


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CONTENT_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
    f'ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
)
_RELATIONS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
_DOCUMENT_RELATIONS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/styles" '
    'Target="styles.xml"/></Relationships>'
)
