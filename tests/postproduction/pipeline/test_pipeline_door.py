"""The command-line door of pipelines."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from postproduction.pipeline.__main__ import main

ROOT = Path(__file__).resolve().parents[3]


def run(tmp_path, capsys, content):
    path = tmp_path / "pipeline.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    status = main([str(path)])
    return status, capsys.readouterr()


def test_template_with_dates(tmp_path, capsys):
    document = {
        "template": "localisation",
        "done": ["transcript"],
        "start": "2026-03-06",
        "minutes_per_day": {"translation": 35, "": 480},
        "weekly_off": [6],
        "off": ["2026-03-09"],
    }
    status, printed = run(tmp_path, capsys, document)
    answer = json.loads(printed.out)
    assert (status, printed.err) == (0, "")
    assert (answer["ready"], answer["progress"]) == (["translation"], 6)
    assert answer["plan"][:2] == [
        {"code": "translation", "start": "2026-03-06", "due": "2026-03-07"},
        {"code": "adaptation", "start": "2026-03-07", "due": "2026-03-07"},
    ]
    assert answer["plan"][-1] == {"code": "master", "start": "2026-03-10", "due": "2026-03-10"}


def test_own_steps_without_dates(tmp_path, capsys):
    steps = [{"code": "b", "after": ["a"]}, {"code": "a"}]
    status, printed = run(tmp_path, capsys, {"steps": steps})
    assert status == 0
    assert json.loads(printed.out) == {"order": ["a", "b"], "ready": ["a"], "progress": 0}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x00", "is not JSON in UTF-8."),
        ([], "The file must hold an object with either template or steps."),
        ({"template": "live", "steps": []}, "The file must hold an object with either template or steps."),
        ({"template": "live", "rain": 1}, "There is no field rain."),
        ({"template": "opera"}, "There is no pipeline template opera."),
        ({"template": "live", "done": "qc"}, "done must be a list of step codes."),
        ({"template": "live", "done": ["rain"]}, "The pipeline has no step rain."),
        ({"template": "live", "start": 5}, "Dates are written like 2026-01-31."),
        ({"template": "live", "start": "2026-03-02", "weekly_off": [7]}, "6, off lists dates."),
        (
            {"template": "live", "start": "2026-03-02", "minutes_per_day": "x"},
            "a number, or one per department.",
        ),
        (
            {"template": "live", "start": "2026-03-02", "minutes_per_day": {"edit": "x"}},
            "no minutes a day to work with.",
        ),
    ],
)
def test_bad_files_get_one_sentence(tmp_path, capsys, content, sentence):
    status, printed = run(tmp_path, capsys, content)
    assert (status, printed.out) == (2, "")
    assert printed.err.strip().endswith(sentence)
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["a", "b"], ["/nowhere/pipeline.json"]])
def test_no_file(capsys, arguments):
    assert main(arguments) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_package_loads_no_framework():
    script = (
        "import sys, postproduction.pipeline.__main__\n"
        "assert not {'django', 'celery', 'redis', 'rest_framework', 'av'} & sys.modules.keys()"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
