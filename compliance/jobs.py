"""Judging titles anew when their class may have changed: after a rule came into force, and every morning."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from compliance import queries
from compliance.actions import classify_production
from compliance.rule_actions import JUDGE_JOB
from compliance.rule_queries import open_titles
from studio.access import users_with
from studio.actions import tell
from studio.clockwork import at_hour
from studio.job_names import name_job
from studio.jobs import Run, job
from studio.models import Studio
from studio.notices import sentence
from studio.refusals import Refused

name_job(JUDGE_JOB, _("Judge the class of titles anew"))
sentence("compliance.class_now_key", _("“%(title)s” is a key title since %(on)s. Look at its filings."))
sentence("compliance.class_now_ordinary", _("“%(title)s” is an ordinary title since %(on)s. Look at its filings."))
sentence(
    "compliance.class_now_other", _("“%(title)s” is a title of the other class since %(on)s. Look at its filings.")
)


@job(JUDGE_JOB)
def judge_anew(run: Run, studio: int, on: str) -> dict[str, Any]:
    """Judge titles that were judged before and are not out yet; what has not changed gives no new row.

    A title edited elsewhere, a rule whose day has come: both are found here the next morning at the latest.
    """
    house, day = Studio.objects.get(pk=studio), dt.date.fromisoformat(on)
    changed, titles = 0, list(open_titles(house).exclude(classifications=None).distinct())
    for done, title in enumerate(titles):
        run.progress(done, len(titles))
        with transaction.atomic():
            last = queries.current_classification(title)
            if last is None or last.on_date > day:
                continue
            try:
                row = classify_production(production=title, by=None, on=day)
            except Refused:
                continue  # No rule on that day: the page of the title says so.
            if row.pk == last.pk or row.class_code == last.class_code:
                continue
            changed += 1
            tell(
                users=users_with("compliance.view", title), studio_id=house.pk, production_id=title.pk,
                kind=f"compliance.class_now_{row.class_code}", dedupe=f"class:{row.pk}",
                url=reverse("filing", args=[title.pk]), params={"title": title.title, "on": on},
            )  # fmt: skip
    return {"changed": changed}


at_hour(JUDGE_JOB, 1)
