"""What the solver answers: a board with clock times, its cost lines, and what clashes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .words import Params, sentence


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence with its stable code and params."""

    code: str
    params: Params
    message: str

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "params": dict(self.params), "message": self.message}


class Violation(Remark):
    """A hard rule that a board breaks, or a figure that does not add up."""


class Clash(Remark):
    """Rows of a problem that cannot hold together."""


class Reason(Remark):
    """What binds a day, or why a scene is where it is."""


def violation(code: str, params: Params) -> Violation:
    return Violation(code, params, sentence(code, params))


def clash(code: str, params: Params) -> Clash:
    return Clash(code, params, sentence(code, params))


def reason(code: str, params: Params) -> Reason:
    return Reason(code, params, sentence(code, params))


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of the price of a board, in fen; wishes are lines too, so that the total hides nothing."""

    code: str
    params: Params
    amount: int
    message: str

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "params": dict(self.params),
            "amount": self.amount,
            "message": self.message,
        }


def cost_line(code: str, params: Params, amount: int) -> CostLine:
    return CostLine(code, params, amount, sentence(code, params))


@dataclass(frozen=True, slots=True)
class BoardScene:
    id: str
    start_minute: int
    end_minute: int


@dataclass(frozen=True, slots=True)
class Visit:
    """A stay at one set: hired from arrival, dressed, then shot without leaving."""

    set: str
    arrive_minute: int
    leave_minute: int


@dataclass(frozen=True, slots=True)
class Break:
    start_minute: int
    end_minute: int


@dataclass(frozen=True, slots=True)
class BoardDay:
    """A used shoot day in shooting order; minutes count from midnight of its date."""

    index: int
    scenes: tuple[BoardScene, ...]
    visits: tuple[Visit, ...]
    breaks: tuple[Break, ...]
    wrap_minute: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A board, what it costs, and how sure that is.

    `total` is the sum of `cost_lines`, for the scenes that have a day. `bound` is a proved lower bound on any legal
    board with every scene placed; `gap` is (total - bound) / total, or None while scenes are unplaced. `feasible` says
    that every scene has a day and no hard rule is broken. `violations` is filled by `evaluate` alone: a searched board
    breaks no rule, it leaves scenes unplaced instead and says in `clashes` why.
    """

    days: tuple[BoardDay, ...]
    unplaced: tuple[str, ...]
    cost_lines: tuple[CostLine, ...]
    total: int
    bound: int
    gap: float | None
    feasible: bool
    clashes: tuple[Clash, ...] = ()
    violations: tuple[Violation, ...] = ()
    iterations: int = 0
    seconds: float = 0.0
    seed: int | None = None
    binding: tuple[Reason, ...] = field(default=())

    def assignment(self) -> dict[str, tuple[int, int]]:
        """Scene id -> (day index, position in the day): what `evaluate` and `start=` take."""
        return {scene.id: (day.index, position) for day in self.days for position, scene in enumerate(day.scenes)}

    def to_json(self) -> dict[str, Any]:
        return {
            "days": [
                {
                    "index": day.index,
                    "scenes": [
                        {"id": s.id, "start_minute": s.start_minute, "end_minute": s.end_minute} for s in day.scenes
                    ],
                    "visits": [
                        {"set": v.set, "arrive_minute": v.arrive_minute, "leave_minute": v.leave_minute}
                        for v in day.visits
                    ],
                    "breaks": [{"start_minute": b.start_minute, "end_minute": b.end_minute} for b in day.breaks],
                    "wrap_minute": day.wrap_minute,
                }
                for day in self.days
            ],
            "unplaced": list(self.unplaced),
            "cost_lines": [line.to_json() for line in self.cost_lines],
            "total": self.total,
            "bound": self.bound,
            "gap": self.gap,
            "feasible": self.feasible,
            "clashes": [item.to_json() for item in self.clashes],
            "violations": [item.to_json() for item in self.violations],
            "binding": [item.to_json() for item in self.binding],
            "iterations": self.iterations,
            "seconds": self.seconds,
            "seed": self.seed,
        }


Assignment = Mapping[str, tuple[int, int]]
"""Scene id -> (day index, position in the day)."""
