"""Why a board is as it is: what binds each day, why a scene is where it is, and which rows of a problem clash."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise

from .answer import Answer, BoardDay, Clash, Reason, clash, reason
from .board import evaluate
from .filtering import smallest_clash
from .order import EXACT_SCENES, arrange
from .plan import DARK, DAYLIGHT, Plan, alone_fits, bits, hop_minutes, light_slots, make_plan, meet, own_days
from .problem import Problem, Scene
from .words import Params, clock

MOST_GROUPS = 30
MOST_FORCED = 40
LIGHTS = {DAYLIGHT: "daylight", DARK: "darkness"}


def binding(problem: Problem, answer: Answer) -> list[Reason]:
    """What keeps each day from taking more, in day order; a day with room says how much."""
    found: list[Reason] = []
    boards = {board.index: board for board in answer.days}
    used = [day for day in problem.days if day.index in boards]
    rules = problem.rules
    for day in problem.days:
        board = boards.get(day.index)
        if board is None:
            found.append(reason("binds.unused", {"day": day.index}))
            continue
        limit = day.wrap_limit_minutes
        later = [other for other in used if other.index > day.index]
        if later:
            rested = later[0].call_minutes + 1440 * (later[0].date - day.date).days - rules.rest_minutes
            if rested < limit:
                limit = rested
                found.append(
                    reason(
                        "binds.rest",
                        {
                            "day": day.index,
                            "limit": clock(limit),
                            "rest": rules.rest_minutes,
                            "next": later[0].index,
                        },
                    )
                )
        if len(board.scenes) == rules.max_scenes_a_day:
            found.append(reason("binds.count", {"day": day.index, "most": rules.max_scenes_a_day}))
        over = board.wrap_minute - day.call_minutes - rules.overtime_after_minutes
        if over > 0:
            found.append(reason("binds.overtime", {"day": day.index, "minutes": over}))
        waited = waiting(problem, board, day.call_minutes)
        if waited > 0:
            found.append(reason("binds.dark", {"day": day.index, "minutes": waited}))
        spare = limit - board.wrap_minute
        elsewhere = {s.id for other in answer.days if other.index != day.index for s in other.scenes}
        shortest = min((s.minutes for s in problem.scenes if s.id in elsewhere), default=0)
        params: Params = {"day": day.index, "minutes": spare, "limit": clock(limit)}
        if spare < shortest:
            found.append(reason("binds.length", {**params, "shortest": shortest}))
        else:
            found.append(reason("binds.free", params))
    return found


def waiting(problem: Problem, board: BoardDay, call: int) -> int:
    """Minutes of a day in which nobody works, eats or travels."""
    sets = {s.id: s for s in problem.sets}
    busy = sum(s.end_minute - s.start_minute for s in board.scenes)
    busy += sum(b.end_minute - b.start_minute for b in board.breaks)
    busy += sum(sets[v.set].dressing_minutes for v in board.visits)
    for left, came in pairwise(board.visits):
        busy += hop_minutes(problem, sets[left.set], sets[came.set])
    return board.wrap_minute - call - busy


def why(problem: Problem, answer: Answer, scene_id: str) -> list[Reason]:
    """Why a scene is where it is, most binding first, ending with what each other day would cost or break.

    Other days are tried with the scene put beside its set (else last) and nothing else moved. Raises KeyError for a
    scene that the problem does not have.
    """
    scene = {s.id: s for s in problem.scenes}[scene_id]
    stands = answer.assignment()
    if scene_id not in stands:
        return [reason("why.unplaced", {"scene": scene_id})]
    here = stands[scene_id][0]
    found: list[Reason] = []
    if scene.locked_day is not None:
        return [reason("why.locked", {"scene": scene_id, "day": here})]
    if own_days(problem, scene).bit_count() == 1:
        found.append(reason("why.only_day", {"day": here}))
    for before in scene.after:
        if before in stands:
            found.append(reason("why.after", {"before": before, "day": stands[before][0]}))
    for other in problem.scenes:
        if scene_id in other.after and other.id in stands:
            found.append(reason("why.before", {"scene": other.id, "day": stands[other.id][0]}))
    beside = [s for s in problem.scenes if s.id != scene_id and s.id in stands and stands[s.id][0] == here]
    same_set = sum(s.set == scene.set for s in beside)
    if same_set:
        found.append(reason("why.set", {"set": scene.set, "count": same_set}))
    for person in scene.cast:
        count = sum(person in s.cast for s in beside)
        if count:
            found.append(reason("why.person", {"person": person, "count": count}))
    return found + list(other_days(problem, answer, scene))


def other_days(problem: Problem, answer: Answer, scene: Scene) -> Iterator[Reason]:
    stands = answer.assignment()
    here = stands[scene.id][0]
    sets = {s.id: s.set for s in problem.scenes}
    known = {(v.code, str(v.params)) for v in evaluate(problem, stands).violations}
    for day in problem.days:
        if day.index == here:
            continue
        orders = [(board.index, [s.id for s in board.scenes if s.id != scene.id]) for board in answer.days]
        order = next((ids for index, ids in orders if index == day.index), None)
        if order is None:
            order = []
            orders.append((day.index, order))
        place = max((at + 1 for at, other in enumerate(order) if sets[other] == scene.set), default=len(order))
        order.insert(place, scene.id)
        tried = evaluate(problem, {s: (index, at) for index, ids in orders for at, s in enumerate(ids)})
        broken = [v for v in tried.violations if (v.code, str(v.params)) not in known]
        more = tried.total - answer.total
        if broken:
            yield reason("why.illegal", {"day": day.index, "reason": broken[0].message})
        elif more >= 0:
            yield reason("why.cheaper", {"day": day.index, "amount": more})
        else:
            yield reason("why.dearer", {"day": day.index, "amount": -more})


def clashes(problem: Problem, unplaced: list[str], plan: Plan | None = None) -> list[Clash]:
    """Small sets of rows that cannot hold together and explain scenes without a day, in words.

    Scenes that are impossible by themselves come first, then precedence, then days too small for the scenes that need
    them. What is left without a proof is said to be unproved.
    """
    plan = make_plan(problem) if plan is None else plan
    found: list[Clash] = []
    explained: set[str] = set()
    for scene in problem.scenes:
        if not plan.own_days[plan.number[scene.id]]:
            found.append(alone(problem, scene))
            explained.add(scene.id)
    for scene in problem.scenes:
        number = plan.number[scene.id]
        if plan.own_days[number] and not plan.allowed[number]:
            found.append(out_of_order(problem, plan, scene))
            explained.add(scene.id)
    if set(unplaced) - explained:
        crowd = crowded(problem, plan) or forced(problem, plan) or smallest_clash(problem)
        if crowd is not None:
            found.append(crowd)
            # Scenes outside the crowd may have lost their place to it, so it explains them too.
            explained |= set(unplaced)
    left = [scene for scene in unplaced if scene not in explained]
    if left:
        found.append(clash("clash.unproved", {"scenes": left}))
    return found


def alone(problem: Problem, scene: Scene) -> Clash:
    """Why a scene has no day of its own: the rows found by leaving out one after the other."""
    film_set = next(s for s in problem.sets if s.id == scene.set)
    need = scene.minutes + film_set.dressing_minutes
    longest = max(d.wrap_limit_minutes - d.call_minutes for d in problem.days)
    if need > longest:
        return clash("clash.too_long", {"scene": scene.id, "minutes": need, "longest": longest})
    people = {p.id: p for p in problem.people}
    for name in scene.cast:
        if people[name].available == ():
            return clash("clash.person_never", {"person": name, "scene": scene.id})
    if film_set.open == ():
        return clash("clash.set_never", {"set": film_set.id, "scene": scene.id})
    if not any(alone_fits(problem, scene, film_set, day, frozenset()) for day in problem.days):
        return clash("clash.no_light", {"scene": scene.id, "minutes": need})
    # Deletion filter: a row stays out if the rest still clashes without it.
    rows = [f"person:{p}" for p in scene.cast if people[p].available is not None]
    rows += ["open"] if film_set.open is not None else []
    rows += ["length"]
    rows += ["lock"] if scene.locked_day is not None else []
    out: frozenset[str] = frozenset()
    for row in rows:
        if not own_days(problem, scene, skip=out | {row}):
            out |= {row}
    kept = [row for row in rows if row not in out]
    if kept and all(row.startswith("person:") for row in kept):
        return clash("clash.cast_apart", {"scene": scene.id, "people": [row[7:] for row in kept]})
    words = [row_words(row, film_set.id) for row in kept if row != "lock"]
    if "lock" in kept and scene.locked_day is not None:
        if not words:
            words = ["the light that it needs"]
        return clash("clash.locked", {"scene": scene.id, "day": scene.locked_day, "rows": words})
    return clash("clash.rows", {"scene": scene.id, "rows": words or ["the light that it needs"]})


def row_words(row: str, set_id: str) -> str:
    if row.startswith("person:"):
        return f"the available days of {row[7:]}"
    return {"open": f"the opening of {set_id}", "length": "the length of the day"}[row]


def out_of_order(problem: Problem, plan: Plan, scene: Scene) -> Clash:
    """The nearest scene before it whose first day is later than this one's last; through the chain where needed."""
    number = plan.number[scene.id]
    last = plan.own_days[number].bit_length() - 1
    stack, seen = list(plan.before[number]), set[int]()
    worst: tuple[int, int] | None = None
    while stack:
        first = stack.pop()
        if first in seen:
            continue
        seen.add(first)
        days = plan.own_days[first]
        if days:
            opens = (days & -days).bit_length() - 1
            if opens > last and (worst is None or opens > worst[0]):
                worst = (opens, first)
        stack.extend(plan.before[first])
    if worst is None:
        return clash("clash.unproved", {"scenes": [scene.id]})
    params: Params = {
        "scene": scene.id,
        "before": plan.scene_ids[worst[1]],
        "last": problem.days[last].index,
        "first": problem.days[worst[0]].index,
    }
    return clash("clash.order", params)


