"""A script that waits for decisions: what is decided, undone, imported, dropped, and what the next draft remembers."""

import datetime as dt

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from scripts_app import actions, queries
from scripts_app.actions import decide, decide_all, discard_reading, import_reading, redo, undo
from scripts_app.importing import import_script, receive_script
from scripts_app.models import Reading, Revision, Scene
from studio import clockwork, jobs
from studio.actions import open_production
from studio.choices import JobState
from studio.models import Event, Job
from studio.refusals import Refused

# 乔 is 乔安然; the second scene has no number; 2-1 stands twice.
DIRTY = """《夜归》
第1集
1-1 日 内 乔家客厅
人物：乔安然、陆川
△乔安然推门而入。
乔：你怎么在这里？
陆川：等你。
夜 外 天台
人物：陆川、乔安然
△风很大。
陆川：我不会放弃的。
第2集
2-1 日 内 乔家大厅
人物：乔安然、陆川
△桌上放着一张请柬。
乔：走吧。
陆川：走。
2-1 夜 外 街道
人物：陆川
陆川：她终于回来了。
"""
CLEAN = """第1集
1-1 日 内 客厅
人物：林叶
△林叶推门。
林叶：走。
1-2 日 内 厨房
人物：林叶
林叶：饿了。
"""


def hand_in(production, owner, text=DIRTY, drain=None, review=True, name="夜归.txt"):
    upload = SimpleUploadedFile(name, text.encode())
    job = receive_script(production=production, upload=upload, by=owner, review=review)
    drain()
    job.refresh_from_db()
    return job


@pytest.fixture
def reading(production, owner, drain):
    return Reading.objects.get(pk=hand_in(production, owner, drain=drain).result["reading"])


def codes(reading):
    return sorted(each.code for each in queries.parsed_reading(reading).faults if each.severity != "info")


ALIAS = {"action": "rename_role", "from": "乔", "to": "乔安然"}


def test_a_script_with_faults_waits_and_nothing_is_saved(production, owner, reading):
    assert (reading.state, reading.steps, reading.version) == ("open", [], 0)
    assert (Revision.objects.count(), Scene.objects.count()) == (0, 0)
    assert codes(reading) == ["scene_number_duplicate", "scene_number_missing", "speaker_alias"]
    job = Job.objects.get()
    assert [each["code"] for each in job.result["faults"] if each["severity"] == "warning"] == [
        "speaker_alias", "scene_number_missing", "scene_number_duplicate",
    ]  # fmt: skip
    assert job.result["faults"][0]["proposal"] == ALIAS


def test_the_same_file_waits_once_and_again_when_it_was_dropped(production, owner, reading, drain):
    again = hand_in(production, owner, drain=drain, name="copy.txt")
    assert again.result["reading"] == reading.pk
    discard_reading(reading=reading, by=owner)
    later = hand_in(production, owner, drain=drain)
    assert later.result["reading"] not in (None, reading.pk)
    # And once more, when that one was dropped too.
    discard_reading(reading=Reading.objects.get(pk=later.result["reading"]), by=owner)
    last = hand_in(production, owner, drain=drain)
    assert Reading.objects.get(pk=last.result["reading"]).state == "open"
    assert Reading.objects.filter(state="open").count() == 1


def test_a_clean_script_goes_straight_in(production, owner, drain):
    job = hand_in(production, owner, text=CLEAN, drain=drain)
    assert (job.result["number"], Reading.objects.count()) == (1, 0)


def test_a_clean_script_that_drops_scenes_waits(production, owner, drain):
    hand_in(production, owner, text=CLEAN, drain=drain)
    shorter = CLEAN[: CLEAN.index("1-2")]
    job = hand_in(production, owner, text=shorter, drain=drain)
    reading = Reading.objects.get(pk=job.result["reading"])
    preview = queries.preview(production, queries.parsed_reading(reading))
    assert (preview.omitted, preview.before, preview.scenes) == (["1-2"], 1, 1)
    longer = CLEAN + "1-3 夜 外 街道\n人物：林叶\n林叶：冷。\n"
    assert hand_in(production, owner, text=longer, drain=drain).result["number"] == 2


def test_without_review_a_script_goes_in_with_its_faults(production, owner, drain):
    job = hand_in(production, owner, drain=drain, review=False)
    assert job.result["number"] == 1
    assert len([each for each in job.result["faults"] if each["severity"] == "warning"]) == 3


