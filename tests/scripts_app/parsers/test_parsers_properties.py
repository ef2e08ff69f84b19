"""Whatever comes in: a result comes out, no line is lost, numbers are unique."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from scripts_app.parsers import CATALOGUE, ParsedScript, read_script, read_text
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
