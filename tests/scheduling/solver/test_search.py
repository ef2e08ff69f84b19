"""Boards that are searched: legal, true to the fen, repeatable, as cheap as trying everything."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.solver import Problem, ProblemError, baseline, check, evaluate, solve
from scheduling.solver.generate import generate, make_problem
from scheduling.solver.mending import mend
from scheduling.solver.moves import Mover
from scheduling.solver.order import arrange, blocks_of, candidates, obey_precedence, run_day
from scheduling.solver.plan import make_plan
from scheduling.solver.search import opening
from tests.scheduling.solver.small import cheapest, tiny


def codes(problem: Problem, answer: object) -> set[str]:
    return {found.code for found in check(problem, answer)}  # type: ignore[arg-type]


@pytest.mark.parametrize(("scenes", "days", "seeds"), [(4, 2, range(12)), (5, 3, (2, 8, 9)), (6, 2, (0, 3))])
def test_tiny_boards_equal_brute_force(scenes: int, days: int, seeds: range) -> None:
    legal = 0
    for seed in seeds:
        problem = tiny(seed, scenes, days)
        answer = solve(problem, iterations=2000)
        best = cheapest(problem)
        assert (answer.total if answer.feasible else None) == best, seed
        if best is not None:
            legal += 1
            assert answer.bound <= best
        else:
            assert answer.unplaced
            assert answer.clashes
            assert answer.clashes[0].code != "clash.unproved"
    assert legal


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(5, 24), st.integers(2, 4))
def test_every_answer_passes_the_checker(seed: int, scenes: int, days: int) -> None:
    for problem in (make_problem(scenes, days, seed), tiny(seed, scenes, days)):
        for answer in (solve(problem, iterations=300, seed=seed), baseline(problem)):
            assert codes(problem, answer) <= ({"scene.unplaced"} if answer.unplaced else set())
            assert answer.feasible == (not answer.unplaced)
            assert sum(line.amount for line in answer.cost_lines) == answer.total
            placed = [scene.id for day in answer.days for scene in day.scenes]
            assert sorted([*placed, *answer.unplaced]) == sorted(scene.id for scene in problem.scenes)
            if answer.feasible:
                assert 0 <= answer.bound <= answer.total
            again = evaluate(problem, answer.assignment())
            assert (again.days, again.cost_lines, again.total) == (
                answer.days,
                answer.cost_lines,
                answer.total,
            )
            assert again.violations == ()


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6))
def test_locked_strips_never_move(seed: int) -> None:
    free = make_problem(30, 4, seed)
    first = solve(free, iterations=200, seed=1)
    locks = {scene: day for number, (scene, (day, _)) in enumerate(first.assignment().items()) if number % 3 == 0}
    problem = replace(free, scenes=tuple(replace(s, locked_day=locks.get(s.id)) for s in free.scenes))
    for answer in (solve(problem, iterations=500, seed=2), baseline(problem)):
        stands = {scene: day for scene, (day, _) in answer.assignment().items()}
        assert {scene: stands.get(scene, day) for scene, day in locks.items()} == locks
    if first.feasible:
        again = solve(problem, iterations=100, seed=2, start=first.assignment())
        assert again.feasible
        assert again.total <= first.total


def test_sample_size_and_typical_are_legal_and_cheaper_than_by_hand() -> None:
    for problem in (make_problem(40, 3, 1), make_problem(40, 4, 2), generate("typical", 1)):
        hand, answer = baseline(problem), solve(problem, iterations=1500, seed=1)
        assert check(problem, answer) == []
        assert answer.feasible
        assert answer.total < hand.total or hand.unplaced


def test_same_seed_and_iterations_give_the_same_answer() -> None:
    problem = generate("small", 3)

    def told(seed: int) -> dict[str, object]:
        return {**solve(problem, iterations=800, seed=seed).to_json(), "seconds": 0}

    assert told(7) == told(7)
    assert told(7)["days"] != told(8)["days"]


def test_more_iterations_start_from_a_given_board_and_never_answer_a_dearer_one() -> None:
    problem = generate("small", 2)
    first = solve(problem, iterations=600, seed=1)
    second = solve(problem, iterations=600, seed=2, start=first.assignment())
    assert second.feasible
    assert second.total <= first.total


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_a_legal_board_laid_by_hand_is_never_answered_with_a_dearer_one(seed: int) -> None:
    problem = make_problem(14, 3, seed)
    first = solve(problem, iterations=200, seed=seed)
    # Reversed days are legal only where nothing ties the order; either way the answer is no worse than what is legal.
    turned = {scene: (day, -position) for scene, (day, position) in first.assignment().items()}
    for laid in (first.assignment(), turned):
        by_hand = evaluate(problem, laid)
        answer = solve(problem, iterations=0, start=laid)
        assert {v.code for v in check(problem, answer)} <= ({"scene.unplaced"} if answer.unplaced else set())
        if by_hand.feasible:
            assert answer.feasible
            assert answer.total <= by_hand.total


def test_a_start_that_breaks_rules_is_mended() -> None:
    problem = make_problem(24, 3, 5)
    heap = {scene.id: (problem.days[0].index, at) for at, scene in enumerate(problem.scenes)}
    assert not evaluate(problem, heap).feasible
    answer = solve(problem, iterations=2500, seed=1, start={**heap, "nobody": (1, 0), "1-1": (99, 0)})
    assert check(problem, answer) == []


@pytest.mark.parametrize("seed", [1, 6])
def test_a_full_board_that_the_hand_leaves_scenes_off_is_mended_to_a_legal_one(seed: int) -> None:
    problem = generate("large", seed)
    plan = make_plan(problem)
    ledger = opening(plan, None)
    assert ledger.broken > 0
    assert baseline(problem).unplaced
    dice = random.Random(1)
    asked: list[int] = []

    def stop(done: int) -> bool:
        asked.append(done)
        return done >= 6000

    done = mend(ledger, Mover(ledger, dice), dice, stop)
    assert ledger.broken == 0
    assert asked == list(range(done))
    answer = solve(problem, iterations=done, start={plan.scene_ids[s]: (d + 1, s) for s, d in enumerate(ledger.day_of)})
    assert check(problem, answer) == []
    assert not answer.unplaced


def test_mending_stops_when_told_and_needs_something_broken() -> None:
    ledger = opening(make_plan(generate("large", 1)), None)
    before = list(ledger.day_of)
    assert mend(ledger, Mover(ledger, random.Random(1)), random.Random(1), lambda done: True) == 0
    assert ledger.day_of == before
    whole = opening(make_plan(generate("typical", 1)), None)
    assert whole.broken == 0
    assert mend(whole, Mover(whole, random.Random(1)), random.Random(1), lambda done: False) == 0


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(8, 40), st.data())
def test_orders_given_up_early_never_were_the_best(seed: int, scenes: int, data: st.DataObject) -> None:
    plan = make_plan(make_problem(scenes, 2, seed))
    chosen = sorted(data.draw(st.sets(st.integers(0, scenes - 1), min_size=1)))
    limit = data.draw(st.integers(500, 1400))
    present = sum(1 << scene for scene in chosen)
    orders = [obey_precedence(plan, order, present) for order in candidates(plan, 0, blocks_of(plan, chosen))]
    assert arrange(plan, 0, chosen, limit) == min((run_day(plan, 0, order, limit), order) for order in orders)


def test_progress_is_told_and_stops_the_search_keeping_the_best() -> None:
    problem = generate("small", 1)
    told: list[tuple[int | None, int, int, float]] = []

    def progress(best: int | None, bound: int, iteration: int, seconds: float) -> bool:
        told.append((best, bound, iteration, seconds))
        return False

    answer = solve(problem, iterations=10_000_000, progress=progress)
    assert len(told) == 1
    assert answer.iterations == told[0][2] == 0
    assert told[0][1] == answer.bound
    assert codes(problem, answer) <= {"scene.unplaced"}


def test_no_iterations_still_answer_a_legal_board() -> None:
    problem = make_problem(40, 4, 1)
    assert codes(problem, solve(problem, iterations=0)) <= {"scene.unplaced"}


def test_impossible_limits_of_the_search_are_refused() -> None:
    problem = tiny(1, 4, 2)
    for wrong in ({"seconds": -1.0}, {"seconds": float("nan")}, {"iterations": -1}):
        with pytest.raises(ProblemError):
            solve(problem, **wrong)  # type: ignore[arg-type]


def test_evaluate_refuses_scenes_and_days_that_do_not_exist() -> None:
    problem = tiny(1, 4, 2)
    with pytest.raises(ProblemError, match='scene "9"'):
        evaluate(problem, {"9": (1, 0)})
    with pytest.raises(ProblemError, match="day 7"):
        evaluate(problem, {"1": (7, 0)})
