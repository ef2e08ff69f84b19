"""Facts of the post room."""

from __future__ import annotations

import dataclasses

from studio.facts import Fact


@dataclasses.dataclass(frozen=True, kw_only=True)
class EpisodeOpened(Fact):
    """An episode entered post."""

    episode_id: int
    episode_number: int
    pipeline_id: int
    due_date: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PostTaskStarted(Fact):
    subject_kind = "postproduction.task"

    task_id: int
    episode_id: int
    step: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PostTaskFinished(Fact):
    """A step of an episode is done; `minutes` is the work of this round alone."""

    subject_kind = "postproduction.task"

    task_id: int
    episode_id: int
    episode_number: int
    step: str
    department: str
    round: int
    minutes: int
    person_id: int | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class PostTaskReopened(Fact):
    """A finished step is to be done again; `also` are the later steps it took back with it."""

    subject_kind = "postproduction.task"

    task_id: int
    episode_id: int
    step: str
    round: int
    note: str
    also: list[int]


@dataclasses.dataclass(frozen=True, kw_only=True)
class PostTasksAssigned(Fact):
    task_ids: list[int]
    person_id: int | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class MasterHandedIn(Fact):
    subject_kind = "postproduction.master"

    master_id: int
    episode_id: int
    version: int
    sha256: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class MasterMeasured(Fact):
    """A master was examined; `refusal_code` is empty when it may be approved."""

    subject_kind = "postproduction.master"

    master_id: int
    episode_id: int
    refusal_code: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class MasterApproved(Fact):
    subject_kind = "postproduction.master"

    master_id: int
    episode_id: int
    episode_number: int
    version: int
