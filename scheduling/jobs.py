"""Long work of the scheduling room."""

from __future__ import annotations

import time
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scheduling import board_problem
from scheduling.actions.solving import KIND, store_answer
from scheduling.board_sentences import say
from scheduling.choices import BoardState
from scheduling.models import Stripboard
from studio.job_names import name_job
from studio.jobs import JobCancelled, JobRefused, Run, job
from studio.refusals import Refused

name_job(KIND, gettext_lazy("Solve a stripboard"))
name_job("scheduling.follow_script", gettext_lazy("Bring boards up to the script"))
name_job("scheduling.follow_scene", gettext_lazy("Bring boards up to an edited scene"))
name_job("scheduling.follow_place", gettext_lazy("Bring boards up to a set's location"))
name_job("scheduling.follow_casting", gettext_lazy("Bring boards up to the cast"))
name_job("scheduling.follow_absence", gettext_lazy("Bring boards up to somebody's absence"))

TELL = 0.5
"""Seconds between two signs of progress."""


@job(KIND, lease_seconds=120)
def solve_stripboard(run: Run, board: int, seconds: int) -> None:
    """Read the board, search with no transaction open, store the answer if the board is still the one read.

    Asked to stop, it keeps the best board so far. A board that cannot hold is left as it is, and the job says why.
    """
    from scheduling.solver import solve

    with translation.override((run.job.created_by and run.job.created_by.language) or None):
        with transaction.atomic():
            row = Stripboard.objects.select_related("production__studio").filter(pk=board).first()
            if row is None:
                raise JobRefused(_("This board was deleted."))
            if row.state != BoardState.DRAFT:
                raise JobRefused(_("This board is locked. Duplicate it and change the copy."))
            read = board_problem.read_problem(row)
        told = 0.0

        def progress(best: int | None, bound: int, iterations: int, spent: float) -> bool:
            nonlocal told
            if time.monotonic() - told < TELL:
                return True
            told = time.monotonic()
            try:
                run.progress(
                    min(seconds * 10, int(spent * 10)), seconds * 10, best=best, bound=bound, iterations=iterations
                )
            except JobCancelled:
                # Somebody asked to stop: what was found so far is worth keeping.
                return False
            return True

        answer = solve(read.problem, seconds=float(seconds), start=read.placing or None, progress=progress)
        if not answer.feasible:
            raise JobRefused(no_board(answer))
        with run.finishing() as out:
            try:
                store_answer(board=row, version=row.version, read=read, answer=answer, by=run.job.created_by)
            except Refused as refused:
                raise JobRefused(
                    _("The board was changed while it was being solved, so nothing was stored. Solve it again.")
                ) from refused
            out.update(
                board=board, total=answer.total, bound=answer.bound, iterations=answer.iterations,
                seconds=answer.seconds,
            )  # fmt: skip


def no_board(answer: Any) -> str:
    """Why no board holds, in words."""
    reasons = [say(clash.code, clash.params) for clash in answer.clashes]
    opening = _("No board holds all scenes, so nothing was changed.")
    return " ".join([opening, *reasons[:8]])
