"""The board's pages: who sees them, what a change answers, papers."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from scheduling import actions, queries
from scheduling.models import ShootDay, Stripboard
from scripts_app.models import Scene
from studio.models import Job, Production
from studio.refusals import Refused
from tests.conftest import START
from tests.scheduling.test_board_actions import ids, lies

PAGES = ["board", "boards", "board_new", "production_places", "production_people", "engage_person"]
BOARD_PAGES = ["board_page", "board_dood", "board_one_liner", "board_settings"]
POSTS = ["board_move", "board_pin", "board_undo", "board_day_add", "board_duplicate", "board_rename", "board_solve",
         "board_stop", "board_lock"]  # fmt: skip


def post(client: Client, name: str, board: Stripboard, body: dict[str, Any]) -> Any:
    return client.post(
        reverse(name, args=[board.production_id, board.pk]), json.dumps(body), content_type="application/json"
    )


@pytest.mark.parametrize("name", PAGES)
def test_title_pages(
    laid: Stripboard, owner: Any, other_owner: Any, make_member: Callable[..., Any], client_of: Callable[..., Client],
    name: str,
) -> None:  # fmt: skip
    url = reverse(name, args=[laid.production_id])
    assert client_of(owner).get(url).status_code == 200
    assert client_of(other_owner).get(url).status_code == 404
    assert client_of(make_member(laid.production.studio, "investor")).get(url).status_code == 403
    assert Client().get(url).status_code == 302


@pytest.mark.parametrize("name", BOARD_PAGES)
def test_board_pages(
    laid: Stripboard, owner: Any, other_owner: Any, make_member: Callable[..., Any], client_of: Callable[..., Client],
    name: str,
) -> None:  # fmt: skip
    url = reverse(name, args=[laid.production_id, laid.pk])
    assert client_of(owner).get(url).status_code == 200
    assert client_of(owner, "zh-hans").get(url).status_code == 200
    assert client_of(other_owner).get(url).status_code == 404
    assert client_of(make_member(laid.production.studio, "crew")).get(url).status_code == 403


@pytest.mark.parametrize("name", POSTS)
def test_changes_are_the_editors_own(
    laid: Stripboard, other_owner: Any, make_member: Callable[..., Any], client_of: Callable[..., Client], name: str
) -> None:
    url = reverse(name, args=[laid.production_id, laid.pk])
    before = lies(laid)
    assert client_of(other_owner).post(url, {"version": "3"}).status_code == 404
    assert client_of(make_member(laid.production.studio, "finance")).post(url, {"version": "3"}).status_code == 403
    laid.refresh_from_db()
    assert (lies(laid), laid.version, Stripboard.objects.count(), Job.objects.filter(kind__contains="solve").count()) == (
        before, 3, 1, 0,
    )  # fmt: skip


def test_a_board_of_another_title_is_not_found_under_this_one(
    laid: Stripboard, owner: Any, client_of: Callable[..., Client]
) -> None:
    from studio.actions import open_production

    other = open_production(studio=laid.production.studio, title="另一部", code="B2", by=owner)
    assert client_of(owner).get(reverse("board_page", args=[other.pk, laid.pk])).status_code == 404


def test_the_page_of_a_title_without_a_board_says_what_to_do(
    production: Production, owner: Any, make_scenes: Callable[..., Any], client_of: Callable[..., Client]
) -> None:
    client, url = client_of(owner), reverse("board", args=[production.pk])
    assert "Import a script first" in client.get(url).content.decode()
    make_scenes(production)
    assert reverse("board_new", args=[production.pk]) in client.get(url).content.decode()


def test_a_board_is_drafted_by_a_form(
    production: Production, owner: Any, make_scenes: Callable[..., Any], client_of: Callable[..., Client]
) -> None:
    make_scenes(production)
    client, url = client_of(owner), reverse("board_new", args=[production.pk])
    form = {
        "name": "初排",
        "first_date": "2026-12-01",
        "days": "4",
        "rest_after": "2",
        "call": "07:30",
        "hours": "12.5",
    }
    answer = client.post(url, form)
    board = Stripboard.objects.get()
    assert answer.url == reverse("board_page", args=[production.pk, board.pk])
    # Two days, one off, two days.
    assert [day.date.day for day in board.days.order_by("date")] == [1, 2, 4, 5]
    assert set(board.days.values_list("call_minute", "limit_minutes")) == {(450, 750)}
    bad = client.post(url, {**form, "days": "0"})
    assert (bad.status_code, Stripboard.objects.count()) == (422, 1)


def test_a_move_answers_with_what_it_touched(laid: Stripboard, owner: Any, client_of: Callable[..., Client]) -> None:
    client = client_of(owner)
    first, second = laid.days.order_by("date")
    answer = post(
        client, "board_move", laid,
        {"version": 3, "scene_ids": ids(laid, "1-1"), "day_id": first.pk, "position": 2},
    )  # fmt: skip
    assert answer.status_code == 200
    data = answer.json()
    assert data["version"] == 4
    assert set(data["fragments"]) == {f"day-{first.pk}", "boneyard", "board-summary", "board-side", "board-history"}
    assert lies(laid)["2026-12-01"] == ["2-1", "3-1", "1-1"]
    assert data["fragments"][f"day-{first.pk}"].count("data-scene=") == 3
    data = post(client, "board_undo", laid, {"version": 4}).json()
    assert (data["version"], lies(laid)["2026-12-01"]) == (5, ["1-1", "2-1", "3-1"])
    data = post(client, "board_undo", laid, {"version": 5, "redo": True}).json()
    assert (data["version"], lies(laid)["2026-12-01"]) == (6, ["2-1", "3-1", "1-1"])
    data = post(client, "board_pin", laid, {"version": 6, "scene_ids": ids(laid, "5-1"), "pinned": True}).json()
    assert f"day-{second.pk}" in data["fragments"]


def test_a_stale_move_is_a_conflict_that_asks_to_reload(
    laid: Stripboard, owner: Any, client_of: Callable[..., Client]
) -> None:
    answer = post(
        client_of(owner),
        "board_move",
        laid,
        {"version": 1, "scene_ids": ids(laid, "1-1"), "day_id": None, "position": 0},
    )
    assert (answer.status_code, answer.json()["code"], answer.json()["reload"]) == (409, "board_moved_on", True)
    assert "Somebody else changed this board" in answer.json()["message"]


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "{", '{"version": "3"}', '{"version": 3}', '{"version": 3, "scene_ids": "1", "position": 0}',
        '{"version": 3, "scene_ids": [true], "position": 0}', '{"version": 3, "scene_ids": [-1], "position": 0}',
        '{"version": 3, "scene_ids": [1], "position": 1e3}', '{"version": 3, "scene_ids": [1], "day_id": "x", "position": 0}',
    ],
)  # fmt: skip
def test_what_no_page_sends_is_refused_with_a_sentence(
    laid: Stripboard, owner: Any, client_of: Callable[..., Client], body: str
) -> None:
    url = reverse("board_move", args=[laid.production_id, laid.pk])
    answer = client_of(owner).post(url, body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["message"]
    laid.refresh_from_db()
    assert laid.version == 3


def test_days_come_and_go_by_forms(laid: Stripboard, owner: Any, client_of: Callable[..., Client]) -> None:
    client = client_of(owner)
    add = reverse("board_day_add", args=[laid.production_id, laid.pk])
    client.post(add, {"version": "3", "date": "2026-12-09", "call": "08:00", "hours": "10"})
    day = laid.days.get(date="2026-12-09")
    assert (day.call_minute, day.limit_minutes) == (480, 600)
    url = reverse("board_day", args=[laid.production_id, laid.pk, day.pk])
    client.post(url, {"version": "4", "call": "09:00", "hours": "11"})
    day.refresh_from_db()
    assert (day.call_minute, day.limit_minutes) == (540, 660)
    client.post(url, {"version": "5", "remove": ""})
    assert laid.days.count() == 2
    page = client.post(add, {"version": "6", "date": "nonsense", "call": "08:00", "hours": "10"}, follow=True)
    assert "Enter a valid date." in page.content.decode()


def test_solve_lock_and_duplicate_by_the_page(
    laid: Stripboard, owner: Any, client_of: Callable[..., Client], drain: Callable[[], int]
) -> None:
    client, here = client_of(owner), [laid.production_id, laid.pk]
    page = client.post(reverse("board_solve", args=here), {"seconds": "1"}, follow=True)
    assert "Waiting for a worker" in page.content.decode()
    job = Job.objects.get(kind="scheduling.solve_stripboard")
    panel = reverse("board_solve_panel", args=[*here, job.pk])
    assert "HX-Refresh" not in client.get(panel)
    drain()
    assert client.get(panel)["HX-Refresh"] == "true"
    laid.refresh_from_db()
    page = client.post(reverse("board_lock", args=here), {"version": "3"}, follow=True)
    assert "Somebody else changed this board" in page.content.decode()
    page = client.post(reverse("board_lock", args=here), {"version": str(laid.version)}, follow=True)
    assert "The board is locked" in page.content.decode()
    assert ShootDay.objects.count() >= 1
    assert "data-editable" not in page.content.decode()
    client.post(reverse("board_duplicate", args=here))
    assert Stripboard.objects.filter(state="draft").count() == 1


def test_a_parked_solve_shows_why(
    production: Production, laid: Stripboard, owner: Any, make_cast: Callable[..., Any], client_of: Callable[..., Client],
    drain: Callable[[], int],
) -> None:  # fmt: skip
    engagement = make_cast(production, "林叶", "沈宁")
    drain()
    actions.mark_unavailable(person=engagement.person, from_date=START, to_date=START + dt.timedelta(days=9), by=owner)
    drain()
    client = client_of(owner)
    laid.refresh_from_db()
    client.post(reverse("board_solve", args=[production.pk, laid.pk]), {"seconds": "1"})
    drain()
    page = client.get(reverse("board_page", args=[production.pk, laid.pk])).content.decode()
    assert "No board was stored." in page
    assert "沈宁 has no available day" in page


def test_money_is_for_those_who_see_it(
    production: Production, laid: Stripboard, make_member: Callable[..., Any], client_of: Callable[..., Client],
    make_cast: Callable[..., Any], drain: Callable[[], int],
) -> None:  # fmt: skip
    make_cast(production, "林叶", "沈宁", 1_234_500)
    drain()
    url = reverse("board_page", args=[production.pk, laid.pk])
    director = client_of(make_member(production.studio, "assistant_director")).get(url).content.decode()
    editor = client_of(make_member(production.studio, "script_editor")).get(url).content.decode()
    assert "24,690.00" in director
    assert "24,690.00" not in editor
    assert "data-editable" not in editor


@pytest.mark.parametrize("count", [3, 9])
def test_the_page_asks_a_constant_number_of_queries(
    production: Production, owner: Any, make_scenes: Callable[..., Any], client_of: Callable[..., Client],
    django_assert_num_queries: Any, count: int,
) -> None:  # fmt: skip
    make_scenes(production, count)
    board = actions.draft_board(
        production=production, dates=[START + dt.timedelta(days=n) for n in range(count)], name="x", by=owner
    )
    for day in board.days.all():
        board.refresh_from_db()
        scene = board.strips.filter(day=None).first()
        actions.move_strips(
            board=board, version=board.version, scene_ids=[scene.scene_id], day_id=day.pk, position=0, by=owner
        )
    board = Stripboard.objects.select_related("production__studio").get(pk=board.pk)
    with django_assert_num_queries(5):
        view = queries.board_view(board)
    assert (view.placed_count, len(view.days)) == (count, count)


# --- papers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("work", "days", "codes"),
    [
        ([0], 3, ("SWF", "", "")),
        ([0, 2], 4, ("SW", "H", "WF", "")),
        ([1, 2, 3], 4, ("", "SW", "W", "WF")),
    ],
)
def test_day_out_of_days_codes(work: list[int], days: int, codes: tuple[str, ...]) -> None:
    assert queries.dood_codes(work, days) == codes


def test_day_out_of_days_of_a_board(laid: Stripboard, make_cast: Callable[..., Any]) -> None:
    make_cast(laid.production, "顾城", "周也")
    found = queries.day_out_of_days(laid)
    assert [(row.role, row.performer, row.codes, row.total_days) for row in found.rows] == [
        ("林叶", "", ("SW", "WF"), 2), ("顾城", "周也", ("SW", "WF"), 2),
    ]  # fmt: skip


def test_papers_as_files(laid: Stripboard, owner: Any, client_of: Callable[..., Client]) -> None:
    import python_calamine

    client, here = client_of(owner), [laid.production_id, laid.pk]
    assert client.get(reverse("board_one_liner", args=here)).content[:5] == b"%PDF-"
    sheet = client.get(reverse("board_one_liner", args=here), {"format": "xlsx"}).content
    rows = python_calamine.load_workbook(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert [row[2] for row in rows[1:]] == ["1-1", "2-1", "3-1", "4-1", "5-1", "6-1"]
    assert rows[1][8] == "林叶"
    sheet = client.get(reverse("board_dood", args=here), {"format": "xlsx"}).content
    rows = python_calamine.load_workbook(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert rows[1][1:5] == ["林叶", "", "SW", "WF"]


# --- drafts follow their rows -----------------------------------------------------------------------------------------


def test_drafts_follow_script_places_and_people(
    production: Production, laid: Stripboard, owner: Any, make_cast: Callable[..., Any], place: Callable[..., Any],
    drain: Callable[[], int],
) -> None:  # fmt: skip
    make_cast(production, "林叶", "沈宁", 100_000)
    place(production, "客厅", 300_000)
    drain()
    laid.refresh_from_db()
    lines = {line["code"]: line["amount"] for line in laid.cost_lines}
    # Two days of work, and the living room on both.
    assert (lines["cast.work"], lines["set.days"], laid.version) == (200_000, 600_000, 3)
    Scene.objects.filter(number="5-1").update(state="omitted")
    assert actions.refresh_drafts(production=production) == 1
    laid.refresh_from_db()
    assert lies(laid) == {"2026-12-01": ["1-1", "2-1", "3-1"], "2026-12-02": ["4-1", "6-1"], "-": ["5-1"]}
    assert laid.version == 4
    Scene.objects.filter(number="5-1").update(state="active")
    actions.refresh_drafts(production=production)
    assert lies(laid)["-"] == ["5-1"]


def test_an_omitted_scene_stays_in_the_boneyard_and_a_locked_board_is_left_alone(
    production: Production, laid: Stripboard, owner: Any, client_of: Callable[..., Client]
) -> None:
    Scene.objects.filter(number="5-1").update(state="omitted")
    actions.refresh_drafts(production=production)
    laid.refresh_from_db()
    # It is shown as omitted, counts for nothing, and no hand and no undo brings it back.
    view = queries.board_view(laid)
    assert [(row.number, row.omitted) for row in view.boneyard] == [("5-1", True)]
    assert (view.scenes_count, view.placed_count, view.omitted) == (5, 5, ())
    scene, day = Scene.objects.get(number="5-1"), laid.days.get(date=dt.date(2026, 12, 2))
    with pytest.raises(Refused) as refused:
        actions.move_strips(
            board=laid, version=laid.version, scene_ids=[scene.pk], day_id=day.pk, position=0, by=owner
        )  # fmt: skip
    assert refused.value.code == "scene_omitted"
    while laid.moves.filter(undone=False).exists():
        laid = actions.undo(board=laid, version=laid.version, by=owner).board
    assert "5-1" in lies(laid)["-"]
    while laid.moves.filter(undone=True).exists():
        laid = actions.redo(board=laid, version=laid.version, by=owner).board
    assert lies(laid)["-"] == ["5-1"]
    assert actions.lock_board(board=laid, version=laid.version, by=owner, override_reason="测试").state == "locked"
    Scene.objects.filter(number="6-1").update(state="omitted")
    actions.refresh_drafts(production=production)
    # The locked board keeps the day it gave the scene, and says so.
    assert lies(laid)["2026-12-02"] == ["4-1", "6-1"]
    assert queries.board_view(laid).omitted == ("6-1",)
    page = client_of(owner).get(reverse("board_page", args=[production.pk, laid.pk])).content.decode()
    assert "The script has omitted scenes that this board still plans: 6-1." in page
    laid = actions.duplicate_board(board=laid, by=owner)
    assert lies(laid) == {"2026-12-01": ["1-1", "2-1", "3-1"], "2026-12-02": ["4-1"], "-": []}
