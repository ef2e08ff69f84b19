from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from finance import actions
from finance.budget_board import board_difference, board_lines, board_to_read
from finance.models import BudgetVersion
from finance.queries import budget_total
from scheduling.actions import cast_role, draft_board, lock_board, move_strips
from scheduling.models import Stripboard
from studio.refusals import Refused
from tests.conftest import START
from tests.scheduling.conftest import make_cast, make_scenes, place  # noqa: F401 - fixtures


@pytest.fixture
def shoot(production: Any, owner: Any, make_scenes: Any, make_cast: Any, place: Any, drain: Any) -> Stripboard:  # noqa: F811
    """Four days: scenes 1 and 2 on the first, none on the second, 3 on the third, 4 on the fourth.

    沈宁 plays in all of them; 周也 in 2 and 4, with five days guaranteed. The living room is hired by the day, the street
    by the hour.
    """
    scenes = make_scenes(production, 4)
    make_cast(production, "林叶", "沈宁", 100_000, hold_percent=50)
    make_cast(production, "顾城", "周也", 30_001, hold_percent=50, min_days=5)
    place(production, "客厅", 300_000)
    place(production, "街口", 30_000, hire_by="hour")
    drain()
    board = draft_board(
        production=production, dates=[START + dt.timedelta(days=n) for n in range(4)], name="甲", by=owner
    )
    first, _second, third, fourth = board.days.order_by("date")
    for day, chosen in ((first, scenes[:2]), (third, scenes[2:3]), (fourth, scenes[3:])):
        board.refresh_from_db()
        move_strips(
            board=board, version=board.version, scene_ids=[scene.pk for scene in chosen], day_id=day.pk, position=0,
            by=owner,
        )  # fmt: skip
    board.refresh_from_db()
    return board


@pytest.fixture
def version(production: Any, owner: Any) -> BudgetVersion:
    row = actions.open_budget(production=production, by=owner)
    actions.add_budget_line(version=row, account="cast", name="特约", rate_minor=50_000, by=owner)
    return row


def take(version: BudgetVersion, board: Stripboard, owner: Any) -> BudgetVersion:
    return actions.take_board_over(
        version=version, board=board, seen=board_difference(version, board).digest, by=owner
    )  # fmt: skip


