"""A problem turned into arrays of integers for the search.

Scenes are numbered in the order an assistant director reads them (base, set, light, cast, episode), so that a sorted list
of numbers is already grouped. Days are numbered by their place in the list. Sets of scenes, people and days are bit masks.
"""

from dataclasses import dataclass

from .problem import Day, FilmSet, Problem, Scene

ANY, DAYLIGHT, DARK = 0, 1, 2
"""The light a scene needs."""

FOREVER = 10**6

Slot = tuple[int, int]


def light_of(scene: Scene, problem: Problem) -> int:
    if scene.int_ext == "int":
        return ANY
    if scene.time_of_day == "night":
        return DARK if problem.rules.night_exteriors == "dark" else ANY
    return DAYLIGHT


def light_slots(day: Day, light: int) -> list[Slot]:
    """Minutes of a day that have the light."""
    if light == DAYLIGHT:
        return [(day.daylight_start_minutes, day.daylight_end_minutes)]
    if light == DARK:
        return [
            (0, day.daylight_start_minutes),
            (day.daylight_end_minutes, day.daylight_start_minutes + 1440),
        ]
    return [(0, FOREVER)]


def set_slots(film_set: FilmSet, day: Day) -> list[Slot]:
    if film_set.open is None:
        return [(0, FOREVER)]
    return sorted((w.start_minute, w.end_minute) for w in film_set.open if w.day == day.index)


@dataclass(slots=True)
class Plan:
    problem: Problem
    scene_ids: list[str]
    scene_rows: list[Scene]
    number: dict[str, int]
    set_of: list[int]
    light: list[int]
    minutes: list[int]
    cast: list[int]
    extras: list[int]
    before: list[tuple[int, ...]]
    behind: list[tuple[int, ...]]
    before_mask: list[int]
    tied: int
    """Bit mask of scenes that have any precedence."""
    own_days: list[int]
    """Per scene: bit mask of days on which its cast, set, lock and the length of the day allow it by itself."""
    allowed: list[int]
    """`own_days` narrowed by precedence; 0 when the scene has no possible day."""
    base_of: list[int]
    hop: list[list[int]]
    """Minutes from set to set."""
    stay: list[list[list[list[Slot] | None]]]
    """[day][set][light]: when a scene may be shot by a crew that is already there; None at any time."""
    arrive: list[list[list[list[Slot] | None]]]
    """The same after arrival, which needs the set open while it is dressed."""
    windows: list[list[list[Slot]]]
    """[day][set][light]: from the first to the last minute of the day at which a crew that is there may shoot."""
    dressing: list[int]
    per_hour: list[int]
    per_day: list[int]
    calls: list[int]
    wrap_limits: list[int]
    next_call: list[list[int]]
    """[day][later day]: latest wrap on `day` that leaves the rest before `later day`'s call."""
    early: list[int]
    """Per scene: fen for each day later, early episodes and priority together."""
    rate: list[int]
    hold: list[int]
    floor: list[int]

    @property
    def days(self) -> int:
        return len(self.calls)

    def limit(self, day: int, following: int | None) -> int:
        """Latest wrap of `day` when the next used day is `following`."""
        if following is None:
            return self.wrap_limits[day]
        return min(self.wrap_limits[day], self.next_call[day][following])


def meet(left: list[Slot], right: list[Slot]) -> list[Slot]:
    found = [(max(a, c), min(b, d)) for a, b in left for c, d in right if max(a, c) < min(b, d)]
    return sorted(set(found))


def unless_always(slots: list[Slot]) -> list[Slot] | None:
    return None if slots == [(0, FOREVER)] else slots


def window(slots: list[Slot] | None, call: int) -> Slot:
    if not slots:
        return max(0, call), FOREVER
    return max(slots[0][0], call), slots[-1][1]


def bits(mask: int) -> list[int]:
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


def own_days(problem: Problem, scene: Scene, *, lock: bool = True, skip: frozenset[str] = frozenset()) -> int:
    """Bit mask of the days a scene could stand on if it were alone, leaving out the rows named in `skip`
    (`lock`, `open`, `length`, `person:ID`)."""
    film_set = next(s for s in problem.sets if s.id == scene.set)
    people = {p.id: p for p in problem.people}
    mask = 0
    for place, day in enumerate(problem.days):
        if lock and "lock" not in skip and scene.locked_day is not None and scene.locked_day != day.index:
            continue
        away = (
            p
            for p in scene.cast
            if f"person:{p}" not in skip
            and people[p].available is not None
            and day.index not in (people[p].available or ())
        )
        if next(away, None) is not None:
            continue
        if alone_fits(problem, scene, film_set, day, skip):
            mask |= 1 << place
    return mask


def alone_fits(problem: Problem, scene: Scene, film_set: FilmSet, day: Day, skip: frozenset[str]) -> bool:
    opening = [(0, FOREVER)] if "open" in skip else set_slots(film_set, day)
    opening = [(a + film_set.dressing_minutes, b) for a, b in opening]
    first = day.call_minutes + film_set.dressing_minutes
    last = FOREVER if "length" in skip else day.wrap_limit_minutes
    slots = meet(meet(opening, light_slots(day, light_of(scene, problem))), [(first, last)])
    return any(b - a >= scene.minutes for a, b in slots)


