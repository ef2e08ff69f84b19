"""The Chinese layouts, and labelled English ones: lex every line, then group lines into episodes and scenes."""

from __future__ import annotations

import re
from dataclasses import replace

from .body import ACTION_MARKS, Body, alone, mark_line, read_body, unmarked
from .cast import cast_line, read_cast
from .draft import EpisodeDraft, SceneDraft, ScriptDraft
from .episodes import EpisodeHead, stated_length, stated_outline, undecorated
from .faults import fault
from .fields import SceneHead
from .front import section_of
from .headfinder import HeadFinder
from .lexing import Token, episodes_with_scenes, known_roles, lex, speaking_names
from .model import CastMember, Mark, ParsedElement, SourceLine
from .normalise import Line, read_lines

_UNCLEAR = re.compile(r"^[#*\s]*(?:场\s?)?\d{1,3}\s?[-—–]\s?\d{1,3}(?=[\s、：:.\u4e00-\u9fff])")
_ENDED = re.compile(r"[。！？…—”’\"'~～.!?）)】\]]$")
_MARKS = set(ACTION_MARKS)
_CONTENT = re.compile("^(?:场景|剧情)?(?:内容|正文)[:：]$")  # a label of forms, with the scene below it
_MANNER = re.compile(r"^[（(][^（）()]{1,20}[)）]$")
_SAME = {"同上", "同前", "同上场", "同前场"}
_NOT_NAMED = re.compile('[。！？；：:!?“”"《》<>（）()…]')


