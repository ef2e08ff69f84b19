"""What changes in post: pipelines, episodes, tasks. Masters are in `postproduction.masters`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as plain
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from postproduction.choices import TaskState
from postproduction.events import (
    EpisodeOpened,
    PostTaskFinished,
    PostTaskReopened,
    PostTasksAssigned,
    PostTaskStarted,
)
from postproduction.masters import approve_master, hand_in_master
from postproduction.models import EpisodePost, Pipeline, PostTask
from postproduction.pipeline import PipelineFault, plan, template, template_names
from postproduction.sentences import fault_sentence, step_label
from shooting.choices import SceneResult
from shooting.queries import complete_episodes, scene_status
from studio.actions import move_stage, tell
from studio.choices import Stage, WorkKind
from studio.facts import publish
from studio.models import Episode, Person, Production, Studio, User
from studio.refusals import Refused

__all__ = [
    "approve_master", "assign_tasks", "finish_task", "hand_in_master", "install_default_pipelines", "open_episode",
    "open_shot_episodes",
    "reopen_task", "start_task",
]  # fmt: skip

TEMPLATE_OF = {WorkKind.LIVE: "live", WorkKind.AI: "manju", WorkKind.LOCALISED: "localisation"}
MOST_MINUTES = 100_000


@transaction.atomic
def install_default_pipelines(*, studio: Studio) -> list[Pipeline]:
    """A pipeline from the templates for each kind of work that has none yet; returns the studio's pipelines."""
    # The studio's row is the lock: two first episodes must not install twice.
    Studio.objects.select_for_update().get(pk=studio.pk)
    have = set(Pipeline.objects.filter(studio=studio).values_list("work_kind", flat=True))
    for work_kind, code in TEMPLATE_OF.items():
        if work_kind not in have:
            Pipeline.objects.create(
                studio=studio,
                name=pgettext("post pipeline", template_names()[code]),
                work_kind=work_kind,
                steps=template(code).to_json()["steps"],
            )
    return list(Pipeline.objects.filter(studio=studio))


def pipeline_for(production: Production) -> Pipeline:
    """The studio's first pipeline for the title's kind of work; digital humans go the way of AI titles."""
    rows = {row.work_kind: row for row in reversed(install_default_pipelines(studio=production.studio))}
    return rows.get(production.work_kind) or rows[WorkKind.AI]


def _still_shooting(production: Production) -> bool:
    """Whether a title that is shot in days has a scene left to shoot: its first episodes are cut meanwhile."""
    return production.shoot_days.exists() and any(
        status != SceneResult.SHOT for status in scene_status(production).values()
    )


@transaction.atomic
def open_episode(
    *,
    episode: Episode,
    by: User | None,
    pipeline: Pipeline | None = None,
    start: dt.date | None = None,
    at: dt.datetime | None = None,
) -> EpisodePost:
    """Take an episode into post: its tasks with due dates counted from `start` (today in the studio's zone).

    An episode already in post is returned as it is. Refuses another studio's pipeline and one that does not end.
    """
    now = at or timezone.now()
    production = Production.objects.select_related("studio").get(pk=episode.production_id)
    chosen = pipeline or pipeline_for(production)
    if chosen.studio_id != production.studio_id:
        raise Refused("other_studio", _("This pipeline belongs to another studio."), field="pipeline")
    steps = _steps(chosen)
    begin = start or now.astimezone(production.studio.zone).date()
    due = _due_dates(steps, begin, chosen.minutes_per_day)
    post, new = EpisodePost.objects.get_or_create(
        episode=episode,
        defaults={
            "pipeline": chosen, "steps": steps.to_json()["steps"], "opened_at": now, "due_date": max(due.values()),
        },
    )  # fmt: skip
    if not new:
        return post
    first = set(steps.ready([]))
    PostTask.objects.bulk_create(
        PostTask(
            episode_post=post, step=code, step_name=steps.step(code).name[:80], position=position,
            department=steps.step(code).department[:40], minutes_planned=steps.step(code).minutes, due_date=due[code],
            state=TaskState.READY if code in first else TaskState.WAITING,
        )
        for position, code in enumerate(steps.order())
    )  # fmt: skip
    if not _still_shooting(production):
        move_stage(production_id=production.pk, to=Stage.POST, by=by, at=at)
    publish(
        EpisodeOpened(
            studio_id=production.studio_id, production_id=production.pk, episode_id=episode.pk,
            episode_number=episode.number, pipeline_id=chosen.pk, due_date=max(due.values()).isoformat(),
        ),
        by=by, at=at,
    )  # fmt: skip
    return post


