"""Fountain: plain-text screenplays. Source: the Fountain syntax reference 1.1, fountain.io."""

from __future__ import annotations

import re
from dataclasses import replace

from .draft import EpisodeDraft, SceneDraft, ScriptDraft
from .episodes import episode_head
from .faults import fault
from .fields import SceneHead
from .model import ParsedElement, SourceLine
from .normalise import Line, read_lines
from .slugs import slugline

_HEADING = re.compile(r"^(?:INT|EXT|EST|INT\.?/EXT|EXT\.?/INT|I/E)[. ]", re.IGNORECASE)
_TITLE_KEY = re.compile(r"^([A-Za-z][A-Za-z ]{0,30})\s?:\s*(.*)$")
_EXTENSION = re.compile(r"\s*\(([^()]{0,60})\)")
_EMPHASIS = (
    re.compile(r"(?<!\\)\*\*\*(?=\S)([^*]{1,500}?)(?<=\S)(?<!\\)\*\*\*"),
    re.compile(r"(?<!\\)\*\*(?=\S)([^*]{1,500}?)(?<=\S)(?<!\\)\*\*"),
    re.compile(r"(?<!\\)\*(?=\S)([^*]{1,500}?)(?<=\S)(?<!\\)\*"),
    re.compile(r"(?<![\\\w])_(?=\S)([^_]{1,500}?)(?<=\S)(?<!\\)_(?!\w)"),
)
_TRANSITION = re.compile(r"^[^a-z]{1,60}TO:$")
_VOICES = {"VO": "VO", "OS": "VO", "OC": "VO", "OFFSCREEN": "VO", "VOICEOVER": "VO"}


def looks_like_fountain(text: str) -> bool:
    """At least one English heading that opens a line after a blank one."""
    return re.search(r"(?:^|\n)[ \t]*(?:\r?\n)?(?:INT|EXT|EST|I/E)[./ ][^\n]{2,}", text) is not None


def plain_emphasis(text: str) -> str:
    """Text without the marks of bold, italic and underline; escaped marks stay as characters."""
    for pattern in _EMPHASIS:
        text = pattern.sub(r"\1", text)
    return re.sub(r"\\([*_\\])", r"\1", text)


