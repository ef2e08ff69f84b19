"""Two drafts side by side, what one made stale, and the colours they come in: through the pages people use."""

import re

import pytest
from django.urls import reverse

from scripts_app import actions
from scripts_app.actions import import_script
from scripts_app.actions.staleness import list_stale, settle_stale
from scripts_app.models import Revision, RevisionColour, StaleItem
from scripts_app.queries import compare
from studio.models import Event, Notice
from studio.refusals import Refused

OLD = """《初光》
【故事大纲】她回来了。
第1集
1-1 日 内 客厅
人物：林叶
△林叶推门而入，看见满地的碎瓷片。
林叶：谁干的？
1-2 夜 外 天台
人物：沈乐
△沈乐靠着栏杆，点燃第二支烟，城市在脚下。
1-3 日 内 医院
人物：林叶、沈乐
△病房里只有仪器的声音，林叶握着他的手。
第2集
2-1 日 内 公司
人物：管家
△管家把一封信放在桌上，退了出去。
"""
NEW = """《初光》
【故事大纲】她回来了。
第1集
1-1 日 内 客厅
人物：林叶、管家
△林叶推门而入，看见满地的碎瓷片。
林叶：到底是谁干的？
1-2 晨 外 巷口
人物：林叶
△卖早点的摊子冒着热气，一辆黑车停在路边。
1-3 夜 外 天台
人物：沈乐
△沈乐靠着栏杆，点燃第二支烟，城市在脚下。
第2集
2-1 夜 内 董事会会议室
人物：管家
△管家把一封信放在桌上，退了出去。
"""


@pytest.fixture
def two(production, owner):
    return [
        import_script(production=production, data=text.encode(), filename=f"{at}.txt", by=owner)
        for at, text in enumerate((OLD, NEW), start=1)
    ]


def test_what_became_of_each_scene(two):
    told = [
        (each.kind, each.old and each.old.number, each.new and each.new.number, each.changed) for each in compare(*two)
    ]
    assert told == [
        ("changed", "1-1", "1-1", ("text", "cast")), ("new", None, "1-2", ()), ("moved", "1-2", "1-3", ()),
        ("omitted", "1-3", None, ()), ("changed", "2-1", "2-1", ("heading",)),
    ]  # fmt: skip
    # The other way round, what was new is omitted.
    assert [each.kind for each in compare(two[1], two[0])] == ["changed", "omitted", "moved", "new", "changed"]


def page_of(client_of, user, production, number=2, **query):
    return client_of(user).get(reverse("revision_changes", args=[production.pk, number]), query)


def test_the_page_names_what_changed(two, production, owner, client_of):
    page = re.sub(r"\s+", " ", page_of(client_of, owner, production).content.decode())
    assert "1-2 → 1-3" in page
    assert "林叶：<ins>到底是</ins>谁干的？" in page
    assert "<dt>Joins the cast</dt><dd><ins>管家</ins>" in page
    assert "<del>公司</del> → <ins>董事会会议室</ins>" in page
    assert "<del>病房里只有仪器的声音，林叶握着他的手。</del>" in page
    assert re.search(r'kind=moved"[^>]*>Moved <span class="count">1<', page)
    assert re.search(r'kind=changed"[^>]*>Changed <span class="count">2<', page)
    assert "White" in page
    assert "Blue" in page


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [
        ("", {"1-1", "1-2", "1-3", "2-1"}), ("changed", {"1-1", "2-1"}), ("moved", {"1-2", "1-3"}), ("new", {"1-2"}),
        ("omitted", {"1-3"}), ("unchanged", set()), ("nonsense", {"1-1", "1-2", "1-3", "2-1"}),
    ],
)  # fmt: skip
def test_the_page_is_narrowed_by_kind(two, production, owner, client_of, kind, numbers):
    page = page_of(client_of, owner, production, kind=kind).content.decode()
    heads = re.findall(r'<h3 class="num">([^<]*)</h3>', page)
    assert {number for head in heads for number in head.split(" → ")} == numbers


def test_any_two_drafts_are_compared_and_the_earlier_stands_left(two, production, owner, client_of):
    third = import_script(production=production, data=(NEW + "△灯灭了。\n").encode(), filename="3.txt", by=owner)
    page = page_of(client_of, owner, production, number=1, against=third.number)
    assert (page.context["before"].number, page.context["after"].number) == (1, 3)
    assert page_of(client_of, owner, production, number=3).context["before"].number == 2
    assert page_of(client_of, owner, production, number=3, against="9" * 9).context["before"].number == 2


def test_the_first_draft_says_that_there_is_nothing_beside_it(two, production, owner, client_of):
    assert "This is the first draft." in page_of(client_of, owner, production, number=1).content.decode()
    assert page_of(client_of, owner, production, number=9).status_code == 404


def test_the_page_is_the_titles_own(two, production, other_owner, make_member, client_of):
    assert page_of(client_of, other_owner, production).status_code == 404
    assert page_of(client_of, make_member(production.studio, "finance"), production).status_code == 403


def long_draft(scenes, word):
    return "《长》\n第1集\n" + "".join(
        f"1-{at} 日 内 客厅{at}\n人物：林叶\n△第{at}次，她把{chr(0x4E00 + at * 7) * 9}放回原处，{word}。\n" for at in range(1, scenes + 1)
    )  # fmt: skip


def test_the_page_asks_the_same_however_many_scenes(production, owner, client_of, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(owner)
    asked = []
    for scenes in (1, 30):
        for word in ("走了", "没有走"):
            import_script(production=production, data=long_draft(scenes, word).encode(), filename="l.txt", by=owner)
        StaleItem.objects.bulk_create(
            [
                StaleItem(revision=Revision.objects.first(), kind="scripts_app.stale_tags", key=f"k{at}", verb="script.edit", settled_by=owner, settled_at=Revision.objects.first().created_at)
                for at in range(scenes)
            ]
        )  # fmt: skip
        url = reverse("revision_changes", args=[production.pk, Revision.objects.order_by("-number").first().number])
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]


