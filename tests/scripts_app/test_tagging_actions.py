"""Tags with their places, suggestions, linked things, the catalogue; and every step taken back."""

import pytest

from scripts_app import actions
from scripts_app.models import (
    BreakdownStep,
    Character,
    DictionaryWord,
    Element,
    LinkRule,
    Mark,
    Refusal,
    SceneText,
    Tag,
)
from scripts_app.queries import suggestions
from studio.actions import open_production
from studio.refusals import Refused


@pytest.fixture
def imported(production, owner, first):
    return actions.import_script(production=production, data=first, filename="a.txt", by=owner)


@pytest.fixture
def scene(production, imported):
    return production.scenes.get(number="1-1")


def index_of(scene, words):
    rows = SceneText.objects.filter(scene=scene).order_by("-pk").first().elements
    line = next(index for index, row in enumerate(rows) if words in row["text"])
    return line, rows[line]["text"].index(words)


def mark(scene, words, owner, category="props", name=""):
    line, start = index_of(scene, words)
    return actions.mark_words(
        scene=scene, category=category, name=name, line=line, start=start, length=len(words), words=words, by=owner
    )


def state(production):
    """All that undoing must bring back; linked tags with their reasons."""
    studio = production.studio
    return (
        sorted(
            Element.objects.filter(production__studio=studio).values_list(
                "production", "category", "name", "suggested", "linked"
            )
        ),
        sorted(
            (*row,) for row in Tag.objects.values_list(
                "element__name", "element__production", "scene__number", "origin", "because"
            )
        ),
        sorted(Mark.objects.values_list("tag__element__name", "tag__scene__number", "start", "length", "words")),
        sorted(Refusal.objects.values_list("category", "name", "scene__number")),
        sorted(DictionaryWord.objects.values_list("category", "word", "name")),
        sorted(LinkRule.objects.values_list("when_name", "then_name")),
    )  # fmt: skip


def undo(production, owner):
    step = actions.last_step(production.studio_id, production)
    return actions.undo_step(step=step, by=owner)


def needs(production):
    return sorted(
        Tag.objects.filter(element__production=production).values_list("scene__number", "element__name", "origin")
    )


def test_marked_words_are_a_tag_with_its_place(production, scene, owner):
    scene = production.scenes.get(number="2-1")
    element = mark(scene, "请柬", owner, name="红色请柬")
    # The thing that the script named itself is this one, and now somebody stands for it.
    assert (element.name, element.suggested) == ("红色请柬", False)
    assert sorted(element.tags.values_list("scene__number", "origin", "tagged_by")) == [
        ("1-1", "script", None), ("2-1", "hand", owner.pk),
    ]  # fmt: skip
    assert list(Mark.objects.values_list("words", "start", "length", "nth")) == [("请柬", 6, 2, 0)]
    assert list(DictionaryWord.objects.values_list("category", "word", "name")) == [("props", "请柬", "红色请柬")]
    mark(scene, "请柬", owner, name="红色请柬")
    assert (Mark.objects.count(), BreakdownStep.objects.count()) == (1, 1)


def test_words_that_are_not_there_are_not_tagged(production, scene, owner):
    before = state(production)
    for line, start, length, words in [(0, 0, 2, "林花"), (99, 0, 2, "林叶"), (0, 0, 99, "林叶"), (0, -1, 1, "叶")]:
        with pytest.raises(Refused) as refused:
            actions.mark_words(
                scene=scene, category="props", name="", line=line, start=start, length=length, words=words, by=owner
            )
        assert (refused.value.code, refused.value.conflict) == ("text_changed", True)
    with pytest.raises(Refused, match="kind of thing"):
        mark(scene, "林叶", owner, category="food")
    assert state(production) == before


