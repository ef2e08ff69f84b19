"""Words of concern under the dictionary of a day."""

import datetime as dt

import pytest

from compliance.rules import FLAG_KINDS, FlagFinder, FlagTerm, RuleFault, carried, default_flag_terms

DAY = dt.date(2026, 11, 21)


def term(word, kind="smoking", begin=dt.date(2026, 1, 1), until=None):
    return FlagTerm(kind, word, begin, until, "x")


def finds(terms, lines, on=DAY):
    return [(one.kind, one.word, one.line, one.start, one.nth) for one in FlagFinder(terms, on).find(lines)]


def test_words_are_found_by_line_and_place():
    lines = ["他点上香烟。", "无事", "她说：香烟，又是香烟！", "他点上香烟。"]
    assert finds([term("香烟")], lines) == [
        ("smoking", "香烟", 0, 3, 0), ("smoking", "香烟", 2, 3, 0), ("smoking", "香烟", 2, 8, 0),
        ("smoking", "香烟", 3, 3, 1),
    ]  # fmt: skip


def test_a_word_of_two_kinds_is_found_as_both_and_the_longest_counts():
    terms = [term("下药", "sexual"), term("下药", "drugs"), term("药", "drugs")]
    assert finds(terms, ["他给她下药"]) == [("sexual", "下药", 0, 3, 0), ("drugs", "下药", 0, 3, 0)]


@pytest.mark.parametrize(
    ("on", "count"),
    [("2025-12-31", 0), ("2026-01-01", 1), ("2026-05-31", 1), ("2026-06-01", 0)],
)
def test_the_dictionary_is_that_of_the_day(on, count):
    terms = [term("香烟", until=dt.date(2026, 6, 1))]
    assert len(finds(terms, ["香烟"], dt.date.fromisoformat(on))) == count


def test_rows_follow_their_line_within_the_scene_first():
    found = list(FlagFinder([term("香烟")], DAY).find(["递烟：香烟", "香烟"]))
    (one, two) = found
    rows = [("a", two.key, "of scene a"), ("b", one.key, "of scene b"), ("a", ("smoking", "香烟", "0" * 24, 0), "gone")]
    matched, left = carried([("a", one), ("a", two), ("b", two)], rows)
    assert (matched, left) == (["of scene b", "of scene a", None], ["gone"])


def test_the_working_list_says_that_it_is_one():
    terms = default_flag_terms()
    assert {one.kind for one in terms} == FLAG_KINDS.keys() - {"other"}
    assert all("unverified" in one.source for one in terms)
    assert len({(one.kind, one.word) for one in terms}) == len(terms)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda: term(" "), "flag_term_empty"),
        (lambda: term("烟", "nonsense"), "flag_term_empty"),
        (lambda: term("烟", until=dt.date(2026, 1, 1)), "flag_term_dates"),
    ],
)
def test_impossible_words(act, code):
    with pytest.raises(RuleFault) as caught:
        act()
    assert caught.value.code == code
