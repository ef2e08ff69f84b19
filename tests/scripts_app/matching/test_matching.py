"""Content keeps a scene's identity when its number goes; a number keeps it when its content goes."""

import dataclasses
import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts_app.matching import DraftScene, match_scenes
from scripts_app.matching.__main__ import main
from scripts_app.samples.generator import generate_script

HAN = [chr(0x4E00 + at) for at in range(900)]
SETS = ["叶家客厅", "天台", "医院走廊", "公司大堂", "街道"]
ROLES = ["林叶", "沈乐", "乔安然", "管家"]


def lines(seed, count=6):
    """Lines that hardly share a run of characters with those of another seed."""
    chance = random.Random(f"line{seed}")
    return ["".join(chance.choices(HAN, k=12)) for _ in range(count)]


def scene(number, content, *, key=None, place=None, cast=None):
    """A scene whose text, set and cast follow from `content`: a seed, or its lines."""
    told = content if isinstance(content, list) else lines(content)
    seed = sum(map(ord, told[0])) if told else 0
    return DraftScene(
        key=key or number, number=number, episode=int(number.partition("-")[0]),
        heading=("int", "day", place or SETS[seed % len(SETS)], ""),
        cast=cast if cast is not None else (ROLES[seed % 4], ROLES[(seed + 1) % 4]), text="\n".join(told),
    )  # fmt: skip


def draft(*told):
    """("3-1", content), ... or "3": contents numbered as they come."""
    return [scene(number, content) for number, content in told]


def episode(number, *contents):
    return [scene(f"{number}-{at}", content) for at, content in enumerate(contents, start=1)]


def told(old, new):
    """Old number -> new number; None for none."""
    return {
        (match.old.number if match.old else None, match.new.number if match.new else None): match.kind
        for match in match_scenes(old, new)
    }


def test_the_same_draft_is_unchanged():
    old = [*episode(1, "a", "b"), *episode(2, "c")]
    assert told(old, old) == {("1-1", "1-1"): "unchanged", ("1-2", "1-2"): "unchanged", ("2-1", "2-1"): "unchanged"}


def test_a_line_changed_is_a_scene_changed():
    new = lines("b")
    new[2] = "她笑了。"
    match = match_scenes(episode(1, "a", "b"), episode(1, "a", new))[1]
    assert (match.kind, match.changed, match.moved) == ("changed", ("text",), False)


def test_set_and_cast_are_named():
    old, new = scene("1-1", "a", place="天台"), scene("1-1", "a", place="街道", cast=("管家",))
    assert match_scenes([old], [new])[0].changed == ("heading", "cast")


def test_the_order_of_a_cast_line_is_no_change():
    old, new = scene("1-1", "a", cast=("林叶", "沈乐")), scene("1-1", "a", cast=("沈乐", "林叶"))
    assert match_scenes([old], [new])[0].kind == "unchanged"


def test_a_scene_inserted_shifts_the_rest_by_content():
    assert told(episode(3, *"abcdefghi"), episode(3, "a", "X", *"bcdefghi")) == {
        ("3-1", "3-1"): "unchanged", (None, "3-2"): "new",
        **{(f"3-{at}", f"3-{at + 1}"): "moved" for at in range(2, 10)},
    }  # fmt: skip


def test_a_scene_left_out_shifts_the_rest_back():
    assert told(episode(3, *"abcd"), episode(3, *"acd")) == {
        ("3-1", "3-1"): "unchanged", ("3-2", None): "omitted", ("3-3", "3-2"): "moved", ("3-4", "3-3"): "moved",
    }  # fmt: skip


def test_inserted_left_out_and_retold_at_once():
    retold = lines("d")
    retold[0] = "她没有说话，只是看着他。"
    assert told(episode(3, *"abcde"), episode(3, "X", "a", "b", retold, "e")) == {
        (None, "3-1"): "new", ("3-1", "3-2"): "moved", ("3-2", "3-3"): "moved", ("3-3", None): "omitted",
        ("3-4", "3-4"): "changed", ("3-5", "3-5"): "unchanged",
    }  # fmt: skip


def test_a_new_scene_under_the_number_of_one_left_out_elsewhere_is_new():
    # 3-3 is left out; another scene stands at 3-3 now, between other neighbours.
    assert told(episode(3, *"abcde"), episode(3, "X", "a", "Y", "b", "d", "e")) == {
        (None, "3-1"): "new", ("3-1", "3-2"): "moved", (None, "3-3"): "new", ("3-2", "3-4"): "moved",
        ("3-3", None): "omitted", ("3-4", "3-5"): "moved", ("3-5", "3-6"): "moved",
    }  # fmt: skip


def test_a_scene_written_anew_in_its_place_is_still_that_scene():
    assert told(episode(3, "a", "b", "c"), episode(3, "a", "Z", "c"))["3-2", "3-2"] == "changed"


