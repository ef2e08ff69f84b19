"""Scripts as writers send them, read into episodes, scenes, elements and faults. Pure.

Lines are lexed into what they may be (`heads`, `cast`, `body`), then grouped (`chinese`, `fountain`, `fdx`), then
numbered, measured and judged as a whole (`finish`). Nothing raises for what a file holds.
"""

from .faults import CATALOGUE, ERROR, INFO, WARNING, Fault
from .measure import Pace
from .model import (
    CastMember,
    Mark,
    ParsedCharacter,
    ParsedElement,
    ParsedEpisode,
    ParsedScene,
    ParsedScript,
    SourceLine,
)
from .reader import SIZE_LIMIT, read_script, read_text

__all__ = [
    "CATALOGUE",
    "ERROR",
    "INFO",
    "SIZE_LIMIT",
    "WARNING",
    "CastMember",
    "Fault",
    "Mark",
    "Pace",
    "ParsedCharacter",
    "ParsedElement",
    "ParsedEpisode",
    "ParsedScene",
    "ParsedScript",
    "SourceLine",
    "read_script",
    "read_text",
]
