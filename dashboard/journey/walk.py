"""A title on its way, and how a step of it is taken and told."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
from collections.abc import Callable

from django.utils import timezone

from dashboard.journey.work import JobFailed, JourneyFailed, Waiter
from scheduling.models import Stripboard
from studio.choices import JobState
from studio.models import Job, Production, Studio, User


@dataclasses.dataclass
class Step:
    """One line of the journey's report."""

    name: str
    rows: dict[str, int | str]
    seconds: float = 0.0
    jobs: int = 0


@dataclasses.dataclass
class Walk:
    """A title on its way. `on` is the first shoot date; `log` hears each step as it ends."""

    studio: Studio
    users: dict[str, User]
    waiter: Waiter
    on: dt.date
    title: str = "第一道光"
    code: str = "GUANG01"
    solve_seconds: int = 3
    log: Callable[[Step], None] = lambda step: None
    steps: list[Step] = dataclasses.field(default_factory=list)
    production: Production = dataclasses.field(init=False)
    board: Stripboard = dataclasses.field(init=False)

    def user(self, role: str) -> User:
        return self.users.get(role) or self.users["owner"]

    def at(self, date: dt.date, minute: int = 0) -> dt.datetime:
        """A moment in the studio's zone; minutes may pass midnight."""
        start = dt.datetime.combine(date, dt.time(), self.studio.zone)
        return start + dt.timedelta(minutes=minute)

    def step(self, name: str, work: Callable[[], dict[str, int | str]]) -> Step:
        started = time.perf_counter()
        ended = Job.objects.filter(studio=self.studio, state=JobState.DONE)
        before = ended.count()
        try:
            rows = work()
            self.waiter.settle(self.studio.pk)
        except JobFailed as failed:
            raise JourneyFailed(f"{name}: {failed}") from failed
        done = Step(name, rows, time.perf_counter() - started, ended.count() - before)
        self.steps.append(done)
        self.log(done)
        return done


def today(studio: Studio) -> dt.date:
    return timezone.now().astimezone(studio.zone).date()