@transaction.atomic
def open_shot_episodes(*, production: Production, by: User | None, at: dt.datetime | None = None) -> list[int]:
    """Take every episode whose active scenes are all shot into post, once; returns the numbers that are new."""
    # Two reports approved at the same moment both find the episode; the second finds its row then.
    opened = []
    for episode in complete_episodes(production).filter(post=None):
        open_episode(episode=episode, by=by, at=at)
        opened.append(episode.number)
    return opened


def _steps(pipeline: Pipeline) -> Any:
    from postproduction.pipeline import Pipeline as Steps

    try:
        return Steps.from_json({"steps": pipeline.steps})
    except PipelineFault as fault:
        raise Refused(fault.code, fault_sentence(fault.code, fault.params), field="pipeline") from None


def _due_dates(steps: Any, begin: dt.date, minutes_per_day: int, done: Collection[str] = ()) -> dict[str, dt.date]:
    try:
        return {row.code: row.due_date for row in plan(steps, begin, minutes_per_day, done=done)}
    except PipelineFault as fault:
        raise Refused(fault.code, fault_sentence(fault.code, fault.params), field="start") from None


def _held(task: PostTask) -> tuple[EpisodePost, PostTask]:
    """The task as it is now, its episode's row held so that two steps of one episode change one after the other."""
    post = (
        EpisodePost.objects.select_for_update(of=("self",))
        .select_related("episode__production__studio", "pipeline")
        .get(pk=task.episode_post_id)
    )
    current = PostTask.objects.get(pk=task.pk)
    current.episode_post = post
    return post, current


@transaction.atomic
def start_task(*, task: PostTask, by: User | None, at: dt.datetime | None = None) -> PostTask:
    """Begin a ready task; a task nobody has goes to who starts it. Started already: nothing changes.

    Refuses a task that waits for others, naming them, and one that is done.
    """
    now = at or timezone.now()
    post, current = _held(task)
    production = post.episode.production
    if current.state == TaskState.WORKING:
        return current
    if current.state == TaskState.DONE:
        raise Refused("task_done", _("This step is done. Reopen it to work on it again."), conflict=True)
    if current.state == TaskState.WAITING:
        raise Refused("task_waiting", _("This step waits for: %(steps)s."), params={"steps": _missing(post, current)})
    if current.assignee_id is None and by is not None:
        current.assignee = Person.objects.filter(studio=production.studio_id, user=by).first()
    current.state, current.started_at = TaskState.WORKING, now
    current.save(update_fields=["state", "started_at", "assignee", "updated_at"])
    publish(
        PostTaskStarted(
            studio_id=production.studio_id, production_id=production.pk, task_id=current.pk,
            episode_id=post.episode_id, step=current.step,
        ),
        by=by, at=at,
    )  # fmt: skip
    return current


def _missing(post: EpisodePost, task: PostTask) -> str:
    before = post.plan.step(task.step).after
    rows = PostTask.objects.filter(episode_post=post, step__in=before).exclude(state=TaskState.DONE)
    return plain(", ").join(step_label(name) for name in rows.values_list("step_name", flat=True))


@transaction.atomic
def finish_task(*, task: PostTask, by: User | None, minutes_worked: int, at: dt.datetime | None = None) -> PostTask:
    """End a task with the minutes it took this round and ready what waited for it alone. Done already: no change."""
    if isinstance(minutes_worked, bool) or not 0 <= minutes_worked <= MOST_MINUTES:
        raise Refused(
            "minutes_out_of_range", _("Minutes worked lie between 0 and 100,000."), field="minutes_worked"
        )  # fmt: skip
    now = at or timezone.now()
    post, current = _held(task)
    production = post.episode.production
    if current.state == TaskState.DONE:
        return current
    if current.state == TaskState.WAITING:
        raise Refused("task_waiting", _("This step waits for: %(steps)s."), params={"steps": _missing(post, current)})
    if current.assignee_id is None and by is not None:
        current.assignee = Person.objects.filter(studio=production.studio_id, user=by).first()
    current.state, current.finished_at = TaskState.DONE, now
    current.started_at = current.started_at or now
    current.minutes_worked += minutes_worked
    current.save(update_fields=["state", "finished_at", "started_at", "minutes_worked", "assignee", "updated_at"])
    _ready_what_follows(post)
    publish(
        PostTaskFinished(
            studio_id=production.studio_id, production_id=production.pk, task_id=current.pk,
            episode_id=post.episode_id, episode_number=post.episode.number, step=current.step,
            department=current.department, round=current.round, minutes=minutes_worked,
            person_id=current.assignee_id,
        ),
        by=by, at=at,
    )  # fmt: skip
    return current


