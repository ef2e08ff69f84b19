"""A script while it is being read: the same shape as the finished one, but growing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .faults import Fault
from .fields import SceneHead
from .front import FrontMatter
from .model import CastMember, Mark, ParsedElement, SourceLine


@dataclass(slots=True)
class SceneDraft:
    line: int
    read: SceneHead
    head: list[SourceLine] = field(default_factory=list)
    cast: list[CastMember] = field(default_factory=list)
    elements: list[ParsedElement] = field(default_factory=list)
    synopsis: str | None = None
    flash_lines: list[tuple[int, str]] = field(default_factory=list)  # element index, start or end

    def add_cast(self, members: tuple[CastMember, ...]) -> None:
        names = {member.name for member in self.cast}
        self.cast.extend(member for member in members if member.name not in names)


@dataclass(slots=True)
class EpisodeDraft:
    written: int | None
    line: int
    title: str | None = None
    stated_seconds: int | None = None
    outline: list[str] = field(default_factory=list)
    implied: bool = False
    head: list[SourceLine] = field(default_factory=list)
    lead: list[SourceLine] = field(default_factory=list)
    cast: tuple[CastMember, ...] = ()
    scenes: list[SceneDraft] = field(default_factory=list)


@dataclass(slots=True)
class ScriptDraft:
    layout: str
    source: str
    written_lines: list[str]
    encoding: str | None = None
    front: FrontMatter = field(default_factory=FrontMatter)
    aside: list[SourceLine] = field(default_factory=list)
    episodes: list[EpisodeDraft] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    lines_read: dict[int, str] = field(default_factory=dict)
    page_numbers: set[int] = field(default_factory=set)  # lines that only number a page

    def episode(self, line: int) -> EpisodeDraft:
        """The episode that is open, or an implied first one."""
        if not self.episodes:
            self.episodes.append(EpisodeDraft(None, line, implied=True))
        return self.episodes[-1]

    def open_scene(self, line: int, read: SceneHead) -> SceneDraft:
        scene = SceneDraft(line, read)
        self.episode(line).scenes.append(scene)
        return scene

    def set_aside(self, line: int, text: str, role: str) -> None:
        self.aside.append(SourceLine(line, text, role))
        self.lines_read.setdefault(line, "aside")

    def extend_head(self, scene: SceneDraft, later: SceneHead) -> None:
        scene.read = replace(scene.read.merged(later), number=scene.read.number)
