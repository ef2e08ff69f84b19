"""What changes on the set: a day's report is opened, logged, wrapped, approved, opened again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scheduling import call_sheets
from scheduling.call_sheet_clock import LATEST
from scheduling.choices import ShootDayState
from scheduling.models import PlannedScene, ShootDay
from scripts_app.choices import SceneState
from scripts_app.models import Scene
from shooting.choices import ExtrasKind, ReportState, SceneResult, Weather
from shooting.events import DailyReportApproved, DailyReportLogged, DailyReportReopened, DailyReportSubmitted
from shooting.hours import expected_calls
from shooting.models import DailyReport, ExtrasCount, SceneReport, TimeSheet
from studio.access import users_with
from studio.actions import move_stage, tell
from studio.choices import Stage
from studio.facts import publish
from studio.models import Engagement, User
from studio.refusals import Refused

NOTES_LIMIT = 8000
TIMES = (
    "call_minute", "first_shot_minute", "meal_minute", "meal_end_minute", "second_meal_minute",
    "second_meal_end_minute", "wrap_minute",
)  # fmt: skip
EXTRAS_FIELDS = ("kind", "heads", "call_minute", "wrap_minute", "note")
MOST_HEADS, MOST_EXTRAS_ROWS = 5000, 40
SCENE_FIELDS = ("result", "minutes", "setups", "note")


@transaction.atomic
def open_report(*, shoot_day: ShootDay, by: User | None, at: dt.datetime | None = None) -> DailyReport:
    """The day's report; made with the planned scenes as owed and the planned call when there is none yet.

    Scenes that were planned since a draft was opened join it.
    """
    day = call_sheets.hold(shoot_day)
    if day.state == ShootDayState.CANCELLED:
        raise Refused("day_cancelled", _("This shoot day is cancelled, so there is nothing to report."), conflict=True)
    report, _new = DailyReport.objects.get_or_create(shoot_day=day, defaults={"call_minute": day.call_minute})
    if report.state == ReportState.DRAFT:
        _add_planned(report)
    return report


def _add_planned(report: DailyReport) -> None:
    there = set(report.scenes.values_list("scene", flat=True))
    missing = [
        row
        for row in PlannedScene.objects.filter(shoot_day=report.shoot_day_id, scene__state=SceneState.ACTIVE)
        if row.scene_id not in there
    ]
    if missing:
        SceneReport.objects.bulk_create(
            [
                SceneReport(report=report, scene_id=row.scene_id, position=row.position, result=SceneResult.OWED)
                for row in missing
            ],
            ignore_conflicts=True,
        )


@transaction.atomic
def log_shoot_day(
    *,
    report: DailyReport,
    version: int,
    by: User | None,
    call_minute: int | None = None,
    first_shot_minute: int | None = None,
    meal_minute: int | None = None,
    wrap_minute: int | None = None,
    meal_end_minute: int | None = None,
    second_meal_minute: int | None = None,
    second_meal_end_minute: int | None = None,
    weather: str = "",
    notes: str = "",
    scenes: Sequence[Mapping[str, Any]] = (),
    time_sheets: Sequence[Mapping[str, Any]] | None = None,
    extras: Sequence[Mapping[str, Any]] | None = None,
    at: dt.datetime | None = None,
) -> DailyReport:
    """Save what was typed, against the version it was typed on.

    `scenes`: [{scene_id, result, minutes, setups, note}], those not named stay as they are; a scene of the title that
    was not planned may be among them. `time_sheets`: [{engagement_id, call_minute, wrap_minute}] replaces the typed
    hours; `extras`: [{kind, heads, call_minute, wrap_minute, note}] replaces the extras; None leaves either. The same content sent twice is saved once; other content on an old version is refused as
    a conflict.
    """
    times = {
        "call_minute": call_minute, "first_shot_minute": first_shot_minute, "meal_minute": meal_minute,
        "meal_end_minute": meal_end_minute, "second_meal_minute": second_meal_minute,
        "second_meal_end_minute": second_meal_end_minute, "wrap_minute": wrap_minute,
    }  # fmt: skip
    check_times(times)
    _check_texts(weather, notes)
    row = DailyReport.objects.select_for_update(of=("self",)).select_related("shoot_day__production").get(pk=report.pk)
    wanted = _check_scenes(row, scenes)
    sheets = _check_sheets(row, time_sheets) if time_sheets is not None else None
    counts = _check_extras(extras) if extras is not None else None
    fields = {**times, "weather": weather, "notes": notes.strip()}
    if row.state != ReportState.DRAFT or row.version != version:
        if _is_as_stored(row, fields, wanted, sheets, counts):
            return row
        if row.state != ReportState.DRAFT:
            raise Refused(
                "report_closed", _("This report was submitted meanwhile. Open it again to change it."), conflict=True
            )
        raise Refused(
            "report_changed",
            _("Somebody saved this report after you opened it. What differs is marked; save again to keep yours."),
            conflict=True,
        )
    for name, value in fields.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*fields, "version", "updated_at"])
    _store_scenes(row, wanted)
    if sheets is not None:
        row.time_sheets.all().delete()
        TimeSheet.objects.bulk_create(
            [TimeSheet(report=row, engagement_id=key, call_minute=call, wrap_minute=wrap, typed=True)
             for key, (call, wrap) in sheets.items()]
        )  # fmt: skip
    if counts is not None:
        row.extras.all().delete()
        ExtrasCount.objects.bulk_create(
            [ExtrasCount(report=row, position=place, **values) for place, values in enumerate(counts)]
        )
    production = row.shoot_day.production
    publish(
        DailyReportLogged(
            studio_id=production.studio_id, production_id=production.pk, report_id=row.pk,
            shoot_day_id=row.shoot_day_id,
        ),
        by=by, at=at,
    )  # fmt: skip
    return row


@transaction.atomic
def log_and_wrap(
    *,
    shoot_day: ShootDay,
    version: int,
    wrap: bool,
    by: User | None,
    at: dt.datetime | None = None,
    **typed: Any,
) -> DailyReport:
    """What the page does in one go: open the report if need be, save it and, with `wrap`, submit it.

    `version` 0 stands for a page that was opened before there was a report.
    """
    before = DailyReport.objects.filter(shoot_day=shoot_day).first()
    report = open_report(shoot_day=shoot_day, by=by, at=at)
    report = log_shoot_day(
        report=report, version=version if before is not None else report.version, by=by, at=at, **typed
    )
    return wrap_shoot_day(report=report, by=by, at=at) if wrap else report


def check_times(times: Mapping[str, int | None]) -> None:
    """Refuse times that cannot be, or that run backwards."""
    for name, minute in times.items():
        if minute is not None and not 0 <= minute < LATEST:
            raise Refused(
                "time_out_of_range", _("A time is at most 47:59, counted from the day's midnight."), field=name
            )
    call, first, meal, meal_end, second, second_end, wrap = (times.get(name) for name in TIMES)
    if meal_end is not None and (meal is None or meal_end <= meal):
        raise Refused(
            "times_out_of_order", _("A meal ends after it starts; type both."), field="meal_end_minute"
        )  # fmt: skip
    if second is not None and meal_end is None:
        raise Refused(
            "times_out_of_order", _("Type the end of the first meal before the second one."), field="meal_end_minute"
        )
    if second_end is not None and (second is None or second_end <= second):
        raise Refused(
            "times_out_of_order", _("A meal ends after it starts; type both."), field="second_meal_end_minute"
        )
    for earlier, later, field, sentence in (
        (call, first, "first_shot_minute", _("The first shot cannot be before the call.")),
        (call, meal, "meal_minute", _("The meal cannot be before the call.")),
        (meal_end, second, "second_meal_minute", _("The second meal cannot be before the end of the first.")),
        (first, wrap, "wrap_minute", _("The wrap cannot be before the first shot.")),
        (meal, wrap, "wrap_minute", _("The wrap cannot be before the meal.")),
        (meal_end, wrap, "wrap_minute", _("The wrap cannot be before the meal.")),
        (second, wrap, "wrap_minute", _("The wrap cannot be before the meal.")),
        (second_end, wrap, "wrap_minute", _("The wrap cannot be before the meal.")),
    ):
        if earlier is not None and later is not None and later < earlier:
            raise Refused("times_out_of_order", sentence, field=field)
    if call is not None and wrap is not None and wrap <= call:
        raise Refused(
            "times_out_of_order", _("The wrap is after the call. After midnight type 25:30, or 01:30 +1."),
            field="wrap_minute",
        )  # fmt: skip


def _check_texts(weather: str, notes: str) -> None:
    if weather not in {"", *Weather.values}:
        raise Refused("unknown_weather", _("There is no such weather in the list."), field="weather")
    if len(notes) > NOTES_LIMIT:
        raise Refused(
            "notes_too_long", _("The notes are longer than %(most)s characters."), field="notes",
            params={"most": NOTES_LIMIT},
        )  # fmt: skip


def _check_scenes(report: DailyReport, scenes: Iterable[Mapping[str, Any]]) -> dict[int, dict[str, Any]]:
    wanted: dict[int, dict[str, Any]] = {}
    for item in scenes:
        scene_id = item["scene_id"]
        if scene_id in wanted:
            raise Refused("scene_twice", _("The same scene stands twice in the report."), field=f"scene-{scene_id}")
        if item.get("result") not in SceneResult.values:
            raise Refused("unknown_result", _("A scene is shot, part shot or owed."), field=f"scene-{scene_id}-result")
        for name, most in (("minutes", 1440), ("setups", 999)):
            value = item.get(name)
            if value is not None and not 0 <= value <= most:
                raise Refused(
                    "number_out_of_range", _("A whole number from 0 to %(most)s."),
                    field=f"scene-{scene_id}-{name}", params={"most": most},
                )  # fmt: skip
        note = str(item.get("note") or "").strip()
        if len(note) > 300:
            raise Refused("note_too_long", _("The note is longer than 300 characters."), field=f"scene-{scene_id}-note")
        wanted[scene_id] = {
            "result": str(item["result"]), "minutes": item.get("minutes"), "setups": item.get("setups"), "note": note,
        }  # fmt: skip
    known = set(
        Scene.objects.filter(production=report.shoot_day.production_id, pk__in=wanted).values_list("pk", flat=True)
    )
    if set(wanted) - known:
        raise Refused("unknown_scene", _("A scene of the report is not of this title. Load the page anew."))
    return wanted


def _check_sheets(report: DailyReport, rows: Iterable[Mapping[str, Any]]) -> dict[int, tuple[int, int]]:
    sheets: dict[int, tuple[int, int]] = {}
    for item in rows:
        key, call, wrap = item["engagement_id"], item["call_minute"], item["wrap_minute"]
        if not 0 <= call < wrap < LATEST:
            raise Refused("hours_out_of_order", _("Somebody's wrap is not after their call."), field=f"hours-{key}")
        sheets[key] = (call, wrap)
    known = Engagement.objects.filter(production=report.shoot_day.production_id, pk__in=sheets).count()
    if known != len(sheets):
        raise Refused("unknown_engagement", _("Somebody with hours is not engaged on this title."), field="time_sheets")
    return sheets


def _check_extras(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    counts: list[dict[str, Any]] = []
    for place, item in enumerate(rows):
        field = f"extras-{place}"
        if place >= MOST_EXTRAS_ROWS:
            raise Refused("too_many_extras", _("A report has at most %(most)s rows of extras."), field="extras",
                          params={"most": MOST_EXTRAS_ROWS})  # fmt: skip
        if item.get("kind") not in ExtrasKind.values:
            raise Refused("unknown_extras", _("There is no such kind of extras in the list."), field=f"{field}-kind")
        heads, call, wrap = item.get("heads"), item.get("call_minute"), item.get("wrap_minute")
        if isinstance(heads, bool) or not isinstance(heads, int) or not 1 <= heads <= MOST_HEADS:
            raise Refused(
                "heads_out_of_range", _("A whole number of heads from 1 to %(most)s."), field=f"{field}-heads",
                params={"most": MOST_HEADS},
            )  # fmt: skip
        if call is None or wrap is None or not 0 <= call < wrap < LATEST:
            raise Refused(
                "hours_out_of_order", _("The extras' wrap is after their call."), field=f"{field}-wrap_minute"
            )
        note = str(item.get("note") or "").strip()[:120]
        counts.append(
            {"kind": str(item["kind"]), "heads": heads, "call_minute": call, "wrap_minute": wrap, "note": note}
        )
    return counts


def _is_as_stored(
    report: DailyReport,
    fields: Mapping[str, Any],
    wanted: Mapping[int, Mapping[str, Any]],
    sheets: Mapping[int, tuple[int, int]] | None,
    counts: Sequence[Mapping[str, Any]] | None,
) -> bool:
    if any(getattr(report, name) != value for name, value in fields.items()):
        return False
    stored = {
        row["scene"]: {name: row[name] for name in SCENE_FIELDS} for row in report.scenes.values("scene", *SCENE_FIELDS)
    }
    if any(stored.get(scene_id) != values for scene_id, values in wanted.items()):
        return False
    if counts is not None and list(report.extras.order_by("position").values(*EXTRAS_FIELDS)) != list(counts):
        return False
    if sheets is None:
        return True
    return {
        row.engagement_id: (row.call_minute, row.wrap_minute) for row in report.time_sheets.filter(typed=True)
    } == dict(sheets)


def _store_scenes(report: DailyReport, wanted: Mapping[int, Mapping[str, Any]]) -> None:
    stored = {row.scene_id: row for row in report.scenes.all()}
    changed = []
    for scene_id, values in wanted.items():
        row = stored.get(scene_id)
        if row is not None and any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            changed.append(row)
    SceneReport.objects.bulk_update(changed, SCENE_FIELDS)
    after = max((row.position for row in stored.values()), default=-1) + 1
    new = [scene_id for scene_id in wanted if scene_id not in stored]
    SceneReport.objects.bulk_create(
        [SceneReport(report=report, scene_id=key, position=after + step, **wanted[key]) for step, key in enumerate(new)]
    )


@transaction.atomic
def wrap_shoot_day(*, report: DailyReport, by: User | None, at: dt.datetime | None = None) -> DailyReport:
    """Submit the report: the day has wrapped and its call sheet is frozen.

    Needs call and wrap. Whoever's hours were not typed gets them from their call to the day's wrap. A report that is
    submitted already is returned as it is.
    """
    now = at or timezone.now()
    day = call_sheets.hold(report.shoot_day)
    row = DailyReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if row.state != ReportState.DRAFT:
        return row
    if row.call_minute is None:
        raise Refused("call_missing", _("Type the call before you wrap the day."), field="call_minute")
    if row.wrap_minute is None:
        raise Refused("wrap_missing", _("Type the wrap before you wrap the day."), field="wrap_minute")
    if not row.scenes.exists():
        raise Refused("no_scenes", _("The report has no scenes. Plan some on the board, or add those that were shot."))
    _default_hours(row, day)
    DailyReport.objects.filter(pk=row.pk).update(
        state=ReportState.SUBMITTED, submitted_by=by, submitted_at=now, version=F("version") + 1, updated_at=now
    )
    call_sheets.freeze(shoot_day=day, call_minute=row.call_minute, wrap_minute=row.wrap_minute, by=by, at=at)
    production = day.production
    move_stage(production_id=production.pk, to=Stage.SHOOT, by=by, at=at)
    publish(
        DailyReportSubmitted(
            studio_id=production.studio_id, production_id=production.pk, report_id=row.pk, shoot_day_id=day.pk,
            call_minute=row.call_minute, wrap_minute=row.wrap_minute,
        ),
        by=by, at=at,
    )  # fmt: skip
    others = users_with("shoot.approve", production)
    tell(
        users=others.exclude(pk=by.pk) if by is not None else others, studio_id=production.studio_id,
        production_id=production.pk, kind="shooting.report_submitted", url=f"/shoot-days/{day.pk}/",
        dedupe=f"report-submitted:{row.pk}:{row.version}",
        params={
            "title": production.title, "number": day.number,
            "shot": row.scenes.filter(result=SceneResult.SHOT).count(), "planned": row.scenes.count(),
        },
    )  # fmt: skip
    row.refresh_from_db()
    return row


def _default_hours(report: DailyReport, day: ShootDay) -> None:
    """Hours of everybody called whose hours nobody typed; who was called after the wrap did not work."""
    assert report.wrap_minute is not None
    report.time_sheets.filter(typed=False).delete()
    typed = set(report.time_sheets.values_list("engagement", flat=True))
    calls = expected_calls(day)
    there = set(Engagement.objects.filter(production=day.production_id, pk__in=calls).values_list("pk", flat=True))
    TimeSheet.objects.bulk_create(
        [
            TimeSheet(report=report, engagement_id=key, call_minute=call, wrap_minute=report.wrap_minute)
            for key, call in calls.items()
            if key in there and key not in typed and call < report.wrap_minute
        ]
    )


@transaction.atomic
def approve_daily_report(*, report: DailyReport, by: User | None, at: dt.datetime | None = None) -> DailyReport:
    """Stand for a submitted report; what was not finished goes back to be planned again. Approving twice is once."""
    from scheduling.actions import note_scenes_owed

    now = at or timezone.now()
    day = call_sheets.hold(report.shoot_day)
    row = DailyReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if row.state == ReportState.APPROVED:
        return row
    if row.state != ReportState.SUBMITTED:
        raise Refused("report_not_submitted", _("Wrap the day first; a draft cannot be approved."), conflict=True)
    DailyReport.objects.filter(pk=row.pk).update(
        state=ReportState.APPROVED, approved_by=by, approved_at=now, version=F("version") + 1, updated_at=now
    )
    call_sheets.close_day(shoot_day=day, at=at)
    results = dict(row.scenes.order_by("position").values_list("scene", "result"))
    shot = [scene_id for scene_id, result in results.items() if result == SceneResult.SHOT]
    planned = PlannedScene.objects.filter(shoot_day=day).values_list("scene", flat=True)
    # A scene planned after the report was opened is as much owed as one that was marked so.
    owed = sorted((set(planned) | set(results)) - set(shot))
    if owed:
        note_scenes_owed(shoot_day=day, scene_ids=owed, by=by, at=at)
    production = day.production
    move_stage(production_id=production.pk, to=Stage.SHOOT, by=by, at=at)
    publish(
        DailyReportApproved(
            studio_id=production.studio_id, production_id=production.pk, report_id=row.pk, shoot_day_id=day.pk,
            shot_scene_ids=shot,
        ),
        by=by, at=at,
    )  # fmt: skip
    row.refresh_from_db()
    return row


@transaction.atomic
def reopen_report(
    *, report: DailyReport, by: User | None, reason: str = "", at: dt.datetime | None = None
) -> DailyReport:
    """Make a submitted or approved report a draft again. An approved one needs a reason, as others acted on it."""
    now = at or timezone.now()
    day = call_sheets.hold(report.shoot_day)
    row = DailyReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if row.state == ReportState.DRAFT:
        return row
    approved = row.state == ReportState.APPROVED
    if approved and not reason.strip():
        raise Refused("reason_missing", _("Say why an approved report is opened again."), field="reason")
    DailyReport.objects.filter(pk=row.pk).update(
        state=ReportState.DRAFT, approved_by=None, approved_at=None, submitted_by=None, submitted_at=None,
        version=F("version") + 1, updated_at=now,
    )  # fmt: skip
    call_sheets.thaw(shoot_day=day, at=at)
    production = day.production
    publish(
        DailyReportReopened(
            studio_id=production.studio_id, production_id=production.pk, report_id=row.pk, shoot_day_id=day.pk,
            approved=approved, reason=reason.strip()[:300],
        ),
        by=by, at=at,
    )  # fmt: skip
    row.refresh_from_db()
    return row
