"""Final Draft files (.fdx): paragraphs that say what they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from xml.etree.ElementTree import Element  # nosec B405: the type only; parsing is defusedxml's

from .annotations import annotated_cast, annotated_element, annotated_head, read_note
from .cues import Cue, read_cue, with_aside
from .draft import EpisodeDraft, SceneDraft, ScriptDraft
from .episodes import episode_head
from .faults import Fault, fault
from .fields import SceneHead
from .headings import read_heading
from .model import CastMember, ParsedElement, SourceLine
from .normalise import plain, split_lines
from .xml import local, parse_xml

_KINDS = {"Transition": "transition", "Lyrics": "lyric", "Singing": "lyric"}
_SPOKEN = {"Dialogue": "dialogue", "Lyrics": "lyric", "Singing": "lyric"}
_NEVER_HEADS = {"Character", "Parenthetical", *_SPOKEN}  # 第2集 said or sung is no head of an episode
_OMITTED = {"OMITTED", "OMIT", "SCENE OMITTED", "删除", "删场", "取消"}


def is_fdx(data: bytes) -> bool:
    head = data[:2048].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe").lstrip()
    return head.startswith(b"<") and (b"<FinalDraft" in head or b"<!DOCTYPE" in head or head.startswith(b"<?xml"))


def fdx_draft(data: bytes) -> ScriptDraft | Fault:
    """The script as a draft whose lines are the lines of the file's paragraphs."""
    root = parse_xml(data, "fdx_unreadable")
    if isinstance(root, Fault):
        return root
    content = _child(root, "Content")
    if local(root.tag) != "FinalDraft" or content is None:
        return fault("fdx_unreadable")
    draft = ScriptDraft("fdx", "fdx", [])
    reader = _Reader(draft)
    reader.title_page(root)
    for paragraph, dual in _paragraphs(content):
        reader.take(paragraph, dual)
    reader.papers(root)
    return draft


def _child(element: Element, name: str) -> Element | None:
    return next((child for child in element if local(child.tag) == name), None)


def _text(paragraph: Element) -> str:
    """The text of a paragraph's own runs; a run set in capitals is meant in capitals."""
    runs = (child for child in paragraph if local(child.tag) == "Text")
    return "".join((run.text or "").upper() if "AllCaps" in run.get("Style", "") else run.text or "" for run in runs)


def _paragraphs(content: Element) -> Iterator[tuple[Element, bool]]:
    """Paragraphs in order; those of a dual dialogue come from inside their frame, the second speaker marked."""
    for child in content:
        if local(child.tag) != "Paragraph":
            continue
        frame = _child(child, "DualDialogue")
        if frame is None:
            yield child, False
            continue
        if _text(child).strip():
            yield child, False
        speakers = 0
        for inner in frame:
            if local(inner.tag) == "Paragraph":
                speakers += inner.get("Type") == "Character"
                yield inner, speakers > 1


@dataclass(slots=True)
class _Notes:
    """The notes of a paragraph: what the writers of this house left, and everybody else's words."""

    said: dict[str, Any] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)


def _notes(paragraph: Element) -> _Notes:
    notes = _Notes()
    for child in paragraph:
        if local(child.tag) != "ScriptNote":
            continue
        words = "\n".join(_text(each) for each in child.iter() if local(each.tag) == "Paragraph")
        values = read_note(words)
        if values is None:
            notes.told.append(words)
        else:
            notes.said.update(values)
    return notes


