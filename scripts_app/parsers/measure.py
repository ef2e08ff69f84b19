"""How long a scene is: pages by lines, seconds by what is spoken and done."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from studio.values import pages_from_lines

from .model import ParsedElement
from .normalise import HAN, LATIN_WORD

# Characters that fit a line of a typed page: 35 Chinese ones, or 60 Latin ones (half as wide).
_WIDTH_HAN, _WIDTH_LATIN = 35, 60


@dataclass(frozen=True, slots=True)
class Pace:
    """Rates that turn text into seconds. Spoken Chinese was measured at 3.5 to 4.5 characters a second.

    Action is not spoken: it takes `action_share` of the time its words would.
    """

    han_per_second: float = 4.0
    words_per_second: float = 2.5
    action_share: float = 0.5


def _units(text: str) -> tuple[int, int]:
    """Han characters and Latin words."""
    return len(HAN.findall(text)), len(LATIN_WORD.findall(text))


def seconds_of(elements: list[ParsedElement], pace: Pace) -> int:
    """Whole seconds, rounded up, at least one."""
    spoken_han = spoken_words = done_han = done_words = 0
    for element in elements:
        han, words = _units(element.text)
        if element.kind in ("dialogue", "lyric"):
            spoken_han, spoken_words = spoken_han + han, spoken_words + words
        elif element.kind == "action":
            done_han, done_words = done_han + han, done_words + words
    share = Fraction(pace.action_share)
    total = (spoken_han + share * done_han) / Fraction(pace.han_per_second) + (
        spoken_words + share * done_words
    ) / Fraction(pace.words_per_second)
    return max(1, -(-total.numerator // total.denominator))


def parts_of(elements: list[ParsedElement], head_lines: int, unit: str) -> int:
    """Eighths or tenths of a page that the scene fills when it is typed."""
    lines = head_lines
    for element in elements:
        text = element.text if element.speaker is None else f"{element.speaker}：{element.text}"
        han = len(HAN.findall(text))
        width = _WIDTH_HAN if han * 2 > len(text) else _WIDTH_LATIN
        lines += max(1, -(-len(text) // width))
    return pages_from_lines(lines, unit)


def han_of(elements: list[ParsedElement]) -> int:
    return sum(len(HAN.findall(element.text)) for element in elements)
