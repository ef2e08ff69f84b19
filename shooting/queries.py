"""Questions about the shoot."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scheduling.call_sheet_clock import length
from scheduling.call_sheet_warnings import Alarm
from scheduling.choices import ShootDayState
from scheduling.models import ShootDay
from scripts_app.choices import SceneState
from scripts_app.models import Scene
from shooting.choices import ReportState, SceneResult
from shooting.models import DailyReport, SceneReport, TimeSheet
from studio.models import Episode, Production

SUBMITTED = (ReportState.SUBMITTED, ReportState.APPROVED)


def complete_episodes(production: Production) -> QuerySet[Episode]:
    """Episodes whose every active scene was shot in an approved report; one without scenes is not among them."""
    shot = SceneReport.objects.filter(scene=OuterRef("pk"), result=SceneResult.SHOT, report__state=ReportState.APPROVED)
    active = Scene.objects.filter(episode=OuterRef("pk"), state=SceneState.ACTIVE)
    return (
        Episode.objects.filter(production=production)
        .filter(Exists(active), ~Exists(active.filter(~Exists(shot))))
        .order_by("number")
    )


_WEIGHT = {SceneResult.OWED: 1, SceneResult.PART: 2, SceneResult.SHOT: 3}


def scene_results(production_ids: Iterable[int]) -> dict[int, dict[int, str]]:
    """Production -> active scene -> shot, part or owed: the best that submitted reports say. One query for any titles."""
    best: dict[int, dict[int, str]] = defaultdict(dict)
    rows = SceneReport.objects.filter(
        scene__production__in=list(production_ids), scene__state=SceneState.ACTIVE, report__state__in=SUBMITTED
    ).values_list("scene__production", "scene", "result")
    for production_id, scene_id, result in rows:
        held = best[production_id].get(scene_id)
        if held is None or _WEIGHT[SceneResult(result)] > _WEIGHT[SceneResult(held)]:
            best[production_id][scene_id] = str(result)
    return best


def scene_status(production: Production) -> dict[int, str]:
    """Active scene -> shot, part, owed or not_shot, in script order."""
    results = scene_results([production.pk])[production.pk]
    scenes = Scene.objects.filter(production=production, state=SceneState.ACTIVE).order_by("sort_key")
    return {scene_id: results.get(scene_id, "not_shot") for scene_id in scenes.values_list("pk", flat=True)}


@dataclasses.dataclass(frozen=True)
class DayProgress:
    """One shoot day of a title: what it planned and what came of it. Page parts are tenths or eighths."""

    shoot_day: ShootDay
    report: DailyReport | None
    planned: int
    planned_parts: int
    shot: int
    part: int
    owed: int
    shot_parts: int
    planned_sum: int
    shot_sum: int

    @property
    def reported(self) -> bool:
        return self.report is not None and self.report.state in SUBMITTED


def shoot_progress(production: Production) -> list[DayProgress]:
    """The days in order with running sums: a burn-up. Scenes shot twice count once, on the first day. Four queries."""
    days = list(
        ShootDay.objects.filter(production=production)
        .exclude(state=ShootDayState.CANCELLED)
        .select_related("base", "report")
        .annotate(
            planned=Count("planned_scenes", filter=Q(planned_scenes__scene__state=SceneState.ACTIVE)),
            planned_parts=Sum(
                "planned_scenes__scene__page_parts",
                filter=Q(planned_scenes__scene__state=SceneState.ACTIVE),
                default=0,
            ),
        )
        .order_by("date", "unit", "id")
    )
    results: dict[int, list[tuple[int, str, int]]] = defaultdict(list)
    for day_id, scene_id, result, parts in SceneReport.objects.filter(
        report__shoot_day__production=production, report__state__in=SUBMITTED
    ).values_list("report__shoot_day", "scene", "result", "scene__page_parts"):
        results[day_id].append((scene_id, result, parts))
    lines: list[DayProgress] = []
    done: set[int] = set()
    planned_sum = shot_sum = 0
    for day in days:
        found = results[day.pk]
        new = {
            scene_id: parts for scene_id, result, parts in found if result == SceneResult.SHOT and scene_id not in done
        }
        done |= set(new)
        planned_sum += day.planned  # type: ignore[attr-defined]
        shot_sum += len(new)
        lines.append(
            DayProgress(
                day, getattr(day, "report", None), day.planned, day.planned_parts,  # type: ignore[attr-defined]
                sum(result == SceneResult.SHOT for _scene, result, _parts in found),
                sum(result == SceneResult.PART for _scene, result, _parts in found),
                sum(result == SceneResult.OWED for _scene, result, _parts in found),
                sum(new.values()), planned_sum, shot_sum,
            )
        )  # fmt: skip
    return lines


@dataclasses.dataclass(frozen=True)
class Totals:
    """What a day's scenes add up to."""

    scenes: int
    shot: int
    part: int
    owed: int
    parts: int
    shot_parts: int
    minutes: int
    setups: int


