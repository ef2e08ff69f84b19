"""Pipelines, episodes and tasks: what readies what, what a reopening takes back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from postproduction import actions
from postproduction.models import EpisodePost, Pipeline, PostTask
from postproduction.pipeline import template
from studio.models import Event, Notice, Production
from studio.refusals import Refused

pytestmark = pytest.mark.django_db


def states(post: EpisodePost) -> dict[str, str]:
    return dict(PostTask.objects.filter(episode_post=post).values_list("step", "state"))


def task_of(post: EpisodePost, step: str) -> PostTask:
    return PostTask.objects.get(episode_post=post, step=step)


def finish(post: EpisodePost, by: Any, *steps: str) -> None:
    for step in steps:
        actions.finish_task(task=task_of(post, step), by=by, minutes_worked=10)


def test_default_pipelines_are_installed_once(studio: Any) -> None:
    first = actions.install_default_pipelines(studio=studio)
    assert [row.work_kind for row in first] == ["live", "ai", "localised"]
    assert first[0].steps == template("live").to_json()["steps"]
    assert actions.install_default_pipelines(studio=studio) == first


def test_a_pipeline_the_studio_wrote_is_not_doubled(studio: Any) -> None:
    own = Pipeline.objects.create(
        studio=studio, name="快剪", work_kind="live", steps=[{"code": "cut", "name": "剪", "minutes": 5}]
    )
    rows = actions.install_default_pipelines(studio=studio)
    assert [row.pk for row in rows if row.work_kind == "live"] == [own.pk]


def test_opening_makes_every_task_with_a_due_date_and_moves_the_title(
    episode: Any, owner: Any, production: Any
) -> None:
    post = actions.open_episode(episode=episode, by=owner, start=dt.date(2026, 12, 1))
    steps = template("live")
    assert list(post.tasks.values_list("step", flat=True)) == steps.order()
    assert states(post) == {code: "ready" if code == "rough_cut" else "waiting" for code in steps.order()}
    # 90 minutes of rough cut and 60 of fine cut at 120 a day: the fine cut ends on the second day.
    assert task_of(post, "rough_cut").due_date == dt.date(2026, 12, 1)
    assert task_of(post, "fine_cut").due_date == dt.date(2026, 12, 2)
    assert post.due_date == task_of(post, "master").due_date
    assert Production.objects.get(pk=production.pk).stage == "post"
    assert Event.objects.filter(name="EpisodeOpened").count() == 1


def test_opening_twice_changes_nothing(post: EpisodePost, episode: Any, owner: Any) -> None:
    assert actions.open_episode(episode=episode, by=owner) == post
    assert PostTask.objects.count() == 11
    assert Event.objects.filter(name="EpisodeOpened").count() == 1


def test_a_pipeline_of_another_studio_is_refused(episode: Any, owner: Any, other_studio: Any) -> None:
    theirs = actions.install_default_pipelines(studio=other_studio)[0]
    with pytest.raises(Refused, match="another studio"):
        actions.open_episode(episode=episode, by=owner, pipeline=theirs)
    assert EpisodePost.objects.count() == 0


def test_a_broken_pipeline_is_refused_with_its_reason(episode: Any, owner: Any, studio: Any) -> None:
    circle = [{"code": "a", "after": ["b"]}, {"code": "b", "after": ["a"]}]
    row = Pipeline.objects.create(studio=studio, name="x", steps=circle)
    with pytest.raises(Refused) as refused:
        actions.open_episode(episode=episode, by=owner, pipeline=row)
    assert refused.value.code == "circle"
    assert EpisodePost.objects.count() == 0


def test_editing_the_pipeline_leaves_work_under_way_alone(post: EpisodePost, owner: Any) -> None:
    Pipeline.objects.update(steps=[{"code": "other", "name": "Other", "department": "", "minutes": 1, "after": []}])
    finish(post, owner, "rough_cut")
    assert states(post)["fine_cut"] == "ready"


def test_starting_takes_the_task_for_who_has_a_person_row(post: EpisodePost, owner: Any, make_person: Any) -> None:
    person = make_person(post.episode.production.studio, "剪辑", user=owner)
    task = actions.start_task(task=task_of(post, "rough_cut"), by=owner)
    assert (task.state, task.assignee) == ("working", person)
    begun = task.started_at
    assert actions.start_task(task=task, by=owner).started_at == begun
    assert Event.objects.filter(name="PostTaskStarted").count() == 1


def test_a_waiting_task_names_what_it_waits_for(post: EpisodePost, owner: Any, settings: Any) -> None:
    from django.utils import translation

    with translation.override("en"), pytest.raises(Refused) as refused:
        actions.start_task(task=task_of(post, "fine_cut"), by=owner)
    assert refused.value.code == "task_waiting"
    assert "Rough cut" in refused.value.message
    with pytest.raises(Refused):
        actions.finish_task(task=task_of(post, "fine_cut"), by=owner, minutes_worked=1)


def test_finishing_readies_what_waited_for_it_alone(post: EpisodePost, owner: Any) -> None:
    finish(post, owner, "rough_cut", "fine_cut", "picture_lock")
    assert {code for code, state in states(post).items() if state == "ready"} == {"vfx", "dialogue", "titles"}
    finish(post, owner, "vfx", "dialogue")
    # QC waits for four; three of them are ready, none is done.
    assert states(post)["qc"] == "waiting"
    finish(post, owner, "colour", "mix", "subtitles", "titles")
    assert states(post)["qc"] == "ready"


def test_finishing_twice_counts_the_minutes_once(post: EpisodePost, owner: Any) -> None:
    task = task_of(post, "rough_cut")
    actions.finish_task(task=task, by=owner, minutes_worked=70)
    again = actions.finish_task(task=task, by=owner, minutes_worked=70)
    assert (again.state, again.minutes_worked) == ("done", 70)
    assert [event.payload["minutes"] for event in Event.objects.filter(name="PostTaskFinished")] == [70]


@pytest.mark.parametrize("minutes", [-1, 100_001, True])
def test_odd_minutes_are_refused(post: EpisodePost, owner: Any, minutes: int) -> None:
    with pytest.raises(Refused, match="100,000"):
        actions.finish_task(task=task_of(post, "rough_cut"), by=owner, minutes_worked=minutes)
    assert states(post)["rough_cut"] == "ready"


def test_reopening_takes_back_all_that_rests_on_it_and_nothing_else(post: EpisodePost, owner: Any) -> None:
    finish(post, owner, "rough_cut", "fine_cut", "picture_lock", "vfx", "dialogue", "mix", "titles")
    actions.start_task(task=task_of(post, "subtitles"), by=owner)
    again = actions.reopen_task(task=task_of(post, "dialogue"), note="第三句口型不对", by=owner)
    assert (again.state, again.round, again.note, again.finished_at) == ("ready", 2, "第三句口型不对", None)
    now = states(post)
    assert {code: now[code] for code in ("mix", "subtitles", "qc", "vfx", "titles", "picture_lock")} == {
        "mix": "waiting", "subtitles": "waiting", "qc": "waiting", "vfx": "done", "titles": "done",
        "picture_lock": "done",
    }  # fmt: skip
    assert task_of(post, "mix").round == 2
    assert task_of(post, "qc").round == 1
    event = Event.objects.get(name="PostTaskReopened")
    assert event.payload["also"] == [task_of(post, "mix").pk, task_of(post, "subtitles").pk]
    # Work of the first round is kept; the second adds to it.
    actions.finish_task(task=again, by=owner, minutes_worked=5)
    assert task_of(post, "dialogue").minutes_worked == 15


def test_only_a_finished_step_is_reopened_and_only_with_a_reason(post: EpisodePost, owner: Any) -> None:
    with pytest.raises(Refused, match="finished"):
        actions.reopen_task(task=task_of(post, "rough_cut"), note="x", by=owner)
    finish(post, owner, "rough_cut")
    with pytest.raises(Refused) as refused:
        actions.reopen_task(task=task_of(post, "rough_cut"), note="  ", by=owner)
    assert refused.value.field == "note"
    assert states(post)["rough_cut"] == "done"


def test_assigning_leaves_done_tasks_and_other_titles_alone(
    post: EpisodePost, owner: Any, production: Any, other_production: Any, make_person: Any, make_member: Any
) -> None:
    artist = make_member(production.studio, "post_artist")
    person = make_person(production.studio, "小周", user=artist)
    finish(post, owner, "rough_cut")
    from studio.actions import ensure_episodes

    other = ensure_episodes(production=other_production, numbers=[1])[1]
    theirs = actions.open_episode(episode=other, by=None)
    ids = list(PostTask.objects.values_list("pk", flat=True))
    assert actions.assign_tasks(production=production, task_ids=ids, person=person, by=owner) == 10
    assert actions.assign_tasks(production=production, task_ids=ids, person=person, by=owner) == 0
    assert task_of(post, "rough_cut").assignee is None
    assert not theirs.tasks.filter(assignee__isnull=False).exists()
    assert Notice.objects.filter(user=artist, kind="post.tasks_assigned").count() == 1
    stranger = make_person(other_production.studio, "别人")
    with pytest.raises(Refused, match="another studio"):
        actions.assign_tasks(production=production, task_ids=ids, person=stranger, by=owner)


def test_a_broken_pipeline_does_not_pass_validation(studio: Any) -> None:
    from django.core.exceptions import ValidationError

    row = Pipeline(studio=studio, name="x", steps=[{"code": "a", "name": "A", "after": ["nothing"]}])
    with pytest.raises(ValidationError) as found:
        row.full_clean()
    assert found.value.message_dict.keys() == {"steps"}
