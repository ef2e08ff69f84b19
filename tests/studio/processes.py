"""Starting the product's own commands beside the tests, and finding what they left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

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
