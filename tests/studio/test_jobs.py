"""Jobs and facts: one mechanism, whatever happens to the worker."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from studio import facts, jobs
from studio.choices import JobState
from studio.facts import Fact, publish, subscriber
from studio.models import Event, Job, Network, Production, User


@dataclasses.dataclass(frozen=True, kw_only=True)
class LanternLit(Fact):
    name: str


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(jobs, "KINDS", dict(jobs.KINDS))
    monkeypatch.setattr(facts, "SUBSCRIBERS", dict(facts.SUBSCRIBERS))
    yield


@pytest.fixture
def heard() -> list[str]:
    """Names heard by a subscriber whose effect is a row."""
    names: list[str] = []

    @subscriber(LanternLit, kind="test.hear_lantern")
    def hear(run: jobs.Run, fact: LanternLit) -> None:
        Network.objects.create(name=fact.name)
        names.append(fact.name)

    return names


def _light(production: Production, by: User | None = None, name: str = "灯") -> Event:
    return publish(LanternLit(studio_id=production.studio_id, production_id=production.pk, name=name), by=by)


def test_a_fact_needs_a_transaction(production: Production, transactional_db: None) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        _light(production)


def test_a_fact_of_a_rolled_back_transaction_never_happened(production: Production, heard: list[str]) -> None:
    events, rows = Event.objects.count(), Job.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        _light(production)
        raise RuntimeError
    assert (Event.objects.count(), Job.objects.count()) == (events, rows)
    assert jobs.run_due() == 0
    assert heard == []


def test_a_fact_wakes_its_subscriber_once_however_often_the_job_is_sent(
    production: Production, heard: list[str]
) -> None:
    with transaction.atomic():
        event = _light(production)
    row = Job.objects.get(event_id=event.pk)
    assert jobs.run(row.pk) == JobState.DONE
    assert jobs.run(row.pk) is None
    # A second job of the same fact and kind cannot exist.
    with pytest.raises(IntegrityError), transaction.atomic():
        jobs.enqueue("test.hear_lantern", {"event": event.pk}, event_id=event.pk)
    assert heard == ["灯"]
    assert Network.objects.filter(name="灯").count() == 1


def test_a_version_counts_every_fact(production: Production, heard: list[str]) -> None:
    before = Production.objects.get(pk=production.pk).version
    with transaction.atomic():
        _light(production)
    assert Production.objects.get(pk=production.pk).version == before + 1


def test_a_failing_atomic_job_leaves_nothing_and_is_parked_at_the_last_attempt(production: Production) -> None:
    @jobs.job("test.fails", atomic=True, max_attempts=2)
    def fails(run: jobs.Run) -> None:
        Network.objects.create(name="half")
        raise ValueError("broken")

    row = jobs.enqueue("test.fails", {})
    assert jobs.run(row.pk) == JobState.QUEUED
    row.refresh_from_db()
    assert row.run_after > timezone.now()
    assert jobs.run(row.pk) is None  # not due yet
    Job.objects.filter(pk=row.pk).update(run_after=timezone.now())
    assert jobs.run(row.pk) == JobState.PARKED
    row.refresh_from_db()
    assert (row.attempts, row.error) == (2, "ValueError: broken")
    assert not Network.objects.filter(name="half").exists()
    assert jobs.rerun(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.finished_at) == (JobState.QUEUED, 0, None)


def test_bad_input_is_parked_at_once(production: Production) -> None:
    @jobs.job("test.refuses")
    def refuses(run: jobs.Run) -> None:
        raise jobs.JobRefused("the file is empty")

    row = jobs.enqueue("test.refuses", {})
    assert jobs.run(row.pk) == JobState.PARKED
    row.refresh_from_db()
    assert (row.attempts, row.error) == (1, "the file is empty")


def test_a_late_loser_cannot_overwrite(production: Production) -> None:
    """The lease ends while the first worker still works; a second one takes over and finishes."""
    outcome: list[Any] = []

    @jobs.job("test.slow")
    def slow(run: jobs.Run, depth: int = 0) -> dict[str, str]:
        if not outcome:
            outcome.append("first started")
            Job.objects.filter(pk=run.job.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))
            assert jobs.sweep()["freed"] == 1
            assert jobs.run(run.job.pk) == JobState.DONE
            with run.finishing():
                outcome.append("the loser wrote")
        return {"by": "second"}

    row = jobs.enqueue("test.slow", {})
    assert jobs.run(row.pk) is None
    row.refresh_from_db()
    assert (row.state, row.result, row.attempts) == (JobState.DONE, {"by": "second"}, 2)
    assert outcome == ["first started"]


def test_a_worker_that_dies_every_time_parks_the_job(production: Production) -> None:
    @jobs.job("test.dies", max_attempts=1)
    def dies(run: jobs.Run) -> None: ...

    row = jobs.enqueue("test.dies", {})
    assert jobs.claim(row.pk) is not None
    Job.objects.filter(pk=row.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    assert jobs.sweep() == {"parked": 1, "freed": 0, "sent": 0}


def test_cancel(production: Production) -> None:
    seen: list[int] = []

    @jobs.job("test.long")
    def long(run: jobs.Run) -> None:
        for step in range(10):
            seen.append(step)
            if step == 3:
                jobs.cancel(run.job.pk)
            run.progress(step, 10)

    queued = jobs.enqueue("test.long", {})
    jobs.cancel(queued.pk)
    queued.refresh_from_db()
    assert queued.state == JobState.CANCELLED
    running = jobs.enqueue("test.long", {})
    assert jobs.run(running.pk) == JobState.CANCELLED
    assert seen == [0, 1, 2, 3]


def test_dedupe_returns_the_first_job(production: Production) -> None:
    @jobs.job("test.once")
    def once(run: jobs.Run) -> None: ...

    first = jobs.enqueue("test.once", {"n": 1}, dedupe="the key")
    jobs.run(first.pk)
    again = jobs.enqueue("test.once", {"n": 2}, dedupe="the key")
    assert (again.pk, again.payload) == (first.pk, {"n": 1})


def test_an_unknown_kind_is_parked_and_says_so(production: Production) -> None:
    row = Job.objects.create(kind="test.from_a_later_release")
    assert jobs.run(row.pk) is None
    row.refresh_from_db()
    assert row.state == JobState.PARKED
    assert "test.from_a_later_release" in row.error
