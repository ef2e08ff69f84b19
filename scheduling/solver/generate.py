"""Seeded problems of three sizes that look like a micro-drama shoot."""

import random
from datetime import date, timedelta

from .problem import Base, Costs, Day, FilmSet, OpenWindow, Person, Problem, Rules, Scene, Weights

SIZES = {"small": (60, 4), "typical": (200, 8), "large": (400, 12)}
"""Name -> (scenes, days)."""


def generate(size: str, seed: int = 1) -> Problem:
    """A problem of a named size: about 85 % of normal hours in use, leads in most scenes, some people and sets away.

    A legal board exists for every seed tried by the tests; it is not built in by planting one. Raises KeyError for a
    size that is not in SIZES.
    """
    scenes, days = SIZES[size]
    return make_problem(scenes, days, seed)


def make_problem(scenes: int, days: int, seed: int) -> Problem:
    dice = random.Random(f"{scenes}/{days}/{seed}")
    bases = [f"B{n + 1}" for n in range(max(2, min(4, days // 3)))]
    first = date(2026, 5, 1)
    sets = make_sets(dice, bases, max(4, scenes // 8), days)
    people = make_people(dice, max(5, scenes // 9), days)
    weights = [8, 7, 4, 3, 3, *[1] * (len(people) - 5)]
    set_weights = [dice.choice((1, 1, 2, 3, 5)) for _ in sets]
    # Minutes per scene such that all of them, with dressing and meals, fill about 85 % of normal hours.
    mean = 0.78 * days * 720 / scenes
    made: list[Scene] = []
    for number in range(scenes):
        film_set, exterior = dice.choices(sets, set_weights)[0]
        night = dice.random() < (0.25 if exterior else 0.35)
        cast = cast_of(dice, people, weights, film_set)
        made.append(
            Scene(
                id=f"{number // 2 + 1}-{number % 2 + 1}",
                episode=number // 2 + 1,
                minutes=max(10, 5 * round(mean * dice.uniform(0.5, 1.5) / 5)),
                set=film_set.id,
                int_ext="ext" if exterior else "int",
                time_of_day="night" if night else dice.choice(("day", "day", "day", "dusk")),
                cast=cast,
                extras=dice.choice((0, 0, 0, 4, 10)) if exterior else dice.choice((0, 0, 0, 0, 3)),
                priority=dice.choice((0, 0, 0, 0, 1, 2)),
            )
        )
    return Problem(
        scenes=tuple(with_precedence(dice, made)),
        sets=tuple(s for s, _ in sets),
        bases=tuple(
            Base(b, {o: 30 + 15 * ((i + j) % 3) for j, o in enumerate(bases) if j > i}) for i, b in enumerate(bases)
        ),
        people=tuple(people),
        days=tuple(Day(d, first + timedelta(days=d - 1)) for d in range(1, days + 1)),
        rules=Rules(max_scenes_a_day=60, rest_minutes=540),
        costs=Costs(crew_day=2_500_000, overtime_per_hour=300_000, base_move=150_000, extra_day=15_000),
        weights=Weights(early_episodes=1_000, priority=2_000, set_change=3_000),
    )


def make_sets(dice: random.Random, bases: list[str], count: int, days: int) -> list[tuple[FilmSet, bool]]:
    made = []
    for number in range(count):
        exterior = dice.random() < 0.3
        hourly = dice.random() < 0.5
        open_days = None
        if dice.random() < 0.15:
            shut = dice.randrange(1, days + 1)
            opens, closes = hours_of(random.Random(f"{count}/{number}/{shut}"), exterior)
            open_days = tuple(OpenWindow(d, opens, closes) for d in range(1, days + 1) if d != shut)
        film_set = FilmSet(
            id=f"S{number + 1}",
            base=dice.choice(bases),
            price_per_hour=30_000 if hourly else 0,
            price_per_day=0 if hourly else dice.choice((150_000, 300_000, 500_000)),
            dressing_minutes=dice.choice((0, 10, 15, 20)),
            open=open_days,
        )
        made.append((film_set, exterior))
    return made


def hours_of(dice: random.Random, exterior: bool) -> tuple[int, int]:
    """Opening hours of a set that keeps some; an exterior stays open after dusk, so that its nights can be shot."""
    return dice.choice((360, 480, 540)), 1380 if exterior else dice.choice((1260, 1320, 1380))


def make_people(dice: random.Random, count: int, days: int) -> list[Person]:
    made = []
    for number in range(count):
        rate = dice.choice((600_000, 800_000, 1_200_000)) if number < 2 else dice.choice((200_000, 300_000, 400_000))
        if number >= 5:
            rate = dice.choice((30_000, 50_000, 80_000, 100_000))
        available = None
        if dice.random() < (0.25 if number < 5 else 0.4):
            length = dice.randint(max(1, days * 5 // 8), max(1, days - 1))
            first = dice.randint(1, days - length + 1)
            available = tuple(range(first, first + length))
        # The two leads are booked for the shoot; the rest may be away.
        made.append(Person(f"P{number + 1}", rate, 50 if number < 5 else 0, 1, None if number < 2 else available))
    return made


def cast_of(dice: random.Random, people: list[Person], weights: list[int], film_set: FilmSet) -> tuple[str, ...]:
    """One to four people who share a day on which the set is open."""
    wanted = dice.choices((1, 2, 3, 4), (2, 5, 3, 1))[0]
    open_days = None if film_set.open is None else {w.day for w in film_set.open}
    shared = open_days
    chosen: list[str] = []
    for _ in range(3 * wanted):
        person = dice.choices(people, weights)[0]
        days = shared if person.available is None else set(person.available) & (shared or set(person.available))
        if person.id in chosen or (days is not None and len(days) < 2):
            continue
        chosen.append(person.id)
        shared = days
        if len(chosen) == wanted:
            break
    return tuple(sorted(chosen, key=lambda p: int(p[1:])))


def with_precedence(dice: random.Random, scenes: list[Scene]) -> list[Scene]:
    """One scene in twenty must follow an earlier one of the same set (a wall breaks, hair is cut)."""
    from dataclasses import replace

    made = []
    for place, scene in enumerate(scenes):
        same = [s for s in scenes[:place] if s.set == scene.set and set(s.cast) <= set(scene.cast)]
        if same and dice.random() < 0.15:
            scene = replace(scene, after=(dice.choice(same).id,))
        made.append(scene)
    return made
