"""Final Draft files (.fdx): paragraphs that say what they are."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree.ElementTree import Element  # nosec B405: the type only; parsing is defusedxml's

from .draft import EpisodeDraft, ScriptDraft
from .episodes import episode_head
from .faults import Fault, fault
from .fields import SceneHead
from .heads import leading_number, read_scene_line
from .model import ParsedElement, SourceLine
from .normalise import plain
from .slugs import slugline
from .xml import local, parse_xml

_KINDS = {"Action": "action", "Shot": "action", "General": "action", "Transition": "transition", "Lyrics": "lyric",
          "Singing": "lyric"}  # fmt: skip
_EXTENSION = re.compile(r"\s*[(（]([^()（）]{0,60})[)）]")
_VOICES = {"VO": "VO", "OS": "VO", "OC": "VO"}


def is_fdx(data: bytes) -> bool:
    head = data[:2048].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe").lstrip()
    return head.startswith(b"<") and (b"<FinalDraft" in head or b"<!DOCTYPE" in head or head.startswith(b"<?xml"))


def fdx_draft(data: bytes) -> ScriptDraft | Fault:
    """The script as a draft whose lines are the file's paragraphs."""
    root = parse_xml(data, "fdx_unreadable")
    if isinstance(root, Fault):
        return root
    content = next((child for child in root if local(child.tag) == "Content"), None)
    if local(root.tag) != "FinalDraft" or content is None:
        return fault("fdx_unreadable")
    draft = ScriptDraft("fdx", "fdx", [])
    _title(root, draft)
    reader = _Reader(draft)
    for paragraph, dual in _paragraphs(content):
        reader.take(paragraph, dual)
    return draft


def _text(paragraph: Element) -> str:
    return "".join(child.text or "" for child in paragraph if local(child.tag) == "Text")


def _paragraphs(content: Element) -> list[tuple[Element, bool]]:
    """Paragraphs in order; those of a dual dialogue come from inside their frame, the second speaker marked."""
    found: list[tuple[Element, bool]] = []
    for child in content:
        if local(child.tag) != "Paragraph":
            continue
        frame = next((each for each in child if local(each.tag) == "DualDialogue"), None)
        if frame is None:
            found.append((child, False))
            continue
        if _text(child).strip():
            found.append((child, False))
        speakers = 0
        for inner in frame:
            if local(inner.tag) == "Paragraph":
                speakers += inner.get("Type") == "Character"
                found.append((inner, speakers > 1))
    return found


def _title(root: Element, draft: ScriptDraft) -> None:
    page = next((child for child in root if local(child.tag) == "TitlePage"), None)
    if page is None:
        return
    for paragraph in page.iter():
        if local(paragraph.tag) != "Paragraph":
            continue
        text = _text(paragraph)
        draft.written_lines.append(text)
        if text.strip():
            number = len(draft.written_lines)
            draft.front.lines.append(SourceLine(number, text, "title page"))
            draft.lines_read[number] = "front"
            if draft.front.title is None:
                draft.front.title = plain(text).strip("《》")


class _Reader:
    def __init__(self, draft: ScriptDraft) -> None:
        self.draft = draft
        self.speaker: tuple[str, str | None, str | None] | None = None

    def take(self, paragraph: Element, dual: bool) -> None:
        written = _text(paragraph)
        self.draft.written_lines.append(written)
        line, text = len(self.draft.written_lines), plain(written)
        kind = paragraph.get("Type") or "General"
        if not text:
            if written.strip():
                self.draft.set_aside(line, written, "invisible")
            return
        head = episode_head(text) if kind != "Dialogue" else None
        if head is not None:
            self.draft.episodes.append(EpisodeDraft(head.number, line, head.title, head.seconds))
            self.draft.episodes[-1].head.append(SourceLine(line, written, "episode"))
            self.draft.lines_read[line] = "episode"
        elif kind == "Scene Heading":
            self._heading(paragraph, line, written, text)
        elif kind == "Character":
            self._character(line, written, text)
        elif kind == "Parenthetical" and self.speaker is not None:
            name, voice, delivery = self.speaker
            inside = text.strip("()（） ")
            self.speaker = (name, voice, f"{delivery}；{inside}" if delivery else inside)
            self._keep_head(line, written, "parenthetical")
        elif kind in ("Dialogue", "Lyrics", "Singing") and self.speaker is not None:
            name, voice, delivery = self.speaker
            spoken = "dialogue" if kind == "Dialogue" else "lyric"
            self._element(line, written, ParsedElement(spoken, text, line, name, delivery, voice, dual=dual))
            self.speaker = (name, voice, None)
        else:
            self.speaker = None
            self._element(line, written, ParsedElement(_KINDS.get(kind, "action"), text, line))

    def _heading(self, paragraph: Element, line: int, written: str, text: str) -> None:
        self.speaker = None
        head = slugline(text) or read_scene_line(text) or slugline(text, forced=True) or SceneHead(place=text)
        number = paragraph.get("Number") or head.number
        if number and head.scene is None:
            read = leading_number(number.strip())
            head = replace(
                head,
                number=number,
                episode=read.episode if read else None,
                scene=read.scene if read else number,
            )
        scene = self.draft.open_scene(line, head)
        scene.head.append(SourceLine(line, written, "scene"))
        self.draft.lines_read[line] = "scene"
        properties = next((child for child in paragraph if local(child.tag) == "SceneProperties"), None)
        if properties is not None:
            scene.read = replace(scene.read, title=properties.get("Title") or scene.read.title)
            summary = [_text(each) for each in properties.iter() if local(each.tag) == "Paragraph"]
            scene.synopsis = " ".join(part.strip() for part in summary if part.strip()) or None

    def _character(self, line: int, written: str, text: str) -> None:
        voice, notes = None, []
        for inside in _EXTENSION.findall(text):
            spoken = _VOICES.get(re.sub(r"[^A-Z]", "", inside.upper()))
            if spoken:
                voice = spoken
            elif not inside.upper().startswith("CONT"):
                notes.append(inside.strip())
        self.speaker = (_EXTENSION.sub("", text).strip() or text, voice, "；".join(notes) or None)
        self._keep_head(line, written, "character")

    def _keep_head(self, line: int, written: str, role: str) -> None:
        episode = self.draft.episode(line)
        owner = episode.scenes[-1].head if episode.scenes else episode.lead
        owner.append(SourceLine(line, written, role))
        self.draft.lines_read[line] = role if episode.scenes else "lead"

    def _element(self, line: int, written: str, element: ParsedElement) -> None:
        episode = self.draft.episode(line)
        if episode.scenes:
            episode.scenes[-1].elements.append(element)
            self.draft.lines_read[line] = "element"
        else:
            episode.lead.append(SourceLine(line, written, "lead"))
            self.draft.lines_read[line] = "lead"
