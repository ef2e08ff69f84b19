"""Questions about the shoot."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from scheduling.choices import ShootDayState
from scheduling.models import ShootDay
from scripts_app.choices import SceneState
from scripts_app.models import Scene
from shooting.choices import ReportState, SceneResult
from shooting.events import DailyReportReopened
from shooting.models import DailyReport, SceneReport
from studio.models import Episode, Event, Production

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
    """Not finished: part shot ones among them."""
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
                sum(result != SceneResult.SHOT for _scene, result, _parts in found),
                sum(new.values()), planned_sum, shot_sum,
            )
        )  # fmt: skip
    return lines


@dataclasses.dataclass(frozen=True)
class Totals:
    """What a day's scenes add up to. `owed` are those not finished, with the part shot ones among them."""

    scenes: int
    shot: int
    owed: int
    part: int
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
        len(rows), count(SceneResult.SHOT), len(rows) - count(SceneResult.SHOT), count(SceneResult.PART),
        added("page_parts"), added("page_parts", SceneResult.SHOT), added("minutes"), added("setups"),
    )  # fmt: skip


def reopening(report: DailyReport) -> Event | None:
    """Who opened the report again and why, while it has not been submitted since."""
    if report.state != ReportState.DRAFT:
        return None
    subject = f"{DailyReportReopened.subject_kind}:{report.pk}"
    return Event.objects.filter(subject=subject, name=DailyReportReopened.__name__).order_by("-id").first()
