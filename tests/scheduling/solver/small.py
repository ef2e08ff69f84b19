"""Tiny problems with every kind of rule in them, and all their boards."""

import random
from collections.abc import Iterator
from datetime import date
from itertools import permutations, product

from scheduling.solver import (
    Answer,
    Base,
    Costs,
    Day,
    FilmSet,
    OpenWindow,
    Person,
    Problem,
    Rules,
    Scene,
    Weights,
    evaluate,
)


def tiny(seed: int, scenes: int, days: int) -> Problem:
    """Scenes long enough that they do not all fit one day, with darkness, openings, rest, holds, locks and precedence."""
    dice = random.Random(seed)
    long = 780 * days * dice.choice((0.55, 0.7, 0.8)) / scenes
    people = [
        Person("lead", 900_000, 50, 1, None),
        Person("friend", 300_000, dice.choice((0, 33)), dice.choice((0, 2)), None),
        Person("guest", 120_000, 0, 0, tuple(sorted(dice.sample(range(1, days + 1), max(1, days - 1))))),
    ]
    sets = [
        FilmSet("hall", "east", price_per_day=300_000, dressing_minutes=20),
        FilmSet("yard", "east", price_per_hour=30_000),
        FilmSet(
            "bar",
            "west",
            price_per_hour=40_000,
            dressing_minutes=10,
            open=tuple(OpenWindow(d, 600, 1380) for d in range(1, days + 1)) if dice.random() < 0.5 else None,
        ),
    ]
    rows = []
    for number in range(scenes):
        rows.append(
            Scene(
                id=f"{number + 1}",
                episode=number // 2 + 1,
                minutes=max(20, 5 * round(long * dice.uniform(0.6, 1.4) / 5)),
                set=dice.choice(("hall", "hall", "yard", "bar")),
                int_ext=dice.choice(("int", "int", "ext")),
                time_of_day=dice.choice(("day", "day", "night")),
                cast=tuple(p.id for p in people if dice.random() < 0.5),
                extras=dice.choice((0, 0, 6)),
                priority=dice.choice((0, 1)),
                after=(f"{dice.randint(1, number)}",) if number and dice.random() < 0.2 else (),
                locked_day=dice.randint(1, days) if dice.random() < 0.1 else None,
            )
        )
    return Problem(
        scenes=tuple(rows),
        sets=tuple(sets),
        bases=(Base("east", {"west": 40}), Base("west")),
        people=tuple(people),
        days=tuple(Day(d, date(2026, 5, d), 420, 1380, 390, 1110) for d in range(1, days + 1)),
        rules=Rules(
            max_scenes_a_day=dice.choice((4, 60)),
            rest_minutes=dice.choice((480, 600)),
            meal_after_minutes=300,
            meal_minutes=40,
            overtime_after_minutes=600,
        ),
        costs=Costs(crew_day=1_000_000, overtime_per_hour=250_001, base_move=90_000, extra_day=13_500),
        weights=Weights(early_episodes=2_000, priority=1_500, set_change=5_000),
    )


def every_board(problem: Problem) -> Iterator[Answer]:
    """All boards of a problem, in every order of every day, as `evaluate` sees them."""
    ids = [scene.id for scene in problem.scenes]
    days = [day.index for day in problem.days]
    for choice in product(days, repeat=len(ids)):
        groups = [[s for s, d in zip(ids, choice, strict=True) if d == day] for day in days]
        for orders in product(*(permutations(group) for group in groups)):
            yield evaluate(
                problem,
                {s: (day, at) for day, order in zip(days, orders, strict=True) for at, s in enumerate(order)},
            )


def cheapest(problem: Problem) -> int | None:
    """The total of the cheapest legal board; None if there is none."""
    return min((answer.total for answer in every_board(problem) if answer.feasible), default=None)
