"""Tagging, suggestions, rules, catalogue and sheets through the doors people use."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scripts_app import actions
from scripts_app.models import BreakdownStep, DictionaryWord, Element, LinkRule, Mark, Refusal, Tag
from studio.actions import open_production

HTMX = {"HX-Request": "true"}


@pytest.fixture
def imported(production, owner, first):
    return actions.import_script(production=production, data=first, filename="a.txt", by=owner)


@pytest.fixture
def scene(production, imported):
    return production.scenes.get(number="2-1")


@pytest.fixture
def here(production, scene):
    return reverse("scene_breakdown", args=[production.pk, scene.pk])


# 桌上放着一张请柬。 is the first line of 2-1.
MARK = {"category": "props", "name": "", "line": "0", "start": "6", "length": "2", "words": "请柬"}


def test_a_mark_shows_in_its_place_when_the_page_is_opened_again(here, owner, client_of):
    client = client_of(owner)
    answer = client.post(here, MARK, headers=HTMX)
    assert answer.status_code == 200
    shown = '桌上放着一张<mark class="tagged cat-props" data-letters="P" title="Props：请柬">请柬</mark>。'
    assert shown in answer.content.decode()
    assert shown in client.get(here).content.decode()
    # Without scripts the same form leads back to the page.
    assert client.post(here, {**MARK, "name": "红色请柬"})["Location"] == here
    assert sorted(Mark.objects.values_list("tag__element__name", flat=True)) == ["红色请柬", "请柬"]


def test_the_mark_is_there_in_the_next_draft(production, here, owner, client_of, first):
    client = client_of(owner)
    client.post(here, MARK, headers=HTMX)
    text = first.decode().replace("人物：林叶\n△桌上", "人物：林叶\n△灯亮了。\n△桌上").encode()
    actions.import_script(production=production, data=text, filename="b.txt", by=owner)
    assert (
        '一张<mark class="tagged cat-props" data-letters="P" title="Props：请柬">请柬</mark>'
        in client.get(here).content.decode()
    )
    gone = text.decode().replace("一张请柬", "一只碗").encode()
    actions.import_script(production=production, data=gone, filename="c.txt", by=owner)
    page = client.get(here).content.decode()
    assert "the text no longer says “请柬”" in page
    assert '<mark class="tagged cat-props"' not in page


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        ({"words": "情书"}, 409, "The text is another one by now."),
        ({"line": "x"}, 409, "The text is another one by now."),
        ({"start": "9" * 30}, 409, "The text is another one by now."),
        ({"category": "food"}, 422, "Choose what kind of thing it is."),
        ({"name": "长" * 81}, 422, "At most 80 characters."),
    ],
)
def test_a_mark_that_cannot_be_is_a_sentence(here, owner, client_of, words, status, sentence):
    answer = client_of(owner).post(here, {**MARK, **words}, headers=HTMX)
    assert (answer.status_code, sentence in answer.content.decode()) == (status, True)
    assert not Mark.objects.exists()


def test_a_scene_is_worked_through(production, scene, here, owner, client_of):
    client = client_of(owner)
    actions.add_word(studio=production.studio, category="props", word="请柬", name="红色请柬", by=owner)
    actions.add_word(studio=production.studio, category="set_dressing", word="桌", name="", by=owner)
    page = client.get(here).content.decode()
    assert '<mark class="tagged cat-props maybe"' in page
    client.post(here, {"do": "accept", "thing": "props:红色请柬"}, headers=HTMX)
    client.post(here, {"do": "refuse", "thing": "set_dressing:桌"}, headers=HTMX)
    assert list(Tag.objects.filter(scene=scene).values_list("element__name", flat=True)) == ["红色请柬"]
    page = client.get(here).content.decode()
    assert "maybe" not in page
    assert "“桌” refused for this title" in page
    element = Element.objects.get(name="红色请柬")
    client.post(here, {"do": "untag", "element": element.pk}, headers=HTMX)
    assert not Tag.objects.filter(scene=scene).exists()
    for _step in range(2):
        step = BreakdownStep.objects.filter(undone_at=None).first()
        client.post(here, {"do": "undo", "step": step.pk}, headers=HTMX)
    assert list(Tag.objects.filter(scene=scene).values_list("element__name", flat=True)) == ["红色请柬"]
    assert not Refusal.objects.exists()
    late = client.post(here, {"do": "undo", "step": step.pk}, headers=HTMX)
    assert (late.status_code, "Undo the last step first." in late.content.decode()) == (409, True)


def test_suggestions_of_a_title_by_kind_and_back(production, imported, owner, client_of):
    client = client_of(owner)
    page, step = reverse("breakdown", args=[production.pk]), reverse("breakdown_step", args=[production.pk])
    for word, category in [("请柬", "props"), ("风", "effects"), ("门", "set_dressing")]:
        actions.add_word(studio=production.studio, category=category, word=word, name="", by=owner)
    proposed = client.get(page).context["proposed"]
    assert {code: [(thing.name, [number for _pk, number in thing.scenes]) for thing in things] for code, things in proposed.items()} == {
        "props": [("请柬", ["1-1", "2-1"])], "effects": [("风", ["1-2"])], "set_dressing": [("门", ["1-1"])],
    }  # fmt: skip
    client.post(step, {"do": "accept", "thing": "effects:"})
    client.post(step, {"do": "refuse", "thing": "set_dressing:门"})
    assert list(client.get(page).context["proposed"]) == ["props"]
    client.post(step, {"do": "allow", "refusal": Refusal.objects.get().pk})
    assert list(client.get(page).context["proposed"]) == ["props", "set_dressing"]
    for _step in range(3):
        client.post(step, {"do": "undo", "step": BreakdownStep.objects.filter(undone_at=None).first().pk})
    assert list(client.get(page).context["proposed"]) == ["props", "effects", "set_dressing"]
    assert not Element.objects.filter(name="风").exists()


def test_what_belongs_to_another_studio_is_not_there(
    production, here, imported, other_production, owner, other_owner, client_of
):
    client = client_of(owner)
    step = BreakdownStep.objects.create(
        studio=other_production.studio, production=other_production, kind="tag", made_at=imported.created_at
    )
    refusal = Refusal.objects.create(production=other_production, category="props", name="剑")
    element = Element.objects.create(production=other_production, category="props", name="剑")
    word = DictionaryWord.objects.create(studio=other_production.studio, category="props", word="剑", name="剑")
    rule = LinkRule.objects.create(
        studio=other_production.studio, when="role", when_name="甲", then_category="props", then_name="剑"
    )
    title_step, links = reverse("breakdown_step", args=[production.pk]), reverse("link_rules", args=[production.pk])
    for url, words in [
        (here, {"do": "undo", "step": step.pk}), (title_step, {"do": "undo", "step": step.pk}),
        (title_step, {"do": "allow", "refusal": refusal.pk}), (here, {"do": "untag", "element": element.pk}),
        (reverse("dictionary"), {"do": "forget", "word_pk": word.pk}), (links, {"do": "delete", "rule": rule.pk}),
        (reverse("catalogue"), {"do": "undo", "step": step.pk}),
    ]:  # fmt: skip
        assert client.post(url, words).status_code == 404, (url, words)
    assert client.get(reverse("catalogue_thing"), {"category": "props", "name": "剑"}).status_code == 404
    for url in (reverse("catalogue"), reverse("dictionary"), links):
        assert "剑" not in client.get(url).content.decode()
    client.post(
        reverse("catalogue"),
        {"do": "rename", "category": "props", "name": "剑", "to_category": "props", "to_name": "刀"},
    )
    element.refresh_from_db()
    assert element.name == "剑"
    assert client_of(other_owner).get(here).status_code == 404


def test_who_works_on_one_title_does_not_change_the_studios_things(production, imported, here, make_member, client_of):
    client = client_of(make_member(production.studio, "assistant_director", production=production))
    assert client.post(here, MARK, headers=HTMX).status_code == 200
    rename = {"do": "rename", "category": "props", "name": "请柬", "to_category": "props", "to_name": "请帖"}
    assert client.post(reverse("catalogue"), rename).status_code == 403
    assert client.post(reverse("dictionary"), {"do": "add", "category": "props", "word": "刀"}).status_code == 403
    links = reverse("link_rules", args=[production.pk])
    words = {"do": "add", "when": "role", "when_name": "林叶", "then_category": "props", "then_name": "戒指"}
    assert client.post(links, {**words, "scope": "studio"}).status_code == 403
    assert client.post(links, words).status_code == 302
    default = LinkRule.objects.get(code="guardian")
    assert client.post(links, {"do": "off", "rule": default.pk}).status_code == 404
    # The things of the title are in the catalogue, the studio's words are not for this reader.
    assert "请柬" in client.get(reverse("catalogue")).content.decode()
    assert Element.objects.filter(name="请柬").exists()


def test_rules_are_made_switched_and_taken_away_on_their_page(production, imported, owner, client_of):
    client = client_of(owner)
    url = reverse("link_rules", args=[production.pk])
    words = {"do": "add", "when": "role", "when_name": "林叶", "then_category": "props", "then_name": "戒指"}
    client.post(url, words)
    rule = LinkRule.objects.get(then_name="戒指")
    assert "When the role “林叶” appears" in client.get(url).content.decode()
    assert Tag.objects.filter(rule=rule).count() == 3
    page = client.get(reverse("scene_breakdown", args=[production.pk, production.scenes.get(number="1-2").pk]))
    assert "because of 林叶" in page.content.decode()
    client.post(url, {"do": "off", "rule": rule.pk})
    assert Tag.objects.filter(origin="linked").count() == 0
    client.post(url, {"do": "on", "rule": rule.pk})
    client.post(url, {"do": "delete", "rule": rule.pk})
    assert not Element.objects.filter(name="戒指").exists()
    bad = client.post(url, {**words, "when_name": ""})
    assert (bad.status_code, "Name the role, thing or set" in bad.content.decode()) == (422, True)


@pytest.fixture
def two_titles(studio, production, imported, owner, first):
    other = open_production(studio=studio, title="续集", code="CG02", by=owner)
    actions.import_script(production=other, data=first, filename="b.txt", by=owner)
    actions.add_element(production=other, category="vehicles", name="=黑车", by=owner, scenes=other.scenes.all())
    return other


def test_the_catalogue_narrows_sorts_and_exports(production, two_titles, owner, client_of, other_production):
    Element.objects.create(production=other_production, category="props", name="别人的剑")
    client = client_of(owner)
    url = reverse("catalogue")

    def rows(**query):
        found = client.get(url, query).context["rows"]
        return [
            (row["name"], row["titles"], row["scene_count"], row["first_episode"], row["last_episode"]) for row in found
        ]

    car, card, thunder = ("=黑车", 1, 3, 1, 2), ("红色请柬", 2, 2, 1, 1), ("雷声", 2, 2, 1, 1)
    assert rows() == [car, card, thunder]
    assert rows(category="sound") == [thunder]
    assert rows(q="请柬") == [card]
    assert rows(sort="scenes")[0] == car
    assert rows(sort="titles")[-1] == car
    assert rows(category="food", sort="moon", page="-3") == [car, card, thunder]
    sheet = client.get(url, {"format": "csv", "category": "vehicles"}).content.decode()
    assert sheet.splitlines()[1] == "Vehicles,'=黑车,1,3,1,2"
    from python_calamine import CalamineWorkbook

    book = client.get(url, {"format": "xlsx"}).content
    lines = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert [line[1] for line in lines] == ["Name", "=黑车", "红色请柬", "雷声"]
    thing = client.get(reverse("catalogue_thing"), {"category": "vehicles", "name": "=黑车"})
    assert [(title.element.production, len(title.tags)) for title in thing.context["titles"]] == [(two_titles, 3)]


def test_two_names_are_joined_and_parted_on_the_page(production, two_titles, owner, client_of):
    client = client_of(owner)
    actions.add_element(production=production, category="sound", name="惊雷", by=owner, scenes=production.scenes.all())
    words = {"do": "rename", "category": "sound", "name": "惊雷", "to_category": "sound", "to_name": "雷声"}
    page = client.post(reverse("catalogue"), words, follow=True).content.decode()
    assert "Changed in 1 title." in page
    assert "“惊雷” joined with “雷声”" in page
    assert Tag.objects.filter(element__name="雷声", element__production=production).count() == 3
    client.post(reverse("catalogue"), {"do": "undo", "step": BreakdownStep.objects.filter(production=None).first().pk})
    assert Tag.objects.filter(element__name="惊雷").count() == 3
    same = client.post(reverse("catalogue"), {**words, "to_name": "惊雷"}, follow=True).content.decode()
    assert "This is its name already." in same


def test_the_dictionary_is_kept_on_its_page(production, imported, owner, client_of):
    client = client_of(owner)
    url = reverse("dictionary")
    client.post(url, {"do": "add", "category": "props", "word": "玉镯", "name": "翡翠手镯"})
    word = DictionaryWord.objects.get()
    assert (word.word, word.name, word.active, word.added_by) == ("玉镯", "翡翠手镯", True, owner)
    assert "翡翠手镯" in client.get(url, {"q": "玉"}).content.decode()
    assert client.get(url, {"category": "sound"}).context["rows"] == []
    client.post(url, {"do": "off", "word_pk": word.pk})
    word.refresh_from_db()
    assert not word.active
    bad = client.post(url, {"do": "add", "category": "props", "word": " "}, follow=True)
    assert "Name the thing." in bad.content.decode()
    client.post(url, {"do": "forget", "word_pk": word.pk})
    assert not DictionaryWord.objects.exists()


def test_sheets_as_page_paper_and_workbook(production, imported, owner, client_of):
    from pypdf import PdfReader
    from python_calamine import CalamineWorkbook

    production.characters.filter(name="沈乐").update(age="8")
    actions.add_element(
        production=production, category="extras", name="保安", by=owner, scenes=production.scenes.filter(number="1-1")
    )
    client = client_of(owner, "en")
    sheets = client.get(reverse("breakdown_sheets", args=[production.pk]), {"episode": "1"}).context["sheets"]
    assert [(sheet["number"], sheet["cast"], sheet["extras"]) for sheet in sheets] == [
        ("1-1", "林叶、沈乐", "警员、男同学×4、保安"), ("1-2", "林叶", ""),
    ]  # fmt: skip
    assert {kind["code"]: kind["things"] for kind in sheets[0]["kinds"]} == {
        "props": ["红色请柬"], "sound": ["雷声"], "minors": ["Guardian", "沈乐"],
    }  # fmt: skip
    paper = client.get(reverse("breakdown_sheets_pdf", args=[production.pk]), {"set_name": "叶家客厅"}).content
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
    assert "红色请柬" in text
    assert "天台" not in text
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(client.get(reverse("breakdown_sheets_xlsx", args=[production.pk])).content)
    )
    assert book.sheet_names == ["Breakdown sheets", "Extras", "Props", "Sound", "Minors"]
    assert [row[0] for row in book.get_sheet_by_name("Breakdown sheets").to_python()] == ["Scene", "1-1", "1-2", "2-1"]
    assert book.get_sheet_by_name("Minors").to_python()[1:] == [
        ["Guardian", 1, 1, 1, "1-1"], ["沈乐", 1, 1, 1, "1-1"],
    ]  # fmt: skip


def test_the_scene_list_by_set_as_page_and_file(production, imported, owner, client_of):
    from pypdf import PdfReader
    from python_calamine import CalamineWorkbook

    client = client_of(owner, "zh-hans")
    answer = client.get(reverse("scenes", args=[production.pk]), {"group": "set"})
    assert [(name, [row.number for row in own]) for name, own in answer.context["groups"]] == [
        ("叶家客厅", ["1-1", "2-1"]), ("天台", ["1-2"]),
    ]  # fmt: skip
    book = client.get(reverse("scenes_xlsx", args=[production.pk]), {"group": "set"}).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows[1:]] == ["1-1", "2-1", "1-2"]
    paper = client.get(reverse("scenes_pdf", args=[production.pk]), {"group": "set", "episode": "2"}).content
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
    assert "2-1" in text
    assert "天台" not in text


def test_pages_cost_the_same_for_three(studio, production, scene, here, owner, client_of, first):
    client = client_of(owner)
    urls = [here, reverse("catalogue"), reverse("dictionary"), reverse("link_rules", args=[production.pk]),
            reverse("breakdown_sheets", args=[production.pk]), reverse("breakdown", args=[production.pk]),
            f"{reverse('catalogue_thing')}?category=props&name=%E8%AF%B7%E6%9F%AC"]  # fmt: skip
    client.post(here, MARK, headers=HTMX)
    counts = []
    for url in urls:
        client.get(url)
        with CaptureQueriesContext(connection) as one:
            client.get(url)
        counts.append(len(one))
    for code in ("A", "B"):
        more = open_production(studio=studio, title=code, code=code, by=owner)
        actions.import_script(production=more, data=first, filename="3.txt", by=owner)
        actions.add_element(production=more, category="props", name="请柬", by=owner, scenes=more.scenes.all())
    for word in ("桌", "张", "叶"):
        actions.add_word(studio=studio, category="props", word=word, name="", by=owner)
        actions.add_element(
            production=production, category="sound", name=word, by=owner, scenes=production.scenes.all()
        )
        actions.add_link_rule(
            studio=studio, production=production, when="role", when_category="", when_name="林叶",
            then_category="props", then_name=f"{word}子", by=owner,
        )  # fmt: skip
    client.post(here, {**MARK, "start": "0", "words": "桌上"}, headers=HTMX)
    for url, count in zip(urls, counts, strict=True):
        with CaptureQueriesContext(connection) as three:
            client.get(url)
        assert len(three) == count, url


ELEMENTS, TAGS = "/api/v1/elements/", "/api/v1/tags/"


def test_things_and_tags_over_rest(production, scene, owner, other_owner, make_member, api_of, other_production):
    api = api_of(owner)
    words = {"production": production.pk, "category": "vehicles", "name": "轿车", "scenes": [scene.pk]}
    made = api.post(ELEMENTS, words, format="json")
    assert (made.status_code, made.json()["name"]) == (201, "轿车")
    pk = made.json()["id"]
    other = production.scenes.get(number="1-1")
    assert api.post(f"{ELEMENTS}{pk}/tag/", {"scene": other.pk}, format="json").status_code == 200
    tags = api.get(TAGS, {"category": "vehicles"}).json()["results"]
    assert [(row["name"], row["scene_number"], row["origin"], row["tagged_by"]) for row in tags] == [
        ("轿车", "2-1", "hand", owner.pk), ("轿车", "1-1", "hand", owner.pk),
    ]  # fmt: skip
    assert api.get(f"{TAGS}{tags[0]['id']}/").json() == tags[0]
    stamp = api.get(TAGS)["ETag"]
    assert api.post(f"{ELEMENTS}{pk}/untag/", {"scene": other.pk}, format="json").status_code == 200
    assert api.get(TAGS)["ETag"] != stamp
    assert [row["scene_number"] for row in api.get(TAGS, {"name": "轿车"}).json()["results"]] == ["2-1"]
    names = [row["name"] for row in api.get(ELEMENTS, {"production": production.pk}).json()["results"]]
    assert sorted(names) == ["红色请柬", "轿车", "雷声"]
    for bad, field in [
        ({**words, "scenes": [999_999]}, "scenes"), ({**words, "category": "food"}, "category"),
        ({**words, "production": other_production.pk}, "production"), ({**words, "name": ""}, "name"),
    ]:  # fmt: skip
        answer = api.post(ELEMENTS, bad, format="json")
        assert (answer.status_code, answer.json()["errors"][0]["field"].split(".")[0]) == (400, field), bad
    assert api.post(f"{ELEMENTS}{pk}/tag/", {"scene": 999_999}, format="json").status_code == 400
    theirs = api_of(other_owner)
    assert theirs.get(TAGS).json()["results"] == theirs.get(ELEMENTS).json()["results"] == []
    assert theirs.post(f"{ELEMENTS}{pk}/tag/", {"scene": scene.pk}, format="json").status_code == 404
    reader = api_of(make_member(production.studio, "post_supervisor"))
    assert reader.post(ELEMENTS, words, format="json").status_code == 403


def test_rest_lists_cost_the_same_for_three(production, scene, owner, api_of, django_assert_num_queries):
    api = api_of(owner)
    for name in ("刀", "枪", "剑"):
        actions.add_element(production=production, category="props", name=name, by=owner, scenes=[scene])
    for url in (ELEMENTS, TAGS):
        api.get(url)
        for limit in (1, 3):
            with django_assert_num_queries(1):
                assert len(api.get(url, {"limit": limit}).json()["results"]) == limit
