"""Things in a scene's text: known words found, marks put back where they were, ages read, links followed. Pure.

`python -m scripts_app.tagging FILE` reads {"words": [...], "lines": [...]} and prints what it finds.
"""

from .ages import ADULT, age_in_years, is_minor
from .links import Reason, Rule, SceneFacts, linked
from .places import Anchor, Piece, Span, anchor, digest_of_line, pieces, placed
from .words import Finder, Found, fold

__all__ = [
    "ADULT", "Anchor", "Finder", "Found", "Piece", "Reason", "Rule", "SceneFacts", "Span", "age_in_years", "anchor",
    "digest_of_line", "fold", "is_minor", "linked", "pieces", "placed",
]  # fmt: skip
