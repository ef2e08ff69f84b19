"""The written sample by exact counts, and generated scripts against the truth they were built with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from scripts_app.parsers import ParsedScript, read_script, read_text
from scripts_app.samples import FIRST_LIGHT
from scripts_app.samples.__main__ import main
from scripts_app.samples.generator import generate, generate_script

Unplaced = Callable[[ParsedScript, str], list[int]]

# Counted in first_light.txt with grep, apart from the reader; a change of the sample changes them.
SCENES = 36
SETS = {
    "恒耀大厦门口": 4,
    "总裁办公室": 4,
    "设计部": 6,
    "地下仓库": 4,
    "许家堂屋": 3,
    "江城剧院舞台": 4,
    "江边观景台": 7,
    "医院走廊": 4,
}
SPEAKERS = {
    "唐婉": 34,
    "许知微": 59,
    "周小满": 19,
    "何宁": 8,
    "贺启明": 30,
    "老郑": 7,
    "许国安": 18,
    "陆景行": 26,
    "孟律师": 6,
    "护士": 3,
    "导演": 3,
    "主持人": 1,
}
KINDS = {"action": 141, "dialogue": 214, "caption": 4, "transition": 3, "sound": 2}


@pytest.fixture(scope="module")
def first_light() -> ParsedScript:
    return read_script(FIRST_LIGHT.read_bytes(), FIRST_LIGHT.name)


def test_the_sample_has_nothing_to_complain_of(first_light: ParsedScript, unplaced_lines: Unplaced) -> None:
    assert (first_light.kind, first_light.layout, first_light.title) == ("script", "chinese", "第一道光")
    assert [each.code for each in first_light.faults] == []
    assert unplaced_lines(first_light, FIRST_LIGHT.read_text(encoding="utf-8")) == []
    assert first_light.importable is True


def test_the_sample_in_numbers(first_light: ParsedScript) -> None:
    scenes = first_light.scenes
    assert [episode.number for episode in first_light.episodes] == list(range(1, 13))
    assert len(scenes) == SCENES
    assert [scene.number for scene in scenes] == [scene.written_number for scene in scenes]
    assert Counter(scene.place for scene in scenes) == SETS
    assert {scene.time_of_day for scene in scenes} == {"day", "night", "dawn", "dusk"}
    assert {scene.int_ext for scene in scenes} == {"int", "ext"}
    speakers = Counter(element.speaker for scene in scenes for element in scene.elements if element.speaker)
    assert speakers == SPEAKERS
    assert Counter(element.kind for scene in scenes for element in scene.elements) == KINDS
    assert [scene.number for scene in scenes if scene.flashback] == ["3-1"]
    assert Counter(mark.kind for mark in first_light.marks) == {"hook": 12, "paywall": 1}
    assert all(500 <= sum(scene.han for scene in episode.scenes) <= 900 for episode in first_light.episodes)


def test_the_sample_front_matter(first_light: ParsedScript) -> None:
    assert [(role.name, role.age) for role in first_light.characters] == [
        ("许知微", 28), ("陆景行", 32), ("唐婉", 30), ("贺启明", 51), ("许国安", 58), ("周小满", 23), ("老郑", 56),
        ("何宁", 34), ("孟律师", 40),
    ]  # fmt: skip
    assert all(episode.outline for episode in first_light.episodes)
    assert [episode.title for episode in first_light.episodes][:3] == ["夜班", "七号灯", "开幕夜"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_generated_script_reads_as_it_was_meant(seed: int, unplaced_lines: Unplaced) -> None:
    truth = generate(seed)
    parsed = read_text(truth.text)
    assert parsed.title == truth.title
    assert [each.name for each in parsed.characters] == list(truth.roles)
    assert [(each.number, each.title) for each in parsed.episodes] == [
        (each.number, each.title) for each in truth.episodes
    ]
    read = [
        (
            scene.number, scene.place, scene.int_ext, scene.time_of_day, scene.flashback,
            tuple((member.name, member.count) for member in scene.cast), scene.speakers,
            sum(element.kind == "dialogue" for element in scene.elements), len(scene.elements),
        )
        for scene in parsed.scenes
    ]  # fmt: skip
    meant = [
        (
            scene.number, scene.place, scene.int_ext, scene.time_of_day, scene.flashback, scene.cast, scene.speakers,
            scene.dialogue_lines, scene.elements,
        )
        for scene in truth.scenes
    ]  # fmt: skip
    assert read == meant
    assert [each.code for each in parsed.faults if each.severity != "info"] == []
    assert {mark.kind for mark in parsed.marks} == {"hook", "paywall"}
    assert unplaced_lines(parsed, truth.text) == []


@pytest.mark.parametrize("seed", range(5))
def test_generated_scripts_are_full_size(seed: int) -> None:
    truth = generate(seed)
    assert len(truth.episodes) == 80
    assert 150 <= len(truth.scenes) <= 300
    assert 60_000 <= len(truth.text) <= 90_000
    assert 12 <= len(truth.roles) <= 25
    assert 15 <= len(truth.sets) <= 25
    busiest = Counter(scene.place for scene in truth.scenes).most_common(4)
    assert sum(count for _, count in busiest) * 2 > len(truth.scenes)
    assert {scene.time_of_day for scene in truth.scenes} >= {"day", "night"}


def test_a_seed_gives_the_same_script_again() -> None:
    assert generate_script(7, 5, (10, 12)) == generate_script(7, 5, (10, 12))
    assert generate_script(7, 5, (10, 12)) != generate_script(8, 5, (10, 12))


def test_the_generator_refuses_what_cannot_be() -> None:
    with pytest.raises(ValueError, match="at least one episode"):
        generate(1, 0)
    with pytest.raises(ValueError, match="range"):
        generate(1, 3, (9, 2))


def test_the_generator_on_the_command_line(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["generate", "--seed", "3", "--episodes", "2", "--scenes", "2", "4"]) == 0
    assert capfdbinary.readouterr().out.decode() == generate_script(3, 2, (2, 4))
    assert main(["first-light"]) == 0
    assert capfdbinary.readouterr().out == FIRST_LIGHT.read_bytes()
    assert main(["generate", "--episodes", "0"]) == 2
    assert capfdbinary.readouterr().err.decode().startswith("a script has at least one episode")