def test_undo_brings_back_what_was_step_by_step(production, scene, owner):
    DictionaryWord.objects.create(studio=production.studio, category="set_dressing", word="桌上", name="桌子")
    element = production.elements.get(name="雷声")
    states = [state(production)]
    other = production.scenes.get(number="2-1")
    for act in (
        lambda: mark(other, "请柬", owner, name="红色请柬"),
        lambda: actions.untag_element(element=element, scene=scene, by=owner),
        lambda: actions.add_element(production=production, category="vehicles", name="轿车", by=owner, scenes=[scene]),
        lambda: actions.remove_element(element=production.elements.get(name="红色请柬"), by=owner),
        lambda: actions.accept_suggestions(production=production, by=owner),
        lambda: actions.refuse_suggestion(production=production, category="props", name="伞", by=owner),
        lambda: actions.allow_again(refusal=Refusal.objects.get(name="伞"), by=owner),
        lambda: actions.tag_element(element=Element.objects.get(name="轿车"), scene=other, by=owner),
    ):
        act()
        states.append(state(production))
        assert states[-1] != states[-2]
    for expected in reversed(states[:-1]):
        undo(production, owner)
        assert state(production) == expected
    assert actions.last_step(production.studio_id, production) is None
    assert BreakdownStep.objects.filter(undone_by=owner).count() == 8


def test_only_the_last_step_is_undone_and_once(production, scene, owner):
    actions.add_element(production=production, category="props", name="刀", by=owner, scenes=[scene])
    actions.add_element(production=production, category="props", name="枪", by=owner, scenes=[scene])
    last, first = BreakdownStep.objects.all()
    with pytest.raises(Refused, match="Undo the last step first"):
        actions.undo_step(step=first, by=owner)
    actions.undo_step(step=last, by=owner)
    with pytest.raises(Refused, match="Undo the last step first"):
        actions.undo_step(step=last, by=owner)
    assert set(production.elements.values_list("name", flat=True)) == {"红色请柬", "雷声", "刀"}


def test_undo_refuses_what_was_changed_in_another_way(production, scene, owner):
    element = actions.add_element(production=production, category="props", name="刀", by=owner, scenes=[scene])
    actions.remove_element(element=element, by=owner)
    Element.objects.create(production=production, category="props", name="刀")
    before = state(production)
    with pytest.raises(Refused, match="changed in another way"):
        undo(production, owner)
    assert state(production) == before
    assert actions.last_step(production.studio_id, production).kind == "remove"


def test_the_dictionary_suggests_in_text_and_learns_from_other_titles(studio, production, scene, owner, first):
    other = open_production(studio=studio, title="续集", code="CG02", by=owner)
    actions.import_script(
        production=other, data=first + "\n第3集\n3-1 日 内 厅\n△请柬，请柬。\n".encode(), filename="b.txt", by=owner
    )
    assert suggestions(other) == []
    mark(production.scenes.get(number="2-1"), "请柬", owner)
    found = suggestions(other)
    assert [(each.number, each.category, each.name, len(each.places)) for each in found] == [
        ("1-1", "props", "请柬", 1), ("2-1", "props", "请柬", 1), ("3-1", "props", "请柬", 2),
    ]  # fmt: skip
    count = actions.accept_suggestions(production=other, by=owner, scene=other.scenes.get(number="3-1"))
    assert count == 1
    assert list(Mark.objects.filter(tag__scene__number="3-1").values_list("start", flat=True)) == [0, 3]
    assert "3-1" not in {each.number for each in suggestions(other)}
    # Only this title refuses it; the next one is asked again.
    actions.refuse_suggestion(production=other, category="props", name="请柬", by=owner)
    assert suggestions(other) == []
    third = open_production(studio=studio, title="三", code="CG03", by=owner)
    actions.import_script(
        production=third, data="第1集\n1-1 日 内 厅\n人物：甲\n△请柬。\n".encode(), filename="c.txt", by=owner
    )
    assert len(suggestions(third)) == 1
    actions.switch_word(word=DictionaryWord.objects.get(word="请柬"), active=False, by=owner)
    assert suggestions(third) == []


def test_words_of_another_studio_suggest_nothing(production, scene, other_production):
    DictionaryWord.objects.create(studio=other_production.studio, category="props", word="请柬", name="请柬")
    assert suggestions(production) == []


def test_a_scene_that_refused_a_thing_is_not_asked_again(production, scene, owner, first):
    scene = production.scenes.get(number="2-1")
    element = mark(scene, "请柬", owner)
    actions.untag_element(element=element, scene=scene, by=owner)
    assert suggestions(production, scene) == []
    actions.tag_element(element=element, scene=scene, by=owner)
    assert not Refusal.objects.exists()


