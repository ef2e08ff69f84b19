"""A file becomes a revision whole or not at all, and the next draft spares what people changed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from scripts_app.actions import add_element, edit_scene, import_script, lock_revision, receive_script
from scripts_app.choices import SceneState
from scripts_app.drafts import default_minutes, speaker_names
from scripts_app.models import Character, Element, Revision, Scene, SceneCharacter, SceneText, Script
from studio import jobs
from studio.choices import JobState
from studio.models import Event, Job, Notice
from studio.refusals import Refused


@pytest.fixture
def imported(production, owner, first):
    return import_script(production=production, data=first, filename="初光.txt", by=owner)


def numbers(production):
    return [(scene.number, scene.state) for scene in production.scenes.order_by("sort_key")]


def test_import_writes_scenes_cast_and_episodes(production, imported):
    assert numbers(production) == [("1-1", "active"), ("1-2", "active"), ("2-1", "active")]
    scene = production.scenes.get(number="1-1")
    assert (scene.int_ext, scene.time_of_day, scene.set_name, scene.episode.number) == ("int", "day", "叶家客厅", 1)
    assert scene.synopsis == "林叶推门而入，愣住。"
    cast = {row.character.name: (row.count, row.note, row.speaks) for row in scene.cast.select_related("character")}
    assert cast == {
        "林叶": (1, "", True), "沈乐": (1, "", True), "警员": (1, "若干", False), "男同学": (4, "", False),
    }  # fmt: skip
    roles = {role.name: (role.age, role.is_crowd) for role in production.characters.all()}
    assert roles == {
        "林叶": ("28", False), "沈乐": ("", False), "警员": ("", True), "男同学": ("", True), "旁白": ("", False),
    }  # fmt: skip
    # Two names before one colon are two people on set.
    spoken = production.scenes.get(number="2-1").cast.values_list("character__name", flat=True)
    assert set(spoken) == {"林叶", "沈乐"}
    episodes = {row.number: (row.title, row.paywall) for row in production.episodes.all()}
    assert episodes == {1: ("起初", True), 2: ("", False)}
    assert imported.number == 1
    assert imported.breakdown.state == "draft"


def test_import_suggests_what_labels_name(production, imported):
    found = {(row.category, row.name, row.suggested) for row in production.elements.all()}
    assert found == {("props", "红色请柬", True), ("sound", "雷声", True)}
    assert [scene.number for scene in production.elements.get(name="雷声").scenes.all()] == ["1-1"]


def test_marks_inside_a_line_name_props(production, owner):
    text = "第1集\n1-1 日 内 客厅\n人物：林叶\n△林叶拿起【紫砂壶】，【特写】壶盖上的裂纹，【闪回开始】放下【壶】。\n"
    import_script(production=production, data=text.encode(), filename="a.txt", by=owner)
    assert {(row.category, row.name) for row in production.elements.all()} == {("props", "紫砂壶"), ("props", "壶")}
    assert production.scenes.get().synopsis.startswith("林叶拿起紫砂壶，")


def test_import_publishes_and_tells_the_others(production, imported, owner, make_member, drain):
    event = Event.objects.get(name="ScriptImported")
    assert event.subject == f"scripts_app.revision:{imported.pk}"
    assert {key: event.payload[key] for key in ("scenes", "scenes_added", "scenes_changed", "scenes_omitted")} == {
        "scenes": 3, "scenes_added": 3, "scenes_changed": 0, "scenes_omitted": 0,
    }  # fmt: skip
    editor = make_member(production.studio, "script_editor")
    make_member(production.studio, "crew")
    drain()
    assert [(notice.user, notice.kind) for notice in Notice.objects.all()] == [(editor, "scripts_app.draft")]


def test_the_same_file_is_the_same_revision(production, imported, owner, first):
    again = import_script(production=production, data=first, filename="copy.txt", by=owner)
    assert again == imported
    assert Revision.objects.count() == 1
    assert Event.objects.filter(name="ScriptImported").count() == 1


def test_a_second_draft_keeps_identities(production, imported, owner, second):
    ids = dict(production.scenes.values_list("number", "pk"))
    untouched = production.scenes.get(number="2-1").updated_at
    revision = import_script(production=production, data=second, filename="v2.txt", by=owner)
    assert revision.number == 2
    assert numbers(production) == [("1-1", "active"), ("1-2", "omitted"), ("2-1", "active"), ("2-2", "active")]
    assert {number: pk for number, pk in production.scenes.values_list("number", "pk") if number in ids} == ids
    scene = production.scenes.get(number="1-1")
    assert scene.time_of_day == "night"
    assert set(scene.cast.values_list("character__name", flat=True)) == {"林叶", "沈乐", "警员"}
    assert production.scenes.get(number="2-1").updated_at == untouched
    payload = Event.objects.filter(name="ScriptImported").first().payload
    assert [payload[key] for key in ("scenes_added", "scenes_changed", "scenes_omitted")] == [1, 1, 1]
    assert [text.revision.number for text in scene.texts.order_by("revision__number")] == [1, 2]


def test_an_omitted_scene_returns_as_itself(production, imported, owner, first, second):
    was = production.scenes.get(number="1-2").pk
    import_script(production=production, data=second, filename="v2.txt", by=owner)
    third = first + "2-3 日 内 医院\n△空无一人。\n".encode()
    import_script(production=production, data=third, filename="v3.txt", by=owner)
    scene = production.scenes.get(number="1-2")
    assert (scene.pk, scene.state) == (was, SceneState.ACTIVE)


def test_a_second_draft_spares_what_people_changed(production, imported, owner, second):
    scene = production.scenes.get(number="1-1")
    edit_scene(scene=scene, by=owner, set_name="叶家·一楼客厅", shoot_minutes=75, time_of_day="dusk")
    SceneCharacter.objects.create(scene=scene, character=Character.objects.create(production=production, name="管家"))
    add_element(production=production, category="vehicles", name="黑色轿车", by=owner, scenes=[scene])
    import_script(production=production, data=second, filename="v2.txt", by=owner)
    scene.refresh_from_db()
    # The draft says nothing new of place and length, so theirs stays; it does change the time of day, so that is taken.
    assert (scene.set_name, scene.shoot_minutes, scene.time_of_day) == ("叶家·一楼客厅", 75, "night")
    assert set(scene.cast.values_list("character__name", flat=True)) == {"林叶", "沈乐", "警员", "管家"}
    assert set(scene.needs.values_list("name", flat=True)) >= {"黑色轿车", "雷声"}


def test_a_suggestion_taken_off_stays_off_while_the_text_is_the_same(production, imported, owner, second):
    scene = production.scenes.get(number="1-1")
    production.elements.get(name="雷声").delete()
    import_script(production=production, data=second, filename="v2.txt", by=owner)
    assert scene.needs.filter(name="雷声").count() == 0


def test_a_locked_revision_is_left_as_it_is(production, imported, owner, second):
    lock_revision(revision=imported, by=owner)
    kept = list(SceneText.objects.filter(revision=imported).order_by("pk").values_list("pk", "digest"))
    stamp = Revision.objects.get(pk=imported.pk).updated_at
    import_script(production=production, data=second, filename="v2.txt", by=owner)
    assert list(SceneText.objects.filter(revision=imported).order_by("pk").values_list("pk", "digest")) == kept
    assert Revision.objects.get(pk=imported.pk).updated_at == stamp


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"   \n", "empty_file"),
        (bytes(range(256)) * 8, "binary_file"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 99, "old_word_file"),
        ("今天天气很好。".encode(), "no_scenes"),
    ],
)
def test_what_cannot_be_imported_leaves_nothing(production, owner, data, code):
    with pytest.raises(Refused) as refused:
        import_script(production=production, data=data, filename="a.txt", by=owner)
    assert refused.value.code == code
    assert str(refused.value)
    assert (Script.objects.count(), Revision.objects.count(), Scene.objects.count()) == (0, 0, 0)


def test_a_failure_halfway_leaves_nothing(production, owner, first, monkeypatch):
    monkeypatch.setattr("scripts_app.importing._suggest_things", lambda written: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        import_script(production=production, data=first, filename="a.txt", by=owner)
    assert (Script.objects.count(), Revision.objects.count(), Scene.objects.count(), Element.objects.count()) == (
        0, 0, 0, 0,
    )  # fmt: skip
    assert Event.objects.filter(name="ScriptImported").count() == 0


def upload(data, name="初光.txt"):
    return SimpleUploadedFile(name, data)


def test_a_received_script_is_imported_by_its_job(production, owner, first, drain):
    job = receive_script(production=production, upload=upload(first), by=owner)
    assert Revision.objects.count() == 0
    drain()
    job.refresh_from_db()
    revision = Revision.objects.get()
    assert (job.state, job.result) == (
        JobState.DONE, {"revision": revision.pk, "number": 1, "new": True, "decided": 0, "faults": []},
    )  # fmt: skip
    assert (job.progress_done, job.progress_total) == (3, 3)
    assert revision.imported_by == owner
    with revision.source_file.open() as file:
        assert file.read() == first


def test_received_twice_is_one_job(production, owner, first, drain):
    jobs_ = {receive_script(production=production, upload=upload(first), by=owner).pk for _ in range(2)}
    drain()
    jobs_.add(receive_script(production=production, upload=upload(first, "other.txt"), by=owner).pk)
    drain()
    assert len(jobs_) == 1
    assert Revision.objects.count() == 1


def test_a_refused_script_parks_its_job_with_the_sentence(production, owner, prose, drain):
    owner.language = "en"
    owner.save()
    job = receive_script(production=production, upload=upload(prose, "novel.txt"), by=owner)
    drain()
    job.refresh_from_db()
    assert job.state == JobState.PARKED
    assert job.error.startswith("This reads like a novel, not a script")
    assert Script.objects.count() == 0
    # Handed in again it is tried again, by the same job.
    assert receive_script(production=production, upload=upload(prose, "novel.txt"), by=owner).pk == job.pk
    assert Job.objects.get(pk=job.pk).state == JobState.QUEUED


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "empty_file"), (b"\x00\x01" * 400, "binary_file"), (b"a" * 2_000_001, "too_large")],
)
def test_what_no_reader_opens_is_refused_at_once(production, owner, settings, data, code):
    settings.SCRIPT_UPLOAD_LIMIT = 2_000_000
    with pytest.raises(Refused) as refused:
        receive_script(production=production, upload=upload(data), by=owner)
    assert (refused.value.code, refused.value.field) == (code, "file")
    assert Job.objects.count() == 0


def test_a_lost_file_parks_the_job(production, owner, first):
    from django.core.files.storage import default_storage

    job = receive_script(production=production, upload=upload(first), by=owner)
    default_storage.delete(job.payload["source"])
    assert jobs.run(job.pk) == JobState.PARKED


def test_the_sample_of_the_house_is_imported(production, owner):
    from scripts_app.samples import FIRST_LIGHT

    revision = import_script(production=production, data=FIRST_LIGHT.read_bytes(), filename="a.txt", by=owner)
    assert production.episodes.count() >= 12
    assert production.scenes.filter(state="active").count() == revision.texts.count() >= 30
    assert production.characters.filter(scenes__speaks=True).distinct().count() >= 8


@given(st.integers(1, 400), st.sampled_from(["tenths", "eighths"]), st.integers(1, 200))
def test_default_minutes(parts, unit, per_page):
    minutes = default_minutes(parts, unit, per_page)
    exact = parts * per_page / {"tenths": 10, "eighths": 8}[unit]
    assert minutes % 5 == 0
    assert minutes >= max(10, exact)
    assert minutes == 10 or minutes - exact < 6


def test_names_before_a_colon():
    assert speaker_names("林叶、沈乐") == ["林叶", "沈乐"]
    assert speaker_names("LIN YE") == ["LIN YE"]
    assert speaker_names("") == []


def told(production):
    return {
        (scene.number, scene.state, scene.synopsis) for scene in production.scenes.order_by("sort_key", "pk")
    }  # fmt: skip


EPISODE = """第1集
1-1 日 内 客厅
人物：林叶
△林叶推门而入，看见满地的碎瓷片。
1-2 夜 外 天台
人物：沈乐
△沈乐靠着栏杆，点燃第二支烟，城市在脚下。
1-3 日 内 医院
人物：林叶、沈乐
△病房里只有仪器的声音，林叶握着他的手。
"""


def import_text(production, owner, text):
    return import_script(production=production, data=text.encode(), filename="a.txt", by=owner)


def ids_by_synopsis(production):
    return {scene.synopsis[:2]: scene.pk for scene in production.scenes.all()}


def test_a_scene_inserted_moves_the_others_and_keeps_their_rows(production, owner):
    import_text(production, owner, EPISODE)
    ids = ids_by_synopsis(production)
    inserted = EPISODE.replace("1-3 日", "1-4 日").replace("1-2 夜", "1-3 夜").replace(
        "1-3 夜", "1-2 晨 外 巷口\n△卖早点的摊子冒着热气，一辆黑车停下。\n1-3 夜"
    )  # fmt: skip
    import_text(production, owner, inserted)
    now = {(scene.number, scene.synopsis[:2]): scene.pk for scene in production.scenes.all()}
    fresh = now.pop(("1-2", "卖早"))
    assert now == {("1-1", "林叶"): ids["林叶"], ("1-3", "沈乐"): ids["沈乐"], ("1-4", "病房"): ids["病房"]}
    assert fresh not in ids.values()
    order = [scene.number for scene in production.scenes.order_by("sort_key")]
    assert order == ["1-1", "1-2", "1-3", "1-4"]
    payload = Event.objects.filter(name="ScriptImported").first().payload
    assert {name: payload[f"scenes_{name}"] for name in ("added", "changed", "omitted", "moved")} == {
        "added": 1, "changed": 0, "omitted": 0, "moved": 2,
    }  # fmt: skip


def test_scenes_swap_their_numbers(production, owner):
    import_text(production, owner, EPISODE)
    ids = ids_by_synopsis(production)
    head, one, two, three = (
        EPISODE.replace("1-1 日", "|1-1 日").replace("1-2 夜", "|1-2 夜").replace("1-3 日", "|1-3 日").split("|")
    )
    import_text(production, owner, head + three.replace("1-3", "1-1") + two + one.replace("1-1", "1-3"))
    assert {scene.number: scene.pk for scene in production.scenes.all()} == {
        "1-1": ids["病房"], "1-2": ids["沈乐"], "1-3": ids["林叶"],
    }  # fmt: skip


def test_an_omitted_scene_keeps_its_number_though_another_takes_it(production, owner):
    import_text(production, owner, EPISODE)
    ids = ids_by_synopsis(production)
    before, _cut, after = EPISODE.replace("1-2 夜", "|1-2 夜").replace("1-3 日", "|1-3 日").split("|")
    import_text(production, owner, before + after.replace("1-3", "1-2"))
    rows = {(scene.number, scene.state): scene.pk for scene in production.scenes.all()}
    assert rows == {("1-1", "active"): ids["林叶"], ("1-2", "omitted"): ids["沈乐"], ("1-2", "active"): ids["病房"]}
    # What it says comes back under any number, and it is itself again.
    import_text(
        production,
        owner,
        EPISODE.replace("1-3 日", "1-4 日")
        .replace("1-2 夜", "1-3 夜")
        .replace("1-3 夜", "1-2 夜 内 车里\n△车窗上全是雨，没有人说话。\n1-3 夜"),
    )
    back = production.scenes.get(pk=ids["沈乐"])
    assert (back.number, back.state) == ("1-3", "active")
    assert [text.number for text in back.texts.order_by("revision__number")] == ["1-2", "1-3"]


def test_an_episode_inserted_takes_the_scenes_along(production, owner):
    import_text(production, owner, EPISODE)
    ids = ids_by_synopsis(production)
    later = EPISODE.replace("第1集", "第2集").replace("\n1-", "\n2-")
    import_text(production, owner, "第1集\n1-1 日 外 机场\n△飞机落地，人群里没有她等的人。\n" + later)
    assert {(scene.episode.number, scene.number): scene.pk for scene in production.scenes.filter(pk__in=ids.values())} == {
        (2, "2-1"): ids["林叶"], (2, "2-2"): ids["沈乐"], (2, "2-3"): ids["病房"],
    }  # fmt: skip


def test_a_draft_knows_the_numbers_it_had(production, owner):
    from scripts_app.queries import Draft

    first = import_text(production, owner, EPISODE)
    later = EPISODE.replace("第1集", "第2集").replace("\n1-", "\n2-")
    import_text(production, owner, "第1集\n1-1 日 外 机场\n△飞机落地，人群里没有她等的人。\n" + later)
    read = Draft.of(first).episode(1, [])
    assert [scene.number for scene in read.scenes] == ["1-1", "1-2", "1-3"]


def test_revisions_take_the_colours_of_the_studio_in_turn(production, owner):
    from scripts_app.colours import set_colours

    set_colours(studio=production.studio, colours=[("白页", "white"), ("蓝页", "blue")], by=owner)
    made = [import_text(production, owner, EPISODE + f"△{'又' * count}一句。\n") for count in range(1, 4)]
    assert [(row.colour_tint, row.colour_name, row.colour_round) for row in made] == [
        ("white", "白页", 1), ("blue", "蓝页", 1), ("white", "白页", 2),
    ]  # fmt: skip
    set_colours(studio=production.studio, colours=[("粉页", "pink")], by=owner)
    assert [row.colour_name for row in Revision.objects.order_by("number")] == ["白页", "蓝页", "白页"]
