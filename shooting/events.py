"""Facts of the set."""

from __future__ import annotations

import dataclasses

from studio.facts import Fact


@dataclasses.dataclass(frozen=True, kw_only=True)
class DailyReportLogged(Fact):
    """Somebody saved a draft of the report."""

    subject_kind = "shooting.report"

    report_id: int
    shoot_day_id: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class DailyReportSubmitted(Fact):
    """The day has wrapped."""

    subject_kind = "shooting.report"

    report_id: int
    shoot_day_id: int
    call_minute: int
    wrap_minute: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class DailyReportApproved(Fact):
    """`shot_scene_ids`: the scenes that were finished on this day."""

    subject_kind = "shooting.report"

    report_id: int
    shoot_day_id: int
    shot_scene_ids: list[int]


@dataclasses.dataclass(frozen=True, kw_only=True)
class DailyReportReopened(Fact):
    """`approved`: whether it had been approved, so whether others have already acted on it."""

    subject_kind = "shooting.report"

    report_id: int
    shoot_day_id: int
    approved: bool
    reason: str
