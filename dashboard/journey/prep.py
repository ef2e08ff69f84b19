"""From the script to the locked board: what the desk does before the first shoot day."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections import Counter
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from compliance import actions as compliance
from dashboard.journey import money, world
from dashboard.journey.walk import Walk
from dashboard.journey.work import JobFailed, JourneyFailed
from scheduling import actions as scheduling
from scheduling.models import Location, Set, ShootDay
from scripts_app import actions as scripts
from scripts_app import queries as script_queries
from scripts_app.importing import receive_script
from scripts_app.models import Character, Scene
from studio import actions as studio_actions
from studio.models import Engagement, Person, User


def open_title(walk: Walk) -> None:
    def work() -> dict[str, int | str]:
        walk.production = studio_actions.open_production(
            studio=walk.studio, title=walk.title, code=walk.code, by=walk.user("producer"),
            investment_minor=world.INVESTMENT_YUAN * 100, shoot_from_date=walk.on,
            deliver_by_date=walk.on + dt.timedelta(days=30),
        )  # fmt: skip
        return {"production": walk.production.pk, "title": walk.title}

    walk.step("open", work)


def import_script(walk: Walk, data: bytes, filename: str) -> None:
    def work() -> dict[str, int | str]:
        job = receive_script(
            production=walk.production, upload=SimpleUploadedFile(filename, data), by=walk.user("script_editor")
        )
        walk.waiter.settle(walk.studio.pk)
        people = Person.objects.filter(studio=walk.studio, name=world.WRITER)
        writer = people.first() or scheduling.add_person(
            studio=walk.studio, name=world.WRITER, phone=_phone(world.WRITER), by=walk.user("assistant_director")
        )
        scripts.name_writer(production=walk.production, person=writer, by=walk.user("script_editor"))
        revision = script_queries.current_revision(walk.production)
        if revision is None:
            job.refresh_from_db()
            raise JourneyFailed(f"import: {job.error or 'no revision was made'}")
        return {
            "episodes": walk.production.episodes.count(),
            "scenes": walk.production.scenes.count(),
            "roles": walk.production.characters.count(),
            "characters": revision.characters_count,
            "remarks": len(revision.faults),
        }

    walk.step("import", work)


def breakdown(walk: Walk) -> None:
    def work() -> dict[str, int | str]:
        revision = script_queries.current_revision(walk.production)
        breakdown = script_queries.current_breakdown(walk.production)
        assert revision is not None
        assert breakdown is not None
        for scene in script_queries.unclear_scenes(walk.production):
            # What the writer left open, the assistant director settles before the breakdown is stood for.
            scripts.edit_scene(
                scene=scene, by=walk.user("assistant_director"), set_name=scene.set_name or "未定场景",
                int_ext=scene.int_ext or "int", time_of_day=scene.time_of_day or "day",
            )  # fmt: skip
        scripts.review_revision(
            revision=revision, kind="editorial", verdict="pass", notes="节奏紧，第三集钩子成立。",
            by=walk.user("script_editor"),
        )  # fmt: skip
        scripts.give_greenlight(production=walk.production, by=walk.user("producer"))
        scripts.approve_breakdown(breakdown=breakdown, by=walk.user("producer"))
        scenes = walk.production.scenes.filter(state="active")
        return {
            "sets": scenes.order_by().values("set_name").distinct().count(),
            "page_parts": sum(scenes.values_list("page_parts", flat=True)),
            "minutes_to_shoot": sum(scenes.values_list("shoot_minutes", flat=True)),
            "elements": walk.production.elements.count(),
        }

    walk.step("breakdown", work)


def classify(walk: Walk) -> None:
    def work() -> dict[str, int | str]:
        by = walk.user("compliance_officer")
        compliance.install_default_rules(studio=walk.studio)
        judged = compliance.classify_production(production=walk.production, by=by, on=walk.on)
        filed = money.file_title(walk, "planning", world.PLANNING_NUMBER, by)
        return {"class": judged.class_code, "rule": str(judged.rule), **filed}

    walk.step("class and filing", work)


def people(walk: Walk) -> None:
    def work() -> dict[str, int | str]:
        by = walk.user("assistant_director")
        for member in world.CREW:
            _engage(
                walk,
                member.name, member.department, member.job_title, member.day_rate_yuan, by,
                is_key_contact=member.contact,
            )  # fmt: skip
        scenes = Counter(
            pk
            for pk in Character.objects.filter(production=walk.production, is_crowd=False).values_list(
                "scenes__character", flat=True
            )
            if pk is not None
        )
        roles = {role.pk: role for role in walk.production.characters.filter(is_crowd=False)}
        order = sorted(roles.values(), key=lambda role: (-scenes[role.pk], role.pk))
        for place, role in enumerate(order):
            name, rate = (
                world.PERFORMERS[place]
                if place < len(world.PERFORMERS)
                else (f"群演{place + 1}", world.EXTRA_RATE_YUAN)
            )
            engagement = _engage(walk, name, "cast", f"饰 {role.name}"[:60], rate, by)
            scheduling.cast_role(character=role, engagement=engagement, by=by)
        return {"engagements": walk.production.engagements.count(), "roles_cast": len(order)}

    walk.step("people", work)


def _engage(walk, name: str, department: str, job_title: str, rate_yuan: int, by: User, **terms: Any) -> Engagement:
    person = Person.objects.filter(studio=walk.studio, name=name).first()
    if person is None:
        phone = _phone(name)
        person = scheduling.add_person(studio=walk.studio, name=name, phone=phone, by=by)
    return studio_actions.engage(
        production=walk.production, person=person, department=department, job_title=job_title, by=by,
        day_rate_minor=rate_yuan * 100, overtime_hour_minor=rate_yuan * 100 // 10, terms_signed_date=walk.on,
        **terms,
    )  # fmt: skip


def places(walk: Walk) -> None:
    def work() -> dict[str, int | str]:
        by = walk.user("assistant_director")
        scheduling.sync_sets(production=walk.production)
        sets = list(Set.objects.filter(production=walk.production).order_by("id"))
        bases = []
        for made in world.BASES:
            existing = walk.studio.film_bases.filter(name=made.name).first()
            bases.append(existing or scheduling.add_film_base(studio=walk.studio, by=by, **dataclasses.asdict(made)))
        outdoors = set(
            Scene.objects.filter(production=walk.production, int_ext="ext").values_list("set_name", flat=True)
        )
        for set_ in sets:
            base = bases[1 if set_.name in outdoors else 0]
            location = base.locations.filter(name=set_.name[:80]).first() or scheduling.add_location(
                base=base, name=set_.name[:80], by=by, hire_by="day", price_minor=world.LOCATION_DAY_YUAN * 100
            )
            scheduling.place_set(set_=set_, location=location, by=by)
        return {"bases": len(bases), "sets_placed": len(sets)}

    walk.step("places", work)


def solve(walk: Walk) -> None:
    """Draft a board with as many days as the minutes ask for, one more while the solver names a clash."""

    def work() -> dict[str, int | str]:
        by = walk.user("assistant_director")
        minutes = sum(walk.production.scenes.filter(state="active").values_list("shoot_minutes", flat=True))
        count = max(1, math.ceil(minutes / (walk.studio.day_minutes * 0.7)))
        for extra in range(6):
            dates = [walk.on + dt.timedelta(days=n) for n in range(count + extra)]
            board = scheduling.draft_board(
                production=walk.production, dates=dates, name=f"{len(dates)} 天版", by=by,
                limit_minutes=walk.studio.day_minutes,
            )  # fmt: skip
            job = scheduling.request_solve(board=board, by=by, seconds=walk.solve_seconds)
            try:
                walk.waiter.settle(walk.studio.pk)
            except JobFailed:
                job.refresh_from_db()
                job.delete()
                board.delete()
                continue
            board.refresh_from_db()
            if not board.strips.filter(day=None).exists():
                walk.board = board
                return {
                    "days": board.days.count(),
                    "strips": board.strips.count(),
                    "cost_fen": board.total_minor or 0,
                    "bound_fen": board.bound_minor or 0,
                }
            board.delete()
        raise JourneyFailed("solve: no board of up to six more days holds every scene")

    walk.step("solve", work)


def book(walk: Walk) -> None:
    """Book each location for the days on which the board uses it."""

    def work() -> dict[str, int | str]:
        by = walk.user("assistant_director")
        placed = dict(Set.objects.filter(production=walk.production).values_list("name", "location"))
        wanted: set[tuple[dt.date, int]] = set()
        for strip in walk.board.strips.exclude(day=None).select_related("day", "scene"):
            location_id = placed.get(strip.scene.set_name)
            if location_id is not None and strip.day is not None:
                wanted.add((strip.day.date, location_id))
        locations = Location.objects.select_related("base__studio").in_bulk({pk for _date, pk in wanted})
        total = 0
        for date, location_id in sorted(wanted):
            booking = scheduling.book_location(
                production=walk.production, location=locations[location_id], start_at=walk.at(date, 300),
                end_at=walk.at(date, 1440 + 120), by=by,
            )  # fmt: skip
            total += booking.price_minor
        return {"bookings": len(wanted), "price_fen": total}

    walk.step("bookings", work)


def lock(walk: Walk) -> None:
    def work() -> dict[str, int | str]:
        walk.board.refresh_from_db()
        scheduling.lock_board(board=walk.board, version=walk.board.version, by=walk.user("assistant_director"))
        return {"shoot_days": ShootDay.objects.filter(production=walk.production).count()}

    walk.step("lock", work)


def _phone(name: str) -> str:
    """A made-up number that is the same for a name in every run."""
    return f"138{int.from_bytes(name.encode()[:7], 'big') % 10**8:08d}"
