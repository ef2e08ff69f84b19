"""Every line with the head it may be, and what can be known of a script before it is grouped."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from .cast import cast_line, read_cast
from .episodes import EpisodeHead, episode_head, undecorated
from .fields import SceneHead
from .heads import act_head, label_line, leading_number, read_scene_line
from .normalise import NUMERAL, Line

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
    return found


def known_roles(tokens: list[Token]) -> Callable[[str], str | None]:
    """A look-up for the longest role of any cast line that a name begins with."""
    roles: set[str] = set()
    for token in tokens:
        text = token.line.text
        if token.head is not None and token.head.cast_text:
            roles.update(member.name for member in read_cast(token.head.cast_text))
        elif token.kind == "text" and len(text) <= 600:
            names = cast_line(undecorated(text))
            if names is not None:
                roles.update(member.name for member in read_cast(names))
    longest = max((len(role) for role in roles), default=0)

    def known(name: str) -> str | None:
        for size in range(min(longest, len(name)), 0, -1):
            if name[:size] in roles:
                return name[:size]
        return None

    return known


_SPEAKS = re.compile(
    r"^[*_]{0,2}([^\s：:（(【，,。、！？*_△]{1,8})[*_]{0,2}(?:[（(【][^）)】]{0,40}[）)】])?\s?(?:OS|VO|os|vo)?[：:]"
)


def speaking_names(tokens: list[Token]) -> set[str]:
    """What stands before a colon anywhere, labels included."""
    return {found[1] for token in tokens if token.kind == "text" and (found := _SPEAKS.match(token.line.text[:80]))}
