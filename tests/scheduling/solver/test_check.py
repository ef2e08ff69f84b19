"""The judge, shown one small board with each rule broken in turn. All figures here are counted by hand."""

from dataclasses import replace
from datetime import date

import pytest

from scheduling.solver import (
    Answer,
    Base,
    BoardDay,
    Costs,
    Day,
    FilmSet,
    OpenWindow,
    Person,
    Problem,
    Rules,
    Scene,
    Weights,
    check,
    evaluate,
)

PROBLEM = Problem(
    scenes=(
        Scene("1", 1, 120, "hall", cast=("lin",)),
        Scene("2", 1, 60, "hall", cast=("lin", "bo"), after=("1",), extras=4),
        Scene("3", 2, 90, "yard", int_ext="ext", time_of_day="night", cast=("bo",)),
        Scene("4", 3, 200, "yard", int_ext="ext", cast=("lin",), priority=1),
    ),
    sets=(
        FilmSet("hall", "east", price_per_day=300_000, dressing_minutes=15),
        FilmSet("yard", "west", price_per_hour=40_000),
    ),
    bases=(Base("east", {"west": 45}), Base("west")),
    people=(Person("lin", 500_001, 50), Person("bo", 80_000, 0, 3)),
    days=tuple(Day(d, date(2026, 5, d), 480, 1320, 360, 1110) for d in (1, 2, 3)),
    rules=Rules(
        max_scenes_a_day=3,
        rest_minutes=600,
        meal_after_minutes=300,
        meal_minutes=40,
        overtime_after_minutes=660,
    ),
    costs=Costs(crew_day=1_000_000, overtime_per_hour=100_000, base_move=70_000, extra_day=12_000),
    weights=Weights(early_episodes=1_000, priority=500, set_change=2_000),
)

GOOD = evaluate(PROBLEM, {"1": (1, 0), "2": (1, 1), "3": (1, 2), "4": (3, 0)})


def broken(answer: Answer, problem: Problem = PROBLEM) -> set[str]:
    return {found.code for found in check(problem, answer)}


def first_day(**changes: object) -> Answer:
    return replace(GOOD, days=(replace(GOOD.days[0], **changes), *GOOD.days[1:]))  # type: ignore[arg-type]


def test_clock_of_a_day_by_hand() -> None:
    # Call 8:00, hall dressed by 8:15; yard reached 11:15 + 45 = 12:00, then a meal while waiting for dark at 18:30.
    day = GOOD.days[0]
    assert [(s.id, s.start_minute, s.end_minute) for s in day.scenes] == [
        ("1", 495, 615),
        ("2", 615, 675),
        ("3", 1110, 1200),
    ]
    assert [(v.set, v.arrive_minute, v.leave_minute) for v in day.visits] == [
        ("hall", 480, 675),
        ("yard", 1110, 1200),
    ]
    assert [(b.start_minute, b.end_minute) for b in day.breaks] == [(720, 760)]
    assert day.wrap_minute == 1200
    assert GOOD.violations == ()
    assert GOOD.feasible


def test_meals_are_due_after_the_last_meal_not_after_the_call() -> None:
    # 8:00 to 13:00 is exactly the 300 minutes allowed; after the meal to 13:40, so is 13:40 to 18:40.
    minutes = (200, 100, 150, 100, 50, 5)
    scenes = tuple(Scene(str(n), 1, length, "yard") for n, length in enumerate(minutes))
    answer = evaluate(
        replace(PROBLEM, scenes=scenes, rules=replace(PROBLEM.rules, max_scenes_a_day=9)),
        {str(n): (1, n) for n in range(6)},
    )
    assert [s.start_minute for s in answer.days[0].scenes] == [480, 680, 820, 970, 1070, 1160]
    assert [(b.start_minute, b.end_minute) for b in answer.days[0].breaks] == [(780, 820), (1120, 1160)]
    assert answer.violations == ()


def test_cost_lines_by_hand() -> None:
    lines = {
        (line.code, line.params.get("person", ""), line.params.get("day", "")): line.amount for line in GOOD.cost_lines
    }
    assert lines == {
        ("cast.work", "lin", ""): 1_000_002,
        ("cast.hold", "lin", ""): 250_001,
        ("cast.work", "bo", ""): 80_000,
        ("cast.minimum", "bo", ""): 160_000,
        ("set.days", "", ""): 300_000,
        ("set.hours", "", 1): 80_000,
        ("set.hours", "", 3): 160_000,
        ("crew.days", "", ""): 2_000_000,
        ("crew.overtime", "", 1): 100_000,
        ("extras.day", "", 1): 48_000,
        ("moves.base", "", 1): 70_000,
        ("wish.priority", "", ""): 1_000,
        ("wish.set_changes", "", ""): 2_000,
    }
    assert GOOD.total == sum(lines.values())


