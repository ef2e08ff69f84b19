"""What this room does when it hears a fact of an earlier room."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from postproduction import (
    jobs,  # noqa: F401 - registers the kinds in every process
    staleness,  # noqa: F401 - registers what a draft makes stale
)
from postproduction.actions import open_shot_episodes
from shooting.events import DailyReportApproved
from studio.facts import subscriber
from studio.models import Production
from studio.notices import sentence

sentence("post.task_reopened", _("“%(title)s”, episode %(number)s: a step of yours is to be done again: %(note)s"))
sentence("post.tasks_assigned", _("“%(title)s”: %(count)s post tasks are yours now."))


@subscriber(DailyReportApproved, kind="postproduction.open_shot_episodes")
def open_what_is_shot(run: Any, fact: DailyReportApproved) -> dict[str, list[int]]:
    """Episodes that the approved report completed come into post by themselves."""
    production = Production.objects.select_related("studio").get(pk=fact.production_id)
    return {"opened": open_shot_episodes(production=production, by=run.job.created_by)}