def narrow(own: list[int], before: list[tuple[int, ...]], order: list[int], behind: list[tuple[int, ...]]) -> list[int]:
    """Days left to each scene once precedence is felt; 0 where none is left. Scenes without any day bind no other."""
    allowed = list(own)
    for scene in order:
        for first in before[scene]:
            if allowed[first]:
                low = allowed[first] & -allowed[first]
                allowed[scene] &= ~(low - 1)
    for scene in reversed(order):
        for later in behind[scene]:
            if allowed[later]:
                allowed[scene] &= (1 << allowed[later].bit_length()) - 1
    return allowed


def in_order(before: list[tuple[int, ...]]) -> list[int]:
    """Scenes such that each follows those it must come after (the problem has no circle)."""
    left = [len(b) for b in before]
    behind: list[list[int]] = [[] for _ in before]
    for scene, firsts in enumerate(before):
        for first in firsts:
            behind[first].append(scene)
    ready = [scene for scene, count in enumerate(left) if not count]
    for scene in ready:
        for later in behind[scene]:
            left[later] -= 1
            if not left[later]:
                ready.append(later)
    return ready


def make_plan(problem: Problem) -> Plan:
    sets = {s.id: place for place, s in enumerate(problem.sets)}
    bases = {b.id: place for place, b in enumerate(problem.bases)}
    people = {p.id: place for place, p in enumerate(problem.people)}
    rules, days = problem.rules, problem.days

    def reading(scene: Scene) -> tuple[int, int, int, list[int], int, str]:
        where = sets[scene.set]
        # Leads first: people stand in the list by weight.
        cast = sorted(people[p] for p in scene.cast)
        return bases[problem.sets[where].base], where, light_of(scene, problem), cast, scene.episode, scene.id

    scenes = sorted(problem.scenes, key=reading)
    number = {scene.id: place for place, scene in enumerate(scenes)}
    before = [tuple(sorted(number[other] for other in scene.after)) for scene in scenes]
    behind_of: list[list[int]] = [[] for _ in scenes]
    for place, firsts in enumerate(before):
        for first in firsts:
            behind_of[first].append(place)
    behind = [tuple(found) for found in behind_of]
    own = [own_days(problem, scene) for scene in scenes]
    ranks = {episode: place for place, episode in enumerate(sorted({s.episode for s in scenes}))}
    last_rank = max(1, len(ranks) - 1)
    weights = problem.weights
    stay: list[list[list[list[Slot] | None]]] = []
    arrive: list[list[list[list[Slot] | None]]] = []
    for day in days:
        stay.append([])
        arrive.append([])
        for film_set in problem.sets:
            opening = set_slots(film_set, day)
            dressed = [(a + film_set.dressing_minutes if a else 0, b) for a, b in opening]
            lights = [light_slots(day, light) for light in (ANY, DAYLIGHT, DARK)]
            stay[-1].append([unless_always(meet(opening, slots)) for slots in lights])
            arrive[-1].append([unless_always(meet(dressed, slots)) for slots in lights])
    return Plan(
        problem=problem,
        scene_ids=[s.id for s in scenes],
        scene_rows=scenes,
        number=number,
        set_of=[sets[s.set] for s in scenes],
        light=[light_of(s, problem) for s in scenes],
        minutes=[s.minutes for s in scenes],
        cast=[sum(1 << people[p] for p in s.cast) for s in scenes],
        extras=[s.extras for s in scenes],
        before=before,
        behind=behind,
        before_mask=[sum(1 << first for first in firsts) for firsts in before],
        tied=sum(1 << place for place in range(len(scenes)) if before[place] or behind[place]),
        own_days=own,
        allowed=narrow(own, before, in_order(before), behind),
        base_of=[bases[s.base] for s in problem.sets],
        hop=[[hop_minutes(problem, a, b) for b in problem.sets] for a in problem.sets],
        stay=stay,
        arrive=arrive,
        windows=[
            [[window(slots, day.call_minutes) for slots in lights] for lights in sets]
            for day, sets in zip(days, stay, strict=True)
        ],
        dressing=[s.dressing_minutes for s in problem.sets],
        per_hour=[s.price_per_hour for s in problem.sets],
        per_day=[s.price_per_day for s in problem.sets],
        calls=[d.call_minutes for d in days],
        wrap_limits=[d.wrap_limit_minutes for d in days],
        next_call=[[d.call_minutes + 1440 * (d.date - e.date).days - rules.rest_minutes for d in days] for e in days],
        early=[
            weights.early_episodes * (last_rank - min(ranks[s.episode], last_rank)) // last_rank
            + weights.priority * s.priority
            for s in scenes
        ],
        rate=[p.day_rate for p in problem.people],
        hold=[hold_pay(p.day_rate, p.hold_percent) for p in problem.people],
        floor=[p.day_rate * p.min_days for p in problem.people],
    )


def hold_pay(day_rate: int, percent: int) -> int:
    """Pay of a day on hold, rounded half up to the fen."""
    return (day_rate * percent + 50) // 100


def hop_minutes(problem: Problem, start: FilmSet, end: FilmSet) -> int:
    if start.base == end.base:
        return 0 if start.id == end.id else problem.rules.set_change_minutes
    bases = {b.id: b for b in problem.bases}
    there = bases[start.base].move_minutes.get(end.base)
    if there is None:
        there = bases[end.base].move_minutes.get(start.base)
    return problem.rules.base_move_minutes if there is None else there