def test_a_draft_written_anew_keeps_its_numbers():
    assert told(episode(1, "a", "b"), episode(1, "Y", "Z")) == {("1-1", "1-1"): "changed", ("1-2", "1-2"): "changed"}


def test_two_scenes_that_swapped():
    assert told(episode(3, *"abcd"), episode(3, *"acbd")) == {
        ("3-1", "3-1"): "unchanged", ("3-3", "3-2"): "moved", ("3-2", "3-3"): "moved", ("3-4", "3-4"): "unchanged",
    }  # fmt: skip


def test_an_episode_inserted_shifts_all_behind_it():
    retold = lines("f")
    retold[:2] = ["她没有说话，只是看着他。", "他转身就走。"]
    old = [*episode(1, "a", "b"), *episode(2, "c", "d"), *episode(3, "e", "f")]
    new = [*episode(1, "a", "b"), *episode(2, "X", "Y"), *episode(3, "c", "d"), *episode(4, "e", retold)]
    assert told(old, new) == {
        ("1-1", "1-1"): "unchanged", ("1-2", "1-2"): "unchanged", (None, "2-1"): "new", (None, "2-2"): "new",
        ("2-1", "3-1"): "moved", ("2-2", "3-2"): "moved", ("3-1", "4-1"): "moved", ("3-2", "4-2"): "moved",
    }  # fmt: skip


def test_a_scene_taken_to_another_episode():
    old = [*episode(1, "a", "b", "c"), *episode(2, "d")]
    new = [*episode(1, "a", "c"), *episode(2, "d", "b")]
    assert told(old, new) == {
        ("1-1", "1-1"): "unchanged", ("1-3", "1-2"): "moved", ("2-1", "2-1"): "unchanged", ("1-2", "2-2"): "moved",
    }  # fmt: skip


def test_a_split_keeps_the_first_half_and_says_where_the_rest_is_from():
    whole = lines("b", 10)
    matches = match_scenes(episode(3, "a", whole, "c"), episode(3, "a", whole[:5], whole[5:], "c"))
    assert [(m.old and m.old.number, m.new and m.new.number, m.kind, m.kin) for m in matches] == [
        ("3-1", "3-1", "unchanged", None), ("3-2", "3-2", "changed", None), (None, "3-3", "new", "3-2"),
        ("3-3", "3-4", "moved", None),
    ]  # fmt: skip


def test_a_merge_says_where_the_rest_went():
    matches = match_scenes(episode(3, "a", "b", "c"), episode(3, "a", lines("b", 8) + lines("c")))
    assert [(m.old and m.old.number, m.new and m.new.number, m.kind, m.kin) for m in matches] == [
        ("3-1", "3-1", "unchanged", None), ("3-2", "3-2", "changed", None), ("3-3", None, "omitted", "3-2"),
    ]  # fmt: skip


def test_near_duplicates_stay_in_order_when_numbers_shift():
    base = lines("n")
    twin = [*base[:5], "只有这一句不同。"]
    edited = ["她推门进来。", *twin[1:]]
    assert told(episode(3, "a", base, twin, "c"), episode(3, "a", "X", base, edited, "c")) == {
        ("3-1", "3-1"): "unchanged", (None, "3-2"): "new", ("3-2", "3-3"): "moved", ("3-3", "3-4"): "moved",
        ("3-4", "3-5"): "moved",
    }  # fmt: skip


def test_equal_scenes_one_of_which_is_left_out():
    empty = ["街道空无一人，夜深了，灯也灭了。"]
    old = [*episode(3, empty, "a"), *episode(40, "b", empty, "c")]
    new = [*episode(3, "a"), *episode(41, "b", empty, "c")]
    assert told(old, new) == {
        ("3-1", None): "omitted", ("3-2", "3-1"): "moved", ("40-1", "41-1"): "moved", ("40-2", "41-2"): "moved",
        ("40-3", "41-3"): "moved",
    }  # fmt: skip


def gone(*scenes):
    return [dataclasses.replace(each, key=f"gone{at}", present=False) for at, each in enumerate(scenes)]


def test_an_omitted_scene_comes_back_by_its_content():
    old = [*episode(3, "a", "c"), *gone(scene("3-2", "b"))]
    matches = match_scenes(old, episode(3, "a", "b", "c"))
    assert [(m.old and m.old.key, m.kind, m.back) for m in matches] == [
        ("3-1", "unchanged", False), ("gone0", "changed", True), ("3-2", "moved", False),
    ]  # fmt: skip


def test_an_omitted_scene_that_stays_out_is_not_told_again():
    old = [*episode(3, "a"), *gone(scene("3-2", "b"))]
    assert [m.kind for m in match_scenes(old, episode(3, "a"))] == ["unchanged"]


def test_another_scene_under_an_omitted_number_is_new():
    old = [*episode(3, "a"), *gone(scene("3-2", "b"))]
    assert told(old, episode(3, "a", "Z")) == {("3-1", "3-1"): "unchanged", (None, "3-2"): "new"}


