"""docker-compose.yml: the commands it runs, run here against a real PostgreSQL and Redis."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import optional
from tests.postgres import Server, Unavailable

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
pytestmark = pytest.mark.real_broker


def test_every_service_is_watched_and_what_must_last_has_a_volume() -> None:
    assert set(SERVICES) == {"migrate", "web", "worker", "beat", "postgres", "redis"}
    watched = {name for name, service in SERVICES.items() if service.get("healthcheck", {}).get("test")}
    assert watched == set(SERVICES) - {"migrate"}
    assert set(COMPOSE["volumes"]) == {"data", "postgres", "redis"}
    assert SERVICES["postgres"]["image"] == "postgres:16"
    assert SERVICES["redis"]["image"] == "redis:7"
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_the_example_environment_names_what_compose_asks_for() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+):\?", (ROOT / "docker-compose.yml").read_text()))
    named = set(re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert asked <= named


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    redis = shutil.which("redis-server")
    if redis is None:
        optional("redis-server is not installed")
        return
    try:
        server = Server()
    except Unavailable as reason:
        optional(f"no PostgreSQL: {reason}")
        return
    folder = tmp_path_factory.mktemp("compose")
    port = free_port()
    process = subprocess.Popen(
        [redis, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    values = {
        **os.environ, "DATABASE_URL": server.url, "REDIS_URL": f"redis://127.0.0.1:{port}/0", "KAIJI_DATA": str(folder),
        "SECRET_KEY": "compose", "LOG_LEVEL": "ERROR", "KAIJI_JOB_SWEEP_SECONDS": "1", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    try:
        yield values
    finally:
        process.terminate()
        process.wait(10)
        server.stop()


def command_of(service: str, port: int, folder: str) -> list[str]:
    """The service's own command, on this machine's ports and folders."""
    words = [str(word) for word in SERVICES[service]["command"]]
    words = [re.sub(r"\$\{[A-Z_]+:-(\w+)\}", r"\1", word) for word in words]
    swaps = {"8000": str(port), "0.0.0.0": "127.0.0.1", "/tmp/clock": f"{folder}/clock", "4": "2"}
    words = [swaps.get(word, word) for word in words]
    program = {"python": [sys.executable], "granian": [sys.executable, "-m", "granian"],
               "celery": [sys.executable, "-m", "celery"]}[words[0]]  # fmt: skip
    return [*program, *words[1:]]


def _until(holds: Any, what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return
        time.sleep(0.2)
    pytest.fail(f"{what} did not happen in {seconds:.0f} s")


def _shell(environment: dict[str, str], code: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", code],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-1500:]
    return done.stdout.strip()


def test_the_same_commands_carry_the_product(environment: dict[str, str]) -> None:
    folder, port = environment["KAIJI_DATA"], free_port()
    migrated = subprocess.run(
        command_of("migrate", port, folder), cwd=ROOT, env=environment, capture_output=True, text=True, timeout=180,
        check=False,
    )  # fmt: skip
    assert migrated.returncode == 0, migrated.stderr[-1500:]
    collected = subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert collected.returncode == 0, collected.stderr[-1500:]
    running = [
        subprocess.Popen(
            command_of(name, port, folder), cwd=ROOT, env=environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for name in ("web", "worker", "beat")
    ]  # fmt: skip
    try:
        # web: its own health check
        check = SERVICES["web"]["healthcheck"]["test"][3].replace("8000", str(port))

        def web_is_healthy() -> bool:
            tried = subprocess.run([sys.executable, "-c", check], capture_output=True, timeout=30, check=False)
            return tried.returncode == 0

        _until(web_is_healthy, "a healthy web")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=10) as page:
            assert b"/static/css/tokens." in page.read()  # hashed names: the manifest storage serves
        # worker: does a job that was written without telling it, so the clock or its own sweep finds it
        made = _shell(
            environment,
            "from studio.models import Job, Studio; s = Studio.objects.create(name='x', slug='x');"
            "j = Job.objects.create(kind='finance.accrue_missing', studio=s, payload={'studio': s.pk, 'on': '2026-11-20'});"
            "print(j.pk)",
        )
        job = int(made.splitlines()[-1])
        import psycopg

        def done() -> bool:
            with psycopg.connect(environment["DATABASE_URL"]) as connection:
                row = connection.execute("SELECT state, error FROM studio_job WHERE id = %s", (job,)).fetchone()
            assert row is not None
            assert row[0] != "parked", row[1]
            return bool(row[0] == "done")

        _until(done, "the job")
        ping = shlex.split(SERVICES["worker"]["healthcheck"]["test"][1].split(" -d ")[0])
        answered = subprocess.run(
            [sys.executable, "-m", *ping], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60,
            check=False,
        )  # fmt: skip
        assert "pong" in answered.stdout
        # beat: its schedule is kept where the health check looks for it
        _until(lambda: list(Path(folder).glob("clock*")), "the clock's schedule")
        assert all(process.poll() is None for process in running)
    finally:
        for process in running:
            process.terminate()
        for process in running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
