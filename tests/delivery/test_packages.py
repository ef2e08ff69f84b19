"""Packages: opening, masters, inspection, sending."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path
from typing import Any

import pytest

from delivery import actions
from delivery.checks import Spec as Rules
from delivery.models import Deliverable, Package, Spec
from delivery.queries import BUCKETS, history, judge, working_days_after
from studio.models import Event, Job, Production
from studio.refusals import Refused

pytestmark = pytest.mark.django_db


def states(package: Package) -> list[str]:
    return list(package.deliverables.order_by("episode__number").values_list("state", flat=True))


def round_folder(tmp_path: Path, number: int) -> Path:
    return tmp_path / "handover" / "qinghe" / "hongguo" / "CG01" / f"round-{number}"


def test_default_platforms_come_once_with_specs_the_checks_read(studio: Any) -> None:
    rows = actions.install_default_platforms(studio=studio)
    assert [row.code for row in actions.install_default_platforms(studio=studio)] == [row.code for row in rows]
    assert Spec.objects.count() == len(rows) == 6
    for spec in Spec.objects.select_related("platform"):
        assert Rules.from_json(spec.rules).platform == spec.platform.code
        spec.full_clean()


def test_opening_takes_every_episode_with_its_approved_master(package: Package, episodes: list[Any]) -> None:
    assert list(
        package.deliverables.order_by("episode__number").values_list("episode", "master__version", "state")
    ) == [(episode.pk, 1, "open") for episode in episodes]


def test_opening_twice_adds_only_what_is_new(package: Package, production: Any, platform: Any, owner: Any) -> None:
    from studio.actions import ensure_episodes

    ensure_episodes(production=production, numbers=[4])
    again = actions.open_package(production=production, platform=platform, by=owner, synopsis="other")
    assert (again.pk, again.synopsis, again.deliverables.count()) == (package.pk, "一束光照进山村。", 4)
    assert Event.objects.filter(name="PackageOpened").count() == 1


def test_the_spec_in_force_is_taken(production: Any, platform: Any, episodes: list[Any], owner: Any) -> None:
    first = Spec.objects.get(platform=platform)
    now = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    for day in (dt.date(2026, 5, 1), dt.date(2026, 7, 1)):
        Spec.objects.create(platform=platform, from_date=day, rules=first.rules)
    package = actions.open_package(production=production, platform=platform, by=owner, at=now)
    assert package.spec.from_date == dt.date(2026, 5, 1)


def test_opening_is_refused_without_spec_episodes_or_studio(
    production: Any, platform: Any, other_production: Any, owner: Any
) -> None:
    for chosen, code in ((production, "no_episodes"), (other_production, "other_studio")):
        with pytest.raises(Refused) as refused:
            actions.open_package(production=chosen, platform=platform, by=owner)
        assert refused.value.code == code
    Spec.objects.all().delete()
    with pytest.raises(Refused) as refused:
        actions.open_package(production=production, platform=platform, by=owner)
    assert refused.value.code == "no_spec"
    assert Package.objects.count() == 0


def test_inspection_passes_what_meets_the_spec_and_fails_the_rest(
    package: Package, episodes: list[Any], make_master: Any, owner: Any, drain: Any
) -> None:
    make_master(episodes[1], width=720, height=1280)
    drain()
    actions.inspect_package(package=package, by=owner)
    drain()
    assert states(package) == ["ready", "failed", "ready"]
    failed = package.deliverables.get(episode=episodes[1])
    assert [finding["code"] for finding in failed.findings] == ["size"]
    package.refresh_from_db()
    # What goes by hand for now is pointed out and stops nothing.
    assert [(finding["code"], finding["severity"]) for finding in package.findings] == [("covers_too_few", "warning")]


def test_an_episode_without_a_master_stays_open(
    production: Any, platform: Any, episodes: list[Any], owner: Any, drain: Any
) -> None:
    package = actions.open_package(production=production, platform=platform, by=owner)
    actions.inspect_package(package=package, by=owner)
    drain()
    assert states(package) == ["open", "open", "open"]
    assert [f["code"] for f in package.deliverables.first().findings] == ["media_missing"]


def test_an_override_holds_for_its_file_and_falls_with_a_new_one(
    package: Package, episodes: list[Any], make_master: Any, owner: Any, drain: Any
) -> None:
    make_master(episodes[0], width=720, height=1280)
    drain()
    actions.inspect_package(package=package, by=owner)
    drain()
    row = package.deliverables.get(episode=episodes[0])
    with pytest.raises(Refused) as refused:
        actions.override_finding(deliverable=row, reason=" ", by=owner)
    assert refused.value.field == "reason"
    actions.override_finding(deliverable=row, reason="导演要求", by=owner)
    actions.override_finding(deliverable=row, reason="导演要求", by=owner)
    actions.inspect_package(package=package, by=owner)
    drain()
    row.refresh_from_db()
    assert (row.state, row.override_reason) == ("ready", "导演要求")
    # The same file now breaks another rule: that was never let through.
    spec = package.spec
    Spec.objects.filter(pk=spec.pk).update(rules={**spec.rules, "fps": ["30"]})
    actions.inspect_package(package=package, by=owner)
    drain()
    row.refresh_from_db()
    assert (row.state, row.override_reason) == ("failed", "")
    make_master(episodes[0])
    drain()
    row.refresh_from_db()
    assert (row.state, row.findings, row.master.version) == ("open", [], 3)


def test_only_a_failed_episode_can_be_let_through(package: Package, owner: Any) -> None:
    with pytest.raises(Refused) as refused:
        actions.override_finding(deliverable=package.deliverables.first(), reason="x", by=owner)
    assert refused.value.code == "not_failed"


def test_a_master_approved_during_an_inspection_is_not_judged_by_it(
    package: Package, episodes: list[Any], make_master: Any, owner: Any, drain: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from delivery import jobs

    honest = jobs.inspect

    def slow(*args: Any) -> Any:
        found = honest(*args)
        make_master(episodes[0], width=720, height=1280)
        actions.attach_masters(package=package, by=None)
        return found

    monkeypatch.setattr(jobs, "inspect", slow)
    job = actions.inspect_package(package=package, by=owner)
    from studio.jobs import run

    run(job.pk)
    assert states(package) == ["open", "ready", "ready"]


def test_asking_twice_for_an_inspection_is_one_job(package: Package, owner: Any) -> None:
    assert actions.inspect_package(package=package, by=owner) == actions.inspect_package(package=package, by=owner)


def test_a_round_goes_out_whole_with_manifest_table_and_sums(sent: Package, tmp_path: Path) -> None:
    folder = round_folder(tmp_path, 1)
    assert sorted(path.name for path in folder.iterdir()) == [
        "SHA256SUMS", "episodes.csv", "manifest.json", "初光 - 第1集.mp4", "初光 - 第2集.mp4", "初光 - 第3集.mp4",
    ]  # fmt: skip
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["production"], manifest["round"], manifest["number"], manifest["tagline"]) == (
        "CG01", 1, "网剧审字(2026)第001号", "开机",
    )  # fmt: skip
    import hashlib

    for line in (folder / "SHA256SUMS").read_text().splitlines():
        sha256, name = line.split("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha256
    assert (folder / "episodes.csv").read_bytes().startswith(b"\xef\xbb\xbfnumber,title,file")
    assert (sent.state, sent.round, states(sent)) == ("sent", 1, ["sent"] * 3)
    assert Production.objects.get(pk=sent.production_id).stage == "delivery"
    assert Event.objects.get(name="PackageSent").payload["episodes"] == [1, 2, 3]
    assert not list(folder.parent.glob(".round-*"))


def test_a_moment_that_is_told_is_the_moment_of_the_history(package: Package, owner: Any, drain: Any) -> None:
    """Whoever writes down what was sent last week gets a history in its order."""
    inspected, sent = (dt.datetime(2026, 3, day, 12, tzinfo=dt.UTC) for day in (2, 3))
    actions.inspect_package(package=package, by=owner, at=inspected)
    assert actions.inspect_package(package=package, by=owner) == actions.inspect_package(package=package, by=owner)
    drain()
    actions.send_package(package=package, by=owner, at=sent)
    drain()
    package.refresh_from_db()
    assert (package.inspected_at, package.sent_at) == (inspected, sent)
    told = {event.name: event.at for event in history(package)}
    assert (told["PackageInspected"], told["PackageSent"]) == (inspected, sent)
    assert {row.sent_at for row in package.deliverables.filter(state="sent")} == {sent}


def test_only_inspected_episodes_go_out(
    package: Package, episodes: list[Any], make_master: Any, owner: Any, drain: Any, tmp_path: Path
) -> None:
    make_master(episodes[1], width=720, height=1280)
    drain()
    with pytest.raises(Refused) as refused:
        actions.send_package(package=package, by=owner)
    assert refused.value.code == "nothing_ready"
    actions.inspect_package(package=package, by=owner)
    drain()
    actions.send_package(package=package, by=owner)
    drain()
    assert states(package) == ["sent", "failed", "sent"]
    assert not (round_folder(tmp_path, 1) / "初光 - 第2集.mp4").exists()


def test_what_compliance_holds_back_does_not_go_out(
    package: Package, owner: Any, drain: Any, clearance: dict[str, Any]
) -> None:
    actions.inspect_package(package=package, by=owner)
    drain()
    clearance["hongguo"] = (False, "没有备案号")
    with pytest.raises(Refused) as refused:
        actions.send_package(package=package, by=owner)
    assert refused.value.code == "not_cleared"
    assert "没有备案号" in refused.value.message
    package.refresh_from_db()
    assert (package.state, Job.objects.filter(kind="delivery.send_package").count()) == ("draft", 0)


def test_a_title_that_breaks_the_spec_does_not_go_out_even_when_inspected_before(
    package: Package, owner: Any, drain: Any
) -> None:
    actions.inspect_package(package=package, by=owner)
    drain()
    actions.edit_package(package=package, synopsis="长" * 201, tagline="", due_date=None, by=owner)
    with pytest.raises(Refused) as refused:
        actions.send_package(package=package, by=owner)
    assert refused.value.code == "title_findings"


def test_asking_twice_sends_once(package: Package, owner: Any, drain: Any) -> None:
    actions.inspect_package(package=package, by=owner)
    drain()
    first = actions.send_package(package=package, by=owner)
    assert actions.send_package(package=package, by=owner) == first
    drain()
    assert Event.objects.filter(name="PackageSent").count() == 1
    package.refresh_from_db()
    assert package.round == 1


def test_a_failed_sending_goes_back_with_its_reason_and_can_be_sent_again(
    package: Package, owner: Any, drain: Any, tmp_path: Path
) -> None:
    actions.inspect_package(package=package, by=owner)
    drain()
    # Somebody put other things where the round belongs.
    folder = round_folder(tmp_path, 1)
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    job = actions.send_package(package=package, by=owner)
    drain()
    package.refresh_from_db()
    job.refresh_from_db()
    assert (package.state, package.round, states(package)) == ("draft", 0, ["ready"] * 3)
    assert "round-1" in package.send_error
    assert (job.state, job.error) == ("parked", package.send_error)
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json"]
    (folder / "manifest.json").unlink()
    os.rmdir(folder)
    actions.send_package(package=package, by=owner)
    drain()
    package.refresh_from_db()
    assert (package.state, package.round, package.send_error) == ("sent", 1, "")


def test_a_full_disk_is_tried_again_and_given_up_at_the_last_attempt(
    package: Package, owner: Any, drain: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from delivery.adapters.folder import FolderAdapter
    from studio import jobs

    actions.inspect_package(package=package, by=owner)
    drain()

    def full(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FolderAdapter, "_copy", full)
    job = actions.send_package(package=package, by=owner)
    assert jobs.run(job.pk) == "queued"
    package.refresh_from_db()
    assert package.state == "sending"
    Job.objects.filter(pk=job.pk).update(attempts=job.max_attempts - 1, run_after=job.created_at)
    assert jobs.run(job.pk) == "parked"
    package.refresh_from_db()
    assert (package.state, package.send_error) == ("draft", "No space left on device")
    assert not list((tmp_path / "handover").rglob("*.part"))


def test_a_package_whose_job_was_stopped_can_be_sent_again(package: Package, owner: Any, drain: Any) -> None:
    from studio.jobs import cancel, rerun

    actions.inspect_package(package=package, by=owner)
    drain()
    job = actions.send_package(package=package, by=owner)
    cancel(job.pk)
    second = actions.send_package(package=package, by=owner)
    assert second.pk != job.pk
    drain()
    package.refresh_from_db()
    assert (package.state, package.round) == ("sent", 1)
    # Bringing the stopped one back changes nothing.
    rerun(job.pk)
    drain()
    job.refresh_from_db()
    assert job.state == "parked"
    assert Event.objects.filter(name="PackageSent").count() == 1


def test_a_worker_that_dies_after_the_hand_over_does_not_send_twice(
    package: Package, owner: Any, drain: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from studio import jobs

    actions.inspect_package(package=package, by=owner)
    drain()
    job = actions.send_package(package=package, by=owner)

    class Killed(BaseException):
        pass

    def die(*args: Any, **kwargs: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(jobs.Run, "finishing", die)
        with pytest.raises(Killed):
            jobs.run(job.pk)
    written = (round_folder(tmp_path, 1) / "manifest.json").stat().st_mtime_ns
    Job.objects.filter(pk=job.pk).update(lease_until=job.created_at)
    jobs.sweep()
    assert jobs.run(job.pk) == "done"
    assert (round_folder(tmp_path, 1) / "manifest.json").stat().st_mtime_ns == written
    assert states(package) == ["sent"] * 3


def test_a_changed_file_is_noticed_before_it_goes_out(package: Package, owner: Any, drain: Any) -> None:
    actions.inspect_package(package=package, by=owner)
    drain()
    master = package.deliverables.first().master
    with open(master.file.path, "wb") as file:
        file.write(b"something else")
    actions.send_package(package=package, by=owner)
    drain()
    package.refresh_from_db()
    assert package.state == "draft"
    assert "初光 - 第1集.mp4" in package.send_error


def test_the_same_file_under_two_numbers_stands_against_the_second(package: Package, owner: Any, drain: Any) -> None:
    rows = list(package.deliverables.order_by("episode__number"))
    master = rows[1].master
    master.facts["sha256"] = rows[0].master.sha256
    master.save(update_fields=["facts"])
    actions.inspect_package(package=package, by=owner)
    drain()
    assert states(package) == ["ready", "failed", "ready"]
    rows[1].refresh_from_db()
    assert [finding["code"] for finding in rows[1].findings] == ["same_file"]


def test_a_master_under_review_waits_and_an_accepted_one_is_kept(
    sent: Package, episodes: list[Any], make_master: Any, owner: Any, drain: Any
) -> None:
    Deliverable.objects.filter(package=sent, episode=episodes[0]).update(state="accepted")
    make_master(episodes[0])
    make_master(episodes[1])
    drain()
    assert states(sent) == ["accepted", "sent", "sent"]
    assert actions.attach_masters(package=sent, by=owner, replace_accepted=True) == 1
    assert states(sent) == ["open", "sent", "sent"]


TODAY = dt.date(2026, 12, 10)
NONE = dict.fromkeys(["open", "failed", "ready", "sent", "redeliver", "accepted", "taken_down"], 0)


@pytest.mark.parametrize(("asked", "expected"), [
    ({"state": "live", "counts": {"redeliver": 1}}, ("over", "")),
    ({"state": "rejected"}, ("critical", "rejected")),
    ({"due": -1, "counts": {"sent": 1}}, ("critical", "past_due")),
    ({"due": -1, "counts": {"accepted": 3}}, ("on_track", "")),
    ({"counts": {"redeliver": 1}}, ("at_risk", "redeliver")),
    ({"due": 3, "counts": {"redeliver": 1}}, ("critical", "redeliver")),
    ({"failed_send": True, "counts": {"ready": 1}}, ("at_risk", "send_failed")),
    ({"counts": {"failed": 1}}, ("at_risk", "failed")),
    ({"due": 3, "counts": {"open": 1}}, ("at_risk", "due_soon")),
    ({"due": 4, "counts": {"open": 1}}, ("on_track", "")),
    ({"expected": -1, "counts": {"sent": 1}}, ("at_risk", "verdict_late")),
    ({"expected": 0, "counts": {"sent": 1}}, ("on_track", "")),
])  # fmt: skip
def test_buckets_follow_the_rule(asked: dict[str, Any], expected: tuple[str, str]) -> None:
    days = {name: TODAY + dt.timedelta(asked[name]) if name in asked else None for name in ("due", "expected")}
    found = judge(
        state=asked.get("state", "sent"), counts={**NONE, **asked.get("counts", {})}, due_date=days["due"],
        expected_date=days["expected"], send_failed=asked.get("failed_send", False), today=TODAY,
    )  # fmt: skip
    assert found == expected
    assert found[0] in BUCKETS


def test_review_is_counted_in_weekdays() -> None:
    friday = dt.date(2026, 12, 11)
    assert working_days_after(friday, 3) == dt.date(2026, 12, 16)
