"""Episode heads, and a line without its decoration."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .normalise import NUMERAL, numeral

MAX_HEAD = 90  # longer lines are prose, whatever they begin with


@dataclass(frozen=True, slots=True)
class EpisodeHead:
    number: int
    title: str | None
    seconds: int | None


_EPISODE_CN = re.compile(
    rf"^(?:剧本|集[数次]\s?[:：]\s?)?第\s{{0,2}}([{NUMERAL}]{{1,7}})\s{{0,2}}集(?=$|[\s.:：、,，—–\-·(（【《\[|*])\s*(.*)$"
)
_EPISODE_EN = re.compile(r"^(?:EPISODE|EP)\s?[.#]?\s?(\d{1,4})(?=$|[\s.:：、—–\-(（【])\s*(.*)$", re.IGNORECASE)
_LENGTH = re.compile(
    r"[(（【\[]\s*(?:(?:本集|单集)?时长\s?[:：]?)?\s*约?\s*(?:(\d{1,2})\s*(?:min|m|分钟|分|'|′))?\s*(?:(\d{1,3})\s*(?:s|sec|秒|\"|″))?\s*[)）】\]]",
    re.IGNORECASE,
)
_DECORATION = "#>*_ \u3000\t【】[]"


def undecorated(text: str) -> str:
    """A line without the Markdown and the one pair of brackets that some writers put around a head."""
    if text[:1] not in _DECORATION and text[-1:] not in _DECORATION and "**" not in text:
        return text  # most lines
    text = text.lstrip("#>*_ \u3000\t").rstrip("*_ \u3000\t")
    if len(text) > 2 and text[0] in "【[" and text[-1] in "】]" and not set(text[1:-1]) & set("【】[]"):
        text = text[1:-1].strip()
    return text.replace("**", "")


def episode_head(text: str) -> EpisodeHead | None:
    """`第1集` `第十一集：标题` `## 第1集【1min30s】` `Episode 1` `EP1`, or None."""
    if len(text) > MAX_HEAD:
        return None
    bare = undecorated(text)
    match = _EPISODE_CN.match(bare) or _EPISODE_EN.match(bare)
    number = numeral(match[1]) if match else None
    if match is None or number is None or not 0 < number <= 9999:
        return None
    rest, seconds = match[2], None
    length = _LENGTH.search(rest)
    if length and (length[1] or length[2]):
        seconds = int(length[1] or 0) * 60 + int(length[2] or 0)
        rest = rest[: length.start()] + rest[length.end() :]
    title = rest.strip(" .:：、,，—–-·|*《》【】()（）[]")
    return EpisodeHead(number, title or None, seconds)


_STATED_LENGTH = re.compile(
    r"^[【\[(（]?\s?(?:本集|单集|预计|每集)?(?:时长|长度)\s?[】\]]?\s?[:：]?\s?约?\s?(?:(\d{1,2})\s*(?:min|m|分钟|分|'|′))?\s*"
    r"(?:(\d{1,3})\s*(?:s|sec|秒|\"|″))?\s*(?:左右)?\s?[)）】\]]?$",
    re.IGNORECASE,
)
_STATED_OUTLINE = re.compile(
    r"^[【\[(（]?\s?(?:本集)?(?:梗概|概要|大纲|简介|剧情|看点|提要|内容)\s?[】\]]?\s?[:：]?\s?(?P<text>.*?)[)）】\]]?$"
)


def stated_length(text: str) -> int | None:
    """Seconds that a line under an episode head states (`时长：2分钟`), or None."""
    match = _STATED_LENGTH.match(text) if len(text) <= 30 else None
    seconds = int(match[1] or 0) * 60 + int(match[2] or 0) if match else 0
    return seconds or None


def stated_outline(text: str) -> str | None:
    """What a line under an episode head tells of the episode (`本集梗概：她回来了。`), or None."""
    match = _STATED_OUTLINE.match(text) if len(text) <= 1000 else None
    told = match["text"].strip() if match else ""
    return told if told and not text[:1].isdigit() else None
