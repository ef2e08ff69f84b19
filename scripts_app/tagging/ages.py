"""How old a role is, from what a script says: `28`, `八岁`, `约40`, `十七八岁`, `3个月`, `teen`."""

from __future__ import annotations

import re
import unicodedata

ADULT = 18
"""Age of majority: 民法典 art. 17 (in force since 2021-01-01), a natural person over 18."""
_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NUMBER = re.compile(r"\d{1,3}|[零〇一二两三四五六七八九十百]+")
_MONTHS = re.compile(r"(?:\d{1,3}|[一二两三四五六七八九十]+)\s*(?:个?月|months?\b|天|周|days?\b|weeks?\b)", re.I)
_CHILD = re.compile(
    r"婴|幼儿|幼童|儿童|孩童|小孩|孩子|少年|少女|童年|未成年|小学|初中|新生儿|\b(?:infant|newborn|baby|toddler|child|kid|minor|teen(?:ager)?)\b",
    re.I,
)


def age_in_years(text: str) -> int | None:
    """The age stated, the lowest of several; None where no number stands. `十七八岁` is 17, `3个月` 0."""
    plain = unicodedata.normalize("NFKC", text)
    if _MONTHS.search(plain) and not re.search(r"岁|year", plain, re.I):
        return 0
    found = [value for part in _NUMBER.findall(plain) if (value := _value(part)) is not None]
    return min(found) if found else None


def is_minor(text: str) -> bool:
    """Whether a role of this age is under age. An age in words (`小学生`, `teen`) counts where no number is given."""
    years = age_in_years(text)
    if years is not None:
        return years < ADULT
    return bool(_CHILD.search(unicodedata.normalize("NFKC", text)))


def _value(part: str) -> int | None:
    if part.isdecimal():
        return int(part)
    if "百" in part:
        return 100
    tens, ten, ones = part.partition("十")
    if not ten:
        # 七八岁 is seven or eight; 二八 in a row of digits is not read as 28.
        return _DIGITS[tens[0]] if tens and tens[0] in _DIGITS else None
    high = _DIGITS.get(tens[:1], 1) if tens else 1
    low = _DIGITS.get(ones[:1], 0) if ones else 0
    return high * 10 + low
