"""Solving by a job, locking, and what comes back from the set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from scheduling import actions, jobs, queries
from scheduling.board_problem import read_problem
from scheduling.choices import BoardState, ShootDayState
from scheduling.models import PlannedScene, ShootDay, Stripboard
from scheduling.solver import check, evaluate
from studio import jobs as studio_jobs
from studio.models import Event, Job, Production
from studio.refusals import Refused
from tests.conftest import START
from tests.scheduling.test_board_actions import ids, lies


def test_a_solve_lays_every_strip_legally(board: Stripboard, owner: Any, drain: Callable[[], int]) -> None:
    job = actions.request_solve(board=board, by=owner, seconds=1)
    assert actions.request_solve(board=board, by=owner, seconds=1).pk == job.pk
    drain()
    job.refresh_from_db()
    board.refresh_from_db()
    assert (job.state, job.error) == ("done", "")
    assert lies(board)["-"] == []
    assert (board.version, board.solved_version) == (2, 2)
    assert board.total_minor == sum(line["amount"] for line in board.cost_lines) == job.result["total"]
    assert board.bound_minor is not None
    assert board.bound_minor <= board.total_minor
    read = read_problem(board)
    answer = evaluate(read.problem, read.placing)
    assert check(read.problem, answer) == []
    assert answer.total == board.total_minor
    assert Event.objects.filter(name="StripboardSolved", subject=f"scheduling.stripboard:{board.pk}").count() == 1
    # It is a change like any other.
    actions.undo(board=board, version=2, by=owner)
    assert len(lies(board)["-"]) == 6


def test_pinned_strips_stay_where_they_are(laid: Stripboard, owner: Any, drain: Callable[[], int]) -> None:
    second = laid.days.order_by("date")[1]
    actions.pin_strips(board=laid, version=3, scene_ids=ids(laid, "5-1"), pinned=True, by=owner)
    actions.request_solve(board=laid, by=owner, seconds=1)
    drain()
    assert laid.strips.get(scene__number="5-1").day_id == second.pk


def test_a_board_changed_meanwhile_keeps_the_change(
    laid: Stripboard, owner: Any, drain: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from scheduling import solver

    real = solver.solve

    def solve(problem: Any, **options: Any) -> Any:
        actions.move_strips(board=laid, version=3, scene_ids=ids(laid, "1-1"), day_id=None, position=0, by=owner)
        return real(problem, **options)

    monkeypatch.setattr(solver, "solve", solve)
    job = actions.request_solve(board=laid, by=owner, seconds=1)
    drain()
    job.refresh_from_db()
    assert job.state == "parked"
    assert "changed while it was being solved" in job.error
    assert lies(laid)["-"] == ["1-1"]
    assert Event.objects.filter(name="StripboardSolved").count() == 0


def test_a_board_that_cannot_hold_says_why_and_stays(
    production: Production, laid: Stripboard, owner: Any, make_cast: Callable[..., Any], drain: Callable[[], int]
) -> None:
    engagement = make_cast(production, "林叶", "沈宁")
    actions.mark_unavailable(person=engagement.person, from_date=START, to_date=START + dt.timedelta(days=30), by=owner)
    before = lies(laid)
    owner.language = "en"
    owner.save()
    job = actions.request_solve(board=laid, by=owner, seconds=1)
    drain()
    job.refresh_from_db()
    assert job.state == "parked"
    assert "沈宁 has no available day" in job.error
    assert lies(laid) == before
    laid.refresh_from_db()
    assert laid.version == 3


def test_a_stop_keeps_the_best_so_far(
    production: Production, owner: Any, make_scenes: Callable[..., Any], drain: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Stopped at the first sign of progress, of a solve that would have had minutes."""
    make_scenes(production, 24, minutes=20)
    board = actions.draft_board(
        production=production, dates=[START, START + dt.timedelta(days=1)], name="初排", by=owner
    )
    monkeypatch.setattr(jobs, "TELL", 0)
    from scheduling import solver

    real, told = solver.solve, []

    def solve(problem: Any, *, progress: Any, **options: Any) -> Any:
        def stop_first(*figures: Any) -> Any:
            actions.stop_solve(board=board)
            told.append(figures)
            return progress(*figures)

        return real(problem, progress=stop_first, **options)

    monkeypatch.setattr(solver, "solve", solve)
    job = actions.request_solve(board=board, by=owner, seconds=500)
    began = timezone.now()
    drain()
    job.refresh_from_db()
    assert (job.state, job.cancel_requested) == ("done", True)
    assert timezone.now() - began < dt.timedelta(seconds=400)
    assert lies(board)["-"] == []


