"""Hours and rest: what a shoot day asks of people, as it was reported or as it would be wrapped now.

Reasons in words that block nothing; a long day says each kind once, with the names behind it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scheduling.call_sheet_draft import draft_call_sheet, in_force
from scheduling.call_sheet_warnings import Alarm
from scheduling.models import ShootDay
from shooting.models import DailyReport, TimeSheet
from studio.models import Engagement
from studio.values.meals import late_meals

SENTENCES: dict[str, Promise | str] = {
    "long_hours": _("%(name)s worked %(length)s; the studio's longest day is %(limit)s."),
    "short_rest": _("%(name)s had %(rest)s of rest since the last wrap; the terms say %(needed)s."),
    "no_rest_day": _("%(name)s has worked seven days running without a day of rest."),
    "late_meal": _("The meal came %(length)s after the call; it is due within %(limit)s."),
    "no_meal": _("No meal is on the report of a day of %(length)s."),
    "late_next_meal": _("The second meal came %(length)s after the first ended; it is due within %(limit)s."),
    "no_next_meal": _(
        "No further meal is on the report, %(length)s after the last one ended; it is due within %(limit)s."
    ),
}
# What several people share, told of the one it is worst for; then a line for each of them.
TOGETHER: dict[str, Promise | str] = {
    "long_hours": _("%(count)s people worked longer than %(limit)s (longest %(name)s, %(length)s)."),
    "short_rest": _(
        "%(count)s people had less rest since the last wrap than their terms say (least %(name)s, %(rest)s of %(needed)s)."
    ),
    "no_rest_day": _("%(count)s people have worked seven days running without a day of rest."),
}
EACH: dict[str, Promise | str] = {
    "long_hours": _("%(name)s %(length)s"),
    "short_rest": _("%(name)s %(rest)s of %(needed)s"),
    "no_rest_day": "%(name)s",
}
WORST: dict[str, Callable[[Alarm], int]] = {
    "long_hours": lambda alarm: -int(alarm.params["length_minutes"]),
    "short_rest": lambda alarm: int(alarm.params["rest_minutes"]),
    "no_rest_day": lambda alarm: 0,
}


@dataclasses.dataclass(frozen=True)
class AlarmGroup:
    """Alarms of one kind: their sentence, and a line for each person when they are several."""

    code: str
    message: str
    lines: tuple[str, ...]


def grouped(alarms: Iterable[Alarm]) -> list[AlarmGroup]:
    """Each kind of alarm once, in the order they came, its people from the worst on."""
    kinds: dict[str, list[Alarm]] = defaultdict(list)
    for alarm in alarms:
        kinds[alarm.code].append(alarm)
    groups = []
    for code, found in kinds.items():
        if len(found) == 1:
            groups.append(AlarmGroup(code, found[0].message, ()))
            continue
        found.sort(key=WORST[code])
        together = Alarm(code, {**found[0].params, "count": len(found)}, TOGETHER[code])
        lines = tuple(Alarm(code, alarm.params, EACH[code]).message for alarm in found)
        groups.append(AlarmGroup(code, together.message, lines))
    return groups


@dataclasses.dataclass(frozen=True)
class Span:
    """One engagement's hours of a day, in minutes from its midnight."""

    engagement: Engagement
    call: int
    wrap: int


def expected_calls(day: ShootDay) -> dict[int, int]:
    """Engagement -> call of everybody who is to come: the sheet that people came by counts, not what the plan says by now."""
    sheet = in_force(day)
    if sheet is None:
        return {call.engagement_id: call.call_minute for call in draft_call_sheet(day).calls}
    calls = {row["engagement"]: row["makeup"] for row in sheet.data["cast"]}
    return calls | {row["engagement"]: row["call"] for row in sheet.data["crew"]}


def hours_and_rest(report: DailyReport) -> list[Alarm]:
    """Alarms of a report's hours: length, rest before it, the seventh day, the meal. They block nothing. Two queries."""
    rows = report.time_sheets.select_related("engagement__person").order_by("engagement__department", "id")
    spans = [Span(row.engagement, row.call_minute, row.wrap_minute) for row in rows]
    return _alarms(report.shoot_day, report.call_minute, report.meals, report.wrap_minute, spans)


def hours_if_wrapped(
    day: ShootDay, report: DailyReport | None, *, call: int, meals: Sequence[tuple[int, int | None]], wrap: int
) -> list[Alarm]:
    """The same for a day that would wrap now with these times: typed hours stay, the others run from call to wrap."""
    typed = (
        {row.engagement_id: (row.call_minute, row.wrap_minute) for row in report.time_sheets.filter(typed=True)}
        if report is not None
        else {}
    )
    hours = {key: (start, wrap) for key, start in expected_calls(day).items() if start < wrap} | typed
    engaged = Engagement.objects.filter(production=day.production_id, pk__in=hours).select_related("person")
    spans = [Span(row, *hours[row.pk]) for row in engaged.order_by("department", "id")]
    return _alarms(day, call, meals, wrap, spans)


def _alarms(
    day: ShootDay,
    call: int | None,
    meals: Sequence[tuple[int, int | None]],
    wrap: int | None,
    spans: Sequence[Span],
) -> list[Alarm]:
    """Rest and days running are counted over all titles of the studio the person works on. One query."""
    studio = day.production.studio
    found: list[Alarm] = []

    def add(code: str, **params: object) -> None:
        found.append(Alarm(code, params, SENTENCES[code]))

    if call is not None and wrap is not None:
        limit = studio.meal_after_minutes
        for late in late_meals(call, wrap, meals, limit):
            length = limit + late.late_minutes
            if late.number == 0:
                add("no_meal" if late.start is None else "late_meal", length_minutes=length, limit_minutes=limit)
            else:
                code = "no_next_meal" if late.start is None else "late_next_meal"
                add(code, length_minutes=length, limit_minutes=limit)
    worked_on, wraps = _days_before(day, {span.engagement.person_id for span in spans})
    hours: dict[int, tuple[int, int]] = {}
    terms: dict[int, tuple[str, int]] = {}
    for span in spans:
        person = span.engagement.person
        start, end = hours.get(person.pk, (span.call, span.wrap))
        hours[person.pk] = (min(start, span.call), max(end, span.wrap))
        own = span.engagement.rest_minutes
        needed = own if own is not None else studio.rest_minutes
        terms[person.pk] = (person.name, max(needed, terms.get(person.pk, ("", 0))[1]))
    for person_id, (start, end) in hours.items():
        name, needed = terms[person_id]
        if end - start > studio.day_minutes:
            add("long_hours", name=name, length_minutes=end - start, limit_minutes=studio.day_minutes)
        if person_id in wraps and start - wraps[person_id] < needed:
            rest = max(0, start - wraps[person_id])
            add("short_rest", name=name, rest_minutes=rest, needed_minutes=needed)
        if len(worked_on[person_id]) == 6:
            add("no_rest_day", name=name)
    return found


def _days_before(day: ShootDay, people: Iterable[int]) -> tuple[dict[int, set[dt.date]], dict[int, int]]:
    """Person -> dates worked in the six days before; and yesterday's wrap in minutes of this day."""
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
    return worked_on, wraps
