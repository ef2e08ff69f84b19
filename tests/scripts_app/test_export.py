"""A draft taken away as a file, from the page and over REST, and handed in again."""

from __future__ import annotations

import io
import urllib.parse

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from scripts_app.actions import edit_scene, import_script
from scripts_app.models import SceneText
from scripts_app.parsers import read_script
from studio.actions import open_production

FILES = ["fountain", "fdx", "docx"]
ENGLISH = b"""Title: Harbour

INT. OFFICE - NIGHT #12#

= The letter arrives.

Maya waits.

MAYA (V.O.)
(low)
I came back.
"""


@pytest.fixture
def imported(production, owner, first):
    return import_script(production=production, data=first, filename="a.txt", by=owner)


def url_of(revision, to):
    address = reverse("export_revision", args=[revision.script.production_id, revision.number])
    return f"{address}?{urllib.parse.urlencode({'to': to})}"


def heads_and_lines(revision):
    kept = (
        "int_ext",
        "time_of_day",
        "time_written",
        "set_name",
        "sub_place",
        "flashback",
        "synopsis",
        "title",
        "note",
        "cast",
    )
    return [
        (
            text.number, {name: text.head[name] for name in kept},
            [{name: value for name, value in row.items() if name != "line"} for row in text.elements],
        )
        for text in SceneText.objects.filter(revision=revision).order_by("pk")
    ]  # fmt: skip


@pytest.mark.parametrize("to", FILES)
@pytest.mark.parametrize("english", [False, True])
def test_a_draft_exported_and_handed_in_again_is_the_same(production, owner, client_of, first, to, english):
    name, data = ("a.fountain", ENGLISH) if english else ("a.txt", first)
    revision = import_script(production=production, data=data, filename=name, by=owner)
    # What people change in the rows is no part of what the draft says.
    edit_scene(scene=production.scenes.first(), by=owner, set_name="别处")
    answer = client_of(owner).get(url_of(revision, to))
    assert answer.status_code == 200
    again = import_script(production=production, data=answer.content, filename=f"b.{to}", by=owner)
    assert again.number == 2
    assert heads_and_lines(again) == heads_and_lines(revision)
    assert [row["title"] for row in again.episodes] == [row["title"] for row in revision.episodes]


def test_the_file_is_named_by_title_and_draft(imported, owner, client_of):
    production = imported.script.production
    production.title = '初光/"一"'
    production.save(update_fields=["title"])
    answer = client_of(owner).get(url_of(imported, "fdx"))
    assert answer["Content-Type"] == "application/xml"
    assert urllib.parse.unquote(answer["Content-Disposition"]) == "attachment; filename*=UTF-8''初光 一 Revision 1.fdx"


def test_the_scene_list_has_a_row_a_scene(imported, owner, client_of):
    answer = client_of(owner).get(url_of(imported, "xlsx"))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [(row[0], row[1], row[2], row[3], row[4]) for row in rows[1:]] == [
        (1.0, "1-1", "内", "日", "叶家客厅"), (1.0, "1-2", "外", "夜", "天台"), (2.0, "2-1", "内", "日", "叶家客厅"),
    ]  # fmt: skip
    assert rows[1][6] == "林叶、沈乐、警员若干、男同学*4"


def test_text_that_looks_like_a_formula_stays_text(production, owner, client_of):
    data = '1-1 日 内 =1+1\n人物：甲\n△=HYPERLINK("http://x")\n甲：走。'.encode()
    revision = import_script(production=production, data=data, filename="a.txt", by=owner)
    answer = client_of(owner).get(url_of(revision, "xlsx"))
    row = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()[1]
    assert (row[4], row[7]) == ("=1+1", '=HYPERLINK("http://x")')


def test_an_unknown_format_is_not_there(imported, owner, client_of, api_of):
    assert client_of(owner).get(url_of(imported, "exe")).status_code == 404
    answer = api_of(owner).get(f"/api/v1/revisions/{imported.pk}/export/", {"to": "exe"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "to")
    assert api_of(owner).get(f"/api/v1/revisions/{imported.pk}/export/").status_code == 400


def test_drafts_are_listed_and_exported_over_rest(imported, owner, other_owner, api_of):
    api = api_of(owner)
    row = api.get("/api/v1/revisions/", {"production": imported.script.production_id}).json()["results"][0]
    assert (row["id"], row["number"], row["layout"]) == (imported.pk, 1, "chinese")
    answer = api.get(f"/api/v1/revisions/{imported.pk}/export/", {"to": "fountain"})
    assert [scene.number for scene in read_script(answer.content, "a.fountain").scenes] == ["1-1", "1-2", "2-1"]
    assert api_of(other_owner).get("/api/v1/revisions/").json()["results"] == []
    assert api_of(other_owner).get(f"/api/v1/revisions/{imported.pk}/export/", {"to": "fdx"}).status_code == 404


def test_crew_take_no_script_away(imported, make_member, other_owner, client_of):
    assert (
        client_of(make_member(imported.script.production.studio, "crew")).get(url_of(imported, "docx")).status_code
        == 403
    )
    assert client_of(other_owner).get(url_of(imported, "docx")).status_code == 404


def test_the_page_offers_every_format_of_the_draft_shown(imported, owner, client_of):
    page = client_of(owner).get(reverse("script", args=[imported.script.production_id])).content.decode()
    for to in (*FILES, "xlsx"):
        assert url_of(imported, to) in page


def test_a_long_script_asks_no_more_questions(studio, owner, client_of):
    client = client_of(owner)
    counts = []
    for title, scenes in (("一", 1), ("三", 30)):
        production = open_production(studio=studio, code=f"EX{scenes}", title=title, by=owner)
        text = "第1集\n" + "\n".join(f"1-{n} 日 内 客厅\n人物：甲\n甲：走。" for n in range(1, scenes + 1))
        revision = import_script(production=production, data=text.encode(), filename="a.txt", by=owner)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(url_of(revision, "fountain")).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
