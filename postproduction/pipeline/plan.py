"""When each step of an episode is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from .steps import Pipeline, PipelineFault

# Farther than this a plan says nothing; it also ends the search for a working day where none is left.
HORIZON_DAYS = 3660


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days on which nobody works: weekdays (Monday 0) and single dates; `worked` wins over both.

    The trade shoots and cuts at weekends, so by default every day is worked.
    """

    weekly_off: frozenset[int] = frozenset()
    off: frozenset[dt.date] = frozenset()
    worked: frozenset[dt.date] = frozenset()

    def works(self, day: dt.date) -> bool:
        return day in self.worked or not (day.weekday() in self.weekly_off or day in self.off)


@dataclass(frozen=True, slots=True)
class Planned:
    """A step with its first and last working date."""

    code: str
    start_date: dt.date
    due_date: dt.date

    def to_json(self) -> dict[str, str]:
        return {"code": self.code, "start": self.start_date.isoformat(), "due": self.due_date.isoformat()}


@dataclass(slots=True)
class _Days:
    """Working days counted from the start, looked up once each."""

    calendar: Calendar
    start: dt.date
    found: list[dt.date] = field(default_factory=list)

    def __getitem__(self, index: int) -> dt.date:
        while len(self.found) <= index:
            passed = (self.found[-1] - self.start).days + 1 if self.found else 0
            self.found.append(self._next(passed))
        return self.found[index]

    def _next(self, passed: int) -> dt.date:
        last = min(HORIZON_DAYS, (dt.date.max - self.start).days)
        for days in range(passed, last + 1):
            day = self.start + dt.timedelta(days)
            if self.calendar.works(day):
                return day
        raise PipelineFault(
            "beyond_horizon", "The work does not end within ten years on the working days of this calendar."
        )


def plan(
    pipeline: Pipeline,
    start: dt.date,
    minutes_per_day: int | Mapping[str, int],
    calendar: Calendar | None = None,
    *,
    done: Collection[str] = (),
) -> list[Planned]:
    """First and last date of each step that is not done, in working order.

    `minutes_per_day` is what a department gives this work on a working day, one number for all or one per
    department (`""` for those not named). A department does one step after another; departments work side by
    side. Raises PipelineFault where a department has no minutes or the calendar no days.
    """
    finished = set(done)
    for code in finished:
        pipeline.step(code)
    days = _Days(calendar or Calendar(), start)
    # Moments are exact fractions of a working day since the start, as departments have days of different length.
    ended: dict[str, Fraction] = dict.fromkeys(finished, Fraction(0))
    free: dict[str, Fraction] = {}
    planned = []
    for code in pipeline.order():
        if code in finished:
            continue
        step = pipeline.step(code)
        begin = max(
            [
                free.get(step.department, Fraction(0)),
                *(ended[earlier] for earlier in step.after if earlier in ended),
            ]
        )
        length = Fraction(step.minutes, _capacity(minutes_per_day, step.department)) if step.minutes else Fraction(0)
        ended[code] = begin + length
        if length:
            free[step.department] = ended[code]
        last = max(0, -(-ended[code] // 1) - 1)
        planned.append(Planned(code, days[min(int(begin), last)], days[last]))
    return planned


def _capacity(minutes_per_day: int | Mapping[str, int], department: str) -> int:
    if isinstance(minutes_per_day, Mapping):
        minutes = minutes_per_day.get(department, minutes_per_day.get("", 0))
    else:
        minutes = minutes_per_day
    if isinstance(minutes, bool) or not isinstance(minutes, int) or minutes <= 0:
        raise PipelineFault(
            "no_minutes", "Department {department} has no minutes a day to work with.", department=department
        )
    return minutes
