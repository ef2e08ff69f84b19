"""Questions about the ground floor."""

from __future__ import annotations

import dataclasses

from django.db import connection
from django.db.models import Count, QuerySet

from studio.access import Access
from studio.choices import JobState
from studio.models import Job, Production, Studio


def productions_for(access: Access, studio: Studio | None = None) -> QuerySet[Production]:
    """Titles the user sees, newest first; of one studio if given."""
    rows = access.scope(Production.objects.select_related("studio", "producer"), "production.view")
    return rows.filter(studio=studio) if studio is not None else rows


@dataclasses.dataclass(frozen=True)
class JobCounts:
    queued: int
    running: int
    parked: int


def job_counts(access: Access) -> JobCounts:
    counts = dict(
        access.scope(Job.objects.all(), "job.view")
        .values_list("state")
        .annotate(n=Count("id"))
        .values_list("state", "n")
    )
    return JobCounts(counts.get(JobState.QUEUED, 0), counts.get(JobState.RUNNING, 0), counts.get(JobState.PARKED, 0))


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))
