"""The whole way with a real worker: from a script file to payouts, every fen accounted for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.real_broker


def walk(*arguments: str) -> tuple[int, dict[str, Any], str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("KAIJI_JOURNEY")}
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "journey", "--json", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=540, check=False,
    )  # fmt: skip
    try:
        report = json.loads(done.stdout)
    except json.JSONDecodeError:
        pytest.fail(f"no report: {done.stdout[-500:]} {done.stderr[-2000:]}")
    return done.returncode, report, done.stderr


def _rows(report: dict[str, Any], name: str) -> dict[str, Any]:
    return next(step["rows"] for step in report["steps"] if step["name"] == name)


def check_figures(report: dict[str, Any]) -> None:
    """What must hold of every journey, whatever the script."""
    episodes = _rows(report, "import")["episodes"]
    scenes = _rows(report, "import")["scenes"]
    shot = _rows(report, "daily reports")
    assert shot["shot"] + shot["owed"] == scenes
    assert _rows(report, "pick-up day")["shot"] == shot["owed"] == 1
    sheets = _rows(report, "call sheets")
    assert sheets["pdfs"] == sheets["call_sheets"] == shot["days"]
    assert _rows(report, "post tasks")["episodes_in_post"] == episodes
    assert _rows(report, "post tasks")["tasks_open"] == 0
    assert _rows(report, "approve masters") == {"approved": episodes, "refused": 0}
    first = _rows(report, "verdicts")
    assert (first["accepted"], first["redeliver"]) == (episodes - 1, 1)
    assert _rows(report, "rework")["master_version"] == 2
    assert _rows(report, "second verdict")["accepted"] == episodes
    assert _rows(report, "on air")["title"] == "live"
    settled = _rows(report, "settlement")
    assert settled["receipts_fen"] == settled["shares_fen"] + settled["retained_fen"]
    assert settled["receipts_fen"] == _rows(report, "statement")["receipts_fen"]
    paid = _rows(report, "payouts")
    assert paid["gross_fen"] == paid["net_fen"] + paid["tax_fen"] == settled["shares_fen"]
    assert paid["paid"] == paid["payouts"]
    assert report["discrepancies"] == []
    assert report["adds_up"] is True


def test_the_sample_goes_from_file_to_payouts() -> None:
    code, report, errors = walk()
    assert code == 0, errors
    assert _rows(report, "import") == {
        "episodes": 12, "scenes": 36, "roles": 19, "characters": _rows(report, "import")["characters"], "remarks": 0,
    }  # fmt: skip
    check_figures(report)


def test_a_full_size_script_goes_the_same_way() -> None:
    code, report, errors = walk("--generated", "1", "--seconds", "5")
    assert code == 0, errors
    assert _rows(report, "import")["episodes"] == 80
    check_figures(report)


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("empty.txt", b"", "empty"),
        ("noise.txt", bytes(range(256)) * 40, ""),
        ("novel.txt", ("第一章 雨夜\n那年冬天，城里下了很大的雪。她站在桥上，想起从前。" * 200).encode(), ""),
    ],
)
def test_a_file_that_is_no_script_ends_with_a_sentence(tmp_path: Path, name: str, data: bytes, word: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    code, report, errors = walk(str(path))
    assert code != 0
    assert report["adds_up"] is False
    assert word in report["error"].lower()
    assert "Traceback" not in errors


def test_a_missing_file_ends_with_a_sentence() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "journey", "/no/such/script.txt"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "/no/such/script.txt cannot be read" in done.stderr
    assert "Traceback" not in done.stderr
