"""A run of a hundred titles over two workers, of which one dies, makes the rows that an undisturbed run makes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.studio.processes import (
    ROOT,
    ask_number,
    copy_of_migrated,
    kill_worker,
    new_database,
    redis_server,
    start_worker,
    until,
)

pytestmark = pytest.mark.real_broker
TITLES = 100
DRAFTED = "SELECT count(*) FROM finance_runtitle WHERE outcome = 'drafted'"
ISSUED = "SELECT count(*) FROM finance_settlement WHERE state = 'issued'"


def shell(environment: dict[str, str], command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.finance.month_shell", command],
        env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def copy_of(environment: dict[str, str], folder: Path) -> dict[str, str]:
    """The same rows in a database of their own."""
    folder.mkdir()
    if url := environment.get("DATABASE_URL"):
        server = os.environ["KAIJI_TEST_POSTGRES"]
        return {
            **environment, "KAIJI_DATA": str(folder), "DATABASE_URL": new_database(server, url.rpartition("/")[2]),
        }  # fmt: skip
    shutil.copy(Path(environment["KAIJI_DATA"]) / "kaiji.sqlite3", folder)
    return {**environment, "KAIJI_DATA": str(folder)}


def check_that_a_death_leaves_no_trace(plain: dict[str, str], tmp_path: Path, **more: str) -> None:
    shell(plain, "prepare")
    # Sent again too soon, a hundred waiting jobs would fill the queue with echoes before the last of them is done.
    patience = {"KAIJI_JOB_LEASE_SECONDS": "3", "KAIJI_JOB_RESEND_SECONDS": "8"}
    disturbed = {**copy_of(plain, tmp_path / "disturbed"), **patience, **more}
    workers = [start_worker(disturbed, name, "studio.celery", 1) for name in ("first", "second")]
    try:
        shell(disturbed, "start")
        assert until(lambda: ask_number(disturbed, DRAFTED) >= 15)
        kill_worker(workers[0])
        at_death = ask_number(disturbed, DRAFTED)
        undisturbed = json.loads(shell(plain, "here"))
        assert until(lambda: ask_number(disturbed, DRAFTED) == TITLES)
        # The other one dies while it issues, and a third takes over where it stood.
        shell(disturbed, "issue")
        assert until(lambda: ask_number(disturbed, ISSUED) >= 15)
        kill_worker(workers[1])
        issued_at_death = ask_number(disturbed, ISSUED)
        workers.append(start_worker(disturbed, "third", "studio.celery", 1))
        assert until(lambda: ask_number(disturbed, ISSUED) == TITLES)
    finally:
        for worker in workers:
            kill_worker(worker)
    assert 15 <= at_death < TITLES
    assert 15 <= issued_at_death < TITLES
    found = json.loads(shell(disturbed, "report"))
    assert len(undisturbed["settlements"]) == TITLES
    assert len(undisturbed["allocations"]) == len(undisturbed["payouts"]) == 4 * TITLES
    assert {row[6] for row in undisturbed["settlements"]} == {"issued"}
    for name in ("settlements", "allocations", "payouts", "ledger"):
        assert found[name] == undisturbed[name], name


@pytest.fixture
def environment(tmp_path: Path, transactional_db: None) -> dict[str, str]:
    folder = tmp_path / "plain"
    folder.mkdir()
    return copy_of_migrated(folder)


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    with redis_server(tmp_path) as url:
        yield url


def test_a_worker_that_dies_leaves_no_trace_on_the_file_broker(environment: dict[str, Any], tmp_path: Path) -> None:
    check_that_a_death_leaves_no_trace(environment, tmp_path)


def test_a_worker_that_dies_leaves_no_trace_on_redis(
    environment: dict[str, Any], tmp_path: Path, redis_url: str
) -> None:
    if "DATABASE_URL" not in environment:
        pytest.skip("with PostgreSQL; SQLite has the broker of files")
    check_that_a_death_leaves_no_trace(environment, tmp_path, REDIS_URL=redis_url)
