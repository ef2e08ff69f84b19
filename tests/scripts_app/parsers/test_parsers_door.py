"""`python -m scripts_app.parsers FILE`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from scripts_app.parsers.__main__ import main
from scripts_app.samples import FIRST_LIGHT


def test_a_script_is_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(FIRST_LIGHT)]) == 0
    printed = capsys.readouterr()
    data = json.loads(printed.out)
    assert (data["kind"], data["title"], len(data["episodes"]), printed.err) == ("script", "第一道光", 12, "")
    assert data["page_unit"] == "tenths"


def test_the_unit_of_pages_can_be_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(FIRST_LIGHT), "--pages", "eighths"]) == 0
    assert json.loads(capsys.readouterr().out)["page_unit"] == "eighths"


def test_what_cannot_be_read_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.txt")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    assert main([str(empty)]) == 2
    printed = capsys.readouterr()
    assert printed.err == "The file is empty. Choose the file that holds the script.\n"
    assert json.loads(printed.out)["kind"] == "not_a_script"


def test_reading_needs_nothing_of_the_web() -> None:
    """The package is pure: neither Django nor the task queue comes in with it, nor the heavy readers."""
    code = (
        "import sys, scripts_app.parsers, scripts_app.samples.generator;"
        "print(sorted({'django', 'rest_framework', 'celery', 'redis', 'pypdf', 'docx', 'lxml'} & set(sys.modules)))"
    )
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
