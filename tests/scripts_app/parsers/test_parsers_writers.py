"""Ways of writers that no list of spellings holds; each was misread once."""

from __future__ import annotations

import pytest

from scripts_app.parsers import ParsedScript, read_text


def scene(*lines: str, cast: str = "人物：沈乐、乔安然、王明") -> ParsedScript:
    return read_text("\n".join(["第1集", "1-1 日 内 客厅", cast, *lines]))


def spoken(parsed: ParsedScript) -> list[tuple[str | None, str | None, str | None, str]]:
    return [(each.speaker, each.delivery, each.voice, each.text) for each in parsed.scenes[0].elements if each.speaker]


@pytest.mark.parametrize(
    ("line", "speaker", "delivery"),
    [
        ("沈乐推门而入：姐姐。", "沈乐", "推门而入"),
        ("沈乐冷笑一声：姐姐。", "沈乐", "冷笑一声"),
        ("沈乐咬牙：姐姐。", "沈乐", "咬牙"),
        ("沈乐堂嫂：姐姐。", "沈乐堂嫂", None),
        ("沈乐他爸：姐姐。", "沈乐他爸", None),
    ],
)
def test_what_is_done_beside_the_name_is_no_part_of_it(line: str, speaker: str, delivery: str | None) -> None:
    assert spoken(scene(line)) == [(speaker, delivery, None, "姐姐。")]


def test_names_above_speech_with_a_manner_and_blank_lines_between() -> None:
    parsed = scene("沈乐", "（低声）", "走吧。", "", "乔安然 OS", "", "他变了。", "", "△门开了。")
    assert spoken(parsed) == [
        ("沈乐", "低声", None, ""),
        ("沈乐", "低声", None, "走吧。"),
        ("乔安然", None, "OS", ""),
        ("乔安然", None, "OS", "他变了。"),
    ]
    assert parsed.lines_read[5] == "parenthetical"


def test_as_before() -> None:
    parsed = read_text("第1集\n1-1 客厅 夜 内\n人物：沈乐、王明\n△一。\n1-2 同上\n人物：同上\n△二。")
    first, second = parsed.scenes
    assert (second.place, second.time_of_day, second.int_ext) == ("客厅", "night", "int")
    assert [member.name for member in second.cast] == [member.name for member in first.cast] == ["沈乐", "王明"]


@pytest.mark.parametrize("line", ["李总、王秘书、小张", "李总 / 王秘书 / 小张"])
def test_a_cast_line_without_its_word(line: str) -> None:
    parsed = read_text(f"第1集\n1 公司 日 内\n{line}\n李总：方案呢？")
    assert [member.name for member in parsed.scenes[0].cast] == ["李总", "王秘书", "小张"]


def test_a_list_of_things_under_a_head_is_no_cast() -> None:
    parsed = read_text("第1集\n1 公司 日 内\n桌椅、电脑、文件\n李总：方案呢？")
    assert parsed.scenes[0].cast == ()
    assert [element.text for element in parsed.scenes[0].elements] == ["桌椅、电脑、文件", "方案呢？"]


def test_lettered_members_are_two_people() -> None:
    assert [member.name for member in scene(cast="人物：丫鬟甲乙、劫匪AB").scenes[0].cast] == [
        "丫鬟甲", "丫鬟乙", "劫匪A", "劫匪B",
    ]  # fmt: skip


def test_what_stands_under_an_episode_head_belongs_to_it() -> None:
    parsed = read_text(
        "第1集 重逢\n时长：1分30秒\n本集看点：两人重逢。\n1 机场 日 外\n△走。\nEP2【时长：100s】\n1 车里 日 内\n△停。"
    )
    assert [(each.title, each.stated_seconds, each.outline) for each in parsed.episodes] == [
        ("重逢", 90, "两人重逢。"),
        (None, 100, None),
    ]
    assert parsed.faults == ()


