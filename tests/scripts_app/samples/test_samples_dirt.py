"""Clean scripts in every layout and with every kind of dirt, read and compared with what was meant."""

from __future__ import annotations

import json

import pytest

from scripts_app.parsers import ParsedScript, read_script
from scripts_app.samples.__main__ import main
from scripts_app.samples.dirt import DIRT, Dirty, applicable, dirty
from scripts_app.samples.generator import generate
from scripts_app.samples.layouts import HEADS, NO_EPISODES, Layout, chinese_number, layouts
from scripts_app.samples.score import WHAT, Score, score

TRUTH = generate(5, 6, (14, 14))
PLAIN = Layout("1-1 日 内 客厅")


def read(made: Dirty) -> ParsedScript:
    return read_script(made.data, "a.txt")


def scored(of: list[tuple[int, Layout]], kind: str) -> Score:
    total = Score()
    for at, layout in of:
        dirt = {"clean": frozenset[str](), "all": frozenset(applicable(layout))}.get(kind, frozenset([kind]))
        made = dirty(TRUTH, layout, dirt, at)
        total.add(score(read(made), made))
    return total


@pytest.mark.parametrize("head", HEADS)
def test_every_layout_reads_with_all_dirt_at_once(head: str) -> None:
    of = [(at, layout) for at, layout in enumerate(layouts()) if layout.head == head][:6]
    total = scored(of, "all")
    assert total.all["scenes"] >= 2 * 11
    assert {what: total.share(what) for what in WHAT if total.share(what) < 0.99} == {}, total.wrong


# The bench tries every dirt in every layout; here each meets a sixth of them, another one each.
@pytest.mark.parametrize("kind", ["clean", *DIRT])
def test_every_dirt_reads_in_many_layouts(kind: str) -> None:
    total = scored(list(enumerate(layouts()))[DIRT.index(kind) % 6 if kind in DIRT else 0 :: 6], kind)
    assert {what: total.share(what) for what in WHAT if total.share(what) < 0.99} == {}, total.wrong


def test_a_clean_script_gives_no_alarm_in_any_layout() -> None:
    alarms = {
        each.code
        for at, layout in list(enumerate(layouts()))[:58:2]
        for each in read(dirty(TRUTH, layout, frozenset(), at)).faults
        if each.severity == "warning"
    }
    assert alarms == {"scene_place_missing"}  # of the layout that states no place


def test_the_same_arguments_give_the_same_bytes() -> None:
    dirt = frozenset(DIRT)
    assert dirty(TRUTH, PLAIN, dirt, 3).data == dirty(TRUTH, PLAIN, dirt, 3).data
    assert dirty(TRUTH, PLAIN, dirt, 3).data != dirty(TRUTH, PLAIN, dirt, 4).data


def test_dirt_is_really_on_it() -> None:
    def text(kind: str) -> str:
        return dirty(TRUTH, PLAIN, frozenset([kind]), 1).text

    clean = dirty(TRUTH, PLAIN, frozenset(), 1).text
    assert all(char not in clean for char in "\u200b\u2060⽇⼈＊１\r")
    assert "⽇" in text("kangxi")
    assert "１-１" in text("full_width")
    assert any(char in text("zero_width") for char in "\u200b\u200c\u200d\u2060\ufeff\u00ad")
    assert "\r" in text("mixed_line_ends")
    assert text("repeated_heads").count("人物：") > clean.count("人物：")
    assert "里\n" in text("drifting_places")
    assert "+场 " in text("inserted_scenes")
    assert "蒙太奇快剪" in text("montages")
    assert "三日之内 必有回音\n" in text("lookalikes")
    assert dirty(TRUTH, PLAIN, frozenset(["bom"])).data.startswith(b"\xef\xbb\xbf")
    assert dirty(TRUTH, PLAIN, frozenset(["gb18030"])).data.decode("gb18030") == clean
    assert dirty(TRUTH, PLAIN, frozenset(["utf16"])).data.decode("utf-16") == clean


def test_the_truth_follows_the_dirt() -> None:
    left = dirty(TRUTH, PLAIN, frozenset(["episode_left_out"]), 1)
    assert len(left.episodes) == 5
    (one,) = left.faults
    assert one[0] == "episode_missing"
    assert int(one[1]) not in [number for number, _ in left.episodes]
    short = dirty(TRUTH, PLAIN, frozenset(["aliases"]), 1)
    names = {fault.partition(">")[0] for _, fault in short.faults}
    assert names
    assert names <= {name for scene in short.scenes for name in scene.speakers}
    assert all(scene.place is None for scene in dirty(TRUTH, Layout("场景2"), frozenset(), 1).scenes)


def test_a_worse_reading_scores_less() -> None:
    made = dirty(TRUTH, PLAIN, frozenset(), 1)
    other = read_script(made.text.replace("第2集", "第7集").replace("1-1 ", "1-9 ").encode(), "a.txt")
    result = score(other, made)
    assert result.right["episodes"] == 5
    assert result.all["episodes"] == 7  # one not found, one invented
    assert result.right["scenes"] == result.all["scenes"] - 2
    assert result.least < 0.99
    assert any("1-1 not found" in each for each in result.wrong)


def test_dirt_that_would_leave_nothing_to_go_by_is_left_out() -> None:
    bare = Layout("1-1 日 内 客厅", NO_EPISODES)
    assert "episode_heads_missing" not in applicable(bare)
    assert "drifting_places" not in applicable(Layout("场景2"))
    with pytest.raises(ValueError, match="no such dirt: mud"):
        dirty(TRUTH, PLAIN, frozenset(["mud"]))


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (86, "八十六"), (103, "一百零三"), (110, "一百一十")],
)
def test_chinese_numbers(number: int, text: str) -> None:
    assert chinese_number(number) == text


def test_dirty_scripts_on_the_command_line(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    common = ["dirty", "--seed", "2", "--episodes", "3", "--layout", "5", "--dirt", "kangxi,spaces"]
    assert main(common) == 0
    data = capfdbinary.readouterr().out
    assert [each.number for each in read_script(data, "a.txt").episodes] == [1, 2, 3]
    assert main([*common, "--truth"]) == 0
    told = json.loads(capfdbinary.readouterr().out)
    assert [scene["number"] for scene in told["scenes"]] == [each.number for each in read_script(data, "a.txt").scenes]
    assert main(["dirty", "--list"]) == 0
    assert len(capfdbinary.readouterr().out.decode().splitlines()) == len(layouts()) + 1
    assert main(["dirty", "--layout", "9999"]) == 2
    assert capfdbinary.readouterr().err.decode() == f"layouts have the numbers 0 to {len(layouts()) - 1}.\n"
    assert main(["dirty", "--dirt", "mud"]) == 2
    assert capfdbinary.readouterr().err.decode() == "no such dirt: mud.\n"
