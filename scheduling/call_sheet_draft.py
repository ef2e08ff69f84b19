"""What a call sheet would say if it were issued now: plain data without a word of any language.

The draft is the preview, the frozen `CallSheet.data` and, compared with the last one, the answer to whether anything
changed.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Prefetch, Q

from scheduling.choices import CallSheetState, ShootDayState
from scheduling.daylight import daylight
from scheduling.models import BoardDay, CallSheet, PlannedScene, Set, ShootDay
from scripts_app.choices import Category, SceneState
from scripts_app.models import Element, SceneCharacter
from studio.choices import Department
from studio.models import Engagement

DEFAULT_MAKEUP_MINUTES = 60
# Writers and the cutting room get no call.
OFF_SET = (Department.POST, Department.WRITING)


@dataclasses.dataclass(frozen=True)
class Call:
    """One person's call as the draft has it."""

    engagement_id: int
    person_id: int
    name: str
    department: str
    job_title: str
    call_minute: int
    scene_numbers: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Draft:
    data: dict[str, Any]
    calls: tuple[Call, ...]
    engagements: dict[int, Engagement]
    uncast: tuple[str, ...]
    """Roles of the day's scenes that nobody plays yet."""


def in_force(shoot_day: ShootDay) -> CallSheet | None:
    """The sheet people go by, if one is out."""
    return CallSheet.objects.filter(shoot_day=shoot_day).exclude(state=CallSheetState.REVISED).first()


def draft_call_sheet(
    shoot_day: ShootDay,
    *,
    last: CallSheet | None = None,
    notes: str | None = None,
    calls: Mapping[int, int | None] | None = None,
    makeup_minutes: int | None = None,
) -> Draft:
    """Put the sheet together from the plan, the cast and the terms.

    What was typed on `last` (calls, notes) is kept unless told otherwise: `calls` maps an engagement to its minute, or
    to None to follow the plan again. The make-up lead is the title's last one unless given.
    """
    day = ShootDay.objects.select_related("production__studio", "base").get(pk=shoot_day.pk)
    studio = day.production.studio
    previous = last.data if last is not None else {}
    if makeup_minutes is None:
        makeup_minutes = previous.get("makeup_minutes", _usual_makeup(day))
    typed = {int(key): minute for key, minute in previous.get("typed_calls", {}).items()}
    for engagement_id, minute in (calls or {}).items():
        if minute is None:
            typed.pop(engagement_id, None)
        else:
            typed[engagement_id] = minute
    planned = _planned(day)
    engagements = {row.pk: row for row in _engaged(day)}
    players, uncast = _players(planned)
    scenes = _scene_rows(day, planned)
    people = _calls(day, planned, engagements, players, typed, makeup_minutes)
    base = day.base
    point = base if base is not None and base.latitude is not None else None
    light = daylight(day.date, float(point.latitude), float(point.longitude), studio.zone) if point else (None, None)  # type: ignore[arg-type]
    starts = [row.start_minute for row in planned if row.start_minute is not None]
    present = {call.engagement_id for call in people}
    data: dict[str, Any] = {
        "studio": studio.name,
        "title": day.production.title,
        "code": day.production.code,
        "unit": day.unit,
        "day_number": day.number,
        "day_count": ShootDay.objects.filter(production=day.production_id, unit=day.unit)
        .exclude(state=ShootDayState.CANCELLED)
        .count(),
        "date": day.date.isoformat(),
        "page_unit": studio.page_unit,
        "base": {
            "name": base.name, "city": base.city, "address": base.address, "contact": base.contact,
            "latitude": str(base.latitude) if base.latitude is not None else None,
            "longitude": str(base.longitude) if base.longitude is not None else None,
        } if base is not None else None,
        "call": day.call_minute,
        "first_shot": min(starts) if starts else None,
        "wrap": day.wrap_minute,
        "sunrise": light[0],
        "sunset": light[1],
        "scenes": scenes,
        "cast": _cast_rows(day, planned, engagements, players, people, makeup_minutes),
        "crew": [
            {"engagement": call.engagement_id, "name": call.name, "department": call.department,
             "job": call.job_title, "call": call.call_minute}
            for call in people if call.department != Department.CAST
        ],
        "meals": _meals(day, studio.meal_after_minutes),
        "notes": _notes(day.notes, previous.get("typed_notes", "") if notes is None else notes),
        "contacts": _contacts(engagements.values()),
        "next": _next_day(day),
        "makeup_minutes": makeup_minutes,
        "typed_calls": {str(key): typed[key] for key in sorted(typed) if key in present},
        "typed_notes": (previous.get("typed_notes", "") if notes is None else notes).strip(),
    }  # fmt: skip
    return Draft(data, tuple(people), engagements, tuple(uncast))


