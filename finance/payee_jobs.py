"""The job that makes statements of payees."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from finance.models import PayeeBatch
from finance.payee_statements import KIND, finish_statements, write_papers
from studio.job_names import name_job
from studio.jobs import Run, job
from studio.notices import sentence

name_job(KIND, _("Make statements for payees"))
sentence("finance.payee_statements_ready", _("Statements of %(period)s for %(count)s payees are ready to be sent."))


@job(KIND, max_attempts=3)
def payee_statements(run: Run, batch: int) -> dict[str, Any] | None:
    """Draw every PDF without a transaction open, then keep the ZIP and make the links in one."""
    row = PayeeBatch.objects.select_related("studio").get(pk=batch)
    data, papers = write_papers(row, run.progress)
    with run.finishing() as out:
        finish_statements(batch=row, data=data, papers=papers)
        out["papers"] = papers
    return None
