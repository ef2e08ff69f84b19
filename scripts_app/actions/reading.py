"""What people do to a script that was read, before anything of it is saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scripts_app.choices import ReadingState
from scripts_app.events import ReadingDiscarded
from scripts_app.importing import IMPORT_READING_JOB, revision_of_file, write_revision
from scripts_app.models import Reading, Revision
from scripts_app.parsers import BadDecision, Decision, ParsedScript, ignoring, marked, proposed, read_decision
from scripts_app.parsers.decisions import MAX_DECISIONS
from scripts_app.queries.readings import Step, parsed_reading
from scripts_app.wording import bad_decision, refusal
from studio import jobs
from studio.choices import JobState
from studio.facts import publish
from studio.models import Job, Production, User
from studio.refusals import Refused

_UNDONE_KEPT = 200


def open_reading(
    *, production: Production, source: str, filename: str, digest: str, steps: list[Step], by: User | None
) -> Reading:
    """Keep a script that was read until somebody has decided about it; the same file waits once."""
    try:
        with transaction.atomic():
            return Reading.objects.create(
                production=production, source_name=filename, source_file=source, source_sha256=digest, steps=steps,
                read_by=by,
            )  # fmt: skip
    except IntegrityError:
        return Reading.objects.get(production=production, source_sha256=digest, state=ReadingState.OPEN)


def decide(
    *, reading: Reading, decisions: Sequence[Any], version: int, by: User | None, at: dt.datetime | None = None
) -> Reading:
    """Take one step of decisions. Refuses what says nothing, what changes nothing, and what was decided unseen."""
    try:
        checked = [read_decision(each) for each in decisions]
    except BadDecision as bad:
        raise Refused(bad.code, bad_decision(bad.code), field=bad.code.rpartition("_")[0] or None) from bad
    _must_be_open(reading, version)
    number = max((step["id"] for step in (*reading.steps, *reading.undone)), default=0) + 1
    taken = reading.decisions
    if len(taken) + len(checked) > MAX_DECISIONS:
        raise Refused("too_many", _("That is more than can be decided about one draft. Mend the file itself."))
    step: Step = {
        "id": number, "decisions": checked, "by": by.pk if by else None, "at": (at or timezone.now()).isoformat(),
    }  # fmt: skip
    tried = parsed_reading(reading, [*reading.steps, step])
    kept = [each for place, each in enumerate(checked, start=len(taken)) if place not in tried.idle]
    if not kept:
        raise Refused("nothing_met", _("This would change nothing in the script. Nothing was decided."))
    step["decisions"] = marked(kept, tried.lines)
    return _move(reading, version, [*reading.steps, step], [])


def decide_all(*, reading: Reading, code: str, ignore: bool, version: int, by: User | None) -> Reading:
    """Accept every known repair of a kind of fault in one step, or leave all faults of that kind as they are."""
    parsed = parsed_reading(reading)
    wanted: dict[str, Decision] = {}
    for each in parsed.faults:
        if each.code != code:
            continue
        decision = ignoring(each, parsed.lines) if ignore else proposed(each, parsed)
        if decision is not None:
            wanted.setdefault(repr(sorted(decision.items())), decision)
    if not wanted:
        raise Refused("nothing_met", _("This would change nothing in the script. Nothing was decided."))
    return decide(reading=reading, decisions=list(wanted.values()), version=version, by=by)


def undo(*, reading: Reading, version: int, by: User | None, step: int | None = None) -> Reading:
    """Take back a step: the one named, else the last that was decided for this draft."""
    _must_be_open(reading, version)
    own = [each for each in reading.steps if step is not None or not each.get("from_revision")]
    gone = next((each for each in reversed(own) if step is None or each["id"] == step), None)
    if gone is None:
        raise Refused("nothing_to_undo", _("There is nothing to take back."))
    rest = [each for each in reading.steps if each is not gone]
    return _move(reading, version, rest, [*reading.undone, gone][-_UNDONE_KEPT:])


def redo(*, reading: Reading, version: int, by: User | None) -> Reading:
    """Decide again what was taken back last."""
    _must_be_open(reading, version)
    if not reading.undone:
        raise Refused("nothing_to_redo", _("There is nothing to do again."))
    return _move(reading, version, [*reading.steps, reading.undone[-1]], reading.undone[:-1])


def _must_be_open(reading: Reading, version: int) -> None:
    if reading.state != ReadingState.OPEN:
        raise Refused(
            "reading_closed", _("This script is imported or dropped already, so nothing more is decided about it."),
            conflict=True,
        )  # fmt: skip
    if reading.version != version:
        raise _meanwhile()


def _meanwhile() -> Refused:
    return Refused(
        "decided_meanwhile",
        _(
            "Something else was decided meanwhile, so this was not. What you see now is the latest: look and decide again."
        ),
        conflict=True,
    )


def _move(reading: Reading, version: int, steps: list[Step], undone: list[Step]) -> Reading:
    now = timezone.now()
    moved = Reading.objects.filter(pk=reading.pk, state=ReadingState.OPEN, version=version).update(
        steps=steps, undone=undone, version=version + 1, updated_at=now
    )
    if not moved:
        raise _meanwhile()
    reading.steps, reading.undone, reading.version, reading.updated_at = steps, undone, version + 1, now
    return reading


def start_import(*, reading: Reading, version: int, by: User | None) -> Job:
    """Leave a job that imports a reading as it is decided now; pressed twice it is one job."""
    _must_be_open(reading, version)
    parsed = parsed_reading(reading)
    if not parsed.importable:
        raise refusal(parsed.faults)
    production = reading.production
    with transaction.atomic():
        job = jobs.enqueue(
            IMPORT_READING_JOB, {"reading": reading.pk, "version": version}, studio_id=production.studio_id,
            production_id=production.pk, by=by, dedupe=f"{IMPORT_READING_JOB}:{reading.pk}:{version}",
        )  # fmt: skip
        if job.state in {JobState.PARKED, JobState.CANCELLED} and jobs.rerun(job.pk):
            job.refresh_from_db()
    return job


@transaction.atomic
def import_reading(
    *, reading: Reading, parsed: ParsedScript, version: int, by: User | None, at: dt.datetime | None = None
) -> Revision:
    """Save a reading as the title's next revision; `parsed` is it as decided at `version`."""
    production = reading.production
    Production.objects.select_for_update().get(pk=production.pk)
    reading.refresh_from_db(fields=["state", "version", "steps"])
    _must_be_open(reading, version)
    known = revision_of_file(production, reading.source_sha256)
    if known is not None:
        raise Refused(
            "already_imported", _("This file is revision %(number)s already. Drop what waits here."),
            params={"number": known.number}, conflict=True,
        )  # fmt: skip
    if not parsed.importable:
        raise refusal(parsed.faults)
    revision = write_revision(
        production=production, parsed=parsed, digest=reading.source_sha256, filename=reading.source_name,
        source=reading.source_file.name, by=by, at=at,
    )  # fmt: skip
    Reading.objects.filter(pk=reading.pk).update(
        state=ReadingState.IMPORTED, revision=revision, undone=[], updated_at=timezone.now()
    )
    reading.refresh_from_db()
    return revision


