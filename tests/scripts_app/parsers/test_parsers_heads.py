"""Scene heads as they are really written, each inside a surrounding script."""

from __future__ import annotations

import unicodedata

import pytest

from scripts_app.parsers import read_text
from scripts_app.parsers.episodes import episode_head
from scripts_app.parsers.fields import read_fields
from scripts_app.parsers.normalise import numeral
from scripts_app.parsers.slugs import slugline
from scripts_app.parsers.times import time_of_day

INT_EXT = {"内": "int", "外": "ext", "": None}


def around(head: str, episode: str) -> str:
    """A script with a scene before the head and lines after it."""
    return (
        f"《试读》\n\n第{episode}集\n{episode}-0 夜 外 前厅\n人物：林叶\n△林叶走进来，停下。\n林叶：今年是\n"
        f"{head}\n△灯亮了。\n林叶：你终于来了。\n"
    )


FRONT = (
    "《试读》\n【版权状态】原创\n【故事梗概】\n一座城，两个人。\n【人物小传】\n1.林叶：28岁，记者。\n分集大纲\n第1集：她回来。\n第2集：他也回来。\n"
    "【正文】\n"
)
BODY = "△林叶走进来，停下。\n林叶：今年是\n"
AFTER = "△灯亮了。\n林叶：你终于来了。\n"
# Name -> what stands before and after the head; {e} is the episode, scenes 90 and 91 stand around it.
SURROUNDINGS = {
    "plain": ("《试读》\n\n第{e}集\n{e}-90 夜 外 前厅\n人物：林叶\n", "{e}-91 日 外 街口\n人物：林叶\n"),
    "no episode head": ("{e}-90 夜 外 前厅\n人物：林叶\n", "{e}-91 日 外 街口\n人物：林叶\n"),
    "front matter": (FRONT + "第{e}集\n{e}-90 夜 外 前厅\n人物：林叶\n", "{e}-91 日 外 街口\n人物：林叶\n"),
    "front matter and no episode head": (FRONT + "{e}-90 夜 外 前厅\n人物：林叶\n", "{e}-91 日 外 街口\n人物：林叶\n"),
    "Markdown": ("# 第 {e} 集\n\n## {e}-90 前厅-外-夜\n\n**人物**：林叶\n\n", "\n## {e}-91 街口-外-日\n\n"),
    "labels": (
        "第{e}集：归来\n场次：90\n地点：前厅\n时间：夜\n内外景：外\n人物：林叶\n",
        "场次：91\n地点：街口\n时间：日\n内外景：外\n人物：林叶\n",
    ),
    "numbers alone": ("第{e}集\n\n场景90：前厅，外，夜\n人物：林叶\n", "\n场景91：街口，外，日\n"),
    "two lines": ("EP{e}\n{e}-90\n场景：夜 外 前厅\n人物：林叶\n", "{e}-91\n场景：日 外 街口\n人物：林叶\n"),
    "blank lines": ("第{e}集\n\n\n{e}-90 夜 外 前厅\n\n人物：林叶\n\n", "\n\n{e}-91 日 外 街口\n\n"),
    "nothing after": ("第{e}集\n{e}-90 夜 外 前厅\n人物：林叶\n", None),
}


@pytest.mark.parametrize("surroundings", SURROUNDINGS)
@pytest.mark.parametrize("indent", ["", "　　"])
def test_every_collected_head_reads_as_stated(header_row: dict[str, str], surroundings: str, indent: str) -> None:
    before, after = SURROUNDINGS[surroundings]
    written = header_row["written"].replace("\\n", f"\n{indent}")
    negative = "must NOT" in written or "cast line" in written
    head = written[: written.rindex("(")].strip() if negative else written
    episode = header_row["episode"] or ("1" if written.startswith("1-1 ") else "5")
    text = before.format(e=episode) + BODY + indent + head + "\n" + AFTER
    text += after.format(e=episode) + AFTER if after else ""
    parsed = read_text(text)
    assert [each.number for each in parsed.episodes] == [int(episode)]
    scenes = list(parsed.scenes)
    assert (scenes[0].number, scenes[0].place, scenes[0].int_ext) == (f"{episode}-90", "前厅", "ext")
    if after:
        last = scenes.pop()
        assert (last.number, last.place, last.time_of_day) == (f"{episode}-91", "街口", "day")
        assert [element.text for element in last.elements] == ["灯亮了。", "你终于来了。"]
    if negative:
        (one,) = scenes
        if "cast line" in written:
            assert [member.name for member in one.cast] == ["林叶", "角色1", "角色2"]
        else:
            assert head in [element.text for element in one.elements]
        return
    first, scene = scenes
    number = header_row["scene"]
    if number == "+":
        assert (scene.inserted, scene.number) == (True, f"{episode}-90A")
    else:
        assert scene.number == f"{episode}-{number or '1'}"
        assert scene.inserted is False
    assert (scene.written_number is None) == (number == "")
    assert scene.int_ext == INT_EXT[header_row["int_ext"]]
    assert scene.place == (header_row["place"].split(" [")[0] or None)
    time = unicodedata.normalize("NFKC", header_row["time"].split("(")[0])
    assert time_of_day(scene.time_written) == scene.time_of_day
    if time == "日":
        assert scene.time_of_day == "day"
    else:
        assert scene.time_written == (time or None)
        assert scene.time_of_day == ("night" if time else None)
    assert [element.kind for element in scene.elements] == ["action", "dialogue"]
    assert [element.text for element in first.elements] == ["林叶走进来，停下。", "今年是"]


