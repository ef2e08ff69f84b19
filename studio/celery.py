"""The Celery application: it carries job ids; the jobs table carries the truth."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
# Who runs the worker is the deployer's choice; eight lines of warning at each start hide what matters.
warnings.filterwarnings("ignore", message="You're running the worker with superuser")

app = Celery("kaiji")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_configure.connect
def make_broker_folders(sender: Celery, **_: Any) -> None:
    """Make the folders of the file broker, which kombu expects to exist."""
    from django.conf import settings

    if not settings.REDIS_URL:
        for key in ("data_folder_in", "control_folder"):
            Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS[key]).mkdir(parents=True, exist_ok=True)


# The clockwork. Each entry only enqueues jobs; the jobs are deduplicated per studio and date, so that a clock
# that fires twice, or two clocks, do the work once.
app.conf.beat_schedule = {
    "sweep jobs": {"task": "studio.sweep_jobs", "schedule": 15.0},
    "hourly clockwork": {"task": "studio.clockwork", "schedule": crontab(minute=7)},
}


@worker_ready.connect
def sweep_while_working(sender: Any, **_: Any) -> None:
    """Let the worker itself sweep, so that work goes on where no clock runs."""
    from django.conf import settings

    from studio.jobs import sweep_quietly

    sender.timer.call_repeatedly(settings.JOB_SWEEP_SECONDS, sweep_quietly)