class FountainReader:
    """One pass over the lines, with the line before and after in sight."""

    def __init__(self, draft: ScriptDraft) -> None:
        self.draft = draft
        self.lines: list[Line] = read_lines(draft.written_lines)
        self.texts: list[str] = []
        self.speaker: tuple[str, str | None, str | None, bool] | None = None
        self.emptied: set[int] = set()  # lines that held nothing but comments

    def run(self) -> None:
        self._take_comments()
        index = self._title_page()
        while index < len(self.lines):
            self._line(index)
            index += 1

    def _take_comments(self) -> None:
        """Cut the boneyard and notes out of the text, over line ends, keeping each cut line aside."""
        closing: str | None = None
        for line in self.lines:
            rest, kept, cut = line.text, "", False
            if closing == "]]" and not rest and line.written not in ("  ",):
                closing = None  # a note ends at a blank line without two spaces
            while rest:
                if closing is not None:
                    cut = True
                    at = rest.find(closing)
                    if at < 0:
                        rest = ""
                    else:
                        rest, closing = rest[at + 2 :], None
                    continue
                starts = [at for at in (rest.find("/*"), rest.find("[[")) if at >= 0]
                if not starts:
                    kept, rest = kept + rest, ""
                    continue
                at = min(starts)
                kept, closing, cut = kept + rest[:at], "*/" if rest[at] == "/" else "]]", True
                rest = rest[at + 2 :]
            kept = kept.strip()
            if cut:
                role = "boneyard" if "*/" in line.written or "/*" in line.written or closing == "*/" else "note"
                self.draft.set_aside(line.number, line.written, role)
                if kept:
                    del self.draft.lines_read[line.number]
                else:
                    self.emptied.add(line.number)
            elif not line.text and line.written.strip():
                self.draft.set_aside(line.number, line.written, "invisible")
            self.texts.append(kept)

    def _title_page(self) -> int:
        first = next((index for index, text in enumerate(self.texts) if text), None)
        if first is None or not _TITLE_KEY.match(self.texts[first]) or _HEADING.match(self.texts[first]):
            return 0
        if self.texts[first].endswith("TO:") or any(self.texts[:first]):
            return 0
        index, key = first, ""
        front = self.draft.front
        while index < len(self.lines) and (self.texts[index] or self.lines[index].number in self.emptied):
            line, text = self.lines[index], self.texts[index]
            match = _TITLE_KEY.match(text) if not line.written[:1].isspace() else None
            value = match[2] if match else text
            key = match[1].strip().lower() if match else key
            front.lines.append(SourceLine(line.number, line.written, key or "title page"))
            self.draft.lines_read[line.number] = "front"
            value = plain_emphasis(value).strip()
            if value and key == "title":
                front.title = f"{front.title} {value}" if front.title else value
            elif value and key in ("logline", "summary"):
                front.logline.append(value)
            index += 1
        return index

    def _blank(self, index: int) -> bool:
        return not (0 <= index < len(self.texts)) or not self.texts[index]

    def _line(self, index: int) -> None:
        line, text = self.lines[index], self.texts[index]
        if not text:
            # Two spaces keep a dialogue going over an empty line.
            if line.written != "  " and line.number not in self.emptied:
                self.speaker = None
            return
        if self.speaker is not None:
            self._dialogue(line, text)
        elif re.match(r"^={3,}$", text):
            self.draft.set_aside(line.number, line.written, "page break")
        elif text.startswith("#") and not text.startswith("#!"):
            self._section(line, text)
        elif text.startswith("="):
            self._synopsis(line, text)
        elif text.startswith("!"):
            self._element(line, "action", text[1:])
        elif text.startswith(".") and not text.startswith("..") and len(text) > 1:
            self._heading(line, text[1:])
        elif _HEADING.match(text) and self._blank(index - 1):
            self._heading(line, text)
        elif text.startswith(">") and text.endswith("<") and len(text) > 1:
            self._element(line, "centred", text[1:-1].strip())
        elif text.startswith(">"):
            self._element(line, "transition", text[1:].strip())
        elif text.startswith("~"):
            self._element(line, "lyric", text[1:].strip())
        elif _TRANSITION.match(text) and self._blank(index - 1) and self._blank(index + 1):
            self._element(line, "transition", text)
        elif self._is_character(index, text):
            self._character(line, text)
        else:
            self._element(line, "action", text)

    def _is_character(self, index: int, text: str) -> bool:
        if text.startswith("@"):
            return len(text) > 1
        name = _EXTENSION.sub("", text).rstrip("^ ")
        if len(name) > 60 or not re.search(r"[^\W\d_]", name) or name != name.upper() or name == name.lower():
            return False
        followed = index + 1 < len(self.lines) and (
            bool(self.texts[index + 1]) or self.lines[index + 1].written == "  "
        )
        return self._blank(index - 1) and followed

    def _character(self, line: Line, text: str) -> None:
        dual = text.endswith("^")
        text = text.removeprefix("@").rstrip("^ ").strip()
        voice, notes = None, []
        for inside in _EXTENSION.findall(text):
            spoken = _VOICES.get(re.sub(r"[^A-Z]", "", inside.upper()))
            if spoken:
                voice = spoken
            elif inside.strip().upper() not in ("CONT'D", "CONT’D"):
                notes.append(inside.strip())
        name = plain_emphasis(_EXTENSION.sub("", text).strip()) or text
        self.speaker = (name, voice, "；".join(notes) or None, dual)
        scene = self._scene(line)
        scene.head.append(SourceLine(line.number, line.written, "character"))
        self.draft.lines_read[line.number] = "character"

    def _dialogue(self, line: Line, text: str) -> None:
        assert self.speaker is not None
        name, voice, delivery, dual = self.speaker
        if text.startswith("(") and text.endswith(")"):
            inside = text[1:-1].strip()
            self.speaker = (name, voice, f"{delivery}；{inside}" if delivery else inside, dual)
            self._scene(line).head.append(SourceLine(line.number, line.written, "parenthetical"))
            self.draft.lines_read[line.number] = "parenthetical"
            return
        kind = "lyric" if text.startswith("~") else "dialogue"
        element = ParsedElement(
            kind,
            plain_emphasis(text.removeprefix("~").strip()),
            line.number,
            name,
            delivery,
            voice,
            dual=dual,
        )
        self._scene(line).elements.append(element)
        self.draft.lines_read[line.number] = "element"
        self.speaker = (name, voice, None, dual)

    def _element(self, line: Line, kind: str, text: str) -> None:
        element = ParsedElement(kind, plain_emphasis(text.strip()), line.number)
        episode = self.draft.episodes[-1] if self.draft.episodes else None
        if episode is None or not episode.scenes:
            self._lead(line)
            return
        episode.scenes[-1].elements.append(element)
        self.draft.lines_read[line.number] = "element"

    def _lead(self, line: Line) -> None:
        """Text before the first scene: a teaser line such as FADE IN:, kept with the episode."""
        self.draft.episode(line.number).lead.append(SourceLine(line.number, line.written, "lead"))
        self.draft.lines_read[line.number] = "lead"

    def _scene(self, line: Line) -> SceneDraft:
        episode = self.draft.episode(line.number)
        if not episode.scenes:
            # Speech before any heading still needs a scene to stand in.
            return self.draft.open_scene(line.number, SceneHead())
        return episode.scenes[-1]

    def _heading(self, line: Line, text: str) -> None:
        head = slugline(plain_emphasis(text), forced=True)
        if head is None:
            self._element(line, "action", text)
            return
        scene = self.draft.open_scene(line.number, _numbered(head))
        scene.head.append(SourceLine(line.number, line.written, "scene"))
        self.draft.lines_read[line.number] = "scene"

    def _section(self, line: Line, text: str) -> None:
        head = episode_head(text)
        if head is None:
            self.draft.set_aside(line.number, line.written, "section")
            return
        last = self.draft.episodes[-1] if self.draft.episodes else None
        if last is not None and last.written == head.number and not last.scenes:
            self.draft.faults.append(fault("episode_repeated_head", line.number, number=head.number))
        else:
            last = EpisodeDraft(head.number, line.number, head.title, head.seconds)
            self.draft.episodes.append(last)
        last.head.append(SourceLine(line.number, line.written, "episode"))
        self.draft.lines_read[line.number] = "episode"

    def _synopsis(self, line: Line, text: str) -> None:
        self.draft.set_aside(line.number, line.written, "synopsis")
        episode = self.draft.episodes[-1] if self.draft.episodes else None
        if episode is not None and episode.scenes:
            scene = episode.scenes[-1]
            said = text.lstrip("= ").strip()
            scene.synopsis = f"{scene.synopsis} {said}" if scene.synopsis else said


def _numbered(head: SceneHead) -> SceneHead:
    """`#1-2A#` states the episode too."""
    match = re.match(r"^(\d{1,4})[-–—.](\d{1,4}[A-Za-z]{0,2})$", head.number or "")
    return replace(head, episode=int(match[1]), scene=match[2].upper()) if match else head


def read_fountain(draft: ScriptDraft) -> ScriptDraft:
    """Fill the draft from its lines."""
    reader = FountainReader(draft)
    changed = sum(line.changed for line in reader.lines)
    if changed:
        first = next(line.number for line in reader.lines if line.changed)
        draft.faults.append(fault("normalised", first, count=changed))
    reader.run()
    return draft
