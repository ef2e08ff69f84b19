"""A Celery app with one job of the tests' own, and a small shell to fill and read its database.

`python -m tests.studio.worker_app prepare | enqueue N | report`
"""

from __future__ import annotations

import json
import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")

import django

django.setup()

from studio.celery import app  # noqa: E402
from studio.jobs import Run, enqueue, job  # noqa: E402
from studio.models import Job, Network  # noqa: E402

__all__ = ["app"]


@job("test.write_row", lease_seconds=2, max_attempts=10)
def write_row(run: Run, n: int) -> None:
    """Work a while, then write one row; a second row of the same number would be a job done twice."""
    time.sleep(0.03)
    run.progress(1, 2)
    time.sleep(0.03)
    with run.finishing() as out:
        Network.objects.create(name=f"row {n} of job {run.job.pk}")
        out["n"] = n


def main(command: str, *arguments: str) -> None:
    if command == "prepare":
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
    elif command == "enqueue":
        for n in range(int(arguments[0])):
            enqueue("test.write_row", {"n": n})
    elif command == "report":
        jobs = Job.objects.filter(kind="test.write_row")
        states: dict[str, int] = {}
        for state in jobs.values_list("state", flat=True):
            states[state] = states.get(state, 0) + 1
        print(
            json.dumps(
                {
                    "states": states,
                    "rows": Network.objects.count(),
                    "numbers": sorted(jobs.filter(state="done").values_list("payload__n", flat=True)),
                    "again": jobs.filter(attempts__gt=1).count(),
                }
            )
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
