"""One test a rule of the Fountain syntax reference 1.1, and Chinese text in Fountain."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scripts_app.parsers import ParsedScript, read_script, read_text

Unplaced = Callable[[ParsedScript, str], list[int]]
HEAD = "INT. ROOM - DAY\n\n"


def read(text: str) -> ParsedScript:
    return read_text(text, "a.fountain", "eighths")


def told(body: str) -> list[tuple[str, str | None, str]]:
    """Kind, speaker and text of what stands under one heading."""
    scenes = read(HEAD + body).scenes
    assert len(scenes) == 1
    return [(each.kind, each.speaker, each.text) for each in scenes[0].elements]


def headings(text: str) -> list[tuple[str, str | None, str | None, str | None]]:
    return [(scene.number, scene.int_ext, scene.place, scene.time_of_day) for scene in read(text).scenes]


@pytest.mark.parametrize(
    ("line", "side", "place", "time"),
    [
        ("INT. HOUSE - DAY", "int", "HOUSE", "day"),
        ("EXT. BRICK'S POOL - NIGHT", "ext", "BRICK'S POOL", "night"),
        ("int. kitchen - night", "int", "kitchen", "night"),
        ("EST. CITY - DAWN", "ext", "CITY", "dawn"),
        ("INT./EXT. CAR - DUSK", "int_ext", "CAR", "dusk"),
        ("INT/EXT. CAR - DAY", "int_ext", "CAR", "day"),
        ("I/E. TENT - DAY", "int_ext", "TENT", "day"),
        ("INT HOUSE - DAY", "int", "HOUSE", "day"),
        ("**INT. BOLD HOUSE - DAY**", "int", "BOLD HOUSE", "day"),
        ("INT. 客厅 - 夜", "int", "客厅", "night"),
    ],
)
def test_scene_headings(line: str, side: str, place: str, time: str) -> None:
    assert headings(f"{line}\n\nShe waits.") == [("1-1", side, place, time)]


def test_a_heading_has_a_blank_line_before_it() -> None:
    assert told("He points at\nEXT. NOWHERE - DAY") == [
        ("action", None, "He points at"),
        ("action", None, "EXT. NOWHERE - DAY"),
    ]


def test_a_heading_may_follow_a_section_without_a_blank_line() -> None:
    assert headings("# Act One\nINT. A - DAY\n\nx\n\n= short\nEXT. B - NIGHT\n\ny") == [
        ("1-1", "int", "A", "day"), ("1-2", "ext", "B", "night"),
    ]  # fmt: skip


def test_a_period_forces_a_heading_and_two_do_not() -> None:
    assert headings(".SNIPER SCOPE\n\nA dot.\n\n...and then she ran.") == [("1-1", None, "SNIPER SCOPE", None)]
    assert told("..not this") == [("action", None, "..not this")]
    assert told(". nor this") == [("action", None, ". nor this")]


@pytest.mark.parametrize("written", ["1", "1A", "110A", "12.5"])
def test_scene_numbers_stand_between_hashes(written: str) -> None:
    assert read(f"INT. HOUSE - DAY #{written}#\n\nx").scenes[0].written_number == written


def test_numbers_may_state_the_episode() -> None:
    parsed = read("# Episode 3\n\nINT. A - DAY #3-7A#\n\nx")
    assert [scene.number for scene in parsed.scenes] == ["3-7A"]


def test_characters_are_in_capitals_with_a_line_below() -> None:
    assert told("STEEL\nThe man's a myth!") == [("dialogue", "STEEL", "The man's a myth!")]
    assert told("R2D2\nBeep.") == [("dialogue", "R2D2", "Beep.")]
    assert told("23\nis a number.") == [("action", None, "23"), ("action", None, "is a number.")]
    assert told("BOOM!\n\nShe runs.") == [("action", None, "BOOM!"), ("action", None, "She runs.")]
    assert told("ÉLODIE\nOui.") == [("dialogue", "ÉLODIE", "Oui.")]


@pytest.mark.parametrize(
    ("cue", "name", "voice", "delivery"),
    [
        ("MOM (O. S.)", "MOM", "VO", None), ("MOM (V.O.)", "MOM", "VO", None), ("MOM (O.C.)", "MOM", "VO", None),
        ("HANS (on the radio)", "HANS", None, "on the radio"), ("MAYA (CONT'D)", "MAYA", None, None),
        ("MAYA (V.O.) (CONT’D)", "MAYA", "VO", None), ("MAYA (INNER VOICE)", "MAYA", "OS", None),
        ("@沈乐（OS）", "沈乐", "OS", None), ("@沈乐 (画外音)", "沈乐", "VO", None), ("@沈乐（低声）", "沈乐", None, "低声"),
    ],
)  # fmt: skip
def test_extensions_say_how_and_from_where(cue: str, name: str, voice: str | None, delivery: str | None) -> None:
    element = read(f"{HEAD}{cue}\nYes.").scenes[0].elements[0]
    assert (element.speaker, element.voice, element.delivery, element.text) == (name, voice, delivery, "Yes.")


def test_an_at_sign_forces_a_character() -> None:
    assert told("@McCLANE\nYippie.\n\n@沈乐\n你来了。") == [
        ("dialogue", "McCLANE", "Yippie."),
        ("dialogue", "沈乐", "你来了。"),
    ]


def test_a_speech_goes_on_to_the_next_blank_line() -> None:
    assert told("ANNA\nOne.\nTwo.\n\nThree.") == [
        ("dialogue", "ANNA", "One."),
        ("dialogue", "ANNA", "Two."),
        ("action", None, "Three."),
    ]


def test_two_spaces_keep_a_speech_open() -> None:
    assert told("ANNA\nOne.\n  \nTwo.") == [("dialogue", "ANNA", "One."), ("dialogue", "ANNA", "Two.")]


def test_parentheticals_stand_in_a_speech() -> None:
    elements = read(f"{HEAD}STEEL\n(starting the engine)\nSo much for retirement!\n(beat)\nGo.").scenes[0].elements
    assert [(each.delivery, each.text) for each in elements] == [
        ("starting the engine", "So much for retirement!"), ("beat", "Go."),
    ]  # fmt: skip
    assert told("(not a parenthetical)") == [("action", None, "(not a parenthetical)")]


def test_a_parenthetical_may_run_over_lines() -> None:
    elements = read(f"{HEAD}BOB\n(looking at\nthe door)\nHello.").scenes[0].elements
    assert [(each.delivery, each.text) for each in elements] == [("looking at the door", "Hello.")]
    assert told("BOB\n(never closed\nHello.") == [("dialogue", "BOB", "(never closed"), ("dialogue", "BOB", "Hello.")]


def test_a_caret_makes_two_speak_at_once() -> None:
    elements = read(f"{HEAD}BRICK\nScrew retirement.\n\nSTEEL ^\nScrew retirement.").scenes[0].elements
    assert [(each.speaker, each.dual) for each in elements] == [("BRICK", False), ("STEEL", True)]


def test_a_tilde_makes_a_lyric() -> None:
    assert told("~Willy the worm\n~Willy the worm") == [("lyric", None, "Willy the worm")] * 2
    assert told("BOB\n~La la") == [("lyric", "BOB", "La la")]


def test_transitions_end_in_to_or_are_forced() -> None:
    assert told("He runs.\n\nCUT TO:\n\n> Burn to White.") == [
        ("action", None, "He runs."), ("transition", None, "CUT TO:"), ("transition", None, "Burn to White."),
    ]  # fmt: skip
    assert told("WHO TO:\nMe.") == [("dialogue", "WHO TO:", "Me.")]


def test_brackets_of_greater_and_less_centre_a_line() -> None:
    assert told(">THE END<\n\n> **THE END** <") == [("centred", None, "THE END")] * 2


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("*italics*", "italics"), ("**bold**", "bold"), ("***bold italics***", "bold italics"), ("_underline_", "underline"),
        ("From what seems like _only *inches* away._", "From what seems like only inches away."),
        (r"He dials \*69 twice.", "He dials *69 twice."), ("2 * 3 * 4", "2 * 3 * 4"), ("snake_case_name", "snake_case_name"),
        ("**bold with *italics* inside**", "bold with italics inside"), ("a * star", "a * star"),
    ],
)  # fmt: skip
def test_emphasis_is_taken_off(written: str, shown: str) -> None:
    assert told(written) == [("action", None, shown)]


def test_emphasis_does_not_run_over_lines() -> None:
    assert told("An *open\nstar* here.") == [("action", None, "An *open"), ("action", None, "star* here.")]


def test_the_title_page_is_keys_and_values() -> None:
    parsed = read(
        "Title:\n    _**BRICK**_\n    _**STEEL**_\nCredit: Written by\nLogline: Two retired men.\n\nINT. A - DAY\n\nx"
    )
    assert (parsed.title, parsed.logline) == ("BRICK STEEL", "Two retired men.")
    assert [line.role for line in parsed.front] == ["title", "title", "title", "credit", "logline"]


@pytest.mark.parametrize("first", ["FADE IN:", "CUT TO:", "INT. A: B - DAY"])
def test_what_only_looks_like_a_title_page_is_the_story(first: str) -> None:
    parsed = read(f"{first}\n\nINT. HOUSE - DAY\n\nx")
    assert parsed.front == ()
    assert parsed.scenes[-1].place == "HOUSE"


def test_three_equals_break_the_page() -> None:
    parsed = read(f"{HEAD}One.\n\n===\n\nTwo.\n\n= a synopsis")
    assert [(line.role, line.text) for line in parsed.aside] == [("page break", "==="), ("synopsis", "= a synopsis")]
    assert parsed.scenes[0].synopsis == "a synopsis"


def test_sections_are_no_part_of_the_text_and_may_be_episodes() -> None:
    parsed = read("# Act\n\n## Sequence\n\n# Episode 2: Home\n\nINT. A - DAY\n\nx")
    assert [(line.role, line.text) for line in parsed.aside] == [("section", "# Act"), ("section", "## Sequence")]
    assert [(each.number, each.title) for each in parsed.episodes] == [(2, "Home")]


def test_the_boneyard_is_cut_over_any_lines() -> None:
    assert told("COGNITO\nEveryone's coming.\n\n/*\nINT. GONE - DAY\n\nBOB\nGone.\n*/\n\nShe /* never */ smiles.") == [
        ("dialogue", "COGNITO", "Everyone's coming."), ("action", None, "She  smiles."),
    ]  # fmt: skip


def test_notes_are_cut_and_end_at_a_blank_line() -> None:
    assert told("She [[or he]] waits.") == [("action", None, "She  waits.")]
    assert told("One. [[a note\n  \nover lines]] Two.") == [("action", None, "One."), ("action", None, "Two.")]
    assert told("[[never closed\n\nThree.") == [("action", None, "Three.")]


def test_an_exclamation_mark_forces_action() -> None:
    assert told("!BOB\n!Not a speech.") == [("action", None, "BOB"), ("action", None, "Not a speech.")]


def test_comments_do_not_end_a_speech() -> None:
    assert told("BOB\nOne.\n[[think]]\nTwo.") == [("dialogue", "BOB", "One."), ("dialogue", "BOB", "Two.")]


# --- Chinese ---


def test_chinese_names_need_their_sign_once() -> None:
    assert told("@沈乐\n你来了。\n\n沈乐\n坐。\n\n沈乐（冷笑）：走。\n\n他说：不。") == [
        ("dialogue", "沈乐", "你来了。"), ("dialogue", "沈乐", "坐。"), ("dialogue", "沈乐", "走。"), ("action", None, "他说：不。"),
    ]  # fmt: skip


def test_a_chinese_name_that_stands_alone_three_times_is_one() -> None:
    speech = "王明\n走。\n\n"
    assert told(speech * 3) == [("dialogue", "王明", "走。")] * 3
    assert told("夜深了\n他走出门。") == [("action", None, "夜深了"), ("action", None, "他走出门。")]


def test_captions_and_cast_lines_are_what_they_are_in_chinese() -> None:
    parsed = read("# 第2集：归来\n\nINT. 客厅 - 夜\n\n人物：沈乐、警员若干\n\n【字幕：三年后】\n\n△他推门。")
    scene = parsed.scenes[0]
    assert (parsed.episodes[0].title, scene.number) == ("归来", "2-1")
    assert [(member.name, member.count) for member in scene.cast] == [("沈乐", 1), ("警员", None)]
    assert [(each.kind, each.label, each.text) for each in scene.elements] == [
        ("caption", "字幕", "三年后"),
        ("action", None, "他推门。"),
    ]


def test_a_chinese_layout_under_the_name_of_fountain_is_read_as_what_it_is() -> None:
    parsed = read_script("第1集\n1-1 日 内 客厅\n沈乐：走。".encode(), "a.fountain")
    assert (parsed.layout, parsed.scenes[0].elements[0].speaker) == ("chinese", "沈乐")


def test_a_note_that_somebody_broke_is_only_a_note(unplaced_lines: Unplaced) -> None:
    for note in (
        '[[kaiji {"set": 5, "cast": "x", "time": []}]]',
        "[[kaiji {]]",
        "[[kaiji []]]",
        '[[kaiji {"cast": [1, {}, {"name": 2}]}]]',
    ):
        text = f"INT. ROOM - DAY #1-1#\n\n{note}\n\n!x {note}"
        parsed = read(text)
        assert headings(text) == [("1-1", "int", "ROOM", "day")]
        assert parsed.scenes[0].cast == ()
        assert unplaced_lines(parsed, text) == []