def test_a_dead_workers_solve_is_done_by_the_next(board: Stripboard, owner: Any, drain: Callable[[], int]) -> None:
    job = actions.request_solve(board=board, by=owner, seconds=1)
    lost = studio_jobs.claim(job.pk)
    assert lost is not None
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    studio_jobs.sweep()
    drain()
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)
    board.refresh_from_db()
    assert board.version == 2
    # The dead one wakes up: its lease is another's, so it ends with nothing written.
    with pytest.raises(studio_jobs.LeaseLost):
        jobs.solve_stripboard(lost, board=board.pk, seconds=1)
    board.refresh_from_db()
    assert (board.version, Event.objects.filter(name="StripboardSolved").count()) == (2, 1)


@pytest.mark.parametrize("seconds", [0, 601])
def test_a_solve_has_its_seconds(board: Stripboard, owner: Any, seconds: int) -> None:
    with pytest.raises(Refused) as refused:
        actions.request_solve(board=board, by=owner, seconds=seconds)
    assert refused.value.code == "seconds_out_of_range"


# --- locking -----------------------------------------------------------------------------------------------------


def planned(production: Production) -> list[tuple[int, str, str, list[str]]]:
    return [
        (day.number, day.date.isoformat(), day.state,
         list(day.planned_scenes.order_by("position").values_list("scene__number", flat=True)))
        for day in ShootDay.objects.filter(production=production).order_by("date")
    ]  # fmt: skip


def test_a_lock_makes_shoot_days(production: Production, laid: Stripboard, owner: Any) -> None:
    locked = actions.lock_board(board=laid, version=3, by=owner)
    assert (locked.state, locked.locked_by_id, locked.lock_reason) == ("locked", owner.pk, "")
    assert planned(production) == [
        (1, "2026-12-01", "planned", ["1-1", "2-1", "3-1"]), (2, "2026-12-02", "planned", ["4-1", "5-1", "6-1"]),
    ]  # fmt: skip
    first = ShootDay.objects.get(number=1)
    # 1-1 indoors, 2-1 in the street after a change of set, 3-1 back indoors: call 06:00.
    assert first.wrap_minute == laid.days.get(date=START).wrap_minute
    event = Event.objects.get(name="StripboardLocked")
    assert event.payload["shoot_day_ids"] == list(ShootDay.objects.order_by("date").values_list("pk", flat=True))
    with pytest.raises(Refused) as refused:
        actions.move_strips(board=laid, version=4, scene_ids=ids(laid, "1-1"), day_id=None, position=0, by=owner)
    assert refused.value.code == "board_not_draft"
    with pytest.raises(Refused):
        actions.lock_board(board=laid, version=4, by=owner)


def test_a_lock_refuses_an_empty_board_and_strips_left(board: Stripboard, owner: Any) -> None:
    with pytest.raises(Refused) as refused:
        actions.lock_board(board=board, version=1, by=owner)
    assert refused.value.code == "board_empty"
    first = board.days.order_by("date")[0]
    actions.move_strips(board=board, version=1, scene_ids=ids(board, "1-1"), day_id=first.pk, position=0, by=owner)
    with pytest.raises(Refused) as refused:
        actions.lock_board(board=board, version=2, by=owner)
    assert (refused.value.code, refused.value.params) == ("strips_left", {"count": 5})
    board.refresh_from_db()
    assert board.version == 2
    locked = actions.lock_board(board=board, version=2, by=owner, leave_out=True)
    # The day nobody shoots on makes no shoot day.
    assert planned(locked.production) == [(1, "2026-12-01", "planned", ["1-1"])]


def test_a_lock_against_the_rules_needs_a_reason_that_is_kept(
    production: Production, laid: Stripboard, owner: Any, make_cast: Callable[..., Any]
) -> None:
    engagement = make_cast(production, "林叶", "沈宁")
    actions.mark_unavailable(person=engagement.person, from_date=START, to_date=START, by=owner)
    with pytest.raises(Refused) as refused:
        actions.lock_board(board=laid, version=3, by=owner)
    assert refused.value.code == "board_breaks_rules"
    assert "沈宁" in refused.value.message
    assert ShootDay.objects.count() == 0
    locked = actions.lock_board(board=laid, version=3, by=owner, override_reason="已与演员谈妥")
    assert locked.lock_reason == "已与演员谈妥"
    assert Event.objects.get(name="StripboardLocked").payload["reason"] == "已与演员谈妥"