def test_a_refused_thing_does_not_come_back_with_the_next_draft(production, scene, owner, first):
    actions.untag_element(element=production.elements.get(name="雷声"), scene=scene, by=owner)
    actions.remove_element(element=production.elements.get(name="红色请柬"), by=owner)
    changed = first.decode().replace("推门而入，愣住", "推门，愣住").encode()
    actions.import_script(production=production, data=changed, filename="b.txt", by=owner)
    assert needs(production) == []


def make_child(production, name="林叶", age="八岁"):
    Character.objects.filter(production=production, name=name).update(age=age)
    return name


def test_a_minor_comes_with_a_guardian(production, owner, first):
    text = first.decode().replace("2.沈乐：富二代。", "2.沈乐（8）：小学生。").encode()
    actions.import_script(production=production, data=text, filename="a.txt", by=owner)
    tags = Tag.objects.filter(origin="linked").order_by("scene__sort_key", "pk")
    assert [(tag.scene.number, tag.element.category, tag.element.name, tag.because) for tag in tags] == [
        ("1-1", "minors", "沈乐", "沈乐 (8)"), ("1-1", "minors", "Guardian", "沈乐"),
        ("2-1", "minors", "沈乐", "沈乐 (8)"), ("2-1", "minors", "Guardian", "沈乐"),
    ]  # fmt: skip
    rule = LinkRule.objects.get(code="guardian")
    actions.delete_link_rule(rule=rule, by=owner)
    rule.refresh_from_db()
    assert not rule.active


def add_rule(production, owner, *, everywhere=False, **fields):
    title = None if everywhere else production
    given = {"when": "role", "when_category": "", "when_name": "林叶", "then_category": "props", "then_name": "戒指"}
    return actions.add_link_rule(
        studio=production.studio, by=owner, **{"production": title, **given, **fields}
    )  # fmt: skip


def linked(production):
    return [(scene, name) for scene, name, origin in needs(production) if origin == "linked"]


def test_a_rule_works_at_once_on_new_drafts_and_leaves_with_its_things(production, scene, owner, second):
    rule = add_rule(production, owner)
    assert linked(production) == [("1-1", "戒指"), ("1-2", "戒指"), ("2-1", "戒指")]
    # Removed in one scene, it stays away there.
    ring = production.elements.get(name="戒指")
    assert ring.linked
    actions.untag_element(element=ring, scene=scene, by=owner)
    assert linked(production) == [("1-2", "戒指"), ("2-1", "戒指")]
    actions.tag_element(element=ring, scene=production.scenes.get(number="2-1"), by=owner)
    actions.import_script(production=production, data=second, filename="b.txt", by=owner)
    assert ("1-1", "戒指") not in linked(production)
    actions.delete_link_rule(rule=rule, by=owner)
    # What somebody tagged by hand is not the rule's to take.
    assert [(row[0], row[2]) for row in needs(production) if row[1] == "戒指"] == [("2-1", "hand")]


def test_a_rule_that_is_gone_takes_things_only_it_added(production, scene, owner):
    first = add_rule(production, owner)
    second = add_rule(production, owner, when="set", when_name="天台")
    assert LinkRule.objects.filter(production=production).count() == 2
    actions.switch_link_rule(rule=first, active=False, by=owner)
    assert linked(production) == [("1-2", "戒指")]
    actions.delete_link_rule(rule=second, by=owner)
    assert linked(production) == []
    assert not production.elements.filter(name="戒指").exists()


def test_rules_follow_the_set_that_a_person_changes(production, scene, owner):
    add_rule(production, owner, when="set", when_name="书房")
    assert linked(production) == []
    actions.edit_scene(scene=scene, by=owner, set_name="书房")
    assert linked(production) == [("1-1", "戒指")]
    actions.edit_scene(scene=scene, by=owner, set_name="客厅")
    assert linked(production) == []


