"""The import page as people use it: what it shows, what its buttons and fields decide, who may come."""

import html
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scripts_app import queries
from scripts_app.actions import decide
from scripts_app.models import Reading, Revision
from studio.models import Job
from tests.scripts_app.test_readings import ALIAS, DIRTY

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def script_url(production):
    return reverse("script", args=[production.pk])


@pytest.fixture
def desk(production, owner, client_of, drain, script_url):
    """The page of a script that was just uploaded, as the uploader comes to it."""
    client = client_of(owner)
    sent = client.post(script_url, {"file": SimpleUploadedFile("夜归.txt", DIRTY.encode())})
    assert "?panel&amp;then=1" in client.get(sent["Location"]).content.decode()
    drain()
    # The panel reloads the page it stands on when the job ends.
    arrived = client.get(sent["Location"])
    assert arrived.status_code == 302
    client.url = arrived["Location"]
    return client


def reading_of(desk):
    return Reading.objects.get(pk=int(desk.url.rstrip("/").rpartition("/")[2]))


def text_of(desk, query=""):
    return desk.get(desk.url + query).content.decode()


def send(desk, query="", **words):
    return desk.post(desk.url + query, {"version": reading_of(desk).version, **words}, **HTMX)


def buttons(text, line):
    """Decisions that the buttons beside a line would send."""
    found = []
    for block in re.findall(r'data-fault data-at="\d+" data-line="(\d+)"(.*?)</div></div>', text, re.S):
        if int(block[0]) == line:
            found += [
                json.loads(html.unescape(value)) for value in re.findall(r'name="decision" value="([^"]*)"', block[1])
            ]
    return found


def test_the_page_shows_faults_beside_their_lines_with_what_would_repair_them(desk):
    text = text_of(desk)
    assert "乔 speaks in scene 1-1 and may be 乔安然" in text
    assert buttons(text, 6) == [ALIAS, {"action": "ignore", "code": "speaker_alias", "key": "乔安然|乔"}]
    assert buttons(text, 8)[0] == {"action": "number_scene", "line": 8, "number": "1-2"}
    assert "Rename the role 乔 to 乔安然" in text
    # The second episode is another desk, and the list at the side leads there.
    assert "△" not in text
    assert "她终于回来了" not in text
    assert "她终于回来了" in text_of(desk, "?episode=2")
    assert re.search(r'href="\?episode=2#fault-\d+"', text)
    assert (Revision.objects.count(), "3 things to decide" in text) == (0, True)


def test_a_button_decides_and_the_answer_is_the_page_anew(desk, owner):
    answer = send(desk, decision=json.dumps(ALIAS))
    text = answer.content.decode()
    assert (answer.status_code, text.lstrip().startswith('<div id="reading"')) == (200, True)
    assert "speaks in scene" not in text
    assert "2 things to decide" in text
    assert ("Rename the role 乔 to 乔安然" in text, str(owner) in text) == (True, True)
    undone = send(desk, undo="1").content.decode()
    assert "乔 speaks in scene 1-1" in undone
    assert "2 things to decide" in send(desk, redo="1").content.decode()
    taken = send(desk, take_back="1").content.decode()
    assert "乔 speaks in scene 1-1" in taken


def test_without_scripts_a_button_works_too(desk):
    answer = desk.post(desk.url + "?episode=1", {"version": 0, "decision": json.dumps(ALIAS)})
    assert (answer.status_code, answer["Location"]) == (302, desk.url + "?episode=1")
    assert reading_of(desk).decisions == [ALIAS]


def test_all_of_a_kind_at_once(desk):
    send(desk, accept_all="scene_number_missing")
    text = send(desk, ignore_all="scene_number_duplicate").content.decode()
    assert "1 thing to decide" in text
    assert [step["decisions"][0]["action"] for step in reading_of(desk).steps] == ["number_scene", "ignore"]


