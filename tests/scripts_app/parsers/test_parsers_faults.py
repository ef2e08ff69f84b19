"""What a script has to be told of itself: each fault with its line and the repair that is known."""

from __future__ import annotations

import pytest

from scripts_app.parsers import ParsedScript, read_text
from scripts_app.parsers.faults import PROPOSALS
from scripts_app.samples.generator import generate

FRONT = "《试读》\n【人物小传】\n乔安然（24）：记者。\n沈乐（28）：富二代。\n沈乐妈妈（52）：富太太。\n【正文】\n"


def told(parsed: ParsedScript) -> list[tuple[int, str, dict[str, str | int] | None]]:
    return [(each.line, each.code, each.proposal) for each in parsed.faults]


def scenes(*places: str) -> str:
    return "第1集\n" + "".join(f"1-{at} 日 内 {place}\n△走。\n" for at, place in enumerate(places, start=1))


def test_a_short_name_is_told_once_for_the_whole_script() -> None:
    one = "1-{0} 日 内 甲\n人物：乔安然、沈乐\n乔：走。\n沈乐：走。\n"
    parsed = read_text(FRONT + "第1集\n" + one.format(1) + one.format(2))
    assert told(parsed) == [(10, "speaker_alias", {"action": "rename_role", "from": "乔", "to": "乔安然"})]


def test_a_short_name_of_two_people_is_told_for_each_scene() -> None:
    parsed = read_text("第1集\n1-1 日 内 甲\n人物：乔安然\n乔：走。\n1-2 日 内 甲\n人物：乔大年\n乔：来。")
    assert told(parsed) == [
        (4, "speaker_alias", {"action": "rename_role", "from": "乔", "to": "乔安然", "scene": "1-1"}),
        (7, "speaker_alias", {"action": "rename_role", "from": "乔", "to": "乔大年", "scene": "1-2"}),
    ]


@pytest.mark.parametrize("short", ["安然", "乔", "乔小姐", "小乔", "乔总"])
def test_ways_to_shorten_a_name(short: str) -> None:
    parsed = read_text(f"{FRONT}第1集\n1-1 日 内 甲\n人物：乔安然、沈乐\n{short}：走。\n沈乐：走。")
    assert [each[2] for each in told(parsed)] == [{"action": "rename_role", "from": short, "to": "乔安然"}]


def test_a_short_name_in_a_cast_line_is_told_by_the_biographies() -> None:
    parsed = read_text(FRONT + "第1集\n1-1 日 内 甲\n人物：乔、沈乐\n乔：走。\n沈乐：走。")
    assert told(parsed) == [(8, "speaker_alias", {"action": "rename_role", "from": "乔", "to": "乔安然"})]


@pytest.mark.parametrize("speaker", ["沈乐", "沈乐爸爸", "路人甲", "护士"])
def test_other_people_are_no_nicknames(speaker: str) -> None:
    parsed = read_text(
        f"{FRONT}第1集\n1-1 日 内 甲\n人物：沈乐妈妈、乔安然\n{speaker}：走。\n沈乐妈妈：走。\n乔安然：走。"
    )
    assert "speaker_alias" not in [code for _, code, _ in told(parsed)]


def test_silent_cast_is_dropped_only_when_nobody_sees_them() -> None:
    parsed = read_text("第1集\n1-1 日 内 甲\n人物：乔安然、沈乐、王明\n△沈乐站着。\n乔安然：走。")
    assert told(parsed) == [
        (2, "cast_never_speaks", None),
        (2, "cast_never_speaks", {"action": "drop_cast", "line": 2, "name": "王明"}),
    ]


@pytest.mark.parametrize(
    ("places", "source", "target"),
    [
        (("客厅", "客厅里", "客厅"), "客厅里", "客厅"),
        (("林家客厅", "林家 客厅", "林家客厅"), "林家 客厅", "林家客厅"),
        (("林家客厅", "林家的客厅", "林家客厅"), "林家的客厅", "林家客厅"),
        (("林家客厅", "客厅", "林家客厅"), "客厅", "林家客厅"),
        (("林家客厅", "客厅（林家）", "林家客厅"), "客厅（林家）", "林家客厅"),
    ],
)
def test_a_place_that_drifts(places: tuple[str, ...], source: str, target: str) -> None:
    parsed = read_text(scenes(*places))
    assert told(parsed) == [(4, "place_drift", {"action": "rename_set", "from": source, "to": target})]


@pytest.mark.parametrize(
    "places",
    [
        ("客厅", "林家客厅", "顾家客厅"),  # whose, nobody can tell
        ("仓库", "地下仓库"),
        ("办公室", "总裁办公室"),
        ("走廊", "医院走廊"),
        ("病房", "病房外"),
        ("院", "院里"),
    ],
)
def test_places_that_are_different_sets(places: tuple[str, ...]) -> None:
    assert told(read_text(scenes(*places))) == []


@pytest.mark.parametrize(
    ("head", "caption", "time"),
    [("日", "字幕：深夜", "night"), ("夜", "【字幕：次日上午】", "day"), ("夜", "出字幕：清晨", "dawn")],
)
def test_a_time_that_contradicts_its_caption(head: str, caption: str, time: str) -> None:
    parsed = read_text(f"第1集\n1-1 {head} 内 客厅\n{caption}\n△走。")
    assert told(parsed) == [(3, "time_contradicts_caption", {"action": "set_time", "line": 2, "time": time})]


