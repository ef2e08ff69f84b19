"""Every line with the head it may be, and what can be known of a script before it is grouped."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from .body import is_name_like
from .cast import cast_line, read_cast
from .episodes import EpisodeHead, episode_head, undecorated
from .fields import SceneHead
from .front import section_of
from .heads import act_head, label_line, leading_number, read_scene_line
from .normalise import HAN, NUMERAL, Line

_RULE = re.compile(r"^[-=_*—~·.…─━\s]{3,}$")
_SCENE_OF_EPISODE = re.compile(rf"^第\s?[{NUMERAL}]{{1,6}}\s?场")  # 第1集 第3场: a scene head, not a title


@dataclass(slots=True)
class Token:
    """A line and the head it may be; what it is inside a scene is decided when it is reached."""

    line: Line
    kind: str  # blank, rule, episode, scene, number, label, act, text
    episode: EpisodeHead | None = None
    head: SceneHead | None = None


def lex(lines: list[Line], page_numbers: set[int]) -> list[Token]:
    return [Token(line, "rule") if line.number in page_numbers else _token(line) for line in lines]


def _token(line: Line) -> Token:
    text = line.text
    if not text:
        return Token(line, "blank")
    if _RULE.match(text[:200]) and len(text) <= 200:
        return Token(line, "rule")
    if len(text) > 270:
        return Token(line, "text")
    head = episode_head(text)
    if head is not None and not (head.title and _SCENE_OF_EPISODE.match(head.title)):
        return Token(line, "episode", episode=head)
    scene = read_scene_line(text)
    if scene is not None:
        return Token(line, "scene", head=scene)
    labels = label_line(text)
    if labels is not None:
        return Token(line, "label", head=labels)
    bare = undecorated(text)
    if len(bare) <= 16:
        number = leading_number(bare)
        if number is not None and not number.rest:
            return Token(line, "number", head=SceneHead(number.number, number.episode, number.scene, number.labelled))
    act = act_head(text)
    if act is not None:
        return Token(line, "act", head=SceneHead(act[0], None, act[0], True, title=act[1] or None))
    return Token(line, "text")


def episodes_with_scenes(tokens: list[Token]) -> dict[int, bool]:
    """For every episode head: does a scene head come before the next episode head?"""
    found: dict[int, bool] = {}
    scenes = False
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        if token.kind == "episode":
            found[index], scenes = scenes, False
        elif token.kind in ("scene", "act") or (token.head is not None and (token.head.labelled or token.head.episode)):
            scenes = True
        elif scenes and token.kind == "text" and section_of(token.line.text, True) is not None:
            scenes = False  # 【正文】 between an outline and the first scene
    return found


_THREE = re.compile("^[\u4e00-\u9fff]{3}$")


class Roles:
    """The names a script uses; called with a text it gives the longest one that the text begins with."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._longest = 0

    def add(self, names: Iterable[str]) -> None:
        """Know these names, and 乔 and 安然 with 乔安然."""
        for name in names:
            self._names.add(name)
            self._longest = max(self._longest, len(name))
            if _THREE.match(name):
                self._names.update((name[0], name[1:]))

    def __call__(self, text: str) -> str | None:
        for size in range(min(self._longest, len(text)), 0, -1):
            if text[:size] in self._names:
                return text[:size]
        return None


def known_roles(tokens: list[Token]) -> Roles:
    """Who is on a cast line, stands alone above speech, or speaks three times under a bare name."""
    roles = Roles()
    plain: Counter[str] = Counter()
    for token in tokens:
        text = token.line.text
        if token.head is not None and token.head.cast_text:
            roles.add(member.name for member in read_cast(token.head.cast_text))
        elif token.kind == "text" and len(text) <= 600:
            names = cast_line(undecorated(text))
            if names is not None:
                roles.add(member.name for member in read_cast(names))
            elif (cut := max(text[:8].find("："), text[:8].find(":"))) > 0 and (
                is_name_like(text[:cut]) or (cut == 1 and HAN.match(text))
            ):
                plain[text[:cut]] += 1
    roles.add(name for name, times in plain.items() if times >= 3)
    roles.add(_standing_names(tokens))
    return roles


def _standing_names(tokens: list[Token]) -> set[str]:
    """Names that stand alone above what they say: the layout of typed screenplays, once one does so three times."""
    alone: Counter[str] = Counter()
    for token, later in itertools.pairwise([token for token in tokens if token.kind != "blank"]):
        text = token.line.text
        if token.kind == "text" and len(text) <= 7 and later.kind == "text" and is_name_like(text):
            alone[text] += 1
    least = 2 if any(times >= 3 for times in alone.values()) else 3
    return {name for name, times in alone.items() if times >= least}


_SPEAKS = re.compile(
    r"^[*_]{0,2}([^\s：:（(【，,。、！？*_△]{1,8})[*_]{0,2}(?:[（(【][^）)】]{0,40}[）)】])?\s?(?:OS|VO|os|vo)?[：:]"
)


def speaking_names(tokens: list[Token]) -> set[str]:
    """What stands before a colon anywhere, labels included."""
    return {found[1] for token in tokens if token.kind == "text" and (found := _SPEAKS.match(token.line.text[:80]))}
