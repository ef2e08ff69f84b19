"""Boards: which scene on which day, in which order, at what price, and why.

Pure: plain values in, plain values out. docs/boards.md gives the JSON of problem and answer.
"""

from .answer import Answer, BoardDay, BoardScene, Break, Clash, CostLine, Reason, Remark, Violation, Visit
from .baseline import baseline
from .board import evaluate
from .check import check
from .explain import binding, clashes, why
from .problem import (
    Base,
    Costs,
    Day,
    FilmSet,
    OpenWindow,
    Person,
    Problem,
    ProblemError,
    Rules,
    Scene,
    Weights,
)
from .search import solve

__all__ = [
    "Answer",
    "Base",
    "BoardDay",
    "BoardScene",
    "Break",
    "Clash",
    "CostLine",
    "Costs",
    "Day",
    "FilmSet",
    "OpenWindow",
    "Person",
    "Problem",
    "ProblemError",
    "Reason",
    "Remark",
    "Rules",
    "Scene",
    "Violation",
    "Visit",
    "Weights",
    "baseline",
    "binding",
    "check",
    "clashes",
    "evaluate",
    "solve",
    "why",
]