def test_a_flashback_told_in_a_numbered_scene_does_not_end_it() -> None:
    parsed = scene("△一。", "【闪回】手术室 日 内", "△二。", "【闪回结束】", "沈乐：三。")
    assert [each.number for each in parsed.scenes] == ["1-1"]
    assert [(each.text, each.flashback) for each in parsed.scenes[0].elements] == [
        ("一。", False), ("闪回 手术室 日 内", True), ("二。", True), ("闪回结束", True), ("三。", False),
    ]  # fmt: skip
    assert (5, "header_unclear", {"action": "make_head", "line": 5}) in [
        (each.line, each.code, each.proposal) for each in parsed.faults
    ]


def test_forms_with_every_field_on_its_line() -> None:
    form = "场次：第{0}场\n时间：{1}\n地点：内景，别墅客厅\n出场人物：温暖\n内容：\n温暖：我回来了。\n"
    parsed = read_text(
        "剧名：归来\n集数：第1集\n"
        + form.format(1, "日")
        + form.format(2, "夜")
        + "集数：第2集\n"
        + form.format(1, "日")
    )
    assert [(each.number, each.place, each.int_ext, each.time_of_day) for each in parsed.scenes] == [
        ("1-1", "别墅客厅", "int", "day"),
        ("1-2", "别墅客厅", "int", "night"),
        ("2-1", "别墅客厅", "int", "day"),
    ]
    assert {each.speaker for one in parsed.scenes for each in one.elements} == {"温暖"}
    assert parsed.faults == ()


@pytest.mark.parametrize("number", ["S01", "01", "场01", "SC 1"])
def test_numbers_with_zeros_and_letters_before_them(number: str) -> None:
    assert [each.number for each in read_text(f"EP01\n{number} 内景 网吧 夜\n△一。").scenes] == ["1-1"]


def test_biographies_spread_over_lines() -> None:
    parsed = read_text(
        "人物小传：\n叶凡——男，28岁，战神。\n性格：嘴硬心软。\n陆子昂 男 30岁 温润。\n林岁岁：医生。\n年龄：22\n正文\n第1集\n1 街 日 外\n△走。"
    )
    assert [(role.name, role.age, role.bio) for role in parsed.characters] == [
        ("叶凡", 28, "男，28岁，战神。\n性格：嘴硬心软。"),
        ("陆子昂", 30, "男 30岁 温润。"),
        ("林岁岁", 22, "医生。\n年龄：22"),
    ]


def test_a_name_given_in_brackets_is_the_name() -> None:
    parsed = scene("苏苏：走。", cast="人物：闺蜜（苏苏）")
    assert [(each.code, each.proposal) for each in parsed.faults] == [
        ("speaker_alias", {"action": "rename_role", "from": "闺蜜", "to": "苏苏"})
    ]


def test_markdown_around_lines() -> None:
    parsed = scene("*△沈乐瘫着。*", "> 切入", "- 警车到了。", "**沈乐**（弹起来）：啊？！")
    assert [(each.kind, each.text) for each in parsed.scenes[0].elements] == [
        ("action", "沈乐瘫着。"), ("transition", "切入"), ("action", "警车到了。"), ("dialogue", "啊？！"),
    ]  # fmt: skip


def test_a_place_that_goes_on_at_once() -> None:
    parsed = read_text("第1集\n1 内景 金库 - 连续\n△走。")
    (one,) = parsed.scenes
    assert (one.place, one.time_written, one.time_of_day) == ("金库", "连续", None)


def test_a_place_in_brackets_and_a_cast_line_of_one_character() -> None:
    script = read_text("第1集\n1-1 【医院-病房】  日内\n人：顾老爷子、苏晚\n苏晚：最后一针。\n")
    scene = script.scenes[0]
    assert (scene.place, scene.time_of_day, scene.int_ext) == ("医院-病房", "day", "int")
    assert [member.name for member in scene.cast] == ["顾老爷子", "苏晚"]
    assert [element.speaker for element in scene.elements] == ["苏晚"]
