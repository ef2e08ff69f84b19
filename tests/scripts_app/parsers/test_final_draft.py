"""What Final Draft keeps in a file: numbers, frames, extensions, notes, omitted scenes, revisions, papers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scripts_app.parsers import ParsedScript, read_script

Unplaced = Callable[[ParsedScript, str], list[int]]


def fdx(content: str, after: str = "", encoding: str = "utf-8") -> bytes:
    declared = "UTF-16" if encoding == "utf-16" else "UTF-8"
    text = (
        f'<?xml version="1.0" encoding="{declared}" standalone="no" ?>\n<FinalDraft DocumentType="Script" Version="5">'
        f"<Content>{content}</Content>{after}</FinalDraft>"
    )
    return text.encode(encoding)


def p(kind: str, text: str, attributes: str = "", inside: str = "") -> str:
    return f'<Paragraph Type="{kind}" {attributes}>{inside}<Text>{text}</Text></Paragraph>'


def elements(parsed: ParsedScript) -> list[tuple[str, str | None, str, str | None, str | None]]:
    return [
        (each.kind, each.speaker, each.text, each.voice, each.delivery) for s in parsed.scenes for each in s.elements
    ]


HEAD = p("Scene Heading", "INT. ROOM - DAY", 'Number="7"')


@pytest.mark.parametrize(
    ("cue", "name", "voice", "delivery"),
    [
        ("MAYA (V.O.)", "MAYA", "VO", None), ("MAYA (O.S.)", "MAYA", "VO", None), ("MAYA (CONT'D)", "MAYA", None, None),
        ("MAYA (V.O.) (CONT’D)", "MAYA", "VO", None), ("MAYA (into phone)", "MAYA", None, "into phone"),
        ("沈乐 (OS)", "沈乐", "OS", None),
    ],
)  # fmt: skip
def test_extensions(cue: str, name: str, voice: str | None, delivery: str | None) -> None:
    parsed = read_script(fdx(HEAD + p("Character", cue) + p("Dialogue", "Yes.")), "a.fdx")
    assert elements(parsed) == [("dialogue", name, "Yes.", voice, delivery)]


def test_every_kind_of_paragraph_has_its_meaning() -> None:
    body = (
        p("Action", "She waits.") + p("Shot", "CLOSE ON THE KEY") + p("General", "A title card.")
        + p("General", "THE END", 'Alignment="Center"') + p("Transition", "CUT TO:") + p("Lyrics", "Row, row")
        + p("Character", "BOB") + p("Parenthetical", "beat") + p("Dialogue", "Hm.") + p("Action", "Done.")
    )  # fmt: skip
    assert elements(read_script(fdx(HEAD + body), "a.fdx")) == [
        ("action", None, "She waits.", None, None), ("action", None, "CLOSE ON THE KEY", None, None),
        ("action", None, "A title card.", None, None), ("centred", None, "THE END", None, None),
        ("transition", None, "CUT TO:", None, None), ("lyric", None, "Row, row", None, None),
        ("dialogue", "BOB", "Hm.", None, "beat"), ("action", None, "Done.", None, None),
    ]  # fmt: skip


def test_numbers_stand_beside_headings() -> None:
    heads = "".join(p("Scene Heading", f"INT. {n} - DAY", f'Number="{n}"') for n in ("1", "2A", "3-4", "A5"))
    parsed = read_script(fdx(heads), "a.fdx")
    assert [(scene.number, scene.written_number) for scene in parsed.scenes] == [
        ("1-1", "1"), ("1-2A", "2A"), ("3-4", "3-4"), ("1-A5", "A5"),
    ]  # fmt: skip


def test_an_omitted_scene_is_kept_aside_and_is_no_scene(unplaced_lines: Unplaced) -> None:
    cut = p("Scene Heading", "EXT. YARD - DUSK") + p("Action", "Mara waits.")
    omitted = (
        f'<Paragraph Number="8" Type="Scene Heading"><Text>OMITTED</Text><OmittedScene>{cut}</OmittedScene></Paragraph>'
    )
    bare = p("Scene Heading", "Omitted", 'Number="9"')
    parsed = read_script(
        fdx(HEAD + p("Action", "One.") + omitted + bare + p("Scene Heading", "INT. HALL - DAY", 'Number="10"')), "a.fdx"
    )
    assert [scene.written_number for scene in parsed.scenes] == ["7", "10"]
    assert [(line.role, line.text) for line in parsed.aside] == [
        ("omitted", "8 OMITTED"), ("omitted", "EXT. YARD - DUSK"), ("omitted", "Mara waits."), ("omitted", "9 Omitted"),
    ]  # fmt: skip
    assert [each.params["number"] for each in parsed.faults if each.code == "scene_omitted"] == ["8", "9"]
    assert unplaced_lines(parsed, "\n".join(parsed.lines)) == []


def test_notes_stand_aside_whether_inside_or_below() -> None:
    note = '<ScriptNote ID="1"><Paragraph><Text>Check this.</Text></Paragraph></ScriptNote>'
    below = (
        '<ScriptNotes><ScriptNote Range="0,4"><Paragraph><Text>And this.</Text></Paragraph></ScriptNote></ScriptNotes>'
    )
    parsed = read_script(
        fdx(p("Scene Heading", "INT. ROOM - DAY", inside=note) + p("Action", "x", inside=note), below), "a.fdx"
    )
    assert elements(parsed) == [("action", None, "x", None, None)]
    assert [(line.role, line.text) for line in parsed.aside] == [
        ("note", "Check this."),
        ("note", "Check this."),
        ("note", "And this."),
    ]


def test_revised_tagged_and_styled_runs_are_one_text() -> None:
    body = (
        '<Paragraph Type="Action"><Text>She takes </Text><Text RevisionID="2" TagNumber="3">the moss</Text>'
        '<Text Style="Bold+AllCaps"> and runs</Text><Text AdornmentStyle="-1">.</Text></Paragraph>'
    )
    tags = (
        '<TagData><TagCategories><TagCategory Id="c1" Name="Props"/></TagCategories><TagDefinitions>'
        '<TagDefinition Id="d1" CatId="c1" Label="Spanish moss"/></TagDefinitions></TagData>'
        '<Cast><Member Character="MAYA" Actor="Voice B"/></Cast>'
    )
    parsed = read_script(fdx(HEAD + body, tags), "a.fdx")
    assert elements(parsed) == [("action", None, "She takes the moss AND RUNS.", None, None)]
    assert [(line.role, line.text) for line in parsed.aside] == [
        ("cast list", "MAYA — Voice B"),
        ("tag", "Props: Spanish moss"),
    ]


def test_the_scene_says_who_is_in_it_and_what_it_is_about() -> None:
    properties = (
        '<SceneProperties Length="4/8" Title="Arrival"><Summary><Paragraph><Text>She lands.</Text></Paragraph></Summary>'
        '<SceneArcBeats><CharacterArcBeat Name="MAYA"><Paragraph><Text>hope</Text></Paragraph></CharacterArcBeat>'
        '<CharacterArcBeat Name="LEO"/></SceneArcBeats></SceneProperties>'
    )
    scene = read_script(fdx(p("Scene Heading", "INT. AIRPORT - NIGHT", inside=properties)), "a.fdx").scenes[0]
    assert (scene.title, scene.synopsis, [member.name for member in scene.cast]) == (
        "Arrival",
        "She lands.",
        ["MAYA", "LEO"],
    )


def test_a_line_break_in_a_speech_makes_two_lines_of_it() -> None:
    parsed = read_script(fdx(HEAD + p("Character", "BOB") + p("Dialogue", "One.\nTwo.")), "a.fdx")
    assert [(each.speaker, each.text, each.line) for each in parsed.scenes[0].elements] == [
        ("BOB", "One.", 3),
        ("BOB", "Two.", 4),
    ]


def test_episodes_are_heads_but_never_what_somebody_says() -> None:
    body = p("General", "第2集：归来") + HEAD + p("Character", "甲") + p("Dialogue", "第3集")
    parsed = read_script(fdx(body), "a.fdx")
    assert [(each.number, each.title, len(each.scenes)) for each in parsed.episodes] == [(2, "归来", 1)]
    assert elements(parsed) == [("dialogue", "甲", "第3集", None, None)]


@pytest.mark.parametrize(
    ("encoding", "name"), [("utf-8", "a.xml"), ("utf-8-sig", "a.fdx"), ("utf-16", "a.fdx"), ("utf-8", "a.txt")]
)
def test_final_draft_is_known_by_what_it_holds(encoding: str, name: str) -> None:
    parsed = read_script(fdx(HEAD + p("Action", "门"), encoding=encoding), name)
    assert (parsed.layout, elements(parsed)) == ("fdx", [("action", None, "门", None, None)])