class _Reader:
    def __init__(self, draft: ScriptDraft) -> None:
        self.draft = draft
        self.scene: SceneDraft | None = None
        self.cue: Cue | None = None

    def _write(self, text: str) -> int:
        self.draft.written_lines.append(text)
        return len(self.draft.written_lines)

    def _aside(self, text: str, role: str) -> None:
        for part in split_lines(text):
            number = self._write(part)
            if part.strip():
                self.draft.set_aside(number, part, role)

    # --- around the story ---

    def title_page(self, root: Element) -> None:
        page = _child(root, "TitlePage")
        for paragraph in page.iter() if page is not None else ():
            if local(paragraph.tag) == "Paragraph":
                for text in split_lines(_text(paragraph)):
                    self._front(text)

    def _front(self, text: str) -> None:
        number = self._write(text)
        if not text.strip():
            return
        front = self.draft.front
        front.lines.append(SourceLine(number, text, "title page"))
        self.draft.lines_read[number] = "front"
        if front.title is None and plain(text):
            front.title = plain(text).strip("《》")

    def papers(self, root: Element) -> None:
        """Notes, cast list and tags that later versions keep below the story: set aside, not lost."""
        for note in _each(root, "ScriptNotes", "ScriptNote"):
            self._aside("\n".join(_text(each) for each in note.iter() if local(each.tag) == "Paragraph"), "note")
        for member in _each(root, "Cast", "Member"):
            names = (member.get("Character", ""), member.get("Actor", ""))
            self._aside(" — ".join(name for name in names if name), "cast list")
        tags = _child(root, "TagData")
        categories = {each.get("Id"): each.get("Name", "") for each in tags.iter() if local(each.tag) == "TagCategory"} if tags is not None else {}  # fmt: skip
        for tag in _each(root, "TagData", "TagDefinition"):
            kind = categories.get(tag.get("CatId"), "")
            self._aside(f"{kind}: {tag.get('Label', '')}" if kind else tag.get("Label", ""), "tag")

    # --- the story ---

    def take(self, paragraph: Element, dual: bool) -> None:
        kind = paragraph.get("Type") or "General"
        notes = _notes(paragraph)
        if kind == "Scene Heading":
            self._scene_paragraph(paragraph, notes)
        elif "text" in notes.said:
            self._element("", ParsedElement("action", ""), notes.said)
        else:
            for written in split_lines(_text(paragraph)):
                self._line(paragraph, kind, written, dual, notes.said)
        for words in notes.told:
            self._aside(words, "note")

    def _line(self, paragraph: Element, kind: str, written: str, dual: bool, said: dict[str, Any]) -> None:
        text = plain(written)
        if not text:
            line = self._write(written)
            if written.strip():
                self.draft.set_aside(line, written, "invisible")
            return
        if kind not in _NEVER_HEADS and "kind" not in said and self._episode(written, text, said):
            return
        if kind == "Character":
            self._character(written, text, said)
        elif kind == "Parenthetical" and self.cue is not None:
            inside = text if text[0] in "(（" and text[-1] in ")）" else f"({text})"
            self.cue = Cue(self.cue.name, self.cue.voice, with_aside(self.cue.delivery, inside))
            self._keep(written, "parenthetical")
        elif kind in _SPOKEN and self.cue is not None and not said.get("alone"):
            cue = self.cue
            element = ParsedElement(_SPOKEN[kind], text, 0, cue.name, cue.delivery, cue.voice, dual=dual)
            self._element(written, element, said)
            self.cue = Cue(cue.name, cue.voice, None)
        else:
            self.cue = None
            centred = paragraph.get("Alignment") == "Center" and kind in ("Action", "General")
            self._element(written, ParsedElement("centred" if centred else _KINDS.get(kind, "action"), text, 0), said)

    def _episode(self, written: str, text: str, said: dict[str, Any]) -> bool:
        head = episode_head(text)
        number = said.get("episode") if isinstance(said.get("episode"), int) else head.number if head else None
        if number is None:
            return False
        title = head.title if head else None
        if isinstance(said.get("episode_title", 0), str | None):
            title = said["episode_title"]
        line = self._write(written)
        self.draft.episodes.append(EpisodeDraft(number, line, title, head.seconds if head else None))
        self.draft.episodes[-1].head.append(SourceLine(line, written, "episode"))
        self.draft.lines_read[line] = "episode"
        self.scene = self.cue = None
        return True

    def _scene_paragraph(self, paragraph: Element, notes: _Notes) -> None:
        self.cue = None
        written = " ".join(split_lines(_text(paragraph)))
        omitted = _child(paragraph, "OmittedScene")
        if omitted is not None or says_omitted(plain(written)):
            number = paragraph.get("Number") or ""
            self._aside(f"{number} {written}".strip(), "omitted")
            for inner in omitted.iter() if omitted is not None else ():
                if local(inner.tag) == "Paragraph":
                    self._aside(_text(inner), "omitted")
            self.draft.faults.append(
                fault("scene_omitted", len(self.draft.written_lines), number=number or plain(written))
            )
            # What follows an omitted scene without a heading still belongs to the scene before it.
            return
        text = plain(written)
        if not text and not notes.said:
            self._write(written)
            return
        head = annotated_head(read_heading(text, paragraph.get("Number")) or SceneHead(), notes.said)
        line = self._write(written)
        self.scene = self.draft.open_scene(line, head)
        if text:
            self.scene.head.append(SourceLine(line, written, "scene"))
            self.draft.lines_read[line] = "scene"
        self._properties(_child(paragraph, "SceneProperties"), self.scene, "cast" in notes.said)
        self.scene.add_cast(annotated_cast(notes.said))

    def _properties(self, properties: Element | None, scene: SceneDraft, cast_told: bool) -> None:
        """Title, summary and the characters whose arc beats the scene holds: its cast list."""
        if properties is None:
            return
        scene.read = replace(scene.read, title=properties.get("Title") or scene.read.title)
        summary = _child(properties, "Summary")
        if summary is not None:
            told = (plain(_text(each)) for each in summary.iter() if local(each.tag) == "Paragraph")
            scene.synopsis = " ".join(part for part in told if part) or None
        if not cast_told:
            names = (plain(each.get("Name", "")) for each in properties.iter() if local(each.tag) == "CharacterArcBeat")
            scene.add_cast(tuple(CastMember(name) for name in dict.fromkeys(names) if name))

    def _character(self, written: str, text: str, said: dict[str, Any]) -> None:
        self.cue = read_cue(text)
        if said:
            told = annotated_element(ParsedElement("dialogue", "", 0, self.cue.name, None, self.cue.voice), said)
            self.cue = Cue(told.speaker or self.cue.name, told.voice, self.cue.delivery)
        self._keep(written, "character")

    def _keep(self, written: str, role: str) -> None:
        line = self._write(written)
        if self.scene is None:
            self.draft.episode(line).lead.append(SourceLine(line, written, role))
            self.draft.lines_read[line] = "lead"
        else:
            self.scene.head.append(SourceLine(line, written, role))
            self.draft.lines_read[line] = role

    def _element(self, written: str, element: ParsedElement, said: dict[str, Any]) -> None:
        line = self._write(written)
        element = annotated_element(replace(element, line=line), said) if said else replace(element, line=line)
        if self.scene is None:
            self.draft.episode(line).lead.append(SourceLine(line, written, "lead"))
            self.draft.lines_read[line] = "lead"
        else:
            self.scene.elements.append(element)
            self.draft.lines_read[line] = "element"


def says_omitted(text: str) -> bool:
    """A heading left in the place of a scene that was cut."""
    return text.upper().strip(" .*-()（）") in _OMITTED


def _each(root: Element, section: str, name: str) -> Iterator[Element]:
    parent = _child(root, section)
    for element in parent.iter() if parent is not None else ():
        if local(element.tag) == name:
            yield element