@transaction.atomic
def discard_reading(*, reading: Reading, by: User | None, at: dt.datetime | None = None) -> Reading:
    """Drop a script that was read; nothing of the title changes. Twice is once."""
    dropped = Reading.objects.filter(pk=reading.pk, state=ReadingState.OPEN).update(
        state=ReadingState.DISCARDED, updated_at=timezone.now()
    )
    reading.refresh_from_db()
    if reading.state == ReadingState.IMPORTED:
        raise Refused("reading_imported", _("This script is imported already; it cannot be dropped."), conflict=True)
    if dropped:
        _publish_discarded(reading, by, at)
    return reading


def _publish_discarded(reading: Reading, by: User | None, at: dt.datetime | None) -> None:
    publish(
        ReadingDiscarded(
            studio_id=reading.production.studio_id, production_id=reading.production_id, reading_id=reading.pk,
            filename=reading.source_name, decisions=len(reading.decisions),
        ),
        by=by, at=at,
    )  # fmt: skip


def clear_readings(*, studio_id: int, before: dt.datetime, by: User | None = None) -> int:
    """Forget what was dropped, or left without a decision since `before`; files nobody else needs go too."""
    rows = Reading.objects.filter(
        production__studio_id=studio_id, updated_at__lt=before, state__in=[ReadingState.OPEN, ReadingState.DISCARDED]
    ).select_related("production")
    gone = 0
    for reading in rows:
        with transaction.atomic():
            # Somebody may have decided since the rows were listed.
            deleted, _each = Reading.objects.filter(
                pk=reading.pk, version=reading.version, state=reading.state
            ).delete()
            if not deleted:
                continue
            gone += 1
            if reading.state == ReadingState.OPEN:
                _publish_discarded(reading, by, None)
            transaction.on_commit(lambda name=reading.source_file.name: _drop_file(name))
    return gone


def _drop_file(name: str) -> None:
    if not any(model.objects.filter(source_file=name).exists() for model in (Reading, Revision)):
        default_storage.delete(name)
