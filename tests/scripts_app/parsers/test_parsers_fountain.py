"""Fountain, by its syntax reference and beside screenplain."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from screenplain.parsers.fountain import parse
from screenplain.types import Dialog, DualDialog, Slug

from scripts_app.parsers import ParsedElement, ParsedScript, read_script, read_text

Unplaced = Callable[[ParsedScript, str], list[int]]

BIG = """Title: **First** _Light_
Credit: Written by
Author: Somebody
Draft date:
    2026-01-01

FADE IN:

# Act One

= She comes home.

INT. KITCHEN - NIGHT #12A#

= The letter arrives.

Maya puts the *letter* on the table. /* cut this
and this */ She waits.

[[check
the date]]

MAYA
(not looking)
You kept it.

@McAvoy (V.O.)
I kept ***everything***.

MAYA (CONT'D)
Then read
it to me.

LEO ^
Don't.

~Some day, some day

CUT TO:

.THE ROOF

!SHOUTED ACTION LINE
!EXT. NOT A HEADING

> THE END <

> FADE OUT.

===

EXT. STREET - DAY

BOOM!

She runs.
"""


def elements(parsed: ParsedScript) -> list[list[tuple[str, str | None, str]]]:
    return [[(each.kind, each.speaker, each.text) for each in scene.elements] for scene in parsed.scenes]


def find(parsed: ParsedScript, text: str) -> ParsedElement:
    return next(each for scene in parsed.scenes for each in scene.elements if each.text == text)


def test_the_whole_syntax(unplaced_lines: Unplaced) -> None:
    parsed = read_script(BIG.encode(), "big.fountain", "eighths")
    assert (parsed.kind, parsed.layout, parsed.title) == ("script", "fountain", "First Light")
    assert [(s.number, s.written_number, s.int_ext, s.place, s.time_of_day, s.synopsis) for s in parsed.scenes] == [
        ("1-12A", "12A", "int", "KITCHEN", "night", "The letter arrives."),
        ("1-1", None, None, "THE ROOF", None, None),
        ("1-2", None, "ext", "STREET", "day", None),
    ]
    assert elements(parsed) == [
        [
            ("action", None, "Maya puts the letter on the table."),
            ("action", None, "She waits."),
            ("dialogue", "MAYA", "You kept it."),
            ("dialogue", "McAvoy", "I kept everything."),
            ("dialogue", "MAYA", "Then read"),
            ("dialogue", "MAYA", "it to me."),
            ("dialogue", "LEO", "Don't."),
            ("lyric", None, "Some day, some day"),
            ("transition", None, "CUT TO:"),
        ],
        [
            ("action", None, "SHOUTED ACTION LINE"),
            ("action", None, "EXT. NOT A HEADING"),
            ("centred", None, "THE END"),
            ("transition", None, "FADE OUT."),
        ],
        [("action", None, "BOOM!"), ("action", None, "She runs.")],
    ]
    assert find(parsed, "You kept it.").delivery == "not looking"
    assert find(parsed, "I kept everything.").voice == "VO"
    assert find(parsed, "Don't.").dual is True
    assert {line.role for line in parsed.aside} == {"section", "synopsis", "boneyard", "note", "page break"}
    assert unplaced_lines(parsed, BIG) == []


def test_emphasis_is_taken_off_and_escaped_marks_stay() -> None:
    parsed = read_text("INT. A - DAY\n\n**Bold** _under *both*_ \\*star\\* 2*3*4 snake_case_name", "a.fountain")
    assert elements(parsed)[0][0][2] == "Bold under both *star* 234 snake_case_name"


def test_two_spaces_keep_a_speech_going() -> None:
    parsed = read_text("INT. A - DAY\n\nBOB\nOne.\n  \nTwo.\n\nThree.", "a.fountain")
    assert elements(parsed) == [[("dialogue", "BOB", "One."), ("dialogue", "BOB", "Two."), ("action", None, "Three.")]]


def test_episodes_are_sections_that_say_so() -> None:
    parsed = read_text("# Episode 1\n\nINT. A - DAY\n\nx\n\n# Episode 2: Home\n\nINT. B - DAY\n\ny", "a.fountain")
    assert [(each.number, each.title, len(each.scenes)) for each in parsed.episodes] == [(1, None, 1), (2, "Home", 1)]
    assert [scene.number for scene in parsed.scenes] == ["1-1", "2-1"]


@pytest.mark.parametrize("text", ["INT. A - DAY\n\nBOB\nHello.", "Title: X\n\nEXT. B - NIGHT\n\nRain."])
def test_fountain_is_known_without_its_name(text: str) -> None:
    assert read_text(text).layout == "fountain"


ORACLE = """INT. HOUSE - DAY

Bob enters.

BOB
(sitting)
Hello there.
How are you?

ALICE (O.S.)
Fine.

EXT. GARDEN - NIGHT #7#

.FORCED HEADING

@lowercase Name
Speaking now.

INT./EXT. CAR - DAWN

SOME ACTION IN CAPITALS

BOB
Left.

ALICE ^
Right.

I/E BOAT - DUSK

est. town - night

A quiet street.
"""


def test_no_heading_and_no_speech_is_lost_beside_screenplain() -> None:
    headings: list[str] = []
    spoken: list[tuple[str, str]] = []
    for part in parse(io.StringIO(ORACLE)):
        if isinstance(part, Slug):
            headings.append(part.line.to_html())
        speeches = (
            [part] if isinstance(part, Dialog) else [part.left, part.right] if isinstance(part, DualDialog) else []
        )
        for speech in speeches:
            name = speech.character.to_html().split(" (")[0]
            spoken += [(name, str(line.to_html())) for aside, line in speech.blocks if not aside]
    parsed = read_text(ORACLE, "oracle.fountain")
    ours = [scene.head[0].text.removeprefix(".").split(" #")[0] for scene in parsed.scenes]
    # The other reader prints headings in capitals.
    assert [text.upper() for text in ours] == [text.upper() for text in headings]
    assert [
        (each.speaker, each.text) for scene in parsed.scenes for each in scene.elements if each.kind == "dialogue"
    ] == spoken
    assert len(spoken) == 6
    assert len(headings) == 6
