"""Files that are no scripts, or mean harm: one sentence each, and little time and memory."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts_app.parsers import CATALOGUE, read_script, read_text
from scripts_app.parsers.__main__ import main
from scripts_app.parsers.decoding import sight_fault

STORY = "第1集\n1-1 日 内 客厅\n人物：沈乐、王明\n△沈乐推门。\n沈乐：你来了，我等了你很久。\n王明：走。"
TRADITIONAL = "第1集\n1-1 日 內 客廳\n人物：沈樂、王明\n沈樂：你來了，我等了你很久。\n王明：這裡沒有別的人。"
ROOT = Path(__file__).resolve().parents[3]


def zipped(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in entries.items():
            archive.writestr(name.replace("__", "/"), body)
    return out.getvalue()


WORD = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "%s">]><FinalDraft><Content>%s</Content></FinalDraft>'
BAD: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "old word": ("a.doc", lambda: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "old_word_file"),
    "wps": ("a.wps", lambda: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "old_word_file"),
    "rtf": ("a.rtf", lambda: b"{\\rtf1\\ansi hello}", "rtf_file"),
    "rtf named doc": ("a.doc", lambda: b"{\\rtf1\\ansi hello}", "rtf_file"),
    "pages": ("a.pages", lambda: zipped(Index__Document=b"x", **{"Index/Document.iwa": b"x"}), "pages_file"),
    "zip of a script": ("a.zip", lambda: zipped(script=STORY.encode()), "archive_file"),
    "zip in a zip": ("a.docx", lambda: zipped(inner=zipped(inner=b"0" * 10_000)), "archive_file"),
    "rar": ("a.rar", lambda: b"Rar!\x1a\x07\x00" + bytes(50), "archive_file"),
    "gzip": ("a.gz", lambda: b"\x1f\x8b\x08" + bytes(50), "archive_file"),
    "spreadsheet": ("a.xlsx", lambda: zipped(xl__workbook=b"x"), "spreadsheet_file"),
    "slides": ("a.pptx", lambda: zipped(ppt__x=b"x"), "slides_file"),
    "open document": ("a.odt", lambda: zipped(mimetype=b"x", **{"content.xml": b"<x/>"}), "odt_file"),
    "e-book": ("a.epub", lambda: zipped(**{"META-INF/container.xml": b"<x/>"}), "epub_file"),
    "photo": ("a.jpg", lambda: b"\xff\xd8\xff\xe0" + bytes(50), "picture_file"),
    "photo named txt": ("a.txt", lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), "picture_file"),
    "web page": ("a.doc", lambda: b"<!DOCTYPE html><html><body>x</body></html>", "web_page_file"),
    "other xml": ("a.xml", lambda: b'<?xml version="1.0"?><note>x</note>', "xml_other"),
    "entities": ("a.fdx", lambda: ENTITY % (b"ha", b"&a;"), "xml_forbidden"),
    "entities blown up": ("a.fdx", lambda: ENTITY % (b"x" * 50_000, b"&a;" * 50_000), "xml_forbidden"),
    "outside entity": (
        "a.fdx", lambda: b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><FinalDraft>&a;</FinalDraft>', "xml_forbidden",
    ),
    "million elements": ("a.fdx", lambda: b"<FinalDraft><Content>" + b"<a/>" * 1_010_000 + b"</Content></FinalDraft>", "xml_too_large"),
    "deep elements": ("a.fdx", lambda: b"<FinalDraft><Content>" + b"<a>" * 100_000, "xml_too_large"),
    "deep word": ("a.docx", lambda: zipped(**{"word/document.xml": WORD + b"<w:p>" * 100_000}), "xml_too_large"),
    "word bomb": ("a.docx", lambda: zipped(**{"word/document.xml": b" " * 50_000_000}), "unpacks_too_large"),
    "bomb beside word": ("a.docx", lambda: zipped(**{"word/document.xml": WORD, "x": bytes(120_000_000)}), "unpacks_too_large"),
    "long text": ("a.txt", lambda: (STORY + "\n").encode() * 80_000, "text_too_long"),
    "one long line": ("a.txt", lambda: b"*_[" * 1_100_000, "text_too_long"),
    "zeros": ("a.txt", lambda: bytes(1000), "binary_file"),
    "zeros in chinese": ("a.txt", lambda: STORY.encode("gb18030") + bytes(100), "binary_file"),
}  # fmt: skip
# The child may use this much; a reader that unpacks or expands what it is given would need far more.
LIMITED = """
import resource, sys, json
resource.setrlimit(resource.RLIMIT_AS, (1_200_000_000, 1_200_000_000))
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
from scripts_app.parsers import read_script
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        parsed = read_script(file.read(), path)
    print(json.dumps([each.code for each in parsed.faults if each.severity == "error"]))
"""


def test_every_bad_file_gets_its_sentence_in_bounded_time_and_memory(tmp_path: Path) -> None:
    paths = []
    for number, (name, make, _code) in enumerate(BAD.values()):
        path = tmp_path / f"{number}-{name}"
        path.write_bytes(make())
        paths.append(str(path))
    done = subprocess.run([sys.executable, "-c", LIMITED, *paths], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert dict(zip(BAD, map(json.loads, done.stdout.splitlines()), strict=True)) == {
        name: [code] for name, (_name, _make, code) in BAD.items()
    }


def test_every_sentence_of_an_error_says_what_to_do() -> None:
    verbs = ("Open", "Save", "Upload", "Choose", "Split", "Copy", "Export", "Unpack", "Import", "Begin", "Write", "Put")
    for code, (severity, sentence) in CATALOGUE.items():
        if severity == "error":
            assert any(f"{verb} " in sentence or f"{verb.lower()} " in sentence for verb in verbs), code


@pytest.mark.parametrize("name", ["rtf", "photo", "web page", "zeros", "other xml"])
def test_what_can_be_seen_at_once_is_said_at_once(name: str) -> None:
    _filename, make, code = BAD[name]
    seen = sight_fault(make())
    assert seen is not None
    assert seen.code == code


def test_the_door_says_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(BAD["zip of a script"][1]())
    assert main([str(path)]) == 2
    printed = capsys.readouterr()
    assert printed.err == "This is a packed archive. Unpack it and upload the script that is in it.\n"
    assert json.loads(printed.out)["episodes"] == []


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
        ("utf-16", "utf-16"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
    ],
)
def test_encodings_of_simplified_chinese(encoding: str, said: str) -> None:
    parsed = read_script(STORY.encode(encoding), "a.txt")
    assert [each.params["encoding"] for each in parsed.faults if each.code == "encoding_fallback"] == [said]
    assert parsed.lines == tuple(STORY.split("\n"))


def test_traditional_chinese_in_big5() -> None:
    parsed = read_script(TRADITIONAL.encode("big5"), "a.txt")
    assert (parsed.encoding, parsed.lines) == ("big5", tuple(TRADITIONAL.split("\n")))


def test_line_ends_may_be_mixed() -> None:
    ends = iter(["\r\n", "\n", "\r", "\u2028", "\r\n"])
    text = "".join(line + next(ends, "") for line in STORY.split("\n"))
    assert read_script(text.encode(), "a.txt").episodes == read_text(STORY).episodes


def test_a_stray_zero_is_no_text() -> None:
    padded = STORY.replace("走。", "走。\x00") + "\n△风。" * 40
    parsed = read_script(padded.encode(), "a.txt")
    assert parsed.importable
    assert parsed.lines == tuple(padded.replace("\x00", "").split("\n"))