def test_a_key_twice_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="same key"):
        match_scenes([scene("1-1", "a"), scene("1-1", "b")], [])


contents = st.lists(st.integers(0, 40), max_size=14)


def numbered(seeds):
    return [scene(f"{1 + at // 4}-{1 + at % 4}", f"seed{seed}") for at, seed in enumerate(seeds)]


@given(contents, contents)
def test_every_scene_stands_in_one_match(before, after):
    old, new = numbered(before), numbered(after)
    matches = match_scenes(old, new)
    assert sorted(match.old.key for match in matches if match.old) == sorted(each.key for each in old)
    assert [match.new.key for match in matches if match.new] == [each.key for each in new]


@given(contents)
def test_nothing_changed_whatever_repeats(seeds):
    old = numbered(seeds)
    assert {match.kind for match in match_scenes(old, old)} <= {"unchanged"}
    assert all(match.old == match.new for match in match_scenes(old, old))


@given(
    st.lists(st.integers(0, 40), max_size=14, unique=True).flatmap(
        lambda seeds: st.tuples(st.just(seeds), st.permutations(seeds))
    )
)
def test_renumbering_keeps_identities(drafts):
    before, after = drafts
    pairs = [(match.old, match.new) for match in match_scenes(numbered(before), numbered(after))]
    assert all(old is not None and new is not None and old.text == new.text for old, new in pairs)


@given(st.lists(st.integers(0, 40), max_size=14, unique=True), st.randoms(use_true_random=False))
def test_the_order_in_which_unlike_scenes_are_handed_in_does_not_matter(seeds, chance):
    old, new = numbered(seeds), numbered([*seeds[1:], 99])
    shuffled = list(old)
    chance.shuffle(shuffled)
    # Scene 1-1 is gone and 99 is new, so the last two steps have nothing to hold on to but numbers and places.
    pairs = {(m.old.key, m.new.key) for m in match_scenes(old, new) if m.old and m.new and m.old.text == m.new.text}
    other = {
        (m.old.key, m.new.key) for m in match_scenes(shuffled, new) if m.old and m.new and m.old.text == m.new.text
    }
    assert pairs == other
    assert len(pairs) == max(0, len(seeds) - 1)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=14, unique=True), st.data())
def test_an_insertion_is_the_only_new_scene(seeds, data):
    at = data.draw(st.integers(0, len(seeds)))
    matches = match_scenes(numbered(seeds), numbered([*seeds[:at], 99, *seeds[at:]]))
    assert [match.kind for match in matches].count("new") == 1
    assert next(match.new.text for match in matches if match.kind == "new") == scene("1-1", "seed99").text
    assert all(match.old.text == match.new.text for match in matches if match.kind != "new")


def test_the_door(tmp_path, capsys):
    text = generate_script(3, episodes=4, scenes=(8, 12))
    (tmp_path / "old.txt").write_text(text)
    (tmp_path / "new.txt").write_text(text)
    assert main([str(tmp_path / "old.txt"), str(tmp_path / "new.txt")]) == 0
    printed = json.loads(capsys.readouterr().out)
    count = len(printed["matches"])
    assert count >= 8
    assert printed["counts"] == {"unchanged": count, "changed": 0, "moved": 0, "new": 0, "omitted": 0}


def test_the_door_reads_what_the_parsers_print(tmp_path, capsys):
    from scripts_app.parsers.__main__ import main as parse

    (tmp_path / "old.txt").write_text("第1集\n1-1 日 内 客厅\n人物：林叶\n△林叶推门而入，愣住。\n")
    parse([str(tmp_path / "old.txt")])
    (tmp_path / "old.json").write_text(capsys.readouterr().out)
    (tmp_path / "new.txt").write_text("第1集\n1-1 夜 内 客厅\n人物：林叶\n△林叶推门而入，愣住。\n")
    assert main([str(tmp_path / "old.json"), str(tmp_path / "new.txt")]) == 0
    assert json.loads(capsys.readouterr().out)["matches"] == [
        {
            "kind": "changed", "old": {"key": "1-1", "number": "1-1", "episode": 1},
            "new": {"key": "1-1", "number": "1-1", "episode": 1}, "changed": ["heading"], "back": False, "kin": None,
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.txt", None, "cannot be opened"),
        ("a.json", "{]", "is not what the parsers print"),
        ("a.json", "[1]", "is not what the parsers print"),
        ("a.json", '{"episodes": [{"number": 1, "scenes": [{"number": "1-1"}]}]}', "is not what the parsers print"),
        ("a.txt", "今天天气很好。", "a.txt"),
    ],
)
def test_the_door_says_what_is_wrong(tmp_path, capsys, name, content, said):
    if content is not None:
        (tmp_path / name).write_text(content)
    assert main([str(tmp_path / name), str(tmp_path / name)]) == 2
    out = capsys.readouterr()
    assert (out.out, out.err.count("\n"), said in out.err) == ("", 1, True)
