"""Content flags through the page: found, decided, carried into the next draft."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from compliance.flags import Looked, look_for_flags
from compliance.models import ContentFlag, FlagTerm
from scripts_app.actions import import_script
from scripts_app.models import Element, Scene, Tag
from studio.models import Event

FIRST = """第1集
1-1 日 内 叶家客厅
人物：林叶
△林叶点上香烟。
林叶：我们去赌场。
1-2 夜 外 天台
人物：林叶
△林叶想要跳楼。
"""
# The casino is written otherwise; the roof moves to the front with its line as it was.
SECOND = FIRST.replace("我们去赌场。", "我们别去赌场了。").replace("△林叶点上香烟。", "△天亮了。\n△林叶点上香烟。")


@pytest.fixture
def client(owner, client_of):
    return client_of(owner)


@pytest.fixture
def url(production, owner):
    import_script(production=production, data=FIRST.encode(), filename="一稿.txt", by=owner)
    return reverse("content_flags", args=[production.pk])


def rows(production):
    return [
        (row.scene.number, row.line, row.kind, row.word, row.state)
        for row in ContentFlag.objects.filter(production=production, gone_at=None)
        .select_related("scene").order_by("scene__sort_key", "line")
    ]  # fmt: skip


def flag(word):
    return ContentFlag.objects.get(word=word, gone_at=None)


def decide(client, row, **words):
    return client.post(reverse("decide_flag", args=[row.production_id, row.pk]), words, follow=True).content.decode()


def test_flags_are_found_by_episode_and_line(production, client, url):
    answer = client.post(reverse("look_for_flags", args=[production.pk]), follow=True)
    assert "Looked through: 3 new, 0 known, 0 no longer there." in answer.content.decode()
    assert [(number, kind, word, state) for number, _line, kind, word, state in rows(production)] == [
        ("1-1", "smoking", "香烟", "open"), ("1-1", "gambling", "赌场", "open"), ("1-2", "suicide", "跳楼", "open"),
    ]  # fmt: skip
    text = client.get(url).content.decode()
    assert "<mark>赌场</mark>" in text
    assert "我们去" in text
    narrowed = client.get(url, {"kind": "suicide"}).context["episodes"]
    assert [[row.word for row in found] for _episode, found in narrowed] == [["跳楼"]]


def test_a_person_decides_with_a_reason(production, owner, client, url):
    look_for_flags(production=production, by=owner)
    assert "Say why it stays, or what is to change." in decide(client, flag("香烟"), state="kept")
    assert flag("香烟").state == "open"
    decide(client, flag("香烟"), state="kept", reason="反派戏，配警示字幕")
    decide(client, flag("赌场"), state="change", reason="改成茶馆")
    decide(client, flag("跳楼"), state="cleared")
    assert [row[4] for row in rows(production)] == ["kept", "change", "cleared"]
    assert (flag("香烟").decided_by, flag("香烟").reason) == (owner, "反派戏，配警示字幕")
    assert Event.objects.filter(name="ContentFlagDecided").count() == 3
    decide(client, flag("香烟"), state="open")
    assert (flag("香烟").decided_by, flag("香烟").decided_at) == (None, None)
    assert "Choose what becomes of it." in decide(client, flag("香烟"), state="nonsense")


def test_decisions_follow_their_line_into_the_next_draft(production, owner, client, url):
    look_for_flags(production=production, by=owner)
    line = flag("香烟").line
    decide(client, flag("香烟"), state="kept", reason="反派戏")
    decide(client, flag("赌场"), state="kept", reason="只是嘴上说")
    import_script(production=production, data=SECOND.encode(), filename="二稿.txt", by=owner)
    assert look_for_flags(production=production, by=owner) == Looked(new=1, carried=2, gone=1)
    assert (flag("香烟").line, flag("香烟").reason) == (line + 1, "反派戏")
    # The line reads otherwise: somebody looks again. What was decided of the old one is kept.
    assert (flag("赌场").state, flag("赌场").quote) == ("open", "我们别去赌场了。")
    assert ContentFlag.objects.get(word="赌场", gone_at__isnull=False).reason == "只是嘴上说"
    assert look_for_flags(production=production, by=owner) == Looked(new=0, carried=3, gone=0)


def test_tagged_things_are_looked_at_as_well(production, owner, url):
    scene = Scene.objects.get(number="1-2")
    element = Element.objects.create(production=production, category="props", name="雪茄盒", suggested=False)
    Tag.objects.create(element=element, scene=scene, origin="hand")
    look_for_flags(production=production, by=owner)
    row = flag("雪茄")
    assert (row.origin, row.scene, row.quote) == ("breakdown", scene, "雪茄盒")


def test_the_studio_s_own_words_stand_for_the_working_list(production, owner, other_studio, url):
    FlagTerm.objects.create(
        studio=production.studio, kind="other", word="天台", from_date=dt.date(2026, 1, 1), source="x"
    )
    FlagTerm.objects.create(studio=production.studio, kind="other", word="林叶", from_date=dt.date(2020, 1, 1),
                            until_date=dt.date(2021, 1, 1), source="x")  # fmt: skip
    FlagTerm.objects.create(studio=other_studio, kind="other", word="我们", from_date=dt.date(2020, 1, 1), source="x")
    assert look_for_flags(production=production, by=owner).new == 0


def test_who_sees_and_who_decides(production, owner, other_owner, make_member, client_of, url):
    look_for_flags(production=production, by=owner)
    door = reverse("decide_flag", args=[production.pk, flag("香烟").pk])
    editor = client_of(make_member(production.studio, "script_editor"))
    assert (editor.get(url).status_code, editor.post(door, {"state": "cleared"}).status_code) == (200, 403)
    assert client_of(other_owner).get(url).status_code == 404
    assert client_of(other_owner).post(door, {"state": "cleared"}).status_code == 404


def test_the_page_costs_the_same_for_any_number(production, owner, client, url):
    look_for_flags(production=production, by=owner)
    client.get(url)
    counts = []
    for _more in range(2):
        with CaptureQueriesContext(connection) as caught:
            client.get(url)
        counts.append(len(caught))
        FlagTerm.objects.filter(studio=production.studio).delete()
        FlagTerm.objects.bulk_create(
            FlagTerm(studio=production.studio, kind="other", word=word, from_date=dt.date(2026, 1, 1), source="x")
            for word in ("香烟", "赌场", "跳楼", "林叶")
        )
        look_for_flags(production=production, by=owner)
    assert ContentFlag.objects.filter(gone_at=None).count() == 5
    assert counts[0] == counts[1]
