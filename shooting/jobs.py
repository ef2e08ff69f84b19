"""The evening's look at the shoot."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from scheduling.choices import ShootDayState
from scheduling.models import ShootDay
from shooting.choices import ReportState, SceneResult
from shooting.models import DailyReport
from studio.access import users_with
from studio.actions import tell
from studio.clockwork import at_hour
from studio.job_names import name_job
from studio.jobs import Run, job
from studio.notices import sentence

COMPARE = "shooting.compare_plan"
HOUR = 22
# Older days without a report were let go; a reminder each evening would only be noise.
LOOK_BACK = dt.timedelta(days=30)

name_job(COMPARE, _("Compare the day's plan with what was shot"))
sentence("shooting.report_missing", _("%(title)s, shoot day %(number)s on %(date)s has no report yet. Log the day."))
sentence(
    "shooting.behind_plan",
    _("%(title)s, shoot day %(number)s: %(shot)s of %(planned)s scenes shot, %(owed)s are owed."),
)
sentence(
    "shooting.report_submitted",
    _("%(title)s, shoot day %(number)s has wrapped: %(shot)s of %(planned)s scenes shot. The report awaits approval."),
)
at_hour(COMPARE, HOUR)


@job(COMPARE, atomic=True)
def compare_plan(run: Run, studio: int, on: str) -> dict[str, Any]:
    """Tell those who log about days that ended without a report, and those who approve about days behind their plan.

    A day that is planned to wrap after this hour is asked about on the next evening. Each is told once.
    """
    date = dt.date.fromisoformat(on)
    days = ShootDay.objects.filter(production__studio=studio, date__lte=date, date__gte=date - LOOK_BACK)
    missing = [
        day
        for day in days.filter(state__in=[ShootDayState.PLANNED, ShootDayState.CALLED])
        .exclude(report__state__in=[ReportState.SUBMITTED, ReportState.APPROVED])
        .select_related("production")
        .order_by("date", "id")
        if day.date < date or day.wrap_minute <= HOUR * 60
    ]
    for day in missing:
        tell(
            users=users_with("shoot.log", day.production), studio_id=studio, production_id=day.production_id,
            kind="shooting.report_missing", dedupe=f"report-missing:{day.pk}",
            url=reverse("log_shoot_day", args=[day.pk]),
            params={"title": day.production.title, "number": day.number, "date": day.date.isoformat()},
        )  # fmt: skip
    behind = 0
    reports = DailyReport.objects.filter(
        shoot_day__in=days, state__in=[ReportState.SUBMITTED, ReportState.APPROVED]
    ).select_related("shoot_day__production")
    for report in reports.prefetch_related("scenes").order_by("pk"):
        day = report.shoot_day
        results = [row.result for row in report.scenes.all()]
        shot = results.count(SceneResult.SHOT)
        if shot == len(results):
            continue
        behind += 1
        tell(
            users=users_with("shoot.approve", day.production), studio_id=studio, production_id=day.production_id,
            kind="shooting.behind_plan", dedupe=f"behind-plan:{day.pk}", url=reverse("shoot_day", args=[day.pk]),
            params={
                "title": day.production.title, "number": day.number, "shot": shot, "planned": len(results),
                "owed": len(results) - shot,
            },
        )  # fmt: skip
    return {"missing": len(missing), "behind": behind}