def lines(version: BudgetVersion) -> dict[str, tuple[str, str, int, int]]:
    rows = version.lines.filter(source="board").values_list(
        "name", "quantity_hundredths", "unit", "rate_minor", "amount_minor"
    )
    return {name: (quantity // 100, unit, rate, amount) for name, quantity, unit, rate, amount in rows}


def test_lines_of_the_day_out_of_days_cost_what_the_board_says(
    shoot: Stripboard, version: BudgetVersion, owner: Any
) -> None:
    take(version, shoot, owner)
    found = lines(version)
    assert {name: row for name, row in found.items() if "·" not in name} == {
        "沈宁: work days": (3, "day", 100_000, 300_000),
        "沈宁: hold days": (1, "day", 50_000, 50_000),
        "周也: work days": (2, "day", 30_001, 60_002),
        # Half a fen is rounded up on each day.
        "周也: hold days": (2, "day", 15_001, 30_002),
        "周也: made up to 5 guaranteed days": (1, "flat", 60_001, 60_001),
    }
    assert found["西影基地 · 客厅棚"] == (2, "day", 300_000, 600_000)
    board_says = sum(
        line["amount"] for line in shoot.cost_lines if line["code"].partition(".")[0] in {"cast", "set"}
    )  # fmt: skip
    assert sum(row[3] for row in found.values()) == board_says
    assert budget_total(version) == board_says + 50_000


def test_the_difference_is_shown_before_it_is_taken_over(
    shoot: Stripboard, version: BudgetVersion, owner: Any, client_of: Any, production: Any
) -> None:
    client = client_of(owner)
    url = reverse("budget_board", args=[version.pk])
    page = client.get(url).content.decode()
    assert ("周也: hold days" in page, version.lines.count()) == (True, 1)
    seen = board_difference(version, shoot).digest
    # The board moves on between the look and the click: nothing is written.
    scene = shoot.strips.get(scene__number="3-1").scene_id
    move_strips(board=shoot, version=shoot.version, scene_ids=[scene], day_id=None, position=0, by=owner)
    client.post(url, {"seen": seen})
    assert version.lines.count() == 1
    board = board_to_read(production)
    assert board is not None
    client.post(url, {"seen": board_difference(version, board).digest})
    assert lines(version)["沈宁: hold days"] == (2, "day", 50_000, 100_000)
    assert "The budget agrees with the board." in client.get(url).content.decode()


def test_refreshing_changes_board_lines_alone_and_is_taken_back(
    shoot: Stripboard, version: BudgetVersion, owner: Any, production: Any
) -> None:
    take(version, shoot, owner)
    hand = version.lines.get(name="特约")
    before = dict(lines(version))
    noted = version.lines.get(name="沈宁: work days")
    actions.edit_budget_line(
        line=noted, account="cast", name=noted.name, quantity=noted.quantity, unit="day", rate_minor=100_000,
        note="含妆发", by=owner,
    )  # fmt: skip
    # Scene 3 is put back: one work day less, and the room is hired on one date.
    scene = shoot.strips.get(scene__number="3-1").scene_id
    move_strips(board=shoot, version=shoot.version, scene_ids=[scene], day_id=None, position=0, by=owner)
    shoot.refresh_from_db()
    found = board_difference(version, shoot)
    assert [(c.kind.value, c.line.name, c.difference_minor) for c in found.changes] == [
        ("changed", "沈宁: work days", -100_000), ("changed", "沈宁: hold days", 50_000),
        ("changed", "西影基地 · 客厅棚", -300_000),
    ]  # fmt: skip
    take(version, shoot, owner)
    assert (lines(version)["西影基地 · 客厅棚"], lines(version)["沈宁: work days"][0]) == (
        (1, "day", 300_000, 300_000),
        2,
    )
    noted.refresh_from_db()
    hand.refresh_from_db()
    assert (noted.note, hand.amount_minor, hand.source) == ("含妆发", 50_000, "hand")
    for _times in range(2):
        step = version.steps.order_by("-number").first()
        actions.undo_budget_change(version=version, step=step.number, by=owner)
    assert lines(version) == before


def test_a_role_nobody_plays_is_a_line_without_a_rate(
    shoot: Stripboard, version: BudgetVersion, owner: Any, production: Any
) -> None:
    from scheduling.models import Casting

    take(version, shoot, owner)
    Casting.objects.filter(character__name="顾城").delete()
    found = board_difference(version, shoot)
    assert [(c.kind.value, c.line.name) for c in found.changes] == [
        ("added", "顾城: nobody is cast"), ("removed", "周也: work days"), ("removed", "周也: hold days"),
        ("removed", "周也: made up to 5 guaranteed days"),
    ]  # fmt: skip
    take(version, shoot, owner)
    assert lines(version)["顾城: nobody is cast"] == (2, "day", 0, 0)


def test_who_plays_two_roles_works_once_a_day(shoot: Stripboard, production: Any) -> None:
    from scheduling.models import Casting

    row = Casting.objects.select_related("engagement").get(character__name="林叶")
    cast_role(
        character=Casting.objects.get(character__name="顾城").character, engagement=row.engagement, by=None
    )  # fmt: skip
    assert [(line.name, line.quantity) for line in board_lines(shoot) if line.account == "cast"] == [
        ("沈宁: work days", 300), ("沈宁: hold days", 100),
    ]  # fmt: skip


def test_a_budget_is_marked_when_the_board_is_another_and_never_changed(
    shoot: Stripboard, version: BudgetVersion, owner: Any, production: Any, make_person: Any, drain: Any, client_of: Any
) -> None:
    from scheduling.models import Casting
    from studio.actions import engage

    take(version, shoot, owner)
    drain()
    approved = actions.approve_budget(version=version, by=owner)
    total = budget_total(approved)
    shoot.refresh_from_db()
    lock_board(board=shoot, version=shoot.version, by=owner, override_reason="试")
    drain()
    approved.refresh_from_db()
    # Locked as it was read: nothing to tell.
    assert (approved.board_stale_at, board_to_read(production)) == (None, shoot)
    dearer = engage(
        production=production, person=make_person(production.studio, "叶青"), department="cast", job_title="女一",
        by=None, day_rate_minor=500_000,
    )  # fmt: skip
    cast_role(character=Casting.objects.get(character__name="林叶").character, engagement=dearer, by=owner)
    drain()
    approved.refresh_from_db()
    assert approved.board_stale_at is not None
    assert budget_total(approved) == total
    page = client_of(owner).get(reverse("budget", args=[approved.pk])).content.decode()
    assert "the cast and set lines are still of before" in page
    with pytest.raises(Refused) as refused:
        take(approved, shoot, owner)
    assert refused.value.code == "budget_closed"
    later = actions.open_budget(production=production, by=owner, copy_of=approved)
    assert (later.board, later.board_stale_at) == (shoot, approved.board_stale_at)
    assert take(later, shoot, owner).board_stale_at is None
    assert lines(later)["叶青: work days"] == (3, "day", 500_000, 1_500_000)


def test_without_a_board_the_page_says_what_to_do(version: BudgetVersion, client_of: Any, owner: Any) -> None:
    page = client_of(owner).get(reverse("budget_board", args=[version.pk])).content.decode()
    assert "Lay the scenes out on days first" in page
