"""Work of the script room that is done by a worker."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy

from scripts_app.actions.links import LINK_JOB
from scripts_app.importing import IMPORT_JOB, digest_of, revision_of_file, write_revision
from scripts_app.linking import link_elements
from scripts_app.parsers import read_script
from scripts_app.wording import refusal
from studio.job_names import name_job
from studio.jobs import JobRefused, Run, job
from studio.models import Production
from studio.refusals import Refused
from studio.versions import bump_production

name_job(IMPORT_JOB, gettext_lazy("Read a script"))
name_job(LINK_JOB, gettext_lazy("Bring linked things up to date"))
_STEPS = 3


@job(IMPORT_JOB)
def import_received(run: Run, *, production: int, source: str, filename: str) -> None:
    """Import a kept file. A script that cannot be imported parks the job with the sentence that says why."""
    asked_by = run.job.created_by
    # The sentence is kept as text, so it is written in the language of who will read it.
    with translation.override((asked_by.language if asked_by else "") or settings.LANGUAGE_CODE):
        try:
            _import(run, production, source, filename)
        except Refused as refused:
            raise JobRefused(refused.message) from refused


def _import(run: Run, production: int, source: str, filename: str) -> None:
    title = Production.objects.select_related("studio").filter(pk=production).first()
    if title is None:
        raise JobRefused(gettext("The production is gone, so there is nothing to import into."))
    run.progress(0, _STEPS)
    try:
        with default_storage.open(source) as file:
            data: bytes = file.read()
    except FileNotFoundError:
        raise JobRefused(gettext("The file is no longer kept. Upload it again.")) from None
    digest = digest_of(data)
    run.progress(1, _STEPS)
    known = revision_of_file(title, digest)
    if known is not None:
        with run.finishing() as out:
            out.update(_result(known, new=False))
        return
    parsed = read_script(data, filename, page_unit=title.studio.page_unit, max_bytes=settings.SCRIPT_UPLOAD_LIMIT)
    if not parsed.importable:
        raise refusal(parsed.faults)
    run.progress(2, _STEPS, scenes=len(parsed.scenes), episodes=len(parsed.episodes))
    with run.finishing() as out:
        revision = write_revision(
            production=title, parsed=parsed, digest=digest, filename=filename, source=source, by=run.job.created_by
        )
        out.update(_result(revision, new=True))


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
