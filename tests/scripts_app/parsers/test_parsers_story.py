"""Episodes, scenes and what stands in them, in the Chinese layouts."""

from __future__ import annotations

import pytest

from scripts_app.parsers import Pace, ParsedScript, read_text
from scripts_app.parsers.cast import read_cast


def codes(parsed: ParsedScript) -> list[str]:
    return [each.code for each in parsed.faults]


def one_scene(*lines: str, cast: str = "沈乐、乔安然、王明") -> ParsedScript:
    return read_text("\n".join(["第1集", "1-1 日 内 客厅", f"人物：{cast}", *lines]))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("△沈乐走。", ("action", None, None, None, "沈乐走。")),
        ("∆沈乐走。", ("action", None, None, None, "沈乐走。")),
        ("▲ 沈乐走。", ("action", None, None, None, "沈乐走。")),
        ("沈乐走了过去。", ("action", None, None, None, "沈乐走了过去。")),
        ("沈乐：走吧。", ("dialogue", "沈乐", None, None, "走吧。")),
        ("沈乐（低声）：走吧。", ("dialogue", "沈乐", "低声", None, "走吧。")),
        ("沈乐：（起身）走吧。", ("dialogue", "沈乐", "起身", None, "走吧。")),
        ("沈乐【VO】：走吧。", ("dialogue", "沈乐", None, "VO", "走吧。")),
        ("沈乐 OS：走吧。", ("dialogue", "沈乐", None, "OS", "走吧。")),
        ("沈乐os：走吧。", ("dialogue", "沈乐", None, "OS", "走吧。")),
        ("沈乐（OS，冷笑）：走吧。", ("dialogue", "沈乐", "OS，冷笑", None, "走吧。")),
        ("沈乐惊喜OS：走吧。", ("dialogue", "沈乐", "惊喜", "OS", "走吧。")),
        ("沈乐惊喜：走吧。", ("dialogue", "沈乐", "惊喜", None, "走吧。")),
        ("沈乐妈妈：走吧。", ("dialogue", "沈乐妈妈", None, None, "走吧。")),
        ("沈乐画外音：走吧。", ("dialogue", "沈乐", None, "VO", "走吧。")),
        ("旁白：三年过去了。", ("dialogue", "旁白", None, "VO", "三年过去了。")),
        ("系统音：任务完成。", ("dialogue", "系统音", None, "VO", "任务完成。")),
        ("**沈乐**：走吧。", ("dialogue", "沈乐", None, None, "走吧。")),
        ("王明:走吧。", ("dialogue", "王明", None, None, "走吧。")),
        ("特写：一只手。", ("action", None, None, None, "一只手。")),
        ("【空镜】城市夜景。", ("action", None, None, None, "城市夜景。")),
        ("字幕：三年后", ("caption", None, None, None, "三年后")),
        ("出字幕：三年后", ("caption", None, None, None, "三年后")),
        ("【字幕：三年后】", ("caption", None, None, None, "三年后")),
        ("△字幕：三年后", ("caption", None, None, None, "三年后")),
        ("（音效：雷声）", ("sound", None, None, None, "雷声")),
        ("【特效】金光大作", ("effect", None, None, None, "金光大作")),
        ("【蒙太奇开始】", ("transition", None, None, None, "蒙太奇开始")),
        ("切至：", ("transition", None, None, None, "切至：")),
        ("墙上的钟指向11:47。", ("action", None, None, None, "墙上的钟指向11:47。")),
        ("他低头看信，信上写着：我走了。", ("action", None, None, None, "他低头看信，信上写着：我走了。")),
    ],
)
def test_lines_inside_a_scene(line: str, expected: tuple[str, str | None, str | None, str | None, str]) -> None:
    (element,) = one_scene(line).scenes[0].elements
    assert (element.kind, element.speaker, element.delivery, element.voice, element.text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("满满 阿丰 沈青乔", [("满满", 1, None), ("阿丰", 1, None), ("沈青乔", 1, None)]),
        ("甲、乙，丙,丁", [("甲", 1, None), ("乙", 1, None), ("丙", 1, None), ("丁", 1, None)]),
        ("男同学*4、警员若干", [("男同学", 4, None), ("警员", None, None)]),
        ("林叶（受伤）、路人（3人）", [("林叶", 1, "受伤"), ("路人", 3, None)]),
        ("护士两名、5名保镖", [("护士", 2, None), ("保镖", 5, None)]),
        ("林叶、林叶", [("林叶", 1, None)]),
        ("无", []),
        ("林叶 本集死亡：无", [("林叶", 1, None)]),
        ("林叶、王明。", [("林叶", 1, None), ("王明", 1, None)]),
        ("", []),
    ],
)
def test_cast_lines(text: str, expected: list[tuple[str, int | None, str | None]]) -> None:
    assert [(member.name, member.count, member.note) for member in read_cast(text)] == expected


