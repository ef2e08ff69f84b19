"""Facts of the ground floor."""

from __future__ import annotations

import dataclasses

from studio.facts import Fact


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProductionOpened(Fact):
    title: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProductionStageMoved(Fact):
    stage: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class EngagementAdded(Fact):
    engagement_id: int
    person_id: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class TokenMade(Fact):
    subject_kind = "studio.token"

    token_id: int
    scopes: list[str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class TokenRevoked(Fact):
    subject_kind = "studio.token"

    token_id: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class MemberInvited(Fact):
    subject_kind = "studio.membership"

    membership_id: int
    user_id: int
    role: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class MemberRoleChanged(Fact):
    subject_kind = "studio.membership"

    membership_id: int
    user_id: int
    old_role: str
    role: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class MemberRemoved(Fact):
    subject_kind = "studio.membership"

    membership_id: int
    user_id: int
    role: str
