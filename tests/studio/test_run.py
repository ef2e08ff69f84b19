"""`manage.py run` as somebody starts it: refused in one sentence, or running, stopped whole, and started again."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.studio.processes import ROOT, clean_environment, end, free_port, listens, processes_of, status_of, until

pytestmark = [
    pytest.mark.real_broker,
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="finds left-over processes in /proc"),
]


def _refused(data: Path, **environment: str) -> str:
    """What is said on a start that cannot be; asserts one sentence, no traceback, a failing exit code."""
    done = subprocess.run(
        [sys.executable, "manage.py", "run", "--no-demo"], cwd=ROOT, env=clean_environment(data, **environment),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode not in {0, -signal.SIGINT}
    said = done.stderr.strip()
    assert "Traceback" not in done.stdout + said
    assert len(said.splitlines()) == 1, said
    assert processes_of(data) == {}
    return said


def test_a_port_in_use_is_named_with_another_to_take(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = _refused(tmp_path, PORT=str(port))
    assert f"Port {port} is in use" in said
    assert "PORT=" in said
    assert not (tmp_path / "kaiji.sqlite3").exists()


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "80 80", "８０００"])
def test_what_is_no_port_is_said_to_be_none(port: str, tmp_path: Path) -> None:
    assert _refused(tmp_path, PORT=port) == f"CommandError: PORT={port} is not a port; choose one from 1 to 65535."


def test_a_data_folder_that_cannot_be_written(tmp_path: Path) -> None:
    # Root may write anywhere; nobody can make a folder below a file.
    file = tmp_path / "a file"
    file.write_text("")
    said = _refused(file / "data", PORT=str(free_port()))
    assert f"The data folder {file / 'data'} cannot be written" in said
    assert "KAIJI_DATA" in said


def test_a_data_folder_that_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "data"
    file.write_text("")
    assert "cannot be written" in _refused(file, PORT=str(free_port()))


def test_a_database_that_does_not_answer(tmp_path: Path) -> None:
    said = _refused(
        tmp_path,
        PORT=str(free_port()),
        DATABASE_URL=f"postgres://kaiji@127.0.0.1:{free_port()}/kaiji?connect_timeout=3",
    )
    assert "The database does not answer" in said


def test_an_address_of_a_database_that_is_none(tmp_path: Path) -> None:
    assert "DATABASE_URL" in _refused(tmp_path, PORT=str(free_port()), DATABASE_URL="mysterious://?")


class Running:
    """`manage.py run` on a port of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "run", "--no-demo"], cwd=ROOT, text=True,
            env=clean_environment(data, PORT=str(self.port), WEB_WORKERS="1", JOB_WORKERS="1", PYTHONUNBUFFERED="1"),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def ready(self) -> bool:
        return until(lambda: self.process.poll() is not None or status_of(self.url("/readyz")) == 200, 90)

    def interrupt(self, number: int = signal.SIGINT) -> str:
        """Send what Ctrl-C sends; returns all that was printed."""
        self.process.send_signal(number)
        said, _none = self.process.communicate(timeout=40)
        return said


@pytest.fixture
def started(tmp_path: Path) -> Iterator[list[Running]]:
    running: list[Running] = []
    yield running
    for one in running:
        end(one.process, one.data)


def test_it_runs_stops_whole_and_goes_on_where_it_was(tmp_path: Path, started: list[Running]) -> None:
    data = tmp_path / "data"
    first = Running(data)
    started.append(first)
    assert first.ready()
    assert first.process.poll() is None
    assert status_of(first.url("/readyz")) == 200
    assert status_of(first.url("/accounts/login/")) == 200
    commands = " ".join(processes_of(data).values())
    assert all(word in commands for word in ("granian", "worker", "beat"))
    key = (data / "secret_key").read_text()

    said = first.interrupt()
    assert first.process.returncode == 0, said
    assert "Traceback" not in said
    assert f"http://localhost:{first.port}/" in said
    assert "Everything is kept" in said
    assert until(lambda: processes_of(data) == {}, 5), processes_of(data)
    assert not listens(first.port)

    _leave_a_studio(data)
    second = Running(data)
    started.append(second)
    assert second.ready()
    assert status_of(second.url("/readyz")) == 200
    assert (data / "secret_key").read_text() == key
    # A service manager stops it with SIGTERM; that must end the same way.
    said = second.interrupt(signal.SIGTERM)
    assert second.process.returncode == 0, said
    assert "Traceback" not in said
    assert until(lambda: processes_of(data) == {}, 5), processes_of(data)
    assert re.findall(r"name='(.*)'", _shell(data, "print([f'name={s.name!r}' for s in Studio.objects.all()][0])")) == [
        "青禾影视"
    ]


def test_a_worker_that_dies_is_started_again(tmp_path: Path, started: list[Running]) -> None:
    one = Running(tmp_path)
    started.append(one)
    assert one.ready()

    def workers() -> list[int]:
        return sorted(
            pid for pid, command in processes_of(tmp_path).items() if "celery" in command and "worker" in command
        )

    assert until(workers)
    before = workers()
    import os

    os.kill(before[0], signal.SIGKILL)
    assert until(lambda: workers() and workers()[-1] > before[-1] and before[0] not in workers(), 30)
    said = one.interrupt()
    assert "The worker process stopped" in said
    assert until(lambda: processes_of(tmp_path) == {}, 5), processes_of(tmp_path)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ends children with their parent")
def test_a_kill_leaves_nobody_behind(tmp_path: Path, started: list[Running]) -> None:
    one = Running(tmp_path)
    started.append(one)
    assert one.ready()
    assert len(processes_of(tmp_path)) >= 4
    one.process.kill()
    one.process.wait(10)
    assert until(lambda: processes_of(tmp_path) == {}, 30), processes_of(tmp_path)
    assert not listens(one.port)


def _shell(data: Path, program: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", f"from studio.models import Studio; {program}"],
        cwd=ROOT, env=clean_environment(data), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def _leave_a_studio(data: Path) -> None:
    _shell(data, "Studio.objects.create(name='青禾影视', slug='qinghe')")
