"""Word, PDF and Final Draft files, encodings, and files that are not what they seem."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import pytest
from docx import Document
from pypdf import PdfReader, PdfWriter

from scripts_app.parsers import ParsedScript, read_script
from scripts_app.samples import FIRST_LIGHT
from tests.scripts_app.pdf_maker import pdf_of

Unplaced = Callable[[ParsedScript, str], list[int]]
STORY = "第1集\n1-1 日 内 客厅\n人物：沈乐、王明\n△沈乐推门。\n沈乐（低声）：你来了。\n\n第2集\n2-1 夜 外 码头\n△船靠岸。\n王明：走。"


def shape(
    parsed: ParsedScript,
) -> list[tuple[str, str | None, str | None, list[str], list[tuple[str, str | None, str]]]]:
    return [
        (
            scene.number, scene.place, scene.time_of_day, [member.name for member in scene.cast],
            [(element.kind, element.speaker, element.text) for element in scene.elements],
        )
        for scene in parsed.scenes
    ]  # fmt: skip


STORY_SHAPE = [
    ("1-1", "客厅", "day", ["沈乐", "王明"], [("action", None, "沈乐推门。"), ("dialogue", "沈乐", "你来了。")]),
    ("2-1", "码头", "night", [], [("action", None, "船靠岸。"), ("dialogue", "王明", "走。")]),
]


def docx_of(lines: list[str]) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_word_file() -> None:
    parsed = read_script(docx_of(STORY.split("\n")), "剧本.docx")
    assert (parsed.kind, parsed.layout, parsed.source, parsed.faults) == ("script", "chinese", "docx", ())
    assert shape(parsed) == STORY_SHAPE


def test_a_word_file_with_breaks_tables_and_runs(unplaced_lines: Unplaced) -> None:
    document = Document()
    document.add_paragraph("第1集\n1-1 日 内 客厅")
    broken = document.add_paragraph("沈乐：")
    broken.add_run("你").bold = True
    broken.add_run("来了。")
    table = document.add_table(rows=1, cols=4)
    for cell, text in zip(table.rows[0].cells, ["1-2", "夜", "外", "码头"], strict=True):
        cell.text = text
    document.add_paragraph("△船靠岸。")
    out = io.BytesIO()
    document.save(out)
    parsed = read_script(out.getvalue(), "剧本.docx")
    assert shape(parsed) == [
        ("1-1", "客厅", "day", [], [("dialogue", "沈乐", "你来了。")]),
        ("1-2", "码头", "night", [], [("action", None, "船靠岸。")]),
    ]
    assert unplaced_lines(parsed, "\n".join(parsed.lines)) == []


def test_the_whole_sample_as_a_word_file_reads_the_same() -> None:
    text = FIRST_LIGHT.read_text(encoding="utf-8")
    assert shape(read_script(docx_of(text.split("\n")), "a.docx")) == shape(read_script(text.encode(), "a.txt"))


def test_a_pdf_is_taken_apart_once_for_all_decisions(monkeypatch: pytest.MonkeyPatch) -> None:
    import pypdf

    opened = []
    plain = pypdf.PdfReader
    monkeypatch.setattr(pypdf, "PdfReader", lambda *args: opened.append(1) or plain(*args))
    data = pdf_of([["1-1 DAY INT KITCHEN", "BOB: once and never again."]])
    first = read_script(data, "a.pdf")
    again = read_script(
        bytes(bytearray(data)), "a.pdf", decisions=[{"action": "rename_role", "from": "BOB", "to": "Bob"}]
    )
    assert (len(opened), first.lines) == (1, again.lines)


def test_a_pdf_with_text() -> None:
    first, second = STORY.split("\n\n")
    parsed = read_script(pdf_of([[*first.split("\n"), "1"], [*second.split("\n"), "- 2 -"]]), "剧本.pdf")
    assert (parsed.kind, parsed.source, parsed.faults) == ("script", "pdf", ())
    assert shape(parsed) == STORY_SHAPE
    assert [(line.role, line.text) for line in parsed.aside] == [("page number", "1"), ("page number", "- 2 -")]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", []), ("utf-8-sig", []), ("gb18030", ["encoding_fallback"]), ("utf-16", ["encoding_fallback"])],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, said: list[str], ends: str) -> None:
    parsed = read_script(STORY.replace("\n", ends).encode(encoding), "剧本.txt")
    assert shape(parsed) == STORY_SHAPE
    assert [each.code for each in parsed.faults] == said


FDX = """<?xml version="1.0" encoding="UTF-8" standalone="no" ?>
<FinalDraft DocumentType="Script" Template="No" Version="4"><Content>
<Paragraph Type="Action"><Text>FADE IN:</Text></Paragraph>
<Paragraph Number="1" Type="Scene Heading"><SceneProperties Title="Arrival"><Summary><Paragraph><Text>She lands.</Text>
</Paragraph></Summary></SceneProperties><Text>INT. AIRPORT - </Text><Text Style="Bold">NIGHT</Text></Paragraph>
<Paragraph Type="Action"><Text>MAYA (28) walks in.</Text></Paragraph>
<Paragraph Type="Character"><Text>MAYA (V.O.)</Text></Paragraph>
<Paragraph Type="Parenthetical"><Text>(quietly)</Text></Paragraph>
<Paragraph Type="Dialogue"><Text>I am back.</Text></Paragraph>
<Paragraph Type="Transition"><Text>CUT TO:</Text></Paragraph>
<Paragraph Number="2A" Type="Scene Heading"><Text>EXT. PIER - DAWN</Text></Paragraph>
<Paragraph><DualDialogue>
<Paragraph Type="Character"><Text>MAYA</Text></Paragraph><Paragraph Type="Dialogue"><Text>Wait!</Text></Paragraph>
<Paragraph Type="Character"><Text>LEO (CONT'D)</Text></Paragraph><Paragraph Type="Dialogue"><Text>No.</Text></Paragraph>
</DualDialogue></Paragraph>
</Content><TitlePage><Content><Paragraph><Text>First Light</Text></Paragraph>
<Paragraph><Text>by Somebody</Text></Paragraph></Content></TitlePage></FinalDraft>
"""


def test_a_final_draft_file(unplaced_lines: Unplaced) -> None:
    parsed = read_script(FDX.encode(), "first.fdx")
    assert (parsed.kind, parsed.layout, parsed.title) == ("script", "fdx", "First Light")
    first, second = parsed.scenes
    assert (first.number, first.written_number, first.int_ext, first.place, first.time_of_day, first.synopsis) == (
        "1-1", "1", "int", "AIRPORT", "night", "She lands.",
    )  # fmt: skip
    assert [(e.kind, e.speaker, e.text, e.voice, e.delivery, e.dual) for e in first.elements] == [
        ("action", None, "MAYA (28) walks in.", None, None, False),
        ("dialogue", "MAYA", "I am back.", "VO", "quietly", False),
        ("transition", None, "CUT TO:", None, None, False),
    ]
    assert (second.number, second.int_ext, second.time_of_day) == ("1-2A", "ext", "dawn")
    assert [(e.speaker, e.text, e.dual) for e in second.elements] == [("MAYA", "Wait!", False), ("LEO", "No.", True)]
    assert unplaced_lines(parsed, "\n".join(parsed.lines)) == []


def with_entry(name: str, body: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, body)
    return out.getvalue()


def encrypted_pdf() -> bytes:
    writer = PdfWriter()
    writer.append_pages_from_reader(PdfReader(io.BytesIO(pdf_of([STORY.split("\n")]))))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def scanned_pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


BILLION = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
WORD = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
CHAPTER = "第{}章 归来\n“你怎么来了？”她站在门口，雨水顺着伞沿往下淌，声音轻得像是怕惊动了屋里的什么人。\n他没有回答，只是把那封信放在桌上，转身走进了雨里。\n“站住！”她终于喊出声来。\n"

BAD = {
    "empty": (b"", "a.txt", "empty_file"),
    "blank": (b" \n\t\r\n ", "a.txt", "empty_file"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "a.txt", "picture_file"),
    "zeros": (b"\x00" * 100, "a.txt", "binary_file"),
    "control characters": (b"\x01\x02\x03abc" * 50, "a.txt", "binary_file"),
    "half a character": ("第1集".encode("utf-16")[:-1], "a.txt", "encoding_unreadable"),
    "no encoding": (b"\xff" * 50, "a.txt", "encoding_unreadable"),
    "japanese": ("シーン一、昼、居間。彼女は静かに扉を開けた。".encode("shift_jis") * 4, "a.txt", "encoding_unreadable"),
    "old word": (bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600, "a.docx", "old_word_file"),
    "broken zip": (b"PK\x03\x04" + b"x" * 100, "a.docx", "docx_unreadable"),
    "another zip": (with_entry("a.txt", b"x"), "a.docx", "archive_file"),
    "broken word xml": (with_entry("word/document.xml", b"<w:document"), "a.docx", "docx_unreadable"),
    "word without text": (with_entry("word/document.xml", WORD + b"</w:document>"), "a.docx", "empty_file"),
    "zip bomb": (with_entry("word/document.xml", b" " * (101 * 1024 * 1024)), "a.docx", "unpacks_too_large"),
    "word xml bomb": (with_entry("word/document.xml", BILLION + WORD + b"&b;</w:document>"), "a.docx", "xml_forbidden"),
    "fdx xml bomb": (BILLION + b"<FinalDraft>&b;</FinalDraft>", "a.fdx", "xml_forbidden"),
    "broken fdx": (b"<?xml version='1.0'?><FinalDraft><Content>", "a.fdx", "fdx_unreadable"),
    "fdx without content": (b"<FinalDraft></FinalDraft>", "a.fdx", "fdx_unreadable"),
    "encrypted pdf": (encrypted_pdf(), "a.pdf", "pdf_encrypted"),
    "scanned pdf": (scanned_pdf(), "a.pdf", "pdf_scanned"),
    "broken pdf": (b"%PDF-1.4\n" + b"x" * 50, "a.pdf", "pdf_unreadable"),
    "novel": ("".join(CHAPTER.format(n) for n in range(1, 9)).encode(), "a.txt", "looks_like_prose"),
    "no scenes": ("今天开会，讨论了三件事。\n没有结论。".encode(), "a.txt", "no_scenes"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_files_get_one_error_that_says_what_to_do(name: str) -> None:
    data, filename, code = BAD[name]
    parsed = read_script(data, filename)
    errors = [each for each in parsed.faults if each.severity == "error"]
    assert [each.code for each in errors] == [code]
    assert errors[0].message.endswith(".")
    assert parsed.importable is False
    assert parsed.kind == "not_a_script"
    assert parsed.episodes == () or code == "no_scenes"


def test_a_file_over_the_limit_is_not_read() -> None:
    parsed = read_script(STORY.encode() * 10_000, "a.txt", max_bytes=1024 * 1024)
    assert [(each.code, each.params) for each in parsed.faults] == [("too_large", {"size_mb": 2, "limit_mb": 1})]


@pytest.mark.parametrize(
    ("data", "filename", "said"),
    [
        (docx_of(STORY.split("\n")), "a.txt", ".txt"),
        (pdf_of([STORY.split("\n")]), "a.docx", ".docx"),
        (STORY.encode(), "a.pdf", ".pdf"),
        (FDX.encode(), "a.txt", ".txt"),
    ],
)
def test_what_a_file_holds_goes_before_its_name(data: bytes, filename: str, said: str) -> None:
    parsed = read_script(data, filename)
    assert len(parsed.scenes) == 2
    assert [(each.code, each.params["suffix"]) for each in parsed.faults if each.code == "other_type"] == [
        ("other_type", said)
    ]


def test_a_lying_zip_is_a_fault() -> None:
    data = bytearray(with_entry("word/document.xml", WORD + b"</w:document>"))
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 5)  # the size the directory states
    parsed = read_script(bytes(data), "a.docx")
    assert [each.code for each in parsed.faults] == ["docx_unreadable"]
