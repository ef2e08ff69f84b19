"""One order of scenes and days for scenes: proved optima equal published ones and brute force, bad files are named."""

import json
import os
import random
import subprocess
import sys
from itertools import permutations, product
from math import prod
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.solver import ProblemError
from scheduling.solver.talent import Talent, read_talent, schedule
from scheduling.solver.talent.allocation import Allocation, allocate, proof, read_allocation
from scheduling.solver.talent.compiling import shelf
from scheduling.solver.talent.merging import core_of
from scheduling.solver.talent.schedule import MOST_SETS, SHARE, Search, arrays_of, waiting
from tests.conftest import SHARED_DATA
from tests.scheduling.solver.test_doors import ROOT, door

FILES = SHARED_DATA / "talent"
PUBLISHED = json.loads((FILES / "optima.json").read_text("utf-8")) if FILES.is_dir() else {"total": {}}
needs_files = pytest.mark.skipif(not FILES.is_dir(), reason=f"{FILES} is not here")

LITTLE = """little
3
2

1 0 1   10
0 1 1   3

2 1 4
"""


def paid(problem: Talent, order: tuple[int, ...]) -> int:
    """What an order costs, counted unit of time by unit of time."""
    clock = [scene for scene in order for _ in range(problem.durations[scene])]
    total = 0
    for cost, scenes in zip(problem.costs, problem.presence, strict=True):
        on = [at for at, scene in enumerate(clock) if scene in scenes]
        if on:
            total += cost * (on[-1] - on[0] + 1)
    return total


def made(seed: int, scenes: int, actors: int, share: float = 0.4) -> Talent:
    dice = random.Random(seed)
    return Talent(
        f"made {seed}",
        tuple(dice.randint(1, 4) for _ in range(scenes)),
        tuple(dice.choice((0, 1, 3, 10, 40)) for _ in range(actors)),
        tuple(frozenset(s for s in range(scenes) if dice.random() < share) for _ in range(actors)),
    )


def as_file(problem: Talent) -> str:
    rows = [
        " ".join([*(str(int(scene in seen)) for scene in range(len(problem.durations))), str(cost)])
        for seen, cost in zip(problem.presence, problem.costs, strict=True)
    ]
    head = [problem.name, str(len(problem.durations)), str(len(problem.costs))]
    return "\n".join([*head, "", *rows, "", " ".join(map(str, problem.durations))])


@needs_files
@pytest.mark.parametrize("name", sorted(PUBLISHED["total"]))
def test_published_optima_are_found_and_proved(name: str, monkeypatch, capsys) -> None:  # type: ignore[no-untyped-def]
    code, out, err = door(monkeypatch, capsys, "talent", str(FILES / f"{name}.txt"))
    answer = json.loads(out)
    assert (code, answer["total"], answer["proved"]) == (0, PUBLISHED["total"][name], True)
    assert set(answer) == {"total", "proved", "order", "seconds"}
    problem = read_talent((FILES / f"{name}.txt").read_text("utf-8"))
    assert sorted(answer["order"]) == list(range(1, len(problem.durations) + 1))
    assert paid(problem, tuple(scene - 1 for scene in answer["order"])) == answer["total"]
    assert err.count("is in no scene") == len(problem.idle())


@needs_files
def test_published_days_are_found_and_proved(monkeypatch, capsys) -> None:  # type: ignore[no-untyped-def]
    file = FILES / "scene_allocation.json"
    code, out, err = door(monkeypatch, capsys, "allocate", str(file))
    answer = json.loads(out)
    assert (code, err, answer["total"], answer["proved"]) == (0, "", PUBLISHED["scene_allocation"], True)
    data = json.loads(file.read_text("utf-8"))
    pay = dict(zip(data["actors"], data["pay"], strict=True))
    days = [{actor for scene in day for actor in data["scenes"][scene - 1]} for day in answer["days"]]
    assert sum(pay[actor] for day in days for actor in day) == answer["total"]
    assert sorted(scene for day in answer["days"] for scene in day) == list(range(1, 20))
    assert max(map(len, answer["days"])) <= 5
    assert len(days) <= 5


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 6), st.integers(1, 12), st.sampled_from((0.2, 0.5, 0.8)))
def test_orders_equal_brute_force(seed: int, scenes: int, actors: int, share: float) -> None:
    problem = made(seed, scenes, actors, share)
    answer = schedule(problem)
    best = min(paid(problem, order) for order in permutations(range(scenes)))
    assert (answer.total, answer.proved) == (best, True)
    assert paid(problem, answer.order) == best
    assert sorted(answer.order) == list(range(scenes))


@pytest.mark.parametrize("seed", range(6))
def test_table_and_sweep_prove_the_same(seed: int) -> None:
    """Two ways to the proof, on problems too large to try every order."""
    core = core_of(made(seed, 15, 7 + seed, 0.3))
    arrays = arrays_of(core)
    ways = []
    for way in ("fill", "sweep", "beam first"):
        search = Search(core, float("inf"))
        if way == "fill":
            search.fill(arrays)
        else:
            if way == "beam first":
                search.sweep(arrays, 5)
            assert search.sweep(arrays, MOST_SETS)
        assert waiting(core, search.order) == search.best
        ways.append(search.best)
    assert len(set(ways)) == 1