def test_a_new_lock_replaces_the_old_one_and_leaves_called_days_alone(
    production: Production, laid: Stripboard, owner: Any
) -> None:
    actions.lock_board(board=laid, version=3, by=owner)
    ShootDay.objects.filter(number=1).update(state=ShootDayState.CALLED)
    copy = actions.duplicate_board(board=laid, by=owner)
    # What is on a call sheet that is out is no longer planned.
    assert lies(copy) == {"2026-12-02": ["4-1", "5-1", "6-1"], "-": []}
    changed = actions.add_board_day(board=copy, version=1, date=START + dt.timedelta(days=3), by=owner)
    third = changed.board.days.order_by("date").last()
    assert third is not None
    actions.move_strips(board=copy, version=2, scene_ids=ids(copy, "4-1", "5-1", "6-1"), day_id=third.pk, position=0,
                        by=owner)  # fmt: skip
    actions.lock_board(board=copy, version=3, by=owner)
    laid.refresh_from_db()
    assert laid.state == BoardState.REPLACED
    assert planned(production) == [
        (1, "2026-12-01", "called", ["1-1", "2-1", "3-1"]), (2, "2026-12-02", "cancelled", []),
        (2, "2026-12-04", "planned", ["4-1", "5-1", "6-1"]),
    ]  # fmt: skip


def test_a_stale_draft_cannot_add_scenes_to_a_called_day(production: Production, laid: Stripboard, owner: Any) -> None:
    draft = actions.duplicate_board(board=laid, by=owner)
    actions.lock_board(board=laid, version=3, by=owner)
    ShootDay.objects.filter(number=1).update(state=ShootDayState.CALLED)
    first = draft.days.order_by("date")[0]
    actions.move_strips(board=draft, version=1, scene_ids=ids(draft, "6-1"), day_id=first.pk, position=0, by=owner)
    with pytest.raises(Refused) as refused:
        actions.lock_board(board=draft, version=2, by=owner)
    assert (refused.value.code, refused.value.params["scenes"]) == ("day_called", "6-1")
    laid.refresh_from_db()
    assert laid.state == BoardState.LOCKED


def test_owed_scenes_come_back(production: Production, laid: Stripboard, owner: Any) -> None:
    draft = actions.duplicate_board(board=laid, by=owner)
    actions.lock_board(board=laid, version=3, by=owner)
    day = ShootDay.objects.get(number=1)
    ShootDay.objects.filter(pk=day.pk).update(state=ShootDayState.WRAPPED)
    owed = ids(laid, "2-1", "3-1")
    assert actions.note_scenes_owed(shoot_day=day, scene_ids=owed, by=owner) == owed
    assert actions.note_scenes_owed(shoot_day=day, scene_ids=owed, by=owner) == []
    assert lies(draft)["-"] == ["2-1", "3-1"]
    assert [row.scene.number for row in queries.owed_scenes(production)] == ["2-1", "3-1"]
    fresh = actions.duplicate_board(board=laid, by=owner)
    assert lies(fresh) == {"2026-12-02": ["4-1", "5-1", "6-1"], "-": ["2-1", "3-1"]}
    event = Event.objects.get(name="ScenesOwed")
    assert event.payload["scene_ids"] == owed
    # Planned again, they are owed no more.
    second = fresh.days.get()
    actions.move_strips(board=fresh, version=1, scene_ids=owed, day_id=second.pk, position=9, by=owner)
    actions.lock_board(board=fresh, version=2, by=owner)
    assert list(queries.owed_scenes(production)) == []
    assert PlannedScene.objects.filter(shoot_day=day, owed_at=None).count() == 1


@pytest.mark.parametrize("gate", ["off", "warn", "block"])
def test_the_gate_of_the_greenlight(laid, owner, production, gate, client_of):
    from django.urls import reverse

    from scripts_app.models import Greenlight, Revision, Script
    from studio.models import Studio

    Studio.objects.filter(pk=production.studio_id).update(greenlight_gate=gate)
    url = reverse("board_lock", args=[production.pk, laid.pk])
    client = client_of(owner)
    page = client.post(url, {"version": "3", "override_reason": "急"}, follow=True).content.decode()
    laid.refresh_from_db()
    assert laid.state == ("draft" if gate == "block" else "locked")
    assert ("although the title has no greenlight yet" in page) is (gate == "warn")
    assert ("A producer gives it" in page) is (gate == "block")
    if gate == "block":
        script, _new = Script.objects.get_or_create(production=production)
        revision = Revision.objects.create(script=script, number=9, source_name="a", source_file="a", source_sha256="a")
        Greenlight.objects.create(production=production, revision=revision, given_at=timezone.now())
        client.post(url, {"version": "3", "override_reason": "急"})
        laid.refresh_from_db()
        assert laid.state == "locked"
