"""Questions about post: the desk, the grid of a title, what is approved."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable

from django.db.models import Count, Max, Q, QuerySet, Sum

from postproduction.choices import MasterState, TaskState
from postproduction.models import EpisodePost, Master, PostTask
from postproduction.sentences import step_label
from studio.access import Access
from studio.models import Episode, Person, Production

OPEN = [TaskState.WAITING, TaskState.READY, TaskState.WORKING]


def tasks_for(access: Access, verb: str = "post.view") -> QuerySet[PostTask]:
    """Tasks the user sees, with all that a line of them shows."""
    rows = PostTask.objects.select_related("episode_post__episode__production__studio", "assignee")
    return access.scope(rows, verb)


def masters_for(access: Access) -> QuerySet[Master]:
    return access.scope(Master.objects.select_related("episode__production", "approved_by"), "post.view")


def latest_approved_masters(production: Production, episodes: Iterable[int] | None = None) -> dict[int, Master]:
    """The newest approved master of each episode, by episode id."""
    rows = Master.objects.filter(episode__production=production, state=MasterState.APPROVED)
    if episodes is not None:
        rows = rows.filter(episode__in=list(episodes))
    newest: dict[int, Master] = {}
    for master in rows.order_by("episode_id", "version"):
        newest[master.episode_id] = master
    return newest


def finished_task(episode: Episode, step: str) -> PostTask | None:
    """The episode's task of that step, if it is done."""
    return PostTask.objects.filter(episode_post__episode=episode, step=step, state=TaskState.DONE).first()


@dataclasses.dataclass(frozen=True)
class DeskCounts:
    waiting: int
    ready: int
    working: int
    done: int
    overdue: int


def desk_counts(tasks: QuerySet[PostTask], today: dt.date) -> DeskCounts:
    """How many tasks stand in each state; one query."""
    counts = tasks.order_by().aggregate(
        waiting=Count("pk", filter=Q(state=TaskState.WAITING)),
        ready=Count("pk", filter=Q(state=TaskState.READY)),
        working=Count("pk", filter=Q(state=TaskState.WORKING)),
        done=Count("pk", filter=Q(state=TaskState.DONE)),
        overdue=Count("pk", filter=Q(state__in=OPEN, due_date__lt=today)),
    )
    return DeskCounts(**counts)


def desk_choices(access: Access) -> tuple[list[tuple[str, str]], list[tuple[int, str]]]:
    """Steps and titles that have tasks, for the desk's filters."""
    rows = access.scope(PostTask.objects.all(), "post.view")
    steps = {
        step: step_label(name)
        for step, name in rows.order_by("position", "step").values_list("step", "step_name").distinct()
    }
    titles = (
        rows.order_by("-episode_post__episode__production")
        .values_list("episode_post__episode__production", "episode_post__episode__production__title")
        .distinct()
    )
    return list(steps.items()), list(titles)


@dataclasses.dataclass(frozen=True)
class Cell:
    """A step of an episode in the grid."""

    task: PostTask
    overdue: bool

    @property
    def heat(self) -> str:
        """The class of its colour: late and taken-back work stand out whatever its state."""
        if self.task.state == TaskState.DONE:
            return "heat-4"
        if self.overdue:
            return "heat-bad"
        if self.task.round > 1:
            return "heat-warn"
        return {TaskState.WORKING: "heat-3", TaskState.READY: "heat-1"}.get(TaskState(self.task.state), "heat-0")


