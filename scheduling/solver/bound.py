"""A lower bound on the price of any legal board with every scene placed.

Each part is proved by itself: whoever has more minutes than the longest day holds comes on more days; a set is hired for at
least its scenes and one dressing; the crew works its minutes on some number of days, each too short or with overtime; the
extras of the largest scene come once. Holds, moves inside days and most wishes are not counted, so the gap is wider than the
board is bad.
"""

from .plan import Plan, bits


def lower_bound(plan: Plan) -> int:
    """Fen below which no legal board can cost. Scenes that have no possible day are left out."""
    live = [scene for scene in range(len(plan.minutes)) if plan.allowed[scene]]
    if not live:
        return 0
    return cast_bound(plan, live) + set_bound(plan, live) + crew_bound(plan, live) + small_bounds(plan, live)


def least_days(plan: Plan, scenes: list[int]) -> int:
    """Days that the scenes need at least: by minutes and number on the roomiest days, and by distinct single days."""
    if not scenes:
        return 0
    open_days = 0
    for scene in scenes:
        open_days |= plan.allowed[scene]
    room = sorted((plan.wrap_limits[d] - plan.calls[d] for d in bits(open_days)), reverse=True)
    minutes, most = sum(plan.minutes[s] for s in scenes), plan.problem.rules.max_scenes_a_day
    by_minutes = 0
    while minutes > 0 and by_minutes < len(room):
        minutes -= room[by_minutes]
        by_minutes += 1
    fixed = {plan.allowed[s] for s in scenes if plan.allowed[s].bit_count() == 1}
    return max(by_minutes, -(-len(scenes) // most), len(fixed), 1)


def cast_bound(plan: Plan, live: list[int]) -> int:
    total = 0
    for person, rate in enumerate(plan.rate):
        days = least_days(plan, [s for s in live if plan.cast[s] >> person & 1])
        if days:
            total += max(days * rate, plan.floor[person])
    return total


def set_bound(plan: Plan, live: list[int]) -> int:
    total = 0
    for where in range(len(plan.base_of)):
        scenes = [s for s in live if plan.set_of[s] == where]
        if not scenes:
            continue
        minutes = sum(plan.minutes[s] for s in scenes)
        days = least_days(plan, scenes)
        total += plan.per_day[where] * days
        total += plan.per_hour[where] * -(-(minutes + plan.dressing[where] * days) // 60)
    return total


def crew_bound(plan: Plan, live: list[int]) -> int:
    """Crew days and overtime together: the cheapest number of days, each day's minutes beyond the usual paid by the hour."""
    used_sets = {plan.set_of[s] for s in live}
    work = sum(plan.minutes[s] for s in live) + sum(plan.dressing[where] for where in used_sets)
    rules, costs = plan.problem.rules, plan.problem.costs
    room = sorted((w - c for w, c in zip(plan.wrap_limits, plan.calls, strict=True)), reverse=True)
    cheapest: int | None = None
    for days in range(least_days(plan, live), plan.days + 1):
        if sum(room[:days]) < work and days < plan.days:
            continue
        over = max(0, work - days * rules.overtime_after_minutes)
        found = days * costs.crew_day + -(-over * costs.overtime_per_hour // 60)
        cheapest = found if cheapest is None else min(cheapest, found)
    return cheapest or 0


def small_bounds(plan: Plan, live: list[int]) -> int:
    """Extras once, base and set changes beyond one a day, and wishes at each scene's first possible day."""
    bases = {plan.base_of[plan.set_of[s]] for s in live}
    sets = {plan.set_of[s] for s in live}
    total = max(plan.extras[s] for s in live) * plan.problem.costs.extra_day
    total += max(0, len(bases) - plan.days) * plan.problem.costs.base_move
    total += max(0, len(sets) - plan.days) * plan.problem.weights.set_change
    for scene in live:
        first = plan.allowed[scene] & -plan.allowed[scene]
        total += plan.early[scene] * (first.bit_length() - 1)
    return total