def _usual_makeup(day: ShootDay) -> int:
    last = CallSheet.objects.filter(shoot_day__production=day.production_id).order_by("-id").values_list("data").first()
    return int(last[0].get("makeup_minutes", DEFAULT_MAKEUP_MINUTES)) if last else DEFAULT_MAKEUP_MINUTES


def _planned(day: ShootDay) -> list[PlannedScene]:
    """The day's scenes in order, each with its roles and who plays them, and its extras."""
    roles = SceneCharacter.objects.select_related("character__casting__engagement__person").order_by("id")
    extras = Element.objects.filter(category=Category.EXTRAS).order_by("id")
    return list(
        PlannedScene.objects.filter(shoot_day=day, scene__state=SceneState.ACTIVE)
        .select_related("scene")
        .prefetch_related(Prefetch("scene__cast", queryset=roles), Prefetch("scene__needs", queryset=extras))
        .order_by("position", "id")
    )


def _engaged(day: ShootDay) -> Iterable[Engagement]:
    """Everybody whose terms cover the date."""
    return (
        Engagement.objects.filter(production=day.production_id)
        .filter(Q(from_date=None) | Q(from_date__lte=day.date), Q(to_date=None) | Q(to_date__gte=day.date))
        .exclude(department__in=OFF_SET)
        .select_related("person", "production")
        .order_by("department", "id")
    )


def _engagement_of(role: SceneCharacter) -> int | None:
    casting = getattr(role.character, "casting", None)
    return casting.engagement_id if casting is not None else None


def _players(planned: list[PlannedScene]) -> tuple[dict[int, dict[str, list[PlannedScene]]], list[str]]:
    """Engagement -> role -> its scenes of the day; and the roles that nobody plays. Crowds are extras, not roles."""
    players: dict[int, dict[str, list[PlannedScene]]] = defaultdict(lambda: defaultdict(list))
    uncast: list[str] = []
    for row in planned:
        for role in row.scene.cast.all():
            engagement_id = _engagement_of(role)
            if engagement_id is not None:
                players[engagement_id][role.character.name].append(row)
            elif not role.character.is_crowd and role.character.name not in uncast:
                uncast.append(role.character.name)
    return players, uncast


def _scene_rows(day: ShootDay, planned: list[PlannedScene]) -> list[dict[str, Any]]:
    places = {
        row.name: row.location.name
        for row in Set.objects.filter(production=day.production_id).exclude(location=None).select_related("location")
    }
    rows = []
    for item in planned:
        scene = item.scene
        crowd = [role for role in scene.cast.all() if role.character.is_crowd and _engagement_of(role) is None]
        extras = [f"{role.character.name}×{role.count}" if role.count > 1 else role.character.name for role in crowd]
        extras += [need.name for need in scene.needs.all() if need.name not in {role.character.name for role in crowd}]
        place = places.get(scene.set_name, "")
        rows.append(
            {
                "id": scene.pk,
                "number": scene.number,
                "int_ext": scene.int_ext,
                "time": scene.time_of_day or "day",
                "set": scene.set_name,
                "place": place if place != scene.set_name else "",
                "synopsis": scene.synopsis,
                "cast": [role.character.name for role in scene.cast.all() if role not in crowd],
                "extras": extras,
                "page_parts": scene.page_parts,
                "start": item.start_minute,
                "minutes": scene.shoot_minutes,
            }
        )
    return rows


def _calls(
    day: ShootDay,
    planned: list[PlannedScene],
    engagements: dict[int, Engagement],
    players: dict[int, dict[str, list[PlannedScene]]],
    typed: dict[int, int],
    makeup_minutes: int,
) -> list[Call]:
    """Who is called and when: crew at the day's call, cast before their first scene by the make-up lead."""
    found = []
    numbers_of_all = tuple(row.scene.number for row in planned)
    for pk, engagement in engagements.items():
        if engagement.department == Department.CAST:
            if pk not in players:
                continue
            mine = {row.pk: row for rows in players[pk].values() for row in rows}
            own = sorted(mine.values(), key=lambda row: row.position)
            starts = [row.start_minute for row in own if row.start_minute is not None]
            minute = max(0, min(starts) - makeup_minutes) if starts else day.call_minute
            numbers = tuple(row.scene.number for row in own)
        else:
            minute, numbers = day.call_minute, numbers_of_all
        found.append(
            Call(
                pk, engagement.person_id, engagement.person.name, engagement.department, engagement.job_title,
                typed.get(pk, minute), numbers,
            )
        )  # fmt: skip
    return sorted(found, key=lambda call: (call.call_minute, call.department != Department.CAST, call.engagement_id))


