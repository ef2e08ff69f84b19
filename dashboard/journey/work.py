"""How the journey waits for jobs: a worker process of its own, or this process."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Protocol

from django.conf import settings

from studio import jobs
from studio.choices import JobState
from studio.models import Job


class JourneyFailed(RuntimeError):
    """A step did not come out; the sentence says which and why."""


class JobFailed(RuntimeError):
    """A job was parked or did not end in time."""


class Waiter(Protocol):
    """Waits until no job of a studio is queued or running. Raises JobFailed where one was parked."""

    def settle(self, studio_id: int) -> None: ...


def _parked(studio_id: int) -> None:
    row = Job.objects.filter(studio=studio_id, state=JobState.PARKED).order_by("-id").first()
    if row is not None:
        raise JobFailed(f"{row.kind} #{row.pk}: {row.error}")


class InProcess:
    """Does the jobs here, oldest first."""

    def settle(self, studio_id: int) -> None:
        jobs.run_due()
        _parked(studio_id)


class ByWorker:
    """Leaves the jobs to a worker process and looks until all have ended."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float = 300) -> None:
        self.process = process
        self.seconds = seconds

    def settle(self, studio_id: int) -> None:
        end = time.monotonic() + self.seconds
        open_jobs = Job.objects.filter(studio=studio_id, state__in=[JobState.QUEUED, JobState.RUNNING])
        while open_jobs.exists():
            _parked(studio_id)
            if self.process.poll() is not None:
                raise JobFailed(f"the worker stopped (exit {self.process.returncode})")
            if time.monotonic() > end:
                stuck = open_jobs.order_by("id").first()
                raise JobFailed(f"{stuck} did not end in {self.seconds:.0f} s" if stuck else "jobs did not end")
            time.sleep(0.03)
        _parked(studio_id)


@contextlib.contextmanager
def worker(concurrency: int = 2) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker on this broker and database, stopped at the end."""
    process = subprocess.Popen(
        [
            sys.executable, "-m", "celery", "-A", "studio", "--quiet", "worker", "--concurrency", str(concurrency),
            "--loglevel", "ERROR", "--without-gossip", "--without-mingle", "--without-heartbeat",
        ],
        cwd=settings.BASE_DIR, env={**os.environ, "DJANGO_SETTINGS_MODULE": "studio.settings"}, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