def test_flashback_between_its_marks_only() -> None:
    parsed = one_scene("△现在。", "【闪回】", "△从前。", "（闪回结束）", "△又是现在。")
    assert [element.flashback for element in parsed.scenes[0].elements] == [False, True, True, True, False]
    assert parsed.scenes[0].flashback is True


def test_a_flashback_may_run_over_scenes_and_one_never_closed_ends_with_its_scene() -> None:
    over = read_text("第1集\n1-1 日 内 甲\n△闪回\n1-2 日 内 乙\n△从前。\n1-3 日 内 丙\n闪回结束\n△现在。")
    assert [scene.flashback for scene in over.scenes] == [True, True, True]
    assert [element.flashback for element in over.scenes[2].elements] == [True, False]
    never = read_text("第1集\n1-1 日 内 甲\n△闪回：从前。\n△从前。\n1-2 日 内 乙\n△现在。")
    assert [scene.flashback for scene in never.scenes] == [True, False]


def test_marks_are_kept_with_their_lines_and_taken_out_of_the_text() -> None:
    parsed = one_scene("沈乐：你是谁？（一卡）", "剧情卡点", "△门开了。（钩子）")
    assert [(mark.kind, mark.line) for mark in parsed.marks] == [("paywall", 4), ("paywall", 5), ("hook", 6)]
    assert [element.text for element in parsed.scenes[0].elements] == ["你是谁？", "剧情卡点", "门开了。"]


def test_dialogue_broken_over_lines_stays_with_its_speaker() -> None:
    parsed = one_scene("△沈乐抬头。", "沈乐：我等了三年，", "等的就是今天。", "△转身。", "王明：", "别走。")
    assert [(element.speaker, element.text) for element in parsed.scenes[0].elements] == [
        (None, "沈乐抬头。"),
        ("沈乐", "我等了三年，"),
        ("沈乐", "等的就是今天。"),
        (None, "转身。"),
        ("王明", ""),
        ("王明", "别走。"),
    ]


def test_a_name_on_a_line_of_its_own_speaks_the_next_line() -> None:
    parsed = one_scene("沈乐", "我回来了。", "", "王明", "", "△无人回答。")
    assert [(element.kind, element.speaker, element.text) for element in parsed.scenes[0].elements] == [
        ("dialogue", "沈乐", ""),
        ("dialogue", "沈乐", "我回来了。"),
        ("action", None, "王明"),
        ("action", None, "无人回答。"),
    ]


def test_scene_heads_that_name_their_episode() -> None:
    parsed = read_text("第1集 第1场 日 内 甲\n△一。\n第2集 第1场 日 内 乙\n△二。")
    assert [(each.number, [scene.number for scene in each.scenes]) for each in parsed.episodes] == [
        (1, ["1-1"]),
        (2, ["2-1"]),
    ]
    assert codes(parsed) == []


