"""The steps of the journey. Each is what a person of the studio does that day; jobs do the rest."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from compliance import actions as compliance
from dashboard.journey import money, set_days, world
from dashboard.journey.work import JobFailed, JourneyFailed, Waiter
from postproduction import actions as post
from scheduling import actions as scheduling
from scheduling.models import Set, ShootDay, Stripboard
from scripts_app import actions as scripts
from scripts_app import queries as script_queries
from scripts_app.importing import receive_script
from scripts_app.models import Character, Scene
from studio import actions as studio_actions
from studio.choices import JobState
from studio.models import Engagement, Job, Person, Production, Studio, User


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

    # --- script to board ----------------------------------------------------------------------------------------
    def open(self) -> None:
        def work() -> dict[str, int | str]:
            self.production = studio_actions.open_production(
                studio=self.studio, title=self.title, code=self.code, by=self.user("producer"),
                investment_minor=world.INVESTMENT_YUAN * 100, shoot_from_date=self.on,
                deliver_by_date=self.on + dt.timedelta(days=30),
            )  # fmt: skip
            return {"production": self.production.pk, "title": self.title}

        self.step("open", work)

    def import_script(self, data: bytes, filename: str) -> None:
        def work() -> dict[str, int | str]:
            job = receive_script(
                production=self.production, upload=SimpleUploadedFile(filename, data), by=self.user("script_editor")
            )
            self.waiter.settle(self.studio.pk)
            revision = script_queries.current_revision(self.production)
            if revision is None:
                job.refresh_from_db()
                raise JourneyFailed(f"import: {job.error or 'no revision was made'}")
            return {
                "episodes": self.production.episodes.count(),
                "scenes": self.production.scenes.count(),
                "roles": self.production.characters.count(),
                "characters": revision.characters_count,
                "remarks": len(revision.faults),
            }

        self.step("import", work)

    def breakdown(self) -> None:
        def work() -> dict[str, int | str]:
            revision = script_queries.current_revision(self.production)
            breakdown = script_queries.current_breakdown(self.production)
            assert revision is not None
            assert breakdown is not None
            for scene in script_queries.unclear_scenes(self.production):
                # What the writer left open, the assistant director settles before the breakdown is stood for.
                scripts.edit_scene(
                    scene=scene, by=self.user("assistant_director"), set_name=scene.set_name or "未定场景",
                    int_ext=scene.int_ext or "int", time_of_day=scene.time_of_day or "day",
                )  # fmt: skip
            scripts.review_revision(
                revision=revision, kind="editorial", verdict="pass", notes="节奏紧，第三集钩子成立。",
                by=self.user("script_editor"),
            )  # fmt: skip
            scripts.approve_breakdown(breakdown=breakdown, by=self.user("producer"))
            scenes = self.production.scenes.filter(state="active")
            return {
                "sets": scenes.order_by().values("set_name").distinct().count(),
                "page_parts": sum(scenes.values_list("page_parts", flat=True)),
                "minutes_to_shoot": sum(scenes.values_list("shoot_minutes", flat=True)),
                "elements": self.production.elements.count(),
            }

        self.step("breakdown", work)

    def classify(self) -> None:
        def work() -> dict[str, int | str]:
            by = self.user("compliance_officer")
            compliance.install_default_rules(studio=self.studio)
            judged = compliance.classify_production(production=self.production, by=by, on=self.on)
            filed = money.file_title(self, "planning", world.PLANNING_NUMBER, by)
            return {"class": judged.class_code, "rule": str(judged.rule), **filed}

        self.step("class and filing", work)

    def people(self) -> None:
        def work() -> dict[str, int | str]:
            by = self.user("assistant_director")
            for member in world.CREW:
                self._engage(
                    member.name, member.department, member.job_title, member.day_rate_yuan, by,
                    is_key_contact=member.contact,
                )  # fmt: skip
            scenes = Counter(
                pk
                for pk in Character.objects.filter(production=self.production, is_crowd=False).values_list(
                    "scenes__character", flat=True
                )
                if pk is not None
            )
            roles = {role.pk: role for role in self.production.characters.filter(is_crowd=False)}
            order = sorted(roles.values(), key=lambda role: (-scenes[role.pk], role.pk))
            for place, role in enumerate(order):
                name, rate = (
                    world.PERFORMERS[place]
                    if place < len(world.PERFORMERS)
                    else (f"群演{place + 1}", world.EXTRA_RATE_YUAN)
                )
                engagement = self._engage(name, "cast", f"饰 {role.name}"[:60], rate, by)
                scheduling.cast_role(character=role, engagement=engagement, by=by)
            return {"engagements": self.production.engagements.count(), "roles_cast": len(order)}

        self.step("people", work)

    def _engage(self, name: str, department: str, job_title: str, rate_yuan: int, by: User, **terms: Any) -> Engagement:
        person = Person.objects.filter(studio=self.studio, name=name).first()
        if person is None:
            phone = f"138{abs(hash_of(name)) % 10**8:08d}"
            person = scheduling.add_person(studio=self.studio, name=name, phone=phone, by=by)
        return studio_actions.engage(
            production=self.production, person=person, department=department, job_title=job_title, by=by,
            day_rate_minor=rate_yuan * 100, overtime_hour_minor=rate_yuan * 100 // 10, terms_signed_date=self.on,
            **terms,
        )  # fmt: skip

    def places(self) -> None:
        def work() -> dict[str, int | str]:
            by = self.user("assistant_director")
            scheduling.sync_sets(production=self.production)
            sets = list(Set.objects.filter(production=self.production).order_by("id"))
            bases = []
            for made in world.BASES:
                existing = self.studio.film_bases.filter(name=made.name).first()
                bases.append(
                    existing or scheduling.add_film_base(studio=self.studio, by=by, **dataclasses.asdict(made))
                )
            outdoors = set(
                Scene.objects.filter(production=self.production, int_ext="ext").values_list("set_name", flat=True)
            )
            for set_ in sets:
                base = bases[1 if set_.name in outdoors else 0]
                location = base.locations.filter(name=set_.name[:80]).first() or scheduling.add_location(
                    base=base, name=set_.name[:80], by=by, hire_by="day", price_minor=world.LOCATION_DAY_YUAN * 100
                )
                scheduling.place_set(set_=set_, location=location, by=by)
            return {"bases": len(bases), "sets_placed": len(sets)}

        self.step("places", work)

    def solve(self) -> None:
        """Draft a board with as many days as the minutes ask for, one more while the solver names a clash."""

        def work() -> dict[str, int | str]:
            by = self.user("assistant_director")
            minutes = sum(self.production.scenes.filter(state="active").values_list("shoot_minutes", flat=True))
            count = max(1, math.ceil(minutes / (self.studio.day_minutes * 0.62)))
            for extra in range(6):
                dates = [self.on + dt.timedelta(days=n) for n in range(count + extra)]
                board = scheduling.draft_board(
                    production=self.production, dates=dates, name=f"{len(dates)} 天版", by=by,
                    limit_minutes=self.studio.day_minutes,
                )  # fmt: skip
                job = scheduling.request_solve(board=board, by=by, seconds=self.solve_seconds)
                try:
                    self.waiter.settle(self.studio.pk)
                except JobFailed:
                    job.refresh_from_db()
                    job.delete()
                    board.delete()
                    continue
                board.refresh_from_db()
                if not board.strips.filter(day=None).exists():
                    self.board = board
                    return {
                        "days": board.days.count(),
                        "strips": board.strips.count(),
                        "cost_fen": board.total_minor or 0,
                        "bound_fen": board.bound_minor or 0,
                    }
                board.delete()
            raise JourneyFailed("solve: no board of up to six more days holds every scene")

        self.step("solve", work)

    def book(self) -> None:
        """Book each location for the days on which the board uses it."""

        def work() -> dict[str, int | str]:
            by = self.user("assistant_director")
            placed = dict(Set.objects.filter(production=self.production).values_list("name", "location"))
            wanted: set[tuple[dt.date, int]] = set()
            for strip in self.board.strips.exclude(day=None).select_related("day", "scene"):
                location_id = placed.get(strip.scene.set_name)
                if location_id is not None and strip.day is not None:
                    wanted.add((strip.day.date, location_id))
            from scheduling.models import Location

            locations = Location.objects.select_related("base__studio").in_bulk({pk for _date, pk in wanted})
            total = 0
            for date, location_id in sorted(wanted):
                booking = scheduling.book_location(
                    production=self.production, location=locations[location_id], start_at=self.at(date, 300),
                    end_at=self.at(date, 1440 + 120), by=by,
                )  # fmt: skip
                total += booking.price_minor
            return {"bookings": len(wanted), "price_fen": total}

        self.step("bookings", work)

    def lock(self) -> None:
        def work() -> dict[str, int | str]:
            self.board.refresh_from_db()
            scheduling.lock_board(board=self.board, version=self.board.version, by=self.user("assistant_director"))
            return {"shoot_days": ShootDay.objects.filter(production=self.production).count()}

        self.step("lock", work)

    # --- set, post, delivery, money: in modules of their own ------------------------------------------------------
    def shoot(self, days: int | None = None, leave_owed: bool = True) -> None:
        set_days.shoot(self, days=days, leave_owed=leave_owed)

    def finish(self) -> None:
        from dashboard.journey import outbound

        outbound.post(self)
        self.step(
            "finished review",
            lambda: money.file_title(self, "finished", world.LICENCE_NUMBER, self.user("compliance_officer")),
        )
        outbound.deliver(self)
        money.costs(self)
        money.settle(self)
        money.check(self)

    def prepare(self, data: bytes, filename: str) -> None:
        """Everything before the first shoot day."""
        post.install_default_pipelines(studio=self.studio)
        self.open()
        self.import_script(data, filename)
        self.breakdown()
        self.classify()
        self.people()
        self.places()
        money.budget(self)
        self.solve()
        self.book()
        self.lock()

    def whole(self, data: bytes, filename: str) -> None:
        self.prepare(data, filename)
        self.shoot()
        self.finish()


def hash_of(text: str) -> int:
    """A number of a text that is the same in every process."""
    return int.from_bytes(text.encode()[:7], "big")


def today(studio: Studio) -> dt.date:
    return timezone.now().astimezone(studio.zone).date()
