"""A shoot of two days whose every fen can be added up by hand.

Day 1 (12-02): scenes 1-1, 2-1 on the hired office, ten extras; day 2 (12-03): scene 3-1, the office not booked yet.
Lead 1,000.00 a day and 60.00 an hour over 12 hours; gaffer 500.00 and 40.00; director 800.00, no overtime.
Extras 135.00; the office 3,000.00 a day, booked for day 1 at 2,800.00. Both days are planned from 06:00 to 18:00.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from django.utils import timezone

from scheduling.models import Booking, Casting, FilmBase, Location, PlannedScene, Set, ShootDay, Stripboard
from scripts_app.models import Character, Revision, Scene, SceneCharacter, Script
from shooting.actions import approve_daily_report, log_and_wrap
from studio.actions import engage, ensure_episodes
from studio.models import Person

DAY_1, DAY_2 = dt.date(2026, 12, 2), dt.date(2026, 12, 3)
# Cast 100,000 + extras 135,000; crew 50,000; director 80,000; office 280,000.
PLANNED_1 = 645_000
# Lead, gaffer, director, and the office at its price.
PLANNED_2 = 530_000


@dataclasses.dataclass
class Shoot:
    production: Any
    days: list[Any]
    scenes: list[Any]
    engaged: dict[str, Any]
    booking: Any
    by: Any

    def wrap(self, number: int, *, minutes: dict[str, int], results: dict[str, str], approve: bool = False) -> Any:
        """Log and wrap a day: minutes worked by name, results by scene number. Everybody is called at 06:00."""
        day = self.days[number - 1]
        by_number = {scene.number: scene.pk for scene in self.scenes}
        known = getattr(ShootDay.objects.get(pk=day.pk), "report", None)
        report = log_and_wrap(
            shoot_day=day, version=known.version if known else 0, wrap=True, by=self.by, call_minute=360, wrap_minute=1080,
            scenes=[{"scene_id": by_number[name], "result": result} for name, result in results.items()],
            time_sheets=[
                {"engagement_id": self.engaged[name].pk, "call_minute": 360, "wrap_minute": 360 + worked}
                for name, worked in minutes.items()
            ],
        )  # fmt: skip
        return self.approve(report) if approve else report

    def approve(self, report: Any) -> Any:
        return approve_daily_report(report=report, by=self.by)


def build(production: Any, by: Any) -> Shoot:
    studio = production.studio
    script = Script.objects.create(production=production)
    revision = Revision.objects.create(
        script=script, number=1, source_name="a.txt", source_file="a.txt", source_sha256=f"shoot-{production.pk}"
    )
    base = FilmBase.objects.create(studio=studio, name=f"西影{production.pk}")
    office = Location.objects.create(base=base, name="办公室", price_minor=300_000, hire_by="day")
    Set.objects.create(production=production, name="办公室", location=office)
    lead = Character.objects.create(production=production, name="林叶")
    crowd = Character.objects.create(production=production, name="路人", is_crowd=True)
    episodes = ensure_episodes(production=production, numbers=[1, 2, 3])
    scenes = [
        Scene.objects.create(
            production=production, episode=episodes[n], number=f"{n}-1", sort_key=f"{n:04d}-0001", set_name="办公室",
            page_parts=n, seconds=60 * n, first_revision=revision,
        )
        for n in (1, 2, 3)
    ]  # fmt: skip
    for scene in scenes:
        SceneCharacter.objects.create(scene=scene, character=lead)
    SceneCharacter.objects.create(scene=scenes[1], character=crowd, count=10)
    terms = {
        "lead": ("cast", 100_000, 6_000), "gaffer": ("lighting", 50_000, 4_000), "director": ("direction", 80_000, 0),
        "cutter": ("post", 72_000, 0),
    }  # fmt: skip
    engaged = {
        name: engage(
            production=production, person=Person.objects.create(studio=studio, name=f"{name}{production.pk}"),
            department=department, job_title=name, by=by, day_rate_minor=rate, overtime_hour_minor=hour, day_minutes=720,
        )
        for name, (department, rate, hour) in terms.items()
    }  # fmt: skip
    Casting.objects.create(character=lead, engagement=engaged["lead"])
    board = Stripboard.objects.create(
        production=production, name="board", state="locked", locked_at=timezone.now(), extra_day_minor=13_500
    )
    days = []
    for number, (date, numbers) in enumerate(((DAY_1, (0, 1)), (DAY_2, (2,))), 1):
        day = ShootDay.objects.create(
            production=production, board=board, number=number, date=date, call_minute=360, wrap_minute=1080
        )
        for position, index in enumerate(numbers):
            PlannedScene.objects.create(shoot_day=day, scene=scenes[index], position=position)
        days.append(day)
    zone = studio.zone
    booking = Booking.objects.create(
        production=production, location=office, start_at=dt.datetime.combine(DAY_1, dt.time(6), zone),
        end_at=dt.datetime.combine(DAY_1, dt.time(20), zone), price_minor=280_000, state="confirmed",
    )  # fmt: skip
    return Shoot(production, days, scenes, engaged, booking, by)
