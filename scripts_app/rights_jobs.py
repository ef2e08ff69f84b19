"""The alarm before adaptation rights end: looked for every morning, told once for each threshold."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from scripts_app.models import SourceWork
from scripts_app.queries import alarm_due
from studio.access import TABLE
from studio.actions import tell
from studio.clockwork import at_hour
from studio.job_names import name_job
from studio.jobs import Run, job
from studio.models import Studio, User
from studio.notices import sentence

KIND = "scripts_app.rights_due"
HOUR = 8

name_job(KIND, _("Look for adaptation rights that end"))
sentence("scripts_app.rights_soon", _("The rights to “%(title)s” end on %(until)s, in %(days)s days."))
sentence("scripts_app.rights_ended", _("The rights to “%(title)s” ended on %(until)s."))


def _concerned(source: SourceWork) -> QuerySet[User]:
    """Producers and compliance, of the studio or of a title made from the work."""
    return User.objects.filter(
        Q(memberships__production=None) | Q(memberships__production__in=source.productions.all()),
        memberships__studio=source.studio_id,
        memberships__role__in=TABLE["production.edit"] | TABLE["compliance.edit"],
        is_active=True,
    ).distinct()


@job(KIND)
def rights_due(run: Run, studio: int, on: str) -> dict[str, Any]:
    """Tell of rights that end within a threshold of the studio, and of those that ended.

    A work in several thresholds at once is told of by the nearest; one whose window was moved is told of anew.
    """
    day = dt.date.fromisoformat(on)
    house = Studio.objects.get(pk=studio)
    told = 0
    for source in SourceWork.objects.filter(studio=studio, until_date__isnull=False).order_by("pk"):
        due = alarm_due(house, source.until_date, day)
        if due is None or source.until_date is None:
            continue
        until = source.until_date
        tell(
            users=_concerned(source), studio_id=studio, kind="scripts_app.rights_soon" if due else "scripts_app.rights_ended",
            dedupe=f"rights:{source.pk}:{until.isoformat()}:{due}", url=reverse("source_works"),
            params={"title": source.title, "until": until.isoformat(), "days": (until - day).days},
        )  # fmt: skip
        told += 1
    return {"told": told}


at_hour(KIND, HOUR)
