"""Fountain: plain-text screenplays. Source: the Fountain syntax reference 1.1, fountain.io."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from .annotations import annotated_cast, annotated_element, annotated_head
from .body import ACTION_MARKS, read_body
from .cast import cast_line, read_cast
from .cues import Cue, read_cue, with_aside
from .draft import EpisodeDraft, SceneDraft, ScriptDraft
from .episodes import episode_head
from .faults import fault
from .fields import SceneHead
from .fountain_marks import keeps_open, plain_emphasis, without_comments
from .headings import read_heading
from .model import ParsedElement, SourceLine
from .normalise import HAN, Line, read_lines

HEADING = re.compile(r"[*_]{0,4}(?:INT|EXT|EST|INT\.?/EXT|EXT\.?/INT|I/E)[. ]", re.IGNORECASE)
_TITLE_KEY = re.compile(r"^([A-Za-z][A-Za-z ]{0,30}|剧名|片名|标题|编剧|作者|一句话故事|大纲|人物小传)\s?[:：]\s*(.*)$")
_FRONT_SECTIONS = {"outline": "outline", "大纲": "outline", "characters": "characters", "人物小传": "characters"}
_TRANSITION_TO = re.compile(r"^[^a-z]{1,60}TO:$")
_PAGE_BREAK = re.compile(r"^={3,}$")
_BARE_NAME = re.compile(r"^[\u4e00-\u9fff·]{2,6}$")


def looks_like_fountain(text: str) -> bool:
    """At least one English heading that opens a line after a blank one."""
    return re.search(r"(?:^|\n)[ \t]*(?:\r?\n)?[*_.]{0,4}(?:INT|EXT|EST|I/E)[./ ][^\n]{2,}", text) is not None


class FountainReader:
    """One pass over the lines, with the line before and after in sight."""

    def __init__(self, draft: ScriptDraft) -> None:
        self.draft = draft
        self.lines: list[Line] = read_lines(draft.written_lines)
        self.bare = without_comments(self.lines)
        self.texts = self.bare.texts
        for number in draft.page_numbers:
            # A page number between two lines of a speech does not end it.
            self.texts[number - 1] = ""
            self.bare.emptied.add(number)
            draft.set_aside(number, draft.written_lines[number - 1], "page number")
        self.scene: SceneDraft | None = None
        self.cue: Cue | None = None
        self.dual = False
        self.aside: str | None = None  # a parenthetical that goes on over line ends
        self.names = _chinese_names(self.texts)

    def run(self) -> None:
        draft, texts, lines = self.draft, self.texts, self.lines
        for number, role in self.bare.cut.items():
            draft.set_aside(number, draft.written_lines[number - 1], role)
            if number not in self.bare.emptied:
                del draft.lines_read[number]
        for index in range(self._title_page(), len(lines)):
            text, line = texts[index], lines[index]
            if text:
                if self.cue is not None:
                    self._speech(line, text, index)
                else:
                    self._line(index, line, text)
            elif line.number in self.bare.emptied:
                self._noted(line)
            else:
                if line.written.strip():
                    draft.set_aside(line.number, line.written, "invisible")
                if not keeps_open(line.written):
                    self.cue = self.aside = None

    # --- title page ---

    def _title_page(self) -> int:
        texts, emptied = self.texts, self.bare.emptied
        first = next((index for index, text in enumerate(texts) if text), None)
        if first is None or not self._opens_title_page(first):
            return 0
        index, key = first, ""
        front = self.draft.front
        for line in self.lines[:first]:
            if line.written.strip() and line.number not in emptied:
                self.draft.set_aside(line.number, line.written, "invisible")
        while index < len(texts) and (texts[index] or self.lines[index].number in emptied):
            line, text = self.lines[index], texts[index]
            match = _TITLE_KEY.match(text) if not line.written[:1].isspace() else None
            value = plain_emphasis(match[2] if match else text).strip()
            key = match[1].strip().lower() if match else key
            section = _FRONT_SECTIONS.get(key)
            if section is not None:
                if match:
                    front.open(section)
                front.take(line.number, line.written, value)
            else:
                front.lines.append(SourceLine(line.number, line.written, key or "title page"))
            self.draft.lines_read[line.number] = "front"
            if value and key in ("title", "剧名", "片名", "标题"):
                front.title = f"{front.title} {value}" if front.title else value
            elif value and key in ("logline", "summary", "一句话故事"):
                front.logline.append(value)
            index += 1
        return index

    def _opens_title_page(self, first: int) -> bool:
        """The very first lines are `Key: value`; FADE IN: and CUT TO: have no value and are the story."""
        match = _TITLE_KEY.match(self.texts[first])
        if match is None or HEADING.match(self.texts[first]):
            return False
        if match[2]:
            return True
        following = self.lines[first + 1].written if first + 1 < len(self.lines) else ""
        return bool(following.strip()) and following[:1].isspace()

    # --- lines ---

    def _blank(self, index: int) -> bool:
        return not (0 <= index < len(self.texts)) or not self.texts[index]

    def _opens(self, index: int) -> bool:
        """Does a paragraph begin here? After a blank line, a section, a synopsis or a page break."""
        return self._blank(index - 1) or self.draft.lines_read.get(index) in ("aside", "episode")

    def _line(self, index: int, line: Line, text: str) -> None:
        first = text[0]
        if first in "#=!.>~@\\":
            self._forced(index, line, text, first)
        elif first in "IiEe*_" and HEADING.match(text) and self._opens(index):
            self._heading(line, text)
        elif text.endswith("TO:") and _TRANSITION_TO.match(text) and self._blank(index - 1) and self._blank(index + 1):
            self._element(line, "transition", text)
        elif self._is_cue(index, text):
            self._open_cue(line, text)
        else:
            self._unforced(line, text)

    def _forced(self, index: int, line: Line, text: str, first: str) -> None:
        if first == "!":
            self._element(line, "action", text[1:])
        elif first == "@" and len(text) > 1:
            self._open_cue(line, text[1:])
        elif first == "." and len(text) > 1 and text[1].isalnum():
            self._heading(line, text[1:])
        elif first == "#":
            self._section(line, text)
        elif first == "=":
            if _PAGE_BREAK.match(text):
                self.draft.set_aside(line.number, line.written, "page break")
            else:
                self._synopsis(line, text)
        elif first == ">" and text.endswith("<") and len(text) > 1:
            self._element(line, "centred", text[1:-1])
        elif first == ">":
            self._element(line, "transition", text[1:])
        elif first == "~":
            self._element(line, "lyric", text[1:])
        else:
            self._unforced(line, text)

    def _is_cue(self, index: int, text: str) -> bool:
        """A name in capitals below a blank line and above a speech; a Chinese name that is one elsewhere."""
        name = text.partition("(")[0].partition("（")[0]
        if not name.isupper() and name.strip() not in self.names:
            return False
        if len(text) > 120 or not self._blank(index - 1):
            return False
        return index + 1 < len(self.texts) and (
            bool(self.texts[index + 1]) or keeps_open(self.lines[index + 1].written)
        )

    def _unforced(self, line: Line, text: str) -> None:
        """Action, or what a Chinese writer sets on one line: a caption, a cast line, 名：speech of a known name."""
        if text[0] in ACTION_MARKS:
            self._element(line, "action", text.lstrip(ACTION_MARKS))
            return
        if text.isascii() or not ("：" in text or ":" in text or "【" in text):
            self._element(line, "action", text)
            return
        names = cast_line(text) if self.scene is not None and not self.scene.elements else None
        if names is not None and self.scene is not None:
            self.scene.add_cast(read_cast(names))
            self._keep_head(line, "cast")
            return
        body = read_body(text, lambda name: name if name in self.names else None)
        said = body.kind == "dialogue" and body.speaker in self.names
        if said or body.kind in ("caption", "sound", "effect"):
            told = replace(body, text=plain_emphasis(body.text))
            self._add(
                line, ParsedElement(told.kind, told.text, line.number, told.speaker, told.delivery, told.voice, told.label)
            )  # fmt: skip
        else:
            self._element(line, "action", text)

    # --- speech ---

    def _open_cue(self, line: Line, text: str) -> None:
        self.dual = text.endswith("^")
        self.cue = read_cue(plain_emphasis(text.rstrip("^ ")).strip() or text)
        if values := self.bare.said.get(line.number):
            told = annotated_element(ParsedElement("dialogue", "", 0, self.cue.name, None, self.cue.voice), values)
            self.cue = Cue(told.speaker or self.cue.name, told.voice, self.cue.delivery)
        if self.scene is None:
            self._first_scene(line)
        self._keep_head(line, "character")

    def _speech(self, line: Line, text: str, index: int) -> None:
        cue = self.cue
        assert cue is not None
        if self.aside is None and text[0] in "(（" and self._aside_ends(index):
            self.aside = ""
        if self.aside is not None:
            self._keep_head(line, "parenthetical")
            whole = f"{self.aside} {text}".strip()
            self.aside = None if text[-1] in ")）" else whole
            if self.aside is None:
                self.cue = Cue(cue.name, cue.voice, with_aside(cue.delivery, plain_emphasis(whole)))
            return
        sung = text[0] == "~"
        spoken = plain_emphasis(text[1:].strip() if sung else text)
        self._add(
            line,
            ParsedElement(
                "lyric" if sung else "dialogue", spoken, line.number, cue.name, cue.delivery, cue.voice, dual=self.dual
            ),
        )
        if cue.delivery is not None:
            self.cue = Cue(cue.name, cue.voice, None)

    def _aside_ends(self, index: int) -> bool:
        """Does the parenthetical that begins here end on this line or on a later one of the speech?"""
        while not self._blank(index):
            if self.texts[index][-1] in ")）":
                return True
            index += 1
        return False

    # --- what a line becomes ---

    def _element(self, line: Line, kind: str, text: str) -> None:
        text = text.strip()
        if not text:
            self.draft.set_aside(line.number, line.written, "empty mark")
        elif self.scene is None:
            self._lead(line)
        else:
            self._add(line, ParsedElement(kind, plain_emphasis(text), line.number))

    def _add(self, line: Line, element: ParsedElement) -> None:
        if values := self.bare.said.get(line.number):
            element = annotated_element(element, values)
        if self.scene is None:
            self._first_scene(line)
        assert self.scene is not None
        self.scene.elements.append(element)
        self.draft.lines_read[line.number] = "element"

    def _first_scene(self, line: Line) -> None:
        """Speech before any heading still needs a scene to stand in."""
        self.scene = self.draft.open_scene(line.number, SceneHead())

    def _keep_head(self, line: Line, role: str) -> None:
        assert self.scene is not None
        self.scene.head.append(SourceLine(line.number, line.written, role))
        self.draft.lines_read[line.number] = role

    def _lead(self, line: Line) -> None:
        """Text before the first scene: a teaser line such as FADE IN:, kept with the episode."""
        self.draft.episode(line.number).lead.append(SourceLine(line.number, line.written, "lead"))
        self.draft.lines_read[line.number] = "lead"

    def _heading(self, line: Line, text: str) -> None:
        head = read_heading(plain_emphasis(text))
        if head is None:
            self._element(line, "action", text)
            return
        if values := self.bare.said.get(line.number):
            head = annotated_head(head, values)
        self.scene = self.draft.open_scene(line.number, head)
        if head.cast_text:
            self.scene.add_cast(read_cast(head.cast_text))
        self._keep_head(line, "scene")

    def _section(self, line: Line, text: str) -> None:
        head = episode_head(plain_emphasis(text))
        values = self.bare.said.get(line.number, {})
        if head is None and not isinstance(values.get("episode"), int):
            self.draft.set_aside(line.number, line.written, "section")
            return
        number = head.number if head else values["episode"]
        title, seconds = (head.title, head.seconds) if head else (None, None)
        if isinstance(values.get("episode_title", 0), str | None):
            title = values["episode_title"]
        self.scene = None
        last = self.draft.episodes[-1] if self.draft.episodes else None
        if last is not None and last.written == number and not last.scenes:
            self.draft.faults.append(fault("episode_repeated_head", line.number, number=number))
        else:
            last = EpisodeDraft(number, line.number, title, seconds)
            self.draft.episodes.append(last)
        last.head.append(SourceLine(line.number, line.written, "episode"))
        self.draft.lines_read[line.number] = "episode"

    def _synopsis(self, line: Line, text: str) -> None:
        self.draft.set_aside(line.number, line.written, "synopsis")
        if self.scene is not None:
            said = plain_emphasis(text[1:].strip())
            self.scene.synopsis = f"{self.scene.synopsis} {said}" if self.scene.synopsis else said

    def _noted(self, line: Line) -> None:
        """A line that is a note: what the writers of this house left, or the cast of the scene it stands under."""
        if self.scene is None:
            return
        values = self.bare.said.get(line.number)
        if values is None:
            names = cast_line(self.bare.told.get(line.number, "")) if not self.scene.elements else None
            if names is not None:
                self.scene.add_cast(read_cast(names))
            return
        if "text" in values:
            self._add(line, ParsedElement("action", "", line.number))
        else:
            self.scene.read = annotated_head(self.scene.read, values)
            self.scene.add_cast(annotated_cast(values))


def _chinese_names(texts: list[str]) -> set[str]:
    """Chinese has no capitals: names forced with @ once, or that stand alone above a line three times, are cues."""
    if "".join(texts).isascii():
        return set()
    names = {read_cue(text[1:].rstrip("^ ")).name for text in texts if text[:1] == "@" and HAN.search(text)}
    alone: Counter[str] = Counter()
    for index, text in enumerate(texts):
        if HAN.match(text) and index + 1 < len(texts) and texts[index + 1] and not (index and texts[index - 1]):
            name = read_cue(text).name
            if _BARE_NAME.match(name):
                alone[name] += 1
    return names | {name for name, count in alone.items() if count >= 3}


def read_fountain(draft: ScriptDraft) -> ScriptDraft:
    """Fill the draft from its lines."""
    reader = FountainReader(draft)
    changed = sum(line.changed for line in reader.lines)
    if changed:
        first = next(line.number for line in reader.lines if line.changed)
        draft.faults.append(fault("normalised", first, count=changed))
    reader.run()
    return draft
