"""Parse, write, parse again: the same scenes, in every format, whatever the texts look like."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scripts_app.parsers import (
    CastMember,
    ParsedElement,
    ParsedEpisode,
    ParsedScene,
    ParsedScript,
    read_script,
    read_text,
)
from scripts_app.parsers.normalise import plain
from scripts_app.samples import FIRST_LIGHT
from scripts_app.samples.generator import generate_script
from scripts_app.writers import FORMATS, write_script

FILES = ["fountain", "fdx", "docx"]
ENGLISH = """Title: Harbour

# Episode 1: Arrival

FADE IN:

INT. HARBOUR OFFICE - NIGHT #1#

= She finds the letter.

Maya puts the *letter* on the table.

MAYA (V.O.)
(quietly)
I came back.
And I stay.

LEO
No!

MAYA ^
Yes!

~Row, row

> THE END <

CUT TO:

EXT. PIER (FLASHBACK) - DAWN #2A#

BOOM!

# Episode 2

.THE ROOF

!MAYA
!shouts.

I/E BOAT - SUNSET - CONTINUOUS

A gull.
"""


def shape(script: ParsedScript) -> list[Any]:
    """What must come back: everything of the scenes but the lines they stood on and what is counted from them."""
    return [
        (
            episode.number,
            episode.title,
            [
                (
                    scene.number, scene.int_ext, scene.time_of_day, scene.time_written, scene.place, scene.sub_place,
                    scene.flashback, scene.montage, scene.title, scene.note, scene.synopsis, scene.cast,
                    [
                        (each.kind, each.speaker, each.text, each.voice, each.delivery, each.label, each.dual,
                         each.flashback)
                        for each in scene.elements
                    ],
                )
                for scene in episode.scenes
            ],
        )
        for episode in script.episodes
    ]  # fmt: skip


def again(script: ParsedScript, to: str) -> ParsedScript:
    return read_script(write_script(script, to), f"script{FORMATS[to].suffix}", script.page_unit)


@pytest.mark.parametrize("to", FILES)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_generated_scripts(to: str, seed: int) -> None:
    script = read_text(generate_script(seed, episodes=8, scenes=(12, 20)))
    assert len(script.scenes) >= 12
    assert shape(again(script, to)) == shape(script)


@pytest.mark.parametrize("to", FILES)
def test_the_written_sample_with_its_front_matter(to: str) -> None:
    script = read_script(FIRST_LIGHT.read_bytes(), "a.txt")
    read = again(script, to)
    assert shape(read) == shape(script)
    assert read.title == script.title == "第一道光"
    if to != "fdx":
        assert (read.logline, read.outline) == (script.logline, script.outline)
        assert [(role.name, role.age, role.bio) for role in read.characters] == [
            (role.name, role.age, role.bio) for role in script.characters
        ]


@pytest.mark.parametrize("to", FILES)
def test_an_english_script(to: str) -> None:
    script = read_text(ENGLISH, "a.fountain", "eighths")
    assert [scene.number for scene in script.scenes] == ["1-1", "1-2A", "2-1", "2-2"]
    assert shape(again(script, to)) == shape(script)


@pytest.mark.parametrize("to", FILES)
def test_the_same_script_gives_the_same_bytes(to: str) -> None:
    script = read_text(ENGLISH, "a.fountain", "eighths")
    assert write_script(script, to) == write_script(script, to)


NASTY = [
    "1-1 日 内 客厅", "第2集", "第二集：标题", "# Episode 3", "INT. HOUSE - DAY", "EXT. YARD - NIGHT #7#", "人物：甲、乙", "人物：", "@BOB", "@沈乐",
    "#act", "= synopsis", "!", "!shout", ".HEAD", "...", "(softly)", "（低声）", "(a) b", "（a", "a）", ")", "~la", "~", "> x <", "x <", "> CUT TO:",
    "CUT TO:", "SMASH CUT TO:", "===", "/* x", "*/", "/*/", "[[ x", "]]", "[[x]]", "[[[", "BOOM!", "ALL CAPS ACTION", "BOB", "沈乐", "沈乐：走", "△走",
    "△", "【字幕：三年后】", "字幕：三年后", "（一卡）", "闪回", "闪回结束", "<a> & \"b\" 'c'", "&amp;", "]]>", "<!-- -->", "*x*", "**x**", "_x_", "\\*", "\\",
    "\\\\", "a\\", "*", "_", "a_b_c", "Title: X", "kaiji {}", '[[kaiji {"text":"x"}]]', "BOB ^", "BOB (V.O.)", "(OMITTED)", "OMITTED", "删除", "：", ":", "：a", "】",
    "a】", "-", " - ", "a - b", "a / b", "a  b", "1.", "+场 厨房", "第", "集", "Word\u00a0space", "😀", "0", "true", "null", "若干", "*4", "、", "a、b", "（）",
]  # fmt: skip
PLAIN = st.one_of(
    st.sampled_from(NASTY), st.sampled_from(NASTY), st.lists(st.sampled_from(NASTY), min_size=2, max_size=3).map(" ".join),
    st.text(max_size=20), st.text(alphabet="()（）[]【】*_/\\<>!.@#=~^：: \"'&aB沈", max_size=12),
).map(lambda text: plain(" ".join(text.splitlines()).encode("utf-8", "replace").decode()))  # fmt: skip
WORDS = PLAIN.filter(bool)
NAMES = st.one_of(st.sampled_from(["沈乐", "王明", "BOB", "Maya", "DR. X", "R2D2"]), WORDS)
SPOKEN = st.builds(
    ParsedElement,
    kind=st.sampled_from(["dialogue", "dialogue", "lyric"]),
    text=WORDS,
    speaker=NAMES,
    delivery=st.none() | WORDS,
    voice=st.sampled_from([None, None, "OS", "VO"]),
    dual=st.booleans(),
    flashback=st.booleans(),
)
DONE = st.builds(
    ParsedElement,
    kind=st.sampled_from(["action", "caption", "sound", "effect", "transition", "lyric", "centred"]),
    text=WORDS,
    label=st.none() | st.sampled_from(["字幕", "特写", "BGM", "镜头语言"]),
    flashback=st.booleans(),
)
SILENT = st.builds(ParsedElement, kind=st.just("dialogue"), text=st.just(""), speaker=NAMES)
CAST = st.lists(
    st.builds(CastMember, name=NAMES, count=st.sampled_from([1, 1, 4, None]), note=st.none() | WORDS),
    max_size=4,
    unique_by=lambda member: member.name,
).map(tuple)


@st.composite
def scenes(draw: Any, number: str) -> ParsedScene:
    elements = tuple(draw(st.lists(st.one_of(SPOKEN, SPOKEN, DONE, SILENT), max_size=7)))
    if draw(st.booleans()):
        elements = tuple(each for each in elements if not each.flashback)
    place = draw(st.none() | st.sampled_from(["客厅", "客厅 - 卧室", "KITCHEN", "A / B"]) | WORDS)
    parts = [part for part in (place or "").split(" - ", 1) if part]
    return ParsedScene(
        number=number, written_number=number, line=0, int_ext=draw(st.sampled_from([None, "int", "ext", "int_ext"])),
        time_of_day=None, time_written=draw(st.none() | st.sampled_from(["日", "雨夜", "NIGHT", "LATER", "11:47 PM"]) | WORDS),
        place=place, places=(), sub_place=parts[1] if len(parts) == 2 else None,
        title=draw(st.none() | WORDS), note=draw(st.none() | WORDS), synopsis=draw(st.none() | WORDS),
        flashback=any(each.flashback for each in elements), montage=draw(st.booleans()), inserted=False,
        cast=draw(CAST), elements=elements, head=(), parts=1, seconds=1, han=0,
    )  # fmt: skip


@st.composite
def scripts(draw: Any) -> ParsedScript:
    episodes = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        first = draw(
            st.sampled_from([f"{number}-1", f"{number}-1A", f"{number}-A1", f"{number + 5}-3", f"{number}-2-1"])
        )
        told = [
            draw(scenes(first)),
            *(draw(scenes(f"{number}-{10 + index}")) for index in range(draw(st.integers(0, 2)))),
        ]
        title = draw(st.none() | st.sampled_from(["归来", "Home"]) | WORDS)
        episodes.append(ParsedEpisode(number, number, title, 0, None, None, False, (), (), (), tuple(told)))
    return ParsedScript("script", draw(st.sampled_from(["chinese", "fountain"])), "text", episodes=tuple(episodes))


def whole(script: ParsedScript) -> list[Any]:
    """`shape` of a script that was made up: the reader, not the maker, counts times of day and parts of sets."""
    rows = shape(script)
    return [
        (number, title, [(*scene[:2], *scene[3:5], *scene[6:]) for scene in told]) for number, title, told in rows
    ]  # fmt: skip


@pytest.mark.parametrize("to", FILES)
@settings(max_examples=80, deadline=None)
@given(script=scripts())
def test_scripts_of_nasty_texts(to: str, script: ParsedScript) -> None:
    assert whole(again(script, to)) == whole(script)


PIECES = [
    "第1集", "第二集：标题", "第3集【1min30s】", "1-1 日 内 客厅", "1-1 夜 外 天台", "2-3 雨夜 内/外 车里（闪回）", "场景2", "+场 厨房 内 夜", "内景 客厅 - 夜",
    "人物：满满 阿丰*4、警员若干", "人物：甲（逃课）", "△走。", "△", "沈乐：走。", "沈乐（低声）OS：走", "旁白：三年。", "【字幕：三年后】", "【特写】手", "（一卡）", "闪回", "【闪回结束】",
    "音效：雷声", "切至：", "《剧名》", "", "", "INT. HOUSE - DAY #2A#", "EXT. YARD - NIGHT", "BOB", "(softly)", "Hello.", "ALICE ^", "~la", "> END <", "@x", "!y", ".Z",
]  # fmt: skip


@pytest.mark.parametrize("to", FILES)
@settings(max_examples=50, deadline=None)
@given(
    text=st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=20)), max_size=30).map("\n".join),
    name=st.sampled_from(["a.txt", "a.fountain"]),
)
@example(text="1-1 日 内 客厅\n△走。", name="a.txt")
def test_scripts_of_any_pieces(to: str, text: str, name: str) -> None:
    script = read_text(text, name)
    if not script.importable:
        return
    assert shape(again(script, to)) == shape(script)
