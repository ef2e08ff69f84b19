"""Scripts as writers send them, read into episodes, scenes, elements and faults. Pure.

Lines are lexed into what they may be (`heads`, `cast`, `body`), then grouped (`chinese`, `fountain`, `fdx`), then
numbered, measured and judged as a whole (`finish`). Nothing raises for what a file holds.
"""

from .carrying import carried, marked
from .decisions import BadDecision, Decision, fault_key, ignoring, proposed, read_decision
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
from .restructure import read_as_head

__all__ = [
    "CATALOGUE",
    "ERROR",
    "INFO",
    "SIZE_LIMIT",
    "WARNING",
    "BadDecision",
    "CastMember",
    "Decision",
    "Fault",
    "Mark",
    "Pace",
    "ParsedCharacter",
    "ParsedElement",
    "ParsedEpisode",
    "ParsedScene",
    "ParsedScript",
    "SourceLine",
    "carried",
    "fault_key",
    "ignoring",
    "marked",
    "proposed",
    "read_as_head",
    "read_decision",
    "read_script",
    "read_text",
]
