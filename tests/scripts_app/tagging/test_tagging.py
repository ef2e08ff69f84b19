"""Words found, marks put back, ages read, links followed: worked cases and what always holds."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts_app.tagging import (
    Anchor,
    Finder,
    Rule,
    SceneFacts,
    Span,
    age_in_years,
    anchor,
    digest_of_line,
    fold,
    is_minor,
    linked,
    pieces,
    placed,
)

# Few letters, so that words meet, overlap and hold each other.
LETTERS = st.text("刀伞红aB1 ", max_size=14)
WORDS = st.lists(st.text("刀伞红aB1 ", min_size=1, max_size=4), max_size=6)


def found(words: list[str], text: str) -> list[tuple[int, str]]:
    return [(each.start, each.word) for each in Finder(words).find(text)]


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        (["请柬", "红色请柬"], "桌上一张红色请柬，请柬旁是请", [(4, "红色请柬"), (9, "请柬")]),
        (["car", "刀"], "Scar, a CAR and cars；菜刀", [(8, "car"), (22, "刀")]),
        (["car"], "开car走", [(1, "car")]),
        (["  "], "  ", []),
        ([], "刀", []),
        (["aa"], "aaa", []),
        (["İ刀"], "İ刀", [(0, "İ刀")]),
    ],
)
def test_words_are_found(words: list[str], text: str, expected: list[tuple[int, str]]) -> None:
    assert found(words, text) == expected


@given(WORDS, LETTERS)
def test_what_is_found_is_what_a_slow_reading_finds(words: list[str], text: str) -> None:
    """Beside the obvious reading: at each place the longest word that stands alone, then on behind it."""
    plain, at, expected = fold(text), 0, []
    latin = re.compile("[a-z0-9]")
    while at < len(text):
        fits = [
            word for word in words
            if word.strip() and plain.startswith(fold(word), at)
            and not (at and latin.match(plain[at]) and latin.match(plain[at - 1]))
            and not (
                at + len(word) < len(text) and latin.match(plain[at + len(word) - 1])
                and latin.match(plain[at + len(word)])
            )
        ]  # fmt: skip
        if fits:
            size = max(map(len, fits))
            expected.append((at, size))
            at += size
        else:
            at += 1
    assert [(each.start, each.length) for each in Finder(words).find(text)] == expected


LINES = ["林叶推门。", "桌上一张请柬。", "请柬，又是请柬。", "林叶推门。"]


def test_a_mark_stays_on_its_line_wherever_it_moves() -> None:
    marks = [anchor(LINES, 1, 4, 2), anchor(LINES, 3, 2, 2), anchor(LINES, 2, 5, 2)]
    assert all(marks)
    moved = ["新的一行。", LINES[2], LINES[0], "又一行。", LINES[1], LINES[3]]
    assert placed([mark for mark in marks if mark], moved) == [Span(4, 4, 2), Span(5, 2, 2), Span(1, 5, 2)]


def test_a_mark_on_a_changed_line_goes_to_its_words_or_nowhere() -> None:
    marks = [anchor(LINES, 1, 4, 2), anchor(LINES, 2, 0, 2), anchor(LINES, 0, 2, 2)]
    known = [mark for mark in marks if mark]
    # 推门 is gone; the two 请柬 find two different places.
    assert placed(known, ["她拿起请柬，撕了请柬。"]) == [Span(0, 3, 2), Span(0, 8, 2), None]
    assert placed(known, []) == [None, None, None]


@pytest.mark.parametrize("place", [(9, 0, 1), (-1, 0, 1), (0, 4, 9), (0, -1, 2), (0, 0, 0)])
def test_no_place_no_anchor(place: tuple[int, int, int]) -> None:
    assert anchor(LINES, *place) is None
    assert anchor(["  "], 0, 0, 1) is None


@given(st.lists(LETTERS, min_size=1, max_size=6), st.data())
def test_an_anchor_is_found_again_in_its_own_text_and_behind_new_lines(lines: list[str], data: st.DataObject) -> None:
    line = data.draw(st.integers(0, len(lines) - 1))
    start = data.draw(st.integers(0, max(0, len(lines[line]) - 1)))
    length = data.draw(st.integers(1, 5))
    mark = anchor(lines, line, start, length)
    if mark is None:
        return
    assert placed([mark], lines) == [Span(line, start, length)]
    assert placed([mark], ["一行从未写过的字", *lines]) == [Span(line + 1, start, length)]


@given(
    st.lists(st.builds(Anchor, LETTERS.map(digest_of_line), st.integers(0, 3), st.integers(0, 9), st.integers(1, 4), LETTERS)),
    st.lists(LETTERS, max_size=5),
)  # fmt: skip
def test_marks_of_any_text_are_placed_inside_lines_that_there_are(marks: list[Anchor], lines: list[str]) -> None:
    spans = placed(marks, lines)
    assert len(spans) == len(marks)
    assert all(span is None or 0 <= span.line < len(lines) for span in spans)


@given(st.integers(1, 20), st.lists(st.tuples(st.integers(0, 25), st.integers(1, 9)), max_size=5))
def test_pieces_are_the_line_with_each_mark_where_it_is(length: int, marks: list[tuple[int, int]]) -> None:
    cut = pieces(length, marks)
    assert [at for piece in cut for at in range(piece.start, piece.end)] == list(range(length))
    for piece in cut:
        for at in range(piece.start, piece.end):
            assert piece.marks == tuple(i for i, (start, size) in enumerate(marks) if start <= at < start + size)


@pytest.mark.parametrize(
    ("text", "years", "minor"),
    [
        ("28", 28, False), ("八岁", 8, True), ("约40", 40, False), ("十七八岁", 17, True), ("18", 18, False),
        ("十八", 18, False), ("二十出头", 20, False), ("十", 10, True), ("二十三岁", 23, False), ("６岁", 6, True),
        ("3个月", 0, True), ("六个月", 0, True), ("6-8岁", 6, True), ("七八岁", 7, True), ("", None, False),
        ("小学生", None, True), ("中年", None, False), ("teenager", None, True), ("kidnapper", None, False),
        ("一百多岁", 100, False), ("16", 16, True), ("5 years", 5, True), ("20+", 20, False), ("青年", None, False),
        ("两岁", 2, True), ("三十", 30, False),
    ],
)  # fmt: skip
def test_ages(text: str, years: int | None, minor: bool) -> None:
    assert (age_in_years(text), is_minor(text)) == (years, minor)


@given(st.text(max_size=20))
def test_any_text_is_an_age_or_none(text: str) -> None:
    years = age_in_years(text)
    assert years is None or 0 <= years <= 999
    assert isinstance(is_minor(text), bool)


@given(st.integers(1, 99))
def test_numbers_written_in_chinese_are_the_numbers(value: int) -> None:
    tens, ones = divmod(value, 10)
    digits = "零一二三四五六七八九"
    written = ("" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十") + (
        digits[ones] if ones or not tens else ""
    )
    assert age_in_years(f"{written}岁") == value


def test_links_feed_each_other_and_say_why() -> None:
    rules = [
        Rule(1, "category", "minors", "", ("minors", "监护人")),
        Rule(2, "element", "minors", "监护人", ("props", "折叠椅")),
        Rule(3, "role", "", "林叶", ("props", "戒指")),
        Rule(4, "set", "", "天台", ("stunts", "威亚")),
    ]
    facts = SceneFacts("天台", frozenset({"林叶"}), frozenset({("minors", "小明")}), frozenset({("props", "戒指")}))
    assert {thing: (reason.rule, reason.because) for thing, reason in linked(facts, rules).items()} == {
        ("minors", "监护人"): (1, "小明"), ("props", "折叠椅"): (2, "监护人"), ("stunts", "威亚"): (4, "天台"),
    }  # fmt: skip


def test_a_circle_starts_nothing_and_ends() -> None:
    rules = [Rule(1, "element", "props", "锁", ("props", "钥匙")), Rule(2, "element", "props", "钥匙", ("props", "锁"))]
    assert linked(SceneFacts("", frozenset(), frozenset()), rules) == {}
    assert set(linked(SceneFacts("", frozenset(), frozenset({("props", "锁")})), rules)) == {("props", "钥匙")}


THINGS = st.tuples(st.sampled_from(["props", "minors"]), st.sampled_from("甲乙丙丁"))
RULES = st.lists(
    st.builds(
        Rule, st.integers(1, 9), st.sampled_from(["role", "element", "category", "set"]),
        st.sampled_from(["props", "minors"]), st.sampled_from("甲乙丙丁"), THINGS,
    ),
    max_size=7,
)  # fmt: skip
FACTS = st.builds(
    SceneFacts, st.sampled_from(["甲", ""]), st.frozensets(st.sampled_from("甲乙"), max_size=2),
    st.frozensets(THINGS, max_size=3), st.frozensets(THINGS, max_size=2),
)  # fmt: skip


@given(FACTS, RULES)
def test_links_are_closed_and_bring_nothing_twice_or_refused(facts: SceneFacts, rules: list[Rule]) -> None:
    added = set(linked(facts, rules))
    assert not added & facts.things
    assert not added & facts.refused
    # Nothing is left to ask for, in whatever order the rules stand.
    assert set(linked(facts, rules[::-1])) == added
    assert not linked(SceneFacts(facts.set_name, facts.roles, facts.things | added, facts.refused), rules)


def test_five_thousand_words_over_a_whole_script_touch_each_character_a_few_times() -> None:
    """Not timed: each position asks for its first character, so words that begin otherwise cost nothing."""
    finder = Finder([f"{chr(0x4E00 + index)}{chr(0x5E00 + index)}" for index in range(5000)])
    assert max(len(sizes) for sizes in finder._lengths.values()) == 1
    assert list(finder.find("〇" * 80_000)) == []


def test_the_door_prints_what_it_finds(tmp_path: Path) -> None:
    file = tmp_path / "given.json"
    file.write_text(json.dumps({"words": ["伞"], "lines": ["她打开伞。"]}), encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "scripts_app.tagging", str(file)], capture_output=True, text=True)
    assert json.loads(done.stdout) == [{"line": 0, "start": 3, "length": 1, "word": "伞"}]