def _cast_rows(
    day: ShootDay,
    planned: list[PlannedScene],
    engagements: dict[int, Engagement],
    players: dict[int, dict[str, list[PlannedScene]]],
    people: list[Call],
    makeup_minutes: int,
) -> list[dict[str, Any]]:
    codes = _day_codes(day, [call.engagement_id for call in people if call.department == Department.CAST])
    rows = []
    for call in people:
        if call.department != Department.CAST:
            continue
        starts = [
            row.start_minute for rows_ in players[call.engagement_id].values() for row in rows_
            if row.start_minute is not None
        ]  # fmt: skip
        rows.append(
            {
                "engagement": call.engagement_id, "name": call.name, "role": list(players[call.engagement_id]),
                "code": codes.get(call.engagement_id, ""), "makeup": call.call_minute,
                "on_set": max(call.call_minute, min(starts)) if starts else None, "scenes": list(call.scene_numbers),
            }
        )  # fmt: skip
    return rows


def _day_codes(day: ShootDay, engagement_ids: list[int]) -> dict[int, str]:
    """Day-out-of-days codes of this day: SW first work, W work, WF last, SWF the only one."""
    if not engagement_ids:
        return {}
    works: dict[int, set[dt.date]] = defaultdict(set)
    for engagement_id, date in (
        PlannedScene.objects.filter(
            shoot_day__production=day.production_id, scene__state=SceneState.ACTIVE,
            scene__cast__character__casting__engagement__in=engagement_ids,
        )
        .exclude(shoot_day__state=ShootDayState.CANCELLED)
        .values_list("scene__cast__character__casting__engagement", "shoot_day__date")
        .distinct()
    ):  # fmt: skip
        works[engagement_id].add(date)
    return {
        pk: ("S" if day.date == min(dates) else "") + "W" + ("F" if day.date == max(dates) else "")
        for pk, dates in works.items()
    }


def _meals(day: ShootDay, after: int) -> list[int]:
    """The meals of the locked board where it reckoned any, else one each `after` minutes while the day lasts."""
    timeline = (
        BoardDay.objects.filter(board=day.board_id, date=day.date, unit=day.unit)
        .values_list("timeline", flat=True)
        .first()
    )
    if timeline and timeline.get("meals"):
        return [int(start) for start, _end in timeline["meals"]]
    return list(range(day.call_minute + after, day.wrap_minute, after)) if after else []


def _notes(*texts: str) -> list[str]:
    return [line.strip() for text in texts for line in text.splitlines() if line.strip()]


def _contacts(engagements: Iterable[Engagement]) -> list[dict[str, str]]:
    """Key contacts; where nobody is marked as one, the production department."""
    rows = list(engagements)
    key = [row for row in rows if row.is_key_contact] or [
        row for row in rows if row.department == Department.PRODUCTION and row.person.phone
    ]
    return [{"role": row.job_title, "name": row.person.name, "phone": row.person.phone} for row in key]


def _next_day(day: ShootDay) -> dict[str, Any] | None:
    following = (
        ShootDay.objects.filter(production=day.production_id, unit=day.unit, date__gt=day.date)
        .exclude(state=ShootDayState.CANCELLED)
        .select_related("base")
        .order_by("date")
        .first()
    )
    if following is None:
        return None
    return {
        "date": following.date.isoformat(), "day_number": following.number,
        "base": following.base.name if following.base is not None else "", "call": _planned_call(following),
        "scenes": [
            {"number": row.scene.number, "int_ext": row.scene.int_ext, "time": row.scene.time_of_day or "day",
             "set": row.scene.set_name,
             "cast": [role.character.name for role in row.scene.cast.all() if not role.character.is_crowd]}
            for row in _planned(following)
        ],
    }  # fmt: skip


def _planned_call(day: ShootDay) -> int:
    """The call as planned. A day that has wrapped carries the one that was; its frozen sheet knows the plan."""
    if day.state in {ShootDayState.WRAPPED, ShootDayState.APPROVED}:
        sheet = in_force(day)
        if sheet is not None:
            return int(sheet.data["call"])
    return day.call_minute
