"""An edited draft over a title that is scheduled and half shot changes what the writer changed, and nothing else.

Every table of every room is read before and after; whatever differs is on the list of what must.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import types
from collections import Counter
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from django.utils import timezone

from dashboard.demo import make_studio
from dashboard.journey import prep, route, set_days
from dashboard.journey.walk import Walk, today
from dashboard.journey.work import InProcess
from postproduction import actions as post
from scheduling import actions as scheduling
from scheduling.choices import ShootDayState
from scheduling.models import Booking, CallSheet, PlannedScene, ShootDay, Strip, Stripboard
from scripts_app.actions import add_element, edit_scene, import_script, lock_revision
from scripts_app.models import Revision, Scene, StaleItem
from scripts_app.samples.generator import generate
from shooting.models import SceneReport
from studio.facts import SUBSCRIBERS
from studio.jobs import KINDS
from studio.models import Event, Job
from tests.house.test_house import ROOMS

EPISODES, DAYS = 12, 6
_HEAD = re.compile(r"^(\d+)-(\d+) ", re.MULTILINE)
# What is counted and told for every change of a title, whatever it is.
_COUNTERS = {"studio.Production": {"version", "updated_at"}, "studio.Studio": {"version", "updated_at"}}

Table = dict[Any, dict[str, Any]]


def rows_of(model: type[Model]) -> Table:
    return {row[model._meta.pk.attname]: row for row in model._default_manager.order_by().values()}


def everything() -> dict[str, Table]:
    return {
        model._meta.label: rows_of(model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ROOMS
    }


def differences(before: dict[str, Table], after: dict[str, Table]) -> tuple[Counter[str], Counter[str], dict[str, Any]]:
    """Rows added and removed per table, and {table: {pk: names of changed fields}}."""
    added, removed, changed = Counter[str](), Counter[str](), {}
    for label, rows in after.items():
        old = before[label]
        added[label] += len(rows.keys() - old.keys())
        removed[label] += len(old.keys() - rows.keys())
        found = {
            pk: {name for name, value in row.items() if value != old[pk][name]}
            for pk, row in rows.items()
            if pk in old and row != old[pk]
        }
        if found:
            changed[label] = found
    return +added, +removed, changed


def _subscribers() -> list[str]:
    return SUBSCRIBERS["ScriptImported"]


def hear_again(kind: str, revision: Revision) -> None:
    """Do a subscriber's work once more, as a fact that is heard twice would."""
    event = Event.objects.get(name="ScriptImported", payload__revision_id=revision.pk)
    job = Job.objects.get(kind=kind, event_id=event.pk)
    function = KINDS[kind].function
    function(types.SimpleNamespace(job=job), event=event.pk)


def _someone(scene: Scene) -> str:
    return str(scene.cast.order_by("pk").first().character.name)


class Draft:
    """A script as blocks of text, one a scene, that a writer edits."""

    def __init__(self, text: str) -> None:
        starts = [match.start() for match in _HEAD.finditer(text)]
        # What stands between a scene's last line and the next episode's head goes with the scene.
        self.front = text[: starts[0]]
        self.order: list[str] = []
        self.blocks: dict[str, str] = {}
        for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
            number = text[start:end].partition(" ")[0]
            self.order.append(number)
            self.blocks[number] = text[start:end]

    def replace(self, number: str, old: str, new: str) -> None:
        assert old in self.blocks[number]
        self.blocks[number] = self.blocks[number].replace(old, new, 1)

    def omit(self, number: str) -> str:
        self.order.remove(number)
        return self.blocks.pop(number)

    def insert_after(self, number: str, new: str, block: str) -> None:
        self.order.insert(self.order.index(number) + 1, new)
        self.blocks[new] = block

    def make_room(self, episode: str, at: int) -> list[str]:
        """Count the scenes of an episode from `at` on one up; returns the numbers they had."""
        shifted = [
            number for number in self.order if number.startswith(f"{episode}-") and int(number.split("-")[1]) >= at
        ]
        for number in reversed(shifted):
            later = f"{episode}-{int(number.split('-')[1]) + 1}"
            self.blocks[later] = self.blocks.pop(number).replace(f"{number} ", f"{later} ", 1)
            self.order[self.order.index(number)] = later
        return shifted

    def text(self) -> str:
        return self.front + "".join(self.blocks[number] for number in self.order)


