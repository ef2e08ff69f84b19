"""Clashes, reasons and bounds, in words and in figures."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.solver import OpenWindow, Problem, Scene, binding, check, solve, why
from scheduling.solver.filtering import possible, rows_of
from scheduling.solver.generate import generate, make_problem
from scheduling.solver.words import SENTENCES
from tests.scheduling.solver.small import tiny
from tests.scheduling.solver.test_check import GOOD, PROBLEM


def clash_of(problem: Problem) -> list[tuple[str, str]]:
    answer = solve(problem, iterations=200)
    assert not answer.feasible
    assert answer.unplaced
    assert answer.gap is None
    assert {v.code for v in check(problem, answer)} == {"scene.unplaced"}
    return [(clash.code, clash.message) for clash in answer.clashes]


def scene(number: int, **changes: object) -> Problem:
    rows = [replace(s, **changes) if s.id == str(number) else s for s in PROBLEM.scenes]  # type: ignore[arg-type]
    return replace(PROBLEM, scenes=tuple(rows))


def test_scene_longer_than_any_day() -> None:
    assert clash_of(scene(1, minutes=830)) == [
        (
            "clash.too_long",
            "Scene 1 takes 845 minutes with dressing; the longest day it could stand on has 840.",
        )
    ]


def test_person_never_available() -> None:
    people = (replace(PROBLEM.people[0]), replace(PROBLEM.people[1], available=()))
    assert clash_of(replace(PROBLEM, people=people)) == [
        ("clash.person_never", "bo has no available day, but scene 2 needs them."),
        ("clash.person_never", "bo has no available day, but scene 3 needs them."),
    ]


def test_cast_that_never_meets() -> None:
    people = (replace(PROBLEM.people[0], available=(1, 3)), replace(PROBLEM.people[1], available=(2,)))
    assert clash_of(replace(PROBLEM, people=people)) == [
        ("clash.cast_apart", "Scene 2 needs lin, bo together, but no day suits them all.")
    ]


def test_lock_against_a_person() -> None:
    people = (replace(PROBLEM.people[0], available=(1, 3)), PROBLEM.people[1])
    assert clash_of(replace(scene(4, locked_day=2), people=people)) == [
        ("clash.locked", "Scene 4 is locked to day 2, which clashes with the available days of lin.")
    ]


def test_set_that_is_never_open_and_light_that_never_lasts() -> None:
    shut = replace(PROBLEM, sets=(PROBLEM.sets[0], replace(PROBLEM.sets[1], open=())))
    assert [code for code, _ in clash_of(shut)] == ["clash.set_never", "clash.set_never"]
    assert clash_of(scene(3, minutes=211)) == [
        (
            "clash.no_light",
            (
                "Scene 3 takes 211 minutes, but on none of its days do the set's opening hours and the light it needs"
                " last that long."
            ),
        )
    ]


def test_order_against_locks() -> None:
    problem = replace(
        scene(1, locked_day=3),
        scenes=(replace(scene(1, locked_day=3).scenes[0]), *scene(2, locked_day=2).scenes[1:]),
    )
    found = clash_of(problem)
    assert (
        "clash.order",
        "Scene 2 must come after scene 1, but its last possible day 2 is before 3, the first for scene 1.",
    ) in found


def test_days_too_small_name_the_fewest_scenes() -> None:
    many = tuple(Scene(str(n), 1, 300, "hall", locked_day=1) for n in range(1, 5))
    assert clash_of(replace(PROBLEM, scenes=many)) == [
        (
            "clash.scenes",
            "4 scenes can only stand on days 1, where 3 fit by the most scenes a day. Scenes: 1, 2, 3, 4",
        )
    ]
    assert clash_of(
        replace(
            PROBLEM,
            scenes=(replace(many[0], minutes=20), *many[1:3], many[3]),
            rules=replace(PROBLEM.rules, max_scenes_a_day=9),
        )
    ) == [
        (
            "clash.minutes",
            "3 scenes can only stand on days 1 and need at least 915 minutes; those days have 840. Scenes: 2, 3, 4",
        )
    ]


def test_two_locked_scenes_that_no_order_fits() -> None:
    sets = (
        replace(PROBLEM.sets[0], open=(OpenWindow(1, 480, 700),)),
        replace(PROBLEM.sets[1], open=(OpenWindow(1, 480, 700),)),
    )
    pair = (Scene("1", 1, 120, "hall", locked_day=1), Scene("2", 1, 120, "yard", locked_day=1))
    assert clash_of(replace(PROBLEM, scenes=pair, sets=sets)) == [
        ("clash.day", "Scenes 1, 2 can only stand on day 1, but no order of them fits into it.")
    ]


def test_filtered_clashes_are_impossible_and_irreducible() -> None:
    filtered = 0
    for seed in range(60):
        problem = tiny(seed, 4, 2)
        answer = solve(problem, iterations=50)
        for clash in answer.clashes:
            if clash.code != "clash.together":
                continue
            filtered += 1
            kept = problem
            for words, without in rows_of(problem):
                if words not in clash.params["rows"]:  # type: ignore[operator]
                    kept = without(kept)
            assert not possible(kept)
            for words, without in rows_of(kept):
                if words in clash.params["rows"]:  # type: ignore[operator]
                    lean = without(kept)
                    assert not lean.scenes or possible(lean), (seed, words)
    assert filtered >= 3


def test_what_binds_each_day() -> None:
    found = {(r.code, r.params["day"]): r.message for r in binding(PROBLEM, GOOD)}
    assert found == {
        ("binds.count", 1): "Day 1 has the 3 scenes a day allows.",
        ("binds.overtime", 1): "Day 1 runs 60 minutes of overtime.",
        ("binds.dark", 1): "Day 1 waits 350 minutes for darkness or for a set to open.",
        (
            "binds.length",
            1,
        ): "Day 1 ends 120 minutes before its limit of 22:00; the shortest scene elsewhere takes 200.",
        ("binds.unused", 2): "Day 2 is not needed.",
        ("binds.free", 3): "Day 3 has 640 minutes to spare before its limit of 22:00.",
    }


def test_why_a_scene_is_where_it_is() -> None:
    found = [(r.code, dict(r.params)) for r in why(PROBLEM, GOOD, "2")]
    assert found[:4] == [
        ("why.after", {"before": "1", "day": 1}),
        ("why.set", {"set": "hall", "count": 1}),
        ("why.person", {"person": "lin", "count": 1}),
        ("why.person", {"person": "bo", "count": 1}),
    ]
    assert {code for code, _ in found[4:]} <= {"why.cheaper", "why.dearer", "why.illegal"}
    assert [params["day"] for _, params in found[4:]] == [2, 3]
    locked = scene(4, locked_day=3)
    assert [r.code for r in why(locked, GOOD, "4")] == ["why.locked"]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_the_bound_is_below_every_board(seed: int) -> None:
    problem = make_problem(12, 3, seed)
    for answer in (solve(problem, iterations=400, seed=seed), solve(problem, iterations=0)):
        if answer.feasible:
            assert 0 < answer.bound <= answer.total
            assert answer.gap == round((answer.total - answer.bound) / answer.total, 4)


def test_sentences_take_the_params_given() -> None:
    answer = solve(generate("small", 1), iterations=50)
    for item in (*answer.cost_lines, *answer.binding):
        assert "{" not in item.message
        assert item.code in SENTENCES