def test_front_matter_in_any_order() -> None:
    parsed = read_text(
        "《长夜》\n【版权状态】原创\n【全本集数】2集\n人物小传：\n1.林叶：28岁，记者。\n她不信命。\n王明（35）：医生。\n"
        "【故事梗概】\n一座城，两个人。\n一句话故事：她回来了。\n分集大纲\n第1集：她回来。\n第2集：他也回来。\n【正文】\n"
        "第1集：归\n1-1 日 内 车站\n△人来人往。\n第2集\n场景1：站台，外，夜\n△车来。"
    )
    assert (parsed.title, parsed.logline, parsed.outline) == ("长夜", "她回来了。", "一座城，两个人。")
    assert [(role.name, role.age, role.bio) for role in parsed.characters] == [
        ("林叶", 28, "28岁，记者。\n她不信命。"),
        ("王明", 35, "医生。"),
    ]
    assert [(each.number, each.title, each.outline) for each in parsed.episodes] == [
        (1, "归", "她回来。"),
        (2, None, "他也回来。"),
    ]
    assert [scene.number for scene in parsed.scenes] == ["1-1", "2-1"]
    assert codes(parsed) == []


def test_a_number_without_an_episode_takes_the_episode_it_stands_in() -> None:
    parsed = read_text("第3集\n场景1：客厅，内，日\n△一。\n场景2：卧室，内，夜\n△二。")
    assert [(scene.number, scene.written_number) for scene in parsed.scenes] == [("3-1", "1"), ("3-2", "2")]


def test_a_file_without_episode_heads_is_one_episode() -> None:
    parsed = read_text("1 客厅 日 内\n△一。\n2 卧室 夜 内\n△二。")
    assert [(each.number, each.implied, len(each.scenes)) for each in parsed.episodes] == [(1, True, 2)]


def test_numbers_read_are_unique_and_every_change_is_said() -> None:
    parsed = read_text(
        "第1集\n1-1 日 内 甲\n△一。\n1-1 夜 内 乙\n△二。\n1-1A 日 内 丙\n△三。\n1-1 日 外 丁\n△四。\n内景 戊 - 夜\n△五。\n"
        "+场 己 内 夜\n△六。"
    )
    assert [scene.number for scene in parsed.scenes] == ["1-1", "1-1B", "1-1A", "1-1C", "1-2", "1-2A"]
    assert [(each.line, each.code, each.proposal) for each in parsed.faults] == [
        (4, "scene_number_duplicate", {"action": "number_scene", "line": 4, "number": "1-1B"}),
        (8, "scene_number_duplicate", {"action": "number_scene", "line": 8, "number": "1-1C"}),
        (10, "scene_number_missing", {"action": "number_scene", "line": 10, "number": "1-2"}),
    ]


def test_missing_repeated_and_duplicate_episodes() -> None:
    story = "{0}-1 日 内 甲\n△一。\n"
    parsed = read_text(
        "第1集\n" + story.format(1) + "第2集\n第2集\n" + story.format(2) + "第2集\n" + story.format(3) + "第5集\n"
        + story.format(5)
    )  # fmt: skip
    assert [(each.number, each.written_number) for each in parsed.episodes] == [(1, 1), (2, 2), (3, 2), (5, 5)]
    assert [scene.number for scene in parsed.scenes] == ["1-1", "2-1", "3-1", "5-1"]
    assert codes(parsed) == ["episode_repeated_head", "episode_duplicate", "episode_missing"]
    assert parsed.faults[-1].params == {"missing": "4", "number": 5}


def test_a_duplicate_head_in_a_gap_is_the_number_that_is_missing() -> None:
    parsed = read_text("第2集\n2-1 日 内 甲\n△一。\n第2集\n2-1 夜 内 乙\n△二。\n第4集\n4-1 日 内 丙\n△三。")
    assert [each.number for each in parsed.episodes] == [2, 3, 4]
    assert [scene.number for scene in parsed.scenes] == ["2-1", "3-1", "4-1"]


def test_a_forgotten_episode_head_is_seen_in_the_scene_numbers() -> None:
    parsed = read_text("第1集\n1-1 日 内 甲\n△一。\n2-1 日 内 乙\n△二。\n2-2 日 内 丙\n△三。")
    assert [(each.number, each.implied, len(each.scenes)) for each in parsed.episodes] == [(1, False, 1), (2, True, 2)]
    assert codes(parsed) == ["episode_head_missing"]


