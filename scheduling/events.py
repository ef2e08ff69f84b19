"""Facts of the scheduling room."""

from __future__ import annotations

import dataclasses

from studio.facts import Fact


@dataclasses.dataclass(frozen=True, kw_only=True)
class SetPlaced(Fact):
    """A set of the story has a location, or lost it (`location_id` None)."""

    subject_kind = "scheduling.set"

    set_id: int
    location_id: int | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class LocationBooked(Fact):
    subject_kind = "scheduling.booking"

    booking_id: int
    location_id: int
    start_at: str
    end_at: str
    price_minor: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class BookingCancelled(Fact):
    subject_kind = "scheduling.booking"

    booking_id: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class RoleCast(Fact):
    subject_kind = "scheduling.casting"

    casting_id: int
    character_id: int
    engagement_id: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class PersonUnavailable(Fact):
    """Belongs to the studio, not to one title: a person may work on several."""

    subject_kind = "studio.person"

    person_id: int
    from_date: str
    to_date: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class StripboardDrafted(Fact):
    subject_kind = "scheduling.stripboard"

    stripboard_id: int
    name: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class StripboardSolved(Fact):
    subject_kind = "scheduling.stripboard"

    stripboard_id: int
    total_minor: int
    bound_minor: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class StripboardLocked(Fact):
    """The board the shoot follows; `shoot_day_ids` are the days it planned, in order."""

    subject_kind = "scheduling.stripboard"

    stripboard_id: int
    shoot_day_ids: list[int]
    reason: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScenesOwed(Fact):
    """Scenes that a shoot day planned and did not shoot."""

    subject_kind = "scheduling.shoot_day"

    shoot_day_id: int
    scene_ids: list[int]