def test_decisions_undo_and_redo(owner, reading):
    decide(reading=reading, decisions=[ALIAS], version=0, by=owner)
    assert codes(reading) == ["scene_number_duplicate", "scene_number_missing"]
    decide_all(reading=reading, code="scene_number_missing", ignore=False, version=1, by=owner)
    decide_all(reading=reading, code="scene_number_duplicate", ignore=True, version=2, by=owner)
    assert codes(reading) == []
    undo(reading=reading, version=3, by=owner)
    assert codes(reading) == ["scene_number_duplicate"]
    undo(reading=reading, version=4, by=owner)
    redo(reading=reading, version=5, by=owner)
    assert codes(reading) == ["scene_number_duplicate"]
    # A step in the middle is taken back by itself.
    undo(reading=reading, version=6, by=owner, step=reading.steps[0]["id"])
    assert codes(reading) == ["scene_number_duplicate", "speaker_alias"]
    decide(reading=reading, decisions=[{"action": "merge_up", "line": 18}], version=7, by=owner)
    # After a new decision there is nothing to do again.
    with pytest.raises(Refused) as refused:
        redo(reading=reading, version=8, by=owner)
    assert refused.value.code == "nothing_to_redo"
    reading.refresh_from_db()
    assert (reading.version, len(reading.steps), reading.undone) == (8, 2, [])
    assert all(step["by"] == owner.pk for step in reading.steps)


def test_undoing_everything_is_the_script_as_it_was_read(owner, reading):
    before = queries.parsed_reading(reading)
    for version, decision in enumerate([ALIAS, {"action": "split_scene", "line": 16, "set": "门口"}]):
        decide(reading=reading, decisions=[decision], version=version, by=owner)
    undo(reading=reading, version=2, by=owner)
    undo(reading=reading, version=3, by=owner)
    assert queries.parsed_reading(reading) == before
    with pytest.raises(Refused) as refused:
        undo(reading=reading, version=4, by=owner)
    assert refused.value.code == "nothing_to_undo"


