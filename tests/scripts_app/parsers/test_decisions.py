"""What people decide about a script: each decision does what it says, and nothing is lost by any of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts_app.parsers import Fault, ParsedScript, fault_key, ignoring, proposed, read_text
from scripts_app.parsers.decisions import BadDecision, read_decision
from tests.scripts_app.parsers.test_parsers_properties import check, scripts

Unplaced = Callable[[ParsedScript, str], list[int]]

SCRIPT = """《初光》
【正文】
第1集
1-1 日 内 叶家客厅
人物：林叶、沈乐
△林叶推门而入。
乔：你来了？
夜色，叶家后院门口
人物：乔安然
△她转身。
乔安然：走。
时间：夜
1-2 夜 外 叶家大厅 - 窗边
人物：林叶
林叶、乔：不。
第2集
2-1 日 内 叶家客厅
△桌上有信。
2-1 日 内 叶家客厅
△他拿起信。
第2集
2-2 昏 外 街道
△风。
"""
LINE = {text: number for number, text in enumerate(SCRIPT.split("\n"), start=1)}


def read(*decisions: dict[str, Any], text: str = SCRIPT, name: str = "a.txt") -> ParsedScript:
    return read_text(text, name, decisions=[read_decision(each) for each in decisions])


def told(parsed: ParsedScript) -> dict[str, list[int]]:
    return {scene.number: [each.line for each in scene.elements] for scene in parsed.scenes}


def scene(parsed: ParsedScript, number: str) -> Any:
    return next(each for each in parsed.scenes if each.number == number)


def test_no_decision_changes_nothing() -> None:
    assert read() == read_text(SCRIPT, "a.txt")
    assert read().idle == ()


def test_a_role_is_renamed_as_speaker_and_on_cast_lines() -> None:
    parsed = read({"action": "rename_role", "from": "乔", "to": "乔安然"})
    assert [scene.speakers for scene in parsed.scenes][:2] == [("乔安然",), ("林叶、乔安然",)]
    cast = read({"action": "rename_role", "from": "乔安然", "to": "林叶"})
    assert [member.name for member in scene(cast, "1-1").cast] == ["林叶", "沈乐"]


def test_a_role_is_renamed_in_one_scene_alone() -> None:
    parsed = read({"action": "rename_role", "from": "乔", "to": "乔安然", "line": 4})
    assert [each.speakers for each in parsed.scenes][:2] == [("乔安然",), ("林叶、乔",)]


def test_a_set_is_renamed_with_its_parts() -> None:
    parsed = read({"action": "rename_set", "from": "叶家大厅", "to": "叶家客厅"})
    assert [(each.place, each.sub_place) for each in parsed.scenes[:2]] == [
        ("叶家客厅", None), ("叶家客厅 - 窗边", "窗边"),
    ]  # fmt: skip
    # A set whose name only begins the same is another set.
    assert [each.place for each in read({"action": "rename_set", "from": "叶家", "to": "x"}).scenes] == [
        each.place for each in read().scenes
    ]


def test_a_line_becomes_a_heading_with_what_it_says_and_what_was_typed() -> None:
    line = LINE["夜色，叶家后院门口"]
    parsed = read({"action": "make_head", "line": line, "number": "1-1A", "int_ext": "ext", "time": "night"})
    new = scene(parsed, "1-1A")
    assert (new.line, new.int_ext, new.time_of_day) == (line, "ext", "night")
    assert "叶家后院门口" in new.place
    assert [member.name for member in new.cast] == ["乔安然"]
    assert [member.name for member in scene(parsed, "1-1").cast] == ["林叶", "沈乐"]
    assert told(parsed)["1-1"] == [6, 7]
    assert told(parsed)["1-1A"][:2] == [10, 11]


def test_a_scene_is_split_above_a_line_that_stays() -> None:
    parsed = read({"action": "split_scene", "line": 11, "set": "叶家后院", "time": "dusk"})
    new = parsed.scenes[1]
    assert (new.place, new.time_of_day, new.time_written, new.number) == ("叶家后院", "dusk", "昏", "1-3")
    assert new.elements[0].speaker == "乔安然"
    assert [each.code for each in parsed.faults if each.line == 11] == ["scene_number_missing"]


def test_a_heading_is_made_text_again() -> None:
    parsed = read({"action": "make_action", "line": LINE["1-2 夜 外 叶家大厅 - 窗边"]})
    assert "1-2" not in told(parsed)
    assert [(each.kind, each.text) for each in scene(parsed, "1-1").elements if each.line == 13] == [
        ("action", "1-2 夜 外 叶家大厅 - 窗边")
    ]
    first = read({"action": "make_action", "line": 4})
    assert [line.line for line in first.episodes[0].lead] == [4, 6, 7, 8, 10, 11, 12]
    episode = read({"action": "make_action", "line": LINE["第2集"]})
    assert len(episode.episodes) == 1 + 1


def test_repeats_are_joined_to_what_is_above() -> None:
    # Line 16 is the first 第2集, 19 the repeated scene, 21 the repeated episode.
    parsed = read({"action": "merge_up", "line": 19}, {"action": "merge_up", "line": 21})
    assert [episode.number for episode in parsed.episodes] == [1, 2]
    assert told(parsed)["2-1"] == [18, 20]
    assert told(parsed)["2-2"] == [23]
    assert not [each for each in parsed.faults if "duplicate" in each.code]


def test_numbers_and_times_are_set_and_what_is_written_stays() -> None:
    parsed = read(
        {"action": "number_scene", "line": 19, "number": "2-5"},
        {"action": "set_time", "line": 4, "time": "night"},
        {"action": "number_episode", "line": 21, "number": 3},
        {"action": "set_head", "line": 13, "set": "天台", "int_ext": "int", "number": "1-7"},
    )
    five = scene(parsed, "2-5")
    assert (five.line, five.written_number) == (19, "2-1")
    assert (scene(parsed, "1-1").time_of_day, scene(parsed, "1-1").time_written) == ("night", "夜")
    assert [episode.number for episode in parsed.episodes] == [1, 2, 3]
    # The heads below repeat the wrong number of their episode and follow it.
    assert scene(parsed, "3-2").line == 22
    assert (scene(parsed, "1-7").place, scene(parsed, "1-7").int_ext) == ("天台", "int")


def test_cast_is_added_and_dropped() -> None:
    parsed = read(
        {"action": "add_cast", "line": 4, "name": "乔安然"}, {"action": "drop_cast", "line": 4, "name": "沈乐"}
    )
    assert [member.name for member in scene(parsed, "1-1").cast] == ["林叶", "乔安然"]


def test_what_is_ignored_is_told_no_more_and_stays_known() -> None:
    plain = read()
    one = next(each for each in plain.faults if each.code == "scene_number_duplicate")
    parsed = read(ignoring(one, plain.lines))
    assert [each for each in plain.faults if each not in parsed.faults] == list(parsed.ignored) == [one]
    assert parsed.episodes == plain.episodes


def test_a_name_is_ignored_wherever_it_stands() -> None:
    text = SCRIPT.replace("△桌上有信。", "人物：林叶\n老管家：信？").replace("林叶、乔：不。", "老管家：不。")
    plain = read(text=text)
    unknown = [each for each in plain.faults if each.params.get("speaker") == "老管家"]
    assert len(unknown) == 2
    parsed = read(ignoring(unknown[0], plain.lines), text=text)
    assert parsed.ignored == tuple(unknown)
    assert fault_key(unknown[0], plain.lines) == "老管家"


def test_no_error_is_ignored() -> None:
    plain = read_text("今天天气很好。")
    each = plain.faults[0]
    assert each.code == "no_scenes"
    assert read({"action": "ignore", "code": "no_scenes", "line": 0}, text="今天天气很好。").faults == plain.faults


def test_a_proposal_for_a_scene_is_kept_by_its_line() -> None:
    plain = read()
    given = Fault(7, "x", "", "warning", {}, {"action": "rename_role", "from": "乔", "to": "乔安然", "scene": "1-2"})
    assert proposed(given, plain) == {"action": "rename_role", "from": "乔", "to": "乔安然", "line": 13}
    assert proposed(Fault(7, "x", "", "warning", {}, {"action": "fly"}), plain) is None
    assert proposed(Fault(7, "x", "", "warning"), plain) is None
    assert proposed(Fault(7, "x", "", "warning", {}, {"action": "rename_role", "from": "a", "to": "b", "scene": "9-9"}), plain) is None  # fmt: skip


def test_what_meets_nothing_is_idle() -> None:
    parsed = read(
        {"action": "rename_role", "from": "乔", "to": "乔安然"}, {"action": "rename_role", "from": "无此人", "to": "谁"},
        {"action": "merge_up", "line": 6}, {"action": "make_head", "line": 900}, {"action": "merge_up", "line": 19},
    )  # fmt: skip
    assert parsed.idle == (1, 2, 3)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("x", "unknown_action"), ({}, "unknown_action"), ({"action": "fly"}, "unknown_action"),
        ({"action": "merge_up"}, "line_missing"), ({"action": "merge_up", "line": "x"}, "line_unreadable"),
        ({"action": "merge_up", "line": True}, "line_unreadable"), ({"action": "merge_up", "line": -1}, "line_unreadable"),
        ({"action": "merge_up", "line": 0}, "line_unreadable"),
        ({"action": "rename_role", "from": "a", "to": "a"}, "to_unchanged"),
        ({"action": "rename_role", "from": "a", "to": "b" * 61}, "to_unreadable"),
        ({"action": "rename_role", "from": "a", "to": ""}, "to_missing"),
        ({"action": "number_scene", "line": 1, "number": "abc"}, "number_unreadable"),
        ({"action": "number_episode", "line": 1, "number": 0}, "number_unreadable"),
        ({"action": "set_time", "line": 1, "time": "noon"}, "time_unreadable"),
        ({"action": "set_head", "line": 1}, "head_unchanged"), ({"action": "split_scene", "line": 1}, "set_missing"),
        ({"action": "set_head", "line": 1, "int_ext": "x"}, "int_ext_unreadable"),
        ({"action": "ignore", "code": "x"}, "key_missing"), ({"action": "ignore", "code": "x", "line": 1, "key": "a"}, "key_missing"),
    ],
)  # fmt: skip
def test_a_bad_decision_is_refused(given: object, code: str) -> None:
    with pytest.raises(BadDecision) as refused:
        read_decision(given)
    assert refused.value.code == code


def test_a_decision_keeps_what_it_knows_and_nothing_else() -> None:
    assert read_decision({"action": "number_scene", "line": "12", "number": " 3—7 ", "x": 1}) == {
        "action": "number_scene", "line": 12, "number": "3-7",
    }  # fmt: skip


def test_a_scene_is_not_split_where_it_begins() -> None:
    split = {"action": "split_scene", "line": 11, "set": "叶家后院"}
    assert read(split, split).episodes == read(split).episodes
    head = {"action": "split_scene", "line": 4, "set": "叶家后院"}
    assert read(head).idle == (0,)


def test_fountain_and_its_capitals() -> None:
    text = "INT. HOUSE - DAY\n\nShe waits.\n\nTHE YARD, NIGHT\nWind.\n\nBOB\n(softly)\nHello.\n"
    parsed = read({"action": "make_head", "line": 5, "time": "night"}, text=text, name="a.fountain")
    assert [(each.line, each.time_of_day, [one.kind for one in each.elements]) for each in parsed.scenes] == [
        (1, "day", ["action"]), (5, "night", ["action", "dialogue"]),
    ]  # fmt: skip
    split = read({"action": "split_scene", "line": 10, "set": "YARD", "time": "dusk"}, text=text, name="a.fountain")
    # The name goes with what is said.
    assert [each.line for each in split.scenes[1].head] == [8, 9]
    assert split.scenes[1].time_written == "DUSK"


lines = st.integers(1, 45)
names = st.sampled_from(["沈乐", "满满", "阿丰", "旁白", "BOB", "ALICE", "客厅", "天台", "新名"])
times = st.sampled_from(["day", "night", "dawn", "dusk"])
heads = st.fixed_dictionaries(
    {"line": lines},
    optional={
        "number": st.sampled_from(["1-1", "2-3A", "7"]),
        "time": times,
        "int_ext": st.sampled_from(["int", "ext"]),
    },
)
by_line = st.one_of(
    heads.map(lambda each: {"action": "make_head", **each}),
    heads.map(lambda each: {"action": "split_scene", "set": "新景", **each}),
    heads.map(lambda each: {"action": "set_head", "set": "新景", **each}),
    st.builds(lambda action, line: {"action": action, "line": line}, st.sampled_from(["make_action", "merge_up"]), lines),
    st.builds(lambda line, number: {"action": "number_episode", "line": line, "number": number}, lines, st.integers(1, 9)),
    st.builds(lambda line, time: {"action": "set_time", "line": line, "time": time}, lines, times),
)  # fmt: skip
by_name = st.builds(
    lambda action, one, two: {"action": action, "from": one, "to": f"{two}二"},
    st.sampled_from(["rename_role", "rename_set"]), names, names,
)  # fmt: skip
kinds = st.sampled_from(["", "a.txt", "a.fountain"])


def distinct(decisions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    seen: dict[tuple[object, ...], dict[str, Any]] = {}
    for each in decisions:
        seen.setdefault((each["action"], each.get("line"), each.get("from")), each)
    return list(seen.values())


@settings(max_examples=300, deadline=None)
@given(text=scripts, decisions=st.lists(st.one_of(by_line, by_name), max_size=8), name=kinds)
def test_no_decision_loses_a_line(
    text: str, decisions: list[dict[str, Any]], name: str, unplaced_lines: Unplaced
) -> None:
    parsed = read(*decisions, text=text, name=name)
    numbers = [each.number for each in parsed.scenes]
    assert len(set(numbers)) == len(numbers)
    if text.strip():
        assert unplaced_lines(parsed, text) == []
        placed = [each.line for one in parsed.scenes for each in (*one.head, *one.elements)]
        placed += [each.line for one in parsed.episodes for each in (*one.head, *one.lead)]
        assert len(placed) == len(set(placed))


@settings(max_examples=200, deadline=None)
@given(text=scripts, decisions=st.lists(by_line, max_size=6).map(distinct), data=st.data(), name=kinds)
def test_the_order_of_deciding_does_not_matter(
    text: str, decisions: list[dict[str, Any]], data: Any, name: str
) -> None:
    other = data.draw(st.permutations(decisions))
    assert read(*decisions, text=text, name=name).episodes == read(*other, text=text, name=name).episodes


@settings(max_examples=200, deadline=None)
@given(text=scripts, decisions=st.lists(st.one_of(by_line, by_name), max_size=6).map(distinct), name=kinds)
def test_deciding_twice_is_deciding_once(text: str, decisions: list[dict[str, Any]], name: str) -> None:
    # A name renamed to one that is renamed in turn is two decisions; these lead to names nobody had.
    once, twice = read(*decisions, text=text, name=name), read(*decisions, *decisions, text=text, name=name)
    assert once.episodes == twice.episodes


@settings(max_examples=100, deadline=None)
@given(text=scripts)
def test_every_proposal_can_be_accepted_and_says_what_it_does(text: str, unplaced_lines: Unplaced) -> None:
    parsed = read_text(text)
    wanted = [decision for each in parsed.faults if (decision := proposed(each, parsed)) is not None]
    decided = read_text(text, decisions=wanted)
    check(decided)
    if text.strip():
        assert unplaced_lines(decided, text) == []
