"""docker-compose.yml without Docker: its commands and health checks run here against a real PostgreSQL and Redis."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import optional
from tests.postgres import Server, Unavailable
from tests.studio.processes import ROOT, clean_environment, free_port, listens, status_of, until

pytestmark = pytest.mark.real_broker
BIN = Path(sys.executable).parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OWN = ("migrate", "web", "worker", "beat")


def filled(text: str, values: dict[str, str]) -> str:
    """Compose's own substitution: ${NAME}, ${NAME:-default}, ${NAME:?sentence}, and $$ for a dollar."""

    def fill(found: re.Match[str]) -> str:
        if found[0] == "$$":
            return "$"
        name, default = found[1], found[3]
        if name in values:
            return values[name]
        assert found[2] != ":?", f"{name} must be set"
        return default or ""

    return re.sub(r"\$\$|\$\{(\w+)(?:(:-|:\?)([^}]*))?\}", fill, text)


# --- what the file says ------------------------------------------------------------------------------------------


def test_substitution_is_that_of_compose() -> None:
    assert filled("${A:-4} ${B} $$HOME", {"B": "x"}) == "4 x $HOME"
    assert filled("${A:-4}", {"A": "7"}) == "7"
    with pytest.raises(AssertionError, match="B must be set"):
        filled("${B:?set it}", {})


def test_it_has_web_worker_beat_and_recent_servers() -> None:
    assert set(SERVICES) == {*OWN, "postgres", "redis"}
    versions = {name: SERVICES[name]["image"].partition(":")[2] for name in ("postgres", "redis")}
    assert int(versions["postgres"].partition(".")[0]) >= 16
    assert int(versions["redis"].partition(".")[0]) >= 7


def test_whatever_stays_up_has_a_health_check_and_restarts() -> None:
    for name, service in SERVICES.items():
        if name == "migrate":
            assert service["restart"] == "no"
            continue
        assert service["restart"] == "unless-stopped", name
        assert {"test", "interval", "timeout", "retries"} <= set(service["healthcheck"]), name


