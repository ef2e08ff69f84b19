"""The command-line door of the checks."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from delivery.checks import SENTENCES
from delivery.checks.__main__ import main
from postproduction.media import make_clip, probe

ROOT = Path(__file__).resolve().parents[3]
PROBED = {
    "container": "mov,mp4,m4a,3gp,3g2,mj2", "duration_ms": 90_000, "size_bytes": 9, "sha256": "ab", "frames": 1,
    "video_codec": "h264", "width": 1080, "height": 1920, "fps": "25", "audio_codec": "aac", "audio_rate": 48_000,
    "audio_channels": 2, "loudness_lufs_x10": -140, "black": [[0, 3000]],
}  # fmt: skip
EPISODE = {"number": 1, "file_name": "开机 - 第1集.mp4", "media": PROBED}
PACKAGE = {
    "spec": "working_set",
    "on": "2026-09-01",
    "title": {
        "name": "开机",
        "synopsis": "梗概",
        "covers": [[900, 1200]],
        "number": "V5101062230",
        "cost": "99.50",
    },
    "episodes": [EPISODE],
}


def run(tmp_path, capsys, content):
    path = tmp_path / "package.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    status = main([str(path)])
    return status, capsys.readouterr()


def test_findings_of_a_package(tmp_path, capsys):
    status, printed = run(tmp_path, capsys, PACKAGE)
    assert (status, printed.err) == (0, "")
    assert json.loads(printed.out) == {
        "spec": "working_set",
        "passes": True,
        "findings": [
            {
                "code": "black",
                "severity": "warning",
                "params": {"episode": 1, "found": "3", "at": "0"},
                "message": "Episode 1 is black for 3 s from 0 s.",
                "rule": "black",
                "episode": 1,
            }
        ],
    }


def test_what_a_probe_prints_is_what_the_checks_read(tmp_path, capsys):
    clip = make_clip(tmp_path / "开机 - 第1集.mp4", seconds=1, width=90, height=160, text="1")
    package = {**PACKAGE, "episodes": [{**EPISODE, "media": probe(clip).to_json()}]}
    status, printed = run(tmp_path, capsys, package)
    answer = json.loads(printed.out)
    assert (status, answer["passes"]) == (0, False)
    assert [(one["code"], one["severity"]) for one in answer["findings"]] == [
        ("too_short", "warning"),
        ("size", "error"),
    ]


def test_own_spec(tmp_path, capsys):
    own = {"code": "own", "name": "Own", "covers_min": 2}
    status, printed = run(tmp_path, capsys, {**PACKAGE, "spec": own})
    assert status == 0
    assert [one["code"] for one in json.loads(printed.out)["findings"]] == ["covers_too_few"]


def with_title(**fields):
    return {**PACKAGE, "title": {**PACKAGE["title"], **fields}}


def with_episode(**fields):
    return {**PACKAGE, "episodes": [{**EPISODE, **fields}]}


def with_media(**fields):
    return with_episode(media={**PROBED, **fields})


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is not JSON in UTF-8."),
        ([], "The file must hold an object with spec, on, title and episodes."),
        ({**PACKAGE, "on": "soon"}, "on must be a date written like 2026-01-31."),
        ({**PACKAGE, "episodes": {}}, "episodes must be a list."),
        ({**PACKAGE, "spec": "opera"}, "There is no spec opera; there are: working_set, wechat_mini_program, overseas_pack."),
        ({**PACKAGE, "spec": {"code": "x", "name": "X", "fps": ["x"]}}, "x is not a frame rate written like 25 or 30000/1001."),
        ({**PACKAGE, "title": 5}, "The title: it must be an object."),
        (with_title(name=""), "The title: it needs a name."),
        (with_title(colour=1), "The title: there is no field colour."),
        (with_title(synopsis=1), "The title: synopsis must be a text."),
        (with_title(uses_ai=1), "The title: uses_ai is true or false."),
        (with_title(planned_episodes=0), "The title: planned_episodes must be a whole number from 1 to 10000."),
        (with_title(covers=[[1, 0]]), "The title: covers are pairs of width and height."),
        (with_title(cast=[{"name": "甲", "has_photo": 1}]), "cast holds objects with name, role, profile and has_photo."),
        (with_title(cost=1.5), "The title: cost must be an amount in yuan, as text."),
        ({**PACKAGE, "episodes": [4]}, "Entry 1 of episodes: it must be an object."),
        (with_episode(number=0), "Entry 1 of episodes: number must be a whole number from 1 to 10000."),
        (with_episode(number=10**9), "Entry 1 of episodes: number must be a whole number from 1 to 10000."),
        (with_episode(file_name=None), "Entry 1 of episodes: file_name must be a text."),
        (with_episode(subtitles="en"), "Entry 1 of episodes: subtitles must be a list of languages."),
        (with_episode(media=5), "Entry 1 of episodes: media must be what a probe printed, or null."),
        (with_episode(media={}), "Entry 1 of episodes: media needs a proper container."),
        (with_media(width=None), "Entry 1 of episodes: media needs a proper width."),
        (with_media(fps="fast"), "Entry 1 of episodes: media needs a proper fps."),
        (with_media(black=[[1]]), "Entry 1 of episodes: media needs a proper black."),
        (with_media(duration_ms=1.5), "Entry 1 of episodes: media needs a proper duration_ms."),
    ],
)  # fmt: skip
def test_bad_files_get_one_sentence(tmp_path, capsys, content, sentence):
    status, printed = run(tmp_path, capsys, content)
    assert (status, printed.out) == (2, "")
    assert printed.err.strip().endswith(sentence)
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["a", "b"], ["/nowhere/package.json"]])
def test_no_file(capsys, arguments):
    assert main(arguments) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_every_sentence_is_one():
    assert [code for code, sentence in SENTENCES.items() if not sentence.endswith(".")] == []


def test_package_loads_no_framework():
    script = (
        "import sys, delivery.checks.__main__\n"
        "assert not {'django', 'celery', 'redis', 'rest_framework', 'av'} & sys.modules.keys()"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
