"""The price of a board while it is being searched: only the days and people that a move touches are counted again."""

from .order import Run, arrange
from .plan import Plan

MEMO = 400_000
"""Days remembered before the memory starts anew (about 150 MB at 200 scenes)."""

DayTry = tuple[int, int, list[int], Run, int]
"""Day, bit mask of scenes, sorted scenes, run, cast."""


class Ledger:
    """Where every scene stands and what that costs. `day_of` is -1 for a scene without a day."""

    def __init__(self, plan: Plan, *, exact: bool) -> None:
        self.plan, self.exact = plan, exact
        days = plan.days
        self.day_of = [-1] * len(plan.minutes)
        self.masks = [0] * days
        self.lists: list[list[int]] = [[] for _ in range(days)]
        self.runs: list[Run] = [(0, 0, 0)] * days
        self.casts = [0] * days
        self.works = [0] * len(plan.rate)
        self.pays = [0] * len(plan.rate)
        self.fen = 0
        self.broken = 0
        self._days: dict[tuple[int, int, int], Run] = {}
        self._pay: list[dict[int, int]] = [{} for _ in plan.rate]

    def pay(self, person: int, work: int) -> int:
        """What a person costs who works on the days of the bit mask."""
        known = self._pay[person]
        found = known.get(work)
        if found is None:
            found = known[work] = pay_of(self.plan, person, work)
        return found

    def run(self, day: int, mask: int, scenes: list[int], limit: int) -> Run:
        key = (day, limit, mask)
        found = self._days.get(key)
        if found is None:
            if len(self._days) > MEMO:
                self._days.clear()
            found = self._days[key] = arrange(self.plan, day, scenes, limit, exact=self.exact)[0]
        return found

    def limits(self, masks: list[int]) -> list[int]:
        """Latest wrap of each day, given which days are used."""
        found = [0] * len(masks)
        following: int | None = None
        for day in range(len(masks) - 1, -1, -1):
            found[day] = self.plan.limit(day, following)
            if masks[day]:
                following = day
        return found

    def weigh(self, moves: list[tuple[int, int]]) -> tuple[int, int, list[DayTry], list[tuple[int, int, int]]]:
        """Change in fen and in broken minutes if each (scene, day) moves, with what `apply` needs to do it.

        Day -1 takes a scene off the board. A scene may be named once only.
        """
        plan = self.plan
        masks, touched = dict[int, int](), dict[int, list[int]]()
        gone: dict[int, int] = {}
        for scene, day in moves:
            old = self.day_of[scene]
            bit = 1 << scene
            if old >= 0:
                masks[old] = masks.get(old, self.masks[old]) ^ bit
                gone[old] = gone.get(old, 0) | bit
                touched.setdefault(old, [])
            if day >= 0:
                masks[day] = masks.get(day, self.masks[day]) ^ bit
                touched.setdefault(day, []).append(scene)
        toggled = any(bool(mask) != bool(self.masks[day]) for day, mask in masks.items())
        whole = list(self.masks)
        for day, mask in masks.items():
            whole[day] = mask
        limits = self.limits(whole)
        if toggled:
            # A day's latest wrap hangs on which day is used next.
            for day, mask in enumerate(self.masks):
                if mask:
                    touched.setdefault(day, [])
        fen = broken = 0
        tries: list[DayTry] = []
        changed = 0
        for day, added in touched.items():
            mask = whole[day]
            scenes = self.lists[day]
            if day in gone:
                without = gone[day]
                scenes = [scene for scene in scenes if not without >> scene & 1]
            if added:
                scenes = sorted(scenes + added)
            run = self.run(day, mask, scenes, limits[day]) if mask else (0, 0, 0)
            cast = self.casts[day]
            if day in masks:
                cast = 0
                for scene in scenes:
                    cast |= plan.cast[scene]
            old_run = self.runs[day]
            fen += run[1] - old_run[1]
            broken += run[0] - old_run[0]
            changed |= cast ^ self.casts[day]
            tries.append((day, mask, scenes, run, cast))
        people: list[tuple[int, int, int]] = []
        while changed:
            low = changed & -changed
            changed ^= low
            person = low.bit_length() - 1
            work = self.works[person]
            for day, _, _, _, cast in tries:
                work = work | 1 << day if cast & low else work & ~(1 << day)
            pay = self.pay(person, work)
            fen += pay - self.pays[person]
            people.append((person, work, pay))
        return fen, broken, tries, people

    def apply(
        self,
        moves: list[tuple[int, int]],
        fen: int,
        broken: int,
        tries: list[DayTry],
        people: list[tuple[int, int, int]],
    ) -> None:
        for scene, day in moves:
            self.day_of[scene] = day
        for day, mask, scenes, run, cast in tries:
            self.masks[day], self.lists[day], self.runs[day], self.casts[day] = mask, scenes, run, cast
        for person, work, pay in people:
            self.works[person], self.pays[person] = work, pay
        self.fen += fen
        self.broken += broken

    def move(self, moves: list[tuple[int, int]]) -> None:
        self.apply(moves, *self.weigh(moves))

    def fill(self, day_of: list[int]) -> None:
        """Move every scene to the day given."""
        self.move([(scene, day) for scene, day in enumerate(day_of) if day != self.day_of[scene]])

    def window(self, scene: int) -> int:
        """Bit mask of the days a scene may move to with precedence kept against where the others stand."""
        plan = self.plan
        mask = plan.allowed[scene]
        if plan.tied >> scene & 1:
            for first in plan.before[scene]:
                if self.day_of[first] >= 0:
                    mask &= -1 << self.day_of[first]
            for later in plan.behind[scene]:
                if self.day_of[later] >= 0:
                    mask &= (2 << self.day_of[later]) - 1
        return mask


def pay_of(plan: Plan, person: int, work: int) -> int:
    """Work days, holds between them, and the guaranteed minimum. Somebody without a scene costs nothing."""
    if not work:
        return 0
    low = work & -work
    span = work.bit_length() - low.bit_length() + 1
    days = work.bit_count()
    return max(days * plan.rate[person] + (span - days) * plan.hold[person], plan.floor[person])
