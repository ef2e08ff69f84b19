"""What Celery knows: do a job by its id, sweep, and turn the clockwork."""

from __future__ import annotations

from django.utils import timezone

from studio.celery import app


@app.task(name="studio.run_job")
def run_job(job_id: int) -> str | None:
    from studio import jobs

    return jobs.run(job_id)


@app.task(name="studio.sweep_jobs")
def sweep_jobs() -> dict[str, int]:
    from studio import jobs

    return jobs.sweep()


@app.task(name="studio.clockwork")
def clockwork() -> int:
    from studio.clockwork import turn

    return turn(timezone.now())