def test_the_bound_is_the_same_on_one_thread_and_on_many() -> None:
    core = core_of(made(2, 16, 8, 0.35))
    arrays = arrays_of(core)
    shots = np.array(random.Random(1).sample(range(1 << len(core.scenes)), 4 * SHARE + 7), np.int64)
    together = Search(core, float("inf")).floors(arrays, shots)
    alone = [Search(core, float("inf")).floors(arrays, shots[at : at + 1])[0] for at in range(0, len(shots), 97)]
    assert together[::97].tolist() == alone
    # No set is promised more waiting than its cheapest order has: the bound of nothing shot is below the optimum.
    none = Search(core, float("inf"))
    assert none.sweep(arrays, MOST_SETS)
    assert none.floors(arrays, np.zeros(1, np.int64))[0] <= none.best


def test_scenes_of_one_cast_and_actors_of_one_set_of_scenes_are_merged() -> None:
    twins = Talent(
        "twins", (1, 2, 3, 4, 5), (1, 2, 4, 0, 7), (
            frozenset({0, 1, 2}), frozenset({0, 1, 2}), frozenset({0, 1, 3}), frozenset({2, 3}), frozenset({4}),
        ),
    )  # fmt: skip
    core = core_of(twins)
    assert core.scenes == ((0, 1), (2,), (3,))
    assert core.lengths == (3, 3, 4)
    assert core.rates == (4, 3)
    assert core.aside == (4,)
    assert schedule(twins).total == paid(twins, schedule(twins).order)


def test_reading_gives_back_what_was_written_even_with_rows_run_over_lines() -> None:
    problem = made(5, 9, 4)
    text = as_file(problem)
    assert read_talent(text) == problem
    head, body = text.split("\n\n", 1)
    assert read_talent(head + "\n" + body.replace(" ", "\n")) == problem
    assert read_talent(text.replace("\n9\n4\n", "\n9 4\n")) == problem


BAD = {
    "": "The file must hold a name, the scenes, the actors",
    "x\n1 2 3\n4\n5": "Line 2 must hold the number of scenes and the next one that of actors.",
    "x\n0\n2\n1": "The number of scenes must be between 1 and 500, not 0.",
    "x\n2\n999999\n1": "The number of actors must be between 1 and 500, not 999999.",
    "x\nthree\n2\n1": 'The number of scenes must be a whole number, not "three".',
    LITTLE.replace("0 1 1   3", "0 1   3"): "Actor row 2 (line 6) holds 3 numbers; 4 are needed",
    LITTLE.replace("0 1 1   3", "0 2 1   3"): "Actor row 2 (line 6), scene 2 must be between 0 and 1, not 2.",
    LITTLE.replace("0 1 1   3", "0 1 1   -3"): "Actor row 2 (line 6), cost must be between 0 and 1000000000, not -3.",
    LITTLE.replace("10", "1" + "0" * 30): "Actor row 1 (line 5), cost must be a whole number",
    LITTLE.replace("10", "1.5"): 'Actor row 1 (line 5), cost must be a whole number, not "1.5".',
    LITTLE.replace("2 1 4", "2 1"): "There are 2 durations; 3 are needed",
    LITTLE.replace("2 1 4", "2 -1 4"): "Durations (line 8), scene 2 must be between 0 and 10000, not -1.",
    LITTLE.replace("2 1 4", "2 1 ²"): 'Durations (line 8), scene 3 must be a whole number, not "²".',
    LITTLE.replace("0 1 1   3\n", ""): "holds 3 numbers; 4 are needed",
    "x\n2\n3\n1 1 5": "The file holds 1 actor rows; it says 3.",
}


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
def test_bad_files_are_named_with_their_row(text: str, monkeypatch, capsys, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "bad.txt"
    file.write_text(text, encoding="utf-8")
    code, out, err = door(monkeypatch, capsys, "talent", str(file))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert BAD[text] in err


def test_an_actor_in_no_scene_is_named_and_costs_nothing(monkeypatch, capsys, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "idle.txt"
    file.write_text(LITTLE.replace("0 1 1   3", "0 0 0   3"), encoding="utf-8")
    code, out, err = door(monkeypatch, capsys, "talent", str(file))
    assert (code, json.loads(out)["total"]) == (0, 60)
    assert err == "Actor row 2 is in no scene and costs nothing.\n"


def test_a_limit_too_short_for_the_proof_keeps_the_best_and_says_so() -> None:
    for problem in (made(3, 40, 30, 0.3), made(4, 90, 12), made(5, 26, 120)):
        answer = schedule(problem, seconds=0.2)
        assert not answer.proved
        assert sorted(answer.order) == list(range(len(problem.durations)))
        assert answer.total == paid(problem, answer.order)
        assert answer.total <= paid(problem, tuple(range(len(problem.durations))))


@pytest.mark.parametrize("verb", ["talent", "allocate"])
def test_impossible_limits_are_refused(verb: str, monkeypatch, capsys) -> None:  # type: ignore[no-untyped-def]
    for seconds in ("0", "-1", "nan", "1e9"):
        code, out, err = door(monkeypatch, capsys, verb, "no", "--seconds", seconds)
        assert (code, out, err) == (2, "", "The seconds must be above 0 and at most 86400.\n")


def days_made(seed: int, scenes: int, days: int, most: int) -> Allocation:
    dice = random.Random(seed)
    pay = tuple(dice.choice((0, 5, 7, 30, 100)) for _ in range(4))
    cast = tuple(frozenset(a for a in range(4) if dice.random() < 0.45) for _ in range(scenes))
    return Allocation("made", days, most, pay, cast)


def day_price(problem: Allocation, of_day: tuple[int, ...]) -> int | None:
    if max(of_day.count(day) for day in of_day) > problem.most:
        return None
    come = {(day, actor) for day, who in zip(of_day, problem.scenes, strict=True) for actor in who}
    return sum(problem.pay[actor] for _, actor in come)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9), st.integers(3, 7), st.integers(1, 3), st.integers(1, 5))
