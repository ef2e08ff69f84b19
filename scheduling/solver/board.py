"""A board with its clock times and cost lines, made from an order of scenes for each day."""

import time
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from .answer import (
    Answer,
    Assignment,
    BoardDay,
    BoardScene,
    Break,
    Clash,
    CostLine,
    Visit,
    cost_line,
)
from .bound import lower_bound
from .check import check
from .cost import pay_of
from .order import Trace, run_day
from .plan import Plan, make_plan
from .problem import Problem, ProblemError
from .words import Params


def draw_board(
    plan: Plan,
    orders: Mapping[int, list[int]],
    *,
    clashes: tuple[Clash, ...] = (),
    bound: int | None = None,
    iterations: int = 0,
    seconds: float = 0.0,
    seed: int | None = None,
    legal: bool = True,
) -> Answer:
    """The answer for `orders` (day number -> scene numbers in shooting order). `legal` is what the search knows."""
    used = sorted(day for day, order in orders.items() if order)
    days, traces = [], {}
    for day in used:
        trace = traces[day] = Trace()
        _, _, wrap = run_day(plan, day, orders[day], 0, trace)
        days.append(
            BoardDay(
                plan.problem.days[day].index,
                tuple(BoardScene(plan.scene_ids[s], start, end) for s, start, end in trace.scenes),
                tuple(Visit(plan.problem.sets[where].id, came, left) for where, came, left in trace.visits),
                tuple(Break(start, end) for start, end in trace.breaks),
                wrap,
            )
        )
    lines = cost_lines(plan, orders, traces)
    total = sum(line.amount for line in lines)
    placed = {scene for order in orders.values() for scene in order}
    unplaced = tuple(s.id for s in plan.problem.scenes if plan.number[s.id] not in placed)
    floor = lower_bound(plan) if bound is None else bound
    return Answer(
        days=tuple(days),
        unplaced=unplaced,
        cost_lines=lines,
        total=total,
        bound=floor,
        gap=None if unplaced else round((total - floor) / total, 4) if total else 0.0,
        feasible=legal and not unplaced,
        clashes=clashes,
        iterations=iterations,
        seconds=round(seconds, 3),
        seed=seed,
    )


def cost_lines(plan: Plan, orders: Mapping[int, list[int]], traces: Mapping[int, Trace]) -> tuple[CostLine, ...]:
    """Every line of the price, cast first, wishes last; lines of nothing are left out."""
    problem = plan.problem
    costs, rules, weights = problem.costs, problem.rules, problem.weights
    lines = cast_lines(plan, orders)
    set_days: dict[int, int] = {}
    for day, trace in traces.items():
        hours: dict[int, int] = {}
        for where, came, left in trace.visits:
            hours[where] = hours.get(where, 0) + -(-(left - came) // 60)
        for where, count in sorted(hours.items()):
            set_days[where] = set_days.get(where, 0) + 1
            if plan.per_hour[where]:
                name, index = problem.sets[where].id, problem.days[day].index
                lines.append(
                    cost_line("set.hours", {"set": name, "day": index, "hours": count}, count * plan.per_hour[where])
                )
    for where, count in sorted(set_days.items()):
        if plan.per_day[where]:
            params: Params = {"set": problem.sets[where].id, "days": count}
            lines.append(cost_line("set.days", params, count * plan.per_day[where]))
    lines.append(cost_line("crew.days", {"days": len(traces)}, len(traces) * costs.crew_day))
    changes = 0
    for day, trace in traces.items():
        index = problem.days[day].index
        late = trace.scenes[-1][2] - plan.calls[day] - rules.overtime_after_minutes
        if late > 0:
            fen = -(-late * costs.overtime_per_hour // 60)
            lines.append(cost_line("crew.overtime", {"day": index, "minutes": late}, fen))
        extras = max(plan.extras[scene] for scene in orders[day])
        lines.append(cost_line("extras.day", {"day": index, "people": extras}, extras * costs.extra_day))
        stops = [plan.base_of[where] for where, _, _ in trace.visits]
        moves = sum(a != b for a, b in pairwise(stops))
        lines.append(cost_line("moves.base", {"day": index, "moves": moves}, moves * costs.base_move))
        changes += len(stops) - 1
    ranks = {e: place for place, e in enumerate(sorted({s.episode for s in problem.scenes}))}
    last = max(1, len(ranks) - 1)
    early = priority = 0
    for day, order in orders.items():
        for scene in order:
            row = plan.scene_rows[scene]
            early += weights.early_episodes * (last - min(ranks[row.episode], last)) // last * day
            priority += weights.priority * row.priority * day
    lines.append(cost_line("wish.early_episodes", {}, early))
    lines.append(cost_line("wish.priority", {}, priority))
    lines.append(cost_line("wish.set_changes", {"changes": changes}, changes * weights.set_change))
    return tuple(line for line in lines if line.amount)


def cast_lines(plan: Plan, orders: Mapping[int, list[int]]) -> list[CostLine]:
    works = [0] * len(plan.rate)
    for day, order in orders.items():
        for scene in order:
            for person in range(len(works)):
                if plan.cast[scene] >> person & 1:
                    works[person] |= 1 << day
    lines = []
    for person, work in enumerate(works):
        if not work:
            continue
        row = plan.problem.people[person]
        days = work.bit_count()
        held = work.bit_length() - (work & -work).bit_length() + 1 - days
        lines.append(cost_line("cast.work", {"person": row.id, "days": days}, days * plan.rate[person]))
        params: Params = {"person": row.id, "days": held, "percent": row.hold_percent}
        lines.append(cost_line("cast.hold", params, held * plan.hold[person]))
        made_up = pay_of(plan, person, work) - lines[-1].amount - lines[-2].amount
        lines.append(cost_line("cast.minimum", {"person": row.id, "days": row.min_days}, made_up))
    return lines


def place(plan: Plan, assignment: Assignment) -> dict[int, list[int]]:
    """Day number -> scene numbers by position. Raises ProblemError for scenes and days that the problem does not have."""
    day_at = {day.index: number for number, day in enumerate(plan.problem.days)}
    found: dict[int, list[tuple[int, int]]] = {}
    for scene, (index, position) in assignment.items():
        if scene not in plan.number:
            raise ProblemError(
                f'The board names scene "{scene}", which is not in the problem.', field_path="assignment"
            )
        if index not in day_at:
            raise ProblemError(
                f'The board puts scene "{scene}" on day {index}, which is not in the problem.',
                field_path="assignment",
            )
        found.setdefault(day_at[index], []).append((position, plan.number[scene]))
    return {day: [scene for _, scene in sorted(rows)] for day, rows in sorted(found.items())}


def evaluate(problem: Problem, assignment: Assignment) -> Answer:
    """The board as a person laid it: their order kept, with clock times, cost lines, and every broken rule as a violation.

    Scenes left out of `assignment` are unplaced. Raises ProblemError for scenes and days that the problem does not have.
    """
    began = time.perf_counter()
    plan = make_plan(problem)
    answer = draw_board(plan, place(plan, assignment))
    broken = tuple(check(problem, answer))
    rules = tuple(v for v in broken if v.code != "scene.unplaced")
    return replace(
        answer,
        violations=rules,
        feasible=not broken,
        gap=None if broken else answer.gap,
        seconds=round(time.perf_counter() - began, 3),
    )
