"""Work of the script room that is done by a worker."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_lazy

from scripts_app.actions.links import LINK_JOB
from scripts_app.actions.reading import clear_readings, import_reading, open_reading
from scripts_app.importing import IMPORT_JOB, IMPORT_READING_JOB, digest_of, remember, revision_of_file, write_revision
from scripts_app.linking import link_elements
from scripts_app.models import Reading
from scripts_app.parsers import ParsedScript
from scripts_app.queries.readings import nothing_to_decide, parsed_reading, read_remembering
from scripts_app.wording import fault_sentence, refusal
from studio.clockwork import at_hour
from studio.job_names import name_job
from studio.jobs import JobRefused, Run, job
from studio.models import Production
from studio.refusals import Refused
from studio.versions import bump_production

CLEAR_JOB = "scripts.clear_readings"
name_job(IMPORT_JOB, gettext_lazy("Read a script"))
name_job(LINK_JOB, gettext_lazy("Bring linked things up to date"))
name_job(IMPORT_READING_JOB, gettext_lazy("Import a script"))
name_job(CLEAR_JOB, gettext_lazy("Clear scripts that nobody took over"))
_STEPS = 3
_FAULTS_TOLD = 500


@job(IMPORT_JOB)
def import_received(run: Run, *, production: int, source: str, filename: str, review: bool = False) -> None:
    """Import a kept file, or with `review` stop where there is something to decide.

    A script that cannot be imported parks the job with the sentence that says why.
    """
    asked_by = run.job.created_by
    # The sentence is kept as text, so it is written in the language of who will read it.
    with translation.override((asked_by.language if asked_by else "") or settings.LANGUAGE_CODE):
        try:
            _import(run, production, source, filename, review)
        except Refused as refused:
            raise JobRefused(refused.message) from refused


def _import(run: Run, production: int, source: str, filename: str, review: bool) -> None:
    title = Production.objects.select_related("studio").filter(pk=production).first()
    if title is None:
        raise JobRefused(gettext("The production is gone, so there is nothing to import into."))
    by = run.job.created_by
    run.progress(0, _STEPS)
    try:
        with default_storage.open(source) as file:
            digest = digest_of(file.read())
    except FileNotFoundError:
        raise JobRefused(gettext("The file is no longer kept. Upload it again.")) from None
    run.progress(1, _STEPS)
    known = revision_of_file(title, digest)
    if known is not None:
        with run.finishing() as out:
            out.update(_result(known, new=False))
        return
    read = read_remembering(title, source, filename)
    if not read.parsed.importable:
        raise refusal(read.parsed.faults)
    run.progress(2, _STEPS, scenes=len(read.parsed.scenes), episodes=len(read.parsed.episodes))
    if review and not nothing_to_decide(title, read.parsed):
        with run.finishing() as out:
            reading = open_reading(
                production=title, source=source, filename=filename, digest=digest, steps=read.steps, by=by
            )
            out.update({"reading": reading.pk, **_told(read.parsed, read.steps)})
        return
    with run.finishing() as out:
        revision = write_revision(
            production=title, parsed=read.parsed, digest=digest, filename=filename, source=source, by=by
        )
        remember(revision=revision, steps=read.steps, by=by)
        out.update({**_result(revision, new=True), **_told(read.parsed, read.steps)})


@job(LINK_JOB)
def link_all(run: Run, *, studio: int) -> None:
    """Bring the linked things of every title of a studio up to date: a rule for all of them changed."""
    titles = list(Production.objects.filter(studio=studio, scenes__isnull=False).distinct().order_by("-pk"))
    changed = 0
    for done, production in enumerate(titles):
        run.progress(done, len(titles))
        with transaction.atomic():
            moved = link_elements(production)
            if moved:
                bump_production(production.pk)
        changed += bool(moved)
    with run.finishing() as out:
        out["titles"] = changed


def _result(revision: Any, *, new: bool) -> dict[str, Any]:
    return {"revision": revision.pk, "number": revision.number, "new": new}


def _told(parsed: ParsedScript, steps: list[dict[str, Any]]) -> dict[str, Any]:
    """What a client of the API wants to know of a script that was read."""
    return {
        "decided": sum(len(step["decisions"]) for step in steps),
        "faults": [
            {
                "line": each.line, "code": each.code, "severity": each.severity, "proposal": each.proposal,
                "message": fault_sentence(each.code, each.params, each.message),
            }
            for each in parsed.faults[:_FAULTS_TOLD]
        ],
    }  # fmt: skip


@job(IMPORT_READING_JOB)
def import_decided(run: Run, *, reading: int, version: int) -> None:
    """Save a reading as it was decided when somebody pressed the button."""
    row = Reading.objects.select_related("production__studio").filter(pk=reading).first()
    if row is None:
        raise JobRefused(gettext("The file is no longer kept. Upload it again."))
    run.progress(0, _STEPS)
    try:
        parsed = parsed_reading(row)
        run.progress(1, _STEPS, scenes=len(parsed.scenes), episodes=len(parsed.episodes))
        with run.finishing() as out:
            revision = import_reading(reading=row, parsed=parsed, version=version, by=run.job.created_by)
            out.update(_result(revision, new=True))
    except Refused as refused:
        raise JobRefused(refused.message) from refused


@job(CLEAR_JOB)
def clear_abandoned(run: Run, studio: int, on: str) -> dict[str, Any]:
    """Forget scripts that were read and that nobody came back to."""
    before = timezone.now() - dt.timedelta(days=settings.SCRIPT_READING_DAYS)
    return {"cleared": clear_readings(studio_id=studio, before=before)}


at_hour(CLEAR_JOB, 4)
