"""Which scene of a new draft is which of the old: by what they hold, then by number and place. Pure.

`model` says what goes in and out, `likeness` how alike two scenes are, `match` who is who.
"""

from .match import match_scenes
from .model import CHANGED, KINDS, MOVED, NEW, OMITTED, UNCHANGED, DraftScene, Match

__all__ = [
    "CHANGED",
    "KINDS",
    "MOVED",
    "NEW",
    "OMITTED",
    "UNCHANGED",
    "DraftScene",
    "Match",
    "match_scenes",
]