def test_a_scene_of_another_episode_is_said() -> None:
    parsed = read_text("第1集\n1-1 日 内 甲\n△一。\n第2集\n1-2 日 内 乙\n△二。")
    assert [scene.number for scene in parsed.scenes] == ["1-1", "1-2"]
    assert [(each.code, each.params) for each in parsed.faults] == [
        ("scene_episode_mismatch", {"number": "1-2", "episode": 2})
    ]


def test_text_before_the_first_scene_and_episodes_without_one() -> None:
    parsed = read_text("第1集\n本集讲她回家。\n1-1 日 内 甲\n△一。\n第2集\n△没有场头。")
    assert [(each.line, each.code) for each in parsed.faults] == [
        (2, "text_before_scene"),
        (5, "episode_without_scenes"),
    ]
    assert [line.text for line in parsed.episodes[0].lead] == ["本集讲她回家。"]
    assert [line.text for line in parsed.episodes[1].lead] == ["△没有场头。"]


def test_speakers_beside_the_cast_line() -> None:
    parsed = one_scene("乔：走。", "李四：来。", "众人：好！", "沈乐：嗯。")
    assert [(each.code, each.proposal) for each in parsed.faults] == [
        ("cast_never_speaks", {"action": "drop_cast", "line": 2, "name": "王明"}),
        ("speaker_alias", {"action": "rename_role", "from": "乔", "to": "乔安然"}),
        ("speaker_not_in_cast", {"action": "add_cast", "line": 2, "name": "李四"}),
    ]


def test_dirt_is_made_plain_and_counted() -> None:
    parsed = read_text("第１集\n1-1 ⽇ 内 客\u200b厅\n人物：沈乐\n沈乐：⻓夜漫漫。")
    scene = parsed.scenes[0]
    assert (scene.time_of_day, scene.place, scene.elements[0].text) == ("day", "客厅", "长夜漫漫。")
    assert [(each.code, each.params) for each in parsed.faults] == [("normalised", {"count": 3})]
    assert parsed.lines[1] == "1-1 ⽇ 内 客\u200b厅"


def test_an_unclear_head_is_kept_and_said() -> None:
    parsed = one_scene("△一。", "1-2客厅里所有人都站了起来，谁也没有说话。")
    assert len(parsed.scenes) == 1
    assert [(each.line, each.code) for each in parsed.faults if each.severity == "warning"] == [(5, "header_unclear")]


def test_length_in_pages_and_seconds() -> None:
    lines = ["沈乐：" + "好" * 40, "△" + "走" * 40]
    text = "\n".join(["第1集", "1-1 日 内 客厅", *lines])
    scene = read_text(text).scenes[0]
    # 40 characters spoken at 4 a second, 40 of action at half of that time.
    assert (scene.seconds, scene.han) == (15, 80)
    assert read_text(text, pace=Pace(han_per_second=5.0, action_share=0.0)).scenes[0].seconds == 8
    assert one_scene("沈乐：我来了你走").scenes[0].seconds == 2  # 6 characters at 4 a second, rounded up
    # One line of head, two each of dialogue and action: five lines of 4 to a tenth, of 54/8 to an eighth.
    assert scene.parts == 2
    assert read_text(text, page_unit="eighths").scenes[0].parts == 1


def test_json_keys() -> None:
    data = one_scene("沈乐：走。（一卡）", cast="沈乐").to_json()
    assert {"kind", "layout", "title", "episodes", "characters", "marks", "faults"} <= set(data)
    (episode,) = data["episodes"]
    assert {"number", "title", "scenes"} <= set(episode)
    (scene,) = episode["scenes"]
    assert {
        "number", "written_number", "int_ext", "time_of_day", "time_written", "set", "flashback", "cast", "elements",
        "eighths", "seconds",
    } <= set(scene)  # fmt: skip
    assert scene["cast"] == ["沈乐"]
    assert {"kind", "speaker", "text", "line"} <= set(scene["elements"][0])
    assert data["marks"] == [{"kind": "paywall", "line": 4, "text": "沈乐：走。（一卡）"}]