def totals_of(rows: list[dict[str, int | str | None]]) -> Totals:
    """Totals of rows with result, page_parts, minutes, setups."""

    def added(name: str, result: str | None = None) -> int:
        return sum(int(row[name] or 0) for row in rows if result is None or row["result"] == result)

    count = [row["result"] for row in rows].count
    return Totals(
        len(rows), count(SceneResult.SHOT), count(SceneResult.PART), count(SceneResult.OWED), added("page_parts"),
        added("page_parts", SceneResult.SHOT), added("minutes"), added("setups"),
    )  # fmt: skip


SENTENCES: dict[str, Promise | str] = {
    "long_hours": _("%(name)s worked %(length)s; the studio's longest day is %(limit)s."),
    "short_rest": _("%(name)s had %(rest)s of rest since the last wrap; the terms say %(needed)s."),
    "no_rest_day": _("%(name)s has worked seven days running without a day of rest."),
    "late_meal": _("The meal came %(length)s after the call; it is due within %(limit)s."),
    "no_meal": _("No meal is on the report of a day of %(length)s."),
}


def hours_and_rest(report: DailyReport) -> list[Alarm]:
    """Alarms of a day's hours: length, rest before it, the seventh day, the meal. They block nothing. Three queries.

    Rest and days running are counted over all titles of the studio the person works on.
    """
    day = report.shoot_day
    studio = day.production.studio
    found: list[Alarm] = []

    def add(code: str, **params: object) -> None:
        found.append(Alarm(code, params, SENTENCES[code]))

    if report.call_minute is not None and report.wrap_minute is not None:
        worked = report.wrap_minute - report.call_minute
        limit = studio.meal_after_minutes
        if report.meal_minute is None and worked > limit:
            add("no_meal", length=length(worked))
        elif report.meal_minute is not None and report.meal_minute - report.call_minute > limit:
            add("late_meal", length=length(report.meal_minute - report.call_minute), limit=length(limit))
    sheets = list(report.time_sheets.select_related("engagement__person").order_by("engagement__department", "id"))
    people = {row.engagement.person_id for row in sheets}
    worked_on: dict[int, set[dt.date]] = defaultdict(set)
    wraps: dict[int, int] = {}
    yesterday = day.date - dt.timedelta(days=1)
    for person_id, date, wrap in TimeSheet.objects.filter(
        engagement__person__in=people, report__shoot_day__date__gte=day.date - dt.timedelta(days=6),
        report__shoot_day__date__lt=day.date,
    ).values_list("engagement__person", "report__shoot_day__date", "wrap_minute"):  # fmt: skip
        worked_on[person_id].add(date)
        if date == yesterday:
            wraps[person_id] = max(wraps.get(person_id, -1440), wrap - 1440)
    spans: dict[int, tuple[int, int]] = {}
    terms: dict[int, tuple[str, int]] = {}
    for row in sheets:
        person = row.engagement.person
        call, wrap = spans.get(person.pk, (row.call_minute, row.wrap_minute))
        spans[person.pk] = (min(call, row.call_minute), max(wrap, row.wrap_minute))
        needed = row.engagement.rest_minutes if row.engagement.rest_minutes is not None else studio.rest_minutes
        terms[person.pk] = (person.name, max(needed, terms.get(person.pk, ("", 0))[1]))
    for person_id, (call, wrap) in spans.items():
        name, needed = terms[person_id]
        if wrap - call > studio.day_minutes:
            add("long_hours", name=name, length=length(wrap - call), limit=length(studio.day_minutes))
        if person_id in wraps and call - wraps[person_id] < needed:
            add("short_rest", name=name, rest=length(max(0, call - wraps[person_id])), needed=length(needed))
        if len(worked_on[person_id]) == 6:
            add("no_rest_day", name=name)
    return found