def test_two_at_once_never_overwrite(owner, reading):
    other = Reading.objects.get(pk=reading.pk)
    decide(reading=reading, decisions=[ALIAS], version=0, by=owner)
    for act in (
        lambda: decide(reading=other, decisions=[{"action": "merge_up", "line": 18}], version=0, by=owner),
        lambda: decide(reading=reading, decisions=[{"action": "merge_up", "line": 18}], version=0, by=owner),
        lambda: undo(reading=reading, version=0, by=owner, step=1),
        lambda: redo(reading=Reading.objects.get(pk=reading.pk), version=0, by=owner),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.conflict
    other.refresh_from_db()
    assert [step["decisions"][0]["action"] for step in other.steps] == ["rename_role"]


@pytest.mark.parametrize(
    ("decision", "code"),
    [
        ({"action": "rename_role", "from": "无此人", "to": "谁"}, "nothing_met"), (None, "unknown_action"),
        ({"action": "merge_up", "line": 3}, "nothing_met"), ({"action": "set_time", "line": 3, "time": "x"}, "time_unreadable"),
        ({"action": "rename_set", "from": "天台", "to": "天" * 121}, "to_unreadable"),
    ],
)  # fmt: skip
def test_what_says_or_changes_nothing_is_refused(owner, reading, decision, code):
    with pytest.raises(Refused) as refused:
        decide(reading=reading, decisions=[decision], version=0, by=owner)
    assert refused.value.code == code
    assert str(refused.value.message)
    reading.refresh_from_db()
    assert (reading.steps, reading.version) == ([], 0)


def imported(reading, owner, drain):
    job = actions.start_import(reading=reading, version=reading.version, by=owner)
    drain()
    job.refresh_from_db()
    reading.refresh_from_db()
    return job


def test_importing_saves_the_script_as_decided(production, owner, reading, drain):
    decide(reading=reading, decisions=[ALIAS], version=0, by=owner)
    decide(
        reading=reading, decisions=[{"action": "rename_set", "from": "乔家大厅", "to": "乔家客厅"}], version=1, by=owner
    )
    decide(reading=reading, decisions=[{"action": "number_scene", "line": 18, "number": "2-2"}], version=2, by=owner)
    decide_all(reading=reading, code="scene_number_missing", ignore=False, version=3, by=owner)
    job = imported(reading, owner, drain)
    revision = Revision.objects.get()
    assert (job.state, job.result["number"]) == (JobState.DONE, 1)
    assert (reading.state, reading.revision) == ("imported", revision)
    assert sorted(production.scenes.values_list("number", "set_name")) == [
        ("1-1", "乔家客厅"), ("1-2", "天台"), ("2-1", "乔家客厅"), ("2-2", "街道"),
    ]  # fmt: skip
    assert set(production.characters.values_list("name", flat=True)) == {"乔安然", "陆川"}
    assert [each for each in revision.faults if each["severity"] != "info"] == []
    with revision.source_file.open() as file:
        assert file.read() == DIRTY.encode()


def test_a_failure_halfway_leaves_the_reading_open(production, owner, reading, monkeypatch):
    parsed = queries.parsed_reading(reading)
    monkeypatch.setattr("scripts_app.importing._suggest_things", lambda written: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        import_reading(reading=reading, parsed=parsed, version=0, by=owner)
    reading.refresh_from_db()
    assert (reading.state, Revision.objects.count(), Scene.objects.count()) == ("open", 0, 0)


def test_what_was_decided_meanwhile_stops_the_import(production, owner, reading, drain):
    job = actions.start_import(reading=reading, version=0, by=owner)
    assert actions.start_import(reading=reading, version=0, by=owner) == job
    decide(reading=reading, decisions=[ALIAS], version=0, by=owner)
    drain()
    job.refresh_from_db()
    assert job.state == JobState.PARKED
    assert "decided meanwhile" in job.error
    assert Revision.objects.count() == 0


def test_what_cannot_be_imported_is_said_at_once(owner, reading):
    for line in (3, 8, 13, 18):
        decide(reading=reading, decisions=[{"action": "make_action", "line": line}], version=reading.version, by=owner)
    with pytest.raises(Refused) as refused:
        actions.start_import(reading=reading, version=reading.version, by=owner)
    assert refused.value.code == "no_scenes"
    assert Job.objects.filter(kind="scripts.import_reading").count() == 0


def test_a_file_imported_by_another_door_is_not_imported_twice(production, owner, reading, drain):
    import_script(production=production, data=DIRTY.encode(), filename="x.txt", by=owner)
    job = imported(reading, owner, drain)
    assert (job.state, reading.state, Revision.objects.count()) == (JobState.PARKED, "open", 1)
    assert "This file is revision 1 already." in job.error


def test_a_reading_is_dropped_once_and_told(production, owner, reading):
    decide(reading=reading, decisions=[ALIAS], version=0, by=owner)
    for _ in range(2):
        discard_reading(reading=reading, by=owner)
    assert reading.state == "discarded"
    event = Event.objects.get(name="ReadingDiscarded")
    assert (event.payload["filename"], event.payload["decisions"], event.actor_id) == ("夜归.txt", 1, owner.pk)
    with pytest.raises(Refused) as refused:
        decide(reading=reading, decisions=[ALIAS], version=1, by=owner)
    assert (refused.value.code, refused.value.conflict) == ("reading_closed", True)


def test_what_is_imported_is_not_dropped(owner, reading, drain):
    imported(reading, owner, drain)
    with pytest.raises(Refused) as refused:
        discard_reading(reading=reading, by=owner)
    assert refused.value.code == "reading_imported"


# --- the next draft ----------------------------------------------------------------------------------------------------

NEXT = DIRTY.replace("第1集\n", "第1集\n1-0 日 内 新的厨房\n人物：乔安然\n乔安然：早。\n乔：早啊。\n").replace(
    "△风很大。", "△风更大了。"
)


@pytest.fixture
def decided(production, owner, reading, drain):
    for decision in (
        ALIAS, {"action": "rename_set", "from": "乔家大厅", "to": "乔家客厅"},
        {"action": "number_scene", "line": 18, "number": "2-2"}, {"action": "number_scene", "line": 8, "number": "1-2"},
    ):  # fmt: skip
        decide(reading=reading, decisions=[decision], version=reading.version, by=owner)
    imported(reading, owner, drain)
    return reading


def test_the_next_draft_is_read_as_the_last_was_decided(production, owner, decided, drain):
    job = hand_in(production, owner, text=NEXT, drain=drain)
    # Nothing is left to ask: what was decided is found at its new lines, and the draft goes in.
    assert (job.result["number"], job.result["decided"]) == (2, 4)
    assert set(production.characters.values_list("name", flat=True)) == {"乔安然", "陆川"}
    assert dict(production.scenes.values_list("number", "set_name"))["2-2"] == "街道"
    last = Reading.objects.get(revision__number=2)
    assert [each.get("line") for each in last.decisions] == [None, None, 22, 12]
    assert {step["from_revision"] for step in last.steps} == {1}


def test_what_was_remembered_can_be_taken_back_and_is_then_forgotten(production, owner, decided, drain):
    text = NEXT.replace("1-1 日", "1-1 夜") + "2-1 日 内 卧室\n人物：陆川\n陆川：喂。\n"
    second = Reading.objects.get(pk=hand_in(production, owner, text=text, drain=drain).result["reading"])
    assert codes(second) == ["scene_number_duplicate"]
    # Ctrl-Z is for what was decided here; what was remembered is taken back by name.
    with pytest.raises(Refused):
        undo(reading=second, version=0, by=owner)
    undo(reading=second, version=0, by=owner, step=second.steps[0]["id"])
    assert codes(second) == ["scene_number_duplicate", "speaker_alias"]
    imported(second, owner, drain)
    steps = queries.recalled(production, text.split("\n"))
    assert [step["decisions"][0]["action"] for step in steps] == ["rename_set", "number_scene", "number_scene"]
    assert {step["from_revision"] for step in steps} == {1}


def test_remembered_through_a_draft_that_came_by_the_api(production, owner, decided):
    import_script(production=production, data=NEXT.encode(), filename="v2.txt", by=owner)
    assert set(production.characters.values_list("name", flat=True)) == {"乔安然", "陆川"}
    third = NEXT.replace("△风更大了。", "△风停了。").encode()
    import_script(production=production, data=third, filename="v3.txt", by=owner)
    assert set(production.characters.values_list("name", flat=True)) == {"乔安然", "陆川"}
    assert {step["from_revision"] for step in Reading.objects.get(revision__number=3).steps} == {1}


def test_nothing_is_remembered_over_titles(production, owner, decided, drain):
    other = open_production(studio=production.studio, title="别的", code="OT1", by=owner)
    job = hand_in(other, owner, drain=drain)
    assert Reading.objects.get(pk=job.result["reading"]).steps == []


# --- left alone ------------------------------------------------------------------------------------------------------------


def age(reading, days):
    Reading.objects.filter(pk=reading.pk).update(updated_at=timezone.now() - dt.timedelta(days=days))


def test_the_clockwork_clears_what_nobody_came_back_to(
    production, owner, reading, settings, drain, django_capture_on_commit_callbacks
):
    settings.SCRIPT_READING_DAYS = 10
    kept = Reading.objects.get(
        pk=hand_in(production, owner, text=DIRTY + "陆川：等。\n", drain=drain).result["reading"]
    )
    age(reading, 11)
    age(kept, 9)
    noon = timezone.now().replace(hour=4, minute=30)
    clockwork.turn(noon)
    with django_capture_on_commit_callbacks(execute=True):
        drain()
    assert list(Reading.objects.all()) == [kept]
    assert not default_storage.exists(reading.source_file.name)
    assert default_storage.exists(kept.source_file.name)
    assert Event.objects.filter(name="ReadingDiscarded").count() == 1


def test_a_file_that_a_revision_holds_stays(production, owner, reading):
    import_script(production=production, data=DIRTY.encode(), filename="夜归.txt", by=owner)
    age(reading, 99)
    assert actions.clear_readings(studio_id=production.studio_id, before=timezone.now()) == 1
    assert default_storage.exists(reading.source_file.name)


def test_what_was_imported_is_never_cleared(production, owner, reading, drain):
    imported(reading, owner, drain)
    age(reading, 999)
    assert actions.clear_readings(studio_id=production.studio_id, before=timezone.now()) == 0


def test_another_studio_is_not_cleared(production, owner, reading, other_studio):
    age(reading, 999)
    assert actions.clear_readings(studio_id=other_studio.pk, before=timezone.now()) == 0


def test_a_lost_file_is_said(production, owner, reading, drain):
    default_storage.delete(reading.source_file.name)
    queries.readings._read_file.cache_clear()
    with pytest.raises(Refused) as refused:
        queries.parsed_reading(reading)
    assert refused.value.code == "file_gone"
    with pytest.raises(Refused):
        actions.start_import(reading=reading, version=0, by=owner)


def test_constraints_hold(production, owner, reading):
    twin = {"production": production, "source_name": "x", "source_file": "x", "source_sha256": reading.source_sha256}
    for words, name in [
        (twin, "reading_open_once"), ({**twin, "state": "imported"}, "reading_revision_iff_imported"),
        ({**twin, "state": "lost"}, "reading_revision_iff_imported"),
    ]:  # fmt: skip
        with pytest.raises(IntegrityError, match=f"{name}|source_sha256"), transaction.atomic():
            Reading.objects.create(**words)
    Reading.objects.create(**twin, state="discarded")


def test_jobs_of_a_lost_reading_park(production, owner, reading):
    job = actions.start_import(reading=reading, version=0, by=owner)
    Reading.objects.all().delete()
    assert jobs.run(job.pk) == JobState.PARKED