def test_volumes_are_named_and_each_is_used() -> None:
    used = {volume.partition(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert used == set(COMPOSE["volumes"]) == {"data", "postgres", "redis"}


def test_nothing_starts_before_what_it_needs() -> None:
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["depends_on"] == {
            "migrate": {"condition": "service_completed_successfully"},
            "redis": {"condition": "service_healthy"},
        }
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_the_example_environment_sets_all_that_must_be_set() -> None:
    example = dict(
        line.split("=", 1) for line in (ROOT / ".env.example").read_text().splitlines() if re.match(r"[A-Z_]+=", line)
    )
    demanded = set(re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text()))
    assert demanded == {"POSTGRES_PASSWORD"}
    assert demanded <= set(example)
    assert "SECRET_KEY" in example


# --- what it starts ----------------------------------------------------------------------------------------------


class Stack:
    """The services of the file as processes of this machine: only addresses, ports and folders differ."""

    def __init__(self, folder: Path, postgres: Server, redis_port: int) -> None:
        self.folder, self.postgres, self.redis_port = folder, postgres, redis_port
        self.port = free_port()
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        data = folder / "data"
        data.mkdir()
        stated = {
            key: filled(value, {"POSTGRES_PASSWORD": "x"}) for key, value in SERVICES["web"]["environment"].items()
        }
        assert stated.pop("KAIJI_DATA") == "/data"
        here = {key: self.here(value) for key, value in stated.items()}
        # The image's working folder is the checkout, with the environment's programs on PATH.
        self.environment = clean_environment(
            data, SECRET_KEY="compose", STATIC_ROOT=str(folder / "static"), HOSTNAME=socket.gethostname(),
            PATH=f"{BIN}:{postgres.bin}:{os.environ['PATH']}", PGHOST="127.0.0.1", PGPORT=str(postgres.port), **here,
        )  # fmt: skip

    def here(self, text: str) -> str:
        """The same text with the addresses of this machine."""
        for theirs, ours in (
            ("postgres://kaiji:x@postgres:5432/", f"postgres://kaiji:x@127.0.0.1:{self.postgres.port}/"),
            ("redis:6379", f"127.0.0.1:{self.redis_port}"),
            ("127.0.0.1:8000", f"127.0.0.1:{self.port}"),
            ("/tmp/clock", str(self.folder / "clock")),
        ):
            text = text.replace(theirs, ours)
        return text

    def command(self, name: str) -> list[str]:
        words = [self.here(filled(word, {"JOB_WORKERS": "2"})) for word in SERVICES[name]["command"]]
        if name == "web":
            words[words.index("--port") + 1] = str(self.port)
            words[words.index("--workers") + 1] = "1"
            words[words.index("--host") + 1] = "127.0.0.1"
        return words

    def run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )

    def start(self, name: str) -> None:
        log = (self.folder / f"{name}.log").open("wb")
        self.running[name] = subprocess.Popen(
            self.command(name), cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
        )

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def healthy(self, name: str) -> bool:
        """Whether the service's own health check passes."""
        kind, *words = SERVICES[name]["healthcheck"]["test"]
        words = [self.here(filled(word, {})) for word in words]
        if words[0] == "redis-cli":
            words[1:1] = ["-p", str(self.redis_port)]
        return self.run(["sh", "-c", *words] if kind == "CMD-SHELL" else words).returncode == 0

    def shell(self, program: str) -> str:
        done = self.run([sys.executable, "manage.py", "shell", "-v", "0", "-c", program])
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout.strip()

    def stop(self) -> None:
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(5)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("compose")
    binary = shutil.which("redis-server")
    if binary is None or shutil.which("redis-cli") is None:
        optional("redis-server is not installed")
    try:
        postgres = Server()
    except Unavailable as reason:
        optional(f"no PostgreSQL: {reason}")
    redis_port = free_port()
    redis = subprocess.Popen(
        [str(binary), "--port", str(redis_port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    made = Stack(folder, postgres, redis_port)
    try:
        assert until(lambda: listens(redis_port), 10)
        yield made
    finally:
        made.stop()
        redis.terminate()
        redis.wait(10)
        postgres.stop()


def test_the_same_commands_run_against_postgresql_and_redis(stack: Stack) -> None:
    assert stack.healthy("postgres")
    assert stack.healthy("redis")
    assert not stack.healthy("web")

    migrated = stack.run(stack.command("migrate"))
    assert migrated.returncode == 0, migrated.stderr[-2000:]
    # As the image does while it is built.
    assert stack.run([sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"]).returncode == 0
    for name in ("web", "worker", "beat"):
        stack.start(name)

    assert until(lambda: status_of(f"http://127.0.0.1:{stack.port}/readyz") == 200, 60), stack.log("web")
    assert status_of(f"http://127.0.0.1:{stack.port}/accounts/login/") == 200
    assert stack.healthy("web")
    assert until(lambda: stack.healthy("worker"), 60), stack.log("worker")

    # A job asked for by a process that is none of the services is done by the worker.
    job = stack.shell(
        "from studio.clockwork import CHIMES; from studio.jobs import enqueue; from studio.models import Studio\n"
        "studio = Studio.objects.create(name='青禾影视', slug='qinghe')\n"
        "print(enqueue(CHIMES[0].kind, {'studio': studio.pk, 'on': '2026-12-01'}, studio_id=studio.pk).pk)"
    )
    state = f"from studio.models import Job; print(Job.objects.get(pk={int(job)}).state)"
    assert until(lambda: stack.shell(state) == "done", 30), stack.log("worker")

    assert until(lambda: "Sending due task sweep jobs" in stack.log("beat"), 40), stack.log("beat")
    assert stack.healthy("beat")
    assert {name: process.poll() for name, process in stack.running.items()} == {
        "web": None,
        "worker": None,
        "beat": None,
    }
    # Nothing of it went to a file of its own.
    assert not (stack.folder / "data" / "kaiji.sqlite3").exists()
    assert not (stack.folder / "data" / "broker").exists()
