"""Drafts laid by hand: moves, versions, undo, days, figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling import actions
from scheduling.actions.layout import Layout, LayoutDay, read_layout
from scheduling.models import BoardMove, Strip, Stripboard
from studio.models import Event, Production
from studio.refusals import Refused
from tests.conftest import START


def lies(board: Stripboard) -> dict[str, list[str]]:
    """Date -> scene numbers in order; "-" is the boneyard."""
    found: dict[str, list[str]] = {day.date.isoformat(): [] for day in board.days.all()}
    found["-"] = []
    for strip in board.strips.select_related("scene", "day").order_by("position", "scene__sort_key"):
        found[strip.day.date.isoformat() if strip.day else "-"].append(strip.scene.number)
    return found


def ids(board: Stripboard, *numbers: str) -> list[int]:
    by_number = dict(board.strips.values_list("scene__number", "scene_id"))
    return [by_number[number] for number in numbers]


def test_a_draft_has_its_days_and_every_scene_in_the_boneyard(board: Stripboard) -> None:
    assert lies(board) == {"2026-12-01": [], "2026-12-02": [], "-": ["1-1", "2-1", "3-1", "4-1", "5-1", "6-1"]}
    assert (board.version, board.state, board.total_minor) == (1, "draft", 0)
    assert Event.objects.filter(name="StripboardDrafted", subject=f"scheduling.stripboard:{board.pk}").count() == 1


def test_omitted_scenes_are_not_drafted(production: Production, owner: Any, make_scenes: Callable[..., Any]) -> None:
    scenes = make_scenes(production)
    scenes[0].state = "omitted"
    scenes[0].save()
    board = actions.draft_board(production=production, dates=[START], name="", by=owner)
    assert lies(board)["-"] == ["2-1", "3-1", "4-1", "5-1", "6-1"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"dates": []}, "dates_missing"),
        ({"dates": [START + dt.timedelta(days=n) for n in range(121)]}, "too_many_days"),
        ({"call_minute": 1440}, "call_out_of_range"),
        ({"limit_minutes": 30}, "limit_out_of_range"),
    ],
)
def test_a_draft_refuses(
    production: Production, owner: Any, make_scenes: Callable[..., Any], fields: dict[str, Any], code: str
) -> None:
    make_scenes(production)
    with pytest.raises(Refused) as refused:
        actions.draft_board(**{"production": production, "dates": [START], "name": "x", "by": owner, **fields})
    assert refused.value.code == code
    assert Stripboard.objects.count() == 0


def test_a_draft_without_scenes_is_refused(production: Production, owner: Any) -> None:
    with pytest.raises(Refused) as refused:
        actions.draft_board(production=production, dates=[START], name="x", by=owner)
    assert refused.value.code == "nothing_to_plan"


def test_moves_keep_the_order_given_and_count_among_those_that_stay(board: Stripboard, owner: Any) -> None:
    first, second = board.days.order_by("date")
    actions.move_strips(
        board=board, version=1, scene_ids=ids(board, "3-1", "1-1", "2-1"), day_id=first.pk, position=0, by=owner
    )
    assert lies(board)["2026-12-01"] == ["3-1", "1-1", "2-1"]
    changed = actions.move_strips(
        board=board, version=2, scene_ids=ids(board, "3-1"), day_id=first.pk, position=2, by=owner
    )
    assert lies(board)["2026-12-01"] == ["1-1", "2-1", "3-1"]
    assert changed.day_ids == {first.pk}
    changed = actions.move_strips(
        board=board, version=3, scene_ids=ids(board, "2-1", "5-1"), day_id=second.pk, position=9, by=owner
    )
    assert lies(board) == {"2026-12-01": ["1-1", "3-1"], "2026-12-02": ["2-1", "5-1"], "-": ["4-1", "6-1"]}
    assert changed.day_ids == {first.pk, second.pk}
    actions.move_strips(board=board, version=4, scene_ids=ids(board, "1-1"), day_id=None, position=0, by=owner)
    assert lies(board)["-"] == ["1-1", "4-1", "6-1"]


def test_a_stale_version_is_a_conflict_and_changes_nothing(laid: Stripboard, owner: Any) -> None:
    before, moves = lies(laid), BoardMove.objects.count()
    with pytest.raises(Refused) as refused:
        actions.move_strips(board=laid, version=2, scene_ids=ids(laid, "1-1"), day_id=None, position=0, by=owner)
    assert refused.value.conflict
    assert refused.value.code == "board_moved_on"
    laid.refresh_from_db()
    assert (lies(laid), laid.version, BoardMove.objects.count()) == (before, 3, moves)


def test_a_refused_move_does_not_count_as_a_version(laid: Stripboard, owner: Any, other_production: Production) -> None:
    with pytest.raises(Refused) as refused:
        actions.move_strips(board=laid, version=3, scene_ids=[10**9], day_id=None, position=0, by=owner)
    assert refused.value.code == "strip_unknown"
    with pytest.raises(Refused) as refused:
        actions.move_strips(board=laid, version=3, scene_ids=ids(laid, "1-1"), day_id=10**9, position=0, by=owner)
    assert refused.value.code == "day_unknown"
    laid.refresh_from_db()
    assert laid.version == 3


def test_undo_and_redo_walk_along_the_changes(board: Stripboard, owner: Any) -> None:
    first, second = board.days.order_by("date")
    seen = [lies(board)]
    for number, day in (("1-1", first), ("2-1", second), ("1-1", second)):
        board.refresh_from_db()
        actions.move_strips(
            board=board, version=board.version, scene_ids=ids(board, number), day_id=day.pk, position=0, by=owner
        )
        seen.append(lies(board))
    for step in (2, 1, 0):
        board.refresh_from_db()
        actions.undo(board=board, version=board.version, by=owner)
        assert lies(board) == seen[step]
    board.refresh_from_db()
    with pytest.raises(Refused) as refused:
        actions.undo(board=board, version=board.version, by=owner)
    assert refused.value.code == "nothing_to_undo"
    for step in (1, 2):
        actions.redo(board=board, version=board.version, by=owner)
        assert lies(board) == seen[step]
        board.refresh_from_db()
    # A new change closes the way forward.
    actions.move_strips(
        board=board, version=board.version, scene_ids=ids(board, "3-1"), day_id=first.pk, position=0, by=owner
    )
    board.refresh_from_db()
    with pytest.raises(Refused) as refused:
        actions.redo(board=board, version=board.version, by=owner)
    assert refused.value.code == "nothing_to_redo"


def test_days_are_added_removed_changed_and_brought_back(laid: Stripboard, owner: Any) -> None:
    third = START + dt.timedelta(days=4)
    changed = actions.add_board_day(board=laid, version=3, date=third, by=owner, call_minute=480)
    assert changed.days_changed
    with pytest.raises(Refused) as refused:
        actions.add_board_day(board=laid, version=4, date=third, by=owner)
    assert refused.value.code == "day_twice"
    before = lies(laid)
    first = laid.days.order_by("date")[0]
    actions.change_board_day(board=laid, version=4, day_id=first.pk, call_minute=540, limit_minutes=600, by=owner)
    first.refresh_from_db()
    assert (first.call_minute, first.limit_minutes) == (540, 600)
    actions.remove_board_day(board=laid, version=5, day_id=first.pk, by=owner)
    assert lies(laid)["-"] == ["1-1", "2-1", "3-1"]
    actions.undo(board=laid, version=6, by=owner)
    assert lies(laid) == before
    assert laid.days.order_by("date")[0].call_minute == 540


def test_figures_follow_a_move(
    production: Production, board: Stripboard, owner: Any, make_cast: Callable[..., Any], place: Callable[..., Any]
) -> None:
    """One day of the lead at 1,000 yuan and the living room at 3,000; a second day doubles both."""
    make_cast(production, "林叶", "沈宁", 100_000)
    place(production, "客厅", 300_000)
    first, second = board.days.order_by("date")
    actions.move_strips(
        board=board, version=1, scene_ids=ids(board, "1-1", "5-1"), day_id=first.pk, position=0, by=owner
    )
    board.refresh_from_db()
    assert board.total_minor == 400_000
    assert {line["code"]: line["amount"] for line in board.cost_lines} == {"cast.work": 100_000, "set.days": 300_000}
    # Call at 06:00, half an hour of dressing, an hour for each scene.
    assert list(board.strips.exclude(day=None).order_by("position").values_list("start_minute", "end_minute")) == [
        (390, 450), (450, 510),
    ]  # fmt: skip
    first.refresh_from_db()
    assert (first.wrap_minute, first.cost_minor) == (510, 400_000)
    actions.move_strips(board=board, version=2, scene_ids=ids(board, "5-1"), day_id=second.pk, position=0, by=owner)
    board.refresh_from_db()
    assert board.total_minor == 800_000
    assert board.total_minor == sum(line["amount"] for line in board.cost_lines)
    # Back in the boneyard nothing of it is left.
    actions.move_strips(board=board, version=3, scene_ids=ids(board, "1-1", "5-1"), day_id=None, position=0, by=owner)
    board.refresh_from_db()
    assert board.total_minor == 0
    assert set(Strip.objects.filter(board=board).values_list("start_minute", flat=True)) == {None}


def test_a_person_away_is_a_warning(
    production: Production, board: Stripboard, owner: Any, make_cast: Callable[..., Any]
) -> None:
    engagement = make_cast(production, "林叶", "沈宁")
    actions.mark_unavailable(person=engagement.person, from_date=START, to_date=START, by=owner)
    first = board.days.order_by("date")[0]
    actions.move_strips(board=board, version=1, scene_ids=ids(board, "1-1"), day_id=first.pk, position=0, by=owner)
    board.refresh_from_db()
    assert [item for item in board.warnings if item["code"] == "person.unavailable"] == [
        {"code": "person.unavailable", "params": {"person": "沈宁", "day": 1, "scene": "1-1"}}
    ]


def test_sets_that_share_a_location_hire_it_once(
    production: Production, board: Stripboard, owner: Any, place: Callable[..., Any]
) -> None:
    from scheduling.models import Set

    location = place(production, "客厅", 300_000)
    actions.place_set(set_=Set.objects.get(production=production, name="街口"), location=location, by=owner)
    first = board.days.order_by("date")[0]
    actions.move_strips(
        board=board, version=1, scene_ids=ids(board, "1-1", "2-1"), day_id=first.pk, position=0, by=owner
    )
    board.refresh_from_db()
    assert [line["amount"] for line in board.cost_lines if line["code"] == "set.days"] == [300_000]


def test_another_titles_booking_closes_the_set(
    production: Production, board: Stripboard, owner: Any, place: Callable[..., Any]
) -> None:
    from studio.actions import open_production

    location = place(production, "客厅")
    other = open_production(studio=production.studio, title="另一部", code="B2", by=owner)
    zone = production.studio.zone
    actions.book_location(
        production=other, location=location, by=owner, start_at=dt.datetime.combine(START, dt.time(0), zone),
        end_at=dt.datetime.combine(START, dt.time(12), zone),
    )  # fmt: skip
    first = board.days.order_by("date")[0]
    actions.move_strips(board=board, version=1, scene_ids=ids(board, "1-1"), day_id=first.pk, position=0, by=owner)
    strip = board.strips.exclude(day=None).get()
    # The solver's clock waits until the other title has left, then dresses for half an hour.
    assert strip.start_minute == 12 * 60 + 30


def test_a_copy_has_the_same_layout_and_is_its_own(laid: Stripboard, owner: Any) -> None:
    copy = actions.duplicate_board(board=laid, by=owner, name="试排")
    assert lies(copy) == lies(laid)
    assert (copy.name, copy.state, copy.version) == ("试排", "draft", 1)
    actions.move_strips(board=copy, version=1, scene_ids=ids(copy, "1-1"), day_id=None, position=0, by=owner)
    assert lies(laid)["2026-12-01"] == ["1-1", "2-1", "3-1"]


def test_pinned_strips_are_freed_in_the_boneyard(laid: Stripboard, owner: Any) -> None:
    actions.pin_strips(board=laid, version=3, scene_ids=ids(laid, "1-1", "2-1"), pinned=True, by=owner)
    assert set(laid.strips.filter(pinned=True).values_list("scene__number", flat=True)) == {"1-1", "2-1"}
    actions.move_strips(board=laid, version=4, scene_ids=ids(laid, "1-1"), day_id=None, position=0, by=owner)
    assert set(laid.strips.filter(pinned=True).values_list("scene__number", flat=True)) == {"2-1"}


@given(
    steps=st.lists(
        st.tuples(
            st.lists(st.integers(1, 8), min_size=1, max_size=4, unique=True), st.sampled_from([None, 0, 1, 2]),
            st.integers(-3, 12),
        ),
        max_size=12,
    )
)  # fmt: skip
def test_a_layout_never_loses_or_doubles_a_scene(steps: list[tuple[list[int], int | None, int]]) -> None:
    layout = Layout([LayoutDay(f"2026-12-0{n}", "main", 360, 840, []) for n in range(1, 4)], set())
    for scenes, day, position in steps:
        to = None if day is None else layout.days[day].key
        layout.move(scenes, to, position)
        laid = [scene for column in layout.days for scene in column.scenes]
        assert len(laid) == len(set(laid))
        where = [scenes == [s for s in column.scenes if s in scenes] for column in layout.days if column.key == to]
        assert where == ([] if to is None else [True])
        assert Layout.from_json(layout.to_json()) == layout


def test_settings_change_what_the_board_costs(laid: Stripboard, owner: Any) -> None:
    before = laid.total_minor
    board = actions.change_settings(board=laid, version=3, by=owner, extra_day_minor=20_000)
    assert board.version == 4
    # Four extras in scene 3-1: 135 yuan each became 200.
    assert board.total_minor - before == 4 * (20_000 - 13_500)
    assert len(read_layout(board).days) == 2
