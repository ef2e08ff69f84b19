"""How long a scene is: pages by lines, seconds by what is spoken and done."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from studio.values import pages_from_lines

from .model import ParsedElement
from .normalise import LATIN_WORD, han_count

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
    return han_count(text), len(LATIN_WORD.findall(text))


def seconds_of(elements: list[ParsedElement], pace: Pace) -> int:
    """Whole seconds, rounded up, at least one."""
    spoken_han, spoken_words = _units("\n".join(each.text for each in elements if each.kind in ("dialogue", "lyric")))
    done_han, done_words = _units("\n".join(each.text for each in elements if each.kind == "action"))
    # In whole numbers over one denominator: exact, and a tenth of the time of fractions.
    share, han_rate, word_rate = _rates(pace)
    spoken = (spoken_han * share.denominator + done_han * share.numerator) * han_rate.denominator * word_rate.numerator
    words = (
        (spoken_words * share.denominator + done_words * share.numerator) * word_rate.denominator * han_rate.numerator
    )
    return max(1, -(-(spoken + words) // (share.denominator * han_rate.numerator * word_rate.numerator)))


@lru_cache(maxsize=16)
def _rates(pace: Pace) -> tuple[Fraction, Fraction, Fraction]:
    return Fraction(pace.action_share), Fraction(pace.han_per_second), Fraction(pace.words_per_second)


def parts_of(elements: list[ParsedElement], head_lines: int, unit: str) -> int:
    """Eighths or tenths of a page that the scene fills when it is typed."""
    lines = head_lines
    for element in elements:
        text = element.text if element.speaker is None else f"{element.speaker}：{element.text}"
        # In whatever script, this much fits a line.
        if len(text) <= _WIDTH_HAN:
            lines += 1
            continue
        han = han_count(text)
        width = _WIDTH_HAN if han * 2 > len(text) else _WIDTH_LATIN
        lines += max(1, -(-len(text) // width))
    return pages_from_lines(lines, unit)


def han_of(elements: list[ParsedElement]) -> int:
    return sum(han_count(element.text) for element in elements)
