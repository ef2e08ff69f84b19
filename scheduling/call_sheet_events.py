"""Facts of call sheets."""

from __future__ import annotations

import dataclasses

from studio.facts import Fact


@dataclasses.dataclass(frozen=True, kw_only=True)
class CallSheetIssued(Fact):
    """`told_ids`: the calls (CallSheetRecipient) that are new or differ from the revision before."""

    subject_kind = "scheduling.call_sheet"

    call_sheet_id: int
    shoot_day_id: int
    revision: int
    told_ids: list[int] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True, kw_only=True)
class CallConfirmed(Fact):
    subject_kind = "scheduling.call_sheet"

    call_sheet_id: int
    recipient_id: int
    person_id: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class CallSheetFrozen(Fact):
    """The day is over; minutes are those that were, not those that were planned."""

    subject_kind = "scheduling.shoot_day"

    shoot_day_id: int
    call_sheet_id: int | None
    call_minute: int
    wrap_minute: int