def test_fields_decide_about_a_line(desk, production):
    url = reverse("reading_line", args=[production.pk, reading_of(desk).pk, 16])
    form = desk.get(url).content.decode()
    assert ("A scene begins above this line" in form, "乔 is called" in form, 'value="2-1B"' in form) == (
        True,
        True,
        True,
    )
    send(desk, action="split_scene", line="16", number="2-1B", set="乔家门口", int_ext="ext", time="night")
    scene = queries.parsed_reading(reading_of(desk)).scenes[3]
    assert (scene.number, scene.place, scene.int_ext, scene.time_of_day, scene.line) == (
        "2-1B", "乔家门口", "ext", "night", 16,
    )  # fmt: skip
    # A heading: only what is different is decided.
    head = reverse("reading_line", args=[production.pk, reading_of(desk).pk, 13])
    form = desk.get(head).content.decode()
    assert ('value="乔家大厅"' in form, "This is no heading" in form) == (True, True)
    send(desk, action="set_head", line="13", number="2-1", set="乔家客厅", int_ext="int", time="day")
    step = reading_of(desk).steps[-1]["decisions"][0]
    assert {key: step[key] for key in step if key != "at"} == {"action": "set_head", "line": 13, "set": "乔家客厅"}
    send(desk, action="rename_role", **{"from": "乔", "to": "乔安然", "line": "3"})
    assert "乔" in {name for scene in queries.parsed_reading(reading_of(desk)).scenes for name in scene.speakers}
    episode = desk.get(reverse("reading_line", args=[production.pk, reading_of(desk).pk, 12])).content.decode()
    assert "Number of the episode" in episode
    front = desk.get(reverse("reading_line", args=[production.pk, reading_of(desk).pk, 1])).content.decode()
    assert "stands before the story" in front
    assert desk.get(reverse("reading_line", args=[production.pk, reading_of(desk).pk, 999])).status_code == 200


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        ({"decision": "{"}, 422, "Say what is to be decided."), ({"decision": "[1]"}, 422, "Say what is to be decided."),
        ({"action": "fly"}, 422, "Say what is to be decided."), ({}, 422, "Say what is to be decided."),
        ({"action": "number_scene", "line": "8", "number": "x"}, 422, "This is no number of a scene"),
        ({"action": "split_scene", "line": "16"}, 422, "Name the set of the new scene."),
        ({"action": "rename_set", "from": "月球", "to": "火星"}, 422, "This would change nothing"),
        ({"accept_all": "nothing"}, 422, "This would change nothing"), ({"undo": "1"}, 422, "There is nothing to take back."),
        ({"redo": "1"}, 422, "There is nothing to do again."), ({"take_back": "77"}, 422, "There is nothing to take back."),
        ({"version": "7", "undo": "1"}, 409, "Something else was decided meanwhile"),
        ({"version": "x", "decision": json.dumps(ALIAS)}, 409, "Something else was decided meanwhile"),
    ],
)  # fmt: skip
def test_a_bad_decision_is_a_sentence_on_the_page(desk, words, status, sentence):
    answer = desk.post(desk.url, {"version": 0, **words}, **HTMX)
    assert (answer.status_code, sentence in html.unescape(answer.content.decode())) == (status, True)
    assert reading_of(desk).version == 0


def test_who_comes_second_sees_what_the_first_decided(desk, owner):
    decide(reading=reading_of(desk), decisions=[ALIAS], version=0, by=owner)
    answer = desk.post(desk.url, {"version": 0, "ignore_all": "scene_number_missing"}, **HTMX)
    text = answer.content.decode()
    assert (answer.status_code, "Rename the role 乔 to 乔安然" in text, 'data-version="1"' in text) == (409, True, True)
    assert len(reading_of(desk).steps) == 1


def test_what_will_be_saved_is_counted_and_compared(desk, production, owner, drain, script_url):
    text = text_of(desk)
    assert [int(each) for each in re.findall(r"<dd>(\d+)</dd>", text)[:3]] == [2, 4, 3]
    assert "Against revision" not in text
    desk.post(reverse("import_reading", args=[production.pk, reading_of(desk).pk]), {"version": 0})
    drain()
    second = DIRTY.replace("△风很大。", "△风停了。\n△他笑。").replace(
        "2-1 夜 外 街道\n人物：陆川\n陆川：她终于回来了。\n", ""
    )
    desk.post(script_url, {"text": second})
    drain()
    desk.url = reverse("reading", args=[production.pk, Reading.objects.get(state="open").pk])
    text = text_of(desk)
    assert "Against revision 1" in text
    assert re.findall(r'change-(\w+)"', text) == ["changed", "omitted"]
    assert "1 scene of the title is not in this script and would be omitted." in text


def test_import_goes_by_a_job_and_leads_to_the_script(desk, production, drain, script_url):
    send(desk, decision=json.dumps(ALIAS))
    url = reverse("import_reading", args=[production.pk, reading_of(desk).pk])
    stale = desk.post(url, {"version": 0})
    assert stale.status_code == 409
    sent = desk.post(url, {"version": 1})
    job = Job.objects.get(kind="scripts.import_reading")
    assert (sent.status_code, sent["Location"]) == (302, f"{script_url}?job={job.pk}")
    assert "?panel&amp;then=1" in desk.get(sent["Location"]).content.decode()
    drain()
    text = desk.get(sent["Location"]).content.decode()
    assert ("乔安然" in text, "waits for your decisions" in text) == (True, False)
    # The page of what is imported leads to its revision.
    assert desk.get(desk.url)["Location"] == f"{script_url}?revision=1"
    assert desk.post(url, {"version": 1})["Location"] == f"{script_url}?revision=1"
    late = send(desk, undo="1")
    assert (late.status_code, "imported or dropped already" in late.content.decode()) == (409, True)


