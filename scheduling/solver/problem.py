"""What there is to schedule: scenes, sets, bases, people, days, rules, prices and wishes.

All money is integer fen, all clock times are minutes from midnight of the shoot day (a wrap past midnight is above 1440).
Defaults are a studio's starting points and are all settings: none of them is law.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

INT_EXT = ("int", "ext", "int_ext")
TIMES = ("day", "night", "dawn", "dusk")
NIGHTS = ("dark", "any")

MOST_MINUTES = 2880
MOST_FEN = 10**11
MOST_SCENES = 2000
MOST_DAYS = 120


class ProblemError(ValueError):
    """A problem that cannot be read; the message names the row and the field in words."""

    def __init__(self, message: str, *, field_path: str) -> None:
        super().__init__(message)
        self.message = message
        self.field_path = field_path


@dataclass(frozen=True)
class Scene:
    """A scene to shoot. `int_ext` scenes count as exteriors; dawn and dusk are shot in daylight.

    `after` names scenes that must be shot before this one; `locked_day` is a day index that never changes. A higher
    `priority` (0-100) asks for an earlier day.
    """

    id: str
    episode: int
    minutes: int
    set: str
    int_ext: str = "int"
    time_of_day: str = "day"
    cast: tuple[str, ...] = ()
    extras: int = 0
    priority: int = 0
    after: tuple[str, ...] = ()
    locked_day: int | None = None


@dataclass(frozen=True)
class OpenWindow:
    """Hours in which a set may be used on one day, from arrival to leaving."""

    day: int
    start_minute: int
    end_minute: int


@dataclass(frozen=True)
class FilmSet:
    """A set at a base, hired by started hour of each visit or by day. `open` None: always open."""

    id: str
    base: str
    price_per_hour: int = 0
    price_per_day: int = 0
    dressing_minutes: int = 0
    open: tuple[OpenWindow, ...] | None = None


@dataclass(frozen=True)
class Base:
    """A film base; `move_minutes` to other bases counts both ways unless the other base says otherwise."""

    id: str
    move_minutes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Person:
    """Somebody on camera. Paid `day_rate` a work day, `hold_percent` of it for each listed day between the first and the
    last work day without work, and never less than `min_days` at full rate. `available` None: on every day."""

    id: str
    day_rate: int
    hold_percent: int = 0
    min_days: int = 0
    available: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Day:
    index: int
    date: date
    call_minutes: int = 420
    wrap_limit_minutes: int = 1380
    daylight_start_minutes: int = 390
    daylight_end_minutes: int = 1110


@dataclass(frozen=True)
class Rules:
    """Hard rules. `night_exteriors`: `dark` shoots them between dusk and dawn only, `any` whenever it suits."""

    max_scenes_a_day: int = 60
    rest_minutes: int = 600
    meal_after_minutes: int = 360
    meal_minutes: int = 45
    night_exteriors: str = "dark"
    set_change_minutes: int = 10
    base_move_minutes: int = 60
    overtime_after_minutes: int = 720


@dataclass(frozen=True)
class Costs:
    """Prices in fen: a crew day, an hour of overtime (by the minute, rounded up), a move between bases, an extra a day."""

    crew_day: int = 0
    overtime_per_hour: int = 0
    base_move: int = 0
    extra_day: int = 0


@dataclass(frozen=True)
class Weights:
    """Wishes priced in fen: a day's delay of a scene of the first episode (fading to none for the last), a day's delay per
    point of priority, a change of set."""

    early_episodes: int = 0
    priority: int = 0
    set_change: int = 0


@dataclass(frozen=True)
class Problem:
    scenes: tuple[Scene, ...]
    sets: tuple[FilmSet, ...]
    bases: tuple[Base, ...]
    people: tuple[Person, ...]
    days: tuple[Day, ...]
    rules: Rules = Rules()
    costs: Costs = Costs()
    weights: Weights = Weights()

    @classmethod
    def from_json(cls, data: object) -> "Problem":
        """Read and check a problem. Raises ProblemError naming the first row that is wrong."""
        from .reading import read_problem

        return read_problem(data)

    def to_json(self) -> dict[str, Any]:
        """The problem as JSON values, such that `Problem.from_json(p.to_json()) == p`."""
        made = {
            "scenes": [{**asdict(s), "cast": list(s.cast), "after": list(s.after)} for s in self.scenes],
            "sets": [{**asdict(s), "open": None if s.open is None else [asdict(w) for w in s.open]} for s in self.sets],
            "bases": [{"id": b.id, "move_minutes": dict(b.move_minutes)} for b in self.bases],
            "people": [
                {**asdict(p), "available": None if p.available is None else list(p.available)} for p in self.people
            ],
            "days": [{**asdict(d), "date": d.date.isoformat()} for d in self.days],
            "rules": asdict(self.rules),
            "costs": asdict(self.costs),
            "weights": asdict(self.weights),
        }
        return made