def _done(post: EpisodePost) -> list[str]:
    return list(PostTask.objects.filter(episode_post=post, state=TaskState.DONE).values_list("step", flat=True))


def _ready_what_follows(post: EpisodePost) -> None:
    PostTask.objects.filter(episode_post=post, state=TaskState.WAITING, step__in=post.plan.ready(_done(post))).update(
        state=TaskState.READY, updated_at=timezone.now()
    )


@transaction.atomic
def reopen_task(*, task: PostTask, note: str, by: User | None, at: dt.datetime | None = None) -> PostTask:
    """Take a finished step back, and every later step that rests on it; each gets a new round and a new due date.

    Refuses an empty note and a step that is not done.
    """
    if not note.strip():
        raise Refused("note_missing", _("Say what is to be done again."), field="note")
    now = at or timezone.now()
    post, current = _held(task)
    production = post.episode.production
    if current.state != TaskState.DONE:
        raise Refused("task_not_done", _("Only a finished step can be reopened."), conflict=True)
    steps = post.plan
    later = PostTask.objects.filter(episode_post=post, step__in=steps.stale_after(current.step))
    taken_back = later.filter(state__in=[TaskState.DONE, TaskState.WORKING])
    also = list(taken_back.order_by("position").values_list("pk", flat=True))
    taken_back.update(state=TaskState.WAITING, round=F("round") + 1, started_at=None, finished_at=None, updated_at=now)
    later.filter(state=TaskState.READY).update(state=TaskState.WAITING, updated_at=now)
    current.state, current.round, current.note = TaskState.WAITING, current.round + 1, note.strip()[:300]
    current.started_at = current.finished_at = None
    current.save(update_fields=["state", "round", "note", "started_at", "finished_at", "updated_at"])
    _ready_what_follows(post)
    due = _due_dates(steps, now.astimezone(production.studio.zone).date(), post.pipeline.minutes_per_day, _done(post))
    for code in [current.step, *steps.stale_after(current.step)]:
        PostTask.objects.filter(episode_post=post, step=code).update(due_date=due[code], updated_at=now)
    post.due_date = max(due.values())
    post.save(update_fields=["due_date", "updated_at"])
    current.refresh_from_db()
    publish(
        PostTaskReopened(
            studio_id=production.studio_id, production_id=production.pk, task_id=current.pk,
            episode_id=post.episode_id, step=current.step, round=current.round, note=current.note, also=also,
        ),
        by=by, at=at,
    )  # fmt: skip
    if current.assignee is not None and current.assignee.user is not None and current.assignee.user != by:
        tell(
            users=[current.assignee.user], studio_id=production.studio_id, production_id=production.pk,
            kind="post.task_reopened", dedupe=f"post.reopened:{current.pk}:{current.round}", url="/post/",
            params={"title": production.title, "number": post.episode.number, "note": current.note},
        )  # fmt: skip
    return current


@transaction.atomic
def assign_tasks(
    *,
    production: Production,
    task_ids: Collection[int],
    person: Person | None,
    by: User | None,
    at: dt.datetime | None = None,
) -> int:
    """Give tasks of a title to a person, or to nobody; done ones stay whose they were. Returns how many changed."""
    if person is not None and person.studio_id != production.studio_id:
        raise Refused("other_studio", _("This person belongs to another studio."), field="person")
    rows = PostTask.objects.filter(pk__in=task_ids, episode_post__episode__production=production)
    rows = rows.exclude(state=TaskState.DONE)
    rows = rows.exclude(assignee=person) if person is not None else rows.filter(assignee__isnull=False)
    changed = sorted(rows.values_list("pk", flat=True))
    if changed:
        PostTask.objects.filter(pk__in=changed).update(assignee=person, updated_at=timezone.now())
        publish(
            PostTasksAssigned(
                studio_id=production.studio_id, production_id=production.pk, task_ids=changed,
                person_id=person.pk if person else None,
            ),
            by=by, at=at,
        )  # fmt: skip
        if person is not None and person.user is not None and person.user != by:
            tell(
                users=[person.user], studio_id=production.studio_id, production_id=production.pk,
                kind="post.tasks_assigned", url="/post/?who=mine",
                dedupe=f"post.assigned:{production.pk}:{changed[0]}:{changed[-1]}:{len(changed)}",
                params={"title": production.title, "count": len(changed)},
            )  # fmt: skip
    return len(changed)