class Grouper:
    """One pass over the tokens; every line ends in the draft exactly once."""

    def __init__(self, draft: ScriptDraft, tokens: list[Token]) -> None:
        self.draft, self.tokens = draft, tokens
        self.heads = HeadFinder(draft, tokens)
        self.scene: SceneDraft | None = None
        self.in_story = False
        self.marked_style = any(token.line.text.lstrip("*_> ")[:1] in _MARKS for token in tokens)
        self.known = known_roles(tokens)
        self.speakers = speaking_names(tokens)
        self.has_scenes = episodes_with_scenes(tokens)
        self.stated_episodes = {
            token.episode.number
            for index, token in enumerate(tokens)
            if token.episode and self.has_scenes.get(index, False)
        }
        self.gap = False  # a blank line since the last element
        self.cast_of: SceneDraft | None = None  # the scene whose cast `names` holds
        self.names: set[str] = set()

    def run(self) -> None:
        index = 0
        while index < len(self.tokens):
            index += self.step(index)

    def step(self, index: int) -> int:
        """Place the token and return how many were placed with it."""
        token = self.tokens[index]
        line = token.line
        if token.kind == "blank":
            if line.written.strip():
                self.draft.set_aside(line.number, line.written, "invisible")
            self.gap = True
            return 1
        if line.number in self.draft.page_numbers:
            self.draft.set_aside(line.number, line.written, "page number")
            return 1
        if token.kind == "rule":
            self.draft.set_aside(line.number, line.written, "rule")
            return 1
        section = section_of(line.text, self.in_story) if token.kind in ("text", "label", "number") else None
        if section is not None and not (self.in_story and token.kind != "text"):
            return self.open_section(line, *section)
        if token.episode is not None:
            return self.take_episode(index, token.episode)
        head, used = self.heads.scene_at(index, self.scene, self.in_story)
        if head is not None:
            self.take_scene(index, used, head)
            return used
        if not self.in_story:
            self.draft.front.take(line.number, line.written, line.text)
            self.draft.lines_read[line.number] = "front"
            return 1
        self.take_body(index)
        return 1

    def open_section(self, line: Line, section: str, rest: str) -> int:
        front = self.draft.front
        front.open(section)
        front.take(line.number, line.written, line.text, heading=rest)
        self.draft.lines_read[line.number] = "front"
        if rest and section in ("title", "other"):
            front.open("preface")
        if self.in_story and section != "body":
            self.in_story, self.scene = False, None
        return 1

    def _begin_story(self) -> None:
        if not self.in_story:
            self.in_story = True
            self.known.add(role.name for role in self.draft.front.characters)

    # --- episodes ---

    def take_episode(self, index: int, head: EpisodeHead) -> int:
        line = self.tokens[index].line
        front = self.draft.front
        listed = front.section in ("episode_outlines", "outline")
        outline = listed or head.number in self.stated_episodes
        here = self.has_scenes[index] and not (listed and self._tells_another(index, head.number))
        if not self.in_story and outline and not here:
            front.take(line.number, line.written, line.text)
            self.draft.lines_read[line.number] = "front"
            return 1
        self._begin_story()
        self.scene = None
        last = self.draft.episodes[-1] if self.draft.episodes else None
        if last is not None and last.written == head.number and not last.scenes:
            self.draft.faults.append(fault("episode_repeated_head", line.number, number=head.number))
            last.title, last.stated_seconds = last.title or head.title, last.stated_seconds or head.seconds
            episode = last
        else:
            episode = EpisodeDraft(head.number, line.number, head.title, head.seconds)
            self.draft.episodes.append(episode)
        episode.head.append(SourceLine(line.number, line.written, "episode"))
        self.draft.lines_read[line.number] = "episode"
        return 1

    def _tells_another(self, index: int, number: int) -> bool:
        """In a list of outlines: the scene below the last one is of another episode, as where the story has no heads."""
        for token in self.tokens[index + 1 :]:
            if token.head is not None and token.head.episode is not None:
                return token.head.episode != number
            if token.kind in ("episode", "scene"):
                return False
        return False

    # --- scenes ---

    def take_scene(self, index: int, used: int, head: SceneHead) -> None:
        first = self.tokens[index].line
        self._begin_story()
        current = self.draft.episodes[-1] if self.draft.episodes else None
        stated = head.episode
        if self._repeats(head):
            self._join_repeat(index, used, head)
            return
        if stated == 1 and current is not None and current.written is None and len(self.draft.episodes) == 1:
            current.written = 1  # what began without a number is the episode that the numbers name now
        if stated is not None and stated > 0 and (current is None or self._begins_unstated(current, stated)):
            self.draft.episodes.append(EpisodeDraft(stated, first.number, implied=True))
        self.scene = self.draft.open_scene(first.number, self._as_before(head))
        self._place_head(self.scene, index, used, head)

    def _place_head(self, scene: SceneDraft, index: int, used: int, head: SceneHead) -> None:
        for token in self.tokens[index : index + used]:
            line = token.line
            if not line.blank:
                scene.head.append(SourceLine(line.number, line.written, "scene"))
                self.draft.lines_read[line.number] = "scene"
            elif line.written.strip():
                self.draft.set_aside(line.number, line.written, "invisible")
        if head.cast_text:
            self._add_cast(scene, read_cast(head.cast_text))
        self.gap = False

    def _repeats(self, head: SceneHead) -> bool:
        """A second head block over the same scene, before anything happened in it, that says nothing else."""
        if self.scene is None or self.scene.elements:
            return False
        read = self.scene.read
        if head.number is not None and (read.scene, read.episode) != (head.scene, head.episode or read.episode):
            return False
        if head.number is None and head.place is None:
            return False
        pairs = (
            (read.place, head.place), (read.time_of_day, head.time_of_day), (read.int_ext, head.int_ext),
            (read.flashback or None, head.flashback or None), (_tight(read.title), _tight(head.title)),
        )  # fmt: skip
        return all(old is None or new is None or old == new for old, new in pairs)

    def _join_repeat(self, index: int, used: int, head: SceneHead) -> None:
        assert self.scene is not None
        self.draft.extend_head(self.scene, head)
        self._place_head(self.scene, index, used, head)
        self.draft.faults.append(fault("scene_repeated_head", self.tokens[index].line.number))

    def _begins_unstated(self, current: EpisodeDraft, stated: int) -> bool:
        if current.written == stated or stated in self.stated_episodes:
            return False
        if current.scenes and current.scenes[-1].read.episode == stated:
            return False  # the head above was misnumbered, and the scenes under it know better
        # The number of a later episode, with no head of its own anywhere: its head was forgotten.
        return bool(current.scenes) and (current.written is None or stated > current.written)

    def _scene_before(self, scene: SceneDraft | None = None) -> SceneDraft | None:
        """The scene before `scene`, or the last one so far."""
        found = [each for episode in self.draft.episodes[-3:] for each in episode.scenes[-2:] if each is not scene]
        return found[-1] if found else None

    def _as_before(self, head: SceneHead) -> SceneHead:
        """`8-2 同上` is set where and when the scene before it was."""
        before = self._scene_before()
        if head.place not in _SAME or before is None:
            return head
        read = before.read
        return replace(
            head,
            place=read.place,
            time_written=head.time_written or read.time_written,
            int_ext=head.int_ext or read.int_ext,
        )

    # --- what stands inside ---

    def take_body(self, index: int) -> None:
        token = self.tokens[index]
        line = token.line
        text = unmarked(line.text)
        names = cast_line(undecorated(text))
        if names is None and self._is_bare_cast(text):
            names = text
        episode = self.draft.episode(line.number)
        if names is not None:
            self._take_cast(line, episode, names)
            return
        if self.scene is None:
            self._take_lead(line, episode, text)
            return
        if _CONTENT.match(text) and not self.scene.elements:
            self.scene.head.append(SourceLine(line.number, line.written, "scene"))
            self.draft.lines_read[line.number] = "scene"
            return
        if token.kind == "label" and token.head and not self.scene.elements:
            self.draft.extend_head(self.scene, token.head)
            self.scene.head.append(SourceLine(line.number, line.written, "scene"))
            self.draft.lines_read[line.number] = "scene"
            return
        self._take_element(line, text, index)

    def _is_bare_cast(self, text: str) -> bool:
        """`李总、王秘书、小张` right under a head: names without a label, at least one of whom speaks somewhere."""
        if (
            self.scene is None
            or self.scene.cast
            or self.scene.elements
            or len(text) > 60
            or not re.search("[、/]", text)
        ):
            return False
        names = re.split("[、，, /]+", text)
        return all(1 <= len(name) <= 6 and not _NOT_NAMED.search(name) for name in names) and any(
            name in self.speakers for name in names
        )

    def _take_cast(self, line: Line, episode: EpisodeDraft, names: str) -> None:
        members = read_cast(names)
        if names.strip(" 。") in _SAME and self.scene is not None:
            before = self._scene_before(self.scene)
            members = tuple(before.cast) if before else ()
        if self.scene is not None:
            self._add_cast(self.scene, members)
            self.scene.head.append(SourceLine(line.number, line.written, "cast"))
        else:
            episode.cast = (*episode.cast, *members)
            episode.head.append(SourceLine(line.number, line.written, "cast"))
        self.draft.lines_read[line.number] = "cast"

    def _add_cast(self, scene: SceneDraft, members: tuple[CastMember, ...]) -> None:
        """Each name once, without looking through all of them again for every line of a long list."""
        if self.cast_of is not scene:
            self.cast_of, self.names = scene, {member.name for member in scene.cast}
        for member in members:
            if member.name not in self.names:
                self.names.add(member.name)
                scene.cast.append(member)

    def _speech_follows(self, index: int) -> bool:
        """Is the next line bare text, as below a name that stands on a line of its own?

        A manner in brackets may stand between them.
        """
        at = self.heads.next_line(index)
        while at is not None:
            text = self.tokens[at].line.text
            if self.tokens[at].kind != "text" or self.known(text) == text:
                return False
            if not _MANNER.match(text):
                return read_body(text, self.known).marked is False
            at = self.heads.next_line(at)
        return False

    def _take_lead(self, line: Line, episode: EpisodeDraft, text: str) -> None:
        seconds, told = stated_length(text), stated_outline(text)
        if seconds is not None or told is not None:
            episode.stated_seconds = episode.stated_seconds or seconds
            episode.outline += [told] if told else []
            episode.head.append(SourceLine(line.number, line.written, "episode"))
            self.draft.lines_read[line.number] = "episode"
            return
        kind = mark_line(text)
        if kind:
            self.draft.marks.append(Mark(kind, line.number, text))
        episode.lead.append(SourceLine(line.number, line.written, "lead"))
        self.draft.lines_read[line.number] = "lead"

    def _take_element(self, line: Line, text: str, index: int) -> None:
        assert self.scene is not None
        elements = self.scene.elements
        body = read_body(text, self.known)
        name, voice = alone(text)
        if body.kind == "action" and self.known(name) == name and self._speech_follows(index):
            body = Body("dialogue", "", name, voice=voice, marked=True)
        named = elements[-1] if elements and elements[-1].kind == "dialogue" and not elements[-1].text else None
        if named and not named.delivery and _MANNER.match(text) and self._speech_follows(index - 1):
            elements[-1] = replace(named, delivery=text[1:-1].strip())
            self.scene.head.append(SourceLine(line.number, line.written, "parenthetical"))
            self.draft.lines_read[line.number] = "parenthetical"
            return
        if (
            body.kind == "action"
            and not body.marked
            and (named or (elements and elements[-1].kind == "dialogue" and not self.gap))
        ):
            last = elements[-1]
            wrapped = self.marked_style and not _ENDED.search(last.text)
            if not last.text or wrapped or (text.isdigit() and not _ENDED.search(last.text)):
                body = replace(body, kind="dialogue", speaker=last.speaker, voice=last.voice, delivery=last.delivery)
        if body.mark:
            self.draft.marks.append(Mark(body.mark, line.number, text))
        unclear = body.kind == "action" and _UNCLEAR.match(text)
        if unclear or (body.flash == "start" and self.tokens[index].kind == "scene"):
            self.draft.faults.append(fault("header_unclear", line.number, {"action": "make_head", "line": line.number}))
        if body.flash:
            self.scene.flash_lines.append((len(elements), body.flash))
        elements.append(_element(body, line.number))
        self.draft.lines_read[line.number] = "element"
        self.gap = False


def _tight(text: str | None) -> str | None:
    return "".join(text.split()) if text else None


def _element(body: Body, line: int) -> ParsedElement:
    return ParsedElement(body.kind, body.text, line, body.speaker, body.delivery, body.voice, body.label)


def read_chinese(draft: ScriptDraft) -> ScriptDraft:
    """Fill the draft from its lines."""
    lines = read_lines(draft.written_lines)
    changed = sum(line.changed for line in lines)
    if changed:
        first = next(line.number for line in lines if line.changed)
        draft.faults.append(fault("normalised", first, count=changed))
    Grouper(draft, lex(lines, draft.page_numbers)).run()
    return draft
