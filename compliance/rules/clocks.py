"""Clocks of a title's filings: what has waited too long, and what a date comes too near to."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from .faults import RuleFault

# An alarm of the first kind counts from a day that has passed, of the second towards a day that comes.
CLOCKS = {
    "nation": "With the national administration",
    "province": "With the provincial bureau",
    "platform": "With a platform",
    "returned": "Returned, the next round not handed in",
    "shoot": "Shoot without its planning filing",
    "delivery": "Delivery without a number",
    "consent": "Consent that is missing or ends",
}
ALARMS = {
    "waits": "The filing has been with the authority for {days} days.",
    "returned": "The filing was returned {days} days ago and the next round is not handed in.",
    "class_soon": "The shoot begins on {date} and the class of the title is not judged.",
    "shoot_soon": "The shoot begins on {date} and the planning filing is not granted.",
    "shoot_begun": "The shoot began on {date} and the planning filing is not granted.",
    "delivery_soon": "Delivery is due on {date} and the finished work has no number.",
    "delivery_late": "Delivery was due on {date} and the finished work has no number.",
    "consent_missing": "{count} consents are missing, the first of {name}.",
    "consent_ends": "The consent of {name} ends on {date}.",
}
Param = str | int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A filing with its authority since a day, or one that came back that day and was not handed in again."""

    key: str
    authority: str
    since: dt.date
    returned: bool = False


@dataclass(frozen=True, slots=True)
class TitleState:
    """What the clocks look at. Dates are None where they do not apply: not planned, or no longer to come."""

    waiting: Sequence[Waiting] = ()
    shoot_date: dt.date | None = None
    delivery_date: dt.date | None = None
    class_lacks: bool = False
    planning_lacks: bool = False
    number_lacks: bool = False
    consents_missing: Sequence[str] = ()
    consents_ending: Sequence[tuple[str, dt.date]] = ()


@dataclass(frozen=True, slots=True)
class Alarm:
    """`key` names it over the days it rings; `message` in English, `code` and `params` for other languages."""

    code: str
    clock: str
    key: str
    params: Mapping[str, Param]

    @property
    def message(self) -> str:
        return ALARMS[self.code].format_map(self.params)


def alarms(state: TitleState, days: Mapping[str, int], on: dt.date) -> list[Alarm]:
    """What rings on a day. `days` is the patience of each clock, or how long before its date it rings.

    Raises RuleFault for a clock that has no days, or fewer than none.
    """
    for name in CLOCKS:
        if days.get(name, -1) < 0:
            raise RuleFault("clock_days", "The clock {clock} needs a number of days, none or more.", clock=name)
    found = []
    for row in state.waiting:
        clock = "returned" if row.returned else row.authority
        waited = (on - row.since).days
        if waited > days[clock]:
            code = "returned" if row.returned else "waits"
            found.append(Alarm(code, clock, f"{code}:{row.key}", {"days": waited}))
    if state.class_lacks:
        found += _date_alarm("shoot", state.shoot_date, days, on, ("class_soon", "class_soon"))
    if state.planning_lacks:
        found += _date_alarm("shoot", state.shoot_date, days, on, ("shoot_soon", "shoot_begun"))
    if state.number_lacks:
        found += _date_alarm("delivery", state.delivery_date, days, on, ("delivery_soon", "delivery_late"))
    near = state.shoot_date is not None and (state.shoot_date - on).days <= days["consent"]
    if state.consents_missing and near:
        names = state.consents_missing
        found.append(Alarm("consent_missing", "consent", "consent_missing", {"count": len(names), "name": names[0]}))
    for name, until in state.consents_ending:
        if 0 <= (until - on).days <= days["consent"]:
            params = {"name": name, "date": until.isoformat()}
            found.append(Alarm("consent_ends", "consent", f"consent_ends:{name}:{until.isoformat()}", params))
    return found


def _date_alarm(
    clock: str, date: dt.date | None, days: Mapping[str, int], on: dt.date, codes: tuple[str, str]
) -> Iterable[Alarm]:
    if date is None or (date - on).days > days[clock]:
        return
    code = codes[0] if on < date else codes[1]
    yield Alarm(code, clock, f"{code}:{date.isoformat()}", {"date": date.isoformat()})


def default_clock_days() -> dict[str, int]:
    """Days to start from, as the trade waits; a studio sets its own."""
    text = files(__package__).joinpath("data/clocks.json").read_text("utf-8")
    return {name: int(row["days"]) for name, row in json.loads(text).items()}