def test_days_equal_brute_force(seed: int, scenes: int, days: int, most: int) -> None:
    problem = days_made(seed, min(scenes, days * most), days, most)
    answer = allocate(problem)
    count = len(problem.scenes)
    prices = [day_price(problem, of_day) for of_day in product(range(days), repeat=count)]
    assert (answer.total, answer.proved) == (min(p for p in prices if p is not None), True)
    stands = {scene: day for day, held in enumerate(answer.days) for scene in held}
    assert day_price(problem, tuple(stands[scene] for scene in range(count))) == answer.total
    assert len(answer.days) <= days
    # The proof alone, from a limit that anything beats, one that only the best beat, and one that nothing does.
    ranked = list(range(count))
    for limit in (10**9, answer.total + 1):
        found = proof(problem, ranked, limit, float("inf"))
        assert found is not None
        assert problem.total(found) == answer.total
        assert sorted(scene for day in found for scene in day) == ranked
    assert proof(problem, ranked, answer.total, float("inf")) is None


def test_days_too_many_to_prove_are_searched_until_the_limit() -> None:
    problem = days_made(1, 40, 5, 9)
    answer = allocate(problem, seconds=0.2)
    assert not answer.proved
    assert sorted(scene for day in answer.days for scene in day) == list(range(40))
    assert max(map(len, answer.days)) <= 9
    # Everybody comes every day at worst.
    assert answer.total <= 5 * sum(problem.pay)
    assert prod(map(len, answer.days)) > 0


SCENES = {"actors": ["a", "b"], "pay": [1, 2], "scenes": [["a"], ["b"], ["a", "b"]], "days": 2, "max_scenes_per_day": 2}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"pay": [1]}, "pay holds 1 numbers; 2 are needed"),
        ({"pay": [1, -2]}, 'pay of "b" must be a whole number from 0 to 1000000000, not -2.'),
        ({"pay": [1, 10**12]}, 'pay of "b" must be a whole number'),
        ({"scenes": [["a"], ["c"]]}, 'scenes row 2 names "c", who is not in actors.'),
        ({"scenes": [["a"], "b"]}, 'scenes row 2 must be a list of actors, not "b".'),
        ({"scenes": []}, "scenes must be a list of 1 to 500 scenes."),
        ({"days": 1}, "3 scenes do not fit on 1 days of at most 2 scenes."),
        ({"days": 0}, "days must be between 1 and 500, not 0."),
        ({"max_scenes_per_day": "2"}, "max_scenes_per_day must be a whole number"),
        ({"nights": 1}, 'has an unknown field "nights"'),
        ({"actors": ["a", "a"]}, 'actors names "a" twice.'),
        ({"actors": []}, "actors must be a list of 1 to 500 names."),
    ],
)
def test_bad_days_are_named(change: dict[str, object], says: str) -> None:
    with pytest.raises(ProblemError) as caught:
        read_allocation({**SCENES, **change})
    assert says in caught.value.message
    assert allocate(read_allocation(SCENES)).total == 4


def test_compiled_loops_are_kept_beside_the_data_or_wherever_else_can_be_written(tmp_path: Path) -> None:
    file = tmp_path / "little.txt"
    file.write_text(LITTLE, encoding="utf-8")
    for data in (tmp_path / "data", Path("/proc/data")):
        run = [sys.executable, "-m", "scheduling.solver", "talent", str(file)]
        env = {**os.environ, "KAIJI_DATA": str(data)}
        env.pop("NUMBA_CACHE_DIR", None)
        done = subprocess.run(run, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
        assert json.loads(done.stdout)["total"] == 75
        assert bool(list(data.rglob("*.nbi"))) is data.is_relative_to(tmp_path)
    assert shelf([Path("/proc/data")]) is None
    assert shelf([Path("/proc/data"), tmp_path / "other"]) == tmp_path / "other"
