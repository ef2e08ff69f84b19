"""Facts of what watches a title's money."""

from __future__ import annotations

import dataclasses

from studio.facts import Fact


@dataclasses.dataclass(frozen=True, kw_only=True)
class FigureGiven(Fact):
    """A person said what an account will come to; without an amount, they went back to the computed figure."""

    subject_kind = "finance.figure"

    figure_id: int
    account: str
    amount_minor: int | None
    reason: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ForecastGiven(Fact):
    subject_kind = "finance.forecast"

    forecast_id: int
    platform_id: int
    amount_minor: int
    by_month: str
    reason: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ThresholdSet(Fact):
    subject_kind = "finance.alarm_rule"

    alarm_rule_id: int
    measure: str
    account: str
    threshold: int
    active: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class AlarmRaised(Fact):
    """A measure of a title passed the studio's threshold."""

    subject_kind = "finance.money_alarm"

    money_alarm_id: int
    measure: str
    about: str
    value: int
    threshold: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class AlarmSeen(Fact):
    """Somebody put their name under an alarm."""

    subject_kind = "finance.money_alarm"

    money_alarm_id: int
    answer: str