def crowded(problem: Problem, plan: Plan) -> Clash | None:
    """A group of days too small for the scenes that can stand nowhere else; the smallest such group of days."""
    live = [s for s in range(len(plan.minutes)) if plan.allowed[s]]
    groups = {plan.allowed[s] for s in live}
    few = sorted(groups, key=lambda m: (m.bit_count(), m))[:MOST_GROUPS]
    groups |= {a | b for a in few for b in few}
    groups.add((1 << plan.days) - 1)
    for mask in sorted(groups, key=lambda m: (m.bit_count(), m)):
        inside = [s for s in live if plan.allowed[s] | mask == mask]
        found = too_many(problem, plan, inside, bits(mask))
        if found is not None:
            return found
    return None


def too_many(problem: Problem, plan: Plan, scenes: list[int], days: list[int]) -> Clash | None:
    """The clash of scenes that must share the days, by number, by minutes, then by minutes of light."""
    indexes = [problem.days[d].index for d in days]
    most = problem.rules.max_scenes_a_day * len(days)
    if len(scenes) > most:
        kept = scenes[: most + 1]
        return clash("clash.scenes", {"count": len(kept), "days": indexes, "most": most, "scenes": names(plan, kept)})
    room = sum(plan.wrap_limits[d] - plan.calls[d] for d in days)
    if least_minutes(plan, scenes) > room:
        kept = fewest(plan, scenes, room)
        return clash(
            "clash.minutes",
            {
                "count": len(kept),
                "days": indexes,
                "needed": least_minutes(plan, kept),
                "minutes": room,
                "scenes": names(plan, kept),
            },
        )
    for light, words in LIGHTS.items():
        lit = sorted((s for s in scenes if plan.light[s] == light), key=lambda s: -plan.minutes[s])
        lit_room = sum(
            closes - opens
            for d in days
            for opens, closes in meet(light_slots(problem.days[d], light), [(plan.calls[d], plan.wrap_limits[d])])
        )
        needed, kept = 0, []
        for scene in lit:
            kept.append(scene)
            needed += plan.minutes[scene]
            if needed > lit_room:
                return clash(
                    "clash.light_minutes",
                    {
                        "count": len(kept),
                        "light": words,
                        "days": indexes,
                        "needed": needed,
                        "minutes": lit_room,
                        "scenes": names(plan, kept),
                    },
                )
    return None


