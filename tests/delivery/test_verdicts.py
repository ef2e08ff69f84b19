"""Verdicts: once each, kept apart for title and episode, and back to post when refused."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from delivery import actions
from delivery.models import Package, Takedown, Verdict
from postproduction.actions import finish_task, open_episode
from postproduction.models import PostTask
from studio.models import Event, Notice, Production
from studio.refusals import Refused
from tests.delivery.conftest import AT
from tests.delivery.test_packages import states

pytestmark = pytest.mark.django_db


def hear(package: Package, number: int | None, code: str = "accepted", reason: str = "", name: str = "") -> Verdict:
    return actions.receive_verdict(
        package=package, episode_number=number, code=code, reason=reason, external_id=name or f"{number}-{code}", at=AT
    )


def test_a_refusal_goes_back_to_post_and_to_those_who_must_know(
    sent: Package, episodes: list[Any], owner: Any, make_member: Any, other_owner: Any
) -> None:
    supervisor = make_member(sent.production.studio, "post_supervisor")
    crew = make_member(sent.production.studio, "crew")
    post = open_episode(episode=episodes[1], by=owner)
    for task in post.tasks.order_by("position"):
        finish_task(task=task, by=owner, minutes_worked=1)
    hear(sent, 2, "refused", "字幕错字 00:41")
    row = sent.deliverables.get(episode=episodes[1])
    assert (row.state, row.reason, row.decided_at) == ("redeliver", "字幕错字 00:41", AT)
    tasks = dict(PostTask.objects.values_list("step", "state"))
    assert (tasks["qc"], tasks["master"], tasks["mix"]) == ("ready", "waiting", "done")
    assert PostTask.objects.get(step="qc").note == "红果短剧: 字幕错字 00:41"
    told = Notice.objects.filter(kind="delivery.episode_refused")
    assert set(told.values_list("user", flat=True)) == {owner.pk, supervisor.pk}
    assert crew.pk not in told.values_list("user", flat=True)
    # Each is sent to the page of their own room.
    assert told.get(user=supervisor).url == f"/productions/{sent.production_id}/post/"


def test_a_verdict_heard_twice_changes_nothing(sent: Package) -> None:
    first = hear(sent, 1, "refused", "x", name="m-1")
    events = Event.objects.count()
    assert hear(sent, 1, "accepted", name="m-1") == first
    assert (states(sent), Verdict.objects.count(), Event.objects.count()) == (["redeliver", "sent", "sent"], 1, events)


def test_refused_reworked_and_accepted(
    sent: Package, episodes: list[Any], make_master: Any, owner: Any, drain: Any, tmp_path: Path
) -> None:
    for number in (1, 3):
        hear(sent, number)
    hear(sent, 2, "refused", "声画不同步")
    make_master(episodes[1])
    drain()
    assert states(sent) == ["accepted", "open", "accepted"]
    actions.inspect_package(package=sent, by=owner)
    drain()
    actions.send_package(package=sent, by=owner)
    drain()
    folder = tmp_path / "handover/qinghe/hongguo/CG01/round-2"
    assert [row["number"] for row in json.loads((folder / "manifest.json").read_text())["episodes"]] == [2]
    verdict = hear(sent, 2, name="second look")
    sent.refresh_from_db()
    assert (verdict.round, sent.state, states(sent)) == (2, "accepted", ["accepted"] * 3)
    assert Event.objects.filter(name="PackageAccepted").count() == 1


def test_the_title_is_judged_apart_from_its_episodes(sent: Package, owner: Any, drain: Any) -> None:
    hear(sent, None, "refused", "剧名违规")
    for number in (1, 2, 3):
        hear(sent, number)
    sent.refresh_from_db()
    assert (sent.state, states(sent)) == ("rejected", ["accepted"] * 3)
    # It goes out again with its texts alone.
    actions.edit_package(package=sent, synopsis="改过的简介", tagline="", due_date=None, by=owner)
    actions.send_package(package=sent, by=owner)
    drain()
    sent.refresh_from_db()
    assert (sent.state, sent.round) == ("sent", 2)
    hear(sent, None)
    sent.refresh_from_db()
    assert sent.state == "accepted"


def test_a_verdict_on_an_older_file_is_kept_and_moves_nothing(
    sent: Package, episodes: list[Any], make_master: Any, drain: Any
) -> None:
    hear(sent, 1, "refused", "x")
    make_master(episodes[0])
    drain()
    hear(sent, 1, "accepted", name="changed their mind")
    assert states(sent)[0] == "open"
    assert Verdict.objects.count() == 2


def test_a_newer_master_that_waited_is_taken_when_the_old_one_is_refused(
    sent: Package, episodes: list[Any], make_master: Any, owner: Any, drain: Any
) -> None:
    post = open_episode(episode=episodes[0], by=owner)
    for task in post.tasks.order_by("position"):
        finish_task(task=task, by=owner, minutes_worked=1)
    make_master(episodes[0])
    drain()
    hear(sent, 1, "refused", "x")
    row = sent.deliverables.get(episode=episodes[0])
    assert (row.state, row.master.version) == ("open", 2)
    # The rework is already there: nothing to check again.
    assert not PostTask.objects.exclude(state="done").exists()


@pytest.mark.parametrize(("asked", "code"), [
    ({"code": "maybe"}, "unknown_verdict"), ({"code": "refused"}, "reason_missing"),
    ({"external_id": ""}, "external_id_missing"), ({"external_id": "x" * 121}, "external_id_missing"),
    ({"episode_number": 9}, "no_such_episode"),
])  # fmt: skip
def test_odd_verdicts_are_refused(sent: Package, asked: dict[str, Any], code: str) -> None:
    full = {"episode_number": 1, "code": "accepted", "reason": "", "external_id": "a", "at": AT, **asked}
    with pytest.raises(Refused) as refused:
        actions.receive_verdict(package=sent, **full)
    assert refused.value.code == code
    assert Verdict.objects.count() == 0


def test_what_was_never_sent_is_not_judged(package: Package) -> None:
    for number in (1, None):
        with pytest.raises(Refused) as refused:
            hear(package, number)
        assert refused.value.code == "not_sent"


def test_on_air_and_taken_down(sent: Package, owner: Any) -> None:
    with pytest.raises(Refused) as refused:
        actions.go_live(package=sent, at=AT, by=owner)
    assert refused.value.code == "not_accepted"
    with pytest.raises(Refused) as refused:
        actions.take_down(package=sent, reason="x", at=AT, by=owner)
    assert refused.value.code == "not_live"
    for number in (1, 2, 3):
        hear(sent, number)
    assert actions.go_live(package=sent, at=AT, by=owner).state == "live"
    later = AT + dt.timedelta(days=1)
    assert actions.go_live(package=sent, at=later, by=owner).live_at == AT
    assert Production.objects.get(pk=sent.production_id).stage == "live"
    with pytest.raises(Refused) as refused:
        actions.take_down(package=sent, reason=" ", at=later, by=owner)
    assert refused.value.field == "reason"
    takedown = actions.take_down(package=sent, reason="举报属实", at=later, by=owner)
    assert actions.take_down(package=sent, reason="again", at=later, by=owner) == takedown
    sent.refresh_from_db()
    assert (sent.state, states(sent), Takedown.objects.count()) == ("taken_down", ["taken_down"] * 3, 1)
    assert [Event.objects.filter(name=name).count() for name in ("WentLive", "TakenDown")] == [1, 1]
    for action in (actions.inspect_package, actions.send_package):
        with pytest.raises(Refused):
            action(package=sent, by=owner)


def test_a_live_title_stays_on_air_while_an_episode_is_replaced(
    sent: Package, episodes: list[Any], make_master: Any, owner: Any, drain: Any
) -> None:
    for number in (1, 2, 3):
        hear(sent, number)
    actions.go_live(package=sent, at=AT, by=owner)
    make_master(episodes[2])
    drain()
    actions.attach_masters(package=sent, by=owner, replace_accepted=True)
    actions.inspect_package(package=sent, by=owner)
    drain()
    actions.send_package(package=sent, by=owner)
    drain()
    sent.refresh_from_db()
    assert (sent.state, sent.round, states(sent)) == ("live", 2, ["accepted", "accepted", "sent"])


# --- the folder's verdicts -----------------------------------------------------------------------------------------
def inbox(tmp_path: Path) -> Path:
    return tmp_path / "handover/qinghe/hongguo/verdicts"


def note(number: int | None, verdict: str = "accepted", **more: Any) -> dict[str, Any]:
    return {"production": "CG01", "episode": number, "verdict": verdict, "at": AT.isoformat(), **more}


def test_verdict_files_are_taken_in_and_bad_ones_stop_nothing(
    sent: Package, studio: Any, owner: Any, drain: Any, tmp_path: Path
) -> None:
    box = inbox(tmp_path)
    (box / "a.json").write_text("{not json")
    (box / "b.json").write_text(json.dumps([note(1, id="v1"), note(2, "refused", reason="黑屏", id="v2")]))
    (box / "c.json").write_text(json.dumps(note(9, id="v9")))
    (box / "d.json").write_text("﻿" + json.dumps(note(3)))
    (box / "e.json").write_text(json.dumps({**note(1), "production": "NOBODY"}))
    (box / "f.json").symlink_to("/etc/passwd")
    job = actions.collect_verdicts(studio=studio, by=owner)
    assert actions.collect_verdicts(studio=studio, by=owner) == job
    drain()
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"taken": 3, "set_aside": 4})
    assert states(sent) == ["accepted", "redeliver", "accepted"]
    assert sorted(path.name for path in (box / "read").iterdir()) == ["b.json", "d.json"]
    assert sorted(path.name for path in (box / "unread").iterdir()) == [
        "a.json", "a.json.reason.txt", "c.json", "c.json.reason.txt", "e.json", "e.json.reason.txt", "f.json",
        "f.json.reason.txt",
    ]  # fmt: skip
    assert not list(box.glob("*.json"))
    assert Notice.objects.filter(user=owner, kind="delivery.verdict_unread").count() == 4


def test_the_same_file_again_changes_nothing(sent: Package, studio: Any, drain: Any, tmp_path: Path) -> None:
    for _turn in range(2):
        (inbox(tmp_path) / "a.json").write_text(json.dumps(note(1)))
        actions.collect_verdicts(studio=studio, by=None)
        drain()
    assert Verdict.objects.count() == 1
    assert len(list((inbox(tmp_path) / "read").iterdir())) == 2


@pytest.mark.parametrize(("entry", "field"), [
    ("text", "{}"), ({"verdict": "accepted"}, "production"), (note(1, "perhaps"), "verdict"),
    (note(1, "refused"), "reason"), (note(0), "episode"), ({**note(1), "episode": True}, "episode"),
    ({**note(1), "episode": "1"}, "episode"), ({**note(1), "at": "yesterday"}, "at"),
    ({**note(1), "at": "2026-12-01T10:00:00"}, "at"), (note(1, reason="x" * 301), "reason"), (note(1, id={}), "id"),
])  # fmt: skip
def test_malformed_entries_name_their_field(
    sent: Package, studio: Any, drain: Any, tmp_path: Path, entry: Any, field: str
) -> None:
    (inbox(tmp_path) / "a.json").write_text(json.dumps(entry))
    actions.collect_verdicts(studio=studio, by=None)
    drain()
    assert field in (inbox(tmp_path) / "unread/a.json.reason.txt").read_text()
    assert Verdict.objects.count() == 0


def test_the_clockwork_collects_once_a_day(studio: Any, db: None) -> None:
    from studio.clockwork import turn
    from studio.models import Job

    morning = dt.datetime(2026, 12, 10, 1, 30, tzinfo=dt.UTC)
    turn(morning)
    turn(morning + dt.timedelta(hours=2))
    assert Job.objects.filter(kind="delivery.collect_verdicts", studio=studio).count() == 1
