"""A script that is set in styles: every paragraph says what it is, and what has no style is read as it stands."""

from __future__ import annotations

import re
from dataclasses import replace

from . import word_styles as styles
from .body import ACTION_MARKS, read_body
from .cast import cast_line, read_cast
from .docx import Paragraph
from .draft import EpisodeDraft, SceneDraft, ScriptDraft
from .episodes import episode_head
from .fields import SceneHead
from .front import section_of
from .headings import numbered, read_heading
from .heads import read_scene_line
from .model import CastMember, ParsedElement, SourceLine
from .normalise import plain
from .slugs import english_int_ext
from .times import int_ext

_BETWEEN = re.compile(r"^[\s\-—–·、，,;；:：*×（）()【】\[\]第集人物出场角色CastEpisode]*$")


def is_styled(paragraphs: list[Paragraph]) -> bool:
    return any(paragraph.style == styles.SCENE for paragraph in paragraphs)


def read_styled(draft: ScriptDraft, paragraphs: list[Paragraph]) -> ScriptDraft:
    """Fill the draft from its paragraphs, one a line."""
    draft.layout = "chinese"
    reader = _Reader(draft, paragraphs)
    for number, paragraph in enumerate(paragraphs, start=1):
        reader.take(number, paragraph)
    return draft


class _Runs:
    """The runs of a paragraph by character style, and the text around them."""

    def __init__(self, paragraph: Paragraph) -> None:
        self.named: dict[str, list[str]] = {}
        self.order: list[tuple[str, str]] = []
        self.around, self.tail = "", ""
        for run in paragraph.runs:
            # Word splits a run wherever it likes; what follows in the same style is the same thing.
            if run.style.startswith(styles.PREFIX):
                if self.order and self.order[-1][0] == run.style:
                    self.order[-1] = (run.style, self.order[-1][1] + run.text)
                else:
                    self.order.append((run.style, run.text))
                self.tail = ""
            else:
                self.order.append(("", run.text))
                self.around += run.text
                self.tail += run.text
        for style, text in self.order:
            if style and plain(text):
                self.named.setdefault(style, []).append(plain(text))

    def one(self, style: str) -> str | None:
        return next(iter(self.named.get(style, [])), None)


