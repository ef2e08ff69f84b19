"""Clashes of small problems proved by trying every board, then narrowed by leaving out one row after the other."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

from .answer import Clash, clash
from .cost import Ledger
from .moves import respects
from .plan import bits, make_plan
from .problem import MOST_SCENES, Problem, Rules, Scene

MOST_TRIED = 6
"""Scenes of the largest problem of which every board is tried."""

MOST_BOARDS = 4096

Row = tuple[str, Callable[[Problem], Problem]]
"""Words for a row, and the problem without it."""


def smallest_clash(problem: Problem) -> Clash | None:
    """Rows that cannot hold together, none of which can be left out; None if they can, or if there is too much to try."""
    if len(problem.scenes) > MOST_TRIED or len(problem.days) ** len(problem.scenes) > MOST_BOARDS:
        return None
    if possible(problem):
        return None
    kept: list[str] = []
    for words, without in rows_of(problem):
        lean = without(problem)
        if lean.scenes and not possible(lean):
            problem = lean
        else:
            kept.append(words)
    return clash("clash.together", {"rows": kept, "days": [day.index for day in problem.days]})


def possible(problem: Problem) -> bool:
    """Whether some board with every scene keeps every rule."""
    plan = make_plan(problem)
    if not all(plan.allowed):
        return False
    ledger = Ledger(plan, exact=True)
    for days in product(*(bits(mask) for mask in plan.allowed)):
        moves = list(enumerate(days))
        if respects(ledger, moves):
            ledger.fill(list(days))
            if not ledger.broken:
                return True
    return False


def rows_of(problem: Problem) -> list[Row]:
    """The rows of a problem that could be given up, scenes first, then the rules of the house, then people and places."""
    found = [scene_row(scene) for scene in problem.scenes]
    found += rule_rows(problem.rules)
    for person in problem.people:
        if person.available is not None:
            found.append(person_row(person.id))
    for film_set in problem.sets:
        if film_set.open is not None:
            found.append(open_row(film_set.id))
    for scene in problem.scenes:
        if scene.locked_day is not None:
            found.append(lock_row(scene))
        found += [after_row(scene, before) for before in scene.after]
    return found


def scene_row(scene: Scene) -> Row:
    def without(problem: Problem) -> Problem:
        left = [
            replace(s, after=tuple(a for a in s.after if a != scene.id)) for s in problem.scenes if s.id != scene.id
        ]
        return replace(problem, scenes=tuple(left))

    return f"scene {scene.id} ({scene.minutes} minutes)", without


def rule_rows(rules: Rules) -> list[Row]:
    def row(words: str, name: str, value: int | str) -> Row:
        return words, lambda problem: replace(problem, rules=replace(problem.rules, **{name: value}))

    return [
        row(f"rest of {rules.rest_minutes} minutes", "rest_minutes", 0),
        row(f"meals after {rules.meal_after_minutes} minutes", "meal_minutes", 0),
        row(f"at most {rules.max_scenes_a_day} scenes a day", "max_scenes_a_day", MOST_SCENES),
        row("night exteriors in darkness", "night_exteriors", "any"),
    ]


def person_row(person_id: str) -> Row:
    def without(problem: Problem) -> Problem:
        return replace(
            problem,
            people=tuple(replace(p, available=None) if p.id == person_id else p for p in problem.people),
        )

    return f"the available days of {person_id}", without


def open_row(set_id: str) -> Row:
    def without(problem: Problem) -> Problem:
        return replace(problem, sets=tuple(replace(s, open=None) if s.id == set_id else s for s in problem.sets))

    return f"the opening of {set_id}", without


def lock_row(scene: Scene) -> Row:
    return f"the lock of scene {scene.id} on day {scene.locked_day}", lambda problem: replace(
        problem,
        scenes=tuple(replace(s, locked_day=None) if s.id == scene.id else s for s in problem.scenes),
    )


def after_row(scene: Scene, before: str) -> Row:
    def without(problem: Problem) -> Problem:
        left = [
            replace(s, after=tuple(a for a in s.after if a != before)) if s.id == scene.id else s
            for s in problem.scenes
        ]
        return replace(problem, scenes=tuple(left))

    return f"scene {scene.id} after scene {before}", without
