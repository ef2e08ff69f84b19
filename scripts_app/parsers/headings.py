"""Headings of formats that mark them as headings, in English or Chinese, with the number that stands beside them."""

from __future__ import annotations

import re
from dataclasses import replace

from .fields import SceneHead
from .heads import leading_number, read_scene_line
from .slugs import slugline

_BESIDE = re.compile(r"\s*#\s?([\w.\-]{1,20})\s?#\s*$")


def read_heading(text: str, number: str | None = None) -> SceneHead | None:
    """What a heading states; `#1-2A#` or a number beside it states the episode too. None: there is no word in it."""
    if number is None and (beside := _BESIDE.search(text)):
        number, text = beside[1], text[: beside.start()]
    head = slugline(text) or read_scene_line(text) or slugline(text, forced=True)
    return numbered(head or SceneHead(), number) if head or number else None


def numbered(head: SceneHead, number: str | None) -> SceneHead:
    """The heading under another number: `12A`, `1-2A` with its episode."""
    number = (number or "").strip()
    if not number or (number == head.number and head.scene is not None):
        return head
    read = leading_number(number)
    if read is None or read.rest:
        return replace(head, number=number, episode=None, scene=number)
    return replace(head, number=number, episode=read.episode, scene=read.scene)
