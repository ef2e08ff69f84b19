"""PDF text: page furniture, wrapped paragraphs, glyphs set apart, look-alike radicals."""

from __future__ import annotations

from scripts_app.parsers import ParsedScript, read_script
from tests.scripts_app.pdf_maker import pdf_of

HEAD = "《初光》剧本 第三稿"
WRAPPED = [
    "第1集", "1-1 日 内 客厅", "人物：沈乐、王明",
    "△沈乐推门进来，脚步在门口停住，目光落在王明手里的请柬上，久久没有说话，窗外的",
    "雨声越来越大。",
    "沈乐：你以为拿走了这份合同，就能拿走我的一切吗？我等这一天，等了整整三年，一天",
    "也没有少。",
    "王明：走。",
    "△王明把外套披在沈乐肩上，谁也没有先开口，只听得见墙上的钟一下一下地走着，夜深。",
    "沈乐：你呢？",
]  # fmt: skip


def elements(parsed: ParsedScript) -> list[tuple[str | None, str]]:
    return [(each.speaker, each.text) for scene in parsed.scenes for each in scene.elements]


def test_wrapped_paragraphs_are_joined_also_over_pages() -> None:
    first = [HEAD, *WRAPPED[:4], "1"]
    pages = [first, [HEAD, *WRAPPED[4:], "2"], [HEAD, "1-2 夜 外 码头", "△船靠岸。", "3"]]
    parsed = read_script(pdf_of(pages), "a.pdf")
    assert elements(parsed) == [
        (None, "沈乐推门进来，脚步在门口停住，目光落在王明手里的请柬上，久久没有说话，窗外的雨声越来越大。"),
        ("沈乐", "你以为拿走了这份合同，就能拿走我的一切吗？我等这一天，等了整整三年，一天也没有少。"),
        ("王明", "走。"),
        (None, "王明把外套披在沈乐肩上，谁也没有先开口，只听得见墙上的钟一下一下地走着，夜深。"),
        ("沈乐", "你呢？"),
        (None, "船靠岸。"),
    ]  # fmt: skip
    assert sorted(line.text for line in parsed.aside) == sorted([HEAD, "1", HEAD, "2", HEAD, "3"])
    assert [scene.number for scene in parsed.scenes] == ["1-1", "1-2"]


def test_a_head_on_every_page_is_no_running_head_when_it_is_an_episode() -> None:
    pages = [[f"第{n}集", f"{n}-1 日 内 客厅", "甲：走。", str(n)] for n in range(1, 5)]
    assert [episode.number for episode in read_script(pdf_of(pages), "a.pdf").episodes] == [1, 2, 3, 4]


def test_lines_that_fill_no_column_stay_apart() -> None:
    lines = ["第1集", "1-1 日 内 客厅", "沈乐慢慢走到窗前", "雨停了", "△他回头"]
    assert elements(read_script(pdf_of([lines]), "a.pdf")) == [
        (None, "沈乐慢慢走到窗前"),
        (None, "雨停了"),
        (None, "他回头"),
    ]


def test_glyphs_set_apart_are_closed_up() -> None:
    spaced = [
        "第 1 集",
        "1 - 1 日 内 沈 家 客 厅",
        "人 物 ： 沈 乐 、 王 明",
        "△ 沈 乐 推 门 进 来 ， 愣 住 。",
        "沈 乐 ： 你 怎 么 在 这 里 ？",
        "王 明 ： 我 等 你 三 年 了 。",
    ]
    parsed = read_script(pdf_of([spaced]), "a.pdf")
    assert [(scene.number, scene.place, scene.int_ext, scene.time_of_day) for scene in parsed.scenes] == [
        ("1-1", "沈家客厅", "int", "day")
    ]
    assert elements(parsed) == [(None, "沈乐推门进来，愣住。"), ("沈乐", "你怎么在这里？"), ("王明", "我等你三年了。")]
    assert [member.name for member in parsed.scenes[0].cast] == ["沈乐", "王明"]


def test_radicals_that_look_like_characters_are_made_plain() -> None:
    parsed = read_script(pdf_of([["第1集", "1-1 ⽇ 内 ⼤⻔⼝", "沈乐：⾛，我们⼀起回家去吧。"]]), "a.pdf")
    assert (parsed.scenes[0].time_of_day, parsed.scenes[0].place) == ("day", "大门口")
    assert elements(parsed) == [("沈乐", "走，我们一起回家去吧。")]


def test_an_english_word_divided_at_the_end_of_a_line_is_one() -> None:
    lines = ["INT. HOUSE - DAY", "She looks at the exam-", "ple and waits."]
    assert "She looks at the example and waits." in read_script(pdf_of([lines]), "a.pdf").lines
