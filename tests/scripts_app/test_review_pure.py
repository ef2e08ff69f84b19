"""Anchors, points and columns: plain values in and out."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts_app.anchors import Anchors, TextLine
from scripts_app.placing import COLUMNS, FULL, LOCKED, PITCH, REVIEW, TRIAL, DraftFacts, RoundFacts, place
from scripts_app.scoring import Point, Standing, share, standings, total

DAY = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


def at(day, hour=0):
    return DAY + dt.timedelta(days=day, hours=hour)


# --- anchors -----------------------------------------------------------------------------------------------------

LINES = [
    TextLine(3, 1, 1, "林叶推门而入，愣住。"),
    TextLine(4, 1, 1, "林叶 你怎么在这里？"),
    TextLine(9, 2, 1, "你怎么在这里？"),
    TextLine(20, 3, 2, "你 怎么　在这里？"),
    TextLine(21, 3, 2, "走。"),
    TextLine(25, 4, 2, "走。"),
]


@pytest.mark.parametrize(
    ("quote", "scene", "episode", "near", "line"),
    [
        ("愣住", 1, 1, 3, 3),
        ("你怎么在这里", 2, 1, 4, 9),  # its own scene before a nearer line
        ("你怎么在这里", 99, 2, 4, 20),  # the scene is gone: the same episode, blanks aside
        ("你怎么在这里", 99, 7, 4, None),  # three places in other episodes: nobody can say which
        ("林叶推门而入", 99, 7, 4, 3),  # the one place of the draft
        ("走。", 4, 2, 1, 25),
        ("走。", 99, 2, 21, None),  # short words are found in their own scene alone
        ("再也没有的话", 1, 1, 3, None),
        ("  ", 1, 1, 3, None),
        ("愣住", None, 1, 3, None),
    ],
)
def test_words_are_found_where_they_belong(quote, scene, episode, near, line):
    found = Anchors(LINES).find(quote, scene=scene, episode=episode, near=near)
    assert (found.line if found else None) == line


@given(
    st.lists(st.tuples(st.integers(1, 3), st.text("甲乙丙丁 ", min_size=0, max_size=8)), max_size=12),
    st.text("甲乙丙丁 ", max_size=6), st.integers(1, 3), st.integers(0, 15),
)  # fmt: skip
def test_what_is_found_holds_the_words(rows, quote, scene, near):
    lines = [TextLine(number, scene_, 1, text) for number, (scene_, text) in enumerate(rows, start=1)]
    found = Anchors(lines).find(quote, scene=scene, episode=1, near=near)
    squeezed = "".join(quote.split())
    if found is not None:
        assert squeezed in "".join(found.text.split())
    own = [each for each in lines if squeezed and each.scene == scene and squeezed in "".join(each.text.split())]
    if own:
        assert found is not None
        assert abs(found.line - near) == min(abs(each.line - near) for each in own)


# --- points ------------------------------------------------------------------------------------------------------


def test_points_of_several_reviewers_by_hand():
    found = standings([Point(1, 1, 7, 10), Point(1, 2, 9, 10), Point(2, 1, 3, 5), Point(2, 2, 3, 5), Point(2, 3, 4, 5)])
    assert found == {1: Standing(80, 70, 90, 2), 2: Standing(67, 60, 80, 3)}
    assert (found[1].spread, found[2].spread) == (20, 20)
    # 80 three times and 67 once.
    assert total(found, {1: 3, 2: 1, 3: 9}) == 77
    assert total({}, {1: 3}) is None


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(2, 20), st.integers(0, 19)), min_size=1, max_size=20))
def test_means_and_totals_lie_between_the_lowest_and_the_highest(rows):
    points = [Point(criterion, None, 1 + given_ % best, best) for criterion, best, given_ in rows]
    found = standings(points)
    for each in found.values():
        assert 0 < each.low <= each.mean <= each.high <= 100
    summed = total(found, {criterion: criterion for criterion in found})
    assert min(each.mean for each in found.values()) <= summed <= max(each.mean for each in found.values())
    assert sum(each.count for each in found.values()) == len(points)


def test_a_share_is_rounded_half_up():
    assert [share(1, 8), share(1, 3), share(2, 3), share(10, 10)] == [13, 33, 67, 100]


# --- columns -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("planned", "moved", "drafts", "rounds", "expected"),
    [
        (60, None, [], [], (PITCH, at(0))),
        (60, at(2), [], [], (PITCH, at(2))),
        (60, None, [DraftFacts(1, 5, at(3))], [], (TRIAL, at(3))),
        (None, None, [DraftFacts(1, 5, at(3))], [], (FULL, at(3))),
        # A second draft of trial episodes stays where the first came.
        (60, None, [DraftFacts(1, 3, at(3)), DraftFacts(2, 5, at(6))], [], (TRIAL, at(3))),
        (60, None, [DraftFacts(1, 5, at(3)), DraftFacts(2, 60, at(8)), DraftFacts(3, 61, at(9))], [], (FULL, at(8))),
        (60, None, [DraftFacts(1, 60, at(3))], [RoundFacts(1, at(4))], (REVIEW, at(4))),
        # Back from review, whether of this draft or of the one before.
        (60, None, [DraftFacts(1, 60, at(3))], [RoundFacts(1, at(4), at(6))], (FULL, at(6))),
        (60, None, [DraftFacts(1, 60, at(3)), DraftFacts(2, 60, at(7))], [RoundFacts(1, at(4), at(6))], (FULL, at(6))),
        # Recorded when it was over: it never left its column.
        (60, None, [DraftFacts(1, 60, at(3))], [RoundFacts(1, at(4), at(4))], (FULL, at(3))),
        # A round that goes on over an old draft holds nothing back.
        (60, None, [DraftFacts(1, 60, at(3)), DraftFacts(2, 60, at(7))], [RoundFacts(1, at(4))], (FULL, at(3))),
        (60, None, [DraftFacts(1, 60, at(3), at(9))], [RoundFacts(1, at(4))], (LOCKED, at(9))),
        (60, None, [DraftFacts(1, 60, at(3), at(9)), DraftFacts(2, 60, at(12))], [], (FULL, at(12))),
    ],
)
def test_a_title_stands_in_one_column_since_a_moment(planned, moved, drafts, rounds, expected):
    assert place(opened_at=at(0), planned=planned, pitch_moved_at=moved, drafts=drafts, rounds=rounds) == expected


@given(
    st.lists(st.tuples(st.integers(0, 90), st.booleans()), max_size=5),
    st.one_of(st.none(), st.integers(1, 90)),
    st.lists(st.tuples(st.integers(1, 5), st.integers(0, 9), st.one_of(st.none(), st.integers(0, 9))), max_size=4),
)
def test_every_title_has_a_place_and_came_there_after_it_was_opened(rows, planned, reviews):
    drafts = [
        DraftFacts(number, episodes, at(number), at(number, 5) if locked else None)
        for number, (episodes, locked) in enumerate(rows, start=1)
    ]
    rounds = [
        RoundFacts(number, at(number, hour), None if length is None else at(number, hour + length))
        for number, hour, length in reviews
    ]
    column, since = place(opened_at=at(0), planned=planned, pitch_moved_at=None, drafts=drafts, rounds=rounds)
    assert column in COLUMNS
    assert since >= at(0)
    assert (column == PITCH) == (not drafts)
    assert (column == LOCKED) == bool(drafts and drafts[-1].locked_at)
