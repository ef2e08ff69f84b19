"""The order of scenes inside a day, and the clock it runs by.

A crew arrives at a set no earlier than it must (hire runs from arrival), dresses it, and shoots; a meal is taken before the
scene that would end more than `meal_after` minutes after the call or the last meal, or earlier in any wait that is long
enough. A scene that is the first since the call or a meal is never interrupted.
"""

from dataclasses import dataclass, field
from itertools import permutations

from .plan import DARK, FOREVER, Plan

EXACT_SCENES = 7
"""Days of tiny problems try every order."""

EXACT_BLOCKS = 5


@dataclass(slots=True)
class Trace:
    """Where the clock stood: (scene, start, end), (set, arrive, leave), (start, end) of breaks, minutes waited."""

    scenes: list[tuple[int, int, int]] = field(default_factory=list)
    visits: list[list[int]] = field(default_factory=list)
    breaks: list[tuple[int, int]] = field(default_factory=list)
    waited: int = 0


Run = tuple[int, int, int]
"""Minutes by which a day breaks its rules, fen it costs by itself, minute of wrap."""


def run_day(plan: Plan, day: int, order: list[int], limit: int, trace: Trace | None = None) -> Run:
    """Run the clock over a day in the order given. `limit` is the latest wrap."""
    problem = plan.problem
    meal_after, meal = problem.rules.meal_after_minutes, problem.rules.meal_minutes
    set_of, light, length, per_hour, per_day = (
        plan.set_of,
        plan.light,
        plan.minutes,
        plan.per_hour,
        plan.per_day,
    )
    stay, arriving, hop = plan.stay[day], plan.arrive[day], plan.hop
    now = since = plan.calls[day]
    here, came, left, shot_since, seen = -1, 0, 0, 0, 0
    fen = broken = changes = moves = most_extras = wish = 0
    for scene in order:
        where, minutes = set_of[scene], length[scene]
        moving = where != here
        for _ in range(2):
            if moving:
                there = now + hop[here][where] if here >= 0 else now
                ready = there + plan.dressing[where]
                slots = arriving[where][light[scene]]
            else:
                there = ready = now
                slots = stay[where][light[scene]]
            start = -1
            for opens, closes in slots:
                start = max(opens, ready)
                if start + minutes <= closes:
                    break
                start = -1
            if start < 0:
                start = ready
            if not shot_since:
                break
            if start - ready >= meal:
                if trace is not None and meal:
                    trace.breaks.append((there, there + meal))
                since, shot_since = there + meal, 0
                break
            if start + minutes - since <= meal_after:
                break
            # Eat before moving on, then see again when the scene can start.
            if trace is not None:
                trace.breaks.append((now, now + meal))
            now += meal
            since, shot_since = now, 0
        end = start + minutes
        if not any(opens <= start and end <= closes for opens, closes in slots):
            broken += overshoot(slots, start, end)
        if trace is not None:
            trace.waited += start - ready
            trace.scenes.append((scene, start, end))
        if moving:
            if here >= 0:
                fen += -(-(left - came) // 60) * per_hour[here]
                changes += 1
                moves += plan.base_of[here] != plan.base_of[where]
            came = start - plan.dressing[where]
            if not seen >> where & 1:
                seen |= 1 << where
                fen += per_day[where]
            if trace is not None:
                trace.visits.append([where, came, end])
            here = where
        elif trace is not None:
            trace.visits[-1][2] = end
        now = left = end
        shot_since += 1
        wish += plan.early[scene]
        most_extras = max(most_extras, plan.extras[scene])
    if here < 0:
        return 0, 0, now
    costs = problem.costs
    fen += -(-(left - came) // 60) * per_hour[here]
    fen += costs.crew_day + moves * costs.base_move + most_extras * costs.extra_day
    fen += changes * problem.weights.set_change + wish * day
    late = now - plan.calls[day] - problem.rules.overtime_after_minutes
    if late > 0:
        fen += -(-late * costs.overtime_per_hour // 60)
    if now > limit:
        broken += now - limit
    if len(order) > problem.rules.max_scenes_a_day:
        broken += 60 * (len(order) - problem.rules.max_scenes_a_day)
    return broken, fen, now


def overshoot(slots: list[tuple[int, int]], start: int, end: int) -> int:
    """Minutes by which a scene misses the slot nearest to it; a full day when it has none."""
    if not slots:
        return 1440
    return min(max(0, opens - start) + max(0, end - closes) for opens, closes in slots)


def blocks_of(plan: Plan, scenes: list[int]) -> list[list[int]]:
    """Runs of scenes with one set and one light; `scenes` is sorted, so each pair occurs once."""
    blocks: list[list[int]] = []
    key = (-1, -1)
    for scene in scenes:
        own = (plan.set_of[scene], plan.light[scene])
        if own == key:
            blocks[-1].append(scene)
        else:
            blocks.append([scene])
            key = own
    return blocks


def candidates(plan: Plan, day: int, blocks: list[list[int]]) -> list[list[int]]:
    """Orders an assistant director would try: base by base, daylight first, darkness last, from each base in turn."""
    by_base: dict[int, dict[int, list[tuple[int, int, list[int]]]]] = {}
    dark: list[list[int]] = []
    for block in blocks:
        where, light = plan.set_of[block[0]], plan.light[block[0]]
        if light == DARK and plan.calls[day] < plan.problem.days[day].daylight_end_minutes:
            dark.append(block)
            continue
        slots = plan.stay[day][where][light]
        opens, closes = (slots[0][0], slots[-1][1]) if slots else (0, FOREVER)
        opens = max(opens, plan.calls[day])
        by_base.setdefault(plan.base_of[where], {}).setdefault(where, []).append((opens, closes, block))
    night_sets = {plan.set_of[block[0]] for block in dark}
    bases: dict[int, list[int]] = {}
    for base, sets in by_base.items():
        ranked = sorted(
            sets.items(), key=lambda item: (item[0] in night_sets, min(b[:2] for b in item[1]), item[0])
        )
        bases[base] = [scene for _, found in ranked for block in sorted(found) for scene in block[2]]
    if len(bases) <= 3:
        turns = [list(turn) for turn in permutations(bases)]
    else:
        ring = list(bases)
        turns = [ring[place:] + ring[:place] for place in range(len(ring))]
    made = []
    for turn in turns:
        order = [scene for base in turn for scene in bases[base]]
        last = plan.set_of[order[-1]] if order else -1
        base = plan.base_of[last] if order else -1
        nights = sorted(
            dark, key=lambda b: (plan.set_of[b[0]] != last, plan.base_of[plan.set_of[b[0]]] != base, b[0])
        )
        made.append(order + [scene for block in nights for scene in block])
    return made


def obey_precedence(plan: Plan, order: list[int]) -> list[int]:
    """The same order with each scene held back until those it must follow are done, staying on a set where possible."""
    present = set(order)
    waiting = {scene: sum(first in present for first in plan.before[scene]) for scene in order}
    if not any(waiting.values()):
        return order
    made: list[int] = []
    left = list(order)
    while left:
        here = plan.set_of[made[-1]] if made else -1
        ready = [scene for scene in left if not waiting[scene]]
        scene = next((s for s in ready if plan.set_of[s] == here and plan.light[s] != DARK), ready[0])
        made.append(scene)
        left.remove(scene)
        for later in plan.behind[scene]:
            if later in present:
                waiting[later] -= 1
    return made


def follows(plan: Plan, order: list[int] | tuple[int, ...]) -> bool:
    place = {scene: at for at, scene in enumerate(order)}
    return all(place.get(first, -1) < at for scene, at in place.items() for first in plan.before[scene])


def arrange(
    plan: Plan, day: int, scenes: list[int], limit: int, *, exact: bool = False
) -> tuple[Run, list[int]]:
    """The best order found for the sorted `scenes` of a day: fewest broken minutes, then cheapest, then earliest wrap.

    `exact` tries every order, for at most EXACT_SCENES scenes.
    """
    if exact and len(scenes) <= EXACT_SCENES:
        tries = [list(order) for order in permutations(scenes) if follows(plan, order)]
    else:
        tries = candidates(plan, day, blocks_of(plan, scenes))
        if any(plan.tied >> scene & 1 for scene in scenes):
            tries = [obey_precedence(plan, order) for order in tries]
    if len(tries) == 1:
        return run_day(plan, day, tries[0], limit), tries[0]
    return min((run_day(plan, day, order, limit), order) for order in tries)


def polish(plan: Plan, day: int, order: list[int], limit: int) -> tuple[Run, list[int]]:
    """Better orders of whole blocks: all of them when few, else each block moved to each place until nothing helps."""
    best = (run_day(plan, day, order, limit), order)
    blocks = blocks_of(plan, sorted(order))
    if len(blocks) <= EXACT_BLOCKS:
        for turn in permutations(blocks):
            tried = obey_precedence(plan, [scene for block in turn for scene in block])
            best = min(best, (run_day(plan, day, tried, limit), tried))
        return best
    runs: list[list[int]] = []
    for scene in order:
        if (
            runs
            and plan.set_of[runs[-1][0]] == plan.set_of[scene]
            and plan.light[runs[-1][0]] == plan.light[scene]
        ):
            runs[-1].append(scene)
        else:
            runs.append([scene])
    better = True
    while better:
        better = False
        for taken in range(len(runs)):
            rest = runs[:taken] + runs[taken + 1 :]
            for place in range(len(runs)):
                moved = [*rest[:place], runs[taken], *rest[place:]]
                tried = obey_precedence(plan, [scene for block in moved for scene in block])
                found = (run_day(plan, day, tried, limit), tried)
                if found[0] < best[0]:
                    best, runs, better = found, moved, True
                    break
            if better:
                break
    return best
