"""The work of a month's run: one job a title works it out, one job issues what was reviewed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from finance import runs
from finance.models import RunTitle, Settlement, SettlementRun
from finance.queries.runs import titles_to_issue
from finance.settling import decide, read_inputs, write_draft
from studio.job_names import name_job
from studio.jobs import Run, job
from studio.refusals import Refused

name_job(runs.SETTLE, _("Work out a settlement of a month's run"))
name_job(runs.ISSUE, _("Issue the reviewed settlements of a run"))


@job(runs.SETTLE, max_attempts=3)
def settle_run_title(run: Run, title: int) -> dict[str, Any] | None:
    """Work out one statement. The draft, or why there is none, is kept in the transaction that ends the job."""
    row = RunTitle.objects.select_related("run", "statement__production__studio", "statement__platform").get(pk=title)
    try:
        inputs = read_inputs(row.statement)
        decision = decide(inputs)
        run.progress(1, 2)
        with run.finishing() as out:
            settlement = write_draft(statement=row.statement, inputs=inputs, decision=decision, by=run.job.created_by)
            runs.note_drafted(title=row, settlement=settlement)
            out["settlement"] = settlement.pk
    except Refused as refused:
        if refused.code == "inputs_changed":
            # What changed is read again at the next attempt.
            raise
        with run.finishing() as out:
            issued = Settlement.objects.filter(statement=row.statement).first()
            if refused.code == "settlement_issued" and issued is not None:
                # Somebody issued it by itself meanwhile: that is what the run was for.
                runs.note_drafted(title=row, settlement=issued)
                out["settlement"] = issued.pk
            else:
                runs.note_refused(title=row, refused=refused)
                out["refused"] = refused.code
    return None


@job(runs.ISSUE, max_attempts=5)
def issue_run(run: Run, run_id: int, at: str) -> dict[str, Any] | None:
    """Issue title after title. A worker that takes over finds those that are issued and goes on after them."""
    month = SettlementRun.objects.get(pk=run_id)
    rows = list(titles_to_issue(month))
    issued = 0
    for number, row in enumerate(rows, 1):
        issued += runs.issue_title(title=row, by=run.job.created_by, at=dt.datetime.fromisoformat(at))
        run.progress(number, len(rows), issued=issued, refused=number - issued)
    with run.finishing() as out:
        out.update(issued=issued, refused=len(rows) - issued)
        runs.note_issued(run=month, issued=issued, refused=len(rows) - issued, by=run.job.created_by)
    return None