@pytest.mark.parametrize(
    ("head", "caption"),
    [
        ("日", "字幕：清晨"), ("晨", "字幕：凌晨五点"), ("日", "字幕：三天后"), ("日", "短信：深夜来我家"), ("夜", "字幕：从清晨到深夜"),
        ("日", "字幕：距离婚礼还有一夜"),
    ],
)  # fmt: skip
def test_captions_that_contradict_nothing(head: str, caption: str) -> None:
    assert told(read_text(f"第1集\n1-1 {head} 内 客厅\n{caption}\n△走。")) == []


def test_a_caption_further_down_tells_another_time() -> None:
    assert told(read_text("第1集\n1-1 日 内 客厅\n△一。\n△二。\n△三。\n字幕：深夜\n△四。")) == []


def test_scene_numbers_left_out_and_slipped() -> None:
    def numbered(*numbers: int) -> ParsedScript:
        return read_text("第1集\n" + "".join(f"1-{each} 日 内 客厅\n△走。\n" for each in numbers))

    assert told(numbered(1, 2, 4, 5)) == [(6, "scene_missing", None)]
    assert numbered(1, 4).faults[0].params == {"missing": "1-2, 1-3", "number": "1-4"}
    assert told(numbered(1, 22, 3)) == [
        (4, "scene_missing", {"action": "number_scene", "line": 4, "number": "1-2"}),
    ]
    assert told(numbered(2, 3)) == [(2, "scene_missing", None)]


def test_the_same_number_twice_before_a_gap_is_the_missing_one() -> None:
    parsed = read_text("第1集\n1-1 日 内 甲\n△一。\n1-1 夜 内 乙\n△二。\n1-3 日 内 丙\n△三。")
    assert [scene.number for scene in parsed.scenes] == ["1-1", "1-2", "1-3"]
    assert told(parsed) == [(4, "scene_number_duplicate", {"action": "number_scene", "line": 4, "number": "1-2"})]


def test_a_head_repeated_at_once_is_one_scene_and_later_may_be() -> None:
    head = "1-1 日 内 甲\n人物：沈乐\n"
    twice = read_text(f"第1集\n{head}{head}△一。\n沈乐：走。")
    assert [scene.number for scene in twice.scenes] == ["1-1"]
    assert told(twice) == [(4, "scene_repeated_head", None)]
    later = read_text(f"第1集\n{head}沈乐：一。\n{head}沈乐：二。")
    assert [scene.number for scene in later.scenes] == ["1-1", "1-1A"]
    assert told(later) == [(5, "scene_number_duplicate", {"action": "merge_up", "line": 5})]


def test_an_episode_number_that_slipped() -> None:
    parsed = read_text("".join(f"第{each}集\n场景1 日 内 甲\n△走。\n" for each in (1, 2, 30, 4)))
    assert told(parsed) == [(7, "episode_number_odd", {"action": "number_episode", "line": 7, "number": 3})]


def test_the_same_episode_stated_twice_in_a_row_may_be_one() -> None:
    story = "场景{0} 日 内 甲\n△走。\n"
    parsed = read_text("第1集\n" + story.format(1) + "第1集\n" + story.format(2) + "第2集\n" + story.format(1))
    assert told(parsed) == [(4, "episode_duplicate", {"action": "merge_up", "line": 4})]


def test_a_forgotten_head_is_named_by_its_scene() -> None:
    parsed = read_text("第1集\n1-1 日 内 甲\n△一。\n2-1 日 内 乙\n△二。")
    assert told(parsed) == [(4, "episode_head_missing", {"action": "number_episode", "line": 4, "number": 2})]


def test_scenes_of_a_file_without_any_head_tell_their_episodes() -> None:
    parsed = read_text("场景1：客厅，内，日\n△一。\n1-2 日 内 乙\n△二。\n2-1 日 内 丙\n△三。")
    assert [(each.number, [scene.number for scene in each.scenes]) for each in parsed.episodes] == [
        (1, ["1-1", "1-2"]),
        (2, ["2-1"]),
    ]
    assert told(parsed) == []


def test_scenes_without_numbers_are_told_once() -> None:
    parsed = read_text("内景 客厅 - 夜\n△一。\n外景 街 - 日\n△二。\n内景 客厅 - 日\n△三。")
    assert [scene.number for scene in parsed.scenes] == ["1-1", "1-2", "1-3"]
    assert [(each.line, each.code, each.params) for each in parsed.faults] == [(1, "scene_numbers_none", {"count": 3})]


def test_a_line_that_begins_like_a_head_can_be_made_one() -> None:
    parsed = read_text("第1集\n1-1 日 内 甲\n△一。\n1-2客厅里所有人都站了起来，谁也没有说话。")
    assert told(parsed) == [(4, "header_unclear", {"action": "make_head", "line": 4})]


def test_a_scene_of_another_episode_may_take_its_number_there() -> None:
    parsed = read_text("第1集\n1-1 日 内 甲\n△一。\n第2集\n1-2 日 内 乙\n△二。")
    assert parsed.faults[-1].proposal == {"action": "number_scene", "line": 5, "number": "2-2"}


@pytest.mark.parametrize("seed", range(4, 12))
def test_a_clean_script_is_told_nothing_but_who_stays_silent(seed: int) -> None:
    parsed = read_text(generate(seed).text)
    assert {each.code for each in parsed.faults} <= {"cast_never_speaks"}


def test_every_proposal_keeps_to_its_form() -> None:
    text = (
        FRONT
        + "第1集\n1-1 日 内 客厅\n人物：乔安然、丁一\n字幕：深夜\n乔：走。\n路过：走。\n1-1 夜 内 客厅里\n△一。\n第1集\n3-1 日 内 客厅\n△二。"
    )
    proposals = [each.proposal for each in read_text(text).faults if each.proposal]
    assert len(proposals) > 5
    for each in proposals:
        assert set(each) - {"action", "scene"} == PROPOSALS[str(each["action"])] - {"scene"}
