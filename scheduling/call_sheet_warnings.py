"""What a call sheet asks too much of people: reasons in words, computed in bulk. The caller decides; nothing is blocked."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scheduling.call_sheet_clock import clock, length
from scheduling.call_sheet_draft import Draft
from scheduling.choices import CallSheetState, ShootDayState
from scheduling.models import CallSheetRecipient, ShootDay, Unavailability

SENTENCES: dict[str, Promise | str] = {
    "short_rest": _("%(name)s has %(rest)s of rest since the last wrap; the terms say %(needed)s."),
    "late_meal": _("From %(from)s to %(to)s nobody eats: longer than %(limit)s."),
    "long_day": _("The day is planned for %(length)s; the studio's longest is %(limit)s."),
    "away": _("%(name)s is away on this day: %(reason)s"),
    "uncast": _("Nobody plays “%(role)s” yet, so nobody is called for it."),
    "no_address": _("%(name)s has neither an account nor an e-mail address and will not be told."),
}


@dataclasses.dataclass(frozen=True)
class Alarm:
    """A reason with what it speaks of; `message` is the sentence in the reader's language.

    `params` named `*_minutes` are stretches of time, which the sentence names without the ending and tells in hours.
    """

    code: str
    params: dict[str, Any]
    text: Promise | str

    @property
    def message(self) -> str:
        told = {
            key.removesuffix("_minutes"): length(value) if key.endswith("_minutes") else value
            for key, value in self.params.items()
        }
        return str(self.text) % told


def alarm(code: str, **params: Any) -> Alarm:
    return Alarm(code, params, SENTENCES[code])


def last_wraps(shoot_day: ShootDay, person_ids: list[int]) -> dict[int, int]:
    """When each person wrapped on the day before, in minutes of this day (so mostly negative), over all titles."""
    before = shoot_day.date - dt.timedelta(days=1)
    wraps: dict[int, int] = {}
    rows = (
        CallSheetRecipient.objects.filter(person__in=person_ids, call_sheet__shoot_day__date=before)
        .exclude(call_sheet__state=CallSheetState.REVISED)
        .exclude(call_sheet__shoot_day__state=ShootDayState.CANCELLED)
        .values_list("person", "call_sheet__shoot_day__wrap_minute")
    )
    for person_id, wrap in rows:
        wraps[person_id] = max(wraps.get(person_id, -1440), wrap - 1440)
    return wraps


def warnings_of(draft: Draft, shoot_day: ShootDay) -> list[Alarm]:
    """Rest under each person's terms, meals, the day's length, people away, roles without a player."""
    studio = shoot_day.production.studio
    found: list[Alarm] = []
    people = sorted({call.person_id for call in draft.calls})
    wraps = last_wraps(shoot_day, people)
    away = {
        row.person_id: row.reason
        for row in Unavailability.objects.filter(
            person__in=people, from_date__lte=shoot_day.date, to_date__gte=shoot_day.date
        )
    }
    seen: set[tuple[str, int]] = set()

    def once(code: str, person_id: int) -> bool:
        fresh = (code, person_id) not in seen
        seen.add((code, person_id))
        return fresh

    for call in draft.calls:
        engagement = draft.engagements[call.engagement_id]
        needed = engagement.rest_minutes if engagement.rest_minutes is not None else studio.rest_minutes
        if call.person_id in wraps:
            rest = call.call_minute - wraps[call.person_id]
            if rest < needed and once("short_rest", call.person_id):
                found.append(alarm("short_rest", name=call.name, rest_minutes=max(0, rest), needed_minutes=needed))
        if call.person_id in away and once("away", call.person_id):
            found.append(alarm("away", name=call.name, reason=away[call.person_id] or "—"))
        person = engagement.person
        if person.user_id is None and not person.email and once("no_address", call.person_id):
            found.append(alarm("no_address", name=call.name))
    found += [alarm("uncast", role=role) for role in draft.uncast]
    points = [draft.data["call"], *draft.data["meals"], draft.data["wrap"]]
    for start, end in itertools.pairwise(points):
        if end - start > studio.meal_after_minutes:
            values = {"from": clock(start), "to": clock(end), "limit_minutes": studio.meal_after_minutes}
            found.append(alarm("late_meal", **values))
    if draft.data["wrap"] - draft.data["call"] > studio.day_minutes:
        found.append(
            alarm("long_day", length_minutes=draft.data["wrap"] - draft.data["call"], limit_minutes=studio.day_minutes)
        )
    return found
