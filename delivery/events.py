"""Facts of the delivery room. A delivery is one episode for one platform; a package is the title for it."""

from __future__ import annotations

import dataclasses

from studio.facts import Fact


@dataclasses.dataclass(frozen=True, kw_only=True)
class PackageOpened(Fact):
    subject_kind = "delivery.package"

    package_id: int
    platform_code: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PackageEdited(Fact):
    subject_kind = "delivery.package"

    package_id: int
    synopsis: str
    tagline: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class MasterAttached(Fact):
    """A delivery got another master; what was found on the one before no longer counts."""

    subject_kind = "delivery.deliverable"

    deliverable_id: int
    package_id: int
    master_id: int
    master_version: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class PackageInspected(Fact):
    """Episodes by number: `ready` may be sent, `failed` may not."""

    subject_kind = "delivery.package"

    package_id: int
    ready: list[int]
    failed: list[int]
    title_errors: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class FindingOverridden(Fact):
    subject_kind = "delivery.deliverable"

    deliverable_id: int
    package_id: int
    episode_number: int
    reason: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PackageSent(Fact):
    """A round went out; `episodes` are the numbers it held."""

    subject_kind = "delivery.package"

    package_id: int
    platform_code: str
    round: int
    episodes: list[int]


@dataclasses.dataclass(frozen=True, kw_only=True)
class PackageSendFailed(Fact):
    subject_kind = "delivery.package"

    package_id: int
    platform_code: str
    round: int
    reason: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class VerdictReceived(Fact):
    """What a platform said of an episode, or of the title when `deliverable_id` is None."""

    subject_kind = "delivery.deliverable"

    verdict_id: int
    package_id: int
    platform_code: str
    deliverable_id: int | None
    episode_number: int | None
    code: str
    reason: str
    round: int

    @property
    def subject(self) -> str:
        if self.deliverable_id is None:
            return f"delivery.package:{self.package_id}"
        return f"delivery.deliverable:{self.deliverable_id}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class PackageAccepted(Fact):
    """The platform accepted the title: by a verdict of its own, or every episode of it."""

    subject_kind = "delivery.package"

    package_id: int
    platform_code: str
    round: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class WentLive(Fact):
    subject_kind = "delivery.package"

    package_id: int
    platform_code: str
    live_at: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class TakenDown(Fact):
    subject_kind = "delivery.package"

    package_id: int
    platform_code: str
    reason: str
    taken_down_at: str
