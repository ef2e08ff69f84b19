"""What a laid board comes to: the solver's answer as clock times, costs and warnings of rows."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from scheduling.board_problem import BoardProblem
from scheduling.solver import Answer, evaluate


@dataclasses.dataclass(frozen=True)
class DayFigures:
    wrap_minute: int | None
    cost_minor: int
    timeline: dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Figures:
    """What a laid board comes to."""

    clock: dict[int, tuple[int, int]]
    """Scene pk -> start and end minute."""
    days: dict[int, DayFigures]
    """BoardDay pk -> its figures; days without scenes too."""
    total_minor: int
    bound_minor: int | None
    cost_lines: list[dict[str, Any]]
    warnings: list[dict[str, Any]]
    broken: list[dict[str, Any]]
    """Hard rules that are broken: the part of the warnings that a lock must answer for."""


def reckon(read: BoardProblem, placing: Mapping[str, tuple[int, int]] | None = None) -> Figures:
    """Clock times, costs and warnings of the board as it lies (or as `placing` lays it)."""
    laid = read.placing if placing is None else placing
    if not read.problem.days or not read.problem.scenes:
        return Figures({}, {pk: DayFigures(None, 0, {}) for pk in read.day_pks.values()}, 0, None, [],
                       list(read.notes), [])  # fmt: skip
    return figures_of(read, evaluate(read.problem, laid))


def figures_of(read: BoardProblem, answer: Answer) -> Figures:
    broken = [{"code": v.code, "params": dict(v.params)} for v in answer.violations]
    by_day: dict[int, int] = defaultdict(int)
    film_sets = {film_set.id: film_set for film_set in read.problem.sets}
    for line in answer.cost_lines:
        number = line.params.get("day")
        if isinstance(number, int) and not line.code.startswith("wish."):
            by_day[number] += line.amount
    clock: dict[int, tuple[int, int]] = {}
    days = {pk: DayFigures(None, 0, {}) for pk in read.day_pks.values()}
    for day in answer.days:
        here: set[str] = set()
        for scene in day.scenes:
            pk = read.scene_pks[scene.id]
            clock[pk] = (scene.start_minute, scene.end_minute)
            here.update(read.cast_of[pk])
        # What the day itself costs; pay on hold and guarantees belong to the span, not to one day.
        cost = by_day[day.index] + read.problem.costs.crew_day + sum(read.rates[name] for name in here)
        cost += sum(film_sets[name].price_per_day for name in {visit.set for visit in day.visits})
        days[read.day_pks[day.index]] = DayFigures(
            day.wrap_minute,
            cost,
            {
                "visits": [[v.set, film_sets[v.set].base, v.arrive_minute, v.leave_minute] for v in day.visits],
                "meals": [[b.start_minute, b.end_minute] for b in day.breaks],
            },
        )
    lines = [{"code": line.code, "params": dict(line.params), "amount": line.amount} for line in answer.cost_lines]
    return Figures(
        clock=clock,
        days=days,
        total_minor=answer.total,
        bound_minor=answer.bound,
        cost_lines=lines,
        warnings=[*broken, *read.notes],
        broken=broken,
    )
