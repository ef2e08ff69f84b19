"""`python -m scripts_app.writers`, the JSON it takes, and files that other programs open."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from docx import Document
from python_calamine import CalamineWorkbook
from screenplain.parsers.fountain import parse
from screenplain.types import Dialog, Slug

from scripts_app.parsers import read_script, read_text
from scripts_app.samples import FIRST_LIGHT
from scripts_app.writers import FORMATS, script_of_json, write_script
from scripts_app.writers.__main__ import main

STORY = "《初光》\n第1集：起初\n1-1 日 内 客厅\n人物：沈乐、男同学*4\n△沈乐推门。\n沈乐（低声）OS：你来了。\n【字幕：三年后】"


@pytest.mark.parametrize("to", FORMATS)
def test_a_script_is_written_and_said_as_json(to: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "out"
    assert main([str(FIRST_LIGHT), "--to", to, "--output", str(output)]) == 0
    assert json.loads(capsys.readouterr().out) == {"file": str(output), "to": to, "scenes": 36}
    if to != "xlsx":
        assert len(read_script(output.read_bytes(), f"a.{to}").scenes) == 36


def test_what_the_parser_printed_can_be_written(tmp_path: Path) -> None:
    printed = tmp_path / "a.json"
    script = read_text(STORY)
    printed.write_text(json.dumps(script.to_json()), encoding="utf-8")
    output = tmp_path / "a.fountain"
    assert main([str(printed), "--to", "fountain", "--output", str(output)]) == 0
    assert output.read_bytes() == write_script(script, "fountain")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.json", "{", "holds no JSON"), ("a.json", '{"kind": "x"}', 'kind must be "script"'), ("a.json", "[]", "not an object"),
        ("a.json", '{"kind": "script", "episodes": [{"number": 0}]}', "no number between"),
        ("a.json", '{"kind": "script", "episodes": [{"number": 1, "scenes": [{"number": "x"}]}]}', "cannot be read: 'x'"),
        ("a.json", '{"kind": "script", "episodes": [{"number": 1, "scenes": [{"number": "1-1", "elements": [{}]}]}]}', "no known kind"),
        ("a.txt", "今天开会。", "No scene headings"),
    ],
)  # fmt: skip
def test_bad_input_is_one_sentence(
    name: str, text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    output = tmp_path / "out"
    assert main([str(tmp_path / name), "--to", "fdx", "--output", str(output)]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not output.exists()


def test_a_missing_file_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.txt"), "--to", "docx"]) == 2
    assert "cannot be opened" in capsys.readouterr().err


def test_fountain_is_what_fountain_programs_expect() -> None:
    text = write_script(read_text(STORY), "fountain").decode()
    assert text.split("\n\n") == [
        "Title: 初光",
        "# 第1集：起初",
        "INT. 客厅 - 日 #1-1#",
        "[[人物：沈乐、男同学*4]]",
        "!沈乐推门。",
        "@沈乐 (OS)\n(低声)\n你来了。",
        '!【字幕：三年后】 [[kaiji {"kind":"caption","label":"字幕"}]]\n',
    ]
    parts = list(parse(io.StringIO(text)))
    assert [str(part.line) for part in parts if isinstance(part, Slug)] == ["INT. 客厅 - 日"]
    assert [str(part.character) for part in parts if isinstance(part, Dialog)] == ["沈乐 (OS)"]


def test_word_shows_the_layout_of_the_studio() -> None:
    document = Document(io.BytesIO(write_script(read_text(STORY), "docx")))
    assert [paragraph.text for paragraph in document.paragraphs] == [
        "《初光》", "第1集：起初", "1-1 日 内 客厅", "人物：沈乐、男同学*4", "△沈乐推门。", "沈乐（低声）OS：你来了。", "【字幕：三年后】",
    ]  # fmt: skip
    assert [paragraph.style.name for paragraph in document.paragraphs][:3] == ["剧名", "集", "场"]


def test_the_text_of_word_reads_the_same_without_its_styles() -> None:
    script = read_script(FIRST_LIGHT.read_bytes(), "a.txt")
    document = Document(io.BytesIO(write_script(script, "docx")))
    read = read_text("\n".join(paragraph.text for paragraph in document.paragraphs))
    assert [
        (scene.number, scene.place, scene.cast, [(e.kind, e.speaker, e.text) for e in scene.elements])
        for scene in read.scenes
    ] == [
        (scene.number, scene.place, scene.cast, [(e.kind, e.speaker, e.text) for e in scene.elements])
        for scene in script.scenes
    ]


def test_the_scene_list_speaks_the_language_of_the_script() -> None:
    rows = CalamineWorkbook.from_filelike(
        io.BytesIO(write_script(read_text("INT. ROOM - DAY #5#\n\nBOB\nHi.", "a.fountain"), "xlsx"))
    )
    first, second = rows.get_sheet_by_name("Scene list").to_python()
    assert first[:5] == ["Episode", "Scene", "Int/Ext", "Day/Night", "Set"]
    assert second[:7] == [1.0, "1-5", "INT", "DAY", "ROOM", "", "BOB"]


def test_json_forgives_what_is_left_out() -> None:
    script = script_of_json(
        {"kind": "script", "episodes": [{"number": 1, "scenes": [{"number": "1-1", "set": "客厅", "cast": ["甲"]}]}]}
    )
    assert [(scene.place, [member.name for member in scene.cast]) for scene in script.scenes] == [("客厅", ["甲"])]


def test_writing_needs_nothing_of_the_web() -> None:
    code = "import sys, scripts_app.writers; print(sorted({'django', 'rest_framework', 'celery', 'xlsxwriter', 'docx'} & set(sys.modules)))"
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
