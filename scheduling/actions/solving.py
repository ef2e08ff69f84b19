"""A board solved: asked for, stopped, and stored if nobody changed the board meanwhile."""

from __future__ import annotations

from collections import defaultdict

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scheduling.actions.boards import claim
from scheduling.actions.layout import read_layout, record, store_figures, write_layout
from scheduling.board_figures import figures_of
from scheduling.board_problem import BoardProblem
from scheduling.choices import BoardMoveKind, BoardState
from scheduling.events import StripboardSolved
from scheduling.models import Stripboard
from scheduling.solver import Answer
from scripts_app.choices import SceneState
from studio import jobs
from studio.choices import JobState
from studio.facts import publish
from studio.models import Job, User
from studio.refusals import Refused

KIND = "scheduling.solve_stripboard"
MOST_SECONDS = 600


def solves_of(board: Stripboard) -> list[Job]:
    """Solves of this board that have not ended, oldest first."""
    return [
        job
        for job in Job.objects.filter(
            kind=KIND, production_id=board.production_id, state__in=[JobState.QUEUED, JobState.RUNNING]
        ).order_by("id")
        if job.payload.get("board") == board.pk
    ]


@transaction.atomic
def request_solve(*, board: Stripboard, by: User | None, seconds: int = 10) -> Job:
    """Ask a worker to solve a draft for some seconds; one that is being solved already gets that job again."""
    if not 1 <= seconds <= MOST_SECONDS:
        raise Refused(
            "seconds_out_of_range", _("A solve takes 1 to %(most)s seconds."), field="seconds",
            params={"most": MOST_SECONDS},
        )  # fmt: skip
    # The row is locked so that two clicks at once make one job.
    fresh = Stripboard.objects.select_for_update(of=("self",)).select_related("production__studio").get(pk=board.pk)
    if fresh.state != BoardState.DRAFT:
        raise Refused("board_not_draft", _("This board is locked. Duplicate it and change the copy."), conflict=True)
    running = solves_of(fresh)
    if running:
        return running[0]
    if not fresh.days.exists():
        raise Refused("days_missing", _("Add a day before solving."))
    if not fresh.strips.filter(scene__state=SceneState.ACTIVE).exists():
        raise Refused("strips_missing", _("There is no strip to solve."))
    return jobs.enqueue(
        KIND, {"board": fresh.pk, "seconds": seconds}, studio_id=fresh.production.studio_id,
        production_id=fresh.production_id, by=by,
    )  # fmt: skip


def stop_solve(*, board: Stripboard) -> int:
    """Ask the running solve to stop and keep the best it has; returns how many were asked."""
    running = solves_of(board)
    for job in running:
        jobs.cancel(job.pk)
    return len(running)


@transaction.atomic
def store_answer(*, board: Stripboard, version: int, read: BoardProblem, answer: Answer, by: User | None) -> Stripboard:
    """Lay the board as the solver answered, if it is still the board that was read."""
    fresh = claim(board, version)
    before, after = read_layout(fresh), read_layout(fresh)
    rows = {pk: (date.isoformat(), unit) for pk, date, unit in fresh.days.values_list("pk", "date", "unit")}
    order: dict[tuple[str, str], list[int]] = defaultdict(list)
    for day in answer.days:
        order[rows[read.day_pks[day.index]]] = [read.scene_pks[scene.id] for scene in day.scenes]
    for column in after.days:
        column.scenes = order[column.key]
    write_layout(fresh, after)
    record(fresh, BoardMoveKind.SOLVED, before, after, by, timezone.now())
    fresh.solved_version = fresh.version
    fresh.save(update_fields=["solved_version"])
    store_figures(fresh, read, figures_of(read, answer))
    publish(
        StripboardSolved(
            studio_id=fresh.production.studio_id, production_id=fresh.production_id, stripboard_id=fresh.pk,
            total_minor=answer.total, bound_minor=answer.bound,
        ),
        by=by,
    )  # fmt: skip
    return fresh