@pytest.fixture
def title(db: None) -> tuple[Walk, str]:
    """Imported, broken down, cast, placed, booked, locked; the first day shot with one scene owed, the second called."""
    studio, users = make_studio(name="青禾影视", slug="qinghe", passwords=False)
    script = generate(7, episodes=EPISODES, scenes=(48, 52))
    walk = Walk(
        studio, users, InProcess(), on=today(studio) - dt.timedelta(days=1), title=script.title, code="KAIPAI02",
        solve_seconds=1,
    )  # fmt: skip
    post.install_default_pipelines(studio=studio)
    route.read(walk, script.text.encode(), "初稿.txt")
    for step in (prep.breakdown, prep.classify, prep.people, prep.places):
        step(walk)
    _lay(walk)
    prep.book(walk)
    scheduling.lock_board(
        board=walk.board, version=walk.board.version, by=walk.user("assistant_director"), override_reason="手排"
    )
    set_days.shoot(walk, days=1, leave_owed=True)
    return walk, script.text


def _lay(walk: Walk) -> None:
    """Deal the scenes over the days by hand: a solver's board is another one on another machine."""
    by = walk.user("assistant_director")
    dates = [walk.on + dt.timedelta(days=at) for at in range(DAYS)]
    walk.board = scheduling.draft_board(production=walk.production, dates=dates, name="手排", by=by, limit_minutes=1200)
    scenes = list(walk.production.scenes.order_by("sort_key").values_list("pk", flat=True))
    for at, day in enumerate(walk.board.days.order_by("date")):
        walk.board.refresh_from_db()
        scheduling.move_strips(
            board=walk.board, version=walk.board.version, scene_ids=scenes[at::DAYS], day_id=day.pk, position=0, by=by
        )
    walk.board.refresh_from_db()


@dataclasses.dataclass
class Picked:
    """Scenes of different episodes, by what the plan has for them; none is the last of its episode, where hooks stand."""

    scenes: dict[str, Scene]
    days: dict[str, int]
    used: set[str] = dataclasses.field(default_factory=set)

    def one(self, on: set[int], place: str = "") -> str:
        """A scene planned on one of these days; `place` asks for a place in its episode."""
        for number in self.scenes:
            episode, at = number.split("-")
            if episode in self.used or f"{episode}-{int(at) + 1}" not in self.scenes or place not in ("", at):
                continue
            if self.days[number] in on:
                self.used.add(episode)
                return number
        raise AssertionError("the plan has no such scene")