def test_a_head_that_states_an_episode_is_its_episode_where_no_head_does() -> None:
    """A file without episode heads is episode 1; but one that holds episode 8 alone says so in its scenes."""
    assert [each.number for each in read_text("1 客厅 日 内\n△一。\n场景2：街，外，夜\n△二。").episodes] == [1]
    assert [each.number for each in read_text("8-1\n场景：夜 内 堂屋\n人物：满满\n△一。").episodes] == [8]
    assert [each.number for each in read_text("内景 客厅 - 夜\n△一。\n外景 街 - 日\n△二。").episodes] == [1]


def test_cast_inside_a_head_is_read() -> None:
    scene = read_text("第1集\n场次（1）地点：面馆，夜，内；出场人物：杜晨，男青年*2\n△吃面。").scenes[0]
    assert [(member.name, member.count) for member in scene.cast] == [("杜晨", 1), ("男青年", 2)]


@pytest.mark.parametrize(
    "line",
    [
        "3 天后 夜",
        "1.林叶：28岁，日更写手",
        "2026年1月1日 日",
        "1-1这场戏我们重来，日后再说。",
        "他在客厅里等了一夜。",
        "15-20 分钟",
        "内外交困。",
        "特写 日 内",
        "三日之内 必有回音",
    ],
)
def test_lines_that_only_look_like_heads(line: str) -> None:
    assert len(read_text(around(line, "1")).scenes) == 1


@pytest.mark.parametrize(
    ("written", "number", "title", "seconds"),
    [
        ("第1集", 1, None, None),
        ("第一集", 1, None, None),
        ("第十一集", 11, None, None),
        ("第一百零三集", 103, None, None),
        ("第1集.起初", 1, "起初", None),
        ("第3集：标题", 3, "标题", None),
        ("# 第 1 集", 1, None, None),
        ("## 第1集【1min30s】", 1, None, 90),
        ("第2集（约90秒） 风起", 2, "风起", 90),
        ("【第12集】", 12, None, None),
        ("Episode 1", 1, None, None),
        ("EP1", 1, None, None),
        ("EP 07: Return", 7, "Return", None),
    ],
)
def test_episode_heads(written: str, number: int, title: str | None, seconds: int | None) -> None:
    head = episode_head(written)
    assert head is not None
    assert (head.number, head.title, head.seconds) == (number, title, seconds)


@pytest.mark.parametrize("written", ["第一章", "第一幕", "第三集我们说过的话", "第集", "第0集", "EPIC 1", "第1集完"])
def test_lines_that_are_no_episode_heads(written: str) -> None:
    assert episode_head(written) is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("日", "day"), ("夜", "night"), ("晨", "dawn"), ("昏", "dusk"), ("暮", "dusk"), ("清晨", "dawn"), ("傍晚", "dusk"),
        ("黄昏", "dusk"), ("黎明", "dawn"), ("深夜", "night"), ("凌晨", "night"), ("暗", "night"), ("雨夜", "night"),
        ("次日", "day"), ("午后", "day"), ("日/夜", "day"), ("亥时三刻", "night"), ("卯时", "dawn"), ("酉时", "dusk"),
        ("午时", "day"), ("11:47 PM", "night"), ("6:10", "dawn"), ("12 AM", "night"), ("12 PM", "day"), ("18:30", "dusk"),
        ("连续", None), ("CONTINUOUS", None), ("MAGIC HOUR", "dusk"), (None, None), ("", None),
    ],
)  # fmt: skip
def test_times_of_day(written: str | None, expected: str | None) -> None:
    assert time_of_day(written) == expected


