"""The board an assistant director makes by hand: by base, then set, then cast, days filled one after the other."""

import time

from .answer import Answer
from .board import draw_board
from .bound import lower_bound
from .cost import Ledger
from .order import EXACT_SCENES, arrange
from .plan import Plan, make_plan
from .problem import Problem


def tiny(plan: Plan) -> bool:
    return len(plan.minutes) <= EXACT_SCENES


def first_fit(plan: Plan) -> Ledger:
    """Scenes in reading order, each on the first day from the last one used on which nothing breaks.

    Days are filled to the end of normal hours first; what is left over then goes into overtime.
    """
    ledger = Ledger(plan, exact=tiny(plan))
    normal = [call + plan.problem.rules.overtime_after_minutes for call in plan.calls]
    at = 0
    load = [0] * plan.days
    for hours in (normal, plan.wrap_limits):
        for first in range(len(plan.minutes)):
            for scene in with_those_before(plan, first, ledger):
                days = [*range(at, plan.days), *range(at)]
                for day in days:
                    full = load[day] + plan.minutes[scene] > hours[day] - plan.calls[day]
                    if not full and fits(ledger, scene, day, hours[day]):
                        load[day] += plan.minutes[scene]
                        at = day
                        break
    return ledger


def with_those_before(plan: Plan, scene: int, ledger: Ledger) -> list[int]:
    """The scene and all it must come after that have no day yet, in an order that precedence allows."""
    found: list[int] = []
    stack = [(scene, False)]
    seen: set[int] = set()
    while stack:
        one, ready = stack.pop()
        if ready:
            found.append(one)
        elif one not in seen and ledger.day_of[one] < 0 and plan.allowed[one]:
            seen.add(one)
            stack.append((one, True))
            stack.extend((first, False) for first in plan.before[one])
    return found


def fits(ledger: Ledger, scene: int, day: int, latest: int) -> bool:
    """Put the scene on the day if no rule breaks there and the day wraps by `latest`; say whether it was."""
    if not ledger.window(scene) >> day & 1:
        return False
    fen, broken, tries, people = ledger.weigh([(scene, day)])
    wrap = next(run[2] for tried, _, _, run, _ in tries if tried == day)
    if broken > 0 or wrap > latest:
        return False
    ledger.apply([(scene, day)], fen, broken, tries, people)
    return True


def day_orders(ledger: Ledger) -> dict[int, list[int]]:
    """Each used day in shooting order."""
    limits = ledger.limits(ledger.masks)
    return {
        day: arrange(ledger.plan, day, scenes, limits[day], exact=ledger.exact)[1]
        for day, scenes in enumerate(ledger.lists)
        if scenes
    }


def baseline(problem: Problem) -> Answer:
    """The hand-made board: always legal; scenes that this way finds no place for are unplaced."""
    began = time.perf_counter()
    plan = make_plan(problem)
    ledger = first_fit(plan)
    return draw_board(plan, day_orders(ledger), bound=lower_bound(plan), seconds=time.perf_counter() - began)
