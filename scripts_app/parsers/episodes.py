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
    rf"^(?:剧本)?第\s{{0,2}}([{NUMERAL}]{{1,7}})\s{{0,2}}集(?=$|[\s.:：、,，—–\-·(（【《\[|*])\s*(.*)$"
)
_EPISODE_EN = re.compile(r"^(?:EPISODE|EP)\s?[.#]?\s?(\d{1,4})(?=$|[\s.:：、—–\-(（【])\s*(.*)$", re.IGNORECASE)
_LENGTH = re.compile(
    r"[(（【\[]\s*约?\s*(?:(\d{1,2})\s*(?:min|m|分钟|分|'|′))?\s*(?:(\d{1,3})\s*(?:s|sec|秒|\"|″))?\s*[)）】\]]",
    re.IGNORECASE,
)
_DECORATION = re.compile(r"^[#>*_\s]+|[*_\s]+$")


def undecorated(text: str) -> str:
    """A line without the Markdown and the one pair of brackets that some writers put around a head."""
    text = _DECORATION.sub("", text)
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