def test_only_what_the_writer_changed_has_changed(title: tuple[Walk, str]) -> None:
    walk, text = title
    production, by = walk.production, walk.user("script_editor")
    scenes = {scene.number: scene for scene in production.scenes.order_by("sort_key")}
    days = list(ShootDay.objects.filter(production=production).order_by("date"))
    assert [day.state for day in days[:3]] == [ShootDayState.APPROVED, ShootDayState.CALLED, ShootDayState.PLANNED]
    shot, called, ahead = {days[0].pk}, {days[1].pk}, {day.pk for day in days[2:]}
    any_day = shot | called | ahead
    owed = SceneReport.objects.get(scene__production=production, result="owed").scene
    locked = Stripboard.objects.get(production=production, state="locked")
    picked = Picked(
        {number: scene for number, scene in scenes.items() if scene != owed},
        dict(PlannedScene.objects.filter(shoot_day__in=days).values_list("scene__number", "shoot_day")),
    )
    retold, reset, omitted = picked.one(shot), picked.one(called), picked.one(ahead)
    moved, goal, opening = picked.one(called), picked.one(any_day, "1"), picked.one(any_day, "1")

    # What people did since the first draft: tags, a length and a synopsis of their own, a copy of the board.
    for number in (retold, reset, omitted, moved):
        add_element(production=production, category="vehicles", name="黑色轿车", by=by, scenes=[scenes[number]])
        edit_scene(scene=scenes[number], by=by, shoot_minutes=95, synopsis=f"改写的{number}")
    lock_revision(revision=Revision.objects.get(script__production=production), by=by)
    copy = scheduling.duplicate_board(board=locked, by=by)
    InProcess().settle(walk.studio.pk)

    # What the writer does: a line, a set, a scene inserted with the rest renumbered, one left out, one taken elsewhere.
    draft = Draft(text)
    line = re.search(r"^[^△\n]+：[^\n]*。$", draft.blocks[retold], re.MULTILINE)
    assert line is not None
    draft.replace(retold, line[0], line[0].removesuffix("。") + "！")
    draft.replace(reset, scenes[reset].set_name, "江边码头")
    draft.omit(omitted)
    gone = draft.omit(moved)
    at_goal = f"{goal}A"
    draft.insert_after(goal, at_goal, gone.replace(f"{moved} ", f"{at_goal} ", 1))
    episode = opening.split("-")[0]
    renumbered = draft.make_room(episode, 2)
    assert {picked.days[number] for number in renumbered} & shot
    draft.insert_after(
        opening, f"{episode}-2", f"{episode}-2 夜 外 {scenes[opening].set_name}\n人物：{_someone(scenes[opening])}\n△雨忽然大了，路灯一盏接一盏地熄灭。\n\n"
    )  # fmt: skip

    before = everything()
    revision = import_script(production=production, data=draft.text().encode(), filename="二稿.txt", by=by)
    InProcess().settle(walk.studio.pk)
    added, removed, changed = differences(before, everything())

    # --- what is new
    jobs = added.pop("studio.Job")
    notices = added.pop("studio.Notice")
    stale = added.pop("scripts_app.StaleItem")
    assert added == {
        "scripts_app.Revision": 1, "scripts_app.Breakdown": 1, "scripts_app.SceneText": len(scenes), "scripts_app.Scene": 1,
        "scripts_app.SceneCharacter": 1, "scheduling.Set": 1, "scheduling.Strip": 1, "studio.Event": 1,
    }  # fmt: skip
    assert removed == {}
    new = production.scenes.get(first_revision=revision)
    assert (new.number, new.time_of_day) == (f"{episode}-2", "night")
    assert Strip.objects.get(scene=new).board == copy
    assert Strip.objects.get(scene=new).day is None
    assert (jobs, notices > 0) == (len(_subscribers()), True)

    # --- what is another now, row by row
    moved_fields = {"number", "sort_key", "written_number", "updated_at"}
    assert changed.pop("scripts_app.Scene") == {
        scenes[reset].pk: {"set_name", "updated_at"},
        scenes[omitted].pk: {"state", "updated_at"},
        scenes[moved].pk: moved_fields | {"episode_id"},
        **{scenes[number].pk: moved_fields for number in renumbered},
    }
    for label, fields in _COUNTERS.items():
        assert set().union(*changed.pop(label, {}).values()) <= fields
    # The copy of the board follows; its figures are worked out anew. The locked one is as it was.
    draft_strips = set(copy.strips.values_list("pk", flat=True))
    strips = changed.pop("scheduling.Strip", {})
    assert set(strips) <= draft_strips
    assert {"day_id"} <= strips[copy.strips.get(scene=scenes[omitted]).pk]
    assert [pk for pk, fields in strips.items() if "day_id" in fields] == [copy.strips.get(scene=scenes[omitted]).pk]
    assert set(changed.pop("scheduling.Stripboard")) == {copy.pk}
    assert set(changed.pop("scheduling.BoardDay", {})) <= set(copy.days.values_list("pk", flat=True))
    assert changed == {}

    # --- and what hangs on the scenes hangs on them still
    for number in (retold, reset, omitted, moved):
        scene = Scene.objects.get(pk=scenes[number].pk)
        assert (scene.shoot_minutes, scene.synopsis) == (95, f"改写的{number}")
        assert "黑色轿车" in scene.needs.values_list("name", flat=True)
    # Places that no scene plays at any more; the journey names a location after its set.
    left = {scenes[reset].set_name, scenes[omitted].set_name} - set(
        production.scenes.filter(state="active").values_list("set_name", flat=True)
    )
    bookings = Booking.objects.filter(production=production, location__name__in=left, end_at__gt=timezone.now())
    told = {(item.kind, item.key) for item in StaleItem.objects.filter(revision=revision)}
    assert len(told) == stale
    assert told == {
        *(("scheduling.stale_booking", f"booking:{booking.pk}") for booking in bookings),
        ("scheduling.stale_board_omitted", f"board:{locked.pk}:omitted"),
        ("scheduling.stale_board_changed", f"board:{locked.pk}:changed"),
        ("scheduling.stale_board_new", f"board:{locked.pk}:new"),
        ("scheduling.stale_call_sheet", f"call_sheet:{CallSheet.objects.get(shoot_day=days[1]).pk}"),
        ("shooting.stale_shot", f"shot:{scenes[retold].pk}"),
        ("shooting.stale_slates", "slates"),
        ("scripts_app.stale_tags", f"stale_tags:{retold.split('-')[0]}"),
        ("scripts_app.stale_tags_omitted", f"stale_tags_omitted:{omitted.split('-')[0]}"),
    }  # fmt: skip

    # The same facts heard again change nothing.
    before = everything()
    for kind in _subscribers():
        hear_again(kind, revision)
    added, removed, changed = differences(before, everything())
    changed = {label: rows for label, rows in changed.items() if label not in _COUNTERS}
    assert (added, removed) == ({}, {})
    assert set(changed) <= {"scheduling.Stripboard"}
    assert set().union(*(fields for rows in changed.values() for fields in rows.values())) <= {"updated_at"}
