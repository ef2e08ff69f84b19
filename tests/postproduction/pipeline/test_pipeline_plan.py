"""Due dates of steps."""

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postproduction.pipeline import Calendar, Pipeline, PipelineFault, Step, plan, template

MONDAY = dt.date(2026, 3, 2)


def chain(*minutes, departments=None):
    codes = [f"s{index}" for index in range(len(minutes))]
    steps = [
        Step(
            code,
            code,
            departments[index] if departments else "edit",
            minutes[index],
            tuple(codes[max(0, index - 1) : index]),
        )
        for index, code in enumerate(codes)
    ]
    return Pipeline(tuple(steps))


def dates(pipeline, *args, **kwargs):
    return [
        (row.code, row.start_date.isoformat()[5:], row.due_date.isoformat()[5:])
        for row in plan(pipeline, *args, **kwargs)
    ]


def test_days_fill_up_one_after_another():
    assert dates(chain(480, 480, 240, 240, 1), MONDAY, 480) == [
        ("s0", "03-02", "03-02"),
        ("s1", "03-03", "03-03"),
        ("s2", "03-04", "03-04"),
        ("s3", "03-04", "03-04"),
        ("s4", "03-05", "03-05"),
    ]


def test_weekends_are_worked_unless_the_calendar_says_otherwise():
    work = chain(480 * 7)
    assert dates(work, MONDAY, 480) == [("s0", "03-02", "03-08")]
    weekdays = Calendar(weekly_off=frozenset({5, 6}))
    assert dates(work, MONDAY, 480, weekdays) == [("s0", "03-02", "03-10")]
    moved = Calendar(frozenset({5, 6}), off=frozenset({MONDAY}), worked=frozenset({dt.date(2026, 3, 7)}))
    assert dates(work, MONDAY, 480, moved) == [("s0", "03-03", "03-10")]


def test_departments_work_side_by_side_with_days_of_their_own():
    pipeline = Pipeline(
        (
            Step("cut", "Cut", "edit", 100),
            Step("colour", "Colour", "colour", 100, ("cut",)),
            Step("mix", "Mix", "sound", 100, ("cut",)),
            Step("foley", "Foley", "sound", 100, ("cut",)),
            Step("lock", "Lock", "", 0, ("colour", "mix", "foley")),
        )
    )
    assert dates(pipeline, MONDAY, {"edit": 100, "colour": 50, "": 100}) == [
        ("cut", "03-02", "03-02"),
        ("colour", "03-03", "03-04"),
        ("mix", "03-03", "03-03"),
        ("foley", "03-04", "03-04"),
        ("lock", "03-04", "03-04"),
    ]


def test_done_steps_take_no_time_and_are_not_planned():
    assert dates(chain(480, 480), MONDAY, 480, done=["s0"]) == [("s1", "03-02", "03-02")]
    assert plan(chain(480), MONDAY, 480, done=["s0"]) == []


@given(
    st.lists(st.integers(0, 2000), min_size=1, max_size=6),
    st.integers(40, 600),
    st.sets(st.integers(0, 6), max_size=5),
)
def test_a_chain_ends_when_its_minutes_are_used_up(minutes, per_day, weekly_off):
    calendar = Calendar(weekly_off=frozenset(weekly_off))
    planned = plan(chain(*minutes), MONDAY, per_day, calendar)
    needed = max(1, -(-Fraction(sum(minutes), per_day) // 1))
    worked = [
        day for day in (MONDAY + dt.timedelta(days) for days in range(needed * 7)) if day.weekday() not in weekly_off
    ]
    assert planned[-1].due_date == worked[needed - 1]
    assert all(row.start_date <= row.due_date for row in planned)
    assert [row.due_date for row in planned] == sorted(row.due_date for row in planned)


@pytest.mark.parametrize("code", ["live", "manju", "localisation"])
def test_templates_are_never_due_before_what_they_wait_for(code):
    pipeline = template(code)
    due = {row.code: row for row in plan(pipeline, MONDAY, 60)}
    for step in pipeline.steps:
        assert all(due[earlier].due_date <= due[step.code].due_date for earlier in step.after)
    assert max(row.due_date for row in due.values()) == due["master"].due_date


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda: plan(chain(5), MONDAY, 0), "no_minutes"),
        (lambda: plan(chain(5), MONDAY, {"sound": 5}), "no_minutes"),
        (lambda: plan(chain(5), MONDAY, 60, Calendar(weekly_off=frozenset(range(7)))), "beyond_horizon"),
        (lambda: plan(chain(100_000), MONDAY, 1), "beyond_horizon"),
        (lambda: plan(chain(2), dt.date.max, 1), "beyond_horizon"),
        (lambda: plan(chain(2), MONDAY, 1, done=["rain"]), "no_such_step"),
    ],
)
def test_refusals(act, code):
    with pytest.raises(PipelineFault) as caught:
        act()
    assert caught.value.code == code
