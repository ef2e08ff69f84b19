"""Jobs: work that survives its worker.

The jobs table carries the truth; Celery carries ids. Killing a worker lost or stranded tasks on every broker tried,
even with late acknowledgement, so a message is only a hint that a row may be due:

- a worker claims a row by a conditional update that sets a lease token and an end;
- progress renews the lease; only the holder of the token may write the end, so a late loser changes nothing;
- the sweeper sends again what is due and unclaimed, and takes back rows whose lease ended;
- a finished job is never run again; a failing one waits longer each time and is parked at the last attempt.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import IntegrityError, close_old_connections, connection, transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from studio.choices import JobState
from studio.models import Job, User

log = logging.getLogger("kaiji.jobs")


class UnknownJobKind(LookupError):
    """A job row names a kind that no room registered."""


class LeaseLost(RuntimeError):
    """Another worker took the job over; nothing this one still does may count."""


class JobCancelled(RuntimeError):
    """A person asked the job to stop."""


class JobRefused(RuntimeError):
    """The job cannot succeed however often it is tried: bad input. It is parked at once with this sentence."""


@dataclasses.dataclass(frozen=True)
class JobKind:
    name: str
    function: Callable[..., Any]
    atomic: bool
    lease_seconds: int
    max_attempts: int


KINDS: dict[str, JobKind] = {}


def job(
    kind: str, *, atomic: bool = False, lease_seconds: int | None = None, max_attempts: int = 5
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register `function(run, **payload)` as what a job of `kind` does.

    `atomic`: the function and the job's end share one transaction: all of it happens, once, or nothing. Without it
    the function reads and decides freely and writes inside `run.finishing()`.
    """

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        KINDS[kind] = JobKind(kind, function, atomic, lease_seconds or settings.JOB_LEASE_SECONDS, max_attempts)
        return function

    return register


