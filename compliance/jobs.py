"""Judging titles anew when their class may have changed: after a rule came into force, and every morning."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from compliance import alarms, flags, models, queries
from compliance.actions import classify_production
from compliance.rule_actions import JUDGE_JOB
from compliance.rule_queries import open_titles
from studio.access import users_with
from studio.actions import tell
from studio.choices import Stage
from studio.clockwork import at_hour
from studio.job_names import name_job
from studio.jobs import Run, enqueue, job
from studio.models import Production, Studio
from studio.notices import sentence
from studio.refusals import Refused

FLAGS_JOB = "compliance.look_for_flags"

name_job(FLAGS_JOB, _("Look for words of concern"))
name_job("compliance.dictionary_day", _("Look again where the words of concern changed"))
name_job("compliance.ring_clocks", _("Ring the clocks of filings"))
sentence("compliance.flags_found", _("“%(title)s”: %(count)s words of concern to decide in the new draft."))
sentence("compliance.rings.waits", _("“%(title)s”: the filing has been with the authority for %(days)s days."))
sentence(
    "compliance.rings.returned",
    _("“%(title)s”: the filing was returned %(days)s days ago and the next round is not handed in."),
)
sentence("compliance.rings.class_soon", _("“%(title)s”: the shoot begins on %(date)s and the class is not judged."))
sentence(
    "compliance.rings.shoot_soon",
    _("“%(title)s”: the shoot begins on %(date)s and the planning filing is not granted."),
)
sentence(
    "compliance.rings.shoot_begun",
    _("“%(title)s”: the shoot began on %(date)s and the planning filing is not granted."),
)
sentence(
    "compliance.rings.delivery_soon",
    _("“%(title)s”: delivery is due on %(date)s and the finished work has no number."),
)
sentence(
    "compliance.rings.delivery_late",
    _("“%(title)s”: delivery was due on %(date)s and the finished work has no number."),
)
sentence("compliance.rings.consent_missing", _("“%(title)s”: %(count)s consents are missing, the first of %(name)s."))
sentence("compliance.rings.consent_ends", _("“%(title)s”: the consent of %(name)s ends on %(date)s."))
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


@job(FLAGS_JOB)
def look_for_flags(run: Run, production: int) -> dict[str, Any]:
    """Read a title's draft and breakdown again; tell those who decide when there is something new to decide."""
    title = Production.objects.select_related("studio").get(pk=production)
    with transaction.atomic():
        looked = flags.look_for_flags(production=title, by=None)
        if looked.new:
            tell(
                users=users_with("compliance.edit", title), studio_id=title.studio_id, production_id=title.pk,
                kind="compliance.flags_found", dedupe=f"flags:{run.job.pk}",
                url=reverse("content_flags", args=[title.pk]), params={"title": title.title, "count": looked.new},
            )  # fmt: skip
    return {"new": looked.new, "known": looked.carried, "gone": looked.gone}


@job("compliance.dictionary_day")
def dictionary_day(run: Run, studio: int, on: str) -> dict[str, Any]:
    """Look through titles in work again on a day when a word begins or ends to hold, or was changed the day before."""
    day = dt.date.fromisoformat(on)
    words = models.FlagTerm.objects.filter(studio=studio)
    # Yesterday in the studio's zone lies within the last two days of the server's.
    changed = words.filter(updated_at__gte=timezone.now() - dt.timedelta(days=2))
    if not (words.filter(Q(from_date=day) | Q(until_date=day)) | changed).exists():
        return {"titles": 0}
    titles = Production.objects.filter(
        studio=studio, stage__in=[Stage.SCRIPT, Stage.PREP, Stage.SHOOT], scenes__isnull=False
    ).distinct()
    for title in titles:
        enqueue(
            FLAGS_JOB, {"production": title.pk}, studio_id=studio, production_id=title.pk, by=None,
            dedupe=f"flags:{title.pk}:{on}",
        )  # fmt: skip
    return {"titles": len(titles)}


@job("compliance.ring_clocks")
def ring_clocks(run: Run, studio: int, on: str) -> dict[str, Any]:
    """Tell those who file of what rings; an alarm tells once, however many mornings it rings."""
    titles = list(
        Production.objects.filter(studio=studio, stage__in=alarms.BEFORE_AIR).select_related("studio").order_by("pk")
    )
    found, told = alarms.alarms_of(titles), 0
    for done, title in enumerate(titles):
        if done % 50 == 0:
            run.progress(done, len(titles))
        for alarm in found[title.pk]:
            tell(
                users=users_with("compliance.edit", title), studio_id=studio, production_id=title.pk,
                kind=f"compliance.rings.{alarm.code}", dedupe=f"clock:{title.pk}:{alarm.key}",
                url=reverse("title_consents" if alarm.clock == "consent" else "filing", args=[title.pk]),
                params={"title": title.title, **alarm.params},
            )  # fmt: skip
            told += 1
    return {"titles": len(titles), "alarms": told}


at_hour(JUDGE_JOB, 1)
at_hour("compliance.dictionary_day", 2)
at_hour("compliance.ring_clocks", 8)
