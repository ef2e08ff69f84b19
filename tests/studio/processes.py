"""Starting the product's own commands beside the tests, and finding what they left behind."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.conftest import optional

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environment(data: Path, **more: str) -> dict[str, str]:
    """The environment of a fresh machine, whatever the tests' own says."""
    ours = {
        "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEBUG", "PORT", "HOST", "STATIC_ROOT", "KAIJI_TEST_DATA",
        "KAIJI_TEST_POSTGRES", "DJANGO_SETTINGS_MODULE", "LOG_LEVEL",
    }  # fmt: skip
    kept = {key: value for key, value in os.environ.items() if key not in ours}
    return {**kept, "KAIJI_DATA": str(data), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **more}


def status_of(url: str, timeout: float = 3) -> int:
    """The status that answers, 0 for none."""
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def until(holds: Callable[[], object], seconds: float = 60) -> bool:
    """Whether it came to hold in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return bool(holds())


def processes_of(data: Path) -> dict[int, str]:
    """Running processes with this data folder in their environment: pid -> command line."""
    mark = f"KAIJI_DATA={data}".encode()
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return found


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def end(process: subprocess.Popen[str], data: Path) -> None:
    """Stop it and, whatever state a failed test left, all that it started."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(30)
    for pid in processes_of(data):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(5)


# --- workers ------------------------------------------------------------------------------------------------------


def worker_environment(folder: Path) -> dict[str, str]:
    """A database and broker folder of its own, with leases short enough to wait for."""
    values = {
        **os.environ, "KAIJI_DATA": str(folder), "KAIJI_JOB_RESEND_SECONDS": "2", "KAIJI_JOB_SWEEP_SECONDS": "0.5",
        "PYTHONPATH": str(ROOT), "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    values.pop("REDIS_URL", None)
    server = os.environ.get("KAIJI_TEST_POSTGRES")
    if os.environ.get("DATABASE_URL") and server:
        values["DATABASE_URL"] = new_database(server)
    return values


def new_database(server: str, template: str = "template1") -> str:
    """The address of a fresh database of a PostgreSQL server, or of a copy of one that nobody is connected to."""
    import psycopg

    name = f"workers_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")  # type: ignore[arg-type]
    return server.rpartition("/")[0] + f"/{name}"


def copy_of_migrated(folder: Path) -> dict[str, str]:
    """As `worker_environment`, with a copy of the tests' own database: migrating one takes longer than most tests.

    Call it where no transaction is open on that one (`transactional_db`).
    """
    from django.db import connection

    server = os.environ.get("KAIJI_TEST_POSTGRES")
    name = str(connection.settings_dict["NAME"])
    values = worker_environment(folder)
    if connection.vendor == "postgresql" and server:
        # A template may have no visitors.
        connection.close()
        return {**values, "DATABASE_URL": new_database(server, name)}
    connection.ensure_connection()
    with contextlib.closing(sqlite3.connect(folder / "kaiji.sqlite3")) as copy:
        connection.connection.backup(copy)
    return values


@contextlib.contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """The address of a Redis of the tests' own; without the program the test is skipped."""
    binary = shutil.which("redis-server")
    if binary is None:
        optional("redis-server is not installed")
        return
    port = free_port()
    process = subprocess.Popen(
        [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    try:
        until(lambda: listens(port), 5)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(10)


def start_worker(environment: dict[str, str], name: str, app: str, concurrency: int = 2) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", app, "--quiet", "worker", "--concurrency", str(concurrency),
         "--loglevel", "CRITICAL", "--without-gossip", "--without-mingle", "-n", f"{name}@test"],
        env=environment, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def kill_worker(process: subprocess.Popen[bytes]) -> None:
    """As a power cut would: the worker and its children at once."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def ask_number(environment: dict[str, str], query: str) -> int:
    """The number that a query answers, without Django: starting a process for each look would be slower than the jobs."""
    if url := environment.get("DATABASE_URL"):
        import psycopg

        with psycopg.connect(url) as connection:
            return int(connection.execute(query).fetchone()[0])  # type: ignore[arg-type, index]
    with sqlite3.connect(Path(environment["KAIJI_DATA"]) / "kaiji.sqlite3", timeout=20) as connection:
        return int(connection.execute(query).fetchone()[0])
