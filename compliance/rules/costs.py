"""What a title's cost is made of, and whether the cast and its leads take more than the caps of the day allow."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files

from studio.values import in_force

from .faults import RuleFault

# What a cap is about: the cast of the whole cost, the leads of the cast.
MEASURES = ("cast", "leads")


@dataclass(frozen=True, slots=True)
class CostCap:
    """The largest part a measure may be, from a date; `binding` False: unverified whether it binds."""

    from_date: dt.date
    measure: str
    most_bp: int
    source: str = ""
    binding: bool = False

    def __post_init__(self) -> None:
        if self.measure not in MEASURES or not 0 < self.most_bp <= 10_000:
            raise RuleFault("cap_impossible", "A cap is about the cast or its leads, above 0 and at most 100 %.")


@dataclass(frozen=True, slots=True)
class CostPart:
    """A measure held against its cap; `over` where it is larger. No cap, or nothing to measure against: never over."""

    measure: str
    part: int
    whole: int
    cap: CostCap | None

    @property
    def share_bp(self) -> int | None:
        """Basis points for showing, rounded half up; None where the whole is nothing."""
        return share_bp(self.part, self.whole)

    @property
    def over(self) -> bool:
        return self.cap is not None and self.whole > 0 and self.part * 10_000 > self.whole * self.cap.most_bp

    @property
    def room(self) -> int:
        """What may still be added to the part at this whole, below zero what is too much; whole units."""
        return 0 if self.cap is None else self.whole * self.cap.most_bp // 10_000 - self.part


def share_bp(part: int, whole: int) -> int | None:
    return (2 * part * 10_000 + whole) // (2 * whole) if whole > 0 else None


def compose(*, total: int, cast: int, leads: int, caps: Sequence[CostCap], on: dt.date) -> list[CostPart]:
    """Both measures under the caps of that day. Amounts are whole minor units; a float is refused."""
    for amount in (total, cast, leads):
        if isinstance(amount, bool) or not isinstance(amount, int):
            raise RuleFault("cost_not_whole", "Costs must be given in whole fen.")
    return [
        CostPart(measure, part, whole, in_force((cap for cap in caps if cap.measure == measure), on))
        for measure, part, whole in (("cast", cast, total), ("leads", leads, cast))
    ]


def default_caps() -> list[CostCap]:
    rows: Iterable[dict[str, str]] = json.loads(files(__package__).joinpath("data/cost_caps.json").read_text("utf-8"))[
        "caps"
    ]
    return [
        CostCap(dt.date.fromisoformat(row["from"]), row["measure"], int(row["most_bp"]), row["source"], bool(row["binding"]))
        for row in rows
    ]  # fmt: skip