class _Reader:
    def __init__(self, draft: ScriptDraft, paragraphs: list[Paragraph]) -> None:
        self.draft = draft
        self.scene: SceneDraft | None = None
        self.names = {
            plain(run.text)
            for each in paragraphs
            for run in each.runs
            if run.style in (styles.SPEAKER, styles.ROLE) and plain(run.text)
        }

    def _known(self, name: str) -> str | None:
        return next((name[:size] for size in range(min(len(name), 14), 0, -1) if name[:size] in self.names), None)

    def take(self, line: int, paragraph: Paragraph) -> None:
        written = paragraph.text
        text = plain(written)
        if not text:
            if written.strip():
                self.draft.set_aside(line, written, "invisible")
            return
        style, runs = paragraph.style, _Runs(paragraph)
        if style == styles.TITLE or style == styles.FRONT:
            self._front(line, written, text, style)
        elif style == styles.EPISODE and self._episode(line, written, text, runs):
            pass
        elif style == styles.SCENE:
            self._scene(line, written, self._head(text, runs))
        elif style == styles.CAST and self.scene is not None:
            self.scene.add_cast(self._cast(text, runs))
            self._keep(line, written, "cast")
        elif style == styles.SYNOPSIS and self.scene is not None:
            self.scene.synopsis = f"{self.scene.synopsis} {text}" if self.scene.synopsis else text
            self._keep(line, written, "synopsis")
        elif style == styles.LEAD and self.scene is None:
            self._lead(line, written)
        elif (found := styles.element_of(style)) is not None and self.scene is not None:
            self._add(line, self._element(line, text, runs, *found))
        else:
            self._bare(line, written, text)

    def _front(self, line: int, written: str, text: str, style: str) -> None:
        front = self.draft.front
        section = section_of(text, False) if style == styles.FRONT else ("title", text)
        if section is not None:
            front.open(section[0])
        front.take(line, written, text, heading=section[1] if section else None)
        self.draft.lines_read[line] = "front"

    def _episode(self, line: int, written: str, text: str, runs: _Runs) -> bool:
        number = runs.one(styles.NUMBER)
        if number is not None and number.isdecimal() and 0 < len(number) < 7 and _BETWEEN.match(runs.around):
            length = re.match(r"^(?:(\d{1,3})min)?(\d{1,3})s$", runs.one(styles.LENGTH) or "")
            seconds = int(length[1] or 0) * 60 + int(length[2]) if length else None
            episode = EpisodeDraft(int(number), line, runs.one(styles.EPISODE_TITLE), seconds)
        else:
            head = episode_head(text)
            if head is None:
                return False
            episode = EpisodeDraft(head.number, line, head.title, head.seconds)
        self.draft.episodes.append(episode)
        episode.head.append(SourceLine(line, written, "episode"))
        self.draft.lines_read[line] = "episode"
        self.scene = None
        return True

    def _head(self, text: str, runs: _Runs) -> SceneHead:
        if not runs.named or not _BETWEEN.match(runs.around):
            return read_heading(text) or SceneHead(place=text)
        side, flags = runs.one(styles.SIDE) or "", [flag.upper() for flag in runs.named.get(styles.FLAG, [])]
        head = SceneHead(
            int_ext=int_ext(side) or english_int_ext(side),
            time_written=runs.one(styles.TIME),
            place=runs.one(styles.SET),
            title=runs.one(styles.HEAD_TITLE),
            note=runs.one(styles.HEAD_NOTE),
            flashback=any(flag in styles.FLASHBACK for flag in flags),
            montage=any(flag in styles.MONTAGE for flag in flags),
        )
        return numbered(head, runs.one(styles.NUMBER))

    def _scene(self, line: int, written: str, head: SceneHead) -> None:
        self.scene = self.draft.open_scene(line, head)
        self._keep(line, written, "scene")

    def _cast(self, text: str, runs: _Runs) -> tuple[CastMember, ...]:
        if not runs.named or not _BETWEEN.match(runs.around):
            return read_cast(cast_line(text) or text)
        members: list[CastMember] = []
        for style, written in runs.order:
            value = plain(written)
            if style == styles.ROLE and value:
                members.append(CastMember(value))
            elif members and style == styles.COUNT:
                members[-1] = replace(members[-1], count=int(value) if value.isdecimal() and len(value) < 6 else None)
            elif members and style == styles.NOTE and value:
                members[-1] = replace(members[-1], note=value)
        return tuple(members)

    def _element(self, line: int, text: str, runs: _Runs, kind: str, dual: bool, flashback: bool) -> ParsedElement:
        speaker, label, tail = runs.one(styles.SPEAKER), runs.one(styles.LABEL), plain(runs.tail)
        if kind == "dialogue" and speaker is None:
            body = read_body(text, self._known)
            if body.speaker is not None:
                return ParsedElement(
                    "dialogue", body.text, line, body.speaker, body.delivery, body.voice, None, dual, flashback
                )  # fmt: skip
            last = self.scene.elements[-1] if self.scene and self.scene.elements else None
            said = last.speaker if last is not None else None
            return ParsedElement("dialogue" if said else "action", text, line, said, dual=dual, flashback=flashback)
        if speaker is not None and kind in ("dialogue", "lyric"):
            delivery, voice = runs.one(styles.DELIVERY), runs.one(styles.VOICE)
            if delivery is not None and voice is None:
                tail = tail.removeprefix("）").removeprefix(")").strip()
            spoken = tail[1:].strip() if tail[:1] in ("：", ":") else tail
            return ParsedElement(
                kind, spoken, line, speaker, delivery, voice if voice in ("OS", "VO") else None, None, dual, flashback
            )  # fmt: skip
        if label is not None:
            tail = tail[1:].strip() if tail[:1] in ("：", ":") else tail
            return ParsedElement(
                kind, tail.removesuffix("】").strip(), line, label=label, dual=dual, flashback=flashback
            )  # fmt: skip
        if kind == "action" and text[:1] in ACTION_MARKS:
            text = text[1:].strip()
        return ParsedElement(kind, text, line, dual=dual, flashback=flashback)

    # --- paragraphs that somebody added ---

    def _bare(self, line: int, written: str, text: str) -> None:
        episode = episode_head(text)
        head = read_scene_line(text) if episode is None else None
        names = cast_line(text) if self.scene is not None else None
        if episode is not None:
            self.draft.episodes.append(EpisodeDraft(episode.number, line, episode.title, episode.seconds))
            self.draft.episodes[-1].head.append(SourceLine(line, written, "episode"))
            self.draft.lines_read[line] = "episode"
            self.scene = None
        elif head is not None:
            self._scene(line, written, head)
        elif self.scene is None and not self.draft.episodes:
            self._front(line, written, text, styles.FRONT)
        elif self.scene is None:
            self._lead(line, written)
        elif names is not None:
            self.scene.add_cast(read_cast(names))
            self._keep(line, written, "cast")
        else:
            body = read_body(text, self._known)
            self._add(
                line,
                ParsedElement(body.kind, body.text, line, body.speaker, body.delivery, body.voice, body.label),
            )

    def _lead(self, line: int, written: str) -> None:
        self.draft.episode(line).lead.append(SourceLine(line, written, "lead"))
        self.draft.lines_read[line] = "lead"

    def _keep(self, line: int, written: str, role: str) -> None:
        assert self.scene is not None
        self.scene.head.append(SourceLine(line, written, role))
        self.draft.lines_read[line] = role

    def _add(self, line: int, element: ParsedElement) -> None:
        assert self.scene is not None
        self.scene.elements.append(element)
        self.draft.lines_read[line] = "element"
