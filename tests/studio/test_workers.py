"""Real worker processes on a real broker: one is killed in the middle of 100 jobs and nothing is lost or doubled."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import optional

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.real_broker


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A database and broker folder of its own, with leases short enough to wait for."""
    values = {
        **os.environ,
        "KAIJI_DATA": str(tmp_path),
        "KAIJI_JOB_RESEND_SECONDS": "2",
        "KAIJI_JOB_SWEEP_SECONDS": "0.5",
        "PYTHONPATH": str(ROOT),
        "LOG_LEVEL": "ERROR",
    }
    values.pop("REDIS_URL", None)
    server = os.environ.get("KAIJI_TEST_POSTGRES")
    if os.environ.get("DATABASE_URL") and server:
        import psycopg

        name = f"workers_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        values["DATABASE_URL"] = server.rpartition("/")[0] + f"/{name}"
    yield values


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    binary = shutil.which("redis-server")
    if binary is None:
        optional("redis-server is not installed")
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            binary,
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            str(tmp_path),
        ],
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(10)


def _shell(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.studio.worker_app", *arguments],
        env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def _worker(environment: dict[str, str], name: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "tests.studio.worker_app", "--quiet", "worker", "--concurrency", "2",
         "--loglevel", "CRITICAL", "--without-gossip", "--without-mingle", "-n", f"{name}@test"],
        env=environment, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def _report(environment: dict[str, str]) -> dict[str, Any]:
    return dict(json.loads(_shell(environment, "report")))


def _done(environment: dict[str, str]) -> int:
    """Ended jobs, read without Django: starting a process for each look would be slower than the jobs."""
    query = "SELECT count(*) FROM studio_job WHERE kind = 'test.write_row' AND state = 'done'"
    if url := environment.get("DATABASE_URL"):
        import psycopg

        with psycopg.connect(url) as connection:
            return int(connection.execute(query).fetchone()[0])  # type: ignore[index]
    with sqlite3.connect(Path(environment["KAIJI_DATA"]) / "kaiji.sqlite3", timeout=20) as connection:
        return int(connection.execute(query).fetchone()[0])


def _until(environment: dict[str, str], done: int, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and _done(environment) < done:
        time.sleep(0.02)


def _kill_one_of_two(environment: dict[str, str]) -> None:
    _shell(environment, "prepare")
    first, second = _worker(environment, "first"), None
    try:
        _shell(environment, "enqueue", "100")
        _until(environment, 10)
        _kill(first)
        assert 10 <= _done(environment) < 100
        second = _worker(environment, "second")
        _until(environment, 100)
        report = _report(environment)
    finally:
        _kill(first)
        if second is not None:
            _kill(second)
    assert report["states"] == {"done": 100}
    assert report["numbers"] == list(range(100))
    # The job's end and its row are one transaction: 100 ends, 100 rows.
    assert report["rows"] == 100


def test_a_killed_worker_loses_and_doubles_nothing_on_the_file_broker(environment: dict[str, str]) -> None:
    _kill_one_of_two(environment)


def test_a_killed_worker_loses_and_doubles_nothing_on_redis(environment: dict[str, str], redis_url: str) -> None:
    _kill_one_of_two({**environment, "REDIS_URL": redis_url})
