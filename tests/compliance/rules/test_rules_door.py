"""The command-line door of the rules."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from compliance.rules.__main__ import main

ROOT = Path(__file__).resolve().parents[3]
TITLE = {"investment": 999999, "work_kind": "live", "themes": [], "promoted": False, "on": "2026-02-01"}


def run(tmp_path, capsys, content):
    path = tmp_path / "titles.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    status = main([str(path)])
    return status, capsys.readouterr()


def test_titles_are_judged_in_order(tmp_path, capsys):
    titles = [
        TITLE,
        {**TITLE, "investment": 3_000_000},
        {**TITLE, "investment": "1,000,000.00", "work_kind": "ai"},
        {**TITLE, "voluntary_key": True},
        {**TITLE, "investment": 800_000, "work_kind": "ai", "on": "2026-07-01"},
    ]
    status, printed = run(tmp_path, capsys, titles)
    assert (status, printed.err) == (0, "")
    assert [(row["class"], row["rule"]) for row in json.loads(printed.out)] == [
        ("other", "2026-01-01/any"),
        ("key", "2026-01-01/any"),
        ("ordinary", "2026-01-01/any"),
        ("key", "2026-01-01/any"),
        ("key", "2026-07-01/ai"),
    ]


def test_amount_keeps_the_digits_of_the_file(tmp_path, capsys):
    content = json.dumps([TITLE]).replace("999999", "2999999.99").encode()
    status, printed = run(tmp_path, capsys, content)
    assert status == 0
    assert json.loads(printed.out)[0]["reasons"][0]["params"]["investment"] == "2999999.99"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is not JSON in UTF-8."),
        (b"\xff\xfe\x00", "is not JSON in UTF-8."),
        (b"[" * 100_000, "is not JSON in UTF-8."),
        ({}, "The file must hold a list of titles."),
        ([7], "Title 1: it must be an object."),
        (
            [TITLE, {**TITLE, "on": "2020-01-01"}],
            "Title 2: No classification rule was in force on 2020-01-01.",
        ),
        ([{**TITLE, "on": "soon"}], "Title 1: on must be a date written like 2026-01-31."),
        ([{**TITLE, "investment": None}], "Title 1: investment must be an amount in yuan."),
        ([{**TITLE, "investment": float("nan")}], "Title 1: investment must be an amount in yuan."),
        ([{**TITLE, "investment": -1}], "Title 1: The investment cannot be negative."),
        ([{**TITLE, "investment": "a lot"}], "Title 1: not an amount of money: 'a lot'"),
        ([{**TITLE, "work_kind": "AI "}], "Title 1: work_kind is one of: ai, live."),
        ([{**TITLE, "themes": "religion"}], "Title 1: themes must be a list of texts."),
        ([{**TITLE, "promoted": "no"}], "Title 1: promoted and voluntary_key are true or false."),
        ([{**TITLE, "budget": 5}], "Title 1: there is no field budget."),
    ],
)
def test_bad_files_get_one_sentence(tmp_path, capsys, content, sentence):
    status, printed = run(tmp_path, capsys, content)
    assert (status, printed.out) == (2, "")
    assert printed.err.strip().endswith(sentence)
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["a", "b"], ["/nowhere/titles.json"]])
def test_no_file(capsys, arguments):
    assert main(arguments) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_door_is_a_module_that_loads_no_framework(tmp_path):
    path = tmp_path / "titles.json"
    path.write_text(json.dumps([TITLE]), "utf-8")
    script = (
        "import runpy, sys; sys.argv = ['rules', sys.argv[1]]\n"
        "try: runpy.run_module('compliance.rules', run_name='__main__')\n"
        "except SystemExit as end: assert end.code == 0\n"
        "assert not {'django', 'celery', 'redis', 'rest_framework'} & sys.modules.keys()"
    )
    done = subprocess.run([sys.executable, "-c", script, path], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)[0]["class"] == "other"
