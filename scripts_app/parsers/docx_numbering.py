"""The numbers that Word counts by itself. Source: ECMA-376 part 1, 17.9 (numbering)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element  # nosec B405: the type only; parsing is defusedxml's

from .body import ACTION_MARKS
from .xml import local

_DIGITS = "〇一二三四五六七八九"
_LONG_STYLES = 12  # a style based on a style based on ...


@dataclass(slots=True)
class _Level:
    text: str = ""
    form: str = "decimal"
    start: int = 1
    gap: str = " "
    restart: int | None = None  # 0: never counts anew


@dataclass(slots=True)
class _List:
    abstract: str
    levels: dict[int, _Level]
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Hands out the label of one paragraph after the other, in the order of the document."""

    def __init__(self) -> None:
        self._lists: dict[str, _List] = {}
        self._styles: dict[str, tuple[str, str, str]] = {}  # style -> list, level, style it is based on
        self._default = ""
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    @classmethod
    def read(cls, numbering: Element | None, styles: Element | None) -> Numbering:
        found = cls()
        abstracts = {}
        for element in numbering if numbering is not None else ():
            if local(element.tag) == "abstractNum":
                levels = {_number(_attr(level, "ilvl")): _level(level) for level in _children(element, "lvl")}
                abstracts[_attr(element, "abstractNumId")] = levels
        for element in numbering if numbering is not None else ():
            if local(element.tag) == "num":
                found._add(element, abstracts)
        for element in styles if styles is not None else ():
            if local(element.tag) == "style":
                found._styles[_attr(element, "styleId")] = _style(element)
                if _attr(element, "type") == "paragraph" and _attr(element, "default") in ("1", "true", "on"):
                    found._default = _attr(element, "styleId")
        return found

    def _add(self, element: Element, abstracts: dict[str, dict[int, _Level]]) -> None:
        abstract = _val(element, "abstractNumId")
        one = _List(abstract, dict(abstracts.get(abstract, {})))
        for override in _children(element, "lvlOverride"):
            level = _number(_attr(override, "ilvl"))
            for inner in _children(override, "lvl"):
                one.levels[level] = _level(inner)
            start = _val(override, "startOverride")
            if start:
                one.starts[level] = _number(start)
        self._lists[_attr(element, "numId")] = one

    def label(self, properties: Element | None, style: str) -> str:
        """What Word shows in front of a paragraph, with the gap after it, or nothing."""
        number, level = self._which(properties, style)
        one = self._lists.get(number)
        if one is None or level not in one.levels:
            return ""
        counts = self._counts.setdefault(one.abstract or f"={number}", {})
        if level in one.starts and (number, level) not in self._begun:
            counts[level] = one.starts[level] - 1
        self._begun.add((number, level))
        mine = one.levels[level]
        counts[level] = counts.get(level, mine.start - 1) + 1
        for deeper in [each for each in counts if each > level]:
            restart = one.levels[deeper].restart if deeper in one.levels else None
            if restart is None or (restart > 0 and level < restart):
                del counts[deeper]
        if mine.form == "bullet":
            return mine.text if mine.text and mine.text in ACTION_MARKS else ""

        def shown(match: re.Match[str]) -> str:
            which = int(match[1]) - 1
            other = one.levels.get(which, mine)
            return counted(counts.get(which, other.start), other.form)

        text = re.sub(r"%([1-9])", shown, mine.text)
        return f"{text}{mine.gap}" if text else ""

    def _which(self, properties: Element | None, style: str) -> tuple[str, int]:
        for numbered in _children(properties, "numPr"):
            own = _val(numbered, "numId")
            if own:
                return own, _number(_val(numbered, "ilvl"))
        style = style or self._default
        level = ""
        for _ in range(_LONG_STYLES):
            number, at, base = self._styles.get(style, ("", "", ""))
            level = level or at
            if number:
                return number, _number(level)
            style = base
        return "", 0


def counted(number: int, form: str) -> str:
    """A number in one of Word's forms; those that scripts do not use are shown as digits."""
    if form in ("none", "bullet"):
        return ""
    if form == "decimalZero":
        return f"{number:02d}"
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 9) if number > 0 else ""
        return letter.upper() if form == "upperLetter" else letter
    if form in ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCountingThousand"):
        return _chinese(number)
    if form in ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"):
        return "".join(_DIGITS[int(digit)] for digit in str(max(0, number)))
    if form in ("lowerRoman", "upperRoman"):
        roman = _roman(number)
        return roman if form == "upperRoman" else roman.lower()
    return str(number)


def _chinese(number: int) -> str:
    if not 0 < number < 1000:
        return str(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for value, letters in (
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
        (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ):  # fmt: skip
        while number >= value:
            text, number = text + letters, number - value
    return text


def _level(element: Element) -> _Level:
    start, restart, suffix = _val(element, "start"), _val(element, "lvlRestart"), _val(element, "suff")
    return _Level(
        text=_val(element, "lvlText")[:40],
        form=_val(element, "numFmt") or "decimal",
        start=_number(start) if start else 0,
        gap="" if suffix == "nothing" else " ",
        restart=_number(restart) if restart else None,
    )


def _style(element: Element) -> tuple[str, str, str]:
    for properties in _children(element, "pPr"):
        for numbered in _children(properties, "numPr"):
            return _val(numbered, "numId"), _val(numbered, "ilvl"), _val(element, "basedOn")
    return "", "", _val(element, "basedOn")


def _children(element: Element | None, name: str) -> Iterator[Element]:
    for child in element if element is not None else ():
        if local(child.tag) == name:
            yield child


def _attr(element: Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if local(key) == name), "")


def _val(element: Element, name: str) -> str:
    return next((_attr(child, "val") for child in _children(element, name)), "")


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"-?\d{1,6}", text) else 0
