"""Lines as they arrive, and the same lines made plain.

PDF exports write `⽇` (U+2F47) for 日, copies from the web carry zero-width characters, older editors full-width
digits. Reading works on the plain text; the original line is kept beside it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

LINE_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")

# Simplified forms in the CJK Radicals Supplement that NFKC leaves alone but PDF fonts produce.
_SUPPLEMENT = {
    "⺠": "民", "⻅": "见", "⻆": "角", "⻉": "贝", "⻋": "车", "⻓": "长", "⻔": "门", "⻘": "青", "⻙": "韦",
    "⻚": "页", "⻛": "风", "⻜": "飞", "⻝": "食", "⻢": "马", "⻣": "骨", "⻤": "鬼", "⻥": "鱼", "⻦": "鸟",
    "⻨": "麦", "⻩": "黄", "⻬": "齐", "⻮": "齿", "⻰": "龙", "⻳": "龟", "⺟": "母", "⻄": "西", "⻁": "虎",
}  # fmt: skip


def _table() -> dict[int, str]:
    table = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
    for start, end in ((0xFF10, 0xFF1A), (0xFF21, 0xFF3B), (0xFF41, 0xFF5B)):
        table.update({code: unicodedata.normalize("NFKC", chr(code)) for code in range(start, end)})
    table.update({ord(odd): plain for odd, plain in _SUPPLEMENT.items()})
    for code in (
        0x00AD,
        0x180E,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2065),
        0xFEFF,
        # Control characters are no text, and neither XML nor PostgreSQL takes all of them.
        *range(0x00, 0x09),
        *range(0x0E, 0x20),
        0x7F,
        0xFFFE,
        0xFFFF,
    ):
        table[code] = ""
    return table


_TABLE = _table()
# Spaces are made plain too, but a wide space is how Chinese text is set, so it does not count as dirt.
_SPACES = {0x00A0: " ", 0x3000: " ", 0x2002: " ", 0x2003: " ", 0x2009: " ", 0x202F: " ", 0x0009: " "}
_ODD = re.compile("[" + "".join(re.escape(chr(code)) for code in _TABLE) + "]")
_ANY = re.compile("[" + "".join(re.escape(chr(code)) for code in (*_TABLE, *_SPACES)) + "]")
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇]")
_HAN_RUN = re.compile(f"{HAN.pattern}+")
LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ0-9]+(?:['’][A-Za-z]+)?")


class Line(NamedTuple):
    """A line of the file: number from 1, as written, made plain, and whether that changed it."""

    number: int
    written: str
    text: str
    changed: bool

    @property
    def blank(self) -> bool:
        return not self.text


def plain(text: str) -> str:
    """Text without look-alikes and invisible characters, its ends trimmed."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return text.translate(_TABLE).translate(_SPACES).strip()


def split_lines(text: str) -> list[str]:
    return LINE_BREAK.split(text)


def read_lines(written: list[str]) -> list[Line]:
    lines = []
    for number, line in enumerate(written, start=1):
        if (line.isascii() and line.isprintable()) or not _ANY.search(line):
            lines.append(Line(number, line, line.strip(), False))
        else:
            lines.append(Line(number, line, plain(line), _ODD.search(line) is not None))
    return lines


def han_count(text: str) -> int:
    return 0 if text.isascii() else len(text) - len(_HAN_RUN.sub("", text))


_DIGITS = {
    "〇": 0,
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
NUMERAL = "0-9〇零一二两三四五六七八九十百"


def numeral(text: str) -> int | None:
    """A whole number in digits or Chinese numerals (`12`, `十二`, `一百零三`, `二三`), or None."""
    text = re.sub(r"\s+", "", text)
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= 6 else None
    if text and all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text[:6]))
    total, digit = 0, 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char == "十":
            total, digit = total + (digit or 1) * 10, 0
        elif char == "百":
            total, digit = total + (digit or 1) * 100, 0
        else:
            return None
    return total + digit if text else None