def forced(problem: Problem, plan: Plan) -> Clash | None:
    """The fewest scenes, all bound to one same day, that no order fits into it: pairs first, then up to EXACT_SCENES.

    Meals are left out, so that taking a scene away never makes a day longer and the clash holds with them too.
    """
    lean = replace(plan, problem=replace(problem, rules=replace(problem.rules, meal_minutes=0)))
    for day in range(plan.days):
        bound = [s for s in range(len(lean.minutes)) if lean.allowed[s] == 1 << day][:MOST_FORCED]
        tries = [list(pair) for pair in combinations(bound, 2)]
        if 2 < len(bound) <= EXACT_SCENES:
            tries.append(bound)
        for scenes in tries:
            if crammed(lean, day, scenes):
                kept = list(scenes)
                for scene in scenes:
                    rest = [s for s in kept if s != scene]
                    if len(rest) > 1 and crammed(lean, day, rest):
                        kept = rest
                return clash("clash.day", {"day": problem.days[day].index, "scenes": names(plan, kept)})
    return None


def crammed(plan: Plan, day: int, scenes: list[int]) -> bool:
    return arrange(plan, day, scenes, plan.wrap_limits[day], exact=True)[0][0] > 0


def least_minutes(plan: Plan, scenes: list[int]) -> int:
    """Minutes that the scenes take on any board: shooting, and each set dressed once."""
    return sum(plan.minutes[s] for s in scenes) + sum(
        plan.dressing[where] for where in {plan.set_of[s] for s in scenes}
    )


def fewest(plan: Plan, scenes: list[int], room: int) -> list[int]:
    """Scenes of the crowd that are still too many, none of which can be left out: short ones are let go first."""
    left = least_minutes(plan, scenes)
    in_set = Counter(plan.set_of[s] for s in scenes)
    out = set()
    for scene in sorted(scenes, key=lambda s: plan.minutes[s]):
        where = plan.set_of[scene]
        saved = plan.minutes[scene] + (plan.dressing[where] if in_set[where] == 1 else 0)
        if left - saved > room:
            left -= saved
            in_set[where] -= 1
            out.add(scene)
    return [s for s in scenes if s not in out]


def names(plan: Plan, scenes: list[int]) -> list[str]:
    return [plan.scene_ids[s] for s in scenes]
