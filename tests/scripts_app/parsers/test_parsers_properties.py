"""Whatever comes in: a result comes out, no line is lost, numbers are unique."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts_app.parsers import CATALOGUE, ParsedScript, read_script, read_text
from scripts_app.parsers.faults import PROPOSALS
from scripts_app.samples.dirt import DIRT, dirty
from scripts_app.samples.generator import generate
from scripts_app.samples.layouts import HEADS, Facts, Layout, layouts
from studio.values import SceneNumber

Unplaced = Callable[[ParsedScript, str], list[int]]

PIECES = [
    "第1集", "第二集：标题", "第1集", "# 第 3 集", "Episode 4", "第一章 归来", "1-1 日 内 客厅", "1-1 夜 外 天台", "场景2", "3—1场景：日，外，校场",
    "+场 厨房 内 夜", "内景 客厅 - 夜", "1", "8-1", "2026", "咖啡馆 日 内", "场景：夜 内 堂屋", "地点：面馆", "时间：夜", "内外景：内", "第一幕：开场",
    "人物：满满 阿丰*4、警员若干", "人 甲 乙", "△走。", "沈乐：走。", "沈乐（低声）OS：走", "旁白：三年。", "【字幕：三年后】", "（一卡）", "剧情卡点",
    "闪回", "【闪回结束】", "《剧名》", "【故事梗概】", "人物小传：", "1.林叶：28岁", "分集大纲", "【正文】", "---", "\u200b", "  ", "", "",
    "INT. HOUSE - DAY #2A#", "EXT. YARD - NIGHT", "BOB", "(softly)", "Hello.", "ALICE ^", "/* cut", "*/", "[[ note", "]]", "# Act", "= s",
    "~la", "> END <", "> CUT TO:", "===", "Title: X", "@x", "!y", ".Z", "SCENE 1 — THE EMPTY PLATFORM", "Location: Station", "Time: 11:47 PM",
]  # fmt: skip
scripts = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=30)), max_size=40).map("\n".join)
# Lines of every layout, and whole files of it with any dirt.
HEAD_LINES = [
    line
    for style in HEADS.values()
    for line in style.write(Facts(1, "2", "客厅", "内", "night", "（闪回）", "满满、阿丰*4", "开场"))
]
names = st.sampled_from(["", "a.txt", "a.md", "a.fountain"])


def check(parsed: ParsedScript) -> None:
    numbers = [scene.number for scene in parsed.scenes]
    assert len(set(numbers)) == len(numbers)
    assert [SceneNumber.parse(number).text for number in numbers] == numbers
    episodes = [episode.number for episode in parsed.episodes]
    assert len(set(episodes)) == len(episodes)
    assert all(scene.parts >= 1 and scene.seconds >= 1 for scene in parsed.scenes)
    assert all(each.severity == CATALOGUE[each.code][0] for each in parsed.faults)
    assert parsed.importable == bool(parsed.scenes) or any(each.code == "looks_like_prose" for each in parsed.faults)
    assert len(parsed.to_json()["episodes"]) == len(parsed.episodes)
    for each in parsed.faults:
        if each.proposal is not None:
            assert set(each.proposal) - {"action", "scene"} == PROPOSALS[str(each.proposal["action"])] - {"scene"}
            assert 0 < int(each.proposal.get("line", 1)) <= len(parsed.lines)


@settings(max_examples=150, deadline=None)
@given(text=scripts, name=names)
def test_scripts_of_any_pieces_keep_every_line(text: str, name: str, unplaced_lines: Unplaced) -> None:
    parsed = read_text(text, name)
    check(parsed)
    if text.strip():
        assert unplaced_lines(parsed, text) == []
    else:
        assert [each.code for each in parsed.faults] == ["empty_file"]


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=400), name=names)
def test_any_text_keeps_every_line(text: str, name: str, unplaced_lines: Unplaced) -> None:
    parsed = read_text(text, name)
    check(parsed)
    assert not text.strip() or unplaced_lines(parsed, text) == []


@settings(max_examples=150, deadline=None)
@given(
    head=st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04", b"<?xml ?><FinalDraft>", b"\xff\xfe", b"\xef\xbb\xbf"]),
    data=st.binary(max_size=300),
    name=st.sampled_from(["a.txt", "a.docx", "a.pdf", "a.fdx", "a", "", "a.fountain", "a.doc"]),
)
def test_any_bytes_give_a_result(head: bytes, data: bytes, name: str, unplaced_lines: Unplaced) -> None:
    parsed = read_script(head + data, name)
    check(parsed)
    if parsed.lines:
        assert unplaced_lines(parsed, "\n".join(parsed.lines)) == []


@settings(max_examples=60, deadline=None)
@given(text=scripts, unit=st.sampled_from(["tenths", "eighths"]))
def test_pasted_text_and_a_file_of_it_read_the_same(text: str, unit: str) -> None:
    pasted, filed = read_text(text, page_unit=unit), read_script(text.encode("utf-8"), "a.txt", unit)
    if any(each.code == "binary_file" for each in filed.faults):
        return
    assert pasted.episodes == filed.episodes
    assert pasted.lines_read == filed.lines_read


LAYOUTS = layouts()
CLEAN = generate(8, 3, (5, 6))
DIRTY_LINE = st.sampled_from(PIECES + HEAD_LINES).flatmap(
    lambda line: st.tuples(
        st.integers(0, len(line)), st.sampled_from("\u200b\ufeff\u2060⽇１（）【】*：、\t \u3000")
    ).map(lambda at: line[: at[0]] + at[1] + line[at[0] :])
)
mixtures = st.lists(
    st.one_of(st.sampled_from(PIECES + HEAD_LINES), DIRTY_LINE, st.text(max_size=20)), min_size=1, max_size=60
)


@settings(max_examples=200, deadline=None)
@given(lines=mixtures, ends=st.lists(st.sampled_from(["\n", "\r\n", "\r", "\u2028", "\n\n"]), min_size=60, max_size=60))
def test_heads_of_all_layouts_mixed_with_dirt_keep_every_line(
    lines: list[str], ends: list[str], unplaced_lines: Unplaced
) -> None:
    text = "".join(line + end for line, end in zip(lines, ends, strict=False))
    parsed = read_text(text)
    check(parsed)
    assert not text.strip() or unplaced_lines(parsed, text) == []


@settings(max_examples=60, deadline=None)
@given(
    layout=st.sampled_from(LAYOUTS),
    dirt=st.frozensets(st.sampled_from(DIRT)),
    seed=st.integers(0, 1000),
    cut=st.integers(0, 3000),
    foreign=st.text(max_size=40),
)
def test_dirty_files_cut_and_spoilt_keep_every_line(
    layout: Layout, dirt: frozenset[str], seed: int, cut: int, foreign: str, unplaced_lines: Unplaced
) -> None:
    text = dirty(CLEAN, layout, dirt, seed).text
    spoilt = text[:cut] + foreign + text[cut + seed :]
    parsed = read_text(spoilt)
    check(parsed)
    assert not spoilt.strip() or unplaced_lines(parsed, spoilt) == []


# Each made some expression run for minutes once, or could: one that is not linear would not come to an end here.
LONG = 100_000
HOSTILE = [
    "走" * 10 * LONG, "x" + " " * LONG + "x", "（" * LONG, "）" * LONG, "（）" * LONG, "（a" * LONG, "【" * LONG, "：" * LONG, "甲：" * LONG,
    "*" * LONG, "**a" * LONG, "* a" * LONG, "- " * LONG, "#" * LONG, "1" * LONG, "1-" * LONG, "甲、" * LONG, "人 " * LONG, "人物：" + "甲 " * LONG,
    "日/" * LONG, "第" + "一" * LONG + "集", "闪回" * LONG, "地点：" * LONG, "INT. A" + " - " * LONG + "B", "沈乐" + "OS" * LONG + "：x",
]  # fmt: skip


@pytest.mark.parametrize("line", HOSTILE, ids=lambda line: line[:6].strip() or "spaces")
@pytest.mark.parametrize("name", ["a.txt", "a.fountain"])
def test_lines_made_to_be_slow_are_read_and_kept(line: str, name: str, unplaced_lines: Unplaced) -> None:
    text = f"第1集\n1-1 日 内 客厅\n人物：沈乐\n{line}\n△走。"
    parsed = read_text(text, name)
    assert parsed.lines[3] == line
    assert unplaced_lines(parsed, text) == []


def test_long_lists_of_names_marks_and_heads_are_read() -> None:
    count = 10_000
    cast = "\n".join(f"人物：甲{each}、乙{each}" for each in range(count))
    (scene,) = read_text(f"第1集\n1-1 日 内 客厅\n{cast}\n△走。").scenes
    assert len(scene.cast) == 2 * count
    (scene,) = read_text("第1集\n1-1 日 内 客厅\n" + "△闪回\n△闪回结束\n" * count).scenes
    assert len(scene.elements) == 2 * count
    assert scene.flashback is True
    twice = read_text("第1集\n" + "1-1 日 内 客厅\n△走。\n" * 3000)
    assert len({each.number for each in twice.scenes}) == 3000