@dataclasses.dataclass(frozen=True)
class Row:
    """An episode in the grid; without a post row it waits to be opened."""

    episode: Episode
    post: EpisodePost | None
    cells: tuple[Cell | None, ...]
    master: Master | None
    done_minutes: int
    all_minutes: int

    @property
    def percent(self) -> int:
        """Planned minutes done, rounded down; 100 only when every task is done."""
        tasks = [cell.task for cell in self.cells if cell is not None]
        if tasks and all(task.state == TaskState.DONE for task in tasks):
            return 100
        return min(99, 100 * self.done_minutes // self.all_minutes) if self.all_minutes else 0


@dataclasses.dataclass(frozen=True)
class Grid:
    """Episodes by steps."""

    steps: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]

    @property
    def opened(self) -> int:
        return sum(row.post is not None for row in self.rows)

    @property
    def finished(self) -> int:
        return sum(row.percent == 100 for row in self.rows)

    @property
    def mastered(self) -> int:
        return sum(row.master is not None and row.master.state == MasterState.APPROVED for row in self.rows)

    @property
    def overdue(self) -> int:
        return sum(cell.overdue for row in self.rows for cell in row.cells if cell is not None)

    @property
    def percent(self) -> int:
        if self.rows and self.finished == len(self.rows):
            return 100
        planned = sum(row.all_minutes for row in self.rows)
        return min(99, 100 * sum(row.done_minutes for row in self.rows) // planned) if planned else 0


def grid(production: Production, today: dt.date) -> Grid:
    """A title's episodes by steps, with the newest master of each; four queries whatever its length."""
    episodes = list(Episode.objects.filter(production=production).order_by("number"))
    posts = {post.episode_id: post for post in EpisodePost.objects.filter(episode__production=production)}
    tasks: dict[int, dict[str, PostTask]] = {}
    names: dict[str, str] = {}
    found = PostTask.objects.filter(episode_post__episode__production=production).select_related("assignee")
    for task in found.order_by("position", "pk"):
        tasks.setdefault(task.episode_post_id, {})[task.step] = task
        names.setdefault(task.step, task.label)
    masters = {m.episode_id: m for m in Master.objects.filter(episode__production=production).order_by("version")}
    rows = []
    for episode in episodes:
        post = posts.get(episode.pk)
        own = tasks.get(post.pk, {}) if post else {}
        cells = tuple(
            Cell(own[step], own[step].state != TaskState.DONE and (own[step].due_date or today) < today)
            if step in own
            else None
            for step in names
        )
        rows.append(
            Row(
                episode, post, cells, masters.get(episode.pk),
                sum(task.minutes_planned for task in own.values() if task.state == TaskState.DONE),
                sum(task.minutes_planned for task in own.values()),
            )
        )  # fmt: skip
    return Grid(tuple(names.items()), tuple(rows))


@dataclasses.dataclass(frozen=True)
class BurnUp:
    """Tasks due and tasks done up to each date."""

    dates: tuple[dt.date, ...]
    planned: tuple[int, ...]
    done: tuple[int | None, ...]


def burn_up(production: Production, today: dt.date) -> BurnUp:
    """From the first day of post to the last due date; what is done ends today."""
    zone = production.studio.zone
    due: dict[dt.date, int] = {}
    finished: dict[dt.date, int] = {}
    rows = PostTask.objects.filter(episode_post__episode__production=production)
    for due_date, finished_at in rows.values_list("due_date", "finished_at"):
        if due_date:
            due[due_date] = due.get(due_date, 0) + 1
        if finished_at:
            day = finished_at.astimezone(zone).date()
            finished[day] = finished.get(day, 0) + 1
    days = [*due, *finished]
    if not days:
        return BurnUp((), (), ())
    first, last = min(days), max(*days, today)
    dates = tuple(first + dt.timedelta(n) for n in range((last - first).days + 1))
    planned, done, due_sum, done_sum = [], [], 0, 0
    for day in dates:
        due_sum += due.get(day, 0)
        done_sum += finished.get(day, 0)
        planned.append(due_sum)
        done.append(done_sum if day <= today else None)
    return BurnUp(dates, tuple(planned), tuple(done))


@dataclasses.dataclass(frozen=True)
class Load:
    """What a person has on the desk."""

    person: Person | None
    open_tasks: int
    minutes: int
    due: dt.date | None


def loads(production: Production) -> list[Load]:
    """Open work of a title by person, most first."""
    rows = list(
        PostTask.objects.filter(episode_post__episode__production=production, state__in=OPEN)
        .values("assignee")
        .annotate(n=Count("pk"), minutes=Sum("minutes_planned"), due=Max("due_date"))
        .order_by("-minutes", "assignee")
    )
    people = Person.objects.in_bulk([row["assignee"] for row in rows if row["assignee"]])
    return [Load(people.get(row["assignee"]), row["n"], row["minutes"], row["due"]) for row in rows]