@pytest.mark.parametrize(
    ("code", "assignment"),
    [
        ("scene.too_early", {"2": (1, 0), "1": (1, 1), "3": (1, 2), "4": (3, 0)}),
        ("scene.too_early", {"2": (1, 0), "1": (2, 1), "3": (1, 2), "4": (3, 0)}),
        ("day.too_many", {"1": (1, 0), "2": (1, 1), "4": (1, 2), "3": (1, 3)}),
        ("light.day", {"1": (1, 0), "2": (1, 1), "3": (1, 2), "4": (1, 3)}),
        ("day.too_long", {"1": (1, 0), "3": (1, 1), "2": (1, 2), "4": (3, 0)}),
    ],
)
def test_rules_broken_by_hand_laid_strips(code: str, assignment: dict[str, tuple[int, int]]) -> None:
    answer = evaluate(PROBLEM, assignment)
    assert code in {v.code for v in answer.violations}
    assert not answer.feasible
    assert answer.gap is None
    assert answer.total == sum(line.amount for line in answer.cost_lines)


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (
            "person.unavailable",
            replace(PROBLEM, people=(replace(PROBLEM.people[0], available=(2, 3)), PROBLEM.people[1])),
        ),
        (
            "scene.locked",
            replace(PROBLEM, scenes=(replace(PROBLEM.scenes[0], locked_day=2), *PROBLEM.scenes[1:])),
        ),
        (
            "set.closed",
            replace(PROBLEM, sets=(replace(PROBLEM.sets[0], open=(OpenWindow(1, 485, 900),)), PROBLEM.sets[1])),
        ),
        ("rest.short", replace(PROBLEM, rules=replace(PROBLEM.rules, rest_minutes=2161))),
        (
            "light.night",
            replace(PROBLEM, days=tuple(replace(d, daylight_end_minutes=1111) for d in PROBLEM.days)),
        ),
        ("meal.late", replace(PROBLEM, rules=replace(PROBLEM.rules, meal_after_minutes=194))),
        ("meal.wrong", replace(PROBLEM, rules=replace(PROBLEM.rules, meal_minutes=41))),
        ("visit.early", replace(PROBLEM, bases=(Base("east", {"west": 396}), Base("west")))),
        (
            "visit.dressing",
            replace(PROBLEM, sets=(replace(PROBLEM.sets[0], dressing_minutes=16), PROBLEM.sets[1])),
        ),
        ("day.call", replace(PROBLEM, days=tuple(replace(d, call_minutes=481) for d in PROBLEM.days))),
        (
            "scene.duration",
            replace(PROBLEM, scenes=(replace(PROBLEM.scenes[0], minutes=119), *PROBLEM.scenes[1:])),
        ),
        ("cost.line", replace(PROBLEM, costs=replace(PROBLEM.costs, extra_day=12_001))),
    ],
)
def test_the_same_board_under_a_stricter_problem(code: str, problem: Problem) -> None:
    assert code in broken(GOOD, problem)


def test_good_board_passes() -> None:
    assert check(PROBLEM, GOOD) == []


def test_forged_answers_are_refused() -> None:
    day = GOOD.days[0]
    late = replace(day.scenes[1], start_minute=610, end_minute=670)
    assert "scene.overlap" in broken(first_day(scenes=(day.scenes[0], late, day.scenes[2])))
    assert broken(first_day(visits=day.visits[:1])) >= {"visit.wrong"}
    assert broken(first_day(wrap_minute=1199)) >= {"day.wrap"}
    assert broken(first_day(scenes=(*day.scenes, day.scenes[0]))) >= {"scene.twice"}
    assert broken(first_day(scenes=day.scenes[:2], visits=day.visits[:1], wrap_minute=675)) >= {"scene.unplaced"}
    assert broken(first_day(index=0)) == {"day.unknown"}
    assert broken(replace(GOOD, days=GOOD.days[::-1])) == {"day.order"}
    assert broken(replace(GOOD, total=GOOD.total - 1)) == {"cost.total"}
    assert broken(replace(GOOD, cost_lines=GOOD.cost_lines[1:])) == {"cost.line", "cost.total"}
    assert broken(replace(GOOD, bound=GOOD.total + 1)) == {"bound.above"}
    assert broken(replace(GOOD, unplaced=("1",))) == {"scene.unplaced_wrong"}
    stranger = BoardDay(2, (replace(day.scenes[0], id="x"),), (), (), 615)
    assert broken(replace(GOOD, days=(day, stranger, GOOD.days[1]))) == {"scene.unknown"}
