"""Decisions for the next draft: by what a line says, never by its number alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scripts_app.parsers import carried, marked

OLD = ["第1集", "夜 客厅", "△她来。", "", "夜 客厅", "△他走。", "天台 夜"]


def after(line: int, new: list[str]) -> int | None:
    kept = marked([{"action": "make_head", "line": line}], OLD)
    found = carried(kept, new)[0]
    return found["line"] if found else None


def test_a_line_is_found_where_it_moved() -> None:
    assert after(7, ["片头", *OLD[:6], "新的一行", "天台 夜"]) == 9


def test_of_several_the_one_with_the_same_neighbours() -> None:
    new = ["第1集", "夜 客厅", "△新的一场。", *OLD[1:]]
    assert (after(2, new), after(5, new)) == (None, 7)
    assert after(2, OLD[4:]) == 1


def test_said_as_often_as_before_it_is_the_same_one_of_them() -> None:
    new = ["夜 客厅", "△一。", "夜 客厅", "△二。"]
    assert (after(2, new), after(5, new)) == (1, 3)


def test_what_is_gone_or_doubtful_is_not_carried() -> None:
    assert after(7, OLD[:6]) is None
    assert after(2, ["△", "夜 客厅", "△", "夜 客厅", "△", "夜 客厅"]) is None


def test_look_alikes_and_spaces_make_no_other_line() -> None:
    assert after(7, ["\u200b天台  夜 "]) == 1


def test_names_hold_as_they_are() -> None:
    decisions = [
        {"action": "rename_role", "from": "乔", "to": "乔安然"},
        {"action": "ignore", "code": "x", "key": "乔"},
    ]
    assert carried(marked(decisions, OLD), []) == decisions


@given(st.lists(st.sampled_from([*OLD, "别的", "又"]), max_size=14), st.data())
def test_in_the_same_draft_every_decision_stays_where_it_is(lines: list[str], data: st.DataObject) -> None:
    spoken = [number for number, text in enumerate(lines, start=1) if text]
    chosen = data.draw(st.lists(st.sampled_from(spoken), unique=True)) if spoken else []
    decisions = marked([{"action": "merge_up", "line": line} for line in chosen], lines)
    again = carried(decisions, lines)
    assert [each["line"] for each in again if each] == chosen
