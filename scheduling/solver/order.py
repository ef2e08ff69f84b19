"""The order of scenes inside a day, and the clock it runs by.

A crew arrives at a set no earlier than it must (hire runs from arrival), dresses it, and shoots; a meal is taken before the
scene that would end more than `meal_after` minutes after the call or the last meal, or earlier in any wait that is long
enough. A scene that is the first since the call or a meal is never interrupted.
"""

from dataclasses import dataclass, field
from itertools import permutations

from .plan import DARK, FOREVER, Plan, Slot

EXACT_SCENES = 7
"""Days of tiny problems try every order."""

EXACT_BLOCKS = 5


@dataclass(slots=True)
class Trace:
    """Where the clock stood: (scene, start, end), (set, arrive, leave), (start, end) of breaks."""

    scenes: list[tuple[int, int, int]] = field(default_factory=list)
    visits: list[list[int]] = field(default_factory=list)
    breaks: list[tuple[int, int]] = field(default_factory=list)


Run = tuple[int, int, int]
"""Minutes by which a day breaks its rules, fen it costs by itself, minute of wrap."""


def run_day(plan: Plan, day: int, order: list[int], limit: int, trace: Trace | None = None, most: int = FOREVER) -> Run:
    """Run the clock over a day in the order given. `limit` is the latest wrap.

    An order that breaks more than `most` minutes is not run to its end: more than `most` is then all that is known.

    The inner loop of the search: it is written for speed, and `check` counts all of it again in plain words.
    """
    rules, costs = plan.problem.rules, plan.problem.costs
    meal_after, meal = rules.meal_after_minutes, rules.meal_minutes
    set_of, light, length, per_hour, dressing = (
        plan.set_of,
        plan.light,
        plan.minutes,
        plan.per_hour,
        plan.dressing,
    )
    stay, arriving, hop, base_of = plan.stay[day], plan.arrive[day], plan.hop, plan.base_of
    now = since = plan.calls[day]
    here, came, left, shot_since, seen = -1, 0, 0, False, 0
    fen = broken = changes = moves = 0
    for scene in order:
        where, minutes = set_of[scene], length[scene]
        while True:
            if where == here:
                there = ready = now
                slots = stay[where][light[scene]]
            else:
                there = now + hop[here][where] if here >= 0 else now
                ready = there + dressing[where]
                slots = arriving[where][light[scene]]
            start = ready
            missed = False
            if slots is not None:
                for opens, closes in slots:
                    start = ready if ready > opens else opens
                    if start + minutes <= closes:
                        break
                else:
                    start, missed = ready, True
            if not shot_since:
                break
            if start - ready >= meal:
                if trace is not None and meal:
                    trace.breaks.append((there, there + meal))
                since, shot_since = there + meal, False
                break
            if start + minutes - since <= meal_after:
                break
            # Eat before moving on, then see again when the scene can start.
            if trace is not None:
                trace.breaks.append((now, now + meal))
            now += meal
            since, shot_since = now, False
        end = start + minutes
        if missed:
            broken += overshoot(slots or [], start, end)
        if where != here:
            if here >= 0:
                fen += -((came - left) // 60) * per_hour[here]
                changes += 1
                moves += base_of[here] != base_of[where]
            came = start - dressing[where]
            if not seen >> where & 1:
                seen |= 1 << where
                fen += plan.per_day[where]
            here = where
            if trace is not None:
                trace.visits.append([where, came, end])
        if trace is not None:
            trace.scenes.append((scene, start, end))
            trace.visits[-1][2] = end
        now = left = end
        shot_since = True
        if now - limit + broken > most:
            return broken + max(0, now - limit), fen, now
    if here < 0:
        return 0, 0, now
    fen += -((came - left) // 60) * per_hour[here]
    fen += costs.crew_day + moves * costs.base_move + max(map(plan.extras.__getitem__, order)) * costs.extra_day
    fen += changes * plan.problem.weights.set_change + sum(map(plan.early.__getitem__, order)) * day
    late = now - plan.calls[day] - rules.overtime_after_minutes
    if late > 0:
        fen += -(-late * costs.overtime_per_hour // 60)
    if now > limit:
        broken += now - limit
    if len(order) > rules.max_scenes_a_day:
        broken += 60 * (len(order) - rules.max_scenes_a_day)
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
    set_of, light_of, windows = plan.set_of, plan.light, plan.windows[day]
    waits = plan.calls[day] < plan.problem.days[day].daylight_end_minutes
    rows: dict[int, list[tuple[Slot, int, list[tuple[Slot, list[int]]]]]] = {}
    dark: list[list[int]] = []
    here = -1
    sets: list[tuple[Slot, int, list[tuple[Slot, list[int]]]]] = []
    for block in blocks:
        where, light = set_of[block[0]], light_of[block[0]]
        if light == DARK and waits:
            dark.append(block)
            continue
        window = windows[where][light]
        if where == here:
            # A set's blocks follow each other in the list; its first window is its rank.
            first, _, found = sets[-1]
            found.append((window, block))
            if window < first:
                sets[-1] = (window, where, found)
        else:
            sets = rows.setdefault(plan.base_of[where], [])
            sets.append((window, where, [(window, block)]))
            here = where
    night_sets = {set_of[block[0]] for block in dark}
    bases: dict[int, list[int]] = {}
    for base, sets in rows.items():
        if len(sets) > 1:
            sets.sort(key=lambda row: (row[1] in night_sets, row[0], row[1]))
        order = bases[base] = []
        for _, _, found in sets:
            if len(found) > 1:
                found.sort()
            for _, block in found:
                order += block
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
        nights = sorted(dark, key=lambda b: (plan.set_of[b[0]] != last, plan.base_of[plan.set_of[b[0]]] != base, b[0]))
        made.append(order + [scene for block in nights for scene in block])
    return made


def obey_precedence(plan: Plan, order: list[int], present: int) -> list[int]:
    """The same order with each scene held back until right after those it must follow. `present` is the day's bit mask."""
    made: list[int] = []
    held: list[int] = []
    todo = present
    for scene in order:
        if plan.before_mask[scene] & todo:
            held.append(scene)
            continue
        made.append(scene)
        todo ^= 1 << scene
        while held:
            ready = next((s for s in held if not plan.before_mask[s] & todo), -1)
            if ready < 0:
                break
            held.remove(ready)
            made.append(ready)
            todo ^= 1 << ready
    return made


def ties(plan: Plan, scenes: list[int]) -> list[tuple[int, int]]:
    """Pairs of the scenes of which the first must come before the second."""
    tied, before = plan.tied, plan.before
    return [(first, scene) for scene in scenes if tied >> scene & 1 for first in before[scene] if first in scenes]


def follows(plan: Plan, order: list[int] | tuple[int, ...]) -> bool:
    place = {scene: at for at, scene in enumerate(order)}
    return all(place.get(first, -1) < at for scene, at in place.items() for first in plan.before[scene])


def arrange(plan: Plan, day: int, scenes: list[int], limit: int, *, exact: bool = False) -> tuple[Run, list[int]]:
    """The best order found for the sorted `scenes` of a day: fewest broken minutes, then cheapest, then earliest wrap.

    `exact` tries every order, for at most EXACT_SCENES scenes.
    """
    if exact and len(scenes) <= EXACT_SCENES:
        tries = [list(order) for order in permutations(scenes) if follows(plan, order)]
    else:
        tries = candidates(plan, day, blocks_of(plan, scenes))
        pairs = ties(plan, scenes)
        if pairs:
            present = sum(1 << scene for scene in scenes)
            tries = [
                obey_precedence(plan, order, present)
                if any(order.index(first) > order.index(later) for first, later in pairs)
                else order
                for order in tries
            ]
    best, best_order = run_day(plan, day, tries[0], limit), tries[0]
    for order in tries[1:]:
        run = run_day(plan, day, order, limit, None, best[0])
        if run < best or (run == best and order < best_order):
            best, best_order = run, order
    return best, best_order


def polish(plan: Plan, day: int, order: list[int], limit: int) -> tuple[Run, list[int]]:
    """Better orders of whole blocks: all of them when few, else each block moved to each place until nothing helps."""
    best = (run_day(plan, day, order, limit), order)
    blocks = blocks_of(plan, sorted(order))
    present = sum(1 << scene for scene in order)
    if len(blocks) <= EXACT_BLOCKS:
        for turn in permutations(blocks):
            tried = obey_precedence(plan, [scene for block in turn for scene in block], present)
            best = min(best, (run_day(plan, day, tried, limit), tried))
        return best
    runs: list[list[int]] = []
    for scene in order:
        if runs and plan.set_of[runs[-1][0]] == plan.set_of[scene] and plan.light[runs[-1][0]] == plan.light[scene]:
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
                tried = obey_precedence(plan, [scene for block in moved for scene in block], present)
                found = (run_day(plan, day, tried, limit), tried)
                if found[0] < best[0]:
                    best, runs, better = found, moved, True
                    break
            if better:
                break
    return best
