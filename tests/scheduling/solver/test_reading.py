"""Problems read from JSON: what is right comes back the same, what is wrong is named with its row."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.solver import Problem, ProblemError, solve
from scheduling.solver.generate import make_problem
from tests.scheduling.solver.test_check import PROBLEM


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_problems_come_back_the_same(seed: int) -> None:
    problem = make_problem(20, 3, seed)
    assert Problem.from_json(problem.to_json()) == problem


def test_defaults_fill_what_is_left_out() -> None:
    read = Problem.from_json(
        {
            "scenes": [{"id": "1", "episode": 1, "minutes": 30, "set": "S"}],
            "sets": [{"id": "S", "base": "B"}],
            "bases": [{"id": "B"}],
            "people": [],
            "days": [{"index": 1, "date": "2026-05-01"}],
        }
    )
    assert solve(read, iterations=10).feasible
    assert read.rules.rest_minutes == 600


FAULTS: list[tuple[tuple[str | int, ...], Any, str]] = [
    (("scenes", 2, "minutes"), -5, 'scene row 3 ("3"): minutes must be between 1 and 2880, not -5.'),
    (("scenes", 2, "minutes"), 10**40, 'scene row 3 ("3"): minutes must be between 1 and 2880, not 1000'),
    (("scenes", 0, "minutes"), 1.5, 'scene row 1 ("1"): minutes must be a whole number, not 1.5.'),
    (("scenes", 0, "minutes"), True, 'scene row 1 ("1"): minutes must be a whole number, not True.'),
    (("scenes", 0, "colour"), "red", 'scene row 1 ("1") has an unknown field "colour"'),
    (("scenes", 0, "set"), "moon", 'scene row 1 ("1"): set names "moon", which is not in sets.'),
    (("scenes", 0, "cast"), ["lin", "x"], 'scene row 1 ("1"): cast names "x", who is not in people.'),
    (("scenes", 0, "cast"), ["lin", "lin"], 'scene row 1 ("1"): cast names "lin" twice.'),
    (("scenes", 0, "cast"), "lin", 'scene row 1 ("1"): cast must be a list, not "lin".'),
    (("scenes", 0, "after"), ["1"], 'scene row 1 ("1"): after makes a circle: 1 after 1.'),
    (("scenes", 0, "after"), ["2"], "after makes a circle: 1 after 2 after 1."),
    (("scenes", 0, "after"), ["zz"], 'scene row 1 ("1"): after names scene "zz", which is not in scenes.'),
    (("scenes", 0, "locked_day"), 8, 'scene row 1 ("1"): locked_day names day 8, which is not in days.'),
    (
        ("scenes", 0, "int_ext"),
        "out",
        'scene row 1 ("1"): int_ext must be one of int, ext, int_ext, not "out".',
    ),
    (("scenes", 1, "id"), "1", 'scene row 2 ("1"): id is already used by row 1.'),
    (("scenes", 1), 7, "scene row 2 must be an object with fields, not 7."),
    (("scenes",), [], "The problem: scenes must hold 1 to 2000 scenes, not 0."),
    (("sets", 0, "base"), None, 'set row 1 ("hall"): base is missing: every set stands at a base.'),
    (("sets", 0, "base"), "north", 'set row 1 ("hall"): base names "north", which is not in bases.'),
    (
        ("sets", 0, "price_per_hour"),
        10,
        'set row 1 ("hall"): price_per_day and price_per_hour are both given',
    ),
    (("sets", 0, "price_per_day"), 10**12, 'set row 1 ("hall"): price_per_day must be between 0 and'),
    (
        ("sets", 0, "open"),
        [{"day": 1, "start_minute": 9, "end_minute": 9}],
        "end_minute must be after its start",
    ),
    (("bases", 0, "move_minutes"), {"moon": 4}, 'base row 1 ("east"): move_minutes names base "moon"'),
    (("bases", 0, "move_minutes"), {"west": -4}, 'base row 1 ("east"), move_minutes: west must be between 0'),
    (("people", 1, "available"), [4], 'person row 2 ("bo"): available names day 4, which is not in days.'),
    (
        ("people", 1, "hold_percent"),
        101,
        'person row 2 ("bo"): hold_percent must be between 0 and 100, not 101.',
    ),
    (("days", 1, "date"), "tomorrow", 'day row 2 (2): date must be a date like 2026-05-01, not "tomorrow".'),
    (
        ("days", 1, "date"),
        "2026-05-01",
        "day row 2 (2): date and index must both be later than in the row before.",
    ),
    (
        ("days", 1, "wrap_limit_minutes"),
        480,
        "day row 2 (2): wrap_limit_minutes must be after the call at 480.",
    ),
    (("days", 1, "index"), 1, "day row 2 (1): index is already used by row 1."),
    (("rules", "rest_minutes"), "ten", 'rules: rest_minutes must be a whole number, not "ten".'),
    (("costs", "crew_day"), -1, "costs: crew_day must be between 0 and"),
    (("wishes",), {}, 'The problem has an unknown field "wishes"'),
    (("days",), None, "The problem: days must be a list, not None."),
]


@pytest.mark.parametrize(("path", "value", "says"), FAULTS)
def test_faults_name_the_row_in_words(path: tuple[str | int, ...], value: object, says: str) -> None:
    data: Any = copy.deepcopy(PROBLEM.to_json())
    at = data
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    with pytest.raises(ProblemError) as caught:
        Problem.from_json(data)
    assert says in caught.value.message
    assert caught.value.field_path


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
places = st.sampled_from(
    [
        (part, row, name)
        for part in ("scenes", "sets", "bases", "people", "days")
        for row, data in enumerate(PROBLEM.to_json()[part])
        for name in data
    ]
)


@settings(max_examples=200, deadline=None)
@given(places, json_values)
def test_any_value_anywhere_is_read_or_refused(place: tuple[str, int, str], value: object) -> None:
    data = copy.deepcopy(PROBLEM.to_json())
    part, row, name = place
    data[part][row][name] = value
    try:
        read = Problem.from_json(data)
    except ProblemError:
        return
    assert Problem.from_json(read.to_json()) == read
