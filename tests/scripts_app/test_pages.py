"""The script room's pages: who sees them, what they say, how many questions they ask."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scripts_app.actions import add_element, approve_breakdown, import_script, lock_revision
from scripts_app.models import ReviewRound, Revision
from studio.actions import open_production
from studio.models import Job

TITLE_PAGES = ["script", "scenes", "scenes_xlsx", "scenes_pdf", "breakdown", "characters"]


@pytest.fixture
def imported(production, owner, first):
    return import_script(production=production, data=first, filename="a.txt", by=owner)


@pytest.fixture
def scene(production, imported):
    return production.scenes.get(number="1-1")


@pytest.mark.parametrize("name", TITLE_PAGES)
def test_pages_are_for_those_who_read_scripts(
    name, production, imported, owner, other_owner, make_member, client_of, client
):
    url = reverse(name, args=[production.pk])
    assert client_of(owner).get(url).status_code == 200
    assert client_of(other_owner).get(url).status_code == 404
    assert client_of(make_member(production.studio, "crew")).get(url).status_code == 403
    assert client.get(url).status_code == 302


@pytest.mark.parametrize("name", ["script", "breakdown"])
def test_writing_needs_the_verb(name, production, imported, other_owner, make_member, client_of):
    url = reverse(name, args=[production.pk])
    assert client_of(make_member(production.studio, "post_supervisor")).post(url).status_code == 403
    assert client_of(other_owner).post(url).status_code == 404


def test_rows_and_revisions_of_other_studios_do_not_exist(production, imported, scene, other_owner, client_of):
    client = client_of(other_owner)
    element = production.elements.first()
    for name, args, words in [
        ("scene_row", [scene.pk], {}), ("revision_file", [1], {}), ("lock_revision", [1], {}), ("review_revision", [1], {}),
        ("tag_element", [element.pk], {"remove": "1"}), ("approve_breakdown", [], {"breakdown": imported.breakdown.pk}),
    ]:  # fmt: skip
        url = reverse(name, args=[production.pk, *args])
        method = client.get if name == "revision_file" else client.post
        assert method(url, words).status_code == 404, name
    imported.refresh_from_db()
    assert imported.locked_at is None
    assert production.elements.filter(pk=element.pk).exists()


def test_empty_pages_say_what_to_do(production, owner, client_of):
    client = client_of(owner)
    assert "Hand in the script" in client.get(reverse("script", args=[production.pk])).content.decode()
    for name in ["scenes", "breakdown", "characters"]:
        page = client.get(reverse(name, args=[production.pk])).content.decode()
        assert "Hand it in first." in page, name
        assert reverse("script", args=[production.pk]) in page


def test_upload_leaves_a_job_and_shows_it(production, owner, client_of, first, drain):
    client = client_of(owner)
    url = reverse("script", args=[production.pk])
    answer = client.post(url, {"file": SimpleUploadedFile("初光.txt", first)})
    job = Job.objects.get(kind="scripts.import_script")
    assert (answer.status_code, answer["Location"]) == (302, f"{url}?job={job.pk}")
    assert f"{reverse('job', args=[job.pk])}?panel&amp;then=1" in client.get(url).content.decode()
    drain()
    page = client.get(url).content.decode()
    assert "?panel" not in page
    assert "叶家客厅" in page
    again = client.post(url, {"file": SimpleUploadedFile("初光.txt", first)}, follow=True).content.decode()
    assert "This file is revision 1 already." in again
    assert Revision.objects.count() == 1


def test_pasted_text_is_a_script_too(production, owner, client_of, first, drain):
    client_of(owner).post(reverse("script", args=[production.pk]), {"text": first.decode()})
    drain()
    assert Revision.objects.get().source_name == "pasted.txt"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({}, "Choose a file or paste the script."),
        ({"text": "  "}, "Choose a file or paste the script."),
        ({"file": ("a.txt", b"")}, "The file is empty."),
        ({"file": ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(200))}, "This is a picture, and text cannot be read"),
        ({"file": ("a.txt", b"a" * 1001)}, "The file has 1 MB and the limit is 1 MB."),
    ],
)
def test_a_bad_upload_is_a_sentence(production, owner, client_of, settings, words, sentence):
    settings.SCRIPT_UPLOAD_LIMIT = 1000
    data = {key: SimpleUploadedFile(*value) if key == "file" else value for key, value in words.items()}
    answer = client_of(owner).post(reverse("script", args=[production.pk]), data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Job.objects.count() == 0


def test_a_refused_script_is_shown_on_the_page(production, owner, client_of, prose, drain):
    client = client_of(owner)
    url = reverse("script", args=[production.pk])
    client.post(url, {"file": SimpleUploadedFile("novel.txt", prose)})
    drain()
    page = client.get(url).content.decode()
    job = Job.objects.get()
    # Ended work is drawn once: with then=1 the page would load itself again and again.
    assert f'{reverse("job", args=[job.pk])}?panel"' in page
    assert "This reads like a novel" in page


def test_the_text_is_read_by_episode_and_searched(production, imported, owner, client_of):
    client = client_of(owner)
    url = reverse("script", args=[production.pk])
    page = client.get(url, {"episode": "2"}).content.decode()
    assert "桌上放着一张请柬。" in page
    assert "林叶推门而入" not in page
    found = client.get(url, {"q": "请柬"}).content.decode()
    line = next(
        row["line"] for row in production.scenes.get(number="2-1").texts.get().elements if "请柬" in row["text"]
    )
    assert f"?revision=1&amp;episode=2#line-{line}" in found
    assert "Nothing in this draft says that." in client.get(url, {"q": "恐龙"}).content.decode()
    for odd in ["0", "99999", "x", "²", "-1"]:
        assert client.get(url, {"episode": odd, "revision": odd}).status_code == 200


def test_faults_stand_beside_their_lines(production, owner, client_of, first):
    text = first.decode().replace("林叶：我不会放弃的。", "林叶：我不会放弃的。\n阿青：别跳！").encode()
    revision = import_script(production=production, data=text, filename="a.txt", by=owner)
    [fault] = [each for each in revision.faults if each["code"] == "speaker_not_in_cast"]
    page = client_of(owner).get(reverse("script", args=[production.pk])).content.decode()
    at = page.index(f'id="line-{fault["line"]}"')
    assert "阿青 speaks in scene 1-2 but is not in its cast line." in page[at : at + 500]


def test_the_file_comes_back_as_handed_in(production, imported, owner, client_of, first):
    answer = client_of(owner).get(reverse("revision_file", args=[production.pk, 1]))
    assert b"".join(answer.streaming_content) == first


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["1-1", "1-2", "2-1"]),
        ({"episode": "1"}, ["1-1", "1-2"]),
        ({"set_name": "叶家客厅"}, ["1-1", "2-1"]),
        ({"int_ext": "ext"}, ["1-2"]),
        ({"time_of_day": "night"}, ["1-2"]),
        ({"q": "请柬"}, ["2-1"]),
        ({"int_ext": "roof", "episode": "x", "cast": "²"}, ["1-1", "1-2", "2-1"]),
    ],
)
def test_the_scene_list_is_narrowed(production, imported, owner, client_of, query, expected):
    answer = client_of(owner).get(reverse("scenes", args=[production.pk]), query)
    assert [row.number for row in answer.context["rows"]] == expected


def test_the_scene_list_by_role_and_with_omitted(production, imported, owner, client_of, second):
    client = client_of(owner)
    url = reverse("scenes", args=[production.pk])
    role = production.characters.get(name="沈乐")
    assert [row.number for row in client.get(url, {"cast": role.pk}).context["rows"]] == ["1-1", "2-1"]
    import_script(production=production, data=second, filename="b.txt", by=owner)
    assert [row.number for row in client.get(url).context["rows"]] == ["1-1", "2-1", "2-2"]
    assert [row.number for row in client.get(url, {"omitted": "1"}).context["rows"]] == ["1-1", "1-2", "2-1", "2-2"]


def test_a_row_is_edited_in_place(production, scene, owner, client_of):
    client = client_of(owner)
    url = reverse("scene_row", args=[production.pk, scene.pk])
    assert 'name="shoot_minutes"' in client.get(url, {"edit": ""}).content.decode()
    words = {"set_name": "书房", "int_ext": "int", "time_of_day": "night", "synopsis": "对峙", "shoot_minutes": "35"}
    answer = client.post(url, words, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "书房" in answer.content.decode()
    scene.refresh_from_db()
    assert (scene.set_name, scene.time_of_day, scene.shoot_minutes) == ("书房", "night", 35)
    assert client.post(url, words).status_code == 302
    bad = client.post(url, {**words, "shoot_minutes": "0"}, headers={"HX-Request": "true"})
    assert bad.status_code == 422
    assert 'name="shoot_minutes"' in bad.content.decode()


def test_a_locked_row_says_so(production, scene, imported, owner, client_of):
    lock_revision(revision=imported, by=owner)
    words = {"set_name": "书房", "int_ext": "int", "time_of_day": "day", "synopsis": "", "shoot_minutes": "35"}
    answer = client_of(owner).post(
        reverse("scene_row", args=[production.pk, scene.pk]), words, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert "Revision 1 is locked." in answer.content.decode()


def test_the_spreadsheet_holds_the_narrowed_list(production, imported, owner, client_of):
    from python_calamine import CalamineWorkbook

    production.scenes.filter(number="1-2").update(synopsis="=1+1")
    answer = client_of(owner).get(reverse("scenes_xlsx", args=[production.pk]), {"episode": "1"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows] == ["Scene", "1-1", "1-2"]
    assert rows[1][6:8] == ["林叶、沈乐", "警员、男同学×4"]
    assert rows[2][8] == "=1+1"


def test_the_paper_is_a_pdf_with_the_scenes(production, imported, owner, client_of):
    from pypdf import PdfReader

    answer = client_of(owner, "zh-hans").get(reverse("scenes_pdf", args=[production.pk]))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    for part in ["顺场表", "1-1", "2-1", "叶家客厅", "林叶"]:
        assert part in text


def test_things_are_added_tagged_and_taken_off(production, imported, owner, client_of):
    client = client_of(owner)
    url = reverse("breakdown", args=[production.pk])
    words = {"category": "vehicles", "name": "黑色轿车", "scenes": "1-1，2-1"}
    assert client.post(url, words).status_code == 302
    element = production.elements.get(name="黑色轿车")
    assert [scene.number for scene in element.scenes.order_by("sort_key")] == ["1-1", "2-1"]
    tag = reverse("tag_element", args=[production.pk, element.pk])
    client.post(tag, {"untag": "2-1"})
    client.post(tag, {"tag": "1-2"})
    assert [scene.number for scene in element.scenes.order_by("sort_key")] == ["1-1", "1-2"]
    client.post(tag, {"remove": "1"})
    assert not production.elements.filter(pk=element.pk).exists()
    bad = client.post(url, {**words, "scenes": "9-9"})
    assert bad.status_code == 422
    assert "There is no scene 9-9." in bad.content.decode()
    assert not production.elements.filter(name="黑色轿车").exists()


def test_approve_lock_and_review_by_button(production, imported, owner, client_of):
    client = client_of(owner)
    client.post(reverse("lock_revision", args=[production.pk, 1]))
    client.post(
        reverse("review_revision", args=[production.pk, 1]), {"kind": "editorial", "verdict": "pass", "notes": "好"}
    )
    page = client.post(
        reverse("review_revision", args=[production.pk, 1]), {"kind": "platform", "verdict": "return", "notes": ""},
        follow=True,
    )  # fmt: skip
    assert "Say what has to change when you return a draft." in page.content.decode()
    client.post(reverse("approve_breakdown", args=[production.pk]), {"breakdown": imported.breakdown.pk})
    imported.refresh_from_db()
    imported.breakdown.refresh_from_db()
    production.refresh_from_db()
    assert imported.locked_by == owner
    assert (imported.breakdown.state, production.stage) == ("approved", "prep")
    assert [(row.kind, row.verdict) for row in ReviewRound.objects.all()] == [("editorial", "pass")]


def test_the_list_of_scripts_narrows_and_exports(studio, production, imported, owner, other_production, client_of):
    client = client_of(owner)
    open_production(studio=studio, title="=空白", code="KB01", by=owner)
    rows = client.get(reverse("script_list")).context["rows"]
    assert [(row.title, row.drafts, row.scene_count) for row in rows] == [("初光", 1, 3), ("=空白", 0, 0)]
    for state, titles in [("none", ["=空白"]), ("draft", ["初光"]), ("locked", []), ("approved", [])]:
        shown = client.get(reverse("script_list"), {"state": state}).context["rows"]
        assert [row.title for row in shown] == titles
    approve_breakdown(breakdown=imported.breakdown, by=owner)
    assert len(client.get(reverse("script_list"), {"state": "approved"}).context["rows"]) == 1
    sheet = client.get(reverse("script_list"), {"format": "csv"}).content.decode()
    assert sheet.startswith("\ufeff")
    assert "CG01,初光" in sheet
    assert "'=空白" in sheet
    assert other_production.title not in sheet


def test_the_list_has_the_latest_draft_first_and_then_what_has_none(studio, owner, first, client_of, monkeypatch):
    monkeypatch.setattr("scripts_app.views.PAGE", 2)
    made = {code: open_production(studio=studio, title=code, code=code, by=owner) for code in ["A", "B", "C", "D", "E"]}
    for code in ["C", "A", "C"]:
        data = first + f"\n{code}{Revision.objects.count()}".encode()
        import_script(production=made[code], data=data, filename=f"{code}.txt", by=owner)
    client = client_of(owner)
    pages = [client.get(reverse("script_list"), {"page": number}).context["rows"] for number in (1, 2, 3)]
    assert [[row.code for row in rows] for rows in pages] == [["C", "A"], ["E", "D"], ["B"]]
    assert pages[0].paginator.count == 5
    assert [row.drafts for row in pages[0]] == [2, 1]


def test_lists_cost_the_same_for_three(studio, production, owner, first, client_of):
    client = client_of(owner)
    urls = [reverse("script_list"), reverse("scripts"), reverse("reviews", args=[production.pk]), reverse("scenes", args=[production.pk]), reverse("breakdown", args=[production.pk]),
            reverse("script", args=[production.pk]), reverse("characters", args=[production.pk])]  # fmt: skip
    head = "第1集\n1-1 日 内 客厅\n人物：林叶\n△开门。\n林叶：走。\n道具：伞\n"
    import_script(production=production, data=head.encode(), filename="1.txt", by=owner)
    # A dictionary without words asks nothing of the texts.
    add_element(production=production, category="props", name="伞", by=owner)
    counts = []
    for url in urls:
        client.get(url)
        with CaptureQueriesContext(connection) as one:
            client.get(url)
        counts.append(len(one))
    import_script(production=production, data=first, filename="3.txt", by=owner)
    for code in ["A", "B"]:
        more = open_production(studio=studio, title=code, code=code, by=owner)
        import_script(production=more, data=first, filename="3.txt", by=owner)
    add_element(production=production, category="props", name="刀", by=owner, scenes=production.scenes.all())
    for url, count in zip(urls, counts, strict=True):
        client.get(url)
        with CaptureQueriesContext(connection) as three:
            client.get(url)
        # A title that shows later drafts has no more to ask than one with the first.
        assert len(three) <= count, url