def test_a_script_that_waits_is_found_on_the_script_page_and_dropped(desk, production, script_url):
    text = desk.get(script_url).content.decode()
    assert ("夜归.txt" in text, desk.url in text) == (True, True)
    answer = desk.post(reverse("discard_reading", args=[production.pk, reading_of(desk).pk]), follow=True)
    assert "Nothing of the title was changed." in answer.content.decode()
    assert "waits for your decisions" not in desk.get(script_url).content.decode()
    assert desk.get(desk.url)["Location"] == script_url


def test_filters_show_remarks_or_one_kind(desk):
    text = text_of(desk, "?episode=2&show=all&code=scene_number_duplicate")
    assert set(re.findall(r'data-fault data-at="\d+" data-line="\d+" data-code="(\w+)"', text)) == {
        "scene_number_duplicate"
    }
    assert 'data-code="' not in text_of(desk, "?episode=1&show=info&code=nothing")
    for odd in ["?episode=x", "?episode=²", "?episode=99999", "?show=<b>", "?code=%00"]:
        assert desk.get(desk.url + odd).status_code == 200, odd


def test_a_lost_file_leads_back_with_a_sentence(desk, script_url):
    from django.core.files.storage import default_storage

    default_storage.delete(reading_of(desk).source_file.name)
    queries.readings._read_file.cache_clear()
    answer = desk.get(desk.url, follow=True)
    assert answer.redirect_chain[-1][0] == script_url
    assert "The file is no longer kept." in answer.content.decode()


def test_others_do_not_see_it_and_readers_do_not_decide(desk, production, other_owner, make_member, client_of):
    reading = reading_of(desk)
    line, importing, dropping = (
        reverse("reading_line", args=[production.pk, reading.pk, 6]),
        reverse("import_reading", args=[production.pk, reading.pk]), reverse("discard_reading", args=[production.pk, reading.pk]),
    )  # fmt: skip
    other = client_of(other_owner)
    assert [other.get(desk.url).status_code, other.get(line).status_code] == [404, 404]
    assert [other.post(url).status_code for url in (desk.url, importing, dropping)] == [404, 404, 404]
    reader = client_of(make_member(production.studio, "post_supervisor"))
    text = reader.get(desk.url).content.decode()
    assert ("乔 speaks in scene 1-1" in text, "data-accept" in text, "data-line-more" in text) == (True, False, False)
    assert [reader.post(url).status_code for url in (desk.url, importing, dropping)] == [403, 403, 403]
    reading.refresh_from_db()
    assert (reading.state, reading.version) == ("open", 0)


def test_the_page_costs_the_same_for_many_scenes_and_decisions(desk, owner, production, drain, script_url):
    text_of(desk)
    with CaptureQueriesContext(
        connection,
    ) as few:
        text_of(desk)
    more = "".join(
        f"第{n}集\n{n}-1 日 内 乔家客厅\n人物：陆川\n陆川：第{n}次。\n夜 外 街道{n}\n陆川：走。\n" for n in range(3, 9)
    )
    desk.post(script_url, {"text": DIRTY + more})
    drain()
    desk.url = reverse("reading", args=[production.pk, Reading.objects.order_by("pk").last().pk])
    send(desk, accept_all="scene_number_missing")
    send(desk, decision=json.dumps(ALIAS))
    text_of(desk)
    with CaptureQueriesContext(connection) as many:
        text_of(desk)
    # Only the names of those who decided are asked for besides.
    assert len(many) <= len(few) + 1


def test_the_api_stops_where_there_is_something_to_decide(production, owner, api_of, drain):
    api = api_of(owner)
    for review in (True, False):
        answer = api.post(
            "/api/v1/script-imports/", {"production": production.pk, "text": DIRTY, "review": review}, format="json"
        )
        assert answer.status_code == 202
        drain()
        result = Job.objects.get(pk=answer.json()["id"]).result
        assert ("reading" in result, result.get("number")) == ((True, None) if review else (False, 1))
        assert {each["code"] for each in result["faults"]} >= {"speaker_alias", "scene_number_missing"}
