"""Real worker processes on a real broker: one is killed in the middle of 100 jobs and nothing is lost or doubled."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.studio.processes import ROOT, ask_number, kill_worker, redis_server, start_worker, worker_environment

pytestmark = pytest.mark.real_broker
APP = "tests.studio.worker_app"
DONE = "SELECT count(*) FROM studio_job WHERE kind = 'test.write_row' AND state = 'done'"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return worker_environment(tmp_path)


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    with redis_server(tmp_path) as url:
        yield url


def _shell(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", APP, *arguments],
        env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def _report(environment: dict[str, str]) -> dict[str, Any]:
    return dict(json.loads(_shell(environment, "report")))


def _until(environment: dict[str, str], done: int, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and ask_number(environment, DONE) < done:
        time.sleep(0.02)


def _kill_one_of_two(environment: dict[str, str]) -> None:
    _shell(environment, "prepare")
    first, second = start_worker(environment, "first", APP), None
    try:
        _shell(environment, "enqueue", "100")
        _until(environment, 10)
        kill_worker(first)
        assert 10 <= ask_number(environment, DONE) < 100
        second = start_worker(environment, "second", APP)
        _until(environment, 100)
        report = _report(environment)
    finally:
        kill_worker(first)
        if second is not None:
            kill_worker(second)
    assert report["states"] == {"done": 100}
    assert report["numbers"] == list(range(100))
    # The job's end and its row are one transaction: 100 ends, 100 rows.
    assert report["rows"] == 100


def test_a_killed_worker_loses_and_doubles_nothing_on_the_file_broker(environment: dict[str, str]) -> None:
    _kill_one_of_two(environment)


def test_a_killed_worker_loses_and_doubles_nothing_on_redis(environment: dict[str, str], redis_url: str) -> None:
    _kill_one_of_two({**environment, "REDIS_URL": redis_url})
