"""Post and delivery on the journey: tasks done, masters made and measured, a package sent, one episode refused."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from pathlib import Path
from typing import Any

from dashboard.journey import world
from dashboard.journey.walk import Walk
from delivery import actions as delivery
from delivery.adapters.folder import FolderAdapter
from delivery.models import Deliverable, Package, Platform
from postproduction import actions as post_actions
from postproduction import masters
from postproduction.choices import MasterState, TaskState
from postproduction.media import make_clip
from postproduction.models import Master, PostTask
from studio.models import Episode, Person

# Days after the first shoot day: masters approved, package sent, its verdicts, sent again, its verdicts, on air.
MASTERS, SENT, JUDGED, SENT_AGAIN, JUDGED_AGAIN, LIVE = 14, 15, 17, 18, 19, 20
NOON = 720


def post(walk: Walk) -> None:
    walk.step("post tasks", lambda: _do_tasks(walk))
    walk.step("masters", lambda: _hand_in(walk, list(walk.production.episodes.order_by("number")), "final", MASTERS))
    walk.step("approve masters", lambda: _approve(walk, MASTERS))


def _do_tasks(walk: Walk, only: Episode | None = None) -> dict[str, int | str]:
    """Start and finish what is ready until every step is done, in the order that the pipeline allows."""
    by = walk.user("post_supervisor")
    editor = Person.objects.filter(studio=walk.studio, name="韩剪").first()
    tasks = PostTask.objects.filter(episode_post__episode__production=walk.production)
    if only is not None:
        tasks = tasks.filter(episode_post__episode=only)
    else:
        post_actions.assign_tasks(
            production=walk.production, task_ids=list(tasks.values_list("pk", flat=True)), person=editor, by=by
        )
    done = 0
    while True:
        ready = list(tasks.filter(state__in=[TaskState.READY, TaskState.WORKING]).order_by("id"))
        if not ready:
            break
        for task in ready:
            if task.state == TaskState.READY:
                task = post_actions.start_task(task=task, by=by)
            post_actions.finish_task(task=task, by=by, minutes_worked=max(1, task.minutes_planned))
            done += 1
    open_ = tasks.exclude(state=TaskState.DONE).count()
    return {
        "episodes_in_post": tasks.order_by().values("episode_post").distinct().count(),
        "tasks_done": done,
        "tasks_open": open_,
    }


def _at(walk: Walk, day: int, minute: int = NOON) -> dt.datetime:
    return walk.at(walk.on + dt.timedelta(days=day), minute)


def _hand_in(walk: Walk, episodes: list[Episode], mark: str, day: int) -> dict[str, int | str]:
    """A small vertical video per episode, made here, handed in and measured by a job."""
    by = walk.user("post_supervisor")
    size = 0
    with tempfile.TemporaryDirectory() as folder:
        for episode in episodes:
            path = make_clip(
                Path(folder) / f"{episode.number}.mp4", seconds=2, text=f"EP {episode.number} {mark.upper()}"
            )
            size += path.stat().st_size
            masters.hand_in_master(
                episode=episode, file=path, file_name=f"{walk.production.title} - 第{episode.number}集.mp4", by=by,
                at=_at(walk, day, 600),
            )  # fmt: skip
        walk.waiter.settle(walk.studio.pk)
    return {"masters": len(episodes), "bytes": size}


def _approve(walk: Walk, day: int) -> dict[str, int | str]:
    by = walk.user("post_supervisor")
    ready = Master.objects.filter(episode__production=walk.production, state=MasterState.READY).order_by("id")
    count = 0
    for master in list(ready):
        masters.approve_master(master=master, by=by, at=_at(walk, day, 660))
        count += 1
    refused = Master.objects.filter(episode__production=walk.production, state=MasterState.REFUSED).count()
    return {"approved": count, "refused": refused}


def deliver(walk: Walk) -> None:
    send(walk)
    walk.step("verdicts", lambda: _first_verdicts(walk))
    walk.step("rework", lambda: _rework(walk))
    walk.step("second verdict", lambda: _second_verdict(walk))
    walk.step("on air", lambda: _go_live(walk))


def send(walk: Walk) -> None:
    walk.step("package", lambda: _package(walk))
    walk.step("checks", lambda: _inspect(walk, SENT))
    walk.step("send", lambda: _send(walk, SENT))


def review(walk: Walk) -> None:
    """The platform in the middle of its work: the last two episodes are not looked at yet, one is refused."""
    walk.step("verdicts", lambda: _first_verdicts(walk, waiting=2))


def _the_package(walk: Walk) -> Package:
    return Package.objects.select_related("platform", "production__studio").get(production=walk.production)


def _states(walk: Walk) -> dict[str, int | str]:
    rows = Deliverable.objects.filter(package__production=walk.production)
    counts: dict[str, int | str] = {}
    for state in rows.values_list("state", flat=True):
        counts[state] = int(counts.get(state, 0)) + 1
    return counts


def _package(walk: Walk) -> dict[str, int | str]:
    by = walk.user("delivery_coordinator")
    delivery.install_default_platforms(studio=walk.studio)
    platform = Platform.objects.get(studio=walk.studio, code=world.PLATFORM)
    package = delivery.open_package(
        production=walk.production, platform=platform, by=by,
        synopsis="被夺走名字的女孩回到片场，用一束光照出当年的真相。", tagline="一束光，照见所有人。",
        at=_at(walk, SENT, 540),
    )  # fmt: skip
    delivery.attach_masters(package=package, by=by, at=_at(walk, SENT, 540))
    return {"platform": platform.name, "deliverables": package.deliverables.count()}


def _inspect(walk: Walk, day: int) -> dict[str, int | str]:
    delivery.inspect_package(package=_the_package(walk), by=walk.user("delivery_coordinator"), at=_at(walk, day, 690))
    walk.waiter.settle(walk.studio.pk)
    package = _the_package(walk)
    return {**_states(walk), "findings_on_title": len(package.findings)}


def _send(walk: Walk, day: int) -> dict[str, int | str]:
    delivery.send_package(package=_the_package(walk), by=walk.user("delivery_coordinator"), at=_at(walk, day))
    walk.waiter.settle(walk.studio.pk)
    package = _the_package(walk)
    return {"title": package.state, "round": package.round, **_states(walk)}


def _say(walk: Walk, name: str, day: int, verdicts: list[dict[str, Any]]) -> None:
    """What the platform's people do: put a file into the folder's verdicts."""
    package = _the_package(walk)
    folder = FolderAdapter(studio=walk.studio.slug, platform=package.platform.code).verdicts
    folder.mkdir(parents=True, exist_ok=True)
    moment = _at(walk, day).isoformat()
    lines = [{"production": walk.production.code, "at": moment, **verdict} for verdict in verdicts]
    (folder / f"{walk.production.code}-{name}.json").write_text(json.dumps(lines, ensure_ascii=False), "utf-8")
    delivery.collect_verdicts(studio=walk.studio, by=walk.user("delivery_coordinator"))
    walk.waiter.settle(walk.studio.pk)


def _numbers(walk: Walk) -> list[int]:
    return list(walk.production.episodes.order_by("number").values_list("number", flat=True))


def _refused_number(walk: Walk) -> int:
    numbers = _numbers(walk)
    return numbers[min(2, len(numbers) - 1)]


def _first_verdicts(walk: Walk, waiting: int = 0) -> dict[str, int | str]:
    """All accepted but one; the last `waiting` episodes are still being looked at."""
    refused, code = _refused_number(walk), walk.production.code
    numbers = _numbers(walk)
    verdicts: list[dict[str, Any]] = [
        {"id": f"{code}-1-{number}", "episode": number, "verdict": "accepted"}
        for number in numbers[: len(numbers) - waiting]
        if number != refused
    ]
    verdicts.append(
        {
            "id": f"{code}-1-{refused}", "episode": refused, "verdict": "refused",
            "reason": "00:01 处字幕遮挡人脸，请调整后重新提交", "evidence": "00:00:01:00",
        }
    )  # fmt: skip
    _say(walk, "round-1", JUDGED, verdicts)
    return {"title": _the_package(walk).state, **_states(walk)}


def _rework(walk: Walk) -> dict[str, int | str]:
    """The refused episode goes back to post, comes out as a new master, and is sent again."""
    episode = walk.production.episodes.get(number=_refused_number(walk))
    done = _do_tasks(walk, only=episode)
    _hand_in(walk, [episode], "fix", SENT_AGAIN)
    _approve(walk, SENT_AGAIN)
    walk.waiter.settle(walk.studio.pk)
    _inspect(walk, SENT_AGAIN)
    _send(walk, SENT_AGAIN)
    latest = Master.objects.filter(episode=episode, state=MasterState.APPROVED).order_by("-version").first()
    return {
        "episode": episode.number,
        "tasks_redone": done["tasks_done"],
        "master_version": latest.version if latest else 0,
        **_states(walk),
    }


def _second_verdict(walk: Walk) -> dict[str, int | str]:
    number = _refused_number(walk)
    code = walk.production.code
    _say(
        walk, "round-2", JUDGED_AGAIN,
        [{"id": f"{code}-2-{number}", "episode": number, "verdict": "accepted"},
         {"id": f"{code}-2-title", "episode": None, "verdict": "accepted"}],
    )  # fmt: skip
    return {"title": _the_package(walk).state, **_states(walk)}


def _go_live(walk: Walk) -> dict[str, int | str]:
    package = delivery.go_live(package=_the_package(walk), at=_at(walk, LIVE), by=walk.user("delivery_coordinator"))
    return {"title": package.state}