def test_circles_are_harmless_and_a_thing_does_not_ask_for_itself(production, scene, owner):
    add_rule(production, owner, when="element", when_category="props", when_name="锁", then_name="钥匙")
    add_rule(production, owner, when="element", when_category="props", when_name="钥匙", then_name="锁")
    lock = actions.add_element(production=production, category="props", name="锁", by=owner, scenes=[scene])
    assert linked(production) == [("1-1", "钥匙")]
    actions.untag_element(element=lock, scene=scene, by=owner)
    assert linked(production) == []
    for fields, code in [
        ({"when": "element", "when_category": "props", "when_name": "锁", "then_name": "锁"}, "adds_itself"),
        ({"when": "moon"}, "unknown_trigger"), ({"when_name": " "}, "name_missing"), ({"then_name": ""}, "name_missing"),
        ({"when": "category", "when_category": "food"}, "unknown_category"),
    ]:  # fmt: skip
        with pytest.raises(Refused) as refused:
            add_rule(production, owner, **fields)
        assert refused.value.code == code


def test_a_rule_of_the_studio_reaches_every_title_by_a_job(
    studio, production, scene, owner, first, other_production, drain
):
    other = open_production(studio=studio, title="续集", code="CG02", by=owner)
    actions.import_script(production=other, data=first, filename="b.txt", by=owner)
    rule = add_rule(production, owner, everywhere=True)
    assert linked(other) == []
    drain()
    assert len(linked(other)) == len(linked(production)) == 3
    versions = {row.pk: row.version for row in type(other).objects.all()}
    actions.delete_link_rule(rule=rule, by=owner)
    drain()
    assert linked(other) == linked(production) == []
    assert all(row.version > versions[row.pk] for row in (other.__class__.objects.filter(studio=studio)))


def test_one_thing_by_two_names_becomes_one_and_two_again(studio, production, scene, owner, first):
    other = open_production(studio=studio, title="续集", code="CG02", by=owner)
    actions.import_script(production=other, data=first, filename="b.txt", by=owner)
    mark(production.scenes.get(number="2-1"), "请柬", owner)
    actions.add_element(production=production, category="props", name="请帖", by=owner, scenes=production.scenes.all())
    actions.add_element(
        production=other, category="props", name="请帖", by=owner, scenes=[other.scenes.get(number="1-2")]
    )
    add_rule(production, owner, then_name="请帖")
    before = state(production)
    count = actions.rename_thing(
        studio=studio, category="props", name="请帖", to_category="props", to_name="请柬", by=owner
    )
    assert count == 2
    assert not Element.objects.filter(name="请帖").exists()
    assert sorted(
        Tag.objects.filter(element__name="请柬").values_list("element__production", "scene__number")
    ) == sorted([(production.pk, number) for number in ("1-1", "1-2", "2-1")] + [(other.pk, "1-2")])
    assert Mark.objects.get().tag.element.name == "请柬"
    # The other name is known as a word for it, and the rule adds the one thing.
    assert DictionaryWord.objects.get(word="请帖").name == "请柬"
    assert LinkRule.objects.get(production=production).then_name == "请柬"
    actions.undo_step(step=actions.last_step(studio.pk, None), by=owner)
    assert state(production) == before


def test_a_thing_is_renamed_and_refuses_its_own_name(studio, production, scene, owner):
    actions.rename_thing(studio=studio, category="sound", name="雷声", to_category="effects", to_name="惊雷", by=owner)
    assert sorted(production.elements.values_list("category", "name")) == [("effects", "惊雷"), ("props", "红色请柬")]
    for name, to, code in [
        ("惊雷", "惊雷", "same_name"),
        ("没有", "有", "no_such_thing"),
        ("惊雷", " ", "name_missing"),
    ]:
        with pytest.raises(Refused) as refused:
            actions.rename_thing(
                studio=studio, category="effects", name=name, to_category="effects", to_name=to, by=owner
            )
        assert refused.value.code == code


def test_another_studios_things_keep_their_names(studio, production, scene, owner, other_production):
    Element.objects.create(production=other_production, category="sound", name="雷声")
    actions.rename_thing(studio=studio, category="sound", name="雷声", to_category="sound", to_name="惊雷", by=owner)
    assert other_production.elements.get().name == "雷声"


def test_linking_costs_the_same_for_any_number_of_scenes(production, scene, owner, django_assert_num_queries):
    from scripts_app.linking import link_elements

    add_rule(production, owner)
    link_elements(production)
    with django_assert_num_queries(7):
        link_elements(production)
    production.scenes.exclude(pk=scene.pk).update(state="omitted")
    with django_assert_num_queries(7):
        link_elements(production)