@pytest.mark.parametrize(
    ("written", "time", "int_ext", "place"),
    [
        ("日 内 客厅", "日", "int", "客厅"),
        ("客厅 内 日", "日", "int", "客厅"),
        ("日内 客厅", "日", "int", "客厅"),
        ("客厅（夜内）", "夜", "int", "客厅"),
        ("客厅-内-日", "日", "int", "客厅"),
        ("夜/外/天台", "夜", "ext", "天台"),
        ("客厅/卧室 日 内", "日", "int", "客厅/卧室"),
        ("日 内外 车里", "日", "int_ext", "车里"),
        ("日 内/外 车里", "日", "int_ext", "车里"),
        ("客厅（林叶家） 日 内", "日", "int", "客厅（林叶家）"),
        ("绿荫小道 - 公园 清晨 外", "清晨", "ext", "绿荫小道 - 公园"),
        ("内外贸大厦 日 外", "日", "ext", "内外贸大厦"),
    ],
)
def test_fields_in_any_order(written: str, time: str, int_ext: str, place: str) -> None:
    fields = read_fields(written)
    assert (fields.time, fields.int_ext, fields.place) == (time, int_ext, place)


@pytest.mark.parametrize(
    ("head", "number", "place"),
    [
        ("第2场 客厅 夜 内", "1-2", "客厅"),
        ("第二场 客厅", "1-2", "客厅"),
        ("场景三：客厅 夜 内", "1-3", "客厅"),
        ("第1集 第4场 夜 内 客厅", "1-4", "客厅"),
        ("1-3客厅 夜 内", "1-3", "客厅"),
        ("1.2 客厅 夜 内", "1-2", "客厅"),
        ("【1-7 夜 内 客厅】", "1-7", "客厅"),
        ("1-6 现代 夜 内 客厅", "1-6", "客厅"),
        ("1-2 客厅", "1-2", "客厅"),
        ("12A 客厅 夜 内", "1-12A", "客厅"),
    ],
)
def test_more_ways_to_number_a_scene(head: str, number: str, place: str) -> None:
    scenes = read_text(around(head, "1")).scenes
    assert [(scene.number, scene.place) for scene in scenes[1:]] == [(number, place)]


def test_flashback_in_the_head() -> None:
    scene = read_text("第1集\n1-1 日 内 教室（闪回）\n△下课铃响。").scenes[0]
    assert (scene.flashback, scene.place) == (True, "教室")
    assert [element.flashback for element in scene.elements] == [True]


def test_two_places_and_a_place_within_a_place() -> None:
    first, second = read_text("第1集\n1-1 日 内 客厅/卧室\n△走。\n1-2 日 外 公园 - 湖边\n△停。").scenes
    assert (first.places, first.sub_place) == (("客厅", "卧室"), None)
    assert (second.places, second.sub_place) == (("公园 - 湖边",), "湖边")


@pytest.mark.parametrize(
    ("written", "int_ext", "place", "time", "number"),
    [
        ("INT. KITCHEN - DAY", "int", "KITCHEN", "DAY", None),
        ("EXT. SCHOOL YARD - DAY #2A#", "ext", "SCHOOL YARD", "DAY", "2A"),
        ("INT./EXT. CAR - NIGHT (RAIN)", "int_ext", "CAR", "NIGHT (RAIN)", None),
        ("I/E HOUSE - MOMENTS LATER", "int_ext", "HOUSE", "MOMENTS LATER", None),
        ("INT. HOUSE - KITCHEN - NIGHT", "int", "HOUSE - KITCHEN", "NIGHT", None),
        ("EST. CITY", "ext", "CITY", None, None),
    ],
)
def test_english_headings(written: str, int_ext: str, place: str, time: str | None, number: str | None) -> None:
    head = slugline(written)
    assert head is not None
    assert (head.int_ext, head.place, head.time_written, head.number) == (int_ext, place, time, number)


def test_an_ordinary_word_is_no_english_heading() -> None:
    assert slugline("INTERESTING. VERY - DAY") is None
    assert slugline("Extra chairs - day") is None


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("12", 12),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百零三", 103),
        ("二三", 23),
        ("两", 2),
        ("", None),
        ("甲", None),
    ],
)
def test_numerals(written: str, number: int | None) -> None:
    assert numeral(written) == number