@dataclasses.dataclass
class Run:
    """A claimed job, as its function sees it."""

    job: Job
    kind: JobKind
    finished: bool = False

    def _mine(self) -> Any:
        return Job.objects.filter(pk=self.job.pk, state=JobState.RUNNING, lease_token=self.job.lease_token)

    def progress(self, done: int, total: int, **facts: Any) -> None:
        """Say how far it is and renew the lease. Raises LeaseLost, or JobCancelled when asked to stop."""
        now = timezone.now()
        renewed = self._mine().update(
            progress_done=done,
            progress_total=total,
            progress=facts,
            lease_until=now + dt.timedelta(seconds=self.kind.lease_seconds),
            updated_at=now,
        )
        if not renewed:
            raise LeaseLost(f"job {self.job.pk} was taken over")
        if self._mine().filter(cancel_requested=True).exists():
            raise JobCancelled

    @property
    def cancel_requested(self) -> bool:
        """Whether a person asked to stop; for functions that keep the best they have instead of giving up."""
        return self._mine().filter(cancel_requested=True).exists()

    @contextmanager
    def finishing(self, result: dict[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """A transaction that ends the job as done; what the block writes happens exactly once.

        The job's row is taken first, so a second worker waits and then finds the job ended. The block may add to
        the yielded dictionary, which is kept as the job's result.
        """
        if self.finished:
            raise RuntimeError("a job ends once")
        with transaction.atomic():
            out: dict[str, Any] = dict(result or {})
            now = timezone.now()
            ended = self._mine().update(
                state=JobState.DONE, lease_token=None, lease_until=None, finished_at=now, updated_at=now, error=""
            )
            if not ended:
                raise LeaseLost(f"job {self.job.pk} was taken over")
            yield out
            Job.objects.filter(pk=self.job.pk).update(result=out, progress_done=F("progress_total"))
        self.finished = True


def enqueue(
    kind: str,
    payload: dict[str, Any],
    *,
    studio_id: int | None = None,
    production_id: int | None = None,
    event_id: int | None = None,
    dedupe: str | None = None,
    run_after: dt.datetime | None = None,
    by: User | None = None,
) -> Job:
    """Write a job; its id is sent to a worker after the commit.

    With `dedupe`, a second call with the same text returns the first job, whatever its state.
    """
    if kind not in KINDS:
        raise UnknownJobKind(kind)
    fields: dict[str, Any] = {
        "kind": kind, "payload": payload, "studio_id": studio_id, "production_id": production_id,
        "event_id": event_id, "dedupe": dedupe, "run_after": run_after or timezone.now(), "created_by": by,
        "max_attempts": KINDS[kind].max_attempts,
    }  # fmt: skip
    if dedupe is None:
        row = Job.objects.create(**fields)
    else:
        try:
            with transaction.atomic():
                row = Job.objects.create(**fields)
        except IntegrityError:
            return Job.objects.get(dedupe=dedupe)
    transaction.on_commit(lambda: send(row.pk), robust=True)
    return row


def send(job_id: int) -> None:
    """Tell a worker that the job may be due. A broker that is away costs time, not work: the sweeper sends again."""
    from studio.tasks import run_job

    try:
        run_job.delay(job_id)
    except Exception as error:
        log.warning("job %s not sent, the sweeper will: %s", job_id, error)
        return
    Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(sent_at=timezone.now())


def claim(job_id: int) -> Run | None:
    """Take a due job, or None when it ended, waits, or is another worker's."""
    now = timezone.now()
    row = Job.objects.filter(pk=job_id, state=JobState.QUEUED, run_after__lte=now).first()
    if row is None:
        return None
    kind = KINDS.get(row.kind)
    if kind is None:
        _end(row, JobState.PARKED, error=_("No room knows how to do “%(kind)s”.") % {"kind": row.kind})
        return None
    token = uuid.uuid4()
    taken = Job.objects.filter(pk=job_id, state=JobState.QUEUED, run_after__lte=now).update(
        state=JobState.RUNNING,
        lease_token=token,
        lease_until=now + dt.timedelta(seconds=kind.lease_seconds),
        attempts=F("attempts") + 1,
        started_at=now,
        updated_at=now,
    )
    if not taken:
        return None
    row.refresh_from_db()
    return Run(row, kind) if row.lease_token == token else None


def run(job_id: int) -> JobState | None:
    """Claim and do one job. Returns the state it left it in, None when there was nothing to claim."""
    current = claim(job_id)
    if current is None:
        return None
    row, kind = current.job, current.kind
    with translation.override(_language(row)):
        return _do(current, row, kind)


def _language(row: Job) -> str:
    """The language of who asked for the work: its sentences are read by them."""
    asked = row.created_by.language if row.created_by else ""
    return asked or settings.LANGUAGE_CODE


def _do(current: Run, row: Job, kind: JobKind) -> JobState | None:
    try:
        if row.cancel_requested:
            raise JobCancelled
        if kind.atomic:
            with current.finishing() as out:
                out.update(kind.function(current, **row.payload) or {})
        else:
            result = kind.function(current, **row.payload)
            if not current.finished:
                with current.finishing(result):
                    pass
    except LeaseLost:
        log.warning("job %s (%s): lease lost, result dropped", row.pk, row.kind)
        return None
    except JobCancelled:
        _end(row, JobState.CANCELLED)
        return JobState.CANCELLED
    except JobRefused as refused:
        _end(row, JobState.PARKED, error=str(refused))
        return JobState.PARKED
    except Exception as error:
        log.exception("job %s (%s) failed, attempt %s of %s", row.pk, row.kind, row.attempts, row.max_attempts)
        return _failed(row, f"{type(error).__name__}: {error}")
    return JobState.DONE


def _failed(row: Job, error: str) -> JobState:
    if row.attempts >= row.max_attempts:
        _end(row, JobState.PARKED, error=error)
        return JobState.PARKED
    pause = settings.JOB_BACKOFF_SECONDS * 3 ** (row.attempts - 1)
    now = timezone.now()
    Job.objects.filter(pk=row.pk, state=JobState.RUNNING, lease_token=row.lease_token).update(
        state=JobState.QUEUED, lease_token=None, lease_until=None, sent_at=None, error=error[:4000],
        run_after=now + dt.timedelta(seconds=pause), updated_at=now,
    )  # fmt: skip
    return JobState.QUEUED


def _end(row: Job, state: JobState, error: str = "") -> None:
    now = timezone.now()
    Job.objects.filter(pk=row.pk, state=row.state, lease_token=row.lease_token).update(
        state=state, lease_token=None, lease_until=None, finished_at=now, updated_at=now, error=error[:4000]
    )


def sweep() -> dict[str, int]:
    """Take back jobs whose lease ended and send what is due and was not sent lately."""
    now = timezone.now()
    expired = Job.objects.filter(state=JobState.RUNNING, lease_until__lt=now)
    dead = expired.filter(attempts__gte=F("max_attempts")).update(
        state=JobState.PARKED, lease_token=None, lease_until=None, finished_at=now, updated_at=now,
        error=_("The worker died or hung at every attempt."),
    )  # fmt: skip
    freed = expired.update(
        state=JobState.QUEUED, lease_token=None, lease_until=None, sent_at=None, run_after=now, updated_at=now
    )
    stale = now - dt.timedelta(seconds=settings.JOB_RESEND_SECONDS)
    due = (
        Job.objects.filter(state=JobState.QUEUED, run_after__lte=now)
        .filter(Q(sent_at=None) | Q(sent_at__lt=stale))
        .order_by("id")
        .values_list("pk", flat=True)[:500]
    )
    sent = 0
    for job_id in list(due):
        send(job_id)
        sent += 1
    return {"parked": dead, "freed": freed, "sent": sent}


def sweep_quietly() -> None:
    """Sweep from a timer inside the worker, where an exception would stop the timer."""
    if connection.in_atomic_block:
        return
    close_old_connections()
    try:
        sweep()
    except Exception as error:
        log.warning("sweep failed, the next one tries again: %s", error)
    finally:
        close_old_connections()


def cancel(job_id: int) -> None:
    """Ask a job to stop: a queued one ends at once, a running one at its next sign of progress."""
    now = timezone.now()
    ended = Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(
        state=JobState.CANCELLED, finished_at=now, updated_at=now, cancel_requested=True
    )
    if not ended:
        Job.objects.filter(pk=job_id, state=JobState.RUNNING).update(cancel_requested=True, updated_at=now)


def rerun(job_id: int) -> bool:
    """Put a parked or cancelled job back in the queue with fresh attempts; False when it is neither."""
    now = timezone.now()
    queued = Job.objects.filter(pk=job_id, state__in=[JobState.PARKED, JobState.CANCELLED]).update(
        state=JobState.QUEUED, attempts=0, finished_at=None, run_after=now, sent_at=None, error="",
        cancel_requested=False, updated_at=now, progress_done=0, progress_total=0,
    )  # fmt: skip
    if queued:
        transaction.on_commit(lambda: send(job_id), robust=True)
    return bool(queued)


def run_due(limit: int = 1000) -> int:
    """Do what is due in this process, oldest first; for tests and for a machine without a worker."""
    done = 0
    while done < limit:
        due = Job.objects.filter(state=JobState.QUEUED, run_after__lte=timezone.now()).order_by("id").first()
        if due is None:
            return done
        run(due.pk)
        done += 1
    return done
