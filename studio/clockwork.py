"""The clockwork: what is due in each studio at its own hour of its own day.

Rooms register jobs with `at_hour`; `turn` enqueues those whose hour has passed in the studio's zone. The job's
dedupe key holds kind, studio and local date, so turning twice, or late after a night without power, does it once.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

from studio.jobs import enqueue
from studio.models import Job, Studio


@dataclasses.dataclass(frozen=True)
class Chime:
    """`setting` names the studio's own column for the hour; `hour` holds where there is none."""

    kind: str
    hour: int
    setting: str = ""

    def hour_of(self, studio: Studio) -> int:
        return int(getattr(studio, self.setting)) if self.setting else self.hour


CHIMES: list[Chime] = []


def at_hour(kind: str, hour: int = 0, *, setting: str = "") -> None:
    """Enqueue `kind` with {"studio": id, "on": local ISO date} once a day from that local hour on.

    With `setting`, the hour is what that column of the studio says.
    """
    chime = Chime(kind, hour, setting)
    if chime not in CHIMES:
        CHIMES.append(chime)


def turn(now: dt.datetime) -> int:
    """Enqueue what is due at `now`; returns how many jobs are new."""
    new = 0
    for studio in Studio.objects.order_by("pk"):
        local = now.astimezone(studio.zone)
        for chime in CHIMES:
            if local.hour < chime.hour_of(studio):
                continue
            dedupe = f"clock:{chime.kind}:{studio.pk}:{local.date().isoformat()}"
            if Job.objects.filter(dedupe=dedupe).exists():
                continue
            enqueue(
                chime.kind, {"studio": studio.pk, "on": local.date().isoformat()}, studio_id=studio.pk, dedupe=dedupe
            )
            new += 1
    return new