# --- stale


def tag(production, owner, number, name):
    actions.add_element(
        production=production, category="props", name=name, by=owner, scenes=[production.scenes.get(number=number)]
    )


@pytest.fixture
def stale(production, owner, make_member, drain):
    import_script(production=production, data=OLD.encode(), filename="1.txt", by=owner)
    tag(production, owner, "1-1", "瓷片")
    tag(production, owner, "1-3", "仪器")
    tag(production, owner, "2-1", "信")
    drain()
    Notice.objects.all().delete()
    import_script(production=production, data=NEW.encode(), filename="2.txt", by=owner)
    drain()
    return list(StaleItem.objects.order_by("key"))


def test_tags_of_scenes_told_anew_are_listed(stale):
    # 2-1 only got another set: what was tagged in its text is tagged there still.
    assert [(item.kind, item.key, item.params, item.verb) for item in stale] == [
        ("scripts_app.stale_tags", "stale_tags:1", {"episode": 1, "scenes": "1-1", "count": 1}, "script.edit"),
        ("scripts_app.stale_tags_omitted", "stale_tags_omitted:1", {"episode": 1, "scenes": "1-3", "count": 1}, "script.edit"),
    ]  # fmt: skip


def test_those_concerned_are_told_once(production, owner, make_member, drain, stale):
    editor = make_member(production.studio, "script_editor")
    finance = make_member(production.studio, "finance")
    revision = Revision.objects.get(number=2)
    for _ in range(2):
        list_stale(revision=revision, actor_id=owner.pk)
    assert StaleItem.objects.count() == 2
    told = Notice.objects.filter(kind="scripts_app.stale")
    assert [(notice.user, notice.params["count"]) for notice in told] == [(editor, 2)]
    assert not told.filter(user__in=[finance, owner]).exists()


def test_a_thing_is_dealt_with_once(production, owner, make_member, stale):
    other = make_member(production.studio, "producer")
    settle_stale(item=stale[0], by=owner)
    at = stale[0].settled_at
    settle_stale(item=stale[0], by=other)
    assert (stale[0].settled_by, stale[0].settled_at) == (owner, at)
    assert Event.objects.filter(name="StaleItemSettled").count() == 1


def test_a_settled_thing_stays_settled_when_the_fact_is_heard_again(production, owner, stale):
    settle_stale(item=stale[0], by=owner)
    list_stale(revision=Revision.objects.get(number=2))
    stale[0].refresh_from_db()
    assert stale[0].settled_by == owner


def test_the_page_settles(production, owner, client_of, stale):
    client = client_of(owner)
    url = reverse("settle_stale", args=[production.pk, stale[0].pk])
    assert url in page_of(client_of, owner, production).content.decode()
    assert client.post(url).status_code == 302
    page = page_of(client_of, owner, production).content.decode()
    assert url not in page
    assert "Dealt with" in page


def test_whom_it_does_not_concern_reads_and_leaves_it(production, make_member, other_owner, client_of, stale):
    url = reverse("settle_stale", args=[production.pk, stale[0].pk])
    supervisor = make_member(production.studio, "post_supervisor")
    assert url not in page_of(client_of, supervisor, production).content.decode()
    assert client_of(supervisor).post(url).status_code == 403
    assert client_of(other_owner).post(url).status_code == 404
    stale[0].refresh_from_db()
    assert stale[0].settled_at is None


# --- colours


def test_a_studio_edits_its_colours(production, owner, client_of):
    client = client_of(owner)
    page = client.get(reverse("revision_colours")).content.decode()
    assert re.findall(r'name="name" value="([^"]+)"', page)[:3] == ["White", "Blue", "Pink"]
    answer = client.post(
        reverse("revision_colours"), {"name": ["白页", "", " 二改 蓝 "], "tint": ["white", "pink", "blue"]}
    )
    assert answer.status_code == 302
    assert list(RevisionColour.objects.values_list("position", "name", "tint")) == [
        (0, "白页", "white"), (1, "二改 蓝", "blue"),
    ]  # fmt: skip
    first = import_script(production=production, data=OLD.encode(), filename="1.txt", by=owner)
    assert first.colour == "白页"
    assert (
        '<i class="paper paper-white"></i>白页' in client.get(reverse("script", args=[production.pk])).content.decode()
    )


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ([], "colours_missing"), ([("白", "white"), ("白", "blue")], "colour_twice"), ([("", "white")], "name_missing"),
        ([("紫", "purple")], "unknown_tint"), ([("长" * 41, "white")], "too_long"),
        ([(str(at), "white") for at in range(25)], "too_many_colours"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_is_refused_whole(production, owner, given, code):
    from scripts_app.colours import set_colours

    set_colours(studio=production.studio, colours=[("白页", "white")], by=owner)
    with pytest.raises(Refused) as refused:
        set_colours(studio=production.studio, colours=given, by=owner)
    assert refused.value.code == code
    assert list(RevisionColour.objects.values_list("name", flat=True)) == ["白页"]


def test_the_page_says_why_it_refuses_and_keeps_what_was_typed(production, owner, client_of):
    answer = client_of(owner).post(reverse("revision_colours"), {"name": ["白", "白"], "tint": ["white", "blue"]})
    assert answer.status_code == 422
    assert "“白” stands twice in the list." in answer.content.decode()
    assert answer.content.decode().count('value="白"') == 2
    assert RevisionColour.objects.count() == 0
